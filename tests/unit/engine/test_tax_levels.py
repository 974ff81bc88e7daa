"""Where tax is rounded: the tables of behaviour 2.8, and prices that include tax."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.engine.records import VAT, amounts, draft_of, once, sums

A = once("A", "0.69", quantity=3, tax_code="19")
B = once("B", "0.99", quantity=4, tax_code="19")


def levels(level, **changes):
    """Give the default policy with another level."""
    return bc.DOCUMENTED.but(tax_level=level, **changes)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (bc.TaxLevel.LINE, ("6.03", "1.14", "7.17")),
        (bc.TaxLevel.CATEGORY, ("6.03", "1.15", "7.18")),
        (bc.TaxLevel.DOCUMENT, ("6.03", "1.15", "7.18")),
    ],
    ids=["per line", "per category", "per document"],
)
def test_the_documented_example(level, expected):
    """3 x 0.69 and 4 x 0.99 at 19 % are taxed 1.14 per line, and 1.15 on their sum."""
    assert sums(draft_of(A, B, policy=levels(level))) == amounts(*expected)


def test_the_documented_example_line_by_line():
    """Per line the taxes are 0.39 and 0.75; the other levels give lines no tax of their own."""
    per_line = draft_of(A, B, policy=levels(bc.TaxLevel.LINE))
    per_category = draft_of(A, B)

    assert [line.tax_amount for line in per_line.lines] == [*amounts("0.39", "0.75")]
    assert [line.tax_amount for line in per_category.lines] == [None, None]


def test_the_tax_delta_closes_the_gap():
    """With taxes per line, a hidden line of 0.01 tax makes the total that of the category."""
    draft = draft_of(A, B, policy=levels(bc.TaxLevel.LINE, tax_delta=True))
    delta = draft.lines[-1]

    assert sums(draft) == amounts("6.03", "1.15", "7.18")
    assert (delta.type, delta.is_hidden) == (bc.LineType.TAX_DELTA, True)
    assert (delta.net, delta.tax_amount, delta.covers) == (*amounts("0.00", "0.01"), ())
    assert len(draft.visible_lines) == 2


def test_no_tax_delta_where_there_is_no_gap():
    """A single line has no gap, and gets no hidden line."""
    draft = draft_of(A, policy=levels(bc.TaxLevel.LINE, tax_delta=True))

    assert len(draft.lines) == 1


def test_no_tax_delta_on_other_levels():
    """Where tax is not rounded per line there is no gap to close."""
    draft = draft_of(A, B, policy=bc.DOCUMENTED.but(tax_delta=True))

    assert len(draft.lines) == 2


def test_no_tax_delta_for_prices_with_tax():
    """The tax of what the customer was quoted with tax is left as it is."""
    items = [once(n, "1.19", price_includes_tax=True, tax_code="19") for n in "ab"]
    draft = draft_of(*items, policy=levels(bc.TaxLevel.LINE, tax_delta=True))

    assert (len(draft.lines), draft.totals.gross) == (2, *amounts("2.38"))


def test_tax_delta_of_each_rate():
    """Each rate has its own hidden line; their numbers follow the visible lines."""
    # 19 %: three times 0.10 give 3 x 0.02 = 0.06 by line, 0.057 = 0.06 on the sum: no gap.
    # 7 %: three times 0.10 give 3 x 0.01 = 0.03 by line, 0.021 = 0.02 on the sum: -0.01.
    items = [once(f"{code}-{n}", "0.10", tax_code=code) for code in ("19", "7") for n in range(3)]
    draft = draft_of(*items, policy=levels(bc.TaxLevel.LINE, tax_delta=True))
    delta = draft.lines[6]

    assert len(draft.lines) == 7
    assert (delta.number, delta.tax.rate, delta.tax_amount) == (7, 7, *amounts("-0.01"))
    assert sums(draft) == amounts("0.60", "0.08", "0.68")


def gross(item_id, price, code="19", **fields):
    """Make an item whose price includes tax."""
    return once(item_id, price, price_includes_tax=True, tax_code=code, **fields)


@pytest.mark.parametrize(
    ("level", "nets", "expected"),
    [
        # 3 x 10.00: 30 x 19/119 = 4.7899 on the sum; 10 x 19/119 = 1.5966 on each.
        (bc.TaxLevel.CATEGORY, ("8.41", "8.40", "8.40"), ("25.21", "4.79", "30.00")),
        (bc.TaxLevel.DOCUMENT, ("8.41", "8.40", "8.40"), ("25.21", "4.79", "30.00")),
        (bc.TaxLevel.LINE, ("8.40", "8.40", "8.40"), ("25.20", "4.80", "30.00")),
    ],
    ids=["per category", "per document", "per line"],
)
def test_prices_with_tax_stay_what_they_were(level, nets, expected):
    """The gross total is what was priced; the net amounts are what is left of it."""
    draft = draft_of(*(gross(name, 10) for name in "abc"), policy=levels(level))

    assert tuple(line.net for line in draft.lines) == amounts(*nets)
    assert sums(draft) == amounts(*expected)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        # Net 2 x 10.05: 3.819 on the sum, 1.9095 each. Gross 2 x 9.99: 3.1901, or 1.5950 each.
        # Per line 2 x 1.91 + 2 x 1.60 = 7.02; else 3.82 + 3.19 = 7.01, and 7.0091 rounded once.
        (bc.TaxLevel.CATEGORY, ("36.89", "7.01", "43.90")),
        (bc.TaxLevel.LINE, ("36.88", "7.02", "43.90")),
        (bc.TaxLevel.DOCUMENT, ("36.89", "7.01", "43.90")),
    ],
    ids=["per category", "per line", "per document"],
)
def test_net_and_gross_prices_on_one_document(level, expected):
    """Lines priced net and lines priced gross are taxed apart, and share one row of a rate."""
    items = [once(n, "10.05", tax_code="19") for n in "ab"] + [gross(n, "9.99") for n in "cd"]
    draft = draft_of(*items, policy=levels(level))

    assert len(draft.totals.breakdown) == 1
    assert sums(draft) == amounts(*expected)


def test_one_rounding_for_the_document():
    """Per document the taxes of all rates are rounded once, and the cent goes to one row."""
    # 0.05 at 7 % = 0.0035 and 0.01 at 19 % = 0.0019: 0.0054 = 0.01, where each row alone is 0.00.
    items = [once("a", "0.05", tax_code="7"), once("b", "0.01", tax_code="19")]
    per_document = draft_of(*items, policy=levels(bc.TaxLevel.DOCUMENT))
    per_category = draft_of(*items)

    assert sums(per_document) == amounts("0.06", "0.01", "0.07")
    assert [row.amount for row in per_document.totals.breakdown] == [*amounts("0.01", "0.00")]
    assert per_category.totals.tax == 0


def test_the_breakdown_has_a_row_per_category_and_rate():
    """Rows follow the lines; codes of one rate share a row, an exemption has its own with reason."""
    table = bc.TaxTable({"19": 19, "also 19": "19.0", "free": bc.TaxRate.exempt(reason="school")})
    items = [
        once("a", 10, tax_code="19"),
        once("b", 20, tax_code="free"),
        once("c", 30, tax_code="also 19"),
        once("d", 40),
    ]
    rows = draft_of(*items, tax=table).totals.breakdown

    assert [(row.tax.category.value, row.taxable, row.amount) for row in rows] == [
        ("S", *amounts("40.00", "7.60")),
        ("E", *amounts("20.00", "0.00")),
        ("O", *amounts("40.00", "0.00")),
    ]
    assert rows[1].tax.reason == "school"
    assert rows[2].tax == bc.UNTAXED


@pytest.mark.parametrize(
    ("rounding", "tax"),
    [
        (bc.Rounding.HALF_UP, "0.03"),
        (bc.Rounding.HALF_EVEN, "0.02"),
        (bc.Rounding.DOWN, "0.02"),
        (bc.Rounding.UP, "0.03"),
        (bc.Rounding.FLOOR, "0.02"),
        (bc.Rounding.CEILING, "0.03"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_taxes_are_rounded_by_the_policy(rounding, tax):
    """5 % of 0.50 is 0.025: where it goes is the policy's rounding."""
    table = bc.TaxTable({"5": 5})
    for level in bc.TaxLevel:
        policy = levels(level, rounding=rounding)
        draft = draft_of(once("a", "0.50", tax_code="5"), tax=table, policy=policy)
        assert draft.totals.tax == amounts(tax)[0]


