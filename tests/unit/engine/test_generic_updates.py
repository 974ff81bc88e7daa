"""The generic run: what is written back to records, late children, and what sets records free."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.canceling import cancel
from tests.unit.engine.records import ACME
from tests.unit.engine.sources import (
    billed,
    deal,
    generic_run,
    lines,
    order,
    orders,
    product,
    reasons,
    store_with,
    the_draft,
)

RUN = "2026-03-01..2026-03-31/Orders+Deals"
APRIL = bc.Period.month(2026, 4)


def written(updates):
    """Give what is written, by the id of the record."""
    return {update.id: dict(update.values) for update in updates}


class TestUpdates:
    """The new values of control fields."""

    def test_success(self):
        """A billed record and its parent get the draft's id and the run, and lose their error."""
        outcome = billed(order(1, product(1), product(2, ON_Quantity=0)))
        values = {
            "ON_Invoice": f"{RUN}/acme",
            "ON_LastInvoiceRun": RUN,
            "ON_InvoiceBuildError": None,
        }

        assert written(outcome.updates) == {"P-1": values, "O-1": values}
        assert [(each.type, each.party) for each in outcome.updates] == [
            ("Product", ""),
            ("Order", ""),
        ]

    def test_the_names_that_the_record_has(self):
        """Fields are written under the names that the record has for them."""
        child = product(1, ON_Invoice__c=None, ON_InvoiceBuildError__c="old", ON_InvoiceRun__c=None)
        outcome = billed(order(1, child, ON_Invoice=None, ON_LastInvoiceRun__c=None))

        assert written(outcome.updates) == {
            "P-1": {
                "ON_Invoice__c": f"{RUN}/acme",
                "ON_InvoiceRun__c": RUN,
                "ON_InvoiceBuildError__c": None,
            },
            "O-1": {
                "ON_Invoice": f"{RUN}/acme",
                "ON_LastInvoiceRun__c": RUN,
                "ON_InvoiceBuildError": None,
            },
        }

    def test_the_names_of_a_party(self):
        """With a suffix, the fields of that party are written."""
        child = bc.SourceRecord(
            "Product", "P-1", {"ON_TitleCust": "T", "ON_QuantityCust": 1, "ON_UnitPriceCust": 1}
        )
        record = bc.SourceRecord(
            "Order",
            "O-1",
            {"ON_AccountCust": "acme", "ON_InvoiceCust__c": None},
            children={"Items": [child]},
        )
        chosen = orders(fields=bc.FieldSet(suffix="Cust"))
        (line, root) = billed(record, filters=[chosen]).updates

        assert (line.party, [*line.values]) == (
            "Cust",
            ["ON_InvoiceCust", "ON_LastInvoiceRunCust", "ON_InvoiceBuildErrorCust"],
        )
        assert "ON_InvoiceCust__c" in root.values

    def test_errors(self):
        """A record that is wrong gets what is wrong with it, and so its parent; its siblings nothing."""
        outcome = billed(order(1, product(1, ON_Quantity="x"), product(2)))
        update, parent = outcome.updates

        assert (update.id, update.values["ON_LastInvoiceRun"]) == ("P-1", RUN)
        assert "ON_Quantity = 'x'" in update.values["ON_InvoiceBuildError"]
        assert "ON_Invoice" not in update.values
        assert (parent.type, parent.id, parent.values) == ("Order", "O-1", update.values)

    def test_long_errors(self):
        """The text of an error has at most 255 characters."""
        setup = bc.Setup(entities=[bc.BusinessEntity(f"Seller {number}") for number in range(99)])
        outcome = billed(order(1, product(1), ON_BusinessEntity="Nobody"), setup=setup)
        (update,) = outcome.updates
        text = update.values["ON_InvoiceBuildError"]

        assert len(str(outcome.problems[0])) > 255
        assert (len(text), text[-1]) == (255, "…")
        assert str(outcome.problems[0]).startswith(text[:-1])

    def test_a_parent_on_several_documents(self):
        """Where a criterion splits a record, it gets the first document, each child its own."""
        children = product(1, ON_InvoiceCriterion="A"), product(2, ON_InvoiceCriterion="B")
        outcome = billed(order(1, *children))
        found = {name: values["ON_Invoice"] for name, values in written(outcome.updates).items()}

        assert found == {
            "P-1": f"{RUN}/acme/A",
            "O-1": f"{RUN}/acme/A",
            "P-2": f"{RUN}/acme/B",
        }

    def test_the_life_of_a_document(self):
        """Finalizing writes the number; discarding and canceling empty the field."""
        store = store_with(order(1, product(1)))
        (draft,) = bc.execute(generic_run(), store).drafts
        invoice = bc.finalize(draft, store, on="2026-04-01")

        assert written(bc.updates(draft, is_gone=True))["P-1"] == {"ON_Invoice": None}
        assert written(bc.updates(invoice))["P-1"]["ON_Invoice"] == invoice.number
        assert written(bc.updates(invoice, is_gone=True)) == {
            "P-1": {"ON_Invoice": None},
            "O-1": {"ON_Invoice": None},
        }

    def test_custom_lines_and_lines_by_hand(self):
        """A line without a record writes nothing but to the record that its mapping is of."""
        mapping = '{"items": {"S": {"fields": {"Title": "S", "Quantity": 1, "UnitPrice": 1}}}}'
        draft = the_draft(order(1, product(1), ON_Mapping=mapping))
        edited = bc.edit.add_line(draft, bc.Item("by hand", unit_price=1))

        assert set(written(bc.updates(edited))) == {"P-1", "O-1"}

    def test_an_edited_line_keeps_its_record(self):
        """Changing a line by hand does not take it from its record, nor its type from it."""
        draft = the_draft(order(1, product(1, ON_Type="Handling Fees")))
        edited = bc.edit.change_line(draft, 1, unit_price=12)

        assert edited.lines[0].type is bc.LineType.HANDLING
        assert set(written(bc.updates(edited))) == {"P-1", "O-1"}

    def test_hostile_objects(self):
        """A record that cannot even be asked for its fields is written to under their own names."""

        class Row:
            """An object that fails for each attribute that it does not have."""

            ON_Account = "acme"

            def __getattr__(self, name):
                raise LookupError(name)

        record = bc.SourceRecord("Order", "O-1", Row(), children={"Items": [product(1)]})
        outcome = billed(record)

        assert {update.id for update in outcome.updates} >= {"O-1"}


