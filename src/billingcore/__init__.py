"""billingcore: computes what to bill and why, and does no input or output.

A host hands in what it knows of an account and gets back drafts, invoices, and a reason for every
record that was not billed. The names below are grouped in the order in which data walks.
"""

# What people read.
from billingcore import export, render

# The engine, and runs over many accounts.
from billingcore.engine import bill, why_not
from billingcore.errors import (
    BillingError,
    BillingProblemsError,
    ConflictError,
    CurrencyMismatchError,
    DateRangeError,
    FinalExistsError,
    InvalidInputError,
    InvalidTransitionError,
    InvariantViolationError,
    MissingFieldError,
    NoMatchingAccountError,
    NoMatchingItemError,
    PortError,
    SubsInDraftError,
    SubsNotBookedError,
    UnitMismatchError,
)

# Documents.
from billingcore.grouping import Difference
from billingcore.invoices.chain import Chain, Deduction, Remaining
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.explaining import explain_deduction
from billingcore.invoices.house import HouseTotals
from billingcore.invoices.kinds import InvoiceStatus
from billingcore.invoices.outcome import AccountOutcome
from billingcore.invoices.payment_terms import (
    DiscountOffer,
    DuePart,
    cash_discounts,
    installments,
    retained,
)
from billingcore.invoices.totals import TaxSubtotal, Totals
from billingcore.invoices.updates import Update, failed_updates, updates
from billingcore.ledger.balances import balances
from billingcore.ledger.booking import Booked
from billingcore.ledger.deferral import deferral_schedule, recognize
from billingcore.ledger.entry import JournalEntry, JournalLine, Side
from billingcore.ledger.invoices import invoice_entries
from billingcore.ledger.reversal import reverse
from billingcore.ledger.unbilled import revert_unbilled, unbilled_entries
from billingcore.lifecycle import edit, intake, keeping
from billingcore.lifecycle.books import Books, Effects, Finalization, PendingInvoice
from billingcore.lifecycle.chains.closing import close
from billingcore.lifecycle.chains.documents import chain_documents
from billingcore.lifecycle.chains.refreshing import refreshed, refreshed_drafts
from billingcore.lifecycle.contracts import increase_prices, replace_item, transfer
from billingcore.lifecycle.finalize import FinalizeReport, finalize, finalize_all, skip_number
from billingcore.lifecycle.manual import DraftOptions, draft, drafts
from billingcore.lifecycle.opening import take_over
from billingcore.lifecycle.paying.giving_back import lapse, payout, refund, write_off
from billingcore.lifecycle.paying.payments import paid, pay, withdrawn
from billingcore.lifecycle.paying.posting import book_payments
from billingcore.lifecycle.paying.settling import settle, settled
from billingcore.lifecycle.projects.claims import claim
from billingcore.lifecycle.projects.documents import deposit, final, pro_forma
from billingcore.lifecycle.projects.project import Milestone, Project
from billingcore.lifecycle.rebooking import book_documents
from billingcore.lifecycle.release import claims_after_cancellation, released
from billingcore.lifecycle.standing import DocumentStanding, Movement, balance_of, free_of, standing
from billingcore.lifecycle.undoing.cancel import cancel
from billingcore.lifecycle.undoing.credit import credit
from billingcore.lines.corrections import Correction
from billingcore.lines.explain import Explanation, Step, explain
from billingcore.lines.line import Corrected, LineItem
from billingcore.memory.store import MemoryStore

# When, how much, and on which lines.
from billingcore.periods import profiles, proration
from billingcore.periods.profiles import PlanChange, Profile
from billingcore.periods.proration import Proration
from billingcore.periods.span import Share, Span

# What a store keeps.
from billingcore.plain.chaining import chain_hash
from billingcore.plain.codec import SCHEMA, Codec, from_json, from_plain, to_json, to_plain

# What a host implements.
from billingcore.ports import (
    CONTRACT,
    DocumentTarget,
    ExchangeRates,
    ProrationConvention,
    Renderer,
    Source,
    Store,
    TaxEngine,
)

# What it costs.
from billingcore.pricing.models import price_of, price_parts

