"""Laws of the generic run: whatever records hold, none is lost, and no other error comes out.

Law 6: each record that enters under a filter is billed, excluded or a problem, exactly one of them.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum

from hypothesis import given
from hypothesis import strategies as st

import billingcore as bc
from billingcore.testing import check_document

ACME = bc.Account("acme", currency="EUR")
MARCH = bc.Period.month(2026, 3)
GENERIC = bc.UseCase.GENERIC
TAXES = bc.TaxTable({"19": 19})
SETUP = bc.Setup(
    [bc.Template("Default"), bc.Template("Export")],
    entities=[bc.BusinessEntity("North")],
    mappings={
        "ship": bc.DataMapping(
            {
                "items": {
                    "SHIP": {
                        "fields": {
                            "Title": "Shipping",
                            "Quantity": 1,
                            "UnitPrice": 5,
                            "Type": "Shipping Fees",
                        }
                    }
                }
            }
        )
    },
)
FILTERS = [
    bc.Filter("Orders", use_case=GENERIC, target="Order", child_relation="Items"),
    bc.Filter(
        "Red",
        lambda record: record["Color"] == "red",
        use_case=GENERIC,
        target="Order",
        child_relation="Items",
        sequence=1,
    ),
    bc.Filter("Deals", use_case=GENERIC, target="Deal"),
]
MAPPING = '{"items": {"A": {"fields": {"Title": "Mapped", "UnitPrice": "$List"}}}}'


class Vague:
    """A value that is neither equal nor different, as data frames have for what is missing."""

    __hash__ = object.__hash__

    def __eq__(self, other):
        return self

    def __bool__(self):
        raise TypeError("ambiguous")

    def __repr__(self):
        return "Vague()"


class Color(Enum):
    """A value of the host's own type."""

    RED = "red"


