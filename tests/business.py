"""A year of business of a small company, billed, paid, credited and canceled by the library."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import billingcore as bc
from tests.bookkeeping import ACCOUNTING
from tests.canceling import cancel
from tests.journal import HOSTILE

TAXES = bc.TaxTable({"DE_19": 19, "DE_7": 7})
DEFERRED = bc.BookingTerms(recognition=bc.Recognition.BOOKING_MONTH, center="C-1")
LAST = date(2026, 12, 31)


NAMES = [name for name in HOSTILE if not {*"\n\t\u2028\u202e\u200b\ufeff"} & {*name}]
"""Hostile names that an account may have; the others are refused where they enter."""


def items():
    """Give what each customer has: seats, a magazine, a licence for the year, a setup."""
    monthly = {"billing_type": bc.RECURRING_PRORATED, "cadence": bc.monthly()}
    return [
        bc.Item("seats", unit_price="33.33", quantity=3, tax_code="DE_19", **monthly),
        bc.Item("magazine", unit_price="7.77", tax_code="DE_7", **monthly),
        bc.Item(
            "licence",
            unit_price="999.99",
            tax_code="DE_19",
            billing_type=bc.RECURRING,
            cadence=bc.yearly(),
            booking=DEFERRED,
        ),
        bc.Item("setup", unit_price="49.90"),
    ]


def opened():
    """Give a store with a customer for each hostile name."""
    store = bc.MemoryStore(tax=TAXES, setup=bc.Setup(accounting=ACCOUNTING))
    for count, name in enumerate(NAMES, 1):
        account = f"K{count}"
        store.add(bc.Account(account, name=name, currency="EUR", debtor=str(10000 + count)))
        start = date(2026, 1, 1) + timedelta(days=9 * count)
        store.add(bc.Subscription(f"S{count}", account=account, start=start, items=items()))
    return store


def money_for(store, invoice, count):
    """Record what the customer pays: in full, in part, too much, or nothing."""
    amount = invoice.totals.due * (100, 40, 130, 0)[count % 4] / 100
    payment = bc.Payment(
        f"P-{invoice.number}",
        account=invoice.account.id,
        amount=amount.quantize(Decimal("0.01")),
        currency="EUR",
        date=invoice.date + timedelta(days=10),
        invoices=[invoice.number],
    )
    bc.pay(store, payment)


def give_back(store, invoice, count):
    """Credit some documents in part, cancel some, and give some up."""
    books = store.books(invoice.account.id)
    if count % 7 == 3:
        day = min(invoice.date + timedelta(days=20), LAST)
        quarter = (invoice.totals.gross / 4).quantize(Decimal("0.01"))
        draft = bc.credit(invoice.number, books, gross=quarter)
        bc.finalize(draft, store, on=day)
    elif count % 11 == 5:
        cancel(store, invoice.number, min(invoice.date + timedelta(days=21), LAST))
    elif count % 5 == 2 and bc.balance_of(books, invoice.number) > 0:
        bc.pay(store, bc.write_off(books, invoice.number, on=LAST))


def year():
    """Give the store after a year."""
    store = opened()
    count = 0
    for month in range(1, 13):
        run = bc.InvoiceRun(bc.Period.month(2026, month))
        day = date(2026, month, 28)
        drafts = list(bc.execute(run, store).drafts)
        for invoice in bc.finalize_all(drafts, store, on=day).invoices:
            count += 1
            money_for(store, invoice, count)
            give_back(store, invoice, count)
    return store


def entries_of(store):
    """Give all journal entries, in the order of their days."""
    found = [
        entry
        for account in store.accounts()
        for entries in store.books(account).entries.values()
        for entry in entries
    ]
    return sorted(found, key=lambda entry: (entry.date, entry.id))
