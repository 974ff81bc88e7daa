"""A run over many accounts: plan, execute, report."""
