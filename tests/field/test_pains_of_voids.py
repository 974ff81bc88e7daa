"""What users of other billing engines reported about invoices that are void and billed again."""

from __future__ import annotations

import billingcore as bc
from tests.unit.engine.records import contract, finalize_all, monthly, once, run_of, store_of

MONTHS = [bc.Period.month(2026, month) for month in (1, 2, 3)]


class TestP18VoidThenRebill:
    """JustOn: void, then rebill, is manual, and only the latest run can be repeated; lago-api#5330."""

    def test_any_past_run_bills_what_a_void_set_free(self):
        """An invoice of February that is void in April comes back by repeating the run of February."""
        store = store_of(contract(monthly(), once(start="2026-02-01")))
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
        store = store_of(contract(monthly()))
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
