"""Cash discounts that a payment earned by coming early (behaviour 7.1).

What is missing of the documents that a payment names is given up, if each may be had for so much
less on that day, and the payment is enough for that.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from attrs import evolve

from billingcore.invoices.payment_terms import cash_discounts
from billingcore.lifecycle.paying.assigning import Assigner
from billingcore.lifecycle.standing import canceled_by
from billingcore.records.payment import Payment, PaymentKind
from billingcore.values.context import EXACT, ZERO, total
from billingcore.values.keys import derived_id

__all__ = ["discount_payments", "lost_discounts"]


def discount_payments(
    assigner: Assigner, payment: Payment, *, is_taken: bool
) -> tuple[Payment, ...]:
    """Give the cash discounts that come with a payment, and those that change with it.

    Args:
        assigner: has taken back already what the payment has no more.
        payment: as it is now.
        is_taken: whether discounts are given; if not, those that were given with it are deleted.
    """
    known = assigner.books.payments
    before = known[payment.id].invoices if payment.id in known else ()
    is_payment = payment.kind is PaymentKind.PAYMENT
    amounts = _amounts(assigner, payment) if is_taken and is_payment else {}
    every = (
        Payment(
            _discount_id(payment, number),
            account=payment.account,
            amount=amounts.get(number, ZERO),
            currency=payment.currency,
            date=payment.date,
            kind=PaymentKind.CASH_DISCOUNT,
            invoices=(number,),
            reference=payment.id,
        )
        for number in dict.fromkeys([*before, *payment.invoices])
    )
    return tuple(
        each
        for each in every
        if (each != known[each.id] if each.id in known else bool(each.amount))
    )


def lost_discounts(assigner: Assigner, payment: Payment) -> tuple[Payment, ...]:
    """Give the discounts of other payments that are not earned any more without this one.

    Two payments together may have been enough for a discount; if one becomes less, it is not. A
    discount only becomes less by that: whoever decided against one is not asked again.

    Args:
        assigner: has taken back already what the payment has no more.
        payment: as it is now.
    """
    known = assigner.books.payments
    before = known[payment.id].invoices if payment.id in known else ()
    numbers = dict.fromkeys([*before, *payment.invoices])
    names = dict.fromkeys(
        each.payment for number in numbers for each in assigner.on_document(number)
    )
    found: list[Payment] = []
    for discount in (known[name] for name in names if name in known):
        earner = known.get(discount.reference)
        is_other = discount.kind is PaymentKind.CASH_DISCOUNT and discount.amount
        if is_other and earner is not None and earner.id != payment.id != discount.id:
            (number,) = discount.invoices
            amount = min(discount.amount, _amounts(assigner, earner).get(number, ZERO))
            if amount != discount.amount:
                found.append(evolve(discount, amount=amount))
    return tuple(found)


def _discount_id(payment: Payment, number: str) -> str:
    return derived_id("cash-discount", payment.id, number)


def _amounts(assigner: Assigner, payment: Payment) -> dict[str, Decimal]:
    """Give the discount of each document.

    What is missing counts for the first documents that the payment is enough for, as if neither
    the payment nor its discounts had been given to any.
    """
    nets = assigner.nets(payment.id)
    elsewhere = (amount for number, amount in nets.items() if number not in payment.invoices)
    money = total([payment.effect.copy_negate(), *elsewhere])
    offers: dict[str, Decimal] = {}
    missing = least = ZERO
    for number in payment.invoices:
        own = assigner.nets(_discount_id(payment, number)).get(number, ZERO)
        given = EXACT.add(nets.get(number, ZERO), own)
        owed = EXACT.subtract(assigner.balance(number), given)
        if owed <= ZERO or canceled_by(assigner.books, number):
            continue
        offer = min(_offer(assigner, number, payment.date), owed)
        least = total([least, owed, offer.copy_negate()])
        if money < least:
            break
        offers[number] = offer
        missing = EXACT.add(missing, owed)
    missing = max(ZERO, EXACT.subtract(missing, money))
    found: dict[str, Decimal] = {}
    for number, offer in offers.items():
        found[number] = min(offer, missing)
        missing = EXACT.subtract(missing, found[number])
    return found


def _offer(assigner: Assigner, number: str, on: dt.date) -> Decimal:
    """Give what a document may cost less on a day; what is credited of it earns no discount."""
    invoice = assigner.books.invoices[number]
    due = EXACT.subtract(assigner.balance(number), assigner.given(number))
    offers = cash_discounts(invoice, due)
    return next((offer.discount for offer in offers if on <= offer.date), ZERO)
