"""Texts that have broken programs, the longest values and the ends of the calendar, in every field."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import billingcore as bc
from tests.crash import world

LONGEST_ID, LONGEST_TEXT = 255, 10_000
"""Characters that records allow."""

SQL = {
    "quote": "'; DROP TABLE account; --",
    "double quote": '" OR "1"="1',
    "placeholders": "?1 ? $1 :a @a %s %(a)s %%",
    "braces": "{0} {} {text} {{",
    "escapes": "\\'; \\x00 \\u0000 E'\\\\' \\",
    "like": "%_[a-z]*",
    "comment": "/* */ -- #",
    "words": "NULL",
    "json": '{"a": [1, null]}\\"',
}
OTHER = {
    "right to left": "שלום עולם",
    "arabic": "فاتورة",
    "bidirectional": "a\u202eb\u202c",
    "emoji": "👩‍👩‍👧‍👦🧾",
    "combining": "e\u0301\u0323",
    "composed": "ệ",
    "sharp s": "straße",
    "capital": "STRASSE",
    "dotted i": "İı",
    "mark": "\ufeffmark",
    "last": "\U0010fffd",
    "wide": "請求書",
    "no-break": "a\u00a0b",
}
TEXTS = SQL | OTHER


def _longest(length: int, first: int, last: int) -> str:
    """Give text of a length that no database can shorten."""
    drawn = Random(5)  # noqa: S311 - the same each time
    return "".join(chr(drawn.randrange(first, last)) for _ in range(length))


LONGEST = {
    f"{size} bytes": (_longest(LONGEST_ID, *letters), _longest(LONGEST_TEXT, *letters))
    for size, letters in ((1, (0x61, 0x7B)), (2, (0x430, 0x450)), (4, (0x20000, 0x2A000)))
}
"""The longest id and the longest text, of letters that take so many bytes each."""


def everywhere(name: str, text: str) -> list[bc.Account | bc.Subscription | bc.SourceRecord]:
    """Make records that have a name in all fields of names, and a text in all fields of texts."""
    custom = {name: text}
    account = bc.Account(
        name,
        name=text,
        currency="EUR",
        tax_id=text,
        address=text,
        debtor=text,
        payment_method=text,
        batch=text,
        custom=custom,
        external_ids={name: name},
        hold=bc.Hold("2020-01-01", reason=text),
    )
    billed = {"unit_price": "10.00", "tax_code": "FREE", "unit_code": "C62"}
    contract = bc.Subscription(
        name,
        account=name,
        start="2026-01-01",
        reference=text,
        custom=custom,
        items=[
            bc.Item(
                name,
                title=text,
                description=text,
                criterion=text,
                product=text,
                order_no=text,
                custom=custom,
                **billed,
            ),
            bc.Item("calls", unit_price="0.10", billing_type=bc.TRANSACTIONAL, tax_code="FREE"),
        ],
    )
    line = {"ON_Title": text, "ON_Quantity": 1, "ON_UnitPrice": "5.00", "ON_Tax": "FREE"}
    lines = [bc.SourceRecord("OrderLine", name, line)]
    order = bc.SourceRecord(
        "Order", name, {"ON_Account": name, "Other": text}, children={"Lines": lines}
    )
    return [account, contract, order]


def fill(store: object, name: str, text: str) -> None:
    """Put such records, and all else that an account has, into a store."""
    store.add(*everywhere(name, text))
    store.add_usage(name, bc.UsageRecord(name, "calls", "2026-01-15", 3, custom={name: text}))
    contact = bc.Contact(name, account=name, name=name, address=text)
    store.put_contacts(name, bc.Contacts([contact]))
    store.put_coupons(name, bc.Coupon(name, bc.Discount.percent(10)))


def pay(store: object) -> None:
    """Record a payment of each invoice, with as much text as its account has."""
    for invoice in [*store.invoices()]:
        payer = invoice.account
        bc.pay(
            store,
            bc.Payment(
                payer.id[
                    : LONGEST_ID - len("cash-discount/2026-00001/")
                ],  # names of others begin so
                account=payer.id,
                amount="4.00",
                currency="EUR",
                date="2026-02-10",
                invoices=[invoice.number],
                method=payer.name,
                provider=payer.name,
                bank_account=payer.name,
                reference=payer.name,
                custom=payer.custom,
            ),
        )


def work(store: object) -> None:
    """Bill, post, pay, and skip a number."""
    bc.execute(world.RUN, store)
    bc.post(store, on=world.POSTED_ON)
    pay(store)
    for account in store.accounts():
        reason = f"not {account}"[:LONGEST_ID]
        bc.skip_number(world.SERIES, store, on=world.POSTED_ON, reason=reason)


def seen(store: object) -> Iterator[str]:
    """Yield all that a store knows."""
    yield world.documents(store)
    yield from world.claims_of(store)
    for account in store.accounts():
        known = store.snapshot(account)
        for each in (
            known.account,
            known.subscriptions,
            known.contacts,
            known.coupons,
            known.usage,
        ):
            yield world.canonical(each)
        yield world.canonical([record.name for record in known.records])
        yield world.canonical([record.mapping for record in known.records])
