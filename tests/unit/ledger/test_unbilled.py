"""Unbilled revenue: behavior 6.6."""

from __future__ import annotations

from datetime import date

import attrs

import billingcore as bc
from tests.unit.ledger.books import (
    COLLECTIVE,
    JANUARY,
    TAX,
    accounting,
    by_account,
    customer,
    draft,
    issued,
    item,
    rows,
)

LAST = date(2026, 1, 31)
SEATS = item("100", name="seats", billing_type=bc.RECURRING, cadence=bc.monthly())
SUPPORT = item("40", name="support", billing_type=bc.RECURRING, cadence=bc.monthly())


def unbilled(*drafts, posted=None, books=None, on=LAST):
    """Book the unbilled revenue of drafts."""
    return bc.unbilled_entries(drafts, posted or {}, books or accounting(), customer(), on=on)


def kept(*entries):
    """Keep entries by source, as books do."""
    found = {}
    for entry in entries:
        found.setdefault(entry.source, []).append(entry)
    return found


def test_each_item_has_an_entry():
    """100.00 and 40.00 that a run would bill are revenue that is not billed yet."""
    found = unbilled(draft(SEATS, SUPPORT))

    assert [(entry.id, *rows([entry])) for entry in found.entries] == [
        ("unbilled/S-1/seats", ("Unbilled Revenue", "1540", "8400", "100.00")),
        ("unbilled/S-1/support", ("Unbilled Revenue", "1540", "8400", "40.00")),
    ]
    assert found.entries[0].details[0].subscriptions == ("S-1",)
    assert (found.entries[0].date, found.problems) == (LAST, ())


def test_a_repeated_job_adds_nothing():
    """The same drafts on the next day are booked already."""
    first = unbilled(draft(SEATS)).entries

    assert unbilled(draft(SEATS), posted=kept(*first)).entries == ()


def test_a_change_adds_the_difference():
    """The price rises from 100.00 to 130.00, and the other item is no more: 30.00 and -40.00."""
    first = unbilled(draft(SEATS, SUPPORT)).entries
    dearer = draft(attrs.evolve(SEATS, unit_price="130"))
    further = unbilled(dearer, posted=kept(*first)).entries

    assert [(entry.id, *rows([entry])) for entry in further] == [
        ("unbilled/S-1/seats~2", ("Unbilled Revenue", "1540", "8400", "30.00")),
        ("unbilled/S-1/support~2", ("Unbilled Revenue", "8400", "1540", "40.00")),
    ]


def test_it_is_undone_when_it_is_billed():
    """All entries of the item are undone by their opposites; then the invoice brings the revenue."""
    first = unbilled(draft(SEATS)).entries
    dearer = draft(attrs.evolve(SEATS, unit_price="130"))
    second = unbilled(dearer, posted=kept(*first)).entries
    document = issued(dearer, on=date(2026, 2, 3))
    undone = bc.revert_unbilled(document, kept(*first, *second), accounting())
    real = bc.invoice_entries(document, accounting()).entries

    assert [(entry.id, entry.reverses, str(entry.date)) for entry in undone] == [
        ("unbilled/S-1/seats~3", "unbilled/S-1/seats", "2026-02-03"),
        ("unbilled/S-1/seats~4", "unbilled/S-1/seats~2", "2026-02-03"),
    ]
    assert by_account([*first, *second, *undone]) == {}
    assert by_account([*first, *second, *undone, *real])["8400"] == "-130.00"
    assert bc.revert_unbilled(document, kept(*first, *second, *undone), accounting()) == ()


def test_after_that_it_can_be_unbilled_again():
    """What was undone counts nothing in the next job."""
    first = unbilled(draft(SEATS)).entries
    undone = bc.revert_unbilled(issued(draft(SEATS)), kept(*first), accounting())
    again = unbilled(draft(SEATS), posted=kept(*first, *undone)).entries

    assert [entry.id for entry in again] == ["unbilled/S-1/seats~3"]
    assert by_account([*first, *undone, *again]) == {"1540": "100.00", "8400": "-100.00"}


def test_spread_revenue_counts_up_to_now():
    """Of 1,200.00 for a year, invoiced later, 300.00 are earned at the end of March."""
    terms = bc.BookingTerms(recognition=bc.Recognition.BOOKING_MONTH)
    made = draft(item("1200", booking=terms), period=bc.Period.year(2026))

    assert rows(unbilled(made, on=date(2026, 3, 31)).entries)[0][3] == "300.00"
    assert unbilled(made, on=date(2025, 12, 31)).entries == ()


def test_a_contra_account_of_its_own():
    """The collective account can name where unbilled revenue stands."""
    own = bc.CollectiveAccount("U", bc.EntryType.UNBILLED_REVENUE, account="1540", contra="8499")
    found = unbilled(draft(SEATS), books=accounting(rules=[], collective=[own]))

    assert rows(found.entries) == [("Unbilled Revenue", "1540", "8499", "100.00")]
    assert found.problems == ()


def test_what_finds_no_account_is_told():
    """Without accounts, both sides are empty, and each is told once for each item."""
    found = unbilled(draft(SEATS), books=bc.Accounting())

    assert rows(found.entries) == [("Unbilled Revenue", "", "", "100.00")]
    assert [problem.message.partition(":")[0] for problem in found.problems] == [
        "Unbilled Revenue",
        "Revenue",
    ]
    assert {problem.record for problem in found.problems} == {"unbilled/S-1/seats"}


def test_only_subscriptions_count():
    """A line by hand is nothing that waits, and other sources are passed over."""
    by_hand = bc.draft(customer(), [item("10")], period=JANUARY, invoice_date=LAST, tax=TAX)

    assert unbilled(by_hand, posted={"invoice/R-1": ()}).entries == ()


def test_nothing_without_bookkeeping():
    """A host without bookkeeping has no unbilled revenue."""
    assert unbilled(draft(SEATS), books=bc.NO_BOOKKEEPING) == ((), ())
    assert len(COLLECTIVE) > 1


def test_two_months_in_arrears_add_up():
    """40.00 wait at the end of January and 80.00 at the end of February, and none by 30 January."""
    support = attrs.evolve(SUPPORT, billing_practice=bc.ARREARS)
    contract = bc.Subscription("S-1", account="acme", start="2026-01-01", items=[support])
    snapshot = bc.AccountSnapshot(customer(), [contract])
    posted, sums = {}, []
    for last in (date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 28)):
        run = bc.InvoiceRun(bc.Period.closed(last.replace(day=1), last), policy=bc.LEVEL)
        found = unbilled(*bc.bill(run, snapshot, TAX).drafts, posted=posted, on=last)
        for entry in found.entries:
            posted.setdefault(entry.source, []).append(entry)
        sums.append(by_account([each for entries in posted.values() for each in entries]))

    assert sums == [
        {},
        {"1540": "40.00", "8400": "-40.00"},
        {"1540": "80.00", "8400": "-80.00"},
    ]
