"""What the service is sent, and what it sends: decimals as text, so that no reader makes floats of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final, Self

from pydantic import BaseModel, Field

import billingcore as bc

MONTH: Final = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


class Month(BaseModel):
    """What to bill."""

    month: str = Field(pattern=MONTH, examples=["2026-01"])


class Total(BaseModel):
    """The sums of a currency."""

    currency: str
    documents: int
    net: Decimal
    tax: Decimal
    gross: Decimal


class Run(BaseModel):
    """How an execution of a run stands."""

    run: str
    attempt: int
    kind: str
    status: str
    stage: str
    is_live: bool
    accounts: int
    done: int
    drafts: int
    failures: int
    totals: list[Total]
    error: str

    @classmethod
    def of(cls, record: bc.RunRecord) -> Self:
        """Show what the store knows of it."""
        return cls(
            run=record.run_id,
            attempt=record.attempt,
            kind=record.kind.value,
            status=record.status.value,
            stage=record.stage.value,
            is_live=record.is_live,
            accounts=record.accounts,
            done=record.done,
            drafts=record.documents,
            failures=record.failures,
            totals=[Total.model_validate(each, from_attributes=True) for each in record.totals],
            error=record.error,
        )


class Draft(BaseModel):
    """A draft."""

    id: str
    account: str
    currency: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    version: int

    @classmethod
    def of(cls, draft: bc.DraftInvoice) -> Self:
        """Show its sums."""
        return cls(
            id=draft.id,
            account=draft.account.id,
            currency=draft.currency,
            net=draft.totals.net,
            tax=draft.totals.tax,
            gross=draft.totals.gross,
            version=draft.version,
        )


class Invoice(BaseModel):
    """An invoice."""

    number: str
    date: dt.date
    due: dt.date
    gross: Decimal
    currency: str

    @classmethod
    def of(cls, invoice: bc.Invoice) -> Self:
        """Show what is to be paid, and when."""
        return cls(
            number=invoice.number,
            date=invoice.date,
            due=invoice.due_date,
            gross=invoice.totals.gross,
            currency=invoice.currency,
        )


class Day(BaseModel):
    """The date of an invoice, and the version of the draft that was looked at."""

    on: dt.date
    version: int | None = None


class Trouble(BaseModel):
    """A record that a run could not bill."""

    account: str
    record: str
    code: str
    field: str
    message: str
    advice: str
    is_retryable: bool
