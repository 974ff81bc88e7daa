"""What was used: one call, one hour, one delivery, measured by somebody else.

A usage record says how much and when; which item prices it follows from its order number.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from sys import intern
from typing import Final

from attrs import field, frozen

from billingcore.errors import MissingFieldError
from billingcore.records.change import SCALE
from billingcore.records.custom import Custom, CustomFields, read_custom
from billingcore.records.source import SourceRecord
from billingcore.records.terms import UsageType
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.context import EXACT
from billingcore.values.keys import billable_id
from billingcore.values.numbers import AmountLike, NumberLike
from billingcore.values.sealing import fill

__all__ = ["NATIVE", "UsageRecord", "counted", "times"]

NATIVE: Final = "usage"
"""What stands for the type in the names of usage that is no record of the host."""


@frozen(init=False, order=False)
class UsageRecord:
    """What was used on a day, for the items of certain order numbers.

    >>> UsageRecord("U-1", "CALLS", "2026-01-15", "3.5").name
    'usage/U-1'

    Attributes:
        id: unique within the account. Handed in again with other measures or criteria it corrects
            what was billed; with quantity 0 it takes all of it back.
        order_no: the order number of the item that prices it; several, with commas between them,
            bill it to several items.
        date: the day of use.
        quantity: how much, at most 5 decimals; 0 is not billed, less than 0 gives back.
        price: its own price for one unit; None is the item's price.
        type: a transaction, or a detail, which is not billed.
        order_no_2: further order numbers.
        invoice_criterion: usage of another criterion goes to another invoice; the item's if empty.
        criterion: usage of another criterion is another line.
        tier_quantity: picks the price tier instead of the quantity, and is not multiplied.
        currency: of its own price; None is the item's.
        subscription: id of the subscription whose items can price it; None is any.
        invoice: what bills it already, as the host says; empty if nothing does.
        add_to_csv: whether it is listed in the transaction file of the invoice.
        add_to_table: whether it is listed in the transaction table of the invoice.
        custom: fields of the host's own.
        dated: how its day was found, for the line: the instant, the zone, and when a day begins
            there, as `ServiceDays` writes it; empty if it was given as a day.
        source: the record of the host that it was read from; None if it was handed in as usage.
        name: the name under which it is billed.
        order_nos: the order numbers, without blanks.
        key: all that decides its line but its day, as one text.
        is_billable: whether it is a transaction of a quantity that is not 0.
        is_plain: whether it is billable, by one item, and nobody says that it is billed.

    Raises:
        InvalidInputError: a field is wrong, with its name, its value and what to write instead.
    """

    id: str
    order_no: str
    date: dt.date
    quantity: Decimal
    price: Decimal | None
    type: UsageType
    order_no_2: str
    invoice_criterion: str
    criterion: str
    tier_quantity: Decimal | None
    currency: str | None
    subscription: str | None
    invoice: str
    add_to_csv: bool
    add_to_table: bool
    custom: Custom
    dated: str
    source: SourceRecord | None = field(eq=False, repr=False)
    name: str = field(repr=False)
    order_nos: tuple[str, ...] = field(init=False, eq=False, repr=False)
    key: str = field(init=False, eq=False, repr=False)
    is_billable: bool = field(init=False, eq=False, repr=False)
    is_plain: bool = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        id: str,
        order_no: str,
        date: DateLike,
        quantity: NumberLike,
        *,
        price: AmountLike | None = None,
        type: UsageType = UsageType.TRANSACTION,
        order_no_2: str = "",
        invoice_criterion: str = "",
        criterion: str = "",
        tier_quantity: NumberLike | None = None,
        currency: str | None = None,
        subscription: str | None = None,
        invoice: str = "",
        add_to_csv: bool = False,
        add_to_table: bool = False,
        custom: CustomFields | Custom = (),
        dated: str = "",
        source: SourceRecord | None = None,
        name: str = "",
    ) -> None:
        read = Boundary("UsageRecord", id)
        money, of_price = (None, None) if price is None else read.money("price", price, scale=SCALE)
        own = read.currency("currency", currency)
        day = read.day("date", date)
        if day is None:
            where = read.record
            raise MissingFieldError("it has no day", record=where, field="date", fix="fill it")
        if None not in (own, of_price) and own != of_price:
            raise read.refuse("price", of_price, f"not in {own}", f"give the price in {own}")
        fill(
            self,
            id=read.id("id", id),
            order_no=read.text("order_no", order_no),
            date=day,
            quantity=read.number("quantity", quantity, scale=SCALE),
            price=money,
            type=read.member("type", type, UsageType),
            order_no_2=read.text("order_no_2", order_no_2),
            invoice_criterion=read.text("invoice_criterion", invoice_criterion),
            criterion=read.text("criterion", criterion),
            tier_quantity=None
            if tier_quantity is None
            else read.number("tier_quantity", tier_quantity, scale=SCALE),
            currency=own or of_price,
            subscription=read.optional_id("subscription", subscription),
            invoice=read.text("invoice", invoice),
            add_to_csv=read.flag("add_to_csv", add_to_csv),
            add_to_table=read.flag("add_to_table", add_to_table),
            custom=read_custom(read, custom),
            dated=read.text("dated", dated),
            source=read.optional("source", source, SourceRecord),
            name=read.text("name", name) or billable_id(NATIVE, id),
        )
        self._derive()

    def _derive(self) -> None:
        """Work out what follows from the fields."""
        nos = [no.strip() for no in f"{self.order_no},{self.order_no_2}".split(",")]
        fill(self, order_nos=tuple(dict.fromkeys(no for no in nos if no)))
        rest = (
            self.price,
            self.type is UsageType.TRANSACTION,
            bool(self.quantity),
            self.invoice_criterion,
            self.criterion,
            self.tier_quantity is not None,
            self.currency,
            self.subscription,
            self.invoice,
        )
        fill(self, key=intern(repr((self.order_nos, *rest))))
        is_billable = self.type is UsageType.TRANSACTION and bool(self.quantity)
        is_plain = is_billable and not self.invoice and len(self.order_nos) == 1
        fill(self, is_billable=is_billable, is_plain=is_plain)

    @property
    def terms(self) -> str:
        """All that decides what it costs and where, as claims say it.

        >>> UsageRecord("U-1", "CALLS", "2026-01-15", "3.50", price="0.05").terms
        '3.5 of CALLS on 2026-01-15, price 0.05'
        """
        said = f"{_plain(self.quantity)} of {','.join(self.order_nos)} on {self.date.isoformat()}"
        if self.price is not None:
            said += f", price {_plain(self.price)}"
        if self.tier_quantity is not None:
            said += f", tier quantity {_plain(self.tier_quantity)}"
        for word, value in (
            ("currency", self.currency),
            ("invoice criterion", self.invoice_criterion),
            ("criterion", self.criterion),
        ):
            said += f", {word} {value}" if value else ""
        return said

    def cover_name(self, item: str) -> str:
        """Give the name under which an item bills it: its own name if there is only one item."""
        if len(self.order_nos) < 2:
            return self.name
        base, colon, party = self.name.partition(":")
        return f"{base}/{item}{colon}{party}"


def _plain(number: Decimal) -> str:
    return f"{EXACT.normalize(number):f}"


TIMES: Final = " times "


def times(count: int, terms: str) -> str:
    """Write how often something is billed; once is not said.

    >>> times(1, "3 of CALLS on 2026-01-15"), times(2, "3 of CALLS on 2026-01-15")
    ('3 of CALLS on 2026-01-15', '2 times 3 of CALLS on 2026-01-15')
    """
    return terms if count == 1 else f"{count}{TIMES}{terms}"


def counted(terms: str) -> tuple[int, str]:
    """Read what `times` writes.

    >>> counted("2 times 3 of CALLS on 2026-01-15")
    (2, '3 of CALLS on 2026-01-15')
    """
    count, found, rest = terms.partition(TIMES)
    return (int(count), rest) if found and count.isdecimal() else (1, terms)
