"""How much net amount and tax each receipt pays of a document (behaviour 6.5)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.ledger.interim import interim_parts

NINETEEN, SEVEN = bc.Tax("DE_19", rate=19), bc.Tax("DE_7", rate=7)


def amounts(*rows):
    """Give amounts by tax code: net and tax at 19 %, then at 7 %."""
    return [
        bc.TaxAmount(tax, Decimal(net), Decimal(tax_amount))
        for tax, (net, tax_amount) in zip((NINETEEN, SEVEN), rows, strict=False)
    ]


ONE = amounts(("2500.00", "475.00"))
TWO = amounts(("1000.00", "190.00"), ("500.00", "35.00"))
MIXED = amounts(("1000.00", "190.00"), ("-100.00", "-7.00"))
NOTHING = amounts(("0.00", "0.00"))


@pytest.mark.parametrize(
    ("invoiced", "due", "receipts", "wanted"),
    [
        (ONE, "2975", ["2975"], [[("2500", "475")]]),
        (ONE, "2975", ["1190", "1785"], [[("1000", "190")], [("1500", "285")]]),
        (TWO, "1725", ["1000", "725"],
         [[("579.71", "110.15"), ("289.85", "20.29")], [("420.29", "79.85"), ("210.15", "14.71")]]),
        (TWO, "1725", ["1000", "500", "225"],
         [[("579.71", "110.15"), ("289.85", "20.29")], [("289.86", "55.07"), ("144.93", "10.14")],
          [("130.43", "24.78"), ("65.22", "4.57")]]),
        (ONE, "2975", ["1190", "-190"], [[("1000", "190")], [("-159.66", "-30.34")]]),
        (ONE, "2975", ["1190", "-1190"], [[("1000", "190")], [("-1000", "-190")]]),
        (ONE, "2975", ["2975", "100"], [[("2500", "475")], [("0", "0")]]),
        (ONE, "2975", ["3000", "-25"], [[("2500", "475")], [("0", "0")]]),
        (ONE, "2975", ["-5"], [[("0", "0")]]),
        (NOTHING, "0", ["100"], [[("0", "0")]]),
        (amounts(("8.42", "1.60")), "10.00", ["5", "5"], [[("4.20", "0.80")], [("4.22", "0.80")]]),
        (amounts(("0.01", "0.00"), ("0.01", "0.00")), "0.02", ["0.01", "0.01"],
         [[("0.01", "0"), ("0", "0")], [("0", "0"), ("0.01", "0")]]),
        (MIXED, "1083", ["500", "583"],
         [[("461.68", "87.72"), ("-46.17", "-3.23")], [("538.32", "102.28"), ("-53.83", "-3.77")]]),
    ],
    ids=[
        "all at once", "in two parts", "two rates, the last takes the rest", "two rates, three parts",
        "a part goes back", "all goes back", "more than is due", "what was too much goes back",
        "money goes back that never came", "nothing is due", "rounded for cash", "cents",
        "a rate below 0",
    ],
)  # fmt: skip
def test_receipts_are_split_by_tax_code(invoiced, due, receipts, wanted):
    """Each receipt has its share by gross amount; what pays the last takes exactly the rest."""
    found = interim_parts(
        invoiced, Decimal(due), [Decimal(each) for each in receipts], "EUR", bc.Rounding.HALF_UP
    )

    assert [[(part.net, part.amount) for part in parts] for parts in found] == [
        [(Decimal(net), Decimal(tax)) for net, tax in parts] for parts in wanted
    ]


@given(
    nets=st.tuples(st.integers(0, 5000), st.integers(0, 5000)),
    cuts=st.lists(st.integers(1, 400), max_size=40),
)
def test_receipts_never_take_more_than_there_is_and_add_up(nets, cuts):
    """However small the receipts are, no code goes below 0, and all together are the document."""
    invoiced = [
        bc.TaxAmount(tax, Decimal(net).scaleb(-2), (Decimal(net) * rate).quantize(Decimal(1)) / 100)
        for tax, net, rate in zip(
            (NINETEEN, SEVEN), nets, (Decimal("0.19"), Decimal("0.07")), strict=True
        )
    ]
    due = sum(part.net + part.amount for part in invoiced)
    receipts, left = [], due
    for cut in cuts:
        receipts.append(min(Decimal(cut) / 100, left))
        left -= receipts[-1]
    receipts.append(left)

    found = interim_parts(invoiced, due, receipts, "EUR", bc.Rounding.HALF_UP)

    for receipt, parts in zip(receipts, found, strict=True):
        assert sum(part.net + part.amount for part in parts) == receipt
        assert all(part.net >= 0 and part.amount >= 0 for part in parts)
    for whole, rows in zip(invoiced, zip(*found, strict=True), strict=True):
        assert sum(part.net for part in rows) == whole.net
        assert sum(part.amount for part in rows) == whole.amount
