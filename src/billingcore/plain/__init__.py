"""Plain data: every public value as canonical JSON, so that a store can keep it, and back.

A store of the host keeps documents as text, and needs no format of its own for them. `writing`
makes the text and `reading` reads it, both by one table of classes (`registry`) and what their
constructors take (`shapes`, `special`).
"""
