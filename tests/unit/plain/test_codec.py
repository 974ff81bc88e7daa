"""Versions of the plain form, and what a codec remembers."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

import billingcore as bc
from billingcore.errors import InvariantViolationError
from billingcore.plain.codec import UPGRADES, upgraded
from billingcore.values import memo
from tests.plain_values import KNOWN, is_open, scenarios

MONEY = bc.Money("1.50", "EUR")


def first_to_second(data):
    """In a made-up version 1 money had a `value`."""
    amount = data["value"]["value"]
    return {"value": {"class": "Money", "amount": amount, "currency": "EUR"}}


def second_to_third(data):
    """In a made-up version 2 money had no dollars."""
    return {"value": {**data["value"], "currency": "USD"}}


class TestVersions:
    """Texts of older versions."""

    def test_older_data_is_brought_to_the_newest_version_step_by_step(self):
        """Data of version 1 becomes that of version 2, and that becomes version 3."""
        data = {"schema": 1, "value": {"class": "Money", "value": "1.50"}}
        found = upgraded(data, 3, {1: first_to_second, 2: second_to_third})

        assert found == {
            "schema": 3,
            "value": {"class": "Money", "amount": "1.50", "currency": "USD"},
        }

    def test_a_version_without_a_way_to_the_next_one_is_no_silent_loss(self):
        """If nobody wrote the step from a version to the next one, reading it fails loudly."""
        with pytest.raises(InvariantViolationError, match="plain data of version 2 can be read"):
            upgraded({"schema": 1}, 3, {1: first_to_second_without_value})

    def test_wrong_data_of_an_older_version_is_refused(self):
        """What a step to the next version cannot use is wrong data, not a crash."""
        with pytest.raises(bc.InvalidInputError, match="schema = 1: no data of its version: KeyE"):
            upgraded({"schema": 1}, 2, {1: first_to_second})

    def test_every_version_has_a_step_to_the_next_one(self):
        """There is a step for each version but the newest, and golden files for each version."""
        from tests.golden.values import HERE

        assert set(UPGRADES) == set(range(1, bc.SCHEMA))
        assert {path.name for path in HERE.glob("v[0-9]*")} == {
            f"v{n + 1}" for n in range(bc.SCHEMA)
        }


def first_to_second_without_value(data):
    """Change nothing."""
    return data


class TestMemory:
    """What a codec remembers of one text for the next."""

    def test_a_codec_that_remembers_writes_and_reads_the_same(self):
        """All documents through one codec give the same as each through its own."""
        codec = bc.Codec(KNOWN)
        values = [*scenarios().values()] * 2

        for value in values:
            text = codec.to_json(value)
            assert text == bc.Codec(KNOWN).to_json(value)
            assert codec.to_json(codec.from_json(text, object)) == text

    def test_it_forgets_when_it_is_full(self, monkeypatch):
        """A codec whose memory is too small for one document writes and reads it all the same."""
        monkeypatch.setattr(memo, "LIMIT", 2)
        codec = bc.Codec(KNOWN)
        invoice = scenarios()["invoice"]
        text = codec.to_json(invoice)

        assert codec.to_json(codec.from_json(text, bc.Invoice)) == text

    def test_what_can_be_altered_is_not_remembered(self):
        """A list in a field of the host is written as it is now, not as it was before."""
        codec = bc.Codec()
        tags = ["a"]
        accounts = (bc.Account("acme", currency="EUR", custom={"Tags": tags}),)
        before = codec.to_json(accounts)
        tags.append("b")
        first, second = (codec.from_json(before, tuple)[0].custom for _ in range(2))

        assert codec.to_json(accounts) != before
        assert first[0][1] is not second[0][1]

    def test_equal_parts_of_documents_become_one_object(self):
        """The policy of two documents that were read is one object."""
        codec = bc.Codec(KNOWN)
        text = codec.to_json(scenarios()["invoice"])
        one, other = (codec.from_json(text, bc.Invoice) for _ in range(2))

        assert one.draft.policy is other.draft.policy
        assert one.draft.lines[0].span is other.draft.lines[0].span

    def test_a_codec_travels_to_other_processes(self):
        """A codec that was pickled knows the same functions, by the same names."""
        codec = pickle.loads(pickle.dumps(bc.Codec({"open": is_open})))  # noqa: S301

        assert '{"known":"open"}' in codec.to_json(bc.Filter("Open", is_open))

    def test_threads_can_share_a_codec(self):
        """Eight threads that write and read with one codec get what one thread gets."""
        codec = bc.Codec(KNOWN)
        values = [*scenarios().values()] * 8
        wanted = [bc.Codec(KNOWN).to_json(value) for value in values]

        def through(value):
            return codec.to_json(codec.from_json(codec.to_json(value), object))

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(through, values)) == wanted
