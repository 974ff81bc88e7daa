"""What is told of a line that bills records of the host, or usage."""

from __future__ import annotations

import billingcore as bc
from tests.unit.engine.sources import billed, order, product

JANUARY = bc.Period.month(2026, 1)


def used(count):
    """Bill as many calls of 2 minutes at 0.10."""
    calls = bc.Item("calls", unit_price="0.10", billing_type=bc.BillingType.TRANSACTIONAL)
    snapshot = bc.AccountSnapshot(
        bc.Account("acme", currency="EUR"),
        [bc.Subscription("S-1", account="acme", items=[calls])],
        usage=[bc.UsageRecord(f"U-{n}", "calls", "2026-01-05", 2) for n in range(count)],
    )
    (draft,) = bc.bill(bc.InvoiceRun(JANUARY), snapshot, bc.TaxTable({})).drafts
    return bc.explain(draft.lines[0])


def test_a_record_is_named():
    """An explanation names the record that a line bills, before it computes."""
    (draft,) = billed(order(1, product(1))).drafts
    told = bc.explain(draft.lines[0])

    assert told.facts[0] == ("source", "Product P-1")
    assert str(told).splitlines()[1] == "  source: Product P-1"
    assert '<th scope="row">source</th><td>Product P-1</td>' in told._repr_html_()


def test_a_line_of_a_mapping_has_no_source():
    """A line that a data mapping adds bills no record."""
    mapping = (
        '{"items": {"SHIP": {"fields": {"Title__c": "Ship", "Quantity__c": 1, "UnitPrice__c": 4}}}}'
    )
    (draft,) = billed(order(1, product(1), ON_Mapping=mapping)).drafts

    assert bc.explain(draft.lines[1]).facts == ()


def test_facts_on_one_line():
    """What was decided about a record is told on one line each."""
    rate = bc.ExchangeRate("USD", "EUR", "0.5", date="2026-03-01", source="ours")
    setup = bc.Setup(exchange=bc.ExchangeTable([rate]))
    (draft,) = billed(order(1, product(1, ON_PriceCurrency="USD")), setup=setup).drafts
    facts = dict(bc.explain(draft.lines[0]).facts)

    assert "ours" in facts["converted"]
    assert "\n" not in str(facts)


def test_usage_as_such_has_no_source():
    """Usage that was handed in as such is no record of the host; its days are told."""
    assert used(2).facts == (("priced together", "2026-01-01 to 2026-01-31"),)


def test_many_sources():
    """Of many records the first three are named, and the others counted."""
    fields = {"ON_Type": "Transaction", "ON_OrderNo": "calls", "ON_Account": "acme"}
    fields |= {"ON_Subscription": None, "ON_Invoice": None}
    records = [
        bc.SourceRecord("Call", f"C-{n}", fields | {"ON_Date": "2026-01-05", "ON_Quantity": 2})
        for n in range(5)
    ]
    calls = bc.Item("calls", unit_price="0.10", billing_type=bc.BillingType.TRANSACTIONAL)
    chosen = bc.Filter("Calls", use_case=bc.UseCase.USAGE, target="Call")
    snapshot = bc.AccountSnapshot(
        bc.Account("acme", currency="EUR"),
        [bc.Subscription("S-1", account="acme", items=[calls])],
        records=records,
    )
    run = bc.InvoiceRun(JANUARY, selection=bc.Selection([chosen]))
    (draft,) = bc.bill(run, snapshot, bc.TaxTable({})).drafts
    told = dict(bc.explain(draft.lines[0]).facts)

    assert told["source"] == "Call C-0, Call C-1, Call C-2, and 2 more"
