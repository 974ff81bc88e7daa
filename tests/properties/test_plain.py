"""Whatever the engine makes can be stored and read back, and no text does any harm."""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.testing.canonical import canonical
from tests import change_strategies, engine_strategies
from tests.plain_values import KNOWN, scenarios

CODEC = bc.Codec(KNOWN)
TEXTS = [CODEC.to_json(value) for value in scenarios().values()]

numbers = st.integers(-(10**30), 10**30)
decimals = st.builds(
    lambda units, digits: Decimal(units).scaleb(-digits), numbers, st.integers(0, 9)
)
plain = st.recursive(
    st.none() | st.booleans() | numbers | st.text() | decimals | st.dates() | st.datetimes(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(), inner, max_size=4)
        | st.frozensets(st.text() | numbers, max_size=4)
    ),
    max_leaves=10,
)
junk = st.none() | st.booleans() | st.integers(-3, 10**4) | st.sampled_from(
    ["", "x", "NaN", "1e9", "2026-13-01", "Money", [], [[]], {}, {"ref": 0}, {"class": "Item"}]
)  # fmt: skip


def check(value):
    """Write a value, read it back, and compare both ways."""
    text = CODEC.to_json(value)
    again = CODEC.from_json(text, object)

    assert canonical(again) == canonical(value)
    assert CODEC.to_json(again) == bc.Codec(KNOWN).to_json(again) == text


@given(plain)
def test_values_of_the_host_come_back(value):
    """Whatever plain values a host has in its fields, they come back with type and digits."""
    check(bc.SourceRecord("Order", "O-1", {"Field": value}))


@given(engine_strategies.worlds(), engine_strategies.runs_by_month)
def test_what_a_run_makes_comes_back(records, month):
    """Snapshot, outcome, drafts and invoices of accounts come back, and bill the same."""
    store = engine_strategies.store_of(records)
    run = bc.InvoiceRun(month, policy=bc.LEVEL)
    for reference in store.references(bc.Criteria()):
        snapshot = store.snapshot(reference.account)
        check(snapshot)
        check(bc.bill(run, snapshot, store.tax))
    drafts = list(bc.execute(run, store).drafts)
    for invoice in bc.finalize_all(drafts, store, on=month.last).invoices:
        check(invoice)
        check(store.books(invoice.account.id))


@given(change_strategies.changed_contracts())
def test_contracts_come_back(contract):
    """Contracts with changes, pauses and any rhythm come back."""
    check(contract)


def places(data, way=()):
    """Give the way to each part of plain data."""
    yield way
    if isinstance(data, (dict, list)):
        for key, part in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(part, (*way, key))


def put(data, way, value):
    """Give a copy of plain data with one part replaced."""
    if not way:
        return value
    copy = data.copy()
    copy[way[0]] = put(data[way[0]], way[1:], value)
    return copy


@given(st.data())
def test_a_damaged_text_is_read_or_refused(data):
    """Whatever part of a text is replaced, it is read as a value or refused, and nothing else."""
    plain_data = json.loads(data.draw(st.sampled_from(TEXTS)))
    way = data.draw(st.sampled_from(list(places(plain_data))))
    damaged = put(plain_data, way, data.draw(junk))
    try:
        value = CODEC.from_plain(damaged, object)
    except bc.InvalidInputError as error:
        assert str(error)  # noqa: PT017 - whether it is raised depends on the damage
    else:
        CODEC.to_json(value)
