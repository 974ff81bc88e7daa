"""Instants become days: by a zone, and by the time at which a day begins there.

Invoices know days only. A host that records moments says once in which zone they are read and
when a day begins; from then on it is plain which day a moment belongs to, also in the two nights
of the year in which the clock is changed. The zone is an object that the host hands in: nothing
here looks a zone up by its name, and the zone of the machine is never asked.
"""

from __future__ import annotations

import datetime as dt
import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final, NamedTuple

from attrs import frozen

from billingcore.errors import DateRangeError, InvalidInputError
from billingcore.values.boundary import Boundary
from billingcore.values.calendar import ONE_DAY, read_date
from billingcore.values.sealing import fill

__all__ = ["ServiceDay", "ServiceDays", "instant_of", "read_service_day"]

_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-9]{2}"
    r"(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?\Z",
    re.ASCII,
)
_NO_OFFSET: Final = (NotImplementedError, TypeError, ValueError)
"""What a moment or a zone raises whose offset is missing or impossible."""
_PROBE: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)


class ServiceDay(NamedTuple):
    """A day, and how it was found.

    Attributes:
        day: the day.
        facts: the instant in UTC and the rule that made it a day, for the line; empty if the day
            was given as a day.
    """

    day: dt.date
    facts: str


@frozen(init=False, order=False)
class ServiceDays:
    """A rule that turns instants into days.

    A day begins when the clock of the zone shows the cut-off for the first time on its date. A
    moment before that belongs to the day before.

    >>> days = ServiceDays(timezone(timedelta(hours=1)), cut_off=time(6))
    >>> days.of("2026-03-01T05:59:00+01:00").day, days.of("2026-03-01T05:00:00Z").day
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 1))
    >>> days.of("2026-03-01T05:59:00+01:00").facts
    '2026-03-01T04:59:00+00:00 in UTC+01:00, day begins 06:00'

    Attributes:
        zone: where the clock stands, like ``zoneinfo.ZoneInfo("Europe/Berlin")``.
        cut_off: the time at which a day begins, inclusive; midnight if nothing is said.
        name: what the zone is called in facts. A `ZoneInfo` and a `timezone` have a name; any
            other zone is given one.
        version: the edition of the zone's rules, like ``tzdata 2026a``, for facts; by a later
            edition the same instant may be on another day.
        naive: the zone of datetimes that bring none: UTC, or the local zone; None refuses them.
            A time that its clock shows twice is the first one, unless its ``fold`` is 1; one that
            its clock skips is moved on by as much as is skipped, as `ZoneInfo` reads it.

    Raises:
        InvalidInputError: a zone is none, or has no name; the cut-off is no time of the clock.
    """

    zone: tzinfo
    cut_off: time
    name: str
    version: str
    naive: tzinfo | None

    def __init__(
        self,
        zone: tzinfo,
        *,
        cut_off: time = time(0),
        name: str | None = None,
        version: str = "",
        naive: tzinfo | None = None,
    ) -> None:
        read = Boundary("ServiceDays")
        place = _read_zone(read, "zone", zone)
        if read.instance("cut_off", cut_off, time).tzinfo is not None:
            fix = "leave out its zone: the clock is that of the rule's zone"
            raise read.refuse("cut_off", cut_off, "a time with a zone of its own", fix)
        fill(
            self,
            zone=place,
            cut_off=cut_off,
            name=read.id("name", _name_of(place) if name is None else name),
            version=read.id("version", version) if version else "",
            naive=None if naive is None else _read_zone(read, "naive", naive),
        )

    def of(self, value: object) -> ServiceDay:
        """Give the day of an instant: a `datetime`, or text like ``2026-03-01T04:59:00Z``.

        A day, as a `date` or as text, is given back as it is.

        Raises:
            DateRangeError: neither an instant nor a day, or outside the calendar.
            InvalidInputError: the instant has no zone, and the rule has none for it.
        """
        moment = _moment_of(value)
        if moment is None:
            return ServiceDay(read_date(value), "")
        try:
            instant = self._instant(moment)
            day = self._day(instant)
        except OverflowError:
            rule, fix = "outside the calendar in this zone", "check the year"
            raise DateRangeError(rule, value=value, fix=fix) from None
        return ServiceDay(day, f"{instant.isoformat()} {self}")

    def _instant(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            if self.naive is None:
                fix = "give it its zone, or say it for all: ServiceDays(..., naive=zone)"
                raise InvalidInputError("a time without a zone", value=moment, fix=fix)
            moment = moment.replace(tzinfo=self.naive)
        return _in_utc(moment)

    def _day(self, instant: datetime) -> date:
        local = instant.astimezone(self.zone)
        day = local.date()
        if local.time() >= self.cut_off or (local.fold and self._has_begun(day, instant)):
            return day
        return day - ONE_DAY

    def _has_begun(self, day: date, instant: datetime) -> bool:
        """Tell whether the clock, which was set back, has shown the cut-off before."""
        return instant >= self._instant(datetime.combine(day, self.cut_off, self.zone))

    def __str__(self) -> str:
        edition = f" ({self.version})" if self.version else ""
        return f"in {self.name}{edition}, day begins {self.cut_off.isoformat().removesuffix(':00')}"


def read_service_day(value: object, days: ServiceDays | None) -> ServiceDay:
    """Read a day, or an instant by a rule if there is one.

    >>> read_service_day("2026-03-01", None)
    ServiceDay(day=datetime.date(2026, 3, 1), facts='')

    Raises:
        DateRangeError: an instant without a rule, or neither an instant nor a day.
        InvalidInputError: the instant has no zone, and the rule has none for it.
    """
    if days is not None:
        return days.of(value)
    moment = _moment_of(value)
    if moment is not None:
        fix = "say in which zone, and when a day begins: ServiceDays(zone, cut_off=...)"
        raise DateRangeError("an instant is no day by itself", value=_clock_of(moment), fix=fix)
    return ServiceDay(read_date(value), "")


def instant_of(value: object) -> datetime:
    """Read an instant, in UTC: a `datetime` with a zone, or text like ``2026-03-01T04:59:00Z``.

    >>> instant_of("2026-03-01T05:59:00+01:00").isoformat()
    '2026-03-01T04:59:00+00:00'

    Raises:
        DateRangeError: not an instant, or outside the calendar in UTC.
        InvalidInputError: it has no zone, or one without an offset.
    """
    moment = _moment_of(value)
    if moment is None:
        fix = "give day, time and offset, like 2026-03-01T04:59:00Z"
        raise DateRangeError("not an instant", value=value, fix=fix)
    if moment.tzinfo is None:
        fix = "say where its clock stands: moment.replace(tzinfo=zone)"
        raise InvalidInputError("a time without a zone", value=moment, fix=fix)
    try:
        return _in_utc(moment)
    except OverflowError:
        rule, fix = "outside the calendar in UTC", "check the year"
        raise DateRangeError(rule, value=_clock_of(moment), fix=fix) from None


def _in_utc(moment: datetime) -> datetime:
    """Give a moment in UTC; `astimezone` would ask the machine where a zone is silent."""
    offset = _offset_of(moment)
    if offset is None:
        fix = "use a zone that has an offset at all times"
        raise InvalidInputError("its zone gives no offset", value=_clock_of(moment), fix=fix)
    return (_clock_of(moment) - offset).replace(tzinfo=UTC)


def _moment_of(value: object) -> datetime | None:
    """Read an instant as a plain `datetime`, None if the value is none."""
    try:
        if isinstance(value, datetime):
            return _plain(value)
        if isinstance(value, str) and _INSTANT.match(value):
            return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        rule, fix = "no such moment", "check day, time and offset"
        raise DateRangeError(rule, value=value, fix=fix) from None
    return None


def _clock_of(moment: datetime) -> datetime:
    """Give what the clock shows; it can be written, whatever the zone does."""
    return moment.replace(tzinfo=None)


def _offset_of(moment: datetime) -> timedelta | None:
    try:
        return moment.utcoffset()
    except _NO_OFFSET:
        return None


def _plain(moment: datetime) -> datetime:
    """Copy a host's own kind of datetime, whose arithmetic may be its own too."""
    clock = time(moment.hour, moment.minute, moment.second, moment.microsecond, moment.tzinfo)
    day = date(moment.year, moment.month, moment.day)
    return datetime.combine(day, clock).replace(fold=moment.fold)


def _read_zone(read: Boundary, field: str, zone: object) -> tzinfo:
    if not isinstance(zone, tzinfo):
        fix = "use an object like zoneinfo.ZoneInfo('Europe/Berlin')"
        raise read.refuse(field, zone, "not a zone", fix)
    if not _agrees_with_itself(zone):
        rule = "the zone reads a time by another offset than it writes it"
        raise read.refuse(field, zone, rule, "use zoneinfo.ZoneInfo of the same name")
    return zone


def _agrees_with_itself(zone: tzinfo) -> bool:
    """Try a zone out: some old kinds give local mean time to a time that is put into them."""
    try:
        local = _PROBE.astimezone(zone)
        return local.replace(tzinfo=zone) == _PROBE
    except _NO_OFFSET:
        return False


def _name_of(zone: tzinfo) -> object:
    if isinstance(zone, timezone):
        return str(zone)
    key = getattr(zone, "key", None)
    if key is None:
        fix = "give its name: ServiceDays(zone, name='Europe/Berlin')"
        raise InvalidInputError("the zone has no name", record="ServiceDays", fix=fix)
    return key
