"""What of the library's promises holds over stores that fail on purpose."""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from itertools import count

import pytest

import billingcore as bc
from billingcore.testing import content_of, faults

JANUARY = bc.InvoiceRun(bc.Period.month(2026, 1), policy=bc.LEVEL)
MONTHLY = {"billing_type": bc.RECURRING_PRORATED, "cadence": bc.monthly()}
ITEMS = [
    bc.Item("seats", unit_price="9.99", quantity=3, tax_code="DE_19", **MONTHLY),
    bc.Item("setup", unit_price=50),
]
BEFORE_AND_AFTER = pytest.mark.parametrize("when", ["before", "after"])


def make():
    """Give a store with two accounts, each with a contract."""
    store = bc.MemoryStore(tax=bc.TaxTable({"DE_19": 19}))
    for name in ("acme", "borg"):
        store.add(bc.Account(name, currency="EUR"))
        store.add(bc.Subscription(f"S-{name}", account=name, start="2026-01-10", items=ITEMS))
    return store


def billed(store):
    """Bill, and finalize what was made; it can be repeated."""
    bc.execute(JANUARY, store, owner="job")
    bc.finalize_all(store.drafts(), store, on="2026-01-31")


@pytest.fixture(scope="module")
def calls():
    """Give the names of all calls of a run with its finalization."""
    store = faults.Counting(make())
    billed(store)
    return store.calls


@pytest.fixture(scope="module")
def wanted():
    """Give what a store holds after a run that nothing disturbed."""
    store = make()
    billed(store)
    return content_of(store)


def without_gaps(store):
    """Give the numbers of all invoices."""
    return sorted(each.number for each in store.invoices())


@BEFORE_AND_AFTER
def test_a_run_repeated_after_any_crash_ends_as_one_without(calls, wanted, when):
    """Wherever a process dies, the next one bills the rest, once, and numbers have no gap."""
    for place in range(1, len(calls) + 1):
        store = make()
        with pytest.raises(faults.Crash, match=f"at call {place}, {calls[place - 1]}"):
            billed(faults.Crashing(store, at=place, when=when))
        billed(store)

        assert content_of(store).keys() == wanted.keys(), place
        assert without_gaps(store) == ["2026-00001", "2026-00002"], place


@BEFORE_AND_AFTER
def test_drafts_after_any_crash_are_those_of_one_run(when):
    """A run that is repeated after any crash leaves the same drafts, byte for byte."""
    whole = make()
    counted = faults.Counting(whole)
    bc.execute(JANUARY, counted, owner="job")
    wanted = content_of(whole)
    for place in range(1, len(counted.calls) + 1):
        store = make()
        with pytest.raises(faults.Crash):
            bc.execute(JANUARY, faults.Crashing(store, at=place, when=when), owner="job")
        bc.execute(JANUARY, store, owner="job")

        assert content_of(store) == wanted, place


def test_a_crash_beyond_the_last_call_never_comes(calls, wanted):
    """A process that is to die at a call that is never made ends well."""
    store = make()
    billed(faults.Crashing(store, at=len(calls) + 1))

    assert content_of(store) == wanted


@BEFORE_AND_AFTER
def test_a_run_repeated_after_any_failure_ends_as_one_without(calls, wanted, when):
    """Whatever call fails, and whether or not it got through, a repetition completes the run."""
    for place in range(1, len(calls) + 1):
        store = make()
        with suppress(bc.PortError):
            billed(faults.Flaky(store, fail_at=place, when=when))
        billed(store)

        assert content_of(store).keys() == wanted.keys(), place
        assert without_gaps(store) == ["2026-00001", "2026-00002"], place


def test_several_calls_may_fail():
    """A line can break more than once; each break says at which call, and can be retried."""
    store = faults.Flaky(make(), fail_at={1, 3})
    told = []
    for _ in range(3):
        try:
            store.runs()
        except bc.PortError as error:
            told.append((str(error), error.is_retryable))

    assert told == [
        ("Store: the connection was lost (asked: call 1, runs)", True),
        ("Store: the connection was lost (asked: call 3, runs)", True),
    ]


