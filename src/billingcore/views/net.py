"""Amounts of views are net, so that prices which include tax cannot be shown without its rate."""

from __future__ import annotations

from collections.abc import Iterable

from billingcore.records.item import Item
from billingcore.values.boundary import Boundary

__all__ = ["refuse_gross"]


def refuse_gross(items: Iterable[Item], view: str) -> None:
    """Refuse items whose prices include tax, where a view has no tax engine.

    Args:
        items: what is shown; each with its changes.
        view: the function that is to be given the tax engine.

    Raises:
        InvalidInputError: the price of an item includes tax, now or after a change.
    """
    for item in items:
        is_taxed = any(each.tax_code is not None for each in (item, *item.versions))
        if item.price_includes_tax and is_taxed:
            fix = f"give the tax engine: {view}(..., tax=...)"
            read = Boundary("Item", item.id)
            raise read.refuse("price_includes_tax", True, "amounts are net", fix)
