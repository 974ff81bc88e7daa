"""What is due: factors, service periods, practice, one-time items and the quirk."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from types import SimpleNamespace

import pytest

from billingcore import (
    ADVANCE,
    ARREARS,
    DOCUMENTED,
    LEVEL,
    MONTH_END,
    ONE_TIME,
    RECURRING,
    RECURRING_PRORATED,
    RECURRING_PRORATED_AVG,
    DayUnit,
    OpenDrafts,
    Scope,
    TaxDate,
    UnitMismatchError,
    daily,
    monthly,
    proration,
    weekly,
    yearly,
)
from billingcore.periods.shares import span_over
from billingcore.records.claims import Claim, ClaimState
from billingcore.scope.coverage import Covered
from tests.unit.periods.scheduling import (
    ask,
    covered,
    days,
    factors,
    inclusive,
    item,
    left_out,
    month_by_month,
    refusal,
    run_of,
    services,
    walk,
)

JANUARY, FEBRUARY, MARCH, APRIL = month_by_month(date(2025, 1, 1), 4)


class TestFactor:
    """Behavior 2.2: billing period, unit, factor."""

    @pytest.mark.parametrize(
        ("cadence", "run", "service", "factor"),
        [
            (yearly(), JANUARY, "2025-01-01..2025-12-31", "1"),
            (monthly(3), JANUARY, "2025-01-01..2025-03-31", "3"),
            (daily(), JANUARY, JANUARY, "31"),
            (daily(), FEBRUARY, FEBRUARY, "28"),
            (daily(2), FEBRUARY, "2025-02-01..2025-03-31", "59"),
        ],
        ids=[
            "year",
            "three months",
            "day in January",
            "day in February",
            "two of unit day",
        ],
    )
    @pytest.mark.parametrize("billing_type", [RECURRING, RECURRING_PRORATED])
    def test_table(self, billing_type, cadence, run, service, factor):
        """A whole period is billed with the factor of the table; a price per day counts days."""
        due = ask(run_of(run), item(cadence=cadence, billing_type=billing_type))

        assert (services(due), factors(due)) == ([service], [factor])

    def test_weeks(self):
        """A week has its price, but no convention of months can prorate it, not even a whole one."""
        one = item(cadence=weekly(2), billing_type=RECURRING)
        due = ask(run_of(JANUARY), one)

        assert (services(due), factors(due)) == (["2025-01-01..2025-01-14"], ["2"])
        with pytest.raises(UnitMismatchError):
            ask(run_of(JANUARY), item(cadence=weekly(2), billing_type=RECURRING_PRORATED))

    @pytest.mark.parametrize(
        ("count", "service"), [(1, "2025-02-01..2025-02-01"), (10, "2025-02-01..2025-02-10")]
    )
    def test_the_other_reading_of_days(self, count, service):
        """With `DayUnit.DAYS` the billing period counts days, too."""
        due = ask(run_of(FEBRUARY, day_unit=DayUnit.DAYS), item(cadence=daily(count)))

        assert (services(due), factors(due)) == ([service], [str(count)])

    @pytest.mark.parametrize(
        ("billing_type", "factor"),
        [(RECURRING, "31"), (RECURRING_PRORATED, "17"), (RECURRING_PRORATED_AVG, "17")],
    )
    def test_days_of_a_cut_period(self, billing_type, factor):
        """A price per day counts the days of service; without proration those of the period."""
        one = item(
            cadence=daily(anchor="2025-01-01"), start="2025-01-15", billing_type=billing_type
        )

        assert factors(ask(run_of(JANUARY), one)) == [factor]

    @pytest.mark.parametrize(
        ("billing_type", "factor"),
        [(RECURRING, "3"), (RECURRING_PRORATED, "47/28"), (RECURRING_PRORATED_AVG, "629/365")],
    )
    def test_a_cut_period(self, billing_type, factor):
        """A period cut by the contract's end costs its share, or the whole without proration."""
        one = item(cadence=monthly(3), billing_type=billing_type)
        due = ask(run_of(FEBRUARY), one, start="2025-02-10", end="2025-03-31")

        assert (services(due), factors(due)) == (["2025-02-10..2025-03-31"], [factor])

    def test_shares_name_their_period_and_convention(self):
        """A share says what was billed of which period, by which convention and unit."""
        due = ask(run_of(JANUARY), item(cadence=monthly()), start="2025-01-01", end="2025-01-20")
        (share,) = due.spans[0].shares

        assert (inclusive(share.part), inclusive(share.full)) == ("2025-01-01..2025-01-20", JANUARY)
        assert (share.factor, share.convention, share.unit) == (
            Fraction(20, 31),
            "CALENDAR_MONTHS",
            "month",
        )

    def test_a_convention_of_the_item(self):
        """An item's own convention goes before that of its billing type."""
        one = item(cadence=monthly(anchor="2025-01-01"), proration=proration.STRICT_30)

        assert factors(ask(run_of(JANUARY), one, start="2025-01-16")) == ["1/2"]

    def test_a_convention_of_the_host(self):
        """Any object with a name and a factor is a convention."""
        tenth = SimpleNamespace(name="TENTH", factor=lambda part, cadence: Fraction(1, 10))
        due = ask(run_of(JANUARY), item(cadence=monthly(), proration=tenth))

        assert factors(due) == ["1/10"]
        assert due.spans[0].shares[0].convention == "TENTH"

    def test_weeks_by_months(self):
        """A part of a week cannot be prorated by months."""
        one = item(cadence=weekly(anchor="2025-01-06"))

        with pytest.raises(UnitMismatchError, match="months cannot measure weeks"):
            ask(run_of(JANUARY), one, start="2025-01-08")


