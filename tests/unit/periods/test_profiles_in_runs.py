"""Profiles in runs: invoices come out with the cents of the other system, and say how."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

import billingcore as bc
from billingcore import profiles, proration
from billingcore.periods.vendors import LIBRARY

APRIL = bc.monthly(anchor="2026-04-01")
BY_NAME = pytest.mark.parametrize("name", sorted(profiles.PROFILES))


def item(price="9.99", **fields):
    """Give a prorated item by the month."""
    given = {"billing_type": bc.RECURRING_PRORATED, "cadence": APRIL}
    return bc.Item("seats", unit_price=price, **{**given, **fields})


def billed(items, policy, start="2026-04-16", end=None, months=1):
    """Bill a contract from April on, and give the lines."""
    contract = bc.Subscription("S-1", account="acme", start=start, end=end, items=items)
    snapshot = bc.AccountSnapshot(bc.Account("acme", currency="EUR"), [contract])
    period = bc.Period("2026-04-01", f"2026-{4 + months:02}-01")
    outcome = bc.bill(bc.InvoiceRun(period, policy=policy), snapshot, bc.TaxTable({}))
    return [line for draft in outcome.drafts for line in draft.lines]


@pytest.mark.parametrize(
    ("name", "amount"),
    [
        ("KILL_BILL", "5.00"),
        ("LAGO", "4.99"),
        ("SALESFORCE_MONTHLY", "4.93"),
        ("DJANGO_SILVER", "5.00"),
        ("ZUORA_30_STRICT", "5.00"),
    ],
)
def test_half_a_month(name, amount):
    """By hand: half of April at 9.99, as five systems bill it."""
    (line,) = billed([item()], profiles.PROFILES[name].policy)

    assert line.net == Decimal(amount)


@BY_NAME
def test_the_convention_of_an_item(name):
    """An item with the convention is billed like all items under the policy, up to rounding."""
    profile = profiles.PROFILES[name]
    policy = bc.LEVEL.but(rounding=profile.rounding)
    own = billed([item(proration=profile.proration)], policy, end="2026-05-20", months=2)
    all_of_them = billed([item()], profile.policy, end="2026-05-20", months=2)

    assert [line.net for line in own] == [line.net for line in all_of_them]
    assert [line.factor for line in own] == [line.factor for line in all_of_them]


@BY_NAME
def test_explanations_name_the_profile(name):
    """The billing factor is explained by terms that yield it, and names the convention."""
    policy = profiles.PROFILES[name].policy
    (line,) = billed([item()], policy)
    steps = {step.name: step for step in bc.explain(line).steps}
    factor = steps["billing factor"]

    assert factor.how.endswith(f"({line.span.shares[0].convention})")
    assert factor.derivation.value == line.factor
    assert steps["amount"].value == line.amount


def test_the_step_of_the_ratio():
    """Kill Bill's ratio is shown as it was rounded."""
    (line,) = billed([item("300")], profiles.KILL_BILL.policy, start="2026-04-17")
    factor = next(step for step in bc.explain(line).steps if step.name == "billing factor")

    assert factor.how == (
        "14/30 days for 2026-04-17 to 2026-04-30, rounded to 0.466666667"
        " = 466666667/1000000000 (KILL_BILL)"
    )


def test_the_step_of_the_price_of_a_day():
    """Lago's price of one day is a step of its own, and the amount follows from it."""
    (line,) = billed([item()], profiles.LAGO.policy)
    day, amount = [
        step for step in bc.explain(line).steps if step.name in {"price of a day", "amount"}
    ]

    assert day.how == (
        "9.99 / 30 days, kept as 0.332999999999999971... EUR, a binary number of 53 digits (LAGO)"
    )
    assert (day.exact, dict(day.operands)) == (
        Fraction("0.333"),
        {"period price": Fraction("9.99"), "days": Fraction(30)},
    )
    assert amount.how == ("15 x 0.332999999999999971... = 4.994999..., rounded to 4.99 EUR")
    assert line.net == Decimal("4.99")


def test_the_price_of_a_day_that_is_exact():
    """A price of one day without a rest says so."""
    (line,) = billed([item("30")], profiles.LAGO.policy)
    day = next(step for step in bc.explain(line).steps if step.name == "price of a day")

    assert day.how == "30 / 30 days = 1 EUR, a binary number of 53 digits (LAGO)"


