"""When an item is due, and which share of a period a part of it is."""
