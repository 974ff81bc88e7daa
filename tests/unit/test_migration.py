"""A host moves here from another system: nothing is billed twice, and nothing is lost.

The amounts are worked out by hand. March 2026 has 31 days, April 30.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import billingcore as bc

MONTH_END = bc.Cadence(1, bc.MONTH, anchor=date(2025, 1, 31))
APRIL = bc.InvoiceRun(bc.Period.month(2026, 4), policy=bc.LEVEL)


def store_with(*items, claims=(), usage=()):
    """Give a store with one contract, claims and usage."""
    series = bc.NumberPattern("[Year]-{00000}", reset=bc.Reset.YEARLY, after=["2026-00417"])
    store = bc.MemoryStore(setup=bc.Setup([bc.Template("Default", series=series)]))
    store.add(bc.Account("acme", currency="EUR"))
    store.add(bc.Subscription("S-1", account="acme", start="2025-01-31", items=items))
    store.add_claims("acme", *claims)
    store.add_usage("acme", *usage)
    return store


def recurring(price="310", **fields):
    """Make an item that is billed by the month, with shares, from the last day of a month on."""
    given = {"billing_type": bc.RECURRING_PRORATED, "cadence": MONTH_END, **fields}
    return bc.Item("rent", unit_price=price, **given)


def billed(store, *runs):
    """Bill and finalize runs, and give first day, last day and net amount of each line."""
    found = []
    for run in runs:
        for draft in list(bc.execute(run, store).drafts):
            lines = bc.finalize(draft, store, on=run.period.last).lines
            found += [
                (str(line.service_period.first), str(line.service_period.last), str(line.net))
                for line in lines
            ]
    return found


def month(year, number, policy=bc.LEVEL):
    """Give the run of a month."""
    return bc.InvoiceRun(bc.Period.month(year, number), policy=policy)


class TestOpeningCoverage:
    def test_a_part_and_then_the_old_grid(self):
        """Billed up to 15 March, 15 of 31 days are left, and then periods begin at month ends."""
        store = store_with(recurring(next_service_period_start="2026-03-16"))

        assert billed(store, APRIL, month(2026, 5)) == [
            ("2026-03-16", "2026-03-30", "150.00"),
            ("2026-03-31", "2026-04-29", "310.00"),
            ("2026-04-30", "2026-05-30", "310.00"),
            ("2026-05-31", "2026-06-29", "310.00"),
        ]

    def test_a_period_that_begins_at_a_short_month_end(self):
        """A first day of 28 February belongs to the anchor on the 31st, and nothing drifts."""
        store = store_with(recurring("100", next_service_period_start="2026-02-28"))

        assert billed(store, APRIL) == [
            ("2026-02-28", "2026-03-30", "100.00"),
            ("2026-03-31", "2026-04-29", "100.00"),
            ("2026-04-30", "2026-05-30", "100.00"),
        ]

    def test_documented_bills_the_same_one_a_run(self):
        """One period a run gives the same lines, later."""
        store = store_with(recurring(next_service_period_start="2026-03-16"))
        runs = [month(2026, each, bc.DOCUMENTED) for each in (4, 5, 6)]

        assert billed(store, *runs) == [
            ("2026-03-16", "2026-03-30", "150.00"),
            ("2026-03-31", "2026-04-29", "310.00"),
            ("2026-04-30", "2026-05-30", "310.00"),
        ]

    def test_claims_say_the_same(self):
        """A claim up to the day before does what a first day does."""
        claim = bc.Claim(
            "S-1/rent", bc.Period.closed("2025-01-31", "2026-03-15"), "old", bc.ClaimState.FINAL
        )
        store = store_with(recurring(), claims=[claim])

        assert billed(store, APRIL)[:2] == [
            ("2026-03-16", "2026-03-30", "150.00"),
            ("2026-03-31", "2026-04-29", "310.00"),
        ]

    def test_a_month_that_the_other_system_left_out(self):
        """Claims with a gap leave the gap due, and it is billed once."""
        grid = bc.Cadence(1, bc.MONTH, anchor=date(2025, 2, 1))
        spans = (("2025-02-01", "2026-01-31"), ("2026-03-01", "2026-03-31"))
        claims = [
            bc.Claim("S-1/rent", bc.Period.closed(*days), "old", bc.ClaimState.FINAL)
            for days in spans
        ]
        store = store_with(recurring(cadence=grid, start="2025-02-01"), claims=claims)

        assert billed(store, APRIL, APRIL, month(2026, 5)) == [
            ("2026-02-01", "2026-02-28", "310.00"),
            ("2026-04-01", "2026-04-30", "310.00"),
            ("2026-05-01", "2026-05-31", "310.00"),
        ]

    def test_a_year_in_advance(self):
        """What was billed a year ahead is next billed when that year is over, for a year."""
        yearly = bc.Item(
            "license", unit_price="1200", billing_type=bc.RECURRING,
            cadence=bc.Cadence(1, bc.YEAR, anchor=date(2025, 1, 15)),
            next_service_period_start="2027-01-15",
        )  # fmt: skip
        store = store_with(yearly)

        assert billed(store, APRIL, month(2026, 12)) == []
        assert billed(store, month(2027, 1)) == [("2027-01-15", "2028-01-14", "1200.00")]

    def test_in_arrears(self):
        """An item in arrears that was billed up to 15 March is billed when its period is over."""
        item = recurring(billing_practice=bc.ARREARS, next_service_period_start="2026-03-16")
        store = store_with(item)

        assert billed(store, month(2026, 3)) == [("2026-03-16", "2026-03-30", "150.00")]
        assert billed(store, APRIL) == [("2026-03-31", "2026-04-29", "310.00")]

    def test_one_time_and_usage_that_are_done(self):
        """What a claim names is not billed; what was left over is, with the days before the run."""
        calls = bc.Item("calls", unit_price="0.10", billing_type=bc.TRANSACTIONAL)
        store = store_with(
            bc.Item("setup", unit_price="500"),
            calls,
            claims=[
                bc.Claim("S-1/setup", None, "2025-00012", bc.ClaimState.FINAL),
                bc.Claim("usage/U-1", None, "2026-00400", bc.ClaimState.FINAL),
            ],
            usage=[
                bc.UsageRecord("U-1", "calls", "2026-03-20", 100),
                bc.UsageRecord("U-2", "calls", "2026-03-28", 40),
                bc.UsageRecord("U-3", "calls", "2026-04-02", 30),
            ],
        )

        assert billed(store, APRIL) == [("2026-03-28", "2026-04-02", "7.00")]
        assert bc.why_not(APRIL, store.snapshot("acme"), "setup").reason is (
            bc.Reason.ONE_TIME_DONE
        )

    def test_a_canceled_first_invoice(self):
        """Canceling the first invoice makes due what it billed, and nothing of the other system."""
        store = store_with(recurring(next_service_period_start="2026-03-16"))
        first = billed(store, APRIL)
        (invoice,) = store.invoices()
        undone = bc.cancel(invoice.number, store.books("acme"))
        bc.finalize(undone, store, on="2026-04-30")

        assert billed(store, APRIL) == first


class TestNumbers:
    def test_the_series_goes_on(self):
        """The first number is behind the last of the other system; the next year begins anew."""
        store = store_with(
            bc.Item("a", unit_price=1), recurring(next_service_period_start="2027-01-31")
        )

        billed(store, APRIL, month(2027, 1))

        assert [each.number for each in store.invoices()] == ["2026-00418", "2027-00001"]


class TestChains:
    def test_a_half_invoiced_agreement(self):
        """7000 of 10000 are claimed by now: 3000 are new, and the final asks for what is left."""
        store = store_with()
        part = bc.TaxAmount(bc.Tax("DE_19", rate=19), Decimal(4000), Decimal(760))
        store.put_earlier("acme", bc.ChainDocument(
            "2026-00333", kind=bc.InvoiceKind.PROGRESS, key="hall", date="2026-02-15",
            currency="EUR", invoiced=[part], paid=[part],
        ))  # fmt: skip
        table = bc.TaxTable({"DE_19": 19})
        store.tax = table
        hall = bc.Project(
            "hall", store.books("acme").account,
            [bc.Item("hall", unit_price="10000", tax_code="DE_19")],
            period=bc.Period.closed("2026-01-01", "2026-06-30"), tax=table, setup=store.setup,
        )  # fmt: skip

        claim = bc.finalize(
            bc.claim(hall, store.books("acme"), completion=70), store, on="2026-04-30"
        )

        assert (claim.number, claim.totals.net, claim.totals.gross) == (
            "2026-00418",
            Decimal("3000.00"),
            Decimal("3570.00"),
        )
        last = bc.final(hall, store.books("acme"))
        assert [each.number for each in last.deductions] == ["2026-00333", "2026-00418"]
        assert last.totals.due == Decimal(
            "7140.00"
        )  # 11900 - 4760; the open claim is asked for anew
