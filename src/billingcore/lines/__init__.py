"""Positions of a document, and how each of their numbers came about."""
