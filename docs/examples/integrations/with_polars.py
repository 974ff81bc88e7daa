"""Bill what stands in data frames, and give lines, reasons and totals as data frames: polars.

    pip install billingcore polars
    python docs/examples/integrations/with_polars.py

Amounts stay exact: columns of prices are decimals from the first read on, and so is all that comes
out. Nothing is kept when it ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

import attrs
import polars as pl
from frame_rows import store_of

import billingcore as bc

DATA: Final = Path(__file__).parent / "data"
JANUARY: Final = bc.InvoiceRun(bc.Period.month(2026, 1))
AMOUNT: Final = pl.Decimal(20, 2)
NUMBER: Final = pl.Decimal(20, 5)
LINE: Final = {
    "document": pl.String,
    "account": pl.String,
    "title": pl.String,
    "first": pl.Date,
    "last": pl.Date,
    "quantity": NUMBER,
    "net": AMOUNT,
    "tax_rate": NUMBER,
    "currency": pl.String,
}
EXCLUDED: Final = {
    "account": pl.String,
    "record": pl.String,
    "outcome": pl.String,
    "reason": pl.String,
    "first": pl.Date,
    "last": pl.Date,
    "message": pl.String,
}
TOTAL: Final = {
    "currency": pl.String,
    "documents": pl.Int64,
    "net": AMOUNT,
    "tax": AMOUNT,
    "gross": AMOUNT,
}


class Billed(NamedTuple):
    """What came of a run.

    Attributes:
        lines: a row for each line of a draft.
        excluded: a row for all that was not billed: by which rule, or what is wrong.
        totals: a row for each currency.
        mistakes: rows of the tables that cannot be read.
    """

    lines: pl.DataFrame
    excluded: pl.DataFrame
    totals: pl.DataFrame
    mistakes: list[str]


def read(name: str) -> pl.DataFrame:
    """Read a table, every cell as text: a price passes through no float."""
    return pl.read_csv(DATA / name, infer_schema=False)


def frame(rows: Iterable[Mapping[str, object]], schema: dict[str, Any]) -> pl.DataFrame:
    """Make a data frame of some columns, and see that it holds what the rows hold.

    Polars cuts off decimals that a column has no room for, and says nothing: a column that it makes
    by itself has room for those of the first hundred rows.
    """
    chosen = [{name: row[name] for name in schema} for row in rows]
    made = pl.DataFrame(chosen, schema=schema)
    if made.rows(named=True) != chosen:
        raise ValueError("a number has more decimals than its column; widen the column")
    return made


def bill(contracts: pl.DataFrame, usage: pl.DataFrame, run: bc.InvoiceRun = JANUARY) -> Billed:
    """Bill the contracts of a data frame."""
    store, mistakes = store_of(contracts.iter_rows(named=True), usage.iter_rows(named=True))
    report = bc.execute(run, store)
    return Billed(
        frame(bc.export.invoice_line_rows(report.drafts), LINE),
        frame(report.records(), EXCLUDED),
        frame(map(attrs.asdict, report.totals.values()), TOTAL),
        mistakes,
    )


def dearer(contracts: pl.DataFrame, item: str, factor: Decimal) -> pl.DataFrame:
    """Give the same contracts with another price of an item, rounded to cents."""
    price = pl.col("unit_price").cast(pl.Decimal(20, 5), strict=False)
    raised = (price * factor).round(2, mode="half_away_from_zero").cast(pl.String)
    is_raised = (pl.col("item") == item) & price.is_not_null()
    return contracts.with_columns(
        unit_price=pl.when(is_raised).then(raised).otherwise(pl.col("unit_price"))
    )


def by_account(billed: Billed) -> pl.DataFrame:
    """Add up the lines of each account."""
    return billed.lines.group_by("account", "currency", maintain_order=True).agg(pl.sum("net"))


def what_if(contracts: pl.DataFrame, usage: pl.DataFrame) -> pl.DataFrame:
    """Show what each account would pay more if seats cost five percent more."""
    now, then = bill(contracts, usage), bill(dearer(contracts, "seats", Decimal("1.05")), usage)
    return (
        by_account(now)
        .join(
            by_account(then), on=["account", "currency"], suffix="_then", how="full", coalesce=True
        )
        .with_columns(more=pl.col("net_then") - pl.col("net"))
    )


def main() -> None:
    """Bill the tables beside this file, and show all data frames."""
    contracts, usage = read("contracts.csv"), read("usage.csv")
    billed = bill(contracts, usage)
    with pl.Config(tbl_cols=-1, tbl_rows=-1, tbl_hide_dataframe_shape=True, fmt_str_lengths=60):
        print(billed.lines.drop("document"))
        print(billed.totals)
        print(billed.excluded.select("record", "outcome", "reason"))
        print(*billed.mistakes, sep="\n")
        print(what_if(contracts, usage))


if __name__ == "__main__":
    main()
