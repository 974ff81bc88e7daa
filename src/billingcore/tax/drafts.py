"""From groups of lines and the answers of the tax engine to drafts: the second half of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from billingcore.grouping import Key, group
from billingcore.invoices.assembly import Assembly
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.mended import mended_records
from billingcore.invoices.outcome import AccountOutcome, OpenOutcome
from billingcore.lines.harvest import Harvest
from billingcore.lines.line import OpenLine
from billingcore.records.reasons import Reason
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.taxes import TaxAnswer, TaxPurpose
from billingcore.scope.run import InvoiceRun
from billingcore.scope.switches import OnProblem
from billingcore.tax.answers import Refused, put_known_taxes, put_single_taxes, put_taxes
from billingcore.tax.making import concerned_by, exclusion_of, fail_sources, make_drafts, passed
from billingcore.tax.ordinary import ordinary_draft
from billingcore.tax.table import TaxTable
from billingcore.values.sealing import blank

__all__ = ["finish", "finish_by_table", "outcome_of"]

_new_outcome: Final = blank(OpenOutcome)
_NO_FAMILY: Final = 0
_NONE_KEPT: Final[frozenset[tuple[str, str]]] = frozenset()


def finish_by_table(assembly: Assembly, table: TaxTable) -> AccountOutcome:
    """Make the drafts of an account by the rates of a table; runs inside `exactly`.

    What comes out is the same as by its answers.
    """
    draft = ordinary_draft(assembly, table)
    if draft is not None:
        drafts = tuple(passed(assembly, draft))
        return outcome_of(assembly.run, assembly.snapshot, drafts, assembly.found)
    if put_known_taxes(table, assembly.found.lines, assembly.snapshot.account):
        return _finished(assembly)
    return finish(assembly, table.taxes(assembly.asked.questions, TaxPurpose.ESTIMATE))


def finish(assembly: Assembly, answers: Sequence[TaxAnswer]) -> AccountOutcome:
    """Make the drafts of an account by the answers to its questions; runs inside `exactly`."""
    if not put_single_taxes(assembly.asked, answers):
        _replace_lines(assembly, *put_taxes(assembly.asked, answers))
    return _finished(assembly)


def _finished(assembly: Assembly) -> AccountOutcome:
    """Make the drafts of an account whose lines have their taxes."""
    found, snapshot = assembly.found, assembly.snapshot
    if (
        "problems" in found.made
        and found.problems
        and assembly.run.policy.on_problem is not OnProblem.RECORD
    ):
        _hold_back(assembly)
    return outcome_of(assembly.run, snapshot, tuple(make_drafts(assembly)), found)


def outcome_of(
    run: InvoiceRun,
    snapshot: AccountSnapshot,
    drafts: tuple[DraftInvoice, ...],
    found: Harvest | None = None,
) -> AccountOutcome:
    """Give the outcome of an account; None was found if there is nothing to say but its drafts."""
    outcome: Any = _new_outcome()
    outcome.run = run
    outcome.account = snapshot.account.id
    outcome.revision = snapshot.revision
    outcome.drafts = drafts
    if found is not None and found.made:
        _put_findings(outcome, found)
    else:
        outcome.exclusions = outcome.left_out = ()
        outcome.problems = outcome.decisions = outcome.corrections = ()
        outcome.failed = outcome.mended = ()
        outcome.kept = _NONE_KEPT
    outcome.__class__ = AccountOutcome
    sealed: AccountOutcome = outcome
    return sealed


def _put_findings(outcome: OpenOutcome, found: Harvest) -> None:
    """Say what there is besides the drafts."""
    made = found.made
    outcome.exclusions = tuple(found.exclusions) if "exclusions" in made else ()
    outcome.left_out = tuple(found.left_out) if "left_out" in made else ()
    outcome.problems = tuple(found.problems) if "problems" in made else ()
    outcome.decisions = tuple(found.decisions) if "decisions" in made else ()
    outcome.corrections = tuple(found.corrections) if "corrections" in made else ()
    outcome.failed = tuple(found.failed) if "failed" in made else ()
    outcome.kept = frozenset(found.kept) if "kept" in made else _NONE_KEPT
    outcome.mended = mended_records(found) if outcome.exclusions else ()


def _replace_lines(
    assembly: Assembly, split: dict[int, list[OpenLine]], refused: Sequence[Refused]
) -> None:
    """Put split lines in the place of the whole ones, and take away those of refused records."""
    groups, wrong = assembly.groups, _culprits(refused)
    gone: list[tuple[OpenLine, str]] = []
    for key, lines in list(groups.items()):
        kept: list[OpenLine] = []
        for line in lines:
            culprit = wrong.get(line.record) or wrong.get(_family_of(line))
            if culprit is None:
                kept += split.get(id(line), [line])
            else:
                gone.append((line, culprit))
        groups[key] = kept
        if not kept:
            del groups[key]
    if refused:
        _tell(assembly, refused, gone)


def _culprits(refused: Sequence[Refused]) -> dict[str | int, str]:
    """Give the records that are not taxed: by their own names, and by the records they belong to."""
    wrong: dict[str | int, str] = {line.record: line.record for line, _ in refused}
    for line, _ in refused:
        wrong.setdefault(_family_of(line), line.record)
    wrong.pop(_NO_FAMILY, None)
    return wrong


def _family_of(line: OpenLine) -> int:
    """Tell lines of one record of the host, which are billed together or not at all."""
    root = None if line.origin is None else line.origin.root
    return _NO_FAMILY if root is None else id(root)


def _tell(
    assembly: Assembly, refused: Sequence[Refused], gone: Sequence[tuple[OpenLine, str]]
) -> None:
    """Note what becomes of the records of lines that are taken away.

    A record that other lines still bill is left out in part.
    """
    found, told = assembly.found, set[str]()
    billed = {name for lines in assembly.groups.values() for name in concerned_by(lines)}
    for line, error in refused:
        found.spoiled.append(line)
        fail_sources(found, line, error)
        for record, name in line.concerned:
            if record not in billed and record not in told:
                told.add(record)
                found.problem(record, error, name)
    for line, culprit in gone:
        facts = (("problem with", culprit),)
        for record, name in line.concerned:
            if record not in told:
                told.add(record)
                target = found.left_out if record in billed else found.exclusions
                target.append(exclusion_of(assembly, record, name, Reason.OTHER_PROBLEM, facts))


def _hold_back(assembly: Assembly) -> None:
    """Take away what a problem holds back: its document, or everything of the account."""
    found, groups = assembly.found, assembly.groups
    is_all = assembly.run.policy.on_problem is OnProblem.ACCOUNT
    spoiled = group(found.spoiled, assembly.run.policy)
    facts = (("problem with", ", ".join(problem.record for problem in found.problems)),)
    held = set(groups) if is_all else _with_corrections(groups, {*spoiled} & {*groups})
    gone = [line for key in [*groups] if key in held for line in groups.pop(key)]
    billed = {name for lines in groups.values() for name in concerned_by(lines)}
    for record, name in concerned_by(gone).items():
        target = found.left_out if record in billed else found.exclusions
        target.append(exclusion_of(assembly, record, name, Reason.OTHER_PROBLEM, facts))
    held_back = {exclusion.record for exclusion in found.exclusions}
    found.decisions[:] = [each for each in found.decisions if each.billable not in held_back]


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
