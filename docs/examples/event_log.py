"""Two logs: events in their order, each of them kept whole or not at all, at any crash."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import struct
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from typing import Final, Protocol, cast
from weakref import WeakSet
from zlib import crc32

import billingcore as bc


class Log(Protocol):
    """Keeps events in their order, each of them whole or not at all."""

    lock: RLock
    """Is held by the thread that uses it."""
    is_shared: bool
    """Whether other processes may use it at the same time."""
    path: Path

    def after(self, position: int) -> Iterator[tuple[int, bytes]]:
        """Yield the events behind a position, 0 for all, each with its own."""
        ...

    def alone(self) -> AbstractContextManager[object]:
        """Keep others from appending within a block; left by an error, it appends nothing."""
        ...

    def append(self, event: bytes) -> int:
        """Append an event, and give its position."""
        ...

    def close(self) -> None:
        """Close what is open."""
        ...


class FileJournal:
    """A log in a file, for one process at a time.

    An event is on the disk when `append` returns. If the process dies while it appends, the event
    is not whole: it was never decided, and is cut off when the file is opened again.

    Args:
        path: the file; it is made if there is none.

    Raises:
        PortError: another process uses the file, it is no such log, or it is damaged.
    """

    MAGIC: Final = b"billingcore log 1\n"
    HEAD: Final = struct.Struct(">III")
    """Before each event: its length, the checksum of its bytes, and the one of these eight bytes."""

    def __init__(self, path: str | Path) -> None:
        self.lock = RLock()
        self.is_shared = False
        self.path = Path(path).absolute()
        self._pid = os.getpid()
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # ends with the process
            self._begin()
            self._end = self._cut_torn_end()
        except BaseException as error:
            os.close(self._file)
            if isinstance(error, BlockingIOError):
                raise self._wrong("another process uses it", is_retryable=True) from None
            raise

    def _begin(self) -> None:
        """Write the first bytes of the file, unless they are there."""
        start = os.pread(self._file, len(self.MAGIC), 0)
        if not self.MAGIC.startswith(start):
            raise self._wrong("it is no log of a store")
        if start != self.MAGIC:
            self._write(self.MAGIC, 0)
            _flush_folder(self.path.parent)

    def _cut_torn_end(self) -> int:
        """Cut off an event that a crash kept from being whole; give where the last whole one ends."""
        end, size = len(self.MAGIC), os.fstat(self._file).st_size
        for position, _ in self._whole(end):
            end = position
        if end < size:
            self._check_torn(end, os.pread(self._file, size - end, end))
            os.ftruncate(self._file, end)
            os.fsync(self._file)
        return end

    def _check_torn(self, end: int, rest: bytes) -> None:
        """Refuse to cut off what cannot be the last event of a process that died."""
        if len(rest) >= self.HEAD.size and rest.strip(b"\0"):
            length, _, own = self.HEAD.unpack(rest[: self.HEAD.size])
            if own != crc32(rest[:8]) or self.HEAD.size + length < len(rest):
                raise self._wrong(f"it is damaged at byte {end}; take it from a backup")

    def _whole(self, position: int) -> Iterator[tuple[int, bytes]]:
        """Yield events until one is not whole."""
        while len(head := os.pread(self._file, self.HEAD.size, position)) == self.HEAD.size:
            length, checksum, own = self.HEAD.unpack(head)
            is_head = length and own == crc32(head[:8])
            event = os.pread(self._file, length, position + len(head)) if is_head else b""
            if not event or len(event) < length or crc32(event) != checksum:
                return
            position += len(head) + length
            yield position, event

    def after(self, position: int) -> Iterator[tuple[int, bytes]]:
        """Yield the events behind a position."""
        return iter(()) if position == self._end else self._whole(position or len(self.MAGIC))

    def alone(self) -> AbstractContextManager[object]:
        """Give a block: no other process can append."""
        return nullcontext()

    def append(self, event: bytes) -> int:
        """Append an event, and wait until it is on the disk.

        Raises:
            PortError: the process has forked; only the first one may append.
        """
        if os.getpid() != self._pid:
            raise self._wrong("another process has opened it; use SqliteLog")
        head = struct.pack(">II", len(event), crc32(event))
        try:
            self._write(head + struct.pack(">I", crc32(head)) + event, self._end)
        except OSError:
            os.ftruncate(self._file, self._end)
            raise
        self._end += self.HEAD.size + len(event)
        return self._end

    def _write(self, written: bytes, position: int) -> None:
        """Write at a position, and wait until it is on the disk."""
        while written:
            count = os.pwrite(self._file, written, position)
            written, position = written[count:], position + count
        os.fsync(self._file)

    def close(self) -> None:
        """Close the file, so that it can be opened again."""
        os.close(self._file)

    def _wrong(self, why: str, *, is_retryable: bool = False) -> bc.PortError:
        return bc.PortError(f"{self.path.name}: {why}", port="Store", is_retryable=is_retryable)


def _flush_folder(folder: Path) -> None:
    """Wait until a new file is on the disk with its name."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


class SqliteLog:
    """A log in a SQLite database, which several processes on one machine share.

    Args:
        path: the file; it is made if there is none.
        timeout: seconds to wait while another process appends.
    """

    def __init__(self, path: str | Path, *, timeout: float = 60) -> None:
        self.lock = RLock()
        self.is_shared = True
        self.path = Path(path).absolute()
        self._timeout = timeout
        self._opened: sqlite3.Connection | None = None
        _logs.add(self)

    @property
    def _database(self) -> sqlite3.Connection:
        if self._opened is None:
            opened = sqlite3.connect(
                self.path, timeout=self._timeout, isolation_level=None, check_same_thread=False
            )
            opened.execute("PRAGMA journal_mode = WAL")
            opened.execute("PRAGMA synchronous = FULL")
            opened.execute(
                "CREATE TABLE IF NOT EXISTS events (position INTEGER PRIMARY KEY, event BLOB)"
            )
            self._opened = opened
        return self._opened

    def after(self, position: int) -> Iterator[tuple[int, bytes]]:
        """Yield the events behind a position."""
        asked = "SELECT position, event FROM events WHERE position > ? ORDER BY position"
        return self._database.execute(asked, (position,))

    @contextmanager
    def alone(self) -> Generator[None]:
        """Begin a transaction that no other process can begin, and commit it at the end."""
        database = self._database
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise

    def append(self, event: bytes) -> int:
        """Append an event; it is on the disk when the transaction ends."""
        added = self._database.execute("INSERT INTO events (event) VALUES (?)", (event,))
        return cast("int", added.lastrowid)

    def close(self) -> None:
        """Close the database; it is opened again when it is needed."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None


_logs: WeakSet[SqliteLog] = WeakSet()
_held: list[SqliteLog] = []


def _before_fork() -> None:
    """Close all databases: a connection must not be used on both sides of a fork."""
    _held[:] = _logs
    for log in _held:
        log.lock.acquire()
        log.close()


def _after_fork() -> None:
    for log in _held:
        log.lock.release()
    _held.clear()


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)
