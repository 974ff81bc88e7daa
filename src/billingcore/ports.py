"""What a host implements: small Protocols, whose docstrings are the contract.

An object fits a Protocol by having its methods; nothing is subclassed. `MemoryStore` implements
`Source` and `Store`, `TaxTable` implements `TaxEngine`, `ExchangeTable` `ExchangeRates`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from billingcore.values.cadence import Cadence
from billingcore.values.period import Period

if TYPE_CHECKING:
    from billingcore.errors import BillingError
    from billingcore.invoices.document import DraftInvoice
    from billingcore.invoices.outcome import AccountOutcome
    from billingcore.lifecycle.books import Books, Effects, Finalization, PendingInvoice
    from billingcore.records.exchange import ExchangeRate
    from billingcore.records.numbering import Counter, SkippedNumber
    from billingcore.records.reasons import Problem
    from billingcore.records.snapshot import AccountSnapshot
    from billingcore.records.taxes import TaxAnswer, TaxPurpose, TaxQuestion

__all__ = ["ExchangeRates", "ProrationConvention", "Source", "Store", "TaxEngine"]


@runtime_checkable
class ProrationConvention(Protocol):
    """A rule for what a part of a billing period costs.

    Contract: `name` is unique among the conventions of a host. `factor` is a pure function; its
    result has a denominator of at most 12 digits.
    """

    @property
    def name(self) -> str:
        """Give the name that explanations show."""
        ...

    def factor(self, part: Period, cadence: Cadence, /) -> Fraction:
        """Give the price of a part, in unit prices: 3 for a whole quarter counted in months."""
        ...


@runtime_checkable
class ExchangeRates(Protocol):
    """Knows what a currency is worth in another.

    Contract: gives the rate that applies on a day: of exactly this pair, in this direction, and
    of that day or an earlier one. The same question has the same answer, also later. It raises
    `InvalidInputError` if there is no such rate, which spoils that record only, and `PortError` if
    it cannot answer at all.
    """

    def rate(self, base: str, quote: str, on: dt.date, /) -> ExchangeRate:
        """Give the rate at which *base* is converted into *quote* on a day."""
        ...


class TaxEngine(Protocol):
    """Knows which tax applies.

    Contract: answers every question, in the order of the questions. A code that it does not know
    is answered with a `TaxRefusal` and spoils that record only. It raises `PortError` if it cannot
    answer at all; all accounts of the call are then reported as retryable, and none is billed.
    The slices of an answer follow each other without gap from the first day asked to the last.
    """

    def taxes(
        self, questions: Sequence[TaxQuestion], purpose: TaxPurpose, /
    ) -> Sequence[TaxAnswer]:
        """Answer questions, for a draft or for an invoice."""
        ...


class Source(Protocol):
    """Hands in accounts.

    Contract: `accounts` yields each account's id once; it may yield more than a run selects and
    never less. `snapshot` gives all that is known of one account at one moment.
    """

    @property
    def tax(self) -> TaxEngine:
        """Give the tax engine that applies to these accounts."""
        ...

    def accounts(self) -> Iterable[str]:
        """Yield the ids of all accounts that may have something to bill, in any order."""
        ...

    def snapshot(self, account: str, /) -> AccountSnapshot:
        """Read one account."""
        ...

    def unresolved(self) -> Iterable[Problem]:
        """Yield a problem for each record that is handed to no account, since none is known.

        `recipients` makes them. A source without records of the host's own gives none.
        """
        ...


class Store(Source, Protocol):
    """A source that also keeps what was decided.

    Contract: every method is atomic. Claims of live documents never overlap for one billable;
    what would overlap, or was billed from another revision than the stored one, is refused
    with `ConflictError` (or, in `commit`, by name) and changes nothing. Whenever the books of an
    account change, what `refreshed_drafts` gives takes the place of its live drafts in the same
    step, with the same versions, since nobody edited them.
    """

    def commit(self, outcomes: Sequence[AccountOutcome], /) -> Sequence[str]:
        """Keep the drafts, waivers and reasons of some accounts, each account as a whole or not.

        Gives the ids of the accounts that were refused, since their stored revision is not the
        outcome's; the caller reads them again and repeats.
        """
        ...

    def draft(self, draft_id: str, /) -> DraftInvoice:
        """Give a live draft; `InvalidInputError` if there is none of this id."""
        ...

    def drafts(self) -> Iterator[DraftInvoice]:
        """Yield all live drafts, in the order of their ids."""
        ...

    def put(self, draft: DraftInvoice, /) -> DraftInvoice:
        """Keep a draft that was made or edited by hand, and give it back as it is stored.

        Its `version` says which stored version it was made of, 0 for none; if another one is
        stored now, `ConflictError`. The stored one has the next version.
        """
        ...

    def discard(self, draft_id: str, /) -> None:
        """Delete a live draft; what it covered is free again.

        `ConflictError` if it takes days back that another live document bills anew.
        """
        ...

    def finalize(
        self, pending: Sequence[PendingInvoice], /
    ) -> Sequence[Finalization | BillingError]:
        """Turn drafts into invoices, in one step and in this order.

        For each: takes the next number of its counter, calls *issue* with it and with the books of
        its account, as `books` gives them now, keeps the invoice with all its effects and removes
        the draft. If that fails, also in *issue*, the number is not used up, the error stands in
        the place of the result, and nothing of it is kept. A draft made without a run need not be
        stored before, and one that was edited last need not be put.

        `ConflictError` if the stored draft has another version, or if what is to be canceled is
        corrected by another live document; `InvalidTransitionError` if the draft is an invoice
        already.
        """
        ...

    def books(self, account: str, /) -> Books:
        """Give what was issued, paid and booked of an account.

        `InvalidInputError` if there is no such account.
        """
        ...

    def record(self, account: str, decide: Callable[[Books], Effects], /) -> Effects:
        """Keep what a decision adds to the books of an account, in one step.

        Calls *decide* with the books as they are now, keeps all that it gives, and gives it back.
        What the document covers that the decision names as canceled is free then. If it fails,
        nothing is kept.
        """
        ...

    def skip(self, counter: Counter, make: Callable[[int], SkippedNumber], /) -> SkippedNumber:
        """Take the next number of a counter and keep that, and why, no document has it."""
        ...