class TestBilledAlready:
    """Records that arrive with their invoice."""

    @pytest.mark.parametrize(
        "record",
        [
            deal(ON_Invoice="R-1"),
            deal(ON_Invoice__c="R-1"),
            order(1, product(1, ON_Invoice="R-1")),
            order(1, product(1), ON_Invoice="R-1"),
        ],
        ids=["single", "other spelling", "child", "parent"],
    )
    def test_the_invoice_is_set(self, record):
        """A record whose invoice is set, or its parent's, is billed already by that document."""
        (exclusion,) = billed(record).exclusions

        assert exclusion.reason is bc.Reason.ALREADY_INVOICED
        assert ("document", "R-1") in exclusion.facts

    def test_a_parent_whose_invoice_is_set_is_billed_under_no_policy(self):
        """An order that arrives with its invoice is not billed anew where late children are."""
        outcome = billed(order(1, product(1), ON_Invoice="R-1"), policy=bc.LEVEL)

        assert (outcome.drafts, reasons(outcome)) == ((), {"Product/P-1": "ALREADY_INVOICED"})

    @pytest.mark.parametrize("value", [None, ""])
    def test_an_empty_invoice(self, value):
        """An empty field is no invoice."""
        assert len(billed(deal(ON_Invoice=value)).drafts) == 1

    def test_an_own_draft(self):
        """A live draft of the store blocks its records, and names itself."""
        store = store_with(order(1, product(1)))
        (draft,) = bc.execute(generic_run(), store).drafts
        (exclusion,) = bc.execute(generic_run(period=APRIL), store).exclusions

        assert exclusion.reason is bc.Reason.DRAFT_EXISTS
        assert exclusion.facts == (("draft", draft.id),)

    def test_an_own_invoice(self):
        """An invoice of the store blocks its records, and names itself."""
        store = store_with(order(1, product(1)))
        (draft,) = bc.execute(generic_run(), store).drafts
        number = bc.finalize(draft, store, on="2026-04-01").number
        (exclusion,) = bc.execute(generic_run(period=APRIL), store).exclusions

        assert exclusion.reason is bc.Reason.ALREADY_INVOICED
        assert exclusion.facts == (("document", number),)


