"""Measure final invoices beside a loop written by hand: 50 lines, and 12 progress invoices.

    python benchmarks/finals.py [--finals 400] [--repeat 5]

Of the progress invoices eleven are paid, and the final asks for the last one anew. All that was
issued, paid and booked before is made before the clock starts. `draft` makes the final of its items
and of the books of its account: lines, taxes, and a deduction of every progress invoice by tax code.
`finalize` also gives it a number and posts its entries, with the clearing of every advance. The loop
does the same job for documents that are issued, live, booked, and paid in full or not at all, with
an object per line, deduction, invoice and posting; it validates nothing, and knows one policy.
"""

from __future__ import annotations

import argparse
import gc
import platform
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from time import process_time

from attrs import evolve
from ceiling import CENT, RECEIVABLES, Line, Posting

import billingcore as bc

LINES = 50
PARTS = 12
SLICE = 40
"""Finals that one side makes before it is the other side's turn."""
RATES = {"STANDARD": Decimal(19), "REDUCED": Decimal(7)}
REVENUE = tuple(f"84{number:02}" for number in range(8))
ADVANCES, ADVANCES_PAID, TAX = "1593", "1718", "1776"
KEY = "agreement"
YEAR = bc.Period.closed("2025-01-01", "2025-12-31")
ON = date(2026, 1, 15)
ZERO = Decimal(0)

Row = tuple[str, Decimal, Decimal, str, Decimal]
"""Title, price, quantity, revenue account, tax rate."""
Amounts = list[tuple[Decimal, Decimal, Decimal]]
"""Tax rate, net, tax."""


class Advance:
    """A progress invoice, as the loop keeps it."""

    __slots__ = ("amounts", "date", "gross", "is_canceled", "key", "lines", "number")

    def __init__(self, number, key, date, gross, amounts, lines, is_canceled):
        self.number = number
        self.key = key
        self.date = date
        self.gross = gross
        self.amounts = amounts
        self.lines = lines
        self.is_canceled = is_canceled


@dataclass(frozen=True)
class Project:
    """The same agreement for both sides.

    Attributes:
        rows: what the final bills, for the loop.
        advances: the progress invoices, for the loop.
        payments: number of a progress invoice and what was paid of it, for the loop.
        booked: what is booked, for the loop: numbers of documents, and of those that were paid.
        items: what the final bills, for the library.
        books: of the account, for the library.
    """

    rows: list[Row]
    advances: list[Advance]
    payments: list[tuple[str, Decimal]]
    booked: set[str]
    items: list[bc.Item]
    books: bc.Books


class Deduction:
    __slots__ = ("date", "folded", "lines", "number", "parts")

    def __init__(self, number, date, parts, folded, lines):
        self.number = number
        self.date = date
        self.parts = parts
        self.folded = folded
        self.lines = lines


class Final:
    __slots__ = ("deductions", "due", "gross", "lines", "net", "number", "remaining", "tax")

    def __init__(self, number, lines, net, tax, gross, deductions, remaining, due):
        self.number = number
        self.lines = lines
        self.net = net
        self.tax = tax
        self.gross = gross
        self.deductions = deductions
        self.remaining = remaining
        self.due = due


def by_hand(number: int, project: Project) -> Final:
    """Make a final and nothing else."""
    half_up, cent, zero = ROUND_HALF_UP, CENT, ZERO
    lines = []
    nets: dict[Decimal, Decimal] = {}
    for title, price, quantity, account, rate in project.rows:
        amount = (price * quantity).quantize(cent, half_up)
        nets[rate] = nets.get(rate, zero) + amount
        line = Line(number, account, rate, YEAR.start, YEAR.last, quantity, price, amount)
        lines.append((line, title))
    taxes = {rate: (net * rate / 100).quantize(cent, half_up) for rate, net in nets.items()}
    net, tax = sum(nets.values()), sum(taxes.values())
    received: dict[str, Decimal] = {}
    for document, amount in project.payments:
        received[document] = received.get(document, zero) + amount
    deductions, left = [], {rate: (net, taxes[rate]) for rate, net in nets.items()}
    due, booked = net + tax, project.booked
    for advance in project.advances:
        if advance.key != KEY or advance.is_canceled:
            continue
        document, gross = advance.number, advance.gross
        paid = received.get(document, zero)
        if document not in booked or (paid and f"paid {document}" not in booked):
            raise AssertionError(document)
        titles = [(title, amount) for title, amount in advance.lines]
        if paid < gross:
            deductions.append(Deduction(document, advance.date, (), gross - paid, titles))
            continue
        for rate, base, taxed in advance.amounts:
            before, tax_before = left.get(rate, (zero, zero))
            left[rate] = before - base, tax_before - taxed
        deductions.append(Deduction(document, advance.date, advance.amounts, zero, titles))
        due -= gross
    return Final(number, lines, net, tax, net + tax, deductions, left, due)


