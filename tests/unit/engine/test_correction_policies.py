"""What a policy makes of changes after billing, and what stands in the way of correcting them."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.testing import check_claims
from tests.unit.engine.changing import (
    APRIL,
    JUNE,
    MAY,
    all_billed,
    books,
    by_days,
    decimals,
    edit,
    invoice,
    invoice_all,
    nets,
    plan,
    reasons,
    shown,
)
from tests.unit.engine.records import VAT, finalize_all, run_of

DEARER = bc.Change("2026-04-16", unit_price=150)
LINE_ONE = "line 1 of 2026-00001"


def changed_after(*found, item=None, months=(APRIL,), policy=bc.LEVEL):
    """Make a store in which months are billed, and the item changed afterwards."""
    item = item or by_days()
    store = books(item)
    invoice_all(store, months, policy=policy)
    edit(store, item.changed(*found))
    return store


def shown_documents(store, first=1):
    """Write the documents after the first ones: kind, which ones they correct, and lines."""
    documents = list(store.invoices())[first:]
    return [
        (each.kind.name, corrected_by(each), [str(line.net) for line in each.lines])
        for each in documents
    ]


def corrected_by(document):
    """Give the numbers of the invoices that a document corrects."""
    found = (line.corrects.document for line in document.lines if line.corrects)
    return tuple(dict.fromkeys(found))


class TestCorrections:
    """Reported, on the next document, or on a credit of its own."""

    def test_only_reported(self):
        """DOCUMENTED bills nothing, says what changed and by how much, and bills the next month."""
        store = changed_after(DEARER, policy=bc.DOCUMENTED)
        outcome = plan(store, MAY, bc.DOCUMENTED)
        (left,) = outcome.left_out

        assert [line.net for line in outcome.drafts[0].lines] == [150]
        assert str(left) == (
            "S-1/seats 2026-04-16 to 2026-04-30: CHANGED_AFTER_BILLING, it changed after it was"
            " billed; this policy only reports it (difference 25.00 EUR)"
        )
        assert [each.left for each in outcome.corrections] == [bc.Reason.CHANGED_AFTER_BILLING]

    def test_reported_until_it_is_corrected(self):
        """What was only reported is found again by every run, and corrected once a policy does."""
        store = changed_after(DEARER, policy=bc.DOCUMENTED)
        invoice(store, MAY, bc.DOCUMENTED)
        again = plan(store, MAY, bc.DOCUMENTED)
        lines = invoice(store, MAY)

        assert reasons(again)[-1] == "S-1/seats CHANGED_AFTER_BILLING 2026-04-16..2026-04-30"
        assert nets(lines) == decimals("-50.00", "75.00")
        assert plan(store, MAY, bc.DOCUMENTED).corrections == ()

    def test_on_the_next_invoice(self):
        """With NEXT_INVOICE the credit, the new line and the next month share a document."""
        store = changed_after(DEARER)
        invoice(store, MAY)

        assert shown_documents(store) == [
            ("STANDARD", ("2026-00001",), ["-50.00", "75.00", "150.00"])
        ]

    def test_on_a_credit_of_its_own(self):
        """With CREDIT_DOCUMENT what goes back is a credit, and the rest an invoice."""
        store = changed_after(DEARER)
        invoice(store, MAY, corrections=bc.Corrections.CREDIT_DOCUMENT)

        assert sorted(shown_documents(store), key=lambda row: row[0]) == [
            ("CREDIT", ("2026-00001",), ["-50.00"]),
            ("STANDARD", ("2026-00001",), ["75.00", "150.00"]),
        ]

    def test_a_credit_for_each_invoice(self):
        """Two invoices that are corrected have two credits."""
        store = changed_after(DEARER, months=(APRIL, MAY))
        invoice(store, MAY, corrections=bc.Corrections.CREDIT_DOCUMENT)

        assert sorted(shown_documents(store, 2), key=lambda row: (row[0], row[1])) == [
            ("CREDIT", ("2026-00001",), ["-50.00"]),
            ("CREDIT", ("2026-00002",), ["-100.00"]),
            ("STANDARD", ("2026-00001", "2026-00002"), ["75.00", "150.00"]),
        ]

    def test_a_split_says_why(self):
        """The outcome names the credit as the difference between its documents."""
        outcome = plan(changed_after(DEARER), MAY, corrections=bc.Corrections.CREDIT_DOCUMENT)

        assert "they differ in credit" in str(outcome.splits[0])

    def test_a_negative_total_is_carried_with_its_credit(self):
        """Carried forward, a credit of 33.34 is found again and is part of May's 66.66."""
        store = changed_after(bc.pause("2026-04-11", "2026-04-20"))
        carry = {"negative_total": bc.NegativeTotal.CARRY_FORWARD}

        assert invoice(store, APRIL, **carry) == []
        assert nets(invoice(store, MAY, **carry)) == decimals("-33.34", "100.00")

    def test_a_total_of_zero_is_no_reason_to_skip(self):
        """A correction from 1 x 100 to 2 x 50 is a document of 0.00, also where zeros are skipped."""
        store = changed_after(bc.Change("2026-04-16", unit_price=50, quantity=2))
        lines = invoice(store, APRIL, zero_total=bc.ZeroTotal.SKIP)

        assert nets(lines) == decimals("-50.00", "50.00")
        assert plan(store, APRIL).corrections == ()


