"""billingcore: computes what to bill and why, and does no input or output.

A host hands in what it knows of an account and gets back drafts, invoices, and a reason for every
record that was not billed. The names below are grouped in the order in which data walks.
"""

# What people read.
from billingcore import render

# The engine, and runs over many accounts.
from billingcore.engine import bill, why_not
from billingcore.errors import (
    BillingError,
    BillingProblemsError,
    ConflictError,
    CurrencyMismatchError,
    DateRangeError,
    InvalidInputError,
    InvalidTransitionError,
    InvariantViolationError,
    PortError,
    UnitMismatchError,
)

# Documents.
from billingcore.grouping import Difference
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.kinds import InvoiceKind
from billingcore.invoices.outcome import AccountOutcome
from billingcore.invoices.totals import TaxSubtotal, Totals
from billingcore.lifecycle import edit
from billingcore.lifecycle.contracts import increase_prices, replace_item, transfer
from billingcore.lifecycle.finalize import finalize
from billingcore.lifecycle.manual import DraftOptions, draft, drafts
from billingcore.lines.corrections import Correction
from billingcore.lines.explain import Explanation, Step, explain
from billingcore.lines.line import Corrected, LineItem
from billingcore.memory import MemoryStore

# When, how much, and on which lines.
from billingcore.periods import proration
from billingcore.periods.proration import Proration
from billingcore.periods.span import Share, Span

# What a host implements.
from billingcore.ports import ProrationConvention, Source, Store, TaxEngine

# What a host hands in.
from billingcore.records.account import Account
from billingcore.records.change import Change, ChangedTerms, pause, trial
from billingcore.records.claims import BilledLine, Claim, ClaimState, Cover
from billingcore.records.contract_term import (
    earliest_cancellation,
    last_notice_day,
    next_renewal,
    renew,
    term_end,
)
from billingcore.records.discount import Discount, DiscountKind
from billingcore.records.hold import Hold
from billingcore.records.item import Item
from billingcore.records.numbering import Counter, NumberPattern, Reset
from billingcore.records.reading import RowError, read_rows
from billingcore.records.reasons import Exclusion, Problem, Reason
from billingcore.records.setup import BusinessEntity, Heading, Setup, Template
from billingcore.records.snapshot import AccountSnapshot
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
    FISCAL_HALF_YEAR,
    FISCAL_QUARTER,
    FISCAL_YEAR,
    FLAT,
    NEXT_HALF_YEAR,
    NEXT_MONTH,
    NEXT_QUARTER,
    NEXT_YEAR,
    ONE_TIME,
    PER_UNIT,
    RECURRING,
    RECURRING_PRORATED,
    RECURRING_PRORATED_AVG,
    BillingPractice,
    BillingType,
    LineType,
    PriceType,
    SyncWith,
)
from billingcore.runs.execute import execute, plan
from billingcore.runs.report import CurrencyTotal, Drafts, Progress, RunReport

# Who is in, and how a run goes about it.
from billingcore.scope.coverage import Covered, coverage_of, next_service_period_start
from billingcore.scope.policy import (
    DOCUMENTED,
    LEVEL,
    PER_ACCOUNT,
    PER_SUBSCRIPTION,
    CatchUp,
    ChangeDay,
    ChangeInside,
    Corrections,
    CreditBasis,
    Criterion,
    DayUnit,
    FirstPeriod,
    NegativeTotal,
    OnProblem,
    OpenDrafts,
    Policy,
    Scope,
    TaxDate,
    TaxLevel,
    ZeroTotal,
)
from billingcore.scope.run import InvoiceRun
from billingcore.scope.selection import Filter, Selection
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
from billingcore.values.keys import billable_id, billing_key
from billingcore.values.length import Length
from billingcore.values.money import Money
from billingcore.values.numbers import AmountLike, MoneyLike, NumberLike
from billingcore.values.period import Period
from billingcore.values.rounding import Rounding, allocate, round_amount, round_to_increment

# What is billed and what will be.
from billingcore.views.forecast import Forecast, forecast
from billingcore.views.schedule import schedule, schedule_group
from billingcore.views.schedules import ItemSchedule, ScheduleGroup
from billingcore.views.upcoming import Upcoming