class TestLateChildren:
    """A child that is added to a record that was billed already."""

    @pytest.fixture
    def store(self):
        """Bill an order of one product, then add another one."""
        store = store_with(order(1, product(1)))
        (draft,) = bc.execute(generic_run(), store).drafts
        bc.finalize(draft, store, on="2026-04-01")
        store.change(order(1, product(1), product(2)))
        return store

    def test_excluded(self, store):
        """By default a late child is left out, naming the invoice and the record."""
        report = bc.execute(generic_run(period=APRIL), store)
        late = report.exclusions[1]

        assert (late.record, late.reason) == ("Product/P-2", bc.Reason.ALREADY_INVOICED)
        assert late.facts == (("document", "2026-00001"), ("billed with", "Order/O-1"))

    def test_billed(self, store):
        """A policy may bill late children, and them alone."""
        run = generic_run(period=APRIL, late_children=bc.LateChildren.BILL)

        assert lines(*bc.execute(run, store).drafts) == [["Product/P-2 20.00"]]

    def test_beside_a_draft(self):
        """A child that is added while the draft lives is late, too."""
        store = store_with(order(1, product(1)))
        bc.execute(generic_run(), store)
        store.change(order(1, product(1), product(2)))
        report = bc.execute(generic_run(), store)

        assert reasons(report) == {
            "Product/P-1": "DRAFT_EXISTS",
            "Product/P-2": "ALREADY_INVOICED",
        }


class TestSettingFree:
    """Discarding a draft and canceling an invoice release their records."""

    def test_discard(self):
        """What a discarded draft billed is billed again by the same run."""
        store = store_with(order(1, product(1), product(2)))
        (draft,) = bc.execute(generic_run(), store).drafts
        store.discard(draft.id)

        assert lines(*bc.execute(generic_run(), store).drafts) == [
            ["Product/P-1 20.00", "Product/P-2 20.00"]
        ]

    def test_void(self):
        """What a canceled invoice billed is billed again at once."""
        store = store_with(order(1, product(1)))
        (draft,) = bc.execute(generic_run(), store).drafts
        cancel(store, bc.finalize(draft, store, on="2026-04-01").number)
        (again,) = bc.execute(generic_run(), store).drafts

        assert (lines(again), again.id) == ([["Product/P-1 20.00"]], f"{draft.id}#2")

    def test_one_of_two_documents(self):
        """Of a record on two documents, what is set free can be billed again by itself."""
        children = product(1, ON_InvoiceCriterion="A"), product(2, ON_InvoiceCriterion="B")
        store = store_with(order(1, *children))
        (_, second) = list(bc.execute(generic_run(), store).drafts)
        store.discard(second.id)

        assert lines(*bc.execute(generic_run(), store).drafts) == [["Product/P-2 20.00"]]

    def test_a_line_that_is_removed_by_hand(self):
        """A line that is taken off a draft sets its record free for the next run."""
        store = store_with(order(1, product(1), product(2)))
        (draft,) = bc.execute(generic_run(), store).drafts
        store.put(bc.edit.remove_line(draft, 2))
        (grown,) = bc.execute(generic_run(), store).drafts

        assert lines(grown) == [["Product/P-1 20.00", "Product/P-2 20.00"]]


def paper(name, **fields):
    """Make a file that is linked."""
    return bc.SourceDocument(name, **({"link": True} | fields))


class TestDocuments:
    """Files of records that are linked to their invoice."""

    def test_each_once(self):
        """Linked files of a record and its parent are linked to the invoice, each once."""
        draft = the_draft(
            order(
                1,
                product(1, documents=[paper("C-1"), paper("A")]),
                product(2, documents=[paper("C-2"), paper("no", link=False)]),
                documents=[paper("A"), paper("B")],
            )
        )

        assert [each.id for each in draft.documents] == ["C-1", "A", "B", "C-2"]

    def test_the_latest_version(self):
        """Of several versions of a file the latest decides, also whether it is linked."""
        draft = the_draft(
            order(
                1,
                product(1, documents=[paper("A", version=2, link=False), paper("B")]),
                documents=[paper("A"), paper("B", version=3, title="third")],
            )
        )

        assert [(each.id, each.title) for each in draft.documents] == [("B", "third")]

    def test_several_invoices_of_one_record(self):
        """Files of the parent go to each invoice, those of a child to the one with its line."""
        outcome = billed(
            order(
                1,
                product(1, documents=[paper("C-1")], ON_InvoiceCriterion="A"),
                product(2, documents=[paper("C-2")], ON_InvoiceCriterion="B"),
                documents=[paper("P")],
            )
        )

        assert [[each.id for each in draft.documents] for draft in outcome.drafts] == [
            ["C-1", "P"],
            ["C-2", "P"],
        ]

    def test_a_child_that_is_not_billed(self):
        """Files of a child without a line do not go along."""
        child = product(1, documents=[paper("C-1")], ON_Quantity=0)

        assert the_draft(order(1, child, product(2))).documents == ()

    def test_other_documents_have_none(self):
        """A document by hand has no files of records."""
        draft = bc.draft(ACME, [bc.Item("desk", unit_price=1)], period=APRIL)

        assert draft.documents == ()
