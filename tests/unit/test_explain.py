"""Explanations: the way from a price to an amount, in words."""

from __future__ import annotations

from fractions import Fraction

import pytest
from attrs import evolve

import billingcore as bc
from billingcore import proration
from billingcore.lines.explain import without_directions

ACCOUNT = bc.Account("acme", currency="EUR")
JANUARY = bc.Period.month(2026, 1)
RATES = bc.TaxTable(
    {
        "DE_19": 19,
        "EU": bc.TaxRate(0, category=bc.TaxCategory.REVERSE_CHARGE, reason="Reverse charge"),
        "CUT": [bc.TaxRate(16, end="2026-01-15"), bc.TaxRate(19, start="2026-01-16")],
    }
)


def explained(*items, period=JANUARY, policy=bc.DOCUMENTED, discount=None):
    """Bill items by hand and give the explanation of each line as text."""
    made = bc.draft(ACCOUNT, items, period=period, tax=RATES, policy=policy, discount=discount)
    return [str(bc.explain(line)) for line in made.lines]


def ran(item, start, month, policy=bc.LEVEL, end=None):
    """Bill an item of a subscription in the run of a month of 2026 and give its lines."""
    store = bc.MemoryStore(tax=RATES)
    store.add(ACCOUNT, bc.Subscription("S", account="acme", items=[item], start=start, end=end))
    (draft,) = bc.execute(bc.InvoiceRun(bc.Period.month(2026, month), policy=policy), store).drafts
    return draft.lines


def seats(**terms):
    """Make an item of 3 seats at 100 a month, prorated."""
    usual = {"title": "Seats", "unit_price": 100, "quantity": 3, "cadence": bc.monthly()}
    return bc.Item("seats", **{"billing_type": bc.RECURRING_PRORATED, **usual, **terms})


HALVES = bc.Proration(
    name="HALVES",
    formula="a part counts half",
    source="a host",
    remark="never",
    measure=lambda part, cadence: Fraction(1, 2),
    conserves=lambda cadence: False,
)


@pytest.mark.parametrize(
    "convention",
    [
        pytest.param(HALVES, id="no-description"),
        pytest.param(evolve(HALVES, describe=proration.ACT_365.describe), id="a-wrong-description"),
    ],
)
def test_a_convention_of_the_host_is_told_without_a_way(convention):
    """A factor without a true description is named with its days and its convention."""
    (text,) = explained(
        seats(proration=convention), period=bc.Period.closed("2026-01-02", "2026-01-05")
    )

    assert "  billing factor: 1/2 for 2026-01-02 to 2026-01-05 (HALVES)\n" in text


class Third:
    """A convention that has no more than the Protocol asks for."""

    name = "THIRD"

    def factor(self, part, cadence):
        """Count a third."""
        return Fraction(1, 3)


def test_any_object_with_a_factor_is_told():
    """A convention that only fits the Protocol is named, with its factor and the days."""
    (text,) = explained(seats(proration=Third()))

    assert "  billing factor: 1/3 for 2026-01-01 to 2026-01-31 (THIRD)\n" in text


def test_a_line_of_a_run():
    """The explanation of a part of a month names the days of that month, not of the period."""
    (line,) = ran(seats(tax_code="DE_19", sync_with=bc.NEXT_MONTH), "2026-01-15", 1)

    assert str(bc.explain(line)) == (
        "Seats, 2026-01-15 to 2026-01-31\n"
        "  position price: 100 x 3 = 300 EUR per month\n"
        "  billing factor: 17/31 of January 2026 (CALENDAR_MONTHS)\n"
        "  amount: 300 x 17/31 = 164.516129..., rounded to 164.52 EUR\n"
        "  net: 164.52 EUR\n"
        "  tax rate: DE_19, S 19 %; rounded on the document"
    )


def test_a_line_with_two_discounts():
    """Line discount and share of the order discount are taken off one after the other."""
    item = bc.Item("book", unit_price="33.335", discount=bc.Discount.percent("12.5", title="Loyal"))
    (text,) = explained(item, discount=bc.Discount.percent(10))

    assert text == (
        "book, 2026-01-01 to 2026-01-31\n"
        "  position price: 33.335 x 1 = 33.335 EUR\n"
        "  amount: 33.335, rounded to 33.34 EUR\n"
        "  discount: Loyal, 12.5 % of 33.34 = 4.1675, rounded to 4.17 EUR\n"
        "  order discount: its share of the discount on the order, 2.92 EUR\n"
        "  net: 33.34 - 4.17 - 2.92 = 26.25 EUR\n"
        "  tax: none, it has no tax code"
    )


