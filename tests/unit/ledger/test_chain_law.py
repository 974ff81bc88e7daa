"""The law of advances and finals: a cent too much anywhere is found."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

import billingcore as bc
from billingcore.testing import check_entries
from tests.unit.ledger.books import item
from tests.unit.ledger.chains import (
    DEPOSIT,
    PARTIAL,
    PROGRESS,
    accounting,
    document,
    final,
    part_invoice,
)
from tests.unit.ledger.test_law import more

MONTHS = bc.BookingTerms(recognition=bc.Recognition.BOOKING_MONTH)
CASH = attrs.evolve(bc.DOCUMENTED, cash_increments=(("EUR", Decimal("0.05")),))
YEAR = bc.Period.year(2026)
ADVANCE = part_invoice("P-1", PROGRESS, item("100.02"), item("50", "DE_7", "b"), policy=CASH)
PARTIALS = part_invoice("T-1", PARTIAL, item("120", booking=MONTHS), period=YEAR)
DEPOSITED = part_invoice("D-1", DEPOSIT, item("10"))
END = final(
    "F",
    [document(ADVANCE, "60"), document(PARTIALS), document(DEPOSITED, "11.90")],
    item("1200", booking=MONTHS),
    item("200", "DE_7", "b"),
    on=date(2026, 6, 15),
    period=YEAR,
    policy=CASH,
)
BOOKS = {
    "net": accounting(),
    "gross": accounting(is_gross=True),
    "reversal": accounting(reverses_partials=True),
    "with deposits": accounting(books_deposits=True),
}


def booked(name):
    """Give the entries of the final, and what was booked before."""
    books = BOOKS[name]
    prior = {
        each.number: bc.invoice_entries(each, books).entries
        for each in (ADVANCE, PARTIALS, DEPOSITED)
    }
    return bc.invoice_entries(END, books, prior=prior).entries, prior


def mutations():
    """Give every entry with every detail, and pair of details, changed by a cent."""
    for name in BOOKS:
        entries, prior = booked(name)
        for place, entry in enumerate(entries):
            count = len(entry.details)
            for first in range(count):
                for others in ((), *((second,) for second in range(first))):
                    changed = [*entries]
                    changed[place] = more(entry, first, *others)
                    shown = "+".join(map(str, (first, *others)))
                    if is_same(entry, first, *others):
                        continue
                    yield pytest.param(changed, prior, id=f"{name} {entry.id} {shown}")


def is_same(entry, first, *others):
    """Tell whether two details say the same of one tax code, so that only their sum is known."""
    every = [entry.details[place] for place in (first, *others)]
    partial = {"T-1": ""}
    said = {(each.type, each.tax_code, partial.get(each.clears, each.clears)) for each in every}
    return len(every) > len(said)


@pytest.mark.parametrize(("entries", "prior"), [*mutations()])
def test_a_cent_is_found(entries, prior):
    """An entry that balances and is a cent off its final is refused by the law."""
    with pytest.raises(bc.InvariantViolationError, match="add up to their document"):
        check_entries(END, entries, prior=prior)


@pytest.mark.parametrize("name", BOOKS)
def test_all_is_well(name):
    """The entries as they are made pass."""
    entries, prior = booked(name)

    check_entries(END, entries, prior=prior)


@pytest.mark.parametrize("name", BOOKS)
def test_a_missing_entry_is_found(name):
    """Without the final's own entry, or that of a month, something is missing."""
    entries, prior = booked(name)

    for missing in range(len(entries)):
        with pytest.raises(bc.InvariantViolationError):
            check_entries(END, entries[:missing] + entries[missing + 1 :], prior=prior)


@pytest.mark.parametrize("name", ["net", "gross"])
def test_an_advance_of_another_document_is_found(name):
    """What clears P-1 must not say that it clears P-2."""
    (entry, *rest), prior = booked(name)
    lines = [line._replace(clears=line.clears and "P-2") for line in entry.lines]

    with pytest.raises(bc.InvariantViolationError):
        check_entries(END, [attrs.evolve(entry, lines=lines), *rest], prior=prior)


def test_a_deposit_made_elsewhere_is_booked_if_it_is_named():
    """Without its entries the law looks whether the final clears it."""
    entries, prior = booked("with deposits")
    known = {name: each for name, each in prior.items() if name != "D-1"}
    check_entries(END, entries, prior=known)

    with pytest.raises(bc.InvariantViolationError):
        check_entries(END, entries, prior={**prior, "D-1": ()})


def test_a_cent_of_an_advance_is_found():
    """Gross amounts by tax code, and the rounding, are those of the document."""
    (entry,) = bc.invoice_entries(ADVANCE, accounting()).entries
    check_entries(ADVANCE, [entry])

    for first in range(3):
        for others in ((), *((second,) for second in range(3) if second != first)):
            with pytest.raises(bc.InvariantViolationError):
                check_entries(ADVANCE, [more(entry, first, *others)])


def test_revenue_of_an_advance_is_found():
    """An advance that is booked as revenue is refused, whatever its sum."""
    plain = attrs.evolve(ADVANCE, draft=ADVANCE.draft)
    entries = bc.invoice_entries(
        part_invoice("P-1", PARTIAL, item("100.02"), item("50", "DE_7", "b"), policy=CASH),
        accounting(),
    ).entries

    with pytest.raises(bc.InvariantViolationError, match="no revenue"):
        check_entries(plain, entries)
