"""From booking details to journal entries: what all that is booked has in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple, cast

from billingcore.errors import BillingError
from billingcore.ledger.entry import JournalEntry, JournalLine, OpenEntry, Sheet, Side
from billingcore.ledger.matching import Wanted, match, without_debtor, wrong_with
from billingcore.ledger.periods import booking_day
from billingcore.records.account import Account
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import EntryType, Match
from billingcore.records.custom import Custom
from billingcore.records.reasons import Problem
from billingcore.values.context import EXACT, ZERO
from billingcore.values.currency import quantum_of
from billingcore.values.sealing import blank, new_tuple

__all__ = [
    "NOTHING",
    "UNASSIGNED",
    "Assignment",
    "Booked",
    "Booking",
    "Books",
    "copied",
    "differences",
    "in_digits",
    "make_detail",
    "with_contras",
]

_new_entry: Final = blank(OpenEntry)

# A member of an enumeration is looked up slowly in its class, so those of busy loops are named.
_DEBIT: Final = Side.DEBIT
_CREDIT: Final = Side.CREDIT
_CONTRA: Final = EntryType.CONTRA_ACCOUNT
_add: Final = EXACT.add

ALWAYS_COPIED: Final = ("IBAN", "BIC")

Books = tuple[str, str]
"""Name of a business entity, and a currency: amounts of two are never in one entry."""

Key = tuple[object, ...]

Assignment = tuple[str, Decimal | None, str, str, str, str]
"""Tax code and rate, cost center and object, region, billing practice: as details say them."""

UNASSIGNED: Final[Assignment] = ("", None, "", "", "", "")


class Booked(NamedTuple):
    """What is booked, and what is wrong with it.

    Attributes:
        entries: the new journal entries, in order.
        problems: lines without an account, and rules that fit as well as another; the entries are
            made all the same.
    """

    entries: tuple[JournalEntry, ...]
    problems: tuple[Problem, ...]


NOTHING: Final = Booked((), ())
"""Nothing is booked."""


class Booking:
    """Makes the entries of one source: a document, a payment, a clearing.

    Attributes:
        source: what is booked, like ``invoice/2026-00001``.
        accounting: how.
        account: the customer.
        entries: what was made so far.
    """

    __slots__ = (
        "_custom", "_debtor", "_problems", "account", "accounting", "document", "document_date",
        "entries", "source", "text",
    )  # fmt: skip

    def __init__(
        self,
        source: str,
        accounting: Accounting,
        account: Account,
        date: dt.date,
        text: str,
        document: str = "",
        custom: Custom = (),
        debtor: str = "",
    ) -> None:
        self.source: str = source
        self.accounting: Accounting = accounting
        self.account: Account = account
        self.document_date: dt.date = date
        self.text: str = text
        self.document: str = document
        self.entries: list[JournalEntry] = []
        self._custom: Custom = custom
        self._debtor: str = debtor or account.debtor
        self._problems: dict[Problem, None] = {}

    @property
    def booked(self) -> Booked:
        """All that was made, with all that is wrong, each once."""
        return Booked(tuple(self.entries), tuple(self._problems))

    def match(self, wanted: Wanted) -> Match:
        """Choose an account; what is wrong with the answer is noted."""
        found = match(wanted, self.accounting)
        self.check(wanted, found)
        return found

    def check(self, wanted: Wanted, found: Match) -> None:
        """Note what is wrong with the choice of an account, if anything is."""
        if not found.account or found.ties:
            self._note(wrong_with(wanted, found))

    def contra(self, found: Match, debtor: str = "") -> str:
        """Give the account on the other side (behaviour 6.2).

        The collective account's own, else its debtor, else the document's, else the customer's.
        """
        number = found.contra or debtor or self._debtor
        if not number:
            self._note(without_debtor())
        return number

    def _note(self, error: BillingError) -> None:
        problem = Problem.of(error, account=self.account.id, record=self.source)
        self._problems[problem] = None

    def enter(
        self,
        entry_id: str,
        date: dt.date,
        entity: str,
        currency: str,
        details: Sequence[JournalLine],
        reverses: str = "",
    ) -> None:
        """Make an entry of details, if there are any, with the sums on their other sides."""
        if details:
            entry = self._entry(entry_id, date, entity, currency)
            entry.lines = with_contras(details)
            entry.reverses = reverses
            entry.sheet = None
            entry.__class__ = JournalEntry  # sealed
            self.entries.append(cast("JournalEntry", entry))

    def enter_sheet(
        self, entry_id: str, date: dt.date, entity: str, currency: str, sheet: Sheet
    ) -> None:
        """Make an entry whose lines are written when somebody reads them."""
        entry = self._entry(entry_id, date, entity, currency)
        entry.reverses = ""
        entry.sheet = sheet
        entry.__class__ = JournalEntry  # sealed
        self.entries.append(cast("JournalEntry", entry))

    def _entry(self, entry_id: str, date: dt.date, entity: str, currency: str) -> OpenEntry:
        """Begin an entry: all of it but what it books, and what it undoes."""
        entry = _new_entry()
        entry.id = entry_id
        entry.source = self.source
        entry.date, entry.period = booking_day(self.accounting, entity, date)
        entry.document_date = self.document_date
        entry.currency = currency
        account = self.account
        entry.account = account.id
        entry.name = account.label
        entry.tax_id = account.tax_id
        entry.entity = entity
        entry.document = self.document
        entry.text = self.text
        entry.custom = self._custom
        return entry

    def enter_differences(
        self,
        date: dt.date,
        wanted: Mapping[Books, Sequence[JournalLine]],
        posted: Sequence[JournalEntry],
    ) -> None:
        """Make the entries by which what is posted of the source becomes what is wanted."""
        count = len(posted)
        before: dict[Books, list[JournalLine]] = {books: [] for books in wanted}
        for entry in posted:
            before.setdefault((entry.entity, entry.currency), []).extend(entry.details)
        for books, lines in before.items():
            missing = differences(wanted.get(books, ()), lines, books[1])
            count += bool(missing)
            entry_id = self.source if count == 1 else f"{self.source}~{count}"
            self.enter(entry_id, date, *books, missing)


def make_detail(
    credit: Decimal,
    found: Match,
    contra: str,
    type: EntryType,
    assignment: Assignment = UNASSIGNED,
    lines: tuple[int, ...] = (),
    subscriptions: tuple[str, ...] = (),
    clears: str = "",
) -> JournalLine:
    """Make a booking detail of an amount that is not 0; below 0 it is a debit."""
    account, rule, _, second, _ = found
    side = _CREDIT
    if credit.is_signed():
        side, credit = _DEBIT, credit.copy_negate()
    content = (
        account, side, credit, type, contra, rule, *assignment, lines, subscriptions, second, clears,
    )  # fmt: skip
    made: JournalLine = new_tuple(JournalLine, content)
    return made


def with_contras(details: Sequence[JournalLine]) -> tuple[JournalLine, ...]:
    """Add the sums on the other sides, so that all balances: debits before, credits behind."""
    sums: dict[str, Decimal] = {}
    for line in details:
        contra, amount = line.contra, line.amount
        credit = amount if line.side is _CREDIT else amount.copy_negate()
        sums[contra] = _add(sums[contra], credit) if contra in sums else credit
    before: list[JournalLine] = []
    behind: list[JournalLine] = []
    for number, credit in sums.items():
        if credit:
            line = make_detail(credit.copy_negate(), Match(number), "", _CONTRA)
            (before if line.side is _DEBIT else behind).append(line)
    return (*before, *details, *behind)


def copied(accounting: Accounting, *sources: Custom | Mapping[str, object]) -> Custom:
    """Give the custom fields that go along to an entry; the first source that has one decides."""
    found: dict[str, object] = {}
    for source in sources:
        for name, value in dict(source).items():
            if name in ALWAYS_COPIED or name in accounting.copied_fields:
                found.setdefault(name, value)
    return tuple(sorted(found.items(), key=_first))


def _first(pair: tuple[str, object]) -> str:
    return pair[0]


def differences(
    wanted: Iterable[JournalLine], posted: Iterable[JournalLine], currency: str
) -> list[JournalLine]:
    """Give the details that are missing so that what is posted becomes what is wanted.

    Details for one account, and one on the other side, with the same tax and assignment are one.
    Amounts have the digits of their currency.
    """
    missing: dict[Key, tuple[Decimal, JournalLine]] = {}
    signs = [*((each.signed, each) for each in wanted)]
    signs += ((each.signed.copy_negate(), each) for each in posted)
    for signed, line in signs:
        known, like = missing.get(_key(line), (ZERO, line))
        missing[_key(line)] = (EXACT.add(known, signed), like)
    return [
        like._replace(
            side=_DEBIT if signed > ZERO else _CREDIT,
            amount=in_digits(signed.copy_abs(), currency),
        )
        for signed, like in missing.values()
        if signed
    ]


def in_digits(amount: Decimal, currency: str) -> Decimal:
    """Give an amount with all digits of its currency, and no other value."""
    return EXACT.quantize(amount, quantum_of(currency))


def _key(line: JournalLine) -> Key:
    """Give what tells a detail from another; not by which rule it was booked."""
    return (
        *(line.account, line.type, line.contra, line.tax_code, line.tax_rate),
        *(line.center, line.cost_object, line.region, line.billing_practice, line.clears),
    )
