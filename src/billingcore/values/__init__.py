"""Exact arithmetic, periods, rhythms and keys; no word of billing in here."""
