"""Fields of the host's records that say how lines and documents are booked (behaviour 4.1, 6.2)."""

from __future__ import annotations

from datetime import date

import pytest

import billingcore as bc
from tests.unit.engine.records import ACME, contract, monthly, run_of
from tests.unit.engine.sources import (
    BOTH,
    billed,
    deal,
    generic_run,
    order,
    orders,
    problems,
    product,
    select,
    store_with,
    the_draft,
)

LINE_FIELDS = {
    "ON_Center": "C-100",
    "ON_CostObject": "Project 7",
    "ON_CustomGLRule": "Export",
    "ON_GLAccount": "8400",
    "ON_ProductGroup": "Licenses",
    "ON_Region": "EU",
    "ON_RevenueRecognitionRule": "Calendar Year",
}
ALL_TERMS = bc.BookingTerms(
    account="8400",
    custom_rule="Export",
    product_group="Licenses",
    center="C-100",
    cost_object="Project 7",
    region="EU",
    recognition=bc.Recognition.CALENDAR_YEAR,
)


def terms(*drafts):
    """Give how the lines of documents are booked, by what they bill."""
    return {line.record: line.item.booking for draft in drafts for line in draft.lines}


def mapped(text, *children, **fields):
    """Make an order with a data mapping."""
    return order(1, *children, ON_Mapping=text, **fields)


class TestLines:
    """How a line is booked."""

    def test_all_fields(self):
        """Each field of the record says one thing of the item, and none travels as a custom one."""
        draft = the_draft(order(1, product(1, **LINE_FIELDS), product(2)))

        assert terms(draft) == {
            "Product/P-1": ALL_TERMS,
            "Product/P-2": bc.BookingTerms(),
        }
        assert [line.custom for line in draft.lines] == [(), ()]

    @pytest.mark.parametrize(
        ("field", "value", "name"),
        [
            ("ON_CostCenter", "C-1", "center"),
            ("ON_Center__c", "C-1", "center"),
            ("ON_CustomGLRule__c", "Export", "custom_rule"),
            ("ON_RevenueRecognitionRule", "Days", "recognition"),
            ("ON_RevenueRecognitionRule", "Booking Month", "recognition"),
        ],
    )
    def test_spellings(self, field, value, name):
        """A field has one meaning in all its spellings, on single records too."""
        (line,) = the_draft(deal(**{field: value})).lines

        assert line.item.booking == bc.BookingTerms(**{name: value})

    def test_a_party(self):
        """With a suffix only the fields with it are read."""
        fields = {
            "ON_AccountCust": "acme",
            "ON_TitleCust": "Thing",
            "ON_QuantityCust": 1,
            "ON_UnitPriceCust": 5,
            "ON_RegionCust": "EU",
            "ON_Center": "C-1",
        }
        chosen = bc.Filter(
            "Deals",
            use_case=bc.UseCase.GENERIC,
            target="Deal",
            fields=bc.FieldSet(suffix="Cust"),
        )
        (line,) = the_draft(bc.SourceRecord("Deal", "D-1", fields), filters=[chosen]).lines

        assert line.item.booking == bc.BookingTerms(region="EU")

    def test_words_that_begin_alike(self):
        """Fields that only begin like these are the host's own, and no other party's."""
        draft = the_draft(deal(ON_RegionName="Bavaria", ON_CenterNo=7))

        assert draft.custom == {"RegionName": "Bavaria", "CenterNo": 7}

    def test_what_a_record_says_for_its_lines(self):
        """Center, cost object and region of a record count for lines that do not say otherwise."""
        draft = the_draft(
            order(
                1,
                product(1, ON_Region="US", ON_Center=""),
                product(2),
                ON_Region="EU",
                ON_Center="C-1",
                ON_CostObject="P-7",
            ),
            order(2, product(3)),
        )

        assert terms(draft) == {
            "Product/P-1": bc.BookingTerms(region="US", center="C-1", cost_object="P-7"),
            "Product/P-2": bc.BookingTerms(region="EU", center="C-1", cost_object="P-7"),
            "Product/P-3": bc.BookingTerms(),
        }

    def test_many_lines_of_a_kind(self):
        """Lines that are read like one before are booked like it, and others by their own fields."""
        rows = [product(number, ON_Region="EU" if number % 2 else "US") for number in range(1, 7)]
        found = terms(the_draft(*(order(number, row) for number, row in enumerate(rows, 1))))

        assert [booked.region for booked in found.values()] == ["EU", "US"] * 3

    @pytest.mark.parametrize(
        ("field", "value"),
        [("ON_RevenueRecognitionRule", "Sometimes"), ("ON_Region", 7), ("ON_GLAccount", 8400)],
    )
    def test_wrong_values(self, field, value):
        """What is no text, or no rule, is a problem of the record that names the field."""
        outcome = billed(order(1, product(1, **{field: value})))

        assert problems(outcome) == {"Product/P-1": field}

    def test_a_data_mapping(self):
        """A mapping sets them on lines, and its own lines have what the record says for all."""
        text = """{"fields": {"CostObject__c": "P-7", "Criterion__c": "A"}, "items": {
            "1": {"fields": {"CustomGLRule__c": "Export", "region": "EU"}},
            "SHIP": {"fields": {"Title__c": "Freight", "Quantity__c": 1, "UnitPrice__c": 5,
                                "RevenueRecognitionRule__c": "Days"}}}}"""
        draft = the_draft(mapped(text, product(1, ON_OrderNo="1", ON_Region="US")))

        assert terms(draft) == {
            "Product/P-1": bc.BookingTerms(custom_rule="Export", region="EU", cost_object="P-7"),
            "Order/O-1/SHIP": bc.BookingTerms(cost_object="P-7", recognition=bc.Recognition.DAYS),
        }

    @pytest.mark.parametrize("target", ["DebtorNo__c", "BookingDate__c", "PaymentMethod__c"])
    def test_what_a_mapping_sets_on_documents_only(self, target):
        """A line has no debtor, date or way of payment, so such a target is a field of its own."""
        text = f'{{"items": {{"1": {{"fields": {{"{target}": "x"}}}}}}}}'
        (line,) = the_draft(mapped(text, product(1, ON_OrderNo="1"))).lines

        assert [name for name, _ in line.custom] == [target.removesuffix("__c")]


