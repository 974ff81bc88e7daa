"""P17: one bad record spoils a whole run."""

from __future__ import annotations

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import seats
from tests.unit.engine.records import contract, monthly, run_of

PAIN = Pain(
    "P17",
    "One bad record spoils the run",
    elsewhere="An error ends the job or its batch. "
    "People set the batch size to one to find the culprit, and repeat a night.",
    here="A record that is wrong is a problem with its name, the field and what to do. "
    "It costs its own line, and all others are billed. "
    "A recovery looks at the accounts that failed, and at no other.",
)


@case(
    "killbill/killbill#2208",
    "killbill/killbill#2233",
    "Zuora",
    "JustOn",
    gave="Failures were only logged, or any error meant to repeat a run of ten hours.",
    right="Of 100 contracts at 10.00, one has a tax code that nobody knows: 99 drafts. "
    "Mended, the recovery bills that one.",
    own_numbers=True,
    prints="""
    99 drafts, 990.00
    account A-42, S-42/seats: tax_code = '?': unknown tax code '?'; add it to the table; known: 19
    recovered: ['A-42']
    """,
)
def test_one_record_ends_the_run():
    """One wrong record among a hundred ends the run, or is found in a log if at all."""
    store = bc.MemoryStore(tax=bc.TaxTable({"19": 19}))
    for name in (f"{number:02}" for number in range(100)):
        item = seats(10, tax_code="?" if name == "42" else "19")
        agreed = bc.Subscription(f"S-{name}", account=f"A-{name}", start="2026-01-01", items=[item])
        store.add(bc.Account(f"A-{name}", currency="EUR"), agreed)

    report = bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1)), store)
    print(f"{len(report.drafts)} drafts, {report.totals['EUR'].net}")
    for problem in report.problems:
        print(problem)
    mended = seats(10, tax_code="19")
    store.change(bc.Subscription("S-42", account="A-42", start="2026-01-01", items=[mended]))
    again = bc.recover(report.run.id, store)
    print("recovered:", [draft.account.id for draft in again.drafts])


@case(
    "Zuora",
    "killbill/killbill#2208",
    "OCA/contract#1473",
    gave="A night run that any error repeats.",
    own_numbers=True,
)
class TestOneBadRecord:
    """One bad record costs all others their invoice."""

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
