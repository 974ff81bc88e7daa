"""Texts that were stored by earlier versions stay readable, and mean what they meant."""

from __future__ import annotations

import json

import pytest

import billingcore as bc
from billingcore.plain.registry import RECORDS
from billingcore.testing.canonical import canonical
from tests.golden.values import (
    CODEC,
    HERE,
    NEWEST,
    added_fields,
    read_classes,
    read_shapes,
    shapes,
)


def stored():
    """Give every text that is kept, with what it means, by version and name."""
    found = {}
    for folder in sorted(HERE.glob("v[0-9]*")):
        for path in sorted(folder.glob("*.json")):
            if path.stem != "classes":
                pair = [each.read_text("utf-8")[:-1] for each in (path, path.with_suffix(".txt"))]
                found[f"{folder.name}-{path.stem}"] = pair
        for name, pair in read_classes(folder).items():
            found[f"{folder.name}-class-{name}"] = pair
    return found


STORED = stored()


@pytest.mark.parametrize("name", STORED)
class TestStoredText:
    """One text that was stored."""

    def test_it_means_what_it_meant(self, name):
        """A stored text is read as the value that was stored: its canonical text is the same.

        A field that its class did not have yet has its default, and no other value.
        """
        text, meaning = STORED[name]
        added = added_fields(HERE / name.partition("-")[0])
        value = CODEC.from_json(text, object)

        assert meaning in (canonical(value), canonical(value, added))

    def test_it_is_written_back_equal(self, name):
        """What was read from a text of the newest version is written as that text."""
        text, _ = STORED[name]
        again = CODEC.to_json(CODEC.from_json(text, object))

        assert again == text or json.loads(text)["schema"] < bc.SCHEMA

    def test_it_stays_readable_when_its_code_is_gone(self, name):
        """Without the functions of the host it is read with placeholders, and written back equal."""
        text, _ = STORED[name]
        again = bc.to_json(bc.from_json(text, object))

        assert again == text or json.loads(text)["schema"] < bc.SCHEMA


def test_every_class_has_a_golden_text():
    """There is a text of the newest version for each class that can be stored."""
    assert set(read_classes(NEWEST)) == set(RECORDS)


def test_fields_and_defaults_are_those_of_the_version():
    """No field or member is renamed, and no default changed, without a new version of the form.

    A field that equals its default is not in the text, so that another default would give old
    texts another meaning. What is new has a default, and is added to `shapes.txt`.
    """
    kept, now = read_shapes(NEWEST), shapes()

    assert sorted(set(kept) - set(now)) == []
    assert sorted(set(now) - set(kept)) == []
