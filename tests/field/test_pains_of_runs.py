"""What users of other billing engines reported about runs: lost, repeated and silent billing."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

import billingcore as bc
from billingcore.testing import (
    canonical,
    check_claims,
    check_numbers,
    check_preview,
    check_repetition,
)
from tests.unit.engine.records import (
    bill,
    contract,
    finalize_all,
    monthly,
    once,
    run_of,
    store_of,
)


def months(year=2026, count=12):
    """Give the months of a year in their order."""
    return [bc.Period.month(year, month) for month in range(1, count + 1)]


def billed(store):
    """Give the days of service of all drafts and invoices, in their order."""
    documents = [*store.drafts(), *store.invoices()]
    return sorted(str(line.service_period) for each in documents for line in each.lines)


class TestP4LastDaysOfAMonth:
    """killbill/killbill#127 and #2133, getlago/lago-api#1567 and #1840, OCA/contract#161."""

    def test_an_account_does_not_stop_being_billed(self):
        """A subscription of 31 January 2017 has a period from every month's last day to the next."""
        store = store_of(contract(monthly(cadence=bc.monthly()), start="2017-01-31"))
        for month in months(2017, 6):
            bc.execute(run_of(month, policy=bc.LEVEL), store)

        assert billed(store) == [
            "2017-01-31/2017-02-28",
            "2017-02-28/2017-03-31",
            "2017-03-31/2017-04-30",
            "2017-04-30/2017-05-31",
            "2017-05-31/2017-06-30",
            "2017-06-30/2017-07-31",
        ]

    def test_the_30th_in_a_leap_year(self):
        """A month from 30 January 2024 ends before 29 February, the next before 30 March."""
        store = store_of(contract(monthly(), start="2024-01-30"))
        bc.execute(run_of(bc.Period("2024-01-01", "2024-03-01"), policy=bc.LEVEL), store)

        assert billed(store) == ["2024-01-30/2024-02-29", "2024-02-29/2024-03-30"]

    @pytest.mark.parametrize("day", [28, 29, 30, 31])
    @pytest.mark.parametrize("practice", bc.BillingPractice)
    def test_four_years_of_every_late_anchor(self, day, practice):
        """From every late day 48 runs bill 48 months without gap, overlap or drift, each at 10.00."""
        item = monthly(billing_type=bc.RECURRING_PRORATED, billing_practice=practice)
        store = store_of(contract(item, start=date(2023, 12, day)))
        for year in range(2024, 2028):
            for month in months(year):
                bc.execute(run_of(month), store)
                finalize_all(store, month.last)
        bounds = [line.service_period.bounds for each in store.invoices() for line in each.lines]

        assert len(bounds) == 48
        assert all(one[1] == other[0] for one, other in pairwise(bounds))
        assert {each.totals.net for each in store.invoices()} == {10}


class TestP6DuplicatesOnReRun:
    """frappe/erpnext#28236 and #33556 (an invoice per hour), getlago/lago-api#1086 to #1988."""

    @pytest.mark.parametrize("policy", [bc.DOCUMENTED, bc.LEVEL], ids=lambda each: each.name)
    def test_a_run_every_hour(self, policy):
        """24 runs of one month, finalized or not in between, bill the month once."""
        store = store_of(contract(monthly(), once()))
        for hour in range(24):
            bc.execute(run_of(bc.Period.month(2026, 1), policy=policy, id=f"hour {hour}"), store)
            if hour % 5 == 4:
                finalize_all(store)

        assert billed(store) == ["2026-01-01/2026-02-01"] * 2
        check_claims(store.snapshot("acme").claims)

    def test_a_crash_after_any_commit(self):
        """After a crash between any two accounts, the repeated run completes the rest."""

        def make():
            store = bc.MemoryStore()
            for name in "abcd":
                store.add(bc.Account(name, currency="EUR"))
                store.add(contract(monthly(), id=f"S-{name}", account=name))
            return store

        check_repetition(run_of(), make)


class TestP7TheSchedulerWasDown:
    """getlago/lago#354 and #5935, frappe/erpnext#46080: periods of missed runs are lost."""

    def store(self):
        """Make a store in which January was billed, and nothing since."""
        store = store_of(contract(monthly()))
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


class TestP8PreviewIsNotTheInvoice:
    """killbill/killbill#2249, gitroomhq/postiz-app#1904 (0 quoted, then charged), flexprice#1668."""

    def test_what_is_planned_is_committed(self):
        """The plan holds the very drafts that the run commits, ids and cents included."""

        def make():
            discounted = {"order_discount": bc.Discount.percent("3.333")}
            items = [monthly(name, "9.99", tax_code="19", quantity="1.5") for name in "abc"]
            return store_of(contract(*items, **discounted), contract(once(), id="S-2"))

        check_preview(run_of(), make)

    def test_what_is_planned_is_what_any_execution_commits(self):
        """A run in one go, in a loop, stopped and resumed: the drafts are those of the plan."""
        names = [f"S-{number}" for number in range(5)]

        def make():
            store = bc.MemoryStore()
            for name in names:
                store.add(bc.Account(name, currency="EUR"))
                store.add(contract(monthly(price="9.99"), once(), id=name, account=name))
            return store

        planned = [draft for each in bc.plan(run_of(), make()) for draft in each.drafts]
        whole, looped, resumed = make(), make(), make()
        bc.execute(run_of(), whole)
        for _ in bc.Execution(run_of(), looped, window=2):
            pass
        bc.execute(run_of(), resumed, window=2, should_stop=lambda: True)
        bc.resume("latest", resumed)

        assert len(planned) == 5
        for store in (whole, looped, resumed):
            assert [*map(canonical, store.drafts())] == [*map(canonical, planned)]

    def test_the_lines_of_a_preview_sum_to_its_total(self):
        """The lines shown are the lines summed."""
        items = [monthly(name, "0.333", quantity=3) for name in "abc"]
        (outcome,) = bc.plan(run_of(), store_of(contract(*items)))
        (draft,) = outcome.drafts

        assert sum(line.net for line in draft.lines) == draft.totals.net == 3

    def test_a_plan_is_refused_when_its_inputs_moved(self):
        """What was planned before the price changed cannot be committed after it."""
        store = store_of(contract(monthly()))
        planned = list(bc.plan(run_of(), store))
        store.change(contract(monthly(price=99)))

        assert store.commit(planned) == ["acme"]
        assert list(store.drafts()) == []