@pytest.mark.parametrize(
    ("price", "discount", "expected"),
    [
        pytest.param(50, 20, "20.00 EUR", id="less-than-the-amount"),
        pytest.param(15, 20, "20 at most the amount, 15.00 EUR", id="more-than-the-amount"),
        pytest.param(50, "5.555", "5.555, rounded to 5.56 EUR", id="with-more-digits"),
        pytest.param(-50, 20, "-20.00 EUR", id="off-a-credit"),
    ],
)
def test_a_fixed_discount(price, discount, expected):
    """A discount in an amount is told as it was taken: rounded, and never more than the amount."""
    (text,) = explained(bc.Item("a", unit_price=price, discount=bc.Discount.amount(discount)))

    assert f"\n  discount: {expected}\n" in text


def test_a_discount_on_a_credit_is_added():
    """What a discount takes off a negative amount is written as an addition."""
    (text,) = explained(bc.Item("a", unit_price=-50, discount=bc.Discount.percent(10)))

    assert "  net: -50.00 + 5.00 = -45.00 EUR\n" in text


def test_a_flat_price():
    """A flat price is not multiplied by the quantity."""
    (text,) = explained(bc.Item("a", unit_price=50, quantity=7, price_type=bc.FLAT))

    assert "  position price: 50 EUR, flat for any quantity\n  amount: 50.00 EUR\n" in text


def test_tiny_prices_have_no_exponent():
    """The smallest possible price is written with all its zeros."""
    (text,) = explained(bc.Item("a", unit_price="0.00001", quantity="0.00001"))

    assert "  position price: 0.00001 x 0.00001 = 0.0000000001 EUR\n" in text
    assert "  amount: 0.000000..., rounded to 0.00 EUR\n" in text


@pytest.mark.parametrize(
    ("price", "rounding", "expected"),
    [
        ("0.125", bc.Rounding.HALF_UP, "0.125, rounded half up to 0.13 EUR"),
        ("0.125", bc.Rounding.HALF_EVEN, "0.125, rounded half to even to 0.12 EUR"),
        ("0.135", bc.Rounding.HALF_EVEN, "0.135, rounded to 0.14 EUR"),
        ("0.121", bc.Rounding.UP, "0.121, rounded away from zero to 0.13 EUR"),
        ("0.129", bc.Rounding.DOWN, "0.129, rounded towards zero to 0.12 EUR"),
        ("-0.129", bc.Rounding.CEILING, "-0.129, rounded towards zero to -0.12 EUR"),
        ("-0.121", bc.Rounding.FLOOR, "-0.121, rounded away from zero to -0.13 EUR"),
        ("-0.001", bc.Rounding.HALF_UP, "-0.001, rounded to 0.00 EUR"),
    ],
)
def test_rounding_is_named_where_it_matters(price, rounding, expected):
    """A rule is named if a tie or another rule than "to the nearest" decided the last digit."""
    policy = bc.DOCUMENTED.but(rounding=rounding)
    (text,) = explained(bc.Item("a", unit_price=price), policy=policy)

    assert f"\n  amount: {expected}\n" in text


@pytest.mark.parametrize(
    ("level", "item", "expected"),
    [
        pytest.param(bc.TaxLevel.CATEGORY, {"tax_code": "DE_19"},
                     "  net: 33.33 EUR\n  tax rate: DE_19, S 19 %; rounded on the document",
                     id="net-per-category"),
        pytest.param(bc.TaxLevel.LINE, {"tax_code": "DE_19"},
                     "  net: 33.33 EUR\n"
                     "  tax: DE_19, S 19 %; 33.33 x 19 % = 6.3327, rounded to 6.33 EUR",
                     id="net-per-line"),
        pytest.param(bc.TaxLevel.LINE, {"tax_code": "EU"},
                     "  net: 33.33 EUR\n  tax: EU, AE 0 %, Reverse charge; 33.33 x 0 % = 0.00 EUR",
                     id="reason-per-line"),
        pytest.param(bc.TaxLevel.CATEGORY, {"tax_code": "EU"},
                     "  tax rate: EU, AE 0 %, Reverse charge; rounded on the document",
                     id="reason-per-category"),
        pytest.param(bc.TaxLevel.CATEGORY, {"tax_code": "DE_19", "price_includes_tax": True},
                     "  gross: 33.33 EUR\n"
                     "  tax rate: DE_19, S 19 %; rounded on the document\n"
                     "  net: 33.33 x 100/119 = 28.008403..., rounded to 28.01 EUR",
                     id="gross-per-category"),
        pytest.param(bc.TaxLevel.LINE, {"tax_code": "DE_19", "price_includes_tax": True},
                     "  gross: 33.33 EUR\n"
                     "  tax: DE_19, S 19 %; 33.33 x 19/119 = 5.321596..., rounded to 5.32 EUR\n"
                     "  net: 33.33 - 5.32 = 28.01 EUR",
                     id="gross-per-line"),
        pytest.param(bc.TaxLevel.DOCUMENT, {"price_includes_tax": True},
                     "  gross: 33.33 EUR\n  tax: none, it has no tax code\n  net: 33.33 EUR",
                     id="gross-untaxed"),
    ],
)  # fmt: skip
def test_net_and_tax(level, item, expected):
    """Net and tax are told as the policy rounds them: on the line, or on the document."""
    policy = bc.DOCUMENTED.but(tax_level=level)
    (text,) = explained(bc.Item("a", unit_price="33.33", **item), policy=policy)

    assert text.endswith(f"\n{expected}")


