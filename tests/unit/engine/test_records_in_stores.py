"""Records and usage in a store: what is refused, set free, put off, and never lost."""

from __future__ import annotations

import attrs
import pytest

import billingcore as bc
from billingcore.testing import check_accounting, check_outcome
from tests.canceling import cancel
from tests.unit.engine.sources import billed, generic_run, lines, order, product, store_with

JANUARY = bc.Period.month(2026, 1)
CALLS = bc.Item("calls", unit_price="0.10", billing_type=bc.TRANSACTIONAL)


def metered(*usage):
    """Make a store with usage of one item."""
    store = bc.MemoryStore()
    store.add(bc.Account("acme", currency="EUR"))
    store.add(bc.Subscription("S-1", account="acme", items=[CALLS]))
    store.add_usage("acme", *usage)
    return store


def used(number, quantity, day="2026-01-05"):
    """Make usage."""
    return bc.UsageRecord(f"U-{number}", "calls", day, quantity)


class TestStores:
    """What a store does with records."""

    def test_a_record_is_added_once(self):
        """A record that is there already has to be changed."""
        store = store_with(order(1, product(1)))
        with pytest.raises(bc.InvalidInputError, match="it is there already"):
            store.add(order(1, product(1)))

    def test_an_unknown_record_is_not_changed(self):
        """Only a record that is there can be changed."""
        with pytest.raises(bc.InvalidInputError, match="there is no such record"):
            store_with().change(order(1, product(1)))

    def test_an_invoice_is_canceled_once(self):
        """What was canceled cannot be canceled again."""
        store = store_with(order(1, product(1)))
        (draft,) = bc.execute(generic_run(), store).drafts
        number = bc.finalize(draft, store, on="2026-04-01").number
        cancel(store, number)
        with pytest.raises(bc.InvalidTransitionError, match="canceled it already"):
            cancel(store, number)

    def test_other_invoices_stay(self):
        """Giving one invoice free leaves what the others bill."""
        store = store_with(order(1, product(1)))
        (first,) = bc.execute(generic_run(), store).drafts
        bc.finalize(first, store, on="2026-04-01")
        store.add(order(2, product(2)))
        (second,) = bc.execute(generic_run(), store).drafts
        cancel(store, bc.finalize(second, store, on="2026-04-01").number)
        (again,) = bc.execute(generic_run(), store).drafts

        assert lines(again) == [["Product/P-2 20.00"]]

    def test_usage_is_released_one_by_one(self):
        """Usage of a canceled invoice is billed again as far as it is released."""
        store = metered(used(1, 3), used(2, 4))
        run = bc.InvoiceRun(JANUARY)
        (draft,) = bc.execute(run, store).drafts
        cancel(store, bc.finalize(draft, store, on="2026-02-01").number)
        store.release("acme", "U-2")
        (again,) = bc.execute(run, store).drafts

        assert [line.quantity for line in again.lines] == [4]


