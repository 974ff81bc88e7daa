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
# # What would another price list have brought last year?
#
# Messages cost 10 cents up to 1,000 a month, and 8 cents above.
# The plan is to ask 12 cents for the first thousand and 6 for the rest: small customers pay more, big ones less.
# Is that a raise? Last year's usage knows.

# %%
from datetime import date

import billingcore as bc


def price_list(first, rest):
    """Make a tiered price: one up to 1,000 messages, another above."""
    return bc.Pricing(bc.TIERED, [bc.Tier(1000, first), bc.Tier(None, rest)])


old, new = price_list("0.10", "0.08"), price_list("0.12", "0.06")

# %% [markdown]
# ## Last year
#
# Three customers, each with the same number of messages in every month, which was billed and invoiced.

# %%
store = bc.MemoryStore(tax=bc.TaxTable({"DE_19": 19}))
messages_a_month = {"small": 400, "middle": 1_500, "big": 10_000}
months = [bc.Period.month(2025, month) for month in range(1, 13)]
for name, count in messages_a_month.items():
    messages = bc.Item(
        "messages",
        title="Messages",
        order_no="SMS",
        billing_type=bc.TRANSACTIONAL,
        pricing=old,
        tax_code="DE_19",
    )
    store.add(
        bc.Account(name, currency="EUR"),
        bc.Subscription(f"S-{name}", account=name, start=date(2025, 1, 1), items=[messages]),
    )
    store.add_usage(
        name,
        *[bc.UsageRecord(f"{name}-{month.first}", "SMS", month.last, count) for month in months],
    )

for month in months:
    report = bc.execute(bc.InvoiceRun(month), store)
    bc.finalize_all(report.drafts, store, on=month.stop)
billed = sum(invoice.totals.net for invoice in store.invoices())
print(len(list(store.invoices())), "invoices,", billed, "EUR net")

# %% [markdown]
# By hand: 400 × 0.10 = 40, 1,000 × 0.10 + 500 × 0.08 = 140, and 1,000 × 0.10 + 9,000 × 0.08 = 820 a month, 12,000 a year.

# %%
assert billed == 12_000

# %% [markdown]
# ## One month under the new list
#
# `what_if` previews a run twice, as it is and with something else, and stores nothing.
# The months are billed already, so it is asked to look at them as if they were not.

# %%
january = bc.what_if(bc.InvoiceRun(months[0]), store, prices={"messages": new}, as_if_unbilled=True)
january

# %% [markdown]
# Who pays how much more, and why, as rows for a data frame:

# %%
for row in january.records():
    print(row["account"], row["net_before"], row["net_after"], row["net"], row["cause"])

# %% [markdown]
# ## The whole year

# %%
year = [
    bc.what_if(bc.InvoiceRun(month), store, prices={"messages": new}, as_if_unbilled=True)
    for month in months
]
total = sum(month.difference("EUR").net for month in year)
print("the new list brings", total, "EUR net a year")

# %% [markdown]
# It is no raise.
# By hand, a month: 400 × 0.12 − 40 = 8 more, 120 + 30 − 140 = 10 more, and 120 + 540 − 820 = 160 less.

# %%
assert total == 12 * (8 + 10 - 160)
