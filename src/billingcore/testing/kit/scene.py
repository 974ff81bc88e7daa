"""One clause of the contract, and the stage on which a store plays it."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from typing import Any, Final, cast
from unittest import SkipTest

from attrs import field, frozen

from billingcore.errors import InvariantViolationError, told
from billingcore.records.setup import Setup
from billingcore.scope.selection import Filter
from billingcore.testing.kit.watching import Watched
from billingcore.testing.machine_world import SETUP, TAX

__all__ = ["PARTS", "Clause", "ClauseError", "MakeStore", "Scene", "clause"]

MakeStore = Callable[..., Any]
"""Gives a new empty store: ``make(tax=..., setup=..., filters=...)``, as `MemoryStore` does."""

PARTS: Final[dict[str, tuple[str, ...]]] = {
    "source": ("references", "snapshot", "unresolved", "tax", "add"),
    "drafts": ("commit", "failures", "draft", "drafts", "put", "discard"),
    "invoices": ("finalize", "books", "record", "skip"),
    "executions": ("begin", "note", "runs"),
    "changes": ("change",),
    "usage": ("add_usage",),
    "claims": ("add_claims",),
    "contacts": ("put_contacts",),
    "coupons": ("put_coupons",),
    "chains": ("put_earlier",),
    "release": ("release",),
    "records": (),
    "threads": (),
    "shared": (),
}
"""What a store can have → the methods for it; a clause is asked of those that have all it needs.

