"""The store that remembers: records, drafts, invoices, and what it refuses."""

from __future__ import annotations

import pytest
from attrs import evolve

import billingcore as bc
from tests.unit.engine.records import (
    ACME,
    JANUARY,
    MARCH,
    contract,
    draft_of,
    finalize_all,
    monthly,
    once,
    run_of,
    store_of,
)


def test_a_new_store_knows_no_tax_code():
    """Without a tax engine a tax code is a problem, and an item without one is billed."""
    store = bc.MemoryStore()
    store.add(ACME, contract(monthly("a", tax_code="19"), monthly("b")))
    report = bc.execute(run_of(), store)

    assert [problem.record for problem in report.problems] == ["S-1/a"]
    assert (report.lines, report.untaxed_lines) == (1, 1)


@pytest.mark.parametrize("record", [ACME, contract(monthly())], ids=["account", "subscription"])
def test_a_record_is_added_once(record):
    """A second record of the same id is refused, and names the method that changes it."""
    store = store_of(contract(monthly()))

    with pytest.raises(bc.InvalidInputError, match=r"there already; use store\.change"):
        store.add(record)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda store: store.add(contract(monthly(), account="zeta")), "no such account"),
        (lambda store: store.change(bc.Account("zeta", currency="EUR")), "no such account"),
        (lambda store: store.change(contract(monthly(), id="S-2")), "no such subscription"),
        (lambda store: store.change(contract(monthly(), account="zeta")), "no such subscription"),
        (lambda store: store.snapshot("zeta"), "no such account"),
        (lambda store: store.add_claims("zeta"), "no such account"),
        (lambda store: store.draft("x"), "no live draft of this id; it was discarded"),
        (lambda store: store.discard("x"), "no live draft of this id"),
        (lambda store: store.invoice("x"), "no invoice of this number"),
    ],
    ids=[
        "subscription of no account",
        "change of no account",
        "change of no subscription",
        "change of the account",
        "snapshot",
        "claims",
        "draft",
        "discard",
        "invoice",
    ],
)
def test_what_is_not_there(change, rule):
    """Whatever a store does not know is refused with what is missing."""
    store = store_of()
    if "change of the account" in rule:
        store.add(bc.Account("zeta", currency="EUR"))

    with pytest.raises(bc.InvalidInputError, match=rule):
        change(store)


def test_a_subscription_stays_with_its_account():
    """A changed subscription cannot move to another account."""
    store = store_of(contract(monthly()))
    store.add(bc.Account("zeta", currency="EUR"))

    with pytest.raises(bc.InvalidInputError, match="no such subscription of this account"):
        store.change(contract(monthly(), account="zeta"))


def test_records_are_changed():
    """A changed record is billed as it is now; an older draft shows what was."""
    store = store_of(contract(monthly()))
    bc.execute(run_of(), store)
    store.change(contract(monthly(price=20)), bc.Account("acme", name="New", currency="EUR"))
    old, new = *store.drafts(), *bc.plan(run_of(policy=bc.LEVEL), store)

    assert (old.account.name, old.totals.net) == ("Acme GmbH", 10)
    assert (new.drafts[0].account.name, new.drafts[0].totals.net) == ("New", 40)


def test_every_change_moves_the_revision():
    """Whatever changes an account moves its revision, so that stale outcomes are refused."""
    store = store_of()
    seen = [store.snapshot("acme").revision]

    def note():
        seen.append(store.snapshot("acme").revision)

    store.add(contract(monthly()))
    note()
    store.change(contract(monthly(price=20)))
    note()
    store.change(ACME)
    note()
    store.add_claims("acme", bc.Claim("S-1/old", JANUARY, "x", bc.ClaimState.FINAL))
    note()
    (draft,) = bc.execute(run_of(), store).drafts
    note()
    store.put(bc.edit.change_line(draft, 1, quantity=2))
    note()
    store.discard(draft.id)
    note()
    bc.execute(run_of(), store)
    note()
    finalize_all(store)
    note()

    assert seen == sorted(set(seen))
    assert len(seen) == 10


def test_nothing_to_keep_moves_nothing():
    """An outcome without drafts or decisions is accepted in any revision, and changes nothing."""
    store = store_of(contract(monthly(active=False)))
    (outcome,) = bc.plan(run_of(), store)
    store.change(ACME)
    before = store.snapshot("acme").revision

    assert store.commit([outcome]) == []
    assert store.snapshot("acme").revision == before


def test_a_stale_outcome_is_refused():
    """What was billed from another revision is refused as a whole, by the account's name."""
    store = store_of(contract(monthly()))
    (outcome,) = bc.plan(run_of(), store)

    assert store.commit([outcome]) == []
    assert store.commit([outcome]) == ["acme"]
    assert len(list(store.drafts())) == 1


def test_claims_from_elsewhere_are_honored():
    """Days that were billed before this store was used are not billed again."""
    store = store_of(contract(monthly()))
    store.add_claims("acme", bc.Claim("S-1/seats", JANUARY, "old-7", bc.ClaimState.FINAL))
    exclusion = bc.why_not(run_of(JANUARY), store.snapshot("acme"), "seats")

    assert (exclusion.reason, dict(exclusion.facts)) == (
        bc.Reason.COVERED,
        {"document": "old-7"},
    )


