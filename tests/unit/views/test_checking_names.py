"""What is found in data mappings, templates, sellers and tax codes before a run."""

from __future__ import annotations

import pytest

import billingcore as bc
from tests.unit.views.checks import (
    ACME,
    TAX,
    WordlessError,
    check,
    line,
    order,
    orders,
)


class TestMappings:
    """Data mappings of the setup, and of records."""

    def test_unknown_fields(self):
        """Every field of a mapping must be known to the records that it is for."""
        mapping = bc.DataMapping(
            {
                "fields": {"Po__c": "$PoNumber", "Remark__c": "$HW.SerialNo", "Fix__c": 1},
                "items": {"HW": {"fields": {"Note__c": "$Status"}}},
            }
        )
        found = check(
            orders(),
            setup=bc.Setup(mappings={"own": mapping, "same": mapping}),
            records=[order(line(ON_OrderNo="HW"), ON_MappingName="own", PoNumber__c="7")],
        )

        assert found == [
            (
                "ERROR: mapping 'own': fields.Po__c: no Order has a field 'PoNumber'; "
                "did you mean PoNumber__c?"
            ),
            (
                "ERROR: mapping 'own': fields.Remark__c: no Line has a field 'SerialNo'; "
                'write "$$HW.SerialNo" if the text itself is meant'
            ),
        ]

    def test_mapping_that_no_sample_names(self):
        """A mapping that no sample names is compared with all of them."""
        mapping = bc.DataMapping({"fields": {"Po__c": "$Status", "Re__c": "$HW.ON_Titl"}})
        setup = bc.Setup(mappings={"spare": mapping})

        assert check(orders(), setup=setup) == []
        assert check(orders(), setup=setup, records=[order()]) == [
            (
                "ERROR: mapping 'spare': fields.Re__c: no Line has a field 'ON_Titl'; "
                "did you mean ON_Title?"
            )
        ]

    def test_field_that_cannot_be_read(self):
        """A field that raises is there; the record with it is told."""

        class Broken:
            ON_Account = "acme"
            ON_Mapping = '{"fields": {"Po__c": "$status"}}'

            @property
            def status(self):
                raise ValueError("no status")

        record = bc.SourceRecord("Order", "O-1", Broken(), children={"Items": [line()]})
        mapping = bc.DataMapping({"fields": {"Po__c": "$status"}})
        found = check(orders(), setup=bc.Setup(mappings={"own": mapping}), records=[record])

        assert len(found) == 1
        assert found[0].startswith("ERROR: filter 'Orders': status: reading the field raised")

    def test_trial_of_a_mapping(self):
        """A mapping whose fields are known can still not fit a record."""
        mapping = '{"items": {"SHIP": {"fields": {"Title__c": "Shipping"}}}}'
        (found,) = check(orders(), records=[order(ON_Mapping=mapping)])

        assert found.startswith(
            "ERROR: filter 'Orders': items.SHIP.fields: no child has the order number 'SHIP', and a "
            "line of its own needs title, quantity, unit_price, as in Order 'O-1'; give quantity"
        )

    def test_mapping_completes_a_line(self):
        """What a mapping gives to a line need not be a field of it."""
        mapping = '{"items": {"HW": {"fields": {"Quantity__c": 3}}}}'
        own = line(ON_OrderNo="HW", ON_Quantity=None)

        assert check(orders(), records=[order(own, ON_Mapping=mapping)]) == []

    def test_account_by_mapping(self):
        """The account can come from a mapping, also by an external id."""
        mapping = """{"externalIdFields": {"Account__c": "CustomerNo__c"},
                      "fields": {"Account__c": "$Customer"}}"""
        record = order(ON_Account="", Customer="K-1", ON_Mapping=mapping)

        assert check(orders(), records=[record], accounts=[ACME]) == []

    def test_ignored_parts(self):
        """Parts of a mapping without effect are noted, of the setup's and of records' own."""
        mapping = bc.DataMapping({"fieldsToUpdate": {}})
        own = '{"items": {"HW": {"tiers": []}}}'
        child = line(ON_OrderNo="HW")
        found = check(
            orders(),
            setup=bc.Setup(mappings={"orders": mapping}),
            records=[order(child, ON_Mapping=own)],
        )

        why = "ignored: only the subscription builder uses it; take it out"
        assert found == [
            f"NOTE: mapping 'orders': fieldsToUpdate: {why}",
            f"NOTE: mapping of Order/O-1: items.HW.tiers: {why}",
        ]

    def test_names_in_a_mapping(self):
        """Templates and sellers that a mapping names itself must be in the setup."""
        mapping = bc.DataMapping(
            {
                "fields": {
                    "Template__c": "Gold",
                    "entity": "Seller",
                    "reference": "x",
                    "Y__c": "Gold",
                }
            }
        )
        found = check(setup=bc.Setup(mappings={"own": mapping}))

        assert found == [
            (
                "ERROR: mapping 'own': template: 'Gold': there is no template of this name; add it to "
                "the setup"
            ),
            (
                "ERROR: mapping 'own': entity: 'Seller': there is no business entity of this name; add "
                "it to the setup"
            ),
        ]


