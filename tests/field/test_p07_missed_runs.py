"""P7: what was due while the scheduler was down is never billed."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import invoice, seats, show, store_of
from tests.field.runs import billed
from tests.unit.engine.records import contract, finalize_all, monthly, run_of
from tests.unit.engine.records import store_of as stored

PAIN = Pain(
    "P7",
    "The scheduler was down, and periods are lost",
    elsewhere="A job asks which subscriptions are due today. "
    "The day after, nobody asks for yesterday. "
    "Or catching up is built in, and bills what was meant to be free.",
    here="What is due is what may be billed up to the last day of the run, less what is covered. "
    "How a run catches up is a policy with four answers, and what is forgiven is recorded.",
)


@case(
    "getlago/lago#354",
    gave="The clock stood from 1 to 11 April. "
    "The invoice of 10 April was not made, and not made up for on 11 April.",
    right="The run of 11 April finds the period from 10 April on, which nothing covers. "
    "The price, 30.00, is our own.",
    prints="""
    seats 2024-03-10 2024-04-09 30.00
    seats 2024-04-10 2024-05-09 30.00
    """,
)
def test_the_clock_stood_on_the_billing_day():
    """The scheduler was down on the billing day, and the invoice was never made."""
    store = store_of(seats(30), start="2024-03-10")
    show(invoice(store, bc.Period.day("2024-03-10")))
    show(invoice(store, bc.Period.day("2024-04-11")))


@case(
    "frappe/erpnext#46080",
    "getlago/lago-api#5935",
    "getlago/lago-api#5698",
    gave="Skipped periods were lost and the subscription was stuck. "
    "Where periods were caught up, customers got an invoice for each one that had passed, "
    "and it was taken back after a month.",
    right="January is billed, and no run is made until April, at 10.00 a month. "
    "One period at a time: February. "
    "Each: three lines. Merged: one line of 30.00. Forgiven: April alone.",
    own_numbers=True,
    prints="""
    ONE
    seats 2026-02-01 2026-02-28 10.00
    EVERY
    seats 2026-02-01 2026-02-28 10.00
    seats 2026-03-01 2026-03-31 10.00
    seats 2026-04-01 2026-04-30 10.00
    MERGED
    seats 2026-02-01 2026-04-30 30.00
    FORGIVE
    seats 2026-04-01 2026-04-30 10.00
    forgiven: 2026-02-01 to 2026-02-28
    forgiven: 2026-03-01 to 2026-03-31
    """,
)
def test_catching_up_is_lost_or_too_much():
    """Missed periods are lost, or all of them are billed where they should be forgiven."""
    for way in bc.CatchUp:
        print(way.name)
        store = store_of(seats(10))
        invoice(store, bc.Period.month(2026, 1))
        show(invoice(store, bc.Period.month(2026, 4), catch_up=way))
        for claim in store.snapshot("acme").claims:
            if claim.state is bc.ClaimState.WAIVED:
                print("forgiven:", claim.period.first, "to", claim.period.last)


@case(
    "getlago/lago#354",
    "getlago/lago-api#5935",
    "frappe/erpnext#46080",
    "pronamic/wp-pay-core#188",
    "invoiceninja/invoiceninja#1757",
    gave="Runs that were missed had to be made up for by hand, for each day.",
    own_numbers=True,
)
class TestTheSchedulerWasDown:
    """Periods of missed runs are lost."""

    def store(self):
        """Make a store in which January was billed, and nothing since."""
        store = stored(contract(monthly()))
        bc.execute(run_of(bc.Period.month(2026, 1)), store)
        finalize_all(store)
        return store

    @pytest.mark.parametrize(
        ("catch_up", "expected"),
        [
            (bc.CatchUp.ONE, ["2026-02-01/2026-03-01"]),
            (
                bc.CatchUp.EVERY,
                ["2026-02-01/2026-03-01", "2026-03-01/2026-04-01", "2026-04-01/2026-05-01"],
            ),
            (bc.CatchUp.MERGED, ["2026-02-01/2026-05-01"]),
            (bc.CatchUp.FORGIVE, ["2026-04-01/2026-05-01"]),
        ],
        ids=lambda value: getattr(value, "name", ""),
    )
    def test_catching_up_is_a_policy(self, catch_up, expected):
        """In April, February and March are billed one by one, on a line each, merged, or forgiven."""
        store = self.store()
        bc.execute(run_of(bc.Period.month(2026, 4), catch_up=catch_up), store)

        assert billed(store)[1:] == expected

    def test_nothing_is_lost_by_the_default(self):
        """With one period a run, repeating the run until nothing is due bills all missed months."""
        store = self.store()
        while bc.execute(run_of(bc.Period.month(2026, 4)), store).draft_ids:
            finalize_all(store)

        assert billed(store) == [f"2026-0{n}-01/2026-0{n + 1}-01" for n in range(1, 5)]

    def test_what_is_forgiven_is_recorded(self):
        """A waiver says which days were given up, and they stay given up."""
        store = self.store()
        report = bc.execute(run_of(bc.Period.month(2026, 4), catch_up=bc.CatchUp.FORGIVE), store)
        waived = [
            str(claim.period)
            for claim in store.snapshot("acme").claims
            if claim.state is bc.ClaimState.WAIVED
        ]

        assert waived == ["2026-02-01/2026-03-01", "2026-03-01/2026-04-01"]
        assert report.left_out == {bc.Reason.FORGIVEN: 2}

    @pytest.mark.parametrize("when", ["as scheduled", "in May"])
    def test_three_months_of_a_job_that_did_not_start(self, when):
        """A monthly job that should have run three times bills the same months when it runs once."""
        store = self.store()
        job = bc.ScheduledRun("Monthly", interval="1m", invoice_date="end", policy=bc.LEVEL)
        days = ["2026-03-01", "2026-04-01", "2026-05-01"]
        for day in days if when == "as scheduled" else days[-1:]:
            bc.execute(job.run(day), store)

        assert billed(store) == [f"2026-0{n}-01/2026-0{n + 1}-01" for n in range(1, 5)]
        assert sum(draft.totals.net for draft in store.drafts()) == 30

    def test_a_run_of_each_day_that_was_missed(self):
        """The missed runs can also be made up for, one by one in any order, with their own dates."""
        store = self.store()
        job = bc.ScheduledRun("Monthly", interval="1m", invoice_date="end")
        for day in ("2026-03-01", "2026-04-01", "2026-05-01"):
            bc.execute(job.run(day), store)
            finalize_all(store)

        assert [str(each.date) for each in store.invoices()][1:] == [
            "2026-02-28",
            "2026-03-31",
            "2026-04-30",
        ]
