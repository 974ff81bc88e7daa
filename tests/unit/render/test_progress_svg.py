"""The picture of a run: its stage, how far it is, and what it made."""

from __future__ import annotations

from decimal import Decimal

import pytest
from attrs import evolve

import billingcore as bc
from tests.unit.render.pictures import Picture

STAGE = bc.RunStage
RECORD = bc.RunRecord(
    "June",
    attempt=2,
    stage=STAGE.GENERATION_IN_PROGRESS,
    candidates=2000,
    groups=900,
    accounts=1000,
    done=250,
    documents=240,
    failures=3,
    totals=(
        bc.CurrencyTotal("EUR", 200, Decimal("1000.00"), Decimal("190.00"), Decimal("1190.00")),
        bc.CurrencyTotal("JPY", 40, Decimal(5000), Decimal(500), Decimal(5500)),
    ),
)


def drawn(value, locale="en_GB", **options):
    """Draw and read a picture."""
    return Picture(bc.render.progress_svg(value, locale, **options))


def test_a_run_that_goes_on():
    """It is in the 5th of 8 stages, of 76 units with 4 between them, and did a quarter: 160 of 640."""
    picture = drawn(RECORD)

    assert picture.boxes[:8] == [
        ("full" if place < 5 else "bar", 10 + place * 80, 76) for place in range(8)
    ]
    assert picture.boxes[8:] == [("bar", 10, 640), ("full", 10, 160)]
    assert picture.texts == [
        "Invoice run June#2: Started",
        "Stage",
        "Generation In Progress",
        "Looked at",
        "250 of 1,000",
        "Candidates",
        "2,000",
        "Groups",
        "900",
        "Documents",
        "240",
        "Failures",
        "3",
        "Documents in EUR: 200",
        "€1,190.00 (€1,000.00 net, €190.00 tax)",
        "Documents in JPY: 40",
        "JP¥5,500 (JP¥5,000 net, JP¥500 tax)",
    ]


def test_what_a_screen_reader_says():
    """The description says all that is drawn."""
    assert drawn(RECORD).told == (
        "Stage: Generation In Progress. Looked at: 250 of 1,000. Candidates: 2,000. Groups: 900."
        " Documents: 240. Failures: 3. Documents in EUR: 200: €1,190.00 (€1,000.00 net, €190.00 tax)."
        " Documents in JPY: 40: JP¥5,500 (JP¥5,000 net, JP¥500 tax)"
    )


def test_german():
    """Kind, status and stage have German words."""
    texts = drawn(RECORD, "de_DE").texts

    assert texts[:3] == ["Rechnungslauf June#2: läuft", "Stufe", "Erzeugung läuft"]
    assert texts[-3] == "1.190,00 € (1.000,00 € netto, 190,00 € Steuer)"


@pytest.mark.parametrize(("failures", "is_red"), [(0, False), (1, True)], ids=["none", "one"])
def test_failures_are_red(failures, is_red):
    """The count of what is wrong stands out if it is not 0."""
    assert ('class="over"' in drawn(evolve(RECORD, failures=failures)).svg) is is_red


def test_an_error_that_ended_it():
    """All stages are one red box, since it is not known which were reached; the error is written."""
    record = evolve(
        RECORD, stage=STAGE.FAILED, status=bc.RunStatus.FAILED, of="June#1", error="no disk " * 40
    )
    picture = drawn(record)

    assert picture.boxes[0] == ("over", 10, 640)
    assert picture.title == "Invoice run June#2: Failed"
    assert picture.texts[-4] == "Of: June#1"
    assert picture.texts[-3].startswith("Error: no disk no disk")
    assert picture.texts[-1].endswith("no disk…")
    assert picture.told.endswith(f"Of: June#1. Error: {('no disk ' * 40).strip()}")


@pytest.mark.parametrize(
    ("done", "accounts", "bars", "text"),
    [
        (5, 0, [], "5"),
        (0, 7, [("bar", 10, 640), ("full", 10, 0)], "0 of 7"),
        (9, 7, [("bar", 10, 640), ("full", 10, 640)], "9 of 7"),
    ],
    ids=["not known", "nothing yet", "more than thought"],
)
def test_how_far_it_is(done, accounts, bars, text):
    """A bar says how much is done, if it is known of how many; it never leaves the picture."""
    picture = drawn(evolve(RECORD, done=done, accounts=accounts))

    assert picture.boxes[8:] == bars
    assert picture.texts[4] == text


@pytest.mark.parametrize("stage", STAGE, ids=lambda stage: stage.name.lower())
@pytest.mark.parametrize("locale", ["en_GB", "de_DE"])
def test_every_stage_has_words(stage, locale):
    """No stage is without a word in either language."""
    assert drawn(evolve(RECORD, stage=stage), locale).texts[2]


@pytest.mark.parametrize("kind", bc.RunKind, ids=lambda kind: kind.name.lower())
@pytest.mark.parametrize("status", bc.RunStatus, ids=lambda status: status.name.lower())
def test_every_title_has_words(kind, status):
    """Every kind and every status has a word in both languages."""
    for locale in ("en_GB", "de_DE"):
        before, _, after = drawn(evolve(RECORD, kind=kind, status=status), locale).title.partition("June#2: ")  # fmt: skip
        assert before.strip()
        assert after


def test_many_currencies():
    """Twelve currencies are named, and that there are two more."""
    codes = [
        "AUD",
        "BRL",
        "CAD",
        "CHF",
        "CNY",
        "DKK",
        "EUR",
        "GBP",
        "HUF",
        "INR",
        "JPY",
        "KWD",
        "MXN",
        "NOK",
    ]
    picture = drawn(evolve(RECORD, totals=tuple(map(bc.CurrencyTotal, codes))))

    assert [text for text in picture.texts if text.startswith("Documents in")][
        -1
    ] == "Documents in KWD: 0"
    assert picture.texts[-1] == "and 2 more"
    assert picture.told.endswith(". and 2 more")


def test_what_is_carried_out():
    """An execution, its report and its record are one picture: two accounts, one draft each."""
    store = bc.MemoryStore()
    for name in ("a", "b"):
        seats = bc.Item("seats", unit_price=100)
        store.add(
            bc.Account(name, currency="EUR"),
            bc.Subscription(f"S-{name}", account=name, items=[seats]),
        )
    execution = bc.Execution(bc.InvoiceRun(bc.Period.month(2026, 6)), store)
    before = drawn(execution)
    report = execution.finish()

    assert before.title == "Invoice run 2026-06-01..2026-06-30#0: Started"
    assert drawn(execution).svg == drawn(report).svg == drawn(store.runs()[0]).svg
    assert drawn(report).title == "Invoice run 2026-06-01..2026-06-30#1: Completed"
    assert drawn(report).texts[-1] == "€200.00 (€200.00 net, €0.00 tax)"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "value = None: not a RunRecord"),
        (evolve(RECORD, totals=(bc.CurrencyTotal("EURO"),)), "currency = 'EURO'"),
    ],
    ids=["nothing", "no currency"],
)
def test_mistakes(value, message):
    """What cannot be drawn is refused, with what is wrong."""
    with pytest.raises(bc.InvalidInputError) as caught:
        bc.render.progress_svg(value)

    assert message in str(caught.value)
