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
# # First steps
#
# A contract becomes an invoice, and every value on the way draws itself: put it on the last line of a cell.

# %%
from datetime import date

import billingcore as bc

# %% [markdown]
# Three seats at 100 euros a month, and a service fee of 50 euros, which is billed once.
# The seats are billed by calendar month, also where they begin in the middle of one.

# %%
contract = bc.Subscription(
    "S-1",
    account="acme",
    start=date(2026, 1, 15),
    items=[
        bc.Item(
            "seats",
            title="Seats",
            unit_price="100",
            quantity=3,
            tax_code="DE_19",
            billing_type=bc.RECURRING_PRORATED,
            cadence=bc.monthly(),
            sync_with=bc.NEXT_MONTH,
        ),
        bc.Item("setup", title="Service fee", unit_price="50", tax_code="DE_19"),
    ],
)
contract

# %% [markdown]
# ## What a run would bill
#
# `bill` is the whole engine: it takes what is known of one account, and gives back what is due.
# Nothing is kept, so a preview is the same call as the real run.

# %%
account = bc.Account("acme", name="Acme GmbH", currency="EUR")
taxes = bc.TaxTable({"DE_19": "19"})
january = bc.InvoiceRun(bc.Period.month(2026, 1))

outcome = bc.bill(january, bc.AccountSnapshot(account, [contract]), taxes)
outcome

# %%
(draft,) = outcome.drafts
draft

# %% [markdown]
# ## How an amount came about

# %%
bc.explain(draft.lines[0])

# %% [markdown]
# 17 of the 31 days of January are billed: 300 × 17/31 = 164.516…, rounded to the cent.

# %%
assert str(draft.lines[0].net) == "164.52"
assert str(draft.totals.gross) == "255.28"

# %% [markdown]
# ## Keep it, and run again
#
# A store remembers what was billed.
# The one in memory is enough for a notebook; [others keep it in a database](../how-to/use-sqlite-or-postgresql.md).

# %%
store = bc.MemoryStore(tax=taxes)
store.add(account, contract)
report = bc.execute(january, store)
report

# %%
invoice = bc.finalize(report.drafts[0], store, on=date(2026, 2, 1))
invoice

# %% [markdown]
# The same run bills nothing twice, and says why.

# %%
again = bc.execute(january, store)
again

# %%
assert len(again.drafts) == 0

# %% [markdown]
# ## What comes next

# %%
bc.schedule(store.snapshot("acme"), "seats", until=date(2026, 6, 30))

# %% [markdown]
# A forecast shows whole invoices: what a run each month would bill.

# %%
quarter = bc.forecast(store.snapshot("acme"), taxes, start=date(2026, 2, 1), months=3)
quarter

# %%
assert str(quarter.totals["EUR"].net) == "900.00"
