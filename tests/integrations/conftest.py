"""Where the integration examples are, and the Django site of them on a new database."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.integrations.programs import manage

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
for folder in (EXAMPLES / "integrations", EXAMPLES / "integrations" / "fastapi_service"):
    sys.path.insert(0, str(folder))  # as Python does for a script that it runs


@pytest.fixture(scope="session")
def integrations() -> Path:
    """Give the folder of the integration examples."""
    return EXAMPLES / "integrations"


@pytest.fixture(scope="session")
def site(integrations, tmp_path_factory):
    """Set up the site on a new database, as its page says, and give its folder."""
    import django

    folder = integrations / "django_shop"
    os.environ["SHOP_DATABASE"] = str(tmp_path_factory.mktemp("shop") / "shop.sqlite3")
    os.environ["DJANGO_SETTINGS_MODULE"] = "website.settings"
    sys.path.insert(0, str(folder))
    django.setup()
    manage("migrate")
    return folder
