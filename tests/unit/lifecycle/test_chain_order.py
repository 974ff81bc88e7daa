"""In which order the documents of an agreement are made, and what is in the way (behaviour 5.7)."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from billingcore.values.sealing import changed
from tests.bookkeeping import ACCOUNTING
from tests.chains import (
    ACME,
    DAYS,
    DEPOSIT,
    FINAL,
    PARTIAL,
    PROGRESS,
    TAX,
    cancel,
    issue,
    made,
    pay,
    states,
    store_with,
)

SUBS = [PARTIAL, PROGRESS, DEPOSIT]
SUB_IDS = [kind.value for kind in SUBS]


def test_drafts_among_the_part_invoices_stop_a_final():
    """A final is not made while part invoices of its agreement are drafts, which are named."""
    store = store_with()
    draft = store.put(made(store, PROGRESS, 2500))

    with pytest.raises(bc.SubsInDraftError) as caught:
        made(store, FINAL, 10000)

    assert draft.id in str(caught.value)


def test_a_draft_that_comes_later_stops_the_final_when_it_is_finalized():
    """A final that was made before a part invoice was drafted is not finalized with that open."""
    store = store_with()
    final = store.put(made(store, FINAL, 10000))
    late = store.put(made(store, PROGRESS, 2500))

    with pytest.raises(bc.SubsInDraftError, match=late.id):
        bc.finalize(final, store, on="2026-06-01")

    assert states(store) == {}
    store.discard(late.id)
    assert bc.finalize(final, store, on="2026-06-01").totals.due == Decimal(11900)


def test_a_second_final_is_refused():
    """An agreement has one final; another one is refused with the number of the first."""
    store = store_with()
    first = issue(store, FINAL, 10000)

    with pytest.raises(bc.FinalExistsError, match=f"cancel {first.number} first"):
        made(store, FINAL, 10000)


def test_a_second_draft_of_a_final_is_refused():
    """While a final is a draft, a second one is refused with the id of the first."""
    store = store_with()
    first = store.put(made(store, FINAL, 10000))

    with pytest.raises(bc.FinalExistsError) as caught:
        made(store, FINAL, 10000)

    assert f"discard {first.id} first" in str(caught.value)


@pytest.mark.parametrize("kind", SUBS, ids=SUB_IDS)
def test_a_part_invoice_after_the_final_is_refused(kind):
    """Once there is a final, no part invoice of its agreement is made."""
    store = store_with()
    final = issue(store, FINAL, 10000)

    with pytest.raises(bc.FinalExistsError, match=f"cancel {final.number} first"):
        made(store, kind, 100)


def test_a_part_invoice_drafted_before_the_final_is_not_finalized_after_it():
    """A draft that nobody stored is refused when it is finalized behind the final."""
    store = store_with()
    late = made(store, PROGRESS, 2500)
    final = issue(store, FINAL, 10000)

    with pytest.raises(bc.FinalExistsError, match=final.number):
        bc.finalize(late, store, on="2026-06-01")


@pytest.mark.parametrize("kind", SUBS, ids=SUB_IDS)
def test_what_a_live_final_deducts_is_not_canceled(kind):
    """A part invoice behind an issued final is only canceled after that."""
    store = store_with()
    sub = issue(store, kind, 2500)
    final = issue(store, FINAL, 10000)

    with pytest.raises(bc.InvalidTransitionError, match=f"the final {final.number} deducts it"):
        bc.cancel(sub, store.books("acme"))

    cancel(store, final)
    cancel(store, sub)
    assert states(store)[sub.number] == ("canceled", 0)


@pytest.mark.parametrize("kind", [PARTIAL, PROGRESS], ids=["partial", "progress"])
def test_what_a_live_final_deducts_is_not_credited(kind):
    """A part invoice behind an issued final is not credited: the final deducts all of it."""
    store = store_with()
    sub = issue(store, kind, 2500)
    final = issue(store, FINAL, 10000)

    with pytest.raises(bc.InvalidTransitionError, match=final.number):
        bc.credit(sub, store.books("acme"), {1: 100})


def test_a_cancellation_drafted_before_the_final_is_refused_behind_it():
    """A cancellation of a part invoice is not finalized once a final deducts that."""
    store = store_with()
    sub = issue(store, PROGRESS, 2500)
    undoing = bc.cancel(sub, store.books("acme"))
    issue(store, FINAL, 10000)

    with pytest.raises(bc.InvalidTransitionError, match="deducts it"):
        bc.finalize(undoing, store, on="2026-06-01")


def test_canceling_the_final_makes_its_part_invoices_available_again():
    """After the final is canceled, the part invoices are as before, and another final deducts them."""
    store = store_with()
    sub = issue(store, PROGRESS, 2500)
    pay(store, "Z-1", "1190.00", sub.number)
    final = issue(store, FINAL, 10000)
    assert states(store) == {
        sub.number: ("closed", 0),
        final.number: ("open", Decimal("10710.00")),
    }

    cancel(store, final)

    assert states(store)[sub.number] == ("open", Decimal("1785.00"))
    again = issue(store, FINAL, 9000)
    assert again.totals.due == Decimal("9520.00")  # 9,000 + 1,710 - 1,190


def test_a_canceled_part_invoice_drops_out_and_its_payment_pays_the_final():
    """A canceled progress invoice is not deducted; what was paid of it is free for the final."""
    store = store_with()
    sub = issue(store, PROGRESS, 2500)
    pay(store, "Z-1", "2975.00", sub.number)
    cancel(store, sub)

    final = issue(store, FINAL, 10000, on="2026-10-31")

    assert final.deductions == ()
    assert states(store)[final.number] == ("open", Decimal("8925.00"))


def test_part_invoices_of_other_agreements_currencies_and_sellers_are_left_alone():
    """A key counts within one account, currency and business entity."""
    setup = {"entities": [bc.BusinessEntity("North"), bc.BusinessEntity("South")]}
    store = store_with(**setup)
    other = bc.Account("other", currency="EUR")
    store.add(other)
    issue(store, PROGRESS, 100, key="garage")
    issue(store, PROGRESS, 200, entity="South")
    issue(store, PROGRESS, 300, account="other")
    own = issue(store, PROGRESS, 400, entity="North")

    final = made(store, FINAL, 1000, entity="North")

    assert [each.number for each in final.deductions] == [own.number]


def test_a_final_waits_for_its_part_invoices_to_be_booked():
    """Where payments are booked later, a final is refused until the advances are booked."""
    store = store_with(accounting=_later())
    sub = issue(store, PROGRESS, 2500)
    pay(store, "Z-1", "2975.00", sub.number)

    with pytest.raises(bc.SubsNotBookedError, match=sub.number):
        made(store, FINAL, 10000)

    store.record("acme", bc.book_payments)
    assert made(store, FINAL, 10000).totals.due == Decimal("8925.00")


def _later():
    """Give bookkeeping whose payments are booked by a later job."""
    given = ("chart", "rules", "collective", "periods")
    return bc.Accounting(is_immediate=False, **{name: getattr(ACCOUNTING, name) for name in given})


def test_a_final_follows_its_part_invoices_as_long_as_it_is_a_draft():
    """A stored draft of a final is made anew when a part invoice is paid, credited or canceled."""
    store = store_with()
    first = issue(store, PROGRESS, 2500)
    second = issue(store, PARTIAL, 1000)
    draft = store.put(made(store, FINAL, 10000))
    dues = [store.draft(draft.id).totals.due]

    pay(store, "Z-1", "2975.00", first.number)
    dues.append(store.draft(draft.id).totals.due)
    bc.finalize(bc.credit(second, store.books("acme"), {1: 400}), store, on="2026-04-01")
    dues.append(store.draft(draft.id).totals.due)
    cancel(store, first)
    dues.append(store.draft(draft.id).totals.due)

    assert dues == [Decimal(10710), Decimal(7735), Decimal(8211), Decimal(11186)]
    assert store.draft(draft.id).version == 1


def test_a_final_that_nobody_stored_deducts_what_is_there_when_it_is_finalized():
    """Finalizing takes the deductions as they are in that step, not as they were when drafted."""
    store = store_with()
    sub = issue(store, PROGRESS, 2500)
    draft = made(store, FINAL, 10000)
    pay(store, "Z-1", "2975.00", sub.number)

    assert draft.totals.due == Decimal("11900.00")
    assert bc.finalize(draft, store, on="2026-06-01").totals.due == Decimal("8925.00")


def test_a_part_invoice_counts_its_tax_up_from_what_is_issued_when_it_is_finalized():
    """Two claims of 33.34 drafted at once have taxes of 6.33 and 6.34: those of 66.68 together."""
    store = store_with()
    first, second = made(store, PROGRESS, "33.34"), made(store, PROGRESS, "33.34", reference="b")

    taxes = [bc.finalize(each, store, on="2026-02-01").totals.tax for each in (first, second)]

    assert taxes == [Decimal("6.33"), Decimal("6.34")]


def test_a_claim_that_was_worked_out_before_another_is_refused():
    """What a claim asks for follows from the claims before it, so it is not issued behind others."""
    store = store_with()
    draft = made(store, PROGRESS, 2500, reference="early")
    claim = changed(draft, chain=bc.Chain("house", counted=()))
    other = issue(store, PROGRESS, 1000)

    with pytest.raises(bc.InvalidTransitionError, match=other.number):
        bc.finalize(claim, store, on="2026-06-01")


def test_a_draft_that_depends_on_nothing_comes_back_itself():
    """A draft without a key, and one whose agreement has not changed, are the same object."""
    store = store_with()
    plain = bc.draft(ACME, [bc.Item("work", unit_price=1, tax_code="DE_19")], period=DAYS, tax=TAX)
    final, part = made(store, FINAL, 10000), made(store, PROGRESS, 100)

    books = store.books("acme")

    assert all(bc.refreshed(each, books) is each for each in (plain, final, part))
    store.put(part)
    assert list(bc.refreshed_drafts(books)) == list(bc.refreshed_drafts(store.books("acme"))) == []


def test_drafts_of_one_agreement_are_finalized_in_one_step():
    """Finalizing one of several drafts makes the others anew, and they are still finalized."""
    store = store_with()
    for name in ("a", "b"):
        store.put(made(store, PROGRESS, "33.34", reference=name))

    report = bc.finalize_all(list(store.drafts()), store, on="2026-02-01")

    assert report.problems == ()
    assert [each.totals.tax for each in report.invoices] == [Decimal("6.33"), Decimal("6.34")]


@pytest.mark.parametrize("kind", [PROGRESS, DEPOSIT], ids=["progress", "deposit"])
@pytest.mark.parametrize("key", ["house", ""], ids=["with a key", "without"])
def test_an_advance_below_zero_is_refused(kind, key):
    """Nobody pays on account what is owed to the customer: that is a credit of an earlier claim."""
    with pytest.raises(bc.InvalidInputError, match="asks for a payment"):
        made(store_with(), kind, -100, key=key)


def test_a_claim_whose_tax_outweighs_it_is_refused():
    """After a deposit at the highest rate, a claim of 15.00 net would be -12.75 with tax."""
    store = store_with()
    both = bc.Project(
        "house", ACME,
        [bc.Item("a", unit_price=1000, tax_code="DE_19"), bc.Item("b", unit_price=500, tax_code="DE_7")],
        period=DAYS, tax=TAX,
    )  # fmt: skip
    bc.finalize(bc.deposit(both, store.books("acme"), rate=50), store, on="2026-02-01")

    with pytest.raises(bc.InvalidInputError, match="asks for a payment"):
        bc.claim(both, store.books("acme"), completion=51)


def test_a_draft_that_fell_below_zero_is_not_finalized():
    """A stored draft of an advance below 0 is refused when it is finalized."""
    store = store_with()
    draft = changed(made(store, PARTIAL, -100), kind=PROGRESS)

    with pytest.raises(bc.InvalidInputError, match="asks for a payment"):
        bc.finalize(draft, store, on="2026-02-01")


def test_a_document_that_was_never_booked_stops_the_final():
    """A part invoice that was issued before bookkeeping began is booked first, or not deducted."""
    store = store_with()
    sub = issue(store, PROGRESS, 2500)
    store.setup = bc.Setup(accounting=ACCOUNTING)

    with pytest.raises(bc.SubsNotBookedError, match=sub.number):
        made(store, FINAL, 10000)


def test_taxes_per_line_are_not_counted_up():
    """Where taxes are rounded per line, a part invoice has its own, and the final closes the gap."""
    policy = bc.DOCUMENTED.but(tax_level=bc.TaxLevel.LINE)
    store = store_with()

    taxes = [issue(store, PARTIAL, "33.34", policy=policy).totals.tax for _ in range(2)]
    final = issue(store, FINAL, "66.68", policy=policy)

    assert taxes == [Decimal("6.33"), Decimal("6.33")]
    assert final.remaining.tax == final.totals.due == Decimal("0.01")  # 12.67 - 12.66
