"""The programs of this folder, and a real server for those that need one."""

from __future__ import annotations

from tests.adapters.postgres_server import dsn
from tests.programs import told_by

__all__ = ["dsn", "told_by"]
