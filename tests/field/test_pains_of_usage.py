"""What users reported about usage, minimums, grouping, and records that nobody can explain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

import billingcore as bc

JANUARY = bc.Period.month(2026, 1)
TIERS = [bc.Tier(10, "2.50"), bc.Tier(20, "2.40"), bc.Tier(None, "2.20")]


def calls(**fields):
    """Make a usage item, by default at 0.10."""
    priced = {} if "pricing" in fields else {"unit_price": "0.10"}
    monthly = bc.monthly(anchor="2026-01-01")
    return bc.Item("calls", billing_type=bc.TRANSACTIONAL, cadence=monthly, **{**priced, **fields})


def desk(*items):
    """Make a store with one contract."""
    store = bc.MemoryStore()
    store.add(bc.Account("acme", currency="EUR"))
    store.add(bc.Subscription("S-1", account="acme", start="2026-01-01", items=items))
    return store


def used(store, *amounts, first=1):
    """Add usage, one record for each amount, on the days of January."""
    for number, amount in enumerate(amounts, first):
        record = bc.UsageRecord(f"U-{number}", "calls", f"2026-01-{number:02}", amount)
        store.add_usage("acme", record)


def invoice(store, run):
    """Run and finalize all drafts; give the net amount of what was invoiced."""
    drafts = list(bc.execute(run, store).drafts)
    invoices = [bc.finalize(draft, store, on="2026-02-01") for draft in drafts]
    return sum((each.totals.net for each in invoices), Decimal(0))


class TestLateAndReversedUsage:
    """P12: usage that comes late, is reversed or corrected."""

    def test_a_unit_in_a_graduated_tier_is_reversed(self):
        """A unit of the second tier is given back at that tier's price (lago#67)."""
        store = desk(calls(pricing=bc.Pricing(bc.TIERED, TIERS)))
        run = bc.InvoiceRun(JANUARY, policy=bc.LEVEL)
        used(store, 12)
        first = invoice(store, run)  # 10 x 2.50 + 2 x 2.40
        used(store, -1, first=2)

        assert first == Decimal("29.80")
        assert invoice(store, run) == Decimal("-2.40")

    def test_backfilled_usage_is_priced_where_the_window_stands(self):
        """Usage that is filled in later is priced by what the month has already (flexprice#605)."""
        store = desk(calls(pricing=bc.Pricing(bc.TIERED, TIERS)))
        invoice_january = bc.InvoiceRun(JANUARY, policy=bc.LEVEL)
        used(store, 15)
        first = invoice(store, invoice_january)  # 25.00 + 5 x 2.40
        used(store, 10, first=2)
        february = bc.InvoiceRun(bc.Period.month(2026, 2), policy=bc.LEVEL)

        assert first == Decimal("37.00")
        assert invoice(store, february) == Decimal("23.00")  # 5 x 2.40 + 5 x 2.20

    def test_a_corrected_record_bills_the_difference(self):
        """A record that comes again with another quantity is rated anew less what was billed
        (cf-abacus#145).
        """
        store = desk(calls())
        run = bc.InvoiceRun(JANUARY, policy=bc.LEVEL)
        used(store, 100)
        first = invoice(store, run)
        used(store, 70)

        assert (first, invoice(store, run)) == (Decimal("10.00"), Decimal("-3.00"))


class TestMinimums:
    """P21: minimums and commitments under changes."""

    def test_a_commitment_counts_once_where_a_charge_is_split(self):
        """A price that changes inside the month makes two lines and one minimum
        (flexprice#2364).
        """
        dearer = calls(changes=[bc.Change("2026-01-16", unit_price="0.20")])
        floor = bc.Item(
            "floor",
            unit_price=100,
            billing_type=bc.MINIMUM_FEE,
            cadence=bc.monthly(anchor="2026-01-01"),
        )
        store = desk(dearer, floor)
        for day, amount in (("2026-01-10", 100), ("2026-01-20", 100)):
            store.add_usage("acme", bc.UsageRecord(f"U-{day}", "calls", day, amount))
        (draft,) = bc.execute(bc.InvoiceRun(JANUARY), store).drafts
        amounts = [(line.item.id, line.net) for line in draft.lines]

        assert amounts == [
            ("calls", Decimal("10.00")),
            ("calls", Decimal("20.00")),
            ("floor", Decimal("70.00")),
        ]

    def test_daily_runs_charge_one_floor(self):
        """Thirty-one daily runs charge the minimum once, not thirty-one times."""
        floor = bc.Item(
            "floor",
            unit_price=31,
            billing_type=bc.MINIMUM_FEE,
            cadence=bc.monthly(anchor="2026-01-01"),
        )
        store = desk(calls(), floor)
        used(store, *[10] * 31)
        billed = sum(
            invoice(store, bc.InvoiceRun(bc.Period.day(day), policy=bc.LEVEL))
            for day in (date(2026, 1, number) for number in range(1, 32))
        )

        assert billed == Decimal("31.00")


def order(number, *lines, **fields):
    """Make an order of lines with title, quantity and price."""
    children = [
        bc.SourceRecord(
            "Line",
            f"{number}-{place}",
            {"ON_Title": "Part", "ON_Quantity": 1, "ON_UnitPrice": price, **own},
        )
        for place, (price, own) in enumerate(lines)
    ]
    values = {"ON_Account": "acme", **fields}
    return bc.SourceRecord("Order", f"O-{number}", values, children={"Lines": children})


ORDERS = bc.Filter("Orders", use_case=bc.UseCase.GENERIC, target="Order", child_relation="Lines")
RUN = bc.InvoiceRun(JANUARY, selection=bc.Selection([ORDERS]))


def bill(*orders):
    """Bill orders."""
    snapshot = bc.AccountSnapshot(bc.Account("acme", currency="EUR"), records=orders)
    return bc.bill(RUN, snapshot, bc.TaxTable({}))


def test_a_split_says_what_differs():
    """P16: lines of two purchase orders go to two invoices, and the split is explained
    (lago-api#5939).
    """
    lines = [("5", {"ON_InvoiceCriterion": "PO-1"}), ("7", {"ON_InvoiceCriterion": "PO-2"})]
    outcome = bill(order(1, *lines))

    assert [draft.totals.net for draft in outcome.drafts] == [Decimal(5), Decimal(7)]
    assert [str(each) for each in outcome.splits] == [
        "they differ in invoice criterion: 'PO-1' and 'PO-2'"
    ]


@pytest.mark.parametrize(
    ("fields", "own", "expected"),
    [
        ({"ON_ServiceDate": "2026-02-01"}, {}, "OUT_OF_PERIOD"),
        ({}, {"ON_Quantity": 0}, "ZERO_QUANTITY"),
        ({}, {"ON_Invoice": "RE-1"}, "ALREADY_INVOICED"),
    ],
    ids=["another month", "quantity 0", "billed elsewhere"],
)
def test_why_a_record_was_not_billed(fields, own, expected):
    """P19: for each record that is not billed somebody can say why (killbill#156)."""
    snapshot = bc.AccountSnapshot(
        bc.Account("acme", currency="EUR"), records=[order(1, ("5", own), **fields)]
    )
    why = bc.why_not(RUN, snapshot, "Line/1-0")

    assert why.reason.name == expected