def test_net_amounts_that_add_up():
    """A net amount that follows from the sum of gross prices is not called rounded."""
    # Net of 0.03 gross is 0.0252...; of the sum 0.09 it is 0.0756..., so the lines get 0.08.
    items = [
        bc.Item(name, unit_price="0.03", tax_code="DE_19", price_includes_tax=True)
        for name in ("a", "b", "c")
    ]
    texts = explained(*items)

    assert texts[0].endswith("0.03 x 100/119 = 0.025210..., rounded to 0.03 EUR")
    assert texts[2].endswith(
        "  net: 0.03 x 100/119 = 0.025210...; 0.02 EUR, so that parts and whole agree"
    )


def test_a_hidden_line():
    """A Tax Delta line tells which gap it closes: 0.15 + 0.15 + 0.01 are the tax of 1.65."""
    policy = bc.DOCUMENTED.but(tax_level=bc.TaxLevel.LINE, tax_delta=True)
    # 2.07 and 3.96 at 19 %: 0.3933 and 0.7524 make 0.39 + 0.75; 6.03 makes 1.1457, 1.15.
    items = [bc.Item("a", unit_price="2.07", tax_code="DE_19"),
             bc.Item("b", unit_price="3.96", tax_code="DE_19")]  # fmt: skip

    assert explained(*items, policy=policy)[2] == (
        "Tax Delta, 2026-01-01 to 2026-01-31\n"
        "  tax: DE_19, S 19 %; 0.01 EUR from the taxes rounded per line to the tax on their sum"
    )


def test_merged_periods():
    """Each of the periods on one line is told, those of a 31st anchor too, and then their sum."""
    item = seats(quantity=1, cadence=bc.monthly(anchor="2026-01-31"), sync_with=bc.NEXT_QUARTER)
    policy = bc.LEVEL.but(catch_up=bc.CatchUp.MERGED)
    (line,) = ran(item, "2026-01-15", 4, policy, end="2026-04-10")

    assert str(bc.explain(line)).splitlines()[2:8] == [
        "  period 1: 16/31 of January 2026 (CALENDAR_MONTHS)",
        "  period 2: 1 whole period of the cadence 2026-01-31 to 2026-02-27 (CALENDAR_MONTHS)",
        "  period 3: 1 whole period of the cadence 2026-02-28 to 2026-03-30 (CALENDAR_MONTHS)",
        "  period 4: 1/31 of March 2026 (CALENDAR_MONTHS)",
        "  period 5: 10/30 of April 2026 = 1/3 (CALENDAR_MONTHS)",
        "  billing factor: 16/31 + 1 + 1 + 1/31 + 1/3 = 268/93",
    ]


