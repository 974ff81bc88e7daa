"""A service that starts runs, shows how they stand, and finalizes drafts: FastAPI.

    pip install billingcore fastapi uvicorn
    uvicorn --app-dir docs/examples/integrations/fastapi_service service:app
    curl -X POST localhost:8000/runs -H 'Content-Type: application/json' -d '{"month": "2026-01"}'

It bills a small shop in memory. `service(store)` takes any store; give it one on a database, and several
processes can serve it. Most functions are plain ones and no coroutines, since the library computes
and waits for nothing: FastAPI calls them in threads.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import islice
from typing import Annotated, Final

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from runner import Missing, Runner
from shapes import Day, Draft, Invoice, Month, Run, Trouble

import billingcore as bc

ACCEPTED: Final = 202
STATUS: Final = {
    Missing: 404,
    bc.InvalidTransitionError: 409,
    bc.InvalidInputError: 422,
    bc.ConflictError: 409,
    bc.PortError: 503,
}
"""Error → HTTP status; the first that fits."""
router: Final = APIRouter()


def runner_of(request: Request) -> Runner:
    """Give the runner of the service."""
    runner: Runner = request.app.state.runner
    return runner


Serving = Annotated[Runner, Depends(runner_of)]


@router.post("/runs", status_code=ACCEPTED)
def start_run(wanted: Month, runner: Serving, response: Response) -> Run:
    """Start a run; it goes on when this has answered."""
    year, number = map(int, wanted.month.split("-"))
    record = runner.start(bc.InvoiceRun(bc.Period.month(year, number)))
    response.headers["Location"] = f"/runs/{record.run_id}"
    return Run.of(record)


@router.get("/runs")
def list_runs(runner: Serving) -> list[Run]:
    """Give all executions, in the order in which they began."""
    return [*map(Run.of, runner.store.runs())]


@router.get("/runs/{run_id}")
def show_run(run_id: str, runner: Serving) -> Run:
    """Show how the last execution of a run stands."""
    return Run.of(runner.latest(run_id))


@router.get("/runs/{run_id}/events")
def watch_run(run_id: str, runner: Serving, every: float = 0.5) -> StreamingResponse:
    """Send how a run stands, each time that it has moved, until it ends: server-sent events."""
    first = runner.latest(run_id)

    async def events() -> AsyncIterator[str]:
        record, shown = first, None
        while True:
            if record != shown:
                yield f"data: {Run.of(record).model_dump_json()}\n\n"
            if not record.is_live or runner.is_closing:
                return
            shown = record
            await asyncio.sleep(every)
            record = await asyncio.to_thread(runner.latest, run_id)

    return StreamingResponse(events(), media_type="text/event-stream")


@router.get("/runs/{run_id}/problems")
def list_problems(run_id: str, runner: Serving) -> list[Trouble]:
    """Say what was wrong when the run last looked at each account."""
    runner.latest(run_id)
    found = runner.store.failures(run_id)
    return [Trouble.model_validate(each, from_attributes=True) for each in found]


@router.post("/runs/{run_id}/resume", status_code=ACCEPTED)
def resume_run(run_id: str, runner: Serving) -> Run:
    """Go on with a run that died, was stopped or failed."""
    return Run.of(runner.start(runner.latest(run_id).id))


@router.get("/drafts")
def list_drafts(
    runner: Serving,
    run_id: str | None = None,
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[Draft]:
    """Give live drafts in the order of their ids; the id of the last one asks for the next ones."""
    found = (draft for draft in runner.store.drafts(run_id) if draft.id > after)
    return [Draft.of(draft) for draft in islice(found, limit)]


@router.post("/drafts/{draft_id:path}/finalize")  # an id has slashes
def finalize_draft(draft_id: str, day: Day, runner: Serving) -> Invoice:
    """Make an invoice of a draft."""
    try:
        draft = runner.store.draft(draft_id)
    except bc.InvalidInputError as error:
        raise Missing(error.rule, field=error.field, value=draft_id, fix=error.fix) from error
    if day.version not in (None, draft.version):
        raise bc.ConflictError(f"version {draft.version} is stored, not {day.version}")
    made = bc.finalize(draft, runner.store, on=day.on)
    return Invoice.of(made)


def problem(request: Request, error: Exception) -> JSONResponse:
    """Write an error of the library as a problem document: RFC 9457."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    content: dict[str, object] = {"title": type(error).__name__, "status": status}
    content["detail"] = str(error)
    if isinstance(error, bc.InvalidInputError):
        content |= {"record": error.record, "field": error.field, "fix": error.fix}
        content["value"] = None if error.value is ... else str(error.value)
    headers = {}
    if isinstance(error, bc.PortError) and error.is_retryable:
        headers["Retry-After"] = "30"
    return JSONResponse(content, status, headers, media_type="application/problem+json")


def service(store: bc.Store) -> FastAPI:
    """Make the service on a store."""

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        app.state.runner = Runner(store)
        yield
        app.state.runner.close()

    made = FastAPI(title="Billing", lifespan=living)
    made.include_router(router)
    made.add_exception_handler(bc.BillingError, problem)
    return made


def shop() -> bc.MemoryStore:
    """Make a shop of two thousand customers, one of them with a wrong tax code."""
    store = bc.MemoryStore(tax=bc.TaxTable({"standard": 19}))
    for number in range(2000):
        name, code = f"A-{number:04}", "stale" if number == 66 else "standard"
        seats = bc.Item(
            "seats",
            unit_price="9.99",
            tax_code=code,
            billing_type=bc.RECURRING_PRORATED,
            cadence=bc.monthly(),
        )
        store.add(bc.Account(name, currency="EUR"))
        store.add(bc.Subscription(f"S-{number:04}", account=name, items=[seats]))
    return store


app: Final = service(shop())
