"""The laws of runs as functions: each finds what breaks it, and lets right results pass."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.testing import (
    check_accounting,
    check_claims,
    check_independence,
    check_numbers,
    check_outcome,
    check_preview,
    check_repetition,
    check_split,
)
from billingcore.values.sealing import changed
from tests.unit.engine.records import (
    ACME,
    bill,
    contract,
    finalize_all,
    monthly,
    run_of,
    store_of,
)


def broken_outcome(**changes):
    """Make an outcome of three records, and change it."""
    store = store_of(
        contract(monthly("a"), monthly("off", active=False), monthly("x", tax_code="?"))
    )
    return changed(bill(store), **changes), store.snapshot("acme")


@pytest.mark.parametrize(
    ("changes", "law"),
    [
        ({"drafts": ()}, "every record that enters leaves"),
        ({"exclusions": ()}, "every record that enters leaves"),
        ({"problems": ()}, "every record that enters leaves"),
        ({"exclusions": (bc.Exclusion("acme", "S-1/b", bc.Reason.NOT_DUE),)}, "leaves"),
        ({"exclusions": (bc.Exclusion("acme", "S-1/a", bc.Reason.NOT_DUE),)}, "one of billed"),
        ({"left_out": (bc.Exclusion("acme", "S-9/z", bc.Reason.NOT_DUE),)}, "that entered"),
    ],
    ids=["lost", "silent", "swallowed", "invented", "twice", "time of nobody"],
)
def test_a_lost_record_is_found(changes, law):
    """A record that leaves nowhere, twice, or never entered is named."""
    with pytest.raises(bc.InvariantViolationError, match=law):
        check_accounting(*broken_outcome(**changes))
    check_accounting(*broken_outcome())


def test_a_foreign_document_is_found():
    """A document of another account, or with the id of another document, is named."""
    outcome, snapshot = broken_outcome()
    (draft,) = outcome.drafts
    foreign = changed(draft, account=bc.Account("zeta", currency="EUR"))
    known = bc.AccountSnapshot(ACME, snapshot.subscriptions, documents=[draft.id])

    with pytest.raises(bc.InvariantViolationError, match="belongs to its account"):
        check_outcome(broken_outcome(drafts=(foreign,))[0], snapshot)
    with pytest.raises(bc.InvariantViolationError, match="ids of their own"):
        check_outcome(outcome, known)
    check_outcome(outcome, snapshot)


def claim(days, state=bc.ClaimState.FINAL, billable="S-1/a"):
    """Make a claim on days, or once."""
    return bc.Claim(billable, days, "1", state)


def test_double_claims_are_found():
    """A day, or a one-time item, that is claimed twice is named; neighbors are fine."""
    january, end = bc.Period("2026-01-01", "2026-02-01"), bc.Period("2026-01-31", "2026-03-01")

    for twice in ([claim(january), claim(end)], [claim(None), claim(None)]):
        with pytest.raises(bc.InvariantViolationError, match="claimed"):
            check_claims(twice)
    check_claims([claim(january), claim(bc.Period("2026-02-01", "2026-03-01")), claim(None)])
    check_claims([claim(january), claim(january, bc.ClaimState.CARRIED)])
    check_claims([claim(january), claim(january, billable="S-1/b")])


def test_a_gap_in_the_numbers_is_found():
    """Of three invoices the middle one cannot be missing."""
    store = store_of(*(contract(monthly(), id=f"S-{n}") for n in range(3)))
    bc.execute(run_of(), store)
    finalize_all(store)
    invoices = list(store.invoices())

    check_numbers(invoices)
    with pytest.raises(bc.InvariantViolationError, match="numbers follow each other") as caught:
        check_numbers([invoices[0], invoices[2]])
    assert caught.value.evidence[1:] == ("2026-00003", "2026-00002")


def test_a_skipped_number_is_no_gap():
    """Of three numbers the middle one can be skipped, and is missed if that is not said."""
    store = store_of(*(contract(monthly(), id=f"S-{n}") for n in range(2)))
    bc.execute(run_of(), store)
    first, second = store.drafts()
    day = "2026-02-01"
    bc.finalize(first, store, on=day)
    bc.skip_number(first.template.series, store, on="2026-01-31", reason="spoiled form")
    bc.finalize(second, store, on=day)

    check_numbers(store.invoices(), store.skipped())
    with pytest.raises(bc.InvariantViolationError, match="numbers follow each other"):
        check_numbers(store.invoices())


def healthy():
    """Make a store of three accounts."""
    store = bc.MemoryStore()
    for name in "abc":
        store.add(bc.Account(name, currency="EUR"))
        store.add(contract(monthly(), id=f"S-{name}", account=name))
    return store


class Writes(bc.MemoryStore):
    """A store that bills when it is only asked."""

    def snapshot(self, account):
        snapshot = super().snapshot(account)
        if not list(self.drafts()):
            self.commit([bc.bill(run_of(), snapshot, self.tax)])
        return snapshot


class Forgets(bc.MemoryStore):
    """A store that keeps no claims."""

    def snapshot(self, account):
        known = super().snapshot(account)
        return bc.AccountSnapshot(known.account, known.subscriptions, revision=known.revision)

    def commit(self, outcomes):
        for outcome in outcomes:
            for draft in outcome.drafts:
                kept = self._drafts.get(draft.id)
                version = 1 if kept is None else kept.version + 1
                self._drafts[draft.id] = changed(draft, version=version)
        return []


class Loses(bc.MemoryStore):
    """A store whose commit keeps only what comes alone."""

    def commit(self, outcomes):
        return super().commit(outcomes if len(outcomes) == 1 else [])


class Moody(bc.MemoryStore):
    """A store that tells something else each time."""

    asked = 0

    def snapshot(self, account):
        self.asked += 1
        self.change(contract(monthly(price=self.asked), id=f"S-{account}", account=account))
        return super().snapshot(account)


def like_healthy(kind):
    """Make a factory of broken stores with the same content."""

    def make():
        store = kind()
        for name in "abc":
            store.add(bc.Account(name, currency="EUR"))
            store.add(contract(monthly(), id=f"S-{name}", account=name))
        return store

    return make


def test_a_plan_that_writes_is_found():
    """A source that changes while it is planned from breaks the preview."""
    with pytest.raises(bc.InvariantViolationError, match="planning changes nothing"):
        check_preview(run_of(), like_healthy(Writes))
    check_preview(run_of(), healthy)


def test_a_preview_that_is_not_kept_is_found():
    """A store that does not keep what was planned breaks the preview."""
    with pytest.raises(bc.InvariantViolationError, match="the preview is what is committed"):
        check_preview(run_of(), like_healthy(Loses))


def test_a_run_that_is_not_repeatable_is_found():
    """A store that forgets what is covered, or loses a part, breaks repetition."""
    with pytest.raises(bc.InvariantViolationError, match="adds nothing"):
        check_repetition(run_of(), like_healthy(Forgets))
    with pytest.raises(bc.InvariantViolationError, match="completed by the next"):
        check_repetition(run_of(), like_healthy(OnlyFirst))
    check_repetition(run_of(), healthy)


class OnlyFirst(bc.MemoryStore):
    """A store that stops keeping anything after a commit of one account alone."""

    is_stuck = False

    def commit(self, outcomes):
        if self.is_stuck:
            return []
        self.is_stuck = len(outcomes) == 1
        return super().commit(outcomes)


def test_a_result_that_depends_on_the_moment_is_found():
    """A source that answers differently each time breaks independence."""
    with pytest.raises(bc.InvariantViolationError, match="windows change nothing"):
        check_independence(run_of(), like_healthy(Moody)())
    check_independence(run_of(), healthy())


def test_a_result_that_depends_on_order_is_found():
    """A tax engine that remembers what it was asked before breaks independence."""

    class Remembers:
        def __init__(self):
            self.calls = 0

        def taxes(self, questions, purpose):
            self.calls += 1
            rate = 7 if self.calls > 3 else 19
            return [(bc.TaxSlice(each.days, bc.Tax("x", rate=rate)),) for each in questions]

    store = store_of(contract(monthly(tax_code="x")), tax=Remembers())
    with pytest.raises(bc.InvariantViolationError, match="order changes nothing"):
        check_independence(run_of(), store)


def test_a_run_that_cannot_be_cut_is_found():
    """Under `DOCUMENTED` three monthly runs without finalizing are not a quarter's run."""
    quarter = bc.Period.quarter(2026, 1)
    borders = ["2026-02-01", "2026-03-01"]

    with pytest.raises(bc.InvariantViolationError, match="cut into several") as caught:
        check_split(
            bc.InvoiceRun(quarter, policy=bc.LEVEL.but(open_drafts=bc.OpenDrafts.BLOCK)),
            lambda: store_of(contract(monthly())),
            borders,
        )
    assert [row[0] for row in caught.value.evidence] == [
        "S-1/seats@2026-02-01/2026-02-01/2026-03-01",
        "S-1/seats@2026-03-01/2026-03-01/2026-04-01",
    ]
    check_split(
        bc.InvoiceRun(quarter, policy=bc.LEVEL), lambda: store_of(contract(monthly())), borders
    )
