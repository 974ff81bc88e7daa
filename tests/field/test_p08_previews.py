"""P8: the preview is not the invoice."""

from __future__ import annotations

import billingcore as bc
from billingcore.testing import canonical, check_preview
from tests.field.corpus import Pain, case
from tests.field.desk import contract, invoice, seats, show, store_of
from tests.unit.engine.records import contract as agreed
from tests.unit.engine.records import monthly, once, run_of
from tests.unit.engine.records import store_of as stored

PAIN = Pain(
    "P8",
    "The preview is not the invoice",
    elsewhere="A preview is code of its own, or the same code with other parameters. "
    "It swallows an error and shows 0, leaves out a line, or merges what would be two invoices.",
    here="There is one function. "
    "A preview is the plan that a run would commit, with the same ids and cents. "
    "A plan whose inputs have changed is refused.",
)


@case(
    "gitroomhq/postiz-app#1904",
    "polarsource/polar#9218",
    gave="The page said 0 to pay today, and the upgrade was charged.",
    right="With our own prices, 29.00 becomes 60.00 on 17 January, for 15 of 31 days: "
    "29.00 x 15/31 is 14.03, 60.00 x 15/31 is 29.03, so 15.00 are quoted and charged.",
    prints="""
    quoted 15.00
    charged 15.00
    the same document: True
    """,
)
def test_zero_is_quoted_and_the_upgrade_is_charged():
    """An upgrade is quoted as free, and charged."""
    january = bc.Period.month(2026, 1)
    item = seats(29)
    store = store_of(item)
    invoice(store, january)
    store.change(contract(item.changed(bc.Change("2026-01-17", unit_price=60))))

    run = bc.InvoiceRun(january, policy=bc.LEVEL)
    (plan,) = bc.plan(run, store)
    (quoted,) = plan.drafts
    (charged,) = bc.execute(run, store).drafts
    print("quoted", quoted.totals.gross)
    print("charged", charged.totals.gross)
    print("the same document:", quoted == charged)


@case(
    "killbill/killbill#2249",
    gave="Six points of 100 units, at 0.10 and from 15 June on at 0.20: "
    "the preview had one item, the invoice two.",
    right="Three points before 15 June (our own days) are 300 x 0.10, three after it 300 x 0.20. "
    "The preview has both lines.",
    prints="""
    plan
    tokens 2026-06-01 2026-06-10 30.00
    tokens 2026-06-16 2026-06-25 60.00
    invoice
    tokens 2026-06-01 2026-06-10 30.00
    tokens 2026-06-16 2026-06-25 60.00
    """,
)
def test_the_preview_has_one_line_and_the_invoice_two():
    """After a change of plan the preview shows one item, and the invoice has two."""
    tokens = bc.Item(
        "tokens",
        unit_price="0.1",
        billing_type=bc.TRANSACTIONAL,
        cadence=bc.monthly(anchor="2026-06-01"),
        changes=[bc.Change("2026-06-15", unit_price="0.2")],
    )
    store = store_of(tokens, start="2026-06-01")
    for day in ("01", "05", "10", "16", "20", "25"):
        store.add_usage("acme", bc.UsageRecord(f"U-{day}", "tokens", f"2026-06-{day}", 100))

    june = bc.Period.month(2026, 6)
    (plan,) = bc.plan(bc.InvoiceRun(june, policy=bc.LEVEL), store)
    print("plan")
    show(plan.drafts[0].lines)
    print("invoice")
    show(invoice(store, june))


@case(
    "flexprice/flexprice#1668",
    "killbill/killbill#1042",
    "killbill/killbill#1506",
    gave="Lines of a preview that do not sum to its subtotal, and previews that merge invoices.",
    own_numbers=True,
)
class TestThePlanIsWhatIsCommitted:
    """What is shown before a run is not what the run makes."""

    def test_what_is_planned_is_committed(self):
        """The plan holds the very drafts that the run commits, ids and cents included."""

        def make():
            discounted = {"order_discount": bc.Discount.percent("3.333")}
            items = [monthly(name, "9.99", tax_code="19", quantity="1.5") for name in "abc"]
            return stored(agreed(*items, **discounted), agreed(once(), id="S-2"))

        check_preview(run_of(), make)

    def test_what_is_planned_is_what_any_execution_commits(self):
        """A run in one go, in a loop, stopped and resumed: the drafts are those of the plan."""
        names = [f"S-{number}" for number in range(5)]

        def make():
            store = bc.MemoryStore()
            for name in names:
                store.add(bc.Account(name, currency="EUR"))
                store.add(agreed(monthly(price="9.99"), once(), id=name, account=name))
            return store

        planned = [draft for each in bc.plan(run_of(), make()) for draft in each.drafts]
        whole, looped, resumed = make(), make(), make()
        bc.execute(run_of(), whole)
        for _ in bc.Execution(run_of(), looped, window=2):
            pass
        bc.execute(run_of(), resumed, window=2, should_stop=lambda: True)
        bc.resume("latest", resumed)

        assert len(planned) == 5
        for store in (whole, looped, resumed):
            assert [*map(canonical, store.drafts())] == [*map(canonical, planned)]

    def test_the_lines_of_a_preview_sum_to_its_total(self):
        """The lines shown are the lines summed."""
        items = [monthly(name, "0.333", quantity=3) for name in "abc"]
        (outcome,) = bc.plan(run_of(), stored(agreed(*items)))
        (draft,) = outcome.drafts

        assert sum(line.net for line in draft.lines) == draft.totals.net == 3

    def test_a_plan_is_refused_when_its_inputs_moved(self):
        """What was planned before the price changed cannot be committed after it."""
        store = stored(agreed(monthly()))
        planned = list(bc.plan(run_of(), store))
        store.change(agreed(monthly(price=99)))

        assert store.commit(planned) == ["acme"]
        assert list(store.drafts()) == []
