"""Where the time goes: a table of stages, then the functions that cost most."""

from __future__ import annotations

import cProfile
import gc
import importlib
import pstats
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from time import perf_counter
from typing import Any

from cases import Case
from workload import build

STAGES = {
    "ordinary accounts: seeing that they are": [
        "runs.billing:ordinary_outcome",
        "engine:ordinary_outcome",
    ],
    "ordinary accounts: lines": ["tax.ordinary_account:_lines"],
    "ordinary accounts: taxes": [
        "tax.ordinary_account:taxed_by_table",
        "tax.ordinary:taxed_by_table",
    ],
    "ordinary accounts: numbering and sealing": [
        "tax.ordinary_account:sealed_draft",
        "tax.ordinary:sealed_draft",
    ],
    "harvest: eligibility, schedule, amounts": ["invoices.assembly:harvest_subscriptions"],
    "coverage: claims in order": ["lines.harvest:coverage_of"],
    "versions: slices": ["lines.subscriptions:slices_of"],
    "corrections: billed and due compared": [
        "lines.subscriptions:stands",
        "lines.subscriptions:plan_corrections",
    ],
    "grouping": ["invoices.assembly:group"],
    "questions": ["invoices.assembly:questions_for"],
    "asking the tax engine": ["runs.billing:_asked_together", "engine:ask"],
    "taxes on lines": ["tax.drafts:put_known_taxes", "tax.drafts:put_single_taxes"],
    "tax breakdown": ["tax.complete:break_down"],
    "totals": ["tax.complete:sum_up"],
    "numbering and sealing": ["tax.ordinary:complete", "tax.making:complete"],
    "finalizing": ["billingcore:finalize"],
    "outcome, ids": ["runs.billing:finish", "engine:finish", "engine:finish_by_table"],
    "assembly itself": ["runs.billing:assemble", "engine:assemble"],
}
"""Stage → the functions that it begins with, as the module that calls them knows them."""


class Stages:
    """Adds up the time spent in each stage itself, without the stages that it calls."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys(STAGES, 0.0)
        self.inner = [0.0]
        self.missing: list[str] = []

    def watch(self) -> Callable[[], None]:
        """Put a watch around each stage; gives the function that takes them off."""
        undo: list[tuple[Any, str, Any]] = []
        for stage, places in STAGES.items():
            for place in places:
                module_name, name = place.split(":")
                full = module_name if module_name == "billingcore" else f"billingcore.{module_name}"
                module = importlib.import_module(full)
                if hasattr(module, name):
                    undo.append((module, name, getattr(module, name)))
                    setattr(module, name, self._watched(stage, getattr(module, name)))
                else:
                    self.missing.append(place)

        def take_off() -> None:
            for module, name, function in undo:
                setattr(module, name, function)

        return take_off

    def _watched(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        spent, inner = self.spent, self.inner

        @wraps(function)
        def timed(*args: Any, **names: Any) -> Any:
            inner.append(0.0)
            start = perf_counter()
            try:
                return function(*args, **names)
            finally:
                took = perf_counter() - start
                spent[stage] += took - inner.pop()
                inner[-1] += took

        return timed


def report(cases: Sequence[Case], lines: int) -> None:
    """Print the stages and the dearest functions of some cases."""
    for case in cases:
        work = build(lines, **case.workload)
        print(f"{case.title}: stages, each without those that it calls")
        stages = Stages()
        take_off = stages.watch()
        gc.collect()
        start = perf_counter()
        case.prepare(work, case.policy)(0, len(work.rows))
        whole = perf_counter() - start
        take_off()
        for stage, spent in {**stages.spent, "the loop around": whole - stages.inner[0]}.items():
            print(f"  {stage:42}{spent / work.lines * 1e6:8.2f} µs/line{spent / whole:8.1%}")
        if stages.missing:
            print(f"  not found: {', '.join(stages.missing)}")
        small = build(min(lines, 30_000), **case.workload)
        profile = cProfile.Profile()
        profile.runcall(case.prepare(small, case.policy), 0, len(small.rows))
        print_functions(profile, small.lines)


def print_functions(profile: cProfile.Profile, lines: int) -> None:
    """Print the functions that cost most themselves; a profiler makes small ones look dear."""
    stats = pstats.Stats(profile)
    rows = sorted(stats.stats.items(), key=lambda row: -row[1][2])[:25]  # type: ignore[attr-defined]
    whole = sum(row[2] for row in stats.stats.values())  # type: ignore[attr-defined]
    print("\n  functions under a profiler, which makes small ones look dear")
    for (file, number, name), (_, calls, own, _, _) in rows:
        where = f"{Path(file).parent.name}/{Path(file).name}:{number}" if number else ""
        print(f"  {own / whole:7.1%}{calls / lines:8.2f} calls/line  {name:42.42} {where}")
