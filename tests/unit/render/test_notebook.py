"""What values show in a notebook."""

from __future__ import annotations

from datetime import date
from enum import Enum

import pytest

import billingcore as bc
from billingcore.render.notebook.drawing import attach
from tests.bookkeeping import ACCOUNTING
from tests.unit.finals import RATES, house, issued
from tests.unit.render.pages import captions, rows

JANUARY = bc.Period.month(2026, 1)
SEATS = bc.Item("seats", unit_price=100, quantity=3, tax_code="DE_19", cadence=bc.monthly())
PLAIN = bc.Item("chair", unit_price=100)
PAUSED = bc.Item("desk", unit_price=5, active=False)
WRONG = bc.Item("phone", unit_price=5, tax_code="NO")
ACME = bc.Account("acme", name="Acme", currency="EUR", debtor="10001")


def outcome():
    """Bill an account with an item that is billed, one that is left out, and one that is wrong."""
    contract = bc.Subscription("S-1", account="acme", start="2026-01-01", items=[SEATS, PAUSED])
    other = bc.Subscription("S-2", account="acme", start="2026-01-01", items=[WRONG])
    return bc.bill(bc.InvoiceRun(JANUARY), bc.AccountSnapshot(ACME, [contract, other]), RATES)


def test_a_draft_says_that_it_is_one():
    """A draft draws the document with a mark above it, in the words of its own locale."""
    draft = outcome().drafts[0]
    german = bc.draft(bc.Account("a", currency="EUR", locale="de_DE"), [PLAIN], period=JANUARY)

    assert "<p><strong>Draft, version 1 – not an invoice</strong></p>" in draft._repr_html_()
    assert bc.render.html(draft, None) in draft._repr_html_()
    assert "<h1>Rechnung (Entwurf)</h1>" in german._repr_html_()


def test_a_final_shows_its_agreement():
    """A final that was issued has no mark, and a picture of the agreement below it."""
    drawn = issued(house())._repr_html_()

    assert "not an invoice" not in drawn
    assert drawn.count("<svg") == 1
    assert "€11,900.00 in all, €5,950.00 remaining</title>" in drawn


@pytest.mark.parametrize("is_issued", [False, True], ids=["draft", "invoice"])
def test_a_locale_that_nobody_knows_is_read_as_english(is_issued):
    """A document whose account has a wrong locale is drawn all the same."""
    made = bc.draft(bc.Account("a", currency="EUR", locale="xx_YY"), [PLAIN], period=JANUARY)

    assert "€100.00" in (issued(made) if is_issued else made)._repr_html_()


def test_an_outcome_tells_drafts_reasons_and_problems():
    """An outcome has a table each: its drafts, what was left out with advice, and problems."""
    found = outcome()
    shown = rows(found)

    assert captions(found) == [
        "Account acme",
        "Drafts",
        "Not billed",
        "Problems",
    ]
    assert "drafts|1" in shown
    assert (
        "2026-01-01..2026-01-31/acme/S-1|invoice|2026-01-01 to 2026-01-31|1|300.00|57.00|357.00|EUR"
        in shown
    )
    assert "S-1/desk|ITEM_INACTIVE|the item is not active|activate the item" in shown
    assert any(row.startswith("acme|S-2/phone|tax_code|") for row in shown)


def test_an_outcome_without_anything_has_its_counts():
    """Lists of an outcome that hold nothing are left out."""
    found = bc.bill(bc.InvoiceRun(JANUARY), bc.AccountSnapshot(ACME), RATES)

    assert rows(found) == [
        "run|2026-01-01..2026-01-31",
        "policy|DOCUMENTED",
        "drafts|0",
        "excluded|0",
        "problems|0",
    ]


def test_a_line_has_its_row_and_its_explanation():
    """A line draws its numbers, and below them how they came about."""
    line = outcome().drafts[0].lines[0]
    shown = rows(line)

    assert shown[1] == "1|seats|2026-01-01 to 2026-01-31|3|100|1|300.00|300.00|EUR"
    assert bc.explain(line)._repr_html_() in line._repr_html_()
    assert "<svg" not in line._repr_html_()


def test_a_line_of_a_part_of_a_month_shows_its_days():
    """The days behind a billing factor are drawn below the line."""
    seats = bc.Item("s", unit_price=31, cadence=bc.monthly(), billing_type=bc.RECURRING_PRORATED)
    made = bc.draft(ACME, [seats], period=bc.Period.closed("2026-01-15", "2026-01-31"))
    drawn = made.lines[0]._repr_html_()

    assert "17/31" in drawn
    assert drawn.count("<svg") == 1


