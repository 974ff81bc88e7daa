"""Policies for whole documents: smallest amounts, most lines, one per account, and holds."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.testing import check_outcome
from tests.unit.engine.changing import (
    APRIL,
    JUNE,
    MAY,
    books,
    by_days,
    decimals,
    edit,
    invoice,
    invoice_all,
    nets,
    plan,
    reasons,
    shown,
    shown_by_item,
)
from tests.unit.engine.records import ACME, contract, monthly, once, run_of, store_of

POLICIES = pytest.mark.parametrize(
    "policy", [bc.DOCUMENTED, bc.LEVEL], ids=lambda policy: policy.name
)
LEAST_25 = {"minimum_amount": {"EUR": 25}}
MARCH = bc.Period.month(2026, 3)
JULY = bc.Period.month(2026, 7)


class TestMinimumAmount:
    """A document below the minimum is put off to a later run, and nothing of it is lost."""

    @POLICIES
    def test_carried_forward_until_it_is_reached(self, policy):
        """10.00 a month under a minimum of 25.00: two runs wait, the third bills three months."""
        store = books(monthly())
        policy = policy.but(**LEAST_25)
        april = plan(store, APRIL, policy)
        check_outcome(april, store.snapshot("acme"))
        waiting = [invoice(store, month, policy) for month in (APRIL, MAY)]

        assert reasons(april) == ["S-1/seats BELOW_MINIMUM"]
        assert dict(april.exclusions[0].facts) == {"total": "10.00 EUR"}
        assert waiting == [[], []]
        assert shown(invoice(store, JUNE, policy)) == [
            "2026-04-01..2026-04-30 10.00",
            "2026-05-01..2026-05-31 10.00",
            "2026-06-01..2026-06-30 10.00",
        ]
        assert invoice(store, JULY, policy) == []

    @POLICIES
    def test_a_run_that_is_repeated_carries_once(self, policy):
        """A run that is repeated finds the same, and remembers it once."""
        store = books(monthly())
        policy = policy.but(**LEAST_25)
        for _ in range(3):
            invoice(store, APRIL, policy)

        carried = [claim.state.name for claim in store.snapshot("acme").claims]
        assert carried == ["CARRIED"]

    @POLICIES
    def test_the_end_of_the_contract(self, policy):
        """With the contract's last day the document is made, however small."""
        store = books(monthly(), end="2026-05-31")
        policy = policy.but(**LEAST_25)

        assert invoice(store, APRIL, policy) == []
        assert nets(invoice(store, MAY, policy)) == decimals("10.00", "10.00")

    def test_a_contract_that_ended_before_the_run(self):
        """What a later run finds of an ended contract is not carried any further."""
        store = books(monthly(), end="2026-04-30")

        assert nets(invoice(store, JUNE, **LEAST_25)) == decimals("10.00")

    @POLICIES
    def test_a_one_time_item(self, policy):
        """A one-time item that waited is billed once, with the days of its first run."""
        store = books(once(price=5), monthly())
        policy = policy.but(**LEAST_25)
        april = invoice(store, APRIL, policy)
        may = invoice(store, MAY, policy)

        assert april == []
        assert shown_by_item(may) == [
            "setup 2026-04-01 5.00",
            "seats 2026-04-01 10.00",
            "seats 2026-05-01 10.00",
        ]
        assert reasons(plan(store, JUNE, policy))[0] == "S-1/setup ONE_TIME_DONE"

    @pytest.mark.parametrize(
        ("price", "code", "is_billed"),
        [(25, None, True), ("24.99", None, False), ("21.01", "19", True), (21, "19", False)],
        ids=["reached", "not reached", "reached with tax", "not reached with tax"],
    )
    def test_the_gross_total_counts(self, price, code, is_billed):
        """25.00 reach 25.00; 21.01 do with 3.99 of tax, 21.00 with as much do not."""
        store = books(monthly(price=price, tax_code=code))

        assert bool(invoice(store, APRIL, **LEAST_25)) is is_billed

    @pytest.mark.parametrize(
        ("price", "least"),
        [(10, {"USD": 25}), (0, {"EUR": 25}), (-10, {"EUR": 25})],
        ids=["other currency", "zero", "credit"],
    )
    def test_what_it_does_not_concern(self, price, least):
        """A minimum of another currency, a document of zero, and a credit pass."""
        lines = invoice(books(monthly(price=price)), APRIL, minimum_amount=least)

        assert nets(lines) == [price]

    def test_what_changes_while_it_waits(self):
        """Months that waited are billed on the terms of their days, with their pauses."""
        store = books(by_days(price=9))
        invoice(store, APRIL, **LEAST_25)
        edit(
            store,
            by_days(price=9).changed(
                bc.pause("2026-04-11", "2026-04-20"), bc.Change("2026-05-01", unit_price=31)
            ),
        )

        assert shown(invoice(store, MAY, **LEAST_25)) == [
            "2026-04-01..2026-04-10 3.00",
            "2026-04-21..2026-04-30 3.00",
            "2026-05-01..2026-05-31 31.00",
        ]

    def test_a_correction_below_the_minimum(self):
        """A difference of 25.00 below 30.00 waits, and is on the next document once."""
        store = books(by_days())
        invoice(store, APRIL)
        edit(store, by_days().changed(bc.Change("2026-04-16", unit_price=150)))
        least = {"minimum_amount": {"EUR": 30}}

        assert invoice(store, APRIL, **least) == []
        assert nets(invoice(store, MAY, **least)) == decimals("-50.00", "75.00", "150.00")
        assert invoice(store, MAY, **least) == []

    def test_subscriptions_add_up_on_one_document(self):
        """Two contracts of 15.00 on one document reach 25.00; on two they wait."""
        contracts = [contract(monthly(price=15), id=name, start="2026-04-01") for name in "ab"]
        together = {"grouping": bc.PER_ACCOUNT}

        assert invoice(store_of(*contracts), APRIL, **LEAST_25) == []
        assert len(invoice(store_of(*contracts), APRIL, **LEAST_25, **together)) == 2

    def test_a_document_of_two_contracts_waits_for_both(self):
        """While one contract goes on, its document can still grow."""
        contracts = [
            contract(monthly(price=5), id="a", start="2026-04-01", end="2026-04-30"),
            contract(monthly(price=5), id="b", start="2026-04-01", end="2026-05-31"),
        ]
        store = store_of(*contracts)
        together = {"grouping": bc.PER_ACCOUNT}

        assert invoice(store, APRIL, **LEAST_25, **together) == []
        assert nets(invoice(store, MAY, **LEAST_25, **together)) == decimals("5.00", "5.00", "5.00")


