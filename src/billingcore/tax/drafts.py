"""From groups of lines and the answers of the tax engine to drafts: the second half of a run."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import partial
from typing import Final, cast

from billingcore.errors import InvalidInputError
from billingcore.grouping import Key, group
from billingcore.invoices.assembly import Assembly
from billingcore.invoices.document import DraftInvoice, OpenDraft, draft_id
from billingcore.invoices.kinds import KINDS, InvoiceKind
from billingcore.invoices.outcome import AccountOutcome, OpenOutcome
from billingcore.lines.line import LineItem, OpenLine
from billingcore.records.account import Account
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.reasons import Exclusion, Problem, Reason
from billingcore.records.taxes import TaxAnswer
from billingcore.scope.policy import NegativeTotal, OnProblem, Policy, ZeroTotal
from billingcore.tax.answers import Refused, put_taxes
from billingcore.tax.delta import delta_lines
from billingcore.tax.levels import break_down
from billingcore.tax.totals import sum_up
from billingcore.values.context import ZERO

__all__ = ["complete", "finish"]

_NEW: Final = object.__new__
_Trouble = Callable[[set[str]], None]
"""Records a document that is not made, given the records that are told of already."""


def complete(
    run_id: str,
    ordinal: int,
    account: Account,
    lines: list[OpenLine],
    policy: Policy,
    key: tuple[Hashable, ...],
    invoice_date: date | None,
) -> DraftInvoice:
    """Work out the sums of a document and seal it; runs inside `exactly`.

    The lines have their taxes; they are numbered in their order.

    Raises:
        InvalidInputError: the total is too large.
    """
    currency = lines[0].currency
    breakdown = break_down(lines, policy, currency)
    if policy.tax_delta:
        delta = delta_lines(lines, policy, currency)
        if delta:
            lines = [*lines, *delta]
            breakdown = break_down(lines, policy, currency)
    draft: OpenDraft = _NEW(OpenDraft)
    draft.run_id = run_id
    draft.ordinal = ordinal
    draft.account = account
    draft.currency = currency
    draft.heading = lines[0].heading
    draft.totals = totals = sum_up(breakdown, policy, currency)
    is_credit = totals.gross < ZERO and policy.negative_total is not NegativeTotal.INVOICE
    kind = InvoiceKind.STANDARD
    draft.kind = KINDS[kind].becomes_by_sign if is_credit else kind
    for number, line in enumerate(lines, 1):
        line.number = number
        line.__class__ = LineItem  # sealed
    draft.lines = cast("tuple[LineItem, ...]", tuple(lines))
    draft.policy = policy
    draft.group = key
    draft.invoice_date = invoice_date
    draft.order_discount = None
    draft.version = 1
    draft.__class__ = DraftInvoice
    return cast("DraftInvoice", draft)


def finish(assembly: Assembly, answers: Sequence[TaxAnswer]) -> AccountOutcome:
    """Make the drafts of an account; runs inside `exactly`."""
    found, snapshot = assembly.found, assembly.snapshot
    if assembly.asked.questions:
        split, refused = put_taxes(assembly.asked, answers)
        if split or refused:
            _replace_lines(assembly, split, refused)
    if found.problems and assembly.run.policy.on_problem is not OnProblem.RECORD:
        _hold_back(assembly)
    drafts = _drafts(assembly)
    outcome: OpenOutcome = _NEW(OpenOutcome)
    outcome.run = assembly.run
    outcome.account = snapshot.account.id
    outcome.revision = snapshot.revision
    outcome.drafts = tuple(drafts)
    outcome.exclusions = tuple(found.exclusions)
    outcome.left_out = tuple(found.left_out)
    outcome.problems = tuple(found.problems)
    outcome.decisions = tuple(found.decisions)
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
    for key in [key for key in groups if is_all or key in spoiled]:
        for record in dict.fromkeys(line.record for line in groups.pop(key)):
            found.exclusions.append(_exclusion(assembly, record, Reason.OTHER_PROBLEM, facts))
    gone = {exclusion.record for exclusion in found.exclusions}
    found.decisions[:] = [claim for claim in found.decisions if claim.billable not in gone]


def _exclusion(
    assembly: Assembly, record: str, reason: Reason, facts: tuple[tuple[str, str], ...]
) -> Exclusion:
    name = assembly.run.selection.applied_name
    return Exclusion(assembly.snapshot.account.id, record, reason, None, facts, name)


def _drafts(assembly: Assembly) -> list[DraftInvoice]:
    """Make the drafts that the policy lets pass; what is stopped is recorded with its reason."""
    run, account = assembly.run, assembly.snapshot.account
    policy, groups = run.policy, assembly.groups
    taken = assembly.snapshot.documents
    passed: list[DraftInvoice] = []
    troubles: list[_Trouble] = []
    for key, lines in groups.items():
        ordinal = 1
        if taken or len(groups) > 1:
            ordinal = _ordinal(assembly, key, {*taken, *(draft.id for draft in passed)})
        try:
            draft = complete(run.id, ordinal, account, lines, policy, key, run.invoice_date)
        except InvalidInputError as error:
            troubles.append(partial(_record_failure, assembly, lines, error))
            continue
        reason = None if draft.totals.gross > ZERO else _stopped_by(draft, policy)
        if reason is None:
            passed.append(draft)
        else:
            troubles.append(partial(_record_stop, assembly, draft, reason))
    if troubles:
        told = {line.record for draft in passed for line in draft.lines}
        for record_trouble in troubles:
            record_trouble(told)
    return passed


def _ordinal(assembly: Assembly, key: Key, taken: AbstractSet[str]) -> int:
    """Give the first number that no document of this run, account and group has yet."""
    account, run_id = assembly.snapshot.account, assembly.run.id
    ordinal = 1
    while draft_id(run_id, account, key, ordinal) in taken:
        ordinal += 1
    return ordinal


def _stopped_by(draft: DraftInvoice, policy: Policy) -> Reason | None:
    gross = draft.totals.gross
    if gross < 0 and policy.negative_total is NegativeTotal.CARRY_FORWARD:
        return Reason.CARRIED_FORWARD
    if not gross and policy.zero_total is ZeroTotal.SKIP:
        return Reason.ZERO_TOTAL
    return None


def _record_stop(assembly: Assembly, draft: DraftInvoice, reason: Reason, told: set[str]) -> None:
    """Record a document that is not made: carried lines stay due, skipped ones are waived."""
    found = assembly.found
    is_carried = reason is Reason.CARRIED_FORWARD
    state = ClaimState.CARRIED if is_carried else ClaimState.WAIVED
    for line in draft.visible_lines:
        days = line.service_period if is_carried else line.span.cover
        claim = Claim(line.billable, days, reason.name, state)
        if claim not in assembly.snapshot.claims:
            found.decisions.append(claim)
    facts = (("total", f"{draft.totals.gross} {draft.currency}"),)
    for record in dict.fromkeys(line.record for line in draft.visible_lines):
        target = found.left_out if record in told else found.exclusions
        target.append(_exclusion(assembly, record, reason, facts))
        told.add(record)


def _record_failure(
    assembly: Assembly, lines: list[OpenLine], error: InvalidInputError, told: set[str]
) -> None:
    """Record a document that cannot be made; what is also on another one is left out in part."""
    found, account = assembly.found, assembly.snapshot.account
    for record in dict.fromkeys(line.record for line in lines):
        if record in told:
            facts = (("problem", error.statement),)
            found.left_out.append(_exclusion(assembly, record, Reason.OTHER_PROBLEM, facts))
        else:
            name = assembly.run.selection.applied_name
            problem = Problem.of(error, account=account.id, record=record, filter=name)
            found.problems.append(problem)
            told.add(record)
