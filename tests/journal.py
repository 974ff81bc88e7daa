"""A year of journal entries, made by hand: what the tests of exports write and read again.

Nothing here computes what to book. Every amount is whole cents by construction, and each customer
is called something that breaks files which do not take care.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from billingcore.ledger.entry import JournalEntry, JournalLine, Side
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import (
    AccountKind,
    CollectiveAccount,
    EntryType,
    GLAccount,
)

DEBIT, CREDIT = Side.DEBIT, Side.CREDIT

ACCOUNTING = Accounting(
    chart=[
        GLAccount("0990", "Deferred revenue", AccountKind.LIABILITY),
        GLAccount("1200", "Bank", AccountKind.ASSET),
        GLAccount("1776", "VAT 19 %", AccountKind.LIABILITY),
        GLAccount("1771", "VAT 7 %", AccountKind.LIABILITY),
        GLAccount("2400", "Bad debts", AccountKind.EXPENSE),
        GLAccount("8200", "Revenue: services & more", AccountKind.INCOME),
        GLAccount("8210", "", AccountKind.INCOME),
        GLAccount("8400", "Revenue 19 %, automatic", AccountKind.INCOME, is_automatic=True),
    ],
    collective=[CollectiveAccount("Deferred", EntryType.DEFERRED, account="0990")],
)

HOSTILE = (
    'The "Old" \\ Inn',
    "2026-01-01 open Assets:Stolen EUR",
    "Line one\n2026-01-01 * open\n  Assets:Bank  1 EUR",
    "=cmd|' /C calc'!A0",
    "Müller & Söhne; c/o Łukasz Żak | Büro (Köln)",
    "مؤسسة\u202e التجارة",
    "株式会社🦄",
    "*!(unclosed [2026-99-99] :tag: a::b",
    "x" * 300,
    "include /etc/passwd\n@alias end comment\t#%",
    "\\n\\",
    "\u2028Zero\u200bWidth\ufeff, date:nonsense",
)


def side_of(cents):
    """Tell on which side signed cents stand."""
    return DEBIT if cents > 0 else CREDIT


def euros(cents):
    """Write cents as an amount without sign."""
    return Decimal(abs(cents)).scaleb(-2)


def detail(number, contra, cents, type, **more):
    """Make a booking detail: signed cents on an account, against another."""
    return JournalLine(number, side_of(cents), euros(cents), type, contra, **more)


def entry_of(entry_id, day, details, **fields):
    """Make an entry of details, with the sum on each other side."""
    sums = {}
    for each in details:
        sums[each.contra] = sums.get(each.contra, 0) - int(each.signed.scaleb(2))
    contras = [
        JournalLine(number, side_of(cents), euros(cents), EntryType.CONTRA_ACCOUNT)
        for number, cents in sums.items()
        if cents
    ]
    return JournalEntry(
        entry_id,
        **{
            "source": entry_id,
            "date": day,
            "document_date": day,
            "period": f"{day:%Y-%m}",
            "currency": "EUR",
            "lines": [*details, *contras],
            "account": "acme",
            **fields,
        },
    )


def invoice(number, day, debtor, net, low, **fields):
    """Book an invoice of two rates: cents at 19 %, cents at 7 %."""
    taxed = [("8200", net, EntryType.REVENUE, "DE_19"), ("8210", low, EntryType.REVENUE, "DE_7")]
    taxed += [
        ("1776", net * 19 // 100, EntryType.TAX, "DE_19"),
        ("1771", low * 7 // 100, EntryType.TAX, "DE_7"),
    ]
    details = [
        detail(account, debtor, -cents, kind, tax_code=code, tax_rate=Decimal(code[3:]))
        for account, cents, kind, code in taxed
        if cents
    ]
    text = f"Invoice {number}"
    return entry_of(f"invoice/{number}", day, details, document=number, text=text, **fields)


def reversal(entry, day):
    """Undo an entry by the opposite one."""
    lines = [each._replace(side=each.side.other) for each in entry.lines]
    return JournalEntry(
        f"{entry.id}~2",
        source=entry.source,
        date=day,
        document_date=day,
        period=f"{day:%Y-%m}",
        currency=entry.currency,
        lines=lines,
        account=entry.account,
        name=entry.name,
        document=f"{entry.document}-C",
        text="Cancellation",
        reverses=entry.id,
    )


def owed(entry, debtor):
    """Give what a debtor owes by an entry, in cents."""
    return sum(int(each.signed.scaleb(2)) for each in entry.lines if each.account == debtor)


def payment(number, day, debtor, cents, **fields):
    """Book money that came in."""
    details = [detail("1200", debtor, cents, EntryType.PAYMENT)]
    return entry_of(f"payment/{number}", day, details, text="Payment", **fields)


def year(names=HOSTILE, currency="EUR"):
    """Make a year: an invoice a month for each customer, most of them paid, some undone."""
    entries = []
    for place, name in enumerate(names):
        debtor = str(10001 + place)
        fields = {"name": name, "account": f"C-{place}", "currency": currency}
        for month in range(1, 13):
            number = f"{currency}-{month:02}{place:03}"
            day = dt.date(2026, month, 1 + (place * 7 + month) % 20)
            low = 100 * ((place + month) % 4)
            made = invoice(number, day, debtor, 100 * (37 * place + 11 * month + 1), low, **fields)
            entries.append(made)
            entries += after(
                made, number, day + dt.timedelta(days=6), debtor, place + month, fields
            )
    return entries


def after(made, number, day, debtor, turn, fields):
    """Make what follows an invoice: it is undone, written off, paid in two parts, or paid."""
    cents = owed(made, debtor)
    if turn % 11 == 0:
        return [reversal(made, day)]
    if turn % 7 == 0:
        lost = [detail("2400", debtor, cents, EntryType.WRITE_OFF)]
        return [entry_of(f"payment/W-{number}", day, lost, text="Write-off", **fields)]
    if turn % 5 == 0:
        first = payment(f"{number}-1", day, debtor, cents // 3, **fields)
        return [first, payment(f"{number}-2", day, debtor, cents - cents // 3, **fields)]
    return [payment(number, day, debtor, cents, **fields)] if turn % 3 else []


def sums_of(entries, until=dt.date.max):
    """Add up an account and currency by plain addition of cents."""
    sums = {}
    for entry in entries:
        for line in entry.lines if entry.date <= until else ():
            key = (line.account, entry.currency)
            sums[key] = sums.get(key, 0) + int(line.signed.scaleb(2))
    return {key: Decimal(cents).scaleb(-2) for key, cents in sums.items()}