class TestServicePeriod:
    @pytest.mark.parametrize("billing_type", [ONE_TIME, RECURRING])
    @pytest.mark.parametrize(
        ("fields", "contract", "service"),
        [
            ({}, {}, JANUARY),
            ({"start": "2025-01-15"}, {"start": "2024-01-01"}, JANUARY),
            ({}, {"end": "2025-01-20"}, "2025-01-01..2025-01-20"),
            ({"end": "2025-01-10"}, {"end": "2025-01-20"}, "2025-01-01..2025-01-10"),
        ],
        ids=["whole run", "starts inside", "contract ends", "item ends"],
    )
    def test_without_a_billing_period(self, billing_type, fields, contract, service):
        """Without a billing period the service period is the run's, cut by an earlier end."""
        due = ask(run_of(JANUARY), item(billing_type=billing_type, **fields), **contract)

        assert (services(due), factors(due)) == ([service], ["1"])
        assert (due.spans[0].cover is None) == (billing_type is ONE_TIME)

    @pytest.mark.parametrize(
        ("fields", "contract"),
        [({"end": "2025-02-10"}, {}), ({}, {"end": "2025-02-10"})],
        ids=["item", "subscription"],
    )
    def test_forced_earlier_end(self, fields, contract):
        """The end of item or contract cuts the period, and nothing is due after it."""
        one = item(cadence=monthly(3), **fields)

        assert services(ask(run_of(JANUARY), one, **contract)) == ["2025-01-01..2025-02-10"]
        after = ask(run_of(APRIL), one, covered("2025-01-01..2025-02-10"), **contract)
        assert refusal(after).startswith("OUT_OF_PERIOD")

    def test_item_and_contract_never_meet(self):
        """An item outside its contract's dates is out of period, with both as facts."""
        due = ask(run_of(JANUARY), item(start="2025-03-01", cadence=monthly()), end="2025-02-01")

        assert refusal(due) == "OUT_OF_PERIOD"
        assert dict(due.excluded.facts) == {
            "item": "2025-03-01/..",
            "subscription": "../2025-02-02",
        }

    @pytest.mark.parametrize(
        ("tax_date", "tax_days"),
        [
            (TaxDate.END, "2025-01-31..2025-01-31"),
            (TaxDate.START, "2025-01-01..2025-01-01"),
            (TaxDate.SPLIT_AT_RATE_CHANGE, JANUARY),
        ],
    )
    def test_the_days_that_decide_the_tax(self, tax_date, tax_days):
        """The tax is decided on the last day, the first, or each day of service."""
        (span,) = ask(run_of(JANUARY, tax_date=tax_date), item(cadence=monthly())).spans

        assert inclusive(span.tax_days) == tax_days