def booked():
    """Book an invoice of 300 and 57 of tax."""
    return bc.invoice_entries(issued(outcome().drafts[0]), ACCOUNTING)


def test_an_entry_has_two_columns_with_sums():
    """An entry draws debits and credits side by side, with the sum of each below."""
    (entry,) = booked().entries
    shown = rows(entry)

    assert shown[-1].startswith("sum|")
    assert shown[-1].endswith("|357.00|357.00")
    assert "date|2026-07-01" in shown
    assert captions(entry)[1] == "Booked in EUR"
    assert entry._repr_html_() in booked()._repr_html_()


def test_what_was_not_booked_says_why():
    """Problems of booking stand below what was booked; without any there is no such table."""
    assert "Problems of booking" not in captions(booked())
    assert captions(bc.Booked((), ())) == ["Problems of booking"]
    problem = bc.Problem("acme", "S-1", "no-account", "there is no account")

    assert "Problems of booking" in captions(bc.Booked(booked().entries, (problem,)))


def test_totals_show_what_is_not_zero():
    """Totals leave out sums of zero that say nothing, and list the taxes."""
    assert rows(outcome().drafts[0].totals) == [
        "line total|300.00", "net|300.00", "tax|57.00", "gross|357.00", "due|357.00",
        "code|category|rate in percent|net|tax", "DE_19|S|19|300.00|57.00",
    ]  # fmt: skip


def test_a_chain_shows_what_remains():
    """The chain of a final: what was agreed, less each deduction, and what is left."""
    assert rows(house().chain) == [
        "|net|tax|gross",
        "agreed|10000.00|1900.00|11900.00",
        "less P-1|-2500.00|-475.00|-2975.00",
        "less P-2|-2500.00|-475.00|-2975.00",
        "remaining|5000.00|950.00|5950.00",
    ]
    assert rows(bc.Chain("house")) == ["key|house"]


def test_a_policy_sets_off_what_differs():
    """A policy lists every switch with its meaning; those unlike DOCUMENTED are bold."""
    policy = bc.DOCUMENTED.but(catch_up=bc.CatchUp.EVERY)
    shown = rows(policy)

    assert captions(policy) == [
        "Policy DOCUMENTED but catch_up=EVERY: 1 difference from DOCUMENTED"
    ]
    assert (
        "catch up|every due period, a line each|one period a run|what happens to several due periods."
        in shown
    )
    assert policy._repr_html_().count('<th scope="row"><strong>') == 1
    assert all(row.rpartition("|")[2] for row in shown)
    assert captions(bc.DOCUMENTED) == ["Policy DOCUMENTED: no differences from DOCUMENTED"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (bc.Period(None, "2026-02-01"), ["first day|last day", "always|2026-01-31"]),
        (bc.Period("2026-02-01", None), ["first day|last day", "2026-02-01|open"]),
        (JANUARY, ["first day|last day|days", "2026-01-01|2026-01-31|31"]),
        (bc.Money("9.50", "EUR"), ["amount|currency", "9.50|EUR"]),
        (bc.Length.parse("3m"), ["in words|3m"]),
        (bc.monthly(), ["in words|every month", "billing day|same day"]),
        (bc.Reason.COVERED,
         ["name|COVERED", "value|this time is on an invoice already", "of|Reason"]),
        (bc.Contacts(), ["all fields|empty"]),
        (bc.TaxTable({"A": 7}), ["code|rate in percent|category|days|buyer|seller|reason",
                                 "A|7|S||||"]),
        (bc.DataMapping('{"fields": {"Remark__c": "$HW.No__c"}}'),
         ["place|fills|with", "fields.Remark__c|Remark|$HW.No__c"]),
        (bc.Codec(known={"f": len}), ["names|f"]),
        (bc.PaymentTerms(cash_discounts=[bc.CashDiscount(7, percent=2)]),
         ["days|percent", "7|2"]),
    ],
    ids=[
        "until a day", "from a day", "a month", "money", "length", "cadence", "reason", "nobody",
        "taxes", "mapping", "codec", "terms",
    ],
)  # fmt: skip
def test_small_values(value, expected):
    """Small values are small tables."""
    assert rows(value) == expected


