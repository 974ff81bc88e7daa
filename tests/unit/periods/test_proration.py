"""What a part of a period costs: worked examples of every convention."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from billingcore import (
    MONTH_END,
    InvalidInputError,
    Period,
    Proration,
    UnitMismatchError,
    daily,
    half_yearly,
    monthly,
    proration,
    quarterly,
    round_amount,
    weekly,
    yearly,
)
from billingcore.periods.proration import CONVENTIONS, convention_named

BY_NAME = sorted(CONVENTIONS.values(), key=lambda convention: convention.name)
COUNTING = [convention for convention in BY_NAME if convention.counts_whole_periods]
IN_MONTHS = [
    "CALENDAR_MONTHS",
    "AVERAGE_MONTHS",
    "THIRTY_360_US",
    "THIRTY_E_360",
    "STRICT_30",
    "MONTH_FRACTIONS",
]


def days(text):
    """Read first and last day, both inclusive, as documents state them."""
    return Period.closed(*text.split(".."))


class TestBehavior24:
    """The table of worked numbers: price 100 per month."""

    @pytest.mark.parametrize(
        ("part", "calendar", "calendar_amount", "average", "average_amount"),
        [
            ("2025-06-16..2025-06-30", "15/30", "50.00", "180/365", "49.32"),
            ("2024-02-01..2024-02-15", "15/29", "51.72", "180/365", "49.32"),
            ("2025-01-15..2025-02-14", "1", "100.00", "1", "100.00"),
            ("2025-02-10..2025-03-31", "47/28", "167.86", "629/365", "172.33"),
            ("2025-01-15..2025-03-31", "79/31", "254.84", "934/365", "255.89"),
            ("2025-01-15..2025-04-09", "883/310", "284.84", "1042/365", "285.48"),
        ],
    )
    def test_both_conventions(self, part, calendar, calendar_amount, average, average_amount):
        """A part has the factor and the amount of the table, by calendar and by average months."""
        for convention, factor, amount in (
            (proration.CALENDAR_MONTHS, calendar, calendar_amount),
            (proration.AVERAGE_MONTHS, average, average_amount),
        ):
            found = convention.factor(days(part), monthly())
            assert found == Fraction(factor)
            assert round_amount(100 * found, "EUR") == Decimal(amount)

    @pytest.mark.parametrize("convention", COUNTING, ids=repr)
    @pytest.mark.parametrize(
        ("cadence", "part", "price", "amount"),
        [
            (monthly(anchor="2025-01-31"), "2025-02-28..2025-03-30", 100, "100.00"),
            (monthly(anchor="2025-01-31"), "2025-04-30..2025-05-30", 100, "100.00"),
            (monthly(anchor="2024-01-30"), "2024-02-29..2024-03-29", 100, "100.00"),
            (yearly(anchor="2024-02-29"), "2027-02-28..2028-02-28", 1200, "1200.00"),
        ],
        ids=["28 February of a 31st", "30 April of a 31st", "29 February of a 30th", "leap year"],
    )
    def test_whole_periods_of_a_late_anchor(self, convention, cadence, part, price, amount):
        """A whole period of an anchor at the month's end costs the price, however short it is."""
        assert round_amount(price * convention.factor(days(part), cadence), "EUR") == Decimal(
            amount
        )

    @pytest.mark.parametrize(
        ("part", "price", "cadence", "amount"),
        [
            ("2025-02-28..2025-03-30", 100, monthly(), "100.35"),
            ("2025-04-30..2025-05-30", 100, monthly(), "100.11"),
            ("2024-02-29..2024-03-29", 100, monthly(), "97.00"),
            ("2027-02-28..2028-02-28", 1200, yearly(), "1200.12"),
        ],
    )
    def test_what_fractions_of_calendar_months_would_give(self, part, price, cadence, amount):
        """Without the anchor the same days are no whole period, and fractions give other amounts."""
        factor = proration.MONTH_FRACTIONS.factor(days(part), cadence)

        assert round_amount(price * factor, "EUR") == Decimal(amount)

    def test_a_30_april_anchor_means_the_30th(self):
        """From 30 April a month ends on 29 May; at month end it ends on 30 May."""
        part = days("2025-04-30..2025-05-30")
        same_day, month_end = (
            monthly(anchor="2025-04-30"),
            monthly(anchor="2025-04-30", day=MONTH_END),
        )

        assert proration.CALENDAR_MONTHS.factor(part, month_end) == 1
        # 1/30 of April and 30/31 of May
        assert proration.CALENDAR_MONTHS.factor(part, same_day) == Fraction(931, 930)

    @pytest.mark.parametrize("convention", COUNTING, ids=repr)
    @pytest.mark.parametrize(
        "day", [29, 30, 31, MONTH_END], ids=["29th", "30th", "31st", "month end"]
    )
    def test_every_month_of_forty_years(self, convention, day):
        """Every month of 40 years costs exactly 100.00 from an anchor at the month's end."""
        is_end = day is MONTH_END
        anchor = date(2020, 1, 31 if is_end else day)
        cadence = monthly(anchor=anchor, day=MONTH_END) if is_end else monthly(anchor=anchor)
        factors = {convention.factor(cadence.period(n), cadence) for n in range(480)}

        assert {round_amount(100 * factor, "EUR") for factor in factors} == {Decimal("100.00")}