@pytest.mark.parametrize("answer", ["first", "last"])
def test_what_is_delivered_twice_bills_nothing_twice(wanted, answer):
    """Commits, drafts and notes that arrive twice leave what once would have left."""
    store = make()
    with suppress(bc.ConflictError):  # the last note comes after the end
        bc.execute(JANUARY, faults.Duplicating(store, answer=answer), owner="job")
    billed(store)

    assert content_of(store) == wanted


def test_a_draft_put_twice_is_stored_once():
    """Who hears the first answer has stored the draft; who hears the second is told of a conflict."""
    store = make()
    draft = bc.draft(bc.Account("acme", currency="EUR"), ITEMS[1:], period=JANUARY.period)
    kept = faults.Duplicating(store).put(draft)
    with pytest.raises(bc.ConflictError):
        faults.Duplicating(store, answer="last").put(kept)

    assert [each.version for each in store.drafts()] == [2]


def test_another_order_gives_equal_drafts():
    """Accounts, claims and outcomes in another order change no byte of any draft."""
    one, other = make(), make()
    for month in (1, 2):
        run = bc.InvoiceRun(bc.Period.month(2026, month), policy=bc.LEVEL)
        bc.execute(run, one)
        bc.execute(run, faults.Reordering(other, order=reversed))

    assert content_of(one) == {**content_of(other)}


def test_who_is_slow_is_waited_for():
    """Each call waits first, and is told which one it is."""
    waits = []
    store = faults.Slow(make(), wait=waits.append)
    bc.execute(JANUARY, store)

    assert waits == store.calls


def test_two_runs_at_once_double_nothing(calls, wanted):
    """Wherever another process bills the same accounts in between, all is billed once."""

    def rival(store) -> None:
        for name in ("borg", "acme"):
            store.commit([bc.bill(JANUARY, store.snapshot(name), store.tax)])

    for place in range(1, len(calls) + 2):
        store = make()
        faults.interleaved(store, billed, rival, at=place)
        billed(store)

        assert content_of(store).keys() == wanted.keys(), place
        bc_claims = [store.snapshot(name).claims for name in ("acme", "borg")]
        assert [len(each) for each in bc_claims] == [2, 2], place


def test_others_act_one_after_another():
    """One of the others acts before each call from the given one on; the rest at the end."""
    told = []
    acts = [lambda _, name=name: told.append(name) for name in "abc"]

    def writer(store) -> str:
        store.runs()
        told.append(1)
        store.runs()
        return "done"

    assert faults.interleaved(make(), writer, *acts, at=2) == "done"
    assert told == [1, "a", "b", "c"]


def test_every_call_is_handed_on():
    """All that a store can do, it can do behind a wrapper, and what a host does besides."""
    inner = make()
    store = faults.Counting(inner)
    numbers = count(1)
    store.add(bc.Account("nova", currency="EUR"))
    bc.execute(JANUARY, store)
    draft = store.put(next(store.drafts("2026-01-01..2026-01-31")))
    assert store.draft(draft.id) == draft
    store.discard(draft.id)
    invoice = bc.finalize(next(store.drafts()), store, on="2026-01-31")
    bc.pay(store, bc.Payment("P-1", account="borg", amount=1, currency="EUR", date="2026-02-01"))
    bc.skip_number(bc.NumberPattern("X{0}"), store, on="2026-02-01", reason=f"{next(numbers)}")

    assert store.books("borg").invoices == {invoice.number: invoice}
    assert list(store.failures(JANUARY.id)) == list(store.unresolved()) == []
    assert {*store.calls} == {
        "draft", "references", "snapshot", "unresolved", "commit", "drafts", "put", "discard", "finalize",
        "books", "record", "skip", "begin", "note", "runs", "failures",
    }  # fmt: skip
    assert store.invoice(invoice.number) == invoice
    with pytest.raises(bc.InvalidInputError):
        store.draft(draft.id)
    assert copy(store).calls == store.calls
