"""How documents, their positions and what is booked of them draw themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import fields

from billingcore.errors import InvalidInputError
from billingcore.invoices.chain import Chain
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.invoices.totals import OpenTotals, Totals
from billingcore.ledger.booking import Booked
from billingcore.ledger.entry import JournalEntry, Side
from billingcore.lines.explain import Explanation, explain
from billingcore.lines.line import LineItem
from billingcore.records.chain_document import TaxAmount
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.render.mark import draft_mark
from billingcore.render.markup import html
from billingcore.render.notebook.cells import in_words
from billingcore.render.notebook.columns import sheet_of
from billingcore.render.notebook.generic import called, record_sheets
from billingcore.render.notebook.sheets import Sheet, facts
from billingcore.render.picture import chain_svg
from billingcore.render.proration_picture import proration_svg
from billingcore.values.context import negated, total
from billingcore.values.text import escaped

__all__ = ["DRAWINGS", "Drawing", "Part"]

Part = Sheet | Explanation | str
"""What draws itself, or HTML as it is."""

Drawing = Callable[[Any], Iterator[Part]]


def _document(document: DraftInvoice | Invoice) -> Iterator[Part]:
    """Draw a document as its buyer reads it, a final with its agreement; a draft says what it is."""
    locale = _locale_of(document)
    mark = draft_mark(document, locale)
    if mark:
        yield f"<p><strong>{escaped(mark)}</strong></p>"
    yield html(document, locale)
    if document.kind is InvoiceKind.FINAL:
        yield chain_svg(document, locale)


def _locale_of(document: DraftInvoice | Invoice) -> str | None:
    """Leave the locale to the document, or to English if nobody knows its own."""
    try:
        draft_mark(document.draft if isinstance(document, Invoice) else document)
    except InvalidInputError:
        return "en"
    return None


def _outcome(outcome: AccountOutcome) -> Iterator[Part]:
    """Draw what became of an account; of its lists those that hold something."""
    run = outcome.run
    pairs: list[tuple[str, object]] = [("run", run.id), ("policy", run.policy.name)]
    pairs += [("drafts", len(outcome.drafts)), ("excluded", len(outcome.exclusions))]
    yield facts(f"Account {outcome.account}", [*pairs, ("problems", len(outcome.problems))])
    lists: Mapping[str, Sequence[object]] = {
        "Drafts": outcome.drafts,
        "Not billed": outcome.exclusions,
        "Time left out": outcome.left_out,
        "Problems": outcome.problems,
        "Decided for good": outcome.decisions,
        "Corrections": outcome.corrections,
    }
    for name, values in lists.items():
        if values:
            yield sheet_of(name, values)


def _line(line: LineItem) -> Iterator[Part]:
    """Draw a line with its steps, and with the days behind its billing factor if it has one."""
    yield sheet_of(f"Line {line.number}", [line])
    explanation = explain(line)
    yield explanation
    if any(step.derivation for step in explanation.steps):
        yield proration_svg(line, locale="en")


def _entry(entry: JournalEntry) -> Iterator[Part]:
    """Draw the debits and credits of an entry, with the sums of both."""
    pairs = ("date", "document_date", "period", "account", "name", "document", "text", "reverses")
    yield facts(called(entry), [(in_words(name), getattr(entry, name)) for name in pairs])
    sides = {
        side.value: total(line.amount for line in entry.lines if line.side is side) for side in Side
    }

    def sums(head: Sequence[str]) -> tuple[object, ...]:
        return ("sum", *(sides.get(name) for name in head[1:]))

    yield sheet_of(f"Booked in {entry.currency}", entry.lines, sums)


def _booked(booked: Booked) -> Iterator[Part]:
    for entry in booked.entries:
        yield from _entry(entry)
    if booked.problems or not booked.entries:
        yield sheet_of("Problems of booking", booked.problems)


def _totals(totals: Totals) -> Iterator[Part]:
    names = [each.name for each in fields(OpenTotals) if each.name != "breakdown"]
    always = ("net", "tax", "gross", "due")
    pairs = [(name, getattr(totals, name)) for name in names]
    shown = [(in_words(name), value) for name, value in pairs if value or name in always]
    yield facts("Totals", shown)
    yield sheet_of("Tax breakdown", totals.breakdown)


def _chain(chain: Chain) -> Iterator[Part]:
    """Draw what was agreed, what of it was deducted, and what remains."""
    if not chain.contract:
        yield from record_sheets(chain)
        return
    rows = [_row("agreed", chain.contract)]
    rows += [_row(f"less {each.number}", each.parts, is_less=True) for each in chain.deductions]
    left = chain.remaining
    head = ("", "net", "tax", "gross")
    yield Sheet(
        f"Agreement {chain.key}",
        head,
        tuple(rows),
        sums=("remaining", left.net, left.tax, left.gross),
    )


def _row(name: str, parts: Sequence[TaxAmount], *, is_less: bool = False) -> tuple[object, ...]:
    net, tax = total(part.net for part in parts), total(part.amount for part in parts)
    sums = (net, tax, total((net, tax)))
    return (name, *map(negated, sums)) if is_less else (name, *sums)


DRAWINGS: Final[dict[type, Drawing]] = {
    AccountOutcome: _outcome,
    Booked: _booked,
    Chain: _chain,
    DraftInvoice: _document,
    Invoice: _document,
    JournalEntry: _entry,
    LineItem: _line,
    Totals: _totals,
}
"""Class → how it draws itself."""
