"""Conservation as a function: it finds every way in which a document can fail to add up."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.testing import check_document
from billingcore.values.sealing import changed
from tests.unit.engine.records import draft_of, once, store_of

LINE, CATEGORY, DOCUMENT = bc.TaxLevel.LINE, bc.TaxLevel.CATEGORY, bc.TaxLevel.DOCUMENT


def right(level=CATEGORY, **changes):
    """Make a draft of two net lines at 19 % and one gross line at 7 %."""
    items = [
        once("a", "0.69", quantity=3, tax_code="19"),
        once("b", "0.99", quantity=4, tax_code="19", discount=bc.Discount.amount("0.01")),
        once("c", "10.70", tax_code="7", price_includes_tax=True),
    ]
    return draft_of(*items, policy=bc.DOCUMENTED.but(tax_level=level, **changes))


def with_totals(draft, **changes):
    """Give a draft with other totals."""
    return changed(draft, totals=changed(draft.totals, **changes))


def with_line(draft, **changes):
    """Give a draft with another first line."""
    return changed(draft, lines=(changed(draft.lines[0], **changes), *draft.lines[1:]))


def with_row(draft, **changes):
    """Give a draft with another first row of its tax breakdown."""
    first, *rest = draft.totals.breakdown
    return with_totals(draft, breakdown=(first._replace(**changes), *rest))


DRAFT = right()
BROKEN = {
    "no lines": (changed(DRAFT, lines=()), "a document has a line"),
    "numbers": (with_line(DRAFT, number=2), "numbered from 1"),
    "currency": (with_line(DRAFT, currency="USD"), "one currency"),
    "heading": (
        with_line(
            DRAFT,
            heading=draft_of(
                once(), setup=bc.Setup([bc.Template("Default", payment_days=3)])
            ).heading,
        ),
        "one heading",
    ),
    "keys": (with_line(DRAFT, own_key=DRAFT.line(2).billing_key), "share a billing key"),
    "kind": (changed(DRAFT, kind=bc.InvoiceKind.CREDIT), "credit if, and only if"),
    "digits": (with_line(DRAFT, discount=Decimal("0.001")), "digits of their currency"),
    "negative zero": (with_line(DRAFT, discount=Decimal("-0.00")), "no negative zero"),
    "net of a line": (with_line(DRAFT, net=Decimal("2.00")), "a net price is net"),
    "turned around": (with_line(DRAFT, discount=Decimal(9), net=Decimal("-6.93")), "turns"),
    "BR-CO-10": (with_totals(DRAFT, line_total=Decimal(1)), "BR-CO-10"),
    "BR-CO-11": (with_totals(DRAFT, allowance_total=Decimal(1)), "BR-CO-11"),
    "BR-CO-12": (with_totals(DRAFT, charge_total=Decimal(1)), "BR-CO-12"),
    "BR-CO-13": (with_totals(DRAFT, net=Decimal(1)), "BR-CO-13"),
    "BR-CO-14": (with_totals(DRAFT, tax=Decimal(1)), "BR-CO-14"),
    "BR-CO-15": (with_totals(DRAFT, gross=Decimal(1)), "BR-CO-15"),
    "BR-CO-16": (with_totals(DRAFT, due=Decimal(1)), "BR-CO-16"),
    "rounding": (
        with_totals(DRAFT, rounding=Decimal("0.01"), due=DRAFT.totals.due + Decimal("0.01")),
        "only cash amounts",
    ),
    "cash": (
        changed(DRAFT, policy=DRAFT.policy.but(cash_increments={"EUR": "0.25"})),
        "cash can pay",
    ),
    "rows": (with_totals(DRAFT, breakdown=DRAFT.totals.breakdown[::-1]), "one row per tax"),
    "taxable": (with_row(DRAFT, taxable=Decimal(1)), "taxable amount of a row"),
    "per line": (
        with_line(right(LINE), tax_amount=Decimal("0.40")),
        "tax of a line is rounded by itself",
    ),
}


@pytest.mark.parametrize(("draft", "law"), BROKEN.values(), ids=BROKEN)
def test_a_broken_document_is_found(draft, law):
    """Each way in which a document can fail to add up is named, with the evidence."""
    with pytest.raises(bc.InvariantViolationError, match=law) as caught:
        check_document(draft)
    assert caught.value.evidence


@pytest.mark.parametrize(
    ("level", "law"),
    [
        (LINE, "taxes of lines add up"),
        (CATEGORY, "BR-CO-17"),
        (DOCUMENT, "rounded once"),
    ],
    ids=["line", "category", "document"],
)
def test_a_wrong_tax_is_found(level, law):
    """A cent of tax too much is found on every level, although the sums agree with it."""
    draft, cent = right(level), Decimal("0.01")
    sums = draft.totals
    more = with_row(draft, amount=sums.breakdown[0].amount + cent)
    more = with_totals(more, tax=sums.tax + cent, gross=sums.gross + cent, due=sums.due + cent)

    with pytest.raises(bc.InvariantViolationError, match=law):
        check_document(more)


def test_a_changed_gross_price_is_found():
    """Lines priced with tax must cost together what was priced."""
    draft = draft_of(once("c", "10.70", tax_code="7", price_includes_tax=True))
    cent = Decimal("0.01")
    less = with_line(draft, net=draft.line(1).net - cent)
    less = with_row(less, taxable=draft.totals.net - cent)
    less = with_totals(
        less,
        line_total=draft.totals.net - cent,
        net=draft.totals.net - cent,
        gross=draft.totals.gross - cent,
        due=draft.totals.due - cent,
    )

    with pytest.raises(bc.InvariantViolationError, match="stay what they were"):
        check_document(less)


def with_a_delta(level):
    """Make a draft whose taxes per line miss those of the category by a cent."""
    items = once("a", "2.07", tax_code="19"), once("b", "3.96", tax_code="19")
    return draft_of(*items, policy=bc.DOCUMENTED.but(tax_level=level, tax_delta=True))


@pytest.mark.parametrize("level", bc.TaxLevel)
def test_a_right_document_passes(level):
    """A draft, a credit, a draft with a tax delta and an invoice pass."""
    store = store_of()
    check_document(right(level))
    check_document(right(level, cash_increments={"EUR": "0.05"}))
    check_document(with_a_delta(level))
    check_document(bc.edit.change_line(right(level), 1, quantity=-90))
    check_document(bc.finalize(right(level), store, on="2026-04-01"))