def test_a_whole_period_has_no_price_of_a_day():
    """A period in full costs its price, so no price of one day is shown."""
    (line,) = billed([item()], profiles.LAGO.policy, start="2026-04-01")

    assert "price of a day" not in [step.name for step in bc.explain(line).steps]
    assert line.net == Decimal("9.99")


def test_merged_periods():
    """Periods on one line are priced each by itself: 4.99 of April, 9.99 of May."""
    policy = profiles.LAGO.policy.but(catch_up=bc.CatchUp.MERGED)
    (line,) = billed([item()], policy, end="2026-05-31", months=2)
    steps = [step for step in bc.explain(line).steps if step.name in {"price of a day", "amount"}]

    assert line.net == Decimal("14.98")
    assert steps[-1].how == (
        "15 x 0.332999999999999971... + 9.99 = 14.984999..., rounded to 14.98 EUR"
    )


def test_a_change_inside_a_period():
    """Slices are priced each by itself, as two items: 15 days at 9.99 are 4.99 each."""
    changed = item().changed(bc.Change("2026-04-16", title="Seats, renamed"))
    lines = billed([changed], profiles.LAGO.policy, start="2026-04-01")

    assert [line.net for line in lines] == [Decimal("4.99"), Decimal("4.99")]


def test_a_discount_on_a_slice():
    """A percentage is taken off the amount of a slice: 50 % of 4.99 is 2.50, rounded half up."""
    half = item(discount=bc.Discount.percent(50))
    changed = half.changed(bc.Change("2026-04-16", title="Seats, renamed"))
    lines = billed([changed], profiles.LAGO.policy, start="2026-04-01")

    assert [(line.amount, line.discount) for line in lines] == [
        (Decimal("4.99"), Decimal("2.50")),
        (Decimal("4.99"), Decimal("2.50")),
    ]


def test_a_profile_in_the_place_of_its_convention():
    """An item and a policy that are given a profile take its convention."""
    given = item(proration=profiles.LAGO)

    assert given.proration is profiles.LAGO.proration
    assert bc.LEVEL.but(proration=profiles.LAGO).proration is profiles.LAGO.proration


DAY_IN_CENTS = attrs.evolve(
    proration.ACTUAL_DAYS, name="DAY_IN_CENTS", day_price=bc.DayPrice.ROUNDED
)


def test_a_price_of_a_day_in_cents():
    """By hand, under a convention of a host's own: 10.00 / 30 is 0.33 a day, 15 days are 4.95."""
    (line,) = billed([item("10")], bc.LEVEL.but(proration=DAY_IN_CENTS))
    day = next(step for step in bc.explain(line).steps if step.name == "price of a day")

    assert line.net == Decimal("4.95")
    assert day.how == (
        "10 / 30 days, kept as 0.33 EUR, "
        "rounded half up to the smallest unit of the currency (DAY_IN_CENTS)"
    )


def test_slices_at_the_price_of_a_day():
    """By hand: two slices of 15 days are 4.95 each, though the convention would conserve."""
    changed = item("10").changed(bc.Change("2026-04-16", title="Seats, renamed"))
    lines = billed([changed], bc.LEVEL.but(proration=DAY_IN_CENTS), start="2026-04-01")

    assert [line.net for line in lines] == [Decimal("4.95"), Decimal("4.95")]


def test_what_is_not_prorated_stays_so():
    """A policy says what "prorated" means; an item that is not prorated is billed in full."""
    (line,) = billed([item(billing_type=bc.RECURRING)], profiles.LAGO.policy)

    assert line.net == Decimal("9.99")


def test_an_item_goes_its_own_way():
    """The convention of an item goes before that of the policy."""
    (line,) = billed([item("300", proration=proration.ACT_360)], profiles.LAGO.policy)

    assert (line.net, line.span.shares[0].convention) == (Decimal("150.00"), "ACT_360")


def test_days_by_hand():
    """A draft by hand follows the convention of the item."""
    draft = bc.draft(
        bc.Account("acme", currency="EUR"),
        [item(proration=profiles.LAGO.proration)],
        period=bc.Period("2026-04-16", "2026-05-01"),
    )

    assert draft.totals.net == Decimal("4.99")


