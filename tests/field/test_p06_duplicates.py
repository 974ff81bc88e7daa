"""P6: a run that is repeated bills again."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.testing import check_claims, check_repetition
from tests.field.corpus import Pain, case
from tests.field.runs import billed
from tests.unit.engine.records import contract, finalize_all, monthly, once, run_of, store_of

PAIN = Pain(
    "P6",
    "Duplicate invoices when a run is repeated",
    elsewhere="A date or a flag says what was billed, and something forgets to move it. "
    "Guards compare dates of invoices, are mended, and are mended again.",
    here="What is billed is known from the lines of documents, and each says what it covers. "
    "What is covered cannot be proposed, and a store refuses it once more. "
    "So a run can be repeated at any time.",
)


@case(
    "frappe/erpnext#33556",
    "frappe/erpnext#28236",
    gave="900 monthly subscriptions had an invoice each hour.",
    right="900 subscriptions of 10.00 (our own price) are 900 invoices a month, "
    "9,000.00, however often the job runs.",
    prints="""
    made by 24 runs: 900
    invoices: 900, together 9000.00
    """,
)
def test_an_invoice_each_hour():
    """A job that runs each hour makes an invoice each hour instead of each month."""
    store = bc.MemoryStore()
    for number in range(900):
        seat = bc.Item("seat", unit_price=10, billing_type=bc.RECURRING, cadence=bc.monthly())
        name = f"A-{number:03}"
        monthly = bc.Subscription(f"S-{name}", account=name, start="2022-01-01", items=[seat])
        store.add(bc.Account(name, currency="EUR"), monthly)

    january = bc.InvoiceRun(bc.Period.month(2023, 1))
    made = 0
    for hour in range(24):
        made += len(bc.execute(january, store).drafts)
        if hour == 12:
            bc.finalize_all(store.drafts(), store, on="2023-01-31")
    print("made by 24 runs:", made)
    invoices = list(store.invoices())
    print(f"invoices: {len(invoices)}, together {sum(each.totals.net for each in invoices)}")


@case(
    "OCA/contract#1473",
    gave="The job died in the middle of a batch, and had to be run again.",
    right="Of five contracts at 10.00, the run commits two before the process is gone. "
    "The run again bills the other three. In all there are five drafts, 50.00.",
    own_numbers=True,
    prints="""
    dead after 2
    again: ['A-2', 'A-3', 'A-4']
    drafts: 5, together 50.00
    """,
)
def test_a_job_dies_halfway():
    """A job dies halfway, and running it again bills the first half twice or the rest never."""
    store = bc.MemoryStore()
    for number in range(5):
        seat = bc.Item("seat", unit_price=10, billing_type=bc.RECURRING, cadence=bc.monthly())
        name = f"A-{number}"
        monthly = bc.Subscription(f"S-{name}", account=name, start="2026-01-01", items=[seat])
        store.add(bc.Account(name, currency="EUR"), monthly)

    january = bc.InvoiceRun(bc.Period.month(2026, 1))
    loop = iter(bc.Execution(january, store, window=1, owner="job"))
    next(loop), next(loop)  # and the process is gone
    print("dead after", len(list(store.drafts())))
    again = bc.execute(january, store, owner="job")
    print("again:", [draft.account.id for draft in again.drafts])
    drafts = list(store.drafts())
    print(f"drafts: {len(drafts)}, together {sum(each.totals.net for each in drafts)}")


@case(
    "frappe/erpnext#28179",
    "frappe/erpnext#28253",
    "getlago/lago-api#1086",
    "getlago/lago-api#1110",
    "getlago/lago-api#1203",
    "getlago/lago-api#1484",
    "getlago/lago-api#1988",
    "OCA/contract#1473",
    "invoiceninja/invoiceninja#9997",
    gave="An invoice per click or per hour, and a guard that was mended four times.",
    own_numbers=True,
)
class TestRunsThatAreRepeated:
    """What was billed is billed again when the job runs again or died halfway."""

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