class TestBasis:
    """At the price that was billed, or at what it would cost today."""

    REPRICED = {"credit_basis": bc.CreditBasis.REPRICED}  # noqa: RUF012

    def edited(self, before, after, **switches):
        """Bill April, put the item as it was edited in the place, and bill April again."""
        store = books(before)
        invoice(store, APRIL)
        edit(store, after)
        return nets(invoice(store, APRIL, **switches))

    @pytest.mark.parametrize("basis", bc.CreditBasis, ids=lambda each: each.name)
    @pytest.mark.parametrize(
        "after",
        [
            by_days(price=120),
            by_days(quantity=7),
            by_days(discount=bc.Discount.percent(50)),
            by_days(tax_code="19"),
            by_days(title="Chairs"),
            by_days(cadence=bc.quarterly()),
        ],
        ids=["price", "quantity", "discount", "tax", "title", "cadence"],
    )
    def test_an_edit_in_place_leaves_the_past_alone(self, basis, after):
        """An item that is edited without a day says nothing of what was billed."""
        assert self.edited(by_days(), after, credit_basis=basis) == []

    def test_an_edit_in_place_beside_a_change(self):
        """Billed at 100, edited to 120, 2 units from the 16th: as billed at 100, re-priced at 120."""
        after = by_days(price=120).changed(bc.Change("2026-04-16", quantity=2))

        assert self.edited(by_days(), after) == decimals("-50.00", "100.00")
        assert self.edited(by_days(), after, **self.REPRICED) == decimals("-60.00", "120.00")

    def test_a_coupon_that_was_used_up(self):
        """Free by a coupon that is gone now: nothing goes back as billed, 36.00 go back re-priced."""
        before = by_days(price=72, discount=bc.Discount.percent(100))
        after = by_days(price=72).changed(bc.Change("2026-04-16", quantity=2))

        assert self.edited(before, after)[0] == 0
        assert self.edited(before, after, **self.REPRICED) == decimals("-36.00", "72.00")

    def test_a_coupon_that_ends_on_a_day(self):
        """A coupon that ends by a change is not credited, and the second seat costs its price."""
        before = by_days(price=72, discount=bc.Discount.percent(100))
        after = before.changed(bc.Change("2026-04-16", quantity=2, discount=None))

        assert self.edited(before, after) == decimals("0.00", "72.00")

    def test_repriced_corrections_ask_for_taxes_anew(self):
        """Re-priced, what goes back has today's rate; as billed, it has the invoice's."""
        rates = {}
        for basis in bc.CreditBasis:
            store = changed_after(DEARER, item=by_days(tax_code="19"))
            store.tax = bc.TaxTable({"19": 16})
            rates[basis.name] = [
                line.tax.rate for line in invoice(store, APRIL, credit_basis=basis)
            ]

        assert rates == {"AS_BILLED": [19, 19], "REPRICED": [16, 16]}


