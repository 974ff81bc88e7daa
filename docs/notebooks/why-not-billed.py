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
# # Why was this billed, and that not?
#
# Every record that enters a run leaves it billed, excluded with a reason, or as a problem.
# And every amount can say how it came about.

# %%
from datetime import date

import billingcore as bc


def item(name, price, **terms):
    """Sell something by the month."""
    terms = {"billing_type": bc.RECURRING_PRORATED, "tax_code": "DE_19"} | terms
    return bc.Item(name, unit_price=price, **{"cadence": bc.monthly()} | terms)


store = bc.MemoryStore(tax=bc.TaxTable({"DE_19": "19"}))
store.add(
    bc.Account("acme", name="Acme GmbH", currency="EUR"),
    bc.Subscription(
        "S-1",
        account="acme",
        start=date(2026, 1, 15),
        items=[
            item("seats", "100", quantity=3, sync_with=bc.NEXT_MONTH),
            item("storage", "30", billing_practice=bc.ARREARS, cadence=bc.quarterly()),
            item("spare", "10", quantity=0),
            item("backup", "20", start=date(2026, 5, 1)),
            item("support", "80", tax_code="DE_91"),
        ],
    ),
    bc.Subscription("S-2", account="acme", status="Suspended", items=[item("archive", "5")]),
)

# %% [markdown]
# ## A run says what it left out

# %%
january = bc.InvoiceRun(bc.Period.month(2026, 1))
report = bc.execute(january, store)
report

# %% [markdown]
# An *exclusion* is the rules at work.
# A *problem* needs a person: here somebody mistyped a tax code.
# It spoils its own record and no other.

# %%
bc.render.table(report.exclusions, "Not billed")

# %%
bc.render.table(report.problems, "Problems")

# %%
reasons = {each.record: each.reason.name for each in report.exclusions}
assert reasons == {
    "S-1/storage": "NOT_DUE",
    "S-1/spare": "ZERO_QUANTITY",
    "S-1/backup": "OUT_OF_PERIOD",
    "S-2/archive": "SUBSCRIPTION_NOT_ACTIVE",
}

# %% [markdown]
# ## One record
#
# Ask before a run or after it: the answer is the first test that failed, with its facts.

# %%
bc.why_not(january, store.snapshot("acme"), "storage")

# %% [markdown]
# When the quarter is over, the same question has another answer: none, since it is billed.

# %%
april = bc.InvoiceRun(bc.Period.month(2026, 4))
assert bc.why_not(april, store.snapshot("acme"), "storage") is None

# %% [markdown]
# ## Billed already
#
# The run once more: the seats are on a draft, and the draft is named.

# %%
bc.why_not(january, store.snapshot("acme"), "seats")

# %%
(draft,) = report.drafts
invoice = bc.finalize(draft, store, on=date(2026, 2, 1))
covered = bc.why_not(january, store.snapshot("acme"), "seats")
covered

# %%
assert covered.reason is bc.Reason.COVERED
assert dict(covered.facts)["document"] == invoice.number

# %% [markdown]
# ## What was billed, and how it came about

# %%
bc.explain(invoice.lines[0])

# %% [markdown]
# ## As rows
#
# For a data frame, a spreadsheet, or a test.

# %%
for row in report.records():
    print(row["record"], row["outcome"], row["reason"])
