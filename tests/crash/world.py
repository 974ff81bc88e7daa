"""A small business in a log, what is done with it, and all that can be seen of it as one text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from attrs import evolve
from event_log import FileJournal, SqliteLog
from logged_store import LoggedStore

import billingcore as bc
from billingcore.testing import canonical

ACCOUNTS = 12
CURRENCIES = ("EUR", "CHF", "USD")
CODES = ("DE_19", "DE_7", "FREE")
LOGS = {"file": FileJournal, "sqlite": SqliteLog}
POSTED_ON = date(2026, 2, 1)
SERIES = bc.Template("Default").series
Step = Callable[[Any], None]

ORDERS = bc.Filter("Orders", use_case=bc.UseCase.GENERIC, target="Order", child_relation="Lines")
BOOKS = bc.Accounting(
    chart=[
        bc.GLAccount("1400", "Receivables", bc.AccountKind.ASSET),
        bc.GLAccount("1200", "Bank", bc.AccountKind.ASSET),
        bc.GLAccount("1776", "Tax", bc.AccountKind.LIABILITY),
        bc.GLAccount("8400", "Revenue", bc.AccountKind.INCOME),
    ],
    collective=[
        bc.CollectiveAccount(name, kind, account=account, contra="1400")
        for name, kind, account in (
            ("Revenue", bc.EntryType.REVENUE, "8400"),
            ("Tax", bc.EntryType.TAX, "1776"),
            ("Bank", bc.EntryType.PAYMENT, "1200"),
        )
    ],
)
RUN = bc.InvoiceRun(bc.Period.month(2026, 1), selection=bc.Selection([ORDERS]))


def given() -> dict[str, Any]:
    """Give what a store of this business is made of."""
    tax = bc.TaxTable({"DE_19": "19", "DE_7": "7", "FREE": bc.TaxRate.exempt(reason="exempt")})
    return {"tax": tax, "setup": bc.Setup(accounting=BOOKS), "filters": [ORDERS]}


def make() -> bc.MemoryStore:
    """Give the store before the first event."""
    return bc.MemoryStore(**given())


def opened(kind: str, path: Path) -> LoggedStore:
    """Open a log of a kind."""
    return LoggedStore(make, LOGS[kind](path))


def fill_and_close(store: Any, accounts: int = ACCOUNTS) -> None:
    """Add what there is to bill, and close the store."""
    fill(store, accounts)
    store.close()


def in_memory(work: Step, accounts: int = ACCOUNTS) -> str:
    """Give the documents of the same work in memory."""
    store = make()
    fill(store, accounts)
    work(store)
    return documents(store)


def fill(store: Any, accounts: int = ACCOUNTS) -> None:
    """Add accounts with contracts, usage and orders; every fifth has a contract that is wrong."""
    monthly, yearly = bc.monthly(), bc.yearly()
    for number in range(accounts):
        name, currency = f"A-{number:02}", CURRENCIES[number % 3]
        code = CODES[number % 3]
        prorated = {"billing_type": bc.RECURRING_PRORATED, "tax_code": code}
        items = [
            bc.Item("seats", unit_price="9.99", quantity=number + 1, cadence=monthly, **prorated),
            bc.Item("hosting", unit_price="365.00", cadence=yearly, **prorated),
            bc.Item("calls", unit_price="0.17", billing_type=bc.TRANSACTIONAL, tax_code=code),
            bc.Item("setup", unit_price="49.00", tax_code=code),
        ]
        batch = ("north", "south")[number % 2]
        start = date(2025, 12, 1 + number)
        records = [
            bc.Account(name, currency=currency, batch=batch),
            bc.Subscription(f"S-{number:02}", account=name, start=start, items=items),
            order(number, name, code),
        ]
        if number % 5 == 4:
            wrong = bc.Item("wrong", unit_price="1.00", tax_code="UNKNOWN")
            records.append(bc.Subscription(f"W-{number:02}", account=name, items=[wrong]))
        store.add(*records)
        store.add_usage(name, bc.UsageRecord(f"U-{number}", "calls", "2026-01-15", 30 + number))


def order(number: int, account: str, code: str) -> bc.SourceRecord:
    """Make an order with two lines."""
    lines = [
        bc.SourceRecord(
            "OrderLine",
            f"{number}-{line}",
            {"ON_Title": "Lamp", "ON_Quantity": line, "ON_UnitPrice": "29.90", "ON_Tax": code},
        )
        for line in (1, 2)
    ]
    return bc.SourceRecord("Order", str(number), {"ON_Account": account}, children={"Lines": lines})


def settle(store: Any, of: str = "") -> None:
    """Post what there is, and pay half of it."""
    bc.post(store, on=POSTED_ON, batch=5, of=of)
    collect(store)


def collect(store: Any) -> None:
    """Record that half of the invoices were paid."""
    for invoice in store.invoices():
        if int(invoice.number[-1]) % 2:
            pay(store, invoice)


def pay(store: Any, invoice: bc.Invoice) -> None:
    """Record the payment of an invoice; once more is no other payment."""
    payment = bc.Payment(
        f"P-{invoice.number}",
        account=invoice.account.id,
        amount=invoice.totals.gross,
        currency=invoice.currency,
        date="2026-02-10",
        invoices=[invoice.number],
    )
    bc.pay(store, payment)


def work(store: Any) -> None:
    """Bill January in windows of four accounts, post, and record payments."""
    bc.execute(RUN, store, window=4)
    settle(store)


def go_on(store: Any) -> None:
    """Do what is left after a crash: end the execution that died, then go on to the end."""
    known = [*store.runs()]
    died = next((each for each in known if each.is_live), None)
    if died is not None and died.kind is bc.RunKind.POSTING:
        settle(store, of=died.id)
        return
    if known:
        bc.resume("latest" if died is None else died.id, store, window=4)
    else:
        bc.execute(RUN, store, window=4)
    settle(store)


def do_nightly(store: Any) -> None:
    """Do what a job does that is started again, whatever became of it the night before."""
    posting = evolve(RUN, expected=bc.ExpectedStatus.POSTED, invoice_date=POSTED_ON)
    bc.execute(posting, store, window=4, owner="nightly job")
    collect(store)


class Business(NamedTuple):
    """What is done, and what is done after a crash."""

    work: Step
    go_on: Step


BUSINESSES = {"by_hand": Business(work, go_on), "nightly": Business(do_nightly, do_nightly)}


def seen(store: Any) -> str:
    """Write all that the store knows, but for how many executions it took; takes a number for that."""
    skipped = bc.skip_number(SERIES, store, on=POSTED_ON, reason="to see which is the next")
    return "\n".join([documents(store), canonical(skipped), *claims_of(store)])


def documents(store: Any) -> str:
    """Write the documents and the books."""
    return "\n".join(
        [
            *map(canonical, store.invoices()),
            *map(canonical, store.drafts()),
            *map(canonical, store.skipped()),
            *sorted(map(canonical, store.failures(RUN.id))),
            *(text for each in store.accounts() for text in _books_of(store, each)),
        ]
    )


def _books_of(store: Any, account: str) -> Iterator[str]:
    """Yield what is kept of an account besides its documents."""
    books = store.books(account)
    yield canonical([*books.invoices])
    for kept in (books.payments, books.assignments, books.clearings, books.closings, books.entries):
        yield canonical(kept)


def claims_of(store: Any) -> Iterator[str]:
    """Yield what is billed of each account, by which documents."""
    for account in store.accounts():
        known = store.snapshot(account)
        yield canonical([sorted(known.documents), sorted(map(canonical, known.claims))])
        yield canonical(
            {name: [each.document for each in known.lines[name]] for name in sorted(known.lines)}
        )


def is_sound(store: Any) -> bool:
    """Tell whether the chains of hashes hold, in a store that has any."""
    return not (hasattr(store, "verify") and store.verify())
