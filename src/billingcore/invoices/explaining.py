"""How each amount that a final deducts came about (behaviour 5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from billingcore.invoices.chain import Deduction
from billingcore.invoices.kinds import KINDS
from billingcore.lines.explain import Explanation, Step, without_directions
from billingcore.lines.steps import plain
from billingcore.records.chain_document import TaxAmount, gross_of
from billingcore.values.boundary import Boundary
from billingcore.values.context import EXACT, ZERO

__all__ = ["explain_deduction"]


def explain_deduction(deduction: Deduction) -> Explanation:
    """Explain what a final deducts of a document that was invoiced before.

    The steps say what it asks for by tax code, what was paid of that, what is deducted, and what
    becomes of the rest; all in its currency.

    >>> from decimal import Decimal
    >>> from billingcore import ChainDocument, InvoiceKind, Tax, TaxAmount
    >>> tax = Tax("DE_19", rate=19)
    >>> first = ChainDocument("P-1", kind=InvoiceKind.PROGRESS, key="house", date="2026-03-01",
    ...     currency="EUR", invoiced=[TaxAmount(tax, Decimal(2500), Decimal(475))],
    ...     paid=[TaxAmount(tax, Decimal(1000), Decimal(190))])
    >>> print(explain_deduction(Deduction(first, first.paid, first.open, is_closing=True)))
    Progress invoice P-1 of 2026-03-01
      agreement: house
      rule: a progress invoice is deducted as far as it was paid
      invoiced, DE_19, S 19 %: 2500 net + 475 tax = 2975 EUR
      paid: 1190 of 2975 EUR
      deducted, DE_19, S 19 %: 1000 net + 190 tax = 1190 EUR
      part of the final: 2975 - 1190 = 1785 EUR is open; the final asks for it, and closes P-1
    """
    deduction = Boundary("explain_deduction").instance("deduction", deduction, Deduction)
    document = deduction.document
    number = " ".join(without_directions(document.number).split())
    title = f"{KINDS[document.kind].title} {number} of {document.date}"
    facts = [("agreement", document.key), ("rule", _rule(deduction))]
    if document.credited_by:
        facts.insert(1, ("given back in part by", ", ".join(document.credited_by)))
    cleaned = tuple((word, " ".join(without_directions(value).split())) for word, value in facts)
    return Explanation(title, tuple(_steps(deduction, number)), cleaned)


def _rule(deduction: Deduction) -> str:
    rules = KINDS[deduction.kind]
    name = rules.title.lower()
    if deduction.is_closing:
        return f"a {name} is deducted as far as it was paid"
    if rules.is_interim:
        return f"the policy deducts a {name} as it was invoiced, paid or not"
    return f"a {name} is deducted as it was invoiced, paid or not"


def _steps(deduction: Deduction, number: str) -> Iterator[Step]:
    document = deduction.document
    currency = document.currency
    less = ", less what was given back" if document.credited_by else ""
    for part in document.invoiced:
        yield _part_step("invoiced", part, currency, less)
    if deduction.is_closing:
        paid, asked = gross_of(document.paid), gross_of(document.invoiced)
        yield Step("paid", paid, f"{plain(paid)} of {plain(asked)} {currency}")
    for part in deduction.parts:
        yield _part_step("deducted", part, currency)
    if len(deduction.parts) != 1:
        yield Step("deducted", deduction.gross, f"{plain(deduction.gross)} {currency} in all")
    if document.open > ZERO:
        yield _rest_step(deduction, number)


def _part_step(name: str, part: TaxAmount, currency: str, more: str = "") -> Step:
    tax, net, amount = part
    code = ", ".join(filter(None, (tax.code, f"{tax.group} %")))
    how = f"{plain(net)} net + {plain(amount)} tax = {plain(part.gross)} {currency}{more}"
    exact = Fraction(part.gross)
    return Step(f"{name}, {code}", part.gross, how, (("net", net), ("tax", amount)), exact)


def _rest_step(deduction: Deduction, number: str) -> Step:
    """Say what becomes of what is open: it follows from the sums, unless a host says otherwise."""
    document = deduction.document
    left, asked, paid = document.open, gross_of(document.invoiced), gross_of(document.paid)
    is_sum = bool(paid) and EXACT.subtract(asked, paid) == left
    terms = f"{plain(asked)} - {plain(paid)} = " if is_sum else ""
    operands = (("invoiced", asked), ("paid", paid)) if is_sum else ()
    how = f"{terms}{plain(left)} {document.currency} is open; "
    if deduction.folded:
        name, how = "part of the final", f"{how}the final asks for it, and closes {number}"
    else:
        name, how = "still claimed", f"{how}it stays to be paid on {number} itself"
    return Step(name, left, how, operands)
