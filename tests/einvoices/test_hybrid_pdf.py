"""The example that puts XML into a PDF file, and what a receiver gets out of it."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from billingcore import export
from tests.einvoices.conftest import EXAMPLES
from tests.einvoices.judges import CII, comparable, read_again

NEEDED = ("facturx", "weasyprint")
# The packages' own warnings are none of ours.
pytestmark = [
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(
        not all(map(find_spec, NEEDED)),
        reason="factur-x or weasyprint not installed; `.ci/run einvoices` installs them",
    ),
]


@pytest.fixture(scope="module")
def invoice():
    """Give the invoice of the example."""
    import hybrid_pdf

    return hybrid_pdf.sample_invoice()


@pytest.fixture(scope="module")
def file(invoice):
    """Give the file that is made of it."""
    import hybrid_pdf

    return hybrid_pdf.hybrid_pdf(invoice, locale="de_DE")


def test_the_xml_in_the_file_passes_the_rules(judge, file):
    """The XML that a receiver takes out of the file passes schema and norm."""
    from facturx import get_facturx_xml_from_pdf

    name, xml = get_facturx_xml_from_pdf(file)

    assert name == "factur-x.xml"
    assert judge.issues(xml.decode(), CII) == {}


def test_what_is_read_is_what_was_billed(invoice, file):
    """Three seats at 24.90 are 74.70, with 19 % 88.89, and nothing else is read."""
    import hybrid_pdf

    read = hybrid_pdf.what_is_inside(file)
    (line,) = read["BG-25"]

    assert (read["BT-106"], read["BT-110"], read["BT-115"]) == ("74.70", "14.19", "88.89")
    assert (line["BT-129"], line["BT-146"], line["BT-131"]) == ("3", "24.9", "74.70")
    assert read["BT-84"] == "DE02120300000000202051"


def test_it_says_what_the_other_text_says(invoice):
    """CII in the file and UBL have the same terms."""
    import hybrid_pdf

    other = hybrid_pdf.cross_industry_invoice(invoice).decode()
    assert comparable(read_again(other)) == comparable(read_again(export.ubl(invoice)))


def test_the_script_says_what_is_inside(tmp_path):
    """Started as its first lines say, it writes the file and prints one line."""
    target = tmp_path / "invoice.pdf"
    command = [sys.executable, "-W", "ignore", EXAMPLES / "hybrid_pdf.py", target]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, encoding="utf-8", timeout=120
    )

    assert done.stdout == "invoice.pdf: invoice 2026-00001, to be paid 88.89 EUR\n"
    assert target.read_bytes().startswith(b"%PDF-1.7")
