"""The law that a document is its entries: a cent too much anywhere is found."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

import billingcore as bc
from billingcore.testing import check_entries
from tests.unit.ledger.books import accounting, draft, invoice, issued, item

CENT = Decimal("0.01")
MONTHS = bc.BookingTerms(recognition=bc.Recognition.BOOKING_MONTH, center="A")
CASH = attrs.evolve(bc.DOCUMENTED, cash_increments=(("EUR", Decimal("0.05")),))
DOCUMENT = invoice(
    item("120", name="a", booking=MONTHS),
    item("10", name="b", booking=bc.BookingTerms(account="8401")),
    item("30.03", "DE_7", "c"),
    period=bc.Period.year(2026),
    policy=CASH,
)
BOOKS = {"net": accounting(), "gross": accounting(is_gross=True)}


def more(entry, *numbers):
    """Add a cent to a detail; a second one, or else the other side, makes it balance again."""
    lines = list(entry.lines)
    first, *others = (lines.index(entry.details[number]) for number in numbers)
    second = (
        others[0] if others else next(at for at, each in enumerate(lines) if not each.is_detail)
    )
    is_against = lines[first].side is not lines[second].side
    for place, change in ((first, CENT), (second, CENT if is_against else -CENT)):
        lines[place] = lines[place]._replace(amount=lines[place].amount + change)
    return attrs.evolve(entry, lines=tuple(lines))


def mutations():
    """Give every entry with every detail, and pair of details, changed by a cent."""
    for name, books in BOOKS.items():
        entries = bc.invoice_entries(DOCUMENT, books).entries
        for place, entry in enumerate(entries):
            count = len(entry.details)
            for first in range(count):
                for others in ((), *((second,) for second in range(count) if second != first)):
                    changed = [*entries]
                    changed[place] = more(entry, first, *others)
                    shown = "+".join(map(str, (first, *others)))
                    yield pytest.param(changed, id=f"{name} {entry.id} {shown}")


@pytest.mark.parametrize("entries", [*mutations()])
def test_a_cent_is_found(entries):
    """An entry that balances and is a cent off its document is refused by the law."""
    with pytest.raises(bc.InvariantViolationError, match="add up to their document") as caught:
        check_entries(DOCUMENT, entries)

    assert caught.value.evidence


@pytest.mark.parametrize("books", BOOKS.values(), ids=BOOKS)
def test_all_is_well(books):
    """The entries as they are made pass, in any order and among those of others."""
    entries = bc.invoice_entries(DOCUMENT, books).entries
    others = bc.invoice_entries(attrs.evolve(DOCUMENT, number="R-9"), books).entries

    check_entries(DOCUMENT, (*others, *reversed(entries)))


def test_a_missing_entry_is_found():
    """Without the entry of one month, what is deferred is too much."""
    entries = bc.invoice_entries(DOCUMENT, accounting()).entries

    for missing in range(len(entries)):
        with pytest.raises(bc.InvariantViolationError):
            check_entries(DOCUMENT, entries[:missing] + entries[missing + 1 :])


def test_a_line_that_is_booked_twice_is_found():
    """A detail that names a line of another detail is refused."""
    (entry, *rest) = bc.invoice_entries(DOCUMENT, accounting()).entries
    lines = [line._replace(lines=(1, 2)) if line.lines == (2,) else line for line in entry.lines]

    with pytest.raises(bc.InvariantViolationError, match="each line once"):
        check_entries(DOCUMENT, [attrs.evolve(entry, lines=tuple(lines)), *rest])


def test_another_currency_is_found():
    """Amounts in francs are no entries of an invoice in euros."""
    document = invoice(item("1"))
    (entry,) = bc.invoice_entries(document, accounting()).entries

    with pytest.raises(bc.InvariantViolationError, match="one currency"):
        check_entries(document, [attrs.evolve(entry, currency="CHF")])


def test_a_cancellation_is_its_reversals():
    """The reversed entries of a document are those of its negated copy."""
    entries = bc.invoice_entries(DOCUMENT, accounting()).entries
    undone = bc.reverse(entries, accounting(), source="invoice/R-2", on=date(2026, 5, 1))
    made = DOCUMENT.draft
    items = [attrs.evolve(line.item, unit_price=-line.item.unit_price) for line in made.lines]
    negated = draft(*items, period=bc.Period.year(2026), policy=CASH)
    check_entries(issued(negated, "R-2"), undone)

    with pytest.raises(bc.InvariantViolationError):
        check_entries(issued(negated, "R-2"), undone[:-1])
