"""A store in memory that workers in other processes reach, as they would reach a database server."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Client, Connection, Listener
from threading import Thread
from typing import Any

import billingcore as bc

KEY = b"only on this machine"


class ServedStore:
    """A store in memory; where it is unpickled it is a connection to this process.

    Attributes:
        memory: the store.
        deadly: accounts at which a worker is killed, each of them once.
        broken: accounts whose commit raises what no store may raise, each of them once.
    """

    def __init__(self, memory: bc.MemoryStore) -> None:
        self.memory = memory
        self.deadly: set[str] = set()
        self.broken: set[str] = set()
        self._listener = Listener(("localhost", 0), authkey=KEY)
        Thread(target=self._serve, daemon=True).start()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.memory, name)

    def __reduce__(self) -> Any:
        return RemoteStore, (self._listener.address, self.memory.tax)

    def commit(self, outcomes):
        """Keep what was decided, unless it is told to break."""
        for outcome in outcomes:
            if outcome.account in self.broken:
                self.broken.discard(outcome.account)
                raise OSError("the disk is full")
        return self.memory.commit(outcomes)

    def snapshot(self, account):
        """Give an account, or kill who asks for it."""
        if account in self.deadly:
            self.deadly.discard(account)
            return signal.SIGKILL
        return self.memory.snapshot(account)

    def _serve(self) -> None:
        while True:
            with suppress(EOFError, ConnectionError):
                connection = self._listener.accept()
                Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: Connection) -> None:
        with suppress(EOFError, ConnectionError), connection:
            while True:
                name, arguments = connection.recv()
                try:
                    answer = getattr(self, name)(*arguments)
                except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets it
                    answer = error
                connection.send(answer)


class RemoteStore:
    """The store of another process."""

    def __init__(self, address: tuple[str, int], tax: bc.TaxEngine) -> None:
        self.address = address
        self.tax = tax
        self._connection: Connection | None = None

    def __reduce__(self) -> Any:
        return RemoteStore, (self.address, self.tax)

    def __getattr__(self, name: str) -> Any:
        return partial(self._ask, name)

    def _ask(self, name: str, *arguments: object) -> Any:
        if self._connection is None:
            self._connection = Client(self.address, authkey=KEY)
        self._connection.send((name, arguments))
        answer = self._connection.recv()
        if answer is signal.SIGKILL:
            os.kill(os.getpid(), signal.SIGKILL)
        if isinstance(answer, Exception):
            raise answer
        return answer
