"""The first and the last documents of a project: pro forma, deposit, final."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from billingcore.invoices.document import DraftInvoice
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.projects.agreed import Position, agreed_on, check_no_drafts
from billingcore.lifecycle.projects.claims import one_of, reading
from billingcore.lifecycle.projects.project import Project, made_for, percent_text, read_percent
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.terms import LineType
from billingcore.values.boundary import DateLike
from billingcore.values.context import ZERO
from billingcore.values.numbers import AmountLike, NumberLike
from billingcore.values.period import Period
from billingcore.values.rounding import round_amount
from billingcore.values.sealing import changed

__all__ = ["deposit", "final", "pro_forma"]


def deposit(
    project: Project,
    books: Books,
    *,
    rate: NumberLike | Fraction | None = None,
    amount: AmountLike | None = None,
    gross: AmountLike | None = None,
    title: str = "",
    period: Period | None = None,
    reference: str = "",
    invoice_date: DateLike | None = None,
) -> DraftInvoice:
    """Ask for a part of what was agreed before anything is delivered.

    It has one line, with the highest tax rate of all that was agreed. The order discount does not
    count: it is for the final invoice, which deducts the deposit like a progress claim.

    >>> from billingcore import Account, Item, TaxTable
    >>> house = Project("house-7", Account("acme", currency="EUR"),
    ...                 [Item("shell", unit_price=1000, tax_code="DE_19")],
    ...                 period=Period.month(2026, 3), tax=TaxTable({"DE_19": 19}))
    >>> totals = deposit(house, Books(house.account), rate=30).totals
    >>> totals.net, totals.tax, totals.gross
    (Decimal('300.00'), Decimal('57.00'), Decimal('357.00'))

    Args:
        project: what was agreed.
        books: of its account, as they are now.
        rate: percent of all that was agreed.
        amount: what is asked for: net, or gross if the project is priced gross.
        gross: the same with tax, whatever the project is priced.
        title: what its line says; it has its own words if it is empty.
        period: the days of service; None takes the project's.
        reference: names the draft; without one its place among the documents does.
        invoice_date: the date of the invoice; None is decided when it is finalized.

    Raises:
        InvalidInputError: nothing or too much is asked for, with what is left, or in several ways.
        InvalidTransitionError: there is a final already, or a draft of another part invoice.
    """
    read = reading(project, books)
    way = one_of(read, {"rate": rate, "amount": amount, "gross": gross})
    agreed = agreed_on(project, books, is_gross=project.is_gross or way == "gross", discount=None)
    what, asked = "", gross if amount is None else amount
    if rate is not None:
        percent = read_percent(read, "rate", rate)
        exact = Fraction(agreed.total) * percent / 100
        asked = round_amount(exact, agreed.currency, project.policy.rounding)
        what = f": {percent_text(percent)}"
    value = agreed.read(way, asked or ZERO)
    highest = max(agreed.positions, key=_rate)
    amounts = [value if each is highest else ZERO for each in agreed.positions]
    text = title or f"Deposit{what} of {project.label}"
    made = made_for(
        project,
        agreed.items("deposit", text, amounts),
        InvoiceKind.DEPOSIT,
        books=books,
        period=period,
        reference=reference,
        invoice_date=invoice_date,
    )
    check_no_drafts(agreed, made.id)
    lines = (changed(line, type=LineType.DEPOSIT) for line in made.lines)
    return changed(made, lines=tuple(lines))


def final(
    project: Project,
    books: Books,
    *,
    reference: str = "",
    invoice_date: DateLike | None = None,
) -> DraftInvoice:
    """Bill all that was agreed, and deduct what was invoiced before.

    It is a final whatever is left: more than nothing, nothing, or less.

    >>> from billingcore import Account, Item
    >>> house = Project("house-7", Account("acme", currency="EUR"),
    ...                 [Item("shell", unit_price=7000), Item("roof", unit_price=3000)],
    ...                 period=Period.closed("2026-03-01", "2026-09-30"))
    >>> made = final(house, Books(house.account))
    >>> made.kind, made.totals.gross, made.remaining.gross
    (<InvoiceKind.FINAL: 'final'>, Decimal('10000.00'), Decimal('10000.00'))

    Args:
        project: what was agreed in the end.
        books: of its account, as they are now.
        reference: names the draft; without one its place among the documents does.
        invoice_date: the date of the invoice; None is decided when it is finalized.

    Raises:
        InvalidTransitionError: there is another final, or a draft of a part invoice.
        SubsNotBookedError: it would deduct documents that are not booked yet.
    """
    reading(project, books)
    return made_for(
        project,
        project.items,
        InvoiceKind.FINAL,
        books=books,
        discount=project.discount,
        reference=reference,
        invoice_date=invoice_date,
    )


def pro_forma(
    project: Project, *, reference: str = "", invoice_date: DateLike | None = None
) -> DraftInvoice:
    """State what would be billed, without asking for payment.

    Args:
        project: what was agreed.
        reference: names the draft; without one its content does.
        invoice_date: the date of the document; None is decided when it is finalized.
    """
    return made_for(
        project,
        project.items,
        InvoiceKind.PRO_FORMA,
        discount=project.discount,
        reference=reference,
        invoice_date=invoice_date,
    )


def _rate(position: Position) -> Decimal:
    return position.rate
