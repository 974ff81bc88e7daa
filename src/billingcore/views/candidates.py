"""The records that a run looks at, as a table for a host to show before anything is billed.

The table is read from what `bill` says of the same run, so that the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, overload

from attrs import evolve, frozen

from billingcore.engine import bill
from billingcore.errors import InvalidInputError
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.lines.explain import without_directions
from billingcore.lines.line import LineItem
from billingcore.lines.origin import name_of
from billingcore.lines.reading import kind_of, names_of
from billingcore.ports import TaxEngine
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.reasons import Exclusion, Problem, Reason
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.source import MISSING, SourceRecord
from billingcore.scope.run import InvoiceRun
from billingcore.scope.selection import Filter, Selection, UseCase
from billingcore.tax.table import Untaxed
from billingcore.values.boundary import Boundary
from billingcore.values.context import EXACT, total
from billingcore.values.words import near
from billingcore.views.findings import names_in
from billingcore.views.net import refuse_gross
from billingcore.views.table import Cell, html_table, text_table, without_empty

__all__ = ["Candidate", "Candidates", "candidates"]

BEFORE: Final = ("filter", "record")
BEHIND: Final = ("kind", "billed", "amount", "currency", "reason", "message")


@frozen
class Candidate:
    """A record that one filter of a run looks at, with its lines.

    Attributes:
        filter: the name of the filter.
        record: its name, like ``Order/O-1``; `StartFrom` takes it.
        values: the columns of the filter in their order; None where the record has no such field.
        kind: what its document is; None if it does not say it rightly.
        is_billed: whether the run would bill it, or some of its lines.
        amount: what is added to documents: net, after discounts. None if it is not billed, or if
            its usage shares a line with that of other records.
        currency: of the amount; empty if there is none.
        reasons: why it, or one of its lines, is not billed.
    """

    filter: str
    record: str
    values: Mapping[str, object]
    kind: InvoiceKind | None
    is_billed: bool
    amount: Decimal | None
    currency: str
    reasons: tuple[Exclusion | Problem, ...]

    @property
    def reason(self) -> str:
        """The reasons by name, and the codes of problems; empty if there are none."""
        return ", ".join(dict.fromkeys(_code(each) for each in self._decisive))

    @property
    def message(self) -> str:
        """The reasons in words; empty if there are none."""
        texts: dict[str, list[str]] = {}
        for each in self._decisive:
            texts.setdefault(_in_words(each), []).append(each.record)
        if len(texts) == 1 and not self.is_billed:
            return next(iter(texts))
        said = (f"{', '.join(dict.fromkeys(names))}: {text}" for text, names in texts.items())
        return "; ".join(said)

    @property
    def _decisive(self) -> Sequence[Exclusion | Problem]:
        """The reasons, without what is held back by a problem that is told here itself."""
        if not any(isinstance(each, Problem) for each in self.reasons):
            return self.reasons
        return [each for each in self.reasons if not _is_held_back(each)]


def _is_held_back(each: Exclusion | Problem) -> bool:
    return isinstance(each, Exclusion) and each.reason is Reason.OTHER_PROBLEM


def _code(each: Exclusion | Problem) -> str:
    return each.code if isinstance(each, Problem) else each.reason.name


def _in_words(each: Exclusion | Problem) -> str:
    if isinstance(each, Problem):
        return f"{each.message}; {each.advice}" if each.advice else each.message
    facts = ", ".join(f"{name} {value}" for name, value in each.facts)
    return f"{each.reason.value} ({facts})" if facts else each.reason.value


class Candidates(Sequence[Candidate]):
    """The records that a run looks at; a sequence of them, and a table.

    Attributes:
        account: the account's id.
        run: the run.
        found: the candidates, filter by filter in their sequence.
    """

    def __init__(self, account: str, run: InvoiceRun, found: Iterable[Candidate]) -> None:
        self.account: str = account
        self.run: InvoiceRun = run
        self.found: tuple[Candidate, ...] = tuple(found)

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Candidate]:
        return iter(self.found)

    @overload
    def __getitem__(self, index: int) -> Candidate: ...
    @overload
    def __getitem__(self, index: slice) -> Candidates: ...
    def __getitem__(self, index: int | slice) -> Candidate | Candidates:
        if isinstance(index, slice):
            return Candidates(self.account, self.run, self.found[index])
        return self.found[index]

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns of all filters of the run, in their order, each once."""
        columns = (each.columns for each in self.run.selection.sources)
        return tuple(dict.fromkeys(name for own in columns for name in own))

    @property
    def columns(self) -> tuple[str, ...]:
        """The heads of all columns; a field that is called like another column gets a prefix.

        They are ``filter``, ``record``, the fields, ``kind``, ``billed``, ``amount``, ``currency``,
        ``reason`` and ``message``. A field ``amount`` becomes ``record.amount``.
        """
        taken = (*BEFORE, *BEHIND)
        fields = (f"record.{name}" if name in taken else name for name in self.fields)
        return (*BEFORE, *fields, *BEHIND)

    @property
    def rows(self) -> list[tuple[object, ...]]:
        """The values of all columns, a row for each candidate."""
        return [
            (
                each.filter,
                each.record,
                *(each.values.get(name) for name in self.fields),
                "" if each.kind is None else each.kind.value,
                each.is_billed,
                each.amount,
                each.currency,
                each.reason,
                each.message,
            )
            for each in self.found
        ]

    def records(self) -> list[dict[str, object]]:
        """Give flat rows, for a table or a data frame."""
        columns = self.columns
        return [dict(zip(columns, row, strict=True)) for row in self.rows]

    def _cells(self) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
        """Give what a person reads: without empty columns, and on one line each.

        That a document is a plain invoice goes without saying.
        """
        rows: list[list[Cell]] = [
            [
                *map(_shown, (each.filter, each.record, *map(each.values.get, self.fields))),
                _kind_shown(each.kind),
                "yes" if each.is_billed else "no",
                *map(_shown, (each.amount, each.currency, each.message)),
            ]
            for each in self.found
        ]
        head = [*self.columns[: -len(BEHIND)], "kind", "billed", "amount", "currency", "message"]
        return without_empty(head, rows) if rows else (head, rows)

    def __str__(self) -> str:
        return "\n".join(text_table(*self._cells()))

    def _repr_html_(self) -> str:
        return html_table(f"Candidates of {self.account}, run {self.run.id}", *self._cells())

    def __repr__(self) -> str:
        billed = sum(each.is_billed for each in self.found)
        return f"<candidates of {self.account}: records {len(self)}, billed {billed}>"


