"""How a row of the CSV files becomes a record of billingcore.

The values of a row are those of its cells; an empty cell has none, so that the record's own default
holds. What is wrong with a row that no cell alone can be blamed for is found here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from csv_cells import refuse

import billingcore as bc

Values = dict[str, Any]
"""Column → value; empty cells are left out."""

COLUMN_OF = {
    "count": "billing_period",
    "unit": "billing_unit",
    "day": "month_end",
    "pattern": "series",
}
"""Field → column, where they are called differently."""


def with_custom(values: Values, *names: str) -> Values:
    """Move columns that a record has no field for to its custom fields."""
    own = {name: values.pop(name) for name in names if name in values}
    return {**values, "custom": {**values.get("custom", {}), **own}}


def with_hold(values: Values) -> Values:
    """Make the hold of two columns: without a day it lasts until its reason is deleted."""
    until, reason = values.pop("hold_until", None), values.pop("hold_reason", "")
    if until is None and not reason:
        return values
    try:
        return {**values, "hold": bc.Hold(until, reason=reason)}
    except bc.InvalidInputError as error:
        error.field = f"hold_{error.field}"
        raise


def account(values: Values) -> bc.Account:
    """Make an account; whether a run may bill it is a custom field."""
    return bc.Account(**with_custom(with_hold(values), "may_bill"))


def subscription(values: Values) -> Callable[..., bc.Subscription]:
    """Make a subscription as soon as its items and changes are known; all else is checked now."""
    make = partial(bc.Subscription, **with_custom(with_hold(values), "billed_by"))
    make(items=())
    return make


def item(values: Values) -> bc.Item:
    """Make an item; four columns make its cadence."""
    del values["subscription"]
    count, unit = values.pop("billing_period", None), values.pop("billing_unit", None)
    anchor, is_month_end = values.pop("anchor", None), values.pop("month_end", False)
    if unit is not None:
        day = bc.MONTH_END if is_month_end else bc.SAME_DAY
        values["cadence"] = bc.Cadence(1 if count is None else count, unit, anchor, day=day)
    elif count is not None or anchor is not None or is_month_end:
        refuse("the unit of the period is missing", "write Month, for example", "billing_unit")
    return bc.Item(**values)


def change(values: Values) -> bc.Change:
    """Make a change; the files say of what."""
    terms = {name: each for name, each in values.items() if name not in {"subscription", "item"}}
    if not terms.keys() - {"on", "until", "reason"}:
        refuse("nothing changes", "fill in what is another from this day on, like quantity")
    return bc.Change(**terms)


def period(values: Values, first: str, last: str) -> bc.Period:
    """Make a period of two columns, and name the right one if they are no period."""
    try:
        return bc.Period.closed(values.get(first), values.get(last))
    except bc.DateRangeError as error:
        error.field = last if error.field == "last" else first
        raise
    except bc.InvalidInputError:
        rule = f"before {values[first]}, the first day"
        refuse(rule, "the last day is inclusive", last, values[last])


def claim(values: Values) -> bc.Claim:
    """Make a claim: for days if both are given, once if none is."""
    missing = [name for name in ("first", "last") if name not in values]
    if len(missing) == 1:
        fix = "give first and last day, or none of them for what is billed once"
        refuse("only one of the two days is given", fix, missing[0])
    billable = bc.billable_id(values["subscription"], values["item"])
    covered = None if missing else period(values, "first", "last")
    terms = values.get("terms")
    return bc.Claim(billable, covered, values["document"], values["state"], terms)


def tax_rate(values: Values) -> bc.TaxRate:
    """Make a rate of a tax code; a table of this one rate shows whether it is a possible one."""
    code = values.pop("code")
    period(values, "start", "end")
    rate = bc.TaxRate(**values)
    bc.TaxTable({code: rate})
    return rate


def with_series(values: Values) -> Values:
    """Make the number series of two columns."""
    pattern, reset = values.pop("series", None), values.pop("reset", bc.Reset.NONE)
    if pattern is not None:
        values["series"] = bc.NumberPattern(pattern, reset=reset)
    elif reset is not bc.Reset.NONE:
        refuse("there is no series to reset", "write one like INV-[Year]-{0000}", "series")
    return values


def template(values: Values) -> bc.Template:
    """Make a template."""
    return bc.Template(**with_series(values))


def entity(values: Values) -> bc.BusinessEntity:
    """Make a business entity."""
    return bc.BusinessEntity(**with_series(values))
