"""A re-run bills what a run left, as it was configured then, and nothing else."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.testing import canonical
from tests.unit.engine.metering import calls, used
from tests.unit.engine.records import (
    JANUARY,
    MARCH,
    VAT,
    accounts,
    contract,
    monthly,
    once,
    run_of,
    store_of,
)
from tests.unit.engine.sources import BOTH, deal, generic_run, order, product
from tests.unit.runs.leaving import drafted, ids, left

RUN = "2026-03-01..2026-03-31"


def test_a_discarded_draft_comes_back_identical():
    """Id, lines, keys and amounts of the draft are what they were, to the byte."""
    items = [monthly("a", "9.99", tax_code="19", quantity="1.5"), once("b", tax_code="7")]
    store = store_of(contract(*items, order_discount=bc.Discount.percent("3.333")))
    (draft,) = bc.execute(run_of(), store).drafts
    store.discard(draft.id)
    (again,) = bc.rerun("latest", store, ["S-1"]).drafts

    assert again == draft
    assert canonical(again) == canonical(draft)


def test_subscriptions_are_chosen():
    """With subscriptions in scope it has to be said what is restored."""
    store = drafted("a")
    with pytest.raises(bc.InvalidInputError, match=r"records=\[...\], or records=ALL"):
        bc.rerun("latest", store)


def test_records_need_no_choice():
    """Without subscriptions in scope all that is left is billed."""
    store = bc.MemoryStore(tax=VAT, filters=BOTH)
    store.add(bc.Account("acme", currency="EUR"), order(1, product(1)), deal())
    only_records = bc.Selection(BOTH, has_subscriptions=False)
    for draft in bc.execute(run_of(selection=only_records), store).drafts:
        store.discard(draft.id)
    (draft,) = bc.rerun("latest", store).drafts

    assert {line.record for line in draft.lines} == {"Product/P-1", "Deal/D-1"}


def test_one_text_is_no_choice():
    """A name in the place of a list of names is refused."""
    with pytest.raises(bc.InvalidInputError, match="one text"):
        bc.rerun("latest", drafted("a"), "S-a")


@pytest.mark.parametrize(
    "choose",
    [lambda found: found[1:], lambda found: [each.name for each in found[1:]]],
    ids=["records", "names"],
)
def test_only_what_is_chosen_is_billed(choose):
    """Of three contracts that remain, the two that are chosen are billed."""
    store = drafted("a", "b", "c")
    for draft in list(store.drafts()):
        store.discard(draft.id)
    report = bc.rerun("latest", store, choose(list(bc.remaining("latest", store))))

    assert ids(report) == ["b", "c"]
    assert left(store) == ["S-a"]


def test_remaining_records_name_their_accounts():
    """The accounts of what is chosen are looked at, and no others; names look at all."""
    store = drafted("a", "b", "c")
    store.discard(f"{RUN}/b/S-b")
    found = list(bc.remaining("latest", store))

    assert bc.rerun("latest", store, found).record.accounts == 1
    assert bc.rerun("latest", store, ["S-b"]).record.accounts == 3


def test_all_that_is_left():
    """`ALL` chooses everything that remains."""
    store = drafted("a", "b", "c")
    store.discard(f"{RUN}/a/S-a")
    store.discard(f"{RUN}/c/S-c")

    assert ids(bc.rerun("latest", store, bc.ALL)) == ["a", "c"]


def test_drafts_that_are_there_stay():
    """An edited draft is as it was, also when all that is left is billed."""
    store = drafted("a", "b")
    edited = store.put(bc.edit.change_line(store.draft(f"{RUN}/a/S-a"), 1, quantity=7))
    store.discard(f"{RUN}/b/S-b")
    bc.rerun("latest", store, bc.ALL)

    assert store.draft(edited.id) == edited


def test_usage_joins_no_draft_that_is_there():
    """New usage, which the run itself would add to its draft, makes a draft of its own."""
    store = store_of(contract(calls()))
    store.add_usage("acme", used("U-1", "2026-03-05", 2))
    (draft,) = bc.execute(run_of(), store).drafts
    store.add_usage("acme", used("U-2", "2026-03-06", 3))
    (other,) = bc.rerun("latest", store, bc.ALL).drafts

    assert store.draft(draft.id) == draft
    assert (draft.totals.net, other.totals.net) == (20, 30)
    assert other.id != draft.id


def test_records_join_no_draft_that_is_there():
    """A new order, which the run itself would put on its draft, gets a draft of its own."""
    store = bc.MemoryStore(tax=VAT, filters=BOTH)
    store.add(bc.Account("acme", currency="EUR"), order(1, product(1)))
    (draft,) = bc.execute(generic_run(), store).drafts
    store.add(order(2, product(2)))
    (other,) = bc.rerun("latest", store, bc.ALL).drafts

    assert store.draft(draft.id) == draft
    assert [line.record for line in other.lines] == ["Product/P-2"]


def test_any_run():
    """An older run is repeated by its id, with its own period."""
    store = accounts("a")
    for period in (JANUARY, MARCH):
        bc.execute(run_of(period), store)
        (draft,) = store.drafts()
        store.discard(draft.id)
    (draft,) = bc.rerun("2026-01-01..2026-01-31", store, bc.ALL).drafts

    assert str(draft.lines[0].service_period) == "2026-01-01/2026-02-01"


def test_an_execution_of_a_run():
    """The id of one execution names its run."""
    store = drafted("a")
    store.discard(f"{RUN}/a/S-a")

    assert ids(bc.rerun(f"{RUN}#1", store, bc.ALL)) == ["a"]


def test_the_run_itself():
    """A run that is given as a value is repeated as it is."""
    store = drafted("a")
    store.discard(f"{RUN}/a/S-a")

    assert ids(bc.rerun(run_of(), store, bc.ALL)) == ["a"]


def test_as_it_was_configured():
    """Policy, invoice date and filters are those of the run."""
    only_b = bc.Filter("Only b", lambda contract: contract.account == "b")
    store = accounts("a", "b")
    run = run_of(policy=bc.LEVEL, invoice_date="2026-04-15", selection=bc.Selection([only_b]))
    (draft,) = bc.execute(run, store).drafts
    store.discard(draft.id)
    report = bc.rerun(run.id, store, bc.ALL)
    (again,) = report.drafts

    assert (again.account.id, str(again.invoice_date)) == ("b", "2026-04-15")
    assert [str(line.service_period.first) for line in again.lines] == [
        "2026-01-01",
        "2026-02-01",
        "2026-03-01",
    ]
    assert report.run.policy == bc.LEVEL


def test_it_is_an_execution_of_the_run():
    """It has the run's id, a number and a status of its own, and says what it repeats."""
    store = accounts("a", "b")
    store.change(contract(monthly(tax_code="?"), id="S-b", account="b"))
    bc.execute(run_of(), store)
    store.discard(f"{RUN}/a/S-a")
    bc.rerun("latest", store, ["S-a"])
    first, second = store.runs()

    assert (first.status.value, second.status.value) == ("Failed", "Completed")
    assert (second.id, second.of, second.kind) == (f"{RUN}#2", f"{RUN}#1", bc.RunKind.RECOVERY)


