"""Terms of a contract: when it ends, is renewed, and can be left.

All days are inclusive, as on contracts. Inside, a term is known by its *border*, the first day
after it: a term to 31 January 2026 has the border 1 February. The products name the two fields and
their lists (behaviour 2.11) and say no more; the rules are ours::

    start 1 Jan 2026, end 31 Mar 2026, renewal 1m, notice 14d

    1 Jan ── first term ── 31 Mar │ 1 Apr ── 30 Apr │ 1 May ── 31 May │ ...
                   notice by 17 Mar         by 16 Apr         by 17 May

* **First term.** From the start to the end. With a renewal and no end it is as long as a renewal.
* **Later terms.** Each is as long as the renewal; all borders are counted from one day, so none
  drifts. Where the first border lies whole months after the start, that day is the start: from
  31 January on, terms of one month have the borders 28 February and 31 March. Otherwise it is the
  first border itself.
* **No terms.** Without an end, and without a renewal or a start to count it from, a contract is
  evergreen: it ends so long after a notice as the notice is.
* **Notice.** One given on a day has run out on that day plus the notice, 31 January plus 1m being
  28 February; it is in time for every term that ends then or later. It may be longer than a term,
  and is then given in an earlier one.
* **Before the start** the first term counts: a contract can be given notice of, but not end, before
  it begins.
* **After the end** of a contract without renewal nothing runs: that end stays the answer.

A pause or a hold stretches no term. Neither the status nor the days of single items matter here,
and nothing is renewed by asking.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from attrs import evolve

from billingcore.records.subscription import Subscription
from billingcore.values.boundary import Boundary, DateLike
from billingcore.values.calendar import ONE_DAY, add_months, read_date
from billingcore.values.length import Length

__all__ = ["earliest_cancellation", "last_notice_day", "next_renewal", "renew", "term_end"]


def term_end(subscription: Subscription, on: DateLike) -> date | None:
    """Give the last day, inclusive, of the term that runs on a day.

    >>> contract = Subscription(
    ...     "S-1", account="A-1", items=[], start="2025-02-01", end="2026-01-31", auto_renewal="1m"
    ... )
    >>> [term_end(contract, day) for day in ("2025-06-15", "2026-02-01", "2026-03-01")]
    [datetime.date(2026, 1, 31), datetime.date(2026, 2, 28), datetime.date(2026, 3, 31)]

    None: it is evergreen. Before the start it is the end of the first term; a contract that is not
    renewed has one term, also for days after it. Rule: behaviour 2.11, decided by us.

    Raises:
        DateRangeError: *on* is no day, or the term would end outside the calendar.
    """
    return _term_end(subscription, _read(on))


def next_renewal(subscription: Subscription, on: DateLike) -> date | None:
    """Give the first day of the term after the one that runs on a day.

    >>> contract = Subscription(
    ...     "S-1", account="A-1", items=[], end="2026-01-31", auto_renewal="12m"
    ... )
    >>> next_renewal(contract, "2026-01-31"), next_renewal(contract, "2026-02-01")
    (datetime.date(2026, 2, 1), datetime.date(2027, 2, 1))

    None: it is not renewed. Before the start it is the first renewal, and not the start. Rule:
    behaviour 2.11, decided by us.

    Raises:
        DateRangeError: *on* is no day, or the term would begin outside the calendar.
    """
    terms, day = _terms_of(subscription), _read(on)
    return None if terms is None else terms.border_after(day)


def last_notice_day(subscription: Subscription, on: DateLike) -> date | None:
    """Give the last day on which notice ends the contract with the term that runs on a day.

    >>> contract = Subscription(
    ...     "S-1", account="A-1", items=[], start="2026-01-01",
    ...     auto_renewal="12m", cancellation_terms="3m",
    ... )
    >>> last_notice_day(contract, "2026-11-20")
    datetime.date(2026, 9, 30)

    It can lie before *on*, in an earlier term, or before the start. Without cancellation terms it
    is the last day of the term. None: there is nothing to stop, as the contract is evergreen or
    ends by itself. Rule: behaviour 2.11, decided by us.

    Raises:
        DateRangeError: *on* is no day, or the term or its notice lies outside the calendar.
    """
    terms, day = _terms_of(subscription), _read(on)
    if terms is None:
        return None
    end = terms.border_after(day) - ONE_DAY
    notice = subscription.cancellation_terms
    return end if notice is None else notice.before(end)


def earliest_cancellation(subscription: Subscription, on: DateLike) -> date:
    """Give the last day of the contract, inclusive, if notice is given on a day.

    >>> contract = Subscription(
    ...     "S-1", account="A-1", items=[], start="2026-01-01",
    ...     auto_renewal="12m", cancellation_terms="3m",
    ... )
    >>> [earliest_cancellation(contract, day) for day in ("2026-09-30", "2026-10-01")]
    [datetime.date(2026, 12, 31), datetime.date(2027, 12, 31)]

    It is the end of the first term whose `last_notice_day` is not before *on*. An evergreen
    contract ends so long after *on* as the notice is, but not before its start. One that is not
    renewed ends when it ends, and notice changes nothing. Rule: behaviour 2.11, decided by us.

    Raises:
        DateRangeError: *on* is no day, or the contract would end outside the calendar.
    """
    day = _read(on)
    if subscription.end is not None and subscription.auto_renewal is None:
        return subscription.end
    notice, start = subscription.cancellation_terms, subscription.start
    run_out = day if notice is None else notice.after(day)
    return _term_end(subscription, run_out) or (run_out if start is None else max(run_out, start))


def renew(subscription: Subscription, on: DateLike) -> Subscription:
    """Give the subscription with its end moved so that the term that runs on a day is included.

    >>> contract = Subscription(
    ...     "S-1", account="A-1", items=[], start="2025-03-01", end="2026-02-28", auto_renewal="1y"
    ... )
    >>> renew(contract, "2026-03-01").end
    datetime.date(2027, 2, 28)
    >>> renew(contract, "2026-02-28") is contract
    True

    A host does this before a run, for all contracts that go on. The same subscription is given
    back where there is nothing to do: the end is not reached, there is none, or it is not renewed.
    The ends of single items stay as they are. Rule: behaviour 2.11, decided by us.

    What is stored is the end, not the day from which it was counted. A start and an end whole
    months apart keep that day, and so do days from the 1st to the 28th. But where nothing tells of
    the 30th, an end on 29 January that is renewed by a month to 27 February stays on the 27th.

    Raises:
        DateRangeError: *on* is no day, or the term would end outside the calendar.
    """
    day, end = _read(on), subscription.end
    if end is None or day <= end or subscription.auto_renewal is None:
        return subscription
    return evolve(subscription, end=_term_end(subscription, day))


class _Terms(NamedTuple):
    """The terms of a contract that is renewed; border n is the first day after the n-th.

    Attributes:
        anchor: the day from which every border is counted.
        first: how many months or days after it the first border lies.
        length: how long a renewal is.
    """

    anchor: date
    first: int
    length: Length

    def border(self, n: int) -> date:
        """Give the n-th border; the 0th ends the first term."""
        return self.length.move(self.anchor, self.first + n * self.length.step)

    def border_after(self, day: date) -> date:
        """Give the first border after a day."""
        step = self.length.step
        if self.length.counts_months:
            distance = _months_between(self.anchor, day)
        else:
            distance = (day - self.anchor).days
        # Of months, the one in which the day lies is counted; its border may lie before or after.
        n = max(0, (distance - self.first) // step)
        border = self.border(n)
        return border if day < border else self.border(n + 1)


def _terms_of(subscription: Subscription) -> _Terms | None:
    """Give the terms of a contract; None if it is not renewed, or from no known day on."""
    start, end, length = subscription.start, subscription.end, subscription.auto_renewal
    if length is None:
        return None
    if end is None:
        return None if start is None else _Terms(start, length.step, length)
    border = end + ONE_DAY
    if start is not None and length.counts_months:
        months = _months_between(start, border)
        if add_months(start, months) == border:
            return _Terms(start, months, length)
    return _Terms(border, 0, length)


def _term_end(subscription: Subscription, day: date) -> date | None:
    terms = _terms_of(subscription)
    return subscription.end if terms is None else terms.border_after(day) - ONE_DAY


def _months_between(start: date, day: date) -> int:
    """Count months by their names, whatever the days."""
    return (day.year - start.year) * 12 + day.month - start.month


def _read(on: DateLike) -> date:
    return Boundary("contract term").read("on", on, read_date)
