"""A store that remembers: the embedded default, and the reference for adapters."""
