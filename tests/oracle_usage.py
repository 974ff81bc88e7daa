"""What usage costs, by the words of the documents: a second implementation, slow and obviously right.

It shares nothing with the package. Every unit is priced one by one, amounts are fractions until
they are rounded by hand, and what was billed is a plain list.
"""

from __future__ import annotations

from fractions import Fraction

CENT = Fraction(1, 100)
STEP = Fraction(1, 2)
"""Quantities are multiples of a half, and limits are whole: a half unit lies in one tier."""


def rounded(amount):
    """Round half away from zero to cents."""
    cents = abs(amount) / CENT
    whole = cents.numerator // cents.denominator
    whole += cents - whole >= Fraction(1, 2)
    return (CENT if amount >= 0 else -CENT) * whole


def tier_of(tiers, position):
    """Give the number of the tier that holds a position; limits are inclusive."""
    for number, (limit, _) in enumerate(tiers):
        if limit is None or position <= limit:
            return number
    raise AssertionError(position)


def graduated(tiers, quantity):
    """Price half unit by half unit, each at its tier, and round each tier's sum."""
    sums = {}
    size, sign = abs(Fraction(quantity)), 1 if quantity >= 0 else -1
    position = Fraction(0)
    while position < size:
        position += STEP
        number = tier_of(tiers, position)
        sums[number] = sums.get(number, Fraction(0)) + STEP * tiers[number][1]
    return sum((rounded(sign * amount) for amount in sums.values()), Fraction(0))


def volume(tiers, quantity):
    """Price all units at the tier in which the last one lies."""
    if not quantity:
        return Fraction(0)
    price = tiers[tier_of(tiers, abs(Fraction(quantity)))][1]
    return rounded(Fraction(quantity) * price)


def per_unit(tiers, quantity):
    """Price all units alike."""
    return rounded(Fraction(quantity) * tiers[0][1])


MODELS = {"graduated": graduated, "volume": volume, "per unit": per_unit}


def total(model, tiers, usage, key):
    """Give what usage costs in all: the sums of its keys, each priced once."""
    sums = {}
    for record in usage:
        name = key(record)
        sums[name] = sums.get(name, Fraction(0)) + Fraction(record.quantity)
    return sum((MODELS[model](tiers, quantity) for quantity in sums.values()), Fraction(0))


def true_up(minimum, used):
    """Give what is short of a minimum."""
    return max(Fraction(minimum) - used, Fraction(0))