class TestMaxLines:
    """A long document becomes several, each with at most so many lines."""

    FIVE = tuple(monthly(name) for name in "abcde")

    def test_the_lines_are_divided_in_their_order(self):
        """Five lines, two on a document, are two and two and one."""
        outcome = plan(books(*self.FIVE), APRIL, max_lines=2)

        assert [[line.item.id for line in draft.lines] for draft in outcome.drafts] == [
            ["a", "b"],
            ["c", "d"],
            ["e"],
        ]
        assert [line.number for line in outcome.drafts[1].lines] == [1, 2]
        assert sum(draft.totals.net for draft in outcome.drafts) == 50

    @pytest.mark.parametrize(("most", "count"), [(5, 1), (4, 2), (1, 5)])
    def test_how_many(self, most, count):
        """Just as many lines as allowed are one document."""
        assert len(plan(books(*self.FIVE), APRIL, max_lines=most).drafts) == count

    def test_a_split_is_explained(self):
        """Each further part says that it is a part, and of how many lines."""
        outcome = plan(books(*self.FIVE), APRIL, max_lines=2)

        assert [str(split) for split in outcome.splits] == [
            "they differ in part of at most 2 lines: 1 and 2",
            "they differ in part of at most 2 lines: 1 and 3",
        ]

    def test_repeated_it_has_the_same_ids(self):
        """Planned again, or with the second part discarded and made again, ids are the same."""
        store = books(*self.FIVE)
        ids = [draft.id for draft in plan(store, APRIL, max_lines=2).drafts]
        run = run_of(APRIL, policy=bc.LEVEL, max_lines=2)
        bc.execute(run, store)
        kept = list(store.drafts())
        store.discard(ids[1])
        bc.execute(run, store)

        assert len(set(ids)) == 3
        assert [draft.id for draft in kept] == ids
        again = list(store.drafts())
        assert [draft.id for draft in again] == ids
        assert [shown_by_item(draft.lines) for draft in again] == [
            shown_by_item(draft.lines) for draft in kept
        ]

    def test_an_order_discount_is_for_all_parts(self):
        """10.00 off an order of five lines of 10.00 are 2.00 off each, whatever part it is on."""
        store = books(*self.FIVE, order_discount=bc.Discount.amount(10))

        assert nets(invoice(store, APRIL, max_lines=2)) == decimals(*["8.00"] * 5)

    def test_slices_and_corrections_are_lines_too(self):
        """A credit, its new line and the month's line are two documents of at most two."""
        store = books(by_days())
        invoice(store, APRIL)
        edit(store, by_days().changed(bc.Change("2026-04-16", unit_price=150)))
        drafts = plan(store, MAY, max_lines=2).drafts

        assert [nets(draft.lines) for draft in drafts] == [
            decimals("-50.00", "75.00"),
            decimals("150.00"),
        ]

    def test_a_minimum_is_for_all_parts(self):
        """Five lines of 10.00 reach 25.00 together, also in parts of 20.00, 20.00 and 10.00."""
        lines = invoice(books(*self.FIVE), APRIL, max_lines=2, **LEAST_25)

        assert nets(lines) == decimals(*["10.00"] * 5)

    @pytest.mark.parametrize("wrong", [0, -1, True, "2", 1.5], ids=repr)
    def test_errors(self, wrong):
        """What is no count of at least one is refused."""
        with pytest.raises(bc.InvalidInputError, match="max_lines"):
            bc.LEVEL.but(max_lines=wrong)


