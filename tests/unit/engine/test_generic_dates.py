"""The generic run: service dates, instants, and the days on lines; records that recur."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

import billingcore as bc
from tests.unit.engine.records import MARCH, days
from tests.unit.engine.sources import (
    DEALS,
    billed,
    deal,
    generic_run,
    order,
    orders,
    problems,
    product,
    reasons,
    store_with,
    the_draft,
)
from tests.zones import BERLIN, NEW_YORK

JANUARY, FEBRUARY = bc.Period.month(2026, 1), bc.Period.month(2026, 2)


def dated(day, **fields):
    """Make an order of one product with a service date."""
    return order(1, product(1), ON_ServiceDate=day, **fields)


class TestServiceDates:
    """Which records are in a run."""

    @pytest.mark.parametrize(
        "day", [None, "", "2026-03-01", "2026-03-15", "2026-03-31", MARCH.last]
    )
    def test_inside(self, day):
        """A record without a service date, or with one from the first to the last day, is billed."""
        assert len(billed(dated(day)).drafts) == 1

    @pytest.mark.parametrize("day", ["2026-02-28", "2026-04-01"])
    def test_outside(self, day):
        """A record with another service date is left out, with the date and the run's."""
        outcome = billed(dated(day))

        assert (outcome.drafts, reasons(outcome)) == ((), {"Product/P-1": "OUT_OF_PERIOD"})
        assert outcome.exclusions[0].facts == (
            ("service date", day),
            ("run", "2026-03-01 to 2026-03-31"),
        )

    @pytest.mark.parametrize(("day", "count"), [("2026-02-28", 1), ("2026-04-01", 0)])
    def test_late_ones(self, day, count):
        """A policy may include service dates from before the run, and none from after it."""
        outcome = billed(dated(day), late_usage=bc.LateUsage.INCLUDE)

        assert len(outcome.drafts) == count

    def test_the_run_of_its_month_bills_it(self):
        """A record with a service date is billed by the run of its month, and by no other."""
        store = store_with(dated("2026-02-10"))
        counts = [
            len(bc.execute(generic_run(period=period), store).drafts)
            for period in (JANUARY, FEBRUARY, MARCH)
        ]

        assert counts == [0, 1, 0]

    @pytest.mark.parametrize(
        ("day", "switches", "expected"),
        [
            ("2026-03-10", {}, ("2026-03-01", "2026-03-31")),
            (None, {"record_days": bc.RecordDays.SERVICE_DATE}, ("2026-03-01", "2026-03-31")),
            (
                "2026-03-10",
                {"record_days": bc.RecordDays.SERVICE_DATE},
                ("2026-03-10", "2026-03-10"),
            ),
            ("2026-01-10", {"late_usage": bc.LateUsage.INCLUDE}, ("2026-01-10", "2026-01-10")),
        ],
        ids=["days of the run", "no date", "its own day", "late"],
    )
    def test_the_days_of_service(self, day, switches, expected):
        """A line has the days of the run, or the service date if the policy says so or it is late."""
        (line,) = the_draft(dated(day), **switches).lines

        assert days(line) == expected

    @pytest.mark.parametrize("day", ["2026-02-30", "31.03.2026", 20260331, True, 1.5])
    def test_what_is_no_day(self, day):
        """What is no day is a problem of its record."""
        assert problems(billed(dated(day))) == {"Order/O-1": "ON_ServiceDate"}

    def test_start_and_end_of_a_line(self):
        """A line that is billed once and has days of its own is billed by the run of its days."""
        own = product(1, ON_StartDate="2026-03-05", ON_EndDate="2026-03-20")
        later = product(2, ON_StartDate="2026-04-05", ON_EndDate="2026-04-20")
        outcome = billed(order(1, own), order(2, later))

        assert reasons(outcome) == {"Product/P-2": "OUT_OF_PERIOD"}
        assert [line.record for draft in outcome.drafts for line in draft.lines] == ["Product/P-1"]


class TestInstants:
    """Instants become days by the zone and cut-off of the filter."""

    def zoned(self, zone, **fields):
        """Make a filter of orders that reads instants."""
        return orders(fields=bc.FieldSet(days=bc.ServiceDays(zone, **fields)))

    def test_an_instant_without_a_rule(self):
        """An instant is a problem where no zone is named."""
        outcome = billed(dated(datetime(2026, 3, 10, 12, tzinfo=UTC)))

        assert problems(outcome) == {"Order/O-1": "ON_ServiceDate"}

    def test_two_zones(self):
        """One instant is in February in New York and in March in Berlin."""
        moment = datetime(2026, 3, 1, 2, tzinfo=UTC)
        found = [
            len(billed(dated(moment), filters=[self.zoned(zone)]).drafts)
            for zone in (BERLIN, NEW_YORK)
        ]

        assert found == [1, 0]

    def test_the_fact_is_stamped_on_the_line(self):
        """A line says which instant gave its day, in which zone and by which cut-off."""
        chosen = self.zoned(BERLIN, cut_off=time(6))
        draft = the_draft(
            dated("2026-03-29T03:30:00Z"),
            filters=[chosen],
            record_days=bc.RecordDays.SERVICE_DATE,
        )
        (line,) = draft.lines

        # 03:30 UTC is 05:30 in the summer that began that night: before six it is still the 28th.
        assert days(line) == ("2026-03-28", "2026-03-28")
        assert line.origin.facts == (
            ("service date", "2026-03-29T03:30:00+00:00 in Europe/Berlin, day begins 06:00"),
        )

    def test_a_day_needs_no_fact(self):
        """A day that was given as a day leaves no fact."""
        (line,) = the_draft(dated("2026-03-10"), filters=[self.zoned(BERLIN)]).lines

        assert line.origin.facts == ()


