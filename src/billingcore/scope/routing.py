"""Who receives a record: the pure function by which a source hands records to accounts.

An account is the unit of work, so a record that is billed to several parties is handed to the
account of each. The engine asks the same question again and bills only what names its account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from billingcore.errors import BillingError, InvalidInputError
from billingcore.records.account import Account
from billingcore.records.field_set import Extras
from billingcore.records.mapping import DataMapping, Mapped, choose_mapping
from billingcore.records.reasons import Problem
from billingcore.records.setup import Setup
from billingcore.records.snapshot import DEFAULT_SETUP
from billingcore.records.source import SourceRecord, is_empty
from billingcore.scope.selection import Filter
from billingcore.values.keys import billable_id

__all__ = [
    "MAPPING_FIELDS",
    "AccountName",
    "Resolve",
    "RootValues",
    "Route",
    "is_named",
    "named_mapping",
    "recipients",
    "root_values",
]

MAPPING_FIELDS: Final = ("mapping", "mapping_id", "mapping_name")
"""The fields that name a data mapping, in the order in which they count."""

_MAPPED: Final = frozenset(MAPPING_FIELDS)


class AccountName(NamedTuple):
    """How a record names the account that it is billed to.

    Attributes:
        value: an account's id, or an external id.
        external_field: the field that holds the external id; empty if any will do.
    """

    value: str
    external_field: str = ""


Resolve = Callable[[AccountName], str | None]
"""Gives the id of the account that a record names; None if there is no such account."""


class Route(NamedTuple):
    """What one filter says about who pays for a record.

    Attributes:
        filter: the filter.
        account: the account's id; None if there is a problem.
        problem: why no account is known; None if one is.
    """

    filter: Filter
    account: str | None
    problem: Problem | None


def recipients(
    record: SourceRecord, filters: Iterable[Filter], resolve: Resolve, setup: Setup = DEFAULT_SETUP
) -> list[Route]:
    """Say to which accounts a record has to be handed; one entry for each filter that takes it.

    >>> from billingcore.scope.selection import UseCase
    >>> orders = Filter("Orders", use_case=UseCase.GENERIC, target="Order")
    >>> order = SourceRecord("Order", "O-1", {"ON_Account": "acme"})
    >>> [found.account for found in recipients(order, [orders], lambda name: name.value)]
    ['acme']

    Args:
        record: a record without parent.
        filters: those of the runs to come; filters of other types are passed over.
        resolve: how the record names its account → the account's id, None if there is none.
        setup: where data mappings are looked up by id or name.
    """
    found: list[Route] = []
    for chosen in filters:
        if record.type != chosen.target:
            continue
        try:
            if not chosen.takes(record):
                continue
            values = root_values(record, chosen, setup)
            account = resolve(values.account)
            if account is None:
                raise _unresolved(record, chosen, values)
        except BillingError as error:
            where = billable_id(record.type, record.id, party=chosen.party)
            problem = Problem.of(error, account="", record=where, filter=chosen.name)
            found.append(Route(chosen, None, problem))
        else:
            found.append(Route(chosen, account, None))
    return found


class RootValues(NamedTuple):
    """What a record says of itself, for one party.

    Attributes:
        values: its control fields by the library's names; those of its data mapping go before.
        mapped: what its data mapping says; None if it names none.
        account: how it names the account.
        extras: fields that travel to the document.
    """

    values: Mapping[str, object]
    mapped: Mapped | None
    account: AccountName
    extras: Extras


def root_values(record: SourceRecord, chosen: Filter, setup: Setup) -> RootValues:
    """Read a record without its lines.

    Raises:
        InvalidInputError: a formula or the data mapping fails, or no account is named.
    """
    found, extras = chosen.fields.read_document(record)
    values: Mapping[str, object] = found
    is_mapped = not _MAPPED.isdisjoint(found)
    mapped = _mapped(record, chosen, found, setup) if is_mapped else None
    external = ""
    if mapped is not None:
        values = {**values, **mapped.fields}
        external = mapped.external_ids.get("account", "")
    named = values.get("account")
    if is_empty(named):
        fix = "fill it, or give the filter's fields a formula for it"
        rule = "a control field is missing or empty"
        raise _refused(record, chosen, mapped, ..., rule, fix)
    if not isinstance(named, str):
        raise _refused(record, chosen, mapped, named, "no id of an account", "use text")
    return RootValues(values, mapped, AccountName(named, external), extras)


def _mapped(
    record: SourceRecord, chosen: Filter, values: Mapping[str, object], setup: Setup
) -> Mapped | None:
    """Evaluate the data mapping of a record, if it names one."""
    fields = chosen.fields
    try:
        mapping = named_mapping(values, setup)
    except InvalidInputError as error:
        name = error.field if error.field in MAPPING_FIELDS else "mapping"
        error.record = f"{record.type} {record.id!r}"
        spelled = fields.name_of(name, record)
        error.field = spelled if error.field in MAPPING_FIELDS else f"{spelled}: {error.field}"
        raise
    if mapping is None:
        return None
    children: dict[str, SourceRecord] = {}
    lines = record.children_of(chosen.child_relation) if chosen.child_relation else ()
    for line in (record, *lines):
        order_no = fields.read(line, "order_no")
        if isinstance(order_no, str) and order_no:
            children.setdefault(order_no, line)
    return mapping.evaluate(record, children)


def named_mapping(values: Mapping[str, object], setup: Setup) -> DataMapping | None:
    """Give the data mapping that a record names: inline, by id, or by name; None if it has none.

    Raises:
        InvalidInputError: it is wrong, or there is none of that id or name.
    """
    inline, by_id, by_name = (values.get(name) for name in MAPPING_FIELDS)
    return choose_mapping(inline, by_id, by_name, setup.mappings, read=setup.read_mapping)


def is_named(account: Account, name: AccountName) -> bool:
    """Tell whether a name means an account: its id, or one of its external ids."""
    if name.external_field:
        return (name.external_field, name.value) in account.external_ids
    return name.value == account.id or any(value == name.value for _, value in account.external_ids)


def _unresolved(record: SourceRecord, chosen: Filter, values: RootValues) -> InvalidInputError:
    """Make the error for a record whose account nobody knows."""
    named, external = values.account
    rule = f"no account has this {external}" if external else "there is no such account"
    fix = "add the account, or mend the record"
    return _refused(record, chosen, values.mapped, named, rule, fix)


def _refused(
    record: SourceRecord,
    chosen: Filter,
    mapped: Mapped | None,
    value: object,
    rule: str,
    fix: str,
) -> InvalidInputError:
    """Make the error for the account of a record, which its data mapping may have named."""
    where = f"{record.type} {record.id!r}"
    path = "" if mapped is None else mapped.paths.get("account", "")
    field = path or chosen.fields.name_of("account", record)
    return InvalidInputError(rule, record=where, field=field, value=value, fix=fix)