class TestPractice:
    """Behavior 2.5: as early or as late as possible."""

    @pytest.mark.parametrize(
        ("practice", "run", "is_billed"),
        [
            (ADVANCE, JANUARY, True),
            (ARREARS, JANUARY, False),
            (ARREARS, FEBRUARY, False),
            (ARREARS, MARCH, True),
            (ARREARS, "2025-03-01..2025-03-30", False),
        ],
    )
    def test_a_quarter(self, practice, run, is_billed):
        """In advance a quarter is billed when it begins, in arrears when its last day is reached."""
        one = item(cadence=monthly(3), billing_practice=practice, start="2025-01-01")
        due = ask(run_of(run), one)

        assert services(due) == (["2025-01-01..2025-03-31"] if is_billed else [])
        assert is_billed or refusal(due) == "NOT_DUE 2025-01-01..2025-03-31"

    @pytest.mark.parametrize("practice", [ADVANCE, ARREARS])
    def test_a_month_in_a_month(self, practice):
        """A monthly item in a monthly run is billed in the same run by both practices."""
        one = item(cadence=monthly(), billing_practice=practice, start="2025-01-01")

        assert services(ask(run_of(JANUARY), one)) == [JANUARY]

    def test_arrears_begin_with_the_item(self):
        """In arrears the first period begins with the item, though the policy says with the run."""
        one = item(cadence=monthly(), billing_practice=ARREARS, start="2025-01-15")
        due = ask(run_of(FEBRUARY), one)

        assert services(due) == ["2025-01-15..2025-02-14"]
        assert left_out(due) == []

    def test_in_advance_before_it_begins(self):
        """An item that begins after the run is out of period; a later period is not due."""
        one = item(cadence=monthly(), start="2025-02-01")

        assert refusal(ask(run_of(JANUARY), one)) == "OUT_OF_PERIOD 2025-02-01..None"
        due = ask(run_of(JANUARY), item(cadence=monthly()), covered("2025-01-01..2025-02-28"))
        assert refusal(due) == "COVERED 2025-01-01..2025-01-31"
        due = ask(run_of(JANUARY), item(cadence=monthly(), next_service_period_start="2025-03-01"))
        assert refusal(due) == "COVERED 2025-01-01..2025-01-31"


class TestOneTime:
    @pytest.mark.parametrize(
        ("fields", "service"),
        [
            ({}, FEBRUARY),
            ({"start": "2025-01-01"}, FEBRUARY),
            ({"start": "2025-02-28"}, FEBRUARY),
            ({"start": "2025-02-10", "end": "2025-02-20"}, "2025-02-01..2025-02-20"),
            ({"end": "2025-03-31"}, FEBRUARY),
        ],
        ids=["no dates", "older", "in the run", "inside", "ends later"],
    )
    def test_what_overlaps_the_run(self, fields, service):
        """A one-time item whose dates touch the run is billed once, with factor 1."""
        due = ask(run_of(FEBRUARY), item(billing_type=ONE_TIME, **fields))

        assert (services(due), factors(due), due.spans[0].key) == ([service], ["1"], "once")

    @pytest.mark.parametrize(
        "fields", [{"start": "2025-03-01"}, {"end": "2025-01-31"}], ids=["later", "ended before"]
    )
    def test_what_does_not(self, fields):
        """A one-time item before or after the run is out of its period."""
        due = ask(run_of(FEBRUARY), item(billing_type=ONE_TIME, **fields))

        assert refusal(due).startswith("OUT_OF_PERIOD")

    def test_an_ended_one_is_found_under_level(self):
        """Under LEVEL an item that ended before any run is billed for its own days, none for a later."""
        ended = item(billing_type=ONE_TIME, start="2025-01-05", end="2025-01-10")
        only_end = item(billing_type=ONE_TIME, end="2025-01-10")
        later = item(billing_type=ONE_TIME, start="2025-03-01")

        assert services(ask(run_of(FEBRUARY, LEVEL), ended)) == ["2025-01-05..2025-01-10"]
        assert services(ask(run_of(FEBRUARY, LEVEL), only_end)) == ["2025-01-10..2025-01-10"]
        assert refusal(ask(run_of(FEBRUARY, LEVEL), later)).startswith("OUT_OF_PERIOD")

    @pytest.mark.parametrize(
        ("fields", "is_billed"),
        [
            ({}, True),
            ({"start": "2025-01-31"}, False),
            ({"start": "2025-02-01"}, True),
            ({"start": "2025-02-01", "end": "2025-03-01"}, False),
        ],
        ids=["no dates", "starts before", "starts inside", "ends after"],
    )
    def test_strict(self, fields, is_billed):
        """Under STRICT the dates that are given lie inside the run."""
        due = ask(run_of(FEBRUARY, scope=Scope.STRICT), item(billing_type=ONE_TIME, **fields))

        assert bool(due.spans) is is_billed
        assert is_billed or refusal(due).startswith("OUT_OF_PERIOD")

    def test_done_or_on_a_draft(self):
        """Billed once is done; a draft that bills it stands in the way, and both are named."""
        one, run = item(billing_type=ONE_TIME), run_of(FEBRUARY, open_drafts=OpenDrafts.CONTINUE)
        claim = Claim("x", None, "2025-00001", ClaimState.FINAL)
        done = ask(run, one, Covered(is_done=True, claims=[claim]))
        drafted = ask(run, one, Covered(draft="D1"))

        assert (refusal(done), done.excluded.facts) == (
            "ONE_TIME_DONE",
            (("document", "2025-00001"),),
        )
        assert (refusal(drafted), drafted.excluded.facts) == ("DRAFT_EXISTS", (("draft", "D1"),))

    @pytest.mark.parametrize(
        ("fields", "billing_type"),
        [
            (
                {"cadence": monthly(), "start": "2025-01-01", "end": "2025-03-31"},
                RECURRING_PRORATED,
            ),
            ({"cadence": monthly(), "start": "2025-01-01"}, ONE_TIME),
            ({"cadence": monthly(), "end": "2025-01-01"}, ONE_TIME),
            ({"start": "2025-01-01", "end": "2025-03-31"}, ONE_TIME),
        ],
        ids=["all", "no end", "no start", "no cadence"],
    )
    def test_the_quirk(self, fields, billing_type):
        """A one-time item with cadence, start and end, and only such, is recurring and prorated."""
        assert item(billing_type=ONE_TIME, **fields).recurrence is billing_type

    def test_the_quirk_is_billed_month_by_month(self):
        """Such an item is billed period by period until its end, the last part by its share."""
        one = item(billing_type=ONE_TIME, cadence=monthly(), start="2025-01-01", end="2025-02-14")

        assert walk(one, [JANUARY, FEBRUARY, MARCH]) == [JANUARY, "2025-02-01..2025-02-14"]
        assert factors(ask(run_of(FEBRUARY), one, covered(JANUARY))) == ["1/2"]


