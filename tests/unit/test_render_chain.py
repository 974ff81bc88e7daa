"""The picture of an agreement: bars that add up to all that was agreed."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

import billingcore as bc
from tests.unit.finals import P_1, P_2, final, house, issued, paper, plain, sub, work

SVG = "{http://www.w3.org/2000/svg}"
KIND = bc.InvoiceKind


def drawn(document, locale="de_DE", **options):
    """Draw and read a picture: its root."""
    return ET.fromstring(plain(bc.render.chain_svg(document, locale, **options)))  # noqa: S314


def bars(document):
    """Give look, start and width of the bars."""
    return [
        (each.get("class"), int(each.get("x")), int(each.get("width")))
        for each in drawn(document).iter(f"{SVG}rect")
        if each.get("class") != "page"
    ]


def texts(document, locale="de_DE"):
    """Give the texts that are drawn."""
    return [each.text for each in drawn(document, locale).iter(f"{SVG}text")]


def test_a_paid_chain():
    """Each bar begins where the one before ends, and the last ends where the contract does.

    640 is 11,900; 2,975 is a quarter of it, and 5,950 a half.
    """
    assert bars(house()) == [
        ("bar", 10, 640),
        ("bar", 10, 160),
        ("full", 10, 160),
        ("bar", 170, 160),
        ("full", 170, 160),
        ("bar", 330, 320),
        ("left", 330, 320),
    ]


def test_the_labels():
    """A bar has number, date and gross amount, and says what was paid of it."""
    assert texts(house()) == [
        "Gesamtleistung",
        "11.900,00 €",
        "Abschlagsrechnung P-1 vom 01.03.2026",
        "2.975,00 €, davon 2.975,00 € bezahlt",
        "Abschlagsrechnung P-2 vom 01.04.2026",
        "2.975,00 €, davon 2.975,00 € bezahlt",
        "Verbleibender Betrag",
        "5.950,00 €",
    ]


def test_a_claim_that_is_paid_in_part():
    """Its bar is as long as what it asks for; the next begins where its paid part ends."""
    paid = [("DE_19", "1250.00", "237.50")]
    made = final([sub("P-1", ("DE_19", "2500.00", "475.00"), paid=paid)], work(10000))

    assert bars(made) == [
        ("bar", 10, 640),
        ("bar", 10, 160),
        ("full", 10, 80),
        ("bar", 90, 560),
        ("left", 90, 560),
    ]


def test_a_partial_invoice_that_is_not_paid():
    """It is deducted as it was invoiced, and its bar is empty."""
    before = sub("T-1", ("DE_19", "2500.00", "475.00"), paid=[], kind=KIND.PARTIAL)
    made = final([before], work(10000))

    assert bars(made)[1:4] == [("bar", 10, 160), ("full", 10, 0), ("bar", 170, 480)]
    assert texts(made, "en_US")[3] == "€2,975.00, €0.00 of it paid"


def test_too_much_was_invoiced():
    """The last bar goes back to the end of the contract: 5,950 is the longest, 4,760 is 512."""
    assert bars(final([P_1, P_2], work(4000))) == [
        ("bar", 10, 512),
        ("bar", 10, 320),
        ("full", 10, 320),
        ("bar", 330, 320),
        ("full", 330, 320),
        ("bar", 522, 128),
        ("over", 522, 128),
    ]


def test_a_claim_rounded_up():
    """Rounding may leave more open than was asked for: nothing is filled below zero."""
    before = sub("P-1", ("DE_19", "100.00", "19.00"), paid=[], open=124)

    assert bars(final([before], work(100)))[2] == ("full", 10, 0)


def test_a_final_of_nothing():
    """Where all amounts are 0, the bars have no length."""
    assert {width for _, _, width in bars(final([], work(0)))} == {0}


@pytest.mark.parametrize("shape", bc.FinalShape, ids=lambda shape: shape.name.lower())
def test_both_shapes_are_one_picture(shape):
    """The picture shows the agreement, however its final is written."""
    assert bars(house(shape=shape)) == bars(house())


def test_what_a_screen_reader_says():
    """The picture has a title with its sums, and a description with all of its bars."""
    root = drawn(issued(house()), "en_US")
    description = root.find(f"{SVG}desc").text

    assert root.get("role") == "img"
    assert root.get("lang") == "en-US"
    assert root.find(f"{SVG}title").text == (
        "Final invoice S-1: €11,900.00 in all, €5,950.00 remaining"
    )
    assert description.startswith("All that was agreed: €11,900.00. Progress invoice P-1 of")
    assert description.endswith("Remaining: €5,950.00")


def test_a_draft_is_called_so():
    """The picture of a draft has no number."""
    assert drawn(house()).find(f"{SVG}title").text.startswith("Schlussrechnung (Entwurf): ")


def test_texts_of_the_host_are_no_markup():
    """Numbers and words are escaped, and their directions are taken out; long labels are cut."""
    number = "<script>alert('1')</script> ]]> \" & \u202e" + "x" * 60
    before = sub(number, ("DE_19", "100.00", "19.00"))
    made = issued(final([before], work(500)), "<b>&\"'")
    picture = bc.render.chain_svg(made, "en_US", texts={"contract": "<i>All</i>"})
    root = ET.fromstring(picture)  # noqa: S314
    first, _, label, *_ = [each.text for each in root.iter(f"{SVG}text")]

    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {
        "svg", "title", "desc", "style", "rect", "text",
    }  # fmt: skip
    assert label == "Progress invoice <script>alert…xx of Mar 1, 2026"
    assert root.find(f"{SVG}title").text.startswith("Final invoice <b>&\"': ")
    assert first == "<i>All</i>"
    assert "\u202e" not in picture
    assert "<script" not in picture


def test_light_and_dark():
    """The picture brings colors for both, on a ground of its own."""
    picture = bc.render.chain_svg(house())

    assert "prefers-color-scheme: dark" in picture
    assert len(re.findall(r"\.page \{ fill: #", picture)) == 2


def test_only_finals_have_a_picture():
    """Another document is refused, with what to draw instead."""
    with pytest.raises(bc.InvalidInputError, match="it is no final; draw the final"):
        bc.render.chain_svg(paper(KIND.PROGRESS, work(100)))
