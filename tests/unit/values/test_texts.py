"""Many texts kept small: a sequence of blocks that behaves as a list that only grows."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingcore.values.texts import BLOCK, Texts

SIZES = [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 7]


def ids(count):
    """Make ids like those of drafts."""
    return [f"2026-01-01..2026-01-31/a{number:06}/S-{number}" for number in range(count)]


@pytest.mark.parametrize("size", SIZES)
def test_it_gives_back_what_it_was_given(size):
    """Before, at and behind the border of a block, length and texts are those of the list."""
    plain, texts = ids(size), Texts(ids(size))

    assert len(texts) == size
    assert list(texts) == plain
    assert texts == plain
    assert [texts[place] for place in range(size)][-3:] == plain[-3:]


@pytest.mark.parametrize("place", [0, 1, BLOCK - 1, BLOCK, -1, -7, -8, -BLOCK, -2 * BLOCK - 7])
def test_places(place):
    """A place is counted from the start, or from the end."""
    size = 2 * BLOCK + 7

    assert Texts(ids(size))[place] == ids(size)[place]


@pytest.mark.parametrize("place", [3, -4, BLOCK])
def test_a_place_that_is_none(place):
    """A place behind the end, or before the start, is an error."""
    with pytest.raises(IndexError):
        Texts(["a", "b", "c"])[place]


@pytest.mark.parametrize(
    "part",
    [
        slice(None),
        slice(5),
        slice(-5, None),
        slice(BLOCK - 2, BLOCK + 2),
        slice(None, None, BLOCK),
        slice(None, None, -500),
        slice(10, 5),
        slice(0, 10**9),
    ],
    ids=repr,
)
def test_slices(part):
    """A slice is that of the list, also over the borders of blocks and backwards."""
    size = 2 * BLOCK + 7

    assert Texts(ids(size))[part] == ids(size)[part]


def test_it_grows():
    """Texts are added at the end, one by one or many at once, also those of other such sequences."""
    texts = Texts()
    for text in ids(BLOCK - 1):
        texts.append(text)
    texts.extend(Texts(ids(3)))
    texts.extend(("x", "y"))

    assert texts == [*ids(BLOCK - 1), *ids(3), "x", "y"]


def test_empty_texts_and_other_scripts():
    """A block of empty texts is a block, and all scripts come back."""
    texts = ["", "Sitzplätze", "席", ""] * BLOCK

    assert list(Texts(texts)) == texts


@pytest.mark.parametrize(
    ("other", "is_equal"),
    [
        (["a", "b"], True),
        (("a", "b"), True),
        (Texts(["a", "b"]), True),
        (["a"], False),
        (["a", "c"], False),
        (["a", "b", "c"], False),
        ([1, 2], False),
        ({"a", "b"}, False),
        ("ab", False),
    ],
    ids=["list", "tuple", "texts", "shorter", "other", "longer", "numbers", "set", "text"],
)
def test_equality(other, is_equal):
    """It equals a list, a tuple and its like with the same texts in their order, and nothing else."""
    assert (Texts(["a", "b"]) == other) is is_equal
    assert (Texts(["a", "b"]) != other) is not is_equal


def test_it_has_no_hash():
    """It grows, so it is no key."""
    with pytest.raises(TypeError, match="unhashable"):
        hash(Texts())


def test_it_shows_its_length():
    """A million ids are not printed."""
    assert repr(Texts(ids(BLOCK + 1))) == f"<{BLOCK + 1} texts>"


def test_it_travels():
    """A worker's ids come back from another process as they were."""
    texts = Texts(ids(BLOCK + 1))

    assert pickle.loads(pickle.dumps(texts)) == texts  # noqa: S301 - our own bytes


def test_it_is_small():
    """A hundred thousand ids of drafts, some 44 characters each, take less than 10 bytes each."""
    assert len(pickle.dumps(Texts(ids(100_000)))) < 1_000_000


@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=5)))
def test_any_texts(texts):
    """Whatever texts without NUL are given come back."""
    assert list(Texts(texts * 60)) == texts * 60
