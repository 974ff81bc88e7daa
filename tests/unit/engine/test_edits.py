"""Editing a draft into another draft: the sums follow, the old one stays as it was."""

from __future__ import annotations

import attrs
import pytest

import billingcore as bc
from billingcore.testing import check_document
from tests.unit.engine.records import (
    ACME,
    MARCH,
    VAT,
    amounts,
    bill,
    contract,
    days,
    draft_of,
    monthly,
    once,
    run_of,
    store_of,
    sums,
)


def two_lines(**fields):
    """Make a draft of 100.00 at 19 % and 50.00 at 7 %: 150.00, 22.50, 172.50."""
    return draft_of(once("a", 100, tax_code="19"), once("b", 50, tax_code="7"), **fields)


def test_a_line_is_changed():
    """Another quantity changes line and totals; days, key and id stay, and so does the old draft."""
    draft = two_lines()
    edited = bc.edit.change_line(draft, 1, quantity=2, title="Two of them")

    assert sums(edited) == amounts("250.00", "41.50", "291.50")
    assert edited.line(1).title == "Two of them"
    assert (edited.version, edited.id) == (draft.version, draft.id)
    assert edited.line(1).billing_key == draft.line(1).billing_key
    assert sums(draft) == amounts("150.00", "22.50", "172.50")
    check_document(edited)


def test_the_factor_of_a_changed_line_stays():
    """A changed price of a prorated line is multiplied by the same factor: 62 x 17/31 = 34."""
    item = monthly(billing_type=bc.RECURRING_PRORATED, sync_with=bc.NEXT_MONTH)
    store = store_of(contract(item, start="2026-03-15"))
    (draft,) = bill(store).drafts
    edited = bc.edit.change_line(draft, 1, unit_price=62)

    assert edited.totals.net == 34
    assert edited.line(1).covers == draft.line(1).covers


def test_a_line_discount_is_put_on():
    """A discount of the line changes what it costs."""
    edited = bc.edit.change_line(two_lines(), 1, discount=bc.Discount.percent("33.333"))

    assert (edited.line(1).discount, edited.totals.net) == amounts("33.33", "116.67")


def test_a_changed_tax_code_is_asked():
    """Another tax code needs the tax engine; the other lines keep their taxes."""
    edited = bc.edit.change_line(two_lines(), 1, tax=VAT, tax_code="7")

    assert [line.tax.rate for line in edited.lines] == [7, 7]
    with pytest.raises(bc.PortError, match="pass tax="):
        bc.edit.change_line(two_lines(), 1, tax_code="7")


def test_a_tax_code_is_taken_away():
    """Without a tax code a line is untaxed, and nobody need be asked."""
    edited = bc.edit.change_line(two_lines(), 1, tax_code=None)

    assert edited.line(1).tax == bc.UNTAXED


def test_an_unknown_tax_code_of_an_edit():
    """An edit that the tax engine refuses raises the problem."""
    with pytest.raises(bc.BillingProblemsError) as caught:
        bc.edit.change_line(two_lines(), 1, tax=VAT, tax_code="?")
    assert "unknown tax code" in str(caught.value.exceptions[0])


def test_a_line_is_added():
    """A line added by hand stands at the end, covers nothing, and is taxed."""
    edited = bc.edit.add_line(two_lines(), once("c", 10, tax_code="19"), tax=VAT)

    assert sums(edited) == amounts("160.00", "24.40", "184.40")
    assert (edited.line(3).title, edited.line(3).covers) == ("c", ())
    check_document(bc.edit.add_line(edited, once("c", 10)))


def test_an_added_line_has_days_of_its_own():
    """Without a period the line has the draft's days; with one, its factor follows from it."""
    draft = two_lines()
    prorated = monthly("c", 31, billing_type=bc.RECURRING_PRORATED)
    own = bc.edit.add_line(draft, prorated, period=bc.Period("2026-03-01", "2026-03-11"))

    assert days(bc.edit.add_line(draft, once("c")).line(3)) == ("2026-03-01", "2026-03-31")
    assert own.line(3).net == 10


def test_a_line_is_removed():
    """Without the second line the totals are those of the first; numbers close up."""
    edited = bc.edit.remove_line(two_lines(), 1)

    assert sums(edited) == amounts("50.00", "3.50", "53.50")
    assert [line.number for line in edited.lines] == [1]


def test_removing_frees_what_the_line_covered():
    """Once the edited draft is stored, a run bills the removed line again."""
    store = store_of(contract(monthly("a"), monthly("b")))
    (draft,) = bc.execute(run_of(), store).drafts
    store.put(bc.edit.remove_line(draft, 1))
    (again,) = bc.execute(run_of(), store).drafts

    assert [line.title for line in again.lines] == ["a"]
    assert again.id == f"{draft.id}#2"


