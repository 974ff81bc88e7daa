"""The diagram in docs/explanation/life-of-a-document.md is drawn from the table of the library."""

from __future__ import annotations

import lifecycle_diagram
from lifecycle_diagram import OUTSIDE

from billingcore.invoices.kinds import LIFECYCLE, InvoiceStatus


def test_the_page_shows_what_is_drawn(examples):
    """The page has exactly the diagram that the example writes."""
    page = examples.parent / "explanation" / "life-of-a-document.md"
    text = page.read_text(encoding="utf-8")

    shown = text.partition("```mermaid\n")[2].partition("\n```")[0]

    assert shown == lifecycle_diagram.lifecycle_diagram()


def test_every_step_is_drawn():
    """Each row of the table is an arrow with its event, and one more arrow leads to the draft."""
    title, first, *arrows = lifecycle_diagram.lifecycle_diagram().splitlines()

    found = {tuple(arrow.replace(" --> ", ": ").strip().split(": ")) for arrow in arrows}

    assert (title, first) == ("stateDiagram-v2", "    [*] --> draft")
    assert len(arrows) == len(LIFECYCLE)
    assert found == {
        (state.value, after.value if after else OUTSIDE, event)
        for (state, event), after in LIFECYCLE.items()
    }


def test_every_state_is_in_the_table():
    """No state is left out; only a canceled document stays what it is."""
    left = {state for state, _ in LIFECYCLE}

    assert left | {*LIFECYCLE.values()} == {*InvoiceStatus, None}
    assert {*InvoiceStatus} - left == {InvoiceStatus.CANCELED}
