"""What is found in field sets and by reading samples, before a run."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.views.checks import (
    CUST,
    USAGE,
    check,
    is_new,
    line,
    order,
    orders,
)

USED = {"ON_Type": "Transaction", "ON_OrderNo": "CALLS", "ON_Subscription": None}


class TestFieldSets:
    """Field sets against the fields of records."""

    @pytest.mark.parametrize(
        ("fields", "own", "meant"),
        [
            ({}, "ON_Quantiy", "ON_Quantity"),
            ({}, "ON_Titel__c", "ON_Title"),
            ({}, "on_taxcode", "ON_TaxCode"),
            ({"suffix": "Cust"}, "ON_DiscuontCust", "ON_DiscountCust"),
            ({"suffix": "Cust"}, "ON_Discountcust", "ON_DiscountCust"),
            ({"suffix": "Cust"}, "ON_DiscountCst", "ON_DiscountCust"),
            ({"prefix": "BC_"}, "BC_Creterion", "BC_Criterion"),
        ],
        ids=["letter", "custom field", "case", "name", "case of suffix", "suffix", "prefix"],
    )
    def test_near_miss(self, fields, own, meant):
        """A field that is nearly a control field is told, with what it may have to be."""
        names = bc.FieldSet(**fields)
        given = {names.name_of(name): 1 for name in ("quantity", "unit_price")}
        given = {name: value for name, value in given.items() if name != meant} | {own: 1}
        record = order(bc.SourceRecord("Line", "P-1", given), **{names.name_of("account"): "acme"})
        found = check(orders(fields=names), records=[record])

        assert (
            f"WARNING: filter 'Orders': {own}: Line has it, which is no control field and only "
            f"travels along; did you mean {meant}?"
        ) in found

    @pytest.mark.parametrize(
        "own",
        [
            "ON_SerialNo",
            "ON_ProductCode",
            "ON_QuantityPar",
            "ON_BillingPracticeX",
            "ON_Quantity__c",
            "Quantiy",
            "ON_QuantityCust",
        ],
    )
    def test_no_near_miss(self, own):
        """Fields of the host's own, those of other parties and right ones are left alone."""
        assert check(orders(), records=[order(line(**{own: 1}))]) == []

    def test_beside_the_right_one(self):
        """A field that is like another which is there, too, is the host's own."""
        assert check(orders(), records=[order(line(ON_Titles="all"))]) == []
        assert check(orders(), records=[order(line(ON_Titel="all"))]) == []

    def test_other_party_keeps_its_fields(self):
        """Control fields that are there without the suffix only are not read, which is noted."""
        own = line(ON_QuantityCust=1, ON_UnitPriceCust=9)
        found = check(orders(fields=CUST), records=[order(own, ON_AccountCust="acme")])

        assert found == [
            (
                "NOTE: filter 'Orders': ON_Title: Line has them without the suffix 'Cust': they are "
                "not read; name them like ON_TitleCust, or leave them to another party"
            )
        ]

    def test_all_without_suffix(self):
        """Records that have no field with the suffix cannot be billed to the party."""
        found = check(orders(fields=CUST), records=[order()])

        assert found[0] == (
            "ERROR: filter 'Orders': ON_AccountCust: a control field is missing or empty, as in "
            "Order 'O-1'; fill it, or give the filter's fields a formula for it; ON_Account is "
            "there, but with the suffix 'Cust' no field is read without it"
        )
        assert [each.partition(" Cust")[0][:60] for each in found[1:]] == [
            "WARNING: filter 'Orders': ON_Account: Order has all fields w",
            "WARNING: filter 'Orders': ON_Quantity, ON_Title, ON_UnitPric",
        ]

    def test_formula_for_a_field(self):
        """A control field with a formula needs no field, also if the formula fails on a sample."""
        fields = bc.FieldSet(
            suffix="Cust", formulas={"account": lambda _: "acme", "title": lambda found: found["X"]}
        )
        own = line(ON_QuantityCust=1, ON_UnitPriceCust=9, ON_Quantity=None, ON_UnitPrice=None)
        (found,) = check(orders(fields=fields), records=[order(own, ON_Account=None)])

        assert found.startswith("ERROR: filter 'Orders': ON_TitleCust: its formula failed")

    def test_fields_that_cannot_be_read(self):
        """Fields that the host cannot list are told by their record, and nothing is raised."""

        class Broken(dict[str, object]):
            def __iter__(self):
                raise OSError("gone")

        record = bc.SourceRecord("Order", "O-1", Broken(), children={"Items": [line()]})
        (found,) = check(orders(), records=[record])

        assert found.startswith("ERROR: filter 'Orders': values: reading the field raised OSError")

    def test_usage(self):
        """Usage needs to know its control fields, empty or not."""
        calls = bc.SourceRecord("Call", "C-1", {"ON_Account": "acme", "ON_Typ": 1, **USED})
        whole = bc.SourceRecord("Call", "C-2", {"ON_Invoice": None, **calls.values})

        found = check(bc.Filter("Calls", use_case=USAGE, target="Call"), records=[calls])
        assert found == [
            (
                "ERROR: filter 'Calls': ON_Invoice: no record has it, and usage cannot be billed "
                "without it; add it, or a formula for it"
            )
        ]
        assert check(bc.Filter("Calls", use_case=USAGE, target="Call"), records=[whole]) == []

    def test_usage_of_children(self):
        """Of usage below a record the record has the account, and its children all else."""
        call = bc.SourceRecord("Call", "C-1", {"ON_Invoice": None, **USED})
        known = bc.SourceRecord("Case", "1", {"ON_Account": "acme"}, children={"Calls": [call]})
        unknown = bc.SourceRecord("Case", "2", {"ON_Acount": "acme"}, children={"Calls": [call]})
        calls = bc.Filter("Calls", use_case=USAGE, target="Case", child_relation="Calls")

        assert check(calls, records=[known]) == []
        assert check(calls, records=[unknown])[0] == (
            "ERROR: filter 'Calls': ON_Account: no record has it, and usage cannot be billed "
            "without it; did you mean ON_Acount?"
        )

    def test_measures_of_usage_fall_back(self):
        """Day, quantity and price of usage are read without suffix, so they are no finding."""
        own = {f"{name}Cust": value for name, value in USED.items()}
        own |= {"ON_AccountCust": "acme", "ON_InvoiceCust": None}
        own |= {"ON_Date": "2026-01-05", "ON_Quantity": 1, "ON_Price": 2}
        calls = bc.Filter("Calls", use_case=USAGE, target="Call", fields=CUST)

        assert check(calls, records=[bc.SourceRecord("Call", "C-1", own)]) == []


