"""Two stores that are to say and hold the same; `machine_rules` has the steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final, TypeVar

from attrs import evolve
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from billingcore.errors import BillingError
from billingcore.invoices.document import DraftInvoice
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.finalize import finalize
from billingcore.lifecycle.manual import draft
from billingcore.memory.store import MemoryStore
from billingcore.records.account import Account
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.item import Item
from billingcore.records.subscription import Subscription
from billingcore.runs.execute import execute
from billingcore.scope.run import InvoiceRun
from billingcore.testing.canonical import canonical
from billingcore.testing.content import Texts, content_of
from billingcore.testing.faults import Crash
from billingcore.testing.machine_world import POLICIES, SETUP, SOLD, TAX, TODAY
from billingcore.values.period import Period

__all__ = ["ACCOUNTS", "Comparison", "pick", "said", "same", "written"]

T = TypeVar("T")
ACCOUNTS: Final = ("acme", "borg")


def pick(found: Sequence[T], place: int) -> T:
    """Give one of several."""
    return found[place % len(found)]


class Comparison(RuleBasedStateMachine):
    """Does the same to a store and to one in memory, and compares what they say and hold.

    Attributes:
        make_store: gives a new empty store; a machine of its own has another one.
    """

    make_store: ClassVar[Callable[..., Any]] = MemoryStore

    def __init__(self) -> None:
        super().__init__()
        self.store: Any = self.make_store(tax=TAX, setup=SETUP, filters=())
        self.model: MemoryStore = MemoryStore(tax=TAX, setup=SETUP)
        self.seen: list[DraftInvoice] = []  # versions that may be out of date by now
        self.contracts: dict[str, Subscription] = {}
        self.run_ids: set[str] = set()
        self.count: int = 0
        self.texts: Texts = Texts()

    @property
    def drafts(self) -> list[DraftInvoice]:
        """The live drafts."""
        return [*self.model.drafts()]

    @property
    def numbers(self) -> list[str]:
        """The numbers of all invoices."""
        return [invoice.number for invoice in self.model.invoices()]

    def next_name(self, kind: str) -> str:
        """Give a name that nothing has."""
        self.count += 1
        return f"{kind}-{self.count:03}"

    def both(self, act: Callable[[Any], object]) -> None:
        """Do the same to both stores, and compare what they say."""
        wanted, found = said(act, self.model), said_or_broken(act, self.store)
        same("it is to say the same as MemoryStore", wanted, found)
        self.seen += [each for each in self.drafts if each not in self.seen[-9:]]

    @initialize()
    def open(self) -> None:
        """Begin with two accounts, an invoice of one, and a draft of the other."""
        for account in ACCOUNTS:
            name = self.next_name("S")
            self.contracts[name] = Subscription(
                name, account=account, items=SOLD[:2], start="2026-01-10"
            )
        every = [Account(name, currency="EUR", debtor="10000") for name in ACCOUNTS]
        run = InvoiceRun(Period.month(2026, 1), policy=POLICIES[0])
        self.run_ids.add(run.id)
        self.both(lambda store: store.add(*every, *self.contracts.values()))
        self.both(lambda store: [*execute(run, store).draft_ids])
        first = self.drafts[0]
        self.both(lambda store: finalize(first, store, on=TODAY))

    # ---- what is to be the same

    @invariant()
    def the_same_is_stored(self) -> None:
        """Both hold the same accounts, books, drafts and executions."""
        wanted, found = self.held(self.model), self.held(self.store)
        for name in sorted({*wanted, *found}):
            same(f"{name} is to be as in MemoryStore", wanted.get(name), found.get(name))

    def held(self, store: Any) -> dict[str, str]:
        """Write down what a store holds."""
        found = content_of(store, self.texts)
        found["drafts"] = str([each.id for each in store.drafts()])
        for name in sorted(self.run_ids):
            found[f"drafts({name})"] = str([each.id for each in store.drafts(name)])
            found[f"failures({name})"] = canonical([*store.failures(name)])
        found["runs"] = "\n".join(canonical(evolve(each, run=None)) for each in store.runs())
        return found


def written(
    store: Any,
    account: str,
    amount: Decimal,
    name: str,
    kind: InvoiceKind | None,
    key: str = "house",
) -> DraftInvoice:
    """Make a document by hand; with a kind, one of an agreement."""
    books: Books = store.books(account)
    given: Any = {"kind": kind, "sub_invoice_key": key, "books": books} if kind else {}
    items = [Item("work", unit_price=amount, tax_code="normal")]
    return draft(
        books.account,
        items,
        period=Period.month(2026, 1),
        tax=TAX,
        setup=SETUP,
        reference=name,
        **given,
    )


def said(act: Callable[[Any], object], store: object) -> str:
    """Do something to a store, and write down what it says: a result, or the kind of an error."""
    try:
        return canonical(act(store))
    except BillingError as error:
        return type(error).__name__
    except Crash as crash:
        return str(crash)


def said_or_broken(act: Callable[[Any], object], store: object) -> str:
    """Write down what the store under test says, also if it fails as no store may."""
    try:
        return said(act, store)
    except Exception as error:  # noqa: BLE001 - of a store that is being tested
        return f"{type(error).__name__}: {error}"


def same(rule: str, wanted: str | None, found: str | None) -> None:
    """Compare two texts.

    Raises:
        AssertionError: they differ; it shows where.
    """
    if wanted == found:
        return
    one, other = str(wanted), str(found)
    pairs = zip(one, other, strict=False)
    place = next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    start = max(0, place - 60)
    shown = f"expected …{one[start : place + 90]!r}, seen …{other[start : place + 90]!r}"
    raise AssertionError(f"{rule}; {shown}")
