"""One position of a document.

Lines are made by the million, so they are built open, as slotted objects with plain stores, and
sealed into a `LineItem` when their document is complete. An open line never leaves the library.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from attrs import define, field, fields

from billingcore.lines.origin import LineOrigin, ReversalOrigin
from billingcore.periods.span import Span
from billingcore.records.claims import Cover
from billingcore.records.custom import Custom
from billingcore.records.discount import Discount
from billingcore.records.item import Item
from billingcore.records.setup import Heading
from billingcore.records.source import SourceRef
from billingcore.records.subscription import Subscription
from billingcore.records.taxes import Tax
from billingcore.records.terms import LineType
from billingcore.values.calendar import ONE_DAY
from billingcore.values.context import EXACT
from billingcore.values.keys import billing_key
from billingcore.values.period import Period
from billingcore.values.sealing import Sealed

__all__ = ["Corrected", "LineItem", "OpenLine", "is_fee", "reopen"]

_OF_NO_RECORD: Final = (LineType.DEDUCTION, LineType.TAX_DELTA)
"""Lines that bill nothing by themselves."""


class Corrected(NamedTuple):
    """Which line of an invoice is corrected by a line.

    Attributes:
        document: the number of the invoice.
        number: the number of its line.
        is_credit: whether days are taken back; if not, they are billed anew.
        is_as_billed: whether price and discounts are the corrected line's, but for what changed.
        keeps_tax: whether the tax is the corrected line's, too.
    """

    document: str
    number: int
    is_credit: bool
    is_as_billed: bool = True
    keeps_tax: bool = True


@define(weakref_slot=False)
class OpenLine:
    """A line that is still being made."""

    number: int
    item: Item
    subscription: Subscription | None
    subscription_id: str
    heading: Heading
    filter: str
    span: Span
    currency: str
    amount: Decimal
    discount: Decimal
    order_discount: Decimal
    net: Decimal
    tax: Tax
    tax_amount: Decimal | None
    billable: str
    own_key: str
    type: LineType = field(default=LineType.PRODUCT)
    corrects: Corrected | None = field(default=None)
    origin: LineOrigin | None = field(default=None)

    @property
    def separate_id(self) -> str:
        """The subscription's id, if its lines are to have documents of their own; else empty."""
        contract = self.subscription
        return contract.id if contract is not None and contract.is_separate else ""

    @property
    def credit_of(self) -> str:
        """The number of the invoice of which it takes days back; empty if it takes none back."""
        return self.corrects.document if self.corrects and self.corrects.is_credit else ""

    @property
    def shares_order_discounts(self) -> bool:
        """Whether order discounts are shared with it; what corrects another line has that one's."""
        return self.corrects is None or not self.corrects.is_as_billed

    def order_discounts(self, on_document: Discount | None) -> tuple[Discount, ...]:
        """Give those that its order discount is a share of: its contract's, and its document's.

        Empty for what corrects or gives back another line, whose share is from there.
        """
        if not self.shares_order_discounts or isinstance(self.origin, ReversalOrigin):
            return ()
        contract = self.subscription
        every = (None if contract is None else contract.order_discount, on_document)
        return tuple(each for each in every if each is not None)

    @property
    def entered(self) -> Iterator[tuple[str, str]]:
        """The records that it bills, each with its filter, as reports name them."""
        if self.origin is not None:
            yield from self.origin.entered
        elif self.type not in _OF_NO_RECORD:
            yield self.record, self.filter

    @property
    def concerned(self) -> Iterator[tuple[str, str]]:
        """The same, with the item whose usage it bills: what has to be told if it is not made."""
        yield from self.entered
        if self.origin is not None and self.subscription is not None:
            yield self.record, self.filter

    @property
    def sources(self) -> tuple[SourceRef, ...]:
        """The records of the host that it bills; empty for subscriptions and by hand."""
        return () if self.origin is None else self.origin.sources

    @property
    def priced(self) -> Decimal:
        """What the line costs after discounts: net, or gross if its price includes tax."""
        return EXACT.subtract(EXACT.subtract(self.amount, self.discount), self.order_discount)

    @property
    def billing_key(self) -> str:
        """What it bills, as one stable text; no two live lines share one."""
        cover = self.span.cover
        first = None if cover is None else cover.start
        return self.own_key or billing_key(self.billable, first)

    @property
    def record(self) -> str:
        """What is billed by it, as reports name it."""
        return self.billable or self.item.id

    @property
    def title(self) -> str:
        """What it says: the item's title, or its id."""
        return self.item.label

    @property
    def description(self) -> str:
        """A longer text below the title."""
        return self.item.description

    @property
    def quantity(self) -> Decimal:
        """How many."""
        return self.item.quantity

    @property
    def unit_price(self) -> Decimal:
        """The price of one unit for one unit of the billing period."""
        return self.item.unit_price

    @property
    def unit_code(self) -> str:
        """UN/ECE Recommendation 20 code of the quantity's unit: BT-130."""
        return self.item.unit_code

    @property
    def custom(self) -> Custom:
        """Fields of the host's own, from the item."""
        return self.item.custom

    @property
    def service_period(self) -> Period:
        """The days of service, half-open; `first` and `last` are inclusive."""
        return self.span.service_period

    @property
    def service_end(self) -> date:
        """The last day of service, inclusive."""
        _, stop = self.span.service_period.bounds
        return stop - ONE_DAY

    @property
    def factor(self) -> Fraction:
        """The billing factor: what share of, or how many, unit prices."""
        return self.span.factor


class LineItem(Sealed, OpenLine):
    """One position of a document, complete and unchangeable.

    Attributes:
        number: its place on the document, from 1.
        item: what is sold and at what price, as it was billed.
        subscription: the contract that it bills; None for a line made by hand.
        subscription_id: its id; empty for a line made by hand.
        heading: who sells it, on which terms.
        filter: the filter under which it was selected; empty if none.
        span: its days of service and their billing factor.
        currency: of all its amounts.
        amount: unit price x quantity x factor, rounded; net or gross as the item's price is.
        discount: what its own discount takes off.
        order_discount: its share of the order discount.
        net: its amount after discounts without tax: BT-131 of EN 16931.
        tax: the tax that applies to it.
        tax_amount: its own rounded tax, where tax is rounded per line; else None.
        billable: the name under which it is billed; empty for a line made by hand.
        own_key: its billing key if that does not follow from what it bills, as by hand.
        type: what it is on the document.
        corrects: the billed line that it takes back, or bills anew; None if it corrects none.
        origin: where it comes from, if it bills records of the host or usage; else None.
    """

    __slots__ = ()

    @property
    def covers(self) -> tuple[Cover, ...]:
        """What it bills, and for which days; empty for a line made by hand."""
        if not self.billable:
            return ()
        covers = None if self.origin is None else self.origin.covers
        if covers is not None:
            return covers
        is_release = self.corrects is not None and self.corrects.is_credit
        return (Cover(self.billable, self.span.cover, self.item.version, is_release),)

    @property
    def is_hidden(self) -> bool:
        """Whether it counts but is not shown."""
        return self.type is LineType.TAX_DELTA


_FEES: Final = (LineType.SHIPPING, LineType.HANDLING)


def is_fee(line: OpenLine) -> bool:
    """Tell whether a line stands after the products."""
    return line.type in _FEES


def reopen(line: OpenLine) -> OpenLine:
    """Give an open copy of a line."""
    return OpenLine(*(getattr(line, each.name) for each in fields(OpenLine)))
