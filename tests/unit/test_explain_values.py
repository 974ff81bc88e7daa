"""Explanations as values: whoever computes them again arrives at the same amounts."""

from __future__ import annotations

import decimal
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import prod

from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore import proration

ACCOUNT = bc.Account("acme", currency="EUR")
JANUARY = bc.Period.month(2026, 1)
RATES = bc.TaxTable({"DE_19": 19})


def seats(**terms):
    """Make an item of 3 seats at 100 a month, prorated."""
    usual = {"title": "Seats", "unit_price": 100, "quantity": 3, "cadence": bc.monthly()}
    return bc.Item("seats", **{"billing_type": bc.RECURRING_PRORATED, **usual, **terms})


def test_the_rule_leads_to_the_value():
    """A rounded step has its exact value, and a rule that leads from there to the result."""
    made = bc.draft(ACCOUNT, [bc.Item("a", unit_price="0.125")], period=JANUARY)
    amount = bc.explain(made.lines[0]).steps[1]

    assert (amount.exact, amount.rounding) == (Fraction(1, 8), bc.Rounding.HALF_UP)
    assert amount.value == Decimal("0.13")


CADENCES = st.builds(
    bc.Cadence,
    st.integers(1, 4),
    st.sampled_from([bc.DAY, bc.MONTH, bc.QUARTER, bc.HALF_YEAR, bc.YEAR]),
    st.dates(date(2019, 1, 1), date(2022, 12, 31)) | st.none(),
)


def test_steps_name_their_operands():
    """A step has its operands by name, factors as exact fractions."""
    made = bc.draft(ACCOUNT, [seats()], period=bc.Period.closed("2025-02-10", "2025-03-31"))
    steps = {step.name: step for step in bc.explain(made.lines[0]).steps}

    assert steps["position price"].operands == (("unit price", 100), ("quantity", 3))
    assert steps["billing factor"].operands == (
        ("19/28 of February 2025", Fraction(19, 28)),
        ("1 of March 2025", 1),
    )
    assert steps["amount"].operands == (
        ("position price", 300),
        ("billing factor", Fraction(47, 28)),
    )


NUMBERS = st.decimals(Decimal("-9999.99999"), Decimal("9999.99999"), places=5)
DISCOUNTS = st.none() | st.one_of(
    st.decimals(0, 100, places=3).map(bc.Discount.percent),
    st.decimals(0, 5000, places=5).map(bc.Discount.amount),
)


def rounded(exact, rounding):
    """Round to cents by another way: a division to 200 digits."""
    if rounding is None:
        return exact
    with decimal.localcontext(decimal.Context(prec=200)):
        digits = Decimal(exact.numerator) / Decimal(exact.denominator)
        return Fraction(digits.quantize(Decimal("0.01"), rounding=rounding.value))


def computed_again(steps):
    """Go through the operands of steps and give the net amount that they lead to."""
    price = prod(Fraction(value) for _, value in steps["position price"].operands)
    factor = Fraction(1)
    if "billing factor" in steps:
        operands = dict(steps["billing factor"].operands)
        scale = operands.pop("scale", 1)
        factor = sum(operands.values()) * scale
    amount = rounded(price * factor, steps["amount"].rounding)
    discount, order = Fraction(0), Fraction(0)
    if "discount" in steps:
        of = dict(steps["discount"].operands)
        assert of["amount"] == amount
        whole = (
            amount * Fraction(of["percent"]) / 100
            if "percent" in of
            else min(Fraction(of["discount"]), abs(amount)) * (1 if amount >= 0 else -1)
        )
        discount = rounded(whole, steps["discount"].rounding)
    if "order discount" in steps:
        order = Fraction(steps["order discount"].value)
    return amount - discount - order


@given(
    price=NUMBERS,
    quantity=st.decimals(Decimal("0.00001"), 999, places=5),
    discount=DISCOUNTS,
    order=DISCOUNTS,
    cadence=st.none() | CADENCES,
    start=st.dates(date(2019, 1, 1), date(2022, 12, 31)),
    days=st.integers(1, 200),
    convention=st.none() | st.sampled_from(list(proration.CONVENTIONS.values())),
    rounding=st.sampled_from(bc.Rounding),
    flat=st.booleans(),
)
def test_the_steps_lead_to_the_net_amount(
    price, quantity, discount, order, cadence, start, days, convention, rounding, flat
):
    """Whoever computes the steps again from their operands arrives at the line's net amount."""
    item = bc.Item(
        "a", unit_price=price, quantity=quantity, discount=discount, cadence=cadence,
        proration=convention, billing_type=bc.RECURRING_PRORATED,
        price_type=bc.FLAT if flat else bc.PER_UNIT,
    )  # fmt: skip
    period = bc.Period(start, date.fromordinal(start.toordinal() + days))
    policy = bc.DOCUMENTED.but(rounding=rounding)
    made = bc.draft(ACCOUNT, [item], period=period, discount=order, policy=policy)
    line = made.lines[0]
    steps = {step.name: step for step in bc.explain(line).steps}

    assert computed_again(steps) == line.net == steps["net"].value


def test_the_hosts_decimal_context_does_not_matter():
    """An explanation is the same under a context of three digits that traps everything."""
    item = seats(unit_price="1234.56789", tax_code="DE_19", price_includes_tax=True,
                 discount=bc.Discount.percent("12.345"))  # fmt: skip
    policy = bc.DOCUMENTED.but(tax_level=bc.TaxLevel.LINE)
    made = bc.draft(ACCOUNT, [item], period=JANUARY, tax=RATES, policy=policy)
    before = str(bc.explain(made.lines[0]))
    hostile = decimal.Context(prec=3, rounding=decimal.ROUND_UP, capitals=0, Emax=3, Emin=-3)
    for signal in hostile.traps:
        hostile.traps[signal] = True
    with decimal.localcontext(hostile):
        assert str(bc.explain(made.lines[0])) == before


def test_it_draws_itself():
    """In a notebook an explanation is a table with caption and heads, its text escaped."""
    made = bc.draft(ACCOUNT, [bc.Item("a", title="<b>R&D</b>", unit_price=5)], period=JANUARY)

    assert bc.explain(made.lines[0])._repr_html_() == (
        "<table><caption>&lt;b&gt;R&amp;D&lt;/b&gt;, 2026-01-01 to 2026-01-31</caption>"
        '<thead><tr><th scope="col">Step</th><th scope="col">How</th><th scope="col">Value</th>'
        "</tr></thead><tbody>"
        '<tr><th scope="row">position price</th><td>5 x 1 = 5 EUR</td>'
        '<td style="text-align: right">5</td></tr>'
        '<tr><th scope="row">amount</th><td>5.00 EUR</td>'
        '<td style="text-align: right">5.00</td></tr>'
        '<tr><th scope="row">net</th><td>5.00 EUR</td>'
        '<td style="text-align: right">5.00</td></tr>'
        '<tr><th scope="row">tax</th><td>none, it has no tax code</td>'
        '<td style="text-align: right">0</td></tr></tbody></table>'
    )
