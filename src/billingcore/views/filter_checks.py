"""Checks of filters: which of them compete, and whether they fit the records that they are for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from billingcore.errors import InvalidInputError, told
from billingcore.scope.selection import Filter, Selection, UseCase
from billingcore.values.words import near
from billingcore.views.findings import Findings, Given, Severity, any_has, names_in

__all__ = ["check_filters", "name_of"]


def check_filters(found: Findings, given: Given) -> None:
    """Check the filters of a run."""
    _check_competition(found, given.selection)
    _check_exclusive(found, given.selection)
    _check_contracts(found, given)
    if given.roots:
        _check_types(found, given)
        for chosen in given.selection.sources:
            if given.samples_of(chosen):
                _check_relation(found, given, chosen)
                _check_fields(found, given, chosen)


def name_of(chosen: Filter) -> str:
    """Name a filter as findings do."""
    return f"filter {chosen.name!r}"


def _party(party: str) -> str:
    return f"party {party!r}" if party else "the party without suffix"


def _check_competition(found: Findings, selection: Selection) -> None:
    """Find filters that want the same records."""
    for first, second in combinations(selection.sources, 2):
        if not _compete(first, second, selection):
            continue
        if first.condition is None and first.party == second.party:
            rule = f"filter {first.name!r} goes first and takes every {first.target}"
            message = f"{rule}, so this one bills nothing to {_party(first.party)}"
            fix = f"give {first.name!r} a condition, or take one of the two out"
            found.add(Severity.WARNING, name_of(second), "condition", message, fix)
        elif first.sequence == second.sequence:
            rule = f"filter {first.name!r} has it, too, and stands before it in the list"
            message = f"{second.sequence}: {rule}, so it bills what both take"
            fix = "give each filter its own sequence"
            found.add(Severity.WARNING, name_of(second), "sequence", message, fix)


def _compete(one: Filter, other: Filter, selection: Selection) -> bool:
    """Tell whether only one of two filters can bill a record."""
    if (one.target, one.child_relation) != (other.target, other.child_relation):
        return False
    if one.party != other.party:
        return {one.party, other.party} <= {*selection.exclusive}
    return (one.use_case is UseCase.GENERIC) == (other.use_case is UseCase.GENERIC)


def _check_exclusive(found: Findings, selection: Selection) -> None:
    parties = dict.fromkeys(selection.exclusive)
    if len(parties) == 1:
        fix = "name all parties of which only one may be billed"
        message = f"{_party(*parties)} is alone, which excludes nobody"
        found.add(Severity.WARNING, "selection", "exclusive", message, fix)
    known = {each.party for each in selection.filters if each.use_case is not UseCase.SUBSCRIPTION}
    for party in parties:
        if party not in known:
            fix = near(party, known) or "add its filter, unless another run has it"
            message = f"no filter is for {_party(party)}"
            found.add(Severity.WARNING, "selection", "exclusive", message, fix)


def _check_contracts(found: Findings, given: Given) -> None:
    """Try the filter of subscriptions on all of them."""
    chosen = given.selection.applied
    if chosen is None:
        return
    for contract in given.subscriptions:
        try:
            chosen.selects(contract)
        except Exception as error:  # noqa: BLE001 - the host's code, on the host's data
            rule = f"it raised {told(error)}"
            where = f"Subscription {contract.id!r}"
            refused = InvalidInputError(rule, record=where, field="condition")
            found.refused(name_of(chosen), refused)


def _check_types(found: Findings, given: Given) -> None:
    """Compare the types of the records with those that filters are for."""
    sources = given.selection.sources
    types = dict.fromkeys(each.type for each in given.roots)
    targets = {each.target for each in sources}
    below = {
        child.type: f"use target={root.type!r} with child_relation={relation!r}"
        for root in given.roots
        for relation, children in root.children.items()
        for child in children
    }
    for chosen in sources:
        if chosen.target not in types:
            message = f"no record is of type {chosen.target!r}, so it bills nothing"
            fix = below.get(chosen.target) or near(chosen.target, types)
            fix = fix or "use one of " + ", ".join(types)
            found.add(Severity.WARNING, name_of(chosen), "target", message, fix)
    for kind in types:
        if kind not in targets:
            message = f"no filter takes records of type {kind!r}, so they are never billed"
            fix = near(kind, targets) or "add a filter with it as target"
            found.add(Severity.NOTE, "selection", "filters", message, fix)


def _check_relation(found: Findings, given: Given, chosen: Filter) -> None:
    relation, roots = chosen.child_relation, given.samples_of(chosen)
    known = list(dict.fromkeys(name for root in roots for name in root.children))
    if relation and relation not in known:
        message = f"no {chosen.target} has children under {relation!r}"
        fix = near(relation, known) or "use one of " + (", ".join(known) or "... (there are none)")
        is_item = any_has(roots, "is_item", chosen.fields.read)
        severity = Severity.WARNING if is_item else Severity.ERROR
        found.add(severity, name_of(chosen), "child_relation", message, fix)


def _check_fields(found: Findings, given: Given, chosen: Filter) -> None:
    """Check that the records have the fields which a filter shows, or looks parents up by."""
    roots = given.samples_of(chosen)
    for severity, field, name in _named_fields(chosen):
        if not any_has(roots, name, chosen.fields.read_name):
            message = f"no {chosen.target} has a field {name!r}"
            fix = near(name, names_in(roots)) or "take it out, or give a formula for it"
            found.add(severity, name_of(chosen), field, message, fix)


def _named_fields(chosen: Filter) -> Iterator[tuple[Severity, str, str]]:
    for column in chosen.columns:
        yield Severity.ERROR, "columns", column
    for lookup in chosen.parents:
        yield Severity.WARNING, "parents", lookup