class TestTrial:
    """Samples are read as a run reads them."""

    @pytest.mark.parametrize(
        ("record", "expected"),
        [
            (
                order(line(ON_Quantity=None, ON_Quantiy=1)),
                (
                    "ON_Quantity: a control field is missing, as in Line 'P-1'; 0 excludes the record; "
                    "did you mean ON_Quantiy?"
                ),
            ),
            (
                order(line(ON_UnitPrice="")),
                "ON_UnitPrice: a control field is empty, as in Line 'P-1'; fill it; 0 is a price",
            ),
            (
                order(ON_Account=7),
                "ON_Account: 7: no id of an account, as in Order 'O-1'; use text",
            ),
            (
                order(ON_MappingName="none"),
                (
                    "ON_MappingName: 'none': there is no such mapping, as in Order 'O-1'; register the "
                    "mapping under it"
                ),
            ),
            (
                order(Status=None),
                (
                    "condition: the condition of filter Orders raised AttributeError: 'NoneType' object "
                    "has no attribute 'lower', as in Order 'O-1'; mend the condition, or the record"
                ),
            ),
        ],
        ids=["missing", "empty", "wrong account", "no mapping", "condition"],
    )
    def test_what_is_refused(self, record, expected):
        """What a run would make a problem of is an error, with the first record that has it."""
        whole = orders(condition=lambda record: record["Status"].lower() == "new")

        assert f"ERROR: filter 'Orders': {expected}" in check(whole, records=[record])

    def test_each_error_once(self):
        """The same mistake in many records is told once."""
        records = [line("P-1", ON_UnitPrice=""), line("P-2", ON_UnitPrice="")]

        assert len(check(orders(), records=[order(*records)])) == 1

    def test_records_that_are_not_taken(self):
        """Records that the condition leaves out are not read."""
        record = order(line(ON_Quantity=""), Status="Old")

        assert check(orders(condition=is_new), records=[record]) == []
