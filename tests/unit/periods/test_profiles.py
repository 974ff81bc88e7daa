"""Kill Bill, Lago and Stripe: the numbers that they document, and some worked out by hand.

Every table says where its numbers are from. Where no number was found, it says that the documented
rule was worked out by hand.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from billingcore import DayPrice, Moments, Period, monthly, profiles, quarterly, weekly, yearly
from billingcore.periods.day_price import priced_days, to_double


def days(text):
    """Read the first day and the first day after."""
    return Period(*text.split(".."))


def closed(text):
    """Read first and last day, both inclusive."""
    return Period.closed(*text.split(".."))


class TestKillBill:
    """Kill Bill: days of the period, the ratio rounded half up to nine decimal places."""

    @pytest.mark.parametrize(
        ("part", "ratio"),
        [
            ("2023-05-23..2023-06-15", "0.741935484"),
            ("2023-06-23..2023-07-15", "0.733333333"),
            ("2023-02-23..2023-03-15", "0.714285714"),
            ("2024-02-23..2024-03-15", "0.724137931"),
        ],
        ids=["May", "June", "February", "February of a leap year"],
    )
    @pytest.mark.parametrize("cycle_day", [15, 23])
    def test_ratios_of_its_own_tests(self, part, ratio, cycle_day):
        """A part before the first, and one after the last, cycle day has the ratio of its tests.

        Source: killbill/killbill, invoice/src/test/java/org/killbill/billing/invoice/generator/
        TestInvoiceDateUtilsWithoutFixedProration.java.
        """
        cadence = monthly(anchor=f"2023-01-{cycle_day}")

        assert profiles.KILL_BILL.factor(days(part), cadence) == Fraction(ratio)

    @pytest.mark.parametrize(
        ("part", "cycle_day", "numerator", "denominator"),
        [
            ("2011-02-01..2011-02-14", 1, 13, 28),
            ("2011-02-14..2011-02-28", 31, 14, 31),
            ("2011-02-14..2011-02-27", 27, 13, 31),
            ("2012-02-01..2012-02-15", 1, 14, 29),
            ("2011-02-07..2011-02-15", 7, 8, 28),
            ("2011-03-07..2011-03-10", 7, 3, 31),
            ("2011-03-10..2011-03-15", 15, 5, 28),
            ("2011-01-31..2011-02-07", 7, 7, 31),
            ("2011-03-15..2011-03-17", 15, 2, 31),
        ],
        ids=[
            "until a change",
            "up to the 31st cycle day, of February",
            "up to the 27th",
            "leap year",
            "before the billing day",
            "after the billing day",
            "up to the next cycle day",
            "double proration",
            "up to the end",
        ],
    )
    def test_days_of_its_own_tests(self, part, cycle_day, numerator, denominator):
        """What begins with its period is divided by the period from there, all else by the one back.

        Source: killbill/killbill, invoice/src/test/java/org/killbill/billing/invoice/proRations/
        inAdvance/monthly/TestProRation.java. The ratios are worked out by hand from the days.
        """
        cadence = monthly(anchor=f"2011-01-{cycle_day:02}")
        billions, rest = divmod(numerator * 10**9, denominator)
        rounded = billions + (2 * rest >= denominator)

        found = profiles.KILL_BILL.factor(days(part), cadence)

        assert found == Fraction(rounded, 10**9)

    def test_several_periods(self):
        """A part, a whole period and a part are three items: 7/31 + 1 + 3/31, each rounded.

        Source: testPlanChange_DoubleProRation of the same file.
        """
        part, cadence = days("2011-01-31..2011-03-10"), monthly(anchor="2011-01-07")

        expected = Fraction("0.225806452") + 1 + Fraction("0.096774194")
        assert profiles.KILL_BILL.factor(part, cadence) == expected

    def test_the_ratio_shows_in_large_amounts(self):
        """By hand: 100,000,000.00 x 0.548387097 is two cents more than 17/31 of it."""
        part, cadence = days("2026-01-15..2026-02-01"), monthly(anchor="2026-01-01")
        price, euros = "100000000", "EUR"

        assert profiles.KILL_BILL.amount(price, part, cadence, currency=euros) == Decimal(
            "54838709.70"
        )
        assert profiles.STRIPE.amount(price, part, cadence, currency=euros) == Decimal(
            "54838709.68"
        )

    @pytest.mark.parametrize(
        ("cadence", "part", "ratio"),
        [
            (weekly(anchor="2026-01-05"), "2026-01-05..2026-01-08", "0.428571429"),
            (weekly(2, anchor="2026-01-05"), "2026-01-10..2026-01-19", "1.285714286"),
            (yearly(anchor="2026-01-01"), "2026-01-01..2026-02-01", "0.084931507"),
        ],
        ids=["3/7 of a week", "9/14 of two weeks", "31/365 of a year"],
    )
    def test_other_cadences(self, cadence, part, ratio):
        """By hand: weeks and years are divided by their days; two weeks are two units."""
        found = profiles.KILL_BILL.factor(days(part), cadence)

        assert abs(found - Fraction(ratio)) <= Fraction(1, 10**9)
        assert found / cadence.count * 10**9 == round(found / cadence.count * 10**9)


class TestLago:
    """Lago: the price of one day, times the days."""

    def test_its_documented_upgrade(self):
        """Plan A of 100.00 for 14 of 31 days is 45.16.

        Source: Upgrades and downgrades,
        https://getlago.com/docs/guide/subscriptions/upgrades-downgrades.
        """
        part, cadence = closed("2026-01-01..2026-01-14"), monthly(anchor="2026-01-01")

        assert profiles.LAGO.amount(100, part, cadence, currency="EUR") == Decimal("45.16")

    def test_the_rest_of_its_documented_upgrade(self):
        """By hand, from the same page: plan B of 200.00 for the other 17 days is 109.68."""
        part, cadence = closed("2026-01-15..2026-01-31"), monthly(anchor="2026-01-01")

        assert profiles.LAGO.amount(200, part, cadence, currency="EUR") == Decimal("109.68")

    @pytest.mark.parametrize(
        ("price", "part", "anchor", "amount"),
        [
            ("9.99", "2026-04-16..2026-05-01", "2026-04-01", "4.99"),
            ("9.99", "2026-04-06..2026-05-01", "2026-04-01", "8.32"),
            ("19.99", "2026-04-16..2026-05-01", "2026-04-01", "10.00"),
            ("10.05", "2026-02-15..2026-03-01", "2026-02-01", "5.03"),
            ("-9.99", "2026-04-16..2026-05-01", "2026-04-01", "-4.99"),
        ],
    )
    def test_ties_that_its_numbers_decide(self, price, part, anchor, amount):
        """By hand: cents / days x days in binary numbers, as Ruby's ``fdiv`` and ``round`` do.

        999.0 / 30 * 15 is 499.49999999999994, so that half of 9.99 is 4.99. The rule: Source
        getlago/lago-api, app/services/subscriptions/dates_service.rb (single_day_price) and
        app/services/fees/subscription_service.rb.
        """
        cadence = monthly(anchor=anchor)

        assert profiles.LAGO.amount(price, days(part), cadence, currency="EUR") == Decimal(amount)

    def test_a_quarter(self):
        """A day of the second quarter of 2022 is 1/91 of its price.

        Source: getlago/lago-api, the quarterly case of ``single_day_price`` in its tests.
        """
        part, cadence = days("2022-06-30..2022-07-01"), quarterly(anchor="2022-04-01")

        assert profiles.LAGO.factor(part, cadence) == Fraction(1, 91)
        assert profiles.LAGO.amount(91, part, cadence, currency="EUR") == Decimal("1.00")

    def test_yen_have_no_cents(self):
        """By hand: 100 / 30 * 15 yen are 50."""
        part, cadence = days("2026-04-16..2026-05-01"), monthly(anchor="2026-04-01")

        assert profiles.LAGO.amount(100, part, cadence, currency="JPY") == 50

    def test_a_whole_period_beside_a_part(self):
        """By hand: what was billed in full costs its price; the day price is for the part."""
        part, cadence = days("2026-03-01..2026-04-16"), monthly(anchor="2026-03-01")

        assert profiles.LAGO.amount("9.99", part, cadence, currency="EUR") == Decimal("14.98")


@pytest.mark.parametrize(
    ("numerator", "denominator"),
    [(1, 3), (999, 30), (2, 3), (10**17 + 1, 1), (1, 10**9), (-1, 3), (0, 1), (7, 8)],
)
def test_doubles_are_those_of_the_machine(numerator, denominator):
    """The exact way gives the number that the machine's own division of whole numbers gives."""
    found = to_double(Fraction(numerator, denominator))

    assert found == Fraction(numerator / denominator)