def test_a_cadence_with_an_anchor_shows_its_first_periods():
    """Periods of the 31st do not drift."""
    shown = rows(bc.monthly(anchor=date(2026, 1, 31)))

    assert shown[-4:] == [
        "2026-01-31|2026-02-27|28", "2026-02-28|2026-03-30|31",
        "2026-03-31|2026-04-29|30", "2026-04-30|2026-05-30|31",
    ]  # fmt: skip


def test_a_convention_says_its_formula():
    """A convention has its formula and its source."""
    shown = rows(bc.proration.ACT_360)

    assert "formula|days / 30 for a price per month; days / 360 for one per year" in shown
    assert "can measure weeks|yes" in shown


class Row:
    """A record of a host that is an object."""

    def __init__(self, title):
        self.title = title
        self._hidden = 1

    @property
    def computed(self):
        """Must not be asked for."""
        raise AssertionError


def test_a_record_of_the_host_shows_its_fields():
    """A mapping shows its fields, an object what it holds; nothing of it is computed."""
    line = bc.SourceRecord("Line", "L-1", {"Title": "Chai"})
    file = bc.SourceDocument("F-1", title="plan.pdf")
    order = bc.SourceRecord(
        "Order", "O-1", Row("<b>"), children={"Items": [line]}, documents=[file]
    )

    assert rows(order)[:3] == ["title|&lt;b&gt;", "record|fields", "Line/L-1|Title: Chai"]
    assert captions(order) == ["Order O-1", "Order O-1: Items", "Order O-1: files"]
    assert rows(bc.SourceRecord("Order", "O-2", dict.fromkeys(map(str, range(60)), 1)))[-1] == (
        "and 10 more"
    )
    assert "S-1" in bc.SourceRecord("Case", "C-1", {"Ref": "S-1"})._repr_html_()
    child = bc.SourceRecord(
        "Case", "C-1", {}, children={"Of": [bc.SourceRecord("X", "1", Row("a"))]}
    )
    assert "Row object" in child._repr_html_()
    assert " at 0x" not in child._repr_html_()


def store():
    """Give a store with a draft."""
    made = bc.MemoryStore(tax=RATES)
    contract = bc.Subscription("S-1", account="acme", start="2026-01-01", items=[SEATS])
    made.add(ACME, contract)
    return made


def test_a_store_shows_what_it_holds():
    """A store counts what it has, and lists its documents."""
    made = store()

    assert rows(made) == ["accounts|1", "drafts|0", "invoices|0", "runs|0"]
    report = bc.execute(bc.InvoiceRun(JANUARY), made)
    assert captions(made) == ["Memory store", "Its drafts"]
    assert captions(report.drafts) == ["Drafts: 1"]
    bc.finalize(report.drafts[0], made, on="2026-02-01")
    assert captions(made) == ["Memory store", "Its invoices"]


def test_an_execution_is_not_carried_out_by_looking_at_it():
    """An execution shows how it stands, counts no account and stays to be carried out."""
    execution = bc.Execution(bc.InvoiceRun(JANUARY), store())

    assert "<svg" in execution._repr_html_()
    assert execution._survey is None
    assert len([*execution]) == 1


def test_a_snapshot_shows_what_is_covered():
    """A snapshot lists its records, and draws covered days if there are any."""
    claim = bc.Claim("S-1/seats", JANUARY, "R-1", bc.ClaimState.FINAL)
    contract = bc.Subscription("S-1", account="acme", start="2026-01-01", items=[SEATS])
    bare = bc.AccountSnapshot(ACME, [contract])
    covered = bc.AccountSnapshot(ACME, [contract], claims=[claim])

    assert "<svg" not in bare._repr_html_()
    assert "<svg" in covered._repr_html_()
    assert "S-1|acme|2026-01-01|Active|Item seats" in rows(covered)


def test_a_class_that_draws_itself_is_left_alone():
    """Attaching gives a display to classes of values that have none, and to nothing else."""

    class Own:
        def _repr_html_(self):
            return "own"

    class Color(Enum):
        RED = "#f00"

    attach([Own, Color, len, ValueError, bc.TaxEngine, 7])

    assert Own()._repr_html_() == "own"
    assert rows(Color.RED) == ["name|RED", "value|#f00", "of|Color"]
    assert not hasattr(ValueError, "_repr_html_")
    assert not hasattr(bc.TaxEngine, "_repr_html_")
