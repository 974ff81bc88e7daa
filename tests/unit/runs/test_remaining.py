"""What a run left: due in it, and on no live document now."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.engine.records import (
    VAT,
    accounts,
    contract,
    finalize_all,
    monthly,
    run_of,
    store_of,
)
from tests.unit.engine.sources import BOTH, deal, generic_run, order, product
from tests.unit.runs.leaving import drafted, left

RUN = "2026-03-01..2026-03-31"


class Unsteady:
    """A tax engine, and a source, that can be offline."""

    def __init__(self):
        self.is_offline = True

    def taxes(self, questions, purpose):
        if self.is_offline:
            raise bc.PortError("no connection", port="TaxEngine", is_retryable=True)
        return VAT.taxes(questions, purpose)


class TestWhatIsRemaining:
    """What was in scope and due, and is on no live document now."""

    def test_nothing_is_left_of_a_run_that_went_well(self):
        """What is on a draft or on an invoice is not remaining."""
        store = drafted("a", "b")
        bc.finalize(next(store.drafts()), store, on="2026-04-01")

        assert left(store) == []

    def test_a_discarded_draft(self):
        """Its contract is remaining, with its items, and nothing was wrong with it."""
        store = store_of(contract(monthly("a"), monthly("b")), contract(monthly(), id="S-2"))
        draft = bc.execute(run_of(), store).drafts[0]
        store.discard(draft.id)
        (one,) = bc.remaining("latest", store)

        assert (one.account, one.name, one.positions) == ("acme", "S-1", ("S-1/a", "S-1/b"))
        assert one.last_error is None
        assert str(one) == "account acme, S-1: S-1/a, S-1/b"

    def test_a_canceled_invoice(self):
        """What a canceled invoice billed is due again, and remains of the run that billed it."""
        store = store_of(contract(monthly()))
        bc.execute(run_of(), store)
        (number,) = finalize_all(store)
        undone = bc.cancel(number, store.books("acme"), reason="Wrong")
        bc.finalize(undone, store, on="2026-04-02")

        assert left(store) == ["S-1"]

    def test_a_record_that_is_wrong(self):
        """It remains with what is wrong with it."""
        store = store_of(contract(monthly("a", tax_code="19"), monthly("b", tax_code="?")))
        bc.execute(run_of(), store)
        (one,) = bc.remaining("latest", store)

        assert (one.name, one.positions) == ("S-1/b", ("S-1/b",))
        assert one.last_error.message == "tax_code = '?': unknown tax code '?'"
        assert str(one) == f"account acme, S-1/b: S-1/b; {one.last_error}"

    def test_a_record_that_was_mended(self):
        """It remains, since it is on no document, with what was wrong with it in the run."""
        store = store_of(contract(monthly(tax_code="?")))
        bc.execute(run_of(), store)
        store.change(contract(monthly(tax_code="19")))
        (one,) = bc.remaining("latest", store)

        assert (one.name, one.positions) == ("S-1", ("S-1/seats",))
        assert "unknown tax code '?'" in one.last_error.message

    def test_trouble_that_has_passed(self):
        """What failed since the tax engine was offline remains, with that error, when it is not."""
        tax = Unsteady()
        store = drafted("a", "b", tax=tax)
        tax.is_offline = False
        found = list(bc.remaining("latest", store))

        assert [each.name for each in found] == ["S-a", "S-b"]
        assert {each.last_error.message for each in found} == {"TaxEngine: no connection"}

    def test_an_account_that_cannot_be_read(self):
        """It remains as a whole, by its own id."""
        store, snapshot = drafted("a", "b"), bc.MemoryStore.snapshot

        def broken(account):
            if account == "b":
                raise bc.PortError("disk error", port="Source")
            return snapshot(store, account)

        store.snapshot = broken
        (one,) = bc.remaining("latest", store)

        assert (one.account, one.name, one.positions) == ("b", "b", ("b",))
        assert "disk error" in str(one)

    @pytest.mark.parametrize(
        "item",
        [
            monthly(quantity=0),
            monthly(active=False),
            monthly(start="2026-04-01"),
            monthly(cadence=bc.quarterly(), start="2026-02-01", billing_practice=bc.ARREARS),
        ],
        ids=["zero quantity", "inactive", "out of period", "not due"],
    )
    def test_what_is_not_due_is_not_remaining(self, item):
        """What the rules leave out has a reason in the run, and is not remaining."""
        store = store_of(contract(item))
        report = bc.execute(run_of(), store)

        assert report.excluded.total() == 1
        assert left(store) == []

    def test_what_another_run_billed_is_not_remaining(self):
        """A contract that a run of its own billed since is not remaining of the first one."""
        store = drafted("a", "b")
        for draft in list(store.drafts()):
            store.discard(draft.id)
        bc.execute(run_of(id="again", only=["S-a"]), store)

        assert left(store, RUN) == ["S-b"]

    def test_what_its_filter_leaves_out_is_not_remaining(self):
        """A re-run has the filter of the run, and so has what remains of it."""
        only_b = bc.Filter("Only b", lambda contract: contract.account == "b")
        store = accounts("a", "b")
        report = bc.execute(run_of(selection=bc.Selection([only_b])), store)
        for draft in report.drafts:
            store.discard(draft.id)

        assert left(store) == ["S-b"]

    def test_what_its_criteria_leave_out_is_not_remaining(self):
        """Accounts outside the criteria of the run are not looked at."""
        store = accounts("a", "b")
        criteria = bc.Criteria(accounts=["b"])
        report = bc.execute(run_of(selection=bc.Selection(criteria=criteria)), store)
        store.discard(report.draft_ids[0])

        assert left(store) == ["S-b"]

    def test_a_record_of_the_host(self):
        """An order remains under its name, with all that is left of it."""
        store = bc.MemoryStore(tax=VAT, filters=BOTH)
        store.add(bc.Account("acme", currency="EUR"), order(1, product(1), product(2)), deal())
        report = bc.execute(generic_run(), store)
        for draft in report.drafts:
            store.discard(draft.id)
        found = {each.name: each.positions for each in bc.remaining("latest", store)}

        assert found == {
            "Order/O-1": ("Product/P-1", "Product/P-2"),
            "Deal/D-1": ("Deal/D-1",),
        }

    def test_an_order_that_is_wrong(self):
        """An order of which one line is wrong remains as a whole, and so is chosen."""
        store = bc.MemoryStore(tax=VAT, filters=BOTH)
        wrong = order(1, product(1, ON_TaxCode="?"), product(2))
        store.add(bc.Account("acme", currency="EUR"), wrong)
        report = bc.execute(generic_run(), store)
        (one,) = bc.remaining("latest", store)
        assert (one.name, one.positions) == ("Order/O-1", ("Product/P-1",))

        store.change(order(1, product(1, ON_TaxCode="19"), product(2)))
        (draft,) = bc.rerun("latest", store, [one]).drafts
        assert [line.record for line in draft.lines] == ["Product/P-1", "Product/P-2"]
        assert left(store) == list(store.failures(report.run.id)) == []

    def test_it_looks_only(self):
        """Asking what remains stores nothing, and begins no execution."""
        store = drafted("a")
        store.discard(f"{RUN}/a/S-a")
        left(store)

        assert (list(store.drafts()), len(list(store.runs()))) == ([], 1)

    @pytest.mark.parametrize("run", ["latest", "2026-01-01"], ids=["latest", "id"])
    def test_a_run_that_never_was(self, run):
        """Without such a run there is nothing to ask for."""
        with pytest.raises(bc.InvalidInputError, match="no such run was executed"):
            left(accounts("a"), run)

    def test_a_run_that_is_misspelled(self):
        """The error says which run may be meant."""
        with pytest.raises(bc.InvalidInputError, match=r"did you mean 2026-03-01..2026-03-31"):
            left(drafted("a"), "2026-03-01..2026-03-30")
