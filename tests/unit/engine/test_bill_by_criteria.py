"""A run with criteria bills what meets them, and nothing else happens to the rest.

A source may hand in more than was asked for, so the engine asks again of each record.
"""

from __future__ import annotations

import json

import attrs
import pytest

import billingcore as bc
from billingcore.testing import check_outcome
from tests.unit.engine.changing import APRIL, books, by_days, edit, invoice, plan
from tests.unit.engine.metering import calls, lines_of, reasons
from tests.unit.engine.records import ACME, MARCH, VAT, contract, monthly, once
from tests.unit.engine.sources import DEALS, ORDERS, deal, order, orders, product

NORTH = bc.BusinessEntity("north", aliases=["N"])
SETUP = bc.Setup(entities=[NORTH, bc.BusinessEntity("south")])


def wanted(policy=bc.DOCUMENTED, filters=(), **criteria):
    """Make a run of March 2026 with criteria."""
    selection = bc.Selection(filters, criteria=bc.Criteria(**criteria))
    return bc.InvoiceRun(MARCH, selection=selection, policy=policy)


def bill(run, *contracts, account=ACME, **snapshot):
    """Bill an account, and check that all that entered left."""
    known = bc.AccountSnapshot(account, contracts, **snapshot)
    outcome = bc.bill(run, known, VAT)
    check_outcome(outcome, known)
    return outcome


def nets(outcome):
    """Give what is billed, with its amount."""
    return {line.billable: str(line.net) for line in lines_of(outcome)}


def facts(outcome):
    """Give the facts of each record that the run did not want."""
    return {
        each.record: each.facts
        for each in outcome.exclusions
        if each.reason is bc.Reason.FILTER_MISMATCH
    }


class TestItems:
    """Items of subscriptions by currency, seller and frequency."""

    ITEMS = (
        monthly("seats", 10, start="2026-03-01", end="2026-12-31"),
        monthly("support", 20, currency="USD", start="2026-03-01"),
        monthly("hosting", 90, cadence=bc.quarterly(), start="2026-03-01"),
        once("setup", 50),
    )

    @pytest.mark.parametrize(
        ("criteria", "billed", "fact"),
        [
            ({"currency": "USD"}, {"S-1/support": "20.00"}, (("currency", "EUR"), ("wanted", "USD"))),
            ({"frequency": "3m"}, {"S-1/hosting": "90.00"}, (("frequency", "1m"), ("wanted", "3m"))),
            (
                {"frequency": "1m", "currency": "EUR"},
                {"S-1/seats": "10.00"},
                None,
            ),
            ({"frequency": "1w"}, {}, (("frequency", "1m"), ("wanted", "7d"))),
            ({"entity": "north"}, {}, (("entity", ""), ("wanted", "north"))),
        ],
        ids=["currency", "frequency", "both", "no such frequency", "entity"],
    )  # fmt: skip
    def test_only_items_that_meet_all_criteria_are_billed(self, criteria, billed, fact):
        """Each of the others is left out, with the criterion that it does not meet."""
        outcome = bill(wanted(**criteria), contract(*self.ITEMS))

        assert nets(outcome) == billed
        assert {"S-1/seats", "S-1/support", "S-1/hosting", "S-1/setup"} == {
            *billed,
            *facts(outcome),
        }
        assert facts(outcome).get("S-1/seats") == fact

    def test_what_is_billed_once_has_no_frequency(self):
        """A one-time item is not billed by a run for a frequency, and says so."""
        outcome = bill(wanted(frequency="1m"), contract(*self.ITEMS))

        assert facts(outcome)["S-1/setup"] == (("frequency", ""), ("wanted", "1m"))

    def test_the_currency_is_the_contracts_or_the_accounts(self):
        """An item without a currency has that of its subscription, and else the account's."""
        in_dollars = contract(monthly(), id="S-2", currency="USD")
        outcome = bill(wanted(currency="EUR"), contract(monthly()), in_dollars)

        assert nets(outcome) == {"S-1/seats": "10.00"}
        assert facts(outcome) == {"S-2/seats": (("currency", "USD"), ("wanted", "EUR"))}

    def test_the_seller_is_known_by_all_of_its_names(self):
        """A subscription that names an alias is the seller's; one without takes the account's."""
        account = attrs.evolve(ACME, entity="south")
        named = contract(monthly(), id="S-2", entity="N")
        outcome = bill(
            wanted(entity="north"), contract(monthly()), named, account=account, setup=SETUP
        )

        assert nets(outcome) == {"S-2/seats": "10.00"}
        assert facts(outcome) == {"S-1/seats": (("entity", "south"), ("wanted", "north"))}

    def test_without_a_seller(self):
        """An empty entity asks for what nobody sells by name."""
        named = contract(monthly(), id="S-2", entity="north")
        outcome = bill(wanted(entity=""), contract(monthly()), named, setup=SETUP)

        assert nets(outcome) == {"S-1/seats": "10.00"}
        assert facts(outcome) == {"S-2/seats": (("entity", "north"), ("wanted", ""))}

    def test_nothing_is_wrong_with_what_is_not_wanted(self):
        """A seller that nobody knows is a problem of the items that the run wants only."""
        broken = contract(
            monthly(), monthly("support", currency="USD"), calls(currency="USD"), entity="Nobody"
        )
        outcome = bill(wanted(currency="EUR"), broken, setup=SETUP)

        assert [problem.record for problem in outcome.problems] == ["S-1/seats"]
        assert facts(outcome) == {
            "S-1/support": (("currency", "USD"), ("wanted", "EUR")),
            "S-1/calls": (("currency", "USD"), ("wanted", "EUR")),
        }

    def test_what_is_not_wanted_says_so_whatever_its_state(self):
        """In a draft contract and one on hold, items that are not wanted come first."""
        both = (monthly(), monthly("support", currency="USD"), calls(currency="USD"))
        outcome = bill(
            wanted(currency="EUR"),
            contract(*both, status="Draft"),
            contract(*both, id="S-2", hold=bc.Hold("2026-06-30")),
            contract(id="S-3"),
            contract(id="S-4", currency="USD"),
        )

        assert reasons(outcome) == {
            "S-1/seats": "SUBSCRIPTION_NOT_ACTIVE",
            "S-1/support": "FILTER_MISMATCH",
            "S-1/calls": "FILTER_MISMATCH",
            "S-2/seats": "ON_HOLD",
            "S-2/support": "FILTER_MISMATCH",
            "S-2/calls": "FILTER_MISMATCH",
            "S-3": "NO_PRODUCTS",
            "S-4": "FILTER_MISMATCH",
        }

    def test_only_what_is_wanted_is_put_off(self):
        """A hold puts off the March of the item in euros, not that of the one in dollars."""
        held = contract(monthly(), monthly("support", currency="USD"), hold=bc.Hold("2026-06-30"))
        outcome = bill(wanted(currency="EUR"), held)

        assert [claim.billable for claim in outcome.decisions] == ["S-1/seats"]

    def test_only_what_is_wanted_is_forgiven(self):
        """January and February are forgiven of the item in euros, and stay due of the other."""
        policy = bc.DOCUMENTED.but(
            first_period=bc.FirstPeriod.FROM_ITEM, catch_up=bc.CatchUp.FORGIVE
        )
        outcome = bill(
            wanted(policy, currency="EUR"), contract(monthly(), monthly("support", currency="USD"))
        )

        assert {claim.billable for claim in outcome.decisions} == {"S-1/seats"}

    def test_only_what_is_wanted_is_corrected(self):
        """Both items cost 150 instead of 100 from the middle of April; a run for euros corrects one.

        Half a month goes back for 50.00 and is billed anew for 75.00.
        """
        items = [by_days(), by_days("desks", currency="USD")]
        change = bc.Change("2026-04-16", unit_price=150)
        store = books(*items)
        invoice(store, APRIL)
        edit(store, *items, changes=[change])
        selection = bc.Selection(criteria=bc.Criteria(currency="EUR"))
        outcome = plan(store, APRIL, selection=selection)
        check_outcome(outcome, store.snapshot("acme"))

        assert sorted(str(line.net) for line in lines_of(outcome)) == ["-50.00", "75.00"]
        assert reasons(outcome) == {"S-1/desks": "FILTER_MISMATCH"}
        assert {each.record for each in outcome.corrections} == {"S-1/seats"}


