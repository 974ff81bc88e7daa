"""Stores with one fault each, of the kind that a database forgives and an auditor does not."""

from __future__ import annotations

from contextlib import contextmanager

import billingcore as bc
from billingcore.records.contact import NO_CONTACTS


class NumbersTwice(bc.MemoryStore):
    """Has no unique index on numbers."""

    def __init__(self, **given):
        super().__init__(**given)
        self._numbers = {}


class CountsFirst(bc.MemoryStore):
    """Takes a number back if the library refuses, and not if the host's code fails."""

    def _finalize(self, pending):
        with self._counted(pending.counter):
            return super()._finalize(pending)

    def skip(self, counter, make):
        with self._counted(counter):
            return super().skip(counter, make)

    @contextmanager
    def _counted(self, counter):
        count = self._next(counter)
        try:
            yield
        except ZeroDivisionError:
            self._counters[counter.name] = count
            raise


class ReleasesAll(bc.MemoryStore):
    """Deletes what is linked by account."""

    def release(self, account, *usage):
        super().release(account)


class KeepsContacts(bc.MemoryStore):
    """Adds contacts to a table, and reads the first."""

    def put_contacts(self, account, contacts):
        if self._ledger(account).contacts is NO_CONTACTS:
            super().put_contacts(account, contacts)


class FoldsCase(bc.MemoryStore):
    """Has a database that compares texts without a look at upper and lower case."""

    def _ledger(self, account):
        folded = {name.lower(): name for name in self.accounts()}
        return super()._ledger(folded.get(account.lower(), account))


class PadsTexts(bc.MemoryStore):
    """Has columns of fixed width, where blanks at the end do not count."""

    def draft(self, draft_id):
        return super().draft(draft_id.rstrip())
