"""The stores on databases do the same as the store in memory, whatever is done to them."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from sqlite_store import open_store

import billingcore as bc
from tests.adapters.sql_mirror import Mirror
from tests.engine_strategies import tax_table
from tests.properties.test_stateful import Host


class MirroredHost(Host):
    """A host of two stores at once."""

    def __init__(self) -> None:
        super().__init__()
        given = {"tax": tax_table(), "setup": self.store.setup}
        self.store = Mirror(bc.MemoryStore(**given), open_store(":memory:", **given))

    def teardown(self) -> None:
        """Check the chain, and close the database."""
        assert self.store.other.verify() == []
        self.store.other.close()


TestHost = MirroredHost.TestCase
TestHost.settings = settings(
    max_examples=10, stateful_step_count=15, suppress_health_check=[*HealthCheck]
)
