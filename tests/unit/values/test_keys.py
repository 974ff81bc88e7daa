"""Keys and derived ids."""

from __future__ import annotations

from datetime import date

import pytest

from billingcore import billable_id, billing_key
from billingcore.values.keys import digest, escape


class TestEscape:
    @pytest.mark.parametrize(
        ("text", "escaped"),
        [
            ("S-1", "S-1"),
            ("A/B 7", "A%2FB%207"),
            ("a:b@c~d#e%f", "a%3Ab%40c%7Ed%23e%25f"),
            ("100%2F", "100%252F"),
            ("a\tb\nc", "a%09b%0Ac"),
            ("Größe-日本", "Größe-日本"),
            ("", ""),
        ],
    )
    def test_only_what_has_a_meaning(self, text, escaped):
        """Characters with a meaning in keys, and spaces, are written as their bytes; others stay."""
        assert escape(text) == escaped


class TestBillable:
    @pytest.mark.parametrize(
        ("path", "party", "name"),
        [
            (("S-1", "seats"), "", "S-1/seats"),
            (("S-1/seats",), "", "S-1%2Fseats"),
            (("order/7",), "Cust", "order%2F7:Cust"),
            (("order:7",), "", "order%3A7"),
            (("S", "a"), "x:y", "S/a:x%3Ay"),
        ],
    )
    def test_reads_like_an_address(self, path, party, name):
        """A billable is its path of ids, then its party."""
        assert billable_id(*path, party=party) == name


class TestBillingKey:
    @pytest.mark.parametrize(
        ("first", "revision", "key"),
        [
            (date(2026, 1, 15), 0, "S-1/seats@2026-01-15"),
            (date(2026, 1, 15), 2, "S-1/seats@2026-01-15~2"),
            (None, 0, "S-1/seats@once"),
            (None, 1, "S-1/seats@once~1"),
            (date(987, 1, 5), 0, "S-1/seats@0987-01-05"),
        ],
    )
    def test_first_day_and_revision(self, first, revision, key):
        """A key has the first day, or `once`, and how often it was released before."""
        assert billing_key("S-1/seats", first, revision) == key


class TestDigest:
    def test_is_the_same_everywhere(self):
        """The digest is SHA-256 of the lengths and texts, cut to sixteen digits."""
        # printf '1:a2:bc' | sha256sum, and of nothing
        assert digest(["a", "bc"]) == "5310a58788781ab2"
        assert digest([]) == "e3b0c44298fc1c14"

    def test_borders_count(self):
        """The same letters in other pieces are another list."""
        lists = [
            ["abc"],
            ["a", "bc"],
            ["ab", "c"],
            ["a", "b", "c"],
            ["abc", ""],
            ["", "abc"],
            ["c", "ab"],
        ]

        assert len({digest(parts) for parts in lists}) == len(lists)

    def test_takes_any_iterable(self):
        """A generator gives what the list gives."""
        assert digest(part for part in ("a", "bc")) == digest(["a", "bc"])
