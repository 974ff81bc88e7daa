"""Forecasts of the months to come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve

import billingcore as bc
from billingcore.views.forecast import Forecast, forecast

VAT = bc.TaxTable({"19": 19})


def seats(price=100, **fields):
    """Make a monthly item of 100.00 plus tax."""
    fields = {"cadence": bc.monthly(), "billing_type": bc.RECURRING_PRORATED} | fields
    return bc.Item("seats", unit_price=price, tax_code="19", **fields)


def store_of(*items, currency="EUR", **fields):
    """Make a store with contract S-1, from January 2026 on."""
    store = bc.MemoryStore(tax=VAT)
    store.add(bc.Account("acme", currency=currency))
    store.add(bc.Subscription("S-1", account="acme", items=items, start="2026-01-01", **fields))
    return store


def look(store, months=3, **fields):
    """Forecast months from January 2026 on."""
    fields = {"start": "2026-01-01"} | fields
    return forecast(store.snapshot("acme"), VAT, months=months, **fields)


def nets(seen):
    """Give the net total of every document, month by month."""
    return [[str(draft.totals.net) for draft in outcome.drafts] for outcome in seen]


def test_one_outcome_a_month():
    """A forecast has an outcome for every month, with what that month's run bills."""
    seen = look(
        store_of(seats(changes=[bc.Change("2026-02-15", unit_price=128)]), end="2026-03-31"), 4
    )

    assert [str(outcome.run.period) for outcome in seen] == [
        "2026-01-01/2026-02-01",
        "2026-02-01/2026-03-01",
        "2026-03-01/2026-04-01",
        "2026-04-01/2026-05-01",
    ]
    # 14 of 28 days at 100 and 14 at 128.
    assert nets(seen) == [["100.00"], ["114.00"], ["128.00"], []]


def test_months_begin_on_the_day_of_the_first():
    """Months that begin on the 31st begin on the last day of shorter ones, and do not drift."""
    seen = look(store_of(seats()), 3, start=date(2026, 1, 31))

    assert [str(outcome.run.period) for outcome in seen] == [
        "2026-01-31/2026-02-28",
        "2026-02-28/2026-03-31",
        "2026-03-31/2026-04-30",
    ]


def test_nothing_is_stored():
    """The store is as it was; the first outcome can be committed and the second is refused."""
    store = store_of(seats())
    before = store.snapshot("acme")
    seen = look(store, 2)

    assert store.snapshot("acme") == before
    assert store.commit([seen[1]]) == ["acme"]
    assert store.commit([seen[0]]) == []


def test_a_due_correction_is_in_the_first_month_only():
    """What changed after it was billed is corrected once, by the first month's run."""
    store = store_of(seats())
    for draft in bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1), policy=bc.LEVEL), store).drafts:
        bc.finalize(draft, store, on="2026-01-31")
    (contract,) = store.snapshot("acme").subscriptions
    store.change(contract.changed(bc.Change("2026-01-10", unit_price=150)))

    # 22/31 of 50 more: 35.48; then 150 a month.
    assert nets(look(store, 2, start="2026-02-01")) == [["185.48"], ["150.00"]]


def test_drafts_count_as_finalized():
    """The days on a live draft are not billed again, whether the draft itself is given or not."""
    store = store_of(seats())
    bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1)), store)

    for policy in (bc.LEVEL, bc.DOCUMENTED):
        assert nets(look(store, 2, policy=policy)) == [[], ["100.00"]]
        assert nets(look(store, 2, policy=policy, drafts=store.drafts())) == [[], ["100.00"]]


def test_only_a_draft_that_is_given_is_corrected():
    """A change of days on a draft is corrected if the draft is given, and else left as it is."""
    store = store_of(seats())
    bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1), policy=bc.LEVEL), store)
    (contract,) = store.snapshot("acme").subscriptions
    store.change(contract.changed(bc.Change("2026-01-10", unit_price=150)))

    assert nets(look(store, 1, start="2026-02-01", drafts=store.drafts())) == [["185.48"]]
    assert nets(look(store, 1, start="2026-02-01")) == [["150.00"]]


def test_days_on_a_drafted_credit_are_taken_back_once():
    """What an open draft takes back stays taken back, given or not."""
    store = store_of(seats())
    for draft in bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1), policy=bc.LEVEL), store).drafts:
        bc.finalize(draft, store, on="2026-01-31")
    (contract,) = store.snapshot("acme").subscriptions
    store.change(contract.changed(bc.Change("2026-01-10", unit_price=150)))
    bc.execute(bc.InvoiceRun(bc.Period.month(2026, 2), policy=bc.LEVEL), store)

    assert nets(look(store, 2, start="2026-02-01", drafts=store.drafts())) == [[], ["150.00"]]
    assert nets(look(store, 2, start="2026-02-01")) == [[], ["150.00"]]


