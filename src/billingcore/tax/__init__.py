"""Which tax applies, where it is rounded, and the sums of a document."""
