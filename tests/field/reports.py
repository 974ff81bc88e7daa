"""Which reports the survey of the field names for each pain; cases may cite no other ones.

A number is of the tracker of its repository; a name alone is a product whose documentation or
release notes say it.
"""

from __future__ import annotations

from typing import Final


def _named(words: str) -> tuple[str, ...]:
    """Read ``owner/name#1 #2 Product``: a number alone is of the repository before it."""
    found: list[str] = []
    repository = ""
    for word in words.split():
        if word.startswith("#"):
            found.append(repository + word)
        else:
            repository = word.partition("#")[0]
            found.append(word)
    return tuple(found)


SURVEYED: Final = {
    pain: _named(words)
    for pain, words in {
        "P1": "getlago/lago-api#2643 #821 #829 #3956 #4313 #4449 #4553 killbill/killbill#161 #1125",
        "P2": "odoo/odoo#125140 #135262 #134985 #135746 #249836 #243210 #278984 ingadhoc/sale#1826",
        "P3": "ConnectingEurope/eInvoicing-EN16931#143 odoo/odoo#251155 #259070 #272524 "
        "erp-mafia/accounted#2580 invopop/gobl#463",
        "P4": "killbill/killbill#127 #2133 getlago/lago-api#1567 #1840 OCA/contract#161 #198 "
        "openmeterio/openmeter#3225 #3229",
        "P5": "killbill/killbill#445 #743 #139 #1074 #1856 #1934 #1966 #1981 getlago/lago#61 #146 "
        "getlago/lago-api#879 #1074 #1117 #1179 #1246 flexprice/flexprice#628 "
        "invoiceninja/invoiceninja#1757",
        "P6": "frappe/erpnext#28236 #28179 #28253 #33556 "
        "getlago/lago-api#1086 #1110 #1203 #1484 #1988 OCA/contract#1473 "
        "invoiceninja/invoiceninja#2449 #9997",
        "P7": "getlago/lago#354 frappe/erpnext#46080 pronamic/wp-pay-core#188 "
        "invoiceninja/invoiceninja#1757 getlago/lago-api#5698 #5935",
        "P8": "killbill/killbill#2249 #1042 #1135 #1506 #1833 #1503 #1920 polarsource/polar#9218 "
        "gitroomhq/postiz-app#1904 mozilla/fxa#16251 stripe/stripe-dotnet#1846 "
        "flexprice/flexprice#1668",
        "P9": "getlago/lago-api#6194 #6173 #1179 silverapp/silver#200 frappe/erpnext#36953",
        "P10": "Stripe stripe/stripe-dotnet#3103 laravel/cashier-stripe#1028",
        "P11": "killbill/killbill#2306 #1898 #877 #159 #1395 OpenMeter",
        "P12": "getlago/lago#67 flexprice/flexprice#605 cf-abacus#145 "
        "FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec#505 #1434",
        "P13": "odoo/odoo#91873 #11859 OCA/server-tools#2040 OCA/l10n-spain#2246 "
        "libracore/erpnextswiss#82 frappe/erpnext#8765 getlago/lago-api#5184 #5804",
        "P14": "getlago/lago-api#4945 #5020 #5495 #5980 #5993 OpenMeter silver",
        "P15": "OCA/contract#986 killbill/killbill#1951 #1952 #2073 #1454 Zuora "
        "frappe/erpnext#14800 getlago/lago-api#6029",
        "P16": "getlago/lago#321 getlago/lago-api#5507 #5939 #5943 killbill/killbill#73 #1955 "
        "adempiere#2906",
        "P17": "JustOn Zuora killbill/killbill#2208 #2233 OCA/contract#1473",
        "P18": "JustOn getlago/lago-api#5330",
        "P19": "JustOn killbill/killbill#156 invoiceninja/invoiceninja#2817",
        "P20": "OCA/contract#570 #989 #1065 #1214 #1448",
        "P21": "getlago/lago-api#1246 #5187 #6123 flexprice/flexprice#2364 #1663",
        "P22": "frappe/erpnext#41672 #40865 #42586 #49473",
        "P23": "getlago/lago#170 getlago/lago-api#1434 #1479 #1488 openmeterio/openmeter#1834 "
        "stripe-samples/subscription-use-cases#28",
        "P24": "ERPNext OpenMeter Meteroid getlago/lago-api#1203 #5275",
        "P25": "Salesforce silver getlago/lago-api#5234 OpenMeter",
    }.items()
}

FOUND_LATER: Final = {
    pain: _named(words)
    for pain, words in {
        "P3": "ConnectingEurope/eInvoicing-EN16931#303",
        "P9": "getlago/lago-api#1695",
        "P11": "killbill/killbill#154 #146",
        "P18": "killbill/killbill#1423 getlago/lago-api#1455 #4089",
    }.items()
}
"""Further reports of the same pains, found while cases were written."""

SUBJECT_ONLY: Final = frozenset(
    f"getlago/lago-api#{number}"
    for number in (5184, 5187, 5234, 5275, 5330, 5495, 5804, 5993, 6029)
)
"""Changes of which only the subject was read, no thread."""