@pytest.mark.parametrize(
    ("name", "amount"),
    [
        ("LAGO", "-5.00"),
        ("STRIPE", "-4.99"),
        ("KILL_BILL", "-4.99"),
        ("SALESFORCE_MONTHLY", "-5.06"),
    ],
)
def test_days_taken_back(name, amount):
    """By hand: what is given back is the price, less what the first half of April costs.

    So that a credit and what stays always add up to what was billed, here as everywhere.
    """
    store, policy = bc.MemoryStore(), profiles.PROFILES[name].policy
    store.add(bc.Account("acme", currency="EUR"))
    contract = bc.Subscription("S-1", account="acme", start="2026-04-01", items=[item()])
    store.add(contract)
    april = bc.InvoiceRun(bc.Period.month(2026, 4), policy=policy)
    for draft in list(bc.execute(april, store).drafts):
        bc.finalize(draft, store, on="2026-04-30")
    store.change(attrs.evolve(contract, end="2026-04-15"))

    (credit,) = bc.execute(bc.InvoiceRun(bc.Period.month(2026, 5), policy=policy), store).drafts

    assert credit.totals.net == Decimal(amount)


class TestTravel:
    """Policies and conventions arrive as themselves."""

    @BY_NAME
    def test_by_text(self, name):
        """A policy is written with the name of its convention, and read as the same policy."""
        policy = profiles.PROFILES[name].policy
        again = bc.from_json(bc.to_json(policy), bc.Policy)

        assert again == policy
        assert again.proration is policy.proration
        assert again.version == policy.version

    @BY_NAME
    def test_by_pickle(self, name):
        """A convention that is pickled arrives as the same object."""
        convention = profiles.PROFILES[name].proration

        assert pickle.loads(pickle.dumps(convention)) is convention  # noqa: S301 - our own

    @BY_NAME
    def test_a_profile_by_pickle(self, name):
        """A profile of the library that is pickled arrives as the same object."""
        profile = profiles.PROFILES[name]

        assert pickle.loads(pickle.dumps(profile)) is profile  # noqa: S301 - our own

    def test_a_profile_of_a_host_by_pickle(self):
        """A profile of a host arrives with all that it was made of."""
        own = bc.Profile(
            "OWN",
            title="Ours",
            source="our handbook",
            proration=bc.proration.ACT_360,
            rounding=bc.Rounding.HALF_EVEN,
            bills_end=True,
        )
        again = pickle.loads(pickle.dumps(own))  # noqa: S301 - our own

        assert (again.name, again.title, again.source) == ("OWN", "Ours", "our handbook")
        assert again.proration is bc.proration.ACT_360
        assert again.policy == own.policy
        assert (again.tick, again.rounding, again.bills_end) == (own.tick, own.rounding, True)

    @pytest.mark.parametrize("name", ["LAGO", "MINE"])
    def test_a_profile_is_no_data(self, name):
        """A profile itself is refused, also one of a host: its policy says all that a run needs."""
        own = bc.Profile(name, title="Mine", source="us", proration=proration.ACTUAL_DAYS)

        with pytest.raises(bc.InvalidInputError, match=r"a profile is no data.*its policy"):
            bc.to_json(own)

    def test_the_name_is_taken(self):
        """A convention of a host's own cannot be written under the name of one of these."""
        own = attrs.evolve(proration.ACTUAL_DAYS, name="LAGO")

        with pytest.raises(bc.InvalidInputError, match="a convention of the library has its name"):
            bc.to_json(bc.LEVEL.but(proration=own))

    def test_versions_differ(self):
        """Each convention makes another version of a policy."""
        versions = {bc.LEVEL.but(proration=each).version for each in LIBRARY.values()}

        assert len(versions | {bc.LEVEL.version}) == len(LIBRARY) + 1

    def test_a_line_keeps_how_days_are_priced(self):
        """A stored line is read with its rule for the price of one day."""
        (line,) = billed([item()], profiles.LAGO.policy)
        again = bc.from_json(bc.to_json(line), bc.LineItem)

        assert again.span.is_by_day
        assert str(bc.explain(again)) == str(bc.explain(line))


def test_a_policy_refuses_what_is_no_convention():
    """A policy takes a convention, and says what to use instead of its name."""
    with pytest.raises(bc.InvalidInputError, match=r"Policy: proration = 'LAGO'.*not a proration"):
        bc.LEVEL.but(proration="LAGO")
