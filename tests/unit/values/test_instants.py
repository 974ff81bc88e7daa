"""Instants become days: zones, cut-offs, the nights in which clocks are changed, and edges."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

import pytest

import billingcore as bc
from billingcore.values.instants import read_service_day
from tests.zones import BERLIN, HOUR, NEW_YORK, Place

CET = timezone(HOUR, "CET")
SIX = time(6)


def day_in(zone, value, **rule):
    """Read a value by a rule, and give its day as text."""
    return str(bc.ServiceDays(zone, **rule).of(value).day)


class TestCutOff:
    @pytest.mark.parametrize(
        ("moment", "cut_off", "expected"),
        [
            ("2026-03-01T05:59:59.999+01:00", SIX, "2026-02-28"),
            ("2026-03-01T06:00:00+01:00", SIX, "2026-03-01"),
            ("2026-03-01T00:00:00+01:00", time(0), "2026-03-01"),
            ("2026-02-28T23:59:59.999999+01:00", time(0), "2026-02-28"),
            ("2026-03-01T00:00:00+01:00", SIX, "2026-02-28"),
            ("2026-01-01T05:59:00+01:00", SIX, "2025-12-31"),
            ("2025-12-31T23:00:00Z", time(0), "2026-01-01"),
            ("2026-03-01T17:59:00+01:00", time(18), "2026-02-28"),
            ("2026-03-01T18:00:00+01:00", time(18), "2026-03-01"),
        ],
        ids=[
            "just before the cut-off",
            "the cut-off exactly",
            "midnight exactly",
            "just before midnight",
            "midnight before the cut-off",
            "new year before the cut-off",
            "new year in the zone",
            "before an evening's cut-off",
            "an evening's cut-off",
        ],
    )
    def test_a_day_begins_at_the_cut_off(self, moment, cut_off, expected):
        """A moment before the cut-off belongs to the day before; the cut-off itself does not."""
        assert day_in(CET, moment, cut_off=cut_off) == expected

    def test_two_equal_records_in_different_zones(self):
        """One instant is one day in Berlin and another in New York; two writings of it are one."""
        moment = "2026-03-01T03:00:00Z"
        same = datetime(2026, 2, 28, 22, tzinfo=NEW_YORK)
        berlin, new_york = bc.ServiceDays(BERLIN), bc.ServiceDays(NEW_YORK)

        assert [str(rule.of(moment).day) for rule in (berlin, new_york)] == [
            "2026-03-01",
            "2026-02-28",
        ]
        assert berlin.of(moment) == berlin.of(same)
        assert new_york.of(moment) == new_york.of(same)


# Each day as its first and last second in UTC, read off the offsets in the two zones' rules.
DAYS = [
    pytest.param(BERLIN, "2026-03-28T23:00:00", 23, "2026-03-29", id="Berlin, 23 hours"),
    pytest.param(BERLIN, "2026-10-24T22:00:00", 25, "2026-10-25", id="Berlin, 25 hours"),
    pytest.param(BERLIN, "2026-06-14T22:00:00", 24, "2026-06-15", id="Berlin in summer"),
    pytest.param(NEW_YORK, "2026-03-08T05:00:00", 23, "2026-03-08", id="New York, 23 hours"),
    pytest.param(NEW_YORK, "2026-11-01T04:00:00", 25, "2026-11-01", id="New York, 25 hours"),
    pytest.param(NEW_YORK, "2026-12-31T05:00:00", 24, "2026-12-31", id="New York in winter"),
]


class TestChangedClocks:
    @pytest.mark.parametrize(("zone", "start", "hours", "expected"), DAYS)
    def test_days_of_23_and_25_hours(self, zone, start, hours, expected):
        """A day has all hours of its date, also where there are 23 or 25, and no second more."""
        rule = bc.ServiceDays(zone)
        first = datetime.fromisoformat(start).replace(tzinfo=UTC)
        stop = first + hours * HOUR
        inside = [first + count * HOUR for count in range(hours)]
        outside = [first - timedelta(seconds=1), stop]

        assert {str(rule.of(moment).day) for moment in inside} == {expected}
        assert expected not in {str(rule.of(moment).day) for moment in outside}

    @pytest.mark.parametrize(
        ("zone", "instant", "cut_off", "expected"),
        [
            (BERLIN, "2026-03-29T03:59:00Z", SIX, "2026-03-28"),
            (BERLIN, "2026-03-29T04:00:00Z", SIX, "2026-03-29"),
            (BERLIN, "2026-10-25T04:59:00Z", SIX, "2026-10-24"),
            (BERLIN, "2026-10-25T05:00:00Z", SIX, "2026-10-25"),
            (BERLIN, "2026-03-29T00:59:00Z", time(2, 30), "2026-03-28"),
            (BERLIN, "2026-03-29T01:00:00Z", time(2, 30), "2026-03-29"),
            (BERLIN, "2026-10-25T00:29:00Z", time(2, 30), "2026-10-24"),
            (BERLIN, "2026-10-25T00:30:00Z", time(2, 30), "2026-10-25"),
            (BERLIN, "2026-10-25T01:15:00Z", time(2, 30), "2026-10-25"),
            (NEW_YORK, "2026-11-01T05:29:00Z", time(1, 30), "2026-10-31"),
            (NEW_YORK, "2026-11-01T06:15:00Z", time(1, 30), "2026-11-01"),
            (NEW_YORK, "2026-11-01T06:15:00Z", SIX, "2026-10-31"),
        ],
        ids=[
            "short night, before six",
            "short night, six",
            "long night, before six",
            "long night, six",
            "skipped cut-off, before the gap",
            "skipped cut-off, after the gap",
            "repeated cut-off, before",
            "repeated cut-off, first time",
            "repeated cut-off, clock set back before it",
            "New York, before the repeated cut-off",
            "New York, clock set back before it",
            "New York, set back, before six",
        ],
    )
    def test_a_cut_off_in_the_night_of_the_change(self, zone, instant, cut_off, expected):
        """A day begins when the clock first shows its cut-off or later, and never ends twice."""
        assert day_in(zone, instant, cut_off=cut_off) == expected

    @pytest.mark.parametrize("zone", [BERLIN, NEW_YORK], ids=["Berlin", "New York"])
    @pytest.mark.parametrize("cut_off", [time(0), time(1, 30), time(2, 30), SIX], ids=str)
    @pytest.mark.parametrize("change", ["2026-03-06", "2026-03-27", "2026-10-23", "2026-10-30"])
    def test_days_only_go_forward(self, zone, cut_off, change):
        """A later instant is never on an earlier day, whatever the clock shows."""
        rule = bc.ServiceDays(zone, cut_off=cut_off)
        start = datetime.fromisoformat(change).replace(tzinfo=UTC)
        days = [rule.of(start + count * timedelta(minutes=15)).day for count in range(96 * 4)]

        assert days == sorted(days)


class TestNaive:
    @pytest.mark.parametrize(
        ("moment", "naive", "expected"),
        [
            ("2026-03-01T23:30:00", BERLIN, "2026-03-01T22:30:00+00:00"),
            ("2026-03-01T23:30:00", UTC, "2026-03-01T23:30:00+00:00"),
            ("2026-03-29T02:30:00", BERLIN, "2026-03-29T01:30:00+00:00"),
            (datetime(2026, 10, 25, 2, 30), BERLIN, "2026-10-25T00:30:00+00:00"),  # noqa: DTZ001
            (datetime(2026, 10, 25, 2, 30, fold=1), BERLIN, "2026-10-25T01:30:00+00:00"),  # noqa: DTZ001
        ],
        ids=["local", "UTC", "skipped", "first reading", "second reading"],
    )
    def test_a_zone_for_times_without_one(self, moment, naive, expected):
        """A time without a zone is read in the rule's zone for those, with its fold."""
        found = bc.ServiceDays(BERLIN, naive=naive).of(moment)

        assert found.facts == f"{expected} in Europe/Berlin, day begins 00:00"

    @pytest.mark.parametrize(
        "moment",
        ["2026-03-01T23:30", datetime(2026, 3, 1)],  # noqa: DTZ001
        ids=["text", "datetime"],
    )
    def test_without_a_zone_for_them(self, moment):
        """A time without a zone is refused where the rule has none for it, with the fix."""
        with pytest.raises(bc.InvalidInputError, match=r"without a zone.*naive=zone"):
            bc.ServiceDays(BERLIN).of(moment)