class TestGrowing:
    """Drafts that the same run made before."""

    def test_another_invoice_date(self):
        """A run is not repeated with another invoice date, and a preview says so of its new lines."""
        store = store_with(order(1, product(1)))
        bc.execute(generic_run(invoice_date="2026-03-31"), store)
        store.add(order(2, product(2)))
        again = generic_run(invoice_date="2026-04-01")
        (outcome,) = bc.plan(again, store)
        (problem,) = outcome.problems
        with pytest.raises(bc.InvalidInputError, match=r"had the invoice date 2026-03-31"):
            bc.execute(again, store)

        assert (problem.record, problem.field) == ("Product/P-2", "invoice_date")
        assert lines(*store.drafts()) == [["Product/P-1 20.00"]]

    def test_a_draft_does_not_turn_negative(self):
        """What would turn a draft into a credit is put off, where the policy says so."""
        policy = bc.DOCUMENTED.but(negative_total=bc.NegativeTotal.CARRY_FORWARD)
        store = store_with(order(1, product(1)))
        bc.execute(generic_run(policy=policy), store)
        store.add(order(2, product(2, ON_Quantity=-9)))
        report = bc.execute(generic_run(policy=policy), store)

        assert report.excluded[bc.Reason.CARRIED_FORWARD] == 1
        assert lines(*store.drafts()) == [["Product/P-1 20.00"]]

    def test_tiers_stay_together(self):
        """Lines of one price are on one document, even if they are more than a document takes."""
        tiers = [bc.Tier(1, 5), bc.Tier(2, 4), bc.Tier(None, 3)]
        seats = bc.Item("seats", quantity=3, pricing=bc.Pricing(bc.TIERED, tiers))
        other = bc.Item("other", unit_price=1)
        contract = bc.Subscription("S-1", account="acme", items=[seats, other])
        snapshot = bc.AccountSnapshot(bc.Account("acme", currency="EUR"), [contract])
        run = bc.InvoiceRun(JANUARY, policy=bc.DOCUMENTED.but(max_lines=2))
        outcome = bc.bill(run, snapshot, bc.TaxTable({}))

        assert [len(draft.lines) for draft in outcome.drafts] == [3, 1]

    def test_usage_of_a_skipped_document_is_waived(self):
        """Usage that adds up to nothing is not late in the next run, where zero is skipped."""
        policy = bc.DOCUMENTED.but(zero_total=bc.ZeroTotal.SKIP)
        store = metered(used(1, 5), used(2, -5))
        first = bc.execute(bc.InvoiceRun(JANUARY, policy=policy), store)
        again = bc.execute(bc.InvoiceRun(JANUARY, policy=policy), store)

        assert first.excluded[bc.Reason.ZERO_TOTAL] == 3  # the item and its usage
        assert again.excluded[bc.Reason.ALREADY_INVOICED] == 2


class TestHeadings:
    """Templates, sellers and where they come from."""

    def test_other_names(self):
        """A template and a seller are found by the ids that records know."""
        setup = bc.Setup(
            [bc.Template("Default"), bc.Template("German", aliases=["T-7"])],
            [bc.BusinessEntity("Ours", aliases=["E-7"])],
        )
        fields = {"ON_Template": "T-7", "ON_BusinessEntity": "E-7"}
        (draft,) = billed(order(1, product(1), **fields), setup=setup).drafts

        assert (draft.template.name, draft.seller.name) == ("German", "Ours")

    def test_one_name_for_two(self):
        """A name that two templates have is refused."""
        with pytest.raises(bc.InvalidInputError, match="two have the same name"):
            bc.Setup([bc.Template("Default"), bc.Template("Other", aliases=["Default"])])

    @pytest.mark.parametrize(
        ("account", "code"),
        [({"template": "Nobody's"}, "NO_TEMPLATE"), ({"entity": "Nobody"}, "OTHER_PROBLEM")],
        ids=["template", "seller"],
    )
    def test_an_account_that_names_nobody(self, account, code):
        """If the account's template or seller does not exist, its records say so."""
        snapshot = bc.AccountSnapshot(
            bc.Account("acme", currency="EUR", **account), records=[order(1, product(1))]
        )
        outcome = bc.bill(generic_run(), snapshot, bc.TaxTable({}))

        assert {each.reason.name for each in outcome.exclusions} == {code}

    def test_a_criterion_of_the_order(self):
        """A line without a criterion has that of its order."""
        own = product(2, ON_InvoiceCriterion="B")
        outcome = billed(order(1, product(1), own, ON_InvoiceCriterion="A"))

        assert [draft.lines[0].item.criterion for draft in outcome.drafts] == ["A", "B"]


def test_a_suffix_that_makes_another_field():
    """A suffix that makes one field of another is refused: OrderNo and 2."""
    with pytest.raises(bc.InvalidInputError, match="OrderNo2 is a field of its own"):
        bc.FieldSet(suffix="2")