# What a host hands in.
from billingcore.records.account import Account
from billingcore.records.bookkeeping.accounting import NO_BOOKKEEPING, Accounting
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
from billingcore.records.chain_document import ChainDocument, ChainLine, TaxAmount
from billingcore.records.change import Change, ChangedTerms, pause, trial
from billingcore.records.claims import BilledLine, Claim, ClaimState, Cover
from billingcore.records.contact import Contact, ContactRelation, ContactRole, Contacts, LegacyRole
from billingcore.records.contract_term import (
    earliest_cancellation,
    last_notice_day,
    next_renewal,
    renew,
    term_end,
)
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
from billingcore.records.reading import RowError, read_rows
from billingcore.records.reasons import Exclusion, Problem, Reason
from billingcore.records.reference import Reference
from billingcore.records.setup import AttachmentMode, BusinessEntity, Heading, Setup, Template
from billingcore.records.snapshot import AccountSnapshot
from billingcore.records.source import MISSING, SourceDocument, SourceRecord, SourceRef
from billingcore.records.subscription import Subscription
from billingcore.records.taxes import (
    UNTAXED,
    Tax,
    TaxAnswer,
    TaxCategory,
    TaxPurpose,
    TaxQuestion,
    TaxRefusal,
    TaxSlice,
)
from billingcore.records.terms import (
    ADVANCE,
    ARREARS,
    COMMISSION,
    FISCAL_HALF_YEAR,
    FISCAL_QUARTER,
    FISCAL_YEAR,
    FLAT,
    MARK_DOWN,
    MARK_UP,
    MINIMUM_FEE,
    NEXT_HALF_YEAR,
    NEXT_MONTH,
    NEXT_QUARTER,
    NEXT_YEAR,
    ONE_TIME,
    PACKAGE,
    PER_UNIT,
    PERCENTAGE,
    RECURRING,
    RECURRING_PRORATED,
    RECURRING_PRORATED_AVG,
    TIERED,
    TRANSACTIONAL,
    UNIT_PRICE,
    VOLUME,
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
from billingcore.render import notebook
from billingcore.render.document_report import DocumentProblem, DocumentReport
from billingcore.render.documents import render_drafts, render_invoices
from billingcore.render.rendered import RenderedDocument
from billingcore.runs.execute import execute, plan
from billingcore.runs.execution import Execution
from billingcore.runs.intervals import Alignment, DayRange, Interval, InvoiceDateRule
from billingcore.runs.posting import PostingReport, TaxDifference, post
from billingcore.runs.record import RunRecord
from billingcore.runs.recovery import clean_up, recover, resume
from billingcore.runs.remaining import RemainingRecord, remaining, rerun
from billingcore.runs.report import Drafts, RunReport

# Who is in, and how a run goes about it.
from billingcore.runs.schedules import RunChain, ScheduledRun, check_target
from billingcore.runs.stages import RunKind, RunStage, RunStatus
from billingcore.runs.tally import CurrencyTotal
from billingcore.runs.workers import AccountReport, bill_accounts
from billingcore.scope.contacts import Addressee, Recipient, Recipients, RoleLevel, resolve_contacts
from billingcore.scope.coverage import Covered, coverage_of, next_service_period_start
from billingcore.scope.criteria import Criteria, frequency_of
from billingcore.scope.policy import (
    DOCUMENTED,
    LEVEL,
    PER_ACCOUNT,
    PER_SUBSCRIPTION,
    Criterion,
    Policy,
)
from billingcore.scope.routing import AccountName, Route, recipients
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
from billingcore.scope.wanted import ALL
from billingcore.tax.table import TaxRate, TaxTable

# Exact values, periods and rhythms.
from billingcore.values.boundary import DateLike
from billingcore.values.cadence import (
    DAY,
    HALF_YEAR,
    MONTH,
    MONTH_END,
    QUARTER,
    SAME_DAY,
    WEEK,
    YEAR,
    AnchorDay,
    Cadence,
    Unit,
    daily,
    half_yearly,
    monthly,
    quarterly,
    weekly,
    yearly,
)
from billingcore.values.instants import ServiceDay, ServiceDays
from billingcore.values.keys import billable_id, billing_key
from billingcore.values.length import Length
from billingcore.values.moments import Moments, Tick
from billingcore.values.money import Money
from billingcore.values.numbers import AmountLike, MoneyLike, NumberLike
from billingcore.values.period import Period
from billingcore.values.rounding import Rounding, allocate, round_amount, round_to_increment

# What is billed and what will be.
from billingcore.views.candidates import Candidate, Candidates, candidates
from billingcore.views.checking import check
from billingcore.views.comparing.compare import compare, compare_accounts
from billingcore.views.comparing.differences import (
    AccountComparison,
    Amounts,
    Cause,
    Fate,
    Impact,
    LineComparison,
    TotalComparison,
)
from billingcore.views.comparing.summary import Comparison
from billingcore.views.comparing.what_if import what_if
from billingcore.views.distribution import Distribution, Mailbox, distribution
from billingcore.views.findings import Finding, Severity
from billingcore.views.forecast import Forecast, forecast
from billingcore.views.monitor import RunMonitor
from billingcore.views.proof import AmountProof, BilledPart, ProvedAmount, prove
from billingcore.views.schedule import schedule, schedule_group
from billingcore.views.schedules import ItemSchedule, ScheduleGroup
from billingcore.views.standing import AccountStanding, OpenAmount, StandingRow, account_standing
from billingcore.views.upcoming import Upcoming

# fmt: off
__all__ = [
    "ADVANCE", "ALL", "ARREARS", "COMMISSION", "CONTRACT", "DAY", "DOCUMENTED", "FISCAL_HALF_YEAR",
    "FISCAL_QUARTER", "FISCAL_YEAR", "FLAT", "HALF_YEAR", "LEVEL", "MARK_DOWN", "MARK_UP",
    "MINIMUM_FEE", "MISSING", "MONTH", "MONTH_END", "NEXT_HALF_YEAR", "NEXT_MONTH", "NEXT_QUARTER",
    "NEXT_YEAR", "NO_BOOKKEEPING", "ONE_TIME", "PACKAGE", "PERCENTAGE", "PER_ACCOUNT",
    "PER_SUBSCRIPTION", "PER_UNIT", "QUARTER", "RECURRING", "RECURRING_PRORATED",
    "RECURRING_PRORATED_AVG", "SAME_DAY", "SCHEMA", "TIERED", "TRANSACTIONAL", "UNIT_PRICE",
    "UNTAXED", "VOLUME", "WEEK", "YEAR", "Account", "AccountComparison", "AccountKind",
    "AccountName", "AccountOutcome", "AccountReport", "AccountSnapshot", "AccountStanding",
    "Accounting", "Addressee", "Alignment", "AmountLike", "AmountProof", "Amounts", "AnchorDay",
    "Assignment", "AssignmentRule", "AttachmentMode", "BilledLine", "BilledPart", "BillingError",
    "BillingPractice", "BillingProblemsError", "BillingType", "Booked", "BookingPeriod",
    "BookingTerms", "Books", "BusinessEntity", "Cadence", "Candidate", "Candidates", "CashDiscount",
    "CatchUp", "Cause", "Chain", "ChainDocument", "ChainLine", "ChainTax", "Change", "ChangeDay",
    "ChangeInside", "ChangedTerms", "Claim", "ClaimState", "Clearing", "Closing", "Codec",
    "CollectiveAccount", "Comparison", "ConflictError", "Contact", "ContactRelation", "ContactRole",
    "Contacts", "Conversion", "Corrected", "Correction", "Corrections", "Counter", "Coupon",
    "Cover", "Covered", "CreditBasis", "Criteria", "Criterion", "CurrencyMismatchError",
    "CurrencyTotal", "DataMapping", "DateLike", "DateRangeError", "DayPrice", "DayRange", "DayUnit",
    "DeductProgress", "Deduction", "Difference", "Discount", "DiscountKind", "DiscountOffer",
    "Distribution", "DocumentBooking", "DocumentProblem", "DocumentReport", "DocumentStanding",
    "DocumentTarget", "DraftInvoice", "DraftOptions", "Drafts", "DuePart", "Effects", "EntryType",
    "ExchangeRate", "ExchangeRates", "ExchangeTable", "Exclusion", "Execution", "ExpectedStatus",
    "Explanation", "Fate", "FieldSet", "Filter", "FinalExistsError", "FinalShape", "Finalization",
    "FinalizeReport", "Finding", "FirstPeriod", "Forecast", "GLAccount", "Heading", "Hold",
    "HouseTotals", "Identifier", "Impact", "Installment", "Interval", "InvalidInputError",
    "InvalidTransitionError", "InvariantViolationError", "Invoice", "InvoiceDateRule",
    "InvoiceKind", "InvoiceRun", "InvoiceStatus", "Item", "ItemSchedule", "JournalEntry",
    "JournalLine", "LateChildren", "LateUsage", "LegacyRole", "Length", "LineComparison",
    "LineItem", "LineType", "Mailbox", "Mapped", "MappedLine", "MemoryStore", "Milestone",
    "MissingFieldError", "Moments", "Money", "MoneyLike", "Movement", "NegativeTotal",
    "NoMatchingAccountError", "NoMatchingItemError", "NumberLike", "NumberPattern", "OnProblem",
    "OpenAmount", "OpenDrafts", "Party", "PartyContact", "Payment", "PaymentKind", "PaymentMeans",
    "PaymentTerms", "PendingInvoice", "Period", "PlanChange", "Policy", "PortError", "Portion",
    "PostalAddress", "PostingReport", "PriceModel", "PricePart", "PriceType", "Pricing", "Problem",
    "Profile", "Project", "Proration", "ProrationConvention", "ProvedAmount", "Reason", "Recipient",
    "Recipients", "Recognition", "RecordDays", "Reference", "Remaining", "RemainingRecord",
    "RenderedDocument", "Renderer", "Reset", "Retention", "RoleLevel", "Rounding", "Route",
    "RowError", "RunChain", "RunKind", "RunMonitor", "RunRecord", "RunReport", "RunStage",
    "RunStatus", "ScheduleGroup", "ScheduledRun", "Scope", "Selection", "ServiceDay", "ServiceDays",
    "Setup", "Severity", "Share", "Side", "SkippedNumber", "Source", "SourceDocument",
    "SourceRecord", "SourceRef", "Span", "StandingRow", "StartFrom", "Step", "Store",
    "SubsInDraftError", "SubsNotBookedError", "Subscription", "SyncWith", "Tax", "TaxAmount",
    "TaxAnswer", "TaxCategory", "TaxDate", "TaxDifference", "TaxEngine", "TaxLevel", "TaxPurpose",
    "TaxQuestion", "TaxRate", "TaxRefusal", "TaxSlice", "TaxSubtotal", "TaxTable", "Template",
    "Tick", "Tier", "TotalComparison", "Totals", "Unit", "UnitMismatchError", "Upcoming", "Update",
    "UsageRecord", "UsageType", "UseCase", "ZeroTotal", "account_standing", "allocate",
    "balance_of", "balances", "bill", "bill_accounts", "billable_id", "billing_key",
    "book_documents", "book_payments", "cancel", "candidates", "cash_discounts", "chain_documents",
    "chain_hash", "check", "check_target", "claim", "claims_after_cancellation", "clean_up",
    "close", "compare", "compare_accounts", "coverage_of", "credit", "daily", "deferral_schedule",
    "deposit", "distribution", "draft", "drafts", "earliest_cancellation", "edit", "execute",
    "explain", "explain_deduction", "export", "failed_updates", "final", "finalize", "finalize_all",
    "forecast", "free_of", "frequency_of", "from_json", "from_plain", "half_yearly",
    "increase_prices", "installments", "intake", "invoice_entries", "keeping", "lapse",
    "last_notice_day", "monthly", "next_renewal", "next_service_period_start", "paid", "pause",
    "pay", "payout", "plan", "post", "price_of", "price_parts", "pro_forma", "profiles",
    "proration", "prove", "quarterly", "read_rows", "recipients", "recognize", "recover",
    "refreshed", "refreshed_drafts", "refund", "released", "remaining", "render", "render_drafts",
    "render_invoices", "renew", "replace_item", "rerun", "resolve_contacts", "resume", "retained",
    "reverse", "revert_unbilled", "round_amount", "round_to_increment", "schedule",
    "schedule_group", "settle", "settled", "skip_number", "standing", "take_over", "term_end",
    "to_json", "to_plain", "transfer", "trial", "unbilled_entries", "updates", "weekly", "what_if",
    "why_not", "withdrawn", "write_off", "yearly",
]
# fmt: on

notebook.attach(globals()[name] for name in __all__)
