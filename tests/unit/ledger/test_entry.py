"""Journal entries: balanced, unchangeable; and how they are undone and added up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError

import billingcore as bc
from billingcore.ledger.periods import booking_day
from tests.unit.ledger.books import accounting, by_account, invoice, item, rows

DAY = date(2026, 1, 15)
REVENUE, CONTRA = bc.EntryType.REVENUE, bc.EntryType.CONTRA_ACCOUNT


def line(account, side, amount, type=CONTRA, contra=""):
    """Make a line of an entry."""
    return bc.JournalLine(account, side, Decimal(amount), type, contra)


def entry(*lines, currency="EUR"):
    """Make an entry of lines."""
    return bc.JournalEntry(
        "x/1",
        source="x/1",
        date=DAY,
        document_date=DAY,
        period="2026-01",
        currency=currency,
        lines=lines,
        account="acme",
    )


SOLD = line("8400", bc.Side.CREDIT, "1000.00", REVENUE, "10001")
OWED = line("10001", bc.Side.DEBIT, "1000.00")


def test_an_entry_that_balances():
    """A detail and the sum on its other side make an entry, which shows date and amount."""
    made = entry(SOLD, OWED)

    assert made.details == (SOLD,)
    assert made.unassigned == ()
    assert repr(made) == "<entry x/1 of 2026-01-15: 1000.00 EUR>"
    assert (bc.Side.DEBIT.other, bc.Side.CREDIT.other) == (bc.Side.CREDIT, bc.Side.DEBIT)


UNBALANCED = {
    "one side only": (SOLD,),
    "a cent less": (SOLD, line("10001", bc.Side.DEBIT, "999.99")),
    "on another account": (SOLD, line("10002", bc.Side.DEBIT, "1000.00")),
    "on the wrong side": (SOLD, line("10001", bc.Side.CREDIT, "1000.00")),
}


@pytest.mark.parametrize("lines", UNBALANCED.values(), ids=UNBALANCED)
def test_an_unbalanced_entry_cannot_be_made(lines):
    """Debits and credits are equal, in all and for each account on the other side."""
    with pytest.raises(bc.InvariantViolationError, match="debits and credits are not equal"):
        entry(*lines)


def test_what_does_not_balance_is_named():
    """Both sums are told, and where they differ."""
    with pytest.raises(bc.InvariantViolationError) as found:
        entry(SOLD, line("10001", bc.Side.DEBIT, "999.99"))

    assert str(found.value).startswith(
        "entry x/1: debits and credits are not equal: debits 999.99, credits 1000.00; "
        "'10001' by -0.01"
    )


WRONG = {
    "no lines": ({"lines": ()}, "lines: there are none; give debits and credits"),
    "half a cent": (
        {"lines": (SOLD._replace(amount=Decimal("0.005")), OWED)},
        "amount = 0.005: more digits than EUR has; round it to 0.01 where it is made",
    ),
    "a cent of yen": (
        {"currency": "JPY", "lines": (SOLD._replace(amount=Decimal("0.01")), OWED)},
        "amount = 0.01: more digits than JPY has; round it to 1 where it is made",
    ),
    "a float": (
        {"lines": (SOLD._replace(amount=1000.0), OWED)},
        "amount = 1000.0 (float): a float is not exact; write '1000.0' or Decimal('1000.0')",
    ),
    "not a number": (
        {"lines": (SOLD._replace(amount=Decimal("NaN")), OWED)},
        "amount = NaN: ",
    ),
    "no line": ({"lines": (SOLD, "x")}, "lines = 'x': not a JournalLine; use a JournalLine"),
    "a side as text": (
        {"lines": (SOLD._replace(side="credit"), OWED)},
        "side = 'credit': not a Side; use a Side",
    ),
    "a type as text": (
        {"lines": (SOLD._replace(type="Revenue"), OWED)},
        "type = 'Revenue': not an EntryType; use an EntryType",
    ),
    "no account": ({"lines": (SOLD._replace(account=None), OWED)}, "account = None: not a str"),
    "no day": ({"date": "2026-02-30"}, "date = '2026-02-30': no such day; check month and day"),
    "no day of the document": ({"document_date": 7}, "document_date = 7: not a date"),
    "no text": ({"text": None}, "text = None: not a str; use a str"),
}


@pytest.mark.parametrize(("changes", "said"), WRONG.values(), ids=WRONG)
def test_wrong_fields_are_named(changes, said):
    """An entry that a host makes says which entry, field and value is wrong."""
    with pytest.raises(bc.InvalidInputError) as found:
        attrs.evolve(entry(SOLD, OWED), **changes)

    assert str(found.value).startswith(f"JournalEntry 'x/1': {said}")


def test_what_can_be_read_is_read():
    """Days and amounts may be text; an amount may have zeros behind."""
    made = attrs.evolve(
        entry(SOLD, OWED),
        date="2026-01-16",
        lines=(SOLD._replace(amount="1000.000"), OWED),
    )

    assert made.date == date(2026, 1, 16)
    assert made.lines[0].amount == 1000


def wrong_calls():
    """Yield calls with something of another kind, and what is said of it."""
    month = bc.Period.month(2026, 1)
    document = invoice(item("1"))
    calls = {
        "a rule without words": (
            lambda: bc.AssignmentRule("R", account="8400", tax_code=None),
            (
                "AssignmentRule 'R': tax_code = None: no words; "
                "write 'A, B' or ['A', 'B'], or leave it out to take everything"
            ),
        ),
        "one rule": (
            lambda: bc.Accounting(rules=bc.AssignmentRule("R", account="8400")),
            (
                "Accounting: rules = an object of type AssignmentRule: no list; "
                "use a list: rules=[...]"
            ),
        ),
        "copied fields": (
            lambda: bc.Accounting(copied_fields=7),
            "Accounting: copied_fields = 7: no list; use a list: copied_fields=[...]",
        ),
        "a rule that there is not": (
            lambda: bc.recognize("1", month, "days", currency="EUR"),
            "recognize: rule = 'days': not a Recognition; use one of Recognition.BOOKING_MONTH",
        ),
        "a currency that there is not": (
            lambda: bc.recognize("1", month, "Days", currency="XX"),
            "recognize: currency = 'XX': not a currency of ISO 4217",
        ),
        "a day that there is not": (
            lambda: bc.reverse([], accounting(), source="x", on="31.1.2026"),
            "reverse: on = '31.1.2026': not a date",
        ),
        "a draft": (
            lambda: bc.invoice_entries(document.draft, accounting()),
            "invoice_entries: invoice = an object of type DraftInvoice: not an Invoice",
        ),
        "numbers for entries": (
            lambda: bc.balances([1]),
            "balances: entries = 1: not a JournalEntry; use a JournalEntry",
        ),
        "one to undo that is none": (
            lambda: bc.reverse([1], accounting(), source="x", on=DAY),
            "reverse: entries = 1: not a JournalEntry",
        ),
    }
    for name, (call, said) in calls.items():
        yield pytest.param(call, said, id=name)


@pytest.mark.parametrize(("call", "said"), [*wrong_calls()])
def test_what_is_of_another_kind_is_refused(call, said):
    """The error names the function or record, the argument and the value."""
    with pytest.raises(bc.InvalidInputError) as found:
        call()

    assert str(found.value).startswith(said)


def test_a_rule_may_be_told_by_its_value():
    """31 of 59 days of 59.00 are in January, as with the member itself."""
    found = bc.recognize("59", bc.Period.parse("2026-01-01/2026-03-01"), "Days", currency="EUR")

    assert [str(share) for _, share in found] == ["31.00", "28.00"]


@pytest.mark.parametrize("amount", ["0.00", "-1000.00"])
def test_amounts_are_above_0(amount):
    """The side says the direction; an amount of 0 or less is refused."""
    with pytest.raises(bc.InvariantViolationError, match="not above 0"):
        entry(SOLD._replace(amount=Decimal(amount)))


def test_an_entry_never_changes():
    """A field cannot be set, and a copy with another amount is refused."""
    made = entry(SOLD, OWED)

    with pytest.raises(FrozenInstanceError):
        made.date = date(2026, 2, 1)
    with pytest.raises(bc.InvariantViolationError):
        attrs.evolve(made, lines=(SOLD,))
    assert attrs.evolve(made, text="again").text == "again"
    assert made == entry(SOLD, OWED)


def test_a_currency_is_one():
    """An entry in a currency that does not exist is refused."""
    with pytest.raises(bc.InvalidInputError, match="ISO 4217"):
        entry(SOLD, OWED, currency="EURO")


def test_balances_are_kept_by_currency():
    """1,000.00 of euros and of francs are two balances of one account."""
    found = bc.balances([entry(SOLD, OWED), entry(SOLD, OWED), entry(SOLD, OWED, currency="CHF")])

    assert found == {
        ("8400", "EUR"): -2000,
        ("10001", "EUR"): 2000,
        ("8400", "CHF"): -1000,
        ("10001", "CHF"): 1000,
    }


def test_what_is_reversed_leaves_nothing():
    """The opposite of an invoice's entries is linked to them, and all accounts are 0 again."""
    terms = bc.BookingTerms(recognition=bc.Recognition.BOOKING_MONTH)
    document = invoice(item("300", booking=terms), period=bc.Period.quarter(2026, 1))
    entries = bc.invoice_entries(document, accounting()).entries
    undone = bc.reverse(
        entries,
        accounting(),
        source="invoice/R-2",
        on=date(2026, 2, 10),
        document="R-2",
        text="Storno",
    )

    assert by_account([*entries, *undone]) == {}
    assert [(each.id, each.reverses, str(each.date)) for each in undone] == [
        ("invoice/R-2", "invoice/R-1", "2026-02-10"),
        ("invoice/R-2/2026-02", "invoice/R-1/2026-02", "2026-02-10"),
        ("invoice/R-2/2026-03", "invoice/R-1/2026-03", "2026-03-01"),
    ]
    assert {(each.document, each.text, each.source) for each in undone} == {
        ("R-2", "Storno", "invoice/R-2")
    }
    assert rows(undone)[:2] == [
        ("Revenue", "8400", "10001", "100.00"),
        ("Deferred", "0990", "10001", "200.00"),
    ]
    assert [each.side for each in undone[0].lines[-1:]] == [bc.Side.CREDIT]


