"""Number series: patterns, counters, resets and ranges (behaviour 7.2)."""

from __future__ import annotations

from datetime import date

import pytest

import billingcore as bc
from tests.unit.engine.records import ACME, MARCH, once, store_of

DAY = date(2026, 4, 1)
Reset = bc.Reset


def numbered(series, **fields):
    """Make a store whose only template has a number series."""
    setup = bc.Setup([bc.Template("Default", series=series, **fields)])
    return store_of(setup=setup)


def manual(store, name, account=ACME, **fields):
    """Make a draft by hand with the setup of a store."""
    item = once(name, tax_code="19")
    return bc.draft(account, [item], period=MARCH, tax=store.tax, setup=store.setup, **fields)


def numbers(series, days):
    """Finalize a document on each day, and give the numbers."""
    store = numbered(series)
    return [
        bc.finalize(manual(store, f"x{count}"), store, on=day).number
        for count, day in enumerate(days)
    ]


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (bc.NumberPattern("{0}"), ["1", "2", "3", "4"]),
        (bc.NumberPattern("R{00000}", start=41), ["R00042", "R00043", "R00044", "R00045"]),
        (
            bc.NumberPattern("[Year]-[Month]-[Day]/{00}"),
            ["2026-01-31/01", "2026-01-31/02", "2026-02-01/03", "2027-01-01/04"],
        ),
        (
            bc.NumberPattern("[Year]/{00}", reset=Reset.YEARLY),
            ["2026/01", "2026/02", "2026/03", "2027/01"],
        ),
        (
            bc.NumberPattern("[Year][Month]{00}", reset=Reset.MONTHLY, start=10),
            ["20260111", "20260112", "20260211", "20270111"],
        ),
        (
            bc.NumberPattern("[Year][Month][Day]-{0}", reset=Reset.DAILY),
            ["20260131-1", "20260131-2", "20260201-1", "20270101-1"],
        ),
        (bc.NumberPattern("[AccountNo]-{0}"), ["acme-1", "acme-2", "acme-3", "acme-4"]),
    ],
    ids=["plain", "digits and start", "date", "yearly", "monthly from 10", "daily", "account"],
)
def test_number_patterns(series, expected):
    """Numbers follow the pattern; a counter starts anew, from its start, with its reset."""
    days = ["2026-01-31", "2026-01-31", "2026-02-01", "2027-01-01"]

    assert numbers(series, days) == expected


def test_the_counter_outgrows_its_digits():
    """The digits of a pattern are the least; the counter goes on after 9."""
    series = bc.NumberPattern("{0}", start=8)

    assert numbers(series, ["2026-01-01"] * 3) == ["9", "10", "11"]


def test_a_counter_per_account():
    """With a range per account each account begins at 1, and both numbers name it."""
    store = numbered(bc.NumberPattern("[AccountNo]/{000}", per_account=True))
    zeta = bc.Account("zeta", currency="EUR")
    store.add(zeta)
    found = [
        bc.finalize(manual(store, name, account), store, on=DAY).number
        for name, account in (("a", ACME), ("b", zeta), ("c", ACME))
    ]

    assert found == ["acme/001", "zeta/001", "acme/002"]


def test_the_account_may_look_like_a_placeholder():
    """An account named like a placeholder is not filled in twice."""
    series = bc.NumberPattern("[AccountNo]/{000}", per_account=True)

    assert series.number(7, DAY, "[Year]") == "[Year]/007"
    assert series.number(7, DAY, "{0}") == "{0}/007"


def test_years_before_1000_have_four_digits():
    """A date far back is written like any other, on every platform."""
    assert bc.NumberPattern("[Year]-{0}").number(1, date(999, 1, 1), "a") == "0999-1"


@pytest.mark.parametrize(
    ("pattern", "fields", "rule"),
    [
        ("RE", {}, "not exactly one counter"),
        ("{0}{0}", {}, "not exactly one counter"),
        ("[Jahr]{0}", {}, "unknown placeholder"),
        ("{0}", {"reset": Reset.YEARLY}, "the same number would come again"),
        ("[Year]{0}", {"reset": Reset.MONTHLY}, "the same number would come again"),
        ("[Year][Month]{0}", {"reset": Reset.DAILY}, "the same number would come again"),
        ("{0}", {"per_account": True}, "the same number would come again"),
        ("{0}", {"start": -1}, "not a count"),
    ],
    ids=[
        "no counter",
        "two counters",
        "unknown placeholder",
        "yearly without year",
        "monthly without month",
        "daily without day",
        "per account without account",
        "negative start",
    ],
)
def test_wrong_patterns(pattern, fields, rule):
    """A pattern that could repeat a number is refused when it is made."""
    with pytest.raises(bc.InvalidInputError, match=rule):
        bc.NumberPattern(pattern, **fields)