class TestNames:
    """Templates and sellers that are named."""

    @pytest.mark.parametrize(
        ("setup", "given", "expected"),
        [
            ([], {}, "ERROR: setup: templates: there is no template named Default; add"),
            (["Gold"], {}, "WARNING: setup: templates: there is no template named Default; add"),
            (
                ["Gold"],
                {"accounts": [ACME]},
                (
                    "ERROR: setup: templates: there is no template named Default, and Account 'acme' "
                    "names no other; add Template('Default'), or name a template at every account"
                ),
            ),
            (
                ["Gold"],
                {"accounts": [ACME], "records": [order()]},
                "ERROR: setup: templates: there is no template named Default, and Order 'O-1' names",
            ),
            (
                ["Gold"],
                {"records": [order()]},
                "WARNING: setup: templates: there is no template named Default; add",
            ),
            (
                ["Gold"],
                {"accounts": [ACME], "records": [order(ON_Template="Gold")]},
                "WARNING: setup: templates: there is no template named Default; add",
            ),
        ],
        ids=["none at all", "others", "account", "record", "unknown account", "named"],
    )
    def test_no_default_template(self, setup, given, expected):
        """Without a template named Default, whatever names no other is not billed."""
        templates = [bc.Template(name) for name in setup]
        (found,) = check(orders(), setup=bc.Setup(templates), **given)

        assert found.startswith(expected)

    def test_unknown_names(self):
        """Names of accounts, contracts and records must be in the setup; the own name goes first."""
        setup = bc.Setup(
            [bc.Template("Default"), bc.Template("Gold")], [bc.BusinessEntity("Acme Ltd")]
        )
        rich = bc.Account("rich", currency="EUR", template="Gould", entity="Acme")
        poor = bc.Account("poor", currency="EUR", template="Silver")
        contract = bc.Subscription("S-1", account="poor", items=[], template="Gold", entity="X")
        found = check(
            orders(),
            setup=setup,
            records=[order(ON_Account="rich", ON_Template="Gold")],
            accounts=[rich, poor],
            subscriptions=[contract],
        )

        assert found == [
            (
                "ERROR: Order 'O-1': entity: 'Acme': there is no business entity of this name; did you "
                "mean Acme Ltd?"
            ),
            (
                "ERROR: Subscription 'S-1': entity: 'X': there is no business entity of this name; add "
                "it to the setup"
            ),
        ]
        alone = check(setup=setup, accounts=[rich])
        assert alone[0] == (
            "ERROR: Account 'rich': template: 'Gould': there is no template of this name; did you "
            "mean Gold?"
        )

    def test_aliases(self):
        """Templates and sellers are known by their aliases, too, as in a run."""
        setup = bc.Setup(
            [bc.Template("Standard", aliases=["Default"]), bc.Template("Gold", aliases=["T-1"])],
            [bc.BusinessEntity("Acme Ltd", aliases=["E-1"])],
        )
        buyer = bc.Account("acme", currency="EUR", template="T-1", entity="E-1")

        assert check(setup=setup, accounts=[ACME, buyer]) == []
        (found,) = check(setup=setup, accounts=[bc.Account("a", currency="EUR", template="T-2")])
        assert found.endswith("there is no template of this name; did you mean T-1?")


def once(id):
    """Make a one-time item without tax code."""
    return bc.Item(id, unit_price=1)


class Engine:
    """A tax engine that remembers what it is asked."""

    def __init__(self, answer=None):
        self.asked = []
        self.answer = answer

    def taxes(self, questions, purpose):
        self.asked = list(questions)
        return self.answer or [bc.TaxRefusal("no such code") for _ in questions]


