"""Changes, holds and billed terms of the CSV files do what they say, and never by mistake."""

from __future__ import annotations

from decimal import Decimal

import pytest
from csv_cells import TERMS
from csv_source import load

import billingcore as bc
from tests.examples.tables import append, put

# Three contracts of 31.00 a month for each item; every day of January costs 1.00.
FILES = {
    "accounts.csv": """
id,currency,hold_until,hold_reason,may_bill
acme,EUR,,,
""",
    "subscriptions.csv": """
id,account,start,hold_until,hold_reason
S-1,acme,2026-01-01,,
S-2,acme,2026-01-01,,
S-3,acme,2026-01-01,,
""",
    "items.csv": """
subscription,id,unit_price,tax_code,discount,billing_type,billing_unit
S-1,seats,31,DE_19,,Recurring Prorated,Month
S-1,rebate,31,DE_19,10%,Recurring Prorated,Month
S-2,seats,31,DE_19,,Recurring Prorated,Month
S-3,storage,31,DE_19,,Recurring Prorated,Month
""",
    "taxes.csv": """
code,rate
DE_19,19
DE_7,7
""",
    "changes.csv": """
subscription,item,on,until,unit_price,quantity,discount,tax_code,billing_practice,billed_share,title
""",
    "claims.csv": """
account,subscription,item,first,last,document,state,terms
""",
}
COLUMNS = FILES["changes.csv"].strip().split(",")
EVERYBODY = {"S-1", "S-2", "S-3"}


@pytest.fixture
def folder(tmp_path):
    """Write files of three contracts, without changes and claims."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text.lstrip(), encoding="utf-8")
    return tmp_path


def change(folder, subscription, item, on, **cells):
    """Add a row to changes.csv."""
    values = {"subscription": subscription, "item": item, "on": on, **cells}
    append(folder, "changes.csv", ",".join(values.get(column, "") for column in COLUMNS))


def bill(folder, last="2026-01-31"):
    """Bill from 1 January on; give what was read and what was reported."""
    loaded = load(folder)
    return loaded, bc.execute(loaded.run(bc.Period.closed("2026-01-01", last)), loaded.store)


def lines(report, billable):
    """Give first day and net of each line of an item."""
    return [
        (line.service_period.first.day, str(line.net))
        for draft in report.drafts
        for line in draft.lines
        if line.billable == billable
    ]


@pytest.mark.parametrize(
    ("item", "cells", "expected"),
    [
        pytest.param("seats", {"unit_price": "62"}, ["10.00", "42.00"], id="unit_price"),
        pytest.param("seats", {"quantity": "3"}, ["10.00", "63.00"], id="quantity"),
        pytest.param("seats", {"quantity": "0"}, ["10.00"], id="quantity 0"),
        pytest.param("seats", {"discount": "10%"}, ["10.00", "18.90"], id="discount"),
        pytest.param("rebate", {"discount": "None"}, ["9.00", "21.00"], id="no discount"),
        pytest.param("seats", {"billed_share": "0.5"}, ["10.00", "10.50"], id="billed_share"),
        pytest.param("seats", {"billing_practice": "Arrears"}, ["10.00", "21.00"], id="practice"),
        pytest.param(
            "seats",
            {"unit_price": "62", "until": "2026-01-20"},
            ["10.00", "20.00", "11.00"],
            id="until",
        ),
    ],
)
def test_what_a_change_costs(folder, item, cells, expected):
    """Each column of changes.csv changes what the days from 11 January on cost."""
    change(folder, "S-1", item, "2026-01-11", **cells)

    loaded, report = bill(folder)

    assert loaded.errors == []
    assert [net for _, net in lines(report, f"S-1/{item}")] == expected
    assert lines(report, "S-2/seats") == [(1, "31.00")]


def test_a_change_of_the_practice(folder):
    """Days that are billed in arrears from a change on wait for their end."""
    change(folder, "S-1", "seats", "2026-01-11", billing_practice="arrears")

    _, report = bill(folder, last="2026-01-20")

    assert lines(report, "S-1/seats") == [(1, "10.00")]


@pytest.mark.parametrize(
    ("code", "tax"),
    [pytest.param("DE_7", "1.47", id="another code"), pytest.param("none", "0.00", id="no tax")],
)
def test_a_change_of_tax(folder, code, tax):
    """A tax code can change on a day, or be taken away."""
    change(folder, "S-3", "storage", "2026-01-11", tax_code=code)

    _, report = bill(folder)
    (draft,) = [each for each in report.drafts if each.lines[0].subscription_id == "S-3"]

    assert draft.totals.net == Decimal("31.00")
    assert draft.totals.tax == Decimal("1.90") + Decimal(tax)  # 19 % of 10.00, and of 21.00


def test_a_change_of_the_title(folder):
    """A title says another thing from a day on."""
    change(folder, "S-2", "seats", "2026-01-11", title="Chairs", unit_price="62")

    _, report = bill(folder)
    found = [line.item.label for draft in report.drafts for line in draft.lines]

    assert found == ["seats", "rebate", "seats", "Chairs", "storage"]


def test_a_change_of_all_items(folder):
    """A row without an item changes all items; an item's own row of that day goes before."""
    change(folder, "S-1", "rebate", "2026-01-11", unit_price="93")
    change(folder, "S-1", "", "2026-01-11", unit_price="62")

    _, report = bill(folder)

    assert lines(report, "S-1/seats") == [(1, "10.00"), (11, "42.00")]
    assert lines(report, "S-1/rebate") == [(1, "9.00"), (11, "56.70")]  # 63.00 less 10 %
    assert lines(report, "S-2/seats") == [(1, "31.00")]


