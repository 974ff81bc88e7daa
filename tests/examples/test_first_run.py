"""The main job, as a newcomer runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal

import first_run
import pytest

import billingcore as bc
from tests.examples.tables import put


def run(capsys, *arguments):
    """Run the example in this process; give its exit status and what it prints."""
    status = first_run.main([str(argument) for argument in arguments])
    return status, capsys.readouterr().out


def part(shown, title):
    """Give the lines of one part of the output."""
    return shown.partition(f"--- {title} ---\n")[2].partition("\n\n")[0].splitlines()


def test_the_script(examples):
    """The script bills the sample, explains itself on about 110 lines, and ends with success."""
    ran = subprocess.run(
        [sys.executable, str(examples / "first_run.py")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.count("\n") < 120
    assert "400 of 400 accounts" in ran.stdout
    assert "INV-2026-00001" in ran.stdout


def test_a_terminal_without_unicode(examples):
    """Names that the terminal cannot show stop nothing."""
    ran = subprocess.run(
        [sys.executable, str(examples / "first_run.py"), "--locale", "de_DE"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )

    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"Rechnung" in ran.stdout


def test_what_is_shown(capsys):
    """The run is shown from totals to reasons, with amounts that were worked out by hand."""
    status, shown = run(capsys)

    assert status == 0
    assert "540.46" in shown  # 377.34 at 19 % and 85.45 at 7 %: 462.79 + 71.69 + 5.98
    assert "298.80 x 17/31 = 163.858064..., rounded to 163.86 EUR" in shown
    for reason in ("COVERED", "DRAFT_EXISTS", "NO_PERMISSION", "NOT_DUE", "BEFORE_FIRST_RUN"):
        assert f" {reason} " in shown
    assert "S-014/seats of A-014: " in shown
    assert "'DE_91'" in shown


def test_the_second_run_makes_no_draft(capsys):
    """Running once more bills nothing twice, and the example shows it."""
    _, shown = run(capsys)

    once_more = shown.partition("--- The same run once more ---\n")[2]

    assert once_more.startswith("  0 drafts; ")


def test_invoices_have_numbers(capsys):
    """All 468 drafts become invoices, numbered from one and dated on the day after the month."""
    _, shown = run(capsys)

    invoices = part(shown, "Finalized on the day after")

    assert [line.split()[0] for line in invoices[:3]] == [
        "INV-2026-00001",
        "INV-2026-00002",
        "INV-2026-00003",
    ]
    assert invoices[0].split()[1:5] == ["540.46", "EUR", "due", "2026-02-15"]
    assert invoices[3:] == ["  and 465 more"]


def test_a_payment_and_the_books(capsys):
    """One invoice is paid; the books of each currency hold what was billed, and add up to 0."""
    _, shown = run(capsys)
    billed = {line.split()[0]: line.replace(",", "").split() for line in part(shown, "Totals")[1:7]}

    header, *books = part(shown, "What the books hold")

    assert part(shown, "A payment") == ["  540.46 EUR: INV-2026-00001 is paid"]
    assert header.split() == ["currency", "Receivables", "Bank", "Tax", "Revenue", "sum"]
    assert len(books) == len(billed) == 6
    for line in books:
        currency, *cells = line.replace(",", "").split()
        owed, bank, tax, revenue, total = map(Decimal, cells)
        net, taxed, gross = map(Decimal, billed[currency][2:])
        assert bank == (Decimal("540.46") if currency == "EUR" else 0)
        assert (owed + bank, tax, revenue, total) == (gross, -taxed, -net, 0)


def test_the_other_policy(capsys):
    """Under LEVEL every due period is billed, so that more lines are made and less is left out."""
    _, documented = run(capsys)
    status, level = run(capsys, "--policy", "level")

    assert status == 0
    assert "policy LEVEL" in level
    assert "BEFORE_FIRST_RUN" in documented
    assert "BEFORE_FIRST_RUN" not in level


def test_another_month(capsys):
    """Another month is billed from its first day to its last."""
    status, shown = run(capsys, "--month", "2026-02")

    assert status == 0
    assert shown.startswith("Billing 2026-02-01 to 2026-02-28,")


@pytest.mark.parametrize("text", ["2026-13", "January", "2026-1"])
def test_no_month(capsys, text):
    """A month that is none ends the script with what to write instead."""
    with pytest.raises(SystemExit):
        first_run.main(["--month", text])

    assert f"'{text}' is not a month; write it like 2026-01" in capsys.readouterr().err


def test_a_mistake_in_own_files(capsys, full):
    """With a mistake in the files the rest is billed, and the exit status says that there is one."""
    put(full, "items.csv", 2, "unit_price", "24,90")

    status, shown = run(capsys, "--data", full)

    assert status == 1
    assert shown.startswith(f"1 mistake in the files of {full}:\n")
    assert (
        "  items.csv, row 2, column unit_price: '24,90': not a decimal number; "
        "write the decimal point as a point: '24.90'\n"
    ) in shown
    assert "400 of 400 accounts, 468 drafts" in shown


def test_accounts_that_wait(capsys, data):
    """Accounts that are held back by a mistake in their claims are named."""
    put(data, "claims.csv", 2, "item", "set-up")

    status, shown = run(capsys, "--data", data)

    assert status == 1
    assert "so that nothing is billed twice: A-009\n" in shown


def test_subscriptions_that_wait(capsys, data):
    """Subscriptions that are on hold for a mistake in their changes are named."""
    put(data, "changes.csv", 2, "on", "12.01.2026")

    status, shown = run(capsys, "--data", data)

    assert status == 1
    assert "so that nothing is billed at a wrong price: S-024\n" in shown
    assert "hold without a last day (row 2 of changes.csv has a mistake)" in shown


def test_no_files(capsys, tmp_path):
    """Without files nothing is billed, and each that is needed is named."""
    status, shown = run(capsys, "--data", tmp_path)

    assert status == 1
    for file in ("accounts.csv", "subscriptions.csv", "items.csv"):
        assert f"  {file}, row 1: the file cannot be read: no such file" in shown
    assert "Billing" not in shown


def test_nothing_to_bill(capsys, data):
    """Files without rows are billed in silence: no draft, no reason, no failure."""
    for path in data.iterdir():
        header = path.read_text(encoding="utf-8").partition("\n")[0]
        path.write_text(header + "\n", encoding="utf-8")

    status, shown = run(capsys, "--data", data)

    assert status == 0
    assert "0 lines" in shown
    assert "0 drafts" in shown
    assert "A payment" not in shown
    assert part(shown, "What the books hold") == [
        "  currency     Receivables            Bank             Tax         Revenue     sum"
    ]


def test_progress_on_a_terminal(capsys, monkeypatch):
    """On a terminal the progress is one line that is written anew."""
    show = first_run.progress()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    for stage in (bc.RunStage.FILTERING_COMPLETED, bc.RunStage.GENERATION_IN_PROGRESS):
        for done in (1, 2):
            show(bc.RunRecord("run", stage=stage, accounts=2, done=done, documents=done))

    assert capsys.readouterr().out == (
        "\r  1 of 2 accounts, 1 drafts\r  2 of 2 accounts, 2 drafts\n"
    )


def test_a_copy_of_the_sample(capsys, full):
    """The same files in another folder are billed alike, to the letter."""
    _, here = run(capsys)
    _, there = run(capsys, "--data", full)

    assert there == here
