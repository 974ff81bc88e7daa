"""What all pictures have in common: their frame, their texts, and what fits."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from billingcore.render.canvas import Canvas, Scale, breadth_of, printed, shortened
from tests.unit.render.pictures import SVG, Picture


def drawn(*shapes):
    """Draw something and read it."""
    canvas = Canvas("test", "en")
    for draw in shapes:
        draw(canvas)
    return Picture(canvas.svg("title", ["one", "two"]))


@pytest.mark.parametrize(
    ("value", "place"),
    [(0, 10), (Decimal("2.5"), 170), (Fraction(10, 3), 223), (10, 650)],
    ids=["low", "a quarter", "a third", "high"],
)
def test_a_scale(value, place):
    """640 units from 10 on are the values from the lowest to the highest, in whole units."""
    assert Scale.over([10, 0, 5]).at(value) == place


def test_a_scale_of_one_value():
    """If all values are the same, they are at the left."""
    assert Scale.over([7]).at(7) == 10


def test_the_frame():
    """A picture is as high as what is drawn and its edge, has a role, and fits into its place."""
    picture = drawn(lambda canvas: canvas.take(90))
    root = picture.root

    assert root.get("role") == "img"
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == (
        "660",
        "100",
        "0 0 660 100",
    )
    assert [each.tag for each in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert (picture.title, picture.told) == ("title", "one. two")
    assert "max-width: 100%; height: auto;" in picture.svg


def test_only_looks_that_are_used_have_rules():
    """The style names the looks of what is drawn, for light and for dark, and no others."""
    picture = drawn(
        lambda canvas: canvas.box("draft", 10, 20, 0),
        lambda canvas: canvas.upright("mark", 5, 0, 9),
    )

    assert re.findall(r"picture \.(\w+) \{", picture.svg) == ["page", "draft", "mark"] * 2


def test_nothing_refers_to_anything():
    """A picture has no links, ids or addresses but that of its own language."""
    canvas = Canvas("test", "en")
    canvas.prose("http://example.com", most=1, look="head")
    svg = canvas.svg("title", ["told"])

    assert re.findall(r"\b(?:href|src|url|id|on\w+)\s*[=(]", svg) == []
    assert re.findall(r'"http[^"]*"', svg) == ['"http://www.w3.org/2000/svg"']


def test_a_box_between_two_places():
    """A box begins at the left place, whichever is given first."""
    picture = drawn(
        lambda canvas: canvas.box("bar", 30, 10, 0), lambda canvas: canvas.box("bar", 10, 30, 0)
    )

    assert picture.boxes == [("bar", 10, 20), ("bar", 10, 20)]


def test_lines_behind():
    """What is drawn behind all else comes before it, although it was drawn later."""
    picture = drawn(
        lambda canvas: canvas.box("bar", 10, 20, 0),
        lambda canvas: canvas.upright("grid", 15, 0, 9, is_behind=True),
    )

    assert [each.tag.removeprefix(SVG) for each in picture.root][4:] == ["line", "rect"]


@pytest.mark.parametrize(
    ("label", "value", "bases"),
    [
        ("short", "value", ["18", "18"]),
        ("l" * 40, "9" * 40, ["18", "18"]),
        ("n" * 40, "9" * 40, ["18", "42"]),
        ("alone", "", ["18"]),
    ],
    ids=["both fit", "just so", "no room", "no value"],
)
def test_pairs(label, value, bases):
    """A value stands beside its label, or below it if there is no room: 40 digits are 400 units."""
    picture = drawn(lambda canvas: canvas.pair(label, value))

    assert [each.get("y") for each in picture.root.iter(f"{SVG}text")] == bases


def test_a_value_is_not_cut_while_it_fits():
    """Only labels have at most 48 letters: an amount is never cut while it fits."""
    amount = "1.234,56 " * 7

    assert drawn(lambda canvas: canvas.pair("label", amount)).texts == ["label", amount.strip()]


def test_a_value_that_is_too_broad():
    """A value takes as many lines as it needs, below its label: nothing of an amount is left out."""
    amount = "1.234,56 " * 12

    assert drawn(lambda canvas: canvas.pair("label", amount)).texts == [
        "label",
        " ".join(["1.234,56"] * 8),
        " ".join(["1.234,56"] * 4),
    ]


def test_prose():
    """Text takes the lines that it needs, and says so if there are more than it may have.

    A word is 63 units and a space 5: nine are 607 of 624, and eight are 539 of the 560 of bold ones.
    """
    words = " ".join(["number"] * 20)

    assert drawn(lambda canvas: canvas.prose(words, most=3)).texts == [
        " ".join(["number"] * 9),
        " ".join(["number"] * 9),
        "number number",
    ]
    assert drawn(lambda canvas: canvas.prose(words, most=2)).texts[1].endswith("number…")
    assert drawn(lambda canvas: canvas.prose(words, most=1, look="head")).texts == [
        " ".join(["number"] * 8) + "…"
    ]


def test_words_that_are_too_broad():
    """A word that is broader than a line is cut: 39 wide letters are 624."""
    text = "of " + "W" * 80

    assert drawn(lambda canvas: canvas.prose(text, most=4)).texts == [
        "of",
        "W" * 39,
        "W" * 39,
        "WW",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("two\nlines\tand\x00\x1bmore", "two lines and more"),
        ("net 1\u202e00 EUR\u200b", "net 100 EUR"),
        ("a\ud800b\uffffc\ufffed", "abcd"),
        ("a\u2028b\u2029c", "a b c"),
        ("1\u00a0€", "1\u00a0€"),
        ("ن\u200cم", "ن\u200cم"),
    ],
    ids=["plain", "control", "bidi", "no characters", "line ends", "fixed space", "joiner"],
)
def test_texts_are_cleaned(text, expected):
    """What XML cannot hold or turns text around is taken out; what spells words and sums stays."""
    assert printed(text) == expected


@pytest.mark.parametrize(
    ("text", "units"),
    [("", 0), ("a1", 20), ("il.", 15), ("Wm", 32), ("Ä", 12), ("ß", 10), ("料金", 32), ("e\u0301", 10), ("-k", 16)],
    ids=["nothing", "usual", "narrow", "broad", "capital", "other", "wide", "combining", "middle"],
)  # fmt: skip
def test_breadths(text, units):
    """Letters take units by their kind; combining ones take none."""
    assert breadth_of(text) == units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("料" * 50, "料" * 25 + "…" + "料" * 14),
        ("x" * 48, "x" * 48),
        ("x" * 60, "x" * 30 + "…" + "x" * 17),
    ],
    ids=["too broad", "just so", "too long"],
)
def test_labels_are_cut_inside(text, expected):
    """At most 48 letters stay, and no more than fit: 40 wide ones with the dots."""
    assert shortened(text) == expected