def test_a_reversal_of_a_closed_period_moves():
    """What is undone in February is booked in March if February is closed; the text stays."""
    closed = accounting(periods=[bc.BookingPeriod(2026, 2, is_closed=True)])
    entries = bc.invoice_entries(invoice(item("1")), closed).entries
    (undone,) = bc.reverse(entries, closed, source="invoice/R-2", on=date(2026, 2, 10))

    assert (undone.date, undone.period) == (date(2026, 3, 1), "2026-03")
    assert undone.document_date == date(2026, 2, 10)
    assert undone.text == "Invoice R-1"


def test_a_cancellation_says_what_it_cancels():
    """A reversal by a document names both; its day may be text."""
    entries = bc.invoice_entries(invoice(item("1")), accounting()).entries
    given = {"source": "invoice/R-2", "on": "2026-02-10", "document": "R-2"}
    (undone,) = bc.reverse(entries, accounting(), **given)

    assert (undone.text, undone.date) == ("Cancellation R-2 of Invoice R-1", date(2026, 2, 10))


def test_what_is_undone_is_not_undone_again():
    """Of an entry, its opposite and a third, only the third is left to be undone."""
    first, third = entry(SOLD, OWED), attrs.evolve(entry(SOLD, OWED), id="x/1~3")
    back = [line._replace(side=line.side.other) for line in (SOLD, OWED)]
    second = attrs.evolve(entry(*back), id="x/1~2", reverses="x/1")
    once_more = attrs.evolve(first, id="x/1~4", reverses="x/1~2")

    def undone(*entries):
        found = bc.reverse(entries, accounting(), source="x/2", on=DAY)
        return [each.reverses for each in found]

    assert undone(first, second, third) == ["x/1~3"]
    assert undone(second) == ["x/1~2"]
    assert undone(first, second, once_more) == ["x/1"]


