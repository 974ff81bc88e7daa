"""What users of other billing engines reported about sums, taxes, grouping and currencies."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest

import billingcore as bc
from billingcore.testing import check_document
from tests.unit.engine.records import (
    ACME,
    MARCH,
    amounts,
    bill,
    contract,
    draft_of,
    monthly,
    once,
    run_of,
    store_of,
    sums,
)

FEES = ("68.33", "68.33", "57.50", "85.00")
TWENTY = bc.TaxTable({"20": 20})
QUARTER = bc.TaxTable({"25": 25})


class TestP1CreditsAndInvoicesDifferByACent:
    """getlago/lago-api#2643: four fees at 20 % are 334.99, four single credits made 335.00."""

    def test_the_invoice(self):
        """279.16 and 55.832 tax are 334.99."""
        draft = draft_of(
            *(once(f"{n}", fee, tax_code="20") for n, fee in enumerate(FEES)), tax=TWENTY
        )

        assert sums(draft) == amounts("279.16", "55.83", "334.99")

    def test_the_whole_credited_on_one_document(self):
        """The same four lines negated are exactly the invoice, as a credit."""
        items = [once(f"{n}", fee, quantity=-1, tax_code="20") for n, fee in enumerate(FEES)]
        credit = draft_of(*items, tax=TWENTY)

        assert credit.kind is bc.InvoiceKind.CREDIT
        assert sums(credit) == amounts("-279.16", "-55.83", "-334.99")

    @pytest.mark.parametrize("count", [1, 2, 3, 7])
    def test_an_allocated_tax_adds_up(self, count):
        """Divided among credits by an allocation, the tax of the invoice stays what it was."""
        shares = bc.allocate("55.83", FEES[:count] * 2, currency="EUR")

        assert sum(shares) == Decimal("55.83")


class TestP3TaxPerLineAgainstEN16931:
    """ConnectingEurope/eInvoicing-EN16931#143 and #303, erp-mafia/accounted#2580."""

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


class TestP9WrongDenominator:
    """silverapp/silver#200 and getlago/lago-api#6194: days divided by days of another period."""

    def test_nine_days_over_a_month_border(self):
        """25 January to 2 February 2015 is 7/31 + 2/28 of a month, not 9/31."""
        item = monthly(price=100, billing_type=bc.RECURRING_PRORATED, end="2015-02-02")
        store = store_of(contract(item, start="2015-01-25"))
        (draft,) = bill(store, run_of(bc.Period.month(2015, 1))).drafts

        assert draft.line(1).factor == Fraction(7, 31) + Fraction(2, 28)
        assert draft.totals.net == Decimal("29.72")

    def test_the_denominator_is_the_whole_period(self):
        """42 days of a quarter of 91 days cost 42/91 of it, although the contract ends there."""
        item = monthly(
            price=91,
            billing_type=bc.RECURRING_PRORATED,
            proration=bc.proration.ACTUAL_DAYS,
            cadence=bc.quarterly(anchor="2026-04-01"),
            end="2026-05-12",
        )
        store = store_of(contract(item, start="2026-04-01"))
        (draft,) = bill(store, run_of(bc.Period.month(2026, 4))).drafts

        assert (draft.line(1).factor, draft.totals.net) == (Fraction(42, 91), 42)
        assert str(draft.line(1).span.shares[0].full) == "2026-04-01/2026-07-01"


def by_purchase_order(line):
    """Give the purchase order of a line's contract."""
    return line.subscription.reference


class TestP16GroupingIsHardWired:
    """getlago/lago#321, lago-api#5939, killbill/killbill#73: grouping that no host can change."""

    STORE = store_of(
        contract(monthly("a", 10), id="S-1", reference="PO 7"),
        contract(monthly("b", 20), id="S-2", reference="PO 8"),
        contract(monthly("c", 30), id="S-3", reference="PO 7"),
    )

    def grouped(self, *criteria):
        """Bill under some criteria."""
        return bill(self.STORE, run_of(grouping=criteria))

    def test_a_split_by_purchase_order_is_explained(self):
        """Grouped by purchase order, two documents say in what they differ."""
        outcome = self.grouped(bc.Criterion("purchase order", by_purchase_order))

        assert [[line.title for line in draft.lines] for draft in outcome.drafts] == [
            ["a", "c"],
            ["b"],
        ]
        assert [str(each) for each in outcome.splits] == [
            "they differ in purchase order: 'PO 7' and 'PO 8'"
        ]

    @pytest.mark.parametrize(
        "names",
        [names for size in range(3) for names in permutations(["PO", "item"], size)],
        ids=str,
    )
    def test_grouping_changes_no_amount(self, names):
        """However the lines are grouped, they are the same lines at the same prices."""
        known = {
            "PO": bc.Criterion("PO", by_purchase_order),
            "item": bc.Criterion("item", lambda line: line.item.id),
        }
        outcome = self.grouped(*(known[name] for name in names))
        lines = [line for draft in outcome.drafts for line in draft.lines]

        assert {line.billing_key: line.net for line in lines} == {
            "S-1/a@2026-03-01": 10,
            "S-2/b@2026-03-01": 20,
            "S-3/c@2026-03-01": 30,
        }


class TestP24MixedCadences:
    """ERPNext refuses them, getlago/lago-api#1203 and #5275 special-case them."""

    def test_every_line_owns_its_rhythm(self):
        """Monthly, quarterly in arrears, yearly and weekly items share an invoice, not a period."""
        items = [
            monthly("month"),
            monthly("quarter", cadence=bc.quarterly(), billing_practice=bc.ARREARS),
            monthly("year", cadence=bc.yearly(anchor="2026-03-15"), start="2026-03-15"),
            monthly("week", cadence=bc.weekly(anchor="2026-02-23")),
            once("once"),
        ]
        (draft,) = bill(store_of(contract(*items))).drafts

        assert [(line.title, str(line.service_period)) for line in draft.lines] == [
            ("month", "2026-03-01/2026-04-01"),
            ("quarter", "2026-01-01/2026-04-01"),
            ("year", "2026-03-15/2027-03-15"),
            ("week", "2026-03-01/2026-03-02"),
            ("once", "2026-03-01/2026-04-01"),
        ]
        assert str(draft.period) == "2026-01-01/2027-03-15"


class TestP25SeveralCurrencies:
    """getlago/lago-api#5234, and the run totals that Salesforce cannot sum."""

    def test_currencies_cannot_be_added(self):
        """Two currencies in one sum are a type error, not a number."""
        with pytest.raises(bc.CurrencyMismatchError):
            bc.Money(1, "EUR") + bc.Money(1, "USD")

    def test_a_run_in_three_currencies(self):
        """A run keeps a total per currency, each with the digits of its currency."""
        store = bc.MemoryStore()
        for code, price in (("EUR", "10.50"), ("JPY", "1000"), ("KWD", "1.234"), ("EUR", "5")):
            name = f"{code} {price}"
            store.add(bc.Account(name, currency=code))
            store.add(contract(monthly(price=price), id=name, account=name))
        totals = bc.execute(run_of(), store).totals

        assert {code: str(each.gross) for code, each in totals.items()} == {
            "EUR": "15.50",
            "JPY": "1000",
            "KWD": "1.234",
        }

    def test_a_document_has_one_currency(self):
        """Even one contract in two currencies is two documents."""
        items = [once("a", bc.Money(10, "EUR")), once("b", bc.Money(10, "USD"))]
        made = bc.drafts(ACME, items, period=MARCH)

        assert [str(draft.amount_due) for draft in made] == ["10.00 EUR", "10.00 USD"]
