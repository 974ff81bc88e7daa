"""Who sells, who buys and how it is paid: free text of the records, or else what a party says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from billingcore.invoices.document import DraftInvoice
from billingcore.records.party import Party
from billingcore.records.payment_means import DIRECT_DEBITS, PaymentMeans
from billingcore.records.setup import BusinessEntity
from billingcore.render.voice import Voice

__all__ = [
    "Letterhead",
    "buyer_of",
    "is_debited",
    "payment_details",
    "payment_means_of",
    "seller_of",
]

_SEPA_TRANSFER: Final = "58"
_TRANSFERS: Final = frozenset({"30", _SEPA_TRANSFER})
_IBAN_BLOCK: Final = 4


class Letterhead(NamedTuple):
    """What a document says of a side: its name, lines of its address, and its number for tax."""

    name: str
    address: str
    tax_id: str


def seller_of(voice: Voice, entity: BusinessEntity) -> Letterhead:
    """Name the seller by its legal name, as its electronic invoices do."""
    party = entity.party
    return Letterhead(
        party.name if party else entity.name,
        entity.address or _address(voice, party),
        entity.tax_id or _tax_id(party),
    )


def buyer_of(voice: Voice) -> Letterhead:
    """Name the buyer by its legal name, as its electronic invoices do, and whom it is for."""
    account, billing = voice.draft.account, voice.draft.billing
    party = account.party
    named = billing._replace(account=party.name) if party else billing
    return Letterhead(
        named.names,
        billing.address or _address(voice, party),
        account.tax_id or _tax_id(party),
    )


def _tax_id(party: Party | None) -> str:
    return (party.vat_id or party.tax_number) if party else ""


def _address(voice: Voice, party: Party | None) -> str:
    """Write an address as an envelope has it; the country unless both sides are known to be there."""
    if party is None or party.address is None:
        return ""
    place, entity = party.address, voice.draft.seller
    sides = (entity.party if entity else None, voice.draft.account.party)
    countries = {each.address.country if each and each.address else "" for each in sides}
    city = " ".join(filter(None, (place.postcode, place.city)))
    country = "" if countries == {place.country} else voice.formats.country(place.country)
    return "\n".join(filter(None, (*place.lines, city, place.region, country)))


def payment_means_of(draft: DraftInvoice) -> PaymentMeans | None:
    """Give how a document is to be paid: the buyer's own way, or else the seller's."""
    seller = draft.seller
    return draft.account.payment_means or (seller.payment_means if seller else None)


def is_debited(draft: DraftInvoice) -> bool:
    """Tell whether the seller collects the money, so that the buyer must not send it."""
    means = payment_means_of(draft)
    return means is not None and means.code in DIRECT_DEBITS


def payment_details(voice: Voice, *, is_payable: bool) -> tuple[str, str]:
    """Give a heading and lines: what is debited from where, or the account to pay to.

    Where nothing is to be paid, as of a credit, only the seller's own lines stand.
    """
    draft, words = voice.draft, voice.words
    seller, means = draft.seller, payment_means_of(draft) if is_payable else None
    if means is not None and means.code in DIRECT_DEBITS:
        return words("direct_debit"), "\n".join(_debit(voice, means))
    known = seller.bank if seller else ""
    return words("bank"), known or "\n".join(_transfer(means))


def _debit(voice: Voice, means: PaymentMeans) -> Iterator[str]:
    """Yield what the payer of a direct debit is told before it."""
    seller = voice.draft.seller
    of_seller = seller.payment_means if seller else None
    creditor = means.creditor_id or (of_seller.creditor_id if of_seller else "")
    known = {
        "mandate": means.mandate,
        "creditor_id": creditor,
        "debited_account": _in_blocks(means.debited_account),
    }
    for name, value in known.items():
        if value:
            yield f"{voice.words(name)} {value}"


def _transfer(means: PaymentMeans | None) -> Iterator[str]:
    if means is None or means.code not in _TRANSFERS or not means.account:
        return
    if means.account_name:
        yield means.account_name
    is_iban = means.code == _SEPA_TRANSFER
    yield f"IBAN {_in_blocks(means.account)}" if is_iban else means.account
    if means.bic:
        yield f"BIC {means.bic}"


def _in_blocks(iban: str) -> str:
    """Write an IBAN as people read it (ISO 13616-1): in groups of four."""
    starts = range(0, len(iban), _IBAN_BLOCK)
    return " ".join(iban[start : start + _IBAN_BLOCK] for start in starts)
