"""A store on any database of SQL: all that `MemoryStore` does, kept for good.

What is where:

* `sql_database`: connections, transactions, and what is tried again.
* `sql_dialect`: what is different in a database.
* `sql_schema`: the tables, and how they become those of a newer version.
* `sql_step`: what a step locks, reads and writes.
* `sql_reading`, `sql_views`: what a store says.
* `sql_drafts`, `sql_invoices`, `sql_intake`, `sql_runs`: what changes it.
* `sql_chain`: whether somebody else has changed it.
* `sqlite_store`, `postgres_store`: the databases.

The rules are not here: what is refused, and in which words, is in `billingcore.keeping` and
`billingcore.intake`, which every store shares.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any, cast

from sql_chain import Altered, Chain
from sql_database import Database
from sql_dialect import Dialect
from sql_intake import Intake
from sql_reading import Partition
from sql_runs import Runs
from sql_schema import migrate

import billingcore as bc

__all__ = ["Altered", "Partition", "SqlStore"]


class SqlStore(Intake, Runs, Chain):
    """Accounts, drafts, invoices, books and executions in a database; a `Source` and a `Store`.

    Several threads and processes may use it at once. It travels to the workers of an executor as
    the name of its database, which is opened anew there.

    Args:
        dialect: which database, and what is different in it.
        tax: the tax engine; by default one that knows no code.
        setup: templates, business entities and bookkeeping; by default one template named Default.
        filters: by which records of the host are handed to accounts; give those of the runs.
        known: functions and objects of the host that records and runs mention.

    Raises:
        PortError: the database cannot be opened, or is of a newer version.
    """

    def __init__(
        self,
        dialect: Dialect,
        *,
        tax: bc.TaxEngine | None = None,
        setup: bc.Setup | None = None,
        filters: Iterable[bc.Filter] = (),
        known: Mapping[str, object] | Iterable[object] = (),
    ) -> None:
        self.tax = bc.TaxTable({}) if tax is None else tax
        self.setup = bc.Setup() if setup is None else setup
        self.filters = tuple(filters)
        self.known = known if isinstance(known, Mapping) else tuple(known)
        self.codec = bc.Codec(known=self.known)
        self.database = Database(dialect)
        self._way: Callable[..., Any] | None = None
        migrate(self.database)

    def close(self) -> None:
        """Close all connections of this process; they are opened again when they are needed.

        A database in memory is gone then.
        """
        self.database.close()

    def travels_by(self, open_store: Callable[..., Any], *where: object, **more: object) -> None:
        """Say how the store is opened where it arrives."""
        self._way = partial(open_store, *where, **more)

    def __reduce__(self) -> Any:
        """Travel as what opens the database; a process has one store for each.

        Raises:
            InvalidInputError: it is in the memory of this process.
        """
        if self._way is None:
            rule, fix = "it is in the memory of this process", "use a file"
            raise bc.InvalidInputError(rule, record=type(self).__name__, fix=fix)
        own = {"tax": self.tax, "setup": self.setup, "filters": self.filters, "known": self.known}
        return _arrived, (pickle.dumps(partial(self._way, **own)),)


@lru_cache(maxsize=16)
def _arrived(sent: bytes) -> SqlStore:
    """Open a store that has traveled, once in each process."""
    return cast("SqlStore", pickle.loads(sent)())  # noqa: S301 - made by `__reduce__`