class TestWithoutABillingPeriod:
    def test_once_a_run(self):
        """A recurring item without a billing period is billed in each run for the run's days."""
        one = item(start="2025-01-15")

        assert walk(one, [JANUARY, FEBRUARY]) == [JANUARY, FEBRUARY]

    @pytest.mark.parametrize(
        ("stretches", "service"),
        [
            (["2025-01-01..2025-02-10"], "2025-02-11..2025-02-28"),
            (["2025-02-20..2025-03-10"], "2025-02-01..2025-02-19"),
        ],
    )
    def test_only_what_is_not_covered(self, stretches, service):
        """Days that are on an invoice already are not billed again."""
        assert services(ask(run_of(FEBRUARY), item(), covered(*stretches))) == [service]

    def test_nothing_is_left(self):
        """A run whose days are covered, or outside the contract, bills nothing and says why."""
        assert refusal(ask(run_of(FEBRUARY), item(), covered(FEBRUARY))) == f"COVERED {FEBRUARY}"
        assert refusal(ask(run_of(FEBRUARY), item(), end="2025-01-31")).startswith("OUT_OF_PERIOD")


class TestMonthEnd:
    def test_borders_are_month_ends(self):
        """A rhythm at month end bills from month end to month end, after a first part."""
        one = item(cadence=monthly(day=MONTH_END), start="2025-02-10")
        runs = [FEBRUARY, FEBRUARY, MARCH, APRIL]

        assert walk(one, runs) == [
            "2025-02-10..2025-02-27",
            "2025-02-28..2025-03-30",
            "2025-03-31..2025-04-29",
            "2025-04-30..2025-05-30",
        ]


class TestSpanOver:
    def test_given_days(self):
        """A line by hand bills given days: prorated with a cadence, else at the full price."""
        part = days("2025-01-01..2025-01-20")
        by_month = span_over(item(cadence=monthly(anchor="2025-01-01")), part, DOCUMENTED)

        assert (by_month.factor, by_month.cover) == (Fraction(20, 31), part)
        for plain in (item(), item(billing_type=ONE_TIME, cadence=monthly())):
            assert span_over(plain, part, DOCUMENTED).factor == 1
            assert span_over(plain, part, DOCUMENTED).cover is None
