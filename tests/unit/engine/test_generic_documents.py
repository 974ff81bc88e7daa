"""The generic run: which lines share a document, and what decides about template and currency."""

from __future__ import annotations

from datetime import date

import pytest

import billingcore as bc
from tests.unit.engine.records import MARCH
from tests.unit.engine.sources import (
    billed,
    deal,
    generic_run,
    lines,
    order,
    problems,
    product,
    reasons,
    store_with,
    the_draft,
)

SETUP = bc.Setup(
    [bc.Template("Default", payment_days=14), bc.Template("Export", payment_days=30)],
    entities=[bc.BusinessEntity("North"), bc.BusinessEntity("South")],
)


class TestCriterion:
    """The invoice criterion."""

    def test_a_a_b(self):
        """Products of criteria A, A and B give an invoice of two lines and one of one line."""
        outcome = billed(
            order(
                1,
                product(1, ON_InvoiceCriterion="A"),
                product(2, ON_InvoiceCriterion="A"),
                product(3, ON_InvoiceCriterion="B"),
            )
        )

        assert lines(*outcome.drafts) == [
            ["Product/P-1 20.00", "Product/P-2 20.00"],
            ["Product/P-3 20.00"],
        ]
        assert [str(split) for split in outcome.splits] == [
            "they differ in invoice criterion: 'A' and 'B'"
        ]

    def test_an_empty_criterion_is_one(self):
        """Records without a criterion share one document, whatever records they are of."""
        draft = the_draft(
            order(1, product(1), product(2, ON_InvoiceCriterion="")),
            order(2, product(3, ON_InvoiceCriterion=None)),
        )

        assert len(draft.lines) == 3

    def test_a_criterion_joins_records(self):
        """Lines of several records with one criterion share a document."""
        outcome = billed(
            order(1, product(1, ON_InvoiceCriterion="A"), product(2, ON_InvoiceCriterion="B")),
            order(2, product(3, ON_InvoiceCriterion="B"), product(4, ON_InvoiceCriterion="A")),
        )

        assert lines(*outcome.drafts) == [
            ["Product/P-1 20.00", "Product/P-4 20.00"],
            ["Product/P-2 20.00", "Product/P-3 20.00"],
        ]


class TestSingleInvoice:
    """A record that asks for a document of its own."""

    def test_one_invoice_for_each_record(self):
        """Two records that ask for it get a document each, and the others share one."""
        outcome = billed(
            order(1, product(1), product(2), ON_CreateSingleInvoice=True),
            order(2, product(3)),
            order(3, product(4), ON_CreateSingleInvoice=True),
            order(4, product(5), ON_CreateSingleInvoice=False),
        )

        assert lines(*outcome.drafts) == [
            ["Product/P-1 20.00", "Product/P-2 20.00"],
            ["Product/P-3 20.00", "Product/P-5 20.00"],
            ["Product/P-4 20.00"],
        ]

    def test_later_records_do_not_join(self):
        """What a repeated run finds later does not join the document of a single record."""
        store = store_with(order(1, product(1), ON_CreateSingleInvoice=True))
        bc.execute(generic_run(), store)
        store.add(order(2, product(2)), order(3, product(3), ON_CreateSingleInvoice=True))
        report = bc.execute(generic_run(), store)

        assert lines(*report.drafts) == [["Product/P-2 20.00"], ["Product/P-3 20.00"]]

    def test_it_does_not_join_an_existing_draft(self):
        """A record with a document of its own ignores the draft that the run has made."""
        store = store_with(order(1, product(1)))
        bc.execute(generic_run(), store)
        store.add(order(2, product(2), ON_CreateSingleInvoice=True))
        report = bc.execute(generic_run(), store)

        assert lines(*report.drafts) == [["Product/P-2 20.00"]]
        assert [draft.version for draft in store.drafts()] == [1, 1]

    def test_a_late_child_of_a_single_record(self):
        """A late child that is billed gets a document of its own, as no record joins one."""
        store = store_with(order(1, product(1), ON_CreateSingleInvoice=True))
        bc.execute(generic_run(), store)
        store.change(order(1, product(1), product(2), ON_CreateSingleInvoice=True))
        report = bc.execute(generic_run(late_children=bc.LateChildren.BILL), store)

        assert lines(*report.drafts) == [["Product/P-2 20.00"]]

    def test_a_criterion_splits_it(self):
        """A criterion splits a record with a document of its own; each part stands alone."""
        outcome = billed(
            order(
                1,
                product(1, ON_InvoiceCriterion="A"),
                product(2, ON_InvoiceCriterion="B"),
                ON_CreateSingleInvoice=True,
            ),
            order(2, product(3, ON_InvoiceCriterion="A")),
        )

        assert lines(*outcome.drafts) == [
            ["Product/P-1 20.00"],
            ["Product/P-2 20.00"],
            ["Product/P-3 20.00"],
        ]

    def test_a_late_line(self):
        """A late line of an order with an invoice of its own gets the next invoice, #2."""
        store = store_with(order(1, product(1), ON_CreateSingleInvoice=True))
        run = generic_run(late_children=bc.LateChildren.BILL)
        (first,) = bc.execute(run, store).drafts
        store.change(order(1, product(1), product(2), ON_CreateSingleInvoice=True))
        (second,) = bc.execute(run, store).drafts

        assert second.id == f"{first.id}#2"
        assert lines(*store.drafts()) == [["Product/P-1 20.00"], ["Product/P-2 20.00"]]


