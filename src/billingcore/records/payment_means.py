"""How an invoice is to be paid, as an electronic invoice says it: BG-16 of EN 16931-1."""

from __future__ import annotations

import re
from typing import Final

from attrs import frozen

from billingcore.values.boundary import Boundary
from billingcore.values.sealing import fill

__all__ = ["DIRECT_DEBITS", "PAYMENT_CODES", "PaymentMeans"]

PAYMENT_CODES: Final = frozenset(
    [*map(str, range(1, 71)), *map(str, range(74, 79)), *map(str, range(91, 99)), "ZZZ"]
)
"""The codes of UNTDID 4461."""

DIRECT_DEBITS: Final = frozenset({"49", "59"})
"""Those of them by which the seller collects the money."""

_SEPA: Final = {"58": "account", "59": "debited_account"}
"""Code of a SEPA payment → the field whose account has to be an IBAN."""

_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)
_CARD: Final = re.compile("[0-9]{4,6}", re.ASCII)
_BIC: Final = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", re.ASCII)


@frozen(init=False, order=False)
class PaymentMeans:
    """How an invoice is to be paid, and where to.

    >>> PaymentMeans("58", account="DE89 3704 0044 0532 0130 00", bic="COBADEFFXXX").account
    'DE89370400440532013000'

    Attributes:
        code: UNTDID 4461: ``58`` is a SEPA transfer, ``59`` a SEPA direct debit, ``30`` another
            transfer, ``48`` a card, ``10`` cash.
        account: where to pay: an IBAN without blanks, or outside SEPA the bank's own number.
        bic: of the bank.
        account_name: in whose name the account is.
        text: what the payment is called in words.
        remittance: what the payer shall name; empty is the invoice's number.
        mandate: of a direct debit: the reference of the mandate.
        creditor_id: of a direct debit: the creditor's identifier.
        debited_account: of a direct debit: the payer's account.
        card: the last four to six digits of a card, never all.
        card_holder: in whose name the card is.

    Raises:
        InvalidInputError: a field is wrong: no such code, no IBAN where SEPA asks for one, or too
            many digits of a card.
    """

    code: str
    account: str
    bic: str
    account_name: str
    text: str
    remittance: str
    mandate: str
    creditor_id: str
    debited_account: str
    card: str
    card_holder: str

    def __init__(
        self,
        code: str,
        *,
        account: str = "",
        bic: str = "",
        account_name: str = "",
        text: str = "",
        remittance: str = "",
        mandate: str = "",
        creditor_id: str = "",
        debited_account: str = "",
        card: str = "",
        card_holder: str = "",
    ) -> None:
        read = Boundary("PaymentMeans")
        given = {
            "code": code,
            "account": account,
            "bic": bic,
            "account_name": account_name,
            "text": text,
            "remittance": remittance,
            "mandate": mandate,
            "creditor_id": creditor_id,
            "debited_account": debited_account,
            "card": card,
            "card_holder": card_holder,
        }
        fill(self, **{name: read.text(name, value) for name, value in given.items()})
        fill(
            self,
            account=self.account.replace(" ", ""),
            debited_account=self.debited_account.replace(" ", ""),
        )
        self._check(read)

    def _check(self, read: Boundary) -> None:
        """Refuse what no bank would take."""
        if self.code not in PAYMENT_CODES:
            fix = "use one of UNTDID 4461, like '58' for a SEPA transfer"
            raise read.refuse("code", self.code, "no code of a means of payment", fix)
        field = _SEPA.get(self.code, "")
        number: str = getattr(self, field) if field else ""
        if number and not _is_iban(number):
            fix = "check its digits, or use code '30' for another account"
            raise read.refuse(field, number, "no IBAN", fix)
        if self.bic and not _BIC.fullmatch(self.bic):
            raise read.refuse("bic", self.bic, "no BIC", "use 8 or 11 letters and digits")
        if self.card and not _CARD.fullmatch(self.card):
            fix = "give the last four to six digits"
            raise read.refuse("card", f"{len(self.card)} digits", "not the end of a card", fix)


def _is_iban(text: str) -> bool:
    """Tell whether text is an IBAN, check digits included (ISO 13616)."""
    if not _IBAN.fullmatch(text):
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1
