"""From the host's own records to open lines: the generic invoice run.

Each filter looks at each record of its type. A record's lines are its children, or itself, or both,
and what a data mapping adds; they are billed together or, if something is wrong, not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import evolve

from billingcore.errors import BillingError, InvalidInputError
from billingcore.lines.express import express_of, titled
from billingcore.lines.harvest import Harvest
from billingcore.lines.line import OpenLine
from billingcore.lines.making import Terms, make_line, terms_of
from billingcore.lines.once import invoiced, on_day
from billingcore.lines.origin import SERVICE_DATE, Origin, name_of
from billingcore.lines.parties import other_party
from billingcore.lines.passing import is_ours
from billingcore.lines.quick import QuickReader
from billingcore.lines.reading import Entry, Failure, Position, names_of, read_entry, reader_of
from billingcore.periods.schedule import due_of
from billingcore.periods.span import Span
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.exchange import convert_price
from billingcore.records.item import Item
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.setup import Heading
from billingcore.records.source import SourceRecord, is_empty
from billingcore.records.subscription import Subscription
from billingcore.records.terms import BillingType, LineType
from billingcore.scope.coverage import Covered
from billingcore.scope.eligibility import account_hindrance, item_hindrance
from billingcore.scope.routing import is_named, root_values
from billingcore.scope.selection import Filter
from billingcore.scope.switches import LateChildren
from billingcore.scope.wanted import NOT_CHOSEN
from billingcore.values.calendar import ONE_DAY
from billingcore.values.context import ZERO

__all__ = ["harvest_records"]

UNBOUND: Final = Subscription("records", account="records", items=())
"""The contract of what has none: its days are open at both ends."""


def harvest_records(found: Harvest) -> None:
    """Go through the records of an account, filter by filter; runs inside `exactly`."""
    hindrance = account_hindrance(found.run, found.snapshot)
    chosen = found.run.selection.records
    is_express, is_marked = len(chosen) == 1 and not found.lines, bool(found.run.selection.usage)
    are_alike = is_express
    for each in chosen:
        reader = reader_of(each, found.run.schedules)
        is_careful = _harvest(found, each, hindrance, reader)
        is_express = is_express and not is_careful
        is_marked = is_marked or is_careful or reader.is_marked
        are_alike = is_express and reader.are_alike
    found.is_express, found.is_marked, found.are_alike = is_express, is_marked, are_alike


def _harvest(
    found: Harvest, chosen: Filter, hindrance: LeftOut | None, reader: QuickReader
) -> bool:
    """Go through the records of a filter; tell whether one of them needed care."""
    express = None if hindrance is not None else express_of(found, chosen, reader)
    careful: _Records | None = None
    for record in found.snapshot.records:
        if record.type == chosen.target and (express is None or not express.bill(record)):
            careful = careful or _Records(found, chosen, hindrance)
            careful.enter(record)
    return careful is not None


class _Records:
    """Makes the lines of records for one filter; what gives none is noted with its reason."""

    def __init__(self, found: Harvest, chosen: Filter, hindrance: LeftOut | None) -> None:
        self._found = found
        self._chosen = chosen
        self._hindrance = hindrance

    def enter(self, record: SourceRecord) -> None:
        """Bill a record, unless it is another account's."""
        if self._found.run.only is not None and not self._is_chosen(record):
            self._pass_over(record, NOT_CHOSEN)
        else:
            self._enter(record)

    def _is_chosen(self, record: SourceRecord) -> bool:
        """Tell whether a record was chosen, by its own name or by that of one of its lines."""
        chosen, wanted = self._chosen, self._found.run.wanted
        rows = (record, *record.children_of(chosen.child_relation))
        names = [each for row in rows for each in (row.name, name_of(row, chosen))]
        return wanted is None or wanted.names(*names)

    def _enter(self, record: SourceRecord) -> None:
        """Bill a record with all that can be said of it."""
        found, chosen, start = self._found, self._chosen, self._found.run.selection.start
        try:
            if start is not None and not start.reaches(record, chosen):
                return
            if not chosen.takes(record):
                facts = (("filter", chosen.name),)
                why = LeftOut(Reason.FILTER_MISMATCH, facts=facts)
                self._pass_over(record, self._hindrance or why)
                return
            values = root_values(record, chosen, found.snapshot.setup)
            if not is_named(found.snapshot.account, values.account):
                return
            if self._hindrance is not None:
                self._exclude(names_of(record, chosen), self._hindrance)
                return
            entry = read_entry(record, chosen, values, found.run.schedules)
            heading = self._unwanted(entry) or self._heading(entry)
            if isinstance(heading, LeftOut):
                self._exclude(names_of(record, chosen), heading)
            elif not any(each.record for each in entry.positions) and not entry.failures:
                self._exclude(names_of(record, chosen), LeftOut(Reason.NO_PRODUCTS))
            else:
                self._bill(entry, heading)
        except InvalidInputError as error:
            self._spoil(record, error)

    def _pass_over(self, record: SourceRecord, why: LeftOut) -> None:
        """Note a record that is not selected, unless it is another account's."""
        if is_ours(self._found, record, self._chosen):
            self._exclude(names_of(record, self._chosen), why)

    def _unwanted(self, entry: Entry) -> LeftOut | None:
        """Say why the run does not want a record, whatever its lines; None if it may."""
        wanted = self._found.run.wanted
        if wanted is None:
            return None
        return wanted.mismatch(self._found.snapshot, entry.currency, entry.entity)

    def _heading(self, entry: Entry) -> Heading | LeftOut:
        """Resolve template, seller and terms; a record may ask for a document of its own."""
        try:
            heading = self._found.heading(entry.template, entry.entity, entry.payment_days)
        except InvalidInputError as error:
            error.field = self._chosen.fields.name_of("entity", entry.root.record)
            raise error.at(f"{entry.root.record.type} {entry.root.record.id!r}", "") from None
        if isinstance(heading, LeftOut):
            return heading
        return titled(heading, self._chosen, entry.root)

    def _exclude(self, names: Sequence[str], why: LeftOut, document: str = "") -> None:
        for name in names:
            self._found.exclude(name, why, self._chosen.name, document)

    def _spoil(self, record: SourceRecord, error: BillingError) -> None:
        """Note what is wrong with a record; its lines go with it."""
        own, names = name_of(record, self._chosen), names_of(record, self._chosen)
        self._found.fail(own, record, self._chosen, error)
        why = LeftOut(Reason.OTHER_PROBLEM, facts=(("problem with", own),))
        self._exclude([name for name in names if name != own], why)

    def _bill(self, entry: Entry, heading: Heading) -> None:
        """Make the lines of a record: all that are due, or none if one is wrong."""
        found, account = self._found, self._found.snapshot.account
        name, currency = self._chosen.name, entry.currency or account.currency
        terms = terms_of(None, heading, name, found.run.policy, currency)
        billing = _Billing(found, self._chosen, entry, terms)
        failures = list(entry.failures)
        for position in entry.positions:
            try:
                billing.add(position)
            except InvalidInputError as error:
                record = position.record or entry.root.record
                failures.append(Failure(position.name, record, error, position.item.criterion))
        if not failures:
            billing.keep()
            return
        for failure in failures:
            found.fail(failure.name, failure.record, self._chosen, failure.error)
            found.spoiled.append(_would_be(failure, found, terms))
        wrong = [failure.name for failure in failures]
        names = [each.name for each in entry.positions if each.record and each.name not in wrong]
        why = LeftOut(Reason.OTHER_PROBLEM, facts=(("problem with", ", ".join(wrong)),))
        self._exclude(names, why)


