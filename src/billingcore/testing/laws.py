"""The laws of runs: nothing is billed twice, nothing is lost, a preview is the invoice.

Laws that need a run take a *factory* of stores: a function that gives a new store with the same
content at each call, since committing changes a store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import pairwise

from billingcore.engine import bill
from billingcore.errors import InvariantViolationError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.ports import Source, Store
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.snapshot import AccountSnapshot
from billingcore.runs.execute import execute, plan
from billingcore.scope.run import InvoiceRun
from billingcore.testing.canonical import canonical
from billingcore.testing.documents import check_document
from billingcore.values.boundary import DateLike
from billingcore.values.keys import escape

__all__ = [
    "check_accounting",
    "check_claims",
    "check_independence",
    "check_numbers",
    "check_outcome",
    "check_preview",
    "check_repetition",
    "check_split",
]

MakeStore = Callable[[], Store]


def check_outcome(outcome: AccountOutcome, snapshot: AccountSnapshot) -> None:
    """Check all that holds for one account: its documents, its inputs and its claims.

    Raises:
        InvariantViolationError: with the evidence.
    """
    for draft in outcome.drafts:
        check_document(draft)
        if draft.account != snapshot.account:
            law = "a document belongs to its account"
            raise InvariantViolationError(law, evidence=(draft.id, draft.account.id))
    ids = Counter(draft.id for draft in outcome.drafts)
    ids.update(snapshot.documents)
    _check_once("documents have ids of their own", ids)
    check_accounting(outcome, snapshot)
    made = (claim for draft in outcome.drafts for claim in draft.claims)
    check_claims((*snapshot.claims, *made, *outcome.decisions))


def check_accounting(outcome: AccountOutcome, snapshot: AccountSnapshot) -> None:
    """Check that every record that entered is billed, excluded or a problem: exactly one of them.

    A record is a position of a subscription, or a subscription without positions.

    Raises:
        InvariantViolationError: with the records that are missing, or listed twice.
    """
    left = Counter(outcome.billed)
    left.update(exclusion.record for exclusion in outcome.exclusions)
    left.update(problem.record for problem in outcome.problems)
    entered = {
        name
        for subscription in snapshot.subscriptions
        for name in [billable for _, billable in subscription.positions]
        or [escape(subscription.id)]
    }
    _check_once("a record is one of billed, excluded, problem", left)
    if left.keys() != entered:
        law = "every record that enters leaves"
        raise InvariantViolationError(law, evidence=sorted(left.keys() ^ entered))
    strangers = [part.record for part in outcome.left_out if part.record not in entered]
    if strangers:
        law = "time is left out of records that entered"
        raise InvariantViolationError(law, evidence=strangers)


def check_claims(claims: Iterable[Claim]) -> None:
    """Check that no day of a billable is claimed twice, and nothing that is billed once.

    Raises:
        InvariantViolationError: with the two claims.
    """
    once: Counter[str] = Counter()
    lasting: dict[str, list[tuple[date, date, str]]] = {}
    for claim in claims:
        if claim.state is ClaimState.CARRIED:
            continue
        if claim.period is None:
            once[claim.billable] += 1
        else:
            days = (*claim.period.bounds, claim.document)
            lasting.setdefault(claim.billable, []).append(days)
    _check_once("what is billed once is claimed once", once)
    for billable, found in lasting.items():
        for one, other in pairwise(sorted(found)):
            if other[0] < one[1]:
                law = "no day is claimed twice"
                raise InvariantViolationError(law, evidence=(billable, one, other))


def check_numbers(invoices: Iterable[Invoice]) -> None:
    """Check that the invoices of a store are numbered without gap and without repetition.

    Raises:
        InvariantViolationError: with the counter, and the numbers that are missing or too many.
    """
    by_counter: dict[tuple[str, int], list[Invoice]] = {}
    for invoice in invoices:
        series = (invoice.seller and invoice.seller.series) or invoice.draft.template.series
        counter = series.counter(invoice.date, invoice.account.id)
        by_counter.setdefault((counter.name, counter.start), []).append(invoice)
    for (name, start), found in by_counter.items():
        for count, invoice in enumerate(found, start + 1):
            series = (invoice.seller and invoice.seller.series) or invoice.draft.template.series
            wanted = series.number(count, invoice.date, invoice.account.id)
            if invoice.number != wanted:
                law = "numbers follow each other"
                raise InvariantViolationError(law, evidence=(name, invoice.number, wanted))


def check_preview(run: InvoiceRun, make_store: MakeStore) -> None:
    """Check that what `plan` yields is what `execute` commits, and that planning changes nothing.

    Raises:
        InvariantViolationError: with the ids of the drafts that differ.
    """
    store = make_store()
    before = _drafts(store)
    planned = [draft for outcome in plan(run, store) for draft in outcome.drafts]
    if _drafts(store) != before:
        raise InvariantViolationError("planning changes nothing", evidence=run.id)
    wanted = before | {draft.id: canonical(draft) for draft in planned}
    execute(run, store)
    _check_same("the preview is what is committed", _drafts(store), wanted)


def check_repetition(run: InvoiceRun, make_store: MakeStore) -> None:
    """Check that a run repeated, after any prefix of its commits, adds and loses nothing.

    For all policies but those that bill one period a run and let drafts, or skipped documents,
    advance: with these the next period is what a repetition is for.

    Raises:
        InvariantViolationError: with the ids of the drafts that differ.
    """
    whole = make_store()
    execute(run, whole)
    wanted = _drafts(whole)
    accounts = [*whole.accounts()]
    execute(run, whole)
    _check_same("a repeated run adds nothing", _drafts(whole), wanted)
    for count in range(len(accounts)):
        broken = make_store()
        for outcome in plan(run, broken, window=1):
            if outcome.account in accounts[:count]:
                broken.commit([outcome])
        execute(run, broken)
        _check_same("a broken run is completed by the next", _drafts(broken), wanted)


def check_independence(run: InvoiceRun, source: Source) -> None:
    """Check that neither the order of accounts and claims nor the size of windows matters.

    Raises:
        InvariantViolationError: with the accounts whose outcomes differ.
    """
    wanted = {each.account: canonical(each) for each in plan(run, source)}
    for window in (1, 3):
        found = {each.account: canonical(each) for each in plan(run, source, window=window)}
        _check_same("windows change nothing", found, wanted)
    for account in reversed([*wanted]):
        snapshot = source.snapshot(account)
        shuffled = AccountSnapshot(
            snapshot.account,
            snapshot.subscriptions,
            claims=reversed(snapshot.claims),
            documents=snapshot.documents,
            setup=snapshot.setup,
            revision=snapshot.revision,
        )
        found = {account: canonical(bill(run, shuffled, source.tax))}
        _check_same("order changes nothing", found, {account: wanted[account]})


def check_split(run: InvoiceRun, make_store: MakeStore, borders: Sequence[DateLike]) -> None:
    """Check that a run cut into several bills the same: for items with a cadence, under `LEVEL`.

    Args:
        run: the whole run; its policy bills every due period from the item on.
        make_store: gives equal stores with items that have a cadence.
        borders: first days of the later runs.

    Raises:
        InvariantViolationError: with the lines that only one of the two has.
    """
    whole, cut = make_store(), make_store()
    execute(run, whole)
    for period in run.period.split(borders):
        execute(
            InvoiceRun(
                period,
                selection=run.selection,
                invoice_date=run.invoice_date,
                policy=run.policy,
                may_bill=run.may_bill,
            ),
            cut,
        )
    _check_same("a run cut into several bills the same", _lines(cut), _lines(whole))


def _drafts(store: Store) -> dict[str, str]:
    return {draft.id: canonical(draft) for draft in store.drafts()}


def _lines(store: Store) -> dict[str, str]:
    drafts: Iterable[DraftInvoice] = store.drafts()
    return {
        f"{line.billing_key}/{line.service_period}": f"{line.amount} {line.discount} {line.factor}"
        for draft in drafts
        for line in draft.visible_lines
    }


def _check_once(law: str, counts: Counter[str]) -> None:
    repeated = sorted(name for name, count in counts.items() if count > 1)
    if repeated:
        raise InvariantViolationError(law, evidence=repeated)


def _check_same(law: str, found: dict[str, str], wanted: dict[str, str]) -> None:
    if found != wanted:
        differing = [
            (name, found.get(name), wanted.get(name))
            for name in sorted(found.keys() | wanted.keys())
            if found.get(name) != wanted.get(name)
        ]
        raise InvariantViolationError(law, evidence=differing)
