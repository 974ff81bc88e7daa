"""What the records of one account give: open lines, and a reason for all that gives none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from billingcore.errors import BillingError
from billingcore.lines.corrections import Correction
from billingcore.lines.line import OpenLine
from billingcore.periods.shares import whole_span
from billingcore.periods.span import Span
from billingcore.records.claims import Claim
from billingcore.records.reasons import Exclusion, LeftOut, Problem, Reason, excluded
from billingcore.records.setup import DEFAULT_TEMPLATE, Heading
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.source import SourceRecord
from billingcore.scope.coverage import Covered, coverage_of
from billingcore.scope.run import InvoiceRun
from billingcore.scope.selection import Filter
from billingcore.values.period import Period

__all__ = ["Harvest"]

NO_COVERAGE: Final[dict[str, Covered]] = {}

FINDINGS: Final[dict[str, Callable[[], object]]] = {
    "exclusions": list,
    "left_out": list,
    "problems": list,
    "spoiled": list,
    "decisions": list,
    "corrections": list,
    "taken": dict,
    "kept": set,
    "failed": list,
}
"""What there is to say besides the lines. Most accounts have nothing of it, so that it is made when
somebody asks for it."""


class Harvest:
    """What the records of one account give: lines, and a reason for each record without one.

    Attributes:
        run: the run.
        snapshot: the account with its records.
        coverage: billable → what is billed of it already.
        is_metered: whether a subscription that it looked at has items that are billed by usage.
        is_marked: whether one of its records may have an old error.
        are_alike: whether it is known that the usual criteria tell none of its lines apart.
        is_express: whether its lines are products of records that say nothing of their documents.
        made: the names of the collections that somebody asked for; the others are empty.
        lines: open lines, in the order of their records.
        exclusions: records that the rules left out.
        left_out: time that the policy left out of records that are billed.
        problems: records that are wrong.
        spoiled: for each problem a line that says where the record would have been billed.
        decisions: waived periods, as claims.
        corrections: differences between what was billed and what is due now.
        taken: what is billed of records in this run → the filter that took it.
        kept: what was on drafts that grow before they grew.
        failed: records of the host that are wrong, with the filter and what is wrong.
    """

    __slots__ = (
        *FINDINGS,
        "_families",
        "are_alike",
        "coverage",
        "is_express",
        "is_marked",
        "is_metered",
        "lines",
        "made",
        "run",
        "snapshot",
    )

    exclusions: list[Exclusion]
    left_out: list[Exclusion]
    problems: list[Problem]
    spoiled: list[OpenLine]
    decisions: list[Claim]
    corrections: list[Correction]
    taken: dict[str, str]
    kept: set[tuple[str, str]]
    failed: list[tuple[SourceRecord, Filter, Problem]]

    def __init__(self, run: InvoiceRun, snapshot: AccountSnapshot) -> None:
        self.run: InvoiceRun = run
        self.snapshot: AccountSnapshot = snapshot
        self.coverage: dict[str, Covered] = (
            coverage_of(snapshot.claims) if snapshot.claims else NO_COVERAGE
        )
        self.is_metered: bool = False
        self.is_marked: bool = True
        self.is_express: bool = False
        self.are_alike: bool = False
        self.made: tuple[str, ...] = ()
        self.lines: list[OpenLine] = []
        self._families: dict[str, list[str]] | None = None

    def __getattr__(self, name: str) -> object:
        """Make a collection of findings when it is asked for first."""
        if name not in FINDINGS:
            raise AttributeError(name=name, obj=self)
        self.made += (name,)
        made = FINDINGS[name]()
        setattr(self, name, made)
        return made

    @property
    def account(self) -> str:
        """The account's id."""
        return self.snapshot.account.id

    @property
    def whole(self) -> Span:
        """The days of the run at full price, for what is billed once."""
        return whole_span(self.run.policy, self.run.period, None)

    @property
    def families(self) -> dict[str, list[str]]:
        """Usage record → the names under which several items bill it: ``usage/U-1/S-1/calls``."""
        if self._families is None:
            self._families = {}
            for name in self.coverage:
                base, colon, party = name.partition(":")
                parts = base.split("/")
                if len(parts) == 4:
                    own = f"{parts[0]}/{parts[1]}{colon}{party}"
                    self._families.setdefault(own, []).append(name)
        return self._families

    def exclude(self, record: str, why: LeftOut, filter_name: str, document: str = "") -> None:
        """Note that the rules left a record out."""
        self.exclusions.append(self.exclusion(record, why, filter_name, document))

    def leave_out(self, record: str, why: LeftOut, filter_name: str) -> None:
        """Note that the policy left a part of a record's time out."""
        self.left_out.append(self.exclusion(record, why, filter_name))

    def exclusion(
        self, record: str, why: LeftOut, filter_name: str, document: str = ""
    ) -> Exclusion:
        """Say of a record why it was left out, and which document stands in its way."""
        facts = (*why.facts, ("document", document)) if document else why.facts
        return excluded(self.account, record, why, facts, filter_name)

    def problem(self, record: str, error: BillingError, filter_name: str) -> None:
        """Note that something is wrong with a record."""
        found = Problem.of(error, account=self.account, record=record, filter=filter_name)
        self.problems.append(found)

    def fail(self, name: str, record: SourceRecord, chosen: Filter, error: BillingError) -> None:
        """Note that something is wrong with a record of the host."""
        self.problem(name, error, chosen.name)
        self.failed.append((record, chosen, self.problems[-1]))

    def document_of(self, record: str, covered: Covered, days: Period | None) -> str:
        """Give the document that bills certain days; claims may have joined several."""
        for number, line in reversed(self.snapshot.lines.get(record, ())):
            if days is not None and not line.credit_of and line.service_period.overlaps(days):
                return number
        return covered.document_of(days)

    def heading(
        self, template: str | None, entity: str | None, payment_days: int | None
    ) -> Heading | LeftOut:
        """Resolve template, seller and payment days, where None takes the account's.

        Raises:
            InvalidInputError: there is no such seller.
        """
        heading = self.snapshot.heading(template, entity, payment_days)
        if heading is None:
            name = template or self.snapshot.account.template or DEFAULT_TEMPLATE
            return LeftOut(Reason.NO_TEMPLATE, facts=(("template", name),))
        return heading
