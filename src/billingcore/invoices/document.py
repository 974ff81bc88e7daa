"""A draft and an invoice: two types, since one can change and the other never does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from decimal import Decimal
from typing import Final

from attrs import define, field

from billingcore.invoices.chain import NO_CHAIN, Chain, Deduction, Remaining
from billingcore.invoices.copying import document_fields
from billingcore.invoices.house import HouseTotals
from billingcore.invoices.totals import TaxSubtotal, Totals
from billingcore.lines.line import LineItem
from billingcore.lines.origin import Original, ReversalOrigin
from billingcore.records.account import Account
from billingcore.records.bookkeeping.document import PLAINLY, DocumentBooking
from billingcore.records.chain_document import Issued
from billingcore.records.claims import Claim, ClaimState, Cover
from billingcore.records.contact import ContactRole
from billingcore.records.discount import Discount
from billingcore.records.documents import linked_documents
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.setup import BusinessEntity, Heading, Template
from billingcore.records.source import SourceDocument
from billingcore.records.terms import LineType
from billingcore.scope.contacts import NOBODY, Addressee, Recipients
from billingcore.scope.policy import Policy
from billingcore.values.keys import digest, escape
from billingcore.values.money import Money
from billingcore.values.period import Period
from billingcore.values.sealing import Sealed, new_tuple

__all__ = ["DraftInvoice", "Invoice", "OpenDraft", "OpenInvoice", "draft_id", "records_of"]

# A member of an enumeration is looked up slowly in its class.
_TAX_DELTA: Final = LineType.TAX_DELTA
_LONGEST: Final = 600  # letters of the id of a draft
_NO_POSITIONS: Final = (_TAX_DELTA, LineType.DEDUCTION)

_set: Final = object.__setattr__


@define(weakref_slot=False)
class OpenDraft:
    """A draft that is still being made."""

    run_id: str
    ordinal: int
    account: Account
    kind: InvoiceKind
    currency: str
    heading: Heading
    lines: tuple[LineItem, ...]
    totals: Totals
    policy: Policy
    group: tuple[Hashable, ...]
    invoice_date: dt.date | None
    order_discount: Discount | None = field(default=None)
    version: int = field(default=1)
    recipients: Recipients = field(default=NOBODY)
    original: str = field(default="")
    booked: DocumentBooking = field(default=PLAINLY)
    coupon: str = field(default="")
    chain: Chain = field(default=NO_CHAIN)


class DraftInvoice(Sealed, OpenDraft):
    """A document with all its lines and sums, taxes estimated, without a number.

    It does not change; editing gives another draft. What its lines cover is taken as long as it
    is stored, and free again when it is discarded.

    Attributes:
        run_id: the run that made it; begins with ``manual/`` if it was made by hand.
        ordinal: 1, or more where the run made other documents of the same group before.
        account: who pays, as it was when the draft was made.
        kind: what it is.
        currency: of all its amounts.
        heading: who sells, on which terms.
        lines: its positions.
        totals: its sums.
        policy: the policy that it was made by.
        group: the values that keep its lines apart from other documents' lines.
        invoice_date: the date that the invoice will bear; None is decided when it is finalized.
        order_discount: a discount on the document: put on it by hand, or a coupon's.
        version: which stored version it was made of; 0 if it never was stored.
        recipients: who gets it, with names and addresses as they were when it was made.
        original: number of the invoice that it cancels or credits; empty if it stands alone.
        booked: how it is booked, where that does not follow from its account and date.
        coupon: the use of a coupon that its order discount is, like ``coupon/WELCOME/1``; empty
            if it has none, or one without a number of uses.
        chain: its place among all that is invoiced on one agreement.
    """

    __slots__ = ()

    @property
    def id(self) -> str:
        """Its id: run, account and group; the same in every repetition of the run."""
        return draft_id(self.run_id, self.account, self.group, self.ordinal)

    @property
    def template(self) -> Template:
        """How it is made."""
        return self.heading.template

    @property
    def seller(self) -> BusinessEntity | None:
        """Who sells; None if nobody is named."""
        return self.heading.entity

    @property
    def billing(self) -> Addressee:
        """Billing name and address: the Invoice Contact's, or else the account's."""
        return self.recipients.addressee(ContactRole.INVOICE, self.account)

    @property
    def payment_days(self) -> int:
        """Days from the invoice date until payment is due."""
        return self.heading.payment_days

    @property
    def visible_lines(self) -> tuple[LineItem, ...]:
        """The positions that are shown."""
        return tuple([line for line in self.lines if line.type is not _TAX_DELTA])

    @property
    def sub_invoice_key(self) -> str:
        """What it shares with the other documents of its agreement; empty if it stands alone."""
        return self.chain.key

    @property
    def deductions(self) -> tuple[Deduction, ...]:
        """What a final deducts of documents that were invoiced before, in the order of issue."""
        return self.chain.deductions

    @property
    def remaining(self) -> Remaining:
        """What is left of a final after its deductions."""
        return self.chain.remaining

    @property
    def scope(self) -> tuple[LineItem, ...]:
        """The shown positions that bill something: without those that deduct."""
        return tuple([line for line in self.lines if line.type not in _NO_POSITIONS])

    @property
    def period(self) -> Period:
        """The invoice period: from the first to the last day of its lines."""
        bounds = [line.service_period.bounds for line in self.visible_lines]
        return Period(min(start for start, _ in bounds), max(stop for _, stop in bounds))

    @property
    def references(self) -> tuple[str, ...]:
        """The buyer's references of the subscriptions and records on it."""
        found = [line.subscription.reference for line in self.lines if line.subscription]
        roots = (line.origin.root for line in self.lines if line.origin is not None)
        found += [root.reference for root in roots if root is not None]
        return tuple(dict.fromkeys(reference for reference in found if reference))

    @property
    def custom(self) -> dict[str, object]:
        """Fields of the host's own, from contracts, records and the account."""
        return document_fields(self.lines, self.account)

    @property
    def documents(self) -> tuple[SourceDocument, ...]:
        """The files of records that are linked to it, each once."""
        origins = (line.origin for line in self.lines if line.origin is not None)
        return linked_documents(files for origin in origins for files in origin.documents)

    @property
    def amount_due(self) -> Money:
        """What is to be paid, with its currency."""
        return Money(self.totals.due, self.currency)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What it covers while it is stored."""
        return _claims(self, self.id, ClaimState.DRAFT)

    def line(self, number: int) -> LineItem:
        """Give the line of a number, from 1."""
        return self.lines[number - 1]

    @property
    def undoes(self) -> Original | None:
        """The document that it cancels or credits, with the reason; None if it stands alone."""
        origin = self.lines[0].origin if self.original else None
        return origin.original if isinstance(origin, ReversalOrigin) else None

    def __repr__(self) -> str:
        name = f"{self.id} of {self.original}" if self.original else self.id
        what = f"lines {len(self.lines)}, gross {self.totals.gross} {self.currency}"
        return f"<draft {self.kind.value} {name}: {what}>"


@define(weakref_slot=False)
class OpenInvoice:
    """An invoice that is still being put together."""

    number: str
    date: dt.date
    due_date: dt.date
    draft: DraftInvoice
    house: HouseTotals | None = None
    issued: Issued | None = field(default=None, eq=False, repr=False)


class Invoice(Sealed, OpenInvoice):
    """A document that was issued. It never changes again.

    Whether it is open, paid or canceled is no part of it: that follows from later documents.

    Attributes:
        number: unique in its store.
        date: the invoice date.
        due_date: the last day for payment: invoice date + payment days.
        draft: the draft that it was made of, with its actual taxes.
        house: its sums in the house currency, at a rate that is fixed; None if that is its own.
        issued: of a part invoice: what a final deducts and shows of it; None if it is none, or was
            issued before the library kept that.
    """

    __slots__ = ()

    def __init__(
        self,
        number: str,
        date: dt.date,
        due_date: dt.date,
        draft: DraftInvoice,
        house: HouseTotals | None = None,
        issued: Issued | None = None,
    ) -> None:
        kind = type(self)
        _set(self, "__class__", OpenInvoice)  # plain stores: there is one for each document
        self.number = number
        self.date = date
        self.due_date = due_date
        self.draft = draft
        self.house = house
        self.issued = issued
        self.__class__ = kind  # sealed

    @property
    def account(self) -> Account:
        """Who pays."""
        return self.draft.account

    @property
    def kind(self) -> InvoiceKind:
        """What it is."""
        return self.draft.kind

    @property
    def currency(self) -> str:
        """The currency of all its amounts."""
        return self.draft.currency

    @property
    def lines(self) -> tuple[LineItem, ...]:
        """Its positions."""
        return self.draft.lines

    @property
    def totals(self) -> Totals:
        """Its sums."""
        return self.draft.totals

    @property
    def breakdown(self) -> tuple[TaxSubtotal, ...]:
        """Its tax breakdown."""
        return self.draft.totals.breakdown

    @property
    def seller(self) -> BusinessEntity | None:
        """Who sells; None if nobody is named."""
        return self.draft.seller

    @property
    def recipients(self) -> Recipients:
        """Who gets it."""
        return self.draft.recipients

    @property
    def sub_invoice_key(self) -> str:
        """What it shares with the other documents of its agreement; empty if it stands alone."""
        return self.draft.chain.key

    @property
    def deductions(self) -> tuple[Deduction, ...]:
        """What a final deducts of documents that were invoiced before, in the order of issue."""
        return self.draft.chain.deductions

    @property
    def remaining(self) -> Remaining:
        """What is left of a final after its deductions."""
        return self.draft.chain.remaining

    @property
    def period(self) -> Period:
        """The invoice period: from the first to the last day of its lines."""
        return self.draft.period

    @property
    def amount_due(self) -> Money:
        """What is to be paid, with its currency."""
        return self.draft.amount_due

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What it covers."""
        return _claims(self.draft, self.number, ClaimState.FINAL)

    def __repr__(self) -> str:
        total: Decimal = self.totals.gross
        return f"<{self.kind.value} {self.number} of {self.date}: {total} {self.currency}>"


