"""Two stores that are asked the same, and have to answer the same."""

from __future__ import annotations

from collections.abc import Iterator

import billingcore as bc
from billingcore.testing import canonical

ASKED_ON_CHANGES = ("accounts", "drafts", "invoices", "skipped", "runs", "unresolved", "references")
CHANGES = {
    "add", "change", "add_usage", "add_claims", "put_earlier", "put_contacts", "put_coupons",
    "commit", "put", "discard", "finalize", "record", "skip", "release", "begin", "note",
}  # fmt: skip


def answer(call, *args, **kwargs):
    """Give what a call gives, or the error that it raises."""
    try:
        found = call(*args, **kwargs)
    except bc.BillingError as error:
        return error
    return [*found] if isinstance(found, Iterator) else found


def shown(found) -> str:
    """Write an answer as text."""
    if isinstance(found, BaseException):
        return f"{type(found).__name__}: {found}"
    if isinstance(found, list | tuple) and type(found) in (list, tuple):
        return "\n".join(map(shown, found))
    return canonical(found)


class Mirror:
    """A store in memory, and another one that has to do the same.

    Args:
        memory: the reference.
        other: the store that is compared with it.
    """

    def __init__(self, memory: bc.MemoryStore, other) -> None:
        self.memory = memory
        self.other = other
        self.tax = memory.tax
        self.setup = memory.setup

    def __getattr__(self, name):
        def asked(*args, **kwargs):
            expected = answer(getattr(self.memory, name), *args, **kwargs)
            found = answer(getattr(self.other, name), *args, **kwargs)
            assert shown(found) == shown(expected), name
            if name in CHANGES:
                self.compare()
            if isinstance(expected, bc.BillingError):
                raise expected
            return iter(found) if name in ("drafts", "invoices", "skipped") else found

        return asked

    def compare(self) -> None:
        """Compare all that the two stores know."""
        for name in ASKED_ON_CHANGES:
            expected, found = (answer(getattr(each, name)) for each in (self.memory, self.other))
            assert shown(found) == shown(expected), name
        for account in self.memory.accounts():
            for name in ("books", "snapshot"):
                expected, found = (
                    getattr(each, name)(account) for each in (self.memory, self.other)
                )
                assert canonical(found) == canonical(expected), (name, account)
        for run_id in {record.run_id for record in self.memory.runs()}:
            expected, found = (each.failures(run_id) for each in (self.memory, self.other))
            assert shown([*found]) == shown([*expected])
