"""The records that a run looks at, as a table with the columns of a filter."""

from __future__ import annotations

from decimal import Decimal

import pytest

import billingcore as bc
from tests.unit.views.ordering import GENERIC, order, orders, table

HEADS = ["filter", "record", "kind", "billed", "amount", "currency", "reason", "message"]


class TestColumns:
    """The filter's columns, read from the records."""

    def test_in_their_order(self):
        """The columns of a filter are shown in its order, with control fields and formulas."""
        fields = bc.FieldSet(formulas={"ON_Lines": lambda found: len(found.children_of("Items"))})
        chosen = orders(columns=["Status", "ON_Lines", "ON_Account"], fields=fields)
        found = table(chosen, records=[order()])

        assert found.fields == ("Status", "ON_Lines", "ON_Account")
        assert dict(found[0].values) == {"Status": "New", "ON_Lines": 1, "ON_Account": "acme"}

    @pytest.mark.parametrize(
        ("column", "fix"),
        [
            ("Staus", "did you mean Status?"),
            ("ON_Line", "did you mean ON_Lines?"),
            ("Zip", "take it out, or give a formula for it"),
        ],
        ids=["field", "formula", "nothing alike"],
    )
    def test_unknown(self, column, fix):
        """A column that no record has is an error, which names filter, column and near match."""
        fields = bc.FieldSet(formulas={"ON_Lines": len})
        chosen = orders(columns=["Status", column], fields=fields)
        with pytest.raises(bc.InvalidInputError) as caught:
            table(chosen, records=[order()])

        assert str(caught.value) == (
            f"Filter 'Orders': columns = {column!r}: no Order has this field; {fix}"
        )

    def test_without_records(self):
        """Without a record nothing is known of its fields, and the table keeps its columns."""
        found = table(orders(columns=["Any"]), orders("Others", columns=["More", "Any"]))

        assert not found
        assert found.columns == ("filter", "record", "Any", "More", *HEADS[2:])
        assert str(found).split("\n")[0].split() == [
            *("filter", "record", "Any", "More"),
            *("kind", "billed", "amount", "currency", "message"),
        ]

    def test_field_that_some_have(self):
        """A field that only some records have is empty at the others."""
        records = [order("O-1", Note="urgent"), order("O-2")]
        found = table(orders(columns=["Note"]), records=records)

        assert [each.values["Note"] for each in found] == ["urgent", None]

    def test_formula_that_fails(self):
        """A column whose formula fails is empty, and the row says why."""
        fields = bc.FieldSet(formulas={"ON_Due": lambda found: found["Due"]})
        (found,) = table(orders(columns=["ON_Due"], fields=fields), records=[order()])

        assert (found.values["ON_Due"], found.reason) == (None, "invalid-input")
        assert found.message.startswith("Order 'O-1': ON_Due: its formula failed")

    def test_field_that_cannot_be_read(self):
        """A column that only the table reads is empty if that fails, and the row says why."""

        class Lazy(dict[str, object]):
            def get(self, name, default=None):
                if name == "Note":
                    raise OSError("gone")
                return super().get(name, default)

        values = Lazy(ON_Account="acme", ON_UnitPrice="18", Note="")
        record = bc.SourceRecord("Order", "O-1", values)
        chosen = orders(columns=["Note"], child_relation="")
        (found,) = table(chosen, records=[record])

        assert (found.values["Note"], found.amount) == (None, Decimal("18.00"))
        assert found.message == (
            "Order/O-1: Order 'O-1': Note: reading the field raised OSError: gone; mend the record"
        )

    def test_several_filters(self):
        """The columns of several filters stand beside each other, each once."""
        case = bc.SourceRecord("Case", "C-1", {"ON_Account": "acme", "ON_UnitPrice": 1, "Hours": 2})
        cases = bc.Filter("Cases", use_case=GENERIC, target="Case", columns=["Hours", "ON_Account"])
        found = table(orders(columns=["Status", "ON_Account"]), cases, records=[case, order()])

        assert found.fields == ("Status", "ON_Account", "Hours")
        assert [row[2:5] for row in found.rows] == [("New", "acme", None), (None, "acme", 2)]


class TestTable:
    """The table for a host."""

    @pytest.fixture
    def found(self):
        """Give one record that is billed and one that is not, with texts that need care."""
        fields = {"amount": "x", "Note": "a <b>\nc\u202ed"}
        records = [
            order("O-1", **fields),
            order("O-2", ON_ServiceDate="2026-02-01", **{**fields, "Note": ""}),
        ]
        return table(orders(columns=["Note", "amount"]), records=records)

    def test_rows(self, found):
        """Rows are plain values under unique names."""
        assert list(found.columns) == [*HEADS[:2], "Note", "record.amount", *HEADS[2:]]
        assert found.records()[0] == {
            "filter": "Orders",
            "record": "Order/O-1",
            "Note": "a <b>\nc\u202ed",
            "record.amount": "x",
            "kind": "invoice",
            "billed": True,
            "amount": Decimal("18.00"),
            "currency": "EUR",
            "reason": "",
            "message": "",
        }
        assert found.rows[1][:2] == ("Orders", "Order/O-2")

    def test_text(self, found):
        """As text it is a table of one line for each row."""
        head, _, *rows = str(found).splitlines()

        assert head.split() == [*HEADS[:2], "Note", "record.amount", *HEADS[3:6], "message"]
        assert [" ".join(row.split()) for row in rows] == [
            "Orders Order/O-1 a <b> cd x yes 18.00 EUR",
            (
                "Orders Order/O-2 x no its dates lie outside the run's period (service date "
                "2026-02-01, run 2026-01-01 to 2026-01-31)"
            ),
        ]

    def test_html(self, found):
        """In a notebook it is a table, with everything escaped."""
        shown = found._repr_html_()

        assert shown.startswith(
            "<table><caption>Candidates of acme, run 2026-01-01..2026-01-31/Orders</caption>"
        )
        assert "<td>a &lt;b&gt; cd</td>" in shown

    def test_nothing(self):
        """Without candidates the table has its heads and nothing else."""
        found = table(orders())

        assert found.columns == tuple(HEADS)
        assert found.records() == []
        assert str(found).splitlines()[0].split() == [*HEADS[:6], "message"]
        assert repr(found) == "<candidates of acme: records 0, billed 0>"

    def test_sequence(self, found):
        """It is a sequence, and a part of it is a table, too."""
        assert repr(found) == "<candidates of acme: records 2, billed 1>"
        assert [each.record for each in found[1:]] == ["Order/O-2"]
        assert found[0] in found
