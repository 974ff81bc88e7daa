"""Data frames come in as records, and documents go out as data frames, without losing a cent."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import pytest
from frame_rows import store_of

import billingcore as bc
from tests.integrations.needs import needs

# The packages' own warnings are none of ours.
pytestmark = pytest.mark.filterwarnings("default")

NETS = [Decimal(text) for text in ("298.80", "56.68", "74.70", "99.00", "192.50", "14.99")]
TOTALS = {
    "EUR": tuple(map(Decimal, ("529.18", "100.54", "629.72"))),
    "CHF": tuple(map(Decimal, ("207.49", "0.00", "207.49"))),
}
MISTAKE = (
    "S-5: Item 'seats': unit_price = '24,90': not a decimal number; "
    "write the decimal point as a point: '24.90'"
)
NOT_BILLED = [
    ("S-4/seats", "excluded", "OUT_OF_PERIOD"),
    ("S-1/seats", "left out", "BEFORE_FIRST_RUN"),
    ("usage/U-4", "problem", "no-matching-item"),
    ("S-6/seats", "problem", "invalid-input"),
]


def row(**changed):
    """Make a row of contracts."""
    cells = {"account": "a", "currency": "EUR", "contract": "S", "start": "2026-01-01"}
    item = {"item": "seats", "title": "Seats", "unit_price": "5.005", "quantity": "1"}
    return {**cells, **item, "kind": "monthly", "tax_code": "standard", **changed}


def test_rows_become_records():
    """Rows of one contract are one subscription, and usage is billed by its item."""
    rows = [row(), row(item="setup", kind="once", unit_price="7")]
    usage = [{"account": "a", "id": "U", "item": "calls", "date": "2026-01-02", "quantity": "4"}]
    calls = row(item="calls", kind="usage", quantity="", unit_price="0.25")
    store, mistakes = store_of([*rows, calls], usage)
    (draft,) = bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1)), store).drafts

    assert mistakes == []
    assert [line.net for line in draft.lines] == [Decimal("5.01"), Decimal("7.00"), Decimal("1.00")]
    # 19 percent of 13.01 are 2.4719
    assert (draft.totals.tax, draft.totals.gross) == (Decimal("2.47"), Decimal("15.48"))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        pytest.param({"unit_price": 5.005}, "a float is not exact", id="a float"),
        pytest.param({"currency": "EURO"}, "currency", id="a currency"),
        pytest.param({"start": "1.1.2026"}, "start", id="a day"),
    ],
)
def test_a_wrong_row_is_named_and_costs_no_other_contract(changed, why):
    """A contract with a wrong row is named with what is wrong, and all others are billed."""
    store, mistakes = store_of([row(contract="S-1", account="b", **changed), row()], [])

    assert len(mistakes) == 1
    assert mistakes[0].startswith("S-1: ")
    assert why in mistakes[0]
    assert len(bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1)), store).drafts) == 1


def test_usage_of_nobody_is_named():
    """A usage record of an account without a contract is named."""
    usage = [{"account": "b", "id": "U", "item": "calls", "date": "2026-01-02", "quantity": "4"}]
    _, mistakes = store_of([row()], usage)
    assert len(mistakes) == 1
    assert mistakes[0].startswith("U: account = 'b': no such account")


@needs("polars")
def test_polars():
    """Lines, reasons and totals are data frames of polars with exact decimals."""
    import with_polars as example

    billed = example.bill(example.read("contracts.csv"), example.read("usage.csv"))

    assert billed.lines["net"].to_list() == NETS
    assert billed.lines["quantity"].to_list() == [12, 4534, 3, 1, 7, 999]
    assert {each[0]: each[2:] for each in billed.totals.iter_rows()} == TOTALS
    assert billed.excluded.select("record", "outcome", "reason").rows() == NOT_BILLED
    assert billed.mistakes == [MISTAKE]


@needs("polars")
def test_a_dearer_seat_in_polars():
    """Five percent on a seat of 24.90 are 1.25, rounded half up, for each of the twelve of acme."""
    import with_polars as example

    found = example.what_if(example.read("contracts.csv"), example.read("usage.csv"))
    assert found.select("account", "more").rows() == [
        ("acme", Decimal("15.00")),
        ("borg", Decimal("3.75")),
        ("cave", Decimal("9.66")),
    ]


@needs("polars")
def test_polars_never_cuts_an_amount():
    """An amount with more decimals than its column is refused, where polars would cut it off."""
    import with_polars as example

    rows = [{"currency": "KWD", "documents": 1, "net": Decimal("1.234"), "tax": 0, "gross": 0}]
    with pytest.raises(ValueError, match="widen the column"):
        example.frame(rows, example.TOTAL)


@needs("polars")
def test_polars_with_nothing_to_bill():
    """A run without drafts gives data frames without rows, which have all columns."""
    import with_polars as example

    nothing = example.read("contracts.csv").head(0)
    billed = example.bill(nothing, example.read("usage.csv").head(0))
    assert billed.lines.columns == list(example.LINE)
    assert example.by_account(billed).height == 0


@needs("pandas")
def test_pandas():
    """Lines, reasons and totals are data frames of pandas with exact decimals."""
    import with_pandas as example

    billed = example.bill(example.read("contracts.csv"), example.read("usage.csv"))

    assert billed.lines["net"].tolist() == NETS
    assert all(type(each) is Decimal for each in billed.lines["net"])
    rows = billed.totals.itertuples(index=False, name=None)
    assert {each[0]: each[2:] for each in rows} == TOTALS
    shown = billed.excluded[["record", "outcome", "reason"]]
    assert list(shown.itertuples(index=False, name=None)) == NOT_BILLED
    assert billed.mistakes == [MISTAKE]


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        pytest.param("with_polars.py", "370.48", marks=needs("polars"), id="polars"),
        pytest.param("with_pandas.py", "71.67 less", marks=needs("pandas"), id="pandas"),
    ],
)
def test_a_script_prints_its_data_frames(integrations, script, shown):
    """A script, started as its first lines say, shows what its page shows."""
    command = [sys.executable, integrations / script]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    page = integrations.parents[1] / "how-to" / "use-polars-or-pandas.md"
    _, _, found = page.read_text(encoding="utf-8").partition(
        f"python docs/examples/integrations/{script}\n"
    )
    lines = found.partition("```")[0].splitlines()

    assert shown in done.stdout
    assert any(shown in line for line in lines)
    assert [line for line in lines if line not in done.stdout] == []