class TestFacts:
    def test_facts(self):
        """Facts say the instant in UTC, the zone, its edition, and when the day begins."""
        rule = bc.ServiceDays(
            BERLIN, cut_off=time(6, 0, 30), name="Berlin office", version="tzdata 2026a"
        )

        assert rule.of("2026-03-01 05:59:00+0100").facts == (
            "2026-03-01T04:59:00+00:00 in Berlin office (tzdata 2026a), day begins 06:00:30"
        )
        assert str(bc.ServiceDays(BERLIN)) == "in Europe/Berlin, day begins 00:00"
        assert str(bc.ServiceDays(CET, cut_off=SIX)) == "in CET, day begins 06:00"

    @pytest.mark.parametrize("given", [date(2026, 3, 1), "2026-03-01"], ids=["date", "text"])
    def test_a_day_stays_a_day(self, given):
        """What is a day already passes through, without facts, with a rule or without one."""
        rule = bc.ServiceDays(NEW_YORK, cut_off=SIX)

        assert rule.of(given) == (date(2026, 3, 1), "")
        assert read_service_day(given, rule) == read_service_day(given, None) == rule.of(given)

    def test_a_rule_travels(self):
        """A rule and what it gives are values that other processes can be sent."""
        rule = bc.ServiceDays(CET, cut_off=SIX, version="2026a")
        found = rule.of("2026-03-01T05:00:00Z")

        assert pickle.loads(pickle.dumps((rule, found))) == (rule, found)  # noqa: S301

    def test_a_hosts_own_kind_of_datetime(self):
        """A subclass is read by its fields, its own arithmetic is not used."""

        class Moment(datetime):
            def __sub__(self, other):
                raise ZeroDivisionError

            def utcoffset(self):
                raise ZeroDivisionError

        moment = Moment(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)

        assert bc.ServiceDays(BERLIN).of(moment).facts.startswith("2026-10-25T01:30:00+00:00 in")


