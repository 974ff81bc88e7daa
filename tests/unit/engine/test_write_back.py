"""What is written back to records that fail, that need no error any more, or that stay billed."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.canceling import cancel
from tests.unit.engine.metering import Book, calls
from tests.unit.engine.records import ACME, contract
from tests.unit.engine.records import monthly as seats
from tests.unit.engine.sources import (
    BOTH,
    billed,
    deal,
    generic_run,
    order,
    orders,
    product,
    select,
    store_with,
)
from tests.unit.engine.trading import BUYER
from tests.unit.engine.trading import order as trade

RUN = "2026-03-01..2026-03-31/Orders+Deals"
CASES = bc.Filter("Cases", use_case=bc.UseCase.USAGE, target="Case")
ITEMS = bc.Filter("Cases", use_case=bc.UseCase.USAGE, target="Case", child_relation="Items")


class Offline:
    """A tax engine that never answers."""

    def taxes(self, questions, purpose):
        """Fail."""
        raise bc.PortError("no connection", port="TaxEngine", is_retryable=True)


def written(updates):
    """Give what is written, by the id of the record."""
    return {update.id: dict(update.values) for update in updates}


def usage(kind="Case", id="C-1", **values):
    """Make a record that is read as usage: 3 calls on 5 January."""
    control = {"Type": "Transaction", "OrderNo": "CALLS", "Account": "acme", "Subscription": None}
    given = control | {"Invoice": None, "LastError": None, "Date": "2026-01-05", "Quantity": 3}
    own = {f"ON_{name}": value for name, value in given.items()} | values
    return bc.SourceRecord(kind, id, own)


def of_usage(*records, chosen=CASES):
    """Bill records as usage in January."""
    return Book(calls(), records=records).bill(selection=bc.Selection([chosen]))


class TestAnAccountThatFails:
    """A tax engine that does not answer spoils all records of an account."""

    def test_each_record_is_told(self):
        """All records with a tax code or without, and what was wrong before, have their error."""
        store = store_with(
            order(1, product(1, ON_TaxCode="19"), product(2)),
            order(2, product(3, ON_Quantity="x")),
            deal(),
            tax=Offline(),
        )
        (outcome,) = bc.plan(generic_run(), store)
        found = written(outcome.updates)

        assert sorted(found) == ["D-1", "O-1", "O-2", "P-1", "P-2", "P-3"]
        assert {values["ON_LastInvoiceRun"] for values in found.values()} == {RUN}
        texts = {name: values["ON_InvoiceBuildError"] for name, values in found.items()}
        assert "ON_Quantity = 'x'" in texts["P-3"]
        assert texts["O-2"] == texts["P-3"]
        assert {
            "TaxEngine: no connection" in texts[name] for name in ("D-1", "O-1", "P-1", "P-2")
        } == {True}
        assert all("ON_Invoice" not in values for values in found.values())

    def test_usage_is_told_in_its_own_field(self):
        """Usage of an account without taxes gets its error, and no run."""
        store = bc.MemoryStore(tax=Offline(), filters=[CASES])
        item = calls(tax_code="19")
        store.add(ACME, bc.Subscription("S-1", account="acme", items=[item]), usage())
        run = bc.InvoiceRun(bc.Period.month(2026, 1), selection=bc.Selection([CASES]))
        (outcome,) = bc.plan(run, store)

        assert written(outcome.updates) == {
            "C-1": {
                "ON_LastError": "account acme, S-1/calls: TaxEngine: no connection; try again later"
            }
        }

    def test_old_errors_go_all_the_same(self):
        """A line of quantity 0 is wrong in nothing, whatever the tax engine says of others."""
        store = store_with(
            order(1, product(1, ON_Quantity=0, ON_InvoiceBuildError="old")),
            order(2, product(2, ON_TaxCode="19")),
            tax=Offline(),
        )
        (outcome,) = bc.plan(generic_run(), store)

        assert written(outcome.updates)["P-1"] == {"ON_InvoiceBuildError": None}


class TestUsage:
    """Usage has fields of its own."""

    def test_success(self):
        """Usage that is billed gets its subscription and document, and loses its error."""
        outcome = of_usage(usage(ON_LastError="old"))
        (draft,) = outcome.drafts

        assert written(outcome.updates) == {
            "C-1": {"ON_Invoice": draft.id, "ON_Subscription": "S-1", "ON_LastError": None}
        }

    def test_error(self):
        """Usage without an item gets the reason, and neither a run nor a document."""
        outcome = of_usage(usage(ON_OrderNo="MAIL"))
        (update,) = outcome.updates

        assert [*update.values] == ["ON_LastError"]
        assert "ON_OrderNo = 'MAIL'" in update.values["ON_LastError"]

    def test_a_line_of_a_case(self):
        """The error of usage that is a child stays with it: the parent has no such field."""
        row = usage("CaseItem", "I-1", ON_Quantity="x")
        case = bc.SourceRecord("Case", "C-1", {"ON_Account": "acme"}, children={"Items": [row]})
        (update,) = of_usage(case, chosen=ITEMS).updates

        assert (update.type, update.id, [*update.values]) == ("CaseItem", "I-1", ["ON_LastError"])

    def test_an_object_of_both_runs(self):
        """One record that both runs fail to bill has an error in the field of each."""
        values = {"ON_Title": "T", "ON_UnitPrice": 1, "ON_InvoiceBuildError": None}
        record = usage(ON_Quantity="x", **values)
        direct = bc.Filter("Direct", use_case=bc.UseCase.GENERIC, target="Case")
        selection = bc.Selection([CASES, direct])
        outcome = Book(calls(), records=[record]).bill(selection=selection)
        (update,) = outcome.updates

        assert sorted(update.values) == [
            "ON_InvoiceBuildError",
            "ON_LastError",
            "ON_LastInvoiceRun",
        ]


class TestParents:
    """A parent shows what is wrong with its lines."""

    def test_the_first_error(self):
        """Of two lines that are wrong, the parent has the error of the first."""
        outcome = billed(order(1, product(1, ON_Quantity="x"), product(2, ON_Quantity="y")))
        found = written(outcome.updates)

        assert [*found] == ["P-1", "O-1", "P-2"]
        assert found["O-1"] == found["P-1"]
        assert "'y'" in found["P-2"]["ON_InvoiceBuildError"]

    def test_an_error_goes_before_success(self):
        """An order whose lines two filters bill has the document of one, and the other's error."""
        record = bc.SourceRecord(
            "Order",
            "O-1",
            {"ON_Account": "acme"},
            children={"Items": [product(1)], "Fees": [product(2, ON_Quantity="x")]},
        )
        filters = [orders(), orders("Fees", child_relation="Fees", sequence=1)]
        outcome = billed(record, filters=filters)
        (draft,) = outcome.drafts
        found = written(outcome.updates)

        assert found["O-1"]["ON_Invoice"] == found["P-1"]["ON_Invoice"] == draft.id
        assert "'x'" in found["O-1"]["ON_InvoiceBuildError"]
        assert found["P-1"]["ON_InvoiceBuildError"] is None

    def test_a_record_that_is_no_line(self):
        """A record that is billed by itself writes nothing to a parent that it happens to have."""
        parent = order(1, product(1, ON_Account="acme", ON_Quantity="x"))
        (child,) = parent.children_of("Items")
        alone = bc.Filter("Alone", use_case=bc.UseCase.GENERIC, target="Product")

        assert [*written(billed(child, filters=[alone]).updates)] == ["P-1"]


