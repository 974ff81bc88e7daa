"""A contract: items that are billed together, for one account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from sys import intern
from typing import Final

from attrs import field, frozen

from billingcore.records.custom import Custom, CustomFields, read_custom
from billingcore.records.discount import Discount
from billingcore.records.item import Item
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.keys import billable_id
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
        status: billed while this is one of the policy's active statuses.
        currency: None takes the account's.
        template: name of a template; None takes the account's, then the one named Default.
        entity: name of the business entity that sells; None takes the account's.
        payment_days: days until payment is due; None takes the account's, then the template's.
        order_discount: reduces its lines on each document, each by its share.
        reference: the buyer's own reference, such as a purchase order number.
        custom: fields of the host's own.
        positions: each item with the name under which it is billed, in the order of the lines.
        window_key: start and end as one text.

    Raises:
        InvalidInputError: a field is wrong, or two items have one id.
    """

    id: str
    account: str
    items: tuple[Item, ...]
    start: date | None
    end: date | None
    status: str
    currency: str | None
    template: str | None
    entity: str | None
    payment_days: int | None
    order_discount: Discount | None
    reference: str
    custom: Custom
    positions: tuple[tuple[Item, str], ...] = field(init=False, eq=False, repr=False)
    window_key: str = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        id: str,
        *,
        account: str,
        items: Iterable[Item],
        start: DateLike | None = None,
        end: DateLike | None = None,
        status: str = "Active",
        currency: str | None = None,
        template: str | None = None,
        entity: str | None = None,
        payment_days: int | None = None,
        order_discount: Discount | None = None,
        reference: str = "",
        custom: CustomFields | Custom = (),
    ) -> None:
        read = Boundary("Subscription", id)
        fill(
            self,
            id=read.id("id", id),
            account=read.id("account", account),
            items=tuple(read.instance("items", item, Item) for item in items),
            start=read.day("start", start),
            end=read.day("end", end),
            status=read.text("status", status),
            currency=read.currency("currency", currency),
            template=read.optional_id("template", template),
            entity=read.optional_id("entity", entity),
            payment_days=read_payment_days(read, payment_days),
            order_discount=read.optional("order_discount", order_discount, Discount),
            reference=read.text("reference", reference),
            custom=read_custom(read, custom),
        )
        read.order("end", self.start, self.end)
        ids = [item.id for item in self.items]
        if len(set(ids)) < len(ids):
            twice = next(item_id for item_id in ids if ids.count(item_id) > 1)
            raise read.refuse("items", twice, "two items have this id", "give each its own id")
        in_order = sorted(self.items, key=_sequence)
        positions = tuple((item, billable_id(self.id, item.id)) for item in in_order)
        fill(self, positions=positions)
        fill(self, window_key=intern(f"{self.start}|{self.end}"))


def _sequence(item: Item) -> tuple[bool, int]:
    return item.sequence is None, item.sequence or 0


def read_payment_days(read: Boundary, value: int | None) -> int | None:
    """Read days until payment is due, or nothing."""
    return None if value is None else read.count("payment_days", value, most=MOST_PAYMENT_DAYS)
