"""Read lines that differ from one read before in nothing but words and numbers.

Records of one kind mostly agree in everything but title, quantity, price and order number. What
they agree in is read once; each further line is a copy of that item. A line that is in any way
unusual is not read here at all, so that all errors come from one place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from operator import itemgetter
from types import NoneType
from typing import Any, Final, NamedTuple

from billingcore.lines.making import Terms
from billingcore.lines.once import Once
from billingcore.records.copying import CENT, WHOLE, ItemTerms, terms_of
from billingcore.records.item import Item
from billingcore.records.setup import Heading
from billingcore.records.source import SourceRecord
from billingcore.records.terms import BillingType, LineType
from billingcore.scope.selection import Filter
from billingcore.values.memo import Memo
from billingcore.values.numbers import INTEGER_DIGITS
from billingcore.values.text import LONGEST_ID, check_text, is_plain_text

__all__ = ["COMMON", "Head", "QuickLine", "QuickReader", "number_of"]

COMMON: Final = frozenset({NoneType, bool, str})
"""Types of values that are right or wrong whatever the record; equal ones are the same."""

NUMBERS: Final = frozenset({Decimal, int, str})
"""Types of quantities and prices that an item reads by itself."""

VARYING: Final = ("invoice", "order_no", "quantity", "title", "unit_price")
MARKS: Final = frozenset({"error", "last_error"})
WRITTEN: Final = MARKS | {"last_run"}

OWN: Final = frozenset({"account", "error", "invoice", "last_error", "last_run", "service_date"})
"""Fields of a record that may be filled."""

QuickLine = tuple[str, Item, "Known", object]
"""A line that was read: its order number, the item, what it has in common with others, and the
invoice that the record arrived with."""


class Known(NamedTuple):
    """What lines have in common.

    Attributes:
        item: an item that has it.
        kind: what they are on the document.
        is_simple: whether they are products, billed once for the run's days, in no order.
        can_be_named: whether `Item.named` is for them.
        is_usual: whether both, and without a discount.
    """

    item: Item
    kind: LineType
    is_simple: bool
    can_be_named: bool
    is_usual: bool


class Head(NamedTuple):
    """The real names of the fields of records of one make; None for one that they do not have.

    Attributes:
        account: the real name of the field.
        service_date: the real name of the field.
        invoice: the real name of the field.
        empty: the real names of further fields, which are empty in a usual record.
    """

    account: str
    service_date: str | None
    invoice: str | None
    empty: tuple[str, ...]


class _Plan(NamedTuple):
    """Where the fields of lines of one make stand; None for a field that they do not have.

    Attributes:
        invoice: the real name of the field.
        order_no: the real name of the field.
        title: the real name of the field.
        values: gives quantity and price of a mapping, and then what lines may have in common.
        known: what they have in common → the lines that have it.
        make: how to read usual ones at once.
    """

    invoice: str | None
    order_no: str | None
    title: str | None
    values: Callable[[Mapping[str, object]], tuple[Any, ...]]
    known: Memo[tuple[object, ...], Known]
    make: _Make


class _Make(NamedTuple):
    """How to read all fields of lines of one make at once.

    Attributes:
        size: how many fields they have.
        words: gives quantity, price, title, invoice and order number of a mapping.
        rest: gives all other fields, so that a mapping with other ones gives nothing; those that
            lines may have in common first.
        shared: how many these are.
        has: whether there are a title, an invoice and an order number; if not, the word in its
            place is another one.
        usual: what they have in common → an item that has it, and what is copied of that, for
            usual lines.
    """

    size: int
    words: Callable[[Mapping[str, object]], tuple[Any, ...]]
    rest: Callable[[Mapping[str, object]], tuple[Any, ...]]
    shared: int
    has: tuple[bool, bool, bool]
    usual: Memo[tuple[object, ...], tuple[Item, ItemTerms]]


NO_MAKE: Final = _Make(-1, itemgetter("", ""), itemgetter("", ""), 0, (False, False, False), Memo())
"""What lines are read by before one was seen: no mapping has it."""


class QuickReader:
    """Remembers what lines of one filter have in common.

    Attributes:
        heads: the names of all fields of a record with lines → where those stand that count.
        is_usual: whether a record can be usual in the run; None if nobody looked.
        terms: a heading and a currency with what lines of both share; empty at first.
        make: how to read most lines at once.
        titles: titles that were read.
        days: the day of service → what it means in the run.
        is_marked: whether records or lines that were seen have a field for an error.
        are_alike: whether all lines that were learned have one invoice criterion.
    """

    __slots__ = (
        "_chosen",
        "_criteria",
        "_plans",
        "are_alike",
        "days",
        "heads",
        "is_marked",
        "is_usual",
        "make",
        "terms",
        "titles",
    )

    def __init__(self, chosen: Filter) -> None:
        self._chosen = chosen
        self._plans: Memo[tuple[object, ...], _Plan] = Memo()
        self.make: _Make = NO_MAKE
        self.titles: Memo[str, None] = Memo()
        self.heads: Memo[tuple[object, ...], Head] = Memo()
        self.days: Memo[date | None, Once] = Memo()
        self.terms: tuple[Heading | None, str, Terms | None] = None, "", None
        self.is_usual: bool | None = None
        self.is_marked: bool = False
        self.are_alike: bool = True
        self._criteria: set[str] = set()

    def knows(self, record: SourceRecord) -> bool:
        """Find out where the fields of a record with lines stand; false if some travel along."""
        if record.mapping is None:
            return False
        names = tuple(record.mapping)
        if names in self.heads:
            return True
        layout = self._chosen.fields.layout(record)
        reals = dict(zip(layout.names, layout.reals, strict=True))
        if layout.extras or "account" not in reals:
            return False
        self.is_marked = self.is_marked or not MARKS.isdisjoint(reals)
        empty = tuple([real for name, real in reals.items() if name not in OWN])
        head = Head(reals["account"], reals.get("service_date"), reals.get("invoice"), empty)
        self.heads.keep(names, head)
        return True

    def title(self, title: object) -> str:
        """Read a title, and remember it: many lines sell the same."""
        if title is None:
            return ""
        if type(title) is not str:
            raise TypeError
        if len(check_text(title)) <= LONGEST_ID:
            self.titles.keep(title, None)
        return title

    def read(self, record: SourceRecord) -> QuickLine | None:
        """Read a line; None if it has to be read with care."""
        mapping = record.mapping
        if mapping is None:
            return None
        try:
            plan = self._plans.get(tuple(mapping))
            if plan is None:
                return None
            own, order_no, title_of, read, learned, self.make = plan
            values = read(mapping)
            quantity, price, common = values[0], values[1], values[2:]
            known = learned.get(common) if COMMON.issuperset(map(type, common)) else None
            if known is None:
                return None
            number: Any = None if order_no is None else mapping[order_no]
            if number is None or number == "":
                number = ""
            elif not is_plain_text(number):
                return None
            title: Any = None if title_of is None else mapping[title_of]
            item = _sold(known, number or record.id, title, quantity, price)
            invoice = None if own is None else mapping[own]
        except Exception:  # noqa: BLE001 - wrong, or the host's code; asked again, with care
            return None
        return None if item is None else (number, item, known, invoice)

    def learn(self, record: SourceRecord, item: Item, kind: LineType) -> None:
        """Remember a line that was read with care."""
        mapping, fields = record.mapping, self._chosen.fields
        if mapping is None or fields.formulas:
            return
        layout = fields.layout(record)
        reals = dict(zip(layout.names, layout.reals, strict=True))
        if "quantity" not in reals or "unit_price" not in reals:
            return
        names = record.field_names()
        plan = self._plans.get(names)
        if plan is None:
            plan = self._plans.keep(names, _plan_of(names, reals, layout.extras))
            self.is_marked = self.is_marked or not MARKS.isdisjoint(reals)
        common = plan.values(mapping)[2:]
        if COMMON.issuperset(map(type, common)):
            known = _known(item, kind)
            plan.known.keep(common, known)
            if known.is_usual:
                plan.make.usual.keep(common, (item, terms_of(item)))
            self._criteria.add(item.criterion)
            self.are_alike = len(self._criteria) == 1


def _plan_of(
    names: Sequence[str], reals: Mapping[str, str], extras: Iterable[tuple[str, str]]
) -> _Plan:
    further = [real for name, real in reals.items() if name not in (*VARYING, *WRITTEN)]
    common = [*further, *(real for _, real in extras)]
    quantity, price = reals["quantity"], reals["unit_price"]
    varying = [reals.get(name) for name in ("title", "invoice", "order_no")]
    read = [quantity, price, *(real or quantity for real in varying)]
    rest = [*common, *(name for name in names if name not in (*read, *common))]
    has_title, has_invoice, has_number = [real is not None for real in varying]
    make = _Make(
        len(names),
        itemgetter(*read),
        itemgetter(*rest, *(read[:2] if len(rest) < 2 else ())),  # two, so that it gives a tuple
        len(common),
        (has_title, has_invoice, has_number),
        Memo(),
    )
    return _Plan(
        reals.get("invoice"),
        reals.get("order_no"),
        reals.get("title"),
        itemgetter(quantity, price, *common),
        Memo(),
        make,
    )


def number_of(number: object, others: set[str]) -> str:
    """Read the order number of a line, which no other line of its record has."""
    if number is None or number == "":
        return ""
    if not is_plain_text(number) or number in others:
        raise ValueError
    others.add(str(number))
    return str(number)


def _sold(known: Known, id: str, title: Any, quantity: Any, price: Any) -> Item | None:
    """Copy an item with words and numbers of its own; None if they are of a strange kind."""
    item, can_be_named = known.item, known.can_be_named
    title = "" if title is None else title
    if (  # `Item.named` takes all of it as it is; calls would cost more than these tests
        can_be_named
        and type(quantity) is type(price) is Decimal
        and (quantity.same_quantum(WHOLE) or quantity.same_quantum(CENT))
        and (price.same_quantum(CENT) or price.same_quantum(WHOLE))
        and quantity.adjusted() < INTEGER_DIGITS > price.adjusted()
        and (quantity and price)  # 0 may have a sign
        and (title == "" or is_plain_text(title))
    ):
        return item.named(id, title, quantity, price)
    if not (type(quantity) in NUMBERS and type(price) in NUMBERS):
        return None
    return item.sold(quantity, id=id, title=title, unit_price=price)


def _known(item: Item, kind: LineType) -> Known:
    """Say of a line that was read with care what others have in common with it."""
    is_once = item.recurrence is BillingType.ONE_TIME and item.start is None and item.end is None
    is_alike = item.currency is None and item.sequence is None
    is_simple = kind is LineType.PRODUCT and is_once and is_alike
    can_be_named = item.can_be_named
    is_usual = is_simple and can_be_named and item.discount is None
    return Known(item, kind, is_simple, can_be_named, is_usual)
