"""How documents are numbered."""

from __future__ import annotations

from datetime import date

import pytest

from billingcore import Counter, InvalidInputError, NumberPattern, Reset

DAY = date(2026, 2, 1)


class TestNumber:
    @pytest.mark.parametrize(
        ("pattern", "count", "number"),
        [
            ("RE-[Year]-{0000}", 7, "RE-2026-0007"),
            ("{0}", 12, "12"),
            ("{000}", 12345, "12345"),
            ("[Year][Month][Day]/{00}", 3, "20260201/03"),
            ("[AccountNo]-{0}", 3, "acme-3"),
        ],
    )
    def test_placeholders(self, pattern, count, number):
        """Year, month, day and account are filled in, the counter has at least its digits."""
        assert NumberPattern(pattern).number(count, DAY, "acme") == number

    def test_an_account_that_looks_like_a_placeholder(self):
        """The account's id stands in the number as it is."""
        pattern = NumberPattern("[AccountNo]-{0}", per_account=True)

        assert pattern.number(1, DAY, "A{0}") == "A{0}-1"
        assert pattern.number(1, DAY, "[Year]") == "[Year]-1"


class TestCounter:
    @pytest.mark.parametrize(
        ("reset", "pattern", "name"),
        [
            (Reset.NONE, "A-{0}", "A-{0}#"),
            (Reset.YEARLY, "[Year]-{0}", "[Year]-{0}#2026"),
            (Reset.MONTHLY, "[Year][Month]-{0}", "[Year][Month]-{0}#2026-02"),
            (Reset.DAILY, "[Year][Month][Day]-{0}", "[Year][Month][Day]-{0}#2026-02-01"),
        ],
    )
    def test_starts_anew(self, reset, pattern, name):
        """The counter's name has the year, month or day with which it starts anew."""
        assert NumberPattern(pattern, reset=reset, start=5).counter(DAY, "acme") == Counter(name, 5)

    def test_per_account(self):
        """An account can have a counter of its own."""
        pattern = NumberPattern("[AccountNo]-{0}", per_account=True)

        assert pattern.counter(DAY, "a#b").name == "[AccountNo]-{0}##a%23b"


class TestRefusals:
    @pytest.mark.parametrize(
        ("pattern", "options", "message"),
        [
            ("A", {}, "not exactly one counter; write one counter like {00000}"),
            ("{0}{0}", {}, "not exactly one counter"),
            ("{1}", {}, "not exactly one counter"),
            ("", {}, "not an id"),
            (
                "[year]-{0}",
                {},
                "unknown placeholder [year]; use [AccountNo], [Day], [Month], [Year]",
            ),
            ("{0}", {"reset": Reset.YEARLY}, "the same number would come again; add [Year]"),
            ("[Year]{0}", {"reset": Reset.DAILY}, "add [Month], [Day]"),
            ("{0}", {"per_account": True}, "add [AccountNo]"),
            ("{0}", {"start": -1}, "start = -1: not a count"),
            ("{0}", {"reset": "weekly"}, "not a Reset"),
        ],
    )
    def test_names_what_is_wrong(self, pattern, options, message):
        """A pattern that cannot number documents without repetition is refused."""
        with pytest.raises(InvalidInputError) as caught:
            NumberPattern(pattern, **options)

        assert message in str(caught.value)


@pytest.mark.parametrize("pattern", ["[AccountNo]{000}", "{000}[AccountNo]"])
def test_account_and_counter_stay_apart(pattern):
    """A counter of each account needs something between it and the account, else A1 + 1 is A + 11."""
    with pytest.raises(InvalidInputError, match="run together"):
        NumberPattern(pattern, per_account=True)


class TestAfter:
    """Numbers that another system gave are gone on from."""

    def test_the_year_goes_on_and_the_next_one_begins_anew(self):
        """The counter of the year goes on behind the number; that of the next year begins at 1."""
        series = NumberPattern("[Year]-{00000}", reset=Reset.YEARLY, after=["2026-00417"])

        assert series.counter(DAY, "acme") == Counter("[Year]-{00000}#2026", 417)
        assert series.counter(date(2027, 1, 1), "acme") == Counter("[Year]-{00000}#2027", 0)

    def test_a_counter_that_has_outgrown_its_digits(self):
        """A number may have more digits than the pattern asks for."""
        assert NumberPattern("A-{00}", after=["A-1234"]).counter(DAY, "").start == 1234

    def test_each_account_goes_on_by_itself(self):
        """With counters per account, each number is that of the account that it shows."""
        series = NumberPattern(
            "[AccountNo]/[Year]-{000}",
            per_account=True,
            start=5,
            after=["a/1/2026-017", "b/2025-003"],
        )

        found = [series.counter(DAY, account).start for account in ("a/1", "b", "c")]

        assert found == [17, 3, 5]

    def test_what_stands_twice_in_a_pattern_is_the_same_twice(self):
        """A number whose two years differ is none of the pattern."""
        pattern = "[Year]/[Month].[Year]-{00}"

        assert NumberPattern(pattern, after=["2026/02.2026-07"]).counter(DAY, "").start == 7
        with pytest.raises(InvalidInputError, match="no number of this pattern"):
            NumberPattern(pattern, after=["2026/02.2025-07"])

    @pytest.mark.parametrize(
        ("after", "message"),
        [
            (["2026-417"], "no number of this pattern; give the last number that was made by"),
            (["2026-000417"], "no number of this pattern"),
            (["2026-00417 "], "after"),
            (["2026-00416", "2026-00417"], "another number is of the same counter"),
            ("2026-00417", "one text; use a list: ['2026-00417']"),
        ],
        ids=["too short", "a leading zero too many", "spaces", "two of one counter", "no list"],
    )
    def test_refusals(self, after, message):
        """What is no last number of the pattern is refused."""
        with pytest.raises(InvalidInputError) as caught:
            NumberPattern("[Year]-{00000}", reset=Reset.YEARLY, after=after)

        assert message in str(caught.value)
