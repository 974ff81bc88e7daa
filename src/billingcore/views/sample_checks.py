"""Checks by trial: sample records and data mappings are read as a run reads them.

Nothing is billed. What reading refuses here would be a problem of the run; what it gives are the
names of templates, sellers and tax codes, which are checked afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from billingcore.errors import InvalidInputError
from billingcore.lines.reading import read_entry
from billingcore.records.account import Account
from billingcore.records.mapping import DataMapping
from billingcore.records.source import SourceRecord
from billingcore.scope.routing import named_mapping, root_values
from billingcore.scope.selection import UseCase
from billingcore.values.memo import Memo
from billingcore.values.words import near
from billingcore.views.field_checks import fix_of_missing
from billingcore.views.filter_checks import name_of
from billingcore.views.findings import Findings, Given, Sample, Severity, any_has, names_in

__all__ = ["Named", "check_samples", "named_by"]


class Named(NamedTuple):
    """Which template, seller and tax codes something names.

    Attributes:
        who: what names them, like ``Order 'O-1'``.
        account: who pays; None if that is not known.
        template: name of a template, of its own or of the account.
        entity: name of a seller, of its own or of the account.
        codes: the tax codes of its lines.
    """

    who: str
    account: Account | None
    template: str | None
    entity: str | None
    codes: tuple[str, ...] = ()


class _Use(NamedTuple):
    """A data mapping with the samples that name it."""

    name: str
    mapping: DataMapping
    samples: list[Sample]


def check_samples(found: Findings, given: Given) -> Iterator[Named]:
    """Check data mappings and sample records, and yield what they name."""
    samples = given.samples
    uses = _uses(given, samples)
    wrong: set[str] = set()
    for use in uses.values():
        _check_notices(found, use)
        if _check_references(found, use, use.samples or samples):
            wrong |= {sample.root.name for sample in use.samples}
        yield from _constants(use)
    for sample in samples:
        if sample.root.name not in wrong:
            named = _trial(found, given, sample)
            if named is not None:
                yield named


def _uses(given: Given, samples: list[Sample]) -> Mapping[int, _Use]:
    """Collect the data mappings of the setup, and those that records carry."""
    uses: dict[int, _Use] = {}
    for key, mapping in given.setup.mappings.items():
        uses.setdefault(id(mapping), _Use(f"mapping {key!r}", mapping, []))
    for sample in samples:
        own = _mapping_of(given, sample)
        if own is not None:
            name = f"mapping of {sample.root.name}"
            uses.setdefault(id(own), _Use(name, own, [])).samples.append(sample)
    return uses


def _mapping_of(given: Given, sample: Sample) -> DataMapping | None:
    """Give the data mapping of a record; None if it names none, or a wrong one."""
    try:
        return named_mapping(sample.chosen.fields.read_all(sample.root), given.setup)
    except InvalidInputError:  # reading the record tells
        return None


def _check_notices(found: Findings, use: _Use) -> None:
    for notice in use.mapping.notices:
        place, _, why = notice.partition(" is ignored: ")
        found.add(Severity.NOTE, use.name, place, f"ignored: {why}", "take it out")


def _check_references(found: Findings, use: _Use, samples: list[Sample]) -> bool:
    """Find fields that no record has; tells whether there are any."""
    roots = [sample.root for sample in samples]
    children = [child for sample in samples for child in sample.children]
    has_wrong = False
    for entry in use.mapping.entries if samples else ():
        reference = entry.reference
        if reference is None:
            continue
        records = roots if reference.key is None else children or roots
        if not any_has(records, reference.field, SourceRecord.get):
            kinds = " or ".join(dict.fromkeys(record.type for record in records))
            message = f"no {kinds} has a field {reference.field!r}"
            fix = near(reference.field, names_in(records))
            fix = fix or f'write "${reference.text}" if the text itself is meant'
            found.add(Severity.ERROR, use.name, entry.path, message, fix)
            has_wrong = True
    return has_wrong


def _constants(use: _Use) -> Iterator[Named]:
    """Yield the names that stand in a data mapping itself."""
    for entry in use.mapping.entries:
        if entry.is_custom or not isinstance(entry.constant, str):
            continue
        if entry.target == "template":
            yield Named(use.name, None, entry.constant, None)
        elif entry.target == "entity":
            yield Named(use.name, None, None, entry.constant)


def _trial(found: Findings, given: Given, sample: Sample) -> Named | None:
    """Read a record as a run does; gives what it names, if it can be read."""
    chosen, root = sample
    concerns = name_of(chosen)
    try:
        if not chosen.takes(root) or chosen.use_case is not UseCase.GENERIC:
            return None
        values = root_values(root, chosen, given.setup)
        entry = read_entry(root, chosen, values, Memo())
    except InvalidInputError as error:
        found.refused(concerns, error, _fix(sample, root, error))
        return None
    for failure in entry.failures:
        found.refused(concerns, failure.error, _fix(sample, failure.record, failure.error))
    account = given.account_named(values.account)
    codes = [each.item.tax_code for each in entry.positions if each.item.tax_code is not None]
    who = f"{root.type} {root.id!r}"
    return named_by(who, account, entry.template, entry.entity, codes)


def named_by(
    who: str,
    account: Account | None,
    template: str | None,
    entity: str | None,
    codes: Iterable[str] = (),
) -> Named:
    """Note what something names, where None takes the account's."""
    if account is not None:
        template, entity = template or account.template, entity or account.entity
    return Named(who, account, template, entity, tuple(codes))


def _fix(sample: Sample, record: SourceRecord, error: InvalidInputError) -> str:
    """Say how to mend what reading refused; a field that is not there may have another name."""
    fix = error.fix
    if error.value is ... and error.field not in names_in([record]):
        other = fix_of_missing(sample.chosen.fields, error.field, [record])
        fix = "; ".join(text for text in (fix, other) if text)
    return fix
