"""Clauses on values: what was handed in comes back equal, or is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

from billingcore.errors import InvalidInputError
from billingcore.lifecycle.books import Effects
from billingcore.lifecycle.manual import draft
from billingcore.records.account import Account
from billingcore.records.item import Item
from billingcore.records.numbering import SkippedNumber
from billingcore.records.payment import Payment
from billingcore.scope.criteria import ALL_ACCOUNTS
from billingcore.testing.canonical import canonical
from billingcore.testing.kit.cast import ACME, DAY, JANUARY, pending
from billingcore.testing.kit.scene import Scene, clause
from billingcore.testing.machine_world import SERIES, TAX
from billingcore.values.period import Period

__all__ = [
    "check_amounts_come_back",
    "check_days_come_back",
    "check_texts_of_accounts_come_back",
    "check_texts_of_documents_come_back",
    "check_texts_of_payments_come_back",
]

T = TypeVar("T")

TEXTS: Final[dict[str, str]] = {
    "quotes": 'O\'Brien said "100 %" \\ `x`',
    "SQL": "x'); DROP TABLE drafts; -- ? %s :name $1 {0}",
    "a wildcard": "100%_*[a-z]",
    "emoji": "👩‍👩‍👧 🇪🇺 €",
    "right to left": "שלום \u202e مرحبا",
    "accents": "e\u0301 \u00e9 \u017f \u00df \u0130",
    "other alphabets": "請求書 счёт",
    "spaces": "a\u00a0b\u2003c",
    "long": "ä" * 200,
}
"""What kind of text it is → the text."""

LONGEST: Final = "ä\n" * 5_000
PRICES: Final = ("0.00001", "9999999999.99", "-0.01", "0", "1000", "1.10")


def _written(write: Callable[[], T]) -> T | None:
    """Store something; None if the store refuses it, as it may."""
    try:
        return write()
    except InvalidInputError:
        return None


def _same(scene: Scene, what: str, found: object, given: object) -> None:
    scene.same(what, canonical(found)[:2000], canonical(given)[:2000])


@clause("source")
def check_texts_of_accounts_come_back(scene: Scene) -> None:
    """Texts of accounts, ids too, come back as they were, or `InvalidInputError` refuses them."""
    store = scene.open(ACME)
    for kind, text in TEXTS.items():
        account = Account(text, name=text, currency="EUR")
        _written(partial(store.add, account))
        if any(each.account == text for each in store.references(ALL_ACCOUNTS)):
            _same(scene, f"an account ({kind})", store.snapshot(text).account, account)


@clause("source", "drafts", "invoices")
def check_texts_of_documents_come_back(scene: Scene) -> None:
    """Texts of drafts and invoices come back as they were, or `InvalidInputError` refuses them."""
    store = scene.open(ACME)
    for kind, text in TEXTS.items():
        item = Item("work", title=text, description=text, unit_price=1, tax_code="normal")
        made = draft(ACME, [item], period=JANUARY, tax=TAX, reference=text)
        kept = _written(partial(store.put, made))
        if kept is not None:
            _same(scene, f"a draft ({kind})", store.draft(made.id), kept)
            _same(scene, f"its lines ({kind})", kept.lines, made.lines)
            ((invoice, _),) = store.finalize([pending(kept)])
            found = store.books("acme").invoices[invoice.number]
            _same(scene, f"an invoice ({kind})", found, invoice)


@clause("source", "invoices")
def check_texts_of_payments_come_back(scene: Scene) -> None:
    """Texts of payments and skipped numbers come back as they were, or are refused."""
    store = scene.open(ACME)
    for place, (kind, text) in enumerate({**TEXTS, "longest": LONGEST}.items()):
        name = f"P-{place} {text[:200].split()[0]}"
        payment = Payment(
            name, account="acme", amount=20, currency="EUR", date=DAY, reference=text.strip()
        )
        _written(partial(store.record, "acme", partial(_given, Effects("acme", (payment,)))))
        found = store.books("acme").payments
        if name in found:
            _same(scene, f"a payment ({kind})", found[name], payment)
        skipped = SkippedNumber(name, DAY, text)
        kept: Any = _written(partial(store.skip, SERIES.counter(DAY, ""), partial(_given, skipped)))
        scene.same(f"a skipped number ({kind})", kept or skipped, skipped)


@clause("source", "drafts")
def check_amounts_come_back(scene: Scene) -> None:
    """Amounts come back with all their digits: small, huge and negative ones, and zero."""
    store = scene.open(ACME)
    for price in PRICES:
        item = Item("work", unit_price=price, quantity="1.000", tax_code="normal")
        made = draft(ACME, [item], period=JANUARY, tax=TAX, reference=price)
        kept = store.put(made)
        _same(scene, f"a draft of {price}", store.draft(made.id), kept)
        _same(scene, f"totals of {price}", kept.totals, made.totals)


@clause("source", "drafts")
def check_days_come_back(scene: Scene) -> None:
    """Days at the ends of the calendar come back as they were, or `InvalidInputError` refuses them."""
    store = scene.open(ACME)
    for start, stop in (("0001-01-01", "0001-02-01"), ("9999-11-30", "9999-12-31")):
        item = Item("work", unit_price=1, tax_code="normal")
        made = draft(ACME, [item], period=Period(start, stop), tax=TAX, reference=start)
        kept = _written(partial(store.put, made))
        if kept is not None:
            _same(scene, f"a draft of {start}", store.draft(made.id).lines, made.lines)


def _given(known: T, *asked: object) -> T:
    """Give what was decided, whatever is asked."""
    return known
