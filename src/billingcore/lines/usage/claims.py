"""What claims say of a usage record: whether it is billed, and with which measures."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from billingcore.lines.harvest import Harvest
from billingcore.records.claims import Claim, ClaimState
from billingcore.records.reasons import LeftOut, Reason
from billingcore.records.usage import UsageRecord, counted

__all__ = ["Held", "held_of"]

Forms = Counter[tuple[str, str]]
"""Name under which a record is billed, and its measures as billed → how often, less how often they
were taken back."""


class Held(NamedTuple):
    """What documents bill of a usage record.

    Attributes:
        reason: which document bills it, as a reason not to bill it again.
        forms: what they bill of it.
        is_final: whether it is never corrected: linked to a canceled invoice, or its measures are
            not known.
    """

    reason: LeftOut
    forms: Forms
    is_final: bool

    def differs(self, record: UsageRecord) -> bool:
        """Tell whether a record is another one than was billed."""
        billed = {(name, terms): count for (name, terms), count in self.forms.items() if count}
        if not record.is_billable:
            return bool(billed)
        counts = set(billed.values())
        measures = {terms for _, terms in billed}
        is_same = counts == {1} and measures == {record.terms}
        return not (is_same and len(billed) == len(record.order_nos))

    def agrees_with(self, at_hand: Counter[str]) -> bool:
        """Tell whether the lines at hand are all that the claims say."""
        said: Counter[str] = Counter()
        for (_, terms), count in self.forms.items():
            said[terms] += count
        return {k: n for k, n in said.items() if n} == {k: n for k, n in at_hand.items() if n}


def held_of(found: Harvest, record: UsageRecord) -> Held | None:
    """Say what documents bill of a usage record; None if none does."""
    coverage = found.coverage
    names = [record.name] if record.name in coverage else []
    if coverage and len(record.order_nos) > 1:  # each of its items bills it by its own name
        names += found.families.get(record.name, ())
    claims = [
        claim
        for name in names
        for claim in coverage[name].claims
        if claim.state is not ClaimState.CARRIED
    ]
    return _held(claims) if claims else None


def _held(claims: list[Claim]) -> Held | None:
    linked = [claim.document for claim in claims if claim.state is ClaimState.LINKED]
    drafts = [claim.document for claim in claims if claim.state is ClaimState.DRAFT]
    if linked:
        reason = LeftOut(Reason.TRANSACTION_LINKED, facts=(("document", max(linked)),))
    elif drafts:
        reason = LeftOut(Reason.DRAFT_EXISTS, facts=(("draft", min(drafts)),))
    else:
        reason = LeftOut(Reason.ALREADY_INVOICED, facts=(("document", claims[0].document),))
    forms: Forms = Counter()
    is_known = True
    for name, document, terms, is_release in {
        (each.billable, each.document, each.terms, each.is_release) for each in claims
    }:
        is_known = is_known and terms is not None and bool(document)
        count, form = counted(terms or "")
        forms[name, form] += -count if is_release else count
    if not (linked or any(forms.values())):
        return None
    return Held(reason, forms, is_final=bool(linked) or not is_known)