class TestTaxes:
    """The tax engine is asked about the codes of the samples."""

    def test_refused_codes(self):
        """A code that the tax engine refuses is an error, told once, with who has it first."""
        contract = bc.Subscription(
            "S-1", account="acme", items=[bc.Item("seats", unit_price=1, tax_code="DE_19x")]
        )
        found = check(
            orders(),
            records=[order(line(ON_TaxCode="DE_20"))],
            subscriptions=[contract],
            tax=TAX,
        )

        assert found == [
            (
                "ERROR: tax code 'DE_19x': tax_code: unknown tax code 'DE_19x', as in Subscription "
                "'S-1'; add it to the table; known: DE_19"
            ),
            (
                "ERROR: tax code 'DE_20': tax_code: unknown tax code 'DE_20', as in Order 'O-1'; add it "
                "to the table; known: DE_19"
            ),
        ]

    def test_what_is_asked(self):
        """It is asked for the last day of the run, for buyer and seller, each question once."""
        seats = bc.Item("seats", unit_price=1, tax_code="A")
        seats = seats.changed(bc.Change("2026-02-01", tax_code="B"))
        contract = bc.Subscription("S-1", account="acme", items=[seats], entity="Acme Ltd")
        stranger = bc.Subscription(
            "S-2", account="x", items=[bc.Item("i", unit_price=1, tax_code="A"), once("ii")]
        )
        engine = Engine()
        found = check(
            setup=bc.Setup(entities=[bc.BusinessEntity("Acme Ltd")]),
            accounts=[ACME],
            subscriptions=[contract, stranger],
            tax=engine,
        )

        asked = {
            (each.code, str(each.days), each.account.id, each.entity and each.entity.name)
            for each in engine.asked
        }
        assert asked == {
            ("A", "2026-01-31/2026-02-01", "acme", "Acme Ltd"),
            ("B", "2026-01-31/2026-02-01", "acme", "Acme Ltd"),
            ("A", "2026-01-31/2026-02-01", "anybody", None),
        }
        assert len(engine.asked) == 3
        assert sorted(found) == [
            (
                "ERROR: tax code 'A': tax_code: no such code, as in Subscription 'S-1'; use a code that "
                "the tax engine knows"
            ),
            (
                "ERROR: tax code 'A': tax_code: no such code, as in Subscription 'S-2'; use a code that "
                "the tax engine knows"
            ),
            (
                "ERROR: tax code 'B': tax_code: no such code, as in Subscription 'S-1'; use a code that "
                "the tax engine knows"
            ),
        ]

    def test_seller_by_alias(self):
        """A seller that is named by an alias is the one that the tax engine is told of."""
        seats = bc.Item("seats", unit_price=1, tax_code="A")
        contract = bc.Subscription("S-1", account="acme", items=[seats], entity="E-1")
        engine = Engine()
        seller = bc.BusinessEntity("Acme Ltd", aliases=["E-1"])
        check(setup=bc.Setup(entities=[seller]), subscriptions=[contract], tax=engine)

        assert [each.entity for each in engine.asked] == [seller]

    def test_no_run_no_day(self):
        """Filters alone have no days, so tax codes are not checked, which is noted."""
        (found,) = bc.check(bc.Selection(), tax=TAX)

        assert str(found) == (
            "NOTE: tax: run: tax codes are not checked, since their rates depend on the day; give "
            "the run instead of its filters"
        )

    @pytest.mark.parametrize(
        ("answer", "message"),
        [
            ([1, 2], "PortError: TaxEngine: gave 2 answers to 1 questions"),
            (7, "PortError: TaxEngine: gave 7 instead of a sequence of answers"),
        ],
        ids=["too many", "none"],
    )
    def test_engine_that_fails(self, answer, message):
        """A tax engine that cannot be asked is an error, and nothing is raised."""
        found = check(orders(), records=[order(line(ON_TaxCode="A"))], tax=Engine(answer))

        assert found == [f"ERROR: tax: taxes: it cannot be asked: {message}; mend the tax engine"]

    def test_engine_whose_error_has_no_text(self):
        """What a tax engine raises is named by its type where it cannot be written."""

        class Down:
            def taxes(self, questions, purpose):
                raise WordlessError

        found = check(orders(), records=[order(line(ON_TaxCode="A"))], tax=Down())

        assert found == [
            "ERROR: tax: taxes: it cannot be asked: WordlessError; mend the tax engine"
        ]
