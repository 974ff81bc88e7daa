"""From groups of lines and the answers of the tax engine to drafts: the second half of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from billingcore.grouping import Key, group
from billingcore.invoices.assembly import Assembly
from billingcore.invoices.outcome import AccountOutcome, OpenOutcome
from billingcore.lines.harvest import Harvest
from billingcore.lines.line import OpenLine
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.taxes import TaxAnswer
from billingcore.scope.switches import OnProblem
from billingcore.tax.answers import Refused, put_taxes
from billingcore.tax.making import exclusion_of, make_drafts

__all__ = ["finish"]

_NEW: Final = object.__new__


def finish(assembly: Assembly, answers: Sequence[TaxAnswer]) -> AccountOutcome:
    """Make the drafts of an account; runs inside `exactly`."""
    found, snapshot = assembly.found, assembly.snapshot
    if assembly.asked.questions:
        split, refused = put_taxes(assembly.asked, answers)
        if split or refused:
            _replace_lines(assembly, split, refused)
    if found.problems and assembly.run.policy.on_problem is not OnProblem.RECORD:
        _hold_back(assembly)
    drafts = make_drafts(assembly)
    outcome: OpenOutcome = _NEW(OpenOutcome)
    outcome.run = assembly.run
    outcome.account = snapshot.account.id
    outcome.revision = snapshot.revision
    outcome.drafts = tuple(drafts)
    outcome.exclusions = tuple(found.exclusions)
    outcome.left_out = tuple(found.left_out)
    outcome.problems = tuple(found.problems)
    outcome.decisions = tuple(found.decisions)
    outcome.corrections = tuple(found.corrections)
    outcome.failed = tuple(found.failed)
    outcome.kept = frozenset(found.kept)
    outcome.__class__ = AccountOutcome
    return cast("AccountOutcome", outcome)


def _replace_lines(
    assembly: Assembly, split: dict[int, list[OpenLine]], refused: Sequence[Refused]
) -> None:
    """Put split lines in the place of the whole ones, and take away those of refused records."""
    found = assembly.found
    gone = _refused_records(found, refused)
    _take_siblings(assembly, refused, gone)
    for key, lines in list(assembly.groups.items()):
        kept = [
            part
            for line in lines
            if line.record not in gone
            for part in split.get(id(line), [line])
        ]
        assembly.groups[key] = kept
        if not kept:
            del assembly.groups[key]


def _refused_records(found: Harvest, refused: Sequence[Refused]) -> set[str]:
    """Note the problem of each record that is not taxed."""
    gone: set[str] = set()
    for line, error in refused:
        found.spoiled.append(line)
        if line.record in gone:
            continue
        gone.add(line.record)
        for name, chosen in line.concerned:
            found.problem(name, error, chosen)
        if line.origin is not None:
            problem = found.problems[-1]
            found.failed += [(record, by, problem) for record, by in line.origin.records]
    return gone


def _take_siblings(assembly: Assembly, refused: Sequence[Refused], gone: set[str]) -> None:
    """Take the other lines of a record with the one that is refused."""
    roots = {id(line.origin.root): line for line, _ in refused if line.origin and line.origin.root}
    if not roots:
        return
    found = assembly.found
    for line in [line for lines in assembly.groups.values() for line in lines]:
        wrong = roots.get(id(line.origin.root)) if line.origin else None
        if wrong is not None and line.record not in gone:
            gone.add(line.record)
            if line.sources:
                why = LeftOut(Reason.OTHER_PROBLEM, facts=(("problem with", wrong.record),))
                found.exclude(line.record, why, line.filter)


def _hold_back(assembly: Assembly) -> None:
    """Take away what a problem holds back: its document, or everything of the account."""
    found, groups = assembly.found, assembly.groups
    is_all = assembly.run.policy.on_problem is OnProblem.ACCOUNT
    spoiled = group(found.spoiled, assembly.run.policy)
    facts = (("problem with", ", ".join(problem.record for problem in found.problems)),)
    held = set(groups) if is_all else _with_corrections(groups, {*spoiled} & {*groups})
    for key in [key for key in groups if key in held]:
        for record, name in dict.fromkeys(
            pair for line in groups.pop(key) for pair in line.concerned
        ):
            why = exclusion_of(assembly, record, name, Reason.OTHER_PROBLEM, facts)
            found.exclusions.append(why)
    gone = {exclusion.record for exclusion in found.exclusions}
    found.decisions[:] = [claim for claim in found.decisions if claim.billable not in gone]


def _with_corrections(groups: dict[Key, list[OpenLine]], held: set[Key]) -> set[Key]:
    """Add the groups that bill anew what is taken back in a group that is held."""
    while True:
        records = {line.record for key in held for line in groups[key] if line.credit_of}
        more = {
            key
            for key, lines in groups.items()
            if key not in held and any(line.corrects and line.record in records for line in lines)
        }
        if not more:
            return held
        held = held | more
