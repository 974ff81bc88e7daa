"""An invoice without a run: the first thing that many will try."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

import billingcore as bc
from billingcore.testing import check_document
from tests.unit.engine.records import ACME, MARCH, VAT, amounts, draft_of, monthly, once, sums


def test_items_become_a_draft():
    """7.5 hours at 120.00 and a flat fee of 80.00 are 980.00 net, 1,166.20 with 19 %."""
    hours = once("hours", 120, quantity="7.5", tax_code="19", unit_code="HUR", title="Consulting")
    fee = once("fee", 80, quantity=3, price_type=bc.FLAT, tax_code="19")
    draft = draft_of(hours, fee)

    assert sums(draft) == amounts("980.00", "186.20", "1166.20")
    assert [line.title for line in draft.lines] == ["Consulting", "fee"]
    assert (draft.version, draft.period, draft.claims) == (0, MARCH, ())
    check_document(draft)


def test_items_with_a_cadence_cost_their_factor():
    """A monthly price costs its share of the days: 310.00 for 10 of 31 days are 100.00."""
    item = monthly(price=310, billing_type=bc.RECURRING_PRORATED)
    draft = draft_of(item, period=bc.Period("2026-03-01", "2026-03-11"))

    assert (draft.lines[0].factor, draft.totals.net) == (Fraction(10, 31), 100)


@pytest.mark.parametrize(
    ("item", "factor"),
    [
        (monthly(), 3),
        (monthly(cadence=bc.quarterly()), 1),
        (monthly(cadence=bc.daily()), 90),
        (once(cadence=bc.monthly()), 1),
        (monthly(cadence=None), 1),
    ],
    ids=["three months", "a quarter", "90 days", "one-time", "without cadence"],
)
def test_a_quarter_by_hand(item, factor):
    """Over a quarter a monthly price counts three times, a daily one 90 times, a fixed one once."""
    draft = draft_of(item, period=bc.Period.quarter(2026, 1))

    assert draft.lines[0].factor == factor


def test_the_same_content_has_the_same_id():
    """Without a reference the content names the draft; with one, the reference does."""
    one, again, other = draft_of(once()), draft_of(once()), draft_of(once(), once("b"))
    named = [draft_of(item, reference="PO 7").id for item in (once(), once("b"))]

    assert one.id == again.id != other.id
    assert named == ["manual/PO 7/acme"] * 2


def test_discounts_and_terms():
    """An order discount, a date, a template and a seller can be given by hand."""
    setup = bc.Setup(
        [bc.Template("Default"), bc.Template("German", payment_days=14)],
        [bc.BusinessEntity("Acme AG")],
    )
    draft = draft_of(
        once("a", 60),
        once("b", 40),
        discount=bc.Discount.percent(10),
        template="German",
        entity="Acme AG",
        invoice_date="2026-03-15",
        setup=setup,
    )

    assert [line.order_discount for line in draft.lines] == [6, 4]
    assert (draft.template.name, draft.seller.name, draft.payment_days) == ("German", "Acme AG", 14)
    assert draft.invoice_date == date(2026, 3, 15)
    assert draft.order_discount == bc.Discount.percent(10)


def test_the_account_names_template_and_seller():
    """Where nothing is given the account's template, seller and payment days count."""
    setup = bc.Setup([bc.Template("German")], [bc.BusinessEntity("Acme AG")])
    account = bc.Account(
        "acme", currency="EUR", template="German", entity="Acme AG", payment_days=3
    )
    draft = bc.draft(account, [once()], period=MARCH, setup=setup)

    assert (draft.template.name, draft.seller.name, draft.payment_days) == ("German", "Acme AG", 3)


