"""Runs over several agreements: what belongs together, taxes, policies, and repeated runs."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.engine.building import (
    KIND,
    ORDERS,
    TAX,
    amounts_of,
    billed,
    earlier,
    issue,
    part,
    pay,
    priced,
    record,
    run_for,
    said,
    store_of,
    sums_of,
)
from tests.unit.engine.records import ACME, VAT

ENTITIES = bc.Setup(
    entities=[bc.BusinessEntity("North"), bc.BusinessEntity("South", aliases=["S"])]
)


def numbers_of(outcome):
    """Give key, currency, seller and what is deducted of each final."""
    return {
        (draft.sub_invoice_key, draft.currency, draft.seller.name if draft.seller else ""): [
            each.number for each in draft.deductions
        ]
        for draft in outcome.drafts
    }


class TestScope:
    """Documents belong together by key, account, currency and seller."""

    def test_keys(self):
        """Each final deducts the documents of its own key."""
        chain = [earlier("R-1"), earlier("R-2", key="garden"), earlier("R-3")]
        records = [part("O-8", "Final", 9000), part("O-9", "Final", 9000, "garden")]

        assert numbers_of(billed(*records, chain=chain)) == {
            ("house", "EUR", ""): ["R-1", "R-3"],
            ("garden", "EUR", ""): ["R-2"],
        }

    def test_a_problem_of_one_key(self):
        """What is in the way of one final is in no way of another."""
        chain = [earlier("R-1"), earlier("draft", key="garden", is_draft=True)]
        records = [part("O-8", "Final", 9000), part("O-9", "Final", 9000, "garden")]
        outcome = billed(*records, chain=chain)

        assert numbers_of(outcome) == {("house", "EUR", ""): ["R-1"]}
        assert [each.record for each in outcome.problems] == ["OrderLine/O-9-1"]

    def test_currencies(self):
        """One key in two currencies is two agreements, of which each may have its final."""
        dollars = part("O-8", "Final", 9000, Currency="USD")
        chain = [earlier("R-1"), earlier("R-2", currency="USD")]

        assert numbers_of(billed(dollars, part("O-9", "Final", 9000), chain=chain)) == {
            ("house", "USD", ""): ["R-2"],
            ("house", "EUR", ""): ["R-1"],
        }

    def test_sellers(self):
        """One key of two sellers is two agreements, whatever name of its seller a record uses."""
        north, south = (part("O-1", "Final", 9000, BusinessEntity=name) for name in ("North", "S"))
        south = bc.SourceRecord("Order", "O-2", south.values, children={"Items": [
            bc.SourceRecord("OrderLine", "O-2-1", priced("", "All", 9000)),
        ]})  # fmt: skip
        chain = [earlier("R-1", entity="South"), earlier("R-2", entity="North"), earlier("R-3")]

        assert numbers_of(billed(north, south, chain=chain, setup=ENTITIES)) == {
            ("house", "EUR", "North"): ["R-2"],
            ("house", "EUR", "South"): ["R-1"],
        }

    def test_accounts(self):
        """One key of two accounts is two agreements."""
        store = store_of(part("O-1", "Progress", 1000), part("O-2", "Progress", 4000, Account="b"))
        store.add(bc.Account("b", currency="EUR"))
        report = bc.execute(run_for(ORDERS), store)
        for draft in report.drafts:
            bc.finalize(draft, store, on="2026-04-01")
        store.add(part("O-8", "Final", 9000), part("O-9", "Final", 9000, Account="b"))
        finals = {each.account.id: each for each in bc.execute(run_for(ORDERS), store).drafts}

        assert {
            name: [line.net for each in final.deductions for line in each.lines]
            for name, final in finals.items()
        } == {"acme": [1000], "b": [4000]}

    def test_documents_of_one_agreement(self):
        """Parts with different terms are different documents of one agreement."""
        records = [
            part("O-1", "Partial", 100),
            part("O-2", "Partial", 200, PaymentDays=7),
            part("O-3", "Progress", 300),
            part("O-4", "Partial", 400, "garden"),
            part("O-5", "Partial", 500, CreateSingleInvoice=True),
            part("O-6", "Partial", 600, None),
        ]
        drafts = billed(*records).drafts

        assert [(draft.kind, draft.sub_invoice_key, str(draft.totals.net)) for draft in drafts] == [
            (KIND.PARTIAL, "house", "100.00"),
            (KIND.PARTIAL, "house", "200.00"),
            (KIND.PROGRESS, "house", "300.00"),
            (KIND.PARTIAL, "garden", "400.00"),
            (KIND.PARTIAL, "house", "500.00"),
            (KIND.PARTIAL, "", "600.00"),
        ]
        assert drafts[4].id.endswith("terms=type=partial,key=house,single=Order%2FO-5")


class TestTaxes:
    """The taxes of parts count up, and a final deducts what was stored."""

    @pytest.mark.parametrize(
        ("chain_tax", "tax"),
        [(bc.ChainTax.CUMULATIVE, "6.34"), (bc.ChainTax.EACH, "6.33")],
        ids=["counted up", "each by itself"],
    )
    def test_the_second_part(self, chain_tax, tax):
        """19 % of 66.66 are 12.67, of which 6.33 were invoiced before; by itself it is 6.33."""
        before = (bc.TaxAmount(TAX, Decimal("33.33"), Decimal("6.33")),)
        policy = bc.DOCUMENTED.but(chain_tax=chain_tax)
        chain = [earlier("R-1", invoiced=before, paid=())]
        (draft,) = billed(part("O-2", "Partial", "33.33"), chain=chain, policy=policy).drafts

        assert str(draft.totals.tax) == tax

    def test_two_parts_of_one_run(self):
        """Two parts of one run count up when they are issued, one after the other."""
        records = [
            part(f"O-{place}", "Partial", "33.33", CreateSingleInvoice=True) for place in (1, 2)
        ]
        store = store_of(*records)
        bc.execute(run_for(ORDERS), store)
        taxes = []
        for name in [draft.id for draft in store.drafts()]:
            issued = bc.finalize(store.draft(name), store, on="2026-04-01")
            taxes.append(str(issued.totals.tax))

        assert taxes == ["6.33", "6.34"]

    def test_a_part_without_key(self):
        """A part without key counts up from nothing, and nothing deducts it."""
        before = (bc.TaxAmount(TAX, Decimal("33.33"), Decimal("6.33")),)
        chain = [earlier("R-1", invoiced=before, paid=())]
        (draft,) = billed(part("O-2", "Partial", "33.33", None), chain=chain).drafts

        assert (str(draft.totals.tax), draft.sub_invoice_key) == ("6.33", "")

    def test_two_shapes(self):
        """As a remainder the final has a line for each part, and its sums are what is left."""
        chain = [earlier("R-1"), earlier("R-2")]
        policy = bc.DOCUMENTED.but(final_shape=bc.FinalShape.REMAINDER)
        (whole,) = billed(part("O-9", "Final", 10_000), chain=chain).drafts
        (rest,) = billed(part("O-9", "Final", 10_000), chain=chain, policy=policy).drafts

        assert sums_of(whole) == ("10000.00", "1900.00", "11900.00", "5950.00")
        assert sums_of(rest) == ("5000.00", "950.00", "5950.00", "5950.00")
        assert [line.net for line in rest.lines] == [10_000, -2500, -2500]
        assert amounts_of(whole.remaining) == amounts_of(rest.remaining)


class TestPolicies:
    """Policies that stop, turn or cut documents are for invoices that stand alone."""

    @pytest.mark.parametrize(
        "shape", [bc.FinalShape.CUMULATIVE, bc.FinalShape.REMAINDER], ids=lambda shape: shape.name
    )
    def test_nothing_is_left(self, shape):
        """A final of which nothing is left is made, though documents of zero are skipped."""
        policy = bc.DOCUMENTED.but(
            zero_total=bc.ZeroTotal.SKIP, minimum_amount={"EUR": 100}, final_shape=shape
        )
        outcome = billed(part("O-9", "Final", 2500), chain=[earlier("R-1")], policy=policy)

        (draft,) = outcome.drafts
        assert (draft.kind, draft.totals.due) == (KIND.FINAL, 0)

    @pytest.mark.parametrize(
        "shape", [bc.FinalShape.CUMULATIVE, bc.FinalShape.REMAINDER], ids=lambda shape: shape.name
    )
    @pytest.mark.parametrize("sign", list(bc.NegativeTotal), ids=lambda sign: sign.name)
    def test_too_much_was_invoiced(self, shape, sign):
        """A final below zero stays one: 4,000 + 760, less 5,950, is -1,190 for the customer."""
        policy = bc.DOCUMENTED.but(negative_total=sign, final_shape=shape)
        chain = [earlier("R-1"), earlier("R-2")]
        (draft,) = billed(part("O-9", "Final", 4000), chain=chain, policy=policy).drafts

        assert (draft.kind, draft.totals.due) == (KIND.FINAL, -1190)
        assert amounts_of(draft.remaining) == ("-1000.00", "-190.00", "-1190.00")

    @pytest.mark.parametrize("kind", ["Partial", "Progress", "Deposit", "Final", "Proforma"])
    @pytest.mark.parametrize("price", [0, 1, -5], ids=["zero", "small", "negative"])
    def test_stopped_by_nothing(self, kind, price):
        """No policy about sums puts off, skips or turns these kinds; an advance below 0 is a problem."""
        policy = bc.DOCUMENTED.but(
            zero_total=bc.ZeroTotal.SKIP,
            negative_total=bc.NegativeTotal.CARRY_FORWARD,
            minimum_amount={"EUR": 100},
        )
        outcome = billed(part("O-1", kind, price), policy=policy)

        if price < 0 and kind in ("Progress", "Deposit"):
            (problem,) = outcome.problems
            assert "asks for a payment" in problem.message
        else:
            (draft,) = outcome.drafts
            assert draft.kind.name.replace("_", "") == kind.upper()
        assert not billed(part("O-1", "Invoice", price), policy=policy).drafts

    @pytest.mark.parametrize(
        ("kind", "count"),
        [("Invoice", 3), ("Partial", 1), ("Progress", 1), ("Deposit", 1), ("Final", 1)],
    )
    def test_cut_by_nothing(self, kind, count):
        """Only an invoice that stands alone is cut where it has too many lines."""
        rows = [priced("", f"Work {place}", 10) for place in range(5)]
        policy = bc.DOCUMENTED.but(max_lines=2)

        assert len(billed(record("O-1", said("", kind), *rows), policy=policy).drafts) == count

    @pytest.mark.parametrize(
        ("kind", "net"),
        [("Invoice", 90), ("Partial", 90), ("Final", 90), ("Deposit", 100), ("Proforma", 100)],
    )
    def test_coupons(self, kind, net):
        """Coupons are used where something is sold: not for deposits, nor for pro formas."""
        coupon = bc.Coupon("WELCOME", bc.Discount.percent(10))
        (draft,) = billed(part("O-1", kind, 100), coupons=[coupon]).drafts

        assert (draft.totals.net, bool(draft.coupon)) == (net, net < 100)


class TestRepeatedRuns:
    """A run that is repeated adds to its drafts, whatever their kind."""

    def test_a_part_that_grows(self):
        """New records with the same kind and key join the draft, those of others do not."""
        store = store_of(part("O-1", "Partial", "33.33"))
        issue(store)
        store.add(part("O-2", "Partial", "33.33"))
        bc.execute(run_for(ORDERS, id="April"), store)
        store.add(part("O-3", "Partial", "33.34"), part("O-4", "Partial", 5, "garden"))
        bc.execute(run_for(ORDERS, id="April"), store)

        assert {
            each.sub_invoice_key: (len(each.lines), str(each.totals.net), str(each.totals.tax))
            for each in store.drafts()
        } == {"house": (2, "66.67", "12.67"), "garden": (1, "5.00", "0.95")}

    @pytest.mark.parametrize(
        "shape", [bc.FinalShape.CUMULATIVE, bc.FinalShape.REMAINDER], ids=lambda shape: shape.name
    )
    def test_a_final_that_grows(self, shape):
        """New lines join a draft of the final, and what was paid meanwhile is deducted."""
        policy = bc.DOCUMENTED.but(
            final_shape=shape, negative_total=bc.NegativeTotal.CARRY_FORWARD, max_lines=1
        )
        store = store_of(part("O-1", "Progress", 2500))
        (progress,) = issue(store)
        store.add(part("O-8", "Final", 1000))
        run = run_for(ORDERS, id="May", policy=policy)
        (first,) = bc.execute(run, store).drafts
        pay(store, progress)
        store.add(part("O-9", "Final", 500))
        (grown,) = bc.execute(run, store).drafts

        assert amounts_of(first.remaining) == ("1000.00", "190.00", "1190.00")
        assert (grown.id, len(grown.scope)) == (first.id, 2)
        assert amounts_of(grown.remaining) == ("-1000.00", "-190.00", "-1190.00")
        assert (grown.kind, grown.totals.due) == (KIND.FINAL, -1190)

    def test_a_final_that_cannot_grow(self):
        """New lines of a final wait for the parts of the same run, and its draft stays."""
        store = store_of(part("O-8", "Final", 1000))
        run = run_for(ORDERS, id="May")
        (first,) = bc.execute(run, store).drafts
        store.add(part("O-1", "Progress", 100), part("O-9", "Final", 500))
        report = bc.execute(run, store)

        assert [draft.kind for draft in report.drafts] == [KIND.PROGRESS]
        assert [each.record for each in report.problems] == ["OrderLine/O-9-1"]
        assert len(store.draft(first.id).lines) == 1

    def test_a_negative_invoice_that_grows(self):
        """An invoice that stands alone is carried forward if new lines make it negative."""
        policy = bc.DOCUMENTED.but(negative_total=bc.NegativeTotal.CARRY_FORWARD)
        store = store_of(part("O-8", None, 1000))
        run = run_for(ORDERS, id="May", policy=policy)
        bc.execute(run, store)
        store.add(part("O-9", None, -5000))

        assert not bc.execute(run, store).drafts


def test_subscriptions_beside_records():
    """What a subscription bills stands on invoices of its own, before and beside finals."""
    contract = bc.Subscription("S-1", account="acme", items=[bc.Item("seat", unit_price=7)])
    snapshot = bc.AccountSnapshot(
        ACME, [contract], records=[part("O-9", "Final", 9)], chain=[earlier("R-1")]
    )
    everything = bc.Filter("Everything")
    outcome = bc.bill(run_for(everything, ORDERS), snapshot, VAT)

    assert [draft.kind for draft in outcome.drafts] == [KIND.STANDARD, KIND.FINAL]


class TestForecast:
    """What the months to come bring, if all drafts are issued and nothing is paid."""

    def test_parts_and_final(self):
        """A part of March is deducted in April as it was invoiced, and a part after it refused."""
        records = [
            part("O-1", "Partial", 1000, ServiceDate="2026-03-05"),
            part("O-9", "Final", 3000, ServiceDate="2026-04-05"),
            part("O-2", "Partial", 1, ServiceDate="2026-05-05"),
        ]
        snapshot = bc.AccountSnapshot(ACME, records=records)
        chosen = bc.Selection([ORDERS])
        found = bc.forecast(snapshot, VAT, start="2026-03-01", months=3, selection=chosen)

        drafts = [draft for outcome in found.outcomes for draft in outcome.drafts]
        assert [draft.kind for draft in drafts] == [KIND.PARTIAL, KIND.FINAL]
        assert amounts_of(drafts[1].remaining) == ("2000.00", "380.00", "2380.00")
        assert [each.code for each in found.outcomes[2].problems] == ["final-exists"]

    def test_drafts(self):
        """A part that is a draft counts as issued, whether it is handed over or not."""
        store = store_of(part("O-1", "Partial", 1000), part("O-9", "Final", 3000))
        bc.execute(run_for(ORDERS), store)
        snapshot, chosen = store.snapshot("acme"), bc.Selection([ORDERS])
        for drafts in ((), tuple(store.drafts())):
            found = bc.forecast(
                snapshot, VAT, start="2026-04-01", months=1, selection=chosen, drafts=drafts
            )
            (final,) = found.outcomes[0].drafts

            assert amounts_of(final.remaining) == ("2000.00", "380.00", "2380.00")
