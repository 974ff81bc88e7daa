"""What a final deducts and what is left of it: the table, and what is to be said about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from billingcore.invoices.chain import Deduction
from billingcore.lines.explain import without_directions
from billingcore.records.chain_document import TaxAmount
from billingcore.render.layout import Row
from billingcore.render.page import Prose, Table
from billingcore.render.voice import Voice
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.rounding import round_amount

__all__ = ["by_rate", "deduction_label", "deduction_notes", "deductions"]


def deductions(voice: Voice) -> Table:
    """Give the table from all that was agreed, over each deduction, to what remains."""
    words, chain = voice.words, voice.draft.chain
    head = tuple(words(f"column_{name}") for name in ("rate", "net", "tax", "gross"))
    contract = _rows(voice, words("contract"), chain.contract)
    less = (row for each in chain.deductions for row in _less(voice, each))
    remaining = _rows(voice, words("remaining"), chain.remaining.parts)
    return Table(
        "deductions",
        words("deductions"),
        Row(words("column_document"), "", head),
        ((*contract, *less), tuple(remaining)),
        least=16,
        shows_caption=True,
    )


def _less(voice: Voice, each: Deduction) -> Iterator[Row]:
    negated = [
        TaxAmount(tax, net.copy_negate(), amount.copy_negate()) for tax, net, amount in each.parts
    ]
    return _rows(voice, deduction_label(voice, each), negated)


def deduction_label(voice: Voice, each: Deduction) -> str:
    """Name what is taken off: the document, what gave a part of it back, and whether it is paid."""
    less = voice.words("less", document=voice.deducted(each))
    credited = ", ".join(map(without_directions, each.document.credited_by))
    after = f", {voice.words('after_credit', documents=credited)}" if credited else ""
    return f"{less}{after}, {voice.words(_state_of(each))}"


def _rows(voice: Voice, label: str, parts: Iterable[TaxAmount]) -> Iterator[Row]:
    """Yield a row for each rate, and their sum first if there is not exactly one."""
    found = by_rate(parts)
    if len(found) == 1:
        yield _row(voice, label, voice.rate(found[0].tax), found)
        return
    yield _row(voice, label, "", found)
    for each in found:
        yield _row(voice, voice.words("of_that"), voice.rate(each.tax), [each])


def _row(voice: Voice, label: str, rate: str, parts: Iterable[TaxAmount]) -> Row:
    every = [*parts]
    net, tax = total(each.net for each in every), total(each.amount for each in every)
    amounts = (net, tax, EXACT.add(net, tax))
    return Row(label, "", (rate, *map(voice.formats.amount, amounts)))


def by_rate(parts: Iterable[TaxAmount]) -> list[TaxAmount]:
    """Add up what has one category and rate, as a breakdown does it."""
    sums: dict[str, TaxAmount] = {}
    for part in parts:
        tax, net, amount = sums.get(part.tax.group, TaxAmount(part.tax, ZERO, ZERO))
        sums[tax.group] = TaxAmount(tax, EXACT.add(net, part.net), EXACT.add(amount, part.amount))
    return [*sums.values()]


def _state_of(each: Deduction) -> str:
    """Name the word for how far a document was paid, as far as its deduction depends on that."""
    if not each.is_closing:
        return "state_invoiced"
    if each.document.is_paid:
        return "state_paid"
    return "state_partly" if each.gross else "state_unpaid"


def deduction_notes(voice: Voice) -> Prose:
    """Say what a final asks for of earlier documents, and where taxes are off by their rounding."""
    found = (*_folded(voice), *_gaps(voice))
    return Prose("deduction-notes", found)


def _folded(voice: Voice) -> Iterator[str]:
    for each in voice.draft.deductions:
        if each.folded > ZERO:
            amount, document = voice.formats.amount(each.folded), voice.deducted(each)
            yield voice.words("folded", amount=amount, document=document)


def _gaps(voice: Voice) -> Iterator[str]:
    """Yield by how much the remaining tax of a rate differs from the rate of what remains."""
    draft, formats = voice.draft, voice.formats
    for tax, net, amount in by_rate(draft.remaining.parts):
        exact = Fraction(net) * Fraction(tax.share)
        due = round_amount(exact, draft.currency, draft.policy.rounding)
        gap = EXACT.subtract(amount, due)
        if gap:
            yield voice.words(
                "tax_gap",
                difference=formats.amount(gap),
                rate=formats.percent(tax.rate),
                base=formats.amount(net),
            )
