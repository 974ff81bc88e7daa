"""Connections and transactions: what a store needs of a database, whichever it is.

Each thread has a connection of its own, and so has each process after a fork. A `Dialect` says what
is different in a database; the statements are the same.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any, Final, TypeVar
from weakref import WeakSet

from sql_dialect import Dialect, Fault, Row

import billingcore as bc

__all__ = ["Database", "marks", "pieces"]

T = TypeVar("T")

TRIES: Final = 8
"""How often a step is tried that others got in the way of."""

PIECE: Final = 400
"""How many values are asked for in one statement."""


class _Link:
    """A connection with what is under way on it."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.pid = os.getpid()
        self.lock = threading.RLock()
        self.depth = 0
        self.raw: Any = dialect.connect()

    def close(self) -> None:
        """Close it; what another process has opened is left alone."""
        raw, self.raw = self.raw, None
        if raw is not None and self.pid == os.getpid():
            with suppress(Exception):
                raw.close()

    def __del__(self) -> None:
        if getattr(self, "raw", None) is not None:
            self.close()


_abandoned: list[Any] = []
"""Connections that another process opened: not even forgetting them may close them."""


class Database:
    """The connections of a store, and its transactions.

    Args:
        dialect: what is different in this database.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._own = threading.local()
        self._shared: _Link | None = None
        self._links: WeakSet[_Link] = WeakSet()
        self._opening = threading.Lock()

    def _link(self) -> _Link:
        """Give the connection of this thread; it is opened if there is none."""
        if self._pid != os.getpid():
            self._begin_after_fork()
        known = self._shared if self.dialect.is_shared else getattr(self._own, "link", None)
        if known is not None and known.raw is not None:
            return known
        if known is not None and self.dialect.is_shared:
            rule = "the store was closed, and its database in memory is gone"
            raise bc.PortError(rule, port=self.dialect.port)
        with self._opening:
            if self.dialect.is_shared and self._shared and self._shared.raw is not None:
                return self._shared
            link = self._opened()
            self._links.add(link)
        if self.dialect.is_shared:
            self._shared = link
        else:
            self._own.link = link
        return link

    def _begin_after_fork(self) -> None:
        _abandoned.extend([each.raw for each in self._links])
        was_shared = self._shared is not None
        self._begin()
        if was_shared:
            rule = "the database is in the memory of the process that opened it"
            raise bc.PortError(rule, port=self.dialect.port)

    def _opened(self) -> _Link:
        """Open a connection, again if others are just making the database."""
        begun = time.monotonic()
        for attempt in range(1, TRIES + 1):
            try:
                return _Link(self.dialect)
            except self.dialect.error as error:
                if self._is_over(error, attempt, begun):
                    raise self._told(error) from error
                time.sleep(_pause(attempt))
        raise AssertionError

    def _is_over(self, error: Exception, attempt: int, begun: float) -> bool:
        """Tell whether nothing is tried again after an error."""
        is_late = time.monotonic() - begun > self.dialect.patience
        return is_late or attempt == TRIES or self.dialect.fault(error) is not Fault.TRY_AGAIN

    def close(self) -> None:
        """Close all connections of this process; they are opened again when they are needed.

        A database in memory is gone then.
        """
        for link in [*self._links]:
            with link.lock:
                link.close()

    # ---- statements

    def run(self, statement: str, *values: object) -> int:
        """Carry out a statement, and give how many rows it changed."""
        return int(self._carried_out(statement, values).rowcount)

    def run_many(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Carry out a statement for each of some rows; for within a step, which sees its errors."""
        with _refusing():
            self._link().raw.cursor().executemany(self.dialect.sql(statement), rows)

    def ask(self, question: str, *values: object) -> list[Row]:
        """Give all rows that a question finds; a connection that was lost is opened again."""
        link = self._link()
        with link.lock:
            if link.depth:
                return self._found(question, values)  # the step decides what an error means
            try:
                return self._found(question, values)
            except self.dialect.error as error:
                self._drop_if_broken(link)
                if link.raw is not None:
                    raise self._told(error) from error
        try:
            return self._found(question, values)  # over a new connection
        except self.dialect.error as error:
            raise self._told(error) from error

    def _found(self, question: str, values: Sequence[object]) -> list[Row]:
        found: list[Row] = self._carried_out(question, values).fetchall()
        return found

    def ask_together(self, *questions: tuple[str, Sequence[object]]) -> list[list[Row]]:
        """Give all rows of several questions; for within a step or a look at one moment."""
        with _refusing():
            return self.dialect.ask_together(self._link().raw, questions)

    def ask_in(self, question: str, values: Iterable[str], *others: object) -> Iterator[Row]:
        """Yield the rows for which something is one of many values.

        Args:
            question: with ``{}`` where the values stand.
            values: any number; they are asked for piece by piece.
            others: what stands behind them.
        """
        for piece in pieces(values, PIECE):
            yield from self.ask(question.format(marks(len(piece))), *piece, *others)

    def has_table(self, name: str) -> bool:
        """Tell whether there is a table."""
        question, values = self.dialect.has_table(name)
        return bool(self.ask(question, *values))

    def prepare(self) -> None:
        """Do what comes before the first migration."""
        for statement in self.dialect.prepare(self.ask):
            self.run(statement)

    def _carried_out(self, statement: str, values: Sequence[object]) -> Any:
        with _refusing():
            return self._link().raw.execute(self.dialect.sql(statement), values)

    # ---- transactions

    @contextmanager
    def reading(self) -> Generator[None]:
        """Look at one moment within a block."""
        link = self._link()
        with link.lock:
            if link.depth:
                yield
                return
            try:
                link = self._started(link, self.dialect.begin_reading())
                yield
                self._end(link, "COMMIT")
            except self.dialect.error as error:
                self._end_badly(link)
                raise self._told(error) from error
            except BaseException:
                self._end_badly(link)
                raise

    def write(self, work: Callable[[], T], *, alone: bool = False) -> T:
        """Carry out a step: all of it, or nothing.

        What others get in the way of is tried again, so *work* may be called more than once; what
        the calls before did is undone.

        Args:
            work: the step. Within another step, it is part of that.
            alone: whether nobody else may write meanwhile.

        Raises:
            PortError: the database failed, or others got in the way for too long.
            InvalidInputError: the database cannot hold a value.
        """
        link = self._link()
        with link.lock:
            if link.depth:
                return work()
            begun = time.monotonic()
            for attempt in range(1, TRIES + 1):
                try:
                    link = self._started(link, self.dialect.begin(alone=alone))
                    result = work()
                    self._end(link, "COMMIT")
                except self.dialect.error as error:
                    self._end_badly(link)
                    if link.raw is None or self._is_over(error, attempt, begun):
                        raise self._told(error) from error
                    time.sleep(_pause(attempt))
                except BaseException:
                    self._end_badly(link)
                    raise
                else:
                    return result
        raise AssertionError

    def part(self, work: Callable[[], T]) -> T:
        """Carry out a part of a step that can fail by itself.

        Raises:
            InvalidInputError: the database cannot hold a value; nothing of the part is kept.
        """
        self.run("SAVEPOINT part")
        try:
            result = work()
        except self.dialect.error as error:
            if self.dialect.fault(error) is not Fault.REFUSED:
                raise  # the whole step decides
            self.run("ROLLBACK TO SAVEPOINT part")
            raise self._told(error) from error
        except bc.BillingError:
            self.run("ROLLBACK TO SAVEPOINT part")
            raise
        self.run("RELEASE SAVEPOINT part")
        return result

    def _started(self, link: _Link, statement: str) -> _Link:
        """Begin a transaction; a connection that was lost meanwhile is opened again."""
        try:
            link.raw.execute(statement)
        except self.dialect.error:
            self._drop_if_broken(link)
            if link.raw is not None:
                raise
            link.raw = self.dialect.connect()
            link.raw.execute(statement)
        link.depth = 1
        return link

    @staticmethod
    def _end(link: _Link, statement: str) -> None:
        link.raw.execute(statement)
        link.depth = 0

    def _end_badly(self, link: _Link) -> None:
        """Undo what was begun."""
        link.depth = 0
        if link.raw is not None:
            with suppress(self.dialect.error):
                link.raw.execute("ROLLBACK")
            self._drop_if_broken(link)

    def _drop_if_broken(self, link: _Link) -> None:
        if self.dialect.is_broken(link.raw):
            link.close()

    def _told(self, error: Exception) -> bc.BillingError:
        """Say in words of the library what a driver raised."""
        lines = str(error).strip().splitlines()
        why = lines[0] if lines else type(error).__name__
        fault = self.dialect.fault(error)
        if fault is Fault.REFUSED:
            fix = "shorten it, or leave out what the database cannot hold"
            return bc.InvalidInputError(why, record="Store", field="text", fix=fix)
        can_work = fault in {Fault.TRY_AGAIN, Fault.LATER}
        return bc.PortError(why, port=self.dialect.port, is_retryable=can_work)


def _pause(attempt: int) -> float:
    """Give how long to wait: longer each time, and another time for each thread."""
    own = (os.getpid() * 31 + threading.get_ident()) % 97 / 97
    return (0.5 + own) * 0.005 * 2**attempt


@contextmanager
def _refusing() -> Generator[None]:
    """Refuse text that has no bytes, and numbers without end."""
    try:
        yield
    except UnicodeEncodeError as error:
        rule = f"a character that cannot be stored, at position {error.start}"
        fix = "leave it out"
        raise bc.InvalidInputError(
            rule, record="Store", field="text", value=error.object, fix=fix
        ) from error
    except OverflowError as error:
        raise bc.InvalidInputError("a number that is too large", record="Store") from error


def marks(count: int) -> str:
    """Give so many placeholders."""
    return ", ".join("?" * count)


def pieces(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut values into lists of a size."""
    iterator = iter(values)
    while piece := list(islice(iterator, size)):
        yield piece