EVERYTHING = {
    "usage": [bc.UsageRecord("U-1", "NOBODY", "2026-03-05", 3)],
    "records": [
        order(1, product(1), product(2)),
        order(2, product(3), ON_Account=...),
        order(3, product(4), ON_Account="other"),
        bc.SourceRecord("Case", "C-1", {"ON_Account": "acme"}),
        bc.SourceRecord("Log", "L-1", {"ON_Account": "acme"}),
    ],
}  # fmt: skip
FILTERS = (
    orders(condition=lambda record: record["Nothing"]),
    bc.Filter("Cases", use_case=bc.UseCase.USAGE, target="Case"),
    bc.Filter("Logs", use_case=bc.UseCase.USAGE, target="Log", child_relation="Rows"),
)


class TestAccounts:
    """Accounts by id and batch."""

    @pytest.mark.parametrize(
        ("criteria", "fact"),
        [
            ({"accounts": ["other"]}, (("account", "acme"),)),
            ({"batch": "B"}, (("batch", "A"), ("wanted", "B"))),
            ({"batch": "A", "accounts": ["other"]}, (("account", "acme"),)),
        ],
        ids=["account", "batch", "account in the batch"],
    )
    def test_everything_of_another_account_is_left_out(self, criteria, fact):
        """Items, usage and records have one reason; nothing that is wrong with them matters."""
        outcome = bill(
            wanted(filters=FILTERS, **criteria),
            contract(monthly(), once(tax_code="unknown"), calls(), status="Draft"),
            contract(id="S-2"),
            account=attrs.evolve(ACME, batch="A", active=False),
            **EVERYTHING,
        )

        assert not outcome.drafts
        assert not outcome.problems
        assert set(facts(outcome).values()) == {fact}
        assert {(each.record, each.filter) for each in outcome.exclusions} == {
            ("S-1/seats", ""), ("S-1/setup", ""), ("S-1/calls", ""), ("S-2", ""),
            ("usage/U-1", ""), ("Product/P-1", "Orders"), ("Product/P-2", "Orders"),
            ("Product/P-3", "Orders"), ("Case/C-1", "Cases"), ("Log/L-1", "Logs"),
        }  # fmt: skip

    @pytest.mark.parametrize(
        "criteria",
        [{"accounts": ["acme", "other"]}, {"batch": "A"}, {"batch": "A", "accounts": ["acme"]}],
        ids=["account", "batch", "both"],
    )
    def test_an_account_that_is_wanted_is_billed(self, criteria):
        """It is billed as without criteria; records go the quick way."""
        run = wanted(filters=[ORDERS], **criteria)
        outcome = bill(
            run,
            contract(monthly()),
            account=attrs.evolve(ACME, batch="A"),
            records=[order(1, product(1))],
        )

        assert run.wanted is None
        assert nets(outcome) == {"S-1/seats": "10.00", "Product/P-1": "20.00"}

    def test_a_record_from_which_the_run_does_not_start_is_not_looked_at(self):
        """A run for another account that starts from O-1 says nothing of O-2."""
        selection = bc.Selection(
            [ORDERS], start=bc.StartFrom(["Order/O-1"]), criteria=bc.Criteria(accounts=["other"])
        )
        outcome = bill(
            bc.InvoiceRun(MARCH, selection=selection),
            contract(monthly()),
            records=[order(1, product(1)), order(2, product(2))],
        )

        assert reasons(outcome) == {"Product/P-1": "FILTER_MISMATCH"}