def test_an_order_discount_is_put_on_and_off():
    """10 % of 150.00 are shared 10.00 and 5.00; taken off, the draft is as it was."""
    draft = two_lines()
    edited = bc.edit.discount_order(draft, bc.Discount.percent(10))

    assert [line.order_discount for line in edited.lines] == [10, 5]
    assert sums(edited) == amounts("135.00", "20.25", "155.25")
    assert edited.order_discount == bc.Discount.percent(10)
    assert sums(bc.edit.discount_order(edited, None)) == sums(draft)


def test_an_order_discount_follows_later_edits():
    """A discount on the document is shared anew when its lines change."""
    edited = bc.edit.discount_order(two_lines(), bc.Discount.amount(15))
    grown = bc.edit.change_line(edited, 2, quantity=4)
    less = bc.edit.remove_line(grown, 1)

    assert [line.order_discount for line in grown.lines] == [5, 10]
    assert [line.order_discount for line in less.lines] == [15]


def test_the_discount_of_the_subscription_stays():
    """The order discount of a contract is shared anew by the lines that are left."""
    discounted = contract(monthly("a", 30), monthly("b", 70), order_discount=bc.Discount.amount(10))
    (draft,) = bill(store_of(discounted)).drafts
    edited = bc.edit.remove_line(draft, 1)

    assert [line.order_discount for line in draft.lines] == [3, 7]
    assert [line.order_discount for line in edited.lines] == [10]


def test_a_draft_turns_into_a_credit_and_back():
    """The kind follows the sign of the edited total."""
    credit = bc.edit.change_line(two_lines(), 1, quantity=-1)

    assert (credit.kind, credit.totals.net) == (bc.InvoiceKind.CREDIT, -50)
    assert bc.edit.change_line(credit, 1, quantity=1).kind is bc.InvoiceKind.STANDARD


def test_a_negative_edit_under_carry_forward_is_a_credit():
    """What is edited by hand is not carried forward: below zero it is a credit."""
    store = store_of(contract(monthly("a"), monthly("b")))
    run = run_of(negative_total=bc.NegativeTotal.CARRY_FORWARD)
    (draft,) = bc.execute(run, store).drafts

    assert bc.edit.change_line(draft, 1, quantity=-5).kind is bc.InvoiceKind.CREDIT


def test_a_tax_delta_is_worked_out_anew():
    """The hidden line is no line to edit, and follows the visible ones."""
    policy = bc.DOCUMENTED.but(tax_level=bc.TaxLevel.LINE, tax_delta=True)
    draft = draft_of(
        once("a", "2.07", tax_code="19"), once("b", "3.96", tax_code="19"), policy=policy
    )
    edited = bc.edit.remove_line(draft, 2)

    assert [len(each.lines) for each in (draft, edited)] == [3, 1]
    with pytest.raises(bc.InvalidInputError, match="use 1 to 2"):
        bc.edit.remove_line(draft, 3)


@pytest.mark.parametrize("number", [0, 3, -1])
def test_no_such_line(number):
    """A line number outside the document is refused with the numbers there are."""
    for change in (bc.edit.change_line, bc.edit.remove_line):
        with pytest.raises(bc.InvalidInputError, match="no such line; use 1 to 2"):
            change(two_lines(), number)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"prize": 1}, "an item has no such field"),
        ({"position_price": 1}, "an item has no such field"),
        ({"quantity": 0.5}, "a float is not exact"),
        ({"currency": "USD"}, "a document has one currency"),
        ({"unit_price": bc.Money(1, "USD")}, "a document has one currency"),
    ],
    ids=["unknown", "derived", "wrong value", "currency", "money of a currency"],
)
def test_wrong_changes(changes, rule):
    """A wrong change is refused with its rule, and the draft stays as it was."""
    with pytest.raises(bc.InvalidInputError, match=rule):
        bc.edit.change_line(two_lines(), 1, **changes)


def test_an_added_line_of_another_currency():
    """A line in dollars does not go on a document in euros."""
    with pytest.raises(bc.InvalidInputError, match="a document has one currency"):
        bc.edit.add_line(two_lines(), once("c", currency="USD"))


def test_the_only_line_stays():
    """The last line cannot be removed; the fix is to discard the draft."""
    with pytest.raises(bc.InvalidInputError, match="at least one line; discard the draft"):
        bc.edit.remove_line(draft_of(once()), 1)


def test_drafts_do_not_change():
    """A draft, its lines and its totals are frozen."""
    draft = two_lines()

    for value in (draft, draft.lines[0], draft.totals):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            value.version = 7
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            del value.version


def test_an_edited_price_in_the_currency_of_the_draft():
    """A line billed in its item's own currency may be changed."""
    draft = bc.draft(ACME, [once("a", currency="USD")], period=MARCH)

    assert bc.edit.change_line(draft, 1, quantity=3).totals.net == 150
