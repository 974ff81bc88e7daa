"""Read lines that differ from one read before in nothing but words and numbers.

Records of one kind mostly agree in everything but title, quantity, price and order number. What
they agree in is read once; each further line is a copy of that item. A line that is in any way
unusual is not read here at all, so that all errors come from one place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from operator import itemgetter
from types import NoneType
from typing import Any, Final, NamedTuple

from billingcore.records.copying import CENT, WHOLE
from billingcore.records.item import Item
from billingcore.records.source import SourceRecord
from billingcore.records.terms import BillingType, LineType
from billingcore.scope.selection import Filter
from billingcore.values.memo import Memo
from billingcore.values.numbers import INTEGER_DIGITS
from billingcore.values.text import is_plain_text

__all__ = ["COMMON", "Head", "QuickLine", "QuickReader"]

COMMON: Final = frozenset({NoneType, bool, str})
"""Types of values that are right or wrong whatever the record; equal ones are the same."""

NUMBERS: Final = frozenset({Decimal, int, str})
"""Types of quantities and prices that an item reads by itself."""

VARYING: Final = ("invoice", "order_no", "quantity", "title", "unit_price")
WRITTEN: Final = frozenset({"error", "last_error", "last_run"})

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
    """

    item: Item
    kind: LineType
    is_simple: bool
    can_be_named: bool


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
    """

    invoice: str | None
    order_no: str | None
    title: str | None
    values: Callable[[Mapping[str, object]], tuple[Any, ...]]
    known: Memo[tuple[object, ...], Known]


class QuickReader:
    """Remembers what lines of one filter have in common."""

    __slots__ = ("_chosen", "_heads", "_plans")

    def __init__(self, chosen: Filter) -> None:
        self._chosen = chosen
        self._plans: Memo[tuple[object, ...], _Plan] = Memo()
        self._heads: Memo[tuple[object, ...], Head] = Memo()

    def head(self, record: SourceRecord, mapping: Mapping[str, object]) -> Head | None:
        """Give where the fields of a record with lines stand; None if fields travel along."""
        names = tuple(mapping)
        known = self._heads.get(names)
        if known is not None:
            return known
        layout = self._chosen.fields.layout(record)
        reals = dict(zip(layout.names, layout.reals, strict=True))
        if layout.extras or "account" not in reals:
            return None
        empty = tuple([real for name, real in reals.items() if name not in OWN])
        head = Head(reals["account"], reals.get("service_date"), reals.get("invoice"), empty)
        return self._heads.keep(names, head)

    def read(self, record: SourceRecord) -> QuickLine | None:
        """Read a line; None if it has to be read with care."""
        mapping = record.mapping
        if mapping is None:
            return None
        try:
            plan = self._plans.get(tuple(mapping))
            if plan is None:
                return None
            own, order_no, title_of, read, learned = plan
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
        plan = self._plans.get(names) or self._plans.keep(names, _plan_of(reals, layout.extras))
        common = plan.values(mapping)[2:]
        if COMMON.issuperset(map(type, common)):
            known = Known(item, kind, _is_simple(item, kind), item.can_be_named)
            plan.known.keep(common, known)


def _plan_of(reals: Mapping[str, str], extras: Iterable[tuple[str, str]]) -> _Plan:
    further = [real for name, real in reals.items() if name not in (*VARYING, *WRITTEN)]
    common = [*further, *(real for _, real in extras)]
    return _Plan(
        reals.get("invoice"),
        reals.get("order_no"),
        reals.get("title"),
        itemgetter(reals["quantity"], reals["unit_price"], *common),
        Memo(),
    )


def _sold(known: Known, id: str, title: Any, quantity: Any, price: Any) -> Item | None:
    """Copy an item with words and numbers of its own; None if they are of a strange kind."""
    item, _, _, can_be_named = known
    title = "" if title is None else title
    if (  # `Item.named` takes all of it as it is; calls would cost more than these tests
        can_be_named
        and type(quantity) is type(price) is Decimal
        and (quantity.same_quantum(WHOLE) or quantity.same_quantum(CENT))
        and (price.same_quantum(CENT) or price.same_quantum(WHOLE))
        and quantity.adjusted() < INTEGER_DIGITS > price.adjusted()
        and (title == "" or is_plain_text(title))
    ):
        return item.named(id, title, quantity, price)
    if not (type(quantity) in NUMBERS and type(price) in NUMBERS):
        return None
    return item.sold(quantity, id=id, title=title, unit_price=price)


def _is_simple(item: Item, kind: LineType) -> bool:
    is_once = item.recurrence is BillingType.ONE_TIME and item.start is None and item.end is None
    is_usual = item.currency is None and item.sequence is None
    return kind is LineType.PRODUCT and is_once and is_usual
