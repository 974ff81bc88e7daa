"""Fields of the host's own that travel with a record to its line or document, untouched."""

from __future__ import annotations

from collections.abc import Mapping

from billingcore.values.boundary import Boundary

__all__ = ["Custom", "CustomFields", "read_custom"]

CustomFields = Mapping[str, object]
"""What a host passes: name → value."""

Custom = tuple[tuple[str, object], ...]
"""How a record keeps them: pairs in the order of their names."""


def read_custom(boundary: Boundary, fields: CustomFields | Custom) -> Custom:
    """Keep custom fields as pairs, sorted by name, so that equal fields make equal records."""
    pairs = fields.items() if isinstance(fields, Mapping) else fields
    return tuple(sorted(((boundary.id("custom", name), value) for name, value in pairs), key=_name))


def _name(pair: tuple[str, object]) -> str:
    return pair[0]