class TestDocuments:
    """How a document is booked."""

    def test_a_record(self):
        """Debtor, way of payment and date of a record are those of its document."""
        draft = the_draft(
            order(
                1,
                product(1),
                ON_DebtorNo="10042",
                ON_PaymentMethod="Cash",
                ON_BookingDate="2026-02-01",
            )
        )

        assert draft.booked == bc.DocumentBooking(
            debtor="10042", payment_method="Cash", date="2026-02-01"
        )
        assert draft.custom == {}

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({}, bc.DocumentBooking()),
            ({"ON_DebtorNo": "", "ON_BookingDate": None}, bc.DocumentBooking()),
            ({"ON_BookingDate__c": date(2026, 2, 1)}, bc.DocumentBooking(date="2026-02-01")),
        ],
        ids=["none", "empty", "a date"],
    )
    def test_a_part(self, fields, expected):
        """What a record does not say, or leaves empty, is left to the account and the date."""
        assert the_draft(order(1, product(1), **fields)).booked == expected

    def test_what_is_said_first_stays(self):
        """Of two records on a document the first that says something decides, field by field."""
        draft = the_draft(
            order(1, product(1), ON_PaymentMethod="Cash"),
            order(2, product(2), ON_DebtorNo="1", ON_PaymentMethod="Card"),
            order(3, product(3), ON_DebtorNo="2"),
        )

        assert draft.booked == bc.DocumentBooking(debtor="1", payment_method="Cash")

    def test_a_contract(self):
        """Fields with a prefix of a contract are those of its document, too."""
        own = {"ON_DebtorNo__c": "10042", "ON_BookingDate": "2026-02-01", "ON_Other": 1}
        snapshot = bc.AccountSnapshot(ACME, [contract(monthly(), custom=own)])
        (draft,) = bc.bill(run_of(), snapshot, bc.TaxTable({})).drafts

        assert draft.booked == bc.DocumentBooking(debtor="10042", date="2026-02-01")

    def test_a_record_goes_before_a_contract(self):
        """On a document of both, the record decides, and the contract says what it leaves open."""
        own = {"ON_DebtorNo": "1", "ON_PaymentMethod": "Card"}
        snapshot = bc.AccountSnapshot(
            ACME,
            [contract(monthly(), custom=own)],
            records=[order(1, product(1), ON_DebtorNo="2")],
        )
        both = select(bc.Filter("All"), *BOTH)
        run = run_of(selection=both, grouping=bc.PER_ACCOUNT)
        (draft,) = bc.bill(run, snapshot, bc.TaxTable({})).drafts

        assert draft.booked == bc.DocumentBooking(debtor="2", payment_method="Card")

    @pytest.mark.parametrize(
        ("field", "value"),
        [("ON_DebtorNo", 10042), ("ON_PaymentMethod", 1), ("ON_BookingDate", "soon")],
    )
    def test_wrong_values(self, field, value):
        """A wrong value is a problem of the record, or of what the contract bills."""
        record = billed(order(1, product(1), **{field: value}))
        snapshot = bc.AccountSnapshot(ACME, [contract(monthly(), custom={field: value})])
        bound = bc.bill(run_of(), snapshot, bc.TaxTable({}))

        assert problems(record) == {"Order/O-1": field}
        assert problems(bound) == {"S-1/seats": field}
        assert f"Subscription 'S-1': {field}" in bound.problems[0].message

    def test_a_data_mapping(self):
        """A mapping goes before the field of its record."""
        text = '{"fields": {"DebtorNo__c": "$Debtor", "booking_date": "2026-02-01"}}'
        draft = the_draft(mapped(text, product(1), Debtor="7", ON_DebtorNo="8"))

        assert draft.booked == bc.DocumentBooking(debtor="7", date="2026-02-01")

    def test_a_formula(self):
        """A formula of the document is asked of the record."""
        fields = bc.FieldSet(formulas={"debtor": lambda record: record.get("customer_no")})
        draft = the_draft(order(1, product(1), customer_no="7"), filters=[orders(fields=fields)])

        assert draft.booked.debtor == "7"

    def test_a_draft_that_grows(self):
        """A record that joins a draft fills in what is open, and changes nothing."""
        store = store_with(order(1, product(1), ON_DebtorNo="1"))
        bc.execute(generic_run(), store)
        store.add(order(2, product(2), ON_DebtorNo="2", ON_PaymentMethod="Card"))
        bc.execute(generic_run(), store)
        (draft,) = store.drafts()

        assert draft.booked == bc.DocumentBooking(debtor="1", payment_method="Card")

    def test_what_was_said_by_hand_stays(self):
        """A debtor that a person gave stays when the draft grows."""
        store = store_with(order(1, product(1), ON_DebtorNo="1"))
        (draft,) = bc.execute(generic_run(), store).drafts
        store.put(bc.edit.rebook(draft, bc.DocumentBooking(debtor="9")))
        store.add(order(2, product(2), ON_DebtorNo="2"))
        bc.execute(generic_run(), store)

        assert [each.booked.debtor for each in store.drafts()] == ["9"]

    def test_journal(self):
        """100.00 to debtor 10042 on 1 February, from revenue account 8400: the record's words."""
        setup = bc.Setup(accounting=bc.Accounting(is_on=True))
        store = store_with(
            deal(ON_DebtorNo="10042", ON_BookingDate="2026-02-01", ON_GLAccount="8400"),
            setup=setup,
        )
        (draft,) = bc.execute(generic_run(), store).drafts
        bc.finalize(draft, store, on="2026-03-31")
        ((entry,),) = store.books("acme").entries.values()

        assert str(entry.date) == "2026-02-01"
        assert sorted((line.account, str(line.signed)) for line in entry.lines) == [
            ("10042", "100.00"),
            ("8400", "-100.00"),
        ]
