"""All checks of electronic invoices, one after the other."""

from __future__ import annotations

from typing import Final

from billingcore.export.en16931.code_checks import wrong_codes
from billingcore.export.en16931.findings import Checked, Names, RuleFinding
from billingcore.export.en16931.national_checks import wrong_by_rule_set
from billingcore.export.en16931.required import missing
from billingcore.export.en16931.rules import RuleSet
from billingcore.export.en16931.sum_checks import wrong_sums
from billingcore.export.en16931.tax_checks import wrong_taxes
from billingcore.export.en16931.terms import Group
from billingcore.export.en16931.text_checks import wrong_texts
from billingcore.values.context import exactly

__all__ = ["findings_in"]

_CHECKS: Final = (missing, wrong_codes, wrong_sums, wrong_taxes, wrong_by_rule_set)
_IN_EVERY: Final = ("BG-2", "BG-4", "BG-7", "BG-22")
"""Groups that every invoice has: one that is not there counts as empty."""


def findings_in(data: Group, rules: RuleSet, names: Names) -> tuple[RuleFinding, ...]:
    """Find what a validator would refuse; each finding once."""
    empty: dict[str, Group] = {code: {} for code in _IN_EVERY}
    whole: Group = {**empty, **data}
    checked = Checked(whole, rules, names)
    with exactly():
        found = [finding for check in _CHECKS for finding in check(checked)]
    found += wrong_texts(checked._replace(data=data))
    return tuple(dict.fromkeys(found))
