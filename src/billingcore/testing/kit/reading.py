"""Clauses of a source: references, snapshots, and what belongs to no account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from billingcore.errors import InvalidInputError
from billingcore.lifecycle.finalize import finalize
from billingcore.records.account import Account
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.contact import Contact, ContactRole, Contacts
from billingcore.records.coupon import Coupon
from billingcore.records.discount import Discount
from billingcore.records.usage import UsageRecord
from billingcore.scope.criteria import ALL_ACCOUNTS, Criteria
from billingcore.scope.selection import Selection
from billingcore.testing.canonical import canonical
from billingcore.testing.kit.cast import (
    ACME,
    BORG,
    CALLS,
    JANUARY,
    SEATS,
    bill_all,
    by_hand,
    contract,
    covered,
    plan_of,
    run_of,
)
from billingcore.testing.kit.scene import Scene, clause

__all__ = [
    "check_account_comes_once",
    "check_claims_come_back",
    "check_contacts_take_the_place",
    "check_coupons_and_contacts_come_back",
    "check_criteria_leave_out_nothing_wanted",
    "check_ids_are_told_apart",
    "check_over_delivery_is_no_harm",
    "check_records_come_back",
    "check_revision_is_raised_by_decisions",
    "check_revision_is_raised_by_records",
    "check_tax_is_the_given_one",
    "check_unknown_account_is_refused",
    "check_unresolved_is_empty_without_records",
    "check_usage_comes_back",
]


@clause("source")
def check_account_comes_once(scene: Scene) -> None:
    """The references of an account follow one another, and each account comes once."""
    two = [contract("acme", name="S-2"), contract("borg", name="S-3", start="2026-02-01")]
    store = scene.open(ACME, BORG, contract("acme"), contract("borg"), *two)
    accounts = [each.account for each in store.references(ALL_ACCOUNTS)]
    blocks = [name for place, name in enumerate(accounts) if accounts[place - 1 : place] != [name]]
    scene.same("accounts that have something to bill", sorted(blocks), ["acme", "borg"])


@clause("source")
def check_criteria_leave_out_nothing_wanted(scene: Scene) -> None:
    """`references` yields more than a run wants, or just that, and never less."""
    store = scene.open(ACME, BORG, contract("acme"), contract("borg"))
    wanted = (
        ALL_ACCOUNTS,
        Criteria(accounts=["borg"]),
        Criteria(currency="EUR"),
        Criteria(frequency=SEATS.cadence),
        Criteria(accounts=["acme", "borg"], currency="EUR"),
    )
    for criteria in wanted:
        found = {each.account for each in store.references(criteria)}
        needed = criteria.accounts or frozenset({"acme", "borg"})
        what = f"accounts for the criteria {criteria.name!r}, at least"
        scene.same(what, sorted(found & needed), sorted(needed))


@clause("source")
def check_over_delivery_is_no_harm(scene: Scene) -> None:
    """Whatever `references` yields besides, a run bills the accounts that it wants."""
    store = scene.open(ACME, BORG, contract("acme"), contract("borg"))
    run = run_of(selection=Selection(criteria=Criteria(accounts=["borg"])))
    scene.same("accounts of a run for borg", sorted(plan_of(store, run)), ["borg"])


@clause("source")
def check_records_come_back(scene: Scene) -> None:
    """`snapshot` gives all that is known of one account, and nothing of another."""
    own, second = contract("acme"), contract("acme", name="S-2", start="2026-03-31")
    store = scene.open(ACME, BORG, own, contract("borg"), second)
    known = store.snapshot("acme")
    scene.same("the account", canonical(known.account), canonical(ACME))
    found = {each.id: canonical(each) for each in known.subscriptions}
    scene.same("the contracts", found, {each.id: canonical(each) for each in (own, second)})


@clause("source")
def check_tax_is_the_given_one(scene: Scene) -> None:
    """`tax` is the tax engine that applies to the accounts."""
    store = scene.open(ACME, contract("acme"))
    (draft,) = plan_of(store)["acme"].drafts
    scene.same("tax of 31.00 at 19 %", f"{draft.totals.tax}", "5.89")


@clause("source")
def check_unresolved_is_empty_without_records(scene: Scene) -> None:
    """A source without records of the host's own has none whose account is not known."""
    store = scene.open(ACME, contract("acme"))
    scene.same("unresolved records", [*store.unresolved()], [])


@clause("source")
def check_unknown_account_is_refused(scene: Scene) -> None:
    """`snapshot` of an account that is not there raises `InvalidInputError`."""
    store = scene.open(ACME)
    with scene.refuses("there is no such account", InvalidInputError):
        store.snapshot("nobody")


@clause("source", "claims")
def check_claims_come_back(scene: Scene) -> None:
    """`terms` and `is_release` of claims come back as they were written; days may be joined."""
    store = scene.open(ACME, contract("acme"))
    days = JANUARY.split(["2026-01-11", "2026-01-21"])
    claims = [
        Claim("S-acme/seats", days[0], "R-1", ClaimState.FINAL, terms=""),
        Claim("S-acme/seats", days[1], "R-1", ClaimState.FINAL, terms="quantity=5"),
        Claim("S-acme/seats", days[2], "R-1", ClaimState.FINAL),
        Claim("S-acme/seats", days[1], "R-2", ClaimState.FINAL, "quantity=5", is_release=True),
        Claim("S-acme/setup", None, "R-1", ClaimState.WAIVED, terms=""),
        Claim("S-acme/seats", days[1], "R-3", ClaimState.FINAL, terms='it\'s "2"; 1.5 = 1½'),
    ]
    store.add_claims("acme", *claims)
    found = covered(store.snapshot("acme").claims)
    scene.same("what is covered", found, covered(claims))


