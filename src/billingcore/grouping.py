"""Which lines share a document, and why two documents are two.

Grouping is an ordered list of criteria. Two of them always apply, since a document cannot mix
them: the currency, and the terms (template, business entity, payment days). The policy adds its
own, by default the subscription and the item's invoice criterion. Lines that agree in all of them
share a document; documents follow in the order of their first lines.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from attrs import frozen

from billingcore.lines.line import OpenLine
from billingcore.scope.policy import Policy

__all__ = ["Difference", "differences", "group"]

Key = tuple[Hashable, ...]
"""The values of all criteria for one document, in their order."""


@frozen
class Difference:
    """Why two documents are two.

    Attributes:
        criterion: the name of what differs.
        one: its value on the one.
        other: its value on the other.
    """

    criterion: str
    one: Hashable
    other: Hashable

    def __str__(self) -> str:
        return f"they differ in {self.criterion}: {self.one!r} and {self.other!r}"


def group(
    lines: Sequence[OpenLine], policy: Policy, *, are_alike: bool = False
) -> dict[Key, list[OpenLine]]:
    """Sort lines by document; *are_alike* if it is known that the usual criteria tell none apart."""
    group_of = policy.group_of
    groups: dict[Key, list[OpenLine]] = {}
    if lines and policy.groups_by_contract and (are_alike or _are_alike(lines)):
        groups[group_of(lines[0])] = [*lines]
        return groups
    last: Key = ()
    found: list[OpenLine] = []
    for line in lines:
        key = group_of(line)
        if key != last:  # most lines share the document of the line before
            last, found = key, groups.setdefault(key, [])
        found.append(line)
    return groups


def _are_alike(lines: Sequence[OpenLine]) -> bool:
    """Tell whether lines agree in all that the usual criteria look at; most of an account do."""
    first = lines[0]
    contract, heading, currency = first.subscription, first.heading, first.currency
    criterion = first.item.criterion
    for line in lines:
        if (
            line.subscription is not contract
            or line.heading is not heading
            or line.currency != currency
            or line.item.criterion != criterion
            or line.corrects is not None
        ):
            return False
    return True


def differences(one: Key, other: Key, policy: Policy) -> Sequence[Difference]:
    """Say in which criteria two documents differ, in the order of the criteria."""
    names = [criterion.name for criterion in policy.criteria]
    rows = zip(names, one, other, strict=True)
    return [Difference(name, a, b) for name, a, b in rows if a != b]
