"""P16: which lines share an invoice cannot be changed."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import seats, store_of
from tests.field.orders import bill_orders, order
from tests.unit.engine.records import bill, contract, monthly, run_of
from tests.unit.engine.records import store_of as stored

PAIN = Pain(
    "P16",
    "Grouping is hard-wired",
    elsewhere="One invoice for each account and day, or one for each subscription. "
    "Purchase orders, cost centers or a customer's wish become flags, one a year.",
    here="Grouping is a list of criteria: paths of attributes, or functions of a line. "
    "Each split says what differs. "
    "However lines are grouped, they are the same lines.",
)


@case(
    "getlago/lago#321",
    "getlago/lago-api#5939",
    "getlago/lago-api#5943",
    gave="In 2024 the way invoices are consolidated could not be overridden; "
    "purchase orders were split in 2026, and an invoice of two of them became an error.",
    right="Items of 10.00 and 30.00 are of PO 7, one of 20.00 is of PO 8 (our own): "
    "40.00 and 20.00, and the reason for the split.",
    prints="""
    40.00 ['item 1', 'item 3']
    20.00 ['item 2']
    they differ in purchase order: 'PO 7' and 'PO 8'
    """,
)
def test_purchase_orders_share_an_invoice():
    """Contracts of two purchase orders are on one invoice, and nobody can change that."""
    store = store_of()
    for number, purchase in enumerate(("PO 7", "PO 8", "PO 7"), 1):
        item = seats(10 * number, f"item {number}")
        agreed = {"account": "acme", "start": "2026-01-01", "reference": purchase}
        store.add(bc.Subscription(f"S-{number}", items=[item], **agreed))

    orders = bc.Criterion("purchase order", "subscription.reference")
    run = bc.InvoiceRun(bc.Period.month(2026, 1), policy=bc.LEVEL.but(grouping=[orders]))
    (plan,) = bc.plan(run, store)
    for draft in plan.drafts:
        print(draft.totals.net, [line.item.id for line in draft.lines])
    for split in plan.splits:
        print(split)


def by_purchase_order(line):
    """Give the purchase order of a line's contract."""
    return line.subscription.reference


@case(
    "getlago/lago#321",
    "getlago/lago-api#5507",
    "killbill/killbill#73",
    "killbill/killbill#1955",
    "adempiere#2906",
    gave="No way to split, or none to put together.",
    own_numbers=True,
)
class TestGroupingOfContracts:
    """No host can say which contracts share an invoice."""

    STORE = stored(
        contract(monthly("a", 10), id="S-1", reference="PO 7"),
        contract(monthly("b", 20), id="S-2", reference="PO 8"),
        contract(monthly("c", 30), id="S-3", reference="PO 7"),
    )

    def grouped(self, *criteria):
        """Bill under some criteria."""
        return bill(self.STORE, run_of(grouping=criteria))

    def test_a_split_by_purchase_order_is_explained(self):
        """Grouped by purchase order, two documents say in what they differ."""
        outcome = self.grouped(bc.Criterion("purchase order", by_purchase_order))

        assert [[line.title for line in draft.lines] for draft in outcome.drafts] == [
            ["a", "c"],
            ["b"],
        ]
        assert [str(each) for each in outcome.splits] == [
            "they differ in purchase order: 'PO 7' and 'PO 8'"
        ]

    @pytest.mark.parametrize(
        "names",
        [names for size in range(3) for names in permutations(["PO", "item"], size)],
        ids=str,
    )
    def test_grouping_changes_no_amount(self, names):
        """However the lines are grouped, they are the same lines at the same prices."""
        known = {
            "PO": bc.Criterion("PO", by_purchase_order),
            "item": bc.Criterion("item", lambda line: line.item.id),
        }
        outcome = self.grouped(*(known[name] for name in names))
        lines = [line for draft in outcome.drafts for line in draft.lines]

        assert {line.billing_key: line.net for line in lines} == {
            "S-1/a@2026-03-01": 10,
            "S-2/b@2026-03-01": 20,
            "S-3/c@2026-03-01": 30,
        }


@case("getlago/lago-api#5939", gave="Orders of two numbers on one invoice.", own_numbers=True)
class TestGroupingOfRecords:
    """Records of two purchase orders are on one invoice."""

    def test_a_split_says_what_differs(self):
        """P16: lines of two purchase orders go to two invoices, and the split is explained
        (lago-api#5939).
        """
        lines = [("5", {"ON_InvoiceCriterion": "PO-1"}), ("7", {"ON_InvoiceCriterion": "PO-2"})]
        outcome = bill_orders(order(1, *lines))

        assert [draft.totals.net for draft in outcome.drafts] == [Decimal(5), Decimal(7)]
        assert [str(each) for each in outcome.splits] == [
            "they differ in invoice criterion: 'PO-1' and 'PO-2'"
        ]
