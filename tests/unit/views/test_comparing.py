"""Two sides of all kinds, and which of their lines belong together."""

from __future__ import annotations

import datetime as dt
from itertools import chain

import pytest
from attrs import evolve

import billingcore as bc
from billingcore import Cause, Fate
from tests.unit.views.comparing_worlds import (
    JANUARY,
    VAT,
    billed,
    contract,
    fates,
    impacts,
    item,
    three,
)

FROM_15TH = {"start": "2026-01-15", "sync_with": bc.NEXT_MONTH}


def test_policies():
    """What only one policy bills is added, with the reason that the other gives for its days."""
    march = bc.InvoiceRun(bc.Period.month(2026, 3))
    level = evolve(march, policy=bc.LEVEL)
    found = bc.compare(billed(item(price=10), run=march), billed(item(price=10), run=level))

    assert fates(found) == {"ADDED": 2}
    assert found.same == 1
    assert three(found.difference("EUR")) == ["20.00", "3.80", "23.80"]
    assert [line.why.split(",")[0] for line in found.lines] == ["BEFORE_FIRST_RUN"] * 2
    assert ("catch_up", "ONE", "EVERY") in found.switches
    assert "catch_up: ONE -> EVERY" in str(found)


def test_an_account_that_is_gone():
    """Of an account that only one side has, everything is removed, or added."""
    both = [billed(item()), billed(item(price=50), account="borg")]
    found = bc.compare(both, both[:1])
    (line,) = found.lines

    assert (line.account, line.fate, three(line.difference)) == (
        "borg",
        Fate.REMOVED,
        ["-50.00", "-9.50", "-59.50"],
    )
    assert (line.why, line.cause) == ("no documents of the account", Cause.REMOVED)
    assert (line.document_after, line.lines_after) == ("", ())
    back = bc.compare(both[:1], both).lines[0]
    assert (back.fate, three(back.difference)) == (Fate.ADDED, ["50.00", "9.50", "59.50"])