def _shown(value: object) -> Cell:
    """Write a value of a host on one line; amounts stay, and nothing is None."""
    if isinstance(value, Decimal) or value is None:
        return value
    return " ".join(without_directions(str(value)).split()) or None


def _kind_shown(kind: InvoiceKind | None) -> Cell:
    return None if kind in (None, InvoiceKind.STANDARD) else kind.value


def candidates(
    run: InvoiceRun, snapshot: AccountSnapshot, tax: TaxEngine | None = None
) -> Candidates:
    """Show the records that a run looks at: what would be billed of each, or why nothing is.

    One row for each record without parent and each filter of records or usage that looks at it;
    its lines count with it. A run that starts from some records or parents looks at no others.
    Records of another account are not shown.

    >>> from billingcore import Account, Period, StartFrom, UseCase
    >>> orders = Filter("Orders", use_case=UseCase.GENERIC, target="Order", columns=["Status"])
    >>> order = SourceRecord("Order", "O-1", {"ON_Account": "acme", "Status": "New",
    ...                                       "ON_UnitPrice": "9.50"})
    >>> run = InvoiceRun(Period.month(2026, 1),
    ...                  selection=Selection([orders], start=StartFrom([order])))
    >>> print(candidates(run, AccountSnapshot(Account("acme", currency="EUR"), records=[order])))
    filter  record     Status  billed  amount  currency
    ------  ---------  ------  ------  ------  --------
    Orders  Order/O-1  New     yes       9.50  EUR

    Args:
        run: the run, usually with `Selection.start`.
        snapshot: all that is known of the account.
        tax: the tax engine; without one, tax codes are taken as known and lines bear no tax.

    Raises:
        InvalidInputError: no record has one of the filter's columns, or a price includes tax and
            no tax engine is given.
        PortError: the tax engine could not answer.
    """
    outcome = bill(run, snapshot, Untaxed() if tax is None else tax)
    if tax is None:
        refuse_gross((line.item for draft in outcome.drafts for line in draft.lines), "candidates")
    table = _Table(run.selection, snapshot, outcome)
    found = [each for chosen in run.selection.sources for each in table.rows_of(chosen)]
    return Candidates(snapshot.account.id, run, found)


_Key = tuple[str, str]
"""A filter, and what is billed of a record for its party."""


