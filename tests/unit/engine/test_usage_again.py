"""Usage that comes again: later, corrected, given back, and after a cancellation."""

from __future__ import annotations

from decimal import Decimal

import billingcore as bc
from tests.unit.engine.metering import (
    FEBRUARY,
    INCLUDE,
    MONTHLY,
    Book,
    calls,
    fee,
    lines_of,
    reasons,
    shown,
    used,
)

TIERS = (bc.Tier(10, "2.50"), bc.Tier(20, "2.40"), bc.Tier(None, "2.20"))


def tiered(model=bc.TIERED, **fields):
    """Make an item with three tiers, billed by calendar months."""
    return calls(pricing=bc.Pricing(model, TIERS), cadence=MONTHLY, **fields)


def test_a_repeated_run_adds_usage_to_the_line_of_its_draft():
    """6 units, then 9 more: one draft with one line of 15 units, which replaces that of 6."""
    book = Book(calls())
    book.add(used("U-1", 5, 6))
    (first,) = book.run().drafts
    book.add(used("U-2", 6, 9))
    outcome = book.run()

    assert [draft.id for draft in outcome.drafts] == [first.id]
    assert shown(book.lines()) == [("calls", "15", "10", "150.00")]
    assert reasons(outcome) == {"usage/U-1": "DRAFT_EXISTS"}
    assert outcome.billed == {"usage/U-2"}


def test_a_draft_that_grows_gets_the_tiers_that_are_reached():
    """6 units are one tier; with 9 more the draft has 10 at 2.50 and 5 at 2.40."""
    book = Book(tiered())
    book.add(used("U-1", 5, 6))
    book.run()
    book.add(used("U-2", 6, 9))
    book.run()

    assert shown(book.lines()) == [
        ("calls", "10", "2.50", "25.00"),
        ("calls", "5", "2.40", "12.00"),
    ]


def test_a_line_that_a_draft_no_longer_needs_costs_nothing():
    """A draft of 15 units that is corrected to 6 keeps its second line, with nothing on it."""
    book = Book(tiered())
    book.add(used("U-1", 5, 15))
    book.run()
    book.add(used("U-1", 5, 6))
    outcome = book.run()

    assert shown(book.lines()) == [("calls", "6", "2.50", "15.00"), ("calls", "0", "0.00", "0.00")]
    (exclusion,) = outcome.exclusions
    assert (exclusion.reason, dict(exclusion.facts)["corrected to"]) == (
        bc.Reason.DRAFT_EXISTS,
        "6 of CALLS on 2026-01-05",
    )


def test_usage_that_is_given_back_leaves_the_draft():
    """Usage on a draft that comes again with 0 is on no document any more."""
    book = Book(calls())
    book.add(used("U-1", 5, 6), used("U-2", 6, 1))
    book.run()
    book.add(used("U-1", 5, 0))
    book.run()
    assert shown(book.lines()) == [("calls", "1", "10", "10.00")]

    book.add(used("U-2", 6, 0))
    book.run()
    assert shown(book.lines()) == [("calls", "0", "0.00", "0.00")]
    (line,) = book.lines()
    assert [cover.is_release for cover in line.covers] == [False, True]


def test_usage_after_the_invoice_is_a_line_of_the_difference():
    """15 units are invoiced; 10 more cost 5 x 2.40 and 5 x 2.20, not 10 x 2.50 again."""
    book = Book(tiered())
    book.add(used("U-1", 5, 15))
    book.run()
    book.finalize()
    book.add(used("U-2", 6, 10))

    assert shown(lines_of(book.run())) == [
        ("calls", "5", "2.40", "12.00"),
        ("calls", "5", "2.20", "11.00"),
    ]
    assert len({line.billing_key for line in book.lines()}) == 4


