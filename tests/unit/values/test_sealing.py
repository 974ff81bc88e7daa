"""Copies of sealed values."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.values.sealing import changed


def test_a_field_that_there_is_not_is_refused():
    """A copy of a sealed value has the fields of the original, and no others."""
    made = bc.draft(
        bc.Account("acme", currency="EUR"), [bc.Item("work", unit_price=1)],
        period=bc.Period.month(2026, 1),
    )  # fmt: skip

    with pytest.raises(TypeError, match="colour"):
        changed(made, colour="red")
