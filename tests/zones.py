"""Two zones by their rules for 2026, so that no test needs a database of zones.

Berlin: on 29 March 2026 at 01:00 UTC from +1 to +2, on 25 October at 01:00 UTC back.
New York: on 8 March 2026 at 07:00 UTC from -5 to -4, on 1 November at 06:00 UTC back.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

HOUR = timedelta(hours=1)


class Place(tzinfo):
    """A zone with one summer, which reads skipped and repeated times as PEP 495 says."""

    def __init__(self, key, winter, begin, end):
        self.key = key
        self.winter = timedelta(hours=winter)
        self.begin = datetime.fromisoformat(begin)  # of summer, in UTC
        self.end = datetime.fromisoformat(end)

    def utcoffset(self, moment):
        """Give the offset of a reading; its fold decides if the clock skips or repeats it."""
        instant = moment.replace(tzinfo=None) - self.winter
        if self.begin <= instant < self.begin + HOUR:  # skipped
            return self.winter + moment.fold * HOUR
        if self.end <= instant < self.end + HOUR:  # shown twice
            return self.winter + (1 - moment.fold) * HOUR
        return self._offset(instant)

    def _offset(self, instant):
        return self.winter + (HOUR if self.begin <= instant < self.end else 0 * HOUR)

    def fromutc(self, moment):
        instant = moment.replace(tzinfo=None)
        repeated = self.end <= instant < self.end + HOUR
        return (moment + self._offset(instant)).replace(fold=int(repeated))

    def dst(self, moment):
        return self.utcoffset(moment) - self.winter

    def tzname(self, moment):
        return self.key


BERLIN = Place("Europe/Berlin", 1, "2026-03-29T01:00", "2026-10-25T01:00")
NEW_YORK = Place("America/New_York", -5, "2026-03-08T07:00", "2026-11-01T06:00")