class _Table:
    """What a run says of each record."""

    def __init__(
        self, selection: Selection, snapshot: AccountSnapshot, outcome: AccountOutcome
    ) -> None:
        self._snapshot = snapshot
        self._owners: dict[_Key, _Key] = {
            (chosen.name, name): (chosen.name, record.name)
            for chosen in selection.sources
            for record in snapshot.records
            if record.type == chosen.target
            for name in (name_of(record, chosen), *names_of(record, chosen))
        }
        self._gains: dict[_Key, list[tuple[Decimal | None, str]]] = {}
        for draft in outcome.drafts:
            self._note_gains(draft)
        self._reasons: dict[_Key, list[Exclusion | Problem]] = {}
        reasons: Sequence[Exclusion | Problem] = (
            *outcome.problems,
            *outcome.exclusions,
            *outcome.left_out,
        )
        for each in reasons:
            self._note_reason(each)

    def _note_gains(self, draft: DraftInvoice) -> None:
        """Note what a document bills besides what it has from an earlier run."""
        is_old = draft.id in self._snapshot.documents
        known = self._snapshot.drafts.get(draft.id) if is_old else None
        before = {} if known is None else {line.billing_key: line for line in known.lines}
        for line in draft.visible_lines:
            old = before.get(line.billing_key)
            entered = [key for key in _entered(line) if old is None or key not in _entered(old)]
            owners = dict.fromkeys(self._owners[key] for key in entered if key in self._owners)
            gain = line.net if old is None else EXACT.subtract(line.net, old.net)
            for owner in owners:
                amount = gain if len(owners) == 1 else None
                self._gains.setdefault(owner, []).append((amount, draft.currency))

    def _note_reason(self, each: Exclusion | Problem) -> None:
        """Note a reason at the record that it concerns, under its filter."""
        path, colon, party = each.record.partition(":")
        name = "/".join(path.split("/")[:2]) + colon + party
        owner = self._owners.get((each.filter, name))
        if owner is not None:
            self._reasons.setdefault(owner, []).append(each)

    def rows_of(self, chosen: Filter) -> list[Candidate]:
        """Give what one filter looks at: all that it bills, or says why not.

        Raises:
            InvalidInputError: no record has one of its columns.
        """
        told = {*self._gains, *self._reasons}
        records = [
            record for record in self._snapshot.records if (chosen.name, record.name) in told
        ]
        rows = [self._row(chosen, record) for record in records]
        for column in chosen.columns if rows else ():
            if all(row.values[column] is MISSING for row in rows):
                names = [*names_in(records), *chosen.fields.formulas]
                fix = near(column, names) or "take it out, or give a formula for it"
                read = Boundary("Filter", chosen.name)
                raise read.refuse("columns", column, f"no {chosen.target} has this field", fix)
        return [_without_missing(row) for row in rows]

    def _row(self, chosen: Filter, record: SourceRecord) -> Candidate:
        key = (chosen.name, record.name)
        gains, reasons = self._gains.get(key, []), self._reasons.get(key, [])
        values: dict[str, object] = {}
        for column in chosen.columns:
            try:
                values[column] = chosen.fields.read_name(record, column)
            except InvalidInputError as error:
                values[column] = None
                name, account = name_of(record, chosen), self._snapshot.account.id
                problem = Problem.of(error, account=account, record=name, filter=chosen.name)
                reasons = list(dict.fromkeys([*reasons, problem]))
        amounts = [amount for amount, _ in gains if amount is not None]
        currencies = {currency for _, currency in gains}
        is_known = bool(gains) and len(amounts) == len(gains) and len(currencies) == 1
        return Candidate(
            chosen.name,
            record.name,
            values,
            kind=self._kind(chosen, record),
            is_billed=bool(gains),
            amount=total(amounts) if is_known else None,
            currency=currencies.pop() if is_known else "",
            reasons=tuple(reasons),
        )

    def _kind(self, chosen: Filter, record: SourceRecord) -> InvoiceKind | None:
        """Give what the document of a record is; usage is on invoices."""
        if chosen.use_case is not UseCase.GENERIC:
            return InvoiceKind.STANDARD
        try:
            return kind_of(record, chosen, self._snapshot.setup)
        except InvalidInputError:
            return None  # the run says what is wrong


def _entered(line: LineItem) -> list[_Key]:
    """Give what a line bills, by filter and name; what a data mapping adds, its record brings."""
    origin = line.origin
    if origin is None:
        return []
    keys = [(filter_name, name) for name, filter_name in origin.entered]
    if not keys and origin.root is not None:
        chosen = origin.root.chosen
        return [(chosen.name, name_of(origin.root.record, chosen))]
    return keys


def _without_missing(row: Candidate) -> Candidate:
    """Leave empty what a record does not have, and others do."""
    values = {name: None if value is MISSING else value for name, value in row.values.items()}
    return evolve(row, values=values)