def post_by_hand(final: Final) -> list[Posting]:
    """Post a final: revenue and tax, the clearing of each advance, what was open of one."""
    number, zero = final.number, ZERO
    revenue: dict[str, Decimal] = {}
    for line, _ in final.lines:
        revenue[line.account] = revenue.get(line.account, zero) + line.amount
    postings = [Posting(number, account, zero, amount) for account, amount in revenue.items()]
    postings.append(Posting(number, TAX, zero, final.tax))
    balance = final.gross
    for each in final.deductions:
        for _, net, tax in each.parts:
            postings.append(Posting(number, ADVANCES_PAID, net, zero))
            postings.append(Posting(number, TAX, tax, zero))
            balance -= net + tax
        if each.folded:
            postings.append(Posting(number, ADVANCES, each.folded, zero))
            balance -= each.folded
    postings.append(Posting(number, RECEIVABLES, balance, zero))
    if sum(each.debit - each.credit for each in postings):
        raise AssertionError(number)
    return postings


class DroppingStore:
    """A store that knows the books of its accounts, gives numbers and keeps nothing."""

    def __init__(self, projects: Sequence[Project], store: bc.MemoryStore) -> None:
        self.tax = store.tax
        self.books = {each.books.account.id: each.books for each in projects}
        self.count = 0
        self.entries: list[bc.JournalEntry] = []
        """Of what was finalized last."""

    def finalize(self, pending: Sequence[bc.PendingInvoice]) -> Sequence[bc.Finalization]:
        found: list[bc.Finalization] = []
        for draft, _, issue in pending:
            self.count += 1
            found.append(issue(self.count, evolve(self.books[draft.account.id])))
        self.entries = [*found[-1].effects.entries]
        return found


def by_library(project: Project, store: bc.MemoryStore) -> bc.DraftInvoice:
    """Make the same final; what was found in the books before is forgotten."""
    books = evolve(project.books)
    return bc.draft(
        books.account,
        project.items,
        period=YEAR,
        tax=store.tax,
        setup=books.setup,
        reference="final",
        kind=bc.InvoiceKind.FINAL,
        sub_invoice_key=KEY,
        books=books,
    )


def finalized(drafts: Sequence[bc.DraftInvoice], store: DroppingStore) -> list[bc.Invoice]:
    """Finalize drafts with all their entries; all of them must be."""
    report = bc.finalize_all(drafts, store, on=ON)
    if report.problems:
        raise AssertionError(report.problems)
    return [*report.invoices]


def setup() -> bc.Setup:
    """Give the books: an account for each kind of revenue, and those for advances."""
    types = bc.EntryType
    collective = [
        bc.CollectiveAccount("Bank", types.PAYMENT, account="1200"),
        bc.CollectiveAccount("Advances", types.INTERIM_REVENUE, account=ADVANCES),
    ]
    rows = [
        ("Tax", types.TAX, TAX, ""),
        ("Paid", types.INTERIM_PAYMENT, ADVANCES_PAID, ADVANCES),
        ("Tax paid", types.INTERIM_TAX, TAX, ADVANCES),
        ("Clearing", types.INTERIM_PAYMENT_CLEARING, ADVANCES_PAID, ""),
    ]
    collective += [
        bc.CollectiveAccount(f"{name} {code}", type_, account=own, contra=other, tax_code=code)
        for code in RATES
        for name, type_, own, other in rows
    ]
    rules = [bc.AssignmentRule(number, account=number, custom_rule=number) for number in REVENUE]
    return bc.Setup(accounting=bc.Accounting(rules=rules, collective=collective))


def workload(count: int) -> tuple[list[Project], bc.MemoryStore]:
    """Make agreements with all that was issued, paid and booked of them."""
    draw = random.Random(6)  # noqa: S311 - a workload, no secret
    store = bc.MemoryStore(tax=bc.TaxTable(dict(RATES)), setup=setup())
    return [_project(draw, number, store) for number in range(count)], store


def _project(draw: random.Random, number: int, store: bc.MemoryStore) -> Project:
    account = bc.Account(f"A-{number}", currency="EUR", debtor=RECEIVABLES)
    store.add(account)
    rows, items = [], []
    for place in range(LINES):
        price = Decimal(draw.randrange(1_000, 99_999)) / 100
        quantity = Decimal(draw.randrange(1, 9))
        code, revenue = draw.choice((*RATES, "STANDARD")), draw.choice(REVENUE)
        title = f"Position {place}"
        rows.append((title, price, quantity, revenue, RATES[code]))
        item = bc.Item(f"I{place}", title=title, unit_price=price, quantity=quantity)
        terms = bc.BookingTerms(custom_rule=revenue)
        items.append(evolve(item, tax_code=code, booking=terms))
    made = [_advance(draw, account, place, store) for place in range(PARTS)]
    for place, invoice in enumerate(made[:-1]):
        payment = bc.Payment(
            f"P-{number}-{place}",
            account=account.id,
            amount=invoice.totals.due,
            currency="EUR",
            date=invoice.due_date,
            invoices=[invoice.number],
        )
        bc.pay(store, payment)
    advances = [_as_kept_by_hand(each) for each in made]
    payments = [(each.number, each.totals.gross) for each in made[:-1]]
    booked = {each.number for each in made} | {f"paid {number}" for number, _ in payments}
    return Project(rows, advances, payments, booked, items, store.books(account.id))


