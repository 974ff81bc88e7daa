"""Rows of a table, reasons, problems, and taxes as values."""

from __future__ import annotations

from decimal import Decimal

import pytest

from billingcore import (
    UNTAXED,
    BillingError,
    Exclusion,
    InvalidInputError,
    Period,
    PortError,
    Problem,
    Reason,
    Tax,
    TaxCategory,
    read_rows,
)
from billingcore.values.boundary import Boundary
from billingcore.values.numbers import exact


class TestReadRows:
    def test_one_wrong_row_costs_no_other(self):
        """All rows that are right are read; each wrong one has its row, column, value and fix."""
        rows = [{"price": "1.50"}, {"price": "1,50"}, {"price": "2"}, {"price": ""}]
        prices, errors = read_rows(
            lambda row: Boundary("Item").number("price", row["price"]), rows, source="items.csv"
        )

        assert prices == [Decimal("1.50"), Decimal(2)]
        assert [(error.row, error.column) for error in errors] == [(3, "price"), (5, "price")]
        assert str(errors[0]) == (
            "items.csv, row 3, column price: '1,50': not a decimal number; "
            "write the decimal point as a point: '1.50'"
        )

    def test_a_row_that_is_wrong_as_a_whole(self):
        """An error without field, value or fix is told without them."""

        def refuse(_):
            raise InvalidInputError("too short")

        (error,) = read_rows(refuse, [{}], source="t", first_row=1)[1]
        assert str(error) == "t, row 1: too short"

    def test_other_errors_are_not_hidden(self):
        """A defect of the reading function is not taken for a wrong row."""
        with pytest.raises(KeyError):
            read_rows(lambda row: exact(row["price"]), [{}], source="t")


class TestExclusion:
    def test_reads_as_a_sentence(self):
        """An exclusion says what, which days, why, and the facts."""
        plain = Exclusion("acme", "S-1/seats", Reason.ZERO_QUANTITY)
        full = Exclusion(
            "acme", "S-1", Reason.NOT_DUE, Period("2026-01-01", None), (("practice", "arrears"),)
        )

        assert str(plain) == "S-1/seats: ZERO_QUANTITY, its quantity is 0"
        assert str(full).startswith("S-1 2026-01-01 to ..: NOT_DUE, its period has not ended yet")
        assert str(full).endswith(" (practice arrears)")


class TestProblem:
    def test_of_wrong_input(self):
        """A problem keeps the field, the message with the value, and the advice."""
        error = InvalidInputError("too big", field="quantity", value=5, fix="use less")
        problem = Problem.of(error, account="acme", record="S-1/seats", filter="all")

        assert (problem.code, problem.field, problem.advice) == (
            "invalid-input",
            "quantity",
            "use less",
        )
        assert "too big" in problem.message
        assert (problem.is_retryable, problem.filter) == (False, "all")
        assert str(problem).startswith("account acme, S-1/seats: ")
        assert str(problem).endswith("; use less")

    def test_of_input_without_a_field(self):
        """Without a field the rule is the message."""
        problem = Problem.of(InvalidInputError("too big"), account="a", record="r")

        assert str(problem) == "account a, r: too big"

    def test_of_a_port(self):
        """A failing adapter says whether it is worth trying again."""
        error = PortError("timeout", port="TaxEngine", is_retryable=True)
        problem = Problem.of(error, account="a", record="r")

        assert (problem.code, problem.is_retryable, problem.field) == ("port", True, "")
        assert not Problem.of(BillingError("x"), account="a", record="r").is_retryable


class TestTax:
    @pytest.mark.parametrize(
        ("rate", "category", "group", "share"),
        [
            (19, TaxCategory.STANDARD, "S 19", "0.19"),
            ("19.00", TaxCategory.STANDARD, "S 19", "0.1900"),
            ("7.5", "S", "S 7.5", "0.075"),
            (100, TaxCategory.STANDARD, "S 100", "1"),
            (0, TaxCategory.EXEMPT, "E 0", "0"),
            (3, TaxCategory.CANARY_ISLANDS, "L 3", "0.03"),
        ],
    )
    def test_group(self, rate, category, group, share):
        """Category and rate make the group, however the rate is written."""
        tax = Tax("T", rate=rate, category=category)

        assert (tax.group, tax.share) == (group, Decimal(share))

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"rate": -1}, "Tax 'T': rate = -1: no possible rate; use percent, like 19"),
            ({"rate": 1001}, "no possible rate"),
            ({"rate": 0.19}, "a float is not exact"),
            (
                {"rate": 19, "category": TaxCategory.REVERSE_CHARGE},
                "category AE has no rate; use rate 0",
            ),
            ({"rate": 19, "category": "X"}, "not a TaxCategory"),
        ],
        ids=["negative", "too high", "float", "rate without tax", "category"],
    )
    def test_refuses(self, fields, message):
        """Rates that cannot be are refused."""
        with pytest.raises(InvalidInputError) as caught:
            Tax("T", **fields)

        assert message in str(caught.value)

    def test_untaxed(self):
        """Without a tax code the tax is none, out of scope, and says so."""
        assert (UNTAXED.code, UNTAXED.rate, UNTAXED.group) == ("", 0, "O 0")
        assert UNTAXED.reason == "no tax code"
