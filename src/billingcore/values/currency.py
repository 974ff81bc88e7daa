"""Currencies and how many digits their amounts have: ISO 4217, list one of 2026-01-01.

The digits decide amounts in the ledger, so they come from the standard and not from a display
library: for AFN, ALL, IQD, IRR, KPW, LAK, LBP, MGA, MMK, RSD, SOS, SYP and YER, CLDR (which Babel
shows) has fewer digits than ISO 4217.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from billingcore.values.codes import check_code

__all__ = ["CURRENCY_DIGITS", "WITHDRAWN", "check_currency", "quantum_of"]

_CODES_BY_DIGITS: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD
        CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
        GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD
        LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB
        PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
        SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW
        ZWG
        """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

WITHDRAWN: Final = frozenset({"ANG", "BGN", "CUC", "HRK", "SLL"})
"""Codes that left the list lately; documents of earlier years still carry them (two digits)."""

CURRENCY_DIGITS: Final = {
    code: digits for digits, codes in _CODES_BY_DIGITS.items() for code in codes.split()
} | dict.fromkeys(sorted(WITHDRAWN), 2)
"""ISO 4217 code → digits after the point."""

_QUANTA: Final = {code: Decimal(1).scaleb(-n) for code, n in CURRENCY_DIGITS.items()}


def check_currency(code: object) -> str:
    """Give the code back if it is one of ISO 4217.

    Raises:
        InvalidInputError: no such currency, with a near one if there is.
    """
    return check_code(code, _QUANTA, what="currency", standard="ISO 4217", example="EUR")


def quantum_of(currency: str) -> Decimal:
    """Give the smallest amount of a currency.

    >>> quantum_of("EUR"), quantum_of("JPY"), quantum_of("KWD")
    (Decimal('0.01'), Decimal('1'), Decimal('0.001'))

    Raises:
        InvalidInputError: no such currency.
    """
    quantum = _QUANTA.get(currency)
    return _QUANTA[check_currency(currency)] if quantum is None else quantum
