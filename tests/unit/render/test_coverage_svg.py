"""The picture of what is billed: bars for the days of claims, of what is due, and of lines."""

from __future__ import annotations

from datetime import date

import pytest

import billingcore as bc
from tests.unit.render.pictures import Picture

STATE = bc.ClaimState
JUNE = bc.Period.month(2026, 6)
FIRST_HALF = bc.Period.closed("2026-06-01", "2026-06-15")
SECOND_HALF = bc.Period.closed("2026-06-16", "2026-06-30")
ACME = bc.Account("acme", name="Acme GmbH", currency="EUR")
RENT = bc.Item("rent", unit_price=100, billing_type=bc.RECURRING, cadence=bc.monthly())
SETUP = bc.Item("setup", title="Set-up", unit_price=50)


def claim(period=JUNE, state=STATE.FINAL, billable="S-1/rent", document="R-1", **fields):
    """Make a claim."""
    return bc.Claim(billable, period, document, state, **fields)


def drawn(value, locale="en_GB", **options):
    """Draw and read a picture."""
    return Picture(bc.render.coverage_svg(value, locale, **options))


def account(*items, claims=(), start="2026-06-01", **fields):
    """Make an account with one contract."""
    contract = bc.Subscription("S-1", account="acme", start=start, items=items, **fields)
    return bc.AccountSnapshot(ACME, [contract], claims=claims)


def test_half_of_a_month():
    """June has 640 units for 30 days: 15 of them are 320, and the line is where they end."""
    picture = drawn([claim(FIRST_HALF)])

    assert picture.bars == [("full", 10, 320)]
    assert picture.uprights("mark") == [330]
    assert picture.texts == ["Billed time", "S-1/rent", "next from 16 Jun 2026", "Jun", "2026", "billed"]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "look", "word"),
    [
        (STATE.FINAL, "full", "billed"),
        (STATE.DRAFT, "draft", "on a draft"),
        (STATE.WAIVED, "waived", "waived"),
        (STATE.CARRIED, "carried", "put off"),
        (STATE.LINKED, "linked", "kept until it is released"),
    ],
    ids=lambda value: value.name.lower() if isinstance(value, STATE) else "",
)
def test_every_state_has_a_look_and_a_word(state, look, word):
    """A claim of each state is a bar of its own look, named in the legend and the description."""
    picture = drawn([claim(SECOND_HALF, state)])

    assert picture.bars == [(look, 330, 320)]
    assert picture.texts[-1] == word
    assert picture.told.startswith(f"S-1/rent: {word} 16 Jun 2026 – 30 Jun 2026")


def test_days_that_were_taken_back():
    """What an invoice took back is a gap: days 11 to 20 of June are 213 units."""
    gone = bc.Period.closed("2026-06-11", "2026-06-20")

    assert drawn([claim(), claim(gone, is_release=True)]).bars == [("full", 10, 213), ("full", 437, 213)]  # fmt: skip


def test_days_that_a_draft_takes_back():
    """They are still billed, and marked."""
    picture = drawn([claim(), claim(FIRST_HALF, STATE.DRAFT, is_release=True)])

    assert picture.bars == [("full", 10, 640), ("release", 10, 320)]
    assert "taken back 1 Jun 2026 – 15 Jun 2026" in picture.told


def test_what_coverage_of_read():
    """Claims, and what was read from them, give the same picture."""
    claims = [claim(FIRST_HALF), claim(SECOND_HALF, STATE.DRAFT)]

    assert drawn(bc.coverage_of(claims)).svg == drawn(claims).svg


def test_coverage_without_claims():
    """Stretches alone are drawn as they are said to stand."""
    half, rest = (each.bounds for each in (FIRST_HALF, SECOND_HALF))
    covered = bc.Covered(stretches=(half, rest), final=(half,), carried=(rest,))

    assert drawn({"a": covered}).bars == [("full", 10, 320), ("draft", 330, 320), ("carried", 330, 320)]  # fmt: skip


def test_neighbors_become_one_bar():
    """Bars that touch and look the same cannot be told apart; others stay apart."""
    days = [(date(2026, 6, day), date(2026, 6, day + 1)) for day in (1, 2, 3, 5)]
    covered = bc.Covered(stretches=tuple(days), final=tuple(days))

    assert drawn({"a": covered}).bars == [("full", 10, 64), ("full", 95, 22)]


def test_gaps_that_are_due():
    """May was billed and April was not: an account shows April as due, and where it goes on."""
    billed = bc.Period.month(2026, 5)
    picture = drawn(account(RENT, claims=[claim(billed)], start="2026-04-01"), until="2026-06-30")

    # April to June are 91 days: 30 of them are 211 units, and 61 are 429.
    assert picture.bars == [("full", 221, 218), ("due", 10, 211), ("due", 439, 211)]
    assert picture.title == "Billed time of Acme GmbH"
    assert picture.told == (
        "S-1/rent: billed 1 May 2026 – 31 May 2026;"
        " due 1 Apr 2026 – 30 Apr 2026, 1 Jun 2026 – 30 Jun 2026; next from 1 Jun 2026"
    )