__all__ = [
    "ADVANCE",
    "ARREARS",
    "DAY",
    "DOCUMENTED",
    "FISCAL_HALF_YEAR",
    "FISCAL_QUARTER",
    "FISCAL_YEAR",
    "FLAT",
    "HALF_YEAR",
    "LEVEL",
    "MONTH",
    "MONTH_END",
    "NEXT_HALF_YEAR",
    "NEXT_MONTH",
    "NEXT_QUARTER",
    "NEXT_YEAR",
    "ONE_TIME",
    "PER_ACCOUNT",
    "PER_SUBSCRIPTION",
    "PER_UNIT",
    "QUARTER",
    "RECURRING",
    "RECURRING_PRORATED",
    "RECURRING_PRORATED_AVG",
    "SAME_DAY",
    "UNTAXED",
    "WEEK",
    "YEAR",
    "Account",
    "AccountOutcome",
    "AccountSnapshot",
    "AmountLike",
    "AnchorDay",
    "BilledLine",
    "BillingError",
    "BillingPractice",
    "BillingProblemsError",
    "BillingType",
    "BusinessEntity",
    "Cadence",
    "CatchUp",
    "Change",
    "ChangeDay",
    "ChangeInside",
    "ChangedTerms",
    "Claim",
    "ClaimState",
    "ConflictError",
    "Corrected",
    "Correction",
    "Corrections",
    "Counter",
    "Cover",
    "Covered",
    "CreditBasis",
    "Criterion",
    "CurrencyMismatchError",
    "CurrencyTotal",
    "DateLike",
    "DateRangeError",
    "DayUnit",
    "Difference",
    "Discount",
    "DiscountKind",
    "DraftInvoice",
    "DraftOptions",
    "Drafts",
    "Exclusion",
    "Explanation",
    "Filter",
    "FirstPeriod",
    "Forecast",
    "Heading",
    "Hold",
    "InvalidInputError",
    "InvalidTransitionError",
    "InvariantViolationError",
    "Invoice",
    "InvoiceKind",
    "InvoiceRun",
    "Item",
    "ItemSchedule",
    "Length",
    "LineItem",
    "LineType",
    "MemoryStore",
    "Money",
    "MoneyLike",
    "NegativeTotal",
    "NumberLike",
    "NumberPattern",
    "OnProblem",
    "OpenDrafts",
    "Period",
    "Policy",
    "PortError",
    "PriceType",
    "Problem",
    "Progress",
    "Proration",
    "ProrationConvention",
    "Reason",
    "Reset",
    "Rounding",
    "RowError",
    "RunReport",
    "ScheduleGroup",
    "Scope",
    "Selection",
    "Setup",
    "Share",
    "Source",
    "Span",
    "Step",
    "Store",
    "Subscription",
    "SyncWith",
    "Tax",
    "TaxAnswer",
    "TaxCategory",
    "TaxDate",
    "TaxEngine",
    "TaxLevel",
    "TaxPurpose",
    "TaxQuestion",
    "TaxRate",
    "TaxRefusal",
    "TaxSlice",
    "TaxSubtotal",
    "TaxTable",
    "Template",
    "Totals",
    "Unit",
    "UnitMismatchError",
    "Upcoming",
    "ZeroTotal",
    "allocate",
    "bill",
    "billable_id",
    "billing_key",
    "coverage_of",
    "daily",
    "draft",
    "drafts",
    "earliest_cancellation",
    "edit",
    "execute",
    "explain",
    "finalize",
    "forecast",
    "half_yearly",
    "increase_prices",
    "last_notice_day",
    "monthly",
    "next_renewal",
    "next_service_period_start",
    "pause",
    "plan",
    "proration",
    "quarterly",
    "read_rows",
    "render",
    "renew",
    "replace_item",
    "round_amount",
    "round_to_increment",
    "schedule",
    "schedule_group",
    "term_end",
    "transfer",
    "trial",
    "weekly",
    "why_not",
    "yearly",
]
