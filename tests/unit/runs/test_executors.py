"""A run on executors: what is made is the same, and what goes wrong is told."""

from __future__ import annotations

import decimal
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from multiprocessing import get_context
from threading import Barrier, Event, Lock

import pytest

import billingcore as bc
from billingcore.testing import canonical
from tests.served import ServedStore
from tests.unit.engine.records import VAT, contract, monthly, once, run_of

LARGE = "a07"
"""The account with more references than a chunk may have."""


class Skewed(bc.MemoryStore):
    """A store that refers to 2,000 records of one account."""

    def references(self, criteria):
        """Yield its references."""
        for reference in super().references(criteria):
            is_large = reference.account == LARGE and reference.record.endswith("setup")
            yield from [reference] * (2_000 if is_large else 1)


def store_with(count=24, kind=bc.MemoryStore):
    """Make a store of accounts of all kinds: billed, inactive, wrong, and in three currencies."""
    store = kind(tax=VAT)
    for number in range(count):
        name = f"a{number:02}"
        currency = ("EUR", "CHF", "USD")[number % 3]
        tax_code = ("19", "7", None, "unknown")[number % 4]
        items = [monthly(tax_code=tax_code), once(price="33.333", tax_code="free")]
        store.add(bc.Account(name, currency=currency, active=number % 5 != 0))
        store.add(contract(*items, id=f"S{number}", account=name))
        store.add(contract(monthly(active=False), id=f"T{number}", account=name))
    return store


def written(report, store):
    """Write down all that a run made, so that one byte makes a difference."""
    texts = [canonical(report), repr(list(report.draft_ids)), str(report), repr(report.records())]
    texts += map(canonical, store.drafts())
    texts += [canonical(store.failures(report.run.id)), canonical(list(store.runs()))]
    return texts


@pytest.fixture(scope="module")
def serial():
    """Write down what a run makes that works on one account after the other."""
    store = store_with()
    texts = written(bc.execute(run_of(), store), store)
    assert "problems" in texts[2]
    return texts


def spoil_context():
    """Make the decimal context of a worker as hostile as a host could."""
    traps = [decimal.Inexact, decimal.Rounded]
    decimal.setcontext(decimal.Context(prec=3, rounding=decimal.ROUND_UP, Emax=9, traps=traps))


@pytest.fixture(scope="module", params=["spawn", "fork"])
def processes(request):
    """Give two worker processes, begun in each of two ways, with a hostile decimal context."""
    context = get_context(request.param)
    with ProcessPoolExecutor(2, mp_context=context, initializer=spoil_context) as executor:
        yield executor


CUTS = pytest.mark.parametrize(
    ("chunk", "ahead"),
    [(1, 1), (1, 2), (3, 1), (3, 2), (512, 1), (512, 2)],
    ids=lambda count: f"{count}",
)
FORKS = pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")


@CUTS
def test_threads_make_what_a_serial_run_makes(serial, chunk, ahead):
    """Report, records, failures and drafts are byte-equal, in any context of the workers."""
    store = store_with()
    with ThreadPoolExecutor(3, initializer=spoil_context) as executor:
        report = bc.execute(run_of(), store, executor=executor, chunk=chunk, ahead=ahead)

    assert written(report, store) == serial


@FORKS
@CUTS
def test_processes_make_what_a_serial_run_makes(serial, processes, chunk, ahead):
    """Report, records, failures and drafts are byte-equal, in any context of the workers."""
    store = ServedStore(store_with())
    report = bc.execute(run_of(), store, executor=processes, chunk=chunk, ahead=ahead)

    assert written(report, store) == serial


