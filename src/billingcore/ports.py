"""What a host implements: small Protocols, whose docstrings are the contract.

An object fits a Protocol by having its methods; nothing is subclassed. `MemoryStore` implements
`Source` and `Store`, `TaxTable` implements `TaxEngine`, `ExchangeTable` `ExchangeRates`.

`billingcore.testing.check_store` asks a store every clause of this contract. It has a version,
`CONTRACT`.

Number series are no Protocol of their own. A number has no gap only if it is counted in the step
that keeps its document, so `Store.finalize` and `Store.skip` count; a series elsewhere would have
counted numbers whose documents were lost. There is no async twin either: every rule would stand
twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from billingcore.values.cadence import Cadence
from billingcore.values.period import Period

if TYPE_CHECKING:
    from billingcore.errors import BillingError
    from billingcore.invoices.document import DraftInvoice, Invoice
    from billingcore.invoices.outcome import AccountOutcome
    from billingcore.lifecycle.books import Books, Effects, Finalization, PendingInvoice
    from billingcore.records.exchange import ExchangeRate
    from billingcore.records.numbering import Counter, SkippedNumber
    from billingcore.records.reasons import Problem
    from billingcore.records.reference import Reference
    from billingcore.records.snapshot import AccountSnapshot
    from billingcore.records.taxes import TaxAnswer, TaxPurpose, TaxQuestion
    from billingcore.render.rendered import RenderedDocument
    from billingcore.runs.record import RunRecord
    from billingcore.scope.criteria import Criteria

__all__ = [
    "CONTRACT",
    "DocumentTarget",
    "ExchangeRates",
    "ProrationConvention",
    "Renderer",
    "Source",
    "Store",
    "TaxEngine",
]

CONTRACT: Final = 1
"""Version of what is written here: higher if stores that kept it so far may not keep it now."""


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

    Contract: `references` yields those of one account one after another; it may yield more than a
    run wants and never less, since the engine applies every condition again. `snapshot` gives all
    that is known of one account at one moment, with a revision that every change of it raises: of
    its records, of what was decided, and of what is billed of records that it shares.
    """

    @property
    def tax(self) -> TaxEngine:
        """Give the tax engine that applies to these accounts."""
        ...

    def references(self, criteria: Criteria, /) -> Iterable[Reference]:
        """Yield a reference for each record that may be billed, account by account, in any order.

        One for an account as a whole, ``Reference("acme")``, is enough. The criteria are what the
        run wants, for a source that can look them up in an index.
        """
        ...

    def snapshot(self, account: str, /) -> AccountSnapshot:
        """Read one account; `InvalidInputError` if there is none of this id.

        Claims come back with the `terms` and `is_release` that they were written with; those of
        adjacent days can be joined. The claims of a record of the host are there for all accounts
        that have the record, whosever they are. `documents` names the live drafts and the drafts
        that became invoices, `drafts` has the live ones.
        """
        ...

    def unresolved(self) -> Iterable[Problem]:
        """Yield a problem for each record that is handed to no account, since none is known.

        `recipients` makes them. A source without records of the host's own gives none.
        """
        ...


