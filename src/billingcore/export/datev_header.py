"""The first line of a DATEV file: whose books, which year, which days."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from attrs import frozen

from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import ONE_DAY, add_months, read_date
from billingcore.values.sealing import fill

__all__ = ["DatevHeader"]

_LABEL: Final = re.compile(r"[\w./ ÄÖÜäöüß-]{0,30}\Z", re.ASCII)
_CHARTS: Final = ("", "03", "04")


@frozen(init=False, order=False)
class DatevHeader:
    """What a batch of bookings (Buchungsstapel) says of itself.

    >>> import datetime
    >>> header = DatevHeader(
    ...     created=datetime.datetime(2026, 2, 2, 9, 30),
    ...     consultant=29098, client=55003, fiscal_year_start="2026-01-01",
    ...     first="2026-01-01", last="2026-01-31", chart="03",
    ... )
    >>> print(header.line[:78])
    "EXTF";700;21;"Buchungsstapel";13;20260202093000000;;"BC";"";"";29098;55003;20

    Attributes:
        created: the instant that the file says it was made at; there is no clock here.
        consultant: number of the tax consultant (Beraternummer), 1001 to 9999999.
        client: number of the client (Mandantennummer), 1 to 99999.
        fiscal_year_start: the first day of the fiscal year.
        first: the first day of the bookings.
        last: their last day, inclusive; in the same fiscal year.
        account_length: digits of a general ledger account, 4 to 8; those of customers have one
            more.
        chart: the chart that the books follow: ``03``, ``04``, or empty.
        label: what the consultant sees in the list of batches, up to 30 characters.
        is_final: whether the bookings cannot be changed any more after they were read
            (Festschreibung).

    Raises:
        InvalidInputError: a field is wrong, or the days are not in one fiscal year.
    """

    created: dt.datetime
    consultant: int
    client: int
    fiscal_year_start: dt.date
    first: dt.date
    last: dt.date
    account_length: int
    chart: str
    label: str
    is_final: bool

    def __init__(
        self,
        *,
        created: dt.datetime,
        consultant: int,
        client: int,
        fiscal_year_start: DateLike,
        first: DateLike,
        last: DateLike,
        account_length: int = 4,
        chart: str = "",
        label: str = "",
        is_final: bool = False,
    ) -> None:
        read = Boundary("DatevHeader")
        fill(
            self,
            created=read.instance("created", created, dt.datetime),
            consultant=read.count("consultant", consultant, least=1001, most=9_999_999),
            client=read.count("client", client, least=1, most=99_999),
            fiscal_year_start=read.read("fiscal_year_start", fiscal_year_start, read_date),
            first=read.read("first", first, read_date),
            last=read.read("last", last, read_date),
            account_length=read.count("account_length", account_length, least=4, most=8),
            chart=read.text("chart", chart),
            label=read.text("label", label),
            is_final=read.flag("is_final", is_final),
        )
        self._check(read)

    def _check(self, read: Boundary) -> None:
        read.order("last", self.first, self.last)
        if not self.fiscal_year_start <= self.first <= self.last <= self._year_end:
            days = f"{self.first} to {self.last}"
            fix = f"keep to {self.fiscal_year_start} to {self._year_end}, and make a file per year"
            raise read.refuse("first", days, "not in the fiscal year", fix)
        if self.chart not in _CHARTS:
            raise read.refuse("chart", self.chart, "no such chart", "use '03', '04' or ''")
        if not _LABEL.match(self.label):
            fix = "use up to 30 letters, digits, spaces and . / - _"
            raise read.refuse("label", self.label, "cannot stand in the header", fix)

    @property
    def _year_end(self) -> dt.date:
        return add_months(self.fiscal_year_start, 12) - ONE_DAY

    @property
    def line(self) -> str:
        """The line: 31 fields."""
        moment = self.created
        created = f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03}"
        year, first, last = (
            f"{day:%Y%m%d}" for day in (self.fiscal_year_start, self.first, self.last)
        )
        fields = (
            *('"EXTF"', "700", "21", '"Buchungsstapel"', "13", created, ""),
            *('"BC"', '""', '""', str(self.consultant), str(self.client)),
            *(year, str(self.account_length), first, last, f'"{self.label}"', '""'),
            *("1", "0", str(int(self.is_final)), '"EUR"', "", '""', "", ""),
            *(f'"{self.chart}"', "", "", '""', '""'),
        )
        return ";".join(fields)