MONTHLY = {"ON_BillingType": "Recurring", "ON_BillingPeriod": 1, "ON_BillingUnit": "Month"}


class TestRecords:
    """Records of the host by currency, seller and frequency."""

    def test_the_currency_of_a_record(self):
        """An order in dollars is left out with its lines; one without a currency is the account's."""
        records = [order(1, product(1)), order(2, product(2), product(3), ON_Currency="USD")]
        outcome = bill(wanted(filters=[ORDERS], currency="EUR"), records=records)

        assert nets(outcome) == {"Product/P-1": "20.00"}
        assert set(facts(outcome)) == {"Product/P-2", "Product/P-3"}
        assert facts(outcome)["Product/P-2"] == (("currency", "USD"), ("wanted", "EUR"))

    def test_nothing_is_wrong_with_a_record_that_is_not_wanted(self):
        """A line without a price, a seller that nobody knows: no problems of a run for dollars."""
        records = [order(1, product(1, ON_UnitPrice="free")), deal(1, ON_BusinessEntity="Nobody")]
        outcome = bill(wanted(filters=[ORDERS, DEALS], currency="USD"), records=records)

        assert not outcome.problems
        assert set(facts(outcome)) == {"Product/P-1", "Deal/D-1"}

    def test_the_seller_of_a_record(self):
        """A record names its seller by any of its names, or takes the account's."""
        records = [deal(1, ON_BusinessEntity="N"), deal(2)]
        outcome = bill(wanted(filters=[DEALS], entity="north"), records=records, setup=SETUP)

        assert nets(outcome) == {"Deal/D-1": "100.00"}
        assert facts(outcome) == {"Deal/D-2": (("entity", ""), ("wanted", "north"))}

    def test_the_frequency_of_a_line(self):
        """Of an order with a monthly line and one that is billed once, a run bills the first."""
        record = order(1, product(1, **MONTHLY), product(2))
        outcome = bill(wanted(filters=[ORDERS], frequency="1m"), records=[record])

        assert nets(outcome) == {"Product/P-1": "20.00"}
        assert facts(outcome) == {"Product/P-2": (("frequency", ""), ("wanted", "1m"))}

    def test_a_line_that_a_mapping_adds_has_a_frequency_too(self):
        """Shipping is billed once, so that a run for monthly lines leaves it for another run."""
        shipping = {"Title__c": "Shipping", "UnitPrice__c": 5, "Quantity__c": 1}
        mapping = json.dumps({"items": {"SHIP": {"fields": shipping}}})
        record = order(1, product(1, **MONTHLY), ON_Mapping=mapping)
        all_of_it = bill(wanted(filters=[ORDERS]), records=[record])
        outcome = bill(wanted(filters=[ORDERS], frequency="1m"), records=[record])

        assert nets(all_of_it) == {"Product/P-1": "20.00", "Order/O-1/SHIP": "5.00"}
        assert nets(outcome) == {"Product/P-1": "20.00"}

    def test_both_ways_to_bill_a_record_agree(self):
        """With a criterion that all meet, records are billed as without any."""
        records = [order(1, product(1), product(2, ON_Quantity=0)), order(2, product(3))]
        plain = bill(wanted(filters=[ORDERS]), records=records)
        outcome = bill(wanted(filters=[ORDERS], currency="EUR"), records=records)

        assert nets(outcome) == nets(plain) == {"Product/P-1": "20.00", "Product/P-3": "20.00"}
        assert reasons(outcome) == reasons(plain) == {"Product/P-2": "ZERO_QUANTITY"}