class TestUnresolved:
    """Records that are handed to no account are told by whoever routed them."""

    def test_they_are_told(self):
        """An order whose buyer is unknown gets the error under the names of that party."""
        record = trade(ON_AccountBuy="nobody")
        (route,) = bc.recipients(record, [BUYER], lambda name: None)
        (update,) = bc.failed_updates("January", [(record, BUYER, route.problem)])

        assert (update.type, update.id, update.party) == ("Order", "O-1", "Buy")
        assert update.values == {
            "ON_InvoiceBuildErrorBuy": "Order/O-1:Buy: Order 'O-1': ON_AccountBuy = 'nobody': "
            "there is no such account; add the account, or mend the record",
            "ON_LastInvoiceRunBuy": "January",
        }

    def test_usage(self):
        """Usage without an account gets the error in its own field."""
        record = usage(ON_Account="nobody")
        (route,) = bc.recipients(record, [CASES], lambda name: None)
        (update,) = bc.failed_updates("January", [(record, CASES, route.problem)])

        assert [*update.values] == ["ON_LastError"]


class TestOldErrors:
    """An error goes when there is nothing to be billed any more, and stays while there may be."""

    def test_quantity_0(self):
        """A line whose quantity is 0 now loses its error, and so does its parent."""
        old = {"ON_InvoiceBuildError": "old"}
        outcome = billed(order(1, product(1, ON_Quantity=0, **old), **old))

        assert written(outcome.updates) == {
            "P-1": {"ON_InvoiceBuildError": None},
            "O-1": {"ON_InvoiceBuildError": None},
        }

    def test_nothing_to_clear(self):
        """A record without an error is not written to, whatever leaves it out."""
        record = order(1, product(1, ON_Quantity=0, ON_InvoiceBuildError=""))

        assert billed(record).updates == ()

    def test_billed_already(self):
        """A line that a draft, or an invoice, bills already loses its error."""
        store = store_with(order(1, product(1, ON_InvoiceBuildError__c="old")))
        (draft,) = bc.execute(generic_run(), store).drafts
        before = bc.bill(generic_run(), store.snapshot("acme"), store.tax).updates
        bc.finalize(draft, store, on="2026-04-01")
        after = bc.bill(generic_run(), store.snapshot("acme"), store.tax).updates

        assert written(before) == written(after) == {"P-1": {"ON_InvoiceBuildError__c": None}}

    @pytest.mark.parametrize(
        "fields",
        [{"ON_ServiceDate": "2026-04-01"}, {"ON_Template": "unknown"}],
        ids=["not in the run", "no template"],
    )
    def test_what_may_still_be_wrong(self, fields):
        """A record that is not in the run, or cannot be billed, keeps its error."""
        outcome = billed(order(1, product(1), ON_InvoiceBuildError="old", **fields))

        assert (len(outcome.exclusions), outcome.updates) == (1, ())

    def test_an_error_of_this_run_stays(self):
        """A parent with one line that is wrong, and one of quantity 0, has the error."""
        record = order(
            1,
            product(1, ON_Quantity=0, ON_InvoiceBuildError="old"),
            product(2, ON_UnitPrice="x"),
            ON_InvoiceBuildError="old",
        )
        found = written(billed(record).updates)

        assert [*found] == ["P-2", "O-1"]
        assert "'x'" in found["O-1"]["ON_InvoiceBuildError"]

    def test_usage(self):
        """Usage of quantity 0 loses its error, and another error it may have stays."""
        record = usage(ON_Quantity=0, ON_LastError="old", ON_InvoiceBuildError="other")

        assert written(of_usage(record).updates) == {"C-1": {"ON_LastError": None}}

    def test_a_field_that_cannot_be_read(self):
        """A record that fails when it is asked for its error is left as it is."""

        class Row(dict):
            """Fields of which one fails."""

            def get(self, name, default=None):
                if name == "ON_InvoiceBuildError":
                    raise OSError("gone")
                return super().get(name, default)

        values = {"ON_Title": "T", "ON_UnitPrice": 1, "ON_Quantity": 0}
        row = bc.SourceRecord("Product", "P-1", Row(values))

        assert billed(order(1, row)).updates == ()

    def test_other_records_of_the_account(self):
        """Items of subscriptions have no record to write to."""
        store = store_with(order(1, product(1)))
        store.add(contract(seats(quantity=0)))

        assert written(
            bc.bill(generic_run(), store.snapshot("acme"), store.tax).updates
        ).keys() == {
            "P-1",
            "O-1",
        }


