"""Stretches of time: counted as they pass, wherever the clocks stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from billingcore import DateRangeError, InvalidInputError, Moments, Tick

BERLIN = ZoneInfo("Europe/Berlin")


class NoOffset(tzinfo):
    """A zone that knows no offset."""

    def utcoffset(self, moment):
        """Give none."""
        return


def berlin(text):
    """Read what a clock in Berlin shows."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("start", "stop", "hours"),
    [
        ("2026-03-29T00:00", "2026-03-30T00:00", 23),
        ("2026-10-25T00:00", "2026-10-26T00:00", 25),
        ("2026-10-25T02:30", "2026-10-25T03:30", 2),
        ("2026-06-01T00:00", "2026-06-02T00:00", 24),
    ],
    ids=["clock put forward", "clock put back", "across the hour twice shown", "summer"],
)
def test_elapsed_time_in_a_zone(start, stop, hours):
    """A night in which the clock is changed has as many hours as pass in it."""
    assert Moments(berlin(start), berlin(stop)).ticks(Tick.SECOND) == hours * 3600


@pytest.mark.parametrize(
    ("tick", "count"), [(Tick.DAY, 1), (Tick.SECOND, 86_401), (Tick.MILLISECOND, 86_400_002)]
)
def test_ends_are_cut_down_to_ticks(tick, count):
    """Each end is cut down to a whole tick, as the time stamps of such systems are."""
    part = Moments("2026-01-01T23:59:58.999Z", "2026-01-02T23:59:59.001Z")

    assert part.ticks(tick) == count


def test_text_with_an_offset():
    """Text with an offset is an instant, and kept in UTC."""
    part = Moments("2026-01-01T01:00:00+01:00", "2026-01-01T00:00:01Z")

    assert (part.start, part.stop) == (
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC),
    )
    assert str(part) == "2026-01-01T00:00:00+00:00/2026-01-01T00:00:01+00:00"


def test_a_part_of_a_whole():
    """A part gives its ticks and those of the whole."""
    whole = Moments("2026-01-01T00:00Z", "2026-01-02T00:00Z")
    part = Moments("2026-01-01T06:00Z", "2026-01-01T07:00Z")

    assert part.share_of(whole, Tick.SECOND) == (3600, 86_400)


def test_nothing():
    """An empty stretch has no ticks, and is a part of what it is in."""
    whole = Moments("2026-01-01T00:00Z", "2026-01-02T00:00Z")
    nothing = Moments("2026-01-01T06:00Z", "2026-01-01T06:00Z")

    assert nothing.share_of(whole, Tick.SECOND) == (0, 86_400)


LATE = datetime.max.replace(tzinfo=timezone(timedelta(hours=-1)))


@pytest.mark.parametrize(
    ("start", "error", "words"),
    [
        (datetime(2026, 1, 1), InvalidInputError, "start = .*a time without a zone; say where"),  # noqa: DTZ001
        ("2026-01-01T00:00", InvalidInputError, "a time without a zone"),
        (datetime(2026, 1, 1, tzinfo=NoOffset()), InvalidInputError, "gives no offset"),
        ("2026-01-01", DateRangeError, "not an instant; give day, time and offset"),
        (1488568488, DateRangeError, "not an instant"),
        ("2026-02-30T00:00Z", DateRangeError, "no such moment"),
        (LATE, DateRangeError, "outside the calendar in UTC"),
    ],
    ids=["naive", "naive text", "no offset", "a day", "a number", "no such day", "year 10000"],
)
def test_what_is_no_instant(start, error, words):
    """What is no instant is refused by name, and the error says what to write."""
    with pytest.raises(error, match=words) as refused:
        Moments(start, "2026-02-01T00:00Z")
    assert str(refused.value).startswith("Moments: start")


def test_a_stop_before_the_start():
    """A stop before the start is refused."""
    with pytest.raises(InvalidInputError, match="before the start 2026-01-02"):
        Moments("2026-01-02T00:00Z", "2026-01-01T00:00Z")


@pytest.mark.parametrize(
    ("start", "stop", "words"),
    [
        ("2026-01-01T00:00Z", "2026-01-03T00:00Z", "not within its period"),
        ("2025-12-31T23:59Z", "2026-01-02T00:00Z", "not within its period"),
    ],
    ids=["after its end", "before its start"],
)
def test_a_part_outside_of_its_whole(start, stop, words):
    """A part that reaches out of its billing period is refused."""
    with pytest.raises(InvalidInputError, match=words):
        Moments(start, stop).share_of(
            Moments("2026-01-01T00:00Z", "2026-01-02T00:00Z"), Tick.SECOND
        )


def test_a_whole_without_time():
    """A billing period without a tick is refused."""
    nothing = Moments("2026-01-01T00:00Z", "2026-01-01T00:00:00.5Z")

    with pytest.raises(InvalidInputError, match="a period without time"):
        nothing.share_of(nothing, Tick.SECOND)
