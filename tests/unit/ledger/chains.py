"""Part invoices and finals made by hand, and a German bookkeeping with accounts for advances."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

import billingcore as bc
from billingcore.invoices.chain import Chain
from billingcore.ledger.interim import interim_entries, interim_parts
from billingcore.ledger.payments import payment_entries
from billingcore.records.chain_document import ChainDocument, TaxAmount, merged
from billingcore.tax.chain import with_deductions
from billingcore.values.rounding import Rounding
from billingcore.values.sealing import changed
from tests.bookkeeping import ACCOUNTING as PLAIN
from tests.bookkeeping import CHART, LIABILITY
from tests.unit.ledger.books import customer, draft, issued, item

ADVANCES = [
    bc.GLAccount("1593", "Advances, clearing", LIABILITY),
    bc.GLAccount("1718", "Advances received 19 %", LIABILITY),
    bc.GLAccount("1711", "Advances received 7 %", LIABILITY),
    bc.GLAccount("8740", "Cents", bc.AccountKind.EXPENSE),
]


def _account(name, kind, number, contra="", code=""):
    return bc.CollectiveAccount(name, kind, account=number, contra=contra, tax_code=code)


INTERIM = [
    _account("Interim Revenue", bc.EntryType.INTERIM_REVENUE, "1593"),
    _account("Interim Payment 19%", bc.EntryType.INTERIM_PAYMENT, "1718", "1593", "DE_19"),
    _account("Interim Payment 7%", bc.EntryType.INTERIM_PAYMENT, "1711", "1593", "DE_7"),
    _account("Interim Tax 19%", bc.EntryType.INTERIM_TAX, "1776", "1593", "DE_19"),
    _account("Interim Tax 7%", bc.EntryType.INTERIM_TAX, "1771", "1593", "DE_7"),
    _account("Clearing 19%", bc.EntryType.INTERIM_PAYMENT_CLEARING, "1718", "", "DE_19"),
    _account("Clearing 7%", bc.EntryType.INTERIM_PAYMENT_CLEARING, "1711", "", "DE_7"),
    _account("Cents", bc.EntryType.ROUNDING, "8740"),
    _account("Payout", bc.EntryType.PAYOUT, "1200"),
    _account("Fees", bc.EntryType.DUNNING_FEE, "8700"),
]
"""The table of behavior 6.5, and the same for 7 %."""

ACCOUNTING = attrs.evolve(
    PLAIN, chart=[*CHART, *ADVANCES], collective=[*PLAIN.collective, *INTERIM]
)
PROGRESS, PARTIAL = bc.InvoiceKind.PROGRESS, bc.InvoiceKind.PARTIAL
DEPOSIT, FINAL = bc.InvoiceKind.DEPOSIT, bc.InvoiceKind.FINAL
RATES = {"DE_19": 19, "DE_7": 7, "DE_0": 0}
DAY = date(2026, 1, 15)


def accounting(**changes):
    """Give the bookkeeping with some fields changed."""
    return attrs.evolve(ACCOUNTING, **changes)


def part_invoice(number, kind, *items, on=DAY, **fields):
    """Give a part invoice over items, which are made as they are or of a price."""
    made = draft(*(each if isinstance(each, bc.Item) else item(each) for each in items), **fields)
    return issued(changed(made, kind=kind, chain=Chain("house")), number, on)


def amounts(*rows):
    """Give amounts by tax code: code, net, tax."""
    return [
        TaxAmount(bc.Tax(code, rate=RATES[code]), Decimal(net), Decimal(tax))
        for code, net, tax in rows
    ]


def document(invoice, *receipts, **changes):
    """Describe a part invoice that was paid by receipts."""
    parts = amounts_of(invoice)
    due = invoice.totals.due
    split = interim_parts(parts, due, [*map(Decimal, receipts)], "EUR", Rounding.HALF_UP)
    fields = {
        "kind": invoice.kind,
        "key": "house",
        "date": invoice.date,
        "currency": "EUR",
        "invoiced": parts,
        "paid": merged(part for each in split for part in each),
        "open": max(due - sum(map(Decimal, receipts)), Decimal(0)),
    }
    return ChainDocument(invoice.number, **{**fields, **changes})


def amounts_of(invoice):
    """Give what a document asks for, by tax code."""
    rows = {}
    for line in invoice.draft.lines:
        rows.setdefault(line.tax.code, line.tax)
    return [
        TaxAmount(rows.get(row.tax.code, row.tax), row.taxable, row.amount)
        for row in invoice.totals.breakdown
    ]


def receipts_of(invoice, *receipts, books=ACCOUNTING):
    """Give the entries of what was received of an advance, P-1, P-2 and so on."""
    split = interim_parts(
        amounts_of(invoice),
        invoice.totals.due,
        [*map(Decimal, receipts)],
        "EUR",
        Rounding.HALF_UP,
    )
    return [
        entry
        for count, parts in enumerate(split, 1)
        for entry in interim_entries(
            invoice,
            parts,
            (),
            books,
            source=f"interim/{invoice.number}/payment/P-{count}",
            on=date(2026, 2, 10),
        ).entries
    ]


def paid(invoice, amount, name="P-1", books=ACCOUNTING, kind=bc.PaymentKind.PAYMENT):
    """Give the entries of a payment for a document."""
    payment = bc.Payment(
        f"{invoice.number}-{name}",
        account="acme",
        currency="EUR",
        date="2026-02-10",
        amount=amount,
        kind=kind,
        invoices=[invoice.number],
    )
    return payment_entries(payment, (), books, customer(), [invoice]).entries


def final(
    number, documents, *items, shape=bc.FinalShape.CUMULATIVE, on=date(2026, 3, 15), **fields
):
    """Give a final over items that deducts documents."""
    policy = attrs.evolve(fields.pop("policy", bc.DOCUMENTED), final_shape=shape)
    made = draft(
        *(each if isinstance(each, bc.Item) else item(each) for each in items),
        policy=policy,
        **fields,
    )
    chained = changed(made, kind=FINAL, chain=Chain("house"))
    return issued(with_deductions(chained, documents), number, on)