class TestThreshold:
    """Differences that are not worth a document."""

    def test_below(self):
        """25.00 are below 25.01: nothing is billed, and the report says by how much."""
        outcome = plan(changed_after(DEARER), APRIL, correction_threshold={"EUR": "25.01"})

        assert outcome.drafts == ()
        assert outcome.left_out[-1].facts == (("difference", "25.00 EUR"),)
        assert [each.left for each in outcome.corrections] == [bc.Reason.BELOW_THRESHOLD]

    @pytest.mark.parametrize(
        "threshold", [{"EUR": 25}, {"USD": 1000}], ids=["reached", "other currency"]
    )
    def test_not_below(self, threshold):
        """A difference of just the threshold is corrected, and so is one of another currency."""
        lines = invoice(changed_after(DEARER), APRIL, correction_threshold=threshold)

        assert nets(lines) == decimals("-50.00", "75.00")

    def test_what_is_owed_to_the_customer(self):
        """A credit counts by its size: 33.34 are below 50."""
        store = changed_after(bc.pause("2026-04-11", "2026-04-20"))

        assert invoice(store, APRIL, correction_threshold={"EUR": 50}) == []
        assert nets(invoice(store, APRIL, correction_threshold={"EUR": 30})) == decimals("-33.34")

    def test_another_tax_is_always_corrected(self):
        """A change of the tax code has a difference of 0.00 and is corrected all the same."""
        store = changed_after(bc.Change("2026-04-16", tax_code="7"), item=by_days(tax_code="19"))

        lines = invoice(store, APRIL, correction_threshold={"EUR": 1000})
        assert nets(lines) == decimals("-50.00", "50.00")

    def test_small_differences_add_up(self):
        """Left twice, 2.50 and another 2.50 of later days are corrected together as 5.00."""
        store = changed_after(bc.Change("2026-04-16", unit_price=105))
        small = invoice(store, APRIL, correction_threshold={"EUR": 4})
        edit(store, by_days().changed(bc.Change("2026-04-01", unit_price=105)))

        assert small == []
        assert nets(invoice(store, APRIL, correction_threshold={"EUR": 4})) == decimals(
            "-100.00", "105.00"
        )


