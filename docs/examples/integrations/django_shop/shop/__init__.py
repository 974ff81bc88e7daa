"""Customers, contracts and usage, billed by billingcore."""