@pytest.mark.parametrize(
    ("period", "state", "field"),
    [
        (bc.Period("2026-01-01", None), bc.ClaimState.FINAL, "period"),
        ("January", bc.ClaimState.FINAL, "period"),
        (JANUARY, "final?", "state"),
    ],
    ids=["open end", "text", "state"],
)
def test_wrong_claims(period, state, field):
    """A claim from elsewhere that cannot be right is refused, with its field."""
    store = store_of()

    with pytest.raises(bc.InvalidInputError, match=field):
        store.add_claims("acme", bc.Claim("S-1/seats", period, "old-7", state))
    assert store.snapshot("acme").claims == ()


def test_drafts_by_hand_are_kept():
    """A draft by hand is stored in its first version, found by its id, and discarded."""
    store = store_of()
    kept = store.put(draft_of(once()))

    assert (kept.version, store.draft(kept.id)) == (1, kept)
    assert list(store.drafts()) == [kept]
    store.discard(kept.id)
    assert list(store.drafts()) == []


def test_versions_follow_each_other():
    """Of two edits of one draft the second is refused; made of the stored one it is kept."""
    store = store_of(contract(monthly()))
    bc.execute(run_of(), store)
    (draft,) = store.drafts()
    mine = bc.edit.change_line(draft, 1, quantity=2)
    theirs = bc.edit.change_line(draft, 1, quantity=3)
    kept = store.put(mine)

    with pytest.raises(bc.ConflictError, match="version 2 is stored"):
        store.put(theirs)
    assert store.draft(draft.id) == kept
    assert (kept.version, kept.line(1).quantity) == (2, 2)
    assert store.put(bc.edit.change_line(kept, 1, quantity=3)).version == 3


def test_an_edit_of_a_discarded_draft_is_refused():
    """An edited draft whose original was discarded is a conflict."""
    store = store_of(contract(monthly()))
    (draft,) = bc.execute(run_of(), store).drafts
    store.discard(draft.id)

    with pytest.raises(bc.ConflictError, match="none is stored"):
        store.put(bc.edit.change_line(draft, 1, quantity=2))


def test_a_new_draft_of_a_known_id_is_refused():
    """A draft that was never stored does not replace a stored one of the same id."""
    store = store_of()
    store.put(draft_of(once(), reference="A"))

    with pytest.raises(bc.ConflictError, match="it was new, now version 1 is stored"):
        store.put(draft_of(once(), reference="A"))


@pytest.mark.parametrize(
    ("item", "label"),
    [(monthly("x"), "2026-03-01/2026-04-01"), (once("x"), "once")],
    ids=["days", "once"],
)
def test_what_is_covered_cannot_be_put(item, label):
    """A discarded draft cannot come back when another document bills what it covers."""
    store = store_of(contract(item))
    (draft,) = bc.execute(run_of(), store).drafts
    store.discard(draft.id)
    bc.execute(run_of(id="another run"), store)
    back = evolve_version(draft, 0)

    with pytest.raises(bc.ConflictError, match=f"S-1/x is billed already for {label}"):
        store.put(back)
    with pytest.raises(bc.ConflictError, match="is billed already"):
        bc.finalize(back, store, on="2026-04-01")


def evolve_version(draft, version):
    """Give a draft as if it had been made of another version."""
    from billingcore.values.sealing import changed

    return changed(draft, version=version)


def test_what_is_free_can_be_put_back():
    """A discarded draft may be put back while nobody bills what it covers."""
    store = store_of(contract(monthly("a"), once("b")), contract(monthly("c"), id="S-2"))
    first, _ = bc.execute(run_of(), store).drafts
    store.discard(first.id)
    kept = store.put(evolve_version(first, 0))

    assert kept.claims == first.claims


def test_a_draft_of_an_invoice_is_gone():
    """A draft that became an invoice is no live draft; the error names the invoice."""
    store = store_of(contract(monthly()))
    (draft,) = bc.execute(run_of(), store).drafts
    finalize_all(store)

    with pytest.raises(bc.InvalidInputError, match="it is invoice 2026-00001"):
        store.draft(draft.id)


def test_accounts_and_documents_have_their_order():
    """Accounts come as they were added, drafts by id, invoices as they were finalized."""
    store = bc.MemoryStore()
    for name in ("z", "a", "m"):
        store.add(bc.Account(name, currency="EUR"))
        store.add(contract(monthly(), id=f"S-{name}", account=name))
    bc.execute(run_of(), store)
    by_id = [draft.account.id for draft in store.drafts()]
    for name in ("m", "z"):
        (draft,) = (draft for draft in store.drafts() if draft.account.id == name)
        bc.finalize(draft, store, on="2026-04-01")

    assert list(store.accounts()) == ["z", "a", "m"]
    assert by_id == ["a", "m", "z"]
    assert [invoice.account.id for invoice in store.invoices()] == ["m", "z"]


def test_a_snapshot_is_checked():
    """A source that hands in a foreign contract, or one twice, is told which."""
    foreign = contract(monthly(), account="zeta")

    with pytest.raises(bc.InvalidInputError, match="given to account 'acme'"):
        bc.AccountSnapshot(ACME, [foreign])
    with pytest.raises(bc.InvalidInputError, match="two have the same id"):
        bc.AccountSnapshot(ACME, [contract(monthly()), contract(monthly())])


def test_migrated_starts():
    """What a source says was billed elsewhere is honored as where coverage begins."""
    item = monthly(next_service_period_start="2026-03-10")
    (draft,) = bc.execute(run_of(MARCH), store_of(contract(item))).drafts

    assert str(draft.lines[0].service_period) == "2026-03-10/2026-04-10"
    assert evolve(item, next_service_period_start=None).next_service_period_start is None
