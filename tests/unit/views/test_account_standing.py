"""What an account owes, as a value and as a table."""

import datetime as dt
from decimal import Decimal
from functools import partial

import pytest

import billingcore as bc
from billingcore.lifecycle.paying.payments import paid
from billingcore.views.standing import account_standing
from tests.unit.lifecycle.papers import books_of, kept, paper, payment


def owing():
    """Give books with an open, a paid and a foreign invoice, a credit and two free payments."""
    books = books_of(
        paper("A", 119, days=14),
        paper("B", 50),
        paper("C", -5),
        paper("U", "9.9", currency="USD"),
    )
    payments = (
        payment("P", 61, "B"),
        payment("G", 3, kind=bc.PaymentKind.GRANT, until="2026-12-31"),
        payment("R", 5, kind=bc.PaymentKind.REFUND),
    )
    return kept(books, *(partial(paid, payment=each) for each in payments))


def test_what_is_open_is_summed_up_per_currency():
    """Documents of 114 and free balances of -9 leave 105 in euros."""
    found = account_standing(owing())

    assert found.open == (
        ("EUR", Decimal(114), Decimal(-9), Decimal(105), 0),
        ("USD", Decimal("9.90"), Decimal(0), Decimal("9.90"), 0),
    )
    assert [row.record for row in found.payments] == ["payment/P", "payment/G", "payment/R"]
    assert repr(found) == "<standing of acme: open 105.00 EUR, 9.90 USD>"


def test_it_prints_what_is_open():
    """The paid invoice is not shown."""
    assert str(account_standing(owing())).splitlines() == [
        "record     due         status    open  currency",
        "---------  ----------  ------  ------  --------",
        "invoice/A  2026-02-14  open    119.00  EUR",
        "invoice/C  2026-01-31  open     -5.00  EUR",
        "invoice/U  2026-01-31  open      9.90  USD",
        "payment/P              free    -11.00  EUR",
        "payment/G  2026-12-31  free     -3.00  EUR",
        "payment/R              free      5.00  EUR",
        "total                          105.00  EUR",
        "total                            9.90  USD",
    ]


def test_it_draws_itself_in_notebooks():
    """As a table with a caption."""
    html = account_standing(owing())._repr_html_()

    assert html.startswith("<table><caption>Open amounts of acme</caption>")
    assert '<td>total</td><td></td><td></td><td style="text-align: right">105.00</td>' in html


def test_all_documents_are_rows_also_paid_ones():
    """Rows for a data frame say when a document was paid."""
    rows = account_standing(owing()).records()

    assert [row["record"] for row in rows][:2] == ["invoice/A", "invoice/B"]
    assert rows[1]["status"] is bc.InvoiceStatus.PAID
    assert rows[1]["payment_date"] == dt.date(2026, 2, 10)


def test_an_account_without_anything_owes_nothing():
    """There is no currency to sum up in."""
    assert repr(account_standing(books_of())) == "<standing of acme: open nothing>"


def test_an_expired_balance_is_shown_and_not_counted():
    """Of the grant of 3 nothing counts from 1 January on, so 108 are open instead of 105."""
    last, later = (account_standing(owing(), on=day) for day in ("2026-12-31", "2027-01-01"))

    assert [each.amount for each in last.open] == [105, Decimal("9.90")]
    assert later.open[0] == ("EUR", Decimal(114), Decimal(-6), Decimal(108), Decimal(-3))
    assert "payment/G  2026-12-31  expired   -3.00  EUR" in str(later)
    assert "payment/P              free     -11.00  EUR" in str(later)


def test_a_day_that_is_none_is_refused():
    """The error names the argument."""
    with pytest.raises(bc.DateRangeError, match="account_standing: on = 'soon'"):
        account_standing(owing(), on="soon")
