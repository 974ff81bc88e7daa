"""What is due under each policy: catch-up, first period, drafts, holes, migrated starts."""

from __future__ import annotations

from datetime import date

import pytest

from billingcore import (
    ARREARS,
    DOCUMENTED,
    LEVEL,
    CatchUp,
    FirstPeriod,
    InvoiceRun,
    OpenDrafts,
    Period,
    Scope,
    monthly,
)
from billingcore.scope.coverage import Covered
from tests.unit.periods.scheduling import (
    ask,
    covered,
    factors,
    inclusive,
    item,
    left_out,
    month_by_month,
    refusal,
    run_of,
    services,
    walk,
)

JANUARY, FEBRUARY, MARCH, APRIL, MAY, JUNE = month_by_month(date(2025, 1, 1), 6)


@pytest.fixture
def one():
    """Give a monthly item from 1 January on."""
    return item(cadence=monthly(), start="2025-01-01")


class TestFirstPeriod:
    """Behavior 1.3 and 2.3: where billing begins if nothing was billed yet."""

    def test_from_the_run(self, one):
        """By default the first period begins with the run, and the time before it is reported."""
        due = ask(run_of(MARCH), one)

        assert (services(due), due.excluded) == ([MARCH], None)
        assert left_out(due) == ["BEFORE_FIRST_RUN 2025-01-01..2025-02-28"]
        assert due.is_noteworthy

    def test_from_the_item(self, one):
        """Under LEVEL it begins with the item, and three lines are due."""
        due = ask(run_of(MARCH, LEVEL), one)

        assert services(due) == [JANUARY, FEBRUARY, MARCH]
        assert not due.is_noteworthy

    @pytest.mark.parametrize(
        ("fields", "contract", "first"),
        [
            ({"start": "2025-03-10"}, {}, "2025-03-10..2025-04-09"),
            ({}, {"start": "2025-03-20"}, "2025-03-20..2025-04-19"),
            ({"start": "2025-03-10"}, {"start": "2025-03-20"}, "2025-03-20..2025-04-19"),
            ({}, {}, MARCH),
        ],
        ids=["item", "contract", "the later of both", "neither"],
    )
    @pytest.mark.parametrize("policy", [DOCUMENTED, LEVEL], ids=["DOCUMENTED", "LEVEL"])
    def test_the_latest_of_run_contract_and_item(self, policy, fields, contract, first):
        """Inside a run it begins with the latest start, under both presets."""
        due = ask(run_of(MARCH, policy), item(cadence=monthly(), **fields), **contract)

        assert (services(due), left_out(due)) == ([first], [])

    def test_due_since_an_earlier_run(self, one):
        """What an earlier run carried forward is due from then on, with the run's own period."""
        carried = Covered(carried=((date(2025, 3, 1), date(2025, 4, 1)),))
        due = ask(run_of(APRIL), one, carried)

        assert services(due) == [MARCH, APRIL]
        assert left_out(due) == []

    def test_carried_forward_by_several_runs(self, one):
        """Periods that several runs put off are billed with one period more, and no further one."""
        carried = Covered(
            carried=(
                (date(2025, 1, 1), date(2025, 2, 1)),
                (date(2025, 2, 1), date(2025, 3, 1)),
            )
        )
        due = ask(run_of(APRIL), one, carried)

        assert services(due) == [JANUARY, FEBRUARY, MARCH]
        assert left_out(due) == [f"NOT_DUE {APRIL}"]

    def test_the_first_day_is_the_anchor(self):
        """The start of the first billed period is the anchor, also of later runs."""
        one = item(cadence=monthly(), start="2025-01-31")

        assert walk(one, [JANUARY, FEBRUARY, MARCH, APRIL]) == [
            "2025-01-31..2025-02-27",
            "2025-02-28..2025-03-30",
            "2025-03-31..2025-04-29",
            "2025-04-30..2025-05-30",
        ]


