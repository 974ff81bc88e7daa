"""A mistake in a file is told with file, row, column, value and fix, and costs nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest
from csv_source import load

import billingcore as bc
from tests.examples.tables import append, cell, drop, put, read, write

JANUARY = bc.Period.month(2026, 1)
# file, row, column, what is written there, and the fix that is told
MISTAKES = [
    ("accounts.csv", 40, "currency", "euro", "use an ISO 4217 code"),
    ("accounts.csv", 41, "active", "maybe", "write yes or no"),
    ("subscriptions.csv", 101, "start", "10.07.2024", "use a date or text like '2026-01-31'"),
    ("subscriptions.csv", 102, "account", "A-999", "add it there, or mend this cell"),
    ("subscriptions.csv", 103, "id", "S-100", "give each row its own"),
    ("items.csv", 201, "unit_price", "9,90", "write the decimal point as a point: '9.90'"),
    ("items.csv", 202, "quantity", "two", "use plain digits like '19.99'"),
    ("items.csv", 204, "billing_type", "Monthly", "use one of One-Time, Recurring"),
    ("items.csv", 206, "discount", "120%", "use 0 to 100"),
    ("items.csv", 207, "billing_period", "0", "use a whole number from 1 to 1200"),
    ("items.csv", 210, "next_service_period_start", "2026-02-30", "check month and day"),
    ("items.csv", 212, "id", "newsletter", "give each row its own"),
    ("items.csv", 214, "subscription", "S-9999", "add it there, or mend this cell"),
    ("items.csv", 216, "billing_unit", "", "write Month, for example"),
    ("items.csv", 236, "end", "9999-12-31", "leave the cell empty if there is no end"),
]


def bill(folder):
    """Bill January for the files of a folder; give what was read and what was reported."""
    loaded = load(folder)
    return loaded, bc.execute(loaded.run(JANUARY), loaded.store)


def without_the_rows(folder):
    """Delete the rows of all mistakes, and what belongs to them."""
    named = {
        file: [cell(folder, file, row, "id") for name, row, *_ in MISTAKES if name == file]
        for file in ("accounts.csv", "subscriptions.csv")
    }
    items = sorted((row for name, row, *_ in MISTAKES if name == "items.csv"), reverse=True)
    table = read(folder / "items.csv")
    for row in items:
        del table[row - 1]
    write(folder / "items.csv", table)
    header, *rows = read(folder / "subscriptions.csv")
    account = header.index("account")
    gone = [row[0] for row in rows if row[account] in named["accounts.csv"]]
    drop(folder, "accounts.csv", "id", named["accounts.csv"])
    for column, file in (("id", "subscriptions.csv"), ("subscription", "items.csv")):
        drop(folder, file, column, [*named["subscriptions.csv"], *gone])


@pytest.fixture
def spoiled(full):
    """Give a copy of the sample with many mistakes."""
    for file, row, column, text, _ in MISTAKES:
        put(full, file, row, column, text)
    return full


def test_every_mistake_is_told(spoiled):
    """Each of many mistakes is told with its file, row, column, value and fix."""
    told = [str(error) for error in load(spoiled).errors]

    for file, row, column, text, fix in MISTAKES:
        (line,) = [line for line in told if line.startswith(f"{file}, row {row}, column {column}:")]
        assert text in line
        assert fix in line


def test_nothing_else_is_lost(spoiled, tmp_path, sample):
    """With mistakes, all is billed that is billed when their rows are not there."""
    clean = tmp_path / "clean"
    clean.mkdir()
    for path in sample.iterdir():
        (clean / path.name).write_bytes(path.read_bytes())
    without_the_rows(clean)

    _, report = bill(spoiled)
    _, expected = bill(clean)

    assert report.totals == expected.totals
    assert report.lines == expected.lines > 1000
    assert report.excluded == expected.excluded


def test_what_a_mistake_cuts_off_is_told(data):
    """The subscription of a bad account, and its items, are told with the row to mend."""
    put(data, "accounts.csv", 2, "currency", "Mark")

    account, subscription, *items = [str(error) for error in load(data).errors]

    assert account == (
        "accounts.csv, row 2, column currency: 'Mark': not a currency of ISO 4217; "
        "use an ISO 4217 code like 'EUR'"
    )
    assert subscription == (
        "subscriptions.csv, row 2, column account: 'A-001': row 2 of accounts.csv has a mistake; "
        "mend it there"
    )
    assert items == [
        f"items.csv, row {row}, column subscription: 'S-001': row 2 of subscriptions.csv has a "
        f"mistake; mend it there"
        for row in (2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        pytest.param(
            "items.csv",
            "unit_price",
            "unit_prise",
            "items.csv, row 1, column unit_prise: not a column; write 'unit_price'",
            id="a misspelled column",
        ),
        pytest.param(
            "accounts.csv",
            "currency",
            "custom.currency",
            "accounts.csv, row 1, column currency: the column is missing; add it",
            id="a missing column",
        ),
        pytest.param(
            "items.csv",
            "quantity",
            "id",
            "items.csv, row 1, column id: two columns have this name; rename one",
            id="a column twice",
        ),
        pytest.param(
            "claims.csv",
            "account,subscription,item,first,last,document,state,terms",
            "account;subscription;item;first;last;document;state;terms",
            "claims.csv, row 1: 'account;subscription;item;first;last;doc': all names in one cell; "
            "separate the cells by commas, and save as UTF-8",
            id="semicolons",
        ),
    ],
)
def test_nothing_is_billed_from_a_file_that_cannot_be_told(data, file, old, new, expected):
    """A file whose columns cannot be told stops all, since wrong amounts could be billed."""
    text = (data / file).read_text(encoding="utf-8")
    (data / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    loaded = load(data)

    assert [str(error) for error in loaded.errors] == [expected]
    assert loaded.unreadable == [file]
    assert list(loaded.store.accounts()) == []


@pytest.mark.parametrize("file", ["accounts.csv", "subscriptions.csv", "items.csv"])
def test_a_missing_file(data, file):
    """A needed file that is missing stops all, and is named."""
    (data / file).unlink()

    errors = [str(error) for error in load(data).errors]

    assert errors[0].startswith(f"{file}, row 1: the file cannot be read: no such file")


def test_an_empty_file(data):
    """A file without even the names of its columns stops all."""
    (data / "taxes.csv").write_text("", encoding="utf-8")

    assert str(load(data).errors[0]).startswith("taxes.csv, row 1: the names of the columns")


@pytest.mark.parametrize(
    "file", ["changes.csv", "claims.csv", "taxes.csv", "templates.csv", "entities.csv"]
)
def test_optional_files(data, file):
    """A file that is not needed may be missing."""
    (data / file).unlink()

    assert load(data).errors == []


def test_an_unknown_column(data):
    """A column that the form does not have is told and left out; everything is billed."""
    _, expected = bill(data)
    header, *rows = read(data / "items.csv")
    write(data / "items.csv", [[*header, "Notes"], *([*row, "!"] for row in rows)])

    loaded, report = bill(data)

    (error,) = loaded.errors
    assert str(error) == (
        "items.csv, row 1, column notes: not a column, and not used; remove it, or call it "
        "custom.notes to keep it"
    )
    assert report.totals == expected.totals


def test_a_custom_column(data):
    """A column that begins with custom. is passed through to the lines, where it has a value."""
    header, *rows = read(data / "items.csv")
    first, *others = rows
    table = [[*header, "custom.project"], [*first, "P-7"], *([*row, ""] for row in others)]
    write(data / "items.csv", table)

    loaded, report = bill(data)
    passed = [line.custom for draft in report.drafts for line in draft.lines]

    assert loaded.errors == []
    assert passed[0] == (("project", "P-7"),)
    assert not any(passed[1:])


def test_another_encoding(data):
    """A cell that is not UTF-8 is told as it was meant, and costs its row only."""
    text = (data / "accounts.csv").read_text(encoding="utf-8")
    spoiled = text.replace("Muschelkalk", "Müschelkalk").encode()
    start = spoiled.index("Müschelkalk".encode())
    end = start + len("Müschelkalk".encode())
    latin = spoiled[:start] + "Müschelkalk".encode("latin-1") + spoiled[end:]
    (data / "accounts.csv").write_bytes(latin)

    loaded, report = bill(data)

    assert str(loaded.errors[0]) == (
        "accounts.csv, row 2, column name: 'Müschelkalk Verlag GmbH': not UTF-8; "
        "save the file as UTF-8"
    )
    assert report.accounts == 40


def test_sixteen_bits(data):
    """A file that a spreadsheet saved as UTF-16 is told as a whole."""
    text = (data / "accounts.csv").read_text(encoding="utf-8")
    (data / "accounts.csv").write_text(text, encoding="utf-16")

    assert [str(error) for error in load(data).errors] == [
        "accounts.csv, row 1: the file is not UTF-8; save it as UTF-8"
    ]


def test_a_byte_order_mark(data):
    """The mark that spreadsheets write before UTF-8 is no part of the first column's name."""
    text = (data / "accounts.csv").read_text(encoding="utf-8")
    (data / "accounts.csv").write_text(text, encoding="utf-8-sig")

    assert load(data).errors == []