def test_another_grouping():
    """Lines that move to another document bill the same; what it rounds otherwise is told."""
    contracts = [contract(item(price="10.03"), id=name) for name in ("S-1", "S-2")]
    together = evolve(JANUARY, policy=bc.LEVEL.but(grouping=bc.PER_ACCOUNT))
    found = bc.compare(billed(*contracts), billed(*contracts, run=together))

    # 10.03 are taxed 1.9057, so 1.91 each; 20.06 are taxed 3.8114.
    assert three(found.difference("EUR")) == ["0.00", "-0.01", "-0.01"]
    assert impacts(found) == {
        Cause.DOCUMENT: ("0.00", "0.00"),
        Cause.ROUNDING: ("0.00", "-0.01"),
    }
    rounded, moved = found.lines
    assert (rounded.record, rounded.title) == ("", "taxes rounded on documents")
    assert (rounded.first, rounded.last) == (dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    assert (moved.record, moved.fate) == ("S-2/seats", Fate.MOVED)
    assert moved.why == "document 2026-01-01..2026-01-31/acme/S-2 -> 2026-01-01..2026-01-31/acme"


def test_a_document_of_another_kind():
    """A document that becomes another kind is told, also if nothing else differs."""
    as_invoice = evolve(JANUARY, policy=bc.LEVEL.but(negative_total=bc.NegativeTotal.INVOICE))
    found = bc.compare(billed(item(price=-5)), billed(item(price=-5), run=as_invoice))

    assert [(line.fate, line.why) for line in found.lines] == [(Fate.MOVED, "credit -> invoice")]


def test_another_currency():
    """Amounts of two currencies are never taken off each other."""
    found = bc.compare(billed(item()), billed(item(), currency="USD"))

    assert fates(found) == {"ADDED": 1, "REMOVED": 1}
    assert three(found.difference("EUR")) == ["-100.00", "-19.00", "-119.00"]
    assert three(found.difference("USD")) == ["100.00", "19.00", "119.00"]
    assert three(found.difference("CHF")) == ["0", "0", "0"]
    assert [line.why for line in found.lines] == ["billed in USD", "billed in EUR"]


def test_one_month_and_the_next():
    """Lines of two months are paired by what they bill; other days alone are no change."""
    february = bc.InvoiceRun(bc.Period.month(2026, 2), policy=bc.LEVEL)
    items = item(**FROM_15TH), item("hosting")
    policy = bc.DOCUMENTED  # bills from the first day of the run
    january = billed(*items)
    found = bc.compare(january, billed(*items, run=evolve(february, policy=policy)))

    # 17 of 31 days are 54.84.
    assert impacts(found) == {Cause.DAYS: ("45.16", "8.58")}
    assert found.same == 1


def test_a_later_revision():
    """What bills the same days again under a later revision is the same line; its credit is not."""
    store = bc.MemoryStore(tax=VAT)
    store.add(bc.Account("acme", currency="EUR"), contract(item()))
    (draft,) = bc.execute(JANUARY, store).drafts
    invoice = bc.finalize(draft, store, on="2026-01-31")
    store.change(contract(item(quantity=2).changed(bc.Change("2026-01-01", quantity=3))))
    (again,) = bc.plan(evolve(JANUARY, id="again"), store)

    found = bc.compare(invoice, again)

    assert [line.billing_key for line in again.drafts[0].lines] == [
        "S-1/seats@2026-01-01!2026-01-01",
        "S-1/seats@2026-01-01~1",
    ]
    # 100.00 become 300.00, and 100.00 are given back.
    assert impacts(found) == {
        Cause.QUANTITY: ("200.00", "38.00"),
        Cause.ADDED: ("-100.00", "-19.00"),
    }


def test_cancellations():
    """What a cancellation gives back is never paired with what another document bills."""
    store = bc.MemoryStore(tax=VAT)
    store.add(bc.Account("acme", currency="EUR"), contract(item()))
    (draft,) = bc.execute(JANUARY, store).drafts
    invoice = bc.finalize(draft, store, on="2026-01-31")
    back = bc.finalize(bc.cancel(invoice.number, store.books("acme")), store, on="2026-01-31")
    february = bc.InvoiceRun(bc.Period.month(2026, 2))
    after = [back, *billed(item(price=110), run=february).drafts]

    found = bc.compare([invoice], after)

    assert impacts(found) == {Cause.PRICE: ("10.00", "1.90"), Cause.ADDED: ("-100.00", "-19.00")}


def test_other_days_of_one_run_at_the_same_price():
    """In one run other days are a change, also if they cost the same."""
    whole = {"billing_type": bc.RECURRING}
    found = bc.compare(billed(item(start="2026-01-10", **whole)), billed(item(**whole)))

    assert impacts(found) == {Cause.DAYS: ("0.00", "0.00")}


def test_manual_lines():
    """Drafts by hand are compared by the titles of their lines."""
    account = bc.Account("acme", currency="EUR")
    period = bc.Period.month(2026, 1)
    before = bc.draft(account, [bc.Item("work", unit_price=5)], period=period, reference="one")
    after = bc.draft(account, [bc.Item("work", unit_price=7)], period=period, reference="two")

    found = bc.compare(before, after)

    assert impacts(found) == {Cause.PRICE: ("2.00", "0.00")}
    assert found.lines[0].record == "work"


def test_invoices_and_a_preview():
    """Invoices come in any order, and are compared with what a run would bill of their accounts."""
    store = bc.MemoryStore(tax=VAT)
    for name in ("borg", "acme"):
        store.add(bc.Account(name, currency="EUR"))
        store.add(contract(item(), id=f"S-{name}", account=name))
        store.add(contract(item("hosting", 10), id=f"H-{name}", account=name))
    drafts = bc.execute(JANUARY, store).drafts
    for each in sorted(drafts, key=lambda draft: draft.id.rpartition("/")[2]):
        bc.finalize(each, store, on="2026-01-31")
    february = bc.InvoiceRun(bc.Period.month(2026, 2), policy=bc.LEVEL)

    found = bc.compare(store.invoices(), bc.plan(february, store))

    assert not found.is_changed
    assert (found.accounts, found.same, found.totals["EUR"].before.documents) == (2, 4, 4)
    assert "lines" not in str(found).splitlines()


def test_a_report_and_the_reasons_in_it():
    """A report is read with its reasons, also for accounts that have no documents."""
    store = bc.MemoryStore(tax=VAT)
    for name, active in (("acme", True), ("borg", False)):
        store.add(bc.Account(name, currency="EUR"))
        store.add(contract(item(active=active), id=f"S-{name}", account=name))
    report = bc.execute(JANUARY, store)
    after = [billed(contract(item(), id=f"S-{n}", account=n), account=n) for n in ("acme", "borg")]

    (line,) = bc.compare(report, after).lines

    assert (line.record, line.fate) == ("S-borg/seats", Fate.ADDED)
    assert line.why == "ITEM_INACTIVE, the item is not active"


def test_a_draft_exists_already():
    """A preview after the run says that a draft bills everything already."""
    store = bc.MemoryStore(tax=VAT)
    store.add(bc.Account("acme", currency="EUR"), contract(item()))
    report = bc.execute(JANUARY, store)

    (line,) = bc.compare(report, bc.plan(evolve(JANUARY, policy=bc.DOCUMENTED), store)).lines

    assert line.why.startswith("DRAFT_EXISTS")


def test_problems_are_reasons():
    """A record that is wrong on one side is counted, and says what is wrong."""
    found = bc.compare(billed(item()), billed(item(tax_code="none of these")))
    (line,) = found.lines

    assert found.problems == (0, 1)
    assert line.why.startswith("problem ")
    assert "problems: before 0, after 1" in str(found)


def test_forecasts():
    """Two forecasts are compared month by month, as one account."""
    tax = bc.TaxTable({})

    def ahead(price):
        snapshot = bc.AccountSnapshot(
            bc.Account("acme", currency="EUR"), [contract(item(price=price, tax_code=None))]
        )
        return bc.forecast(snapshot, tax, start="2026-01-01", months=3)

    found = bc.compare(ahead(10), ahead(11))

    assert found.accounts == 1
    assert impacts(found) == {Cause.PRICE: ("3.00", "0.00")}


def test_accounts_wait_for_each_other():
    """Accounts that come in another order, or only on one side, are brought together."""
    names = ["a", "b", "c", "d", "e"]
    before = [billed(item(), account=name) for name in names]
    after = [billed(item(price=101), account=name) for name in "dxba"]
    found = [*bc.compare_accounts(iter(before), iter(after))]

    assert sorted(each.account for each in found) == ["a", "b", "c", "d", "e", "x"]
    changed = {each.account: str(each.difference("EUR").net) for each in found}
    assert changed == {
        "a": "1.00",
        "b": "1.00",
        "d": "1.00",
        "c": "-100.00",
        "e": "-100.00",
        "x": "101.00",
    }
    (one,) = [each for each in found if each.account == "a"]
    assert three(one.impact("EUR", Cause.PRICE)) == ["1.00", "0.19", "1.19"]
    assert three(one.impact("USD", Cause.PRICE)) == ["0", "0", "0"]
    assert three(one.difference("USD")) == ["0", "0", "0"]


def test_several_policies_on_a_side():
    """A side that was billed by several policies names them, and no switches."""
    other = evolve(JANUARY, policy=bc.DOCUMENTED)
    after = [billed(item()), billed(item(), account="borg", run=other)]
    found = bc.compare([billed(item())], after)

    assert found.switches == ()
    assert str(found).startswith("before: LEVEL; after: LEVEL, DOCUMENTED")
    assert str(bc.compare([], [])).startswith("before: nothing; after: nothing")


@pytest.mark.parametrize(
    ("before", "words"),
    [
        pytest.param(5, "int", id="a number"),
        pytest.param("acme", "str", id="a text"),
        pytest.param([billed(item()), *billed(item()).drafts], "DraftInvoice", id="mixed"),
        pytest.param([*billed(item()).drafts, billed(item())], "AccountOutcome", id="mixed, too"),
    ],
)
def test_what_cannot_be_compared(before, words):
    """What is neither an outcome nor a document is refused, with the side that has it."""
    with pytest.raises(bc.InvalidInputError, match=f"compare: before: cannot be compared: {words}"):
        bc.compare(before, [])


def test_outcomes_of_several_periods_follow_each_other():
    """A stream that gives an account again in another month is refused; a list is put in order."""
    february = bc.InvoiceRun(bc.Period.month(2026, 2), policy=bc.LEVEL)
    outcomes = [
        [billed(item(), run=run, account=name) for name in ("acme", "borg")]
        for run in (JANUARY, february)
    ]
    every = [*chain(*outcomes)]

    assert bc.compare(every, every).accounts == 2
    with pytest.raises(bc.InvalidInputError, match="do not follow each other; sort them"):
        bc.compare(iter(every), [])


def test_one_iterator_for_both_sides():
    """An iterator cannot be both sides, since each of them would get a part of it."""
    outcomes = iter([billed(item())])

    with pytest.raises(bc.InvalidInputError, match="compare: after: both sides are one iterator"):
        bc.compare(outcomes, outcomes)