ODD = [
    None,
    "",
    " ",
    "x",
    "x" * 5000,
    "\0",
    "$A",
    "{",
    True,
    False,
    0,
    1,
    -1,
    7,
    0.5,
    float("nan"),
    float("inf"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("-Infinity"),
    Decimal("0.000001"),
    date(2026, 3, 5),
    datetime(2026, 3, 5, 12, tzinfo=UTC),
    [],
    ["acme"],
    {},
    {"fields": {}},
    b"acme",
    bc.Money(3, "USD"),
    Color.RED,
    object(),
    Vague(),
    bc.MISSING,
]
HUGE = [10**12, 10**14, 10**30, -(10**14), "9" * 15, Decimal("1E+14"), Decimal("1E+400"), "1e999"]

LINE = {
    "ON_Title": ["Thing", "Other"],
    "ON_Quantity": [1, 2, "2.5", 0, Decimal(3), -1],
    "ON_UnitPrice": ["10.00", 3, Decimal("0.005"), 0, "-4"],
    "ON_OrderNo": ["A", "B", ""],
    "ON_InvoiceCriterion": ["", "K"],
    "ON_Discount": ["10", 0, Decimal("33.333")],
    "ON_Type": ["Product", "Shipping Fees", "Information", "Handling Fees"],
    "ON_TaxCode": ["19", "gone"],
    "ON_BillingType": ["One-Time", "Recurring", "Recurring Prorated"],
    "ON_BillingUnit": ["Month", "Quarter", "Week"],
    "ON_BillingPeriod": [1, "2"],
    "ON_StartDate": ["2026-03-05", date(2026, 1, 31), "2027-01-01"],
    "ON_EndDate": ["2026-03-20", "2026-12-31"],
    "ON_Invoice": ["R-1", None],
    "ON_Note": ["n", 1, True, Decimal("1.0")],
    "List": ["7.50"],
}
ROOT = {
    "ON_ServiceDate": ["2026-03-10", date(2026, 2, 1), None],
    "ON_CreateSingleInvoice": [True, False, 1],
    "ON_IsItem": [True, False, 1],
    "ON_Template": ["Default", "Export", "Gone"],
    "ON_BusinessEntity": ["North", "Nobody"],
    "ON_Currency": ["EUR", "USD", "eur"],
    "ON_PaymentDue": [14, "30", 14.0],
    "ON_Reference": ["PO-1"],
    "ON_Mapping": [MAPPING, "{}"],
    "ON_MappingName": ["ship", "gone"],
    "ON_Color": ["blue"],
    "Color": ["red", "blue"],
}
NEEDED = ("ON_Title", "ON_Quantity", "ON_UnitPrice")


@st.composite
def values(draw, usual, odd, needed=()):
    """Draw fields: those that are needed mostly there and right, the others now and then."""
    most = draw(st.sampled_from([0, 0, 2, 7]))
    names = draw(st.sets(st.sampled_from(sorted(usual)), max_size=most))
    fields = {name: draw(st.sampled_from(usual[name])) for name in sorted(names | {*needed})}
    if draw(st.integers(0, 2)) == 0:
        fields[draw(st.sampled_from(sorted(usual)))] = draw(st.sampled_from(odd))
    if draw(st.integers(0, 9)) == 0:
        fields.pop(draw(st.sampled_from(sorted(fields) or [""])), None)
    return fields


@st.composite
def records(draw, odd):
    """Draw orders with products, and deals; every id is unique."""
    drawn = []
    shared = draw(st.sampled_from(sorted(ROOT)))  # a field that several records have
    for number in range(draw(st.integers(1, 5))):
        accounts = ["acme"] * 8 + ["other", None]
        root = {"ON_Account": draw(st.sampled_from(accounts))}
        if draw(st.booleans()):
            root[shared] = draw(st.sampled_from(ROOT[shared]))
        if draw(st.integers(0, 2)) == 0:
            fields = draw(values(LINE | ROOT, odd, NEEDED))
            drawn.append(bc.SourceRecord("Deal", f"D-{number}", fields | root))
            continue
        children = [
            bc.SourceRecord("Product", f"P-{number}-{n}", draw(values(LINE, odd, NEEDED)))
            for n in range(draw(st.integers(0, 3)))
        ]
        fields = draw(values(ROOT, odd)) | draw(
            st.sampled_from([{}, {"ON_Quantity": 1, "ON_UnitPrice": 2}])
        )
        drawn.append(
            bc.SourceRecord("Order", f"O-{number}", fields | root, children={"Items": children})
        )
    return drawn


policies = st.sampled_from([bc.DOCUMENTED, bc.LEVEL])
further_policies = st.sampled_from(
    [
        bc.DOCUMENTED.but(on_problem=bc.OnProblem.INVOICE),
        bc.LEVEL.but(on_problem=bc.OnProblem.ACCOUNT),
        bc.DOCUMENTED.but(zero_total=bc.ZeroTotal.SKIP),
        bc.LEVEL.but(negative_total=bc.NegativeTotal.CARRY_FORWARD),
        bc.DOCUMENTED.but(minimum_amount={"EUR": 25}),
        bc.LEVEL.but(max_lines=2, tax_level=bc.TaxLevel.LINE),
        bc.DOCUMENTED.but(scope=bc.Scope.STRICT, grouping=bc.PER_ACCOUNT),
        bc.LEVEL.but(catch_up=bc.CatchUp.MERGED),
        bc.LEVEL.but(catch_up=bc.CatchUp.FORGIVE),
    ]
)
filter_sets = st.sampled_from([FILTERS, FILTERS[:1], FILTERS[::2]])


def run_of(filters, policy):
    """Make a run of March."""
    return bc.InvoiceRun(MARCH, selection=bc.Selection(filters), policy=policy)


def entered(record, chosen):
    """Enumerate by hand what one filter finds in a record: names that must be told once.

    Returns:
        The names, and whether a record of another account may stay unmentioned.
    """
    children = [child.name for child in record.children_of(chosen.child_relation)]
    is_item = record.get("ON_IsItem", None) is True
    own = [] if children and not is_item else [record.name]
    return {*own, *children}, record.get("ON_Account") == "other"


def told(outcome):
    """Count how often each record is billed, excluded or a problem, under each filter."""
    found = Counter(
        {
            (line.record, line.filter)
            for draft in outcome.drafts
            for line in draft.lines
            if line.sources
        }
    )
    found.update((each.record, each.filter) for each in outcome.exclusions)
    found.update((each.record, each.filter) for each in outcome.problems)
    return found


def check_law_6(outcome, given_records, filters):
    """Check that every record that entered leaves once under each filter, and no other does."""
    found = told(outcome)
    allowed = set()
    for chosen in filters:
        for record in given_records:
            if record.type != chosen.target:
                continue
            names, may_be_silent = entered(record, chosen)
            counts = {name: found[name, chosen.name] for name in names}
            is_silent = may_be_silent and not any(counts.values())
            root_is_wrong = found[record.name, chosen.name] == 1
            names -= {record.name} if not root_is_wrong else set()
            assert is_silent or set(counts.values()) == {1}, (chosen.name, counts)
            allowed |= {(name, chosen.name) for name in counts} | {(record.name, chosen.name)}
    assert set(found) <= allowed
    assert max(found.values(), default=1) == 1


def use(outcome):
    """Use all that an outcome gives, as a host would."""
    for draft in outcome.drafts:
        check_document(draft)
        assert isinstance(draft.custom, dict)
        assert isinstance(draft.documents, tuple)
        assert isinstance(draft.references, tuple)
        assert draft.claims
    for update in outcome.updates:
        assert update.values
    for each in (*outcome.problems, *outcome.exclusions, *outcome.left_out):
        assert str(each)


@given(records(ODD + HUGE), filter_sets, policies | further_policies)
def test_nothing_is_lost(drawn, filters, policy):
    """Whatever the records hold, each leaves once under each filter, and no error comes out."""
    snapshot = bc.AccountSnapshot(ACME, records=drawn, setup=SETUP)
    outcome = bc.bill(run_of(filters, policy), snapshot, TAXES)

    check_law_6(outcome, drawn, filters)
    use(outcome)


def store_of(*drawn, filters=FILTERS):
    """Make a store of acme and another account."""
    store = bc.MemoryStore(tax=TAXES, setup=SETUP, filters=filters)
    store.add(ACME, bc.Account("other", currency="EUR"), *drawn)
    return store


def content(drafts):
    """Give what stands on drafts, whatever the order of their lines."""
    return {
        draft.id: (
            sorted((line.billing_key, line.net, str(line.service_period)) for line in draft.lines),
            draft.totals.net,
            draft.totals.gross,
        )
        for draft in drafts
    }


@given(records(ODD + HUGE), policies | further_policies)
def test_repeating_a_run(drawn, policy):
    """Repeating a run makes no draft, changes none, and finds the same problems."""
    store = store_of(*drawn)
    run = run_of(FILTERS, policy)
    first = bc.execute(run, store)
    before = content(store.drafts())
    again = bc.execute(run, store)

    assert (len(again.drafts), content(store.drafts())) == (0, before)
    assert [str(each) for each in again.problems] == [str(each) for each in first.problems]


@given(records(ODD), policies, st.randoms(use_true_random=False))
def test_the_order_of_records(drawn, policy, random):
    """The order of records changes no amount of a document, and no reason."""
    shuffled = [*drawn]
    random.shuffle(shuffled)
    outcomes = [
        bc.bill(run_of(FILTERS, policy), bc.AccountSnapshot(ACME, records=each, setup=SETUP), TAXES)
        for each in (drawn, shuffled)
    ]
    reasons = [
        {(each.record, each.filter, each.reason) for each in outcome.exclusions}
        for outcome in outcomes
    ]

    assert content(outcomes[0].drafts) == content(outcomes[1].drafts)
    assert reasons[0] == reasons[1]
    assert told(outcomes[0]) == told(outcomes[1])


@given(records(ODD), policies)
def test_record_by_record(drawn, policy):
    """Records that come one by one, with a run for each, give the same drafts as one run."""
    run = run_of(FILTERS, policy)
    whole, grown = store_of(*drawn), store_of()
    bc.execute(run, whole)
    for record in drawn:
        grown.add(record)
        bc.execute(run, grown)

    assert content(grown.drafts()) == content(whole.drafts())


@given(records(ODD), policies)
def test_each_by_itself(drawn, policy):
    """What is said of a record does not depend on the other records of the run."""
    run = run_of(FILTERS, policy)
    together = bc.bill(run, bc.AccountSnapshot(ACME, records=drawn, setup=SETUP), TAXES)
    alone = [
        bc.bill(
            run_of(FILTERS, policy), bc.AccountSnapshot(ACME, records=[each], setup=SETUP), TAXES
        )
        for each in drawn
    ]

    assert told(together) == sum(map(told, alone), Counter())
    assert {str(each) for each in together.problems} == {
        str(each) for outcome in alone for each in outcome.problems
    }
    assert sorted(
        (line.billing_key, line.net, repr(line.custom))
        for draft in together.drafts
        for line in draft.lines
    ) == sorted(
        (line.billing_key, line.net, repr(line.custom))
        for outcome in alone
        for draft in outcome.drafts
        for line in draft.lines
    )
