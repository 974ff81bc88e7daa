"""The server of the tests starts, is killed, starts again, and does not outlive them."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.adapters import postgres_server

ROOT = Path(__file__).resolve().parents[2]

HELD = """
import signal
from tests.adapters import postgres_server

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
with postgres_server.started() as server:
    print(server.port, flush=True)
    signal.pause()
"""


@pytest.fixture(autouse=True)
def _needs_a_server():
    if reason := postgres_server.missing():
        pytest.skip(reason)


def answers(port):
    """Tell whether somebody listens at a port."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


def test_it_comes_back_with_what_it_had():
    """Killed and started again, the server has what was committed, at the same port."""
    with postgres_server.started() as server:
        port = server.port
        server.run("CREATE TABLE kept AS SELECT 7 AS number")
        server.kill()
        assert not answers(port)
        server.start()
        assert server.port == port
        assert server.run("SELECT number FROM kept") == [(7,)]
    assert not answers(port)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_it_does_not_outlive_its_tests(how):
    """However the tests end, their server stops."""
    program = subprocess.Popen(
        [sys.executable, "-c", HELD],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with program:
        port = int(program.stdout.readline())
        assert answers(port)
        program.send_signal(how)
        try:
            program.wait(timeout=60)
        finally:
            program.kill()
    for _ in range(200):
        if not answers(port):
            break
        time.sleep(0.05)
    assert not answers(port)


def test_each_test_has_a_database_of_its_own(dsn):
    """A database is empty at first, and sorts as people do: b after A, where bytes do not."""
    import psycopg

    with psycopg.connect(dsn) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchone() == (0,)
        is_sorted_by_bytes = connection.execute("SELECT 'B' < 'a'").fetchone()
    assert is_sorted_by_bytes == (False,)
