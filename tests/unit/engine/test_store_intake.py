"""What a store in memory takes in: all of a call or nothing, and never what is no record."""

from __future__ import annotations

from functools import partial

import pytest
from attrs import evolve

import billingcore as bc
from billingcore import testing
from tests.unit.engine.records import ACME, JANUARY, contract, monthly, run_of, store_of

BORG = bc.Account("borg", currency="EUR")
USED = bc.UsageRecord("U-1", "calls", "2026-01-10", 5)
CALLS = bc.Item("calls", unit_price=1, billing_type=bc.TRANSACTIONAL)
FINAL = bc.ClaimState.FINAL


@pytest.mark.parametrize(
    ("record", "fix"),
    [
        ([ACME], r"'list'.*store\.add\(\*records\)"),
        (None, r"None.*store\.add\(\*records\)"),
        ("acme", r"'acme'.*store\.add\(\*records\)"),
        (USED, r"'UsageRecord'.*store\.add_usage\(account, record\)"),
    ],
    ids=["list", "nothing", "text", "usage"],
)
@pytest.mark.parametrize("method", ["add", "change"])
def test_what_is_no_record_is_refused(method, record, fix):
    """The error names what was handed in and how it is done, and nothing is kept."""
    store = store_of()
    before = testing.content_of(store)

    with pytest.raises(bc.InvalidInputError, match=f"records = {fix}"):
        getattr(store, method)(evolve(ACME, name="Other") if method == "change" else BORG, record)
    assert testing.content_of(store) == before


@pytest.mark.parametrize("contacts", [None, "x"], ids=["nothing", "text"])
def test_what_are_no_contacts_is_refused(contacts):
    """An account has `Contacts`, maybe empty ones."""
    with pytest.raises(bc.InvalidInputError, match=r"'acme': contacts = .*: not a Contacts"):
        store_of().put_contacts("acme", contacts)


ORDER = bc.SourceRecord("Order", "O-1", {})
NAMED = bc.Account("zeta", currency="EUR", external_ids={"CRM": "borg"})


@pytest.mark.parametrize(
    ("method", "records"),
    [
        ("add", [BORG, BORG]),
        ("add", [BORG, contract(monthly(), id="S-2"), contract(monthly(), id="S-2")]),
        ("add", [ORDER, ORDER]),
        ("add", [BORG, ACME]),
        ("add", [BORG, contract(monthly(), id="S-2", account="zeta")]),
        ("add", [BORG, NAMED]),
        ("change", [evolve(ACME, name="Other"), BORG]),
        ("change", [evolve(ACME, name="Other"), ORDER]),
        ("change", [evolve(ACME, name="Other"), contract(monthly(), id="S-2")]),
    ],
    ids=[
        "account twice",
        "contract twice",
        "record twice",
        "known account",
        "contract of nobody",
        "name of another",
        "change of no account",
        "change of no record",
        "change of no contract",
    ],
)
def test_records_are_kept_together_or_not_at_all(method, records):
    """One record that is refused takes the others with it, and can be left out then."""
    store = store_of()
    before = testing.content_of(store)

    with pytest.raises(bc.InvalidInputError):
        getattr(store, method)(*records)
    assert testing.content_of(store) == before
    store.add(BORG)
    assert store.accounts() == ("acme", "borg")


def test_outcomes_are_kept_together_or_not_at_all():
    """An outcome of an account that is not there is an error, and no other is kept."""
    store = store_of(contract(monthly()))
    (outcome,) = bc.plan(run_of(JANUARY), store)

    with pytest.raises(bc.InvalidInputError, match="no such account"):
        store.commit([outcome, evolve(outcome, account="nobody")])
    assert [*store.drafts()] == []
    assert store.commit([outcome]) == []


def test_usage_of_another_account_is_another_one():
    """Two accounts have a usage record U-1; what was billed of borg's is no matter of acme's."""
    store = store_of(contract(CALLS))
    store.add(BORG)
    store.add_usage("acme", USED)
    store.add_claims("borg", bc.Claim("usage/U-1", None, "old", FINAL))
    bc.execute(run_of(JANUARY), store)
    (draft,) = store.drafts()

    assert store.put(draft).version == draft.version + 1


@pytest.mark.parametrize("month", [2, 4], ids=["after it", "later"])
def test_days_that_are_held_twice_are_no_matter_of_other_days(month):
    """January and March were handed in twice; a draft of another month can be put, one of March not."""
    store = store_of(contract(monthly()))
    for each in (1, 3):
        claim = bc.Claim("S-1/seats", bc.Period.month(2026, each), "old", FINAL)
        store.add_claims("acme", claim, claim)
    bc.execute(run_of(bc.Period.month(2026, month)), store)
    drafts = [*store.drafts()]

    assert [store.put(each).version - each.version for each in drafts] == [1] * len(drafts)
    assert drafts


@pytest.mark.parametrize("held", [1, 2], ids=["held once", "held twice"])
def test_touched_days_that_are_held_are_refused(held):
    """A claim on February is refused if it is held, also beside a January that is held twice."""
    january, february = (
        partial(bc.Claim, "S-1/seats", bc.Period.month(2026, month), state=FINAL)
        for month in (1, 2)
    )
    others = [january(document="a"), january(document="b")] + [february(document="c")] * held

    with pytest.raises(bc.ConflictError, match="S-1/seats is billed already for 2026-0"):
        bc.keeping.check_free([february(document="d")], others)
