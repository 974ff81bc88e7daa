"""Which fields of the host's own stand on a document, and from where (behaviour 4.1).

A value once set is never overwritten, so the order of the sources decides: data mapping, contract,
record, account; then the fields with a prefix of contract and account.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from billingcore.lines.line import OpenLine
from billingcore.records.account import Account
from billingcore.records.custom import Custom
from billingcore.records.source import is_empty

__all__ = ["document_fields"]

PREFIX: Final = "ON_"


def document_fields(lines: Sequence[OpenLine], account: Account) -> dict[str, object]:
    """Give the fields of a document by name."""
    fields: dict[str, object] = {}
    for source in _sources(lines, account):
        for name, value in source:
            if not is_empty(value):
                fields.setdefault(name, value)
    return fields


def _sources(lines: Sequence[OpenLine], account: Account) -> Iterator[Iterable[tuple[str, object]]]:
    """Yield the sources in their order."""
    roots = [line.origin.root for line in lines if line.origin is not None and line.origin.root]
    contracts = [line.subscription for line in lines if line.subscription is not None]
    yield from (root.mapped for root in roots)
    yield from (_plain(contract.custom) for contract in contracts)
    yield from (root.custom for root in roots)
    yield _plain(account.custom)
    yield from (_prefixed(contract.custom) for contract in contracts)
    yield _prefixed(account.custom)


def _plain(custom: Custom) -> Iterator[tuple[str, object]]:
    return ((name, value) for name, value in custom if not name.startswith(PREFIX))


def _prefixed(custom: Custom) -> Iterator[tuple[str, object]]:
    for name, value in custom:
        if name.startswith(PREFIX):
            yield name.removeprefix(PREFIX), value