@pytest.mark.parametrize(
    ("row", "held", "told"),
    [
        pytest.param(
            ["S-1", "seats", "2026-01-32", "", "62"],
            {"S-1"},
            "column on: '2026-01-32': no such day; check month and day",
            id="no day",
        ),
        pytest.param(
            ["S-1", "seats", "2026-01-11", "2026-01-10", "62"],
            {"S-1"},
            "column until: '2026-01-10': before the start 2026-01-11",
            id="last before first",
        ),
        pytest.param(
            ["S-1", "", "2026-01-11", "9999-12-31", "62"],
            {"S-1"},
            "column until: '9999-12-31': the calendar ends here; leave the cell empty",
            id="no end",
        ),
        pytest.param(
            ["S-1", "seats", "2026-01-11", "", "9,90"],
            {"S-1"},
            "column unit_price: '9,90': not a decimal number; write the decimal point as a point",
            id="no price",
        ),
        pytest.param(
            ["S-2", "seats", "2026-01-11", "", "", "", "", "", "", "50%"],
            {"S-2"},
            "column billed_share: '50%': not a decimal number",
            id="no share",
        ),
        pytest.param(
            ["S-2", "seats", "", "", "62"],
            {"S-2"},
            "column on: the cell is empty; write a value like 2026-03-10",
            id="an empty cell",
        ),
        pytest.param(
            ["S-2", "seats", "2026-01-11"],
            {"S-2"},
            "nothing changes; fill in what is another from this day on",
            id="nothing changes",
        ),
        pytest.param(
            ["S-1", "seat", "2026-01-11", "", "62"],
            {"S-1"},
            "column subscription: 'S-1/seat': in no row of items.csv",
            id="an item that nobody has",
        ),
        pytest.param(
            ["S-2", "storage", "2026-01-11", "", "62"],
            {"S-2", "S-3"},
            "column subscription: 'S-2/storage': in no row of items.csv",
            id="an item of another subscription",
        ),
        pytest.param(
            ["S-9", "seats", "2026-01-11", "", "62"],
            {"S-1", "S-2"},
            "column subscription: 'S-9/seats': in no row of items.csv",
            id="no subscription, and an item",
        ),
        pytest.param(
            ["S-9", "", "2026-01-11", "", "62"],
            EVERYBODY,
            "column subscription: 'S-9': in no row of subscriptions.csv",
            id="no subscription, and no item",
        ),
        pytest.param(
            ["", "", "2026-01-11", "", "62"],
            EVERYBODY,
            "column subscription: the cell is empty; write a value like S-1",
            id="no subscription named",
        ),
    ],
)
def test_a_bad_change_holds_what_it_can_mean(folder, row, held, told):
    """A subscription of which it is not known what changes in it is on hold, and the row is told."""
    missing = [""] * (len(COLUMNS) - len(row))
    append(folder, "changes.csv", ",".join(f'"{cell}"' for cell in [*row, *missing]))

    loaded, report = bill(folder)

    (error,) = loaded.errors
    assert str(error).startswith(f"changes.csv, row 2{',' if 'column' in told else ':'} {told}")
    assert loaded.on_hold == held
    assert {line.subscription_id for draft in report.drafts for line in draft.lines} == (
        EVERYBODY - held
    )
    assert {each.record.partition("/")[0] for each in report.exclusions} == held
    assert {each.facts for each in report.exclusions} == {
        (("hold", "without a last day (row 2 of changes.csv has a mistake)"),)
    }


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("S-1,seats,2026-01-11,,62", id="too few cells"),
        pytest.param('S-1,"seats"s,2026-01-11,,62,,,,,,', id="a quote inside a cell"),
        pytest.param("S-1,seats,2026-01-11,,6,20,,,,,,", id="a comma too many"),
    ],
)
def test_a_broken_change_holds_everybody(folder, line):
    """A row of which the cells cannot be told could change anything, so nothing is billed."""
    append(folder, "changes.csv", line)

    loaded, report = bill(folder)

    assert loaded.on_hold == EVERYBODY
    assert len(report.drafts) == 0


