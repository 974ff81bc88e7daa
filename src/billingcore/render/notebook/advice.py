"""What to do about what was not billed: the advice beside each reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from billingcore.records.reasons import Reason

__all__ = ["advice_for"]

_ADVICE: Final[Mapping[Reason, str]] = {
    Reason.FILTER_MISMATCH: "nothing, or choose another filter, or run with other criteria",
    Reason.ACCOUNT_NOT_ACTIVE: "activate the account",
    Reason.NO_PERMISSION: "run with another permission",
    Reason.SUBSCRIPTION_NOT_ACTIVE: "change the status, or the policy",
    Reason.NO_PRODUCTS: "add items, or end the contract",
    Reason.NO_TEMPLATE: "add the template to the setup",
    Reason.ITEM_INACTIVE: "activate the item",
    Reason.ZERO_QUANTITY: "nothing, or correct the quantity",
    Reason.ONE_TIME_DONE: "nothing",
    Reason.ALREADY_INVOICED: "nothing; for a late child: late_children=BILL",
    Reason.BILLED_TO_OTHER_PARTY: "nothing, or cancel the other document",
    Reason.TRANSACTION_LINKED: "release the usage",
    Reason.DRAFT_EXISTS: "finalize or discard the draft",
    Reason.COVERED: "nothing",
    Reason.OUT_OF_PERIOD: "check the dates, or run for another period",
    Reason.NO_USAGE: "nothing, or look at what became of its usage",
    Reason.MINIMUM_REACHED: "nothing",
    Reason.NOT_DUE: "run later; for time: finalize and run again, or catch_up=EVERY",
    Reason.BEFORE_FIRST_RUN: "nothing if it was billed elsewhere; else first_period=FROM_ITEM",
    Reason.FORGIVEN: "nothing",
    Reason.PAUSED: "nothing; to resume, add a change that begins where the pause is to end",
    Reason.ON_HOLD: "nothing; a run after the hold bills them; or take the hold away",
    Reason.CHANGED_AFTER_BILLING: (
        "look at corrections of the outcome; run with corrections=NEXT_INVOICE, or correct it by hand"
    ),
    Reason.BELOW_THRESHOLD: "nothing, or lower the threshold",
    Reason.NOT_CORRECTED: "hand in the lines, or correct by hand and set terms=None on the claim",
    Reason.CARRIED_FORWARD: "nothing; a later run has it again",
    Reason.BELOW_MINIMUM: (
        "nothing; a later run has it again; when the contracts have ended it is issued all the same"
    ),
    Reason.ZERO_TOTAL: "nothing",
    Reason.OTHER_PROBLEM: "solve that problem, and run again",
}


def advice_for(reason: Reason) -> str:
    """Say what to do about what was not billed for a reason.

    >>> advice_for(Reason.DRAFT_EXISTS)
    'finalize or discard the draft'
    """
    return _ADVICE[reason]
