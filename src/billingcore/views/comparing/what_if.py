"""What another policy, other prices, or anything else of the records would change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from attrs import evolve

from billingcore.ports import Source, TaxEngine
from billingcore.records.item import Item
from billingcore.records.pricing import Pricing
from billingcore.records.reasons import Problem
from billingcore.records.reference import Reference
from billingcore.records.snapshot import AccountSnapshot
from billingcore.runs.execute import plan
from billingcore.scope.criteria import Criteria
from billingcore.scope.policy import Policy
from billingcore.scope.run import InvoiceRun
from billingcore.values.boundary import Boundary
from billingcore.values.numbers import AmountLike
from billingcore.views.comparing.compare import compare
from billingcore.views.comparing.summary import KEEP, Comparison

__all__ = ["Imagined", "what_if"]

_NOTHING: Final = (
    "neither side bills anything; of a time that is billed already ask with as_if_unbilled=True"
)

Changing = Callable[[AccountSnapshot], AccountSnapshot]
"""Gives an account with other records."""


def what_if(
    run: InvoiceRun,
    source: Source,
    *,
    policy: Policy | None = None,
    prices: Mapping[str, AmountLike | Pricing] | None = None,
    tax: TaxEngine | None = None,
    change: Changing | None = None,
    as_if_unbilled: bool = False,
    keep: int = KEEP,
) -> Comparison:
    """Preview a run twice, as it is and with something else, and compare; nothing is stored.

    >>> from billingcore import Account, Item, MemoryStore, Period, Subscription
    >>> store = MemoryStore()
    >>> seats = Item("seats", unit_price=100, quantity=3)
    >>> store.add(Account("acme", currency="EUR"))
    >>> store.add(Subscription("S-1", account="acme", items=[seats]))
    >>> found = what_if(InvoiceRun(Period.month(2026, 1)), store, prices={"seats": "110"})
    >>> print(found.difference("EUR").net)
    30.00

    Args:
        run: what is billed, on both sides.
        source: the accounts, as they are; each is read twice.
        policy: by which the side after is billed; None is the run's.
        prices: a new price list: product, or id of an item without one, to its unit price or
            pricing. A unit price takes the place of tiers; of packages and percentages it is the
            price that they are of. Dated changes of an item go before, as they always do.
        tax: the tax engine of the side after; None is the source's.
        change: gives an account as it is on the side after, for everything else.
        as_if_unbilled: on both sides nothing was billed before, so that a time that is billed can
            be asked about; all that was issued and decided is left out. So a run of one month
            catches up on the months before, unless its policy forgives them.
        keep: how many of the biggest changes are listed per currency.

    Raises:
        InvalidInputError: nothing is to change, a price is wrong, *tax* is no tax engine, or *change*
            is no function.
    """
    read = Boundary("what_if")
    read.instance("run", run, InvoiceRun)
    _check_prices(read, prices)
    if change is not None and not callable(change):
        raise read.refuse("change", change, "not a function", "give a function of a snapshot")
    if tax is not None and not callable(getattr(tax, "taxes", None)):
        raise read.refuse("tax", tax, "no tax engine", "give one, like a TaxTable")
    price_list = _PriceList(prices or {})
    if not prices and all(each is None for each in (policy, tax, change)):
        fix = "give policy, prices, tax or change"
        raise read.refuse("run", run.id, "nothing is to change", fix)
    fresh: list[Changing] = [_unbilled] if as_if_unbilled else []
    others: list[Changing | None] = [price_list if prices else None, change]
    changing = [*fresh, *(each for each in others if each is not None)]
    before = plan(run, Imagined(source, source.tax, fresh))
    other = run if policy is None else evolve(run, policy=policy)
    after = plan(other, Imagined(source, source.tax if tax is None else tax, changing))
    found = compare(before, after, keep=keep)
    found.notes += [f"other price of {name!r}" for name in price_list.used]
    found.notes += [f"no item sells {name!r}, whose price was given" for name in price_list.unused]
    found.notes += ["another tax engine"] if tax is not None else []
    found.notes += ["other records"] if change is not None else []
    found.notes += ["as if nothing had been billed"] if as_if_unbilled else []
    found.notes += [_NOTHING] if not (found.totals or as_if_unbilled) else []
    return found


def _check_prices(read: Boundary, prices: object) -> None:
    """Refuse prices that have no names."""
    if prices is not None and not isinstance(prices, Mapping):
        raise read.refuse("prices", prices, "no price list", "write {product: price}")


class Imagined:
    """A source whose accounts are changed as they are read."""

    def __init__(self, source: Source, tax: TaxEngine, changing: Iterable[Changing]) -> None:
        self._source = source
        self._changing: Final = (*changing,)
        self.tax: Final = tax

    def references(self, criteria: Criteria) -> Iterable[Reference]:
        """Give the source's own."""
        return self._source.references(criteria)

    def snapshot(self, account: str) -> AccountSnapshot:
        """Read an account, and change it."""
        snapshot = self._source.snapshot(account)
        for change in self._changing:
            snapshot = change(snapshot)
        return Boundary("what_if").instance("change", snapshot, AccountSnapshot)

    def unresolved(self) -> Iterable[Problem]:
        """Give the source's own."""
        return self._source.unresolved()


def _unbilled(snapshot: AccountSnapshot) -> AccountSnapshot:
    """Give an account of which nothing was billed."""
    return evolve(snapshot, claims=(), documents=(), lines={}, drafts={}, chain=())


class _PriceList:
    """Gives accounts with other prices, and remembers which of them were used."""

    def __init__(self, prices: Mapping[str, AmountLike | Pricing]) -> None:
        for name, price in prices.items():
            _with_price(Item(name, unit_price=0), price)  # refused here, not account by account
        self._prices = prices
        self._used: set[str] = set()

    def __call__(self, snapshot: AccountSnapshot) -> AccountSnapshot:
        contracts = [
            evolve(contract, items=map(self._changed, contract.items))
            if any(_name_of(item) in self._prices for item in contract.items)
            else contract
            for contract in snapshot.subscriptions
        ]
        return evolve(snapshot, subscriptions=contracts)

    def _changed(self, item: Item) -> Item:
        name = _name_of(item)
        if name not in self._prices:
            return item
        self._used.add(name)
        return _with_price(item, self._prices[name])

    @property
    def used(self) -> Iterator[str]:
        """The names that an item has."""
        return (name for name in self._prices if name in self._used)

    @property
    def unused(self) -> Iterator[str]:
        """The names that no item has."""
        return (name for name in self._prices if name not in self._used)


def _name_of(item: Item) -> str:
    return item.product or item.id


def _with_price(item: Item, price: AmountLike | Pricing) -> Item:
    """Give an item with another unit price or pricing."""
    if isinstance(price, Pricing):
        unit_price = 0 if price.rule.has_own_prices else item.unit_price
        return evolve(item, pricing=price, unit_price=unit_price)
    keeps = item.pricing is not None and not item.pricing.rule.has_own_prices
    return evolve(item, unit_price=price, pricing=item.pricing if keeps else None)
