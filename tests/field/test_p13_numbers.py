"""P13: numbers with gaps, and locks that everybody waits for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

import billingcore as bc
from billingcore.testing import check_numbers
from billingcore.testing.faults import Crash, Crashing
from tests.field.corpus import Pain, case
from tests.field.desk import seats
from tests.unit.engine.records import accounts, contract, finalize_all, monthly, run_of, store_of

PAIN = Pain(
    "P13",
    "Numbering: gaps, and locks that stop everybody",
    elsewhere="A number is taken when a draft is made or an invoice is looked at. "
    "Drafts that go leave gaps; a lock on the last number makes all others wait, or fail.",
    here="A draft has no number. "
    "An invoice takes it in the same step of the store in which it is kept, after all is computed, "
    "many of them at once if you like. "
    "What fails uses up none; a number that is left out on purpose is recorded.",
)


@case(
    "odoo/odoo#11859",
    "frappe/erpnext#8765",
    "libracore/erpnextswiss#82",
    gave="10306, 10309, 10311: numbers were skipped when drafts were removed or failed.",
    right="Four drafts; one is discarded, one was edited meanwhile and is refused. "
    "The other two are 1 and 2; the refused one, tried again, is 3.",
    own_numbers=True,
    prints="""
    2026-00001 A-1
    refused: A-2
    2026-00002 A-3
    2026-00003 A-2
    """,
)
def test_drafts_that_go_leave_gaps():
    """Drafts that are removed or fail take numbers with them."""
    store = bc.MemoryStore()
    for name in ("A-0", "A-1", "A-2", "A-3"):
        store.add(bc.Account(name, currency="EUR"))
        store.add(bc.Subscription(f"S-{name}", account=name, start="2026-01-01", items=[seats(10)]))
    january = bc.InvoiceRun(bc.Period.month(2026, 1))
    first, *others = bc.execute(january, store).drafts
    store.discard(first.id)
    store.put(bc.edit.discount_order(others[1], bc.Discount.percent(10)))

    for draft in (*others, store.draft(others[1].id)):
        try:
            made = bc.finalize(draft, store, on="2026-01-31")
        except bc.ConflictError:
            print("refused:", draft.account.id)
        else:
            print(made.number, draft.account.id)


@case(
    "odoo/odoo#91873",
    "OCA/server-tools#2040",
    "OCA/l10n-spain#2246",
    "getlago/lago-api#5184",
    "getlago/lago-api#5804",
    gave="Concurrency errors, and transactions that were tried again and again.",
    right="Eight threads finalize forty drafts: the numbers 1 to 40, each once, and no error.",
    own_numbers=True,
    prints="""
    2026-00001 to 2026-00040, 40 of them
    """,
)
def test_numbers_under_contention():
    """Many that finalize at the same time wait for each other, or fail."""
    store = bc.MemoryStore()
    for name in (f"A-{number:02}" for number in range(40)):
        store.add(bc.Account(name, currency="EUR"))
        store.add(bc.Subscription(f"S-{name}", account=name, start="2026-01-01", items=[seats(10)]))
    drafts = bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1)), store).drafts

    with ThreadPoolExecutor(8) as pool:
        made = pool.map(lambda draft: bc.finalize(draft, store, on="2026-01-31"), drafts)
        numbers = sorted({each.number for each in made})
    print(numbers[0], "to", numbers[-1] + ",", len(numbers), "of them")


@case(
    "odoo/odoo#11859",
    "OCA/l10n-spain#2246",
    gave="Gaps after a crash.",
    own_numbers=True,
)
class TestNumbersAfterACrash:
    """A process that dies while it numbers leaves a gap, or a number without an invoice."""

    @pytest.mark.parametrize("when", ["before", "after"])
    @pytest.mark.parametrize("at", range(1, 9))
    def test_a_crash_at_each_call(self, at, when):
        """Wherever it dies, before or after a call of the store, the rest goes on without a gap."""
        store = accounts(*"abcdef")
        drafts = list(bc.execute(run_of(), store).drafts)
        dying = Crashing(store, at=at, when=when)
        with suppress(Crash):
            for draft in drafts:
                bc.finalize(draft, dying, on="2026-03-31")
        finalize_all(store)

        assert [each.number for each in store.invoices()] == [f"2026-0000{n}" for n in range(1, 7)]
        check_numbers(store.invoices())


@case(
    "odoo/odoo#91873",
    "odoo/odoo#11859",
    "OCA/l10n-spain#2246",
    "getlago/lago-api#5184",
    gave="Gaps and locks.",
    own_numbers=True,
)
class TestDraftsThatComeAndGo:
    """Drafts that come and go leave gaps."""

    def test_drafts_that_come_and_go_leave_no_gap(self):
        """Drafts discarded, restored and finalized in another order are numbered without gap."""
        contracts = [contract(monthly(), id=f"S-{n}") for n in range(9)]
        store = store_of(*contracts)
        bc.execute(run_of(), store)
        for draft in list(store.drafts())[::2]:
            store.discard(draft.id)
        numbers = finalize_all(store)
        bc.execute(run_of(), store)
        numbers += finalize_all(store)

        assert numbers == [f"2026-0000{n}" for n in range(1, 10)]
        check_numbers(store.invoices())
