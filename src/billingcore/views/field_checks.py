"""Checks of field sets against records: names that are nearly right, or another party's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from typing import Final

from billingcore.records.control_fields import CONTROL, MEASURES
from billingcore.records.field_set import LONGEST_SUFFIX, FieldSet, bare
from billingcore.records.source import SourceRecord
from billingcore.scope.selection import USAGE_FIELDS, Filter, UseCase
from billingcore.values.words import near
from billingcore.views.filter_checks import name_of
from billingcore.views.findings import Findings, Given, Severity, any_has, names_in

__all__ = ["check_fields", "fix_of_missing"]

ALIKE: Final = 4 / 5
"""How alike two names are, from 0 to 1, if one may be a mistake for the other."""

PRODUCTS: Final = tuple(product for products in CONTROL.values() for product in products)
LOWER: Final = frozenset(product.casefold() for product in PRODUCTS)


def check_fields(found: Findings, given: Given) -> None:
    """Check the field set of each filter against the records that it reads."""
    parties = {each.party for each in given.selection.filters} | {""}
    known = {f"{product}{party}" for product in PRODUCTS for party in parties}
    for chosen in given.selection.sources:
        roots = given.samples_of(chosen)
        children = [child for root in roots for child in root.children_of(chosen.child_relation)]
        by_type: dict[str, list[SourceRecord]] = {}
        for record in (*roots, *children):
            by_type.setdefault(record.type, []).append(record)
        for records in by_type.values():
            _check_near(found, chosen, records, known)
            _check_suffix(found, chosen, records)
        if roots and chosen.use_case is not UseCase.GENERIC:
            _check_usage(found, chosen, roots, children if chosen.child_relation else roots)


def _check_near(
    found: Findings, chosen: Filter, records: Sequence[SourceRecord], known: AbstractSet[str]
) -> None:
    """Find fields that are nearly control fields."""
    fields, names = chosen.fields, names_in(records)
    for real in names:
        meant = _meant(fields, real, known)
        if meant and meant not in names:
            message = f"{records[0].type} has it, which is no control field and only travels along"
            found.add(Severity.WARNING, name_of(chosen), real, message, f"did you mean {meant}?")


def _meant(fields: FieldSet, real: str, known: AbstractSet[str]) -> str:
    """Give the control field that a name is nearly; empty if it is one, or like none."""
    prefix, suffix = fields.prefix, fields.suffix
    name = bare(real)[len(prefix) :]
    is_right = real.startswith(prefix) and name in known
    if is_right or not real.casefold().startswith(prefix.casefold()):
        return ""
    lower = name.casefold()
    rests = [lower[-size:] for size in range(1, LONGEST_SUFFIX + 1) if lower[:-size] in LOWER]
    if rests and not get_close_matches(suffix.casefold(), rests):
        return ""  # another party's
    own = {f"{product}{suffix}".casefold(): f"{prefix}{product}{suffix}" for product in PRODUCTS}
    alike = get_close_matches(lower, own, n=1, cutoff=ALIKE)
    return own[alike[0]] if alike else ""


def _check_suffix(found: Findings, chosen: Filter, records: Sequence[SourceRecord]) -> None:
    """Find control fields that the records have without the suffix only."""
    fields = chosen.fields
    plain = FieldSet(prefix=fields.prefix)
    own = {name for name in CONTROL if any_has(records, name, fields.read)}
    falls_back = MEASURES if chosen.use_case is not UseCase.GENERIC else frozenset[str]()
    bare = [
        plain.name_of(name)
        for name in CONTROL
        if name not in own and name not in falls_back and any_has(records, name, plain.read)
    ]
    if bare:
        how = "has them" if own else "has all fields"
        message = f"{records[0].type} {how} without the suffix {fields.suffix!r}: they are not read"
        fix = f"name them like {bare[0]}{fields.suffix}, or leave them to another party"
        severity = Severity.NOTE if own else Severity.WARNING
        found.add(severity, name_of(chosen), ", ".join(bare), message, fix)


def _check_usage(
    found: Findings, chosen: Filter, roots: Sequence[SourceRecord], usage: Sequence[SourceRecord]
) -> None:
    """Find control fields without which a filter of usage is refused."""
    for name, where in (dict.fromkeys(USAGE_FIELDS, usage) | {"account": roots}).items():
        if not any_has(where, name, chosen.fields.read):
            real = chosen.fields.name_of(name)
            message = "no record has it, and usage cannot be billed without it"
            fix = fix_of_missing(chosen.fields, real, where) or "add it, or a formula for it"
            found.add(Severity.ERROR, name_of(chosen), real, message, fix)


def fix_of_missing(fields: FieldSet, real: str, records: Iterable[SourceRecord]) -> str:
    """Say what a field may be called that is not there; empty if nothing is like it."""
    names = names_in(records)
    bare = real.removesuffix(fields.suffix)
    if bare != real and bare in names:
        return f"{bare} is there, but with the suffix {fields.suffix!r} no field is read without it"
    return near(real, names)
