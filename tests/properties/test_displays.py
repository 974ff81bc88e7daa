"""Laws of displays: whatever a value holds, it draws itself as a table that can be read."""

from __future__ import annotations

import subprocess
import sys

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import billingcore as bc
from billingcore.render.notebook.cells import in_words, said
from billingcore.testing.strategies import OF
from tests.unit.render.pages import EVIL, Page

KINDS = sorted(OF, key=lambda kind: kind.__name__)
LONGEST = 100_000  # characters of a display
DECIDING = {"currency", "base", "quote"}  # texts that nobody can choose freely


def copy_with(value, name):
    """Copy a record with evil text in a field; `copy` gives some records back as they are."""
    changed = object.__new__(type(value))
    for each in attrs.fields(type(value)):
        object.__setattr__(changed, each.name, getattr(value, each.name))
    object.__setattr__(changed, name, EVIL)
    return changed


def with_text(value):
    """Yield a value with each of its texts replaced, whatever its class has against it."""
    if isinstance(value, tuple):
        names = [name for name in value._fields if type(getattr(value, name)) is str]
        yield from (value._replace(**{name: EVIL}) for name in names if name not in DECIDING)
    elif attrs.has(type(value)):
        for each in attrs.fields(type(value)):
            if type(getattr(value, each.name)) is str and each.name not in DECIDING:
                yield copy_with(value, each.name)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=10)
@given(data=st.data())
def test_a_display_is_whole_safe_short_and_the_same_each_time(kind, data):
    """A value of any class draws tables with captions and heads, the same ones when asked again."""
    value = data.draw(OF[kind])
    drawn = value._repr_html_()

    assert Page(drawn).tables
    assert drawn == value._repr_html_()
    assert len(drawn) < LONGEST


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=3)
@given(data=st.data())
def test_texts_of_a_host_are_texts(kind, data):
    """Markup, quotes, control and direction characters in any text of a value stay text."""
    for value in with_text(data.draw(OF[kind])):
        drawn = value._repr_html_()

        assert Page(drawn).tables
        assert not any(character in drawn for character in "\u202e\u2066\x00\x1b\x9b\ud800\u2028")


@given(st.text())
def test_a_cell_is_one_line(text):
    """What stands in a cell has no line break and no direction, and at most 201 characters."""
    assert len(said(text)) <= 201
    assert len(said(text).splitlines()) <= 1
    assert "\u202e" not in said(text)


@given(st.sampled_from([name for name in bc.__all__ if name[0].isupper() and not name.isupper()]))
def test_names_of_classes_are_words(name):
    """The words of a class have its letters, a capital first, and no word runs into the next."""
    assert in_words(name).replace(" ", "").lower() == name.lower()
    assert in_words(name)[0].isupper()


def test_nothing_is_formatted_before_something_is_shown():
    """Importing the package, and drawing values without documents, leaves Babel alone."""
    program = (
        "import sys, billingcore as bc; bc.Money('1', 'EUR')._repr_html_();"
        "bc.LEVEL._repr_html_(); print([name for name in sys.modules if name.startswith('babel')])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert told.stdout == "[]\n"
