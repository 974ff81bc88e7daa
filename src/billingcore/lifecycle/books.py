"""What was issued, paid and booked of an account, and what a decision adds to it.

Books are only added to. What is open, paid, settled or canceled is worked out from them, never
written down (behaviour 7.1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from attrs import define, field

from billingcore.errors import InvalidInputError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.updates import Update
from billingcore.ledger.entry import JournalEntry
from billingcore.lifecycle.index import BooksIndex, index_of
from billingcore.records.account import Account
from billingcore.records.chain_document import ChainDocument
from billingcore.records.claims import Claim
from billingcore.records.numbering import Counter
from billingcore.records.payment import Assignment, Clearing, Closing, Payment
from billingcore.records.reasons import Problem
from billingcore.records.setup import Setup
from billingcore.records.snapshot import DEFAULT_SETUP
from billingcore.values.sealing import Sealed
from billingcore.values.words import near

__all__ = ["Books", "Effects", "Finalization", "PendingInvoice"]

NO_INVOICES: Final[Mapping[str, Invoice]] = {}
NO_PAYMENTS: Final[Mapping[str, Payment]] = {}
NO_ENTRIES: Final[Mapping[str, Sequence[JournalEntry]]] = {}
NO_DRAFTS: Final[Mapping[str, DraftInvoice]] = {}

_set: Final = object.__setattr__


@define(weakref_slot=False)
class OpenBooks:
    """Books that are still being put together."""

    account: Account
    invoices: Mapping[str, Invoice]
    payments: Mapping[str, Payment]
    assignments: Sequence[Assignment]
    clearings: Sequence[Clearing]
    entries: Mapping[str, Sequence[JournalEntry]]
    closings: Sequence[Closing]
    drafts: Mapping[str, DraftInvoice]
    earlier: Sequence[ChainDocument]
    setup: Setup
    revision: int
    known_index: BooksIndex | None = field(default=None, init=False, eq=False, repr=False)


class Books(Sealed, OpenBooks):
    """What a store knows of an account besides what is to be billed.

    Attributes:
        account: the customer.
        invoices: number → document, in the order in which they were finalized; canceled ones too.
        payments: id → payment as it is now.
        assignments: what payments are for, in the order in which it was decided.
        clearings: what documents pay of each other, in the order in which it was decided.
        entries: source → what is booked of it, like ``invoice/2026-00001``, in that order.
        closings: documents that were closed without being paid.
        drafts: id → live draft with a sub invoice key.
        earlier: documents of chains that were made elsewhere.
        setup: how documents are made and booked.
        revision: counts the changes of the account in its store.
    """

    __slots__ = ()

    def __init__(
        self,
        account: Account,
        invoices: Mapping[str, Invoice] = NO_INVOICES,
        payments: Mapping[str, Payment] = NO_PAYMENTS,
        assignments: Sequence[Assignment] = (),
        clearings: Sequence[Clearing] = (),
        entries: Mapping[str, Sequence[JournalEntry]] = NO_ENTRIES,
        closings: Sequence[Closing] = (),
        drafts: Mapping[str, DraftInvoice] = NO_DRAFTS,
        earlier: Sequence[ChainDocument] = (),
        setup: Setup = DEFAULT_SETUP,
        revision: int = 0,
    ) -> None:
        kind = type(self)
        _set(self, "__class__", OpenBooks)  # plain stores, since a store makes them all the time
        self.account = account
        self.invoices = invoices
        self.payments = payments
        self.assignments = assignments
        self.clearings = clearings
        self.entries = entries
        self.closings = closings
        self.drafts = drafts
        self.earlier = earlier
        self.setup = setup
        self.revision = revision
        self.known_index: BooksIndex | None = None
        self.__class__ = kind  # sealed

    @property
    def index(self) -> BooksIndex:
        """Its records by document and by payment; made when it is first asked for."""
        known = self.known_index
        if known is None:
            known = index_of(
                self.invoices.values(), self.assignments, self.clearings, self.closings
            )
            _set(self, "known_index", known)
        return known

    def invoice(self, number: str) -> Invoice:
        """Give a document.

        Raises:
            InvalidInputError: the account has none of this number.
        """
        found = self.invoices.get(number)
        if found is None:
            raise self._unknown("no document of this number", "number", number, self.invoices)
        return found

    def payment(self, payment_id: str) -> Payment:
        """Give a payment.

        Raises:
            InvalidInputError: the account has none of this id.
        """
        found = self.payments.get(payment_id)
        if found is None:
            raise self._unknown("no payment of this id", "payment_id", payment_id, self.payments)
        return found

    def _unknown(
        self, rule: str, field: str, value: str, known: Mapping[str, object]
    ) -> InvalidInputError:
        names = [*known]
        fix = near(value, names) or f"the account has {', '.join(names[-3:]) or 'none yet'}"
        record = f"Account {self.account.id!r}"
        return InvalidInputError(rule, record=record, field=field, value=value, fix=fix)


@define(weakref_slot=False)
class OpenEffects:
    """What a decision adds, while it is still being put together."""

    account: str
    payments: tuple[Payment, ...]
    assignments: tuple[Assignment, ...]
    clearings: tuple[Clearing, ...]
    closings: tuple[Closing, ...]
    entries: tuple[JournalEntry, ...]
    canceled: str | None
    claims: tuple[Claim, ...]
    updates: tuple[Update, ...]
    problems: tuple[Problem, ...]


class Effects(Sealed, OpenEffects):
    """What a decision adds to the books of an account; a store keeps all of it or nothing.

    Attributes:
        account: id of the account.
        payments: new payments, and those that take the place of one with the same id.
        assignments: new assignments.
        clearings: new clearings.
        closings: new closings.
        entries: new journal entries.
        canceled: number of the document whose coverage is free now, since it is canceled or
            closed; None if there is none.
        claims: what a canceled document still holds, native usage until it is released, and days
            that it keeps due.
        updates: what to write to the records of the host.
        problems: what is booked without an account, or tax that a closed document showed; it
            blocks nothing.
    """

    __slots__ = ()

    def __init__(
        self,
        account: str,
        payments: tuple[Payment, ...] = (),
        assignments: tuple[Assignment, ...] = (),
        clearings: tuple[Clearing, ...] = (),
        closings: tuple[Closing, ...] = (),
        entries: tuple[JournalEntry, ...] = (),
        canceled: str | None = None,
        claims: tuple[Claim, ...] = (),
        updates: tuple[Update, ...] = (),
        problems: tuple[Problem, ...] = (),
    ) -> None:
        kind = type(self)
        _set(self, "__class__", OpenEffects)  # plain stores: each document has its effects
        self.account = account
        self.payments = payments
        self.assignments = assignments
        self.clearings = clearings
        self.closings = closings
        self.entries = entries
        self.canceled = canceled
        self.claims = claims
        self.updates = updates
        self.problems = problems
        self.__class__ = kind  # sealed


class Finalization(NamedTuple):
    """An invoice with all that finalizing it does (behaviour 7.2).

    Attributes:
        invoice: the document.
        effects: what it adds to the books.
    """

    invoice: Invoice
    effects: Effects


class PendingInvoice(NamedTuple):
    """A draft that is to be finalized, for a store.

    Attributes:
        draft: the draft with its actual taxes.
        counter: where its number comes from.
        issue: makes the document and its effects from the number that was counted and the books
            of its account as they are then.
    """

    draft: DraftInvoice
    counter: Counter
    issue: Callable[[int, Books], Finalization]
