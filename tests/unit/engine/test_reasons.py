"""Why something is not billed: each reason with the facts that decided it."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.engine.records import (
    ACME,
    JANUARY,
    bill,
    contract,
    finalize_all,
    monthly,
    once,
    run_of,
    store_of,
)

Reason = bc.Reason


def why(store, run=None, item="seats"):
    """Give reason, days and facts of an item that is not billed."""
    exclusion = bc.why_not(run or run_of(), store.snapshot("acme"), item, store.tax)
    assert isinstance(exclusion, bc.Exclusion)
    days = exclusion.period and (str(exclusion.period.first), str(exclusion.period.last))
    return exclusion.reason, days, dict(exclusion.facts)


def billed_once(*items, finalized=False, **fields):
    """Make a store in which January 2026 is billed."""
    store = store_of(contract(*items, **fields))
    bc.execute(run_of(JANUARY), store)
    if finalized:
        finalize_all(store)
    return store


def inactive(**fields):
    """Make an account that is not active."""
    return bc.Account("acme", currency="EUR", active=False, **fields)


def held(until):
    """Make an account with a hold."""
    return bc.Account("acme", currency="EUR", hold=bc.Hold(until, reason="dispute"))


ALL_BUT_GERMAN = bc.Selection([bc.Filter("French", lambda each: each.reference == "fr")])

IN_MARCH = {"run": "2026-03-01 to 2026-03-31"}

STATES = {
    "account not active": (
        store_of(contract(monthly()), account=inactive()),
        run_of(),
        (Reason.ACCOUNT_NOT_ACTIVE, None, {}),
    ),
    "account not permitted": (
        store_of(contract(monthly())),
        run_of(may_bill=lambda account: account.id != "acme"),
        (Reason.NO_PERMISSION, None, {}),
    ),
    "filter": (
        store_of(contract(monthly())),
        run_of(selection=ALL_BUT_GERMAN),
        (Reason.FILTER_MISMATCH, None, {"filter": "French"}),
    ),
    "subscription not active": (
        store_of(contract(monthly(), status="Draft")),
        run_of(),
        (Reason.SUBSCRIPTION_NOT_ACTIVE, None, {"status": "Draft"}),
    ),
    "no template of the name": (
        store_of(contract(monthly(), template="Nobody's")),
        run_of(),
        (Reason.NO_TEMPLATE, None, {"template": "Nobody's"}),
    ),
    "no template named Default": (
        store_of(contract(monthly()), setup=bc.Setup([bc.Template("German")])),
        run_of(),
        (Reason.NO_TEMPLATE, None, {"template": "Default"}),
    ),
    "item not active": (
        store_of(contract(monthly(active=False))),
        run_of(),
        (Reason.ITEM_INACTIVE, None, {}),
    ),
    "quantity of zero": (
        store_of(contract(monthly(quantity=0))),
        run_of(),
        (Reason.ZERO_QUANTITY, None, {}),
    ),
    "item outside its subscription": (
        store_of(contract(monthly(start="2027-01-01"), end="2026-12-31")),
        run_of(),
        (
            Reason.OUT_OF_PERIOD,
            None,
            {"item": "2027-01-01/..", "subscription": "2026-01-01/2027-01-01"},
        ),
    ),
    "item ended before the run": (
        store_of(contract(monthly(end="2026-02-28"))),
        run_of(),
        (Reason.OUT_OF_PERIOD, ("2026-01-01", "2026-02-28"), IN_MARCH),
    ),
    "item begins after the run": (
        store_of(contract(monthly(start="2026-04-01"))),
        run_of(),
        (Reason.OUT_OF_PERIOD, ("2026-04-01", "None"), IN_MARCH),
    ),
    "one-time item begins after the run": (
        store_of(contract(once("seats", start="2026-04-01"))),
        run_of(),
        (Reason.OUT_OF_PERIOD, ("2026-04-01", "None"), IN_MARCH),
    ),
    "one-time item ended before the run": (
        store_of(contract(once("seats", end="2026-02-28"))),
        run_of(),
        (Reason.OUT_OF_PERIOD, ("2026-01-01", "2026-02-28"), IN_MARCH),
    ),
    "item of each run begins after it": (
        store_of(contract(monthly(cadence=None, start="2026-04-01"))),
        run_of(),
        (Reason.OUT_OF_PERIOD, ("2026-04-01", "None"), IN_MARCH),
    ),
    "arrears not ended": (
        store_of(contract(monthly(cadence=bc.quarterly(), billing_practice=bc.ARREARS))),
        run_of(bc.Period.month(2026, 2)),
        (
            Reason.NOT_DUE,
            ("2026-01-01", "2026-03-31"),
            {"billing practice": "Arrears", "run": "2026-02-01 to 2026-02-28"},
        ),
    ),
    "migrated start after the run": (
        store_of(contract(monthly(next_service_period_start="2026-04-01"))),
        run_of(),
        (Reason.COVERED, ("2026-03-01", "2026-03-31"), {}),
    ),
    "zero total skipped": (
        store_of(contract(monthly(price=0))),
        run_of(zero_total=bc.ZeroTotal.SKIP),
        (Reason.ZERO_TOTAL, None, {"total": "0.00 EUR"}),
    ),
    "negative total carried": (
        store_of(contract(monthly(price=-5))),
        run_of(negative_total=bc.NegativeTotal.CARRY_FORWARD),
        (Reason.CARRIED_FORWARD, None, {"total": "-5.00 EUR"}),
    ),
    "paused without end": (
        store_of(contract(monthly(changes=[bc.pause("2026-03-01")]))),
        run_of(),
        (Reason.PAUSED, ("2026-03-01", "2026-03-31"), {}),
    ),
    "paused": (  # defect reported: NOT_DUE from 2026-05-01 on
        store_of(contract(monthly(changes=[bc.pause("2026-03-01", "2026-04-30")]))),
        run_of(),
        (Reason.PAUSED, ("2026-03-01", "2026-03-31"), {}),
    ),
    "account on hold": (
        store_of(contract(monthly()), account=held("2026-03-31")),
        run_of(),
        (Reason.ON_HOLD, None, {"hold": "until 2026-03-31 (dispute)"}),
    ),
    "subscription on hold": (
        store_of(contract(monthly(), hold=bc.Hold())),
        run_of(),
        (Reason.ON_HOLD, None, {"hold": "without a last day"}),
    ),
    "below the minimum": (
        store_of(contract(monthly())),
        run_of(minimum_amount={"EUR": 25}),
        (Reason.BELOW_MINIMUM, None, {"total": "10.00 EUR"}),
    ),
    "forgiven": (
        store_of(contract(monthly(end="2026-02-28"))),
        run_of(first_period=bc.FirstPeriod.FROM_ITEM, catch_up=bc.CatchUp.FORGIVE),
        (Reason.FORGIVEN, ("2026-01-01", "2026-02-28"), {}),
    ),
}


@pytest.mark.parametrize(("store", "run", "expected"), STATES.values(), ids=STATES)
def test_each_reason_with_its_facts(store, run, expected):
    """An item that is not billed says by which test, which days, and which facts."""
    assert why(store, run) == expected


def test_a_subscription_without_items_has_no_products():
    """A contract without positions is reported by its own name."""
    (exclusion,) = bill(store_of(contract(id="S/1"))).exclusions

    assert (exclusion.record, exclusion.reason) == ("S%2F1", Reason.NO_PRODUCTS)


def test_a_draft_blocks_the_item():
    """A live draft blocks its item in the same run and in the next, and is named."""
    store = billed_once(monthly())
    draft = {"draft": "2026-01-01..2026-01-31/acme/S-1"}

    assert why(store, run_of(JANUARY)) == (Reason.DRAFT_EXISTS, None, draft)
    assert why(store) == (Reason.DRAFT_EXISTS, None, draft)


def test_a_draft_blocks_the_one_time_item_of_any_policy():
    """What is billed once cannot be on two drafts, also where drafts block nothing else."""
    store = billed_once(once("seats"))
    draft = {"draft": "2026-01-01..2026-01-31/acme/S-1"}

    assert why(store, run_of(policy=bc.LEVEL)) == (Reason.DRAFT_EXISTS, None, draft)


def test_a_draft_that_counts_as_coverage_blocks_no_next_period():
    """Under `LEVEL` a draft of January lets February and March be billed."""
    outcome = bill(billed_once(monthly()), run_of(policy=bc.LEVEL))

    assert [str(line.service_period) for line in outcome.drafts[0].lines] == [
        "2026-02-01/2026-03-01",
        "2026-03-01/2026-04-01",
    ]


def test_covered_names_days_and_invoice():
    """Time that an invoice covers is named with it."""
    store = billed_once(monthly(), finalized=True)

    expected = (Reason.COVERED, ("2026-01-01", "2026-01-31"), {"document": "2026-00001"})
    assert why(store, run_of(JANUARY)) == expected


def test_covered_names_the_invoice_of_those_days():
    """Of two invoices, the one that covers the days of the run is named, not the last one."""
    store = billed_once(monthly(), finalized=True)
    bc.execute(run_of(bc.Period.month(2026, 2)), store)
    finalize_all(store)

    assert why(store, run_of(JANUARY))[2] == {"document": "2026-00001"}


def test_covered_by_several_invoices():
    """Where several invoices cover the run's days the first is named, in any order of claims."""
    weeks = [bc.Period("2026-03-01", "2026-03-16"), bc.Period("2026-03-16", "2026-04-01")]
    claims = [
        bc.Claim("S-1/seats", days, f"R-{number}", bc.ClaimState.FINAL)
        for number, days in enumerate(weeks, 1)
    ]
    named = []
    for order in (claims, claims[::-1]):
        store = store_of(contract(monthly()))
        store.add_claims("acme", *order)
        named.append(why(store)[2]["document"])

    assert named == ["R-1", "R-1"]


