"""The life of a document: made by hand, edited, finalized."""
