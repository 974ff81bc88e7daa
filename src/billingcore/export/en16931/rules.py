"""The rule sets by which electronic invoices are made, and how each names a kind of document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from billingcore.records.invoice_kind import InvoiceKind

__all__ = [
    "CONSTRUCTION",
    "CREDIT_NOTE",
    "EN16931",
    "PEPPOL_BIS",
    "XRECHNUNG",
    "RuleSet",
    "type_codes",
]

CREDIT_NOTE: Final = "381"
"""The type code of a document whose amounts are what is given back: above 0."""

_PROCESS: Final = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_SPECIFICATION: Final = "urn:cen.eu:en16931:2017"

_CODES: Final[Mapping[InvoiceKind, str]] = {
    InvoiceKind.STANDARD: "380",
    InvoiceKind.PARTIAL: "326",
    InvoiceKind.PROGRESS: "326",
    InvoiceKind.DEPOSIT: "386",
    InvoiceKind.FINAL: "380",
    InvoiceKind.CREDIT: CREDIT_NOTE,
    InvoiceKind.CANCELLATION: "384",
}
"""Kind → code of UNTDID 1001; a pro forma has none, since it is no invoice."""

CONSTRUCTION: Final[Mapping[InvoiceKind, str]] = {
    InvoiceKind.PARTIAL: "876",
    InvoiceKind.PROGRESS: "875",
    InvoiceKind.FINAL: "877",
}
"""The codes that go before for construction work: an accepted section, an advance, the final."""


@frozen
class RuleSet:
    """A specification that electronic invoices follow.

    What is checked goes by its name, so that a host can have another version of the same.

    >>> from attrs import evolve
    >>> later = evolve(XRECHNUNG, specification="urn:cen.eu:en16931:2017#compliant#urn:later")
    >>> later.follows(XRECHNUNG), XRECHNUNG.type_codes[InvoiceKind.DEPOSIT]
    (True, '326')

    Attributes:
        name: what it is called.
        specification: its identifier: BT-24.
        process: the business process: BT-23; empty if it asks for none.
        type_codes: kind → code of UNTDID 1001: BT-3.
        allowed_codes: the type codes that it takes; empty takes all of the norm.
    """

    name: str
    specification: str
    process: str
    type_codes: Mapping[InvoiceKind, str]
    allowed_codes: frozenset[str] = frozenset()

    def follows(self, other: RuleSet) -> bool:
        """Tell whether it is a version of another rule set."""
        return self.name == other.name


EN16931: Final = RuleSet("EN 16931", _SPECIFICATION, "", _CODES)
"""The norm by itself."""

XRECHNUNG: Final = RuleSet(
    "XRechnung",
    f"{_SPECIFICATION}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
    _PROCESS,
    {**_CODES, InvoiceKind.DEPOSIT: "326"},
    frozenset({"326", "380", "384", "389", "381", "875", "876", "877"}),
)
"""XRechnung 3.0, for the German public sector: no code 386, so that a deposit is a partial invoice."""

PEPPOL_BIS: Final = RuleSet(
    "Peppol BIS",
    f"{_SPECIFICATION}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    _PROCESS,
    {
        **_CODES,
        InvoiceKind.PARTIAL: "380",
        InvoiceKind.PROGRESS: "386",
        InvoiceKind.CANCELLATION: CREDIT_NOTE,
    },
)
"""Peppol BIS Billing 3.0: 326 and 384 are for German parties only there, so others stand in for them."""


def type_codes(rules: RuleSet, *, is_construction: bool) -> Mapping[InvoiceKind, str]:
    """Give the code of each kind: those of a rule set, or before them those of construction work.

    >>> type_codes(EN16931, is_construction=True)[InvoiceKind.PROGRESS]
    '875'
    """
    return {**rules.type_codes, **(CONSTRUCTION if is_construction else {})}