class TestSeveralDocuments:
    """A record of which one document is gone, and another lives."""

    @pytest.fixture
    def store(self):
        """Bill an order whose lines have two invoice criteria, A and B."""
        children = product(1, ON_InvoiceCriterion="A"), product(2, ON_InvoiceCriterion="B")
        store = store_with(order(1, *children), order(2, product(3, ON_InvoiceCriterion="B")))
        bc.execute(generic_run(), store)
        return store

    def test_the_parent_keeps_the_other(self, store):
        """The line of the draft that is gone is free; the order is on the other one, and no more said."""
        first, second = store.drafts()
        store.discard(first.id)
        gone = bc.updates(first, is_gone=True, live=store.drafts())

        assert written(gone) == {
            "O-1": {"ON_Invoice": second.id},
            "P-1": {"ON_Invoice": None},
        }

    def test_the_parent_of_an_invoice(self, store):
        """A canceled invoice leaves the order with the number of the other."""
        first, second = (bc.finalize(each, store, on="2026-04-01") for each in [*store.drafts()])
        cancel(store, second.number)
        gone = written(bc.updates(second, is_gone=True, live=store.invoices()))

        assert gone["O-1"] == {"ON_Invoice": first.number}
        assert gone["O-2"] == gone["P-2"] == gone["P-3"] == {"ON_Invoice": None}

    def test_the_document_itself_does_not_count(self, store):
        """A document that is gone does not live, whoever says so."""
        first, _ = store.drafts()

        assert written(bc.updates(first, is_gone=True, live=[first])) == {
            "O-1": {"ON_Invoice": None},
            "P-1": {"ON_Invoice": None},
        }

    def test_without_the_others(self, store):
        """Who names no other document says that there is none."""
        first, _ = store.drafts()

        assert written(bc.updates(first, is_gone=True))["O-1"] == {"ON_Invoice": None}

    def test_a_live_document(self, store):
        """A document that is not gone writes its own name, whatever else lives."""
        _, second = store.drafts()

        assert bc.updates(second, live=store.drafts()) == bc.updates(second)

    def test_usage(self):
        """Usage that two documents bill has the one that stays, with its subscription."""
        book = Book(calls(), records=[usage()])
        selection = bc.Selection([CASES])
        book.run(selection=selection)
        (first,) = book.finalize()
        book.records = [usage(ON_Quantity=5)]
        (second,) = book.run(bc.Period.month(2026, 2), selection=selection).drafts
        gone = bc.updates(second, is_gone=True, live=[first])

        assert written(gone) == {"C-1": {"ON_Invoice": first.number, "ON_Subscription": "S-1"}}
        assert written(bc.updates(first, is_gone=True)) == {
            "C-1": {"ON_Invoice": None, "ON_Subscription": None}
        }


class TestTypesThatAreNotBilled:
    """Records that the generic run does not bill."""

    @pytest.mark.parametrize("field", ["target", "child_relation"])
    def test_schedules_of_opportunity_products(self, field):
        """A generic filter of such records, or of such lines, is refused by name."""
        fields = {"target": "Opportunity", field: "OpportunityLineItemSchedule"}
        with pytest.raises(bc.InvalidInputError) as caught:
            bc.Filter("Schedules", use_case=bc.UseCase.GENERIC, **fields)

        assert str(caught.value) == (
            f"Filter 'Schedules': {field} = 'OpportunityLineItemSchedule': the generic run bills "
            "no records of this type; bill the records that they belong to"
        )

    def test_usage(self):
        """As usage they can be read: only the generic run does not bill them."""
        chosen = bc.Filter(
            "Schedules", use_case=bc.UseCase.USAGE, target="OpportunityLineItemSchedule"
        )

        assert select(*BOTH, chosen).usage == (chosen,)