def test_covered_item_of_each_run():
    """A recurring item without a billing period is covered for the days of its runs."""
    store = billed_once(monthly(cadence=None), finalized=True)

    expected = (Reason.COVERED, ("2026-01-01", "2026-01-31"), {"document": "2026-00001"})
    assert why(store, run_of(JANUARY)) == expected


def test_one_time_done_names_the_invoice():
    """A one-time item that is on an invoice is done."""
    store = billed_once(once("seats"), finalized=True)

    assert why(store) == (Reason.ONE_TIME_DONE, None, {"document": "2026-00001"})


def test_next_period_not_begun_in_advance():
    """A quarter billed in advance is covered in its second month, and the next is not due."""
    store = billed_once(monthly(cadence=bc.quarterly()), finalized=True)

    expected = (Reason.COVERED, ("2026-03-01", "2026-03-31"), {"document": "2026-00001"})
    assert why(store) == expected


CHANGED = {
    "reported": (
        "",
        {},
        (Reason.CHANGED_AFTER_BILLING, {"difference": "10.00 EUR"}),
    ),
    "below the threshold": (
        "",
        {"corrections": bc.Corrections.NEXT_INVOICE, "correction_threshold": {"EUR": 11}},
        (Reason.BELOW_THRESHOLD, {"difference": "10.00 EUR"}),
    ),
    "not at hand": (
        "OLD-1",
        {"corrections": bc.Corrections.NEXT_INVOICE},
        (Reason.NOT_CORRECTED, {}),
    ),
}


