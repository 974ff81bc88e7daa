"""What is found in a setup before a run: findings, and filters."""

from __future__ import annotations

import pytest

import billingcore as bc
from billingcore.views.findings import Finding
from tests.unit.views.checks import (
    ACME,
    CUST,
    TAX,
    USAGE,
    WordlessError,
    check,
    is_new,
    line,
    order,
    orders,
)


class TestFindings:
    """What a finding is."""

    def test_nothing_to_find(self):
        """A setup that fits its samples gives no finding."""
        whole = orders(columns=["Status"], parents={"ContractId": "Contract"})
        contract = bc.Subscription("S-1", account="acme", items=[])

        assert (
            check(
                whole,
                records=[order(line(ON_TaxCode="DE_19"))],
                accounts=[ACME],
                subscriptions=[contract],
                tax=TAX,
            )
            == []
        )

    def test_no_samples(self):
        """Without samples there is nothing to compare with."""
        assert bc.check(bc.Selection([orders(columns=["Any"])])) == ()

    def test_parts_of_a_finding(self):
        """A finding says how much it matters, what it concerns, what is wrong and what to do."""
        (found,) = bc.check(bc.Selection([orders(columns=["Staus"])]), records=[order()])

        assert found == Finding(
            bc.Severity.ERROR,
            "filter 'Orders'",
            "columns",
            "no Order has a field 'Staus'",
            "did you mean Status?",
        )

    def test_one_line(self):
        """A finding is one line, whatever the host's code says."""

        def fail(record):
            raise ValueError("first\nsecond")

        (found,) = check(orders(condition=fail), records=[order()])

        assert "raised ValueError: first second, as in Order 'O-1'" in found

    def test_errors_come_first(self):
        """Errors stand before warnings, and these before notes."""
        case = bc.SourceRecord("Case", "C-1", {})
        found = bc.check(
            bc.Selection(
                [orders(columns=["Any"], parents={"AccountId": "Account"})], exclusive=["", "x"]
            ),
            records=[case, order()],
        )

        assert [each.severity.name for each in found] == ["ERROR", "WARNING", "WARNING", "NOTE"]

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"run": "January"}, "run"),
            ({"setup": None}, "setup"),
            ({"records": [{}]}, "records"),
            ({"accounts": ["acme"]}, "accounts"),
            ({"subscriptions": ["S-1"]}, "subscriptions"),
        ],
        ids=["run", "setup", "records", "accounts", "subscriptions"],
    )
    def test_wrong_arguments(self, given, field):
        """What is no setup and no sample at all is refused."""
        with pytest.raises(bc.InvalidInputError) as caught:
            bc.check(**({"run": bc.Selection()} | given))

        assert caught.value.field == field


