"""What a store holds, as texts: to compare two stores, or one before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar, cast

from attrs import evolve

from billingcore.lifecycle.books import Books
from billingcore.ports import Store
from billingcore.records.claims import Claim
from billingcore.records.setup import Setup
from billingcore.records.snapshot import AccountSnapshot
from billingcore.scope.coverage import held_days
from billingcore.scope.criteria import ALL_ACCOUNTS
from billingcore.testing.canonical import canonical

__all__ = ["Texts", "content_of"]

V = TypeVar("V")
NO_SETUP: Final = Setup()


class Texts:
    """Canonical texts of documents, which never change, so that each is written once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, str]] = {}

    def of(self, value: object) -> str:
        """Give the text of a value; it is kept, so that its place in memory stays its own."""
        if id(value) not in self._known:
            self._known[id(value)] = value, canonical(value)
        return self._known[id(value)][1]


def content_of(store: Store, texts: Texts | None = None) -> dict[str, str]:
    """Write down what a store knows of all accounts: name, like ``books/acme`` → canonical text.

    Two stores whose texts are equal bill the same from here on. What may differ between right stores is
    left out: revisions, the order of claims and in which pieces they are kept, the order of mappings,
    and the records of executions. The set-up is the caller's, and is left out, too.

    >>> from billingcore import Account, MemoryStore
    >>> store = MemoryStore()
    >>> store.add(Account("acme", currency="EUR"))
    >>> sorted(content_of(store))
    ['books/acme', 'contracts/acme', 'covered/acme', 'entries/acme', 'snapshot/acme']

    Args:
        store: the store.
        texts: those that are known already, for a store that is written down again and again.
    """
    written = Texts() if texts is None else texts
    found: dict[str, str] = {}
    accounts = dict.fromkeys(each.account for each in store.references(ALL_ACCOUNTS))
    for account in accounts:
        known, books = store.snapshot(account), store.books(account)
        found[f"covered/{account}"] = "\n".join(sorted(_covered(known.claims)))
        found[f"snapshot/{account}"] = canonical(_bare_snapshot(known))
        found[f"books/{account}"] = canonical(_bare_books(books))
        contracts = (written.of(each) for each in _sorted(known.subscriptions, "id"))
        found[f"contracts/{account}"] = "\n".join(contracts)
        entries = (
            written.of(each) for name in sorted(books.entries) for each in books.entries[name]
        )
        found[f"entries/{account}"] = "\n".join(entries)
        for number, invoice in books.invoices.items():
            found[f"invoice/{number}"] = written.of(invoice)
    for draft in store.drafts():
        found[f"draft/{draft.id}"] = written.of(draft)
    return found


def _bare_snapshot(known: AccountSnapshot) -> Any:
    """Give a snapshot in one order, with names in the place of documents and their lines."""
    lines = {
        billable: [(each.document, each.line.number, each.line.amount) for each in billed]
        for billable, billed in known.lines.items()
    }
    return evolve(
        known,
        subscriptions=(),
        claims=(),
        lines=_by_key(cast(Any, lines)),
        records=_sorted(known.records, "name"),
        usage=_sorted(known.usage, "id"),
        drafts=cast(Any, dict.fromkeys(sorted(known.drafts))),
        setup=NO_SETUP,
        revision=0,
    )


def _bare_books(books: Books) -> Any:
    """Give books in one order, with names in the place of documents; these keep their order."""
    return evolve(
        books,
        invoices=cast(Any, dict.fromkeys(books.invoices)),
        payments=_by_key(books.payments),
        entries={},
        drafts=cast(Any, dict.fromkeys(sorted(books.drafts))),
        setup=NO_SETUP,
        revision=0,
    )


def _by_key(values: Mapping[str, V]) -> dict[str, V]:
    return {key: values[key] for key in sorted(values)}


def _sorted(records: Iterable[Any], name: str) -> list[Any]:
    return sorted(records, key=lambda each: getattr(each, name))


def _covered(claims: Iterable[Claim]) -> Iterator[str]:
    """Yield what is claimed, however many claims say it."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        place = f"{claim.billable} {claim.state.name} {claim.terms!r}"
        found.setdefault(place, []).append(claim)
    for place, some in found.items():
        once = sum(-1 if each.is_release else 1 for each in some if each.period is None)
        days = [f"{start}/{stop}: {held}" for start, stop, held in held_days(some) if held]
        yield f"{place}: {once} x, {', '.join(days)}"
