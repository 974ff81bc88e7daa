"""Comparisons as rows, as text, as tables, and how much of them is kept."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

import billingcore as bc
from billingcore import Cause
from tests.unit.views.comparing_worlds import (
    billed,
    item,
    three,
)


def test_only_the_biggest_are_kept():
    """Sums are complete, and of the lines and accounts only the biggest are kept."""
    before = [billed(item(), account=name) for name in "abc"]
    after = [
        billed(item(price=price), account=name)
        for name, price in zip("abc", (101, 103, 97), strict=True)
    ]
    found = bc.compare(before, after, keep=2)

    assert [line.account for line in found.lines] == ["b", "c"]
    assert [row["account"] for row in found.records_of_accounts()] == ["b", "c"]
    assert three(found.difference("EUR")) == ["1.00", "0.19", "1.19"]
    assert three(found.impact("EUR", Cause.PRICE)) == ["1.00", "0.19", "1.19"]
    assert bc.compare(before, after, keep=0).lines == []
    with pytest.raises(bc.InvalidInputError, match="keep = -1: not a count"):
        bc.compare(before, after, keep=-1)


def test_records():
    """Rows are flat: names of columns, and texts, numbers, dates and amounts."""
    found = bc.compare(billed(item(quantity=2)), billed(item(price=110, quantity=3)))

    (row,) = found.records()
    assert row == {
        "account": "acme",
        "record": "S-1/seats",
        "title": "seats",
        "currency": "EUR",
        "fate": "changed",
        "first": dt.date(2026, 1, 1),
        "last": dt.date(2026, 1, 31),
        "document_before": "2026-01-01..2026-01-31/acme/S-1",
        "document_after": "2026-01-01..2026-01-31/acme/S-1",
        "net_before": Decimal("200.00"),
        "net_after": Decimal("330.00"),
        "net": Decimal("130.00"),
        "tax_before": Decimal("38.00"),
        "tax_after": Decimal("62.70"),
        "tax": Decimal("24.70"),
        "gross_before": Decimal("238.00"),
        "gross_after": Decimal("392.70"),
        "gross": Decimal("154.70"),
        "cause": "quantity",
        "why": "",
    }
    assert [[*map(str, each.values())] for each in found.records_of_causes()] == [
        ["EUR", "quantity", "1", "100.00", "19.00", "119.00"],
        ["EUR", "unit price", "1", "30.00", "5.70", "35.70"],
    ]
    (account,) = found.records_of_accounts()
    assert account["documents_before"] == account["documents_after"] == 1
    assert account["gross"] == Decimal("154.70")


def test_text():
    """A comparison prints its counts, totals, causes, accounts and lines."""
    found = bc.compare(billed(item(quantity=2)), billed(item(price=110, quantity=3)))

    assert (
        str(found)
        == """\
before: LEVEL; after: LEVEL
  accounts: 1, of which 1 change
  lines: the same 0, changed 1

totals
amount     before   after  difference  currency
---------  ------  ------  ----------  --------
documents       1       1           0  EUR
net        200.00  330.00      130.00  EUR
tax         38.00   62.70       24.70  EUR
gross      238.00  392.70      154.70  EUR

causes
cause       lines     net    tax   gross  currency
----------  -----  ------  -----  ------  --------
quantity    1      100.00  19.00  119.00  EUR
unit price  1       30.00   5.70   35.70  EUR

accounts
account  gross before  gross after  difference  currency
-------  ------------  -----------  ----------  --------
acme           238.00       392.70      154.70  EUR

lines
account  record     first       last        line     before   after  difference  currency  cause
-------  ---------  ----------  ----------  -------  ------  ------  ----------  --------  ---------------------------------
acme     S-1/seats  2026-01-01  2026-01-31  changed  238.00  392.70      154.70  EUR       quantity 119.00, unit price 35.70"""
    )
    assert repr(found) == "<comparison: accounts 1, changed 1>"


def test_text_of_one_account():
    """An account prints its totals, and each line what became of it and why."""
    (found,) = bc.compare_accounts(
        billed(item(quantity=2), item("one", 1)), billed(item(price=110, quantity=3))
    )

    assert (
        str(found)
        == """\
acme: EUR 239.19 -> 392.70
  S-1/seats 2026-01-01 to 2026-01-31: changed, 238.00 -> 392.70 EUR (quantity 119.00, unit price 35.70)
  S-1/one 2026-01-01 to 2026-01-31: removed, 1.19 -> 0.00 EUR (billed only before)"""
    )
    assert [row["record"] for row in found.records()] == ["S-1/seats", "S-1/one"]
    (gone,) = bc.compare_accounts(billed(item()), [])
    assert str(gone).endswith("(billed only before; no documents of the account)")
    (nothing,) = bc.compare_accounts(billed(), [])
    assert str(nothing) == "acme: no documents"


def test_long_lists():
    """Of many lines the first twenty are printed, and it says of how many."""
    items = [item(f"item-{number}", number) for number in range(1, 31)]
    found = bc.compare(billed(*items[:1]), billed(*items))

    assert "lines, the biggest 20 of 29 listed" in str(found)
    assert str(found).count("billed only after") == 1 + 20


def test_html():
    """A notebook draws tables with captions, and everything is escaped."""
    found = bc.compare(billed(item("<b>")), billed(item("<b>", 110)))
    page = found._repr_html_()

    assert page.count("<table>") == page.count("<caption>") == 5
    assert "<b>" not in page
    assert "before: LEVEL; after: LEVEL" in page
