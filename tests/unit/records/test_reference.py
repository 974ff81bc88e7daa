"""References: what a source says of a record before it is read."""

from __future__ import annotations

import pickle

import pytest

import billingcore as bc


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        (bc.Reference("acme", "S-1/seats", currency="EUR", entity="north"), "acme/EUR/north"),
        (bc.Reference("acme", "S-1/seats", currency="EUR", entity=""), "acme/EUR"),
        (bc.Reference("acme", currency="EUR"), "acme/EUR"),
        (bc.Reference("acme", entity="north"), "acme//north"),
        (bc.Reference("acme"), "acme"),
        (bc.Reference("A/1", currency="EUR", entity="North & Co"), "A%2F1/EUR/North%20&%20Co"),
        (bc.Reference("A/"), "A%2F"),
    ],
    ids=[
        "all", "no entity", "entity not known", "currency not known", "account", "escaped",
        "account that ends with a slash",
    ],
)  # fmt: skip
def test_a_grouping_key_says_what_records_of_one_invoice_share(reference, key):
    """Account, currency and entity make the key; what is not known at its end is left out."""
    assert reference.grouping_key == key


def test_a_reference_travels():
    """It is a plain tuple, so that millions of them go to other processes and databases."""
    reference = bc.Reference("acme", "Order/O-1", frequency="1m", batch="A")

    assert pickle.loads(pickle.dumps(reference)) == reference  # noqa: S301
    assert reference == ("acme", "Order/O-1", None, None, "1m", "A", None)
