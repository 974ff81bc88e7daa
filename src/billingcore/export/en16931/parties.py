"""Seller, buyer, delivery and payment: BG-4, BG-7, BG-13 and BG-16."""

from __future__ import annotations

from typing import Final, NamedTuple

from billingcore.export.en16931.sheet import Sheet
from billingcore.export.en16931.terms import Group, group, text
from billingcore.records.contact import ContactRole
from billingcore.records.party import Identifier, Party, PartyContact, PostalAddress
from billingcore.records.payment_means import DIRECT_DEBITS, PaymentMeans
from billingcore.records.taxes import TaxCategory

__all__ = ["buyer", "delivery", "payment", "seller"]


class _AddressTerms(NamedTuple):
    """The terms of an address, in the order in which its fields stand there."""

    lines: tuple[str, str, str]
    city: str
    postcode: str
    region: str
    country: str


class _PartyTerms(NamedTuple):
    """The terms of a party."""

    trading_name: str
    identifier: str
    registration: str
    electronic_address: str
    address: _AddressTerms


_SELLER: Final = _PartyTerms(
    "BT-28", "BT-29", "BT-30", "BT-34",
    _AddressTerms(("BT-35", "BT-36", "BT-162"), "BT-37", "BT-38", "BT-39", "BT-40"),
)  # fmt: skip
_BUYER: Final = _PartyTerms(
    "BT-45", "BT-46", "BT-47", "BT-49",
    _AddressTerms(("BT-50", "BT-51", "BT-163"), "BT-52", "BT-53", "BT-54", "BT-55"),
)  # fmt: skip
_DELIVERY: Final = _AddressTerms(("BT-75", "BT-76", "BT-165"), "BT-77", "BT-78", "BT-79", "BT-80")
_NOBODY: Final = ("", "", "")


def seller(sheet: Sheet) -> Group:
    """Give BG-4; from the free text of the business entity where it has no party."""
    entity, party = sheet.invoice.seller, sheet.seller
    name, tax_id, address = (entity.name, entity.tax_id, entity.address) if entity else _NOBODY
    vat_id, tax_number = _tax_ids(party, tax_id)
    contact = party.contact if party else None
    return group(
        {
            "BT-27": text(party.name if party else name),
            **_known(party, _SELLER),
            "BT-31": "" if _is_untaxed(sheet) else vat_id,
            "BT-32": tax_number,
            "BT-33": text(party.legal_info) if party else "",
            "BG-5": _address(party, address, _SELLER.address),
            "BG-6": _contact(contact, ("BT-41", "BT-42", "BT-43")),
        }
    )


def buyer(sheet: Sheet) -> Group:
    """Give BG-7; from the free text of account and Invoice Contact where there is no party."""
    account, party = sheet.invoice.account, sheet.buyer
    vat_id, _ = _tax_ids(party, account.tax_id)
    contact = party.contact if party else None
    return group(
        {
            "BT-44": text(party.name if party else account.label),
            **_known(party, _BUYER),
            "BT-48": "" if _is_untaxed(sheet) else vat_id,
            "BG-8": _address(party, sheet.draft.billing.address, _BUYER.address),
            "BG-9": _contact(contact or _invoice_contact(sheet), ("BT-56", "BT-57", "BT-58")),
        }
    )


def _known(party: Party | None, terms: _PartyTerms) -> Group:
    """Give what only a party knows: its other name, its numbers, and where invoices go."""
    if party is None:
        return {}
    return {
        terms.trading_name: text(party.trading_name),
        **_identified(party.identifier, terms.identifier),
        **_identified(party.registration, terms.registration),
        **_identified(party.electronic_address, terms.electronic_address),
    }


def _invoice_contact(sheet: Sheet) -> PartyContact | None:
    for each in sheet.invoice.recipients.of(ContactRole.INVOICE):
        return PartyContact(each.contact.name, email=each.contact.email)
    return None


def _tax_ids(party: Party | None, known: str) -> tuple[str, str]:
    """Give VAT identifier and tax number; what begins with letters is the former."""
    is_vat = known[:2].isalpha()
    vat_id, number = (known, "") if is_vat else ("", known)
    if party is None:
        return text(vat_id), text(number)
    return text(party.vat_id or vat_id), text(party.tax_number or number)


def _is_untaxed(sheet: Sheet) -> bool:
    """Tell whether it is not subject to VAT, so that it must not name a VAT identifier (BR-O-02)."""
    categories = {row.tax.category for row in sheet.totals.breakdown}
    return categories == {TaxCategory.OUT_OF_SCOPE}


def _identified(found: Identifier | None, code: str) -> Group:
    return {} if found is None else {code: text(found.value), f"{code}-1": found.scheme}


def _address(party: Party | None, free: str, terms: _AddressTerms) -> Group:
    """Give an address; of free text the first three lines, since nobody knows what is the city."""
    if party is not None and party.address is not None:
        return _structured(party.address, terms)
    lines = [line for line in map(text, free.splitlines()) if line]
    return group(dict(zip(terms.lines, lines, strict=False)))


def _structured(address: PostalAddress, terms: _AddressTerms) -> Group:
    return group(
        {
            **dict(zip(terms.lines, map(text, address.lines), strict=False)),
            terms.city: text(address.city),
            terms.postcode: text(address.postcode),
            terms.region: text(address.region),
            terms.country: address.country,
        }
    )


def _contact(contact: PartyContact | None, codes: tuple[str, str, str]) -> Group:
    if contact is None:
        return {}
    known = map(text, (contact.name, contact.phone, contact.email))
    return group(dict(zip(codes, known, strict=True)))


def delivery(sheet: Sheet) -> Group:
    """Give BG-13: the days of service, and where goods were delivered to if somebody says so."""
    first, last = sheet.draft.period.first, sheet.draft.period.last
    place = sheet.buyer.delivery if sheet.buyer else None
    return group(
        {
            "BT-72": last if first == last else None,
            "BG-14": {"BT-73": first, "BT-74": last},
            "BG-15": {} if place is None else _structured(place, _DELIVERY),
        }
    )


_CARDS: Final = frozenset({"48", "54", "55"})


def payment(sheet: Sheet) -> Group:
    """Give BG-16; of transfer, card and direct debit only what its code is about."""
    means = sheet.payment_means
    if means is None:
        return {}
    found: Group = {
        "BT-81": means.code,
        "BT-82": text(means.text),
        "BT-83": text(means.remittance or sheet.invoice.number),
    }
    if means.code in _CARDS:
        found["BG-18"] = group({"BT-87": means.card, "BT-88": text(means.card_holder)})
    elif means.code in DIRECT_DEBITS:
        found["BG-19"] = _debit(means, sheet)
    elif means.account:
        account = {"BT-84": means.account, "BT-85": text(means.account_name), "BT-86": means.bic}
        found["BG-17"] = [group(account)]
    return group(found)


def _debit(means: PaymentMeans, sheet: Sheet) -> Group:
    """Give a direct debit; the creditor is the seller, whoever names the mandate."""
    entity = sheet.invoice.seller
    of_seller = entity.payment_means if entity else None
    creditor = means.creditor_id or (of_seller.creditor_id if of_seller else "")
    return group(
        {
            "BT-89": text(means.mandate),
            "BT-90": text(creditor),
            "BT-91": means.debited_account,
        }
    )
