"""Laws of keys: two different things never share one."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from billingcore import billable_id, billing_key
from billingcore.values.keys import digest, escape
from tests.strategies import days

IDS = st.text(st.sampled_from("aB1/:@~#% \n\tä2F"), min_size=1, max_size=6)
PATHS = st.lists(IDS, min_size=1, max_size=3)
MEANT = set("/:@~# \n\t")


def unescape(text: str) -> str:
    """Read an escaped id again, without the code under test."""
    first, *others = text.split("%")
    return first + "".join(chr(int(part[:2], 16)) + part[2:] for part in others)


@given(IDS)
def test_an_escaped_id_can_be_read_again(text):
    """Escaping loses nothing and leaves no character with a meaning."""
    assert unescape(escape(text)) == text
    assert not MEANT & set(escape(text))


@given(PATHS, IDS | st.just(""), PATHS, IDS | st.just(""))
@example(["a", "b"], "", ["a/b"], "")
@example(["a"], "b", ["a:b"], "")
@example(["a%2Fb"], "", ["a/b"], "")
def test_different_billables_have_different_names(path, party, other_path, other_party):
    """Two names are equal only if paths and parties are."""
    is_same = billable_id(*path, party=party) == billable_id(*other_path, party=other_party)

    assert is_same == ((path, party) == (other_path, other_party))


KEYS = st.tuples(PATHS.map(lambda path: billable_id(*path)), st.none() | days(), st.integers(0, 30))


@given(KEYS, KEYS)
@example(("a", None, 1), ("a", None, 11))
def test_different_lines_have_different_keys(one, other):
    """Two keys are equal only if billable, first day and revision are."""
    assert (billing_key(*one) == billing_key(*other)) == (one == other)


@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
@example(["1:a"], ["a"])
@example(["a", "b"], ["a1:b"])
def test_different_lists_have_different_digests(one, other):
    """Two digests are equal only if the lists are."""
    assert (digest(one) == digest(other)) == (one == other)
