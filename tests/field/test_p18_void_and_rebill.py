"""P18: what a void invoice billed is not billed again by itself."""

from __future__ import annotations

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import invoice, seats, show, store_of
from tests.unit.engine.changing import APRIL, books, by_days, decimals, edit, nets, shown
from tests.unit.engine.changing import invoice as invoiced
from tests.unit.engine.records import VAT, contract, finalize_all, monthly, once, run_of
from tests.unit.engine.records import store_of as stored

PAIN = Pain(
    "P18",
    "Void, then bill again, is work by hand",
    elsewhere="Records stay linked to an invoice that was canceled, until somebody clears the links. "
    "One-time items were switched off, and only the latest run can be repeated.",
    here="What is billed is read from live documents. "
    "A cancellation frees what its invoice covered, and any run bills it again, "
    "on a document of its own. "
    "Only usage records of an account stay linked until they are released.",
)


@case(
    "JustOn",
    "getlago/lago-api#5330",
    gave="Links were cleared by hand, one-time items activated again by hand, "
    "and a run other than the latest could not be repeated.",
    right="January, canceled after March, is free: its month of 100.00 and its one-time 50.00. "
    "The run of January bills both again, and nothing else.",
    own_numbers=True,
    prints="""
    seats 2026-01-01 2026-01-31 100.00
    setup 2026-01-01 2026-01-31 50.00
    canceled
    seats 2026-01-01 2026-01-31 100.00
    setup 2026-01-01 2026-01-31 50.00
    in all: 350.00
    """,
)
def test_a_canceled_invoice_is_not_billed_again():
    """What a canceled invoice billed must be set free by hand before it is billed again."""
    store = store_of(seats(100), bc.Item("setup", unit_price=50))
    january = bc.Period.month(2026, 1)
    show(invoice(store, january))
    for month in (2, 3):
        invoice(store, bc.Period.month(2026, month))
    undone = bc.cancel("2026-00001", store.books("acme"), reason="Wrong address")
    bc.finalize(undone, store, on="2026-04-02")

    print("canceled")
    show(invoice(store, january))
    print("in all:", sum(each.totals.net for each in store.invoices()))


def without(snapshot, *numbers):
    """Give a snapshot in which invoices of these numbers are void: no claims, no lines."""
    return bc.AccountSnapshot(
        snapshot.account,
        snapshot.subscriptions,
        claims=[claim for claim in snapshot.claims if claim.document not in numbers],
        documents=snapshot.documents,
        lines={
            billable: [each for each in lines if each.document not in numbers]
            for billable, lines in snapshot.lines.items()
        },
    )


MONTHS = [bc.Period.month(2026, month) for month in (1, 2, 3)]


@case(
    "JustOn",
    "getlago/lago-api#5330",
    gave="Only the latest run can be repeated.",
    own_numbers=True,
)
class TestRunsAfterACancellation:
    """A past run cannot be repeated after a cancellation."""

    def test_any_past_run_bills_what_a_void_set_free(self):
        """An invoice of February that is void in April comes back by repeating the run of February."""
        store = stored(contract(monthly(), once(start="2026-02-01")))
        for month in MONTHS:
            bc.execute(run_of(month), store)
            finalize_all(store, month.last)
        undone = bc.cancel("2026-00002", store.books("acme"), reason="Wrong address")
        bc.finalize(undone, store, on="2026-04-02")
        february = "2026-02-01..2026-02-28"
        (left,) = bc.remaining(february, store)
        (anew,) = bc.rerun(february, store, [left]).drafts

        assert left.positions == ("S-1/seats", "S-1/setup")
        assert [(line.title, str(line.service_period)) for line in anew.lines] == [
            ("seats", "2026-02-01/2026-03-01"),
            ("setup", "2026-02-01/2026-03-01"),
        ]
        assert anew.id != store.invoice("2026-00002").draft.id
        assert list(bc.remaining("latest", store)) == []

    def test_the_first_invoice_comes_back_as_well(self):
        """January, void after March was billed, is due again, though no earlier day is billed."""
        store = stored(contract(monthly()))
        for month in MONTHS:
            bc.execute(run_of(month), store)
            finalize_all(store, month.last)
        undone = bc.cancel("2026-00001", store.books("acme"), reason="Wrong address")
        bc.finalize(undone, store, on="2026-04-02")
        (draft,) = bc.execute(run_of(bc.Period.month(2026, 4)), store).drafts

        assert [str(line.service_period) for line in draft.lines] == [
            "2026-01-01/2026-02-01",
            "2026-04-01/2026-05-01",
        ]


@case(
    "killbill/killbill#1423",
    "getlago/lago-api#1455",
    "getlago/lago-api#4089",
    gave="A void document is credited once more, or its correction stays.",
    own_numbers=True,
)
class TestVoidsAndCorrections:
    """What a void document leaves behind is credited or billed by mistake."""

    ITEM = by_days()
    DEARER = ITEM.changed(bc.Change("2026-04-16", unit_price=130))

    def corrected(self):
        """Make a store with invoice 1 of 100.00, and invoice 2 that corrects it."""
        store = books(self.ITEM)
        invoiced(store, APRIL)
        edit(store, self.DEARER)
        lines = invoiced(store, APRIL)
        assert nets(lines) == decimals("-50.00", "65.00")
        return store

    def rebilled(self, snapshot, *numbers):
        """Give the lines that are due when invoices are void."""
        run = run_of(APRIL, policy=bc.LEVEL)
        outcome = bc.bill(run, without(snapshot, *numbers), VAT)
        return [line for draft in outcome.drafts for line in draft.lines]

    def test_a_void_invoice_is_billed_anew_on_today_s_terms(self):
        """Void before the change, the month is due in slices of 50.00 and 65.00, without a credit."""
        store = books(self.ITEM)
        invoiced(store, APRIL)
        edit(store, self.DEARER)

        lines = self.rebilled(store.snapshot("acme"), "2026-00001")
        assert nets(lines) == decimals("50.00", "65.00")

    def test_a_void_correction_is_due_again(self):
        """With the correction void, the same correction is due again, once."""
        lines = self.rebilled(self.corrected().snapshot("acme"), "2026-00002")

        assert nets(lines) == decimals("-50.00", "65.00")

    def test_all_void_is_billed_from_nothing(self):
        """With all invoices void, what is due is what a run from nothing bills, key by key."""
        lines = self.rebilled(self.corrected().snapshot("acme"), "2026-00001", "2026-00002")
        fresh = invoiced(books(self.DEARER), APRIL)

        assert shown(lines) == shown(fresh)
        assert [line.billing_key for line in lines] == [line.billing_key for line in fresh]

    def test_an_early_end_after_a_void(self):
        """lago-api#1455: what is void is not credited; the days until the end are billed."""
        store = books(self.ITEM)
        invoiced(store, APRIL)
        edit(store, self.ITEM, end="2026-04-15")

        lines = self.rebilled(store.snapshot("acme"), "2026-00001")
        assert nets(lines) == decimals("50.00")
