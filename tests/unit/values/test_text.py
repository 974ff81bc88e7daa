"""The door through which text enters."""

from __future__ import annotations

import pytest

from billingcore import InvalidInputError
from billingcore.values.text import check_id, check_text


class TestCheckText:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Seats",
            "Größe 5 €",
            "two\nlines\tand a tab",
            "日本語",
            "👩‍🚀",
            "a\xa0b",
            "\u200f\u05e2\u05d1",
        ],
    )
    def test_gives_text_back(self, text):
        """Text of any script, with line feeds and tabs, is given back unchanged."""
        assert check_text(text) == text

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("a\x00", "U+0000 at position 1"),
            ("\x1b[31m", "U+001B at position 0"),
            ("a\r\n", "U+000D at position 1"),
            ("\x7f", "U+007F at position 0"),
            ("ab\x85", "U+0085 at position 2"),
            ("\ud800", "U+D800 at position 0"),
            ("a\u2028b", "U+2028 at position 1"),
            ("a\u2029b", "U+2029 at position 1"),
            ("\uffff", "U+FFFF at position 0"),
            ("\U000e0080", "U+E0080 at position 0"),
        ],
    )
    def test_refuses_what_cannot_be_written(self, text, name):
        """A character that breaks files or terminals is named with its place."""
        with pytest.raises(InvalidInputError, match="a character that cannot be written") as caught:
            check_text(text)

        assert caught.value.rule.endswith(name)

    def test_refuses_what_is_too_long(self):
        """Text has a length that fits into a document."""
        assert len(check_text("x" * 10_000)) == 10_000
        with pytest.raises(InvalidInputError, match="longer than 10000 characters"):
            check_text("x" * 10_001)

    @pytest.mark.parametrize("given", [None, 5, b"x", ["x"]])
    def test_refuses_what_is_no_text(self, given):
        """Only a str is text."""
        with pytest.raises(InvalidInputError, match="not text"):
            check_text(given)


class TestCheckId:
    @pytest.mark.parametrize("given", ["a", "S-1", "A/B 7", "Größe", "x" * 255])
    def test_gives_an_id_back(self, given):
        """Any text on one line can be an id."""
        assert check_id(given) == given

    @pytest.mark.parametrize(
        "given", ["", " ", " a", "a ", "a\nb", "a\tb", "\xa0a", "x" * 256, "a\x00", None, 7]
    )
    def test_refuses(self, given):
        """Ids are not empty, on one line, without outer spaces, and short."""
        with pytest.raises(InvalidInputError):
            check_id(given)
