"""Clauses of `record` and of effects: books keep all of a decision, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Any

from billingcore.errors import ConflictError, InvalidInputError
from billingcore.invoices.document import Invoice
from billingcore.ledger.entry import JournalEntry, JournalLine, Side
from billingcore.lifecycle.books import Books, Effects
from billingcore.lifecycle.finalize import finalize
from billingcore.lifecycle.paying.payments import pay
from billingcore.lifecycle.undoing.cancel import cancel
from billingcore.records.bookkeeping.accounts import EntryType
from billingcore.records.change import Change
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.payment import Assignment, Clearing, Closing
from billingcore.records.usage import UsageRecord
from billingcore.testing.canonical import canonical
from billingcore.testing.content import content_of
from billingcore.testing.kit.cast import (
    ACME,
    BORG,
    CALLS,
    DAY,
    bill_all,
    by_hand,
    contract,
    covered,
    pay_in,
    pending,
    run_of,
)
from billingcore.testing.kit.scene import Scene, clause

__all__ = [
    "check_books_are_of_one_account",
    "check_canceled_document_frees",
    "check_canceled_document_stays_in_the_books",
    "check_canceled_usage_stays_linked",
    "check_corrected_invoice_is_not_canceled",
    "check_decide_sees_the_books_as_they_are",
    "check_effects_are_kept_as_a_whole",
    "check_effects_of_an_invoice_are_kept",
    "check_failed_decision_keeps_nothing",
    "check_payment_takes_the_place",
    "check_record_frees_what_is_closed",
    "check_release_frees_what_is_named",
    "check_unknown_books_are_refused",
]


@clause("source", "invoices")
def check_unknown_books_are_refused(scene: Scene) -> None:
    """`books` and `record` raise `InvalidInputError` if there is no such account."""
    store = scene.open(ACME)
    with scene.refuses("there is no such account", InvalidInputError):
        store.books("nobody")
    with scene.refuses("there is no such account", InvalidInputError):
        store.record("nobody", _always(Effects("nobody")))


@clause("source", "invoices")
def check_effects_are_kept_as_a_whole(scene: Scene) -> None:
    """Whatever a decision adds is in the books: payments, assignments, clearings, closings, entries."""
    store = scene.open(ACME)
    given = _everything("1")
    back = store.record("acme", _always(given))
    scene.same("what record gives back", canonical(back), canonical(given))
    _same_books(scene, store, given)
    more = _everything("2")
    store.record("acme", _always(more))
    _same_books(scene, store, given, more)


@clause("source", "drafts", "invoices")
def check_effects_of_an_invoice_are_kept(scene: Scene) -> None:
    """`finalize` keeps the invoice with all its effects."""
    store = scene.open(ACME)
    given = _everything("1")
    ((_, effects),) = store.finalize([pending(by_hand("a"), effects=given)])
    scene.same("the effects that finalize gives back", canonical(effects), canonical(given))
    _same_books(scene, store, given)


@clause("source", "invoices")
def check_books_are_of_one_account(scene: Scene) -> None:
    """`books` gives what was issued, paid and booked of one account."""
    store = scene.open(ACME, BORG)
    pay(store, pay_in())
    scene.same("payments of acme", [*store.books("acme").payments], ["P-1"])
    scene.same("payments of borg", [*store.books("borg").payments], [])
    scene.same("the account", canonical(store.books("borg").account), canonical(BORG))


@clause("source", "invoices")
def check_payment_takes_the_place(scene: Scene) -> None:
    """A payment of a known id takes the place of the payment as it was."""
    store = scene.open(ACME)
    for amount in (20, 30):
        one = Effects("acme", payments=(pay_in(amount=amount),))
        store.record("acme", _always(one))
    found = [f"{name}: {each.amount}" for name, each in store.books("acme").payments.items()]
    scene.same("payments", found, [f"P-1: {pay_in(amount=30).amount}"])


@clause("source", "invoices")
def check_decide_sees_the_books_as_they_are(scene: Scene) -> None:
    """`record` calls *decide* with the books as they are in the step that is kept."""
    store = scene.open(ACME)
    seen: dict[str, list[str]] = {}

    def decide(name: str, books: Books) -> Effects:
        seen[name] = [*books.payments]
        return Effects("acme", payments=(pay_in(name),))

    for name in ("P-1", "P-2", "P-3"):
        store.record("acme", partial(decide, name))
    wanted = {"P-1": [], "P-2": ["P-1"], "P-3": ["P-1", "P-2"]}
    scene.same("payments that were known at each decision", seen, wanted)


@clause("source", "drafts", "invoices", "changes")
def check_failed_decision_keeps_nothing(scene: Scene) -> None:
    """If a decision fails, nothing of it is kept: if it raises, or frees what must stay."""
    store, number = _corrected(scene)
    before = content_of(store)
    with scene.refuses("decide raises it", InvalidInputError):
        store.record("acme", _fail)
    wrong = _everything("1", canceled=number)
    with scene.refuses(f"a live document corrects {number}", ConflictError):
        store.record("acme", _always(wrong))
    after = content_of(store)
    changed = sorted(name for name in after if after[name] != before.get(name))
    scene.same("what changed by that", changed, [])


@clause("source", "drafts", "invoices")
def check_canceled_document_frees(scene: Scene) -> None:
    """A cancellation takes the claims and lines of its original out of what is billed."""
    store = scene.open(ACME, contract("acme"))
    (draft,) = bill_all(store)
    invoice = finalize(draft, store, on=DAY)
    _cancel(store, invoice)
    known = store.snapshot("acme")
    scene.same("what is covered", covered(known.claims), [])
    left = {name: len([*rows]) for name, rows in known.lines.items() if rows}
    scene.same("lines that are billed", left, {})
    found = [f"{each.totals.net}" for each in bill_all(store, run_of("again"))]
    scene.same("net amounts that are billed again", found, ["31.00"])


@clause("source", "drafts", "invoices")
def check_canceled_document_stays_in_the_books(scene: Scene) -> None:
    """The original of a cancellation stays in the books."""
    store = scene.open(ACME, contract("acme"))
    (draft,) = bill_all(store)
    invoice = finalize(draft, store, on=DAY)
    undone = _cancel(store, invoice)
    found = [*store.books("acme").invoices]
    scene.same("documents in the books", found, [invoice.number, undone.number])
    kept = canonical(store.books("acme").invoices[invoice.number])
    scene.same("the original", kept, canonical(invoice))


@clause("source", "drafts", "invoices", "usage", "release")
def check_canceled_usage_stays_linked(scene: Scene) -> None:
    """Claims that link usage to a canceled invoice are kept until the usage is released."""
    store = scene.open(ACME, contract("acme", CALLS))
    store.add_usage("acme", UsageRecord("U-1", "calls", "2026-01-05", 30))
    (draft,) = bill_all(store)
    undone = _cancel(store, finalize(draft, store, on=DAY))
    states = {each.billable: each.state.name for each in store.snapshot("acme").claims}
    scene.same("claims on usage", states, {"usage/U-1": "LINKED"})
    scene.same("drafts of a run", bill_all(store, run_of("again")), [])
    before = store.snapshot("acme").revision
    store.release("acme", "usage/U-1")
    scene.holds("another revision after release", store.snapshot("acme").revision != before, before)
    found = [f"{each.totals.net}" for each in bill_all(store, run_of("released"))]
    scene.same(f"net amounts after it was released, canceled by {undone.number}", found, ["3.00"])


@clause("source", "drafts", "invoices", "usage", "release")
def check_release_frees_what_is_named(scene: Scene) -> None:
    """`release` frees the usage that it names and no other; without a name, all that is linked."""
    store = scene.open(ACME, contract("acme", CALLS))
    for name in ("U-1", "U-2", "U-3"):
        store.add_usage("acme", UsageRecord(name, "calls", "2026-01-05", 30))
    (draft,) = bill_all(store)
    _cancel(store, finalize(draft, store, on=DAY))
    wanted = {"usage/U-1": ["usage/U-2", "usage/U-3"], "U-2": ["usage/U-3"], "": []}
    for name, linked in wanted.items():
        store.release("acme", *filter(None, [name]))
        left = sorted(each.billable for each in store.snapshot("acme").claims)
        scene.same(f"usage that is linked after release of {name or 'all'}", left, linked)


@clause("source", "drafts", "invoices", "changes")
def check_corrected_invoice_is_not_canceled(scene: Scene) -> None:
    """An invoice that another live document corrects is not canceled before that one is."""
    store, number = _corrected(scene)
    (correction,) = store.drafts()
    asked = cancel(number, store.books("acme"))
    with scene.refuses(f"a draft corrects {number}", ConflictError):
        finalize(asked, store, on=DAY)
    invoice = finalize(correction, store, on=DAY)
    anew = pending(asked, effects=Effects("acme", canceled=number))
    (result,) = store.finalize([anew])
    what = f"ConflictError, since {invoice.number} corrects {number}"
    scene.holds(what, isinstance(result, ConflictError), result)
    undone = _cancel(store, invoice)
    last = finalize(cancel(number, store.books("acme")), store, on=DAY)
    numbers = [number, invoice.number, undone.number, last.number]
    scene.same("documents in the books", [*store.books("acme").invoices], numbers)


@clause("source", "drafts", "invoices")
def check_record_frees_what_is_closed(scene: Scene) -> None:
    """What the document covers that a decision names as canceled is free then."""
    store = scene.open(ACME, contract("acme"))
    (draft,) = bill_all(store)
    invoice = finalize(draft, store, on=DAY)
    store.record("acme", _always(Effects("acme", canceled=invoice.number)))
    scene.same("what is covered", covered(store.snapshot("acme").claims), [])
    scene.same("documents in the books", [*store.books("acme").invoices], [invoice.number])


def _corrected(scene: Scene) -> tuple[Any, str]:
    """Give a store with an invoice and a draft that corrects it; and the invoice's number."""
    later = contract("acme").changed(Change("2026-01-11", quantity=2))
    store = scene.open(ACME, contract("acme"))
    (draft,) = bill_all(store)
    invoice = finalize(draft, store, on=DAY)
    store.change(later)
    bill_all(store, run_of("again"))
    return store, invoice.number


