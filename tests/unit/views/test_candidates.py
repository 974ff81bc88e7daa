"""The records that a run looks at: what is told of each."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.views.ordering import ACME, JANUARY, TAX, line, order, orders, seen, table


class TestRows:
    """What is told of each record."""

    def test_billed(self):
        """A record that would be billed has the net amount of all its lines."""
        (found,) = table(orders(), records=[order("O-1", line("1", "18"), line("2", "4.50"))])

        assert found.is_billed
        assert (found.filter, found.record) == ("Orders", "Order/O-1")
        assert (found.amount, found.currency) == (Decimal("22.50"), "EUR")
        assert (found.reason, found.message, found.reasons) == ("", "", ())

    def test_same_as_the_run(self):
        """The amounts are those of the drafts that the run makes, discounts and custom lines too."""
        mapping = """{"items": {"SHIP": {"fields":
            {"Title__c": "Shipping", "Quantity__c": 1, "UnitPrice__c": 4.90}}}}"""
        records = [
            order("O-1", line("1", "100", ON_Discount=10), ON_Mapping=mapping),
            order("O-2", line("2", "18", ON_TaxCode="19")),
        ]
        run = bc.InvoiceRun(JANUARY, selection=bc.Selection([orders()]))
        (draft,) = bc.bill(run, bc.AccountSnapshot(ACME, records=records), TAX).drafts

        found = table(orders(), records=records)
        assert seen(found) == [("Order/O-1", "94.90", ""), ("Order/O-2", "18.00", "")]
        assert draft.totals.net == Decimal("112.90")

    @pytest.mark.parametrize(
        ("record", "reason", "message"),
        [
            (
                order(ON_ServiceDate="2026-02-01"),
                "OUT_OF_PERIOD",
                (
                    "its dates lie outside the run's period (service date 2026-02-01, "
                    "run 2026-01-01 to 2026-01-31)"
                ),
            ),
            (
                order("O-1", line("1", ON_Invoice="R-7")),
                "ALREADY_INVOICED",
                "the record was billed already (document",
            ),
            (
                order("O-1", line("1", ON_Quantity=0), line("2", ON_Quantity=0)),
                "ZERO_QUANTITY",
                "its quantity is 0",
            ),
            (order(Status="Old"), "FILTER_MISMATCH", "the run's filter does not select it"),
            (
                order("O-1", line("1", ON_UnitPrice="x"), line("2")),
                "invalid-input",
                "Line '1': ON_UnitPrice = 'x': not a decimal number; use plain digits",
            ),
            (
                order(ON_Account=7),
                "invalid-input",
                "Order 'O-1': ON_Account = 7: no id of an account; use text",
            ),
        ],
        ids=["out of period", "billed", "zero", "condition", "line is wrong", "account is wrong"],
    )
    def test_reasons(self, record, reason, message):
        """A record that would not be billed has the reason of the run, with its facts."""
        is_new = orders(condition=lambda found: found["Status"] == "New")
        (found,) = table(is_new, records=[record])

        assert not found.is_billed
        assert (found.amount, found.currency) == (None, "")
        assert found.reason == reason
        assert found.message.startswith(message)

    def test_billed_in_part(self):
        """Of a record that is billed in part, the lines that are not are named with their reason."""
        lines = [line("1"), line("2", ON_Quantity=0), line("3", ON_Quantity=0)]
        (found,) = table(orders(), records=[order("O-1", *lines)])

        assert found.is_billed
        assert (str(found.amount), found.reason) == ("18.00", "ZERO_QUANTITY")
        assert found.message == "Line/2, Line/3: its quantity is 0"

    def test_several_reasons(self):
        """Different reasons of the lines of a record are all told."""
        lines = [line("1", ON_Invoice="R-7"), line("2", ON_Quantity=0)]
        (found,) = table(
            orders(),
            records=[order("O-1", *lines)],
            policy=bc.DOCUMENTED.but(late_children=bc.LateChildren.BILL),
        )

        assert found.reason == "ALREADY_INVOICED, ZERO_QUANTITY"
        assert found.message.startswith("Line/1: the record was billed already (document")
        assert found.message.endswith("; Line/2: its quantity is 0")

    def test_reason_of_a_custom_line(self):
        """A line of a data mapping that no document takes is told at its record."""
        mapping = """{"items": {"SHIP": {"fields": {"Title__c": "Shipping", "Quantity__c": 1,
            "UnitPrice__c": 4.90, "InvoiceCriterion__c": "other"}}}}"""
        (found,) = table(orders(), records=[order(ON_Mapping=mapping)])

        assert (str(found.amount), found.reason) == ("18.00", "NO_PRODUCTS")
        assert found.message.startswith("Order/O-1/SHIP: ")

    def test_reason_of_a_document(self):
        """What stops a whole document is told at each of its records."""
        policy = bc.DOCUMENTED.but(negative_total=bc.NegativeTotal.CARRY_FORWARD)
        found = table(orders(), records=[order("O-1", line("1", "-5"))], policy=policy)

        assert seen(found) == [("Order/O-1", None, "CARRIED_FORWARD")]

    def test_tax_refusal(self):
        """A tax code that the engine refuses is a problem of its record; without one it is known."""
        records = [order("O-1", line("1", ON_TaxCode="20"))]

        assert seen(table(orders(), records=records)) == [("Order/O-1", None, "invalid-input")]
        assert seen(table(orders(), records=records, tax=None)) == [("Order/O-1", "18.00", "")]

    def test_price_with_tax_needs_the_engine(self):
        """Amounts are net, so a price that includes tax is refused without a tax engine."""
        records = [order("O-1", line("1", "119", ON_TaxCode="19", ON_GrossInvoice=True))]

        assert seen(table(orders(), records=records)) == [("Order/O-1", "100.00", "")]
        with pytest.raises(bc.InvalidInputError, match=r"candidates\(\.\.\., tax=\.\.\.\)"):
            table(orders(), records=records, tax=None)

    def test_other_accounts(self):
        """Records of another account, and of other types, are not shown."""
        case = bc.SourceRecord("Case", "C-1", {"ON_Account": "acme"})

        assert not table(orders(), records=[order(ON_Account="other"), case])

    def test_filters_in_sequence(self):
        """Each filter has its own rows; what one takes, the other says is billed already."""
        found = table(orders(sequence=2), orders("First", sequence=1), records=[order()])

        assert [(each.filter, each.reason) for each in found] == [
            ("First", ""),
            ("Orders", "ALREADY_INVOICED"),
        ]

    def test_parties(self):
        """For each party the amounts and reasons are its own."""
        cust = orders("Customer", fields=bc.FieldSet(suffix="Cust"))
        own = line("1", ON_QuantityCust=3, ON_UnitPriceCust="2", ON_Quantity=0)
        records = [order("O-1", own, ON_AccountCust="acme")]

        found = table(cust, orders(), records=records)
        assert [(each.filter, str(each.amount), each.reason) for each in found] == [
            ("Customer", "6.00", ""),
            ("Orders", "None", "ZERO_QUANTITY"),
        ]

    def test_subscriptions_are_no_candidates(self):
        """What a run bills of subscriptions is not in the table."""
        items = [bc.Item("x", unit_price=1), bc.Item("y", unit_price=1, active=False)]
        contract = bc.Subscription("S-1", account="acme", items=items)
        snapshot = bc.AccountSnapshot(ACME, [contract])
        run = bc.InvoiceRun(JANUARY, selection=bc.Selection([orders()]))

        assert len(bc.bill(run, snapshot, TAX).drafts) == 1
        assert not bc.candidates(run, snapshot)


class TestRepeatedRuns:
    """What a run adds to drafts that it made before."""

    def test_only_what_is_new(self):
        """A record on a draft is billed already; a new one counts without what is there."""
        store = bc.MemoryStore(tax=TAX, filters=[orders()])
        store.add(ACME)
        store.add(order("O-1"))
        run = bc.InvoiceRun(JANUARY, selection=bc.Selection([orders()]))
        bc.execute(run, store)
        store.add(order("O-2", line("2", "7")))

        found = bc.candidates(run, store.snapshot("acme"), TAX)
        assert seen(found) == [("Order/O-1", None, "DRAFT_EXISTS"), ("Order/O-2", "7.00", "")]


class TestUsage:
    """Usage of subscriptions, read from records."""

    def test_usage(self):
        """Usage that shares a line with that of other records has no amount of its own."""
        minutes = bc.Item(
            "calls", unit_price="0.50", order_no="CALLS", billing_type=bc.TRANSACTIONAL
        )
        contract = bc.Subscription("S-1", account="acme", items=[minutes])
        own = {"ON_Account": "acme", "ON_Type": "Transaction", "ON_Subscription": None}
        own |= {"ON_Invoice": None, "ON_OrderNo": "CALLS", "ON_Date": "2026-01-05"}

        def calls(*quantities):
            return [
                bc.SourceRecord("Call", f"C-{number}", {**own, "ON_Quantity": quantity})
                for number, quantity in enumerate(quantities, 1)
            ]

        chosen = bc.Filter("Calls", use_case=bc.UseCase.USAGE, target="Call")
        run = bc.InvoiceRun(JANUARY, selection=bc.Selection([chosen]))

        def found(*quantities):
            snapshot = bc.AccountSnapshot(ACME, [contract], records=calls(*quantities))
            return [(each.is_billed, each.amount) for each in bc.candidates(run, snapshot)]

        assert found(10) == [(True, Decimal("5.00"))]
        assert found(10, 4) == [(True, None), (True, None)]
        assert found(10, 0) == [(True, Decimal("5.00")), (False, None)]


class TestStart:
    """Runs that start from a record or from parents."""

    @pytest.fixture
    def records(self):
        """Give three orders of two contracts and two accounts."""
        return [
            order("O-1", AccountId="acme", ContractId="C-1"),
            order("O-2", AccountId="acme", ContractId="C-2"),
            order("O-3", AccountId="beta", ContractId="C-2"),
        ]

    @pytest.mark.parametrize(
        ("parents", "expected"),
        [
            ({"Account": "acme"}, ["Order/O-1", "Order/O-2"]),
            ({"Contract": "C-2"}, ["Order/O-2", "Order/O-3"]),
            ({"Account": "acme", "Contract": "C-2"}, ["Order/O-2"]),
            ({"Account": "nobody"}, []),
        ],
        ids=["account", "contract", "both", "none"],
    )
    def test_parents(self, records, parents, expected):
        """From parents a run looks at the records that point to each of them."""
        chosen = orders(parents={"AccountId": "Account", "ContractId": "Contract"})
        found = table(chosen, records=records, start=bc.StartFrom(parents=parents))

        assert [each.record for each in found] == expected

    def test_records(self, records):
        """From a record a run looks at this one only."""
        found = table(orders(), records=records, start=bc.StartFrom([records[1]]))

        assert [each.record for each in found] == ["Order/O-2"]

    def test_grand_parent(self):
        """From a grand-parent a run goes by a formula that finds it through the parent."""
        accounts = {
            name: bc.SourceRecord("Account", name, {"ParentId": parent})
            for name, parent in (("acme", "group"), ("beta", None))
        }
        records = [
            bc.SourceRecord(
                "Order",
                f"O-{number}",
                {"ON_Account": "acme", "ON_UnitPrice": 5},
                parents={"AccountId": accounts[name]},
            )
            for number, name in enumerate(("acme", "beta"), 1)
        ]
        fields = bc.FieldSet(
            formulas={"ON_ParentAccount": lambda found: found.parents["AccountId"]["ParentId"]}
        )
        chosen = orders(child_relation="", fields=fields, parents={"ON_ParentAccount": "Account"})
        found = table(chosen, records=records, start=bc.StartFrom(parents={"Account": "group"}))

        assert [each.record for each in found] == ["Order/O-1"]

    def test_a_table_can_start_the_run(self, records):
        """The names of chosen candidates start the run that bills just them."""
        chosen = [each.record for each in table(orders(), records=records)][:1]
        run = bc.InvoiceRun(JANUARY, selection=bc.Selection([orders()], start=bc.StartFrom(chosen)))
        outcome = bc.bill(run, bc.AccountSnapshot(ACME, records=records), TAX)

        assert outcome.billed == {"Line/O-1-1"}
