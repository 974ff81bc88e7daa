"""How far a run is, and how it ended: the stages of an invoice batch run (behaviour 10.2)."""

from __future__ import annotations

from enum import Enum

__all__ = ["RunKind", "RunStage", "RunStatus"]


class RunKind(Enum):
    """What is carried out."""

    INVOICING = "invoice run"
    """Makes drafts of what is due."""
    RECOVERY = "recovery"
    """Makes drafts of what another execution left, or failed at."""
    CLEAN_UP = "clean-up"
    """Discards the drafts of a run."""
    POSTING = "posting run"
    """Turns drafts into invoices."""


class RunStatus(Enum):
    """How an execution stands, or ended."""

    STARTED = "Started"
    """It goes on; or its process died, which only a person can tell."""
    COMPLETED = "Completed"
    """All is done, without an error."""
    FAILED = "Failed"
    """There was an error: with some records, or one that ended it. The stage tells which."""
    STOPPED = "Stopped"
    """It was told to stop; what it had committed stays."""


class RunStage(Enum):
    """Where an execution is; the members stand in their order.

    One that came to its end is COMPLETED, also if some records failed; one that could not go on is
    FAILED.
    """

    FILTERING_STARTED = "Filtering Started"
    FILTERING_IN_PROGRESS = "Filtering In Progress"
    FILTERING_COMPLETED = "Filtering Completed"
    GENERATION_STARTED = "Generation Started"
    GENERATION_IN_PROGRESS = "Generation In Progress"
    GENERATION_COMPLETED = "Generation Completed"
    SUMMARIZATION_IN_PROGRESS = "Summarization In Progress"
    COMPLETED = "Completed"
    FAILED = "Failed"
