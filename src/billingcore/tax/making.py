"""Which documents a run makes of its groups of lines, and what becomes of those it does not make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain
from typing import Final

from billingcore.errors import BillingError, InvalidInputError
from billingcore.grouping import Key
from billingcore.invoices.addressing import addressing
from billingcore.invoices.assembly import Assembly
from billingcore.invoices.copying import document_booking, first_of
from billingcore.invoices.document import DraftInvoice, draft_id, records_of
from billingcore.invoices.reopening import share_discount
from billingcore.lines.harvest import Harvest
from billingcore.lines.line import OpenLine
from billingcore.records.bookkeeping.document import PLAINLY
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.reasons import Exclusion, Problem, Reason
from billingcore.scope.contacts import NOBODY
from billingcore.scope.run import InvoiceRun
from billingcore.scope.switches import NegativeTotal, ZeroTotal
from billingcore.tax.agreements import ALONE, finals_last, kind_of, place_of, takes_coupons
from billingcore.tax.complete import complete
from billingcore.tax.coupons import Redeemer
from billingcore.tax.joining import draft_to_join, joined_lines
from billingcore.tax.ordinary import ordinary_draft
from billingcore.values.calendar import ONE_DAY
from billingcore.values.context import ZERO, total
from billingcore.values.sealing import changed

__all__ = ["concerned_by", "exclusion_of", "fail_sources", "make_drafts", "passed"]

KEPT: Final = ("order_discount", "recipients", "coupon")
"""What a draft that grows keeps as it is."""

STANDARD: Final = InvoiceKind.STANDARD  # looked up slowly in its class

_Trouble = Callable[[set[str]], None]
"""Records a document that is not made, given the records that are told of already."""


def make_drafts(assembly: Assembly) -> Sequence[DraftInvoice]:
    """Make the drafts that the policy lets pass; what is stopped is recorded with its reason."""
    draft = ordinary_draft(assembly)
    if draft is not None:
        return passed(assembly, draft)
    maker = _Maker(assembly)
    maker.make_all()
    if maker.troubles:
        _record_all(maker.troubles, maker.passed)
    return maker.passed


def passed(assembly: Assembly, draft: DraftInvoice) -> Sequence[DraftInvoice]:
    """Give the only draft of an account, if the policy lets it pass; if not, record why."""
    if draft.totals.gross > ZERO:
        return (draft,)
    maker = _Maker(assembly)
    maker.pass_on([draft], is_plain=True)
    if maker.troubles:
        _record_all(maker.troubles, maker.passed)
    return maker.passed


class _Maker:
    """Makes the documents of an account.

    Attributes:
        has_records: whether records are billed, which may be other documents than invoices.
        passed: documents that are kept.
        troubles: what became of those that are not.
    """

    __slots__ = (
        "_assembly",
        "_is_alone",
        "_policy",
        "_recipients_of",
        "_redeemer",
        "has_records",
        "passed",
        "troubles",
    )

    def __init__(self, assembly: Assembly) -> None:
        self._assembly = assembly
        self._policy = policy = assembly.run.policy
        is_first = not assembly.snapshot.documents and policy.max_lines is None
        self._is_alone = is_first and len(assembly.groups) == 1
        self._recipients_of = addressing(assembly.run, assembly.snapshot)
        has_coupons = bool(assembly.snapshot.coupons)
        self._redeemer = Redeemer(assembly.run, assembly.snapshot) if has_coupons else None
        self.has_records: bool = bool(assembly.run.selection.records)
        self.passed: list[DraftInvoice] = []
        self.troubles: list[_Trouble] = []

    def _is_plain(self, lines: Sequence[OpenLine]) -> bool:
        """Tell whether lines are on an invoice of their own."""
        return not self.has_records or kind_of(lines) is STANDARD

    def make_all(self) -> None:
        """Make the documents of all groups."""
        assembly = self._assembly
        groups, drafts = assembly.groups, assembly.snapshot.drafts
        for key, lines in finals_last(groups) if self.has_records else groups.items():
            known = draft_to_join(assembly, key, lines) if drafts else None
            if known is None:
                self.make(key, lines)
            else:
                self.grow(known, key, lines)

    def make(self, key: Key, lines: list[OpenLine]) -> None:
        """Make the documents of a group: one, or several if it is long.

        Only an invoice of its own is cut, put off or skipped; other kinds are what was ordered.
        """
        is_plain = self._is_plain(lines)
        size = self._policy.max_lines if is_plain else None
        made: list[DraftInvoice] = []
        for part in (lines,) if size is None else _parts(lines, size):
            self._add_reduced(key, part, made)
        self.pass_on(made, is_plain=is_plain)

    def pass_on(self, made: Sequence[DraftInvoice], *, is_plain: bool) -> None:
        """Keep the documents of a group that the policy lets pass, and stop the others."""
        for draft in made:
            is_usual = draft.totals.gross > ZERO and not self._policy.minimum_amount
            is_made = is_usual or not is_plain
            reason = None if is_made else _stopped_by(self._assembly, draft, made)
            if reason is None:
                self.passed.append(draft)
            else:
                self._stop(draft, draft.visible_lines, reason)

    def grow(self, known: DraftInvoice, key: Key, lines: list[OpenLine]) -> None:
        """Add lines to a draft that the same run made before; a long one goes on on another."""
        run, is_plain = self._assembly.run, self._is_plain(lines)
        size = self._policy.max_lines if is_plain else None
        if run.invoice_date != known.invoice_date:
            error = _other_date(known)
            self.troubles.append(partial(_record_failure, self._assembly, lines, error))
            return
        joined = joined_lines(known, lines)
        first, *rest = [joined] if size is None else _parts(joined, size)
        share_discount(first, known.order_discount, self._policy)
        made: list[DraftInvoice] = []
        self._add(key, first, made, known.ordinal, lines)
        for draft in made:
            is_carried = self._policy.negative_total is NegativeTotal.CARRY_FORWARD
            if is_plain and is_carried and draft.totals.gross < ZERO:
                self._stop(draft, lines, Reason.CARRIED_FORWARD)
                continue
            grown = {(line.record, line.filter) for line in lines}
            self._assembly.found.kept |= records_of(known) - grown
            kept = {name: getattr(known, name) for name in KEPT}
            kept["booked"] = first_of([known.booked, draft.booked])
            self.passed.append(changed(draft, version=known.version + 1, **kept))
            for part in rest:
                self._add_reduced(key, part, self.passed)

    def _add_reduced(self, key: Key, lines: list[OpenLine], made: list[DraftInvoice]) -> None:
        """Make one document with the coupon that is for it."""
        count, redeemer = len(made), self._redeemer
        if redeemer is None or not takes_coupons(kind_of(lines)):
            self._add(key, lines, made)
            return
        redeemed = redeemer.redeem(lines)
        self._add(key, lines, made)
        if redeemed is None:
            return
        if len(made) == count:
            redeemer.give_back(redeemed.use)
        else:
            discount, use = redeemed
            made[-1] = changed(made[-1], order_discount=discount, coupon=use)

    def _add(
        self,
        key: Key,
        lines: list[OpenLine],
        made: list[DraftInvoice],
        ordinal: int = 0,
        new: list[OpenLine] | None = None,
    ) -> None:
        """Make one document; if it cannot be made, that is a problem of its new lines."""
        assembly = self._assembly
        run, account = assembly.run, assembly.snapshot.account
        if not ordinal:
            ordinal = 1 if self._is_alone else _ordinal(assembly, key, (*self.passed, *made))
        try:
            booked = document_booking(lines)
            to = NOBODY if self._recipients_of is None else self._recipients_of(lines)
            place = ALONE
            if self.has_records:
                place = place_of(assembly, lines, key, ordinal, chain(self.passed, made))
            day, kind, part = run.invoice_date, place.kind, place.chain
            draft = complete(
                run.id, ordinal, account, lines, self._policy, key, day, to, kind, part
            )
            draft = draft if place is ALONE else place.deducted(draft)
        except InvalidInputError as error:
            self.troubles.append(partial(_record_failure, assembly, new or lines, error))
        else:
            made.append(draft if booked is PLAINLY else changed(draft, booked=booked))

    def _stop(self, draft: DraftInvoice, lines: Sequence[OpenLine], reason: Reason) -> None:
        if self._redeemer is not None:
            self._redeemer.give_back(draft.coupon)
        self.troubles.append(partial(_record_stop, self._assembly, draft, lines, reason))


def _parts(lines: list[OpenLine], size: int) -> list[list[OpenLine]]:
    """Cut the lines of a group into documents of at most so many lines.

    Parts of one price stay together, even if they are more.
    """
    parts: list[list[OpenLine]] = [[]]
    for line in lines:
        if len(parts[-1]) >= size and not _is_with(line, parts[-1][-1]):
            parts.append([])
        parts[-1].append(line)
    return parts


def _is_with(line: OpenLine, other: OpenLine) -> bool:
    """Tell whether two lines are parts of one price, such as two tiers, and stay together."""
    is_same = line.billable == other.billable and line.span.cover == other.span.cover
    return is_same and line.item.part is not None


def _record_all(troubles: list[_Trouble], passed: list[DraftInvoice]) -> None:
    told = {record for draft in passed for line in draft.lines for record, _ in line.concerned}
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
        is_needed = draft.order_discount or any(line.corrects for line in draft.lines)
        return None if is_needed else Reason.ZERO_TOTAL
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
    for line in draft.visible_lines:
        contract = line.subscription
        if contract is None and line.origin is not None:
            return False  # more records may come
        if contract is not None and (contract.end is None or contract.end > last):
            return False
    return True


def _record_stop(
    assembly: Assembly,
    draft: DraftInvoice,
    lines: Sequence[OpenLine],
    reason: Reason,
    told: set[str],
) -> None:
    """Record lines whose document is not made: carried ones stay due, skipped ones are waived."""
    found = assembly.found
    is_carried = reason is not Reason.ZERO_TOTAL
    state = ClaimState.CARRIED if is_carried else ClaimState.WAIVED
    for line in lines:
        if line.corrects is not None:
            continue  # the difference is found again
        for claim in _claims_of(line, reason, state):
            if claim not in assembly.snapshot.claims and claim not in found.decisions:
                found.decisions.append(claim)
    facts = (("total", f"{draft.totals.gross} {draft.currency}"),)
    for record, name in concerned_by(lines).items():
        target = found.left_out if record in told else found.exclusions
        target.append(exclusion_of(assembly, record, name, reason, facts))
        told.add(record)


def concerned_by(lines: Iterable[OpenLine]) -> dict[str, str]:
    """Give what has to be told if lines are not made: each record once, with its filter."""
    found: dict[str, str] = {}
    for line in lines:
        for record, name in line.concerned:
            found.setdefault(record, name)
    return found


def _claims_of(line: OpenLine, reason: Reason, state: ClaimState) -> list[Claim]:
    """Give what is decided of a line that is not made: its days are still due, or given up."""
    if state is ClaimState.CARRIED:
        return [Claim(line.billable, line.service_period, reason.name, state)]
    covers = None if line.origin is None else line.origin.covers
    if covers is None:
        return [Claim(line.billable, line.span.cover, reason.name, state)]
    return [
        Claim(cover.billable, cover.period, reason.name, state, cover.terms, cover.is_release)
        for cover in covers
    ]


def _record_failure(
    assembly: Assembly, lines: list[OpenLine], error: InvalidInputError, told: set[str]
) -> None:
    """Record a document that cannot be made; what is also on another one is left out in part."""
    found = assembly.found
    for line in lines:
        for record, name in line.concerned:
            if record in told:
                facts = (("problem", error.statement),)
                left = exclusion_of(assembly, record, name, Reason.OTHER_PROBLEM, facts)
                found.left_out.append(left)
            else:
                found.problem(record, error, name)
                told.add(record)
        fail_sources(found, line, error)


def fail_sources(found: Harvest, line: OpenLine, error: BillingError) -> None:
    """Note what is wrong, for the records of the host behind a line."""
    if line.origin is not None:
        problem = Problem.of(error, account=found.account, record=line.record)
        found.failed += [(source, by, problem) for source, by in line.origin.records]


def _other_date(known: DraftInvoice) -> InvalidInputError:
    """Make the error for a run that is repeated with another invoice date (behaviour 1.5)."""
    fix = "repeat the run with the same date, or give it an id of its own"
    rule = f"the run's draft {known.id} has another invoice date"
    value = None if known.invoice_date is None else known.invoice_date.isoformat()
    return InvalidInputError(rule, field="invoice_date", value=value, fix=fix)


def exclusion_of(
    assembly: Assembly,
    record: str,
    filter_name: str,
    reason: Reason,
    facts: tuple[tuple[str, str], ...],
) -> Exclusion:
    """Say that a record is not billed for a reason that concerns its document."""
    account = assembly.snapshot.account.id
    return Exclusion(account, record, reason, None, facts, filter_name)
