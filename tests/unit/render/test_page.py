"""A document as a page of its own, for a file, a browser or paper."""

from __future__ import annotations

import billingcore as bc
from tests.unit.finals import house, issued, paper, work
from tests.unit.render.pages import EVIL, Page


def test_a_page_has_the_element_that_html_gives():
    """The body of a page is the document as `html` writes it, and the head says what it is."""
    page = bc.render.page(issued(house(), "S-7"), "de_DE")

    assert page.startswith('<!DOCTYPE html>\n<html lang="de-DE">\n<head>\n<meta charset="utf-8">')
    assert "<title>Schlussrechnung S-7</title>" in page
    assert bc.render.html(issued(house(), "S-7"), "de_DE") in page
    assert page.endswith("</body>\n</html>\n")


def test_a_draft_says_so_on_each_page():
    """The mark of a draft stands above it, and on paper in the margin of every page."""
    page = bc.render.page(house(), "en_GB")

    assert '<p class="mark">Draft, version 0 – not an invoice</p>' in page
    assert r'@top-right { content: "Draft\2c \20 version\20 0\20 \2013 \20 not' in page


def test_an_invoice_has_no_mark():
    """What was issued, or a host that wants no mark, has none."""
    assert '"mark"' not in bc.render.page(issued(house()), "en_GB")
    assert '"mark"' not in bc.render.page(house(), "en_GB", texts={"draft_mark": ""})


def test_a_page_prints_well():
    """Paper has margins and page numbers; rows are not divided, heads are repeated."""
    page = bc.render.page(issued(house()))

    for rule in (
        "@page { size: A4; margin: 20mm 18mm;",
        "counter(page)",
        ".billingcore-document thead { display: table-header-group; }",
        ".billingcore-document .sums { break-inside: avoid; }",
        "print-color-adjust: exact",
    ):
        assert rule in page


def test_words_of_a_host_are_no_markup():
    """A word, also one in the margin of paper, ends neither an element nor a style."""
    name = " ".join("".join(c for c in EVIL if c.isprintable()).split())
    texts = {"net": name, "draft": "</title>", "draft_mark": '{version}"; } </style>'}
    page = bc.render.page(paper(bc.InvoiceKind.STANDARD, work(100)), texts=texts)
    found = Page(page)

    assert name in found.text
    assert "(</title>)" in found.text
    assert '0"; } </style>' in found.text
    assert "</style>" not in page.split('content: "')[1].split('"')[0]
