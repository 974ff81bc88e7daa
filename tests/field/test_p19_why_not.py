"""P19: not billed, and nobody can say why."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.field.corpus import Pain, case
from tests.field.desk import seats, store_of
from tests.field.orders import RUN, order
from tests.unit.engine.records import contract, monthly, run_of
from tests.unit.engine.records import store_of as stored

PAIN = Pain(
    "P19",
    "Not billed, and nobody can say why",
    elsewhere="A job decides, and leaves no trace of what it left out. "
    "Checklists of eleven points help to guess.",
    here="Each record that enters a run is billed, excluded with a reason, or a problem. "
    "The reason is the first test that failed, with the facts.",
)


@case(
    "invoiceninja/invoiceninja#2817",
    "killbill/killbill#156",
    "JustOn",
    gave="Users asked whether the decision is recorded anywhere; the product has a checklist.",
    right="One item is fine. The others are switched off, have the quantity 0, "
    "or ended before the month of the run.",
    own_numbers=True,
    prints="""
    None
    S-1/idle: ITEM_INACTIVE, the item is not active
    S-1/empty: ZERO_QUANTITY, its quantity is 0
    S-1/ended 2025-01-01 to 2025-12-31: OUT_OF_PERIOD, its dates lie outside the run's period \
(run 2026-01-01 to 2026-01-31)
    """,
)
def test_nothing_says_why():
    """An item is not billed, and nothing says why."""
    store = store_of(
        seats(10, "fine"),
        seats(10, "idle", active=False),
        seats(10, "empty", quantity=0),
        seats(10, "ended", end="2025-12-31"),
        start="2025-01-01",
    )
    january = bc.InvoiceRun(bc.Period.month(2026, 1))
    for name in ("fine", "idle", "empty", "ended"):
        print(bc.why_not(january, store.snapshot("acme"), name))


@case(
    "killbill/killbill#156",
    "invoiceninja/invoiceninja#2817",
    gave="Silence.",
    own_numbers=True,
)
class TestTheRunKnows:
    """A run leaves items out and does not say so."""

    def test_the_run_knows(self):
        """Of six items, one is billed, and the report has a reason with facts for each other one."""
        items = [
            monthly("fine"),
            monthly("paused", active=False),
            monthly("empty", quantity=0),
            monthly("ended", end="2026-02-28"),
            monthly("later", start="2026-04-01"),
            monthly(
                "arrears", cadence=bc.quarterly(), start="2026-02-01", billing_practice=bc.ARREARS
            ),
        ]
        store = stored(contract(*items))
        report = bc.execute(run_of(), store)

        assert [(each.record, each.reason.name) for each in report.exclusions] == [
            ("S-1/paused", "ITEM_INACTIVE"),
            ("S-1/empty", "ZERO_QUANTITY"),
            ("S-1/ended", "OUT_OF_PERIOD"),
            ("S-1/later", "OUT_OF_PERIOD"),
            ("S-1/arrears", "NOT_DUE"),
        ]
        assert [line.title for draft in report.drafts for line in draft.lines] == ["fine"]


@case("killbill/killbill#156", "JustOn", gave="Silence, or a checklist.", own_numbers=True)
class TestWhyARecordWasNotBilled:
    """A record of one's own is not billed, and nothing says why."""

    @pytest.mark.parametrize(
        ("fields", "own", "expected"),
        [
            ({"ON_ServiceDate": "2026-02-01"}, {}, "OUT_OF_PERIOD"),
            ({}, {"ON_Quantity": 0}, "ZERO_QUANTITY"),
            ({}, {"ON_Invoice": "RE-1"}, "ALREADY_INVOICED"),
        ],
        ids=["another month", "quantity 0", "billed elsewhere"],
    )
    def test_why_a_record_was_not_billed(self, fields, own, expected):
        """P19: for each record that is not billed somebody can say why (killbill#156)."""
        snapshot = bc.AccountSnapshot(
            bc.Account("acme", currency="EUR"), records=[order(1, ("5", own), **fields)]
        )
        why = bc.why_not(RUN, snapshot, "Line/1-0")

        assert why.reason.name == expected