class TestCatchUp:
    def test_one(self, one):
        """By default a run bills one period, and reports the other ones that are due."""
        due = ask(run_of(APRIL), one, covered(JANUARY))

        assert services(due) == [FEBRUARY]
        assert left_out(due) == ["NOT_DUE 2025-03-01..2025-04-30"]
        assert due.left_out[0].facts == (("catch_up", "one period a run"),)

    def test_one_month_of_a_quarterly_run(self):
        """A monthly item in a quarterly run yields one month."""
        due = ask(run_of("2025-01-01..2025-03-31"), item(cadence=monthly()))

        assert services(due) == [JANUARY]

    def test_every(self, one):
        """EVERY gives each due period a line of its own."""
        due = ask(run_of(APRIL, catch_up=CatchUp.EVERY), one, covered(JANUARY))

        assert (services(due), factors(due)) == ([FEBRUARY, MARCH, APRIL], ["1", "1", "1"])
        assert not due.is_noteworthy

    def test_merged(self, one):
        """MERGED makes one line of adjacent periods, with a share of each."""
        due = ask(run_of(APRIL, catch_up=CatchUp.MERGED), one, covered(JANUARY))

        assert (services(due), factors(due)) == (["2025-02-01..2025-04-30"], ["3"])
        assert [inclusive(share.part) for share in due.spans[0].shares] == [FEBRUARY, MARCH, APRIL]

    def test_merged_around_a_hole(self, one):
        """Periods with a covered one between them are not merged."""
        due = ask(run_of(APRIL, catch_up=CatchUp.MERGED), one, covered(JANUARY, MARCH))

        assert services(due) == [FEBRUARY, APRIL]

    def test_forgive(self, one):
        """FORGIVE bills what is due in the run and waives what ended before it, on record."""
        due = ask(run_of(APRIL, catch_up=CatchUp.FORGIVE), one, covered(JANUARY))

        assert services(due) == [APRIL]
        assert [inclusive(period) for period in due.waived] == [FEBRUARY, MARCH]
        assert left_out(due) == [f"FORGIVEN {FEBRUARY}", f"FORGIVEN {MARCH}"]

    def test_forgive_all(self):
        """If everything due ended before the run, nothing is billed and all of it is waived."""
        one = item(cadence=monthly(), start="2025-01-01", end="2025-02-28")
        run = run_of(APRIL, LEVEL, catch_up=CatchUp.FORGIVE)
        due = ask(run, one)

        assert refusal(due) == "FORGIVEN 2025-01-01..2025-02-28"
        assert [inclusive(period) for period in due.waived] == [JANUARY, FEBRUARY]

    def test_a_period_across_the_run_start_is_not_forgiven(self):
        """A period that has a day in the run is billed, not forgiven."""
        one = item(cadence=monthly(), start="2025-01-15")
        due = ask(run_of(MARCH, LEVEL, catch_up=CatchUp.FORGIVE), one)

        assert services(due) == ["2025-02-15..2025-03-14", "2025-03-15..2025-04-14"]
        assert [inclusive(period) for period in due.waived] == ["2025-01-15..2025-02-14"]


class TestCoverage:
    def test_again(self, one):
        """A run that is repeated bills nothing twice."""
        due = ask(run_of(JANUARY), one, covered(JANUARY))

        assert refusal(due) == f"COVERED {JANUARY}"

    def test_a_hole(self, one):
        """After the second of five invoices is gone, that month is billed again, and no other."""
        coverage = covered(JANUARY, "2025-03-01..2025-05-31")

        assert services(ask(run_of(MAY), one, coverage)) == [FEBRUARY]
        assert services(ask(run_of(MAY, LEVEL), one, coverage)) == [FEBRUARY]
        assert services(ask(run_of(JUNE, LEVEL), one, coverage)) == [FEBRUARY, JUNE]

    def test_a_hole_inside_a_period(self):
        """Days that are covered within a period cut it into parts by their share."""
        one = item(cadence=monthly(anchor="2025-01-01"), start="2025-01-01")
        due = ask(run_of(JANUARY, LEVEL), one, covered("2025-01-11..2025-01-20"))

        assert services(due) == ["2025-01-01..2025-01-10", "2025-01-21..2025-01-31"]
        assert factors(due) == ["10/31", "11/31"]

    def test_a_hole_at_the_beginning(self):
        """After the first of some invoices is gone, the periods keep the item's own rhythm."""
        one = item(cadence=monthly(), start="2025-01-31")
        due = ask(run_of(APRIL, LEVEL), one, covered("2025-02-28..2025-03-30"))

        assert services(due) == [
            "2025-01-31..2025-02-27",
            "2025-03-31..2025-04-29",
            "2025-04-30..2025-05-30",
        ]
        assert factors(due) == ["1", "1", "1"]

    def test_a_run_before_everything_that_is_covered(self, one):
        """A run for days before the first billed period bills nothing; the next one is not due."""
        due = ask(run_of(JANUARY), one, covered(MARCH))

        assert refusal(due) == f"NOT_DUE {APRIL}"

    def test_a_draft_blocks(self, one):
        """A draft of January blocks February by default, and is named."""
        due = ask(run_of(FEBRUARY), one, covered(JANUARY, draft="D1"))

        assert (refusal(due), due.excluded.facts) == ("DRAFT_EXISTS", (("draft", "D1"),))

    def test_a_draft_advances(self, one):
        """With CONTINUE a draft counts as coverage."""
        run = run_of(FEBRUARY, open_drafts=OpenDrafts.CONTINUE)

        assert services(ask(run, one, covered(JANUARY, draft="D1"))) == [FEBRUARY]

    def test_what_is_due_is_remembered(self, one):
        """Two items with equal terms and coverage get the same answer from one run."""
        run = InvoiceRun(Period.month(2025, 1))
        first = ask(run, one)

        assert ask(run, item(cadence=monthly(), start="2025-01-01", title="Other")) is first
        assert ask(run, one, covered(JANUARY)) is not first