def _would_be(failure: Failure, found: Harvest, terms: Terms) -> OpenLine:
    """Make a line that says where a record that is wrong would have been billed."""
    item = Item("wrong", unit_price=0, criterion=failure.criterion)
    return make_line(item, failure.name, found.whole, terms)


class _Billing:
    """The lines of one record in the making."""

    def __init__(self, found: Harvest, chosen: Filter, entry: Entry, terms: Terms) -> None:
        self._found = found
        self._chosen = chosen
        self._entry = entry
        self._terms = terms
        self._lines: list[OpenLine] = []
        self._further: list[OpenLine] = []
        self._excluded: list[tuple[str, LeftOut, str]] = []
        dated = entry.service_date
        self._once, self._dated = on_day(found, None if dated is None else dated.day)
        self._sibling = self._billed_sibling()

    def add(self, position: Position) -> None:
        """Add what is due of a position, or the reason why nothing is."""
        name, item = position.name, position.item
        covered = self._found.coverage.get(name)
        wanted = self._found.run.wanted
        unwanted = None if wanted is None else wanted.of_frequency(item)
        if position.record is None:
            if unwanted is None and item.is_billable and (covered is None or covered.is_free):
                self._make(position, self._once, self._further)
            return
        is_put_off = covered is not None and bool(covered.carried)
        why = unwanted or (None if is_put_off else self._dated)
        why = why or self._hindrance(position, covered)
        if why is not None:
            self._excluded.append((name, why, ""))
            return
        is_dated = item.start is not None or item.end is not None
        if item.recurrence is BillingType.ONE_TIME and covered is None and not is_dated:
            self._make(position, self._once, self._lines)
        else:
            self._add_due(position, covered)

    def _add_due(self, position: Position, covered: Covered | None) -> None:
        """Add what a schedule says: recurring records, dated ones, and what was put off."""
        due = due_of(self._found.run, UNBOUND, position.item, covered)
        if due.excluded is not None:
            document = ""
            if covered is not None and due.excluded.reason is Reason.COVERED:
                document = covered.document_of(due.excluded.period)
            self._excluded.append((position.name, due.excluded, document))
        for span in due.spans:
            self._make(position, span, self._lines)
        for why in due.left_out:
            self._found.leave_out(position.name, why, self._chosen.name)
        for period in due.waived:
            claim = Claim(position.name, period, Reason.FORGIVEN.name, ClaimState.WAIVED)
            self._found.decisions.append(claim)

    def _hindrance(self, position: Position, covered: Covered | None) -> LeftOut | None:
        """Say why a record is not billed, whatever its dates."""
        item, record, found = position.item, position.record, self._found
        if not item.is_billable:
            return item_hindrance(item)
        if item.recurrence is BillingType.ONE_TIME:
            why = self._billed_already(position, covered)
            if why is not None:
                return why
        taken = found.taken.get(position.name)
        if taken is not None:
            return LeftOut(Reason.ALREADY_INVOICED, facts=(("filter", taken),))
        if not found.run.selection.exclusive or record is None:
            return None
        return other_party(found, self._chosen, self._entry.root.record, record)

    def _billed_already(self, position: Position, covered: Covered | None) -> LeftOut | None:
        """Say which document bills a record that is billed once; None if none does."""
        if covered is not None and covered.draft:
            return LeftOut(Reason.DRAFT_EXISTS, facts=(("draft", covered.draft),))
        if covered is not None and covered.is_done:
            return invoiced(covered.document_of(None))
        if not is_empty(position.invoice):
            return invoiced(position.invoice)
        root = self._entry.root
        if self._sibling is not None:
            document, known = self._sibling
            is_late = position.name not in known
            if is_late and self._found.run.policy.late_children is LateChildren.EXCLUDE:
                return invoiced(document, ("billed with", root.record.name))
            return None
        invoice = self._entry.invoice
        return None if is_empty(invoice) else invoiced(invoice)

    def _billed_sibling(self) -> tuple[str, set[str]] | None:
        """Give the document that bills one of the lines once, and all lines known at that time.

        None if no line is billed. Lines that were known then and are not billed were set free.
        """
        coverage = self._found.coverage
        for position in self._entry.positions if coverage else ():
            covered = coverage.get(position.name)
            if covered is not None and (covered.is_done or covered.draft):
                document = covered.draft or covered.document_of(None)
                return document, self._known_with(position.name, covered.draft)
        return None

    def _known_with(self, name: str, draft: str) -> set[str]:
        """Give the lines that a record had when one of them was billed; none if that is unknown."""
        snapshot = self._found.snapshot
        lines = [line for _, line in reversed(snapshot.lines.get(name, ()))]
        if draft and draft in snapshot.drafts:
            lines = [line for line in snapshot.drafts[draft].lines if line.billable == name]
        roots = [line.origin.root for line in lines if line.origin is not None]
        known = next(filter(None, roots), None)
        return set() if known is None else {*names_of(known.record, self._chosen)}

    def _make(self, position: Position, span: Span, lines: list[OpenLine]) -> None:
        position = self._converted(position, span)
        line = make_line(position.item, position.name, span, self._terms)
        line.type = position.line_type
        if line.type is LineType.INFORMATION:
            line.amount = line.discount = line.net = ZERO
        dated, facts = self._entry.service_date, position.facts
        if dated is not None and dated.facts:
            facts = (*facts, (SERVICE_DATE, dated.facts))
        line.origin = Origin(self._entry.root, position.record, facts)
        lines.append(line)

    def _converted(self, position: Position, span: Span) -> Position:
        """Give a position with its price in the currency of its document, as a recorded step."""
        item, currency = position.item, self._terms[5]
        if item.currency in (None, currency):
            return position
        dated, run = self._entry.service_date, self._found.run
        day = run.invoice_date or run.period.bounds[1] - ONE_DAY if dated is None else dated.day
        rates = self._found.snapshot.setup.exchange
        try:
            step = convert_price(item.unit_price, item.currency, currency, day, rates)
        except InvalidInputError as error:
            record = position.record or self._entry.root.record
            field = self._chosen.fields.name_of("unit_price", record)
            error.record, error.field = f"{record.type} {record.id!r}", field
            raise
        changed = evolve(item, unit_price=step.converted, currency=None)
        return position._replace(item=changed, facts=(*position.facts, ("converted", str(step))))

    def keep(self) -> None:
        """Hand over the lines, and the reasons for the rest.

        Lines that a data mapping adds are no reason for a document by themselves.
        """
        found, name = self._found, self._chosen.name
        if any(line.item.sequence is not None for line in self._lines):
            self._lines.sort(key=self._place)
        for record, why, document in self._excluded:
            found.exclude(record, why, name, document)
        for line in self._lines:
            found.taken[line.billable] = name
        found.lines += self._lines
        if self._lines and self._further:
            self._keep_further()

    def _place(self, line: OpenLine) -> tuple[bool, bool, int]:
        """Say where a line stands: the record itself first, then by sequence."""
        is_root = line.billable == name_of(self._entry.root.record, self._chosen)
        sequence = line.item.sequence
        return not is_root, sequence is None, sequence or 0

    def _keep_further(self) -> None:
        """Hand over the lines of a data mapping, on the documents of the record's own lines."""
        criteria = [line.item.criterion for line in self._lines]
        for line in self._further:
            if not line.item.criterion:
                line.item = evolve(line.item, criterion=criteria[0])
            if line.item.criterion in criteria:
                self._found.lines.append(line)
            else:
                facts = (("invoice criterion", line.item.criterion),)
                why = LeftOut(Reason.NO_PRODUCTS, facts=facts)
                self._found.leave_out(line.record, why, self._chosen.name)