class TestHeading:
    """Template, seller, payment days, currency and reference of a record."""

    @pytest.mark.parametrize(
        ("field", "values"),
        [
            ("ON_Template", ["Default", "Export"]),
            ("ON_BusinessEntity", ["North", "South"]),
            ("ON_PaymentDue", [7, "21"]),
            ("ON_Currency", ["EUR", "USD"]),
        ],
    )
    def test_what_keeps_records_apart(self, field, values):
        """Records with another template, seller, payment term or currency share no document."""
        records = [order(number, product(number)) for number in (1, 2)]
        records += [
            order(number, product(number), **{field: value})
            for number, value in enumerate([*values, values[0]], 3)
        ]
        outcome = billed(*records, setup=SETUP)
        found = [{line.record for line in draft.lines} for draft in outcome.drafts]

        assert {"Product/P-1", "Product/P-2"} <= found[0]
        assert {"Product/P-4"} in found
        assert any({"Product/P-3", "Product/P-5"} <= each for each in found)

    def test_the_account_s_are_usual(self):
        """What a record does not say is the account's, then the template's."""
        buyer = bc.Account("acme", currency="CHF", template="Export", entity="South")
        (usual, own) = billed(
            order(1, product(1), ON_Template=""),
            order(2, product(2), ON_Template="Default", ON_BusinessEntity="North"),
            setup=SETUP,
            account=buyer,
        ).drafts

        assert (usual.template.name, usual.seller.name, usual.currency) == (
            "Export",
            "South",
            "CHF",
        )
        assert (usual.payment_days, own.payment_days) == (30, 14)
        assert (own.template.name, own.seller.name) == ("Default", "North")

    def test_a_template_that_is_not_there(self):
        """Without its template, and none named Default, a record is left out."""
        setup = bc.Setup([bc.Template("Export")])
        outcome = billed(
            order(1, product(1)), order(2, product(2), ON_Template="Gone"), setup=setup
        )

        assert reasons(outcome) == {"Product/P-1": "NO_TEMPLATE", "Product/P-2": "NO_TEMPLATE"}
        assert outcome.exclusions[1].facts == (("template", "Gone"),)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("ON_BusinessEntity", "Nobody"),
            ("ON_Currency", "eur"),
            ("ON_Currency", "XQQ"),
            ("ON_PaymentDue", "soon"),
            ("ON_PaymentDue", "1.5"),
            ("ON_PaymentDue", -1),
            ("ON_Template", 7),
            ("ON_Type", "Credit"),
            ("ON_Type", 7),
        ],
    )
    def test_what_is_wrong_is_named(self, field, value):
        """An unknown seller or currency, and a wrong term, are named as the record spells them."""
        outcome = billed(order(1, product(1), **{field: value}), setup=SETUP)

        assert (outcome.drafts, problems(outcome)) == ((), {"Order/O-1": field})
        assert outcome.problems[0].message.startswith(f"Order 'O-1': {field}")

    def test_the_kind_of_an_ordinary_invoice(self):
        """A record may say that it becomes an ordinary invoice."""
        assert the_draft(order(1, product(1), ON_Type="Invoice")).kind is bc.InvoiceKind.STANDARD

    def test_references(self):
        """The buyer's references of all records stand on the document, each once."""
        draft = the_draft(
            order(1, product(1), product(2), ON_Reference="PO-1"),
            order(2, product(3), ON_Reference="PO-2"),
            order(3, product(4), ON_Reference="PO-1"),
        )

        assert draft.references == ("PO-1", "PO-2")

    def test_prices_in_another_currency(self):
        """A price in another currency is converted at the day's rate, as a recorded step."""
        rate = bc.ExchangeRate("USD", "EUR", "0.90", date="2026-03-01", source="bank")
        setup = bc.Setup(exchange=bc.ExchangeTable([rate]))
        (line,) = the_draft(order(1, product(1, ON_PriceCurrency="USD")), setup=setup).lines

        # 10.00 USD at 0.90 are 9.00 EUR, twice
        assert (line.currency, str(line.net)) == ("EUR", "18.00")
        assert [name for name, _ in line.origin.facts] == ["converted"]


