"""Cancellations are exact negatives, and all credits of a document together are the document."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.testing import check_document
from tests.engine_strategies import changed_item, discounts, policies, priced, tax_table

TAX = tax_table()
FEBRUARY = date(2025, 2, 1)
SUMS = ("line_total", "net", "tax", "gross", "paid", "rounding", "due")
PARTS = ("amount", "discount", "order_discount", "priced", "net")
STEPS = {"EUR": "0.05", "CHF": "0.05", "JPY": "10", "BHD": "0.005"}
CENTS = {"EUR": "0.01", "CHF": "0.01", "JPY": "1", "BHD": "0.001"}
SMS = bc.Item(
    "sms",
    quantity=25,
    tax_code="reduced",
    discount=bc.Discount.amount("0.07"),
    pricing=bc.Pricing(bc.TIERED, [bc.Tier(10, "0.111"), bc.Tier(20, 1), bc.Tier(None, "0.37")]),
)


@st.composite
def invoices(draw) -> bc.Invoice:
    """Make an invoice of some items, priced and taxed in any way, in one of four currencies."""
    account = bc.Account("acme", currency=draw(st.sampled_from([*STEPS])))
    fields = draw(st.lists(priced(), min_size=1, max_size=6))
    items = [
        changed_item(bc.Item(f"item-{number}", **each), criterion="")
        for number, each in enumerate(fields)
    ]
    policy = draw(policies).but(cash_increments=draw(st.sampled_from([{}, STEPS])))
    made = bc.draft(
        account,
        [*items, *draw(st.sampled_from([[], [SMS]]))],
        period=bc.Period.month(2025, 1),
        tax=TAX,
        discount=draw(st.none() | discounts),
        policy=policy,
    )
    return bc.Invoice("1", FEBRUARY, FEBRUARY, made)


def books_of(invoices: list[bc.Invoice]) -> bc.Books:
    """Make the books of one account."""
    return bc.Books(invoices[0].account, invoices={each.number: each for each in invoices})


def issue(draft: bc.DraftInvoice, known: list[bc.Invoice]) -> None:
    """Give a draft the next number."""
    check_document(draft)
    assert draft.claims == ()
    known.append(bc.Invoice(str(len(known) + 1), FEBRUARY, FEBRUARY, draft))


@given(invoices())
def test_a_cancellation_is_the_exact_negative(invoice):
    """Lines, breakdown and totals of document and cancellation add up to 0, field by field."""
    canceled = bc.cancel("1", books_of([invoice]))
    check_document(canceled)

    for line, billed in zip(canceled.lines, invoice.lines, strict=True):
        assert all(getattr(line, name) + getattr(billed, name) == 0 for name in PARTS)
        assert (line.tax_amount or 0) + (billed.tax_amount or 0) == 0
        assert line.item.position_price + billed.item.position_price == 0
        assert bc.explain(line).steps
    for row, billed in zip(canceled.totals.breakdown, invoice.breakdown, strict=True):
        assert (row.taxable, row.amount) == (-billed.taxable, -billed.amount)
    assert all(getattr(canceled.totals, name) + getattr(invoice.totals, name) == 0 for name in SUMS)


def counted(documents: list[bc.Invoice]) -> Counter[object]:
    """Add up amounts by what they are for: totals, tax categories, and parts of lines."""
    found: Counter[object] = Counter()
    for each in documents:
        for name in SUMS:
            found[name] += getattr(each.totals, name)
        for row in each.breakdown:
            found[row.tax.group, "taxable"] += row.taxable
            found[row.tax.group, "tax"] += row.amount
        for line in each.lines:
            number = line.number if line.origin is None else line.origin.number
            for name in PARTS if line.priced or line.origin is None else ():
                found[number, name] += getattr(line, name)
            found[number, "tax"] += line.tax_amount or 0
    return found


def part_of(whole: Decimal, share: int, currency: str) -> Decimal:
    """Give some thousandths of an amount, but at least the smallest amount."""
    cent = Decimal(CENTS[currency])
    part = (whole * share / 1000 // cent) * cent
    return part or cent.copy_sign(whole)


shares = st.integers(0, 1000)
CHOICES = st.lists(
    st.one_of(
        st.tuples(st.just("lines"), st.dictionaries(st.integers(0, 6), shares, min_size=1)),
        st.tuples(st.just("gross"), shares),
    ),
    max_size=5,
)


@given(invoices(), CHOICES)
def test_all_credits_together_are_the_document(invoice, choices):
    """Parts of lines and gross amounts in any order, then the rest, give back every amount."""
    known, currency = [invoice], invoice.currency
    visible = invoice.draft.visible_lines
    for kind, chosen in choices:
        books, so_far = books_of(known), counted(known)
        left = {line.number: so_far[line.number, "priced"] for line in visible}
        left = {number: amount for number, amount in left.items() if amount}
        if kind == "lines" and left:
            names = [*left]
            lines = {names[at % len(names)]: share for at, share in chosen.items()}
            parts = {at: part_of(left[at], share, currency) for at, share in lines.items()}
            issue(bc.credit("1", books, parts), known)
            assert {line.origin.number: -line.priced for line in known[-1].draft.visible_lines} == (
                parts
            )
        elif kind == "gross" and left and so_far["gross"]:
            gross = part_of(so_far["gross"], chosen, currency)
            issue(bc.credit("1", books, gross=gross), known)
            assert known[-1].totals.gross == -gross
        for number, amount in left.items():
            after = counted(known)[number, "priced"]
            assert min(0, amount) <= after <= max(0, amount)
    try:
        issue(bc.credit("1", books_of(known)), known)
    except bc.InvalidTransitionError:
        assert not any(counted(known)[line.number, "priced"] for line in visible)
    free = {name for line in visible if not line.priced for name in _names(line)}
    assert {name for name, amount in counted(known).items() if amount} <= free


def _names(line: bc.LineItem) -> list[object]:
    """Name the parts of a line that costs nothing, of which nothing is given back."""
    return [(line.number, name) for name in PARTS]
