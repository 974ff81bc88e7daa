"""P3: tax that is rounded by line does not fit the sums of EN 16931."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.testing import check_document
from tests.field.corpus import Pain, case
from tests.field.desk import store_of
from tests.unit.engine.records import amounts, draft_of, once, sums

PAIN = Pain(
    "P3",
    "Tax by line against the sums of EN 16931",
    elsewhere="Tax is rounded on every line and added up. "
    "EN 16931 takes the sum of the lines times the rate (BR-CO-17), so electronic invoices are "
    "refused for a cent.",
    here="Where tax is rounded is a policy: by category, by line or by document, "
    "for prices with and without tax, with any rounding. "
    "The default is what BR-CO-17 computes, and the sums of the standard are laws that are "
    "checked on each document.",
)
QUARTER = bc.TaxTable({"25": 25})


@case(
    "ConnectingEurope/eInvoicing-EN16931#143",
    gave="Lines of 2 x 348.11 at 25 % have 174.06 of tax each, and BR-CO-17 refuses the total.",
    right="One line is 696.22, its tax 174.055: 174.06. "
    "Two lines (our own count) are 1,392.44, and 25 % of that is 348.11. "
    "By line it is 174.06 twice, 348.12.",
    prints="""
    LINE 1392.44 + 348.12 = 1740.56
    CATEGORY 1392.44 + 348.11 = 1740.55
    DOCUMENT 1392.44 + 348.11 = 1740.55
    """,
)
def test_the_tax_of_the_lines_is_not_the_tax_of_the_sum():
    """The taxes of the lines add up to a cent more than the tax of their sum."""
    store = store_of()
    lines = [bc.Item(name, unit_price="348.11", quantity=2, tax_code="25") for name in "ab"]
    acme = store.snapshot("acme").account
    for level in bc.TaxLevel:
        made = bc.draft(
            acme,
            lines,
            period=bc.Period.month(2019, 4),
            tax=store.tax,
            policy=bc.DOCUMENTED.but(tax_level=level),
        )
        print(level.name, made.totals.net, "+", made.totals.tax, "=", made.totals.gross)


@case(
    "erp-mafia/accounted#2580",
    gave="Three lines of 99.99 at 25 % were taxed 75.00 by line, and the electronic invoice could "
    "not be made.",
    right="By line it is 24.9975, so 25.00, three times: 75.00. "
    "Of their sum, 299.97, it is 74.9925: 74.99, which the standard asks for. "
    "If a law wants it by line, a line of its own can close the gap of -0.01.",
    prints="""
    CATEGORY: 299.97 + 74.99 = 374.96
    LINE: 299.97 + 75.00 = 374.97
    LINE with a line for the difference: 299.97 + 74.99 = 374.96
    its taxes: 25.00 25.00 25.00 -0.01
    """,
)
def test_tax_by_line_cannot_be_sent():
    """An invoice that is taxed by line cannot be sent, since the standard has a cent less."""
    store = store_of()
    lines = [bc.Item(name, unit_price="99.99", tax_code="25") for name in "abc"]
    acme = store.snapshot("acme").account
    for name, switches in (
        ("CATEGORY", {}),
        ("LINE", {"tax_level": bc.TaxLevel.LINE}),
        (
            "LINE with a line for the difference",
            {"tax_level": bc.TaxLevel.LINE, "tax_delta": True},
        ),
    ):
        policy = bc.DOCUMENTED.but(**switches)
        made = bc.draft(acme, lines, period=bc.Period.month(2026, 9), tax=store.tax, policy=policy)
        print(f"{name}: {made.totals.net} + {made.totals.tax} = {made.totals.gross}")
    print("its taxes:", *(line.tax_amount for line in made.lines))


@case(
    "ConnectingEurope/eInvoicing-EN16931#143",
    "ConnectingEurope/eInvoicing-EN16931#303",
    "erp-mafia/accounted#2580",
    gave="75.00 of tax by line, where the standard has 74.99.",
)
class TestTaxByLineAgainstTheStandard:
    """What is taxed line by line is refused by the rules of the standard."""

    def test_three_lines_of_99_99(self):
        """25 % of 299.97 is 74.99 per category (BR-CO-17), and 75.00 line by line."""
        items = [once(name, "99.99", tax_code="25") for name in "abc"]
        taxes = {
            level: draft_of(
                *items, tax=QUARTER, policy=bc.DOCUMENTED.but(tax_level=level)
            ).totals.tax
            for level in bc.TaxLevel
        }

        assert taxes == {
            bc.TaxLevel.LINE: Decimal("75.00"),
            bc.TaxLevel.CATEGORY: Decimal("74.99"),
            bc.TaxLevel.DOCUMENT: Decimal("74.99"),
        }

    def test_two_units_of_348_11(self):
        """The line of the report: 2 x 348.11 at 25 % is taxed 174.055, rounded half up 174.06."""
        draft = draft_of(once("a", "348.11", quantity=2, tax_code="25"), tax=QUARTER)

        assert sums(draft) == amounts("696.22", "174.06", "870.28")

    def test_half_a_cent_below_zero(self):
        """19 % of -1,710.50 is -324.995: half up means away from zero, -325.00."""
        draft = draft_of(once("a", "-1710.50", tax_code="19"))

        assert sums(draft) == amounts("-1710.50", "-325.00", "-2035.50")

    @pytest.mark.parametrize("is_gross", [False, True], ids=["net", "gross"])
    @pytest.mark.parametrize("rounding", bc.Rounding)
    @pytest.mark.parametrize("level", bc.TaxLevel)
    def test_every_policy_adds_up(self, level, rounding, is_gross):
        """Level, rounding and price with or without tax are a policy; the sums hold under each."""
        items = [
            once(name, price, tax_code="19", price_includes_tax=is_gross)
            for name, price in zip("abc", ("0.69", "0.99", "348.11"), strict=True)
        ]
        policy = bc.DOCUMENTED.but(tax_level=level, rounding=rounding)

        check_document(draft_of(*items, policy=policy))
