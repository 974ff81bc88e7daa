"""The laws of runs: nothing is billed twice, nothing is lost, a preview is the invoice.

Laws that need a run take a *factory* of stores: a function that gives a new store with the same
content at each call, since committing changes a store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from attrs import evolve

from billingcore.engine import bill
from billingcore.errors import InvariantViolationError
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.lifecycle.opening import is_taken_over
from billingcore.lines.line import LineItem
from billingcore.ports import Source, Store
from billingcore.records.claims import BilledLine, Claim, ClaimState
from billingcore.records.numbering import SkippedNumber
from billingcore.records.snapshot import AccountSnapshot
from billingcore.runs.execute import execute, plan
from billingcore.runs.references import accounts_of
from billingcore.scope.coverage import held_days
from billingcore.scope.run import InvoiceRun
from billingcore.testing.accounting import check_accounting
from billingcore.testing.canonical import canonical
from billingcore.testing.documents import check_document
from billingcore.values.boundary import DateLike
from billingcore.values.context import total
from billingcore.values.period import Period

__all__ = [
    "check_claims",
    "check_corrections",
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
    grown = {draft.id for draft in outcome.drafts if draft.id in snapshot.drafts}
    ids.update(name for name in snapshot.documents if name not in grown)
    _check_once("documents have ids of their own", ids)
    check_accounting(outcome, snapshot)
    made = (claim for draft in outcome.drafts for claim in draft.claims)
    before = (claim for claim in snapshot.claims if claim.document not in grown)
    check_claims((*before, *made, *outcome.decisions))


def check_claims(claims: Iterable[Claim]) -> None:
    """Check that no day of a billable is claimed twice, and nothing that is billed once.

    Raises:
        InvariantViolationError: with the days and the documents.
    """
    once: Counter[str] = Counter()
    lasting: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.state is ClaimState.CARRIED:
            continue
        if claim.period is None:
            once[claim.billable] += -1 if claim.is_release else 1
        else:
            lasting.setdefault(claim.billable, []).append(claim)
    _check_once("what is billed once is claimed once", once)
    for billable, found in lasting.items():
        for start, stop, held in held_days(found):
            if held not in (0, 1):
                days = Period(start, stop)
                documents = [c.document for c in found if c.period and c.period.overlaps(days)]
                law = "no day is claimed twice" if held > 1 else "nothing unclaimed is released"
                raise InvariantViolationError(law, evidence=(billable, str(days), documents))


def check_corrections(lines: Iterable[BilledLine]) -> None:
    """Check that no more is taken back of a line than it billed, and all of it for all its days.

    Takes the lines of invoices, corrections among them, such as the values of a snapshot's
    `lines`; those that take days back as they were billed are compared with the line they name.

    Raises:
        InvariantViolationError: with the line and what was taken back of it.
    """
    known = {(number, line.number): line for number, line in lines}
    credits_of: dict[tuple[str, int], list[LineItem]] = {}
    for line in known.values():
        corrects = line.corrects
        if corrects is not None and corrects.is_credit and corrects.is_as_billed:
            credits_of.setdefault((corrects.document, corrects.number), []).append(line)
    for key, credit in credits_of.items():
        billed = known.get(key)
        if billed is None:
            continue
        taken = total(line.priced.copy_negate() for line in credit)
        days = sum(line.service_period.days for line in credit)
        is_all = days == billed.service_period.days
        is_part = taken.copy_abs() <= billed.priced.copy_abs()
        is_right = taken == billed.priced if is_all else is_part
        if not is_right or days > billed.service_period.days:
            law = "what stays and what is taken back add up to the line"
            raise InvariantViolationError(law, evidence=(key, billed.priced, taken))


def check_numbers(invoices: Iterable[Invoice], skipped: Iterable[SkippedNumber] = ()) -> None:
    """Check that the invoices of a store are numbered without gap and without repetition.

    Those that were taken over have the numbers of another system, and are left out.

    Args:
        invoices: of the store, in the order in which they were finalized.
        skipped: the numbers that no document has.

    Raises:
        InvariantViolationError: with the counter, and the numbers that are missing or too many.
    """
    left_out = tuple(skipped)
    last: dict[str, int] = {}
    for invoice in invoices:
        if is_taken_over(invoice):
            continue
        series = (invoice.seller and invoice.seller.series) or invoice.draft.template.series
        account = invoice.account.id
        counter = series.counter(invoice.date, account)
        count = last.get(counter.name, counter.start) + 1
        while any(series.number(count, each.date, account) == each.number for each in left_out):
            count += 1
        last[counter.name] = count
        wanted = series.number(count, invoice.date, account)
        if invoice.number != wanted:
            law = "numbers follow each other"
            raise InvariantViolationError(law, evidence=(counter.name, invoice.number, wanted))


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
    accounts = [*accounts_of(run, whole)]
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
        shuffled = evolve(snapshot, claims=reversed(snapshot.claims))
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
