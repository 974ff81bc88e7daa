"""The conformance kit: what a store must do, clause by clause, as functions over any store."""
