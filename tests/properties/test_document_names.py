"""Names of files for any number: safe in every file system, and each for one document only."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from tests.documents import invoice_of

SAFE = re.compile(r"invoice-[A-Za-z0-9_-]*\.pdf")
# Letters that fold, slashes, dots, digits, controls, and whatever else a number could have.
LETTERS = st.sampled_from("aAbBzZ019-_/\\.:% \0\n\u00e9\u0301ß\u0131I\u212a") | st.characters(
    exclude_categories=["Cs"]
)
NUMBERS = st.text(LETTERS, min_size=1, max_size=80)


def name_of(number):
    """Give the name of the file of an invoice."""
    return bc.render.document_name(invoice_of(number))


@given(NUMBERS)
def test_a_name_is_safe(number):
    """A name has letters, digits, hyphens and one point, and is never long."""
    name = name_of(number)

    assert SAFE.fullmatch(name)
    assert len(name) <= 90


@given(NUMBERS, NUMBERS)
def test_a_name_is_of_one_document(one, other):
    """Different numbers have different names, also where case makes no difference."""
    assert (name_of(one).casefold() == name_of(other).casefold()) == (one == other)


@given(NUMBERS)
def test_a_number_that_imitates_a_name_has_another(number):
    """A number that reads like what stands in the name of another number gets its own name."""
    imitation = name_of(number).removeprefix("invoice-").removesuffix(".pdf")

    assert name_of(imitation) != name_of(number) or imitation == number
