"""The tax engine that asks a service: what it asks, what it believes, and what it does if nobody answers."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from http.server import ThreadingHTTPServer
from threading import Event, Thread

import attrs
import pytest
import tax_server
from tax_service import RemoteTax

import billingcore as bc

JANUARY = bc.InvoiceRun(bc.Period.month(2026, 1))
ESTIMATE, ACTUAL = bc.TaxPurpose.ESTIMATE, bc.TaxPurpose.ACTUAL


class Service(ThreadingHTTPServer):
    """A tax service on a free port, whose answers can be spoiled.

    Attributes:
        replies: what the next calls get instead of an answer; each is used once.
        calls: body and headers of each call.
        closing: ends answers that never come.
    """

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies = []
        self.calls = []
        self.closing = Event()
        self.url = f"http://127.0.0.1:{self.server_port}/taxes"


class Handler(tax_server.TaxHandler):
    """Answers as the example's server does, unless the test wants something else."""

    def do_POST(self):  # noqa: N802 - as its base calls it
        service = self.server
        text = self.rfile.read(int(self.headers["Content-Length"]))
        service.calls.append((json.loads(text), dict(self.headers)))
        reply = service.replies.pop(0) if service.replies else None
        if reply == "slow":
            service.closing.wait(60)
        elif reply == "cut":
            self.reply(200, b"", length=100)
        elif isinstance(reply, int):
            self.reply(reply, b"{}")
        elif reply is not None:
            self.reply(200, reply)
        else:
            questions = json.loads(text)["questions"]
            self.reply(200, json.dumps({"answers": [*map(tax_server.answer, questions)]}).encode())

    def reply(self, status, text, length=None):
        if length is None:
            super().reply(status, text)
            return
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, format, *args):
        pass


@pytest.fixture
def service():
    """Start a service, and stop it."""
    with Service() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()


def engine(url, **options):
    """Make an engine that waits for nothing."""
    return RemoteTax(url, **{"wait": lambda seconds: None, "rest": 0, "timeout": 5, **options})


def question(code="standard", buyer="DE", month=1, account="acme"):
    """Make a question."""
    payer = bc.Account(account, currency="EUR", tax_region=buyer)
    return bc.TaxQuestion(code, bc.Period.month(2026, month), payer, None)


def shop(tax, *codes):
    """Make a store with a customer for each tax code."""
    store = bc.MemoryStore(tax=tax)
    for number, code in enumerate(codes or ("standard",) * 3):
        rent = bc.Item("rent", unit_price="30.00", tax_code=code)
        store.add(bc.Account(f"A-{number}", currency="EUR", tax_region="DE"))
        store.add(bc.Subscription(f"S-{number}", account=f"A-{number}", items=[rent]))
    return store


