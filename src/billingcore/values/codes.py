"""Codes of a standard: checked, and a near one named where a code is none."""

from __future__ import annotations

from collections.abc import Collection

from billingcore.errors import InvalidInputError

__all__ = ["check_code"]


def check_code(
    code: object, known: Collection[str], *, what: str, standard: str, example: str
) -> str:
    """Give a code back if a standard has it.

    >>> check_code("EUR", {"EUR"}, what="currency", standard="ISO 4217", example="EUR")
    'EUR'

    Raises:
        InvalidInputError: no such code, with a near one if there is.
    """
    if isinstance(code, str) and code in known:
        return code
    near = code.strip().upper() if isinstance(code, str) else ""
    fix = f"write {near!r}" if near in known else f"use an {standard} code like {example!r}"
    raise InvalidInputError(f"not a {what} of {standard}", value=code, fix=fix)