class TestFilters:
    """Filters beside each other, and against records."""

    def test_one_takes_all(self):
        """A filter without condition leaves nothing to those behind it of the same party."""
        assert check(orders(sequence=2), orders("All", sequence=1)) == [
            (
                "WARNING: filter 'Orders': condition: filter 'All' goes first and takes every Order, so "
                "this one bills nothing to the party without suffix; give 'All' a condition, or take "
                "one of the two out"
            )
        ]

    def test_tied_sequence(self):
        """Of two filters with conditions and one sequence the list decides, which is told."""
        assert check(orders("New", is_new), orders("Old", is_new)) == [
            (
                "WARNING: filter 'Old': sequence: 0: filter 'New' has it, too, and stands before it in "
                "the list, so it bills what both take; give each filter its own sequence"
            )
        ]

    @pytest.mark.parametrize(
        "other",
        [
            orders("Old", is_new, sequence=1),
            orders("Old", is_new, fields=CUST),
            orders("Old", is_new, target="Case"),
            orders("Old", is_new, lines=""),
            orders("Old", is_new, use_case=USAGE),
        ],
        ids=["sequence", "party", "target", "other lines", "use case"],
    )
    def test_no_competition(self, other):
        """Filters that cannot want the same record, or have an order, need no finding."""
        assert check(orders("New", is_new), other) == []

    def test_exclusive_parties_compete(self):
        """Of exclusive parties with one sequence the list decides, also without conditions."""
        (found,) = check(
            orders("Customer", fields=CUST),
            orders("Partner", use_case=USAGE),
            selection={"exclusive": ["Cust", ""]},
        )

        assert found.startswith("WARNING: filter 'Partner': sequence: 0: filter 'Customer' has it")

    @pytest.mark.parametrize(
        ("exclusive", "messages"),
        [
            (["Cust"], ["party 'Cust' is alone, which excludes nobody; name all parties"]),
            (
                ["", "Cus"],
                [
                    "no filter is for the party without suffix; add its filter, unless another",
                    "no filter is for party 'Cus'; did you mean Cust?",
                ],
            ),
        ],
        ids=["alone", "without filter"],
    )
    def test_exclusive(self, exclusive, messages):
        """Exclusive parties need another one, and filters."""
        subscriptions = bc.Filter("Contracts")
        found = check(orders(fields=CUST), subscriptions, selection={"exclusive": exclusive})

        assert len(found) == len(messages)
        for each, message in zip(found, messages, strict=True):
            assert each.startswith(f"WARNING: selection: exclusive: {message}")

    @pytest.mark.parametrize(
        ("target", "fix"),
        [
            ("Ordr", "did you mean Order?"),
            ("Line", "use target='Order' with child_relation='Items'"),
            ("Timesheet", "use one of Order"),
        ],
        ids=["misspelled", "child", "other"],
    )
    def test_unknown_target(self, target, fix):
        """A target that no record has is told, and so is a type that no filter takes."""
        note, *_ = list(check(orders(target=target), records=[order()]))[1:]

        assert check(orders(target=target), records=[order()])[0] == (
            f"WARNING: filter 'Orders': target: no record is of type {target!r}, so it bills "
            f"nothing; {fix}"
        )
        assert note.startswith(
            "NOTE: selection: filters: no filter takes records of type 'Order', so they are never"
        )

    @pytest.mark.parametrize(
        ("records", "severity", "fix"),
        [
            ([order()], "ERROR", "did you mean Items?"),
            ([order(ON_IsItem=True, ON_UnitPrice=1)], "WARNING", "did you mean Items?"),
            ([order(relation="Rows")], "ERROR", "use one of Rows"),
            (
                [bc.SourceRecord("Order", "O-1", {"ON_Account": "acme"})],
                "ERROR",
                "use one of ... (there are none)",
            ),
        ],
        ids=["misspelled", "bills itself", "other", "no children"],
    )
    def test_unknown_relation(self, records, severity, fix):
        """A child relation that no record has is an error, unless records bill themselves, too."""
        assert check(orders(lines="Item"), records=records) == [
            f"{severity}: filter 'Orders': child_relation: no Order has children under 'Item'; {fix}"
        ]

    def test_columns_of_formulas(self):
        """A column can be a formula, also one that fails on a sample, which is told by itself."""
        fields = bc.FieldSet(formulas={"ON_Due": lambda record: record["Due"]})
        (found,) = check(orders(columns=["ON_Due"], fields=fields), records=[order()])

        assert found.startswith("ERROR: filter 'Orders': ON_Due: its formula failed")

    def test_unknown_lookup(self):
        """A lookup that no record has is told, since a run from such a parent finds nothing."""
        assert check(orders(parents={"ContractID": "Contract"}), records=[order()]) == [
            (
                "WARNING: filter 'Orders': parents: no Order has a field 'ContractID'; "
                "did you mean ContractId?"
            )
        ]

    def test_condition_on_subscriptions(self):
        """A condition that fails on a subscription is an error of its filter."""
        contract = bc.Subscription("S-1", account="acme", items=[])
        broken = bc.Filter("Gold", lambda subscription: subscription.level)

        assert check(bc.Filter("All"), subscriptions=[contract]) == []
        assert check(broken, subscriptions=[contract]) == [
            (
                "ERROR: filter 'Gold': condition: it raised AttributeError: 'Subscription' object has "
                "no attribute 'level', as in Subscription 'S-1'; mend it"
            )
        ]

    def test_condition_whose_error_has_no_text(self):
        """What a condition raises is named by its type where it cannot be written."""

        def is_gold(subscription):
            raise WordlessError

        contract = bc.Subscription("S-1", account="acme", items=[])

        assert check(bc.Filter("Gold", is_gold), subscriptions=[contract]) == [
            "ERROR: filter 'Gold': condition: it raised WordlessError, as in Subscription 'S-1'; mend it"
        ]