class Silent(tzinfo):
    """A zone without an offset."""

    def utcoffset(self, moment):
        return None


class Broken(tzinfo):
    """A zone whose offset is none at all."""

    def utcoffset(self, moment):
        return "+1"


class MeanTime(Place):
    """A zone of the old kind: what is put into it gets the mean time of the place."""

    def utcoffset(self, moment):
        return timedelta(minutes=53)


class NotATime(datetime):
    """A marker for a missing moment, as tables have it."""

    year = property(lambda self: "missing")


WHERE = ("Berlin", 1, "2026-03-29T01:00", "2026-10-25T01:00")
HOSTILE = [
    pytest.param(Silent(), id="no offset"),
    pytest.param(Broken(), id="an offset that is none"),
    pytest.param(tzinfo(), id="nothing at all"),
]


class TestErrors:
    @pytest.mark.parametrize("zone", HOSTILE)
    def test_a_hostile_zone_of_a_record(self, zone):
        """An instant whose zone gives no offset is refused; the machine's zone is not asked."""
        with pytest.raises(bc.InvalidInputError, match="its zone gives no offset"):
            bc.ServiceDays(BERLIN).of(datetime(2026, 3, 1, tzinfo=zone))

    @pytest.mark.parametrize(
        "zone",
        [*HOSTILE, pytest.param(MeanTime(*WHERE), id="mean time")],
    )
    def test_a_hostile_zone_of_a_rule(self, zone):
        """A zone that does not read a time as it writes it is refused when the rule is made."""
        for wrong in (lambda: bc.ServiceDays(zone), lambda: bc.ServiceDays(BERLIN, naive=zone)):
            with pytest.raises(bc.InvalidInputError, match="by another offset than it writes"):
                wrong()

    @pytest.mark.parametrize(
        ("fields", "rule"),
        [
            ({"zone": "Europe/Berlin"}, r"zone = 'Europe/Berlin': not a zone.*ZoneInfo"),
            ({"naive": 1}, "naive = 1: not a zone"),
            ({"cut_off": 6}, "cut_off = 6: not a time"),
            ({"cut_off": time(6, tzinfo=UTC)}, "a time with a zone of its own"),
            ({"name": ""}, "name = '': not an id"),
            ({"version": "a\nb"}, "version = .*: not an id"),
        ],
        ids=["zone", "naive", "cut-off", "cut-off with zone", "name", "version"],
    )
    def test_a_wrong_rule(self, fields, rule):
        """A rule whose parts are wrong is refused with the part's name."""
        with pytest.raises(bc.InvalidInputError, match=rule):
            bc.ServiceDays(**({"zone": BERLIN} | fields))

    def test_a_zone_without_a_name(self):
        """A zone that does not say its name is given one, since facts must be equal everywhere."""
        nameless = Place(None, *WHERE[1:])

        with pytest.raises(bc.InvalidInputError, match="no name; give its name"):
            bc.ServiceDays(nameless)
        assert bc.ServiceDays(nameless, name="Berlin").name == "Berlin"

    @pytest.mark.parametrize(
        "value",
        [
            datetime(2026, 3, 1, 4, 59, tzinfo=UTC),
            "2026-03-01T04:59:00Z",
            "2026-03-01T04:59",
            datetime(2026, 3, 1, 4, 59, tzinfo=Silent()),
            datetime(2026, 3, 1, 4, 59, tzinfo=tzinfo()),
        ],
        ids=["datetime", "text", "without a zone", "no offset", "a zone that does nothing"],
    )
    def test_an_instant_without_a_rule(self, value):
        """An instant without a rule is an error that names the rule."""
        with pytest.raises(bc.DateRangeError, match=r"no day by itself.*ServiceDays"):
            read_service_day(value, None)

    @pytest.mark.parametrize(
        ("zone", "value"),
        [
            (CET, datetime.max.replace(tzinfo=UTC)),
            (CET, datetime.min.replace(tzinfo=CET)),
            (UTC, "9999-12-31T23:59:00-00:01"),
            (NEW_YORK, "0001-01-01T00:00:00Z"),
            (UTC, "0001-01-01T05:59:00Z"),
        ],
        ids=["end", "beginning", "end by offset", "beginning in the zone", "day before the first"],
    )
    def test_the_edges_of_the_calendar(self, zone, value):
        """A day before the first or after the last is a clear error."""
        with pytest.raises(bc.DateRangeError, match="outside the calendar in this zone"):
            bc.ServiceDays(zone, cut_off=SIX).of(value)

    @pytest.mark.parametrize(
        ("value", "rule"),
        [
            ("2026-02-30T12:00:00Z", "no such moment"),
            ("2026-03-01T12:00:00+25:00", "no such moment"),
            (NotATime(2026, 3, 1), "no such moment"),
            ("2026-03-01T24:00:00Z", "not a date"),
            ("2026-W09-7T12:00:00Z", "not a date"),
            ("20260301T120000Z", "not a date"),
            ("2026-03-01T12:00:00Z\n", "not a date"),
            ("\N{FULLWIDTH DIGIT TWO}026-03-01T12:00:00Z", "not a date"),
            (1_772_340_000, "not a date"),
            (None, "not a date"),
        ],
        ids=[
            "day",
            "offset",
            "missing moment",
            "24 o'clock",
            "week",
            "without hyphens",
            "line feed",
            "other digits",
            "seconds",
            "nothing",
        ],
    )
    def test_no_instant(self, value, rule):
        """What is neither an instant nor a day is refused."""
        with pytest.raises(bc.DateRangeError, match=rule):
            bc.ServiceDays(CET).of(value)
