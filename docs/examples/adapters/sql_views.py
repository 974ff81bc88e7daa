"""Mappings that read when they are asked, for what is large and rarely looked at.

Each of them says what was so when it was made, however late it is asked: documents that were issued
never change, and what can change was read at once and is only decoded late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

import billingcore as bc

__all__ = ["BilledLines", "Decoded", "Documents"]

T = TypeVar("T")


class _Read(Mapping[str, T], Generic[T]):
    """A mapping that travels, and is shown, as a plain one."""

    def __reduce__(self) -> Any:
        return dict, ([*self.items()],)

    def __deepcopy__(self, memo: object) -> dict[str, T]:
        return dict(self.items())

    def __repr__(self) -> str:
        return repr(dict(self.items()))


class _Keyed(_Read[T]):
    """One whose keys are known at once.

    Args:
        keys: key → what its value is made of.
    """

    def __init__(self, keys: Mapping[str, Any]) -> None:
        self._keys = keys
        self._known: dict[str, T] = {}

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


class Decoded(_Keyed[T]):
    """Values whose text is at hand, and is decoded when somebody looks at it.

    Args:
        texts: key → text, or several texts.
        decode: makes the value.
    """

    def __init__(self, texts: Mapping[str, Any], decode: Callable[[Any], T]) -> None:
        super().__init__(texts)
        self._decode = decode

    def __getitem__(self, key: str) -> T:
        if key not in self._known:
            self._known[key] = self._decode(self._keys[key])
        return self._known[key]


class Documents(_Keyed[bc.Invoice]):
    """The invoices of an account, in the order in which they were finalized.

    Args:
        numbers: of all of them.
        fetch: gives some by their numbers.
    """

    def __init__(
        self, numbers: Sequence[str], fetch: Callable[[Sequence[str]], Mapping[str, bc.Invoice]]
    ) -> None:
        super().__init__(dict.fromkeys(numbers))
        self._fetch = fetch

    def __getitem__(self, number: str) -> bc.Invoice:
        if number not in self._keys:
            raise KeyError(number)
        if number not in self._known:
            self._known.update(self._fetch([number]))
        return self._known[number]

    def values(self) -> Any:
        """Give all of them, read together."""
        self._read_all()
        return super().values()

    def items(self) -> Any:
        """Give all of them with their numbers, read together."""
        self._read_all()
        return super().items()

    def _read_all(self) -> None:
        missing = [number for number in self._keys if number not in self._known]
        if missing:
            self._known.update(self._fetch(missing))


class BilledLines(_Read[Sequence[bc.BilledLine]]):
    """The lines of an account on invoices that were live at one revision of it.

    Args:
        names: gives all that is billed.
        fetch: gives the lines of one; none if it was never billed.
    """

    def __init__(
        self,
        names: Callable[[], Sequence[str]],
        fetch: Callable[[str], Sequence[bc.BilledLine]],
    ) -> None:
        self._names = names
        self._fetch = fetch

    def __getitem__(self, billable: str) -> Sequence[bc.BilledLine]:
        found = self._fetch(billable)
        if not found:
            raise KeyError(billable)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())
