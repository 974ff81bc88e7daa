"""Read records of the host as usage: the transaction builder's control fields and measures.

The control fields are looked up strictly with the party's suffix; only day, quantity and price
fall back to the fields without it (behaviour 3.2, 3.4). A control field that no record of a filter
has refuses the filter; one that is empty and must not be is a problem of its record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from billingcore.errors import BillingError, InvalidInputError, MissingFieldError
from billingcore.lines.fields import FieldReader
from billingcore.lines.harvest import Harvest
from billingcore.lines.origin import name_of
from billingcore.lines.parties import other_party
from billingcore.records.control_fields import MEASURES
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.source import MISSING, SourceRecord, is_empty
from billingcore.records.terms import UsageType
from billingcore.records.usage import UsageRecord
from billingcore.scope.routing import is_named, root_values
from billingcore.scope.selection import USAGE_FIELDS, Filter
from billingcore.scope.wanted import NOT_CHOSEN

__all__ = ["rows_of", "spelled", "usage_of"]

TEXTS: Final = ("order_no_2", "invoice_criterion", "criterion", "invoice")
FLAGS: Final = ("add_to_csv", "add_to_table")
NAMES: Final = frozenset(
    ("order_no", "currency", "subscription", "tier_quantity", *TEXTS, *FLAGS, *MEASURES)
)
"""The fields of usage whose names the host spells."""


def usage_of(found: Harvest, chosen: Filter) -> list[UsageRecord]:
    """Give the usage that a filter finds among the records of an account.

    What cannot be read, or is not billed whatever its day, is noted with its reason.
    """
    start = found.run.selection.start
    roots = [
        root
        for root in found.snapshot.records
        if root.type == chosen.target and (start is None or start.reaches(root, chosen))
    ]
    unknown = _unknown_fields(roots, chosen)
    usage: list[UsageRecord] = []
    for root in roots:
        usage += _Root(found, chosen, root).usage(unknown)
    return usage


def rows_of(root: SourceRecord, chosen: Filter) -> Sequence[SourceRecord]:
    """Give the records that are read as usage: the root, or its children."""
    return root.children_of(chosen.child_relation) if chosen.child_relation else (root,)


def _unknown_fields(roots: Iterable[SourceRecord], chosen: Filter) -> list[str]:
    """Give the control fields that no record of a filter has, as they should be spelled."""
    rows = [row for root in roots for row in rows_of(root, chosen)]
    if not rows:
        return []
    owners = dict.fromkeys(USAGE_FIELDS, rows) | {"account": list(roots)}
    return [
        chosen.fields.name_of(name)
        for name, records in owners.items()
        if name not in chosen.fields.formulas
        and all(chosen.fields.read(record, name) is MISSING for record in records)
    ]


class _Root:
    """One record of the host with what is read as usage of it."""

    def __init__(self, found: Harvest, chosen: Filter, root: SourceRecord) -> None:
        self._found = found
        self._chosen = chosen
        self._root = root
        self._rows = rows_of(root, chosen)

    def usage(self, unknown: Sequence[str]) -> Iterator[UsageRecord]:
        """Yield its usage, if it belongs to the account and the filter takes it."""
        chosen, root, rows = self._chosen, self._root, self._rows
        try:
            is_ours = self._is_ours(unknown)
            is_taken = is_ours and chosen.takes(root)
        except InvalidInputError as error:
            if self._is_named(*rows):
                self._fail(error)
            else:
                self._exclude(rows or (root,), NOT_CHOSEN)
            return
        if not is_ours:
            return
        if not is_taken:
            why = LeftOut(Reason.FILTER_MISMATCH, facts=(("filter", chosen.name),))
            self._exclude(rows or (root,), why)
        elif not rows:
            is_named = self._is_named()
            self._exclude((root,), LeftOut(Reason.NO_PRODUCTS) if is_named else NOT_CHOSEN)
        else:
            yield from filter(None, map(self._read, rows))

    def _is_ours(self, unknown: Sequence[str]) -> bool:
        """Tell whether the record belongs to the account.

        Raises:
            InvalidInputError: it names none, or no record of the filter has a control field.
        """
        found, chosen, root = self._found, self._chosen, self._root
        if unknown:
            raise _unknown(root, chosen, unknown)
        values = root_values(root, chosen, found.snapshot.setup)
        return is_named(found.snapshot.account, values.account)

    def _read(self, row: SourceRecord) -> UsageRecord | None:
        """Read one record; None if something is wrong with it, or stands in its way."""
        found, chosen = self._found, self._chosen
        try:
            record = _read(row, chosen)
            why = self._hindrance(row, record)
        except InvalidInputError as error:
            if self._is_named(row):
                found.fail(name_of(row, chosen), row, chosen, error)
            else:
                self._exclude((row,), NOT_CHOSEN)
            return None
        if why is None:
            return record
        self._exclude((row,), why)
        return None

    def _is_named(self, *rows: SourceRecord) -> bool:
        """Tell whether the run wants records by a name, or by that of the one they belong to."""
        wanted, chosen = self._found.run.wanted, self._chosen
        named = (*rows, self._root)
        names = [each for own in named for each in (own.name, name_of(own, chosen))]
        return wanted is None or wanted.names(*names)

    def _fail(self, error: BillingError) -> None:
        """Note what is wrong with the record; its usage goes with it."""
        found, chosen, root = self._found, self._chosen, self._root
        own = name_of(root, chosen)
        found.fail(own, root, chosen, error)
        why = LeftOut(Reason.OTHER_PROBLEM, facts=(("problem with", own),))
        self._exclude([row for row in self._rows if row is not root], why)

    def _exclude(self, rows: Iterable[SourceRecord], why: LeftOut) -> None:
        for row in rows:
            self._found.exclude(name_of(row, self._chosen), why, self._chosen.name)

    def _hindrance(self, row: SourceRecord, record: UsageRecord) -> LeftOut | None:
        """Say why a record is not billed by this filter; None if it may be."""
        taken = self._found.taken.get(record.name)
        if taken is not None:
            return LeftOut(Reason.ALREADY_INVOICED, facts=(("filter", taken),))
        if not record.is_billable:
            return None
        return other_party(self._found, self._chosen, self._root, row)


def _unknown(root: SourceRecord, chosen: Filter, unknown: Sequence[str]) -> InvalidInputError:
    """Make the error for a filter whose records lack a control field."""
    rule = f"no record of filter {chosen.name} has this control field, so that none is billed"
    fix = "add it to the records, or give the filter's fields a formula for it"
    where = f"{root.type} {root.id!r}"
    return MissingFieldError(rule, record=where, field=", ".join(unknown), fix=fix)


def _read(row: SourceRecord, chosen: Filter) -> UsageRecord:
    """Read one record as usage.

    Raises:
        InvalidInputError: a field is wrong.
        MissingFieldError: one is empty that must not be.
    """
    fields = chosen.fields
    values = fields.read_all(row)
    for name in MEASURES:
        values[name] = fields.read_measure(row, name)
    for name in ("type", "order_no", "date", "quantity"):
        value = values.get(name, MISSING)
        if is_empty(value):
            what = "missing" if value is MISSING else "empty"
            rule, where = f"a control field is {what}", f"{row.type} {row.id!r}"
            field = fields.name_of(name, row)
            raise MissingFieldError(rule, record=where, field=field, fix="fill it")
    read = FieldReader(row, chosen, values)
    given: dict[str, Any] = {name: read.text(name) for name in TEXTS}
    given |= {name: read.flag(name, default=False) for name in FLAGS}
    given["subscription"] = read.optional("subscription")
    for name in ("price", "currency", "tier_quantity"):
        value = values.get(name, MISSING)
        given[name] = None if is_empty(value) else value
    given["quantity"] = values["quantity"]
    given["date"], given["dated"] = read.day("date") or ("", "")
    try:
        return UsageRecord(
            row.id,
            read.text("order_no"),
            type=_type(read),
            source=row,
            name=name_of(row, chosen),
            **given,
        )
    except InvalidInputError as error:
        raise spelled(error, row, chosen) from None


def _type(read: FieldReader) -> UsageType:
    """Read what a record is; only what says that it is a transaction is billed."""
    is_transaction = read.text("type") == UsageType.TRANSACTION.value
    return UsageType.TRANSACTION if is_transaction else UsageType.DETAIL


def spelled(error: InvalidInputError, row: SourceRecord, chosen: Filter) -> InvalidInputError:
    """Let an error name record and field as the host does."""
    error.record = f"{row.type} {row.id!r}"
    if error.field in NAMES:
        error.field = chosen.fields.name_of(error.field, row)
    return error
