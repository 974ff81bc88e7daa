"""Give back a part of an issued document, or the rest of it (behaviour 7.4)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from billingcore.errors import CurrencyMismatchError, InvalidTransitionError
from billingcore.invoices.document import DraftInvoice, Invoice, draft_id
from billingcore.invoices.kinds import KINDS
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.undoing.credit_lines import lines_of, totals_of
from billingcore.lifecycle.undoing.negation import follow_up
from billingcore.lifecycle.undoing.remainder import Left, Remainder, Shares
from billingcore.lifecycle.undoing.transitions import counted_of, credit_kind, find_document
from billingcore.lines.origin import Original
from billingcore.values.boundary import Boundary
from billingcore.values.context import exactly, total
from billingcore.values.currency import CURRENCY_DIGITS, quantum_of
from billingcore.values.keys import escape
from billingcore.values.numbers import AmountLike
from billingcore.values.rounding import round_amount

__all__ = ["credit"]


def credit(
    document: Invoice | str,
    books: Books,
    lines: Mapping[int, AmountLike | Fraction] | None = None,
    *,
    gross: AmountLike | None = None,
    reason: str = "",
    reference: str = "",
) -> DraftInvoice:
    """Make the draft of a document that gives back a part of another, or all that is left of it.

    Each of its lines is a part of a recorded line, at the price, discount and tax of that. All
    credits together give back exactly the document with its taxes, and never more. A credit covers
    nothing: what is billed stays billed, only money goes back. What gives back a part of a credit
    is an invoice.

    >>> from billingcore import Account, Books, Item, Period, draft
    >>> acme = Account("acme", currency="EUR")
    >>> made = draft(acme, [Item("setup", unit_price=50)], period=Period.month(2026, 1))
    >>> invoice = Invoice("2026-00001", made.period.last, made.period.last, made)
    >>> books = Books(acme, invoices={invoice.number: invoice})
    >>> credit("2026-00001", books, {1: "12.50"})
    <draft credit credit/2026-00001/acme of 2026-00001: lines 1, gross -12.50 EUR>
    >>> credit("2026-00001", books, {1: Fraction(1, 3)}).totals.gross
    Decimal('-16.67')

    Args:
        document: the document, or its number.
        books: the books of its account.
        lines: number of a line → how much of it: an amount with the sign that it has there, net or
            gross as the line is priced, or a share of the line as it was billed. None is all that
            is left of all lines.
        gross: instead, a gross amount, which is spread over all that is left, line by line and tax
            by tax; with the sign of the document.
        reason: why; stands on the document.
        reference: names the draft; without it, the credits of the document are counted.

    Raises:
        CurrencyMismatchError: an amount has another currency than the document.
        InvalidInputError: the account has no such document, or more is to be given back than is
            left.
        InvalidTransitionError: the document is a cancellation or canceled, or nothing is left.
    """
    read = Boundary("credit")
    why, name = read.text("reason", reason), read.text("reference", reference)
    invoice = find_document(document, books)
    kind, number = credit_kind(invoice, books), invoice.number
    counted = counted_of(books, number)
    original = Original(number, invoice.kind.value, invoice.date, why, counted)
    run_id, ordinal = _named(books, number, name)
    key = draft_id(run_id, invoice.account, invoice.draft.group, ordinal)
    with exactly():
        remainder = Remainder(invoice, books)
        shares = _Reader(remainder).shares(lines, gross)
        made = tuple(lines_of(remainder, shares, original, key))
        totals = totals_of(remainder, shares, made)
    return follow_up(invoice, kind, run_id, ordinal, made, totals)


def _named(books: Books, number: str, reference: str) -> tuple[str, int]:
    """Name the draft by its reference, or by how many were named without one before."""
    run_id = f"credit/{escape(number)}"
    if reference:
        return f"{run_id}/{escape(reference)}", 1
    before = books.index.followers.get(number, ())
    return run_id, 1 + sum(each.draft.run_id == run_id for each in before)


class _Reader:
    """Reads what is to be given back of a document."""

    def __init__(self, remainder: Remainder) -> None:
        invoice = remainder.invoice
        self._remainder = remainder
        self._currency: str = invoice.currency
        self._read = Boundary(KINDS[invoice.kind].title, invoice.number)

    def shares(
        self, lines: Mapping[int, AmountLike | Fraction] | None, gross: AmountLike | None
    ) -> Shares:
        """Read lines or a gross amount; neither is all that is left."""
        if lines is None:
            return self._all_or_gross(gross)
        if gross is not None:
            rule, fix = "lines are named, too", "give one of the two"
            raise self._read.refuse("gross", gross, rule, fix)
        return self._remainder.shares(self._chosen(lines))

    def _all_or_gross(self, gross: AmountLike | None) -> Shares:
        limits = self._remainder.limits
        if not limits:
            rule, fix = "nothing is left of it", "it was given back already"
            raise InvalidTransitionError(rule, record=self._read.record, fix=fix)
        everything = self._remainder.shares(limits)
        if gross is None:
            return everything
        whole = total(left for _, _, left in everything.gross)
        wanted = self._within("gross", self._amount("gross", gross), whole)
        return everything if wanted == whole else self._remainder.spread(wanted, everything)

    def _chosen(self, lines: Mapping[int, AmountLike | Fraction]) -> dict[int, Decimal]:
        if not lines:
            fix = "name one, or leave it out for all that is left"
            raise self._read.refuse("lines", 0, "no line is named", fix)
        most = len(self._remainder.invoice.draft.visible_lines)
        found: dict[int, Decimal] = {}
        for number, value in lines.items():
            left = self._remainder.lines[self._read.count("lines", number, least=1, most=most)]
            field = f"lines[{number}]"
            if isinstance(value, Fraction):
                wanted = self._share(field, value, left)
            else:
                wanted = self._amount(field, value)
            found[number] = self._within(field, wanted, left.limit)
        return dict(sorted(found.items()))

    def _share(self, field: str, share: Fraction, left: Left) -> Decimal:
        """Give a share of a recorded line; if only rounding makes it too large, what is left."""
        if not 0 < share <= 1:
            fix = "use more than 0 and at most 1"
            raise self._read.refuse(field, str(share), "no possible share of a line", fix)
        exact = Fraction(left.line.priced) * share
        wanted, limit = self._remainder.rounded(exact), left.limit
        beyond = abs(exact) - abs(Fraction(limit))
        is_rounding = bool(limit) and beyond < Fraction(quantum_of(self._currency))
        return limit if wanted.copy_abs() > limit.copy_abs() and is_rounding else wanted

    def _amount(self, field: str, value: AmountLike) -> Decimal:
        digits = CURRENCY_DIGITS[self._currency]
        amount, own = self._read.money(field, value, scale=digits)
        if own not in (None, self._currency):
            rule, fix = f"not in {self._currency}", f"give it in {self._currency}"
            record = self._read.record
            raise CurrencyMismatchError(rule, record=record, field=field, value=own, fix=fix)
        return round_amount(amount, self._currency)  # 12.5 becomes 12.50

    def _within(self, field: str, wanted: Decimal, left: Decimal) -> Decimal:
        """Refuse to give back nothing, more than is left, or an amount with the other sign."""
        if not left:
            raise self._read.refuse(field, wanted, "nothing is left of it", "leave it out")
        if wanted * left <= 0 or wanted.copy_abs() > left.copy_abs():
            fix = "give a part of that, with the same sign"
            raise self._read.refuse(field, wanted, f"{left} {self._currency} is left", fix)
        return wanted
