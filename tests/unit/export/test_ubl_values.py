"""Values in UBL text: numbers, hostile text in every term, and what is refused."""

from __future__ import annotations

import datetime as dt
import decimal
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore import export
from billingcore.export.ubl_documents import CREDIT_NOTE, INVOICE
from tests.einvoice_data import PLAIN, changed
from tests.strategies import hostile_contexts

SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd"
SPACES = {
    "cac": f"{SCHEMA}:CommonAggregateComponents-2",
    "cbc": f"{SCHEMA}:CommonBasicComponents-2",
}


def parsed(data):
    """Write and parse a document."""
    return ET.fromstring(export.ubl(data).encode())  # noqa: S314 - it is our own


def texts(document, path):
    """Give the texts of all elements at a path."""
    return [each.text for each in document.findall(path, SPACES)]


def elements(element):
    """Give an element of a table with all that stands in it."""
    return [element, *(inner for child in element.children for inner in elements(child))]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0.10", "0.10"), ("-5", "-5"), ("1E+3", "1000"), ("-0.00", "0.00"), ("0.00001", "0.00001"),
        ("123456789012345.67", "123456789012345.67"), ("1E-9", "0.000000001"),
    ],
)  # fmt: skip
@given(context=hostile_contexts())
def test_numbers_keep_their_digits(context, value, written):
    """Numbers are written with all digits and without an exponent, whatever the host did."""
    with decimal.localcontext(context):
        document = parsed(changed(PLAIN, **{"BG-25/0/BT-129": Decimal(value)}))

    assert texts(document, "cac:InvoiceLine/cbc:InvoicedQuantity") == [written]


TEXT_TERMS = sorted(
    {each.term for table in (INVOICE, CREDIT_NOTE) for each in elements(table) if each.term}
)
HOSTILE = "<b>\"'&]]></b> \N{EURO SIGN} \N{GRINNING FACE}\n\tnext"


@pytest.mark.parametrize("term", TEXT_TERMS)
def test_hostile_text_in_every_term(term):
    """Whatever the text of a term, a parser reads the same text, and no element more."""
    data = {"BT-3": "380", "BT-1": "x", "BT-81": "30", term: HOSTILE if term != "BT-3" else "380"}
    document = parsed(data)

    assert sum(each.text == HOSTILE for each in document.iter()) == (term != "BT-3")
    assert len([*document.iter()]) < 12


def refusal(data):
    """Give the error by which a document is refused."""
    with pytest.raises(bc.InvalidInputError) as refused:
        export.ubl(data)
    return refused.value


@pytest.mark.parametrize("term", TEXT_TERMS)
def test_what_xml_cannot_hold_is_refused_in_every_term(term):
    """A character that no XML file can hold is refused, and the message names its term."""
    error = refusal({"BT-3": "380", term: "a\x0b"})

    assert error.field == term
    assert "U+000B at position 1" in str(error)


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x1b", "\r", "\x7f", "\ud800", "\ufffe", "\uffff", "\ufdd0", "\U0001fffe", "\u2028"],
    ids=lambda character: f"U+{ord(character):04X}",
)
def test_each_character_that_is_refused(character):
    """Control characters, halves of characters and code points without a meaning are refused."""
    assert f"U+{ord(character):04X} at" in str(refusal({"BT-3": "380", "BT-1": f"a{character}"}))


def test_the_message_shows_the_way_to_the_term():
    """A wrong value in the second line is named with its groups."""
    line = {"BT-126": "2", "BG-31": {"BT-153": "a\x0b"}}
    data = {**PLAIN, "BG-25": [*PLAIN["BG-25"], line]}

    assert str(refusal(data)) == (
        "export.ubl: BG-25[2]: BG-31/BT-153 = 'a\\x0b': a character that cannot be written, "
        "U+000B at position 1; remove the character"
    )


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"BT-1": "R"}, "BT-3"),
        ({"BT-3": "380", "BT-4": "x"}, "BT-4"),
        ({"BT-3": "380", "BG-22": {"BT-115": 1.5}}, "BG-22/BT-115"),
        ({"BT-3": "380", "BT-115": Decimal("NaN")}, "BT-115"),
        ({"BT-3": "380", "BT-115": 5}, "BT-115"),
        ({"BT-3": "380", "BT-2": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "BT-2"),
        ({"BT-3": "380", "BT-10": ["a", "b"]}, "BT-10"),
        ({"BT-3": "380", "BG-25": "line"}, "BG-25"),
        ({"BT-3": "380", "BG-25": ["line"]}, "data"),
        ({"BT-3": "380", "BG-99": []}, "BG-99"),
    ],
    ids=["no-type", "unknown", "float", "not-a-number", "int", "instant", "list", "text-as-group",
         "text-as-line", "unknown-group"],
)  # fmt: skip
def test_other_things_are_refused(data, field):
    """What is no term, no exact number and no day is refused by name, and never left out."""
    assert refusal(data).field == field


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_again_or_refused(text):
    """Any text is read again as it was, or left out because it is blank, or refused."""
    try:
        document = parsed(changed(PLAIN, **{"BG-25/0/BG-31/BT-153": text}))
    except bc.InvalidInputError:
        return

    assert texts(document, "cac:InvoiceLine/cac:Item/cbc:Name") == ([text] if text.strip() else [])


def test_hostile_text_in_an_attribute():
    """A name of a file is read again as it was, with its quotes and line feeds."""
    named = {"BT-122": "1", "BT-125": "eA==", "BT-125-1": "text/csv", "BT-125-2": HOSTILE}
    (file,) = parsed({**PLAIN, "BG-24": [named]}).iter(
        f"{{{SPACES['cbc']}}}EmbeddedDocumentBinaryObject"
    )

    assert file.attrib == {"mimeCode": "text/csv", "filename": HOSTILE}
