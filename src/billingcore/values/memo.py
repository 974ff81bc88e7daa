"""A bounded memory for answers that depend on nothing but their question."""

from __future__ import annotations

from typing import Final, TypeVar

__all__ = ["Memo"]

K = TypeVar("K")
V = TypeVar("V")
LIMIT: Final = 8192


class Memo(dict[K, V]):
    """A dictionary of answers that forgets all of them when it is full, and travels empty.

    Losing an answer costs time and nothing else. Look up with `get`, store with `keep`.
    """

    __slots__ = ()

    def keep(self, key: K, answer: V) -> V:
        """Store an answer and give it back."""
        if len(self) >= LIMIT:
            self.clear()
        self[key] = answer
        return answer

    def __reduce__(self) -> tuple[type[Memo[K, V]], tuple[()]]:
        return Memo, ()
