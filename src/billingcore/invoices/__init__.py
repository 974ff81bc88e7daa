"""Documents: their kinds, drafts and invoices, and what a run decided for an account."""
