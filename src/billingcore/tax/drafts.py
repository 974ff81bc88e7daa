"""From groups of lines and the answers of the tax engine to drafts: the second half of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from billingcore.grouping import Key, group
from billingcore.invoices.assembly import Assembly
from billingcore.invoices.outcome import AccountOutcome, OpenOutcome
from billingcore.lines.line import OpenLine
from billingcore.records.reasons import Problem, Reason
from billingcore.records.taxes import TaxAnswer
from billingcore.scope.policy import OnProblem
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
    outcome.__class__ = AccountOutcome
    return cast("AccountOutcome", outcome)


def _replace_lines(
    assembly: Assembly, split: dict[int, list[OpenLine]], refused: Sequence[Refused]
) -> None:
    """Put split lines in the place of the whole ones, and take away those of refused records."""
    found, account = assembly.found, assembly.snapshot.account
    gone: set[str] = set()
    for line, error in refused:
        found.spoiled.append(line)
        if line.record not in gone:
            gone.add(line.record)
            problem = Problem.of(error, account=account.id, record=line.record, filter=line.filter)
            found.problems.append(problem)
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


def _hold_back(assembly: Assembly) -> None:
    """Take away what a problem holds back: its document, or everything of the account."""
    found, groups = assembly.found, assembly.groups
    is_all = assembly.run.policy.on_problem is OnProblem.ACCOUNT
    spoiled = group(found.spoiled, assembly.run.policy)
    facts = (("problem with", ", ".join(problem.record for problem in found.problems)),)
    held = set(groups) if is_all else _with_corrections(groups, {*spoiled} & {*groups})
    for key in [key for key in groups if key in held]:
        for record in dict.fromkeys(line.record for line in groups.pop(key)):
            found.exclusions.append(exclusion_of(assembly, record, Reason.OTHER_PROBLEM, facts))
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
