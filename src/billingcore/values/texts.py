"""Many texts that are read seldom, kept small."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import eq
from typing import Final, cast, overload

__all__ = ["Texts"]

BLOCK: Final = 1024
"""Texts that are packed together."""
_BETWEEN: Final = "\0"


class Texts(Sequence[str]):  # noqa: PLW1641 - it grows, so it has no hash
    """A sequence of texts that grows at its end: packed in blocks, since texts like ids are alike.

    A million ids of drafts take a few MiB. It equals a list or tuple of the same texts.

    >>> ids = Texts(["a", "b"])
    >>> ids.append("c")
    >>> ids[-1], len(ids), ids == ["a", "b", "c"]
    ('c', 3, True)
    """

    __slots__ = ("_blocks", "_last")

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._blocks: list[bytes] = []
        self._last: list[str] = []
        self.extend(texts)

    def append(self, text: str) -> None:
        """Add a text, which has no NUL in it."""
        self.extend((text,))

    def extend(self, texts: Iterable[str]) -> None:
        """Add texts, which have no NUL in them."""
        rest = iter(texts)
        while some := list(islice(rest, BLOCK - len(self._last))):
            self._last += some
            if len(self._last) == BLOCK:
                self._blocks.append(zlib.compress(_BETWEEN.join(self._last).encode(), 1))
                self._last = []

    def __len__(self) -> int:
        return len(self._blocks) * BLOCK + len(self._last)

    def __iter__(self) -> Iterator[str]:
        for block in range(len(self._blocks) + 1):
            yield from self._read(block)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [*self._chosen(range(*index.indices(len(self))))]
        block, place = divmod(range(len(self))[index], BLOCK)
        return self._read(block)[place]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (list, tuple, Texts)):
            return NotImplemented
        texts = cast("Sequence[object]", other)
        return len(self) == len(texts) and all(map(eq, self, texts))

    def __repr__(self) -> str:
        return f"<{len(self)} texts>"

    def _chosen(self, places: range) -> Iterator[str]:
        """Yield the texts at some places; a block is unpacked once."""
        known, texts = -1, list[str]()
        for each in places:
            block, place = divmod(each, BLOCK)
            if block != known:
                known, texts = block, self._read(block)
            yield texts[place]

    def _read(self, block: int) -> list[str]:
        if block == len(self._blocks):
            return self._last
        return zlib.decompress(self._blocks[block]).decode().split(_BETWEEN)
