"""The value of a profile: how it is made and used, and what it refuses."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from billingcore import (
    DayPrice,
    InvalidInputError,
    Moments,
    Period,
    Profile,
    Rounding,
    Tick,
    monthly,
    profiles,
    proration,
    quarterly,
)

PROFILES = sorted(profiles.PROFILES.values(), key=lambda profile: profile.name)
BY_NAME = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)


def days(text):
    """Read the first day and the first day after."""
    return Period(*text.split(".."))


class TestProfile:
    """The value itself."""

    @BY_NAME
    def test_the_table_has_it_by_name(self, profile):
        """The table finds a profile by its name, which its policy has, too."""
        assert profiles.PROFILES[profile.name] is profile
        assert repr(profile) == f"<profile {profile.name}>"
        assert profile.policy.name == profile.name
        assert profile.policy.proration is profile.proration
        assert profile.policy.rounding is profile.rounding

    @BY_NAME
    def test_a_whole_period_costs_its_price(self, profile):
        """A whole period costs its price, also in the months of a 31st anchor."""
        for cadence in (monthly(anchor="2025-01-31"), quarterly(anchor="2025-01-15")):
            for number in range(5):
                part = cadence.period(number)
                assert profile.amount("9.99", part, cadence, currency="EUR") == Decimal("9.99")

    @BY_NAME
    def test_dates_as_the_system_writes_them(self, profile):
        """A period is read with or without its end, as the system means it."""
        found = profile.period("2026-01-01", "2026-01-31")

        assert found.days == (31 if profile.bills_end else 30)

    @pytest.mark.parametrize(
        ("part", "whole", "words"),
        [
            (Moments("2026-01-01T00:00Z", "2026-01-02T00:00Z"), monthly(), "not Moments"),
            (
                Period("2026-01-01", "2026-01-02"),
                Moments("2026-01-01T00:00Z", "2026-02-01T00:00Z"),
                "not a Cadence",
            ),
            ("April", monthly(), "part = 'April': neither days nor moments"),
        ],
        ids=["moments of a cadence", "days of moments", "text"],
    )
    def test_what_does_not_fit(self, part, whole, words):
        """Days go with a cadence and moments with moments; all else is refused."""
        with pytest.raises(InvalidInputError, match=words):
            profiles.STRIPE.amount(10, part, whole, currency="EUR")

    def test_moments_for_a_system_that_counts_days(self):
        """A system that counts days takes no moments."""
        whole = Moments("2026-01-01T00:00Z", "2026-02-01T00:00Z")

        with pytest.raises(InvalidInputError, match="Kill Bill counts days, not moments"):
            profiles.KILL_BILL.factor(whole, whole)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"proration": "ACTUAL_DAYS"}, "proration = .*not a Proration"),
            ({"tick": "hour"}, "not a Tick"),
            ({"rounding": "up and down"}, "not a Rounding"),
            ({"bills_end": 1}, "bills_end = 1.*not a truth value"),
            ({"title": 5}, "title = 5"),
        ],
        ids=["convention", "tick", "rounding", "end", "title"],
    )
    def test_bad_fields(self, changes, words):
        """A wrong field is refused, with the name of the profile."""
        with pytest.raises(InvalidInputError, match=words) as refused:
            attrs.evolve(profiles.STRIPE, **changes)
        assert str(refused.value).startswith("Profile 'STRIPE'")

    def test_an_own_profile(self):
        """A host's own profile has six places: 28 March to 4 February at 90.00 is 923.23.

        Source: Monthly Proration Examples, example 1, https://help.salesforce.com/s/articleView
        ?id=ind.pricing_monthly_proration_examples.htm: 10.258065 months.
        """

        def measure(part, cadence):
            return round(proration.ACTUAL_DAYS.measure(part, cadence), 6)

        def never(_):
            return False

        own = Profile(
            "REVENUE_CLOUD",
            title="Salesforce Revenue Cloud",
            source="Monthly Proration Examples",
            proration=attrs.evolve(
                proration.ACTUAL_DAYS, name="SIX", measure=measure, conserves=never
            ),
            bills_end=True,
        )
        part, cadence = own.period("2025-03-28", "2026-02-04"), monthly(anchor="2025-02-05")

        assert own.factor(part, cadence) == Fraction("10.258065")
        assert own.amount(90, part, cadence, currency="USD") == Decimal("923.23")

    def test_a_price_of_a_day_in_cents(self):
        """By hand: 10.00 / 30 is 0.33 a day, and 15 days are 4.95."""
        convention = attrs.evolve(
            proration.ACTUAL_DAYS, name="DAY_IN_CENTS", day_price=DayPrice.ROUNDED
        )
        own = attrs.evolve(profiles.LAGO, name="OWN", proration=convention)
        part, cadence = days("2026-04-16..2026-05-01"), monthly(anchor="2026-04-01")

        assert own.amount(10, part, cadence, currency="USD") == Decimal("4.95")

    def test_it_counts_moments_if_it_says_so(self):
        """A profile with a tick of its own counts that."""
        own = attrs.evolve(profiles.KILL_BILL, tick=Tick.SECOND, rounding=Rounding.DOWN)
        whole = Moments("2026-01-01T00:00Z", "2026-01-01T00:00:03Z")
        part = Moments("2026-01-01T00:00Z", "2026-01-01T00:00:02Z")

        assert own.amount(1, part, whole, currency="EUR") == Decimal("0.66")