def test_due_up_to_what_is_covered():
    """Without a last day, that of the claims is taken."""
    claims = [claim(SECOND_HALF)]

    assert drawn(account(RENT, claims=claims)).bars == [("full", 330, 320), ("due", 10, 320)]


def test_the_policy_says_what_is_due():
    """As it is documented, a run bills one period of an item, the oldest."""
    snapshot = account(RENT, start="2026-04-01")

    assert len(drawn(snapshot, until="2026-06-30").bars) == 1  # three that touch
    told = drawn(snapshot, until="2026-06-30", policy=bc.DOCUMENTED).told
    assert told == "S-1/rent: due 1 Apr 2026 – 30 Apr 2026"


def paused():
    """Make an account that was billed June for an item which then pauses from the 16th on."""
    store = bc.MemoryStore()
    prorated = bc.Item("rent", unit_price=100, billing_type=bc.RECURRING_PRORATED, cadence=bc.monthly())  # fmt: skip
    contract = bc.Subscription("S-1", account="acme", start="2026-06-01", items=[prorated])
    store.add(ACME, contract)
    report = bc.execute(bc.InvoiceRun(JUNE, policy=bc.LEVEL), store)
    bc.finalize(report.drafts[0], store, on="2026-06-01")
    store.change(contract.changed(bc.pause("2026-06-16", "2026-06-30")))
    return store.snapshot("acme")


def test_a_correction_that_is_due():
    """A pause after the bill: a run would take its days back."""
    picture = drawn(paused(), until="2026-06-30")

    assert ("full", 10, 640) in picture.bars
    assert ("release", 330, 320) in picture.bars


@pytest.mark.parametrize(
    ("claims", "note"),
    [
        ([], "once: due"),
        ([claim(None, billable="S-1/setup")], "once: billed"),
        ([claim(None, STATE.DRAFT, "S-1/setup")], "once: on a draft"),
        ([claim(None, STATE.WAIVED, "S-1/setup")], "once: waived"),
    ],
    ids=["due", "billed", "draft", "waived"],
)
def test_what_is_billed_once(claims, note):
    """It has no days, so its row has words instead of a bar."""
    picture = drawn(account(RENT, SETUP, claims=claims), until="2026-06-30")

    assert picture.texts[picture.texts.index("Set-up (S-1/setup)") + 1] == note
    assert picture.told.endswith(f"Set-up (S-1/setup): {note}")
    assert len(picture.bars) == 1


def test_what_was_taken_back_once():
    """A one-time item that was billed and taken back is billed no more."""
    claims = [claim(None, billable="a"), claim(None, billable="a", is_release=True), claim()]

    assert drawn(claims).told.startswith("a: nothing is billed. S-1/rent: billed")


def test_an_item_of_which_nothing_is_billed():
    """An item that is not due yet has a row that says so."""
    later = bc.Item("later", unit_price=1, start="2027-01-01", billing_type=bc.RECURRING, cadence=bc.monthly())  # fmt: skip

    assert drawn(account(RENT, later), until="2026-06-30").told.endswith(
        "S-1/later: nothing is billed"
    )


def test_records_have_no_next_service_period():
    """What is billed besides items has a row, and no line for what comes next."""
    order = claim(FIRST_HALF, billable="Order/O-1:Cust")
    picture = drawn(account(RENT, claims=[order]), until="2026-06-30")

    assert picture.texts[1:5] == ["S-1/rent", "Order/O-1:Cust", "Jun", "2026"]
    assert picture.uprights("mark") == []


def test_where_a_migrated_item_goes_on():
    """Coverage of a migrated item begins with the day that was handed in.

    Its month is 16 June to 15 July; June and July have 61 days: 15 of them are 157 units, 45 are 472.
    """
    item = bc.Item(
        "rent", unit_price=100, billing_type=bc.RECURRING, cadence=bc.monthly(),
        next_service_period_start="2026-06-16",
    )  # fmt: skip
    picture = drawn(account(item), until="2026-06-30")

    assert picture.bars == [("due", 167, 315)]
    assert picture.uprights("mark") == [167]


@pytest.mark.parametrize("is_issued", [False, True], ids=["draft", "invoice"])
def test_the_lines_of_a_document(is_issued):
    """Each line has its days of service, as long as the document is a draft or for good."""
    document = bc.draft(ACME, [RENT, SETUP], period=SECOND_HALF)
    if is_issued:
        document = bc.Invoice("R-7", date(2026, 7, 1), date(2026, 7, 8), document)
    picture = drawn(document)
    look = "full" if is_issued else "draft"

    assert picture.bars == [(look, 330, 320), (look, 330, 320)]
    assert picture.title == f"Invoice {'R-7' if is_issued else '(draft)'}: days of service"
    assert picture.texts[1:3] == ["1 rent", "2 Set-up"]