def test_a_volume_price_that_falls_takes_the_old_price_back():
    """15 units at 2.40 are invoiced; with 10 more all 25 cost 2.20: 55.00 less 36.00."""
    book = Book(tiered(bc.VOLUME))
    book.add(used("U-1", 5, 15))
    book.run()
    book.finalize()
    book.add(used("U-2", 6, 10))

    assert shown(lines_of(book.run())) == [
        ("calls", "25", "2.20", "55.00"),
        ("calls", "-15", "2.40", "-36.00"),
    ]
    book.finalize()
    book.add(used("U-3", 7, 1))
    assert shown(lines_of(book.run())) == [("calls", "1", "2.20", "2.20")]


def test_corrected_usage_is_the_difference_on_the_next_run():
    """15 units are invoiced, and turn out to be 8: -2 at 2.50 and -5 at 2.40."""
    book = Book(tiered())
    book.add(used("U-1", 5, 15))
    book.run()
    book.finalize()
    book.add(used("U-1", 5, 8))
    outcome = book.run(FEBRUARY)

    assert shown(lines_of(outcome)) == [
        ("calls", "-2", "2.50", "-5.00"),
        ("calls", "-5", "2.40", "-12.00"),
    ]
    assert outcome.billed == {"usage/U-1"}
    assert [(cover.terms, cover.is_release) for cover in lines_of(outcome)[0].covers] == [
        ("8 of CALLS on 2026-01-05", False),
        ("15 of CALLS on 2026-01-05", True),
    ]


def test_a_correction_is_made_once():
    """A corrected record is not corrected again, on a draft or on an invoice."""
    book = Book(tiered())
    book.add(used("U-1", 5, 15))
    book.run()
    book.finalize()
    book.add(used("U-1", 5, 8))
    book.run(FEBRUARY)
    assert reasons(book.bill(FEBRUARY))["usage/U-1"] == "DRAFT_EXISTS"

    book.finalize()
    assert reasons(book.bill(FEBRUARY)) == {
        "usage/U-1": "ALREADY_INVOICED",
        "S-1/calls": "NO_USAGE",
    }
    assert book.net() == Decimal("20.00")


def test_reversed_usage_is_taken_back():
    """Invoiced usage that comes again with quantity 0 is taken back, and is then excluded."""
    book = Book(calls())
    book.add(used("U-1", 5, 6))
    book.run()
    book.finalize()
    book.add(used("U-1", 5, 0))
    assert shown(lines_of(book.run(FEBRUARY))) == [("calls", "-6", "10", "-60.00")]

    book.finalize()
    assert reasons(book.bill(FEBRUARY))["usage/U-1"] == "ZERO_QUANTITY"


def test_a_corrected_price_moves_usage_to_the_line_of_that_price():
    """3 units at 0.05 are invoiced; at 0.06 they are taken back at the one and billed at the other."""
    book = Book(calls(cadence=MONTHLY))
    book.add(used("U-1", 5, 3, price="0.05"))
    book.run()
    book.finalize()
    book.add(used("U-1", 5, 3, price="0.06"))

    assert shown(lines_of(book.run(FEBRUARY))) == [
        ("calls", "-3", "0.05", "-0.15"),
        ("calls", "3", "0.06", "0.18"),
    ]


def test_added_up_prices_are_corrected_too():
    """3 at 0.05 and 2 at 1.00 are 2.15; with 4 at 0.05 they are 2.20, a difference of 0.05."""
    book = Book(calls(aggregates_prices=True, cadence=MONTHLY))
    book.add(used("U-1", 5, 3, price="0.05"), used("U-2", 5, 2, price=1))
    book.run()
    book.finalize()
    book.add(used("U-1", 5, 4, price="0.05"))

    assert shown(lines_of(book.run(FEBRUARY))) == [("calls", "1", "0.05", "0.05")]


