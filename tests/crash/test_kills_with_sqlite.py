"""A process is killed, another one goes on: nothing is lost, and nothing is there twice."""

from __future__ import annotations


def test_at_every_boundary(told_by):
    """Killed before, within and after each step that it keeps, a business ends as undisturbed."""
    told = told_by("crash.killing", "boundaries", "by_hand", "sqlite")

    assert told["wrong"] == []
    assert told["kills"] == told["tried"] == -(-3 * told["events"] // told["step"])
    assert told["events"] > 30


def test_at_random_instants(told_by):
    """Killed at instants drawn by lot, a business ends as undisturbed."""
    told = told_by("crash.killing", "random", "by_hand", "sqlite")

    assert told["wrong"] == []
    assert 2 * told["kills"] >= told["tried"] == 30 // told["step"]


def test_in_recovery(told_by):
    """Killed, and killed again twice while it recovers, a business ends as undisturbed."""
    told = told_by("crash.killing", "recovery", "by_hand", "sqlite")

    assert told["wrong"] == []
    assert 6 * told["kills"] >= 5 * told["tried"] == 5 * 60 // told["step"]


def test_in_a_job_that_is_repeated(told_by):
    """A job of an owner that is killed, and started again, needs nobody to look after it."""
    told = told_by("crash.killing", "recovery", "nightly", "sqlite")

    assert told["wrong"] == []
    assert 6 * told["kills"] >= 5 * told["tried"] == 5 * 60 // told["step"]