def recurring(**fields):
    """Make a record at 100.00 a month from 15 January on."""
    own = {
        "ON_BillingType": "Recurring",
        "ON_BillingPeriod": 1,
        "ON_BillingUnit": "Month",
        "ON_StartDate": "2026-01-15",
    }
    return deal(1, **(own | fields))


def spans(record, period=MARCH, **switches):
    """Give first day, last day and net amount of the lines that a run of a policy bills."""
    outcome = billed(record, period=period, filters=[DEALS], **switches)
    return [(*days(line), str(line.net)) for draft in outcome.drafts for line in draft.lines]


class TestRecurringRecords:
    """Records that recur follow the rules of subscription items."""

    def test_documented(self):
        """By default the first period begins with the run, and one is billed in a run."""
        assert spans(recurring(ON_StartDate="2026-01-01")) == [
            ("2026-03-01", "2026-03-31", "100.00")
        ]

    def test_catching_up(self):
        """A policy that catches up bills each due period from the record's start on."""
        assert spans(recurring(), policy=bc.LEVEL) == [
            ("2026-01-15", "2026-02-14", "100.00"),
            ("2026-02-15", "2026-03-14", "100.00"),
            ("2026-03-15", "2026-04-14", "100.00"),
        ]

    def test_arrears(self):
        """In arrears a period is billed by the run in which it ends."""
        assert spans(recurring(ON_BillingPractice="Arrears"), policy=bc.LEVEL) == [
            ("2026-01-15", "2026-02-14", "100.00"),
            ("2026-02-15", "2026-03-14", "100.00"),
        ]

    def test_a_prorated_end(self):
        """A prorated record costs less for its last days: 15 March to 31 March are 17/31."""
        found = spans(
            recurring(ON_BillingType="Recurring Prorated", ON_EndDate="2026-03-31"), policy=bc.LEVEL
        )

        assert found[-1] == ("2026-03-15", "2026-03-31", "54.84")

    def test_sync_with(self):
        """A record that is aligned with quarters has a short period up to the first border."""
        found = spans(
            recurring(
                ON_BillingPeriod=3,
                ON_StartDate="2025-02-10",
                ON_SyncWith="Start of next quarter",
                ON_BillingType="Recurring Prorated",
            ),
            period=bc.Period.closed("2025-01-01", "2025-06-30"),
            policy=bc.LEVEL,
        )

        # 19 of 28 days of February and March: 1.678571 months; then a quarter
        assert found == [
            ("2025-02-10", "2025-03-31", "167.86"),
            ("2025-04-01", "2025-06-30", "300.00"),
        ]

    @pytest.mark.parametrize("unit", ["Quarter", "quarter"])
    def test_units(self, unit):
        """A unit is read by its word, in any case; a missing number counts one."""
        record = recurring(ON_BillingUnit=unit, ON_BillingPeriod=..., ON_StartDate="2026-01-01")

        assert spans(record, policy=bc.LEVEL) == [("2026-01-01", "2026-03-31", "100.00")]

    def test_numbers_as_text(self):
        """The number of units may come as text or as a decimal without fraction."""
        record = recurring(ON_BillingPeriod="3.0", ON_StartDate="2026-01-01")

        assert spans(record, policy=bc.LEVEL) == [("2026-01-01", "2026-03-31", "300.00")]

    def test_next_invoice(self):
        """What was billed elsewhere before the next service period start is not billed again."""
        assert spans(recurring(ON_NextInvoice="2026-02-15"), policy=bc.LEVEL) == [
            ("2026-02-15", "2026-03-14", "100.00"),
            ("2026-03-15", "2026-04-14", "100.00"),
        ]

    def test_forgiven_periods(self):
        """A policy may waive periods that ended before the run, and remembers that it did."""
        record = recurring(ON_StartDate="2026-01-01")
        store = store_with(record, filters=[DEALS])
        run = generic_run(DEALS, policy=bc.LEVEL.but(catch_up=bc.CatchUp.FORGIVE))
        report = bc.execute(run, store)
        later = bc.execute(generic_run(DEALS, policy=bc.LEVEL), store)

        assert [days(line)[0] for draft in report.drafts for line in draft.lines] == ["2026-03-01"]
        assert report.left_out == {bc.Reason.FORGIVEN: 2}
        assert len(later.drafts) == 0

    def test_the_invoice_field_does_not_end_it(self):
        """A recurring record that has an invoice is billed further."""
        assert len(spans(recurring(ON_Invoice="R-1"), policy=bc.LEVEL)) == 3

    def test_a_draft_blocks_it(self):
        """By default a live draft blocks the next periods, until it is an invoice."""
        store = store_with(recurring(ON_StartDate="2026-01-01"), filters=[DEALS])
        january, february = (generic_run(DEALS, period=month) for month in (JANUARY, FEBRUARY))
        (draft,) = bc.execute(january, store).drafts
        blocked = bc.execute(february, store)
        bc.finalize(draft, store, on="2026-02-01")
        (second,) = bc.execute(february, store).drafts

        assert reasons(blocked) == {"Deal/D-1": "DRAFT_EXISTS"}
        assert days(second.lines[0]) == ("2026-02-01", "2026-02-28")

    def test_repeating_the_run(self):
        """A period that is on an invoice is not billed again."""
        store = store_with(recurring(ON_StartDate="2026-01-01"), filters=[DEALS])
        run = generic_run(DEALS, period=JANUARY)
        (draft,) = bc.execute(run, store).drafts
        invoice = bc.finalize(draft, store, on="2026-02-01")
        again = bc.execute(run, store)

        assert reasons(again) == {"Deal/D-1": "COVERED"}
        assert ("document", invoice.number) in again.exclusions[0].facts

    def test_children_that_recur(self):
        """Children recur on their own, beside others that are billed once."""
        monthly = product(
            1, ON_BillingType="Recurring", ON_BillingUnit="Month", ON_StartDate="2026-01-01"
        )
        store = store_with(order(1, monthly, product(2)))
        counts = []
        for month in (JANUARY, FEBRUARY):
            report = bc.execute(generic_run(period=month), store)
            counts.append([line.record for draft in report.drafts for line in draft.lines])
            for draft in list(report.drafts):
                bc.finalize(draft, store, on=month.last)

        assert counts == [["Product/P-1", "Product/P-2"], ["Product/P-1"]]

    def test_a_one_time_record_with_a_rhythm(self):
        """A record that is billed once but has rhythm, start and end is billed like a prorated one."""
        record = recurring(ON_BillingType=..., ON_StartDate="2026-01-01", ON_EndDate="2026-03-15")

        assert spans(record, policy=bc.LEVEL)[-1] == ("2026-03-01", "2026-03-15", "48.39")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("ON_BillingUnit", "Fortnight"),
            ("ON_BillingUnit", None),
            ("ON_BillingPeriod", 0),
            ("ON_BillingPeriod", "1.5"),
            ("ON_BillingPeriod", "many"),
            ("ON_BillingType", "Sometimes"),
            ("ON_BillingPractice", "Later"),
            ("ON_SyncWith", "Easter"),
            ("ON_StartDate", "soon"),
            ("ON_EndDate", "2025-01-01"),
            ("ON_NextInvoice", "never"),
        ],
    )
    def test_what_is_wrong_is_named(self, field, value):
        """A control field that is wrong is named as the record spells it."""
        outcome = billed(recurring(**{field: value}), filters=[DEALS])

        assert problems(outcome) == {"Deal/D-1": field}

    def test_a_rhythm_that_cannot_be_measured(self):
        """A part of a week, prorated by months, is a problem of its record."""
        record = recurring(
            ON_BillingUnit="Week", ON_BillingType="Recurring Prorated", ON_EndDate="2026-01-17"
        )
        outcome = billed(record, filters=[DEALS], period=JANUARY, policy=bc.LEVEL)

        assert [each.record for each in outcome.problems] == ["Deal/D-1"]
        assert outcome.drafts == ()


def test_a_record_that_was_put_off():
    """A record whose document was too small is billed by a later run, though its date is past."""
    chosen = orders()
    store = bc.MemoryStore(filters=[chosen])
    store.add(bc.Account("acme", currency="EUR"))
    store.add(order(1, product(1), ON_ServiceDate="2026-03-10"))
    policy = bc.DOCUMENTED.but(minimum_amount={"EUR": 30})
    selection = bc.Selection([chosen])
    march, april = (
        bc.InvoiceRun(bc.Period.month(2026, month), policy=policy, selection=selection)
        for month in (3, 4)
    )
    first = bc.execute(march, store)
    store.add(order(2, product(2), ON_ServiceDate="2026-04-10"))
    (draft,) = bc.execute(april, store).drafts

    assert (len(first.drafts), first.excluded) == (0, {bc.Reason.BELOW_MINIMUM: 1})
    assert [(line.record, line.net) for line in draft.lines] == [
        ("Product/P-1", 20),
        ("Product/P-2", 20),
    ]
