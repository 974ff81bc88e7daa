"""What can be written and read: every class whose objects are data.

Only what stands in these tables can be made from a text, whatever the text says. A name stays as
it is for good, since texts of years ago have it; a class that is renamed keeps its old name here.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from billingcore.grouping import Difference
from billingcore.invoices.chain import Chain, Deduction, Remaining
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.house import HouseTotals
from billingcore.invoices.kinds import InvoiceStatus
from billingcore.invoices.outcome import AccountOutcome
from billingcore.invoices.payment_terms import DiscountOffer, DuePart
from billingcore.invoices.totals import TaxSubtotal, Totals
from billingcore.invoices.updates import Update
from billingcore.ledger.booking import Booked
from billingcore.ledger.entry import JournalEntry, JournalLine, Side
from billingcore.lifecycle.books import Books, Effects, Finalization
from billingcore.lifecycle.finalize import FinalizeReport
from billingcore.lifecycle.projects.project import Milestone, Project
from billingcore.lifecycle.standing import DocumentStanding, Movement
from billingcore.lines.corrections import Correction
from billingcore.lines.line import Corrected, LineItem
from billingcore.lines.origin import (
    Origin,
    Original,
    ReversalOrigin,
    Root,
    TrueUpOrigin,
    UsageKey,
    UsageOrigin,
)
from billingcore.periods.grid import Grid
from billingcore.periods.span import Share, Span
from billingcore.records.account import Account
from billingcore.records.bookkeeping.accounting import Accounting
from billingcore.records.bookkeeping.accounts import (
    AccountKind,
    AssignmentRule,
    CollectiveAccount,
    EntryType,
    GLAccount,
)
from billingcore.records.bookkeeping.document import DocumentBooking
from billingcore.records.bookkeeping.periods import BookingPeriod
from billingcore.records.bookkeeping.terms import BookingTerms, Recognition
from billingcore.records.chain_document import ChainDocument, ChainLine, Issued, TaxAmount
from billingcore.records.change import Change
from billingcore.records.claims import BilledLine, Claim, ClaimState, Cover
from billingcore.records.contact import Contact, ContactRelation, ContactRole, Contacts, LegacyRole
from billingcore.records.conventions import DayPrice
from billingcore.records.coupon import Coupon
from billingcore.records.discount import Discount, DiscountKind
from billingcore.records.exchange import Conversion, ExchangeRate, ExchangeTable
from billingcore.records.field_set import FieldSet
from billingcore.records.hold import Hold
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.item import Item
from billingcore.records.mapping import DataMapping, Mapped, MappedLine
from billingcore.records.numbering import Counter, NumberPattern, Reset, SkippedNumber
from billingcore.records.party import Identifier, Party, PartyContact, PostalAddress
from billingcore.records.payment import Assignment, Clearing, Closing, Payment, PaymentKind
from billingcore.records.payment_means import PaymentMeans
from billingcore.records.payment_terms import CashDiscount, Installment, PaymentTerms, Retention
from billingcore.records.price_models import Portion
from billingcore.records.pricing import PricePart, Pricing
from billingcore.records.reading import RowError
from billingcore.records.reasons import Exclusion, Problem, Reason
from billingcore.records.reference import Reference
from billingcore.records.setup import AttachmentMode, BusinessEntity, Heading, Setup, Template
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.source import Missing, SourceDocument, SourceRecord, SourceRef
from billingcore.records.subscription import Subscription
from billingcore.records.taxes import (
    Tax,
    TaxCategory,
    TaxPurpose,
    TaxQuestion,
    TaxRefusal,
    TaxSlice,
)
from billingcore.records.terms import (
    BillingPractice,
    BillingType,
    LineType,
    PriceModel,
    PriceType,
    SyncWith,
    UsageType,
)
from billingcore.records.tier import Tier
from billingcore.records.usage import UsageRecord
from billingcore.runs.intervals import Alignment, DayRange, Interval, InvoiceDateRule
from billingcore.runs.posting import PostingReport, TaxDifference
from billingcore.runs.record import RunRecord
from billingcore.runs.remaining import RemainingRecord
from billingcore.runs.schedules import RunChain, ScheduledRun
from billingcore.runs.stages import RunKind, RunStage, RunStatus
from billingcore.runs.tally import CurrencyTotal, Tally
from billingcore.runs.workers import AccountReport
from billingcore.scope.contacts import Addressee, Recipient, Recipients, RoleLevel
from billingcore.scope.coverage import Covered
from billingcore.scope.criteria import Criteria
from billingcore.scope.policy import Criterion, Policy
from billingcore.scope.routing import AccountName, Route
from billingcore.scope.run import ExpectedStatus, InvoiceRun
from billingcore.scope.selection import Filter, Selection, StartFrom, UseCase
from billingcore.scope.switches import (
    CatchUp,
    ChainTax,
    ChangeDay,
    ChangeInside,
    Corrections,
    CreditBasis,
    DayUnit,
    DeductProgress,
    FinalShape,
    FirstPeriod,
    LateChildren,
    LateUsage,
    NegativeTotal,
    OnProblem,
    OpenDrafts,
    RecordDays,
    Scope,
    TaxDate,
    TaxLevel,
    ZeroTotal,
)
from billingcore.tax.table import TaxRate, TaxTable
from billingcore.values.cadence import AnchorDay, Cadence, Unit
from billingcore.values.instants import ServiceDay, ServiceDays
from billingcore.values.length import Length
from billingcore.values.money import Money
from billingcore.values.rounding import Rounding

__all__ = ["ENUMS", "POOLED", "RECORDS"]

# fmt: off
_CLASSES: Final[tuple[type, ...]] = (
    Account, AccountName, AccountOutcome, AccountReport, AccountSnapshot, Accounting, Addressee,
    Assignment, AssignmentRule, BilledLine, Booked, BookingPeriod, BookingTerms, Books,
    BusinessEntity, Cadence, CashDiscount, Chain, ChainDocument, ChainLine, Change, Claim, Clearing,
    Closing, CollectiveAccount, Contact, ContactRelation, Contacts, Conversion, Corrected,
    Correction, Counter, Coupon, Cover, Covered, Criteria, Criterion, CurrencyTotal, DataMapping,
    DayRange, Deduction, Difference, Discount, DiscountOffer, DocumentBooking, DocumentStanding,
    DraftInvoice, DuePart, Effects, ExchangeRate, ExchangeTable, Exclusion, FieldSet, Filter,
    Finalization, FinalizeReport, GLAccount, Grid, Heading, Hold, HouseTotals, Identifier,
    Installment, Interval, Invoice, InvoiceDateRule, InvoiceRun, Issued, Item, JournalEntry,
    JournalLine, LegacyRole, Length, LineItem, Mapped, MappedLine, Milestone, Money, Movement,
    NumberPattern, Origin, Original, Party, PartyContact, Payment, PaymentMeans, PaymentTerms,
    Policy, Portion, PostalAddress, PostingReport, PricePart, Pricing, Problem, Project, Recipient,
    Recipients, Reference, Remaining, RemainingRecord, Retention, ReversalOrigin, Root, Route,
    RowError, RunChain, RunRecord, ScheduledRun, Selection, ServiceDay, ServiceDays, Setup, Share,
    SkippedNumber, SourceDocument, SourceRecord, SourceRef, Span, StartFrom, Subscription, Tally,
    Tax, TaxAmount, TaxDifference, TaxQuestion, TaxRate, TaxRefusal, TaxSlice, TaxSubtotal,
    TaxTable, Template, Tier, Totals, TrueUpOrigin, Update, UsageKey, UsageOrigin, UsageRecord,
)
_ENUMS: Final[tuple[type[Enum], ...]] = (
    AccountKind, Alignment, AnchorDay, AttachmentMode, BillingPractice, BillingType, CatchUp,
    ChainTax, ChangeDay, ChangeInside, ClaimState, ContactRole, Corrections, CreditBasis, DayPrice,
    DayUnit, DeductProgress, DiscountKind, EntryType, ExpectedStatus, FinalShape, FirstPeriod,
    InvoiceKind, InvoiceStatus, LateChildren, LateUsage, LineType, Missing, NegativeTotal,
    OnProblem, OpenDrafts, PaymentKind, PriceModel, PriceType, Reason, Recognition, RecordDays,
    Reset, RoleLevel, Rounding, RunKind, RunStage, RunStatus, Scope, Side, SyncWith, TaxCategory,
    TaxDate, TaxLevel, TaxPurpose, Unit, UsageType, UseCase, ZeroTotal,
)
# fmt: on

RECORDS: Final[dict[str, type]] = {each.__name__: each for each in _CLASSES}
"""Name in texts → the class of records."""

ENUMS: Final[dict[str, type[Enum]]] = {each.__name__: each for each in _ENUMS}
"""Name in texts → the enumeration."""

POOLED: Final[frozenset[type]] = frozenset(
    (
        Account,
        Contact,
        ExchangeRate,
        FieldSet,
        Filter,
        Heading,
        Item,
        Policy,
        Root,
        SourceRecord,
        Span,
        Subscription,
        Tax,
        UsageRecord,
    )
)
"""What many lines share: written once per text, into the pool of a document."""
