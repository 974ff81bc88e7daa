"""Two processes bill over one file at the same time."""

from __future__ import annotations

RUN = "2026-01-01..2026-01-31/Orders"
HELD = f"invoice run {RUN}#1 holds these accounts"


def test_a_second_run_is_refused(told_by):
    """While a run goes on, another one over the same accounts is told who holds them."""
    told = told_by("crash.racing", "refused")

    assert told["second"].startswith(HELD)
    assert told["first"] == "Failed, 24 drafts"
    assert told["same"]


def test_the_same_owner_takes_over(told_by):
    """The same owner takes over; the older execution stops, and all is billed once."""
    told = told_by("crash.racing", "taken_over")

    # 12 accounts have two drafts each, and the first four are billed already.
    assert told["second"] == "Failed, 16 drafts"
    assert told["first"].startswith(f"invoice run {RUN}#1 is not going on")
    assert told["executions"] == [
        f"1 Failed ended at Generation In Progress; {RUN}#2 took its place",
        "2 Failed ",
    ]
    assert told["same"]


def test_a_posting_run_is_taken_over(told_by):
    """A second posting run of the same job posts the rest; the first one stops, and leaves no gap."""
    told = told_by("crash.racing", "posting")

    assert told["second"] == "21 invoices"
    assert told["first"].startswith("posting run posting#1 is not going on")
    assert told["same"]


def test_batches_side_by_side(told_by):
    """Two runs over different batches of accounts go on at the same time, and both complete."""
    told = told_by("crash.racing", "batches")

    # Two of 12 accounts have a wrong contract: A-04 in the north, A-09 in the south.
    assert (told["north"], told["south"]) == ("Failed, 12 drafts", "Failed, 12 drafts")
    assert told["same"]


def test_both_at_once(told_by):
    """Of two runs that start together one is refused, or finds all billed; the result is the same."""
    told = told_by("crash.racing", "at_once")

    for ends in told["rounds"]:
        first, second = sorted(ends.values())
        assert first == "Failed, 24 drafts" or second == "Failed, 24 drafts"
        assert {first, second} & {"Failed, 0 drafts"} or second.startswith(HELD)
    assert told["same"]