class TestAccounting:
    """The law that nothing is lost, on outcomes that break it."""

    @pytest.fixture
    def snapshot(self):
        """Give an account with an order of two lines, one of which has quantity 0."""
        records = [order(1, product(1), product(2, ON_Quantity=0))]
        return bc.AccountSnapshot(bc.Account("acme", currency="EUR"), records=records)

    @pytest.fixture
    def outcome(self, snapshot):
        """Bill it."""
        return bc.bill(generic_run(), snapshot, bc.TaxTable({}))

    def test_it_holds(self, outcome, snapshot):
        """Each line is billed or excluded."""
        check_outcome(outcome, snapshot)

    def test_a_lost_line(self, outcome, snapshot):
        """A line that left in no way is told."""
        lost = attrs.evolve(outcome, exclusions=())
        with pytest.raises(bc.InvariantViolationError, match="every record that enters leaves"):
            check_accounting(lost, snapshot)

    def test_a_line_told_twice(self, outcome, snapshot):
        """A line that left in two ways is told."""
        twice = attrs.evolve(outcome, exclusions=outcome.exclusions * 2)
        with pytest.raises(bc.InvariantViolationError, match="one of billed, excluded, problem"):
            check_accounting(twice, snapshot)

    def test_time_of_a_stranger(self, outcome, snapshot):
        """Time that is left out of a record that never entered is told."""
        (excluded,) = outcome.exclusions
        strange = attrs.evolve(outcome, left_out=(attrs.evolve(excluded, record="Else"),))
        with pytest.raises(bc.InvariantViolationError, match="time is left out of records"):
            check_accounting(strange, snapshot)

    def test_a_record_that_cannot_be_read(self, snapshot):
        """A record that names no account is still accounted for."""
        records = [order(1, product(1), ON_Account=None)]
        wrong = bc.AccountSnapshot(snapshot.account, records=records)
        outcome = bc.bill(generic_run(), wrong, bc.TaxTable({}))

        check_accounting(outcome, wrong)

    def test_a_start_elsewhere(self, snapshot):
        """Records that the run does not start from need no answer."""
        selection = generic_run().selection
        start = bc.StartFrom(["Order/O-9"])
        run = generic_run(selection=bc.Selection(selection.filters, start=start))
        outcome = bc.bill(run, snapshot, bc.TaxTable({}))

        assert outcome.exclusions == ()
        check_accounting(outcome, snapshot)

    def test_usage(self):
        """An item whose usage is billed is accounted for by its line."""
        store = metered(used(1, 3))
        snapshot = store.snapshot("acme")
        check_outcome(bc.bill(bc.InvoiceRun(JANUARY), snapshot, store.tax), snapshot)


def test_a_lookup_that_fails_is_accounted_for():
    """A record whose lookup fails is a problem, and accounted for as one."""

    def fail(record):
        raise OSError("connection lost")

    fields = bc.FieldSet(formulas={"ON_Parent": fail})
    chosen = bc.Filter(
        "Orders",
        use_case=bc.UseCase.GENERIC,
        target="Order",
        child_relation="Items",
        fields=fields,
        parents={"ON_Parent": "Account"},
    )
    start = bc.StartFrom(parents={"Account": "A"})
    run = generic_run(selection=bc.Selection([chosen], start=start))
    snapshot = bc.AccountSnapshot(
        bc.Account("acme", currency="EUR"), records=[order(1, product(1))]
    )
    outcome = bc.bill(run, snapshot, bc.TaxTable({}))

    check_accounting(outcome, snapshot)
    assert [each.record for each in outcome.problems] == ["Order/O-1"]


def test_a_line_of_a_mapping_goes_with_its_record():
    """A line that a data mapping adds goes with the record whose tax is refused, and has no answer."""
    mapping = (
        '{"items": {"SHIP": {"fields": {"Title__c": "Ship", "Quantity__c": 1, "UnitPrice__c": 4}}}}'
    )
    outcome = billed(order(1, product(1, ON_TaxCode="NO"), ON_Mapping=mapping))

    assert (outcome.drafts, outcome.exclusions) == ((), ())
    assert [each.record for each in outcome.problems] == ["Product/P-1"]


def test_a_sibling_of_another_system():
    """A line beside one that was billed elsewhere is late, as nobody knows what was there then."""
    store = store_with(order(1, product(1), product(2)))
    store.add_claims("acme", bc.Claim("Product/P-1", None, "R-1", bc.ClaimState.FINAL))
    report = bc.execute(generic_run(), store)

    assert report.excluded == {bc.Reason.ALREADY_INVOICED: 2}


def test_a_draft_beside_records():
    """A draft of a subscription is discarded without a word to records that share its store."""
    store = store_with(order(1, product(1)))
    item = bc.Item("x", unit_price=5)
    store.add(bc.Subscription("S-1", account="acme", items=[item]))
    bc.execute(generic_run(), store)
    for draft in list(store.drafts()):
        store.discard(draft.id)

    assert list(store.drafts()) == []