@pytest.mark.parametrize(
    ("items", "options", "rule"),
    [
        ([], {}, "an invoice needs an item"),
        ([once()], {"template": "Nobody's"}, "no such template; add it to the setup"),
        ([once()], {"setup": bc.Setup([])}, "no such template"),
        ([once()], {"entity": "Nobody"}, "no business entity of this name"),
        ([monthly()], {"period": bc.Period("2026-01-01", None)}, "an open end"),
        (
            [monthly(cadence=bc.weekly(), billing_type=bc.RECURRING_PRORATED)],
            {},
            "months cannot measure weeks",
        ),
    ],
    ids=["no items", "template", "no template", "seller", "open period", "weeks"],
)
def test_what_cannot_be_drafted(items, options, rule):
    """What is wrong with a draft by hand is said at once."""
    with pytest.raises(bc.InvalidInputError, match=rule):
        draft_of(*items, **options)


def test_a_tax_code_needs_a_tax_engine():
    """An item with a tax code asks for a tax engine; one without needs none."""
    with pytest.raises(bc.PortError, match=r"tax code '19', but there is no tax engine; pass tax="):
        draft_of(once(tax_code="19"), tax=None)
    assert draft_of(once(), tax=None).totals.tax == 0


def test_an_unknown_tax_code():
    """A refused tax code is raised with the item's name."""
    with pytest.raises(bc.BillingProblemsError) as caught:
        draft_of(once("setup", tax_code="?"))
    assert "setup" in str(caught.value.exceptions[0])


def test_by_hand_everything_is_issued():
    """By hand a total of zero is issued, and a negative one is a credit, whatever a run would do."""
    policy = bc.DOCUMENTED.but(
        zero_total=bc.ZeroTotal.SKIP, negative_total=bc.NegativeTotal.CARRY_FORWARD
    )
    zero, credit = (draft_of(once("a", price), policy=policy) for price in (0, -5))

    assert (zero.kind, zero.totals.gross) == (bc.InvoiceKind.STANDARD, 0)
    assert (credit.kind, credit.totals.gross) == (bc.InvoiceKind.CREDIT, -5)


def test_a_negative_invoice_by_hand():
    """A policy that keeps negative invoices does so by hand too."""
    policy = bc.DOCUMENTED.but(negative_total=bc.NegativeTotal.INVOICE)

    assert draft_of(once("a", -5), policy=policy).kind is bc.InvoiceKind.STANDARD


def test_the_whole_life_by_hand():
    """Drafted, edited and finalized without ever being stored."""
    store = bc.MemoryStore(tax=VAT)
    store.add(ACME)
    draft = bc.edit.change_line(draft_of(once(tax_code="19")), 1, quantity=2)
    invoice = bc.finalize(draft, store, on="2026-03-31")

    assert (invoice.number, invoice.totals.gross) == ("2026-00001", 119)


def test_what_lines_pass_through():
    """A line has its item's texts, unit, price and custom fields."""
    item = once(
        "a", "1.5", quantity=2, unit_code="HUR", description="as agreed", custom={"b": 2, "a": 1}
    )
    line = draft_of(item).line(1)

    assert (line.title, line.description, line.unit_code) == ("a", "as agreed", "HUR")
    assert (line.unit_price, line.quantity) == (*amounts("1.5"), 2)
    assert line.custom == (("a", 1), ("b", 2))
    assert (line.record, line.subscription_id, line.covers) == ("a", "", ())
    assert str(line.service_end) == "2026-03-31"


def test_documents_describe_themselves():
    """A draft prints as one line."""
    text = repr(draft_of(once("a", 10, tax_code="19"), reference="7"))

    assert text == "<draft invoice manual/7/acme: lines 1, gross 11.90 EUR>"


def test_references_of_the_buyer():
    """The references of all contracts on a document, each once; none by hand."""
    contracts = [
        bc.Subscription(f"S-{n}", account="acme", items=[monthly()], reference=reference)
        for n, reference in enumerate(["PO 1", "", "PO 2", "PO 1"])
    ]
    run = bc.InvoiceRun(MARCH, policy=bc.DOCUMENTED.but(grouping=bc.PER_ACCOUNT))
    (draft,) = bc.bill(run, bc.AccountSnapshot(ACME, contracts), VAT).drafts

    assert draft.references == ("PO 1", "PO 2")
    assert draft_of(once()).references == ()
