"""One at a time: the methods of a store in memory that several threads may call."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from functools import wraps
from threading import RLock
from typing import Any, Concatenate, ParamSpec, TypeVar

from billingcore.errors import InvalidInputError

__all__ = ["Locked", "one_at_a_time"]

P = ParamSpec("P")
T = TypeVar("T")


class Locked:
    """Something whose methods wait for each other, and that stays in its process."""

    def __init__(self) -> None:
        self.lock: AbstractContextManager[object] = RLock()

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        """Give a copy with a lock of its own, as for a look at what would be."""
        copy = object.__new__(type(self))
        memo[id(self)] = copy
        for name, value in vars(self).items():
            setattr(copy, name, RLock() if name == "lock" else deepcopy(value, memo))
        return copy

    def __reduce__(self) -> Any:
        """Refuse to travel: what a copy in another process is told would be lost."""
        raise InvalidInputError(
            "it is in the memory of this process",
            record=type(self).__name__,
            fix="use threads, or a store that keeps its data in a database",
        )


L = TypeVar("L", bound=Locked)


def one_at_a_time(
    method: Callable[Concatenate[L, P], T],
) -> Callable[Concatenate[L, P], T]:
    """Let a method wait until no other one is under way in another thread."""

    @wraps(method)
    def alone(self: L, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self.lock:
            return method(self, *args, **kwargs)

    return alone
