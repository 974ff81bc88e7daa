"""The books: which accounts, journal entries that balance, deferral; nothing is ever deleted."""
