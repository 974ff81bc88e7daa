"""Terms of contracts, by hand; the laws are in the property tests."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve

from billingcore import MONTH, DateRangeError, InvalidInputError, Subscription
from billingcore.records.contract_term import (
    earliest_cancellation,
    last_notice_day,
    next_renewal,
    renew,
    term_end,
)
from billingcore.values.length import Length


def contract(start=None, end=None, renewal=None, notice=None):
    """Make a contract of which only its terms matter."""
    return Subscription(
        "S-1",
        account="A-1",
        items=[],
        start=start,
        end=end,
        auto_renewal=renewal,
        cancellation_terms=notice,
    )


# A quarter, then month by month, with two weeks' notice.
QUARTER_FIRST = contract("2026-01-01", "2026-03-31", "1m", "14d")
YEARLY = contract("2026-01-01", None, "12m", "3m")
FIXED = contract("2026-01-01", "2026-12-31", None, "1m")
EVERGREEN = contract("2026-03-10", None, None, "1m")
# The notice is longer than the term.
SLOW = contract("2026-01-01", None, "1m", "3m")


def day(text):
    """Read a day, or none."""
    return None if text is None else date.fromisoformat(text)


class TestFields:
    def test_text_or_length(self):
        """The two lengths of a subscription are given as text or as lengths."""
        texts, lengths = contract(renewal="1m", notice="2m"), Length(1, MONTH)

        assert (texts.auto_renewal, texts.cancellation_terms) == (lengths, lengths.times(2))
        assert contract(renewal=lengths, notice=lengths.times(2)) == texts

    def test_empty(self):
        """An empty cell of a table is as good as nothing."""
        assert contract(renewal="", notice="") == contract()
        assert contract().auto_renewal is None
        assert contract().cancellation_terms is None

    @pytest.mark.parametrize(
        "value", ["1 month", "0m", 12, b"1m"], ids=["words", "0", "12", "bytes"]
    )
    @pytest.mark.parametrize("field", ["auto_renewal", "cancellation_terms"])
    def test_other_values(self, field, value):
        """Anything else is refused with record, field, value, and what to write instead."""
        message = rf"^Subscription 'S-1': {field} = .+: not a length; write a whole number"
        with pytest.raises(InvalidInputError, match=message):
            Subscription("S-1", account="A-1", items=[], **{field: value})


class TestTermEnd:
    @pytest.mark.parametrize(
        ("terms", "on", "expected"),
        [
            pytest.param(QUARTER_FIRST, "2025-06-15", "2026-03-31", id="before the start"),
            pytest.param(QUARTER_FIRST, "2026-01-01", "2026-03-31", id="first day"),
            pytest.param(QUARTER_FIRST, "2026-03-31", "2026-03-31", id="last day"),
            pytest.param(QUARTER_FIRST, "2026-04-01", "2026-04-30", id="first day of a renewal"),
            pytest.param(QUARTER_FIRST, "2026-04-30", "2026-04-30", id="last day of a renewal"),
            pytest.param(QUARTER_FIRST, "2036-02-10", "2036-02-29", id="after ten years"),
            pytest.param(YEARLY, "2025-06-15", "2026-12-31", id="no end, before the start"),
            pytest.param(YEARLY, "2026-06-15", "2026-12-31", id="no end, first term"),
            pytest.param(YEARLY, "2027-01-01", "2027-12-31", id="no end, second term"),
            pytest.param(FIXED, "2025-06-15", "2026-12-31", id="not renewed, before the start"),
            pytest.param(FIXED, "2026-06-15", "2026-12-31", id="not renewed"),
            pytest.param(FIXED, "2030-01-01", "2026-12-31", id="not renewed, after the end"),
            pytest.param(EVERGREEN, "2026-06-15", None, id="evergreen"),
            pytest.param(contract(), "2026-06-15", None, id="always"),
            pytest.param(contract(renewal="1m"), "2026-06-15", None, id="renewed from no day on"),
            pytest.param(contract(end="2026-03-31"), "2020-01-01", "2026-03-31", id="no start"),
            pytest.param(
                contract("2026-05-05", "2026-05-05", "1d"),
                "2026-07-01",
                "2026-07-01",
                id="day by day",
            ),
            pytest.param(
                contract("2026-01-01", None, "2w"), "2026-01-14", "2026-01-14", id="fortnight"
            ),
            pytest.param(
                contract("2026-01-01", None, "2w"), "2026-01-15", "2026-01-28", id="next fortnight"
            ),
            pytest.param(
                contract("2026-01-01", "2026-01-31", "30d"),
                "2026-02-01",
                "2026-03-02",
                id="thirty days are no month",
            ),
            pytest.param(
                contract(None, "2028-02-29", "1y"), "2028-03-01", "2029-02-28", id="end of February"
            ),
            pytest.param(
                contract("2000-01-01", None, "1d"), "2026-06-15", "2026-06-15", id="9,662 terms"
            ),
        ],
    )
    def test_by_hand(self, terms, on, expected):
        """It is the last day, inclusive, of the term that the day is in."""
        assert term_end(terms, on) == day(expected)

    @pytest.mark.parametrize(
        ("terms", "expected"),
        [
            pytest.param(
                contract(None, "2026-01-31", "1m"),
                "2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31",
                id="month ends",
            ),
            pytest.param(
                contract("2026-01-31", None, "1m"),
                "2026-02-27 2026-03-30 2026-04-29 2026-05-30 2026-06-29",
                id="from the 31st on",
            ),
            pytest.param(
                contract("2024-12-31", "2026-02-27", "1m"),
                "2026-02-27 2026-03-30 2026-04-29 2026-05-30 2026-06-29",
                id="14 months from a 31st on",
            ),
            pytest.param(
                contract("2025-01-30", "2026-02-27", "1m"),
                "2026-02-27 2026-03-29 2026-04-29 2026-05-29 2026-06-29",
                id="13 months from a 30th on",
            ),
            pytest.param(
                contract("2025-06-15", "2026-01-30", "1m"),
                "2026-01-30 2026-02-27 2026-03-30 2026-04-29 2026-05-30",
                id="no whole months, to a 30th",
            ),
            pytest.param(
                contract("2025-08-31", "2026-08-30", "18m"),
                "2026-08-30 2028-02-28 2029-08-30 2031-02-27 2032-08-30",
                id="a year, then 18 months",
            ),
            pytest.param(
                contract("2024-02-29", None, "1y"),
                "2025-02-27 2026-02-27 2027-02-27 2028-02-28 2029-02-27",
                id="leap day",
            ),
            pytest.param(
                contract("2026-01-31", "2026-02-27", "10d"),
                "2026-02-27 2026-03-09 2026-03-19 2026-03-29 2026-04-08",
                id="a month, then ten days",
            ),
        ],
    )
    def test_no_drift(self, terms, expected):
        """The ends of a row of terms are counted from one day, so that a short month costs none."""
        ends = [term_end(terms, terms.end or terms.start)]
        for _ in range(4):
            ends.append(term_end(terms, next_renewal(terms, ends[-1])))

        assert " ".join(map(str, ends)) == expected


class TestNextRenewal:
    @pytest.mark.parametrize(
        ("terms", "on", "expected"),
        [
            pytest.param(QUARTER_FIRST, "2025-06-15", "2026-04-01", id="before the start"),
            pytest.param(QUARTER_FIRST, "2026-03-31", "2026-04-01", id="last day"),
            pytest.param(QUARTER_FIRST, "2026-04-01", "2026-05-01", id="day of a renewal"),
            pytest.param(YEARLY, "2026-06-15", "2027-01-01", id="no end"),
            pytest.param(FIXED, "2026-06-15", None, id="not renewed"),
            pytest.param(EVERGREEN, "2026-06-15", None, id="evergreen"),
            pytest.param(contract(renewal="1m"), "2026-06-15", None, id="renewed from no day on"),
        ],
    )
    def test_by_hand(self, terms, on, expected):
        """It is the first day of the term that follows the one that the day is in."""
        assert next_renewal(terms, on) == day(expected)


class TestLastNoticeDay:
    @pytest.mark.parametrize(
        ("terms", "on", "expected"),
        [
            pytest.param(QUARTER_FIRST, "2025-06-15", "2026-03-17", id="before the start"),
            pytest.param(QUARTER_FIRST, "2026-03-31", "2026-03-17", id="already missed"),
            pytest.param(QUARTER_FIRST, "2026-04-01", "2026-04-16", id="second term"),
            pytest.param(QUARTER_FIRST, "2026-05-01", "2026-05-17", id="third term"),
            pytest.param(YEARLY, "2026-01-01", "2026-09-30", id="three months"),
            pytest.param(SLOW, "2026-01-10", "2025-10-31", id="before there was a contract"),
            pytest.param(SLOW, "2026-06-15", "2026-03-31", id="in an earlier term"),
            pytest.param(
                evolve(YEARLY, cancellation_terms=None), "2026-06-15", "2026-12-31", id="no notice"
            ),
            pytest.param(FIXED, "2026-06-15", None, id="ends by itself"),
            pytest.param(EVERGREEN, "2026-06-15", None, id="evergreen"),
        ],
    )
    def test_by_hand(self, terms, on, expected):
        """It is the last day from which the notice has run out when the term ends."""
        assert last_notice_day(terms, on) == day(expected)


class TestEarliestCancellation:
    @pytest.mark.parametrize(
        ("terms", "on", "expected"),
        [
            pytest.param(QUARTER_FIRST, "2025-06-15", "2026-03-31", id="before the start"),
            pytest.param(QUARTER_FIRST, "2026-03-17", "2026-03-31", id="last day of notice"),
            pytest.param(QUARTER_FIRST, "2026-03-18", "2026-04-30", id="a day too late"),
            pytest.param(YEARLY, "2026-09-30", "2026-12-31", id="last day of three months"),
            pytest.param(YEARLY, "2026-10-01", "2027-12-31", id="a day late costs a year"),
            pytest.param(SLOW, "2025-09-01", "2026-01-31", id="long notice before the start"),
            pytest.param(SLOW, "2026-01-01", "2026-04-30", id="long notice on the first day"),
            pytest.param(SLOW, "2026-03-31", "2026-06-30", id="long notice at a term's end"),
            pytest.param(SLOW, "2026-04-01", "2026-07-31", id="long notice on a term's first day"),
            pytest.param(
                evolve(YEARLY, cancellation_terms=None), "2026-12-31", "2026-12-31", id="no notice"
            ),
            pytest.param(FIXED, "2025-06-15", "2026-12-31", id="not renewed, before the start"),
            pytest.param(FIXED, "2026-12-20", "2026-12-31", id="not renewed, notice too short"),
            pytest.param(FIXED, "2027-06-15", "2026-12-31", id="not renewed, after the end"),
            pytest.param(EVERGREEN, "2026-06-15", "2026-07-15", id="evergreen"),
            pytest.param(EVERGREEN, "2026-12-31", "2027-01-31", id="evergreen, 31st"),
            pytest.param(EVERGREEN, "2027-01-30", "2027-02-28", id="evergreen, shorter month"),
            pytest.param(EVERGREEN, "2026-02-20", "2026-03-20", id="evergreen, soon to start"),
            pytest.param(EVERGREEN, "2026-02-01", "2026-03-10", id="evergreen, not before it"),
            pytest.param(contract(), "2026-06-15", "2026-06-15", id="always, no notice"),
            pytest.param(
                contract(renewal="1m", notice="1w"),
                "2026-06-15",
                "2026-06-22",
                id="renewed from no day on",
            ),
        ],
    )
    def test_by_hand(self, terms, on, expected):
        """It is the end of the first term that the notice still reaches."""
        assert earliest_cancellation(terms, on) == day(expected)

    def test_ends_the_contract(self):
        """A contract that is ended there, and renewed no more, stays ended there."""
        last = earliest_cancellation(QUARTER_FIRST, "2026-03-18")
        ended = evolve(QUARTER_FIRST, end=last, auto_renewal=None)

        assert earliest_cancellation(ended, "2026-06-01") == last == date(2026, 4, 30)
        assert renew(ended, "2026-06-01") is ended


class TestRenew:
    @pytest.mark.parametrize(
        ("terms", "on", "expected"),
        [
            pytest.param(QUARTER_FIRST, "2026-04-01", "2026-04-30", id="next term"),
            pytest.param(QUARTER_FIRST, "2026-06-15", "2026-06-30", id="three terms at once"),
            pytest.param(
                contract("2025-08-31", "2026-02-27", "1m"), "2026-02-28", "2026-03-30", id="31st"
            ),
        ],
    )
    def test_moves_the_end(self, terms, on, expected):
        """The end becomes that of the term that the day is in, and nothing else changes."""
        renewed = renew(terms, on)

        assert renewed == evolve(terms, end=expected)
        assert renew(renewed, on) is renewed

    @pytest.mark.parametrize(
        ("terms", "on"),
        [
            pytest.param(QUARTER_FIRST, "2025-06-15", id="before the start"),
            pytest.param(QUARTER_FIRST, "2026-03-31", id="last day"),
            pytest.param(YEARLY, "2030-01-01", id="no end"),
            pytest.param(FIXED, "2030-01-01", id="not renewed"),
            pytest.param(EVERGREEN, "2030-01-01", id="evergreen"),
        ],
    )
    def test_nothing_to_do(self, terms, on):
        """A contract that includes the day already, or is not renewed, is given back itself."""
        assert renew(terms, on) is terms

    def test_a_lost_day(self):
        """Where neither start nor end tells of a 30th, a stored end on the 27th stays there."""
        terms = contract("2025-06-15", "2026-01-29", "1m")
        renewed = renew(terms, "2026-02-15")

        assert term_end(terms, "2026-03-15") == date(2026, 3, 29)
        assert renewed.end == date(2026, 2, 27)
        assert term_end(renewed, "2026-03-15") == date(2026, 3, 27)


class TestDays:
    @pytest.mark.parametrize(
        "function", [term_end, next_renewal, last_notice_day, earliest_cancellation, renew]
    )
    @pytest.mark.parametrize(
        "on",
        [None, "31.01.2026", "2026-02-30", datetime(2026, 1, 1, tzinfo=UTC)],
        ids=["none", "another form", "no such day", "moment"],
    )
    @pytest.mark.parametrize("terms", [YEARLY, FIXED, EVERGREEN], ids=["renewed", "fixed", "open"])
    def test_no_day(self, function, on, terms):
        """What is no day is refused whatever the contract, also where the day would not matter."""
        with pytest.raises(DateRangeError, match=r"^contract term: on = "):
            function(terms, on)

    @pytest.mark.parametrize(
        ("function", "terms", "on"),
        [
            pytest.param(term_end, contract("9999-06-01", None, "1y"), "9999-06-01", id="first"),
            pytest.param(next_renewal, contract(None, "9999-12-30", "1d"), date.max, id="next"),
            pytest.param(renew, contract(None, "9999-10-31", "3m"), "9999-11-01", id="renewal"),
            pytest.param(earliest_cancellation, EVERGREEN, "9999-12-01", id="notice"),
            pytest.param(
                last_notice_day, contract(None, "0001-01-31", "1m", "2m"), "0001-01-01", id="before"
            ),
        ],
    )
    def test_outside_the_calendar(self, function, terms, on):
        """A day outside the years 1 to 9999 is refused."""
        with pytest.raises(DateRangeError, match="from here is outside the calendar"):
            function(terms, on)

    def test_the_last_term_of_the_calendar(self):
        """The last day of a term can be the last but one of the calendar."""
        assert term_end(contract(None, "9999-12-29", "1d"), "9999-12-30") == date(9999, 12, 30)
