"""Whatever stands in records, words and claims, a picture is well-formed and shows it as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.render.words import WORDS
from tests.unit.finals import P_1, final, issued, sub, work
from tests.unit.render.pictures import Picture

EVIL = "<script>alert('1')</script> ]]> \" & &amp; <!-- --> </desc></style>"
DIRTY = EVIL + " \u202eEUR\u2066\x00\x1b[31m\x7f\ud800\ufffe\u2028"
JUNE = bc.Period.month(2026, 6)
RENT = bc.Item(
    "rent", title=EVIL, unit_price=100, billing_type=bc.RECURRING_PRORATED, cadence=bc.monthly()
)


class Convention:
    """A convention of a host with a name of its own."""

    def __init__(self, name):
        self.name = name

    def factor(self, part, cadence):
        """Count everything as a half."""
        return Fraction(1, 2)


def pictures(text, texts=None) -> Iterator[str]:
    """Draw all pictures, with a text wherever a host may give one that nobody has checked."""
    run = bc.RunRecord(text, attempt=1, error=text, of=text, owner=text)
    days = [bc.Claim(text, JUNE, text, bc.ClaimState.FINAL), bc.Claim(text + "1", JUNE, text, bc.ClaimState.DRAFT)]  # fmt: skip
    covered = {text: bc.Covered(final=((date(2026, 6, 1), date(2026, 6, 2)),))}
    months = [(date(2026, 1, 1), Decimal(1))]
    yield bc.render.coverage_svg(days, texts=texts)
    yield bc.render.coverage_svg(covered, texts=texts)
    yield bc.render.progress_svg(run, texts=texts)
    yield bc.render.proration_svg(JUNE, bc.monthly(), [Convention(text)], texts=texts)
    yield bc.render.deferral_svg(months, currency="EUR", texts=texts)


def checked_pictures(text, texts=None) -> Iterator[str]:
    """Draw all pictures, with a text wherever records have one: they refuse control characters."""
    name = text[:80].strip()
    account = bc.Account("acme", name=text, currency="EUR")
    contract = bc.Subscription("S-1", account="acme", start="2026-06-01", items=[evolve(RENT, title=text)])  # fmt: skip
    draft = bc.draft(account, [evolve(RENT, title=text)], period=JUNE)
    agreement = sub(name, ("DE_19", "100.00", "19.00"), key=name)
    yield bc.render.coverage_svg(bc.AccountSnapshot(account, [contract]), until="2026-06-30", texts=texts)  # fmt: skip
    yield bc.render.coverage_svg(bc.Invoice(name, date(2026, 7, 1), date(2026, 7, 1), draft), texts=texts)  # fmt: skip
    yield bc.render.proration_svg(draft.lines[0], texts=texts)
    yield bc.render.deferral_svg(draft.lines[0], texts=texts)
    yield bc.render.chain_svg(issued(final([agreement], work(500)), name), texts=texts)
    yield bc.render.chain_svg([agreement], texts=texts)


@pytest.mark.parametrize("place", range(5))
def test_texts_that_nobody_checked(place):
    """Marks, quotes, directions and control characters in claims and runs end as plain text."""
    svg = [*pictures(DIRTY)][place]
    picture = Picture(svg)  # well-formed, and of our own elements alone

    assert not set("\u202e\u2066\x00\x1b\x7f\ud800\ufffe\u2028") & set(svg)
    assert "<script" not in svg
    if place < 4:
        assert EVIL in picture.told


@pytest.mark.parametrize("place", range(6))
def test_texts_of_records(place):
    """Titles, names, numbers and keys are shown as they are, and are no markup."""
    svg = [*checked_pictures(EVIL)][place]
    picture = Picture(svg)
    said = f"{picture.title} {picture.told}"

    assert "<script" not in svg
    assert "<script>alert('1')</script> ]]>" in said


@pytest.mark.parametrize("place", range(11))
def test_words_of_the_host(place):
    """All words can be replaced by the host; they are text, too."""
    texts = {name: f"{word} {EVIL}" for name, word in WORDS["en"].items()}
    svg = [*pictures("a", texts), *checked_pictures("a", texts)][place]
    picture = Picture(svg)

    assert "<script" not in svg
    assert "<script>alert('1')</script>" in picture.title


@given(st.text(min_size=1, max_size=120))
def test_any_text(text):
    """Whatever the text, all pictures are well-formed and can be written as UTF-8."""
    for svg in pictures(text):
        Picture(svg)
        svg.encode()


def test_the_language_is_escaped():
    """A locale that is none is refused, so the language that is named is one."""
    with pytest.raises(bc.InvalidInputError, match="no such locale"):
        bc.render.coverage_svg([bc.Claim("a", JUNE, "R", bc.ClaimState.FINAL)], 'de" onload="x')


def test_the_same_to_the_byte():
    """Drawn twice, a picture is the same."""
    assert [*pictures("a")] == [*pictures("a")]
    assert bc.render.chain_svg([P_1]) == bc.render.chain_svg([P_1])
