"""Every exception of the library.

Who has to act next decides the kind::

    BillingError(Exception)                    base of all; `code` is stable and documented
    ├── InvalidInputError(ValueError)          the call or a record is wrong: fix it there
    │   ├── CurrencyMismatchError              two currencies where only one can be
    │   ├── DateRangeError                     a date outside the calendar
    │   ├── UnitMismatchError                  a rhythm that a convention cannot measure
    │   ├── MissingFieldError                  a control field is not there, or empty
    │   ├── NoMatchingItemError                usage for which there is no item, or several
    │   ├── NoMatchingAccountError             a booking for which no rule names an account, or several
    │   └── InvalidTransitionError             a document cannot go that way
    ├── PortError                              an adapter of the host broke its contract
    ├── ConflictError                          the stored state moved: read it again and repeat
    ├── BillingProblemsError(ExceptionGroup)   raised on request, one inner error per problem
    └── InvariantViolationError(AssertionError)  the library is wrong: never caught inside

Expected trouble in data is no exception: a run returns it as `Problem` and `Exclusion` values.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Final, Self

__all__ = [
    "BillingError",
    "BillingProblemsError",
    "ConflictError",
    "CurrencyMismatchError",
    "DateRangeError",
    "InvalidInputError",
    "InvalidTransitionError",
    "InvariantViolationError",
    "MissingFieldError",
    "NoMatchingAccountError",
    "NoMatchingItemError",
    "PortError",
    "UnitMismatchError",
    "failed_port",
    "show",
    "told",
]

_SHOWN = 40  # characters of a wrong value that a message repeats
_SHOWN_BITS = 128

LONGEST_TOLD: Final = 500


def show(value: object) -> str:
    """Write a wrong value into a message, in bounded time and space.

    `repr` of a huge integer takes quadratic time, and that of an unknown object runs its code;
    both are named by their type instead.
    """
    if isinstance(value, str):
        return repr(value) if len(value) <= _SHOWN else f"{value[:_SHOWN]!r}… ({len(value)} long)"
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, int):
        bits = int.bit_length(value)
        return f"{int(value)}" if bits <= _SHOWN_BITS else f"an integer of {bits} bits"
    if isinstance(value, Decimal):
        if value.is_finite() and abs(value.adjusted()) <= _SHOWN:
            text = str(value)
            return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} long)"
        return f"Decimal of magnitude 1E{value.adjusted():+d}" if value.is_finite() else str(value)
    if isinstance(value, float):
        return f"{value!r} (float)"
    if isinstance(value, date):  # the zone of an instant is the host's code
        day = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        return day.isoformat()
    return f"an object of type {type(value).__name__}"


def told(error: BaseException) -> str:
    """Write what the host's code raised: its type and its text, if it has one."""
    try:
        return f"{type(error).__name__}: {error}"[:LONGEST_TOLD]
    except Exception:  # noqa: BLE001 - an error that cannot be written is the host's, too
        return type(error).__name__


class BillingError(Exception):
    """Base of all errors of this library."""

    code: ClassVar[str] = "billing-error"


class InvalidInputError(BillingError, ValueError):
    """A value that cannot be billed with, refused where it entered.

    Attributes:
        rule: what the value breaks.
        record: which record carried it, like ``Item 'seats'``; empty if none is known.
        field: the field or argument.
        value: the value itself; an ellipsis if there is none to show.
        fix: what to write instead.
    """

    code: ClassVar[str] = "invalid-input"

    def __init__(
        self, rule: str, *, record: str = "", field: str = "", value: object = ..., fix: str = ""
    ) -> None:
        super().__init__(rule)
        self.rule: str = rule
        self.record: str = record
        self.field: str = field
        self.value: object = value
        self.fix: str = fix

    def at(self, record: str, field: str) -> Self:
        """Name the record and the field, where they are known; what is named already stays."""
        self.record = self.record or record
        self.field = self.field or field
        return self

    @property
    def statement(self) -> str:
        """What is wrong, without the fix."""
        place = f"{self.record}: " if self.record else ""
        equals = "" if self.value is ... else f" = {show(self.value)}"
        what = f"{self.field}{equals}: " if self.field else ""
        return f"{place}{what}{self.rule}"

    def __str__(self) -> str:
        return f"{self.statement}; {self.fix}" if self.fix else self.statement


class CurrencyMismatchError(InvalidInputError):
    """Two currencies met where only one can be, as in one sum or one document."""

    code: ClassVar[str] = "currency-mismatch"


class DateRangeError(InvalidInputError):
    """A date or period that lies outside the calendar, or is written in no known form."""

    code: ClassVar[str] = "date-range"


class UnitMismatchError(InvalidInputError):
    """A proration convention cannot measure this unit, as months cannot measure weeks."""

    code: ClassVar[str] = "unit-mismatch"


class MissingFieldError(InvalidInputError):
    """A control field that a record does not have, or that is empty and must not be."""

    code: ClassVar[str] = "missing-field"


class NoMatchingItemError(InvalidInputError):
    """Usage that no item of the account can bill, or that several could."""

    code: ClassVar[str] = "no-matching-item"


class NoMatchingAccountError(InvalidInputError):
    """A booking for which no rule names an account, or several do; nothing is blocked by it."""

    code: ClassVar[str] = "no-matching-account"


class InvalidTransitionError(InvalidInputError):
    """A document is not in a state from which this step leads on."""

    code: ClassVar[str] = "invalid-transition"


class SubsInDraftError(InvalidTransitionError):
    """A final invoice would deduct documents that are drafts."""

    code: ClassVar[str] = "subs-in-draft"


class FinalExistsError(InvalidTransitionError):
    """There is a final invoice already, so that nothing more is invoiced on its agreement."""

    code: ClassVar[str] = "final-exists"


class SubsNotBookedError(InvalidTransitionError):
    """A final invoice would deduct documents, or payments of them, that are not booked yet."""

    code: ClassVar[str] = "subs-not-booked"


class PortError(BillingError):
    """An adapter of the host broke its contract, or failed.

    Attributes:
        port: the Protocol, like ``TaxEngine``.
        question: what was asked of it.
        is_retryable: whether asking again later can help.
    """

    code: ClassVar[str] = "port"

    def __init__(
        self, rule: str, *, port: str = "", question: str = "", is_retryable: bool = False
    ) -> None:
        super().__init__(rule)
        self.rule: str = rule
        self.port: str = port
        self.question: str = question
        self.is_retryable: bool = is_retryable

    def __str__(self) -> str:
        asked = f" (asked: {self.question})" if self.question else ""
        return f"{self.port}: {self.rule}{asked}" if self.port else f"{self.rule}{asked}"


def failed_port(error: Exception, port: str) -> PortError:
    """Make the error for what the host's code raised; one of its system may be gone later."""
    return PortError(f"raised {told(error)}", port=port, is_retryable=isinstance(error, OSError))


class ConflictError(BillingError):
    """What is stored has moved since it was read; nothing was changed. Read again and repeat."""

    code: ClassVar[str] = "conflict"


class BillingProblemsError(BillingError, ExceptionGroup[BillingError]):
    """All problems of a run at once, for hosts that prefer an exception to a report."""

    code: ClassVar[str] = "billing-problems"


class InvariantViolationError(BillingError, AssertionError):
    """A law of the library does not hold: a defect of ours. Please report it with the evidence.

    Attributes:
        law: the law, in words.
        evidence: the values that break it.
    """

    code: ClassVar[str] = "invariant-violation"

    def __init__(self, law: str, *, evidence: object = None) -> None:
        super().__init__(law)
        self.law: str = law
        self.evidence: object = evidence
