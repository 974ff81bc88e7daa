"""What was billed by usage before: the live lines of an account.

They are read only where usage of the same period, or a record that was billed already, comes
again. So a long history costs nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from billingcore.lines.line import LineItem
from billingcore.lines.origin import TrueUpOrigin, UsageKey, UsageOrigin
from billingcore.records.claims import ClaimState
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.usage import UsageRecord
from billingcore.scope.run import InvoiceRun

if TYPE_CHECKING:
    from billingcore.invoices.document import DraftInvoice

__all__ = ["BilledUsage", "LiveLine", "Portion"]


Key = tuple[Hashable, ...]
"""What is equal for all lines of a document."""


class LiveLine(NamedTuple):
    """A line of a live document.

    Attributes:
        document: number of the invoice, or id of the draft.
        group: what is equal for all lines of a draft that the same run goes on with; None for
            other drafts, and for invoices.
        line: the line.
    """

    document: str
    group: Key | None
    line: LineItem


class Portion(NamedTuple):
    """Usage that one document bills of one key, on one or several lines.

    Attributes:
        origin: which usage.
        lines: its lines.
        group: as that of its lines.
    """

    origin: UsageOrigin
    lines: list[LineItem]
    group: Key | None


Contribution = tuple[UsageKey, UsageRecord, int]
"""What a document bills of a record: the key, the record as it was then, and 1, or -1 if it takes
it back."""


class BilledUsage:
    """The live lines of an account by what they bill.

    Attributes:
        is_empty: whether there are none.
    """

    def __init__(self, run: InvoiceRun, snapshot: AccountSnapshot) -> None:
        self._run = run
        self._snapshot = snapshot
        self._drafted: dict[str, list[LiveLine]] | None = None
        self._growing: dict[str, Key] = {}
        self._portions: dict[str, dict[UsageKey, list[Portion]]] = {}
        self._contributions: dict[str, list[Contribution]] | None = None
        self._names: list[str] = [
            claim.document for claim in snapshot.claims if claim.state is ClaimState.DRAFT
        ]
        self.is_empty: bool = not (snapshot.lines or self._names)

    def lines_of(self, billable: str) -> Iterator[LiveLine]:
        """Yield the lines of an item, on invoices and then on drafts."""
        for number, line in self._snapshot.lines.get(billable, ()):
            yield LiveLine(number, None, line)
        yield from self._on_drafts().get(billable, ())

    @property
    def growing(self) -> Mapping[str, Key]:
        """The drafts that this run goes on with, if it finds lines for their group: id → group."""
        self._on_drafts()
        return self._growing

    def draft_of(self, billable: str) -> str:
        """Give a draft that bills usage of an item; empty if none does."""
        return next((live.document for live in self._on_drafts().get(billable, ())), "")

    def _on_drafts(self) -> dict[str, list[LiveLine]]:
        if self._drafted is None:
            self._drafted = self._read_drafts() if self._names else {}
        return self._drafted

    def _read_drafts(self) -> dict[str, list[LiveLine]]:
        """Sort the lines of drafts by item; only drafts that cover something are asked for."""
        found: dict[str, list[LiveLine]] = {}
        drafts = [self._snapshot.drafts.get(name) for name in dict.fromkeys(self._names)]
        live = [draft for draft in drafts if draft is not None]
        self._growing = self._first_of_groups(live)
        for draft in live:
            group = self._growing.get(draft.id)
            for line in draft.lines:
                if isinstance(line.origin, UsageOrigin | TrueUpOrigin):
                    row = found.setdefault(line.billable, [])
                    row.append(LiveLine(draft.id, group, line))
        return found

    def _first_of_groups(self, drafts: Iterable[DraftInvoice]) -> dict[str, Key]:
        """Give the drafts that this run goes on with: of each group the first.

        A run of chosen records goes on with none.
        """
        if self._run.only is not None:
            return {}
        first: dict[Key, str] = {}
        for draft in sorted(drafts, key=_ordinal):
            if draft.run_id == self._run.id:
                first.setdefault(draft.group, draft.id)
        return {name: group for group, name in first.items()}

    def portions_of(self, key: UsageKey) -> list[Portion]:
        """Give what live documents bill of a key."""
        return self._portions_by_key(key.billable).get(key, [])

    def _portions_by_key(self, billable: str) -> dict[UsageKey, list[Portion]]:
        known = self._portions.get(billable)
        if known is None:
            known = self._portions[billable] = self._read_portions(billable)
        return known

    def _read_portions(self, billable: str) -> dict[UsageKey, list[Portion]]:
        rows: dict[tuple[str, UsageKey, int], Portion] = {}
        for document, group, line in self.lines_of(billable):
            origin = line.origin
            if isinstance(origin, UsageOrigin):
                name = (document, origin.key, origin.revision)
                portion = rows.get(name)
                if portion is None:
                    rows[name] = Portion(origin, [line], group)
                else:
                    portion.lines.append(line)
        found: dict[UsageKey, list[Portion]] = {}
        for portion in rows.values():
            found.setdefault(portion.origin.key, []).append(portion)
        return found

    def contributions_of(self, name: str, billables: Iterable[str]) -> list[Contribution]:
        """Give what live documents bill of a record."""
        if self._contributions is None:
            self._contributions = {}
            for billable in billables:
                self._read_contributions(billable, self._contributions)
        return self._contributions.get(name, [])

    def _read_contributions(self, billable: str, found: dict[str, list[Contribution]]) -> None:
        for key, row in self._portions_by_key(billable).items():
            for portion in row:
                for record in portion.origin.usage:
                    found.setdefault(record.name, []).append((key, record, 1))
                for record in portion.origin.taken_back:
                    found.setdefault(record.name, []).append((key, record, -1))


def _ordinal(draft: DraftInvoice) -> int:
    return draft.ordinal