def test_a_line_that_was_split():
    """Where the rate changes, factor and discount are told as parts by days."""
    policy = bc.DOCUMENTED.but(tax_date=bc.TaxDate.SPLIT_AT_RATE_CHANGE)
    item = seats(quantity=1, tax_code="CUT", discount=bc.Discount.amount(5))
    quarter = seats(cadence=bc.quarterly(), unit_price="100.01", quantity=1, tax_code="CUT")

    assert explained(item, policy=policy)[1] == (
        "Seats, 2026-01-16 to 2026-01-31\n"
        "  position price: 100 x 1 = 100 EUR per month\n"
        "  billing factor: 16 of 31 days of 2026-01-01 to 2026-01-31 = 16/31 "
        "(CALENDAR_MONTHS, split by days at the rate change)\n"
        "  amount: 100 x 16/31 = 51.612903..., rounded to 51.61 EUR\n"
        "  discount: its part by days of 5, 2.58 EUR\n"
        "  net: 51.61 - 2.58 = 49.03 EUR\n"
        "  tax rate: CUT, S 19 %; rounded on the document"
    )
    assert explained(quarter, policy=policy)[0].splitlines()[2] == (
        "  billing factor: (15 of 31 days of 2026-01-01 to 2026-01-31) x 1/3 = 5/31 "
        "(CALENDAR_MONTHS, split by days at the rate change)"
    )


def test_parts_that_agree_with_the_whole():
    """The amount of a part that no rounding gives is told as a part of the whole."""
    policy = bc.DOCUMENTED.but(tax_date=bc.TaxDate.SPLIT_AT_RATE_CHANGE)
    # 0.0949 is 0.09; by days 15 to 16 it is 0.0435... and 0.0464..., cut down 0.04 and 0.04, and
    # the cent that is left goes to the second part. The first, not cut, were 0.0949 x 15/31.
    first, second = explained(seats(unit_price="0.0949", quantity=1, tax_code="CUT"), policy=policy)

    assert "0.0949 x 15/31 = 0.045919...; 0.04 EUR, so that parts and whole agree\n" in first
    assert "0.0949 x 16/31 = 0.048980..., rounded to 0.05 EUR\n" in second


@pytest.mark.parametrize(
    ("billing_type", "expected"),
    [
        (bc.RECURRING_PRORATED, "  billing factor: 17 days, 2026-01-15 to 2026-01-31\n"),
        (bc.RECURRING, "  billing factor: 31 days of the whole period, 2026-01-15 to 2026-02-14\n"),
    ],
)
def test_a_price_per_day(billing_type, expected):
    """A price per day is multiplied by days: those that are billed, or those of a whole period."""
    item = bc.Item("a", unit_price=2, cadence=bc.daily(), billing_type=billing_type)
    (line,) = ran(item, "2026-01-15", 1, end="2026-01-31")

    assert expected in str(bc.explain(line))


def test_a_part_that_counts_whole():
    """A recurring item without proration tells that its part counted whole."""
    (line,) = ran(seats(billing_type=bc.RECURRING), "2026-01-15", 1, end="2026-01-31")

    assert (
        "  billing factor: 1 for a part of a period, counted whole, 2026-01-15 to 2026-01-31 (NONE)"
        in str(bc.explain(line))
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"cadence": None}, id="no-cadence"),
        pytest.param({"cadence": bc.weekly()}, id="weeks"),
        pytest.param({"cadence": bc.quarterly()}, id="quarters"),
        pytest.param({"cadence": bc.weekly(4)}, id="as-long-as-a-february"),
    ],
)
def test_an_edited_item(changes):
    """A factor stays as it was counted, and is told so, when the line's item is edited."""
    part = bc.Period.closed("2026-02-02", "2026-02-05")
    made = bc.draft(ACCOUNT, [seats()], period=part)
    edited = bc.edit.change_line(made, 1, **changes)

    assert "  billing factor: 4/28 of February 2026 = 1/7 (CALENDAR_MONTHS)\n" in str(
        bc.explain(edited.lines[0])
    )


def test_an_edited_convention():
    """A factor of another convention than the line's item has now is named only."""
    part = bc.Period.closed("2026-02-02", "2026-02-05")
    made = bc.draft(ACCOUNT, [seats()], period=part)
    edited = bc.edit.change_line(made, 1, proration=proration.ACT_360)

    assert "  billing factor: 1/7 for 2026-02-02 to 2026-02-05 (CALENDAR_MONTHS)\n" in str(
        bc.explain(edited.lines[0])
    )


def test_titles_stay_on_their_line():
    """A title with line breaks and turned text is written on one line, in its own order."""
    (text,) = explained(bc.Item("a", title="Seats\n\u202eevil\tseats", unit_price=5))

    assert text.startswith("Seats evil seats, 2026-01-01 to 2026-01-31\n")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("net 1\u202e00", "net 100"),
        ("\u2066a\u2069\u200b", "a"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
    ],
    ids=["override", "isolate", "joiner-stays"],
)
def test_directions_are_taken_out(given, expected):
    """Characters that change the direction of text go, those that spell words stay."""
    assert without_directions(given) == expected