def test_days_at_an_exact_price():
    """By hand: a price of one day that is not rounded gives the exact share, 999/30 x 15 cents."""
    part, cadence = days("2026-04-16..2026-05-01"), monthly(anchor="2026-04-01")
    exact, quantum = DayPrice.EXACT, Decimal("0.01")

    (row,) = priced_days(Decimal("9.99"), part, cadence, exact, quantum)

    assert (row.days, row.of) == (15, 30)
    assert (row.day_price, row.amount) == (Fraction("0.333"), Fraction("4.995"))


class TestStripe:
    """Stripe: seconds of the billing period."""

    def test_its_documented_upgrade(self):
        """Half a period after 10 USD, the change to 20 USD gives 5 back and charges 10.

        Source: Prorations, https://docs.stripe.com/billing/subscriptions/prorations.
        """
        april = Moments("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z")
        half = Moments("2026-04-16T00:00:00Z", "2026-05-01T00:00:00Z")

        made = profiles.STRIPE.change(10, 20, half, april, currency="USD")

        assert (made.credit, made.charge, made.net) == (-5, 10, 5)

    def test_a_recorded_upcoming_invoice(self):
        """The unused time of 1000 cents from 1488568488 to 1489449600 is 364 cents.

        Source: https://gist.github.com/matthewarkin/27bcfdf622eb91d3508ea082d0ad50b8. The plan is
        monthly, so that the period begins on 14 February 2017.
        """
        period = Moments("2017-02-14T00:00:00Z", "2017-03-14T00:00:00Z")
        unused = Moments("2017-03-03T19:14:48Z", "2017-03-14T00:00:00Z")

        made = profiles.STRIPE.change(10, 100, unused, period, currency="USD")

        assert unused.start.timestamp() == 1488568488
        assert unused.stop.timestamp() == 1489449600
        assert made.credit == Decimal("-3.64")

    @pytest.mark.parametrize(
        ("stop", "seconds"),
        [
            ("2026-03-29T12:00+02:00", 28 * 86_400 + 11 * 3600),
            ("2026-03-29T00:00+01:00", 2_419_200),
        ],
        ids=["after the clock was put forward", "before"],
    )
    def test_seconds_pass_in_the_night_of_a_change(self, stop, seconds):
        """By hand: March 2026 in Berlin has 31 x 86,400 - 3,600 seconds."""
        march = Moments("2026-03-01T00:00+01:00", "2026-04-01T00:00+02:00")
        part = Moments("2026-03-01T00:00+01:00", stop)

        assert profiles.STRIPE.factor(part, march) == Fraction(seconds, 31 * 86_400 - 3600)

    def test_whole_days_are_days(self):
        """By hand: midnight to midnight in UTC, seconds and days give one share."""
        month = Moments("2026-01-01T00:00Z", "2026-02-01T00:00Z")
        part = Moments("2026-01-15T00:00Z", "2026-02-01T00:00Z")
        in_days = days("2026-01-15..2026-02-01"), monthly(anchor="2026-01-01")

        assert profiles.STRIPE.factor(part, month) == profiles.STRIPE.factor(*in_days)
