"""Why something was not billed: reasons, exclusions and problems.

Every record that enters a run leaves it billed, excluded with a `Reason`, or as a `Problem`.
An exclusion is the rules at work; a problem needs a person.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from attrs import frozen

from billingcore.errors import (
    BillingError,
    BillingProblemsError,
    ConflictError,
    InvalidInputError,
    PortError,
)
from billingcore.values.period import Period
from billingcore.values.sealing import blank

__all__ = ["Exclusion", "LeftOut", "Problem", "Reason", "excluded"]


class Reason(Enum):
    """Why a record, or a part of its time, was not billed; the value says it in words."""

    FILTER_MISMATCH = "the run's filter does not select it"
    ACCOUNT_NOT_ACTIVE = "the account is not active"
    NO_PERMISSION = "the run may not bill this account"
    SUBSCRIPTION_NOT_ACTIVE = "the subscription's status is none of the active ones"
    NO_PRODUCTS = "the subscription has no items, or the record no lines"
    NO_TEMPLATE = "there is no template of this name, and none named Default"
    ITEM_INACTIVE = "the item is not active"
    ZERO_QUANTITY = "its quantity is 0"
    ONE_TIME_DONE = "the one-time item was billed already"
    ALREADY_INVOICED = "the record was billed already"
    BILLED_TO_OTHER_PARTY = "another party is billed for the record, and only one may be"
    TRANSACTION_LINKED = "the usage is still linked to a canceled invoice; release it first"
    DRAFT_EXISTS = "a draft bills it already"
    COVERED = "this time is on an invoice already"
    OUT_OF_PERIOD = "its dates lie outside the run's period"
    NO_USAGE = "there is no usage to bill"
    MINIMUM_REACHED = "usage has reached the minimum"
    NOT_DUE = "its period has not ended yet (arrears), or not begun (advance)"
    BEFORE_FIRST_RUN = "time before the first run is not billed under this policy"
    FORGIVEN = "an older period is forgiven under this policy"
    PAUSED = "nothing is billed for this time: a pause, a trial or a quantity of 0"
    ON_HOLD = "billing is on hold"
    CHANGED_AFTER_BILLING = "it changed after it was billed; this policy only reports it"
    BELOW_THRESHOLD = "it changed after it was billed, by less than this policy corrects"
    NOT_CORRECTED = "it changed after it was billed, and the billed line is not at hand"
    CARRIED_FORWARD = "the document's total is negative and is carried to a later run"
    BELOW_MINIMUM = "the document's total is below the minimum and is carried to a later run"
    ZERO_TOTAL = "the document's total is zero and zero totals are skipped"
    OTHER_PROBLEM = "a problem with another record holds it back under this policy"


@frozen
class LeftOut:
    """A reason with its facts, before it is known which record it concerns.

    Attributes:
        reason: why.
        period: the days that are concerned, None if no particular ones.
        facts: what decided it, as pairs of a word and a value.
    """

    reason: Reason
    period: Period | None = None
    facts: tuple[tuple[str, str], ...] = ()


@frozen
class Exclusion:
    """A record, or a part of its time, that the rules left out.

    Attributes:
        account: the account's id.
        record: what was not billed, like ``S-1/seats``.
        reason: the first test that failed.
        period: the days that are concerned, None if no particular ones.
        facts: the dates, states and names that decided it.
        filter: the filter under which the record entered; empty if none.
    """

    account: str
    record: str
    reason: Reason
    period: Period | None = None
    facts: tuple[tuple[str, str], ...] = ()
    filter: str = ""

    def __str__(self) -> str:
        days = "" if self.period is None else f" {_inclusive(self.period)}"
        facts = ", ".join(f"{name} {value}" for name, value in self.facts)
        said = f"{self.record}{days}: {self.reason.name}, {self.reason.value}"
        return f"{said} ({facts})" if facts else said


class _OpenExclusion(Exclusion):
    """An exclusion that is still being made: its fields are plain stores."""

    __slots__ = ()
    __setattr__ = object.__setattr__
    __delattr__ = object.__delattr__


_new_exclusion: Any = blank(_OpenExclusion)


def excluded(
    account: str, record: str, why: LeftOut, facts: tuple[tuple[str, str], ...], filter_name: str
) -> Exclusion:
    """Make an exclusion for a reason, quickly: records are left out by the thousand."""
    made: Any = _new_exclusion()
    made.account, made.record, made.filter = account, record, filter_name
    made.reason, made.period, made.facts = why.reason, why.period, facts
    made.__class__ = Exclusion
    sealed: Exclusion = made
    return sealed


@frozen
class Problem:
    """A record that could not be billed because something is wrong with it.

    Attributes:
        account: the account's id.
        record: the record, like ``S-1/seats``.
        code: the kind of problem, the `code` of the error behind it.
        field: the field that is wrong, empty if none is.
        message: what is wrong, with the value.
        advice: what to do.
        is_retryable: whether the same run can succeed later without a change of data.
        filter: the filter under which the record entered; empty if none.
    """

    account: str
    record: str
    code: str
    message: str
    field: str = ""
    advice: str = ""
    is_retryable: bool = False
    filter: str = ""

    @classmethod
    def of(cls, error: BillingError, *, account: str, record: str, filter: str = "") -> Problem:
        """Turn an error into a problem of one record; a conflict, too, can be gone later."""
        is_retryable = isinstance(error, ConflictError)
        if isinstance(error, PortError):
            is_retryable = error.is_retryable
        if isinstance(error, InvalidInputError):
            message = error.statement
            wrong, advice = error.field, error.fix
        else:
            errors = error.exceptions if isinstance(error, BillingProblemsError) else (error,)
            message, wrong = "; ".join(map(str, errors)), ""
            advice = "try again later" if is_retryable else ""
        return cls(
            account=account,
            record=record,
            code=error.code,
            message=message,
            field=wrong,
            advice=advice,
            is_retryable=is_retryable,
            filter=filter,
        )

    def __str__(self) -> str:
        place = f"account {self.account}, {self.record}" if self.account else self.record
        return f"{place}: {self.message}" + (f"; {self.advice}" if self.advice else "")


def _inclusive(period: Period) -> str:
    return f"{period.first or '..'} to {period.last or '..'}"
