"""Tests that need a package which only `.ci/run integrations` installs."""

from __future__ import annotations

from importlib.util import find_spec

import pytest


def needs(*modules):
    """Skip tests where a module is missing; nothing is imported."""
    missing = [each for each in modules if not find_spec(each)]
    reason = f"{', '.join(missing)} not installed; `.ci/run integrations` installs it"
    return pytest.mark.skipif(bool(missing), reason=reason)
