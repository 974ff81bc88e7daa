"""The store of the Django app keeps every clause of the contract that it has the parts for."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from shutil import copyfile

import pytest

from billingcore import testing
from tests.integrations.needs import needs
from tests.integrations.programs import manage

# The packages' own warnings are none of ours.
pytestmark = [needs("django"), pytest.mark.filterwarnings("default")]


def test_the_store_conforms(site, monkeypatch, tmp_path):
    """The kit finds no clause broken; it is not asked of records of the host that accounts share."""
    from django.db import connection, connections

    from tests.integrations.django_kit import KitStore

    manage("flush", interactive=False)
    used = connections.settings["default"]
    monkeypatch.setitem(used, "NAME", used["NAME"])  # the database of other tests comes back
    connection.close()
    empty = Path(copyfile(used["NAME"], tmp_path / "empty.sqlite3"))
    report = testing.check_store(partial(KitStore, empty), without=("records",))
    connection.close()
    assert report.badge.startswith("conforms to store contract 1")
