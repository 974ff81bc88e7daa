"""P15: slow, and slower with every month of history."""

from __future__ import annotations

import sys

import billingcore as bc
from billingcore.testing.faults import Counting
from tests.field.corpus import Pain, case
from tests.field.desk import invoice, seats, store_of
from tests.unit.engine.records import accounts, run_of

PAIN = Pain(
    "P15",
    "Slow, and slower with history",
    elsewhere="Each run reads all invoices that an account ever had, "
    "or all accounts to find out which are due.",
    here="What is covered is kept as stretches of days: months that follow one another are one. "
    "A run reads an account once, and looks at what is open. "
    "Accounts go one by one, so what a run holds does not grow with their number.",
)


@case(
    "killbill/killbill#1951",
    "killbill/killbill#2073",
    "Zuora",
    gave="All invoices of an account are read to make the next one; "
    "for large accounts it took hours until the first invoice.",
    right="Billing the next month takes as many calls of functions after 240 months as after 12. "
    "Months that follow one another are one claim.",
    own_numbers=True,
    prints="""
    after 12, 60 and 240 months
    claims: 1 1 1
    as many calls: True
    """,
)
def test_each_month_makes_the_next_run_slower():
    """The more invoices an account has, the longer the next one takes."""
    claims, calls = [], []

    def count(frame, event, argument):
        ours = frame.f_globals.get("__name__", "").startswith("billingcore")
        calls[-1] += ours and event == "call"

    for months in (12, 60, 240):
        store = store_of(seats(10), start="2006-01-01")
        for month in range(months):
            invoice(store, bc.Period.month(2006 + month // 12, month % 12 + 1))
        following = bc.InvoiceRun(bc.Period.month(2006 + months // 12, 1))
        claims.append(len(store.snapshot("acme").claims))
        calls.append(0)
        before = sys.getprofile()
        sys.setprofile(count)
        bc.execute(following, store)
        sys.setprofile(before)
    print("after 12, 60 and 240 months")
    print("claims:", *claims)
    print("as many calls:", len(set(calls)) == 1)


@case(
    "OCA/contract#986",
    "killbill/killbill#1454",
    "killbill/killbill#1952",
    "frappe/erpnext#14800",
    "getlago/lago-api#6029",
    gave="Half a minute for an invoice, and queries that grow with everything that there is.",
    own_numbers=True,
)
class TestEachAccountIsReadOnce:
    """Every account is read again and again, or for nothing."""

    def test_so_many_accounts_so_many_reads(self):
        """A run over 50 accounts reads each once; repeated, it reads each once and commits none."""
        store = Counting(accounts(*(f"A-{number:02}" for number in range(50))))

        bc.execute(run_of(), store)
        first, store.calls = store.calls, []
        bc.execute(run_of(), store)

        assert first.count("snapshot") == store.calls.count("snapshot") == 50
        assert first.count("books") == store.calls.count("books") == 0

    def test_one_account_of_many(self):
        """A run that names one account of 50 reads that one alone."""
        store = Counting(accounts(*(f"A-{number:02}" for number in range(50))))
        wanted = bc.Selection(criteria=bc.Criteria(accounts=["A-07"]))
        run = bc.InvoiceRun(bc.Period.month(2026, 3), selection=wanted)

        report = bc.execute(run, store)

        assert [draft.account.id for draft in report.drafts] == ["A-07"]
        assert store.calls.count("snapshot") == 1
