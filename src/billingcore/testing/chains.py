"""The law of chains: what a final deducts and what remains is all that was agreed (behaviour 5.4)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from billingcore.errors import InvariantViolationError
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.kinds import KINDS
from billingcore.lifecycle.books import Books
from billingcore.lifecycle.chains.documents import chain_documents
from billingcore.records.chain_document import ChainDocument, TaxAmount
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.scope.switches import FinalShape

__all__ = ["check_chain", "check_deductions"]


def check_chain(books: Books, key: str) -> None:
    """Check that the documents of an agreement fit together (behaviour 5.7).

    There is one live final at most; it deducts every live document before it, each as that is
    invoiced now; and deductions and remainder are the contract, to the cent.

    Args:
        books: of the account.
        key: the sub invoice key.

    Raises:
        InvariantViolationError: with the documents that do not fit.
    """
    agreements: dict[tuple[str, str], list[ChainDocument]] = {}
    for each in chain_documents(books, key):
        if not each.is_draft:
            agreements.setdefault((each.currency, each.entity), []).append(each)
    for documents in agreements.values():
        finals = [each.number for each in documents if each.is_final]
        _require(len(finals) <= 1, "an agreement has one final", key, finals)
        for number in finals:
            if number in books.invoices:
                _check_final(books.invoices[number].draft, documents)


def _check_final(draft: DraftInvoice, documents: Iterable[ChainDocument]) -> None:
    check_deductions(draft)
    subs = {each.number: each for each in documents if KINDS[each.kind].is_sub}
    taken = {each.number: each.document for each in draft.deductions}
    law = "a final deducts all live documents before it, and no others"
    _require(taken.keys() == subs.keys(), law, draft.id, sorted(taken), sorted(subs))
    for number, each in taken.items():
        found, wanted = each.invoiced, subs[number].invoiced
        law = "what a final deducts stays as it was"
        _require(_by_code(found) == _by_code(wanted), law, number, found, wanted)


def check_deductions(draft: DraftInvoice) -> None:
    """Check that deductions and remainder of a final are the contract, to the cent.

    Net amount, tax and gross, each by tax code, and as the totals say them: a final of all that was
    agreed says the contract and deducts, one of the remainder says only that.

    Raises:
        InvariantViolationError: they are not; the evidence has the amounts.
    """
    chain = draft.chain
    if draft.kind is not InvoiceKind.FINAL:
        _require(not chain.deductions, "only finals deduct", draft.id, len(chain.deductions))
        return
    deducted = [part for each in chain.deductions for part in each.parts]
    left = chain.remaining
    both = _by_code([*deducted, *left.parts])
    contract = _by_code(chain.contract)
    law = "deductions and remainder are the contract, by tax code"
    _require(_without_zeros(both) == _without_zeros(contract), law, draft.id, both, contract)
    sums = draft.totals
    rest = _sum(sums.gross) - _sum(sums.paid)
    law = "a final asks for the remainder"
    _require(rest == _sum(left.gross) == _sum(left.net, left.tax), law, draft.id, rest, left)
    stated = _sum(sums.net), _sum(sums.tax)
    is_rest = _is_remainder(draft)
    wanted = (_sum(left.net), _sum(left.tax)) if is_rest else _totals(chain.contract)
    law = "the totals of a final are the contract, or the remainder"
    _require(stated == wanted, law, draft.id, stated, wanted)
    for each in chain.deductions:
        folded = _sum(each.folded)
        law = "a final asks for what is open of what it closes"
        _require(folded == (each.document.open if each.is_closing else 0), law, each.number, folded)


def _is_remainder(draft: DraftInvoice) -> bool:
    return draft.policy.final_shape is FinalShape.REMAINDER


def _by_code(parts: Iterable[TaxAmount]) -> dict[tuple[str, str], tuple[Fraction, Fraction]]:
    found: dict[tuple[str, str], tuple[Fraction, Fraction]] = {}
    for tax, net, amount in parts:
        key = (tax.code, tax.group)
        known = found.get(key, (Fraction(0), Fraction(0)))
        found[key] = (known[0] + Fraction(net), known[1] + Fraction(amount))
    return found


def _without_zeros(
    sums: dict[tuple[str, str], tuple[Fraction, Fraction]],
) -> dict[tuple[str, str], tuple[Fraction, Fraction]]:
    return {key: pair for key, pair in sums.items() if any(pair)}


def _totals(parts: Iterable[TaxAmount]) -> tuple[Fraction, Fraction]:
    every = [*parts]
    return _sum(*(each.net for each in every)), _sum(*(each.amount for each in every))


def _sum(*amounts: Decimal) -> Fraction:
    return sum((Fraction(each) for each in amounts), Fraction(0))


def _require(holds: bool, law: str, *evidence: object) -> None:
    if not holds:
        raise InvariantViolationError(law, evidence=evidence)