def test_drafts_of_other_accounts_are_passed_over():
    """A store's drafts can be given as they are; those of other accounts change nothing."""
    store = store_of(seats())
    store.add(bc.Account("borg", currency="EUR"))
    store.add(bc.Subscription("S-2", account="borg", items=[seats()], start="2026-01-01"))
    bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1), policy=bc.LEVEL), store)

    assert nets(look(store, 2, drafts=store.drafts())) == [[], ["100.00"]]


def test_decisions_carry_over():
    """What a policy puts off in one month is billed in a later one."""
    policy = bc.LEVEL.but(minimum_amount={"EUR": 250})  # 119, 238, 357 gross

    assert nets(look(store_of(seats()), 4, policy=policy)) == [[], [], ["300.00"], []]


def test_selection():
    """Only the subscriptions that are selected are billed."""
    none = bc.Selection([bc.Filter("none", lambda subscription: False)], chosen="none")

    assert nets(look(store_of(seats()), 1, selection=none)) == [[]]


@pytest.mark.parametrize("months", [0, 1201, "3"], ids=["none", "too many", "text"])
def test_a_wrong_number_of_months(months):
    """A number of months that is none, or out of bounds, is refused."""
    with pytest.raises(bc.InvalidInputError, match="months"):
        look(store_of(seats()), months)


def test_a_month_outside_the_calendar():
    """A month after the year 9999 is refused."""
    with pytest.raises(bc.DateRangeError):
        look(store_of(seats()), 2, start="9999-12-01")


def test_totals_are_per_currency():
    """Each month has its totals by currency, and currencies are never added."""
    other = evolve(seats(20), id="other", currency="CHF", tax_code=None)
    seen = look(store_of(seats(), other), 2)

    assert {code: str(sums.gross) for code, sums in seen.totals.items()} == {
        "EUR": "238.00",
        "CHF": "40.00",
    }
    assert [
        (str(period.first), sorted((code, sums.documents) for code, sums in totals.items()))
        for period, totals in seen.months
    ] == [("2026-01-01", [("CHF", 1), ("EUR", 1)]), ("2026-02-01", [("CHF", 1), ("EUR", 1)])]


def test_records_are_flat():
    """Each document is a row with its month and its sums."""
    row, *others = look(store_of(seats()), 2).records()

    assert len(others) == 1
    assert row == {
        "account": "acme",
        "first": date(2026, 1, 1),
        "last": date(2026, 1, 31),
        "document": "2026-01-01..2026-01-31/acme/S-1",
        "kind": "invoice",
        "lines": 1,
        "net": Decimal("100.00"),
        "tax": Decimal("19.00"),
        "gross": Decimal("119.00"),
        "currency": "EUR",
    }


def test_it_prints_as_a_table():
    """Printed, it is a table of months with a last row for all of them."""
    assert str(look(store_of(seats(), end="2026-01-31"), 2)).splitlines() == [
        "month                     documents     net    tax   gross  currency",
        "------------------------  ---------  ------  -----  ------  --------",
        "2026-01-01 to 2026-01-31  1          100.00  19.00  119.00  EUR",
        "2026-02-01 to 2026-02-28  0",
        "all                       1          100.00  19.00  119.00  EUR",
    ]


def test_it_draws_itself_escaped():
    """Drawn, it is a table of HTML in which names are escaped, with what is wrong."""
    account = bc.Account("<b>", currency="EUR")
    item = bc.Item("x", unit_price=1, tax_code="unknown")
    contract = bc.Subscription("S-1", account="<b>", items=[item], start="2026-01-01")
    seen = forecast(bc.AccountSnapshot(account, [contract]), VAT, start="2026-01-01", months=1)

    drawn = seen._repr_html_()
    assert drawn.startswith("<table><caption>Forecast for &lt;b&gt;; problem: account &lt;b&gt;")
    assert "<b>" not in drawn


def test_problems_are_told_once():
    """A record that is wrong in every month is one problem, printed and raised on request."""
    seen = look(store_of(evolve(seats(), tax_code="unknown")), 3)

    (problem,) = seen.problems
    assert problem.record == "S-1/seats"
    assert str(seen).splitlines()[-1] == f"problem: {problem}"
    with pytest.raises(bc.BillingProblemsError):
        seen.raise_for_problems()


def test_it_is_a_sequence():
    """It has a length, is iterated, indexed and cut, and says what it is."""
    seen = look(store_of(seats()), 3)

    assert (len(seen), list(seen)[2], seen[-1]) == (3, seen.outcomes[2], seen.outcomes[2])
    assert isinstance(seen[1:], Forecast)
    assert seen[1:].outcomes == seen.outcomes[1:]
    assert repr(seen) == "<forecast for acme: months 3, drafts 3, problems 0>"