def test_blank_rows_are_counted(data):
    """Rows without a value are passed over, but count, so that numbers are those of the editor."""
    header, first, *rows = read(data / "accounts.csv")
    write(data / "accounts.csv", [header, [], ["", ""], first, *rows])
    put(data, "accounts.csv", 4, "currency", "x")

    assert [error.row for error in load(data).errors if error.source == "accounts.csv"] == [4]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            "A-900,Neu,EUR",
            "row 43: 3 cells, but 14 columns; write each of them, the empty ones too",
            id="too few cells",
        ),
        pytest.param(
            'A-900,"Neu"er,EUR,,,,,,,,,,,',
            "row 43: line 43 cannot be read:",
            id="a quote inside a cell",
        ),
        pytest.param(
            'A-900,"Neu,EUR,,,,,,,,,,,\nA-901,Alt,EUR,,,,,,,,,,,',
            "row 43: lines 43 to 44 cannot be read:",
            id="a quote that is not closed",
        ),
        pytest.param(
            ",Neu,EUR,,,,,,,,,,,",
            "row 43, column id: the cell is empty; write a value like A-1",
            id="an empty cell",
        ),
    ],
)
def test_broken_rows(data, line, expected):
    """A row with too few cells, wrong quotes or an empty cell is told, and costs nothing else."""
    append(data, "accounts.csv", line)

    loaded, report = bill(data)

    assert [str(error)[: len(expected) + 14] for error in loaded.errors] == [
        f"accounts.csv, {expected}"
    ]
    assert report.accounts == 41


