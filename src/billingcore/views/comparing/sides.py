"""The two sides of a comparison, account by account: outcomes, drafts or invoices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, zip_longest
from typing import Final, NamedTuple

from billingcore.errors import InvalidInputError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.records.reasons import Exclusion, Problem
from billingcore.runs.report import RunReport
from billingcore.scope.policy import Policy
from billingcore.values.period import Period

__all__ = ["Compared", "Document", "Side", "joined", "sides_of"]

Compared = AccountOutcome | DraftInvoice | Invoice
"""What can be compared, of one account."""

Given = RunReport | Compared | Iterable[Compared]
"""What a side can be given as."""


class Document(NamedTuple):
    """A document of one side.

    Attributes:
        name: id of the draft, or number of the invoice.
        draft: what it says.
    """

    name: str
    draft: DraftInvoice


class Side(NamedTuple):
    """What one side has of one account.

    Attributes:
        account: the account's id.
        documents: in the order in which they came.
        reasons: why something is on none of them, as far as the side says so.
        policies: by which it was billed.
    """

    account: str
    documents: tuple[Document, ...]
    reasons: tuple[Exclusion | Problem, ...] = ()
    policies: tuple[Policy, ...] = ()

    @property
    def problems(self) -> int:
        """How many records are wrong."""
        return sum(isinstance(each, Problem) for each in self.reasons)


def sides_of(word: str, given: Given) -> Iterator[Side]:
    """Read a side: accounts follow each other, each once.

    Outcomes of an iterator are read as they come, so those of one account have to follow each
    other. A sequence of them is put in that order, and so are documents, but for a report's.

    Raises:
        InvalidInputError: it holds something else, or outcomes of several periods in which those
            of an account do not follow each other.
    """
    if isinstance(given, RunReport):
        return _of_report(given)
    if isinstance(given, AccountOutcome | DraftInvoice | Invoice):
        return _sides(word, iter([given]))
    if not isinstance(given, Iterable):
        raise _refused(word, given)
    if isinstance(given, Sequence):
        return _of_sequence(word, given)
    return _sides(word, iter(given))


def _of_sequence(word: str, given: Sequence[Compared]) -> Iterator[Side]:
    if not given or not isinstance(given[0], AccountOutcome):
        return _sides(word, iter(given))
    by_account: dict[str, list[AccountOutcome]] = {}
    for each in given:
        outcome = _read(word, each)
        by_account.setdefault(outcome.account, []).append(outcome)
    return (_of_outcomes(account, found) for account, found in by_account.items())


def _sides(word: str, given: Iterator[object]) -> Iterator[Side]:
    first = next(given, None)
    every = () if first is None else chain([first], given)
    if isinstance(first, AccountOutcome):
        return _in_step(word, (_read(word, each) for each in every))
    return _gathered(_document(word, each) for each in every)


def _in_step(word: str, outcomes: Iterable[AccountOutcome]) -> Iterator[Side]:
    usual: list[Period] | None = None
    for account, group in groupby(outcomes, key=_account_of):
        found = tuple(group)
        periods = [each.run.period for each in found]
        if usual not in (None, periods):
            rule = f"outcomes of several periods, and those of {account!r} do not follow each other"
            fix = "sort them: sorted(outcomes, key=lambda outcome: outcome.account)"
            raise InvalidInputError(rule, record="compare", field=word, fix=fix)
        usual = periods
        yield _of_outcomes(account, found)


def _gathered(documents: Iterable[Document]) -> Iterator[Side]:
    by_account: dict[str, list[Document]] = {}
    for document in documents:
        by_account.setdefault(document.draft.account.id, []).append(document)
    for account, found in by_account.items():
        yield _of_documents(account, found)


def _account_of(outcome: AccountOutcome) -> str:
    return outcome.account


def _read(word: str, each: object) -> AccountOutcome:
    if isinstance(each, AccountOutcome):
        return each
    raise _refused(word, each)


def _document(word: str, each: object) -> Document:
    if isinstance(each, Invoice):
        return Document(each.number, each.draft)
    if isinstance(each, DraftInvoice):
        return Document(each.id, each)
    raise _refused(word, each)


def _refused(word: str, value: object) -> InvalidInputError:
    rule = f"cannot be compared: {type(value).__name__}"
    return InvalidInputError(rule, record="compare", field=word, fix=_FIX)


_FIX: Final = (
    "give outcomes of plan or bill, a report of execute, drafts, or invoices; outcomes and documents "
    "are not mixed"
)


def _of_outcomes(account: str, outcomes: Sequence[AccountOutcome]) -> Side:
    documents = tuple(Document(each.id, each) for made in outcomes for each in made.drafts)
    reasons: list[Exclusion | Problem] = []
    for each in outcomes:
        reasons += (*each.exclusions, *each.left_out, *each.problems)
    policies = _once(each.run.policy for each in outcomes)
    return Side(account, documents, tuple(reasons), policies)


def _once(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    """Give each policy once; most are one object, which is known faster than it is hashed."""
    found: list[Policy] = []
    for each in policies:
        if each not in found:
            found.append(each)
    return tuple(found)


def _of_documents(
    account: str, documents: Iterable[Document], reasons: Iterable[Exclusion | Problem] = ()
) -> Side:
    found = tuple(documents)
    policies = _once(each.draft.policy for each in found)
    return Side(account, found, tuple(reasons), policies)


def _of_report(report: RunReport) -> Iterator[Side]:
    """Read the drafts of a report, and then the accounts that have nothing but reasons."""
    reasons: dict[str, list[Exclusion | Problem]] = {}
    told: list[Exclusion | Problem] = [*report.exclusions, *report.left_out_time, *report.problems]
    for each in told:
        reasons.setdefault(each.account, []).append(each)
    documents = (Document(each.id, each) for each in report.drafts)
    for account, found in groupby(documents, key=lambda each: each.draft.account.id):
        yield _of_documents(account, found, reasons.pop(account, ()))
    for account, why in reasons.items():
        yield Side(account, (), tuple(why), (report.run.policy,))


def joined(
    before: Iterable[Side], after: Iterable[Side]
) -> Iterator[tuple[Side | None, Side | None]]:
    """Bring both sides of each account together; None stands for a side that has nothing of it.

    Both are read in step. An account waits until the other side has it too, so that nothing waits
    where both sides have the same accounts in one order.
    """
    own: dict[str, Side] = {}
    others: dict[str, Side] = {}
    for one, other in zip_longest(before, after):
        if one is not None and other is not None and one.account == other.account:
            yield one, other
            continue
        if one is not None:
            match = others.pop(one.account, None)
            if match is None and other is not None:
                own[one.account] = one
            else:
                yield one, match
        if other is not None:
            match = own.pop(other.account, None)
            if match is None and one is not None:
                others[other.account] = other
            else:
                yield match, other
    yield from ((side, None) for side in own.values())
    yield from ((None, side) for side in others.values())