def test_amounts_have_the_digits_of_their_currency():
    """Yen have no decimals: 100.5 are 101, and 10 % of it are 10."""
    account = bc.Account("acme", currency="JPY")
    item = once("a", "100.5", tax_code="10")
    draft = bc.draft(account, [item], period=bc.Period.month(2026, 3), tax=bc.TaxTable({"10": 10}))

    assert [str(amount) for amount in sums(draft)] == ["101", "10", "111"]


def test_cash_rounding():
    """Where cash pays in steps of 0.05, the amount due is rounded and the rest is shown."""
    account = bc.Account("acme", currency="CHF")
    policy = bc.DOCUMENTED.but(cash_increments={"CHF": "0.05"})
    item = once("a", "9.98", tax_code="free")
    draft = bc.draft(account, [item], period=bc.Period.month(2026, 3), tax=VAT, policy=policy)

    assert (draft.totals.gross, draft.totals.rounding, draft.totals.due) == amounts(
        "9.98", "0.02", "10.00"
    )
    assert draft.amount_due == bc.Money("10.00", "CHF")


def test_cash_rounding_is_for_its_currency_only():
    """A step for francs leaves euros as they are."""
    policy = bc.DOCUMENTED.but(cash_increments={"CHF": "0.05"})

    assert draft_of(once("a", "9.98"), policy=policy).totals.due == amounts("9.98")[0]


def test_totals_are_in_the_order_of_the_standard():
    """The fields of the totals are BT-106 to BT-115 in this order, after them the breakdown."""
    draft = draft_of(once("a", 100, tax_code="19"), once("b", 50, tax_code="7"))
    sums_ = draft.totals

    assert (sums_.line_total, sums_.allowance_total, sums_.charge_total) == (150, 0, 0)
    assert (sums_.net, sums_.tax, sums_.gross) == amounts("150.00", "22.50", "172.50")
    assert (sums_.paid, sums_.rounding, sums_.due) == (0, 0, *amounts("172.50"))


def test_a_total_that_is_too_large():
    """A document of more than 15 digits is refused, and names what to check."""
    item = once("a", "999999999999", quantity="99999")

    with pytest.raises(bc.BillingProblemsError) as caught:
        draft_of(item)
    assert "too large" in str(caught.value.exceptions[0])


def test_no_amount_is_negative_zero():
    """A discount of nothing on a negative line is zero, and not minus zero."""
    item = once("a", -1, discount=bc.Discount.amount(0))
    draft = draft_of(item, discount=bc.Discount.percent(0))
    line = draft.line(1)

    assert not any(amount.is_signed() for amount in (line.discount, line.order_discount))