class TestInTheWay:
    """Drafts, migrated claims, and lines that are not at hand."""

    def test_a_draft_of_the_correction(self):
        """While a draft corrects an item, no second one is made; it says which."""
        store = changed_after(DEARER)
        bc.execute(run_of(APRIL, policy=bc.LEVEL), store)
        (draft,) = store.drafts()
        outcome = plan(store, APRIL)

        assert outcome.drafts == ()
        (left,) = outcome.left_out
        assert (left.reason, dict(left.facts)) == (bc.Reason.DRAFT_EXISTS, {"draft": draft.id})

    def test_a_discarded_correction_is_made_again(self):
        """With its draft discarded the correction is due again, with the same keys."""
        store = changed_after(DEARER)
        bc.execute(run_of(APRIL, policy=bc.LEVEL), store)
        (draft,) = store.drafts()
        store.discard(draft.id)
        keys = [line.billing_key for line in draft.lines]

        assert [line.billing_key for line in invoice(store, APRIL)] == keys

    def test_a_draft_of_the_month(self):
        """A month on a draft is not corrected; once it is an invoice, the next run does it."""
        store = books(by_days())
        bc.execute(run_of(APRIL, policy=bc.LEVEL), store)
        edit(store, by_days().changed(DEARER))
        before = plan(store, APRIL)
        finalize_all(store)

        assert (before.drafts, before.corrections) == ((), ())
        assert nets(invoice(store, APRIL)) == decimals("-50.00", "75.00")

    def migrated(self, terms):
        """Make a store in which April was billed elsewhere, and the item changed since."""
        store = books(by_days().changed(DEARER))
        claim = bc.Claim("S-1/seats", APRIL, "OLD-1", bc.ClaimState.FINAL, terms)
        store.add_claims("acme", claim)
        return plan(store, MAY)

    def test_migrated_claims_are_left_alone(self):
        """What was billed elsewhere on terms that are not known is never corrected."""
        outcome = self.migrated(None)

        assert (outcome.corrections, outcome.left_out) == ((), ())
        assert shown(outcome.drafts[0].lines) == ["2026-05-01..2026-05-31 150.00"]

    def test_lines_that_are_missing(self):
        """Days whose terms are known but not their line are not corrected, and named."""
        outcome = self.migrated("")

        assert reasons(outcome) == ["S-1/seats NOT_CORRECTED 2026-04-16..2026-04-30"]
        assert shown(outcome.drafts[0].lines) == ["2026-05-01..2026-05-31 150.00"]

    def test_lines_of_which_some_are_missing(self):
        """Of two changed months with one line at hand, the other one is named."""
        store = changed_after(DEARER, months=(APRIL, MAY))
        known = store.snapshot("acme")
        lines = {
            name: [each for each in rows if each.document == "2026-00002"]
            for name, rows in known.lines.items()
        }
        snapshot = bc.AccountSnapshot(
            known.account, known.subscriptions, claims=known.claims, lines=lines
        )
        outcome = bc.bill(run_of(MAY, policy=bc.LEVEL), snapshot, VAT)

        assert shown(outcome.drafts[0].lines) == [
            "2026-05-01..2026-05-31 -100.00",
            "2026-05-01..2026-05-31 150.00",
        ]
        assert "S-1/seats NOT_CORRECTED 2026-04-16..2026-04-30" in reasons(outcome)


class TestWords:
    """A plan can be read before it is kept."""

    def test_a_correction_in_words(self):
        """A correction says days, terms then and now, both sums, and the line."""
        change = bc.Change("2026-04-16", quantity=2, discount=bc.Discount.percent(10))
        (correction,) = plan(changed_after(change), APRIL).corrections

        assert str(correction) == (
            "S-1/seats 2026-04-16 to 2026-04-30: 1 x 100 -> 2 x 100, 10 % off;"
            f" -50.00 + 90.00 = 40.00 EUR ({LINE_ONE})"
        )
        assert [correction.difference] == decimals("40.00")

    def test_nothing_is_due(self):
        """Of a pause the plan says that nothing is due, and why it is left if it is."""
        store = changed_after(bc.pause("2026-04-11", "2026-04-20"))
        (correction,) = plan(store, APRIL, bc.DOCUMENTED).corrections

        assert str(correction) == (
            "S-1/seats 2026-04-11 to 2026-04-20: 1 x 100 -> nothing is due;"
            f" -33.34 + 0 = -33.34 EUR ({LINE_ONE});"
            " left: it changed after it was billed; this policy only reports it"
        )

    def test_a_plan_is_the_same_again(self):
        """Planned twice from the same state, lines, keys and corrections are the same."""
        store = changed_after(DEARER, months=(APRIL, MAY))
        one, other = plan(store, JUNE), plan(store, JUNE)

        assert one.corrections == other.corrections
        assert one.drafts[0].lines == other.drafts[0].lines
        check_claims((*store.snapshot("acme").claims, *one.drafts[0].claims))

    def test_the_lines_say_what_they_correct(self):
        """Credit and new line name the document and line, and explain themselves."""
        credit, anew = invoice(changed_after(DEARER), APRIL)

        assert credit.corrects == bc.Corrected("2026-00001", 1, is_credit=True)
        assert anew.corrects == bc.Corrected("2026-00001", 1, is_credit=False)
        assert f"taken back from {LINE_ONE}" in str(bc.explain(credit))
        assert [credit.quantity, anew.quantity] == [-1, 1]

    def test_all_that_was_billed_is_the_contract(self):
        """After credit and new line, what was billed is 15 days at 100 and 15 at 150: 125.00."""
        store = changed_after(DEARER)
        invoice(store, APRIL)

        assert all_billed(store) == 125