class TestMigrated:
    def test_it_is_where_billing_begins(self):
        """All before a migrated start counts as billed, and is not reported as left out."""
        one = item(cadence=monthly(), start="2024-01-01", next_service_period_start="2025-02-01")

        assert walk(one, [FEBRUARY, MARCH]) == [FEBRUARY, MARCH]
        assert left_out(ask(run_of(MARCH), one)) == [f"NOT_DUE {MARCH}"]

    @pytest.mark.parametrize("policy", [DOCUMENTED, LEVEL], ids=["DOCUMENTED", "LEVEL"])
    def test_28_february_of_a_31st(self, policy):
        """A migrated 28 February of an item anchored on the 31st does not drift."""
        one = item(cadence=monthly(anchor="2025-01-31"), next_service_period_start="2025-02-28")

        assert walk(one, [FEBRUARY, MARCH, APRIL, MAY], policy) == [
            "2025-02-28..2025-03-30",
            "2025-03-31..2025-04-29",
            "2025-04-30..2025-05-30",
            "2025-05-31..2025-06-29",
        ]

    def test_without_an_anchor_it_is_the_anchor(self):
        """Without an anchor of its own the migrated day is the anchor, also after more runs."""
        one = item(cadence=monthly(), next_service_period_start="2025-02-28")

        assert walk(one, [FEBRUARY, MARCH, APRIL]) == [
            "2025-02-28..2025-03-27",
            "2025-03-28..2025-04-27",
            "2025-04-28..2025-05-27",
        ]

    def test_without_any_other_date(self):
        """A migrated start before the run is where billing begins, also without other dates."""
        one = item(cadence=monthly(), next_service_period_start="2025-02-01")

        assert services(ask(run_of(APRIL), one)) == [FEBRUARY]

    def test_before_the_item(self):
        """A migrated start before the item's own first day changes nothing."""
        one = item(cadence=monthly(), start="2025-03-01", next_service_period_start="2025-01-01")

        assert services(ask(run_of(MARCH), one)) == [MARCH]


class TestScope:
    @pytest.mark.parametrize(
        ("coverage", "run", "billed"),
        [
            (None, MARCH, [MARCH]),
            (covered(JANUARY, FEBRUARY), MARCH, [MARCH]),
            (covered(JANUARY), MARCH, []),
        ],
        ids=["new", "next", "older"],
    )
    def test_strict(self, one, coverage, run, billed):
        """Under STRICT a period is billed if it starts in the run; an older one is out of period."""
        due = ask(run_of(run, scope=Scope.STRICT), one, coverage)

        assert services(due) == billed
        assert billed or refusal(due).startswith("OUT_OF_PERIOD")

    def test_overlap(self, one):
        """By default an older period is billed."""
        assert services(ask(run_of(MARCH), one, covered(JANUARY))) == [FEBRUARY]

    def test_strict_and_arrears(self):
        """Under STRICT a period in arrears that starts before the run is out of period."""
        quarter = item(cadence=monthly(3), billing_practice=ARREARS, start="2025-01-01")

        assert refusal(ask(run_of(MARCH, scope=Scope.STRICT), quarter)).startswith("OUT_OF_PERIOD")
        run = run_of(MARCH, first_period=FirstPeriod.FROM_ITEM)
        assert services(ask(run, quarter)) == ["2025-01-01..2025-03-31"]
