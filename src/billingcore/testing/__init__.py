"""The laws of the library as functions, so that hosts can assert them on their own data.

Each takes what a host has in its hands (a document, an outcome, a store) and returns nothing, or
raises `InvariantViolationError` with the evidence. No test framework is needed::

    from billingcore.testing import check_outcome

    outcome = billingcore.bill(run, snapshot, tax)
    check_outcome(outcome, snapshot)

`check_store` asks a store every clause of the contract in `billingcore.ports`, and
`check_document_target` a document target.
"""

from billingcore.ledger.law import check_entries
from billingcore.testing import faults
from billingcore.testing.accounting import check_accounting
from billingcore.testing.books import check_books
from billingcore.testing.canonical import canonical
from billingcore.testing.chains import check_chain
from billingcore.testing.content import content_of
from billingcore.testing.documents import check_document
from billingcore.testing.kit.checking import check_store
from billingcore.testing.kit.clauses import CLAUSES
from billingcore.testing.kit.report import ClauseResult, ClauseStatus, StoreError, StoreReport
from billingcore.testing.kit.scene import PARTS, Clause, ClauseError
from billingcore.testing.kit.targets import check_document_target
from billingcore.testing.laws import (
    check_claims,
    check_corrections,
    check_independence,
    check_numbers,
    check_outcome,
    check_preview,
    check_repetition,
    check_split,
)
from billingcore.testing.machine import store_machine

__all__ = [
    "CLAUSES",
    "PARTS",
    "Clause",
    "ClauseError",
    "ClauseResult",
    "ClauseStatus",
    "StoreError",
    "StoreReport",
    "canonical",
    "check_accounting",
    "check_books",
    "check_chain",
    "check_claims",
    "check_corrections",
    "check_document",
    "check_document_target",
    "check_entries",
    "check_independence",
    "check_numbers",
    "check_outcome",
    "check_preview",
    "check_repetition",
    "check_split",
    "check_store",
    "content_of",
    "faults",
    "store_machine",
]
