"""Conservation: the parts of a document add up to it, to the cent.

The rules are those of EN 16931 (BR-CO-10 to BR-CO-17), with equality and never a tolerance, and
the rules by which this library rounds taxes per line, category or document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from billingcore.errors import InvariantViolationError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.lines.line import LineItem
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.taxes import Tax
from billingcore.records.terms import LineType
from billingcore.scope.switches import NegativeTotal, TaxLevel
from billingcore.tax.chain import full_scope
from billingcore.testing.chains import check_deductions
from billingcore.values.context import total
from billingcore.values.currency import quantum_of
from billingcore.values.rounding import round_amount

__all__ = ["check_document"]


def check_document(document: DraftInvoice | Invoice) -> None:
    """Check that a document's lines, taxes and totals add up, and that its amounts are plain.

    The taxes of a document that cancels or credits another are parts of that document's taxes, and
    only have to add up.

    Raises:
        InvariantViolationError: they do not; the evidence has the amounts.
    """
    draft = document.draft if isinstance(document, Invoice) else document
    _check_shape(draft)
    _check_amounts(draft)
    for line in draft.lines:
        _check_line(line)
    _check_totals(draft)
    _check_breakdown(draft)
    check_deductions(draft)
    whole = full_scope(draft) if draft.kind is InvoiceKind.FINAL else draft
    if not draft.original:  # otherwise its taxes are parts of recorded ones
        _TAXES_OF[draft.policy.tax_level](whole)


BY_SIGN: Final = (InvoiceKind.STANDARD, InvoiceKind.CREDIT)
"""The kinds between which the sign of a total decides; all others are chosen."""


def _require(holds: bool, law: str, *evidence: object) -> None:
    if not holds:
        raise InvariantViolationError(law, evidence=evidence)


def _check_shape(draft: DraftInvoice) -> None:
    numbers = [line.number for line in draft.lines]
    _require(bool(draft.visible_lines), "a document has a line", draft.id)
    _require(
        numbers == [*range(1, len(numbers) + 1)], "lines are numbered from 1", draft.id, numbers
    )
    currencies = {line.currency for line in draft.lines}
    _require(currencies == {draft.currency}, "a document has one currency", draft.id, currencies)
    terms = {line.heading for line in draft.lines}
    _require(terms == {draft.heading}, "a document has one heading", draft.id, terms)
    keys = [line.billing_key for line in draft.lines]
    _require(len(set(keys)) == len(keys), "no two lines share a billing key", draft.id, keys)
    if draft.original:
        return
    is_credit = draft.totals.gross < 0 and draft.policy.negative_total is not NegativeTotal.INVOICE
    is_credit = is_credit and draft.kind in BY_SIGN
    _require(
        (draft.kind is InvoiceKind.CREDIT) == is_credit,
        "a document of a run is a credit if, and only if, its total is negative",
        draft.id,
        draft.kind,
        draft.totals.gross,
    )


def _check_amounts(draft: DraftInvoice) -> None:
    sums = draft.totals
    amounts = [sums.line_total, sums.net, sums.tax, sums.gross, sums.rounding, sums.due]
    amounts += [amount for row in sums.breakdown for amount in (row.taxable, row.amount)]
    for line in draft.lines:
        amounts += [line.amount, line.discount, line.order_discount, line.net]
        amounts += [] if line.tax_amount is None else [line.tax_amount]
    quantum = Fraction(quantum_of(draft.currency))
    for amount in amounts:
        has_digits = (Fraction(amount) / quantum).denominator == 1
        _require(has_digits, "amounts have the digits of their currency", draft.id, amount)
        _require(bool(amount) or not amount.is_signed(), "there is no negative zero", draft.id)


def _check_line(line: LineItem) -> None:
    after = _sum(line.amount, -Fraction(line.discount), -Fraction(line.order_discount))
    _require(
        Fraction(line.priced) == after,
        "a line costs its amount less its discounts",
        line.billing_key,
        line.priced,
        after,
    )
    if not line.item.price_includes_tax:
        _require(line.net == line.priced, "a net price is net", line.billing_key, line.net)
    is_turned = line.amount * line.priced < 0
    _require(not is_turned, "no discount turns an amount around", line.billing_key, line.priced)


def _sum(*amounts: Decimal | Fraction) -> Fraction:
    return sum((Fraction(amount) for amount in amounts), Fraction(0))


def _check_totals(draft: DraftInvoice) -> None:
    sums = draft.totals
    line_total = total(line.net for line in draft.lines)
    tax_total = total(row.amount for row in sums.breakdown)
    net = _sum(sums.line_total, -Fraction(sums.allowance_total), sums.charge_total)
    due = _sum(sums.gross, -Fraction(sums.paid), sums.rounding)
    increments = dict(draft.policy.cash_increments)
    step = increments.get(draft.currency)
    rules: list[tuple[str, object, object]] = [
        ("BR-CO-10: line total = sum of line nets", sums.line_total, line_total),
        ("BR-CO-11: no allowances on the document", sums.allowance_total, 0),
        ("BR-CO-12: no charges on the document", sums.charge_total, 0),
        ("BR-CO-13: net = line total - allowances + charges", Fraction(sums.net), net),
        ("BR-CO-14: tax = sum of the breakdown", sums.tax, tax_total),
        ("BR-CO-15: gross = net + tax", Fraction(sums.gross), _sum(sums.net, sums.tax)),
        ("BR-CO-16: due = gross - paid + rounding", Fraction(sums.due), due),
    ]
    for law, found, wanted in rules:
        _require(found == wanted, law, draft.id, found, wanted)
    if step is None:
        _require(not sums.rounding, "only cash amounts are rounded", draft.id, sums.rounding)
    else:
        is_payable = (Fraction(sums.due) / Fraction(step)).denominator == 1
        _require(is_payable, "cash can pay what is due", draft.id, sums.due, step)


def _check_breakdown(draft: DraftInvoice) -> None:
    rows = draft.totals.breakdown
    groups = [row.tax.group for row in rows]
    of_lines = dict.fromkeys(line.tax.group for line in draft.lines)
    _require(
        groups == [*of_lines],
        "the breakdown has one row per tax category and rate of the lines",
        draft.id,
        groups,
        of_lines,
    )
    for row in rows:
        lines = [line for line in draft.lines if line.tax.group == row.tax.group]
        taxable = total(line.net for line in lines)
        _require(
            row.taxable == taxable,
            "the taxable amount of a row is the net of its lines",
            draft.id,
            row.taxable,
            taxable,
        )
        gross = [line for line in lines if line.item.price_includes_tax]
        if len(gross) == len(lines):
            priced = total(line.priced for line in lines)
            is_kept = _sum(row.taxable, row.amount) == Fraction(priced)
            _require(is_kept, "prices with tax stay what they were", draft.id, row, priced)


def _parts(draft: DraftInvoice) -> Iterable[tuple[Tax, bool, Sequence[LineItem]]]:
    parts: dict[tuple[str, bool], list[LineItem]] = {}
    for line in draft.lines:
        key = line.tax.group, line.item.price_includes_tax
        parts.setdefault(key, []).append(line)
    for (_, is_gross), lines in parts.items():
        yield lines[0].tax, is_gross, lines


def _exact_tax(base: Decimal, tax: Tax, *, is_gross: bool) -> Fraction:
    rate = Fraction(tax.rate) / 100
    return Fraction(base) * (rate / (1 + rate) if is_gross else rate)


def _check_per_line(draft: DraftInvoice) -> None:
    for line in draft.lines:
        if line.type is LineType.TAX_DELTA:
            continue
        is_gross = line.item.price_includes_tax
        exact = _exact_tax(line.priced, line.tax, is_gross=is_gross)
        wanted = round_amount(exact, draft.currency, draft.policy.rounding)
        _require(
            line.tax_amount == wanted,
            "the tax of a line is rounded by itself",
            line.billing_key,
            line.tax_amount,
            wanted,
        )
    for row in draft.totals.breakdown:
        own = (line for line in draft.lines if line.tax.group == row.tax.group)
        wanted = total(line.tax_amount or Decimal(0) for line in own)
        _require(row.amount == wanted, "taxes of lines add up to the row", draft.id, row, wanted)


def _check_per_category(draft: DraftInvoice) -> None:
    wanted: dict[str, Fraction] = {}
    for tax, is_gross, lines in _parts(draft):
        exact = _exact_tax(total(line.priced for line in lines), tax, is_gross=is_gross)
        exact, taxed = _counted_from(draft, tax, exact)
        amount = round_amount(exact, draft.currency, draft.policy.rounding)
        wanted[tax.group] = wanted.get(tax.group, -taxed) + Fraction(amount)
    for row in draft.totals.breakdown:
        rounded = wanted[row.tax.group]
        law = "BR-CO-17: the tax of a category is its base x rate, rounded once"
        _require(Fraction(row.amount) == rounded, law, draft.id, row, rounded)


def _counted_from(draft: DraftInvoice, tax: Tax, exact: Fraction) -> tuple[Fraction, Fraction]:
    """Add the exact tax of what was invoiced before on its agreement; give what was taxed of it.

    Prices of both sorts are taxed by themselves, and so is what costs nothing with tax.
    """
    before = [each for each in draft.chain.before if each.tax.group == tax.group]
    lines = [line for line in draft.lines if line.tax.group == tax.group]
    is_gross, *others = {line.item.price_includes_tax for line in lines}
    if not before or others or (is_gross and not total(line.priced for line in lines)):
        return exact, Fraction(0)
    base = total(each.gross if is_gross else each.net for each in before)
    whole = exact + _exact_tax(base, before[0].tax, is_gross=is_gross)
    return whole, Fraction(total(each.amount for each in before))


def _check_per_document(draft: DraftInvoice) -> None:
    exact = sum(
        (
            _exact_tax(total(line.priced for line in lines), tax, is_gross=is_gross)
            for tax, is_gross, lines in _parts(draft)
        ),
        Fraction(0),
    )
    wanted = round_amount(exact, draft.currency, draft.policy.rounding)
    law = "the tax of the document is rounded once"
    _require(draft.totals.tax == wanted, law, draft.id, draft.totals.tax, wanted)


_TAXES_OF: Final[dict[TaxLevel, Callable[[DraftInvoice], None]]] = {
    TaxLevel.LINE: _check_per_line,
    TaxLevel.CATEGORY: _check_per_category,
    TaxLevel.DOCUMENT: _check_per_document,
}