def test_what_was_not_chosen_keeps_its_error():
    """The store still knows what is wrong with the records that were not chosen."""
    wrong = [contract(monthly(tax_code="?"), id=name) for name in ("S-1", "S/2", "S-3")]
    store = store_of(*wrong)
    bc.execute(run_of(), store)
    store.change(
        contract(monthly(tax_code="19"), id="S-1"), contract(monthly(tax_code="7"), id="S/2")
    )
    report = bc.rerun("latest", store, ["S-1", "S/2"])

    assert (len(report.drafts), report.problems) == (2, [])
    assert [each.record for each in store.failures(RUN)] == ["S-3/seats"]


def test_an_account_that_can_be_read_again():
    """Chosen by its id, all that is left of it is billed, and nothing of others."""
    store, snapshot = accounts("a", "b"), bc.MemoryStore.snapshot

    def broken(account):
        if account == "b":
            raise bc.PortError("disk error", port="Source")
        return snapshot(store, account)

    store.snapshot = broken
    bc.execute(run_of(), store)
    store.discard(f"{RUN}/a/S-a")
    whole = [each for each in bc.remaining("latest", store) if each.name == "b"]
    del store.snapshot

    assert ids(bc.rerun("latest", store, whole)) == ["b"]
    assert left(store) == ["S-a"]
    assert list(store.failures(RUN)) == []
