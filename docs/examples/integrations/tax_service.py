"""A tax engine that asks a service over HTTP, with nothing but the standard library.

    python docs/examples/integrations/tax_server.py 8019
    python docs/examples/integrations/tax_service.py http://127.0.0.1:8019/taxes

The library opens no socket. It asks its tax engine all questions of a window of accounts at once, and
this one is code of the host: it is the place for batches, time-outs, another try, and a cache.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import billingcore as bc

OK: Final = 200
TOO_MANY: Final = 429


class Asked(NamedTuple):
    """What the service is asked: whatever decides the tax, and nothing else.

    Equal questions are asked once, so a thousand customers in one country are one question.
    """

    code: str
    first: str
    last: str
    buyer: str
    seller: str


class RemoteTax:
    """A `TaxEngine` that asks a service; several threads may use it at once.

    Estimates are remembered as long as the object lives: make one for each run. Answers for invoices
    never are, and neither are refusals.

    Args:
        url: where questions are posted to.
        timeout: seconds to wait for the service each time.
        attempts: how often a batch is sent before it is given up.
        pause: seconds to wait before the second attempt; before each further one twice as long.
        rest: seconds for which a service that was given up is not asked again. The library asks for
            each account by itself after a call has failed, and each would wait for all time-outs.
        batch: how many questions are asked at once.
        wait: waits for some seconds; a test has one that does not.
        clock: gives the time in seconds.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 5,
        attempts: int = 3,
        pause: float = 0.5,
        rest: float = 30,
        batch: int = 200,
        wait: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(url)
        self._connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host = parts.netloc
        self._path = parts.path or "/"
        self._timeout = timeout
        self._attempts = attempts
        self._pause = pause
        self._rest = rest
        self._batch = batch
        self._wait = wait
        self._clock = clock
        self._rests_until = clock()
        self._failure = ""
        self._estimates: dict[Asked, bc.TaxAnswer] = {}

    def taxes(
        self, questions: Sequence[bc.TaxQuestion], purpose: bc.TaxPurpose, /
    ) -> Sequence[bc.TaxAnswer]:
        """Answer questions in their order.

        Raises:
            PortError: the service is down, which can be tried again; or it gives wrong answers.
        """
        asked = [_asked(question) for question in questions]
        known = dict(self._estimates) if purpose is bc.TaxPurpose.ESTIMATE else {}
        new = [each for each in dict.fromkeys(asked) if each not in known]
        for batch in _batches(new, self._batch):
            answers = dict(zip(batch, self._ask(batch, purpose), strict=True))
            known |= answers
            if purpose is bc.TaxPurpose.ESTIMATE:
                self._estimates |= _without_refusals(answers)
        return [known[each] for each in asked]

    def _ask(self, batch: Sequence[Asked], purpose: bc.TaxPurpose) -> Sequence[bc.TaxAnswer]:
        """Ask one batch, and read the answers."""
        content = {"purpose": purpose.value, "questions": [each._asdict() for each in batch]}
        text = self._tried(json.dumps(content, sort_keys=True).encode())
        try:
            return _read(text, len(batch))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            rule = f"{self._host} gave a wrong answer: {type(error).__name__}: {error}"
            raise _failed(rule, batch, is_retryable=False) from error

    def _tried(self, body: bytes) -> bytes:
        """Post questions until the service answers, but not for ever."""
        resting = self._rests_until - self._clock()
        if resting > 0:
            raise _failed(f"{self._failure}; it is not asked again for {resting:.0f} seconds")
        for attempt in range(self._attempts):
            if attempt:
                self._wait(self._pause * 2 ** (attempt - 1))
            try:
                return self._post(body)
            except (OSError, HTTPException) as error:
                self._failure = f"{self._host} gave no answer: {type(error).__name__}: {error}"
        self._rests_until = self._clock() + self._rest
        raise _failed(f"{self._failure} (in {self._attempts} attempts)")

    def _post(self, body: bytes) -> bytes:
        """Post questions once.

        The same questions have the same key, also after a time-out or a crash. A service that keeps
        what it answers for invoices can tell by it that it has been asked before.
        """
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Idempotency-Key": sha256(body).hexdigest(),
        }
        connection = self._connect(self._host, timeout=self._timeout)
        try:
            connection.request("POST", self._path, body, headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        status = f"{response.status} {response.reason}"
        if response.status == TOO_MANY or response.status >= 500:
            raise OSError(status)
        if response.status != OK:
            raise _failed(f"{self._host} refused the questions: {status}", is_retryable=False)
        return text


def _asked(question: bc.TaxQuestion) -> Asked:
    """Write a question as the service reads it."""
    return Asked(
        question.code,
        str(question.days.first),
        str(question.days.last),
        question.account.tax_region,
        question.entity.tax_region if question.entity else "",
    )


def _read(text: bytes, count: int) -> Sequence[bc.TaxAnswer]:
    """Read the answers to some questions.

    A rate like 8.1 stays what the service wrote: no number passes through a float.
    """
    rows = json.loads(text, parse_float=Decimal)["answers"]
    if len(rows) != count:
        raise ValueError(f"{len(rows)} answers to {count} questions")
    return [_answer(each) for each in rows]


def _answer(row: dict[str, Any]) -> bc.TaxAnswer:
    """Read an answer: why there is none, or the taxes of all days in their order.

    `Tax` refuses a rate that cannot be; its error is a `ValueError`, too.
    """
    if "refused" in row:
        return bc.TaxRefusal(str(row["refused"]), str(row.get("fix", "")))
    return tuple(
        bc.TaxSlice(
            bc.Period.closed(each["first"], each["last"]),
            bc.Tax(
                row["code"],
                rate=each["rate"],
                category=bc.TaxCategory(each.get("category", "S")),
                reason=each.get("reason", ""),
            ),
        )
        for each in row["taxes"]
    )


def _batches(asked: Sequence[Asked], size: int) -> Iterator[Sequence[Asked]]:
    return (asked[start : start + size] for start in range(0, len(asked), size))


def _without_refusals(answers: dict[Asked, bc.TaxAnswer]) -> dict[Asked, bc.TaxAnswer]:
    return {key: each for key, each in answers.items() if not isinstance(each, bc.TaxRefusal)}


def _failed(rule: str, asked: Sequence[Asked] = (), *, is_retryable: bool = True) -> bc.PortError:
    """Make the error that the library turns into a problem of each account."""
    codes = ", ".join(sorted({each.code for each in asked}))
    return bc.PortError(rule, port="TaxEngine", question=codes, is_retryable=is_retryable)


def main(url: str) -> None:
    """Bill a shop whose taxes are known to a service."""
    store = bc.MemoryStore(tax=RemoteTax(url))
    for name, country in (("acme", "DE"), ("borg", "AT")):
        rent = bc.Item("rent", unit_price="30.00", tax_code="standard")
        store.add(bc.Account(name, currency="EUR", tax_region=country))
        store.add(bc.Subscription(f"S-{name}", account=name, items=[rent]))
    report = bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1)), store)
    print(report)
    for problem in report.problems:
        print(problem)


if __name__ == "__main__":
    main(*sys.argv[1:])
