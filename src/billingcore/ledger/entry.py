"""Journal entries: what is booked, balanced by construction (behaviour 6.2).

The products keep *booking details*: an account, the account on the other side, an amount. Here an
entry is made of such details, and holds one line for each, and one for each account on the other
side with their sum. So every entry balances, and its details are still there, one by one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from attrs import define, field

from billingcore.errors import InvariantViolationError
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.custom import Custom
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import read_date
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.currency import check_currency, quantum_of
from billingcore.values.sealing import Sealed, fill

__all__ = ["JournalEntry", "JournalLine", "OpenEntry", "Sheet", "Side"]


class Side(Enum):
    """On which side of an account an amount stands."""

    DEBIT = "debit"
    CREDIT = "credit"

    @property
    def other(self) -> Side:
        """The other side."""
        return Side.CREDIT if self is Side.DEBIT else Side.DEBIT


class JournalLine(NamedTuple):
    """An amount on one side of one account.

    Attributes:
        account: number of the account; empty if no rule named one, which is reported.
        side: debit or credit.
        amount: above 0.
        type: what it is for; CONTRA_ACCOUNT for the sum on the other side.
        contra: number of the account on the other side; empty for such a sum.
        rule: name of the rule or collective account that chose the account; empty if none did.
        tax_code: the tax code; empty if it has none.
        tax_rate: the tax rate in percent; None if it has none.
        center: the cost center.
        cost_object: the cost object.
        region: where the revenue arises.
        billing_practice: in advance or in arrears; empty if that is not known.
        lines: numbers of the lines of the document that it is made of.
        subscriptions: their contracts.
        second_account: the further number that an assignment rule has; empty if none.
        clears: number of the part invoice that a final takes back by it; empty for all others.
    """

    account: str
    side: Side
    amount: Decimal
    type: EntryType
    contra: str = ""
    rule: str = ""
    tax_code: str = ""
    tax_rate: Decimal | None = None
    center: str = ""
    cost_object: str = ""
    region: str = ""
    billing_practice: str = ""
    lines: tuple[int, ...] = ()
    subscriptions: tuple[str, ...] = ()
    second_account: str = ""
    clears: str = ""

    @property
    def signed(self) -> Decimal:
        """The amount, below 0 if it is a credit."""
        return self.amount if self.side is Side.DEBIT else self.amount.copy_negate()

    @property
    def is_detail(self) -> bool:
        """Whether it is a booking detail, not the sum on the other side."""
        return self.type is not EntryType.CONTRA_ACCOUNT


class Sheet(Protocol):
    """What is booked by an entry, before somebody reads it."""

    def fields(self) -> dict[str, object]:
        """Write the fields that are not there; both sides of the lines add up to the same."""
        ...


@define(weakref_slot=False)
class OpenEntry:
    """An entry that is still being made, of details and the sums on their other sides.

    One that has a sheet has nothing but its names and its date before somebody asks for the rest.
    """

    id: str
    source: str
    date: dt.date
    document_date: dt.date
    period: str
    currency: str
    lines: tuple[JournalLine, ...]
    account: str
    name: str
    tax_id: str
    entity: str
    document: str
    text: str
    reverses: str
    custom: Custom
    sheet: Sheet | None = field(default=None, init=False, eq=False)


class JournalEntry(Sealed, OpenEntry):
    """What is booked at once: debits and credits of one amount. It never changes.

    Attributes:
        id: unique within the store, derived from what is booked.
        source: what is booked, like ``invoice/2026-00001`` or ``payment/P-1``.
        date: the booking date; in a period that was open.
        document_date: the date of the document or payment.
        period: name of the booking period.
        currency: of all amounts.
        lines: debits and credits; both add up to the same.
        account: id of the customer.
        name: name of the customer.
        tax_id: the customer's registration for tax.
        entity: name of the business entity; empty if there is none.
        document: number of the document; empty for a payment.
        text: what it says.
        reverses: id of the entry that it undoes; empty if none.
        custom: fields of the host's own.

    Raises:
        InvalidInputError: a field is wrong, there are no lines, or an amount is no exact number of
            the digits of its currency.
        InvariantViolationError: debits and credits are not equal, or an amount is not above 0.
    """

    __slots__ = ()

    def __init__(
        self,
        id: str,
        *,
        source: str,
        date: DateLike,
        document_date: DateLike,
        period: str,
        currency: str,
        lines: Iterable[JournalLine],
        account: str,
        name: str = "",
        tax_id: str = "",
        entity: str = "",
        document: str = "",
        text: str = "",
        reverses: str = "",
        custom: Custom = (),
    ) -> None:
        read = Boundary("JournalEntry")
        read.record = f"JournalEntry {read.instance('id', id, str)!r}"
        currency = read.read("currency", currency, check_currency)
        fill(
            self,
            id=id,
            source=read.instance("source", source, str),
            date=read.read("date", date, read_date),
            document_date=read.read("document_date", document_date, read_date),
            period=read.instance("period", period, str),
            currency=currency,
            lines=tuple(_read_line(read, each, currency) for each in lines),
            account=read.instance("account", account, str),
            name=read.instance("name", name, str),
            tax_id=read.instance("tax_id", tax_id, str),
            entity=read.instance("entity", entity, str),
            document=read.instance("document", document, str),
            text=read.instance("text", text, str),
            reverses=read.instance("reverses", reverses, str),
            custom=custom,
            sheet=None,
        )
        if not self.lines:
            raise read.refuse("lines", ..., "there are none", "give debits and credits")
        self._check()

    def _check(self) -> None:
        """Refuse an entry that does not balance, in all or per account on the other side."""
        sums: dict[str, Decimal] = {}
        for line in self.lines:
            if line.amount <= ZERO:
                raise InvariantViolationError(f"entry {self.id}: an amount is not above 0")
            name = line.contra if line.is_detail else line.account
            sums[name] = EXACT.add(sums.get(name, ZERO), line.signed)
        if any(sums.values()):
            sides = ", ".join(
                f"{side.value}s {total(each.amount for each in self.lines if each.side is side)}"
                for side in Side
            )
            uneven = ", ".join(f"{name!r} by {amount}" for name, amount in sums.items() if amount)
            law = f"entry {self.id}: debits and credits are not equal: {sides}; {uneven}"
            raise InvariantViolationError(law, evidence=sums)

    if TYPE_CHECKING:  # they must not believe that there are attributes of any name
        lines: tuple[JournalLine, ...]
    else:

        def __getattr__(self, name):
            """Write the fields when one of them is first asked for."""
            sheet = None if name == "sheet" else self.sheet
            if sheet is None or name not in OpenEntry.__slots__:
                return object.__getattribute__(self, name)  # it fails, unless it was just written
            fill(self, **sheet.fields(), sheet=None)
            return getattr(self, name)

    @property
    def details(self) -> tuple[JournalLine, ...]:
        """Its booking details: each with both accounts."""
        return tuple(line for line in self.lines if line.is_detail)

    @property
    def unassigned(self) -> tuple[JournalLine, ...]:
        """The lines for which no account was found."""
        return tuple(line for line in self.lines if not line.account)

    @property
    def has_gap(self) -> bool:
        """Whether an account is missing, on either side of a detail."""
        return any(not (line.account and line.contra) for line in self.details)

    def __repr__(self) -> str:
        debits = total(line.amount for line in self.lines if line.side is Side.DEBIT)
        return f"<entry {self.id} of {self.date}: {debits} {self.currency}>"


def _read_line(read: Boundary, given: JournalLine, currency: str) -> JournalLine:
    """Read a line that a host made: its side, type and amount."""
    line = read.instance("lines", given, JournalLine)
    read.instance("side", line.side, Side)
    read.instance("type", line.type, EntryType)
    amount = read.number("amount", line.amount)
    quantum = quantum_of(currency)
    if EXACT.remainder(amount, quantum):
        fix = f"round it to {quantum} where it is made"
        raise read.refuse("amount", amount, f"more digits than {currency} has", fix)
    return line._replace(
        account=read.instance("account", line.account, str),
        amount=amount,
        contra=read.instance("contra", line.contra, str),
    )
