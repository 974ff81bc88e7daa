"""Which documents a run makes of its groups of lines, and what becomes of those it does not make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from billingcore.errors import InvalidInputError
from billingcore.grouping import Key
from billingcore.invoices.assembly import Assembly
from billingcore.invoices.document import DraftInvoice, draft_id
from billingcore.lines.line import OpenLine
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.reasons import Exclusion, Problem, Reason
from billingcore.scope.policy import NegativeTotal, ZeroTotal
from billingcore.scope.run import InvoiceRun
from billingcore.tax.complete import complete
from billingcore.values.calendar import ONE_DAY
from billingcore.values.context import ZERO, total

__all__ = ["exclusion_of", "make_drafts"]

_Trouble = Callable[[set[str]], None]
"""Records a document that is not made, given the records that are told of already."""


def make_drafts(assembly: Assembly) -> list[DraftInvoice]:
    """Make the drafts that the policy lets pass; what is stopped is recorded with its reason."""
    run, account, groups = assembly.run, assembly.snapshot.account, assembly.groups
    policy, day = run.policy, run.invoice_date
    is_alone = not assembly.snapshot.documents and len(groups) == 1 and policy.max_lines is None
    passed: list[DraftInvoice] = []
    troubles: list[_Trouble] = []
    for key, lines in groups.items():
        made: list[DraftInvoice] = []
        for part in (lines,) if policy.max_lines is None else _parts(lines, policy.max_lines):
            ordinal = 1 if is_alone else _ordinal(assembly, key, (*passed, *made))
            try:
                made.append(complete(run.id, ordinal, account, part, policy, key, day))
            except InvalidInputError as error:
                troubles.append(partial(_record_failure, assembly, part, error))
        for draft in made:
            is_usual = draft.totals.gross > ZERO and not policy.minimum_amount
            reason = None if is_usual else _stopped_by(assembly, draft, made)
            if reason is None:
                passed.append(draft)
            else:
                troubles.append(partial(_record_stop, assembly, draft, reason))
    if troubles:
        _record_all(troubles, passed)
    return passed


def _parts(lines: list[OpenLine], size: int) -> list[list[OpenLine]]:
    """Cut the lines of a group into documents of at most so many lines."""
    return [lines[first : first + size] for first in range(0, len(lines), size)]


def _record_all(troubles: list[_Trouble], passed: list[DraftInvoice]) -> None:
    told = {line.record for draft in passed for line in draft.lines}
    for record_trouble in troubles:
        record_trouble(told)


def _ordinal(assembly: Assembly, key: Key, made: Sequence[DraftInvoice]) -> int:
    """Give the first number that no document of this run, account and group has yet."""
    account, run_id = assembly.snapshot.account, assembly.run.id
    taken, names = assembly.snapshot.documents, {draft.id for draft in made}
    ordinal = 1
    while (name := draft_id(run_id, account, key, ordinal)) in taken or name in names:
        ordinal += 1
    return ordinal


def _stopped_by(
    assembly: Assembly, draft: DraftInvoice, group: Sequence[DraftInvoice]
) -> Reason | None:
    """Say why a document is not made now; None if it is. The minimum is for its whole group."""
    gross, policy = draft.totals.gross, assembly.run.policy
    least = dict(policy.minimum_amount).get(draft.currency, ZERO)
    group_gross = total(each.totals.gross for each in group)
    reason = None
    if ZERO < group_gross < least and not _is_last(draft, assembly.run):
        reason = Reason.BELOW_MINIMUM
    elif gross < 0 and policy.negative_total is NegativeTotal.CARRY_FORWARD:
        reason = Reason.CARRIED_FORWARD
    elif not gross and policy.zero_total is ZeroTotal.SKIP:
        return None if any(line.corrects for line in draft.lines) else Reason.ZERO_TOTAL
    return None if reason is not None and _would_tear(assembly, draft) else reason


def _would_tear(assembly: Assembly, draft: DraftInvoice) -> bool:
    """Tell whether a document takes days back that another one bills anew.

    The other way round is possible: what is taken back and not billed anew stays due.
    """
    records = {line.record for line in draft.lines if line.credit_of}
    own = {id(line) for line in draft.lines}
    return bool(records) and any(
        line.corrects is not None and line.record in records and id(line) not in own
        for lines in assembly.groups.values()
        for line in lines
    )


def _is_last(draft: DraftInvoice, run: InvoiceRun) -> bool:
    """Tell whether all that is on a document has ended, so that no later run adds to it."""
    last = run.period.bounds[1] - ONE_DAY
    contracts = [line.subscription for line in draft.visible_lines if line.subscription]
    return all(each.end is not None and each.end <= last for each in contracts)


def _record_stop(assembly: Assembly, draft: DraftInvoice, reason: Reason, told: set[str]) -> None:
    """Record a document that is not made: carried lines stay due, skipped ones are waived."""
    found = assembly.found
    is_carried = reason is not Reason.ZERO_TOTAL
    state = ClaimState.CARRIED if is_carried else ClaimState.WAIVED
    for line in draft.visible_lines:
        if line.corrects is not None:
            continue  # the difference is found again
        days = line.service_period if is_carried else line.span.cover
        claim = Claim(line.billable, days, reason.name, state)
        if claim not in assembly.snapshot.claims:
            found.decisions.append(claim)
    facts = (("total", f"{draft.totals.gross} {draft.currency}"),)
    for record in dict.fromkeys(line.record for line in draft.visible_lines):
        target = found.left_out if record in told else found.exclusions
        target.append(exclusion_of(assembly, record, reason, facts))
        told.add(record)


def _record_failure(
    assembly: Assembly, lines: list[OpenLine], error: InvalidInputError, told: set[str]
) -> None:
    """Record a document that cannot be made; what is also on another one is left out in part."""
    found, account = assembly.found, assembly.snapshot.account
    for record in dict.fromkeys(line.record for line in lines):
        if record in told:
            facts = (("problem", error.statement),)
            found.left_out.append(exclusion_of(assembly, record, Reason.OTHER_PROBLEM, facts))
        else:
            name = assembly.run.selection.applied_name
            problem = Problem.of(error, account=account.id, record=record, filter=name)
            found.problems.append(problem)
            told.add(record)


def exclusion_of(
    assembly: Assembly, record: str, reason: Reason, facts: tuple[tuple[str, str], ...]
) -> Exclusion:
    """Say that a record is not billed for a reason that concerns its document."""
    name = assembly.run.selection.applied_name
    return Exclusion(assembly.snapshot.account.id, record, reason, None, facts, name)