class TestAccumulation:
    """A run may be repeated, and adds what it finds to its own live draft."""

    def test_later_records_join(self):
        """A repeated run adds new records to its draft, which has a new version."""
        store = store_with(order(1, product(1)))
        (first,) = bc.execute(generic_run(), store).drafts
        store.add(order(2, product(2)), deal())
        (second,) = bc.execute(generic_run(), store).drafts
        nothing = bc.execute(generic_run(), store)

        assert (first.id, first.version) == (second.id, 1)
        assert second.version == 2
        assert lines(second) == [["Product/P-1 20.00", "Product/P-2 20.00", "Deal/D-1 100.00"]]
        assert len(nothing.drafts) == 0

    def test_edits_are_kept(self):
        """A draft that was edited by hand keeps its edits when records join it."""
        store = store_with(order(1, product(1)))
        (draft,) = bc.execute(generic_run(), store).drafts
        edited = bc.edit.change_line(draft, 1, title="Edited", unit_price=15)
        store.put(bc.edit.add_line(edited, bc.Item("fee", unit_price=3)))
        store.add(order(2, product(2)))
        (grown,) = bc.execute(generic_run(), store).drafts

        assert [line.title for line in grown.lines] == ["Edited", "fee", "Thing 2"]
        assert (str(grown.totals.net), grown.version) == ("53.00", 3)
        assert grown.lines[0].sources == (bc.SourceRef("Product", "P-1", "Orders", ""),)

    def test_what_was_decided_by_hand_is_kept(self):
        """A draft keeps the addressee and the date that were given to it by hand."""
        ben = bc.Contact("ben", account="acme", name="Ben")
        anna = bc.Contact("anna", account="acme", name="Anna", roles=[bc.ContactRole.INVOICE])
        contacts = bc.Contacts([anna, ben])
        store = store_with(order(1, product(1)))
        store.put_contacts("acme", contacts)
        (draft,) = bc.execute(generic_run(), store).drafts
        store.put(bc.edit.readdress(draft, contacts, contact="ben"))
        store.add(order(2, product(2)))
        (grown,) = bc.execute(generic_run(), store).drafts

        assert (len(grown.lines), grown.billing.name) == (2, "Ben")

    @pytest.mark.parametrize(
        ("discount", "shares", "net"),
        [
            (bc.Discount.percent(10), ["2.00", "2.00", "2.00"], "54.00"),
            (bc.Discount.amount(4), ["1.33", "1.34", "1.33"], "56.00"),
        ],
        ids=["10 percent", "4.00"],
    )
    def test_an_order_discount_by_hand(self, discount, shares, net):
        """An order discount that was given by hand is shared anew among all lines."""
        store = store_with(order(1, product(1), product(2)))
        (draft,) = bc.execute(generic_run(), store).drafts
        store.put(bc.edit.discount_order(draft, discount))
        store.add(order(2, product(3)))
        (grown,) = bc.execute(generic_run(), store).drafts

        assert sorted(str(line.order_discount) for line in grown.lines) == sorted(shares)
        assert str(grown.totals.net) == net
        assert grown.order_discount == discount

    def test_long_drafts(self):
        """A draft that is full goes on on further ones, and a repetition adds nothing."""
        store = store_with(order(1, product(1), product(2), product(3)))
        run = generic_run(max_lines=2)
        bc.execute(run, store)
        store.add(order(2, product(4), product(5)))
        bc.execute(run, store)

        found = [line.record for draft in store.drafts() for line in draft.lines]
        assert sorted(found) == [f"Product/P-{number}" for number in range(1, 6)]
        assert all(len(draft.lines) <= 2 for draft in store.drafts())
        assert len(bc.execute(run, store).drafts) == 0

    @pytest.mark.parametrize(
        "other",
        [
            generic_run(period=bc.Period.month(2026, 4)),
            generic_run(id="another"),
        ],
        ids=["another period", "another run"],
    )
    def test_another_run_makes_another_draft(self, other):
        """Records that another run finds get a draft of its own."""
        store = store_with(order(1, product(1)))
        bc.execute(generic_run(), store)
        store.add(order(2, product(2)))
        report = bc.execute(other, store)

        assert lines(*report.drafts) == [["Product/P-2 20.00"]]
        assert len(list(store.drafts())) == 2

    def test_an_invoice_is_not_joined(self):
        """After its draft was finalized, a repeated run makes another draft."""
        store = store_with(order(1, product(1)))
        (draft,) = bc.execute(generic_run(), store).drafts
        bc.finalize(draft, store, on="2026-04-01")
        store.add(order(2, product(2)))
        (second,) = bc.execute(generic_run(), store).drafts

        assert (second.id, second.version) == (f"{draft.id}#2", 1)
        assert lines(second) == [["Product/P-2 20.00"]]

    def test_a_draft_that_cannot_grow(self):
        """If a record cannot be added, the draft stays as it is, and only the record is wrong."""
        store = store_with(order(1, product(1)))
        bc.execute(generic_run(), store)
        store.add(order(2, product(2, ON_Quantity=10**9, ON_UnitPrice=10**14)))
        report = bc.execute(generic_run(), store)

        assert [each.record for each in report.problems] == ["Product/P-2"]
        assert lines(*store.drafts()) == [["Product/P-1 20.00"]]

    def test_the_date_of_the_run(self):
        """The drafts of a run bear its invoice date, if it has one."""
        draft = the_draft(order(1, product(1)), invoice_date="2026-03-15")

        assert draft.invoice_date == date(2026, 3, 15)
        assert draft.period == MARCH
