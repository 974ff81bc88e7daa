"""The taxes of part invoices, and the deductions of a final (behaviour 5.4).

Part invoices are taxed by counting up: the tax of all that is invoiced so far is worked out as one
sum, and a document has what is new of it. So no cent is left at the end, however many claims there
are. A final deducts amounts as they were stored, and never works them out anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, cast

from billingcore.invoices.chain import Chain, Deduction
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.kinds import KINDS
from billingcore.invoices.tax_codes import tax_parts
from billingcore.invoices.totals import TaxSubtotal, Totals
from billingcore.lines.line import LineItem, OpenLine
from billingcore.lines.making import make_line, terms_of
from billingcore.periods.span import Share, Span
from billingcore.records.chain_document import ChainDocument, TaxAmount, gross_of, merged
from billingcore.records.item import Item
from billingcore.records.terms import LineType
from billingcore.scope.policy import Policy
from billingcore.scope.switches import ChainTax, DeductProgress, FinalShape, TaxLevel
from billingcore.tax.totals import cash_rounding, sum_up
from billingcore.values.context import ZERO, exactly
from billingcore.values.currency import quantum_of
from billingcore.values.rounding import allocate, round_amount
from billingcore.values.sealing import changed, new_tuple

__all__ = ["counted_up", "deductions_of", "full_scope", "invoiced_before", "with_deductions"]

_MINUS_ONE: Final = Decimal(-1)
_DEDUCTION: Final = LineType.DEDUCTION  # looked up slowly in its class


def invoiced_before(
    documents: Iterable[ChainDocument], policy: Policy, own: str = ""
) -> tuple[TaxAmount, ...]:
    """Give what a part invoice has to count up from: what was invoiced before, by tax code.

    Args:
        documents: of the agreement.
        policy: whether taxes are counted up.
        own: number of the document itself, which does not count.
    """
    if policy.chain_tax is ChainTax.EACH:
        return ()
    every = (each for each in documents if not each.is_draft and each.number != own)
    return merged(part for each in every if KINDS[each.kind].is_sub for part in each.invoiced)


def counted_up(
    breakdown: tuple[TaxSubtotal, ...],
    before: Iterable[TaxAmount],
    lines: Sequence[OpenLine],
    policy: Policy,
) -> tuple[TaxSubtotal, ...]:
    """Give a breakdown whose taxes, with those before, are the taxes of the sum.

    The sum is the net one, or the gross one where prices include tax. Where taxes are rounded
    otherwise than per category they stay as they are, and so do those of prices of both sorts; the
    final closes the gap. Runs inside `exactly`.
    """
    if policy.tax_level is not TaxLevel.CATEGORY:
        return breakdown
    known: dict[str, tuple[Decimal, Decimal]] = {}
    for tax, net, amount in before:
        base, taxed = known.get(tax.group, (ZERO, ZERO))
        known[tax.group] = (base + net, taxed + amount)
    return tuple(
        _counted(row, known[row.tax.group], lines, policy) if row.tax.group in known else row
        for row in breakdown
    )


def _counted(
    row: TaxSubtotal, before: tuple[Decimal, Decimal], lines: Sequence[OpenLine], policy: Policy
) -> TaxSubtotal:
    """Give a row whose tax is what is new of the tax of the sum."""
    (tax, taxable, amount), (base, taxed) = row, before
    own = [line for line in lines if line.tax.group == tax.group]
    sorts = {line.item.price_includes_tax for line in own}
    if len(sorts) > 1:
        return row
    if True not in sorts:
        quantum = quantum_of(own[0].currency)
        amount = ((base + taxable) * tax.share).quantize(quantum, policy.rounding_mode) - taxed
        return TaxSubtotal(tax, taxable, amount or amount.copy_abs())
    gross, share = taxable + amount, Fraction(tax.share)
    if not gross:
        return row
    exact = Fraction(base + taxed + gross) * share / (1 + share)
    amount = round_amount(exact, own[0].currency, policy.rounding) - taxed
    parts = allocate(gross - amount, [line.priced for line in own], currency=own[0].currency)
    for line, net in zip(own, parts, strict=True):
        line.net = net
    return TaxSubtotal(tax, gross - amount, amount or amount.copy_abs())


def deductions_of(documents: Iterable[ChainDocument], policy: Policy) -> tuple[Deduction, ...]:
    """Give what a final deducts, in the order of issue; drafts and finals are passed over.

    A partial invoice as it was invoiced; a progress or deposit invoice as far as it was paid, and
    the final asks for the rest, or as it was invoiced, if the policy says so.
    """
    is_as_paid = policy.deduct_progress is DeductProgress.PAID
    found: list[Deduction] = []
    kind = is_sub = is_interim = None
    for each in documents:
        if each.kind is not kind:  # most are of the kind of the one before
            kind = each.kind
            is_sub, is_interim = KINDS[kind].is_sub, KINDS[kind].is_interim
        if each.is_draft or not is_sub:
            continue
        if is_interim and (is_as_paid or _is_rounded_away(each)):
            found.append(new_tuple(Deduction, (each, each.paid, each.open, True)))
        else:
            found.append(new_tuple(Deduction, (each, each.invoiced, ZERO, False)))
    return tuple(found)


def _is_rounded_away(document: ChainDocument) -> bool:
    """Tell whether nothing is open of a document though not all of it was paid.

    Its cents are fewer than cash can pay; they never come in as an advance.
    """
    return not document.open and gross_of(document.paid) != gross_of(document.invoiced)


def with_deductions(
    draft: DraftInvoice, documents: Iterable[ChainDocument], key: str | None = None, **said: Any
) -> DraftInvoice:
    """Give a final, which bills all that was agreed, with its deductions.

    Args:
        draft: the final without deductions.
        documents: all that the agreement has, in the order of issue; drafts and finals are passed
            over.
        key: its sub invoice key; None if the draft has it.
        said: what else is said of it.
    """
    with exactly():
        name = draft.chain.key if key is None else key
        found = deductions_of(documents, draft.policy)
        chain = Chain(name, (), _contract(draft), found)
        if draft.policy.final_shape is FinalShape.REMAINDER:
            return _by_lines(draft, chain, said)
        return changed(draft, chain=chain, totals=_reduced(draft, chain), **said)


def _contract(draft: DraftInvoice) -> tuple[TaxAmount, ...]:
    """Give what a final bills by tax code."""
    rows = draft.totals.breakdown
    if len({id(line.tax) for line in draft.lines}) > len(rows):
        return tuple([new_tuple(TaxAmount, part[:3]) for part in tax_parts(draft)])
    return tuple([new_tuple(TaxAmount, row) for row in rows])  # each row is of one code


def full_scope(draft: DraftInvoice) -> DraftInvoice:
    """Give a final without its deductions: all that was agreed."""
    rows: dict[str, TaxSubtotal] = {}
    with exactly():
        for tax, net, amount in draft.chain.contract:
            known = rows.get(tax.group, TaxSubtotal(tax, ZERO, ZERO))
            row = TaxSubtotal(known.tax, known.taxable + net, known.amount + amount)
            rows[tax.group] = row
        totals = sum_up(tuple(rows.values()), draft.policy, draft.currency)
    lines = tuple(line for line in draft.lines if line.type is not _DEDUCTION)
    return changed(draft, chain=Chain(draft.chain.key), lines=lines, totals=totals)


def _reduced(draft: DraftInvoice, chain: Chain) -> Totals:
    """Give the sums of a final: all that was agreed, of which the deductions are paid already."""
    sums, deducted = draft.totals, ZERO
    for each in chain.deductions:
        for _, net, amount in each[1]:
            deducted += net + amount
    left = sums.gross - deducted
    rounding = ZERO
    if draft.policy.cash_increments:
        rounding = cash_rounding(left, draft.policy, draft.currency)
    return changed(sums, paid=deducted, rounding=rounding, due=left + rounding)


def _by_lines(draft: DraftInvoice, chain: Chain, said: Mapping[str, Any]) -> DraftInvoice:
    """Give a final whose lines take off what was invoiced before; its sums are the remainder."""
    rows: dict[str, TaxSubtotal] = {row.tax.group: row for row in draft.totals.breakdown}
    made: list[LineItem] = []
    for each in chain.deductions:
        for part in each.parts:
            number = len(draft.lines) + len(made) + 1
            made.append(_line(draft, each, part, number))
            tax, taxable, amount = rows.get(part.tax.group, TaxSubtotal(part.tax, ZERO, ZERO))
            row = TaxSubtotal(tax, taxable - part.net, amount - part.amount)
            rows[part.tax.group] = row
    totals = sum_up(tuple(rows.values()), draft.policy, draft.currency)
    return changed(draft, chain=chain, lines=(*draft.lines, *made), totals=totals, **said)


def _line(draft: DraftInvoice, deducted: Deduction, part: TaxAmount, number: int) -> LineItem:
    """Make the line that takes off what one document invoiced of one tax code."""
    title = f"{KINDS[deducted.kind].title} {deducted.number} of {deducted.date}"
    item = Item(
        f"deduction-{number}",
        title=title,
        quantity=_MINUS_ONE,
        unit_price=part.net,
        tax_code=part.tax.code or None,
    )
    first = draft.lines[0]
    days = draft.period
    terms = terms_of(None, first.heading, "", draft.policy, draft.currency)
    line: Any = make_line(
        item, "", Span(days, None, (Share(days, None, Fraction(1)),), days), terms
    )
    line.number, line.type, line.tax = number, _DEDUCTION, part.tax
    line.own_key = f"{draft.id}-{number}"
    line.__class__ = LineItem  # sealed
    return cast("LineItem", line)
