"""A store beside the one in memory, through random histories: both are to say and hold the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["store_machine"]


def store_machine(make: Callable[..., Any]) -> type[Any]:
    """Make a Hypothesis state machine that compares a store with `MemoryStore`.

    It adds accounts, contracts and usage, bills, edits, stores, finalizes, pays, credits, cancels,
    discards, releases, skips numbers, takes leases and lets processes die, in random order, on both
    stores. Whatever one of them says, or refuses with which kind of error, the other is to say and
    refuse; after each step both hold the same. A fault is shown as the shortest history that
    Hypothesis finds for it. Needs the package ``hypothesis``.

    In a test module, for pytest as for unittest::

        TestMyStore = store_machine(make_my_store).TestCase

    Each history is 25 steps long, and there are 40, unless the settings of the test case are changed:
    ``TestMyStore.settings = hypothesis.settings(max_examples=500, deadline=None)``.

    >>> from billingcore import MemoryStore
    >>> machine = store_machine(MemoryStore)
    >>> machine.TestCase.settings.max_examples
    40

    Args:
        make: gives a new empty store; called with the keyword arguments *tax*, *setup* and *filters*,
            as `MemoryStore` takes them. The store has the methods of `MemoryStore` with which a host
            fills it: `add` always, and `change`, `add_usage`, `add_claims`, `put_contacts`,
            `put_coupons`, `put_earlier` and `release` if it offers them; without, their steps are
            left out.
    """
    from hypothesis import settings  # noqa: PLC0415 - needed by those only who call this

    from billingcore.testing.machine_rules import TwoStores  # noqa: PLC0415 - as above

    class StoreMachine(TwoStores):
        """The store of the host beside the one in memory."""

        make_store = staticmethod(make)

    StoreMachine.TestCase.settings = settings(
        max_examples=40, stateful_step_count=25, deadline=None
    )
    return StoreMachine
