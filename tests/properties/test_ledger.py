"""Laws 5 and 6: a document is its entries, a line is its schedule; what is undone leaves nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from unittest import mock

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.ledger.payments import payment_entries
from billingcore.testing import check_entries
from tests.engine_strategies import policies, priced, renamed, tax_table

TAX = tax_table()
ACME = bc.Account("acme", currency="EUR", debtor="10001")
KINDS = bc.EntryType

cents = st.integers(-(10**7), 10**7).map(lambda units: Decimal(units).scaleb(-2))
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
rules = st.sampled_from(list(bc.Recognition))
terms = st.builds(
    bc.BookingTerms,
    product_group=st.sampled_from(["", "A", "B"]),
    center=st.sampled_from(["", "C-1"]),
    recognition=st.one_of(st.none(), rules),
)
periods = st.builds(
    lambda first, length: bc.Period(first, first + timedelta(days=length)),
    days,
    st.one_of(st.integers(1, 62), st.integers(1, 1200)),
)


@st.composite
def accountings(draw) -> bc.Accounting:
    """Make a bookkeeping with a few rules, which may leave gaps or compete, and closed months."""
    chosen = [
        bc.AssignmentRule(name, account=name, **criteria)
        for name, criteria in (
            ("4000", {}),
            ("4001", {"tax_code": "reduced"}),
            ("4002", {"product_group": "A"}),
        )
        if draw(st.booleans())
    ]
    collective = [
        bc.CollectiveAccount(name, kind, account=name)
        for name, kind in (
            ("1776", KINDS.TAX),
            ("0990", KINDS.DEFERRED),
            ("8740", KINDS.ROUNDING),
            ("1200", KINDS.PAYMENT),
            ("8730", KINDS.CASH_DISCOUNT),
        )
        if draw(st.booleans())
    ]
    months = draw(st.lists(st.integers(1, 12), max_size=4))
    closed = [bc.BookingPeriod(2026, month, is_closed=True) for month in months]
    return bc.Accounting(
        rules=chosen, collective=collective, periods=closed, is_gross=draw(st.booleans())
    )


@st.composite
def invoices(draw) -> bc.Invoice:
    """Make an invoice by hand, of lines at net and gross prices, with their booking terms."""
    count = draw(st.integers(1, 5))
    items = [
        evolve(
            renamed(bc.Item("x", **draw(priced())), f"item-{number}"),
            criterion="",
            booking=draw(terms),
        )
        for number in range(count)
    ]
    policy = draw(policies).but(cash_increments={"EUR": "0.05"} if draw(st.booleans()) else {})
    made = bc.draft(ACME, items, period=draw(periods), tax=TAX, policy=policy)
    day = draw(days)
    return bc.Invoice("R-1", day, day, made)


@given(invoices(), accountings())
def test_a_document_is_its_entries(invoice, accounting):
    """Entries balance, add up to their document, and undone leave nothing; none is in a closed month."""
    entries = bc.invoice_entries(invoice, accounting).entries
    undone = bc.reverse(entries, accounting, source="invoice/R-2", on=date(2026, 3, 3))
    sums = bc.balances(entries)

    check_entries(invoice, entries)
    assert not sum(sums.values())
    assert sums.get(("10001", "EUR"), 0) == invoice.totals.due
    assert not any(bc.balances([*entries, *undone]).values())
    assert not any(accounting.is_closed("", entry.date) for entry in (*entries, *undone))
    assert len({entry.id for entry in (*entries, *undone)}) == 2 * len(entries)


@given(invoices(), accountings())
def test_the_quick_way_is_the_careful_way(invoice, accounting):
    """What is booked in one pass is what would be booked with all care."""
    quick = bc.invoice_entries(invoice, accounting)
    with mock.patch("billingcore.ledger.invoices.quick_entry", return_value=None):
        assert bc.invoice_entries(invoice, accounting) == quick


@given(cents, periods, rules)
def test_a_line_is_its_schedule(amount, period, rule):
    """Shares add up to the amount, in months of the service, each once, and none turns around."""
    schedule = bc.recognize(amount, period, rule, currency="EUR")
    months = [month for month, _ in schedule]
    first, last = period.first.replace(day=1), period.last.replace(day=1)

    assert sum(share for _, share in schedule) == amount
    assert months == sorted(set(months))
    assert months[0] == first
    assert months[-1] <= last
    assert all(share * amount >= 0 for _, share in schedule)


@given(cents, periods)
def test_days_are_shared_fairly(amount, period):
    """By days, no month is a cent or more away from its exact share."""
    schedule = bc.recognize(amount, period, bc.Recognition.DAYS, currency="EUR")
    for month, share in schedule:
        part = period.intersection(bc.Period.month(month.year, month.month))
        exact = Fraction(amount) * part.days / period.days
        assert abs(Fraction(share) - exact) < Fraction(1, 100)


@given(
    st.lists(cents, min_size=1, max_size=6),
    st.sampled_from(list(bc.PaymentKind)),
    st.lists(invoices(), max_size=2),
    accountings(),
)
def test_a_payment_is_its_entries(amounts, kind, documents, accounting):
    """After each change what is booked is the amount; booking again adds nothing, deleting ends it."""
    posted = []
    for amount in (*amounts, Decimal(0)):
        payment = bc.Payment(
            "P-1", account="acme", amount=amount, currency="EUR", date="2026-01-31", kind=kind
        )
        given_ = (accounting, ACME, documents)
        posted += payment_entries(payment, posted, *given_).entries
        total = sum(line.signed for entry in posted for line in entry.details)

        assert total == -payment.effect if payment.rules.effect else total == amount
        assert payment_entries(payment, posted, *given_).entries == ()
    assert not any(bc.balances(posted).values())
    assert [entry.id for entry in posted][1:] == [
        f"payment/P-1~{number}" for number in range(2, len(posted) + 1)
    ]


@given(invoices(), accountings(), accountings())
def test_a_repaired_document_is_its_entries(invoice, before, now):
    """Booked anew by any rules, it still adds up, nothing is earlier, and repeating adds nothing."""
    old = bc.invoice_entries(invoice, before).entries
    books = bc.Books(
        ACME,
        {"R-1": invoice},
        entries={"invoice/R-1": old} if old else {},
        setup=bc.Setup(accounting=now),
    )
    made = bc.book_documents(books).entries
    entries = (*old, *made)
    again = bc.book_documents(evolve(books, entries={"invoice/R-1": entries}))
    first = min((entry.date for entry in old), default=date.min)

    check_entries(invoice, entries)
    assert bc.balances(entries).get(("10001", "EUR"), 0) == invoice.totals.due
    assert not any(now.is_closed("", entry.date) for entry in made)
    assert all(entry.date >= first for entry in made)
    assert len({entry.id for entry in entries}) == len(entries)
    assert again.entries == ()
