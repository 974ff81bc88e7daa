"""Bill what stands in data frames, and give lines, reasons and totals as data frames: pandas.

    pip install billingcore pandas
    python docs/examples/integrations/with_pandas.py

Pandas keeps a `Decimal` as it is, in a column of objects, and adds such a column up exactly. What
must not happen is that it reads a price as a float, so tables are read as text.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import attrs
import pandas as pd
from frame_rows import store_of

import billingcore as bc

DATA: Final = Path(__file__).parent / "data"
JANUARY: Final = bc.InvoiceRun(bc.Period.month(2026, 1))


class Billed(NamedTuple):
    """What came of a run: a row for each line, for all that was not billed, and for each currency.

    The last thing are the rows of the tables that cannot be read.
    """

    lines: pd.DataFrame
    excluded: pd.DataFrame
    totals: pd.DataFrame
    mistakes: list[str]


def read(name: str) -> pd.DataFrame:
    """Read a table, every cell as text: a price passes through no float, an empty cell is empty."""
    return pd.read_csv(DATA / name, dtype=str, keep_default_na=False)


def bill(contracts: pd.DataFrame, usage: pd.DataFrame, run: bc.InvoiceRun = JANUARY) -> Billed:
    """Bill the contracts of a data frame."""
    store, mistakes = store_of(contracts.to_dict("records"), usage.to_dict("records"))
    report = bc.execute(run, store)
    return Billed(
        pd.DataFrame(bc.export.invoice_line_rows(report.drafts)),
        pd.DataFrame(report.records()),
        pd.DataFrame(map(attrs.asdict, report.totals.values())),
        mistakes,
    )


def main() -> None:
    """Bill the tables beside this file, and show all data frames."""
    contracts, usage = read("contracts.csv"), read("usage.csv")
    billed = bill(contracts, usage)
    shown = ["account", "title", "first", "last", "quantity", "net", "currency"]
    print(billed.lines[shown].to_string(index=False))
    print(billed.totals.to_string(index=False))
    print(billed.excluded[["record", "outcome", "reason"]].to_string(index=False))
    print(*billed.mistakes, sep="\n")

    without_usage = bill(contracts, usage.head(0))
    print("without usage:", billed.lines["net"].sum() - without_usage.lines["net"].sum(), "less")


if __name__ == "__main__":
    main()
