"""What is different in a database: how it is reached, locked and written, and what its errors mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, Protocol

__all__ = ["Dialect", "Fault", "Row"]

Row = Sequence[Any]


class Fault(Enum):
    """What an error of a driver means."""

    TRY_AGAIN = "others got in the way: nothing was changed, and it is tried again at once"
    LATER = "it can work later: a connection was lost, others held a lock, the disk was full"
    REFUSED = "the database cannot hold a value"
    FAILED = "it will fail again until somebody mends something"


class Dialect(Protocol):
    """What is different in a database.

    Attributes:
        error: the base class of the errors of its driver.
        is_shared: whether all threads use one connection, in turn.
        lock: what is appended to a SELECT that locks its rows.
        port: how errors name it.
    """

    error: type[Exception]
    is_shared: bool
    lock: str
    port: str

    @property
    def patience(self) -> float:
        """Give how long something is tried again, in seconds."""
        ...

    def connect(self) -> Any:
        """Open a connection on which transactions are begun by statements only."""
        ...

    def is_broken(self, connection: Any) -> bool:
        """Tell whether a connection cannot be used any more."""
        ...

    def sql(self, statement: str) -> str:
        """Write a statement with the placeholders of the driver, in the place of ``?``."""
        ...

    def ddl(self, statement: str) -> str:
        """Write a statement of a migration with the types of the database."""
        ...

    def begin(self, *, alone: bool) -> str:
        """Give the statement that begins a step; nobody else writes until it ends if *alone*."""
        ...

    def begin_reading(self) -> str:
        """Give the statement that begins a look at one moment."""
        ...

    def prepare(self, ask: Callable[..., list[Row]]) -> Sequence[str]:
        """Give what is carried out before the first migration; *ask* tells what is there."""
        ...

    def has_table(self, name: str) -> tuple[str, tuple[object, ...]]:
        """Give the question whether there is a table."""
        ...

    def lock_table(self, name: str) -> str:
        """Give the statement that keeps others from writing a table until the step ends."""
        ...

    def fault(self, error: Exception) -> Fault:
        """Tell what an error means."""
        ...

    def ask_together(
        self, connection: Any, questions: Sequence[tuple[str, Sequence[object]]]
    ) -> list[list[Row]]:
        """Ask several questions in as few round trips as can be."""
        ...