class TestUnits:
    @pytest.mark.parametrize(
        ("cadence", "factor"),
        [
            (monthly(), "47/28"),
            (monthly(2), "47/28"),
            (quarterly(), "47/84"),
            (half_yearly(), "47/168"),
            (yearly(), "47/336"),
            (daily(), "50"),
        ],
        ids=str,
    )
    def test_a_price_is_per_unit(self, cadence, factor):
        """The same 50 days are 47/28 months, a third of that in quarters, and 50 days."""
        part = days("2025-02-10..2025-03-31")

        assert proration.CALENDAR_MONTHS.factor(part, cadence) == Fraction(factor)

    @pytest.mark.parametrize("convention", COUNTING, ids=repr)
    @pytest.mark.parametrize(
        ("cadence", "factor"),
        [
            (monthly(3, anchor="2025-01-31"), 6),
            (quarterly(anchor="2025-01-31"), 2),
            (half_yearly(anchor="2025-01-31"), 1),
        ],
        ids=str,
    )
    def test_whole_periods_count_their_units(self, convention, cadence, factor):
        """Half a year is six months, two quarters or one half year under every convention."""
        assert convention.factor(days("2025-01-31..2025-07-30"), cadence) == factor

    @pytest.mark.parametrize("name", IN_MONTHS)
    def test_months_cannot_measure_weeks(self, name):
        """A part of a week cannot be counted in months; the error names what can."""
        with pytest.raises(UnitMismatchError, match="months cannot measure weeks; use ACTUAL_DAYS"):
            CONVENTIONS[name].factor(days("2026-01-05..2026-01-07"), weekly())

    @pytest.mark.parametrize(
        ("name", "factor"),
        [("ACTUAL_DAYS", "3/7"), ("ACT_365", "3/7"), ("ACT_360", "3/7"), ("NONE", "1")],
    )
    def test_what_measures_weeks(self, name, factor):
        """Three days of a week are three sevenths, or the whole week without proration."""
        part = days("2026-01-05..2026-01-07")

        assert CONVENTIONS[name].factor(part, weekly(anchor="2026-01-05")) == Fraction(factor)

    @pytest.mark.parametrize("convention", BY_NAME, ids=repr)
    def test_a_price_per_day(self, convention):
        """Four of seven days cost four days, under every convention but NONE."""
        factor = convention.factor(days("2026-01-05..2026-01-08"), daily(7, anchor="2026-01-05"))

        assert factor == (7 if convention is proration.NONE else 4)

    @pytest.mark.parametrize("convention", BY_NAME, ids=repr)
    def test_an_open_end(self, convention):
        """What has no end costs nothing that could be counted."""
        with pytest.raises(InvalidInputError, match="an open end"):
            convention.factor(Period("2026-01-01", None), monthly())


