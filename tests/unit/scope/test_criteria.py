"""Criteria: what a run wants, by facts that are known of a record before it is read."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

import billingcore as bc
from billingcore.scope.criteria import item_frequency

JANUARY = bc.Period.month(2026, 1)
LAST = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, ""),
        ({"currency": "EUR"}, "currency=EUR"),
        ({"currency": "EUR", "frequency": "3m"}, "currency=EUR,frequency=3m"),
        ({"accounts": ["b", "a", "b"]}, "account=a,account=b"),
        ({"batch": "A", "entity": "north"}, "batch=A,entity=north"),
        ({"batch": "", "entity": ""}, "batch=,entity="),
        ({"entity": "North=1, Ltd"}, "entity=North%3D1,%20Ltd"),
        ({"accounts": ["A/1"]}, "account=A%2F1"),
    ],
    ids=["none", "one", "two", "accounts", "batch and entity", "empty", "entity", "account"],
)
def test_criteria_have_a_name(fields, name):
    """The name says all criteria in one order, and escapes what has a meaning in it."""
    assert bc.Criteria(**fields).name == name


def test_criteria_are_part_of_the_id_of_a_run():
    """Two runs with other criteria are two runs; what a run left out is billed as a part of it."""
    selection = bc.Selection(criteria=bc.Criteria(currency="EUR"))
    part = bc.InvoiceRun(JANUARY, selection=selection)
    chosen = bc.InvoiceRun(JANUARY, selection=selection, only=["S-1"])

    assert part.id == "2026-01-01..2026-01-31/where currency=EUR"
    assert chosen.id == part.id
    assert bc.InvoiceRun(JANUARY).id == "2026-01-01..2026-01-31"


def test_criteria_travel_and_compare():
    """They equal others with the same fields, also in another process."""
    criteria = bc.Criteria(accounts=["b", "a"], currency="EUR", frequency="1y")

    assert pickle.loads(pickle.dumps(criteria)) == criteria  # noqa: S301
    assert criteria == bc.Criteria(accounts=["a", "b"], currency="EUR", frequency=bc.yearly())
    assert criteria != bc.Criteria(accounts=["a", "b"], currency="EUR")


@pytest.mark.parametrize(
    ("cadence", "written"),
    [
        ("1y", "12m"),
        ("12m", "12m"),
        (bc.yearly(), "12m"),
        (bc.half_yearly(), "6m"),
        (bc.quarterly(), "3m"),
        (bc.Cadence(2, bc.QUARTER), "6m"),
        ("1m", "1m"),
        (bc.monthly(), "1m"),
        ("1w", "7d"),
        ("7d", "7d"),
        (bc.weekly(), "7d"),
        (bc.Cadence(10, bc.DAY), "10d"),
    ],
    ids=[
        "1y", "12m", "yearly", "half-yearly", "quarterly", "2 quarters", "1m", "monthly",
        "1w", "7d", "weekly", "10 days",
    ],
)  # fmt: skip
def test_a_frequency_is_written_in_one_way(cadence, written):
    """A year is 12 months and a week 7 days, whatever words it is given in."""
    assert bc.Criteria(frequency=cadence).frequency == written


def test_frequencies_of_cadences_and_lengths():
    """A cadence, a length or nothing is written as a frequency; its anchor does not matter."""
    anchored = bc.monthly(3, anchor="2026-01-31")

    assert bc.frequency_of(anchored) == "3m"
    assert bc.frequency_of(bc.Length.parse("2w")) == "14d"
    assert bc.frequency_of(None) == ""


@pytest.mark.parametrize(
    ("fields", "written"),
    [
        ({"billing_type": bc.RECURRING, "cadence": bc.quarterly()}, "3m"),
        ({"billing_type": bc.RECURRING}, ""),
        ({}, ""),
        ({"cadence": bc.monthly()}, ""),
        ({"cadence": bc.monthly(), "start": "2026-01-01", "end": "2026-12-31"}, "1m"),
        ({"billing_type": bc.TRANSACTIONAL, "cadence": bc.monthly()}, "1m"),
        ({"billing_type": bc.TRANSACTIONAL}, ""),
        ({"billing_type": bc.MINIMUM_FEE, "cadence": bc.yearly()}, "12m"),
    ],
    ids=[
        "recurring", "each run", "once", "once with a cadence", "once, but with all dates",
        "usage", "usage of a run", "minimum fee",
    ],
)  # fmt: skip
def test_the_frequency_of_an_item(fields, written):
    """What recurs has the frequency of its cadence; what is billed once has none."""
    assert item_frequency(bc.Item("thing", unit_price=1, **fields)) == written


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"accounts": "acme"}, "Criteria: accounts = 'acme': one text; use a list: ['acme']"),
        ({"accounts": [""]}, "Criteria: accounts = '':"),
        ({"accounts": [7]}, "Criteria: accounts = 7:"),
        ({"batch": 7}, "Criteria: batch = 7:"),
        ({"currency": "euro"}, "Criteria: currency = 'euro':"),
        ({"entity": 7}, "Criteria: entity = 7:"),
        ({"frequency": "monthly"}, "Criteria: frequency = 'monthly':"),
        ({"frequency": "0m"}, "Criteria: frequency = '0m':"),
        ({"frequency": 3}, "Criteria: frequency = 3:"),
    ],
    ids=[
        "text for accounts", "empty account", "number for an account", "batch", "currency",
        "entity", "word for a frequency", "frequency of nothing", "number for a frequency",
    ],
)  # fmt: skip
def test_wrong_criteria_are_refused(fields, said):
    """An error names the criterion and its value."""
    with pytest.raises(bc.InvalidInputError) as refused:
        bc.Criteria(**fields)

    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("only", "said"),
    [
        ("S-1", "InvoiceRun: only = 'S-1': one text; use a list: ['S-1']"),
        ([""], "InvoiceRun: only = '':"),
        ([7], "InvoiceRun: only = 7:"),
    ],
    ids=["text", "empty name", "number"],
)
def test_wrong_names_of_chosen_records_are_refused(only, said):
    """One text would be read letter by letter, so that it is refused; so is what is no name."""
    with pytest.raises(bc.InvalidInputError) as refused:
        bc.InvoiceRun(JANUARY, only=only)

    assert str(refused.value).startswith(said)


SEATS = bc.Reference("acme", "S-1/seats", "EUR", "north", "3m", "A", date(2026, 1, 31))


@pytest.mark.parametrize(
    ("fields", "is_wanted"),
    [
        ({}, True),
        ({"accounts": ["acme", "other"]}, True),
        ({"accounts": ["other"]}, False),
        ({"batch": "A"}, True),
        ({"batch": "B"}, False),
        ({"currency": "EUR"}, True),
        ({"currency": "USD"}, False),
        ({"entity": "north"}, True),
        ({"entity": ""}, False),
        ({"frequency": "3m"}, True),
        ({"frequency": "1m"}, False),
        ({"currency": "EUR", "frequency": "1m"}, False),
    ],
    ids=[
        "none", "account", "other account", "batch", "other batch", "currency", "other currency",
        "entity", "no entity", "frequency", "other frequency", "one of two",
    ],
)  # fmt: skip
def test_a_reference_that_does_not_meet_a_criterion_is_not_wanted(fields, is_wanted):
    """Each criterion that is given must hold."""
    assert bc.Criteria(**fields).wants(SEATS, LAST) is is_wanted


def test_what_is_not_known_of_a_reference_is_wanted():
    """A reference that says nothing but its account may meet all criteria but those of accounts."""
    criteria = bc.Criteria(batch="A", currency="EUR", entity="north", frequency="1m")

    assert criteria.wants(bc.Reference("acme"), LAST)
    assert not bc.Criteria(accounts=["other"], currency="EUR").wants(bc.Reference("acme"), LAST)


@pytest.mark.parametrize(
    ("last", "is_wanted"),
    [(date(2026, 1, 30), False), (LAST, True), (date(2026, 2, 1), True)],
    ids=["day before", "that day", "day after"],
)
def test_what_is_billed_later_is_not_wanted(last, is_wanted):
    """A reference that is billed first on 31 January is wanted by runs that end on it or later."""
    assert bc.Criteria().wants(SEATS, last) is is_wanted
    assert bc.Criteria(currency="EUR").wants(SEATS, last) is is_wanted


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (("EUR", "north", "1m"), None),
        ((None, None, None), None),
        (("USD", "south", "1m"), (("currency", "USD"), ("wanted", "EUR"))),
        ((None, "south", "3m"), (("entity", "south"), ("wanted", "north"))),
        (("EUR", "north", ""), (("frequency", ""), ("wanted", "1m"))),
    ],
    ids=["met", "not known", "currency", "entity", "frequency"],
)
def test_a_mismatch_names_the_first_criterion_that_is_not_met(facts, told):
    """The reason has what is there, and what was wanted instead."""
    criteria = bc.Criteria(currency="EUR", entity="north", frequency="1m")
    why = criteria.mismatch(*facts)

    assert (None if why is None else why.facts) == told
    assert why is None or why.reason is bc.Reason.FILTER_MISMATCH


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        ({}, {}, True),
        ({"accounts": ["a"]}, {}, True),
        ({"accounts": ["a", "b"]}, {"accounts": ["b", "c"]}, True),
        ({"accounts": ["a"]}, {"accounts": ["b"]}, False),
        ({"batch": "A"}, {"batch": "A"}, True),
        ({"batch": "A"}, {}, True),
        ({"batch": "A"}, {"batch": "B"}, False),
        ({"accounts": ["a"], "batch": "A"}, {"accounts": ["a"], "batch": "B"}, False),
        ({"currency": "EUR"}, {"currency": "USD"}, True),
        ({"frequency": "1m"}, {"frequency": "1y"}, True),
    ],
    ids=[
        "all", "one and all", "one in both", "other accounts", "one batch", "batch and all",
        "other batches", "one account in two batches", "currencies", "frequencies",
    ],
)  # fmt: skip
def test_runs_may_share_accounts_unless_accounts_or_batches_differ(one, other, may):
    """An account has records of several currencies, entities and frequencies, but one batch."""
    first, second = bc.Criteria(**one), bc.Criteria(**other)

    assert first.may_share_accounts(second) is may
    assert second.may_share_accounts(first) is may
