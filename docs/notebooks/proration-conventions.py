# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]

# %% [markdown]
# # Conventions for parts of a month, on one contract
#
# Ten seats cost 100 euros a month each.
# The contract runs from 20 January to 9 March 2026 and is billed by calendar month.
# What do its three invoices cost, and what all of them?
# That depends on the convention, and contracts rarely name one.

# %%
from datetime import date

import billingcore as bc

account = bc.Account("acme", name="Acme GmbH", currency="EUR")
monthly = bc.monthly(anchor=date(2026, 1, 1))


def lines_under(convention):
    """Bill the whole contract under a convention; gives its lines."""
    seats = bc.Item(
        "seats",
        title="Seats",
        unit_price="100",
        quantity=10,
        billing_type=bc.RECURRING_PRORATED,
        cadence=monthly,
        sync_with=bc.NEXT_MONTH,
        proration=convention,
    )
    contract = bc.Subscription(
        "S-1", account="acme", items=[seats], start=date(2026, 1, 20), end=date(2026, 3, 9)
    )
    run = bc.InvoiceRun(bc.Period(date(2026, 1, 1), date(2026, 4, 1)), policy=bc.LEVEL)
    outcome = bc.bill(run, bc.AccountSnapshot(account, [contract]), bc.TaxTable({}))
    return [line for draft in outcome.drafts for line in draft.lines]


# %% [markdown]
# ## Every convention, side by side

# %%
billed = {name: lines_under(convention) for name, convention in bc.proration.CONVENTIONS.items()}
for name, lines in billed.items():
    nets = [str(line.net) for line in lines]
    print(f"{name:16} {nets[0]:>8} {nets[1]:>8} {nets[2]:>8}   {sum(line.net for line in lines)}")

# %% [markdown]
# February is a whole month, and costs 1,000 euros under all of them but those two that count days like interest.
# January has 12 of 31 days: 1,000 × 12/31 = 387.10.
# An average month has 365/12 days: 1,000 × 12 × 12/365 = 394.52.
# Where every month has 30 days, 11 are left from 20 January on: 1,000 × 11/30 = 366.67.
# For a price of a year divided by 360 days, it is 12/30, since the 31st counts.

# %%
assert [str(line.net) for line in billed["CALENDAR_MONTHS"]] == ["387.10", "1000.00", "290.32"]
assert [str(line.net) for line in billed["AVERAGE_MONTHS"]] == ["394.52", "1000.00", "295.89"]
assert [str(line.net) for line in billed["ACT_360"]] == ["400.00", "933.33", "300.00"]

# %% [markdown]
# ## Where a factor comes from
#
# A line draws itself with the days that it bills.

# %%
billed["CALENDAR_MONTHS"][0]

# %%
bc.explain(billed["AVERAGE_MONTHS"][0])

# %% [markdown]
# ## Does it matter how time is cut?
#
# Who bills by the week must not charge more than who bills by the month.
# A convention *conserves* if slices of a period add up to the period.

# %%
january = bc.Period.month(2026, 1)
weeks = [
    bc.Period(date(2026, 1, 1), date(2026, 1, 11)),
    bc.Period(date(2026, 1, 11), date(2026, 1, 21)),
    bc.Period(date(2026, 1, 21), date(2026, 2, 1)),
]
print(f"{'':16} {'whole':8} {'slices':8} conserves")
for name, convention in bc.proration.CONVENTIONS.items():
    slices = sum(convention.factor(part, monthly) for part in weeks)
    whole = convention.factor(january, monthly)
    adds_up = convention.conserves(monthly)
    print(f"{name:16} {whole!s:8} {slices!s:8} {adds_up}")

# %%
assert sum(bc.proration.AVERAGE_MONTHS.factor(part, monthly) for part in weeks) > 1

# %% [markdown]
# [Explanations of all conventions](../explanation/proration.md) say who computes so.