class Store(Source, Protocol):
    """A source that also keeps what was decided.

    Contract: every method is atomic, but for what `finalize` says of errors of the host. Ids are
    compared letter by letter: upper and lower case are two ids, and so is one with a blank behind.
    Claims of live documents never overlap for one billable;
    what would overlap, or was billed from another revision than the stored one, is refused with
    `ConflictError` (or, in `commit`, by name) and changes nothing. Whenever the books of an
    account change, what `refreshed_drafts` gives takes the place of its live drafts in the same
    step, with the same versions, since nobody edited them. What is handed in comes back equal, or
    is refused with `InvalidInputError`.
    """

    def commit(self, outcomes: Sequence[AccountOutcome], /) -> Sequence[str]:
        """Keep the drafts, waivers and reasons of some accounts, each account as a whole or not.

        Gives the ids of the accounts that were refused, since their stored revision is not the
        outcome's; the caller reads them again and repeats. The problems of an outcome take the
        place of those that an earlier outcome of the same run had for the account; an outcome
        with nothing but problems is never refused. Decisions are kept like claims, also without
        drafts. A draft takes the place of a stored one of its id. `InvalidInputError` if one of the
        accounts, with drafts or decisions, is not there; nothing of any account is kept then.
        """
        ...

    def draft(self, draft_id: str, /) -> DraftInvoice:
        """Give a live draft; `InvalidInputError` if there is none of this id."""
        ...

    def drafts(self, run_id: str | None = None, /) -> Iterator[DraftInvoice]:
        """Yield all live drafts, or those of one run, in the order of their ids.

        Drafts may be discarded or finalized while they are read.
        """
        ...

    def put(self, draft: DraftInvoice, /) -> DraftInvoice:
        """Keep a draft that was made or edited by hand, and give it back as it is stored.

        Its `version` says which stored version it was made of, 0 for none; if another one is
        stored now, `ConflictError`. The stored one has the next version.

        `ConflictError`, too, if it covers what another live document covers, or takes back what
        none does; `InvalidTransitionError` or `ConflictError` if it is an invoice already.
        """
        ...

    def discard(self, draft_id: str, /) -> None:
        """Delete a live draft; what it covered is free again.

        `InvalidInputError` if there is none of this id. `ConflictError` if it takes days back
        that another live document bills anew.
        """
        ...

    def finalize(
        self, pending: Sequence[PendingInvoice], /
    ) -> Sequence[Finalization | BillingError]:
        """Turn drafts into invoices, in one step and in this order.

        For each: takes the next number of its counter, calls *issue* with it and with the books
        of its account, as `books` gives them now, keeps the invoice with all its effects and
        removes the draft. A step that has to be repeated calls *issue* again. If that fails, also
        in *issue*, the number is not used up, the error stands in the place of the result, and
        nothing of it is kept. So it is if the number is in use: a document has it, whosever it is,
        or it was skipped; that is an `InvalidInputError`. A draft made without a run need not be
        stored before, and one that was edited last need not be put.

        If *issue* raises what is no `BillingError`, that is raised on, and nothing of its draft is
        kept. The drafts before it are invoices, or none of them is, as the store does it: one in a
        database takes its transaction back, and one in memory would need a copy of all books.

        What is canceled is free then, and its lines with it; the document stays in the books.
        Claims that link its usage are kept until the usage is released.

        `ConflictError` if the stored draft has another version, if one that is not stored covers
        what another live document covers, or if what is to be canceled is corrected by another
        live document; `InvalidTransitionError` if the draft is an invoice already.
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
        What the document covers that the decision names as canceled is free then; `ConflictError`
        if another live document corrects that one. `InvalidInputError` if there is no such
        account. If it fails, nothing is kept. A payment takes the place of a known one of its id.
        """
        ...

    def skip(self, counter: Counter, make: Callable[[int], SkippedNumber], /) -> SkippedNumber:
        """Take the next number of a counter and keep that, and why, no document has it.

        If *make* fails, whatever it raises, the number is not used up. `InvalidInputError` if the
        number is in use.
        """
        ...

    def begin(self, record: RunRecord, /) -> RunRecord:
        """Keep the record of an execution that begins, with the next number of its run's.

        Its status is STARTED, and as long as it is, the record is a lease on the accounts: if the
        stored record of another execution has not ended, and does not give way by
        `RunRecord.yields_to`, `ConflictError`. One whose place the new one takes, by
        `RunRecord.takes_place_of`, is kept as FAILED in the same step. A store may also end one by
        its own clock when it was not noted for long.
        """
        ...

    def note(self, record: RunRecord, /) -> None:
        """Keep how an execution stands; `ConflictError` if it has ended, or never began."""
        ...

    def runs(self) -> Iterable[RunRecord]:
        """Yield the records of all executions, in the order in which they began."""
        ...

    def failures(
        self, run_id: str, accounts: Collection[str] | None = None, /
    ) -> Iterable[Problem]:
        """Yield what was wrong when a run last looked at accounts, or at some of them."""
        ...


class Renderer(Protocol):
    """Makes the content of a document: text, a page, a PDF file, an e-invoice.

    Contract: a pure function; the same document in the same locale has the same bytes, so that it
    can be made again. Of a draft it says on every page that it is one, as `render.draft_mark` does.
    `render.text` and `render.page` are renderers. `InvalidInputError` says why there can be no such
    content for a document; that and any other error spoil this document only.
    """

    def __call__(self, document: DraftInvoice | Invoice, locale: str, /) -> str | bytes:
        """Give the content of a document, in a locale like ``de_DE``."""
        ...


class DocumentTarget(Protocol):
    """Keeps documents that were made of drafts, or of invoices: a folder, an archive, a print queue.

    Contract: a target is either for drafts or for invoices, so that no draft is found where invoices
    are looked for. The three properties stay as they are while documents are made. What `keep`
    raises spoils the one document for this target only: `InvalidInputError` if it cannot be kept as
    it is; `PortError`, which says whether it is worth a retry; an `OSError` is worth one, too.
    """

    @property
    def name(self) -> str:
        """Give the name that reports show; no two targets of a call share one."""
        ...

    @property
    def is_active(self) -> bool:
        """Tell whether it takes documents at present."""
        ...

    @property
    def is_for_drafts(self) -> bool:
        """Tell whether it is for drafts alone; if not, it is for invoices alone."""
        ...

    def keep(self, document: RenderedDocument, /) -> None:
        """Keep a document under its name, as a whole or not at all.

        A name is there once: the same document again changes nothing. A draft takes the place of the
        draft that had its name, which is an earlier version. An invoice never changes: if another
        content has its name, `InvalidInputError`, and what is there stays. The document may not be
        handed on to where the other kind is kept, and no draft is linked to an invoice.
        """
        ...