class TestP13Numbers:
    """odoo/odoo#91873 and #11859, OCA/l10n-spain#2246, getlago/lago-api#5184: gaps and locks."""

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


class TestP17OneBadRecord:
    """Zuora's ten-hour night run that any error repeats, killbill/killbill#2208, OCA/contract#1473."""

    def test_one_bad_item_in_a_hundred_accounts(self):
        """One wrong tax code costs one line, and is named; the next run bills only what is mended."""
        store = bc.MemoryStore(tax=bc.TaxTable({"19": 19}))
        for number in range(100):
            name = f"a{number:02}"
            items = [
                monthly("a", tax_code="19"),
                monthly("b", tax_code="?" if number == 42 else "19"),
            ]
            store.add(bc.Account(name, currency="EUR"), contract(*items, id=name, account=name))
        report = bc.execute(run_of(), store)

        assert (len(report.drafts), report.lines) == (100, 199)
        assert [problem.record for problem in report.problems] == ["a42/b"]
        assert "unknown tax code '?'" in report.problems[0].message
        items = [monthly(name, tax_code="19") for name in "ab"]
        store.change(contract(*items, id="a42", account="a42"))
        again = bc.execute(run_of(), store)
        assert [line.title for draft in again.drafts for line in draft.lines] == ["b"]

    def test_only_the_culprits_are_billed_again(self):
        """Of a hundred accounts two fail; the recovery looks at those two, and at no other one."""
        store = bc.MemoryStore(tax=bc.TaxTable({"19": 19}))
        for number in range(100):
            name, code = f"a{number:02}", "?" if number in {7, 42} else "19"
            item = monthly("a", tax_code=code)
            store.add(bc.Account(name, currency="EUR"), contract(item, id=name, account=name))
        report = bc.execute(run_of(), store)
        for name in ("a07", "a42"):
            store.change(contract(monthly("a", tax_code="19"), id=name, account=name))
        read, snapshot = [], store.snapshot
        store.snapshot = lambda account: (read.append(account), snapshot(account))[1]
        again = bc.recover(report.run.id, store)

        assert (len(report.drafts), report.failures) == (98, 2)
        assert [draft.account.id for draft in again.drafts] == read == ["a07", "a42"]
        assert [each.status.value for each in store.runs()] == ["Failed", "Completed"]


class TestP19NotBilledAndNobodyKnowsWhy:
    """killbill/killbill#156, invoiceninja/invoiceninja#2817: is the decision recorded anywhere?"""

    def test_the_run_knows(self):
        """Of six items, one is billed, and the report has a reason with facts for each other one."""
        items = [
            monthly("fine"),
            monthly("paused", active=False),
            monthly("empty", quantity=0),
            monthly("ended", end="2026-02-28"),
            monthly("later", start="2026-04-01"),
            monthly(
                "arrears", cadence=bc.quarterly(), start="2026-02-01", billing_practice=bc.ARREARS
            ),
        ]
        store = store_of(contract(*items))
        report = bc.execute(run_of(), store)

        assert [(each.record, each.reason.name) for each in report.exclusions] == [
            ("S-1/paused", "ITEM_INACTIVE"),
            ("S-1/empty", "ZERO_QUANTITY"),
            ("S-1/ended", "OUT_OF_PERIOD"),
            ("S-1/later", "OUT_OF_PERIOD"),
            ("S-1/arrears", "NOT_DUE"),
        ]
        assert [line.title for draft in report.drafts for line in draft.lines] == ["fine"]


class TestP20OneCursorForManyLines:
    """OCA/contract#570, #989, #1065, #1214, #1448: the first line right, all others a period ahead."""

    def test_lines_that_begin_at_different_times(self):
        """Items of one contract that began in different months are each billed from their own start."""
        items = [
            monthly("a", start="2026-01-01"),
            monthly("b", start="2026-02-10"),
            monthly("c", start="2026-03-31"),
        ]
        store = store_of(contract(*items))
        for month in months(2026, 4):
            bc.execute(run_of(month), store)
            finalize_all(store)
        claims = store.snapshot("acme").claims
        nexts = {
            name: bc.next_service_period_start(covered)
            for name, covered in bc.coverage_of(claims).items()
        }

        assert nexts == {
            "S-1/a": date(2026, 5, 1),
            "S-1/b": date(2026, 5, 10),
            "S-1/c": date(2026, 5, 31),
        }

    def test_a_line_added_later_does_not_move_the_others(self):
        """An item that joins a contract in March is billed from March, the others go on."""
        store = store_of(contract(monthly("a")))
        for month in months(2026, 2):
            bc.execute(run_of(month), store)
            finalize_all(store)
        store.change(contract(monthly("a"), monthly("b", start="2026-03-01")))
        (draft,) = bill(store).drafts

        assert [(line.title, str(line.service_period.first)) for line in draft.lines] == [
            ("a", "2026-03-01"),
            ("b", "2026-03-01"),
        ]
