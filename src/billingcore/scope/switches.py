"""The switches of a policy: what each can be set to."""

from __future__ import annotations

from enum import Enum

__all__ = [
    "CatchUp",
    "ChainTax",
    "ChangeDay",
    "ChangeInside",
    "Corrections",
    "CreditBasis",
    "DayUnit",
    "DeductProgress",
    "FinalShape",
    "FirstPeriod",
    "LateChildren",
    "LateUsage",
    "NegativeTotal",
    "OnProblem",
    "OpenDrafts",
    "RecordDays",
    "Scope",
    "TaxDate",
    "TaxLevel",
    "ZeroTotal",
]


class FirstPeriod(Enum):
    """Where the first billed period of an item begins; in arrears always with the item."""

    FROM_RUN = "from the run"
    FROM_ITEM = "from the item"


class CatchUp(Enum):
    """What happens to several periods that are due."""

    ONE = "one period a run"
    EVERY = "every due period, a line each"
    MERGED = "every due period, on one line"
    FORGIVE = "periods that ended before the run are waived"


class OpenDrafts(Enum):
    """Whether an item on a live draft can be billed further."""

    BLOCK = "a draft blocks its item's next periods"
    CONTINUE = "a draft counts as coverage"


class Scope(Enum):
    """Which dates are in a run's period."""

    OVERLAP = "what overlaps it"
    STRICT = "what starts in it"


class DayUnit(Enum):
    """What the billing period of an item with unit day counts."""

    MONTHS = "months, priced per day"
    DAYS = "days"


class NegativeTotal(Enum):
    """What becomes of a document whose total is negative."""

    CREDIT = "a credit"
    INVOICE = "an invoice"
    CARRY_FORWARD = "put off to a later run"


class ZeroTotal(Enum):
    """What becomes of a document whose total is zero."""

    ISSUE = "issued"
    SKIP = "skipped, its periods are waived"


class TaxLevel(Enum):
    """Where tax is rounded."""

    LINE = "per line"
    CATEGORY = "per tax category and rate"
    DOCUMENT = "per document"


class TaxDate(Enum):
    """Which day of the service period decides the tax rate."""

    END = "its last day"
    START = "its first day"
    SPLIT_AT_RATE_CHANGE = "each its own: a line is split where the rate changes"


class ChangeDay(Enum):
    """On whose terms the day is billed on which a change begins."""

    NEW = "on the new terms"
    OLD = "on the old terms"


class ChangeInside(Enum):
    """What happens to a change inside a billing period."""

    SPLIT = "the period is billed in slices, each on its own terms"
    NEXT_PERIOD = "it applies from the next period on"
    WHOLE_PERIOD = "it applies to the whole period"


class Corrections(Enum):
    """What becomes of a change of days that are billed already."""

    REPORT = "it is reported"
    NEXT_INVOICE = "the difference is on the next document"
    CREDIT_DOCUMENT = "what is taken back is on a credit, what is billed anew on an invoice"


class CreditBasis(Enum):
    """At what price billed days are taken back."""

    AS_BILLED = "at the price, discount and tax of the billed line"
    REPRICED = "at what they would cost today"


class OnProblem(Enum):
    """What a problem with one record holds back."""

    RECORD = "the record"
    INVOICE = "its document"
    ACCOUNT = "everything of its account"


class LateUsage(Enum):
    """What becomes of usage, and of records with a service date, from before the run."""

    EXCLUDE = "it is left out"
    INCLUDE = "it is billed"


class LateChildren(Enum):
    """What becomes of a child that is added to a record that was billed already."""

    EXCLUDE = "it is left out"
    BILL = "it is billed"


class ChainTax(Enum):
    """How the taxes of part invoices of one agreement are worked out."""

    CUMULATIVE = "the taxes of all together are those of their sum"
    EACH = "each its own; the final closes the gap"


class DeductProgress(Enum):
    """What a final deducts of a progress or deposit invoice."""

    PAID = "what was paid; the final asks for the rest"
    INVOICED = "what was invoiced; the rest stays a claim of its own"


class FinalShape(Enum):
    """What a final invoice bills."""

    CUMULATIVE = "all that was agreed; what was invoiced before is deducted from the total"
    REMAINDER = "the remainder; what was invoiced before is taken off by lines"


class RecordDays(Enum):
    """Which days of service stand on the line of a record that is billed once."""

    RUN = "those of the run"
    SERVICE_DATE = "its service date, if it has one"
