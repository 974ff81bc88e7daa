"""Usage that cannot be billed again, or not be corrected: claims, holds, canceled invoices."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.records.claims import Claim, ClaimState
from tests.canceling import cancel
from tests.unit.engine.metering import (
    FEBRUARY,
    JANUARY,
    MONTHLY,
    Book,
    calls,
    lines_of,
    reasons,
    shown,
    used,
)


def test_usage_that_was_billed_elsewhere_is_never_corrected():
    """A claim without measures says that usage is billed, whatever it was."""
    book = Book(calls())
    book.claims = (Claim("usage/U-1", None, "OLD-1", ClaimState.FINAL),)
    book.add(used("U-1", 5, 6))
    outcome = book.bill()

    assert reasons(outcome)["usage/U-1"] == "ALREADY_INVOICED"
    assert dict(outcome.exclusions[0].facts)["document"] == "OLD-1"


def test_usage_is_not_corrected_without_the_billed_lines():
    """Where the line is not at hand that billed it, other measures are only reported."""
    book = Book(calls())
    book.claims = (Claim("usage/U-1", None, "OLD-1", ClaimState.FINAL, "3 of CALLS on 2026-01-05"),)
    book.add(used("U-1", 5, 6))

    assert reasons(book.bill())["usage/U-1"] == "NOT_CORRECTED"


def test_usage_of_an_item_that_is_gone_is_not_corrected():
    """Usage cannot be taken back from an item that its subscription does not have any more."""
    book = Book(calls(), calls(id="sms", order_no="SMS"))
    book.add(used("U-1", 5, 6))
    book.run()
    book.finalize()
    snapshot = book.snapshot()
    other = bc.Subscription("S-1", account="acme", items=[calls(id="sms", order_no="SMS")])
    usage = [used("U-1", 5, 2, order_no="SMS")]
    changed = bc.AccountSnapshot(
        snapshot.account,
        [other],
        claims=snapshot.claims,
        lines=snapshot.lines,
        usage=usage,
    )
    outcome = bc.bill(bc.InvoiceRun(FEBRUARY), changed, bc.TaxTable({}))

    assert reasons(outcome)["usage/U-1"] == "NOT_CORRECTED"


def test_usage_of_an_item_on_other_terms_is_taken_back_on_those_of_its_day():
    """Usage billed at 11.00 from a change on is taken back at 11.00."""
    item = calls(cadence=MONTHLY).changed(bc.Change("2026-01-16", unit_price=11))
    book = Book(item)
    book.add(used("U-1", 20, 2))
    book.run()
    book.finalize()
    book.add(used("U-1", 20, 0))

    assert shown(lines_of(book.run(FEBRUARY))) == [("calls", "-2", "11", "-22.00")]


def test_a_correction_waits_while_its_subscription_is_on_hold():
    """Under a hold billed usage is not corrected, whatever it is corrected to."""
    book = Book(calls(cadence=MONTHLY))
    book.add(used("U-1", 5, 6), used("U-2", 5, 6))
    book.run()
    book.finalize()
    held = bc.Subscription("S-1", account="acme", items=[calls(cadence=MONTHLY)], hold=bc.Hold())
    book.store.change(held)
    book.add(used("U-1", 5, 1), used("U-2", 5, 0))

    found = reasons(book.bill(FEBRUARY))
    assert (found["usage/U-1"], found["usage/U-2"]) == ("ON_HOLD", "ON_HOLD")


def test_a_correction_without_a_price_is_a_problem():
    """Usage corrected beyond the last limit is a problem, and what was billed stays."""
    tiers = bc.Pricing(bc.TIERED, [bc.Tier(10, 1)])
    book = Book(calls(pricing=tiers, cadence=MONTHLY))
    book.add(used("U-1", 5, 6))
    book.run()
    book.add(used("U-1", 5, 60))
    outcome = book.run()

    assert [problem.record for problem in outcome.problems] == ["usage/U-1"]
    assert reasons(outcome) == {"S-1/calls": "DRAFT_EXISTS"}
    assert book.net() == 6


def test_a_correction_of_several_items_is_billed_by_all_or_none():
    """A record of two items whose new quantity has no price for one is corrected for neither."""
    tiers = bc.Pricing(bc.TIERED, [bc.Tier(10, 1)])
    book = Book(calls(pricing=tiers), calls(id="sms", order_no="SMS"))
    book.add(used("U-1", 5, 6, order_no="SMS,CALLS"))
    book.run()
    book.finalize()
    book.add(used("U-1", 5, 60, order_no="SMS,CALLS"))
    outcome = book.run()

    assert [problem.record for problem in outcome.problems] == ["usage/U-1"]
    assert outcome.drafts == ()


def test_the_usage_of_a_canceled_invoice_stays_linked_until_it_is_released():
    """Native usage of a canceled invoice is TRANSACTION_LINKED, and billed once it is released."""
    book = Book(calls())
    book.add(used("U-1", 5, 6), used("U-2", 5, 1))
    book.run()
    (invoice,) = book.finalize()
    snapshot = book.snapshot()

    def billed(claims):
        known = bc.AccountSnapshot(
            snapshot.account, snapshot.subscriptions, claims=claims, usage=snapshot.usage
        )
        return bc.bill(bc.InvoiceRun(JANUARY), known, bc.TaxTable({}))

    linked = bc.claims_after_cancellation(invoice)
    outcome = billed(linked)
    assert reasons(outcome)["usage/U-1"] == "TRANSACTION_LINKED"
    assert dict(outcome.exclusions[0].facts) == {"document": invoice.number}

    outcome = billed(bc.released(linked, ["usage/U-1"]))
    assert outcome.billed == {"usage/U-1"}
    assert reasons(outcome) == {"usage/U-2": "TRANSACTION_LINKED"}


def test_what_several_items_bill_of_a_record_is_released_together():
    """Releasing a record frees all names under which its items bill it, and nothing else."""
    claims = [
        Claim("usage/U-1/S-1/calls", None, "RE-1", ClaimState.LINKED, "3 of CALLS on 2026-01-05"),
        Claim(
            "usage/U-1/S-1/sms:Cust", None, "RE-1", ClaimState.LINKED, "3 of CALLS on 2026-01-05"
        ),
        Claim("usage/U-1", None, "RE-1", ClaimState.FINAL, "3 of CALLS on 2026-01-05"),
    ]

    assert bc.released(claims, ["usage/U-1"]) == tuple(claims[1:])
    assert bc.released(claims, ["usage/U-1:Cust"]) == (claims[0], claims[2])


@pytest.mark.parametrize("is_kept", [True, False], ids=["the first stays", "the first is void"])
def test_a_canceled_invoice_does_not_disturb_what_later_ones_billed(is_kept):
    """6 corrected to 8 are 80.00 in all, also after the invoice of the 6 is canceled and billed anew."""
    book = Book(calls(cadence=MONTHLY))
    book.add(used("U-1", 5, 6))
    book.run()
    (first,) = book.finalize()
    book.add(used("U-1", 5, 8))
    book.run(FEBRUARY)
    book.finalize()
    if not is_kept:
        cancel(book.store, first.number)
        snapshot = book.snapshot()
        free = [each for each in snapshot.claims if each.state is not ClaimState.LINKED]
        known = bc.AccountSnapshot(
            snapshot.account,
            snapshot.subscriptions,
            claims=free,
            lines=snapshot.lines,
            usage=snapshot.usage,
        )
        lines = lines_of(bc.bill(bc.InvoiceRun(FEBRUARY), known, bc.TaxTable({})))
        assert shown(lines) == [("calls", "6", "10", "60.00")]
    else:
        assert book.net() == 80


def test_what_a_draft_bills_twice_is_counted_twice():
    """1 unit on a draft, corrected to 2 by another run and back to 1 by the first, is billed once."""
    book = Book(calls(cadence=MONTHLY))
    book.add(used("U-1", 5, 1))
    book.run(id="one")
    book.add(used("U-1", 5, 2))
    book.run(id="two")
    book.add(used("U-1", 5, 1))
    book.run(id="one")

    assert book.net() == 10
    assert [cover.terms for line in book.lines() for cover in line.covers] == [
        "2 times 1 of CALLS on 2026-01-05",
        "2 of CALLS on 2026-01-05",
        "2 of CALLS on 2026-01-05",
        "1 of CALLS on 2026-01-05",
    ]
    assert reasons(book.bill(id="one"))["usage/U-1"] == "DRAFT_EXISTS"


def test_a_reversal_that_is_reversed_leaves_the_draft():
    """A unit on one draft, taken back on another, and back again: the second bills nothing of it."""
    book = Book(calls(cadence=MONTHLY))
    book.add(used("U-1", 5, 1))
    book.run(id="one")
    book.add(used("U-1", 5, 0))
    book.run(id="two")
    book.add(used("U-1", 5, 1))
    outcome = book.run(id="two")

    assert [str(line.amount) for line in lines_of(outcome)] == ["0.00"]
    assert reasons(outcome) == {"usage/U-1": "DRAFT_EXISTS"}
    assert book.net() == 10