def test_a_line_that_takes_days_back():
    """The lines of a correction are marked on their document."""
    run = bc.InvoiceRun(JUNE, policy=bc.LEVEL.but(negative_total=bc.NegativeTotal.CREDIT))
    (draft,) = bc.bill(run, paused(), bc.TaxTable({})).drafts

    assert ("release", 330, 320) in drawn(draft).bars


def test_gross_prices_need_no_taxes():
    """Days are due whatever the tax is, so no tax engine is asked."""
    item = bc.Item(
        "rent", unit_price=100, billing_type=bc.RECURRING, cadence=bc.monthly(),
        price_includes_tax=True, tax_code="DE_19",
    )  # fmt: skip

    assert drawn(account(item), until="2026-06-30").bars == [("due", 10, 640)]


def test_too_many_rows():
    """Of 43 rows 40 are drawn, and a line says that there are 3 more."""
    picture = drawn([claim(billable=f"S-{n}") for n in range(43)])

    assert len(picture.bars) == 40
    assert picture.texts[-1] == "and 3 more"
    assert picture.told.endswith(". and 3 more")


def test_too_many_stretches_to_tell():
    """Of 30 years with a bill in May, 24 are told, and that there are 6 more."""
    claims = [claim(bc.Period.month(year, 5)) for year in range(1990, 2020)]
    told = drawn(claims).told

    assert told.count("– 31 May") == 24
    assert "31 May 2013, and 6 more; next from 1 Jun 1990" in told


def test_what_is_a_problem():
    """What a run cannot bill says so beside its days: months cannot measure weeks."""
    weekly = bc.Item("weekly", unit_price=1, billing_type=bc.RECURRING_PRORATED, cadence=bc.weekly(), proration=bc.proration.CALENDAR_MONTHS)  # fmt: skip
    billed = claim(billable="S-1/weekly")
    fresh = drawn(account(weekly, RENT), until="2026-06-30")
    begun = drawn(account(weekly, claims=[billed]), until="2026-07-31")

    assert "weekly: cannot be billed" in fresh.told
    assert "cannot be billed" in begun.told
    assert "nothing is billed" not in fresh.told + begun.told


def test_far_days_are_not_looked_for():
    """Claims beyond a hundred years do not make a run of that length: 1900 to 2000 are 101 years."""
    early = bc.Item("early", unit_price=1, start="1900-01-01", billing_type=bc.RECURRING, cadence=bc.yearly())  # fmt: skip
    far = claim(bc.Period.year(2300), billable="S-1/other")
    picture = drawn(account(early, claims=[far], start=None))

    assert "31 Dec 1923, and 77 more" in picture.told


def test_german():
    """Words, dates and months are German, and so is the language that is named."""
    picture = drawn([claim(FIRST_HALF)], "de_DE")

    assert picture.told == "S-1/rent: berechnet 01.06.2026 – 15.06.2026; weiter ab 16.06.2026"
    assert picture.root.get("lang") == "de-DE"


def test_the_locale_of_the_account():
    """Without a locale that of the account counts, or English."""
    account_ = bc.Account("acme", currency="EUR", locale="de_AT")

    assert drawn(bc.AccountSnapshot(account_, claims=[claim()]), None).title == "Abgerechnete Zeit von acme"  # fmt: skip
    assert drawn([claim()], None).title == "Billed time"


@pytest.mark.parametrize(
    ("value", "options", "message"),
    [
        ([], {}, "value = 0: there are no days to draw; say up to when it is due: until=..."),
        ({}, {}, "there are no days to draw"),
        ([claim(None)], {}, "there are no days to draw"),
        (account(RENT), {}, "there are no days to draw"),
        (account(RENT), {"until": "2126-06-30"}, None),
        (account(RENT), {"until": "2127-01-01"}, "until = '2127-01-01': more than 100 years after"),
        (account(RENT), {"until": "soon"}, "until = 'soon': not a date"),
        (account(RENT), {"until": "2026-06-30", "policy": "LEVEL"}, "not a Policy"),
        (5, {}, "value = 'int': nothing that covers days"),
        ("S-1", {}, "value = 'S': not a Claim"),
        ({"a": 1}, {}, "value = 1: not a Covered"),
        ([claim()], {"locale": "xx_YY"}, "no such locale"),
    ],
    ids=["no claims", "no coverage", "once only", "nothing covered", "a hundred years", "later",
         "no day", "no policy", "a number", "text", "no coverage value", "locale"],
)  # fmt: skip
def test_mistakes(value, options, message):
    """What cannot be drawn is refused, with what is wrong and what to do instead."""
    options = {"locale": "en_GB", **options}
    if message is None:
        assert drawn(value, **options).bars == [("due", 10, 640)]
        return
    with pytest.raises(bc.InvalidInputError) as caught:
        bc.render.coverage_svg(value, **options)

    assert message in str(caught.value)
