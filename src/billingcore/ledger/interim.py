"""Advances: how much net amount and tax a payment on account pays, and how that is booked.

One rule splits it for documents and books.

The tax of a progress invoice is due when it is paid, so each payment is split into net amounts and
taxes (behaviour 6.5). It is spread over the tax codes by their gross amounts, the last one takes
what is left; of that, the net amount is rounded, and the tax is what is left. What pays the last of
the document takes exactly what is left of every code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.tax_codes import tax_parts
from billingcore.ledger.booking import (
    Assignment,
    Booked,
    Booking,
    copied,
    differences,
    make_detail,
    with_contras,
)
from billingcore.ledger.entry import JournalEntry, JournalLine, Side
from billingcore.ledger.matching import Wanted
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import EntryType, Match
from billingcore.records.chain_document import TaxAmount, gross_of
from billingcore.records.taxes import Tax
from billingcore.values.context import EXACT, ZERO, exactly
from billingcore.values.rounding import Rounding, round_amount

__all__ = [
    "AdvanceAccount",
    "ReceiptSheet",
    "advance_account",
    "are_credited",
    "interim_entries",
    "interim_parts",
    "interim_revenue",
]

# A member of an enumeration is looked up slowly in its class.
_CREDIT: Final = Side.CREDIT
_CONTRA: Final = EntryType.CONTRA_ACCOUNT

AdvanceAccount = tuple[Match, str, EntryType, Assignment]
"""An account of advances with the one on the other side; what it is for, and of which tax code."""


class ReceiptSheet(NamedTuple):
    """An entry of what was received of an advance, and nobody has read: it knows its amounts.

    Attributes:
        parts: what was received, by tax code; the entry has a credit for each amount of it.
        written: the lines of the entry.
    """

    parts: tuple[TaxAmount, ...]
    written: tuple[JournalLine, ...]

    def fields(self) -> dict[str, object]:
        """Give the lines."""
        return {"lines": self.written}


@exactly()
def interim_parts(
    invoiced: Sequence[TaxAmount],
    due: Decimal,
    receipts: Sequence[Decimal],
    currency: str,
    rounding: Rounding,
) -> list[list[TaxAmount]]:
    """Split what was received of a document, receipt by receipt.

    >>> from billingcore import Tax
    >>> invoiced = [TaxAmount(Tax("DE_19", rate=19), Decimal(1000), Decimal(190)),
    ...             TaxAmount(Tax("DE_7", rate=7), Decimal(500), Decimal(35))]
    >>> [[(part.net, part.amount) for part in parts] for parts in interim_parts(
    ...     invoiced, Decimal(1725), [Decimal(1000)], "EUR", Rounding.HALF_UP)]
    [[(Decimal('579.71'), Decimal('110.15')), (Decimal('289.85'), Decimal('20.29'))]]

    Args:
        invoiced: what the document asks for, by tax code.
        due: what is to be paid of it, rounded to what cash can pay.
        receipts: what was received, in order; below 0 if money went back. Beyond what is due
            nothing counts.
        currency: of all amounts.
        rounding: how amounts are rounded.
    """
    left = [*invoiced]
    received, found = ZERO, list[list[TaxAmount]]()
    for receipt in receipts:
        received += receipt
        booked = [_minus(whole, rest) for rest, whole in zip(left, invoiced, strict=True)]
        change = received - gross_of(booked)
        if received >= due:
            parts = left
        elif received <= ZERO:
            parts = [TaxAmount(tax, -net, -amount) for tax, net, amount in booked]
        elif change >= ZERO:
            parts = _split(change, invoiced, left, currency, rounding)
        else:
            back = _split(-change, invoiced, booked, currency, rounding)
            parts = [TaxAmount(tax, -net, -amount) for tax, net, amount in back]
        left = [_minus(rest, part) for rest, part in zip(left, parts, strict=True)]
        found.append(parts)
    return found


def interim_entries(
    invoice: Invoice,
    parts: Sequence[TaxAmount],
    posted: Sequence[JournalEntry],
    accounting: Accounting,
    *,
    source: str,
    on: dt.date,
) -> Booked:
    """Make the entries by which what is posted of one receipt becomes what it pays now.

    Net amount and tax leave the account of the advance: the contra account of the collective
    accounts of types Interim Payment and Interim Tax. In gross values, the gross amount does.

    Args:
        invoice: the progress or deposit invoice.
        parts: what the receipt pays of it, by tax code; nothing takes back all that is posted.
        posted: the entries with the same source.
        accounting: how it is booked.
        source: like ``interim/<number>/payment/<id>``.
        on: the booking date.

    Returns:
        The entries, which have the source as id, with ``~2`` and so on from the second one; and
        what was found no account for, or several.

    Raises:
        DateRangeError: all booking periods up to the end of the calendar are closed.
    """
    account, seller = invoice.account, invoice.seller
    entity = "" if seller is None else seller.name
    booking = Booking(
        source,
        accounting,
        account,
        on,
        f"Advance on {invoice.number}",
        invoice.number,
        copied(accounting, account.custom),
        invoice.draft.booked.debtor,
    )
    details: list[JournalLine] = []
    for tax, net, amount in parts:
        first = EXACT.add(net, amount) if accounting.is_gross else net
        if first:
            details.append(_detail(booking, entity, EntryType.INTERIM_PAYMENT, tax, first))
        if amount and not accounting.is_gross:
            details.append(_detail(booking, entity, EntryType.INTERIM_TAX, tax, amount))
    if not posted and isinstance(parts, tuple):
        lines = with_contras(differences(details, (), invoice.currency))
        if lines and are_credited(parts, lines):
            booking.enter_sheet(source, on, entity, invoice.currency, ReceiptSheet(parts, lines))
            return booking.booked
    booking.enter_differences(on, {(entity, invoice.currency): details}, posted)
    return booking.booked


def are_credited(parts: Iterable[TaxAmount], lines: Iterable[JournalLine]) -> bool:
    """Tell whether an entry has a credit for each amount of what was received, and nothing else."""
    wanted = [amount for _, net, tax in parts for amount in (net, tax) if amount]
    found = [
        line.amount if line.side is _CREDIT else None for line in lines if line.type is not _CONTRA
    ]
    return found == wanted


def interim_revenue(draft: DraftInvoice, booking: Booking, entity: str) -> list[JournalLine]:
    """Give the details of an advance, or of a credit of one: gross amounts by tax code."""
    details: list[JournalLine] = []
    for tax, net, amount, lines in tax_parts(draft):
        gross = EXACT.add(net, amount)
        if gross:
            made = _detail(booking, entity, EntryType.INTERIM_REVENUE, tax, gross)
            details.append(made._replace(lines=tuple([line.number for line in lines])))
    return details


def advance_account(booking: Booking, entity: str, type: EntryType, tax: Tax) -> AdvanceAccount:
    """Give the account of advances of one type and tax code."""
    found = booking.match(Wanted(type, entity, tax.code, booking.account.tax_region))
    assignment = (tax.code, tax.rate if tax.code else None, "", "", "", "")
    return found, booking.contra(found), type, assignment


def _detail(
    booking: Booking, entity: str, type: EntryType, tax: Tax, credit: Decimal
) -> JournalLine:
    """Make a detail of an advance: an amount of one tax code, on the account of its type."""
    return make_detail(credit, *advance_account(booking, entity, type, tax))


def _minus(first: TaxAmount, second: TaxAmount) -> TaxAmount:
    return TaxAmount(first.tax, first.net - second.net, first.amount - second.amount)


def _split(
    amount: Decimal,
    weights: Sequence[TaxAmount],
    left: Sequence[TaxAmount],
    currency: str,
    rounding: Rounding,
) -> list[TaxAmount]:
    """Split an amount by weights, and take of no code more than is left of it.

    Where one of several codes is below 0, a part of the document has more than the whole, so there
    nothing is held back.
    """
    is_mixed = any(each.gross < ZERO for each in weights)
    whole = sum((Fraction(each.gross) for each in weights), Fraction(0))
    rest, behind, found = min(amount, gross_of(left)), gross_of(left), list[TaxAmount]()
    for weight, own in zip(weights, left, strict=True):
        behind -= own.gross
        share = round_amount(Fraction(amount) * Fraction(weight.gross) / whole, currency, rounding)
        part = share if is_mixed else max(min(share, own.gross, rest), rest - behind)
        part = rest if own is left[-1] else part
        exact = Fraction(part) / (1 + Fraction(own.tax.share))
        net = round_amount(exact, currency, rounding)
        net = net if is_mixed else max(min(net, own.net, part), part - own.amount)
        found.append(TaxAmount(own.tax, net, part - net))
        rest -= part
    return found