@clause("source", "usage")
def check_usage_comes_back(scene: Scene) -> None:
    """The usage of an account stands in its snapshot; a record of a known id takes its place."""
    store = scene.open(ACME, contract("acme", CALLS))
    first = UsageRecord("U-1", "calls", "2026-01-05", "30.125")
    store.add_usage("acme", first, UsageRecord("U-2", "calls", "2026-01-06", 1))
    later = UsageRecord("U-2", "calls", "2026-01-06", 7)
    store.add_usage("acme", later)
    found = {each.id: canonical(each) for each in store.snapshot("acme").usage}
    scene.same("usage", found, {each.id: canonical(each) for each in (first, later)})


@clause("source", "coupons", "contacts")
def check_coupons_and_contacts_come_back(scene: Scene) -> None:
    """Coupons of an account stand in its snapshot in their order, and so do its contacts."""
    store = scene.open(ACME, BORG)
    coupons = [Coupon(name, discount=Discount.percent(5)) for name in ("C-2", "C-1")]
    people = Contacts([Contact("anna", account="acme", roles=[ContactRole.INVOICE])])
    store.put_coupons("acme", *coupons)
    store.put_contacts("acme", people)
    known = store.snapshot("acme")
    scene.same("coupons", [*map(canonical, known.coupons)], [*map(canonical, coupons)])
    scene.same("contacts", canonical(known.contacts), canonical(people))
    scene.same("coupons of borg", [*store.snapshot("borg").coupons], [])


@clause("source", "coupons", "contacts")
def check_contacts_take_the_place(scene: Scene) -> None:
    """What `put_contacts` and `put_coupons` are given takes the place of all that was there."""
    store = scene.open(ACME)
    for name in ("anna", "ben"):
        people = Contacts([Contact(name, account="acme", roles=[ContactRole.INVOICE])])
        coupon = Coupon(name, discount=Discount.percent(5))
        store.put_contacts("acme", people)
        store.put_coupons("acme", coupon)
        known = store.snapshot("acme")
        scene.same("contacts", canonical(known.contacts), canonical(people))
        scene.same("coupons", [each.id for each in known.coupons], [name])
    store.put_coupons("acme")
    scene.same("coupons after none were put", [*store.snapshot("acme").coupons], [])


@clause("source", "drafts", "invoices")
def check_ids_are_told_apart(scene: Scene) -> None:
    """Upper and lower case make two ids of accounts and drafts, and a blank at the end makes another."""
    store = scene.open(ACME, Account("ACME", name="Another", currency="EUR"))
    found = [store.snapshot(name).account.name for name in ("acme", "ACME")]
    scene.same("names of the two accounts", found, ["", "Another"])
    drafts = [store.put(by_hand(name)) for name in ("a", "A")]
    found = [store.draft(each.id).id for each in drafts]
    scene.same("ids of the two drafts", found, [each.id for each in drafts])
    for name in ("Acme", "acme "):
        for read in (store.snapshot, store.books):
            with scene.refuses(f"there is no account {name!r}", InvalidInputError):
                read(name)
    for name in (drafts[0].id.title(), f"{drafts[0].id} "):
        with scene.refuses(f"there is no draft {name!r}", InvalidInputError):
            store.draft(name)


@clause("source")
def check_revision_is_raised_by_records(scene: Scene) -> None:
    """Every change of an account raises its revision: contracts, usage, claims, contacts, coupons."""
    store = scene.open(ACME, BORG)
    claim = Claim("S-acme/old", JANUARY, "R-1", ClaimState.FINAL)
    person = Contact("anna", account="acme", roles=[ContactRole.INVOICE])
    coupon = Coupon("C-1", discount=Discount.percent(5))
    changes: dict[str, Callable[[], Any]] = {
        "add": lambda: store.add(contract("acme")),
        "change": lambda: store.change(contract("acme", start="2026-01-15")),
        "add_usage": lambda: store.add_usage("acme", UsageRecord("U-1", "calls", "2026-01-05", 1)),
        "add_claims": lambda: store.add_claims("acme", claim),
        "put_contacts": lambda: store.put_contacts("acme", Contacts([person])),
        "put_coupons": lambda: store.put_coupons("acme", coupon),
    }
    for name, change in changes.items():
        if scene.has(store, name):
            before = store.snapshot("acme").revision
            change()
            after = store.snapshot("acme").revision
            scene.holds(f"a revision other than before after {name}", after != before, after)


@clause("source", "drafts", "invoices")
def check_revision_is_raised_by_decisions(scene: Scene) -> None:
    """Every change of an account raises its revision: also `commit`, `put`, `discard`, `record`."""
    store = scene.open(ACME, contract("acme"))
    seen = [store.snapshot("acme").revision]

    def look(name: str) -> None:
        seen.append(store.snapshot("acme").revision)
        scene.holds(f"another revision after {name}", seen[-1] not in seen[:-1], seen)

    (draft,) = bill_all(store)
    look("commit")
    kept = store.put(by_hand("one"))
    look("put")
    store.discard(draft.id)
    look("discard")
    look_at = store.books("acme").revision
    scene.same("the revision of the books, as of the snapshot", look_at, seen[-1])
    finalize(kept, store, on="2026-02-01")
    look("finalize")