class TestAWindowOfWork:
    """So many chunks are under way at most, and references are read as they are needed."""

    class Watched(bc.MemoryStore):
        """A store that counts the references that are read of the last pass over them."""

        read = 0

        def references(self, criteria):
            """Yield them, counted."""
            type(self).read = 0
            for reference in super().references(criteria):
                type(self).read += 1
                yield reference

    class Counting(ThreadPoolExecutor):
        """Counts the pieces of work that were handed out."""

        submitted = 0

        def submit(self, *arguments, **named):
            """Count one, and hand it out."""
            self.submitted += 1
            return super().submit(*arguments, **named)

    @pytest.mark.parametrize("ahead", [1, 2, 5], ids=lambda count: f"{count} ahead")
    @pytest.mark.parametrize("chunk", [1, 3], ids=lambda count: f"chunks of {count}")
    def test_is_bounded(self, chunk, ahead):
        """When a chunk is taken back, no more than *ahead* others were handed out or read."""
        store = self.Watched()
        for number in range(40):
            store.add(bc.Account(f"a{number:02}", currency="EUR"))
            store.add(contract(monthly(), id=f"S{number}", account=f"a{number:02}"))
        with self.Counting(2) as executor:
            execution = bc.Execution(run_of(), store, executor=executor, chunk=chunk, ahead=ahead)
            for place, _ in enumerate(execution):
                taken = place // chunk + 1
                assert executor.submitted <= taken - 1 + ahead
                assert store.read <= (taken - 1 + ahead) * chunk + 1

        assert executor.submitted == -(-40 // chunk)
        assert execution.report.accounts == 40

    def test_an_account_with_very_many_references_is_a_chunk_of_its_own(self):
        """One with 2,000 references stands alone, though its neighbors come in threes."""
        chunks = []

        class Listing(ThreadPoolExecutor):
            def submit(self, work, run, store, accounts, *others):
                chunks.append(accounts)
                return super().submit(work, run, store, accounts, *others)

        alone, store = store_with(kind=Skewed), store_with(kind=Skewed)
        wanted = written(bc.execute(run_of(), alone), alone)
        with Listing(2) as executor:
            report = bc.execute(run_of(), store, executor=executor, chunk=3)

        assert report.record.candidates > 2_000
        assert written(report, store) == wanted
        assert chunks[1:5] == [
            ("a03", "a04", "a05"),
            ("a06",),
            (LARGE,),
            ("a08", "a09", "a10"),
        ]
        assert [*chain.from_iterable(chunks)] == [f"a{number:02}" for number in range(24)]


class Untold(Executor):
    """Executes in threads, lets all be canceled, and never says what runs, as Dask does."""

    def __init__(self, threads):
        self.threads = threads

    def submit(self, *arguments, **named):
        """Hand out a piece of work."""
        told = Future()
        inner = self.threads.submit(*arguments, **named)
        inner.add_done_callback(lambda done: told.cancelled() or told.set_result(done.result()))
        return told


@pytest.mark.parametrize("is_told", [True, False], ids=["told what runs", "not told"])
def test_leaving_the_loop_stops_the_run(is_told):
    """What was begun is waited for, the record is STOPPED, and a resumed run bills the rest."""
    gate, lock, late = Event(), Lock(), []

    class Slow(bc.MemoryStore):
        def commit(self, outcomes):
            if outcomes[0].account != "a00":
                gate.wait(10)
            with lock:
                late.append(execution.report.status)
            return super().commit(outcomes)

    store = Slow()
    for number in range(12):
        store.add(bc.Account(f"a{number:02}", currency="EUR"))
        store.add(contract(monthly(), id=f"S{number}", account=f"a{number:02}"))
    with ThreadPoolExecutor(2) as threads:
        executor = threads if is_told else Untold(threads)
        served = ServedStore(store)
        execution = bc.Execution(run_of(), served, executor=executor, chunk=1, ahead=6)
        loop = iter(execution)
        assert next(loop).account == "a00"
        gate.set()
        loop.close()
        committed = len(late)

    assert execution.report.status is bc.RunStatus.STOPPED
    assert list(store.runs()) == [execution.report.record]
    assert set(late) == {bc.RunStatus.STARTED}
    assert len(late) == committed < 12
    bc.resume(execution.run, store)
    assert len(list(store.drafts())) == 12


def test_a_partition_that_two_workers_bill_at_once_is_billed_once():
    """Both read it before either commits: each account is billed by one of them, and by one only."""
    both = Barrier(2)

    class Meeting(bc.MemoryStore):
        seen = 0

        def commit(self, outcomes):
            if self.seen < 2:
                self.seen += 1
                both.wait(10)
            return super().commit(outcomes)

    alone, store = store_with(), store_with(kind=Meeting)
    wanted = bc.execute(run_of(), alone)
    names = [f"a{number:02}" for number in range(24)]
    with ThreadPoolExecutor(2) as threads:
        begun = [threads.submit(bc.bill_accounts, run_of(), store, names) for _ in range(2)]
        one, other = (each.result().tally for each in begun)

    assert sorted([*one.draft_ids, *other.draft_ids]) == sorted(wanted.draft_ids)
    assert [*map(canonical, store.drafts())] == [*map(canonical, alone.drafts())]


class TestAWorkerThatFails:
    """The run is FAILED and says why; what was committed stays, and the rest is resumed."""

    @pytest.fixture
    def drafts(self):
        """Write down the drafts of a run that nothing disturbs."""
        store = store_with()
        bc.execute(run_of(), store)
        return [*map(canonical, store.drafts())]

    def check_resumed(self, store, drafts, executor):
        """Resume the run, and compare what is there then."""
        (failed,) = store.runs()
        assert (failed.status, failed.stage) == (bc.RunStatus.FAILED, bc.RunStage.FAILED)
        report = bc.resume(failed.id, store, executor=executor, chunk=2)

        assert report.stage is bc.RunStage.COMPLETED
        assert [*map(canonical, store.drafts())] == drafts

    @FORKS
    def test_by_an_error(self, processes, drafts):
        """A commit that raises what no store may raise ends the run, and is told."""
        store = ServedStore(store_with())
        store.broken.add("a09")
        with pytest.raises(OSError, match="the disk is full"):
            bc.execute(run_of(), store, executor=processes, chunk=2, ahead=2)

        assert [each.error for each in store.runs()] == ["OSError: the disk is full"]
        self.check_resumed(store, drafts, processes)

    @FORKS
    @pytest.mark.parametrize("start", ["spawn", "fork"])
    def test_by_its_death(self, start, drafts):
        """A worker process that is killed ends the run; new workers resume it."""
        store = ServedStore(store_with())
        store.deadly.add("a09")
        context = get_context(start)
        with (
            ProcessPoolExecutor(2, mp_context=context) as executor,
            pytest.raises(BrokenProcessPool) as raised,
        ):
            bc.execute(run_of(), store, executor=executor, chunk=2, ahead=2)

        (failed,) = store.runs()
        assert failed.error == f"BrokenProcessPool: {raised.value}"
        with ThreadPoolExecutor(2) as threads:
            self.check_resumed(store, drafts, threads)


def half(record):
    """Give half of an amount, as a formula of a mapping might."""
    return record["Amount"] / 2


def orders_of(formula):
    """Make a run of orders whose price is a formula."""
    fields = bc.FieldSet(formulas={"unit_price": formula})
    orders = bc.Filter("Orders", use_case=bc.UseCase.GENERIC, target="Order", fields=fields)
    return run_of(selection=bc.Selection([orders]))


class TestWhatCannotTravel:
    """It is refused before anything begins, with what to do."""

    @pytest.mark.parametrize(
        ("run", "field", "fix"),
        [
            (run_of(may_bill=lambda question: True), "may_bill", "not a lambda"),
            (orders_of(lambda record: 1), "filter Orders", "not lambdas"),
            (run_of(), "store", "opens its database anew"),
        ],
        ids=["a condition", "a formula", "a store in memory"],
    )
    def test_is_refused(self, run, field, fix):
        """The error names what it is and how to mend it; neither record nor worker is there."""
        store = store_with()
        served = store if field == "store" else ServedStore(store)
        with ProcessPoolExecutor(1) as executor, pytest.raises(bc.InvalidInputError) as refused:
            bc.execute(run, served, executor=executor)

        assert refused.value.field == field
        assert "cannot travel to another process" in str(refused.value)
        assert fix in str(refused.value)
        assert not executor._processes
        assert list(store.runs()) == list(store.drafts()) == []

    def test_travels_if_it_can_be_imported(self):
        """A run of functions that have names is handed to processes."""
        store = ServedStore(store_with(2))
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
            report = bc.execute(orders_of(half), store, executor=executor)

        assert report.stage is bc.RunStage.COMPLETED

    def test_threads_share_it(self):
        """Threads take lambdas and a store in memory."""
        store = store_with(4)
        with ThreadPoolExecutor(2) as executor:
            report = bc.execute(
                run_of(may_bill=lambda question: True), store, executor=executor, chunk=1
            )

        assert len(report.drafts) == len(list(store.drafts())) > 0
