"""All clauses of the contract."""

from __future__ import annotations

from typing import Final

from billingcore.testing.kit import (
    chaining,
    committing,
    contending,
    deciding,
    editing,
    fidelity,
    issuing,
    lawful,
    leasing,
    reading,
    sharing,
)
from billingcore.testing.kit.scene import Clause

__all__ = ["CLAUSES"]

_MODULES: Final = (
    reading,
    committing,
    editing,
    issuing,
    deciding,
    chaining,
    sharing,
    leasing,
    fidelity,
    contending,
    lawful,
)

CLAUSES: Final[tuple[Clause, ...]] = tuple(
    each for module in _MODULES for each in vars(module).values() if isinstance(each, Clause)
)
"""All clauses, in the order in which the contract is read."""
