"""Usage: matched to items, put together by key, priced together, less what was billed before."""