def test_a_corrected_day_moves_usage_to_its_month():
    """Usage that was in January after all is taken back in February and billed in January."""
    book = Book(calls(cadence=MONTHLY))
    book.add(used("U-1", "2026-02-03", 3))
    book.run(FEBRUARY)
    book.finalize()
    book.add(used("U-1", 30, 3))
    lines = lines_of(book.run(FEBRUARY))

    assert [(line.origin.key.start.month, str(line.amount)) for line in lines] == [
        (1, "30.00"),
        (2, "-30.00"),
    ]


def test_differences_add_up_to_the_cent():
    """Three units at 0.005 in three runs cost 0.01, 0.00 and 0.01: 0.015 rounded, not 0.03."""
    book = Book(calls(unit_price="0.005", cadence=MONTHLY))
    amounts = []
    for number in (1, 2, 3):
        book.add(used(f"U-{number}", 5, 1))
        amounts += [str(line.amount) for line in lines_of(book.run())]
        book.finalize()

    assert amounts == ["0.01", "0.00", "0.01"]


def test_a_fixed_discount_is_taken_off_once():
    """A discount of 10.00 on 4.00 takes off 4.00; of 15.00 in all it takes off 6.00 more."""
    book = Book(calls(unit_price=1, cadence=MONTHLY, discount=bc.Discount.amount(10)))
    found = []
    for number, quantity in ((1, 4), (2, 11)):
        book.add(used(f"U-{number}", 5, quantity))
        found += [(str(line.amount), str(line.discount)) for line in lines_of(book.run())]
        book.finalize()

    assert found == [("4.00", "4.00"), ("11.00", "6.00")]


def test_usage_that_adds_up_to_nothing_is_billed_with_nothing():
    """A flat tier that is billed covers later usage with a line of 0.00."""
    flat = bc.Pricing(bc.VOLUME, [bc.Tier(None, 25, price_type=bc.FLAT)])
    book = Book(calls(pricing=flat, cadence=MONTHLY))
    book.add(used("U-1", 5, 3))
    book.run()
    book.finalize()
    book.add(used("U-2", 6, 2))
    assert [str(line.amount) for line in lines_of(book.run())] == ["0.00"]

    book.add(used("U-3", 6, 2), used("U-4", 6, -4))
    assert reasons(book.run())["usage/U-2"] == "DRAFT_EXISTS"
    assert book.net() == 25


def test_usage_and_its_reversal_in_one_run_are_a_line_of_nothing():
    """A record and another that gives it back are covered by a line of 0.00."""
    book = Book(calls())
    book.add(used("U-1", 5, 3), used("U-2", 5, -3))

    assert shown(lines_of(book.run())) == [("calls", "0", "0.00", "0.00")]


def test_what_adds_up_to_nothing_beside_an_invoice_is_covered_too():
    """After an invoice, 3 units and 3 given back are covered by a line of 0.00."""
    book = Book(calls(cadence=MONTHLY))
    book.add(used("U-1", 5, 3))
    book.run()
    book.finalize()
    book.add(used("U-2", 5, 3), used("U-3", 5, -3))

    assert shown(lines_of(book.run())) == [("calls", "0", "0.00", "0.00")]


def test_another_run_does_not_touch_the_draft():
    """A run of another name bills the difference to what the first one has on its draft."""
    book = Book(tiered())
    book.add(used("U-1", 5, 15))
    book.run()
    book.add(used("U-2", 6, 10))
    outcome = book.run(id="second")

    assert shown(lines_of(outcome)) == [
        ("calls", "5", "2.40", "12.00"),
        ("calls", "5", "2.20", "11.00"),
    ]


def test_usage_of_a_changed_document_is_a_difference():
    """A draft of other terms of payment is not gone on with; the difference is on a new draft."""
    book = Book(calls(cadence=MONTHLY), payment_days=10)
    book.add(used("U-1", 5, 15))
    book.run()
    contract = bc.Subscription(
        "S-1", account="acme", items=[calls(cadence=MONTHLY)], payment_days=20
    )
    book.store.change(contract)
    book.add(used("U-2", 6, 10))

    assert shown(lines_of(book.run())) == [("calls", "10", "10", "100.00")]