def draft_id(run_id: str, account: Account, group: tuple[Hashable, ...], ordinal: int) -> str:
    """Derive the id of a draft from what it is, never from its lines.

    Where that is long, a digest stands in the place of its group, so that a database has it as a key.
    """
    *values, currency, terms = group
    shown = [escape(str(part)) for part in (account.id, *values) if part != ""]
    if terms != "":
        shown.append(f"terms={terms}")
    if currency != account.currency:
        shown.append(f"currency={currency}")
    path = "/".join([run_id, *shown])
    if len(path) > _LONGEST:
        path = "/".join([run_id, shown[0], digest(shown[1:])])
    return path if ordinal == 1 else f"{path}#{ordinal}"


def records_of(draft: DraftInvoice) -> set[tuple[str, str]]:
    """Give the records that a draft bills, each with the filter under which it entered."""
    return {pair for line in draft.lines for pair in line.entered}


def _claims(draft: DraftInvoice, document: str, state: ClaimState) -> tuple[Claim, ...]:
    """Give what the lines cover, once: the lines of several price tiers cover the same days."""
    covers = [cover for line in draft.lines for cover in line.covers]
    if draft.coupon:
        covers.append(Cover(draft.coupon, None))
    if len({cover.billable for cover in covers}) < len(covers):  # else all are different
        covers = [*dict.fromkeys(covers)]
    return tuple(
        [
            new_tuple(Claim, (billable, period, document, state, terms, is_release))
            for billable, period, terms, is_release in covers
        ]
    )
