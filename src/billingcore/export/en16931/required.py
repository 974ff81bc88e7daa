"""What must not be missing: a row for each rule, with the field that fills the term."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from billingcore.export.en16931.findings import Checked, RuleFinding
from billingcore.export.en16931.rules import PEPPOL_BIS, XRECHNUNG, RuleSet
from billingcore.export.en16931.terms import Group, groups_at

__all__ = ["missing"]

_ALL: Final[tuple[RuleSet, ...]] = ()
_GERMAN: Final = (XRECHNUNG,)
_BOTH: Final = (XRECHNUNG, PEPPOL_BIS)


def _always(_: Group) -> bool:
    return True


def _is_taxed(row: Group) -> bool:
    return row.get("BT-118") != "O"


def _is_transfer(means: Group) -> bool:
    return means.get("BT-81") in ("30", "58")


class Needed(NamedTuple):
    """A term or group that has to be there.

    Attributes:
        rule: its id.
        place: the groups that lead to it; where one of them is missing, the rule says nothing.
        term: what has to be there.
        record: who fills it: a field of `Names`.
        field: the field of that record.
        fix: what to do.
        rule_sets: those that ask for it; empty is all.
        holds_for: whether a group needs it.
    """

    rule: str
    place: tuple[str, ...]
    term: str
    record: str
    field: str
    fix: str
    rule_sets: tuple[RuleSet, ...] = _ALL
    holds_for: Callable[[Group], bool] = _always


def _with(code: str) -> Callable[[Group], bool]:
    return lambda found: code in found


_ADDRESS: Final = "set Party(address=PostalAddress(...))"
_CONTACT: Final = "set Party(contact=PartyContact(...))"
_ENDPOINT: Final = "set Party(electronic_address=Identifier(..., scheme='EM'))"
_DELIVERY: Final = "set Party(delivery=PostalAddress(...))"

_PARTIES: Final = (
    ("BR-06", "BG-4", "BT-27", "seller", "name", "name a BusinessEntity of the Setup", _ALL),
    ("BR-07", "BG-7", "BT-44", "buyer", "name", "give the account a name", _ALL),
    ("BR-08", "BG-4", "BG-5", "seller", "party.address", _ADDRESS, _ALL),
    ("BR-09", "BG-4 BG-5", "BT-40", "seller", "party.address.country", _ADDRESS, _ALL),
    ("BR-10", "BG-7", "BG-8", "buyer", "party.address", _ADDRESS, _ALL),
    ("BR-11", "BG-7 BG-8", "BT-55", "buyer", "party.address.country", _ADDRESS, _ALL),
    ("BR-57", "BG-13 BG-15", "BT-80", "buyer", "party.delivery.country", _DELIVERY, _ALL),
    ("BR-DE-2", "BG-4", "BG-6", "seller", "party.contact", _CONTACT, _GERMAN),
    ("BR-DE-3", "BG-4 BG-5", "BT-37", "seller", "party.address.city", _ADDRESS, _GERMAN),
    ("BR-DE-4", "BG-4 BG-5", "BT-38", "seller", "party.address.postcode", _ADDRESS, _GERMAN),
    ("BR-DE-5", "BG-4 BG-6", "BT-41", "seller", "party.contact.name", _CONTACT, _GERMAN),
    ("BR-DE-6", "BG-4 BG-6", "BT-42", "seller", "party.contact.phone", _CONTACT, _GERMAN),
    ("BR-DE-7", "BG-4 BG-6", "BT-43", "seller", "party.contact.email", _CONTACT, _GERMAN),
    ("BR-DE-8", "BG-7 BG-8", "BT-52", "buyer", "party.address.city", _ADDRESS, _GERMAN),
    ("BR-DE-9", "BG-7 BG-8", "BT-53", "buyer", "party.address.postcode", _ADDRESS, _GERMAN),
    ("BR-DE-10", "BG-13 BG-15", "BT-77", "buyer", "party.delivery.city", _DELIVERY, _GERMAN),
    ("BR-DE-11", "BG-13 BG-15", "BT-78", "buyer", "party.delivery.postcode", _DELIVERY, _GERMAN),
    ("PEPPOL-EN16931-R010", "BG-7", "BT-49", "buyer", "party.electronic_address", _ENDPOINT, _BOTH),
    (
        "PEPPOL-EN16931-R020",
        "BG-4",
        "BT-34",
        "seller",
        "party.electronic_address",
        _ENDPOINT,
        _BOTH,
    ),
)
"""Rule, place, term, record, field, fix and rule sets of what the parties fill."""

_MEANS: Final = "set BusinessEntity(payment_means=PaymentMeans(...))"
_IN_MEANS: Final = "set it in PaymentMeans(...)"
_LEITWEG: Final = "set Party(buyer_reference=...) of the buyer, for public bodies the Leitweg-ID"
_AS_IS: Final = "use XRECHNUNG or PEPPOL_BIS as it is"

_OTHERS: Final = (
    ("BR-DE-1", "", "BG-16", "seller", "payment_means", _MEANS, _GERMAN),
    ("BR-49", "BG-16", "BT-81", "seller", "payment_means.code", _IN_MEANS, _ALL),
    ("BR-50", "BG-16 BG-17", "BT-84", "seller", "payment_means.account", _IN_MEANS, _ALL),
    ("PEPPOL-EN16931-R061", "BG-16 BG-19", "BT-89", "buyer", "payment_means.mandate", _IN_MEANS,
     _BOTH),
    ("BR-DE-30", "BG-16 BG-19", "BT-90", "seller", "payment_means.creditor_id", _IN_MEANS, _GERMAN),
    ("BR-DE-31", "BG-16 BG-19", "BT-91", "buyer", "payment_means.debited_account", _IN_MEANS,
     _GERMAN),
    ("BR-DE-14", "BG-23", "BT-119", "document", "breakdown", "give a rate", _GERMAN),
    ("BR-DE-15", "", "BT-10", "buyer", "party.buyer_reference", _LEITWEG, _GERMAN),
    ("PEPPOL-EN16931-R001", "BG-2", "BT-23", "document", "rules", _AS_IS, _BOTH),
)  # fmt: skip
"""The same of payment and references."""

_SCHEME: Final = ("party.electronic_address.scheme", "set Identifier(scheme=...)")
_ACCOUNT: Final = ("payment_means.account", "set PaymentMeans(account=...)")

_IN_SOME_CASES: Final = (
    Needed("BR-62", ("BG-4",), "BT-34-1", "seller", *_SCHEME, holds_for=_with("BT-34")),
    Needed("BR-63", ("BG-7",), "BT-49-1", "buyer", *_SCHEME, holds_for=_with("BT-49")),
    Needed("BR-61", ("BG-16",), "BG-17", "seller", *_ACCOUNT, holds_for=_is_transfer),
    Needed("BR-48", ("BG-23",), "BT-119", "document", "breakdown", "give a rate",
           holds_for=_is_taxed),
    Needed("BR-53", (), "BT-111", "document", "house", "finalize it with a house currency",
           holds_for=_with("BT-6")),
)  # fmt: skip
"""What is needed beside something else."""

_DOCUMENT: Final = (
    ("BR-01", "BG-2", "BT-24", "rules"),
    ("BR-02", "", "BT-1", "number"),
    ("BR-03", "", "BT-2", "date"),
    ("BR-04", "", "BT-3", "kind"),
    ("BR-05", "", "BT-5", "currency"),
    ("BR-12", "BG-22", "BT-106", "totals.line_total"),
    ("BR-13", "BG-22", "BT-109", "totals.net"),
    ("BR-14", "BG-22", "BT-112", "totals.gross"),
    ("BR-15", "BG-22", "BT-115", "totals.due"),
    ("BR-16", "", "BG-25", "lines"),
    ("BR-21", "BG-25", "BT-126", "number"),
    ("BR-22", "BG-25", "BT-129", "quantity"),
    ("BR-23", "BG-25", "BT-130", "unit_code"),
    ("BR-24", "BG-25", "BT-131", "net"),
    ("BR-25", "BG-25 BG-31", "BT-153", "title"),
    ("BR-26", "BG-25 BG-29", "BT-146", "unit_price"),
    ("BR-CO-04", "BG-25 BG-30", "BT-151", "tax"),
    ("BR-31", "BG-20", "BT-92", "allowance"),
    ("BR-32", "BG-20", "BT-95", "allowance"),
    ("BR-33", "BG-20", "BT-97", "allowance"),
    ("BR-36", "BG-21", "BT-99", "charge"),
    ("BR-37", "BG-21", "BT-102", "charge"),
    ("BR-38", "BG-21", "BT-104", "charge"),
    ("BR-41", "BG-25 BG-27", "BT-136", "discount"),
    ("BR-42", "BG-25 BG-27", "BT-139", "discount.title"),
    ("BR-43", "BG-25 BG-28", "BT-141", "discount"),
    ("BR-44", "BG-25 BG-28", "BT-144", "discount.title"),
    ("BR-45", "BG-23", "BT-116", "breakdown"),
    ("BR-46", "BG-23", "BT-117", "breakdown"),
    ("BR-47", "BG-23", "BT-118", "breakdown"),
    ("BR-52", "BG-24", "BT-122", "documents"),
    ("BR-55", "BG-3", "BT-25", "original"),
    ("BR-CO-18", "", "BG-23", "breakdown"),
)
"""Rule, place, term and field of what the invoice itself fills."""


_ROWS: Final = (
    *(
        Needed(rule, tuple(place.split()), term, record, field, fix, rule_sets)
        for rule, place, term, record, field, fix, rule_sets in (*_PARTIES, *_OTHERS)
    ),
    *(
        Needed(rule, tuple(place.split()), term, "document", field, "give it")
        for rule, place, term, field in _DOCUMENT
    ),
    *_IN_SOME_CASES,
)

_ELSEWHERE: Final = {"BT-111": "BG-22"}
"""Term → the group that it stands in, where the rule is about another one."""

_INSTEAD: Final = {"BT-97": "BT-98", "BT-104": "BT-105", "BT-139": "BT-140", "BT-144": "BT-145"}
"""Reason → the code that can stand for it."""


def missing(checked: Checked) -> Iterator[RuleFinding]:
    """Yield what is missing."""
    for row in _ROWS:
        if row.rule_sets and not any(map(checked.rules.follows, row.rule_sets)):
            continue
        for found in groups_at(checked.data, *row.place):
            if row.holds_for(found) and not _has(found, row.term):
                yield _finding(checked, row, found)


def _has(found: Group, term: str) -> bool:
    group = found.get(_ELSEWHERE[term], {}) if term in _ELSEWHERE else found
    return term in group or _INSTEAD.get(term) in group


def _finding(checked: Checked, row: Needed, found: Group) -> RuleFinding:
    record: str = getattr(checked.names, row.record)
    place = checked.of(found) if row.record == "document" else record
    return RuleFinding(row.rule, row.term, place, row.field, "it is missing", row.fix)
