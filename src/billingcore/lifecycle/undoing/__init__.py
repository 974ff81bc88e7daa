"""Cancel and credit: documents that undo others, as a whole or in part."""
