"""What XRechnung and Peppol BIS ask for beyond the norm, but for what is simply missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from billingcore.export.en16931.findings import Checked, RuleFinding
from billingcore.export.en16931.rules import PEPPOL_BIS, XRECHNUNG
from billingcore.export.en16931.terms import groups_at
from billingcore.values.currency import CURRENCY_DIGITS

__all__ = ["wrong_by_rule_set"]

_OFFER: Final = re.compile(
    r"#SKONTO#TAGE=[0-9]+#PROZENT=[0-9]+\.[0-9]{2}(?:#BASISBETRAG=-?[0-9]+\.[0-9]{2})?#", re.ASCII
)
_PHONE: Final = re.compile("[0-9]", re.ASCII)
_LEAST_DIGITS: Final = 3
_MAIL: Final = re.compile(r"[^@\s]+@(?:[^@.\s]+\.)+[^@.\s]+")

_PAYMENTS: Final = (
    ({"30", "58"}, "BG-17", "BR-DE-23", "account=..."),
    ({"48", "54", "55"}, "BG-18", "BR-DE-24", "card=..."),
    ({"59"}, "BG-19", "BR-DE-25", "mandate=..., creditor_id=..., debited_account=..."),
)
"""Codes of means of payment, the group that goes with them, the rule that says so, and its fields."""


def wrong_by_rule_set(checked: Checked) -> Iterator[RuleFinding]:
    """Yield what the rule set does not take."""
    is_german, is_peppol = map(checked.rules.follows, (XRECHNUNG, PEPPOL_BIS))
    if is_german:
        yield from _type_code(checked)
        yield from _offers(checked)
        yield from _contact(checked)
        yield from _payment(checked)
    if is_peppol and not {"BT-10", "BT-13"} & checked.data.keys():
        message, fix = "neither a buyer reference nor an order", "set Party(buyer_reference=...)"
        name, field = checked.names.buyer, "party.buyer_reference"
        yield RuleFinding("PEPPOL-EN16931-R003", "BT-10", name, field, message, fix)
    if is_german or is_peppol:
        yield from _accounting_currency(checked)
        yield from _days_of_lines(checked)


def _type_code(checked: Checked) -> Iterator[RuleFinding]:
    code, name = checked.data.get("BT-3", ""), checked.names.document
    if code not in checked.rules.allowed_codes:
        fix = f"use one of {', '.join(sorted(checked.rules.allowed_codes))}"
        message = "not a type code of XRechnung"
        yield RuleFinding("BR-DE-17", "BT-3", name, "kind", message, fix, code)
    if code == "384" and "BG-3" not in checked.data:
        message, fix = "a correction names what it corrects", "name it in BG-3"
        yield RuleFinding("BR-DE-26", "BG-3", name, "original", message, fix)


def _offers(checked: Checked) -> Iterator[RuleFinding]:
    """Yield cash discounts that are not written as programs read them."""
    terms: str = checked.data.get("BT-20", "")
    lines = terms.split("\n")
    wrong = [each for each in lines if each.startswith("#") and not _OFFER.fullmatch(each)]
    if lines[-1].startswith("#") and not wrong:
        wrong = lines[-1:]  # it is not closed by a line break
    if wrong:
        fix = "write #SKONTO#TAGE=14#PROZENT=2.00# and a line break; use at most two decimals"
        message, name = "no cash discount as programs read it", checked.names.document
        field = "template.payment_terms"
        yield RuleFinding("BR-DE-18", "BT-20", name, field, message, fix, wrong[0])


def _contact(checked: Checked) -> Iterator[RuleFinding]:
    name = checked.names.seller
    for contact in groups_at(checked.data, "BG-4", "BG-6"):
        phone, mail = contact.get("BT-42"), contact.get("BT-43")
        if phone is not None and len(_PHONE.findall(phone)) < _LEAST_DIGITS:
            fix, message = "give a telephone number", "fewer than three digits"
            field = "party.contact.phone"
            yield RuleFinding("BR-DE-27", "BT-42", name, field, message, fix, phone)
        if mail is not None and not _MAIL.fullmatch(mail):
            fix, message = "use one like anna@acme.example", "no mail address"
            field = "party.contact.email"
            yield RuleFinding("BR-DE-28", "BT-43", name, field, message, fix, mail)


def _payment(checked: Checked) -> Iterator[RuleFinding]:
    """Yield means of payment whose code and details do not go together."""
    name, field = checked.names.seller, "payment_means"
    for means in groups_at(checked.data, "BG-16"):
        for codes, group, rule, needed in _PAYMENTS:
            others = {other for _, other, _, _ in _PAYMENTS if other != group} & means.keys()
            if means.get("BT-81") not in codes:
                continue
            if group not in means:
                message = f"code {means['BT-81']} goes with {group}"
                fix = f"set PaymentMeans({needed})"
                yield RuleFinding(f"{rule}-a", group, name, field, message, fix)
            if others:
                message = f"code {means['BT-81']} goes with {group} only"
                fix = "leave the others out"
                yield RuleFinding(f"{rule}-b", min(others), name, field, message, fix)


def _accounting_currency(checked: Checked) -> Iterator[RuleFinding]:
    own, house = checked.data.get("BT-5"), checked.data.get("BT-6")
    if house is not None and own == house and house in CURRENCY_DIGITS:
        message, fix = "the same as the currency of the invoice", "leave it out"
        name = checked.names.document
        yield RuleFinding("PEPPOL-EN16931-R005", "BT-6", name, "house", message, fix, house)


def _days_of_lines(checked: Checked) -> Iterator[RuleFinding]:
    """Yield days of lines outside of the days of the document."""
    whole = checked.data.get("BG-13", {}).get("BG-14", {})
    first, last = whole.get("BT-73"), whole.get("BT-74")
    for line in groups_at(checked.data, "BG-25"):
        days = line.get("BG-26", {})
        start, end = days.get("BT-134"), days.get("BT-135")
        for rule, term, day, is_out in (
            ("PEPPOL-EN16931-R110", "BT-134", start, bool(start and first and start < first)),
            ("PEPPOL-EN16931-R111", "BT-135", end, bool(end and last and end > last)),
        ):
            if is_out:
                message, fix = "outside of the days of the document", "leave BG-14 as it is"
                name = checked.of(line)
                yield RuleFinding(rule, term, name, "service_period", message, fix, day)
