"""Clauses of `finalize` and `skip`: numbers without gaps, and documents as a whole."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from billingcore.errors import (
    BillingError,
    ConflictError,
    InvalidInputError,
    InvalidTransitionError,
)
from billingcore.lifecycle import edit
from billingcore.lifecycle.books import Books, Effects
from billingcore.records.numbering import NumberPattern, SkippedNumber
from billingcore.testing.canonical import canonical
from billingcore.testing.content import content_of
from billingcore.testing.kit.cast import (
    ACME,
    BORG,
    DAY,
    bill_all,
    by_hand,
    contract,
    covered,
    pay_in,
    pending,
    rival_of,
    run_of,
)
from billingcore.testing.kit.scene import Scene, clause
from billingcore.testing.machine_world import SERIES

__all__ = [
    "check_edited_draft_need_not_be_put",
    "check_error_of_the_host_leaves_no_gap",
    "check_failed_draft_keeps_nothing",
    "check_failed_draft_leaves_no_gap",
    "check_failed_draft_stops_no_other",
    "check_finalize_removes_the_draft",
    "check_invoice_comes_back",
    "check_invoice_covers_what_its_draft_did",
    "check_invoice_is_not_finalized_again",
    "check_issue_is_called_once",
    "check_issue_sees_the_books_as_they_are",
    "check_number_in_use_is_refused",
    "check_numbers_follow_each_other",
    "check_numbers_of_counters_are_their_own",
    "check_other_version_is_not_finalized",
    "check_overlap_is_not_finalized",
    "check_skip_counts",
    "check_skip_that_fails_leaves_no_gap",
    "check_unstored_draft_is_finalized",
]

ONE: Final = NumberPattern("R{000}")
SAME: Final = NumberPattern("R0{00}")
LATE: Final = NumberPattern("R00{0}", start=1)
"""Three series that count by themselves and write the same numbers."""

OTHER: Final = NumberPattern("B-{000}", start=41)


@clause("source", "drafts", "invoices")
def check_numbers_follow_each_other(scene: Scene) -> None:
    """`finalize` takes the next number of the counter for each draft, in the order of the drafts."""
    store = scene.open(ACME)
    drafts = [store.put(by_hand(name)) for name in ("c", "a", "b")]
    results = store.finalize([pending(each) for each in drafts])
    results = [*results, *store.finalize([pending(by_hand("d"))])]
    wanted = ["2026-001", "2026-002", "2026-003", "2026-004"]
    scene.same("numbers, in this order", _told(results), wanted)
    issued = [store.books("acme").invoices[number].draft.id for number in wanted[:3]]
    scene.same("the drafts that have them", issued, [each.id for each in drafts])


@clause("source", "drafts", "invoices")
def check_numbers_of_counters_are_their_own(scene: Scene) -> None:
    """Each counter counts by itself, from its start on."""
    store = scene.open(ACME)
    results = store.finalize(
        [
            pending(by_hand("a")),
            pending(by_hand("b"), series=OTHER),
            pending(by_hand("c"), series=OTHER),
            pending(by_hand("d")),
        ]
    )
    scene.same("numbers", _told(results), ["2026-001", "B-042", "B-043", "2026-002"])


@clause("source", "drafts", "invoices")
def check_issue_is_called_once(scene: Scene) -> None:
    """`issue` is called once for each draft, in the step that is kept; one that is repeated asks again."""
    store = scene.open(ACME)
    counts: list[int] = []

    def watch(count: int, _: Books) -> None:
        counts.append(count)

    store.finalize([pending(by_hand(name), watch) for name in ("a", "b", "c")])
    scene.same("the last numbers that issue was called with", counts[-3:], [1, 2, 3])


@clause("source", "drafts", "invoices")
def check_issue_sees_the_books_as_they_are(scene: Scene) -> None:
    """`issue` has the books as they are then, with what the drafts before it brought about."""
    store = scene.open(ACME, BORG)
    seen: list[tuple[list[str], list[str]]] = []

    def watch(_: int, books: Books) -> None:
        seen.append(([*books.invoices], [*books.payments]))

    paid = Effects("acme", payments=(pay_in(),))
    store.finalize(
        [
            pending(by_hand("a"), watch, effects=paid),
            pending(by_hand("b", account=BORG), watch),
            pending(by_hand("c"), watch),
        ]
    )
    wanted: list[tuple[list[str], list[str]]]
    wanted = [([], []), ([], []), (["2026-001"], ["P-1"])]
    scene.same("invoices and payments of the account, at each call", seen[-3:], wanted)


@clause("source", "drafts", "invoices")
def check_failed_draft_leaves_no_gap(scene: Scene) -> None:
    """A number is used up only if `issue` has returned."""
    store = scene.open(ACME)
    drafts = [store.put(by_hand(name)) for name in ("a", "b", "c")]
    watches: list[Any] = [_nothing, _fail, _nothing]
    results = store.finalize([pending(*each) for each in zip(drafts, watches, strict=True)])
    scene.same("numbers", _told(results), ["2026-001", "failed: not today", "2026-002"])
    later = _told(store.finalize([pending(drafts[1])]))
    scene.same("the number of the draft that failed, later", later, ["2026-003"])


@clause("source", "drafts", "invoices")
def check_failed_draft_keeps_nothing(scene: Scene) -> None:
    """If finalizing a draft fails, the draft stays, and nothing of it is kept."""
    store = scene.open(ACME, contract("acme"))
    (draft,) = bill_all(store)
    before = content_of(store)
    store.finalize([pending(draft, _fail)])
    _same_content(scene, store, before)


@clause("source", "drafts", "invoices")
def check_failed_draft_stops_no_other(scene: Scene) -> None:
    """A draft that fails has its error in the place of its result; the others are finalized."""
    store = scene.open(ACME, BORG)
    drafts = [store.put(by_hand(name)) for name in ("a", "b")]
    other = store.put(by_hand("c", account=BORG))
    asked = [pending(drafts[0], _fail), pending(drafts[1]), pending(other)]
    results = store.finalize(asked)
    told = ["failed: not today" if isinstance(each, BillingError) else "issued" for each in results]
    scene.same(
        "results, in the order of the drafts", told, ["failed: not today", "issued", "issued"]
    )
    scene.same("drafts that are left", [each.id for each in store.drafts()], [drafts[0].id])


@clause("source", "drafts", "invoices")
def check_finalize_removes_the_draft(scene: Scene) -> None:
    """`finalize` keeps the invoice and removes the draft."""
    store = scene.open(ACME, contract("acme"))
    (draft,) = bill_all(store)
    store.finalize([pending(draft)])
    scene.same("drafts that are left", [*store.drafts()], [])
    scene.same("invoices in the books", [*store.books("acme").invoices], ["2026-001"])
    with scene.refuses("the draft is gone", InvalidInputError):
        store.draft(draft.id)


@clause("source", "drafts", "invoices")
def check_invoice_comes_back(scene: Scene) -> None:
    """`books` gives the documents as they were issued, in that order, and those of one account."""
    store = scene.open(ACME, BORG)
    made = [by_hand("c"), by_hand("b", account=BORG), by_hand("a")]
    results = store.finalize([pending(each) for each in made])
    wanted = [canonical(each.invoice) for each in results if each.invoice.account.id == "acme"]
    found = [canonical(each) for each in store.books("acme").invoices.values()]
    scene.same("invoices of acme", found, wanted)
    scene.same("keys of invoices of borg", [*store.books("borg").invoices], ["2026-002"])


@clause("source", "drafts", "invoices")
def check_invoice_covers_what_its_draft_did(scene: Scene) -> None:
    """What is invoiced stays covered, and its lines are in the snapshot, with their number."""
    store = scene.open(ACME, contract("acme"))
    (draft,) = bill_all(store)
    ((invoice, _),) = store.finalize([pending(draft)])
    known = store.snapshot("acme")
    scene.same("what is covered", covered(known.claims), covered(invoice.claims))
    found = {name: [row.document for row in rows] for name, rows in known.lines.items()}
    scene.same("documents of the lines, by what they bill", found, {"S-acme/seats": ["2026-001"]})
    scene.same("drafts of a repeated run", bill_all(store, run_of("again")), [])


@clause("source", "drafts", "invoices")
def check_invoice_is_not_finalized_again(scene: Scene) -> None:
    """`finalize` gives `InvalidTransitionError` for a draft that is an invoice already."""
    store = scene.open(ACME)
    draft = store.put(by_hand("a"))
    store.finalize([pending(draft)])
    results = store.finalize([pending(draft), pending(by_hand("b"))])
    _is_error(scene, results[0], InvalidTransitionError, "the draft is an invoice")
    scene.same("the number after it", _told(results)[1], "2026-002")


@clause("source", "drafts", "invoices")
def check_unstored_draft_is_finalized(scene: Scene) -> None:
    """A draft that was made without a run need not be stored before; its id is in use from then on."""
    store = scene.open(ACME)
    draft = by_hand("a")
    results = store.finalize([pending(draft)])
    scene.same("numbers", _told(results), ["2026-001"])
    scene.same("ids in use", sorted(store.snapshot("acme").documents), [draft.id])


@clause("source", "drafts", "invoices")
def check_edited_draft_need_not_be_put(scene: Scene) -> None:
    """A draft that was edited last need not be put: `finalize` issues it as it is handed in."""
    store = scene.open(ACME)
    draft = edit.change_line(store.put(by_hand("a")), 1, unit_price=7)
    ((invoice, _),) = store.finalize([pending(draft)])
    scene.same("net amount of the invoice", f"{invoice.totals.net}", "7.00")
    kept = store.books("acme").invoices["2026-001"]
    scene.same("net amount in the books", f"{kept.totals.net}", "7.00")


@clause("source", "drafts", "invoices")
def check_other_version_is_not_finalized(scene: Scene) -> None:
    """`finalize` gives `ConflictError` if the stored draft has another version."""
    store = scene.open(ACME)
    first = store.put(by_hand("a"))
    second = store.put(edit.change_line(first, 1, unit_price=7))
    results = store.finalize([pending(first), pending(second)])
    _is_error(scene, results[0], ConflictError, "version 2 is stored")
    scene.same("the number after it", _told(results)[1], "2026-001")


@clause("source", "drafts", "invoices")
def check_overlap_is_not_finalized(scene: Scene) -> None:
    """`finalize` refuses a draft that is not stored and covers what another document does."""
    store = scene.open(ACME, contract("acme"))
    rival = rival_of(store)
    bill_all(store)
    before = content_of(store)
    (result,) = store.finalize([pending(rival)])
    _is_error(scene, result, ConflictError, "January is on another draft")
    _same_content(scene, store, before)


@clause("source", "drafts", "invoices")
def check_skip_counts(scene: Scene) -> None:
    """`skip` takes the next number like `finalize`, and keeps why no document has it."""
    store = scene.open(ACME)
    store.finalize([pending(by_hand("a"))])
    skipped = store.skip(SERIES.counter(DAY, ""), _skipped)
    scene.same("what is skipped", skipped, SkippedNumber("2026-002", DAY, "torn"))
    scene.same("the number after it", _told(store.finalize([pending(by_hand("b"))])), ["2026-003"])
    if scene.has(store, "skipped"):
        scene.same("what was skipped", [*store.skipped()], [skipped])


@clause("source", "drafts", "invoices")
def check_skip_that_fails_leaves_no_gap(scene: Scene) -> None:
    """If `make` fails, `skip` uses up no number."""
    store = scene.open(ACME)
    with scene.refuses("make raises it", InvalidInputError):
        store.skip(SERIES.counter(DAY, ""), _fail)
    scene.same("the next number", _told(store.finalize([pending(by_hand("a"))])), ["2026-001"])


@clause("source", "drafts", "invoices")
def check_number_in_use_is_refused(scene: Scene) -> None:
    """`finalize` and `skip` refuse a number that a document has, or that was skipped."""
    store = scene.open(ACME)
    first, second = (one.counter(DAY, "") for one in (ONE, SAME))
    (issued,) = store.finalize([pending(by_hand("a"), series=ONE)])
    torn = store.skip(first, partial(_skipped, series=ONE))
    scene.same("numbers in use", [issued.invoice.number, torn.number], ["R001", "R002"])
    before = content_of(store)
    with scene.refuses("R001 is an invoice", InvalidInputError):
        store.skip(second, partial(_skipped, series=SAME))
    for series, why in ((SAME, "R001 is an invoice"), (LATE, "R002 was skipped")):
        (result,) = store.finalize([pending(by_hand("b"), series=series)])
        _is_error(scene, result, InvalidInputError, why)
    _same_content(scene, store, before)


@clause("source", "drafts", "invoices")
def check_error_of_the_host_leaves_no_gap(scene: Scene) -> None:
    """What `issue` or `make` raises is raised on if it is no `BillingError`; no number is used up."""
    store = scene.open(ACME)
    draft = by_hand("a")
    before = content_of(store)
    with scene.refuses("issue raises it", ZeroDivisionError):
        store.finalize([pending(draft, _crash)])
    with scene.refuses("make raises it", ZeroDivisionError):
        store.skip(SERIES.counter(DAY, ""), _crash)
    _same_content(scene, store, before)
    scene.same("the next number", _told(store.finalize([pending(draft)])), ["2026-001"])


def _told(results: Any) -> list[str]:
    """Write down results: numbers, or errors."""
    return [
        f"failed: {each}" if isinstance(each, BillingError) else each.invoice.number
        for each in results
    ]


def _is_error(scene: Scene, result: object, kind: type[BillingError], why: str) -> None:
    what = f"{kind.__name__} in the place of the result, since {why}"
    scene.holds(what, isinstance(result, kind), result)


def _same_content(scene: Scene, store: Any, before: dict[str, str]) -> None:
    after = content_of(store)
    names = after.keys() | before.keys()
    changed = sorted(name for name in names if after.get(name) != before.get(name))
    scene.same("what changed by that", changed, [])


def _nothing(count: int, books: Books) -> None:
    """Let it be."""


def _fail(*asked: object) -> SkippedNumber:
    raise InvalidInputError("not today")


def _crash(*asked: object) -> SkippedNumber:
    raise ZeroDivisionError("an error of the host")


def _skipped(count: int, series: NumberPattern = SERIES) -> SkippedNumber:
    return SkippedNumber(series.number(count, DAY, ""), DAY, "torn")
