"""The PostgreSQL server stops at once while a run is under way, and starts again."""

from __future__ import annotations

import os
from contextlib import suppress

import pytest

import billingcore as bc
from tests.adapters.postgres_server import missing, started
from tests.crash import world

CALLS = [("commit", 2), ("finalize", 2), ("snapshot", 5), ("note", 3), ("record", 2), ("begin", 1)]
if os.environ.get("KILLS") != "all":
    CALLS = CALLS[:2]


ACCOUNTS = 5


class Cut:
    """A store whose server is killed before a call of one of its methods."""

    def __init__(self, store, server, method, number):
        self.store, self.server, self.method, self.left = store, server, method, number

    def __getattr__(self, name):
        if name == self.method:
            self.left -= 1
            if self.left == 0:
                self.server.kill()
        return getattr(self.store, name)


@pytest.fixture(scope="module")
def server():
    """Give a server that only these tests use."""
    if reason := missing():
        pytest.skip(reason)
    with started() as found:
        yield found


@pytest.fixture
def store(server):
    """Give a filled store."""
    from postgres_store import open_store

    name = server.create()
    found = open_store(server.dsn(name), **world.given())
    world.fill(found, ACCOUNTS)
    yield found
    found.close()


def undisturbed():
    """Give the documents of a business that nothing happened to."""
    return world.in_memory(world.work, ACCOUNTS)


@pytest.mark.parametrize(("method", "number"), CALLS, ids=[name for name, _ in CALLS])
def test_a_run_goes_on_when_the_server_is_back(server, store, method, number):
    """Without its server a run ends with an error to be retried; the same store then goes on."""
    with pytest.raises(bc.PortError) as raised:
        world.work(Cut(store, server, method, number))
    assert raised.value.is_retryable
    with pytest.raises(bc.PortError) as raised:
        store.accounts()
    assert raised.value.is_retryable

    server.start()
    world.go_on(store)

    assert world.documents(store) == undisturbed()
    assert world.is_sound(store)


def test_a_server_that_is_back_at_once(server, store):
    """If the server is back before the next call, at most one window fails, and can be retried."""

    class Restarted(Cut):
        def __getattr__(self, name):
            was_up = self.left > 0
            found = super().__getattr__(name)
            if was_up and self.left == 0:
                self.server.start()
            return found

    with suppress(bc.PortError):
        bc.execute(world.RUN, Restarted(store, server, "commit", 2), window=4)
    world.go_on(store)

    assert world.documents(store) == undisturbed()
    assert world.is_sound(store)