def test_late_usage_of_a_billed_month_is_a_difference():
    """Usage of January that comes in February costs what it adds to January's tiers."""
    book = Book(tiered(), policy=INCLUDE)
    book.add(used("U-1", 5, 15))
    book.run()
    book.finalize()
    book.add(used("U-2", 31, 10), used("U-3", "2026-02-01", 1))

    assert shown(lines_of(book.run(FEBRUARY))) == [
        ("calls", "5", "2.40", "12.00"),
        ("calls", "5", "2.20", "11.00"),
        ("calls", "1", "2.50", "2.50"),
    ]


def test_a_draft_with_other_lines_grows_too():
    """Usage joins a draft that has lines of recurring items, and leaves them alone."""
    book = Book(calls(), bc.Item("seats", unit_price=5, billing_type=bc.RECURRING))
    book.add(used("U-1", 5, 6))
    book.run()
    book.add(used("U-2", 6, 1))
    book.run()

    assert shown(book.lines()) == [("seats", "1", "5", "5.00"), ("calls", "7", "10", "70.00")]


def test_usage_of_a_long_document_is_added_to_its_first_part():
    """With one line a document the draft of the first line grows; the others are left alone."""
    policy = bc.DOCUMENTED.but(max_lines=1)
    book = Book(calls(), calls(id="sms", order_no="SMS"), policy=policy)
    book.add(used("U-1", 5, 6), used("U-2", 5, 1, order_no="SMS"))
    assert len(book.run().drafts) == 2
    book.add(used("U-3", 6, 1))
    book.run()

    assert book.net() == 80


def test_an_item_that_was_billed_otherwise_before_can_bill_usage():
    """Lines of an item from a time when it was no transactional item, or no fee, count nothing."""
    before = [
        bc.Item(name, unit_price=5, billing_type=bc.RECURRING, cadence=MONTHLY)
        for name in ("calls", "minimum")
    ]
    book = Book(*before)
    book.run()
    book.finalize()
    items = [calls(cadence=MONTHLY), fee(100)]
    book.store.change(bc.Subscription("S-1", account="acme", items=items))
    book.add(used("U-1", 5, 6))

    assert [str(line.amount) for line in lines_of(book.run())] == ["60.00", "40.00"]
    assert book.net() == 110


def test_what_is_on_a_draft_of_usage_names_no_other_records():
    """Usage and fees name no parent record, and link no files."""
    book = Book(calls(), fee(100))
    book.add(used("U-1", 5, 6))
    (draft,) = book.run().drafts

    assert (draft.references, draft.documents) == ((), ())
    assert [line.sources for line in draft.lines] == [(), ()]
    assert [list(line.origin.entered) for line in draft.lines] == [[("usage/U-1", "")], []]


def test_a_draft_with_a_fee_grows():
    """Usage that comes after a fee is on the draft joins it, and the fee is made anew."""
    book = Book(calls(), fee(100))
    book.add(used("U-1", 5, 6))
    book.run()
    book.add(used("U-2", 6, 1))
    book.run()

    assert shown(book.lines()) == [
        ("calls", "7", "10", "70.00"),
        ("minimum", "1", "30.00", "30.00"),
    ]
    assert not any(line.origin.is_single for line in book.lines())


def test_a_record_that_moves_away_from_a_draft_is_billed_anew():
    """Usage of another run's draft, corrected to another invoice, is billed and not excluded."""
    book = Book(calls(cadence=MONTHLY))
    book.add(used("U-1", 5, 1))
    book.run(id="one")
    book.add(used("U-1", 5, 1, invoice_criterion="A"))
    book.run(id="two")
    book.store.discard("two/acme/S-1")
    outcome = book.run(id="two")

    assert shown(lines_of(outcome)) == [("calls", "-1", "10", "-10.00")]
    assert outcome.billed == {"usage/U-1"}
    assert "usage/U-1" not in reasons(outcome)
