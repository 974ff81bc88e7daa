"""The picture in docs/explanation/invoicing-in-parts.md is what the library draws."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import chain_picture

SVG = "{http://www.w3.org/2000/svg}"


def test_the_file_is_what_is_drawn(examples):
    """The file beside the page has exactly the picture that the example prints."""
    kept = (examples.parent / "explanation" / "chain.svg").read_text(encoding="utf-8")

    assert kept == chain_picture.chain_picture() + "\n"


def test_the_page_shows_the_file(examples):
    """The page has the file as its picture, with a text for those who do not see it."""
    page = examples.parent / "explanation" / "invoicing-in-parts.md"

    assert "chain.svg)" in page.read_text(encoding="utf-8")


def test_the_picture_has_the_amounts_of_the_chain():
    """11,900.00 were agreed; 2,975.00 are deducted twice; 5,950.00 remain."""
    drawn = ET.fromstring(chain_picture.chain_picture())  # noqa: S314 - our own
    told = drawn.findtext(f"{SVG}desc")

    assert [told.count(amount) for amount in ("€11,900.00", "€2,975.00", "€5,950.00")] == [1, 4, 1]