@pytest.mark.parametrize("switch", ["minimum_amount", "correction_threshold"])
@pytest.mark.parametrize("wrong", [{"EUR": 0}, {"EUR": -1}, {"EUR": 0.5}, {"eur": 1}], ids=str)
def test_amounts_of_policies(switch, wrong):
    """An amount of a policy is exact, positive, and for a currency."""
    with pytest.raises(bc.InvalidInputError, match=f"Policy: {switch}"):
        bc.LEVEL.but(**{switch: wrong})


class TestPerAccount:
    """One document for all contracts of an account, but for those that are to be separate."""

    def store(self):
        """Make a store with three contracts, of which the second is separate."""
        return store_of(
            contract(monthly("a"), id="S-1"),
            contract(monthly("b"), id="S-2", is_separate=True),
            contract(monthly("c"), id="S-3"),
        )

    def documents(self, **switches):
        """Give the items of each document."""
        outcome = plan(self.store(), MARCH, bc.DOCUMENTED, **switches)
        return [[line.item.id for line in draft.lines] for draft in outcome.drafts]

    def test_a_separate_subscription(self):
        """Two share a document, the separate one has its own."""
        assert self.documents(grouping=bc.PER_ACCOUNT) == [["a", "c"], ["b"]]

    def test_per_subscription_each_is_separate(self):
        """By default every subscription has its own document anyway."""
        assert self.documents() == [["a"], ["b"], ["c"]]

    def test_the_split_names_the_subscription(self):
        """The outcome says which subscription is separate."""
        outcome = plan(self.store(), MARCH, bc.DOCUMENTED, grouping=bc.PER_ACCOUNT)

        assert [str(split) for split in outcome.splits] == [
            "they differ in separate subscription: '' and 'S-2'"
        ]


class TestHolds:
    """While a hold lasts nothing is billed; when it is over, what was put off is due."""

    HOLD = bc.Hold("2026-05-31", reason="dispute")

    def store(self, on):
        """Make a store in which April is billed, with a hold on the account or the contract."""
        account = bc.Account("acme", currency="EUR", hold=self.HOLD if on == "account" else None)
        store = books(monthly())
        invoice(store, APRIL)
        store.change(account)
        edit(store, monthly(), hold=self.HOLD if on == "contract" else None)
        return store

    @pytest.mark.parametrize("on", ["account", "contract"])
    def test_it_ends_with_its_last_day(self, on):
        """A run to 31 May is held, with the hold as fact; one to 30 June bills both months."""
        store = self.store(on)
        may = plan(store, MAY)

        assert reasons(may) == ["S-1/seats ON_HOLD"]
        assert dict(may.exclusions[0].facts) == {"hold": "until 2026-05-31 (dispute)"}
        assert invoice(store, MAY) == []
        assert shown(invoice(store, JUNE)) == [
            "2026-05-01..2026-05-31 10.00",
            "2026-06-01..2026-06-30 10.00",
        ]

    @pytest.mark.parametrize(("last", "is_held"), [("2026-05-31", True), ("2026-06-01", False)])
    def test_the_last_day_of_the_run_decides(self, last, is_held):
        """A run that ends a day after the hold bills May."""
        outcome = plan(self.store("account"), bc.Period.closed("2026-05-01", last))

        assert bool(outcome.drafts) is not is_held

    def test_one_period_a_run(self):
        """Under DOCUMENTED the held month is billed together with the next one."""
        store = self.store("contract")
        invoice(store, MAY, bc.DOCUMENTED)
        runs = [shown(invoice(store, JUNE, bc.DOCUMENTED)) for _ in range(2)]

        assert runs == [["2026-05-01..2026-05-31 10.00", "2026-06-01..2026-06-30 10.00"], []]

    def test_a_contract_that_is_held_from_its_beginning(self):
        """A hold that was there before anything was billed loses nothing, by either preset."""
        store = books(monthly(), hold=bc.Hold("2026-04-30"))
        invoice(store, APRIL, bc.DOCUMENTED)

        assert shown(invoice(store, MAY, bc.DOCUMENTED))[0] == "2026-04-01..2026-04-30 10.00"

    def test_taken_away(self):
        """A hold without a last day lasts until the host takes it away."""
        store = books(monthly())
        store.change(bc.Account("acme", currency="EUR", hold=bc.Hold()))
        held = [invoice(store, month) for month in (APRIL, MAY)]
        store.change(ACME)

        assert held == [[], []]
        assert nets(invoice(store, MAY)) == decimals("10.00", "10.00")

    def test_only_its_contract(self):
        """A hold of one contract leaves the other ones of the account alone."""
        store = store_of(
            contract(monthly("a"), id="S-1", hold=bc.Hold()), contract(monthly("b"), id="S-2")
        )

        assert [line.item.id for line in invoice(store, MARCH, bc.DOCUMENTED)] == ["b"]

    def test_corrections_wait_too(self):
        """What changed after billing is corrected when the hold is over."""
        store = books(by_days())
        invoice_all(store, [APRIL])
        changed = by_days().changed(bc.pause("2026-04-11", "2026-04-20"))
        edit(store, changed, hold=self.HOLD)

        assert plan(store, MAY).corrections == ()
        assert nets(invoice(store, JUNE)) == decimals("-33.34", "100.00", "100.00")