``records`` (of the host's own, routed by filters) and ``threads`` show in no method: say
``without=["records"]`` if a store has them not. ``shared`` is a store that can be pickled.
"""

PROTOCOL: Final = ("source", "drafts", "invoices", "executions")
"""The parts that every store has; one without a method of these breaks the contract."""


class ClauseError(AssertionError):
    """A store breaks a clause of the contract.

    Attributes:
        clause: its name.
        text: the clause.
        expected: what it asks for.
        seen: what was there.
        calls: the calls of the store that led there, oldest first.
    """

    def __init__(
        self, clause: str, text: str, expected: str, seen: str, calls: tuple[str, ...]
    ) -> None:
        super().__init__(clause, text, expected, seen, calls)
        self.clause: str = clause
        self.text: str = text
        self.expected: str = expected
        self.seen: str = seen
        self.calls: tuple[str, ...] = calls

    def __str__(self) -> str:
        rows = [
            f"{self.clause}: {self.text}",
            f"  expected: {self.expected}",
            f"  seen: {self.seen}",
        ]
        return "\n".join([*rows, "  calls:", *(f"    {call}" for call in self.calls)])


class _Broken(Exception):  # noqa: N818 - it becomes a ClauseError
    """What a clause asks for, and what is there instead."""

    def __init__(self, expected: str, seen: str) -> None:
        super().__init__(expected, seen)
        self.expected: str = expected
        self.seen: str = seen


class Scene:
    """The stage of one clause: opens stores, compares, and knows what was called.

    Attributes:
        calls: the calls of all stores that it opened.
    """

    def __init__(self, make: MakeStore, without: Collection[str] = ()) -> None:
        self._make = make
        self._without = without
        self._open: list[Any] = []
        self.calls: list[str] = []

    def open(self, *records: object, setup: Setup = SETUP, filters: tuple[Filter, ...] = ()) -> Any:
        """Make a store, and add records to it."""
        made = self._make(tax=TAX, setup=setup, filters=filters)
        self._open.append(made)
        store = Watched(made, self.calls)
        if records:
            store.add(*records)
        return store

    def again(self, store: Any) -> Any:
        """Give another handle on a store, as it arrives in another process."""
        made = pickle.loads(pickle.dumps(store.store))  # noqa: S301 - written here
        self._open.append(made)
        return Watched(made, self.calls)

    def has(self, store: Any, method: str) -> bool:
        """Tell whether a store has a method that only some have."""
        return callable(getattr(store.store, method, None))

    def check_needs(self, needs: Collection[str]) -> None:
        """Skip a clause that is not asked of this store.

        Raises:
            SkipTest: with the reason.
            _Broken: it is no store at all, since it lacks what every one has.
        """
        for part in needs:
            if part in self._without:
                raise SkipTest(f"the store is said to be without {part}")
        made = self.open().store
        for part in needs:
            missing = [name for name in PARTS[part] if not hasattr(made, name)]
            if missing and part in PROTOCOL:
                raise _Broken(f"the methods {', '.join(PARTS[part])}", f"no {', '.join(missing)}")
            if missing:
                raise SkipTest(f"no {part}: the store has no {', '.join(missing)}")
        if "shared" in needs and not _travels(made):
            raise SkipTest("not shared: the store cannot be pickled")

    def close(self) -> None:
        """Close what was opened, where it can be closed."""
        for store in self._open:
            close = getattr(store, "close", None)
            if close is not None:
                close()

    def same(self, what: str, seen: object, expected: object) -> None:
        """Compare what is there with what the clause asks for."""
        if seen != expected:
            raise _Broken(f"{what}: {expected}", f"{seen}")

    def holds(self, what: str, is_so: bool, seen: object) -> None:
        """Require something."""
        if not is_so:
            raise _Broken(what, f"{seen}")

    @contextmanager
    def refuses(self, what: str, *kinds: type[Exception]) -> Generator[None]:
        """Require that a block is refused with an error of one of some kinds."""
        names = " or ".join(kind.__name__ for kind in kinds)
        try:
            yield
        except kinds:
            return
        except Exception as error:
            raise _Broken(f"{names}, since {what}", told(error)) from error
        raise _Broken(f"{names}, since {what}", "it is not refused")


@frozen(repr=False)
class Clause:
    """One clause of the contract: a function that takes a *make* and raises if a store breaks it.

    It can be given to `pytest.mark.parametrize` as it is. Stores without the parts that it needs are
    skipped, by `unittest.SkipTest`, which pytest and unittest understand.

    Attributes:
        name: its name, like ``overlap_is_refused``.
        text: the clause.
        needs: the parts that a store must have for it, names of `PARTS`.
    """

    name: str
    text: str
    needs: tuple[str, ...]
    _play: Callable[[Scene], None] = field(eq=False)

    @property
    def __name__(self) -> str:
        """Its name, for test runners."""
        return self.name

    def __repr__(self) -> str:
        return f"<clause {self.name}>"

    def __call__(self, make: MakeStore, *, without: Collection[str] = ()) -> None:
        """Check a store.

        Args:
            make: gives a new empty store.
            without: parts that the store has not, names of `PARTS`.

        Raises:
            ClauseError: the store breaks the clause.
            SkipTest: the clause is not asked of this store.
        """
        scene = Scene(make, without)
        try:
            scene.check_needs(self.needs)
            self._play(scene)
        except SkipTest:
            raise
        except _Broken as error:
            raise self._error(error.expected, error.seen, scene) from error
        except InvariantViolationError as error:
            seen = f"{error.evidence}"[:2000]
            raise self._error(f"the law that {error}", seen, scene) from error
        except Exception as error:
            raise self._error("no error", told(error), scene) from error
        finally:
            scene.close()

    def _error(self, expected: str, seen: str, scene: Scene) -> ClauseError:
        return ClauseError(self.name, self.text, expected, seen, tuple(scene.calls))


def clause(*needs: str) -> Callable[[Callable[[Scene], None]], Clause]:
    """Make a function a clause: its docstring is the clause, its name the name without ``check_``."""

    def made(play: Callable[[Scene], None]) -> Clause:
        text = " ".join((play.__doc__ or "").split())
        return Clause(play.__name__.removeprefix("check_"), text, needs, play)

    return made


_REDUCERS: Final = ("__reduce__", "__reduce_ex__")


def _travels(store: Any) -> bool:
    """Tell whether a store can be pickled, because somebody has thought of it."""
    kind = cast("object", type(store))
    if all(getattr(kind, name) is getattr(object, name) for name in _REDUCERS):
        return False
    try:
        pickle.dumps(store)
    except Exception:  # noqa: BLE001 - whatever it is, it cannot travel
        return False
    return True
