"""What was invoiced before on one agreement: part invoices and their final (behaviour 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from attrs import define

from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.taxes import Tax
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.currency import CURRENCY_DIGITS, check_currency
from billingcore.values.numbers import AmountLike
from billingcore.values.sealing import Sealed, fill

__all__ = [
    "ChainDocument",
    "ChainLine",
    "Issued",
    "OpenChainDocument",
    "TaxAmount",
    "gross_of",
    "less",
    "merged",
]

CHAIN_KINDS = (InvoiceKind.PARTIAL, InvoiceKind.PROGRESS, InvoiceKind.DEPOSIT, InvoiceKind.FINAL)
"""The kinds of documents that belong together by a sub invoice key."""


_MOST_ROUNDING = Decimal(5)
"""More than this is no rounding to what cash can pay."""


class TaxAmount(NamedTuple):
    """A net amount of one tax code with its tax.

    Attributes:
        tax: code and rate.
        net: the net amount.
        amount: the tax.
    """

    tax: Tax
    net: Decimal
    amount: Decimal

    @property
    def gross(self) -> Decimal:
        """Net amount and tax."""
        return EXACT.add(self.net, self.amount)


def gross_of(parts: Iterable[TaxAmount]) -> Decimal:
    """Add up net amounts and taxes."""
    return total(part.gross for part in parts)


def merged(parts: Iterable[TaxAmount]) -> tuple[TaxAmount, ...]:
    """Add up amounts by tax code and rate, in the order in which these come first."""
    sums: dict[tuple[str, str], tuple[Tax, Decimal, Decimal]] = {}
    for tax, net, amount in parts:
        key = (tax.code, tax.group)
        known, before, taxed = sums.get(key, (tax, ZERO, ZERO))
        sums[key] = (known, EXACT.add(before, net), EXACT.add(taxed, amount))
    return tuple(TaxAmount(*each) for each in sums.values())


def less(parts: Iterable[TaxAmount], others: Iterable[TaxAmount]) -> tuple[TaxAmount, ...]:
    """Take amounts away from others, by tax code and rate; those of 0 stay."""
    turned = (
        TaxAmount(tax, EXACT.subtract(ZERO, net), EXACT.subtract(ZERO, amount))
        for tax, net, amount in others
    )
    return merged((*parts, *turned))


class ChainLine(NamedTuple):
    """A position of a part invoice, as a final can show it.

    Attributes:
        title: what it is called; a final shows it below its own line of the same title.
        net: its net amount.
        number: its number on its document.
    """

    title: str
    net: Decimal
    number: int


class Issued(NamedTuple):
    """What a part invoice says of itself, as it was issued: a final deducts stored amounts.

    Attributes:
        amounts: what it asks for by tax code, each code once.
        lines: its positions.
    """

    amounts: tuple[TaxAmount, ...]
    lines: tuple[ChainLine, ...]


@define(weakref_slot=False)
class OpenChainDocument:
    """A document of an agreement that is still being described."""

    number: str
    kind: InvoiceKind
    key: str
    date: dt.date
    currency: str
    entity: str
    invoiced: tuple[TaxAmount, ...]
    paid: tuple[TaxAmount, ...]
    open: Decimal
    lines: tuple[ChainLine, ...]
    credited_by: tuple[str, ...]
    final: str
    is_draft: bool
    is_booked: bool


class ChainDocument(Sealed, OpenChainDocument):
    """A part invoice, or a final, that an account has for an agreement.

    `Books` give those that the library made. A host hands in those that were made elsewhere.

    >>> first = ChainDocument(
    ...     "P-1", kind=InvoiceKind.PROGRESS, key="house", date="2026-03-01", currency="EUR",
    ...     invoiced=[TaxAmount(Tax("DE_19", rate=19), Decimal(2500), Decimal(475))])
    >>> first.open
    Decimal('2975')

    Attributes:
        number: of the document; of a draft its id.
        kind: partial, progress, deposit or final.
        key: the sub invoice key: what the documents of one agreement share.
        date: the invoice date; of a draft without one the last day of its period.
        currency: of its amounts.
        entity: name of the business entity that sells; empty if none is named.
        invoiced: what it asks for, by tax code, less what credits gave back.
        paid: what was received of that, by tax code; never more than that.
        open: what is still to be paid of it. It only differs from what follows from the two by
            rounding to what cash can pay.
        lines: its positions.
        credited_by: numbers of the documents that gave a part of it back.
        final: number of the final that deducts it; empty if none does.
        is_draft: whether it is a draft.
        is_booked: whether its entries, and those of its payments, are made.

    Raises:
        InvalidInputError: a field is wrong, with its name, its value and what to write instead.
    """

    __slots__ = ()

    def __init__(
        self,
        number: str,
        *,
        kind: InvoiceKind,
        key: str,
        date: DateLike,
        currency: str,
        invoiced: Iterable[TaxAmount],
        paid: Iterable[TaxAmount] = (),
        open: AmountLike | None = None,
        entity: str = "",
        lines: Iterable[ChainLine] = (),
        credited_by: Iterable[str] = (),
        final: str = "",
        is_draft: bool = False,
        is_booked: bool = True,
    ) -> None:
        read = Boundary("ChainDocument", number)
        code = read.read("currency", currency, check_currency)
        digits = CURRENCY_DIGITS[code]
        asked, received = (
            tuple(_read_amount(read, name, each, digits) for each in given)
            for name, given in (("invoiced", invoiced), ("paid", paid))
        )
        left = EXACT.subtract(gross_of(asked), gross_of(received))
        fill(
            self,
            number=read.id("number", number),
            kind=read.member("kind", kind, InvoiceKind),
            key=read.id("key", key),
            date=read.read("date", date, read_date),
            currency=code,
            entity=read.text("entity", entity),
            invoiced=merged(asked),
            paid=merged(received),
            open=left if open is None else read.money("open", open, scale=digits)[0],
            lines=tuple(lines),
            credited_by=tuple(credited_by),
            final=read.text("final", final),
            is_draft=read.flag("is_draft", is_draft),
            is_booked=read.flag("is_booked", is_booked),
        )
        if self.kind not in CHAIN_KINDS:
            fix = "use one of " + ", ".join(each.value for each in CHAIN_KINDS)
            raise read.refuse("kind", kind.value, "no document of a chain", fix)
        self._check(read)

    def _check(self, read: Boundary) -> None:
        """Refuse amounts that contradict each other."""
        for line in self.lines:
            read.instance("lines", line, ChainLine)
        asked, received = gross_of(self.invoiced), gross_of(self.paid)
        if not (self.invoiced or self.is_draft or self.is_final):
            raise read.refuse("invoiced", 0, "it asks for nothing", "give amounts by tax code")
        known = {(tax.code, tax.group) for tax, _, _ in self.invoiced}
        for tax, _, _ in self.paid:
            if (tax.code, tax.group) not in known:
                fix = "split what was paid by the tax codes that it was invoiced with"
                raise read.refuse("paid", tax.code, "nothing of this tax code is invoiced", fix)
        if abs(received) > abs(asked) or received * asked < ZERO:
            rule = f"{asked} {self.currency} are invoiced"
            raise read.refuse("paid", received, rule, "leave what is beyond that a free balance")
        left = EXACT.subtract(asked, received)
        if abs(EXACT.subtract(self.open, left)) > _MOST_ROUNDING:
            rule = f"{received} of {asked} {self.currency} are paid, so {left} are left"
            raise read.refuse("open", self.open, rule, "leave it out, it follows from the others")

    @property
    def is_final(self) -> bool:
        """Whether it is the final itself."""
        return self.kind is InvoiceKind.FINAL

    @property
    def is_paid(self) -> bool:
        """Whether nothing of it is open."""
        return self.open <= ZERO


def _read_amount(read: Boundary, name: str, given: TaxAmount, digits: int) -> TaxAmount:
    part = read.instance(name, given, TaxAmount)
    net, amount = (read.number(name, value, scale=digits) for value in (part.net, part.amount))
    return TaxAmount(read.instance(name, part.tax, Tax), net, amount)