PERIODS = {
    "an open month": ("", "2026-03-10", ("2026-03-10", "2026-03")),
    "the next open month": ("", "2026-01-31", ("2026-03-01", "2026-03")),
    "over the end of the year": ("Acme", "2025-12-24", ("2026-01-01", "Acme-2026-01")),
    "another entity is open": ("Acme", "2026-01-31", ("2026-01-31", "Acme-2026-01")),
    "a month that was opened again": ("", "2026-04-02", ("2026-04-02", "2026-04")),
}
CLOSED = [
    bc.BookingPeriod(2026, 1, is_closed=True),
    bc.BookingPeriod(2026, 2, is_closed=True),
    bc.BookingPeriod(2025, 12, entity="Acme", is_closed=True),
    bc.BookingPeriod(2026, 4, is_closed=True),
    bc.BookingPeriod(2026, 4),
]


@pytest.mark.parametrize(("entity", "day", "wanted"), PERIODS.values(), ids=PERIODS)
def test_booking_periods(entity, day, wanted):
    """A day of an open month stays; else it is the first day of the entity's next open month."""
    books = accounting(periods=CLOSED)
    found = booking_day(books, entity, date.fromisoformat(day))

    assert (str(found[0]), found[1]) == wanted
    assert booking_day(books, entity, date.fromisoformat(day)) is found