def _as_kept_by_hand(invoice: bc.Invoice) -> Advance:
    amounts = [(row.tax.rate, row.taxable, row.amount) for row in invoice.breakdown]
    lines = [(line.title, line.net) for line in invoice.lines]
    gross, key = invoice.totals.gross, invoice.sub_invoice_key
    return Advance(invoice.number, key, invoice.date, gross, amounts, lines, is_canceled=False)


def _advance(
    draw: random.Random, account: bc.Account, place: int, store: bc.MemoryStore
) -> bc.Invoice:
    """Issue a progress invoice: one line for each tax code."""
    items = [
        bc.Item(code, unit_price=Decimal(draw.randrange(10_000, 90_000)) / 100, tax_code=code)
        for code in RATES
    ]
    draft = bc.draft(
        account,
        items,
        period=YEAR,
        tax=store.tax,
        setup=store.setup,
        reference=f"part {place}",
        kind=bc.InvoiceKind.PROGRESS,
        sub_invoice_key=KEY,
        books=store.books(account.id),
    )
    return bc.finalize(draft, store, on=date(2025, place + 1, 15))


def check(projects: Sequence[Project], store: bc.MemoryStore) -> None:
    """Compare what both sides make of each agreement, and what they post to each account.

    Raises:
        AssertionError: they differ.
    """
    dropping = DroppingStore(projects, store)
    for number, project in enumerate(projects):
        hand, draft = by_hand(number, project), by_library(project, store)
        left = {part.tax.rate: (part.net, part.amount) for part in draft.remaining.parts}
        ours = (*_sums(draft.totals), draft.totals.due, left, len(draft.lines))
        theirs = (*_sums(hand), hand.due, hand.remaining, len(hand.lines))
        assert ours == theirs, f"{number}: {ours} is not {theirs}"
        assert [each.number for each in draft.deductions] == [one.number for one in hand.deductions]
        finalized([draft], dropping)
        posted: dict[str, Decimal] = {}
        for line in (line for entry in dropping.entries for line in entry.lines):
            posted[line.account] = posted.get(line.account, ZERO) + line.signed
        by_account: dict[str, Decimal] = {}
        for each in post_by_hand(hand):
            by_account[each.account] = by_account.get(each.account, ZERO) + each.debit - each.credit
        assert posted == by_account, f"{number}: {posted} is not {by_account}"


def _sums(totals: object) -> tuple[Decimal, Decimal, Decimal]:
    return totals.net, totals.tax, totals.gross


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--finals", type=int, default=400)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, garbage collection as Python starts it")
    print(f"{options.finals:,} finals of {LINES} lines with {PARTS} progress invoices each")
    print("Believe the ratios only: machine speed varies by a factor of two within minutes.\n")
    projects, store = workload(options.finals)
    check(projects, store)
    dropping = DroppingStore(projects, store)
    compare("draft", projects, options.repeat, by_hand, lambda own: draft_all(own, store))
    compare(
        "finalize",
        projects,
        options.repeat,
        lambda number, project: post_by_hand(by_hand(number, project)),
        lambda own: finalized(draft_all(own, store), dropping),
    )
    print("\nBoth sides were compared first: they agree on every final and on every account.")


def draft_all(projects: Sequence[Project], store: bc.MemoryStore) -> list[bc.DraftInvoice]:
    return [by_library(project, store) for project in projects]


def compare(
    name: str,
    projects: Sequence[Project],
    repeat: int,
    hand: Callable[[int, Project], object],
    library: Callable[[Sequence[Project]], object],
) -> None:
    """Time both sides by turns, slice by slice, and print their ratio."""
    best: dict[int, tuple[float, float]] = {}
    ratios: list[float] = []
    gc.collect()
    for _ in range(repeat):
        for first in range(0, len(projects), SLICE):
            own = projects[first : first + SLICE]
            start = process_time()
            for number, project in enumerate(own):
                hand(number, project)
            middle = process_time()
            library(own)
            stop = process_time()
            spent = middle - start, stop - middle
            ratios.append(spent[0] / spent[1])
            known = best.get(first, spent)
            best[first] = min(known[0], spent[0]), min(known[1], spent[1])
    by_hand_, ours = (sum(each) / len(projects) * 1e6 for each in zip(*best.values(), strict=True))
    print(
        f"{name:9} by hand {by_hand_:8,.0f} µs, library {ours:8,.0f} µs a final,"
        f" ratio {by_hand_ / ours:.3f}, median {median(ratios):.3f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
