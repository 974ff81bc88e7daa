"""Every public value can be stored, or it is said why it cannot."""

from __future__ import annotations

import ast
import inspect
from enum import Enum
from types import ModuleType

import attrs

import billingcore as bc
from billingcore.plain.registry import ENUMS, POOLED, RECORDS
from billingcore.plain.shapes import shape_of

NO_DATA = {
    # Views of records and documents: they are made again from what is stored.
    "AccountComparison",
    "AccountStanding",
    "AmountProof",
    "Amounts",
    "BilledPart",
    "Candidate",
    "Cause",
    "Comparison",
    "Distribution",
    "DocumentProblem",
    "DocumentReport",
    "Explanation",
    "Fate",
    "Finding",
    "Impact",
    "ItemSchedule",
    "LineComparison",
    "Mailbox",
    "Moments",
    "OpenAmount",
    "PlanChange",
    "Profile",
    "ProvedAmount",
    "RenderedDocument",
    "ScheduleGroup",
    "Severity",
    "StandingRow",
    "Step",
    "Tick",
    "TotalComparison",
    "Upcoming",
    # Held together by a store, or by a function of the library.
    "PendingInvoice",
    "RunReport",
    # A convention is written by its name.
    "Proration",
    # Written as texts: a period by its days.
    "Period",
}
"""Public classes with fields that are no values to store."""


def is_data(value):
    """Tell whether a public name is a class of values: a record or an enumeration."""
    is_record = attrs.has(value) or (issubclass(value, tuple) and hasattr(value, "_fields"))
    return is_record or issubclass(value, Enum)


def public_classes():
    """Give the public classes of values."""
    found = {name: getattr(bc, name) for name in bc.__all__}
    return {
        name: value
        for name, value in found.items()
        if inspect.isclass(value) and not isinstance(value, ModuleType) and is_data(value)
    }


def test_every_public_value_can_be_stored():
    """Each public class of values is in the registry, or in the list of what is no data."""
    missing = set(public_classes()) - set(RECORDS) - set(ENUMS) - NO_DATA

    assert missing == set()


def test_what_is_no_data_is_public_and_not_registered():
    """The list of what is no data names public classes that are in no registry."""
    assert set(public_classes()) >= NO_DATA
    assert not NO_DATA & (set(RECORDS) | set(ENUMS))


def test_the_registry_is_in_order():
    """Names are registered in the order of the alphabet, each once, and by the class of the name."""
    for table in (RECORDS, ENUMS):
        assert list(table) == sorted(table)
        assert all(kind.__name__ == name for name, kind in table.items())
    assert not set(RECORDS) & set(ENUMS)
    assert set(RECORDS.values()) >= POOLED


def test_every_field_that_makes_values_differ_is_written():
    """Of each class, each field that is compared is written, or follows from those that are."""
    derived = {
        "DataMapping.notices",
        "DataMapping._fields",
        "DataMapping._items",
        "DataMapping._external_ids",
        "ScheduledRun.selection",
        "Span.factor",
        "TaxRate.valid",
    }
    unwritten = {
        f"{name}.{each.name}"
        for name, kind in RECORDS.items()
        if attrs.has(kind)
        for each in attrs.fields(kind)
        if each.eq and each.name not in shape_of(kind).by_name
    }

    assert unwritten == derived


def test_reading_can_import_nothing(source):
    """No module of the room that reads texts imports what a text names, or runs it."""
    rooms = {path: tree for path, tree in source.items() if path.startswith("plain/")}
    names = {
        node.id for tree in rooms.values() for node in ast.walk(tree) if isinstance(node, ast.Name)
    }

    assert rooms
    assert not names & {"importlib", "import_module", "pickle", "marshal", "exec", "eval"}
