"""Selective billing as documented: a fixed price to the customer, time as usage to the partner."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.engine.records import finalize_all
from tests.unit.engine.trading import facts, market, party, reasons, run

EXCLUSIVE = ("Cust", "Par")


def for_customer(record):
    """Give the quantity of the customer: none of a promotion."""
    return 0 if record["Cluster"] == "Promotion" else record["Quantity"]


def for_partner(record):
    """Give the quantity of the partner: what the customer has not."""
    return record["Quantity"] if for_customer(record) == 0 else 0


CUSTOMER = party(
    "Cust",
    "Item",
    title=lambda record: record["Title"],
    unit_price=lambda record: record["Price"],
    quantity=for_customer,
)
PARTNER = party("Par", "Time", use_case=bc.UseCase.USAGE, sequence=1, quantity=for_partner)
FILTERS = (CUSTOMER, PARTNER)


def work(name, cluster, quantity, price, order_no="TIME"):
    """Make a line of a case: its day is read without suffix, what controls usage with it."""
    values = {"Title": name, "Cluster": cluster, "Quantity": quantity, "Price": price}
    values |= {"ON_Date": "2026-03-10", "ON_TypePar": "Transaction", "ON_OrderNoPar": order_no}
    values |= dict.fromkeys(("ON_SubscriptionPar", "ON_InvoicePar", "ON_LastErrorPar"))
    return bc.SourceRecord("Item", name, values)


def case(*lines, partner="partner"):
    """Make a case of a customer, worked on by a partner."""
    accounts = {"ON_AccountCust": "customer", "ON_AccountPar": partner}
    return bc.SourceRecord("Order", "C-1", accounts, children={"Items": lines})


PROMO, NORMAL = work("A", "Promotion", 2, "50.00"), work("B", "Standard", 3, "40.00")


def cases(*records, partner="partner"):
    """Make a store; the contracts of both partners have an item for time and one for fees."""
    store = market(filters=FILTERS, accounts=("customer", "partner", "other"))
    for account in dict.fromkeys((partner, "other")):
        items = [
            bc.Item(
                order_no.lower(),
                order_no=order_no,
                unit_price=price,
                billing_type=bc.BillingType.TRANSACTIONAL,
            )
            for order_no, price in (("TIME", "50.00"), ("FEE", "1.00"))
        ]
        store.add(bc.Subscription(f"S-{account}", account=account, start="2026-01-01", items=items))
    store.add(*records)
    return store


def bill(store, *chosen):
    """Run both filters, or those that are chosen."""
    return run(store, *FILTERS, chosen=chosen or None, exclusive=EXCLUSIVE)


def lines(store):
    """Give account, record and quantity of each line with its net amount."""
    return {
        (draft.account.id, line.record, int(line.quantity)): line.net
        for draft in store.drafts()
        for line in draft.lines
    }


BOTH = {
    ("customer", "Item/B:Cust", 3): Decimal("120.00"),
    ("partner", "S-partner/time", 2): Decimal("100.00"),
}


@pytest.mark.parametrize(
    "runs",
    [[()], [("Item",), ("Time",)], [("Time",), ("Item",)]],
    ids=["one run", "customer first", "partner first"],
)
def test_the_promotion(runs):
    """B is billed to the customer for 120.00, A as two units of time to the partner."""
    store = cases(case(PROMO, NORMAL))
    for chosen in runs:
        bill(store, *chosen)

    assert lines(store) == BOTH


def test_one_account():
    """A customer that is its own partner has both, each for its own line."""
    store = cases(case(PROMO, NORMAL, partner="customer"), partner="customer")
    bill(store)

    assert lines(store) == {
        ("customer", "Item/B:Cust", 3): Decimal("120.00"),
        ("customer", "S-customer/time", 2): Decimal("100.00"),
    }


@pytest.mark.parametrize("is_final", [False, True], ids=["on drafts", "on invoices"])
def test_both_flip(is_final):
    """Lines that change sides after they were billed stay where they are."""
    store = cases(case(PROMO, NORMAL))
    bill(store)
    names = [draft.id for draft in store.drafts()]
    names = finalize_all(store) if is_final else names
    store.change(case(work("A", "Standard", 2, "50.00"), work("B", "Promotion", 3, "40.00")))
    report = bill(store)

    assert len(report.drafts) == 0
    assert facts(report, "Item/A:Cust") == {"party": "Par", "document": names[1]}
    assert facts(report, "Item/B:Par") == {"party": "Cust", "document": names[0]}


def test_usage_of_another_partner():
    """Usage that was billed to one partner is not billed to the partner that is named later."""
    store = cases(case(PROMO))
    bill(store)
    store.change(case(PROMO, partner="other"))
    report = bill(store)

    assert len(report.drafts) == 0
    assert reasons(report)["other", "Item/A:Par"] == "DRAFT_EXISTS"


def test_usage_first():
    """A usage filter of lower sequence has what both want."""
    greedy = party("Par", "Time", use_case=bc.UseCase.USAGE, quantity=lambda r: r["Quantity"])
    later = party(
        "Cust",
        "Item",
        sequence=1,
        title=lambda record: record["Title"],
        unit_price=lambda record: record["Price"],
        quantity=lambda record: record["Quantity"],
    )
    store = cases(case(NORMAL))
    report = run(store, later, greedy, exclusive=EXCLUSIVE)

    assert lines(store) == {("partner", "S-partner/time", 3): Decimal("150.00")}
    assert reasons(report)["customer", "Item/B:Cust"] == "BILLED_TO_OTHER_PARTY"


def test_usage_of_several_items():
    """Usage that two items price is closed to the customer like that of one."""
    store = cases(case(work("A", "Promotion", 2, "50.00", order_no="TIME,FEE")))
    bill(store)
    store.change(case(work("A", "Standard", 2, "50.00", order_no="TIME,FEE")))
    report = bill(store)

    assert reasons(report)["customer", "Item/A:Cust"] == "BILLED_TO_OTHER_PARTY"