@pytest.mark.parametrize(
    ("column", "text", "held"),
    [
        pytest.param("first", "2025-12-32", {"A-009"}, id="no day"),
        pytest.param("first", "2026-01-01", {"A-009"}, id="last before first"),
        pytest.param("last", "", {"A-009"}, id="only one day"),
        pytest.param("account", "A-010", {"A-009", "A-010"}, id="another account"),
        pytest.param("item", "seat", {"A-009"}, id="unknown item"),
        pytest.param("terms", "quantity", {"A-009"}, id="no terms"),
    ],
)
def test_a_bad_claim_holds_its_account(data, column, text, held):
    """Whose claims are not known is not billed, so that nothing is billed twice."""
    put(data, "claims.csv", 3, column, text)

    loaded, report = bill(data)

    assert len(loaded.errors) == 1
    assert loaded.errors[0].row == 3
    assert loaded.held == held
    assert not {draft.account.id for draft in report.drafts} & held


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('A-009,S-009,"seats"s,,,R-1,final,', id="a quote inside a cell"),
        pytest.param("A-009,S-009,seats,,,R-1,final", id="too few cells"),
    ],
)
def test_a_broken_claim_holds_everybody(data, line):
    """A row of claims that cannot be read could be anybody's, so nobody is billed."""
    append(data, "claims.csv", line)

    loaded, report = bill(data)

    assert len(loaded.held) == 41
    assert len(report.drafts) == 0


def test_a_claim_on_a_bad_item_holds_nobody(data):
    """A claim on an item with a mistake holds nothing back, since the item is not billed."""
    put(data, "items.csv", 16, "unit_price", "-")

    loaded, _ = bill(data)

    assert [(error.source, error.row) for error in loaded.errors] == [
        ("items.csv", 16),
        ("claims.csv", 5),
    ]
    assert loaded.held == frozenset()


@pytest.mark.parametrize(
    ("column", "text"),
    [
        pytest.param("rate", "19 %", id="no number"),
        pytest.param("category", "X", id="no category"),
        pytest.param("start", "01.07.2020", id="no day"),
        pytest.param("end", "2020-06-30", id="end before start"),
        pytest.param("category", "AE", id="a rate where none can be"),
    ],
)
def test_a_bad_tax_row_takes_its_code_out(data, column, text):
    """Lines of a tax code with a bad row are problems, and not taxed by its other rows."""
    put(data, "taxes.csv", 3, column, text)

    loaded, report = bill(data)

    assert len(loaded.errors) == 1
    assert loaded.errors[0].source == "taxes.csv"
    assert "DE_19" not in loaded.store.tax.codes
    assert len([problem for problem in report.problems if "DE_19" in problem.message]) > 20
    assert report.totals["KWD"].gross > Decimal(0)


@pytest.mark.parametrize(
    ("file", "row", "column", "text"),
    [
        pytest.param("templates.csv", 3, "series", "RE-[Year]", id="a series without counter"),
        pytest.param("templates.csv", 3, "payment_days", "14 days", id="no whole number"),
        pytest.param("templates.csv", 3, "name", "Default", id="a template twice"),
        pytest.param("entities.csv", 3, "series", "", id="a reset without series"),
        pytest.param("items.csv", 2, "proration", "ACT_400", id="no convention"),
        pytest.param("accounts.csv", 2, "hold_until", "soon", id="a hold until no day"),
        pytest.param("subscriptions.csv", 2, "auto_renewal", "a year", id="no length"),
        pytest.param("taxes.csv", 2, "code", "None", id="the word for no tax code"),
        pytest.param("items.csv", 2, "month_end", "yes", id="month end and synchronized"),
        pytest.param("items.csv", 2, "end", "2025-12-31", id="end of the item"),
    ],
)
def test_the_column_is_the_one_to_mend(data, file, row, column, text):
    """A mistake is told for the column of the file, whatever the record calls its field."""
    put(data, file, row, column, text)
    if column == "end":
        put(data, file, row, "start", "2026-01-01")

    first = load(data).errors[0]

    assert (first.source, first.row) == (file, row)
    assert first.column == ("sync_with" if column == "month_end" else column)
