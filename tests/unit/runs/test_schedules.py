"""Scheduled runs: batch parameters and a day give a run (behaviour 10.1)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc

MONDAY = "2025-03-17"
EARLY = "2025-03-10"
ORDERS = bc.Filter("Orders", use_case=bc.UseCase.GENERIC, target="Order")
CASES = bc.Filter("Cases", use_case=bc.UseCase.GENERIC, target="Case")
CALLS = bc.Filter("Calls", use_case=bc.UseCase.USAGE, target="Call")
GERMAN, FRENCH = bc.Filter("German"), bc.Filter("French")
FILTERS = [GERMAN, FRENCH, ORDERS, CASES, CALLS]


@pytest.mark.parametrize(
    ("parameters", "on", "first", "last"),
    [
        ({}, MONDAY, "2025-02-01", "2025-02-28"),
        ({"Interval": "1m", "Alignment": "next"}, MONDAY, "2025-04-01", "2025-04-30"),
        ({"Interval": "-3m", "Alignment": "current"}, MONDAY, "2025-01-01", "2025-03-31"),
        ({"Interval": "1w", "Alignment": "previous"}, MONDAY, "2025-03-10", "2025-03-16"),
        ({"Interval": "1-15"}, MONDAY, "2025-03-01", "2025-03-15"),
        ({"Interval": "16-15"}, MONDAY, "2025-02-16", "2025-03-15"),
        ({"Interval": "16-15"}, EARLY, "2025-01-16", "2025-02-15"),
        ({"Interval": "16-31"}, EARLY, "2025-02-16", "2025-02-28"),
        ({"Interval": "3m"}, MONDAY, "2024-12-01", "2025-02-28"),
        ({"Interval": "3m", "Alignment": "current"}, MONDAY, "2025-03-01", "2025-05-31"),
        ({"Interval": "2m", "Alignment": "next"}, MONDAY, "2025-04-01", "2025-05-31"),
        ({"Interval": "-2m"}, MONDAY, "2025-04-01", "2025-05-31"),
        ({"Interval": "-2m", "Alignment": "next"}, MONDAY, "2025-01-01", "2025-02-28"),
        ({"Interval": "10d"}, MONDAY, "2025-03-07", "2025-03-16"),
        ({"Interval": "1d", "Alignment": "current"}, MONDAY, "2025-03-17", "2025-03-17"),
        ({"Interval": "1w", "StartOfWeek": "7"}, MONDAY, "2025-03-09", "2025-03-15"),
        ({"Interval": "1w", "StartOfWeek": "2", "Alignment": "current"}, MONDAY,
         "2025-03-11", "2025-03-17"),
        ({"ShiftDays": "-17"}, MONDAY, "2025-01-01", "2025-01-31"),
        ({"ShiftDays": "15"}, MONDAY, "2025-03-01", "2025-03-31"),
        ({"Interval": "16-15", "ShiftDays": "-7"}, MONDAY, "2025-01-16", "2025-02-15"),
    ],
    ids=[
        "default", "next month", "three months up to now", "last week", "first half",
        "from the 16th", "before the 16th", "clamped to February", "three months before",
        "three months from now", "two months after", "two months, mirrored",
        "two months before, mirrored", "ten days before", "today", "weeks from Sunday",
        "weeks from Tuesday", "shifted back", "shifted ahead", "a range from a shifted day",
    ],
)  # fmt: skip
def test_the_period_of_a_day(parameters, on, first, last):
    """Interval, alignment, shift and week decide which days a run of a day bills."""
    found = bc.ScheduledRun.read("job", parameters).period(on)

    assert found == bc.Period.closed(first, last)


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("end-5", date(2025, 2, 23)),
        ("end", date(2025, 2, 28)),
        ("start", date(2025, 2, 1)),
        ("end + 3", date(2025, 3, 3)),
        ("start-1", date(2025, 1, 31)),
        (None, None),
    ],
    ids=["five days before the end", "end", "start", "after the end", "before the start", "none"],
)
def test_the_invoice_date_is_counted_from_an_end_of_the_period(rule, wanted):
    """The rule for the invoice date gives a day of its own for each period."""
    given_rule = {} if rule is None else {"InvoiceDate": rule}

    assert bc.ScheduledRun.read("job", given_rule).run(MONDAY).invoice_date == wanted


@pytest.mark.parametrize(
    ("parameters", "names", "has_subscriptions"),
    [
        ({"InvoiceRunFilter": "German"}, [], True),
        ({"GenericFilters": "Orders, Cases"}, ["Orders", "Cases"], False),
        ({"TransactionFilters": "Calls"}, ["Calls"], False),
        ({"InvoiceRunFilter": "German", "TransactionFilters": "Calls"}, ["Calls"], True),
    ],
    ids=["subscriptions", "records", "usage", "subscriptions and usage"],
)
def test_what_is_named_is_billed(parameters, names, has_subscriptions):
    """A run bills the subscriptions, records and usage of the filters that it names, and no more."""
    selection = bc.ScheduledRun.read("job", parameters, FILTERS).run(MONDAY).selection

    assert [each.name for each in selection.sources] == names
    assert selection.has_subscriptions is has_subscriptions
    assert selection.applied is (GERMAN if has_subscriptions else None)


def test_without_filters_subscriptions_are_billed():
    """A run that names nothing bills all subscriptions, and no records."""
    run = bc.ScheduledRun("job", filters=[ORDERS]).run(MONDAY)

    assert run.selection.has_subscriptions
    assert run.selection.sources == ()


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"Intervals": "1m"}, "Interval"),
        ({"Interval": "0m"}, "1m or -2w"),
        ({"Interval": "1y"}, "1m or -2w"),
        ({"Interval": "0-15"}, "1m or -2w"),
        ({"Interval": "16-32"}, "1m or -2w"),
        ({"Interval": "1201d"}, "1m or -2w"),
        ({"Interval": "16-15", "Alignment": "next"}, "a range of days has none"),
        ({"Alignment": "later"}, "alignment"),
        ({"ShiftDays": "two"}, "no whole number"),
        ({"ShiftDays": "-10001"}, "shift_days"),
        ({"StartOfWeek": "8"}, "start_of_week"),
        ({"InvoiceDate": "middle"}, "start or end"),
        ({"GenericFilters": "Order"}, "choose one of"),
    ],
    ids=[
        "unknown", "nothing", "years", "day 0", "day 32", "too long", "a range with an alignment",
        "alignment", "text", "too far", "weekday", "rule", "filter",
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_refused(parameters, said):
    """A parameter that is unknown or wrong is refused with what to write instead."""
    with pytest.raises(bc.InvalidInputError) as caught:
        bc.ScheduledRun.read("job", parameters, FILTERS)

    assert said in str(caught.value)


def test_a_run_of_the_same_days_and_filters_is_the_same_run():
    """Two days of one month start the same monthly run, which joins the drafts of the first."""
    job = bc.ScheduledRun("Monthly")

    assert job.run("2025-03-01").id == job.run("2025-03-31").id == "2025-02-01..2025-02-28"


@pytest.mark.parametrize(
    ("on", "is_allowed"),
    [("2025-03-31", True), ("2025-03-30", False), ("2025-04-01", True)],
    ids=["so far to the day", "a day too far", "less"],
)
def test_a_run_does_not_bill_too_far_ahead(on, is_allowed):
    """The last day of a run is at most twelve months ahead of its day; equal is allowed."""
    period = bc.Period.closed("2026-03-01", "2026-03-31")

    if is_allowed:
        bc.check_target(period, on)
    else:
        with pytest.raises(bc.DateRangeError, match="bill up to 2026-03-30"):
            bc.check_target(period, on)


def test_a_schedule_that_reaches_too_far_is_refused_when_its_run_is_made():
    """A scheduled run has a limit of its own; nothing is billed beyond it."""
    job = bc.ScheduledRun("Yearly", interval="12m", alignment="next", months_ahead=11)

    with pytest.raises(bc.DateRangeError, match="ScheduledRun 'Yearly'"):
        job.run(MONDAY)


def test_an_open_end_is_too_far():
    """A period without an end is beyond every limit."""
    with pytest.raises(bc.DateRangeError, match="more than 12 months"):
        bc.check_target(bc.Period("2026-01-01", None), MONDAY)


def test_a_day_at_the_end_of_the_calendar_is_refused():
    """A period beyond the calendar is a clear error."""
    with pytest.raises(bc.DateRangeError, match="outside the calendar"):
        bc.ScheduledRun("job", interval="1w", alignment="next").period("9999-12-31")


def test_a_chain_gives_its_runs_in_order():
    """The runs of a chain follow each other; all are made before the first begins."""
    chain = bc.RunChain("night", [bc.ScheduledRun("A"), bc.ScheduledRun("B", interval="1w")])

    assert [run.id for run in chain.runs(MONDAY)] == [
        "2025-02-01..2025-02-28", "2025-03-10..2025-03-16",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("schedules", "said"),
    [([], "a chain has a run"), ([bc.ScheduledRun("A"), bc.ScheduledRun("A")], "same name")],
    ids=["empty", "twice"],
)
def test_a_wrong_chain_is_refused(schedules, said):
    """A chain has at least one run, and each has a name of its own."""
    with pytest.raises(bc.InvalidInputError, match=said):
        bc.RunChain("night", schedules)


@pytest.mark.parametrize("text", ["-3m", "16-15", "2w", "-10d"])
def test_an_interval_is_shown_as_it_is_written(text):
    """What is shown of an interval can be read again."""
    assert str(bc.ScheduledRun("job", interval=text).interval) == text


def test_a_rule_is_shown_as_it_is_written():
    """What is shown of a rule for the invoice date can be read again."""
    assert str(bc.ScheduledRun("job", invoice_date="end-5").invoice_date) == "end-5"


@given(
    day=st.dates(date(1900, 1, 1), date(2100, 12, 31)),
    size=st.integers(1, 24),
    unit=st.sampled_from("dwm"),
)
def test_runs_of_previous_units_tile_the_calendar(day, size, unit):
    """What a run with the previous units bills ends where that with the current ones begins."""
    before = bc.ScheduledRun("job", interval=f"{size}{unit}").period(day)
    now = bc.ScheduledRun("job", interval=f"{size}{unit}", alignment="current").period(day)
    mirrored = bc.ScheduledRun("job", interval=f"-{size}{unit}", alignment="next").period(day)

    assert before.bounds[1] == now.bounds[0] <= day < now.bounds[1]
    assert mirrored == before
