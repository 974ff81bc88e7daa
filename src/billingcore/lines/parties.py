"""Parties of which only one may be billed for a record (behaviour 3.3).

A formula may give another answer tomorrow. So what one party was billed for is closed to the
others, and of two that want a record, the filter with the lower sequence has it: whether it is
chosen for this run or not, so that one run for all parties bills the same as a run for each.
"""

from __future__ import annotations

from collections.abc import Iterator

from billingcore.errors import InvalidInputError
from billingcore.lines.fields import is_item
from billingcore.lines.harvest import Harvest
from billingcore.records.control_fields import product_name
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.setup import Setup
from billingcore.records.source import MISSING, SourceRecord, is_empty
from billingcore.scope.routing import MAPPING_FIELDS, root_values
from billingcore.scope.selection import Filter, Selection, UseCase
from billingcore.values.keys import billable_id
from billingcore.values.numbers import exact

__all__ = ["other_party"]


def other_party(
    found: Harvest, chosen: Filter, root: SourceRecord, record: SourceRecord
) -> LeftOut | None:
    """Say which other party is billed for a record; None if none is."""
    selection = found.run.selection
    if chosen.party not in selection.exclusive:
        return None
    for party in selection.exclusive:
        fact = _billed(found, chosen, record, party) if party != chosen.party else None
        if fact is not None:
            facts = (("party", party), fact)
            return LeftOut(Reason.BILLED_TO_OTHER_PARTY, facts=facts)
    for other in _earlier(selection, chosen):
        if _wants(other, root, record, found.snapshot.setup):
            facts = (("party", other.party), ("filter", other.name))
            return LeftOut(Reason.BILLED_TO_OTHER_PARTY, facts=facts)
    return None


def _billed(
    found: Harvest, chosen: Filter, record: SourceRecord, party: str
) -> tuple[str, str] | None:
    """Say what bills a record to a party: a document, or a filter of this run."""
    name = billable_id(record.type, record.id, party=party)
    for own in (name, *found.families.get(name, ())):
        covered = found.coverage.get(own)
        if covered is not None and not covered.is_free:
            return "document", covered.draft or covered.document_of(None)
    taken = found.taken.get(name)
    if taken is not None:
        return "filter", taken
    field = f"{chosen.fields.prefix}{product_name('invoice')}{party}"
    for spelling in (field, f"{field}__c"):
        invoice = record.get(spelling, None)
        if not is_empty(invoice):
            return "document", str(invoice)
    return None


def _earlier(selection: Selection, chosen: Filter) -> Iterator[Filter]:
    """Yield the filters of other exclusive parties that go before one."""
    is_before = True
    for other in selection.filters:
        if other.name == chosen.name:
            is_before = False
        elif other.use_case is UseCase.SUBSCRIPTION or other.party == chosen.party:
            continue
        elif other.party in selection.exclusive and (
            other.sequence < chosen.sequence or (is_before and other.sequence == chosen.sequence)
        ):
            yield other


def _wants(other: Filter, root: SourceRecord, record: SourceRecord, setup: Setup) -> bool:
    """Tell whether a filter would bill a record; one that cannot be read counts as wanted."""
    try:
        if not other.takes(root) or not _is_line(other, root, record):
            return False
        quantity = _quantity(other, root, record, setup)
        return bool(exact(1 if quantity is MISSING else quantity))
    except InvalidInputError:
        return True


def _is_line(other: Filter, root: SourceRecord, record: SourceRecord) -> bool:
    """Tell whether a record is a line of another for a filter: its child, or itself."""
    if record.name != root.name:
        return any(each.name == record.name for each in root.children_of(other.child_relation))
    return not other.child_relation or is_item(root, other)


def _quantity(other: Filter, root: SourceRecord, record: SourceRecord, setup: Setup) -> object:
    """Give the quantity that a filter reads of a record; that of a data mapping goes before."""
    fields = other.fields
    if other.use_case is not UseCase.GENERIC:
        return fields.read_measure(record, "quantity")
    quantity, order_no = (fields.read(record, name) for name in ("quantity", "order_no"))
    if isinstance(order_no, str) and _names_mapping(other, root):
        mapped = root_values(root, other, setup).mapped
        if mapped is not None and order_no in mapped.items:
            return mapped.items[order_no].fields.get("quantity", quantity)
    return quantity


def _names_mapping(other: Filter, root: SourceRecord) -> bool:
    values = (other.fields.read(root, name) for name in MAPPING_FIELDS)
    return any(value is not MISSING and value for value in values)
