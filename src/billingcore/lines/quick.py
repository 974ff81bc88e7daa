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

from billingcore.records.copying import is_usual_number
from billingcore.records.item import Item
from billingcore.records.source import SourceRecord
from billingcore.records.terms import BillingType, LineType
from billingcore.scope.selection import Filter
from billingcore.values.memo import Memo
from billingcore.values.text import is_plain_text

__all__ = ["COMMON", "QuickLine", "QuickReader"]

COMMON: Final = frozenset({NoneType, bool, str})
"""Types of values that are right or wrong whatever the record; equal ones are the same."""

NUMBERS: Final = frozenset({Decimal, int, str})
"""Types of quantities and prices that an item reads by itself."""

VARYING: Final = ("invoice", "order_no", "quantity", "title", "unit_price")
WRITTEN: Final = frozenset({"error", "last_error", "last_run"})

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

    __slots__ = ("_chosen", "_plans")

    def __init__(self, chosen: Filter) -> None:
        self._chosen = chosen
        self._plans: Memo[tuple[object, ...], _Plan] = Memo()

    def read(self, record: SourceRecord) -> QuickLine | None:
        """Read a line; None if it has to be read with care."""
        mapping = record.mapping
        if mapping is None:
            return None
        try:
            plan = self._plans.get(tuple(mapping))
            if plan is None:
                return None
            values = plan.values(mapping)
            common = values[2:]
            known = plan.known.get(common) if COMMON.issuperset(map(type, common)) else None
            if known is None:
                return None
            number: Any = None if plan.order_no is None else mapping[plan.order_no]
            if number is None or number == "":
                number = ""
            elif not is_plain_text(number):
                return None
            title: Any = None if plan.title is None else mapping[plan.title]
            item = _sold(known, number or record.id, title, values[0], values[1])
            invoice = None if plan.invoice is None else mapping[plan.invoice]
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
    title = "" if title is None else title
    if known.can_be_named and is_usual_number(quantity) and is_usual_number(price):
        if title == "" or is_plain_text(title):
            return known.item.named(id, title, quantity, price)
    elif not (type(quantity) in NUMBERS and type(price) in NUMBERS):
        return None
    return known.item.sold(quantity, id=id, title=title, unit_price=price)


def _is_simple(item: Item, kind: LineType) -> bool:
    is_once = item.recurrence is BillingType.ONE_TIME and item.start is None and item.end is None
    is_usual = item.currency is None and item.sequence is None
    return kind is LineType.PRODUCT and is_once and is_usual