@pytest.mark.parametrize(("elsewhere", "switches", "expected"), CHANGED.values(), ids=CHANGED)
def test_what_changed_after_billing_is_left_with_its_reason(elsewhere, switches, expected):
    """A month that doubled in price since it was billed is left out with days and difference."""
    item = monthly(billing_type=bc.RECURRING_PRORATED)
    if elsewhere:
        store = store_of(contract(item))
        store.add_claims("acme", bc.Claim("S-1/seats", JANUARY, elsewhere, bc.ClaimState.FINAL, ""))
    else:
        store = billed_once(item, finalized=True)
    store.change(contract(item.changed(bc.Change("2026-01-01", quantity=2))))
    (left,) = bill(store, run_of(bc.Period.month(2026, 2), **switches)).left_out

    assert (left.reason, dict(left.facts)) == expected
    assert left.period == JANUARY


def test_a_problem_elsewhere_holds_back():
    """With `on_problem=ACCOUNT` every other record says which one holds it back."""
    store = store_of(contract(monthly(), once(tax_code="?")))

    facts = {"problem with": "S-1/setup"}
    assert why(store, run_of(on_problem=bc.OnProblem.ACCOUNT)) == (
        Reason.OTHER_PROBLEM,
        None,
        facts,
    )


ORDER_OF_TESTS = [
    (Reason.ACCOUNT_NOT_ACTIVE, {"account": ACME}),
    (Reason.NO_PERMISSION, {"may_bill": None}),
    (Reason.FILTER_MISMATCH, {"reference": "fr"}),
    (Reason.SUBSCRIPTION_NOT_ACTIVE, {"status": "Active"}),
    (Reason.ON_HOLD, {"hold": None}),
    (Reason.NO_TEMPLATE, {"template": None}),
    (Reason.ITEM_INACTIVE, {"active": True}),
    (Reason.ZERO_QUANTITY, {"quantity": 1}),
    (Reason.OUT_OF_PERIOD, {"end": None}),
]