@pytest.mark.parametrize(
    ("file", "column"),
    [("items.csv", "unit_price"), ("subscriptions.csv", "start"), ("subscriptions.csv", "id")],
)
def test_a_change_of_what_has_a_mistake_holds_nobody(folder, file, column):
    """A change of a row with a mistake is told, and holds nothing else back."""
    change(folder, "S-1", "seats", "2026-01-11", unit_price="62")
    put(folder, file, 2, column, "" if column == "id" else "?")

    loaded, report = bill(folder)

    assert (loaded.errors[0].source, loaded.errors[0].row) == (file, 2)
    assert ("changes.csv", 2) in [(error.source, error.row) for error in loaded.errors]
    assert loaded.on_hold == frozenset()
    assert lines(report, "S-1/seats") == []
    assert lines(report, "S-2/seats") == [(1, "31.00")]


@pytest.mark.parametrize("file", ["accounts.csv", "subscriptions.csv"])
@pytest.mark.parametrize(
    ("until", "reason", "is_billed"),
    [
        pytest.param("2026-01-30", "dispute", True, id="over before the run ends"),
        pytest.param("2026-01-31", "", False, id="to the last day of the run"),
        pytest.param("", "dispute", False, id="without a day"),
        pytest.param("9999-12-31", "", False, id="for ever"),
        pytest.param("", "", True, id="no hold"),
    ],
)
def test_holds(folder, file, until, reason, is_billed):
    """A hold ends with its day; with a reason and no day it lasts until the reason is deleted."""
    put(folder, file, 2, "hold_until", until)
    put(folder, file, 2, "hold_reason", reason)

    loaded, report = bill(folder)

    assert loaded.errors == []
    assert lines(report, "S-1/seats") == ([(1, "31.00")] if is_billed else [])
    assert {each.reason.name for each in report.exclusions} == (set() if is_billed else {"ON_HOLD"})


@pytest.mark.parametrize(("cell", "is_billed"), [("", True), ("yes", True), ("no", False)])
def test_permission(folder, cell, is_billed):
    """An account that may not be billed has no draft, and the reason NO_PERMISSION."""
    put(folder, "accounts.csv", 2, "may_bill", cell)

    _, report = bill(folder)

    assert {each.reason.name for each in report.exclusions} == (
        set() if is_billed else {"NO_PERMISSION"}
    )
    assert bool(report.drafts) is is_billed


@pytest.mark.parametrize(
    ("terms", "reasons"),
    [
        pytest.param("", {"COVERED"}, id="not known"),
        pytest.param("none", {"COVERED", "NOT_CORRECTED"}, id="without the change"),
        pytest.param("quantity=2", {"COVERED"}, id="with the change"),
        pytest.param("quantity = 2.0", {"COVERED"}, id="written in another way"),
        pytest.param("quantity=3", {"COVERED", "NOT_CORRECTED"}, id="with another change"),
    ],
)
def test_billed_terms(folder, terms, reasons):
    """Days that were billed on other terms than they are due on now are told, if it is known."""
    change(folder, "S-1", "seats", "2026-01-01", quantity="2")
    claim = f"acme,S-1,seats,2026-01-01,2026-01-31,R-1,final,{terms}"
    append(folder, "claims.csv", claim)

    loaded, report = bill(folder)

    assert loaded.errors == []
    found = [*report.exclusions, *report.left_out_time]
    assert {each.reason.name for each in found if each.record == "S-1/seats"} == reasons
    assert lines(report, "S-1/seats") == []


@pytest.mark.parametrize(
    ("cell", "version"),
    [
        ("none", ""),
        ("None", ""),
        ("quantity=5.0", "quantity=5"),
        ("unit_price=9.90; quantity=5", "quantity=5|unit_price=9.9"),
        ("quantity=5|tax_code=DE_7", "quantity=5|tax_code=DE_7"),
        ("discount=10%", "discount=percent%2010"),
        ("discount=none", "discount"),
        ("billed_share=0.5", "billed_share=0.5"),
    ],
)
def test_terms_are_named_as_the_library_names_them(cell, version):
    """Terms of a cell become the name of a version, whatever the order and the form of numbers."""
    assert TERMS.read(cell) == version


@pytest.mark.parametrize(
    "cell",
    [
        "5",
        "quantity",
        "quantity=",
        "title=Seats",
        "quantity=5;quantity=6",
        "quantity=5;",
        "quantity=x",
    ],
)
def test_no_terms(cell):
    """What is no list of terms that decide a price is refused."""
    with pytest.raises(bc.InvalidInputError):
        TERMS.read(cell)