class TestConventions:
    """One example by hand for each convention that is not in the table above."""

    @pytest.mark.parametrize(
        ("part", "cadence", "factor"),
        [
            ("2025-01-15..2025-01-31", monthly(anchor="2025-01-01"), 1),
            ("2025-01-15..2025-02-10", monthly(anchor="2025-01-01"), 2),
            ("2025-02-10..2025-03-31", quarterly(anchor="2025-01-01"), 1),
            ("2025-02-10..2025-03-31", monthly(3, anchor="2025-01-01"), 3),
            ("2025-02-10..2025-04-01", monthly(3, anchor="2025-01-01"), 6),
        ],
    )
    def test_none(self, part, cadence, factor):
        """JustOn "Recurring": a cut period costs the whole one, and each touched one counts."""
        assert proration.NONE.factor(days(part), cadence) == factor

    def test_actual_days(self):
        """Lago, Zuora: 10 of the 31 days of 15 January to 14 February are 10/31."""
        cadence = monthly(anchor="2025-01-15")

        assert proration.ACTUAL_DAYS.factor(days("2025-01-20..2025-01-29"), cadence) == Fraction(
            10, 31
        )

    def test_actual_days_over_a_border(self):
        """Kill Bill: days count by the period they are in, 17/31 of January and 10/28 of February."""
        found = proration.ACTUAL_DAYS.factor(
            days("2025-01-15..2025-02-10"), monthly(anchor="2025-01-01")
        )

        assert found == Fraction(17, 31) + Fraction(10, 28)

    def test_actual_days_of_a_quarter(self):
        """Lago, Zuora: 45 of 90 days of a quarter are half of it, or 1.5 months of three."""
        part = days("2025-01-01..2025-02-14")

        assert proration.ACTUAL_DAYS.factor(part, quarterly(anchor="2025-01-01")) == Fraction(1, 2)
        assert proration.ACTUAL_DAYS.factor(part, monthly(3, anchor="2025-01-01")) == Fraction(3, 2)

    @pytest.mark.parametrize(
        ("part", "cadence", "factor"),
        [
            ("2025-01-01..2025-01-31", monthly(), "372/365"),
            ("2024-01-01..2024-12-31", yearly(), "366/365"),
            ("2025-01-01..2025-03-14", yearly(), "73/365"),
        ],
    )
    def test_act_365(self, part, cadence, factor):
        """ISDA 2006 4.16(d), actual/365 fixed: days by 365, so that a leap year is more than one."""
        assert proration.ACT_365.factor(days(part), cadence) == Fraction(factor)

    @pytest.mark.parametrize(
        ("part", "cadence", "factor"),
        [
            ("2025-01-01..2025-01-31", monthly(), "31/30"),
            ("2025-01-01..2025-12-31", yearly(), "365/360"),
            ("2025-01-01..2025-01-10", quarterly(), "10/90"),
        ],
    )
    def test_act_360(self, part, cadence, factor):
        """ISDA 2006 4.16(e), actual/360: days by 360, as 30 days a month."""
        assert proration.ACT_360.factor(days(part), cadence) == Fraction(factor)

    @pytest.mark.parametrize(
        ("start", "stop", "thirtieths"),
        [
            ("2025-01-15", "2025-02-10", 25),
            ("2025-01-31", "2025-02-28", 28),
            ("2025-01-01", "2025-01-31", 30),
            ("2025-01-30", "2025-03-31", 60),
            ("2025-02-28", "2025-03-31", 30),
            ("2024-02-28", "2024-03-31", 33),
            ("2024-02-29", "2025-02-28", 360),
            ("2025-02-28", "2025-03-15", 15),
        ],
    )
    def test_30_360_us(self, start, stop, thirtieths):
        """30/360 US (bond basis): 360 x years + 30 x months + days, with its rule for February."""
        factor = proration.THIRTY_360_US.factor(
            Period(start, stop), monthly(120, anchor="2000-01-01")
        )

        assert factor == Fraction(thirtieths, 30)

    @pytest.mark.parametrize(
        ("start", "stop", "thirtieths"),
        [
            ("2025-01-15", "2025-02-10", 25),
            ("2025-01-31", "2025-02-28", 28),
            ("2025-01-01", "2025-01-31", 29),
            ("2025-01-30", "2025-03-31", 60),
            ("2025-02-28", "2025-03-31", 32),
            ("2024-02-29", "2025-02-28", 359),
        ],
    )
    def test_30e_360(self, start, stop, thirtieths):
        """ISDA 2006 4.16(g), 30E/360: every 31st is a 30th, February is as it is."""
        factor = proration.THIRTY_E_360.factor(
            Period(start, stop), monthly(120, anchor="2000-01-01")
        )

        assert factor == Fraction(thirtieths, 30)

    @pytest.mark.parametrize(
        ("part", "thirtieths"),
        [
            ("2025-01-16..2025-01-31", 15),
            ("2025-01-31..2025-01-31", 0),
            ("2025-02-16..2025-02-28", 15),
            ("2025-02-28..2025-02-28", 3),
            ("2025-04-16..2025-04-30", 15),
            ("2025-01-01..2025-01-15", 15),
            ("2025-01-16..2025-02-15", 30),
        ],
    )
    def test_strict_30(self, part, thirtieths):
        """Zuora strict 30 days: the second half of every month is 15 days, a 31st alone is free."""
        factor = proration.STRICT_30.factor(days(part), monthly(120, anchor="2000-01-01"))

        assert factor == Fraction(thirtieths, 30)

    def test_month_fractions(self):
        """django-silver: 15 January to 14 February is 17/31 and 14/28, and not one month."""
        factor = proration.MONTH_FRACTIONS.factor(
            days("2025-01-15..2025-02-14"), monthly(anchor="2025-01-01")
        )

        assert factor == Fraction(17, 31) + Fraction(1, 2)


