"""Where the real records are that some tests bill."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def data_folder(name: str) -> Path:
    """Give a folder of real data, or skip the test that asks for it."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("BILLINGCORE_DATA", str(beside))) / name
    if not folder.is_dir():
        pytest.skip(f"the real data {name!r} is not here; set BILLINGCORE_DATA to its folder")
    return folder