@pytest.mark.parametrize(
    "healed", range(len(ORDER_OF_TESTS)), ids=lambda n: str(ORDER_OF_TESTS[n][0])
)
def test_the_first_failing_test_is_the_reason(healed):
    """Where several tests fail, the first one is named; mended one by one, the next follows."""
    state = {
        "account": inactive(),
        "may_bill": lambda _: False,
        "reference": "de",
        "status": "Draft",
        "hold": bc.Hold(),
        "template": "Nobody's",
        "active": False,
        "quantity": 0,
        "end": "2026-02-01",
    }
    for _, change in ORDER_OF_TESTS[:healed]:
        state |= change
    item = monthly(active=state["active"], quantity=state["quantity"], end=state["end"])
    fields = {name: state[name] for name in ("reference", "status", "hold", "template")}
    store = store_of(contract(item, **fields), account=state["account"])
    run = run_of(selection=ALL_BUT_GERMAN, may_bill=state["may_bill"])

    assert why(store, run)[0] is ORDER_OF_TESTS[healed][0]


# Time that is left out, problems, records of the host and usage have modules of their own.
SHOWN_ELSEWHERE = {
    Reason.BEFORE_FIRST_RUN,
    Reason.OTHER_PROBLEM,
    Reason.ALREADY_INVOICED,
    Reason.BILLED_TO_OTHER_PARTY,
    Reason.TRANSACTION_LINKED,
    Reason.NO_USAGE,
    Reason.MINIMUM_REACHED,
}


@pytest.mark.parametrize(
    "reason",
    [reason for reason in Reason if reason not in SHOWN_ELSEWHERE],
)
def test_no_reason_is_without_a_case(reason):
    """Every reason is produced by a case of this module."""
    shown = {expected[0] for _, _, expected in STATES.values()}
    shown |= {reason for _, _, (reason, _) in CHANGED.values()}
    shown |= {Reason.NO_PRODUCTS, Reason.DRAFT_EXISTS, Reason.ONE_TIME_DONE}

    assert reason in shown
