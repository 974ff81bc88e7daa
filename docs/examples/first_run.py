"""Bill a month, see what came of it, issue the invoices, and look at the books.

    python docs/examples/first_run.py
    python docs/examples/first_run.py --data my_folder --month 2026-02

Without a folder it bills the sample beside this file. With one it bills your own CSV files; their
form is described in docs/how-to/bill-your-own-csv.md. Nothing is kept when it ends.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Final

from csv_source import Loaded, load

import billingcore as bc

SAMPLE: Final = Path(__file__).parent / "sample"
POLICIES: Final = {"documented": bc.DOCUMENTED, "level": bc.LEVEL}
SHOWN: Final = 3
"""So many invoices are shown."""
LOOKED_AT: Final = 2_000
"""So many drafts are looked at for an interesting one."""
PROBLEMS: Final = 10
"""So many problems are shown."""
RECEIVABLES: Final = "1400"
BOOKS: Final = bc.Accounting(
    chart=[
        bc.GLAccount(RECEIVABLES, "Receivables", bc.AccountKind.ASSET),
        bc.GLAccount("1200", "Bank", bc.AccountKind.ASSET),
        bc.GLAccount("1776", "Tax", bc.AccountKind.LIABILITY),
        bc.GLAccount("8400", "Revenue", bc.AccountKind.INCOME),
    ],
    collective=[
        bc.CollectiveAccount(name, kind, account=account, contra=RECEIVABLES)
        for name, kind, account in (
            ("Revenue", bc.EntryType.REVENUE, "8400"),
            ("Tax", bc.EntryType.TAX, "1776"),
            ("Bank", bc.EntryType.PAYMENT, "1200"),
        )
    ],
)
"""The simplest books: one account for each kind of booking."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Bill the month, print what came of it, and give the exit status: 1 if a file is wrong."""
    options = read_options(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a name may not fit the terminal's encoding
        sys.stdout.reconfigure(errors="replace")
    loaded = load(options.data, BOOKS)
    show_mistakes(loaded, options.data)
    if loaded.unreadable:
        return 1
    run, store = loaded.run(options.month, POLICIES[options.policy]), loaded.store
    print(f"Billing {run.period.first} to {run.period.last}, policy {run.policy.name}")
    report = bc.execute(run, store, on_progress=progress())
    show_totals(report)
    if report.drafts:
        show_one(report.drafts, options.locale)
    show_not_billed(report)
    show_problems(report)
    show_repetition(run, store)
    invoices = issue(report, store)
    take_payment(invoices, store)
    show_books(store)
    return 1 if loaded.errors else 0


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    summary = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(description=summary)
    parser.add_argument("--data", type=Path, default=SAMPLE, help="folder with your CSV files")
    parser.add_argument(
        "--month", type=month, default=bc.Period.month(2026, 1), help="month to bill: 2026-01"
    )
    parser.add_argument("--policy", choices=POLICIES, default="documented", help="how eager to be")
    parser.add_argument("--locale", help="how the invoice is written, like de_DE")
    return parser.parse_args(arguments)


def month(text: str) -> bc.Period:
    """Read a month of the command line."""
    year_and_month = re.fullmatch(r"(\d{4})-(\d\d)", text)
    try:
        if year_and_month:
            return bc.Period.month(*map(int, year_and_month.groups()))
    except bc.DateRangeError:
        pass
    rule = f"{text!r} is not a month; write it like 2026-01"
    raise argparse.ArgumentTypeError(rule)


def show_mistakes(loaded: Loaded, folder: Path) -> None:
    """Say what is wrong with the files, row by row."""
    if not loaded.errors:
        return
    print(f"{counted(len(loaded.errors), 'mistake')} in the files of {folder}:")
    for error in loaded.errors:
        print(f"  {error}")
    if loaded.unreadable:
        files = ", ".join(dict.fromkeys(loaded.unreadable))
        print(f"Nothing is billed, since it cannot be told what is in {files}.")
    else:
        print("All other rows are billed.")
    for file, waiting, why in (
        ("claims.csv", loaded.held, "so that nothing is billed twice"),
        ("changes.csv", loaded.on_hold, "so that nothing is billed at a wrong price"),
    ):
        if waiting:
            named = ", ".join(sorted(waiting)[:5]) + (", ..." if len(waiting) > 5 else "")
            print(f"Not billed until {file} is mended, {why}: {named}")
    print()


def progress() -> Callable[[bc.RunRecord], None]:
    """Make a progress line: on a terminal one that updates, elsewhere a line for each half."""
    halves = 0

    def show(now: bc.RunRecord) -> None:
        nonlocal halves
        if now.stage is not bc.RunStage.GENERATION_IN_PROGRESS:
            return
        share = now.done * 2 // now.accounts
        text = f"  {now.done} of {now.accounts} accounts, {now.documents} drafts"
        if sys.stdout.isatty():
            print(f"\r{text}", end="\n" if now.done == now.accounts else "", flush=True)
        elif share > halves:
            print(text)
        halves = share

    return show


def show_totals(report: bc.RunReport) -> None:
    """Print the sums per currency."""
    heading("Totals")
    rows: list[tuple[str, ...]] = [("currency", "drafts", "net", "tax", "gross")]
    for currency in sorted(report.totals):
        sums = report.totals[currency]
        amounts = (f"{amount:,}" for amount in (sums.net, sums.tax, sums.gross))
        rows.append((currency, f"{sums.documents}", *amounts))
    for first, *others in rows:
        print(f"  {first:<8}{others[0]:>8}" + "".join(f"{cell:>15}" for cell in others[1:]))
    untaxed = counted(report.untaxed_lines, "line")
    print(f"  {counted(report.lines, 'line')}, of which {untaxed} without a tax code")


def interest(line: bc.LineItem) -> int:
    """Say in how many ways a line is more than price times quantity."""
    reduced = (line.discount, line.order_discount, line.item.price_includes_tax)
    return 2 * (line.factor.denominator > 1) + sum(map(bool, reduced))


def show_one(drafts: Iterable[bc.DraftInvoice], locale: str | None) -> None:
    """Print the draft with the most interesting line, and explain that line."""
    found = ((draft, line) for draft in islice(drafts, LOOKED_AT) for line in draft.lines)
    draft, line = max(found, key=lambda pair: (interest(pair[1]), len(pair[0].totals.breakdown)))
    heading("One of the drafts")
    print(indented(bc.render.text(draft, locale=locale)))
    heading(f"Where the amount of its line {line.number} is from")
    print(indented(str(bc.explain(line))))


def show_not_billed(report: bc.RunReport) -> None:
    """Print each reason with its count and one example."""
    for title, counts, examples in (
        ("Not billed, with an example each", report.excluded, report.exclusions),
        ("Billed, but not for this time", report.left_out, report.left_out_time),
    ):
        if counts:
            heading(title)
        for reason in sorted(counts, key=lambda each: each.name):
            example = next((each for each in examples if each.reason is reason), None)
            print(f"  {counts[reason]:>5}  {reason.name:<24} {facts_of(example)}".rstrip())


def facts_of(exclusion: bc.Exclusion | None) -> str:
    """Say which record was left out, for which days, and what decided it."""
    if exclusion is None:
        return ""
    facts = [f"{name} {value}" for name, value in exclusion.facts if name != "run"]
    if exclusion.period is not None:
        facts.insert(0, f"{exclusion.period.first or '...'} to {exclusion.period.last or '...'}")
    return ", ".join([f"{exclusion.record} of {exclusion.account}", *facts])


def show_problems(report: bc.RunReport) -> None:
    """Print what a person has to mend."""
    if not report.problems:
        return
    heading("Problems")
    for problem in report.problems[:PROBLEMS]:
        print(f"  {problem.record} of {problem.account}: {problem.message}")
        if problem.advice:
            print(f"         {problem.advice}")
    if len(report.problems) > PROBLEMS:
        print(f"  and {len(report.problems) - PROBLEMS} more")


def show_repetition(run: bc.InvoiceRun, store: bc.MemoryStore) -> None:
    """Run once more, to see that nothing is billed twice."""
    again = bc.execute(run, store)
    heading("The same run once more")
    blocked = again.excluded[bc.Reason.DRAFT_EXISTS]
    print(f"  {counted(len(again.drafts), 'draft')}; {blocked} items are on a draft already")


def issue(report: bc.RunReport, store: bc.MemoryStore) -> Sequence[bc.Invoice]:
    """Turn all drafts into invoices; this gives them their numbers, and books them."""
    done = bc.finalize_all(report.drafts, store, on=report.run.period.bounds[1])
    heading("Finalized on the day after")
    for invoice in done.invoices[:SHOWN]:
        total = f"{invoice.totals.gross:,} {invoice.currency}"
        print(f"  {invoice.number:<18}{total:>18}  due {invoice.due_date}  {invoice.account.label}")
    if len(done.invoices) > SHOWN:
        print(f"  and {len(done.invoices) - SHOWN} more")
    for problem in done.problems[:PROBLEMS]:
        print(f"  not as it should be: {problem.record} of {problem.account}: {problem.message}")
    return done.invoices


def take_payment(invoices: Iterable[bc.Invoice], store: bc.MemoryStore) -> None:
    """Record that the first invoice with something to pay was paid on its due date."""
    invoice = next((each for each in invoices if each.totals.due > 0), None)
    if invoice is None:
        return
    account, amount = invoice.account.id, invoice.totals.due
    payment = bc.Payment(
        "P-1",
        account=account,
        amount=amount,
        currency=invoice.currency,
        date=invoice.due_date,
        invoices=[invoice.number],
    )
    bc.pay(store, payment)
    found = bc.standing(store.books(account), invoice.number)
    heading("A payment")
    print(f"  {amount} {invoice.currency}: {invoice.number} is {found.status.value}")


def show_books(store: bc.MemoryStore) -> None:
    """Print what stands on the accounts: debits above 0, credits below, and their sum, 0."""
    books = map(store.books, store.accounts())
    entries = (entry for own in books for rows in own.entries.values() for entry in rows)
    found = bc.balances(entries)
    heading("What the books hold")
    print("  currency" + "".join(f"{each.name:>16}" for each in BOOKS.chart) + f"{'sum':>8}")
    for currency in sorted({currency for _, currency in found}):
        amounts = [found.get((each.number, currency), Decimal(0)) for each in BOOKS.chart]
        print(f"  {currency:<8}" + "".join(f"{each:>16,}" for each in amounts), end="")
        print(f"{sum(amounts):>8}")


def heading(text: str) -> None:
    """Begin a part of the output."""
    print(f"\n--- {text} ---")


def indented(text: str) -> str:
    """Set a text in, so that it stands out."""
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())


def counted(count: int, word: str) -> str:
    """Say how many there are."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


if __name__ == "__main__":
    sys.exit(main())