class TestTable:
    def test_names(self):
        """The ten conventions are found by their names, which are the module's names."""
        assert {name: getattr(proration, name) for name in CONVENTIONS} == CONVENTIONS
        assert len(CONVENTIONS) == 10
        assert convention_named("STRICT_30") is proration.STRICT_30

    def test_an_unknown_name(self):
        """A name that is none is refused with all that are."""
        with pytest.raises(
            InvalidInputError, match="proration = 'ACT_ACT': no proration"
        ) as caught:
            convention_named("ACT_ACT")

        assert caught.value.fix.startswith("use one of NONE, CALENDAR_MONTHS, ")

    @pytest.mark.parametrize("convention", BY_NAME, ids=repr)
    def test_each_says_what_it_is(self, convention):
        """Each convention has a formula, a source and a remark, and is shown by its name."""
        assert convention.formula
        assert convention.source
        assert convention.remark
        assert repr(convention) == f"<proration {convention.name}>"

    def test_only_interest_like_days_have_no_whole_month(self):
        """Exactly the two day counts by a year of their own do not count whole periods whole."""
        exempt = {convention.name for convention in BY_NAME if not convention.counts_whole_periods}

        assert exempt == {"ACT_365", "ACT_360"}

    @pytest.mark.parametrize("convention", BY_NAME, ids=repr)
    def test_survives_pickling(self, convention):
        """A convention that travels to another process is the same there, as items compare it."""
        arrived = pickle.loads(pickle.dumps(convention))  # noqa: S301

        assert arrived is convention

    def test_a_convention_of_the_host(self):
        """A host adds a convention with the same fields; whole periods count whole for it too."""
        half = Proration(
            name="HALF",
            formula="any part is half a unit",
            source="us",
            remark="never",
            measure=lambda _part, _cadence: Fraction(1, 2),
            conserves=lambda _cadence: False,
        )

        assert half.factor(days("2025-01-01..2025-01-03"), monthly()) == Fraction(1, 2)
        assert half.factor(days("2025-01-01..2025-01-31"), monthly()) == 1
        assert str(half.derive(days("2025-01-01..2025-01-03"), monthly())).startswith(
            "1/2 for 2025-01-01"
        )


def test_a_convention_of_a_host_travels():
    """A host's own convention arrives in another process with all of its fields."""
    own = attrs.evolve(proration.ACTUAL_DAYS, name="OWN", remark="ours")
    arrived = pickle.loads(pickle.dumps(own))  # noqa: S301

    assert (arrived.name, arrived.remark) == ("OWN", "ours")
    assert arrived.factor(
        Period("2026-01-01", "2026-01-17"), monthly(anchor="2026-01-01")
    ) == Fraction(16, 31)
