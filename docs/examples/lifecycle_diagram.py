"""Draw the life of a document: the diagram of docs/explanation/life-of-a-document.md.

    python docs/examples/lifecycle_diagram.py

It is drawn from the table that the library has, in the language of Mermaid.
"""

from __future__ import annotations

from collections.abc import Iterator

from billingcore.invoices.kinds import LIFECYCLE

OUTSIDE = "[*]"
"""Where a life begins, and where it ends without a trace."""


def lifecycle_diagram() -> str:
    """Write the table of states and events as a diagram of Mermaid."""
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in _lines())])


def _lines() -> Iterator[str]:
    reached = set(LIFECYCLE.values())
    for state in dict.fromkeys(state for state, _ in LIFECYCLE):
        if state not in reached:
            yield f"{OUTSIDE} --> {state.value}"
    for (state, event), after in LIFECYCLE.items():
        target = OUTSIDE if after is None else after.value
        yield f"{state.value} --> {target}: {event}"


if __name__ == "__main__":
    print(lifecycle_diagram())
