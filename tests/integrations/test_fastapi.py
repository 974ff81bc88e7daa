"""The service: it starts runs, shows how they stand, and says in plain documents what is wrong."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from threading import Event
from urllib.error import URLError
from urllib.request import urlopen

import pytest

import billingcore as bc
from tests.integrations.needs import needs

# The packages' own warnings are none of ours.
pytestmark = [needs("fastapi", "httpx"), pytest.mark.filterwarnings("default")]

JANUARY = "2026-01-01..2026-01-31"


class SlowTax:
    """A tax table that waits until it may answer, and that can be down."""

    def __init__(self):
        self.may_answer = Event()
        self.may_answer.set()
        self.is_down = False

    def taxes(self, questions, purpose):
        self.may_answer.wait(30)
        if self.is_down:
            raise bc.PortError("it is down", port="TaxEngine", is_retryable=True)
        return bc.TaxTable({"standard": 19}).taxes(questions, purpose)


@pytest.fixture
def tax():
    """Give the tax engine of the shop."""
    return SlowTax()


@pytest.fixture
def store(tax):
    """Give a shop of 300 customers, one of them with a wrong tax code."""
    made = bc.MemoryStore(tax=tax)
    for number in range(300):
        code = "stale" if number == 66 else "standard"
        rent = bc.Item("rent", unit_price="30.00", tax_code=code)
        made.add(bc.Account(f"A-{number:03}", currency="EUR"))
        made.add(bc.Subscription(f"S-{number}", account=f"A-{number:03}", items=[rent]))
    return made


@contextmanager
def serving(store):
    """Serve a store, and give a browser."""
    from fastapi.testclient import TestClient
    from service import service

    with TestClient(service(store)) as browser:
        yield browser


@pytest.fixture
def browser(store):
    """Give a browser of the service."""
    with serving(store) as opened:
        yield opened


def billed(browser):
    """Bill January to its end, and give how it stands."""
    browser.post("/runs", json={"month": "2026-01"})
    return ended(browser)


def ended(browser):
    """Wait until the run of January has ended."""
    for _ in range(600):
        found = browser.get(f"/runs/{JANUARY}").json()
        if not found["is_live"]:
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def test_a_run_goes_on_after_the_answer(browser, tax):
    """Starting a run answers at once with its place; there it is shown until it has ended."""
    tax.may_answer.clear()
    answer = browser.post("/runs", json={"month": "2026-01"})
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/runs/{JANUARY}"
    assert browser.get(answer.headers["Location"]).json()["is_live"]

    tax.may_answer.set()
    found = ended(browser)
    assert (found["status"], found["stage"]) == ("Failed", "Completed")
    assert (found["accounts"], found["done"], found["drafts"], found["failures"]) == (
        300,
        300,
        299,
        1,
    )
    # 299 times 30.00 and 5.70
    total = {"currency": "EUR", "documents": 299, "net": "8970.00"}
    assert found["totals"] == [{**total, "tax": "1704.30", "gross": "10674.30"}]
    assert len(browser.get("/runs").json()) == 1


def test_a_run_is_watched(browser):
    """Events tell how a run stands until it has ended."""
    browser.post("/runs", json={"month": "2026-01"})
    with browser.stream("GET", f"/runs/{JANUARY}/events?every=0.01") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = [json.loads(line[6:]) for line in answer.iter_lines() if line]

    assert [each["is_live"] for each in events] == [True] * (len(events) - 1) + [False]
    assert [each["done"] for each in events] == sorted(each["done"] for each in events)
    assert events[-1]["drafts"] == 299


def test_what_is_wrong_is_listed(browser):
    """The record with an unknown tax code is named with its field, and what to do."""
    billed(browser)
    (found,) = browser.get(f"/runs/{JANUARY}/problems").json()
    assert (found["account"], found["record"], found["field"]) == ("A-066", "S-66/rent", "tax_code")
    assert found["advice"] == "add it to the table; known: standard"


def test_a_draft_is_finalized_once(browser):
    """A draft becomes an invoice with exact amounts; the second time it says which one."""
    billed(browser)
    first, second = browser.get("/drafts", params={"limit": 2}).json()
    assert (first["id"], first["gross"]) == (f"{JANUARY}/A-000/S-0", "35.70")
    place = f"/drafts/{first['id']}/finalize"
    made = browser.post(place, json={"on": "2026-02-01", "version": 1})
    assert made.json() == {
        "number": "2026-00001",
        "date": "2026-02-01",
        "due": "2026-02-01",
        "gross": "35.70",
        "currency": "EUR",
    }

    again = browser.post(place, json={"on": "2026-02-01"})
    assert again.status_code == 404
    assert again.json()["fix"] == "it is invoice 2026-00001"
    (following,) = browser.get("/drafts", params={"after": first["id"], "limit": 1}).json()
    assert following == second


@pytest.mark.parametrize(
    ("method", "place", "body", "status", "named"),
    [
        pytest.param(
            "GET", "/runs/never", None, 404, {"field": "run_id", "value": "never"}, id="run"
        ),
        pytest.param("GET", "/runs/never/events", None, 404, {"field": "run_id"}, id="watch"),
        pytest.param("POST", "/runs/never/resume", None, 404, {"field": "run_id"}, id="resume"),
        pytest.param(
            "POST",
            "/drafts/never/x/finalize",
            {"on": "2026-02-01"},
            404,
            {"field": "draft_id", "value": "never/x", "fix": "it was discarded, or never stored"},
            id="draft",
        ),
        pytest.param(
            "POST", "/runs", {"month": "0000-01"}, 422, {"title": "DateRangeError"}, id="year"
        ),
    ],
)
def test_errors_are_problem_documents(browser, method, place, body, status, named):
    """An error of the library is a document with its kind, record, field, value and fix."""
    answer = browser.request(method, place, json=body)
    found = answer.json()
    assert answer.status_code == found["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert {key: found[key] for key in named} == named
    assert found["detail"]


@pytest.mark.parametrize("body", [{}, {"month": "2026-13"}, {"month": "January"}, {"month": 1}])
def test_a_form_that_makes_no_sense(browser, body):
    """What is no month is refused before the library is asked."""
    assert browser.post("/runs", json=body).status_code == 422


def test_only_one_run_at_a_time(browser, tax):
    """While a run holds the accounts another one is refused, and so is going on with it."""
    tax.may_answer.clear()
    browser.post("/runs", json={"month": "2026-01"})
    for place, body in (("/runs", {"month": "2026-02"}), (f"/runs/{JANUARY}/resume", None)):
        answer = browser.post(place, json=body)
        assert answer.status_code == 409
        assert answer.json()["title"] == "ConflictError"
    tax.may_answer.set()
    ended(browser)


def test_a_stale_version_is_a_conflict(browser, store):
    """A draft that was edited since somebody looked at it is not finalized."""
    billed(browser)
    draft = next(iter(store.drafts()))
    store.put(bc.edit.discount_order(draft, bc.Discount.percent(10)))
    body = {"on": "2026-02-01", "version": 1}
    answer = browser.post(f"/drafts/{draft.id}/finalize", json=body)
    assert (answer.status_code, len(list(store.drafts()))) == (409, 299)
    assert "version 2 is stored" in answer.json()["detail"]


def test_a_tax_service_that_is_down(browser, tax):
    """If the tax service is down no invoice is made, and the answer says to try again."""
    billed(browser)
    (draft,) = browser.get("/drafts", params={"limit": 1}).json()
    tax.is_down = True
    answer = browser.post(f"/drafts/{draft['id']}/finalize", json={"on": "2026-02-01"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert answer.json()["detail"] == "TaxEngine: it is down"


def test_a_run_stops_with_the_service_and_is_resumed(store, tax):
    """Ending the service stops a run after its window; another service goes on with it."""
    tax.may_answer.clear()
    with serving(store) as browser:
        browser.post("/runs", json={"month": "2026-01"})
        tax.may_answer.set()
    (stopped,) = store.runs()
    assert not stopped.is_live

    with serving(store) as browser:
        answer = browser.post(f"/runs/{JANUARY}/resume")
        assert (answer.status_code, answer.json()["attempt"]) == (202, 2)
        ended(browser)
    assert len(list(store.drafts())) == 299


@needs("uvicorn")
def test_it_is_started_by_uvicorn(integrations):
    """The service, started as its first lines say, answers over HTTP."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = integrations / "fastapi_service"
    options = ["--app-dir", str(folder), "--port", str(port), "--log-level", "error"]
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", *options, "service:app"], env={**os.environ}
    )
    try:
        assert _opened(f"http://127.0.0.1:{port}/runs") == b"[]"
    finally:
        server.terminate()
        server.wait(30)


def _opened(url):
    """Read a page as soon as the server answers."""
    for _ in range(600):
        try:
            with urlopen(url, timeout=10) as page:  # noqa: S310 - of our own
                return page.read()
        except URLError:
            time.sleep(0.1)
    raise AssertionError(url)
