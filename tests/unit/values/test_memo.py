"""The bounded memory."""

from __future__ import annotations

import pickle

from billingcore.values.memo import LIMIT, Memo


class TestMemo:
    def test_keeps_and_gives(self):
        """A kept answer is given back, at once and later."""
        memo = Memo()

        assert memo.keep("question", 42) == 42
        assert memo.get("question") == 42
        assert memo.get("other") is None

    def test_forgets_when_full(self):
        """It never holds more than its limit."""
        memo = Memo()
        for number in range(LIMIT):
            memo.keep(number, number)
        assert len(memo) == LIMIT

        memo.keep("one more", 1)
        assert dict(memo) == {"one more": 1}

    def test_travels_empty(self):
        """A pickled memory arrives without its answers."""
        memo = Memo({"question": 42})

        arrived = pickle.loads(pickle.dumps(memo))  # noqa: S301
        assert (type(arrived), len(arrived)) == (Memo, 0)
