"""Agreements that are invoiced in parts: deposits, claims, and the final invoice."""
