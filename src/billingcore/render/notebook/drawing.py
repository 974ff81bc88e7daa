"""The one place where classes get the method by which a notebook asks them to draw themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from enum import Enum
from inspect import isclass
from operator import methodcaller
from typing import Any, Final, is_typeddict

from billingcore.render.notebook import documents, rules
from billingcore.render.notebook.columns import sheet_of
from billingcore.render.notebook.documents import Drawing, Part
from billingcore.render.notebook.generic import record_sheets
from billingcore.render.notebook.sheets import Sheet
from billingcore.values.boundary import Boundary

__all__ = ["attach", "is_drawn", "table"]

_METHOD: Final = "_repr_html_"
_DRAWN: Final = methodcaller(_METHOD)
_DRAWINGS: Final[dict[type, Drawing]] = {
    **documents.DRAWINGS,
    **rules.DRAWINGS,
    Enum: rules.member,
}


def is_drawn(value: object) -> bool:
    """Tell whether a public name is a class of values: no function, Protocol, error or type hint."""
    is_hint = getattr(value, "_is_protocol", False) or is_typeddict(value)
    return isclass(value) and not is_hint and not issubclass(value, BaseException)


def attach(names: Iterable[object]) -> None:
    """Let all classes of values draw themselves that do not do so on their own.

    Args:
        names: what a package offers; what is no class of values is passed over.
    """
    for kind in names:
        if is_drawn(kind) and not hasattr(kind, _METHOD):
            setattr(kind, _METHOD, _draw)


def table(values: Collection[Any], caption: str = "") -> Sheet:
    """Show several values below each other, such as the lines of a document or the drafts of a run.

    A notebook draws it as a table, and `print` writes it as text. Of more than 50 values the first
    are shown.

    >>> from billingcore import Period
    >>> print(table([Period.month(2026, 1), Period.month(2026, 2)], "Months"))
    Months
    first day   last day    days
    ----------  ----------  ----
    2026-01-01  2026-01-31  31
    2026-02-01  2026-02-28  28

    Args:
        values: of one class or of several; anything that has a length.
        caption: what they are; empty is their number.

    Raises:
        InvalidInputError: they are no collection.
    """
    read = Boundary("render.table")
    if isinstance(values, str) or not isinstance(values, Collection):
        raise read.refuse("values", values, "no collection of values", "give a list or a tuple")
    return sheet_of(read.text("caption", caption) or f"{len(values)} values", values)


def _draw(value: object) -> str:
    """Draw a value as HTML, for a notebook."""
    return "\n".join(_lines(value))


def _lines(value: object) -> Iterator[str]:
    for part in _parts(value):
        yield part if isinstance(part, str) else _DRAWN(part)


def _parts(value: object) -> Iterator[Part]:
    kinds = type(value).__mro__
    drawing = next((_DRAWINGS[kind] for kind in kinds if kind in _DRAWINGS), record_sheets)
    yield from drawing(value)
