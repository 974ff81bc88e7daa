"""A process that uses the SQLite adapter is killed, another one goes on: nothing is lost or doubled.

It is killed a hundred times with ``KILLS=all``, and some ten times without.
"""

from __future__ import annotations

from tests.programs import run


def test_at_every_nth_statement(tmp_path):
    """Killed at statements from the first to the last, a business ends as undisturbed."""
    told = run("crash.killing", "boundaries", "by_hand", "SQLite", tmp_path)

    assert told["wrong"] == []
    assert told["kills"] == told["tried"] == 60 // told["step"]


def test_at_random_instants(tmp_path):
    """Killed at instants drawn by lot, a business ends as undisturbed."""
    told = run("crash.killing", "random", "by_hand", "SQLite", tmp_path)

    assert told["wrong"] == []
    assert 2 * told["kills"] >= told["tried"] == 30 // told["step"]


def test_in_a_job_that_is_repeated(tmp_path):
    """A job of an owner that is killed twice while it recovers needs nobody to look after it."""
    told = run("crash.killing", "recovery", "nightly", "SQLite", tmp_path)

    assert told["wrong"] == []
    assert 3 * told["kills"] >= 2 * told["tried"] == 2 * 3 * 10 // told["step"]
