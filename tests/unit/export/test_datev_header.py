"""The first line of a DATEV file: every field worked out by hand from its description."""

from __future__ import annotations

import datetime as dt

import pytest

import billingcore as bc
from billingcore import export

FIELDS = {
    "created": dt.datetime(2026, 2, 2, 9, 30, 15, 123456, tzinfo=dt.UTC),
    "consultant": 29098,
    "client": 55003,
    "fiscal_year_start": "2026-01-01",
    "first": "2026-01-01",
    "last": "2026-12-31",
}


def test_the_header():
    """The first line has 31 fields: what the format wants, and what the host gave."""
    header = export.DatevHeader(**FIELDS, chart="03", label="Ausgang 01/2026", is_final=True)

    assert header.line == (
        '"EXTF";700;21;"Buchungsstapel";13;20260202093015123;;"BC";"";"";29098;55003;20260101;4;'
        '20260101;20261231;"Ausgang 01/2026";"";1;0;1;"EUR";;"";;;"03";;;"";""'
    )
    assert header.line.count(";") == 30


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"created": "now"}, "created = 'now': not a datetime"),
        ({"consultant": 1000}, "consultant = 1000: not a count"),
        ({"client": 0}, "client = 0: not a count"),
        ({"account_length": 9}, "account_length = 9: not a count"),
        ({"last": "2025-12-31"}, "last = '2025-12-31': before the start"),
        ({"last": "2027-01-01"}, "first = '2026-01-01 to 2027-01-01': not in the fiscal year"),
        ({"first": "2025-12-31"}, "first = '2025-12-31 to 2026-12-31': not in the fiscal year"),
        ({"chart": "3"}, "chart = '3': no such chart"),
        ({"label": 'a"b'}, "label = 'a\"b': cannot stand in the header"),
        ({"label": "x" * 31}, "cannot stand in the header"),
    ],
    ids=[
        "created",
        "consultant",
        "client",
        "length",
        "order",
        "year-after",
        "year-before",
        "chart",
        "quote",
        "long",
    ],
)
def test_wrong_headers_are_refused(fields, said):
    """A header that DATEV would not read is refused by field."""
    with pytest.raises(bc.InvalidInputError) as caught:
        export.DatevHeader(**{**FIELDS, **fields})

    assert said in str(caught.value)


@pytest.mark.parametrize("name", ["beancount", "hledger", "datev"])
def test_the_accounting_must_be_one(name):
    """All exports of entries name the argument that is none."""
    more = [export.DatevHeader(**FIELDS)] if name == "datev" else []

    with pytest.raises(bc.InvalidInputError) as found:
        getattr(export, name)([], None, *more)

    assert str(found.value) == (
        f"export.{name}: accounting = None: not an Accounting; use an Accounting"
    )