def wait_for(port):
    """Wait until somebody listens."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(port)


def asked(service):
    """Give the codes of each call."""
    return [[each["code"] for each in body["questions"]] for body, _ in service.calls]


def test_answers_stand_in_the_order_of_the_questions(service):
    """Answers to equal and different questions, asked in batches, stand in the order of the questions."""
    questions = [question(buyer=buyer) for buyer in ("DE", "AT", "DE", "CH", "AT")]
    answers = engine(service.url, batch=2).taxes(questions, ESTIMATE)

    rates = [each.tax.rate for (each,) in answers]
    assert rates == [Decimal(text) for text in ("19.0", "20.0", "19.0", "8.1", "20.0")]
    assert [len(codes) for codes in asked(service)] == [2, 1]
    assert answers[0][0].period == bc.Period.month(2026, 1)


def test_a_rate_is_exact(service):
    """A rate that the service writes as a number with a point is exactly that decimal."""
    ((answer,),) = engine(service.url).taxes([question(buyer="CH")], ESTIMATE)
    assert (answer.tax.rate, answer.tax.share) == (Decimal("8.1"), Decimal("0.081"))


def test_estimates_are_remembered_and_answers_for_invoices_are_not(service):
    """An estimate is asked for once; the tax of an invoice each time."""
    tax = engine(service.url)
    for purpose in (ESTIMATE, ESTIMATE, ACTUAL, ACTUAL):
        tax.taxes([question()], purpose)

    assert [body["purpose"] for body, _ in service.calls] == ["estimate", "actual", "actual"]


def test_the_same_questions_have_the_same_key(service):
    """Another attempt has the idempotency key of the first one; other questions have another."""
    service.replies += [503]
    tax = engine(service.url)
    tax.taxes([question()], ACTUAL)
    tax.taxes([question(month=2)], ACTUAL)

    first, again, other = [headers["Idempotency-Key"] for _, headers in service.calls]
    assert first == again != other


@pytest.mark.parametrize("trouble", [500, 503, 429, "cut"])
def test_trouble_that_passes_is_not_seen(service, trouble):
    """After errors of the service another attempt is made, with waits that double."""
    service.replies += [trouble, trouble]
    waits = []
    ((answer,),) = engine(service.url, wait=waits.append).taxes([question()], ESTIMATE)

    assert answer.tax.rate == 19
    assert waits == [0.5, 1.0]


def test_a_slow_service_is_given_up(service):
    """A service that does not answer in time is asked three times, and can be tried again later."""
    service.replies += ["slow"] * 3
    begun = time.monotonic()
    with pytest.raises(bc.PortError, match="TimeoutError: timed out") as caught:
        engine(service.url, timeout=0.05).taxes([question()], ESTIMATE)

    assert caught.value.is_retryable
    assert len(service.calls) == 3
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param(b"<html>", "JSONDecodeError", id="no JSON"),
        pytest.param(b"\xff\xfe\xfd", "UnicodeDecodeError", id="no text"),
        pytest.param(b"[" * 100_000, "RecursionError", id="too deep"),
        pytest.param(b"[]", "TypeError", id="a list"),
        pytest.param(b'{"error": 1}', "KeyError", id="no answers"),
        pytest.param(b'{"answers": []}', "0 answers to 1 questions", id="too few"),
        pytest.param(b'{"answers": [{}, {}]}', "2 answers to 1 questions", id="too many"),
        pytest.param(b'{"answers": [null]}', "TypeError", id="an empty answer"),
        pytest.param(b'{"answers": [{"code": "x"}]}', "KeyError: 'taxes'", id="no taxes"),
        pytest.param(
            b'{"answers": [{"code": "x", "taxes": [{"first": "2026-01-01", "last": "2026-01-31",'
            b' "rate": NaN}]}]}',
            "a float is not exact",
            id="a rate that is no number",
        ),
        pytest.param(
            b'{"answers": [{"code": "x", "taxes": [{"first": "2026-01-01", "last": "2026-01-31",'
            b' "rate": -19}]}]}',
            "no possible rate",
            id="an impossible rate",
        ),
        pytest.param(
            b'{"answers": [{"code": "x", "taxes": [{"first": "2026-01-31", "last": "2026-01-01",'
            b' "rate": 19}]}]}',
            "InvalidInputError",
            id="days in the wrong order",
        ),
    ],
)
def test_a_wrong_answer_is_not_asked_for_again(service, text, why):
    """An answer that cannot be read is an error that no repetition mends."""
    service.replies += [text]
    with pytest.raises(bc.PortError, match=why) as caught:
        engine(service.url).taxes([question()], ESTIMATE)

    assert not caught.value.is_retryable
    assert caught.value.question == "standard"
    assert len(service.calls) == 1


def test_refused_questions(service):
    """A service that refuses a call is not asked again for the same."""
    service.replies += [401]
    with pytest.raises(bc.PortError, match="refused the questions: 401") as caught:
        engine(service.url).taxes([question()], ESTIMATE)
    assert not caught.value.is_retryable


def test_an_unknown_code_spoils_its_record_only(service):
    """An account with a code that the service does not know is a problem; the others are billed."""
    store = shop(engine(service.url), "standard", "stale", "standard")
    report = bc.execute(JANUARY, store)

    assert [draft.totals.gross for draft in report.drafts] == [Decimal("35.70")] * 2
    (problem,) = report.problems
    assert (problem.account, problem.field, problem.advice) == ("A-1", "tax_code", "use standard")
    assert "no tax code 'stale' in 'DE'" in problem.message
    assert asked(service) == [["standard", "stale"]]


def test_a_refusal_is_asked_for_again(service, monkeypatch):
    """A code that is added to the service is known to an engine that it was refused to."""
    tax = engine(service.url)
    (refused,) = tax.taxes([question("reduced")], ESTIMATE)
    monkeypatch.setitem(tax_server.RATES, ("reduced", "DE"), 7.0)
    ((answer,),) = tax.taxes([question("reduced")], ESTIMATE)

    assert refused == bc.TaxRefusal("no tax code 'reduced' in 'DE'", "use standard")
    assert answer.tax.rate == 7


def test_a_rate_that_changes_within_a_period(service):
    """Two slices of an answer make two lines, with the tax of their days."""
    slices = [
        {"first": "2026-01-01", "last": "2026-01-15", "rate": "16"},
        {"first": "2026-01-16", "last": "2026-01-31", "rate": "19"},
    ]
    service.replies += [json.dumps({"answers": [{"code": "standard", "taxes": slices}]}).encode()]
    store = bc.MemoryStore(tax=engine(service.url))
    rent = bc.Item(
        "rent",
        unit_price="31.00",
        tax_code="standard",
        billing_type=bc.RECURRING,
        cadence=bc.monthly(),
    )
    store.add(bc.Account("acme", currency="EUR", tax_region="DE"))
    store.add(bc.Subscription("S-1", account="acme", start="2026-01-01", items=[rent]))
    policy = attrs.evolve(bc.DOCUMENTED, tax_date=bc.TaxDate.SPLIT_AT_RATE_CHANGE)
    (draft,) = bc.execute(bc.InvoiceRun(bc.Period.month(2026, 1), policy=policy), store).drafts

    found = [(line.service_period.last, line.net, line.tax.rate) for line in draft.lines]
    assert found == [
        (date(2026, 1, 15), Decimal("15.00"), 16),
        (date(2026, 1, 31), Decimal("16.00"), 19),
    ]


def test_a_dead_service_bills_nothing_and_is_recovered():
    """While the service is down nothing is billed, all can be tried again, and `recover` bills it."""
    with Service() as server:
        url = server.url  # nobody serves it, and then nobody listens
    store = shop(engine(url))
    report = bc.execute(JANUARY, store)

    assert report.status is bc.RunStatus.FAILED
    assert (len(report.drafts), list(store.drafts())) == (0, [])
    assert [each.account for each in report.problems] == ["A-0", "A-1", "A-2"]
    assert all(each.is_retryable for each in report.problems)
    assert all("ConnectionRefusedError" in each.message for each in report.problems)

    with Service() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        store.tax = engine(server.url)
        recovered = bc.recover("latest", store)
        server.shutdown()
        thread.join()
    assert recovered.status is bc.RunStatus.COMPLETED
    assert [draft.totals.gross for draft in recovered.drafts] == [Decimal("35.70")] * 3


def test_a_service_that_was_given_up_rests(service):
    """The library asks for each account after a call has failed; the service is left in peace meanwhile."""
    now = [100.0]
    tax = engine(service.url, rest=30, clock=lambda: now[0])
    store = shop(tax)
    service.replies += [500] * 3
    report = bc.execute(JANUARY, store)

    assert (len(report.problems), len(service.calls)) == (3, 3)
    assert all(each.is_retryable for each in report.problems)
    assert "OSError: 500" in report.problems[0].message
    assert "not asked again for 30 seconds" in report.problems[0].message
    now[0] += 30
    assert len(bc.recover("latest", store).drafts) == 3


def test_taxes_of_invoices_are_asked_for_anew(service, monkeypatch):
    """A draft keeps the estimate, the invoice has what the service says by then."""
    store = shop(engine(service.url))
    drafts = list(bc.execute(JANUARY, store).drafts)
    monkeypatch.setitem(tax_server.RATES, ("standard", "DE"), 20.0)
    done = bc.finalize_all(drafts, store, on="2026-02-01")

    assert {draft.totals.tax for draft in drafts} == {Decimal("5.70")}
    assert {invoice.totals.tax for invoice in done.invoices} == {Decimal("6.00")}
    assert [body["purpose"] for body, _ in service.calls] == ["estimate", "actual"]


def test_no_invoice_without_its_tax(service):
    """A draft whose actual tax is not known stays a draft and uses up no number."""
    store = shop(engine(service.url), "standard")
    (draft,) = bc.execute(JANUARY, store).drafts
    service.replies += [500] * 3
    with pytest.raises(bc.PortError, match="500"):
        bc.finalize(draft, store, on="2026-02-01")

    assert list(store.drafts()) == [draft]
    assert bc.finalize(draft, store, on="2026-02-01").number == "2026-00001"


def test_both_scripts(integrations):
    """The two scripts, started as their first lines say, bill a shop."""
    with Service() as probe:
        port = str(probe.server_port)
    server = subprocess.Popen(
        [sys.executable, integrations / "tax_server.py", port], stderr=subprocess.DEVNULL
    )
    try:
        wait_for(int(port))
        shown = subprocess.run(
            [sys.executable, integrations / "tax_service.py", f"http://127.0.0.1:{port}/taxes"],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        server.kill()
        server.wait()
    assert "net 60.00, tax 11.70, gross 71.70" in shown.stdout
