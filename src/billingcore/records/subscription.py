"""A contract: items that are billed together, for one account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from sys import intern
from typing import Final

from attrs import evolve, field, frozen

from billingcore.records.change import Change, read_changes
from billingcore.records.custom import Custom, CustomFields, read_custom
from billingcore.records.discount import Discount
from billingcore.records.hold import Hold
from billingcore.records.item import Item
from billingcore.records.terms import FROM_USAGE
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.keys import billable_id
from billingcore.values.length import Length, read_length
from billingcore.values.sealing import fill

__all__ = ["Subscription"]

MOST_PAYMENT_DAYS: Final = 3650


@frozen(init=False, order=False)
class Subscription:
    """What an account has subscribed to; each run makes one invoice of what is due in it.

    Attributes:
        id: unique within the store.
        account: id of the account that pays.
        items: its positions; their ids differ.
        start: its first day; None was always.
        end: its last day, inclusive; None is evergreen. It cuts every item.
        auto_renewal: by how much it goes on when a term ends, like "12m"; None or "" is not at all.
        cancellation_terms: the notice before the end of a term, like "3m"; None or "" is none.
        status: billed while this is one of the policy's active statuses.
        currency: None takes the account's.
        template: name of a template; None takes the account's, then the one named Default.
        entity: name of the business entity that sells; None takes the account's.
        payment_days: days until payment is due; None takes the account's, then the template's.
        order_discount: reduces its lines on each document, each by its share.
        reference: the buyer's own reference, such as a purchase order number.
        contact: id of the contact that is its Invoice Contact whoever has that role; None takes
            the one who has it.
        custom: fields of the host's own.
        changes: other terms of all its items from certain days on, such as a pause; an item's own
            change that begins on the same day goes before.
        hold: while it lasts, nothing is billed; None is none.
        is_separate: whether it has documents of its own where subscriptions share them.
        positions: each item, with the changes of the subscription, and the name under which it is
            billed, in the order of the lines.
        metered: those of its positions that are billed by usage.
        window_key: start and end as one text.
        is_plain: whether nothing is said of its documents, and its items never change and differ in
            price, days and words only.

    Raises:
        InvalidInputError: a field is wrong, or two items have one id.
    """

    id: str
    account: str
    items: tuple[Item, ...]
    start: date | None
    end: date | None
    auto_renewal: Length | None
    cancellation_terms: Length | None
    status: str
    currency: str | None
    template: str | None
    entity: str | None
    payment_days: int | None
    order_discount: Discount | None
    reference: str
    contact: str | None
    custom: Custom
    changes: tuple[Change, ...]
    hold: Hold | None
    is_separate: bool
    positions: tuple[tuple[Item, str], ...] = field(init=False, eq=False, repr=False)
    metered: tuple[tuple[Item, str], ...] = field(init=False, eq=False, repr=False)
    window_key: str = field(init=False, eq=False, repr=False)
    is_plain: bool = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        id: str,
        *,
        account: str,
        items: Iterable[Item],
        start: DateLike | None = None,
        end: DateLike | None = None,
        auto_renewal: Length | str | None = None,
        cancellation_terms: Length | str | None = None,
        status: str = "Active",
        currency: str | None = None,
        template: str | None = None,
        entity: str | None = None,
        payment_days: int | None = None,
        order_discount: Discount | None = None,
        reference: str = "",
        contact: str | None = None,
        custom: CustomFields | Custom = (),
        changes: Iterable[Change] = (),
        hold: Hold | None = None,
        is_separate: bool = False,
    ) -> None:
        read = Boundary("Subscription", id)
        fill(
            self,
            id=read.id("id", id),
            account=read.id("account", account),
            items=tuple(read.instance("items", item, Item) for item in items),
            start=read.day("start", start),
            end=read.day("end", end),
            auto_renewal=_read_length(read, "auto_renewal", auto_renewal),
            cancellation_terms=_read_length(read, "cancellation_terms", cancellation_terms),
            status=read.text("status", status),
            currency=read.currency("currency", currency),
            template=read.optional_id("template", template),
            entity=read.optional_id("entity", entity),
            payment_days=read_payment_days(read, payment_days),
            order_discount=read.optional("order_discount", order_discount, Discount),
            reference=read.text("reference", reference),
            contact=read.optional_id("contact", contact),
            custom=read_custom(read, custom),
            changes=read_changes(read, changes),
            hold=read.optional("hold", hold, Hold),
            is_separate=read.flag("is_separate", is_separate),
        )
        read.order("end", self.start, self.end)
        ids = [item.id for item in self.items]
        if len(set(ids)) < len(ids):
            twice = next(item_id for item_id in ids if ids.count(item_id) > 1)
            raise read.refuse("items", twice, "two items have this id", "give each its own id")
        in_order = sorted(self.items, key=_sequence)
        positions = tuple((self._own(item), billable_id(self.id, item.id)) for item in in_order)
        metered = tuple([each for each in positions if each[0].recurrence in FROM_USAGE])
        fill(self, positions=positions, metered=metered)
        fill(self, window_key=intern(f"{self.start}|{self.end}"), is_plain=self._is_plain())

    def changed(self, *changes: Change, items: Iterable[str] | None = None) -> Subscription:
        """Give this subscription with further changes, of all its items or of some.

        >>> seats = Item("seats", unit_price=100)
        >>> contract = Subscription("S-1", account="acme", items=[seats])
        >>> upgraded = contract.changed(Change("2026-03-10", quantity=5), items=["seats"])
        >>> print(upgraded.items[0].changes[0])
        from 2026-03-10: quantity=5

        Args:
            changes: what changes, and from when on.
            items: the ids of the items that change; None is all of them.

        Raises:
            InvalidInputError: there is no such item.
        """
        if items is None:
            return evolve(self, changes=(*self.changes, *changes))
        wanted = {*items}
        self.check_items(wanted)
        own = (item.changed(*changes) if item.id in wanted else item for item in self.items)
        return evolve(self, items=tuple(own))

    def _is_plain(self) -> bool:
        if self.order_discount is not None or self.hold is not None or self.contact is not None:
            return False
        if self.custom or self.metered or not self.items:
            return False
        items = [item for item, _ in self.positions]
        criterion = items[0].criterion
        return all(
            item.is_plain
            and item.tax_code is not None
            and item.currency is None
            and not item.price_includes_tax
            and item.criterion == criterion
            for item in items
        )

    def check_items(self, ids: Iterable[str]) -> None:
        """Refuse ids of items that it does not have."""
        known = [item.id for item in self.items]
        for item_id in ids:
            if item_id not in known:
                fix = "use one of " + ", ".join(known)
                read = Boundary("Subscription", self.id)
                raise read.refuse("items", item_id, "there is no such item", fix)

    def _own(self, item: Item) -> Item:
        """Give an item with the changes of the whole subscription."""
        return evolve(item, changes=(*self.changes, *item.changes)) if self.changes else item


def _sequence(item: Item) -> tuple[bool, int]:
    return item.sequence is None, item.sequence or 0


def _read_length(read: Boundary, field: str, value: Length | str | None) -> Length | None:
    return None if value is None or value == "" else read.read(field, value, read_length)


def read_payment_days(read: Boundary, value: int | None) -> int | None:
    """Read days until payment is due, or nothing."""
    return None if value is None else read.count("payment_days", value, most=MOST_PAYMENT_DAYS)
