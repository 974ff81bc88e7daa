"""The bookkeeping of a host: accounts, rules, periods, terms."""

from __future__ import annotations

import copy
import pickle
from datetime import date

import attrs
import pytest

import billingcore as bc

CASH = bc.GLAccount("1200", "Bank", bc.AccountKind.ASSET)


def test_an_account_has_a_label():
    """Number and name stand together; without a name the number is all."""
    assert CASH.label == "1200 Bank"
    assert bc.GLAccount("8400", "", bc.AccountKind.INCOME, is_automatic=True).label == "8400"


@pytest.mark.parametrize(
    "words", ["a, b ,, ", ["a", " b "], {"a", "b"}], ids=["one text", "a list", "a set"]
)
def test_words_of_a_criterion(words):
    """One text with commas is as good as a list; spaces around words and empty words do not count."""
    rule = bc.AssignmentRule("R", account="8400", product_group=words)
    collective = bc.CollectiveAccount("C", bc.EntryType.PAYMENT, account="1200", region=words)

    assert rule.product_group == collective.region == frozenset({"a", "b"})


def test_the_months_of_an_entity():
    """A month of an entity bears its name; what was closed and opened again is open."""
    closed = bc.BookingPeriod(2026, 1, entity="Acme", is_closed=True)
    books = bc.Accounting(periods=[closed, bc.BookingPeriod(2026, 2, is_closed=True)])

    assert (closed.name, bc.BookingPeriod(2026, 2).name) == ("Acme-2026-01", "2026-02")
    assert books.is_closed("Acme", date(2026, 1, 31))
    assert not books.is_closed("", date(2026, 1, 31))
    opened = attrs.evolve(books, periods=[*books.periods, bc.BookingPeriod(2026, 2)])
    assert not opened.is_closed("", date(2026, 2, 1))


REFUSED = {
    "a month that is none": (lambda: bc.BookingPeriod(2026, 13), "month = 13"),
    "two accounts of one number": (lambda: bc.Accounting(chart=[CASH, CASH]), "the same number"),
    "one text for names of fields": (lambda: bc.Accounting(copied_fields="Fax"), "use a list"),
    "no rule": (lambda: bc.Accounting(rules=["8400"]), "not an AssignmentRule"),
    "a float": (lambda: bc.AssignmentRule("R", account=8400), "account"),
    "no type": (lambda: bc.CollectiveAccount("C", "Cash", account="1"), "use one of EntryType"),
    "no rule of recognition": (lambda: bc.BookingTerms(recognition="Weekly"), "Recognition"),
}


@pytest.mark.parametrize(("make", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(make, said):
    """A wrong field is refused where it enters, with its name."""
    with pytest.raises(bc.InvalidInputError, match=said):
        make()


def test_terms_are_read_by_their_words():
    """The products' words are taken as well as the members."""
    assert bc.BookingTerms(recognition="Calendar Year").recognition is bc.Recognition.CALENDAR_YEAR
    assert bc.CollectiveAccount("C", "Tax", account="1").type is bc.EntryType.TAX


def test_equal_terms_have_equal_keys():
    """The key of terms has all of them, and tells apart what is not equal."""
    fields = ("account", "custom_rule", "product_group", "center", "cost_object", "region")
    every = [bc.BookingTerms(**{name: "x"}) for name in fields]
    every.append(bc.BookingTerms(recognition=bc.Recognition.DAYS))

    assert len({terms.key for terms in every}) == len(every)
    assert bc.BookingTerms(center="x").key == every[3].key


def test_a_bookkeeping_travels_without_its_answers():
    """A copy is equal, and finds its answers again."""
    books = bc.Accounting(rules=[bc.AssignmentRule("R", account="8400")])
    books.matches.keep("question", bc.EntryType.TAX)

    for other in (copy.deepcopy(books), pickle.loads(pickle.dumps(books))):  # noqa: S301
        assert other == books
        assert other.matches == {}
