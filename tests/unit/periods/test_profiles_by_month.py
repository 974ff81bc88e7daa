"""Zuora, Chargebee, Salesforce and django-silver: the numbers that they document, and some worked out by hand.

Every table says where its numbers are from. Where no number was found, it says that the documented
rule was worked out by hand.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from billingcore import (
    Moments,
    Period,
    UnitMismatchError,
    monthly,
    profiles,
    quarterly,
    weekly,
    yearly,
)


def days(text):
    """Read the first day and the first day after."""
    return Period(*text.split(".."))


def closed(text):
    """Read first and last day, both inclusive."""
    return Period.closed(*text.split(".."))


class TestZuora:
    """Zuora: full months, and a part of a month by one of three rules."""

    @pytest.mark.parametrize(
        ("part", "actual", "by_30", "strict"),
        [
            ("2021-01-27..2021-01-31", "5/31", "5/30", "4/30"),
            ("2021-02-27..2021-02-28", "2/28", "2/30", "4/30"),
            ("2021-04-21..2021-04-29", "9/30", "9/30", "9/30"),
        ],
    )
    def test_its_documented_ratios(self, part, actual, by_30, strict):
        """The ratios of its table.

        Source: When prorating a month, assume 30 days in a month or use actual days?,
        https://docs.zuora.com/en/zuora-billing/manage-accounts-subscriptions-and-non-subscriptions/
        manage-subscription-transactions/common-subscription-information/proration/
        when-prorating-a-month-assume-30-days-in-a-month-or-use-actual-days.
        """
        found = [
            profile.factor(profile.period(*part.split("..")), monthly(anchor="2021-01-01"))
            for profile in (
                profiles.ZUORA_ACTUAL,
                profiles.ZUORA_30_ACTUAL,
                profiles.ZUORA_30_STRICT,
            )
        ]

        assert found == [Fraction(actual), Fraction(by_30), Fraction(strict)]

    def test_its_february_of_a_leap_year(self):
        """1 to 29 February 2020 is 29/29, 29/30 and 30/30 in the same table.

        29/30 is the ratio of a part: with bill cycle day 15 these are parts of two months. With
        bill cycle day 1 that February is a full month, which costs its price.
        """
        part = closed("2020-02-01..2020-02-29")
        first, middle = monthly(anchor="2020-01-01"), monthly(anchor="2020-01-15")

        assert profiles.ZUORA_ACTUAL.factor(part, first) == Fraction(29, 29)
        assert profiles.ZUORA_30_ACTUAL.factor(part, middle) == Fraction(29, 30)
        assert profiles.ZUORA_30_STRICT.factor(part, middle) == Fraction(30, 30)

    @pytest.mark.parametrize(
        ("profile", "amount"),
        [(profiles.ZUORA_30_ACTUAL, "146.67"), (profiles.ZUORA_ACTUAL, "145.16")],
        ids=["30 days", "actual days"],
    )
    def test_its_documented_totals(self, profile, amount):
        """100 a month from 1 January 2018, billed on the 15th, up to 14 February.

        Source: Calculating Total Amount with Partial Period Proration, examples 1 and 2,
        https://knowledgecenter.zuora.com/BC_Subscription_Management/Subscriptions/G_Proration/
        Calculating_Total_Amount_with_Partial_Period_Proration.
        """
        part, cadence = closed("2018-01-01..2018-02-14"), monthly(anchor="2018-01-15")

        assert profile.amount(100, part, cadence, currency="USD") == Decimal(amount)

    @pytest.mark.parametrize(
        "profile", [profiles.ZUORA_ACTUAL, profiles.ZUORA_30_ACTUAL, profiles.ZUORA_30_STRICT]
    )
    def test_its_documented_weeks(self, profile):
        """100 a week from Monday 1 January 2018, billed on Wednesdays: 5 weeks and 2 days, 528.57.

        Source: the same page, partial week proration.
        """
        part, cadence = closed("2018-01-01..2018-02-06"), weekly(anchor="2018-01-03")

        assert profile.amount(100, part, cadence, currency="USD") == Decimal("528.57")

    def test_its_documented_usage(self):
        """31 dollars of January from the 15th on are 17 dollars.

        Source: Usage charge proration, https://docs.zuora.com/en/zuora-billing/bill-your-customer/
        usage-billing/unbilled-usage/usage-charge-proration.
        """
        part, cadence = closed("2023-01-15..2023-01-31"), monthly(anchor="2023-01-01")

        assert profiles.ZUORA_ACTUAL.amount(31, part, cadence, currency="USD") == Decimal("17.00")

    @pytest.mark.parametrize(
        ("profile", "factor"),
        [
            (profiles.ZUORA_ACTUAL, Fraction(16, 31) + 2),
            (profiles.ZUORA_30_ACTUAL, Fraction(16, 30) + 2),
            (profiles.ZUORA_30_STRICT, Fraction(15, 30) + 2),
        ],
        ids=["actual", "30 days", "strict"],
    )
    def test_a_part_of_a_quarter(self, profile, factor):
        """By hand, by month first: from 16 January the quarter has two full months and a part."""
        part, cadence = closed("2018-01-16..2018-03-31"), quarterly(anchor="2018-01-01")

        assert profile.factor(part, cadence) == factor / 3


class TestChargebee:
    """Chargebee: days or milliseconds of the billing period."""

    def test_its_documented_downgrade(self):
        """On 21 April, 60.00 a month becomes 30.00: 20.00 back and 10.00 anew.

        Source: example 1 of https://www.chargebee.com/docs/proration-old.html.
        """
        cadence, rest = monthly(anchor="2012-04-01"), days("2012-04-21..2012-05-01")

        made = profiles.CHARGEBEE_DAY.change(60, 30, rest, cadence, currency="USD")

        assert (made.credit, made.charge, made.net) == (-20, 10, -10)

    def test_its_documented_smaller_quantity(self):
        """After 10 of 30 days, 3 x 30.00 become 2 x 30.00: 60.00 back and 40.00 anew.

        Source: example 2 of the same page.
        """
        cadence, rest = monthly(anchor="2013-04-01"), days("2013-04-11..2013-05-01")

        made = profiles.CHARGEBEE_DAY.change(90, 60, rest, cadence, currency="USD")

        assert (made.credit, made.charge) == (-60, 40)

    def test_milliseconds(self):
        """By hand: 2,678,400,000 milliseconds of a month at 2,678.40 are a thousandth of a cent each.

        The rule: Billing Mode & Proration, https://www.chargebee.com/docs/2.0/proration.html.
        """
        july = Moments("2026-07-23T10:30:00.000Z", "2026-08-23T10:30:00.000Z")
        profile = profiles.CHARGEBEE_MILLISECOND

        def cost(stop):
            part = Moments("2026-07-23T10:30:00.000Z", stop)
            return profile.amount("2678.40", part, july, currency="USD")

        assert cost("2026-07-23T10:30:00.001Z") == 0
        assert cost("2026-07-23T10:30:04.999Z") == Decimal("0.00")
        assert cost("2026-07-23T10:30:05.000Z") == Decimal("0.01")

    def test_longer_and_shorter_terms(self):
        """By hand: a longer term is divided by the period to come, a shorter one by this one.

        The rule: https://support.chargebee.com/support/solutions/articles/251116. Five days more
        in March at 31.00 are 5.00, five days less in February at 28.00 too.
        """
        day = profiles.CHARGEBEE_DAY
        march, february = monthly(anchor="2026-03-01"), monthly(anchor="2026-02-01")
        more, less = days("2026-03-01..2026-03-06"), days("2026-02-24..2026-03-01")

        assert day.amount(31, more, march, currency="USD") == 5
        assert day.change(28, 0, less, february, currency="USD").credit == -5


class TestSalesforce:
    """Salesforce CPQ: the prorate multiplier."""

    @pytest.mark.parametrize(
        ("part", "calendar", "average"),
        [
            ("2025-06-16..2025-06-30", "50.00", "49.32"),
            ("2024-02-01..2024-02-15", "51.72", "49.32"),
            ("2025-01-15..2025-02-14", "100.00", "100.00"),
            ("2025-02-10..2025-03-31", "167.86", "172.33"),
            ("2025-01-15..2025-03-31", "254.84", "255.89"),
            ("2025-01-15..2025-04-09", "284.84", "285.48"),
        ],
    )
    def test_months(self, part, calendar, average):
        """By hand: 100.00 a month, by the calendar and by months of 365/12 days.

        The rule: Subscription Prorate Precision, https://help.salesforce.com/s/articleView
        ?id=sf.cpq_subscriptions_prorate_precision_1.htm; remaining days x 12 / 365.
        """
        for profile, amount in (
            (profiles.SALESFORCE_CALENDAR, calendar),
            (profiles.SALESFORCE_MONTHLY, average),
        ):
            period = profile.period(*part.split(".."))
            assert profile.amount(100, period, monthly(), currency="USD") == Decimal(amount)

    def test_a_term_of_twelve_months(self):
        """By hand: 14 months and 15 days of a product at 12,000.00 for 12 months.

        (14 + 15 x 12 / 365) / 12 is 1.20776…, as its multiplier for Monthly + Daily.
        """
        part = closed("2018-01-01..2019-03-15")
        found = profiles.SALESFORCE_MONTHLY.amount(12_000, part, yearly(), currency="USD")

        assert found == Decimal("14493.15")

    @pytest.mark.parametrize("profile", [profiles.SALESFORCE_CALENDAR, profiles.SALESFORCE_MONTHLY])
    def test_weeks_have_no_months(self, profile):
        """A price per week cannot be counted in months."""
        with pytest.raises(UnitMismatchError):
            profile.factor(days("2026-01-05..2026-01-08"), weekly(anchor="2026-01-05"))


class TestDjangoSilver:
    """django-silver: months as fractions, from the first day."""

    @pytest.mark.parametrize(
        ("start", "stop", "months"),
        [
            ("2022-01-01", "2022-02-01", "1"),
            ("2022-03-01", "2022-03-14", "13/31"),
            ("2022-01-01", "2022-02-15", "3/2"),
            ("2022-01-07", "2022-02-28", "49/28"),
            ("2024-12-07", "2025-06-07", "6"),
            ("2024-12-08", "2025-02-28", "76/28"),
            ("2015-01-23", "2015-02-01", "9/31"),
            ("2022-02-28", "2022-03-28", "1"),
            ("2022-02-28", "2022-03-31", "34/31"),
        ],
    )
    def test_months_of_its_own_tests(self, start, stop, months):
        """The months between two days are those of its tests.

        Source: silverapp/silver, silver/tests/unit/utils/test_dates.py.
        """
        found = profiles.DJANGO_SILVER.factor(Period(start, stop), monthly(anchor="2000-01-01"))

        assert found == Fraction(months)

    @pytest.mark.parametrize(
        ("cadence", "part", "factor"),
        [
            (yearly(anchor="2015-01-01"), "2015-01-23..2016-01-01", Fraction(11 * 31 + 9, 31 * 12)),
            (yearly(anchor="2015-01-01"), "2015-01-01..2015-04-01", Fraction(1, 4)),
            (weekly(anchor="2015-01-05"), "2015-01-05..2015-01-08", Fraction(3, 7)),
            (monthly(anchor="2025-01-01"), "2025-01-31..2025-04-05", Fraction(2 * 31 + 6, 31)),
        ],
        ids=["year with a part", "year in whole months", "week", "back from a short month"],
    )
    def test_other_cadences(self, cadence, part, factor):
        """By hand: a year is twelve months, a week seven days; a short month is stepped back from.

        From 31 January, three months are 30 April, and one back from there is 30 March.
        """
        assert profiles.DJANGO_SILVER.factor(days(part), cadence) == factor

    def test_ties_go_to_the_even_cent(self):
        """By hand: half of 10.01 is 5.00, and of 10.03 5.02, as Python's ``quantize`` does."""
        part, cadence = days("2026-04-16..2026-05-01"), monthly(anchor="2026-04-01")

        def half(price):
            return profiles.DJANGO_SILVER.amount(price, part, cadence, currency="EUR")

        assert (half("10.01"), half("10.03")) == (Decimal("5.00"), Decimal("5.02"))
