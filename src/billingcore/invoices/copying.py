"""Which fields stand on a document, and from where (behaviour 4.1).

A value once set is never overwritten, so the order of the sources decides. For the host's own
fields: data mapping, contract, record, account; then the fields with a prefix of contract and
account. For how it is booked: data mapping or record, then the fields with a prefix of contracts.
What none of them says is the account's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from billingcore.errors import InvalidInputError
from billingcore.lines.line import OpenLine
from billingcore.records.account import Account
from billingcore.records.bookkeeping.document import PLAINLY, DocumentBooking
from billingcore.records.control_fields import product_name
from billingcore.records.custom import Custom
from billingcore.records.field_set import bare
from billingcore.records.source import is_empty
from billingcore.records.subscription import Subscription

__all__ = ["document_booking", "document_fields", "first_of"]

PREFIX: Final = "ON_"

BOOKED: Final = {
    "debtor": PREFIX + product_name("debtor"),
    "payment_method": PREFIX + product_name("payment_method"),
    "date": PREFIX + product_name("booking_date"),
}
"""Field of `DocumentBooking` → a contract's field with a prefix."""


def document_booking(lines: Sequence[OpenLine]) -> DocumentBooking:
    """Give how the records and contracts behind lines say that their document is booked.

    Raises:
        InvalidInputError: a contract's field is wrong.
    """
    said: list[DocumentBooking] = []
    contracts: dict[str, Subscription] = {}
    for line in lines:
        root = None if line.origin is None else line.origin.root
        if root is not None and root.booked is not PLAINLY:
            said.append(root.booked)
        contract = line.subscription
        if contract is not None and contract.custom:
            contracts[contract.id] = contract
    said += map(_said_by, contracts.values())
    return first_of(said) if said else PLAINLY


def first_of(said: Sequence[DocumentBooking]) -> DocumentBooking:
    """Join what several say of the booking of one document; who says it first decides."""
    return DocumentBooking(
        debtor=next((each.debtor for each in said if each.debtor), ""),
        payment_method=next((each.payment_method for each in said if each.payment_method), ""),
        date=next((each.date for each in said if each.date), None),
    )


def _said_by(contract: Subscription) -> DocumentBooking:
    """Read the fields with a prefix of a contract."""
    fields = {bare(name): value for name, value in contract.custom if not is_empty(value)}
    given = {own: fields[real] for own, real in BOOKED.items() if real in fields}
    try:
        return DocumentBooking(**given)  # type: ignore[arg-type]  # it reads what it is given
    except InvalidInputError as error:
        error.record, error.field = f"Subscription {contract.id!r}", BOOKED[error.field]
        raise


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