def _cancel(store: Any, invoice: Invoice) -> Invoice:
    return finalize(cancel(invoice.number, store.books("acme")), store, on=DAY)


def _always(effects: Effects) -> Callable[[Books], Effects]:
    """Decide the same, whatever the books are."""

    def decide(books: Books) -> Effects:
        return effects

    return decide


def _fail(books: Books) -> Effects:
    raise InvalidInputError("not today")


def _everything(name: str, canceled: str | None = None) -> Effects:
    """Give effects of every kind."""
    two = Decimal("2.00")
    row = [
        JournalLine("1800", Side.DEBIT, two, EntryType.PAYMENT, "10001"),
        JournalLine("10001", Side.CREDIT, two, EntryType.CONTRA_ACCOUNT),
    ]
    booked = [
        JournalEntry(
            f"payment/P-{name}/{place}",
            source=f"payment/P-{name}",
            date=DAY,
            document_date=DAY,
            period="2026-02",
            currency="EUR",
            lines=row,
            account="acme",
        )
        for place in range(2)
    ]
    return Effects(
        "acme",
        payments=(pay_in(f"P-{name}"), pay_in(f"Q-{name}", 3)),
        assignments=(
            Assignment(f"A-{name}", f"P-{name}", "R-1", two, DAY),
            Assignment(f"B-{name}", f"P-{name}", "R-2", -two, DAY),
        ),
        clearings=(Clearing(f"C-{name}", "R-1", "R-2", two, DAY, "set off"),),
        closings=(Closing(f"R-{name}", two, DAY, "given up"),),
        entries=tuple(booked),
        claims=(Claim(f"usage/U-{name}", None, "R-1", ClaimState.LINKED, None),),
        canceled=canceled,
    )


def _same_books(scene: Scene, store: Any, *given: Effects) -> None:
    """Compare books with all that was added to them."""
    books: Books = store.books("acme")
    entries = [entry for some in books.entries.values() for entry in some]
    found: dict[str, Iterable[object]] = {
        "payments": books.payments.values(),
        "assignments": books.assignments,
        "clearings": books.clearings,
        "closings": books.closings,
        "entries": entries,
    }
    for name, some in found.items():
        wanted: list[object] = [each for effects in given for each in getattr(effects, name)]
        scene.same(name, [*map(canonical, some)], [*map(canonical, wanted)])
    claims = covered(claim for each in given for claim in each.claims)
    linked = (c for c in store.snapshot("acme").claims if c.state is ClaimState.LINKED)
    scene.same("claims", covered(linked), claims)
