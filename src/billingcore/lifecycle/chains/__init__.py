"""Agreements that are invoiced in parts: what belongs together, and what a final makes of it."""
