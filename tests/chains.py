"""Documents of one agreement in a store, as tests of chains need them."""

from __future__ import annotations

import billingcore as bc

TAX = bc.TaxTable({"DE_19": 19, "DE_16": 16, "DE_7": 7})
ACME = bc.Account("acme", name="Acme GmbH", currency="EUR", debtor="10000")
DAYS = bc.Period.month(2026, 1)
PARTIAL, PROGRESS = bc.InvoiceKind.PARTIAL, bc.InvoiceKind.PROGRESS
DEPOSIT, FINAL = bc.InvoiceKind.DEPOSIT, bc.InvoiceKind.FINAL
PRO_FORMA = bc.InvoiceKind.PRO_FORMA


def store_with(account=ACME, **options):
    """Give a store with one account."""
    store = bc.MemoryStore(tax=TAX, setup=bc.Setup(**options))
    store.add(account)
    return store


def made(store, kind, *amounts, key="house", account="acme", policy=bc.DOCUMENTED, **options):
    """Make a draft of a kind; each amount is a net one at 19 %, or a pair of it and a tax code."""
    books = store.books(account)
    items = [
        bc.Item(f"work-{count}", title=f"Work {count}", unit_price=net, tax_code=code)
        for count, (net, code) in enumerate(map(_coded, amounts), 1)
    ]
    count = len(books.invoices) + len(books.drafts) + 1
    options.setdefault("reference", f"{kind.value}-{count}")
    return bc.draft(
        books.account, items, period=DAYS, tax=TAX, setup=store.setup, policy=policy,
        kind=kind, sub_invoice_key=key, books=books, **options,
    )  # fmt: skip


def _coded(amount):
    return amount if isinstance(amount, tuple) else (amount, "DE_19")


def issue(store, kind, *amounts, on="2026-02-01", **options):
    """Make a document of a kind, finalize it, and give it back."""
    return bc.finalize(made(store, kind, *amounts, **options), store, on=on)


def pay(store, name, amount, *numbers, on="2026-03-01", account="acme", currency="EUR"):
    """Record a payment for documents."""
    payment = bc.Payment(
        name, account=account, amount=amount, currency=currency, date=on, invoices=numbers
    )
    (effects,) = bc.pay(store, payment)
    return effects


def cancel(store, document, on="2026-09-30", account="acme"):
    """Cancel a document, and give the cancellation back."""
    return bc.finalize(bc.cancel(document, store.books(account)), store, on=on)


def states(store, account="acme"):
    """Give number → state and balance of all documents of an account."""
    books = store.books(account)
    found = {number: bc.standing(books, number) for number in books.invoices}
    return {number: (each.status.value, each.balance) for number, each in found.items()}
