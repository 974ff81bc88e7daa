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
# # A project, from the deposit to the final
#
# A house costs 300,000 euros net, 90,000 of them at 7 % tax.
# It is invoiced with a deposit, two claims, and a final that deducts what came before, with its tax.
# In the end nothing is left over, neither on the documents nor in the books.

# %%
from datetime import date
from decimal import Decimal

import billingcore as bc

# %% [markdown]
# ## The accounts
#
# What is asked for in advance stands on account 1593 until it is paid; what was paid, on 1718.
# Revenue and tax are booked when the final is issued ([why](../explanation/bookkeeping.md)).

# %%
kinds = bc.EntryType
accounts = [
    (kinds.PAYMENT, "1200", ""),
    (kinds.TAX, "1776", ""),
    (kinds.INTERIM_REVENUE, "1593", ""),
    (kinds.INTERIM_PAYMENT, "1718", "1593"),
    (kinds.INTERIM_TAX, "1776", "1593"),
    (kinds.INTERIM_PAYMENT_CLEARING, "1718", ""),
]
setup = bc.Setup(
    accounting=bc.Accounting(
        rules=[bc.AssignmentRule("Revenue", account="8400")],
        collective=[
            bc.CollectiveAccount(kind.value, kind, account=account, contra=contra)
            for kind, account, contra in accounts
        ],
        books_deposits=True,
    )
)

# %% [markdown]
# ## What was agreed

# %%
acme = bc.Account("acme", name="Acme GmbH", currency="EUR", debtor="10042")
store = bc.MemoryStore(tax=bc.TaxTable({"DE_19": 19, "DE_7": 7}), setup=setup)
store.add(acme)

house = bc.Project(
    "house-7",
    acme,
    [
        bc.Item("house", title="House", unit_price="210000", tax_code="DE_19"),
        bc.Item("garden", title="Garden", unit_price="90000", tax_code="DE_7"),
    ],
    period=bc.Period.closed("2026-03-01", "2026-09-30"),
    title="House 7",
    tax=store.tax,
    setup=setup,
)

# %% [markdown]
# ## Deposit and claims
#
# A project remembers nothing: what was invoiced before is in the books.


# %%
def issue(draft, on, *, paid_on=None):
    """Finalize a draft, and record the payment of all that it asks for."""
    invoice = bc.finalize(draft, store, on=on)
    if paid_on is not None:
        payment = bc.Payment(
            f"bank-{invoice.number}",
            account="acme",
            amount=invoice.totals.due,
            currency="EUR",
            date=paid_on,
            invoices=[invoice.number],
        )
        bc.pay(store, payment)
    return invoice


deposit = issue(
    bc.deposit(house, store.books("acme"), amount="30000"),
    on=date(2026, 3, 1),
    paid_on=date(2026, 3, 15),
)
half = issue(
    bc.claim(house, store.books("acme"), completion=50),
    on=date(2026, 5, 31),
    paid_on=date(2026, 6, 14),
)
most = issue(bc.claim(house, store.books("acme"), completion=80), on=date(2026, 7, 31))
half

# %% [markdown]
# ## The final
#
# The last claim is not paid yet.
# The final bills the whole house, deducts what was paid, and asks for the open claim, which nobody has to pay any more.

# %%
final = issue(
    bc.final(house, store.books("acme")), on=date(2026, 9, 30), paid_on=date(2026, 10, 14)
)
final

# %%
print(bc.render.text(final, "en_GB"))

# %% [markdown]
# Where a deducted amount comes from, here of the claim that was not paid:

# %%
bc.explain_deduction(final.deductions[2])

# %% [markdown]
# ## The books at the end
#
# All revenue and all tax are booked, and nothing stands on the accounts of advances or of the customer.

# %%
books = store.books("acme")
entries = [entry for booked in books.entries.values() for entry in booked]
balances = {account: balance for (account, _), balance in bc.balances(entries).items()}
for account, balance in sorted(balances.items()):
    print(f"{account:>6} {balance:>12}")

# %%
assert balances["8400"] == Decimal("-300000.00")
assert balances["1776"] == Decimal("-46200.00")  # 210,000 x 19 % + 90,000 x 7 %
assert balances["1200"] == Decimal("346200.00")
assert balances["1593"] == balances["1718"] == balances["10042"] == 0
assert final.totals.gross == Decimal("346200.00")

# %% [markdown]
# ## The same as text for an accounting program

# %%
print(bc.export.beancount(books.entries[f"invoice/{final.number}"], setup.accounting))
