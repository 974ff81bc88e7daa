"""Gross amounts, taxes and rounding of credits: nothing drifts, and nothing is left over."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

import billingcore as bc
from billingcore.testing import check_document
from tests.unit.lifecycle.issuing import Issued, assert_given_back, draft_of, item, nets, sums

ONE, HALF, THIRD = Fraction(1), Fraction(1, 2), Fraction(1, 3)


@pytest.mark.parametrize(
    ("gross", "lines", "taxes"),
    [
        ("100.00", ["-57.97", "-28.98"], ["-11.02", "-2.03"]),
        ("172.49", ["-99.99", "-50.00"], ["-19.00", "-3.50"]),
        ("0.01", ["-0.01"], ["0.00"]),
        ("172.50", ["-100.00", "-50.00"], ["-19.00", "-3.50"]),
    ],
)
def test_a_gross_amount_is_spread(gross, lines, taxes):
    """A gross amount is divided by the 119.00 and 53.50 that are left, then into net and tax."""
    issued = Issued(draft_of(item("a", 100), item("b", 50, tax_code="7")))
    made = issued.credit("2026-00001", gross=gross)

    assert nets(made) == lines
    assert [str(row.amount) for row in made.breakdown] == taxes
    assert made.totals.gross == -Decimal(gross)
    check_document(made)


def test_gross_amounts_of_what_is_left():
    """Three gross amounts and the rest are the invoice, also after a part of a line."""
    issued = Issued(draft_of(item("a", 100), item("b", 50, tax_code="7")))
    issued.credit("2026-00001", {2: "49.99"})
    for gross in ("33.33", "33.34", "11.11"):
        assert issued.credit("2026-00001", gross=gross).totals.gross == -Decimal(gross)
    issued.credit("2026-00001")

    assert_given_back(issued)


def test_parts_of_prices_that_include_tax():
    """Amounts of such lines are gross: of 3 x 3.33, with 1.60 of tax, half is 1.67 each."""
    items = [item(f"g{number}", "3.33", price_includes_tax=True) for number in range(3)]
    issued = Issued(draft_of(*items))
    half = issued.credit("2026-00001", dict.fromkeys((1, 2, 3), HALF))
    rest = issued.credit("2026-00001", {1: "1.66"})

    assert nets(half) == ["-1.40", "-1.41", "-1.40"]
    assert sums(half) == ("-4.21", "-0.80", "-5.01")
    assert sums(rest) == ("-1.40", "-0.26", "-1.66")
    issued.credit("2026-00001")
    assert_given_back(issued)


def test_whole_lines_with_tax_in_the_price_give_back_their_own_net():
    """8.39 net were 2.80, 2.80 and 2.79, and so each of them is given back."""
    items = [item(f"g{number}", "3.33", price_includes_tax=True) for number in range(3)]
    issued = Issued(draft_of(*items))

    found = [issued.credit("2026-00001", {number: "3.33"}) for number in (3, 1, 2)]
    assert [nets(each) for each in found] == [["-2.79"], ["-2.80"], ["-2.80"]]
    assert_given_back(issued)


def test_net_and_gross_prices_of_one_category():
    """Each has its own part of the tax: 19.00 of 119.00 and 19.00 on 100.00."""
    issued = Issued(draft_of(item("n", 100), item("g", 119, price_includes_tax=True)))
    made = issued.credit("2026-00001", {1: 50, 2: "11.90"})

    assert sums(made) == ("-60.00", "-11.40", "-71.40")
    issued.credit("2026-00001", gross="66.60")
    issued.credit("2026-00001")
    assert_given_back(issued)


def test_taxes_per_line():
    """The tax of each line is counted up by itself, and stands on the line."""
    items = [item("a", "0.69"), item("b", "0.99"), item("g", "9.99", price_includes_tax=True)]
    issued = Issued(draft_of(*items, tax_level=bc.TaxLevel.LINE))
    made = issued.credit("2026-00001", {1: "0.35", 2: "0.50", 3: "5.00"})

    assert [line.tax_amount for line in made.lines] == [
        Decimal("-0.07"),
        Decimal("-0.10"),
        Decimal("-0.80"),
    ]
    issued.credit("2026-00001", gross="5.00")
    rest = issued.credit("2026-00001")
    assert [line.tax_amount is None for line in rest.lines] == [False] * 3
    assert_given_back(issued)


def test_the_hidden_line_of_a_tax_delta():
    """Of 3 x 0.06 and 0.01 the cent comes with the second third: 0.06, 0.07, 0.06."""
    items = [item(f"i{number}", "0.34") for number in range(3)]
    issued = Issued(draft_of(*items, tax_level=bc.TaxLevel.LINE, tax_delta=True))
    found = [issued.credit("2026-00001", {number: ONE}) for number in (1, 2, 3)]

    assert [sums(each)[1] for each in found] == ["-0.06", "-0.07", "-0.06"]
    assert [[line.is_hidden for line in each.lines] for each in found] == [
        [False],
        [False, True],
        [False],
    ]
    assert_given_back(issued)


def test_a_cent_of_nothing_but_tax_has_a_line():
    """A gross cent that falls on a tax delta stands with a line of 0, so that it is shown."""
    items = [item(f"i{number}", "0.02") for number in range(8)]
    issued = Issued(draft_of(*items, tax_level=bc.TaxLevel.LINE, tax_delta=True))
    made = issued.credit("2026-00001", gross="0.01")

    assert [str(line.net) for line in made.draft.visible_lines] == ["0"]
    assert sums(made)[1:] == ("-0.01", "-0.01")
    assert "0 of 0.02 EUR" in str(bc.explain(made.lines[0]))
    issued.credit("2026-00001")
    assert_given_back(issued)


def test_taxes_per_document():
    """0.07 and 0.02, rounded once for the document, are halved to 0.04 and 0.01."""
    items = [item("a", "0.34"), item("b", "0.34", tax_code="7")]
    issued = Issued(draft_of(*items, tax_level=bc.TaxLevel.DOCUMENT))
    half = issued.credit("2026-00001", {1: "0.17", 2: "0.17"})
    rest = issued.credit("2026-00001")

    assert [[str(row.amount) for row in each.breakdown] for each in (half, rest)] == [
        ["-0.04", "-0.01"],
        ["-0.03", "-0.01"],
    ]
    assert_given_back(issued)


def test_cash_rounding_is_counted_up():
    """Of 10.02, paid as 10.00, the credits are paid as 3.35, 3.35 and 3.30."""
    issued = Issued(draft_of(item("a", "10.02", tax_code="free"), cash_increments={"EUR": "0.05"}))
    found = [issued.credit("2026-00001", {1: "3.34"}) for _ in range(3)]

    assert [str(each.totals.due) for each in found] == ["-3.35", "-3.35", "-3.30"]
    assert_given_back(issued)


@pytest.mark.parametrize(
    ("currency", "price", "wanted"),
    [
        ("JPY", 100, [("-33", "-6", "-39"), ("-33", "-7", "-40"), ("-34", "-6", "-40")]),
        (
            "BHD",
            1,
            [
                ("-0.333", "-0.063", "-0.396"),
                ("-0.333", "-0.064", "-0.397"),
                ("-0.334", "-0.063", "-0.397"),
            ],
        ),
    ],
    ids=["no digits", "three digits"],
)
def test_currencies_with_other_digits(currency, price, wanted):
    """Thirds in the digits of the currency."""
    account = bc.Account("acme", currency=currency)
    issued = Issued(draft_of(item("a", price), account=account), account=account)
    found = [issued.credit("2026-00001", {1: THIRD}) for _ in range(2)]
    found.append(issued.credit("2026-00001"))

    assert [sums(each) for each in found] == wanted


def test_tax_that_is_left_alone():
    """After gross amounts of 0.08 and 0.01, all of it net, the rest is 0.01 of nothing but tax."""
    issued = Issued(draft_of(item("a", "0.09"), rounding=bc.Rounding.DOWN))
    found = [issued.credit("2026-00001", gross=gross) for gross in ("0.08", "0.01")]
    rest = issued.credit("2026-00001")

    assert [sums(each)[:2] for each in found] == [("-0.08", "0.00"), ("-0.01", "0.00")]
    assert sums(rest)[1:] == ("-0.01", "-0.01")
    assert_given_back(issued)
    with pytest.raises(bc.InvalidTransitionError, match="nothing is left of it"):
        bc.credit("2026-00001", issued.books)
