"""An e-invoice as UBL 2.1, written by the standard library alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Final, NamedTuple, Unpack

from billingcore.export.en16931 import EN16931, EInvoiceOptions, RuleSet, en16931
from billingcore.export.flat_terms import Terms, is_credit_note, read_terms
from billingcore.export.ubl_documents import CREDIT_NOTE, INVOICE, REPEATED, TERMS
from billingcore.export.ubl_element import Element
from billingcore.invoices.document import Invoice
from billingcore.values.boundary import Boundary

__all__ = ["ubl"]

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>'


def ubl(
    document: Invoice | Mapping[str, object],
    *,
    rules: RuleSet = EN16931,
    **options: Unpack[EInvoiceOptions],
) -> str:
    r"""Write an invoice as UBL 2.1, the text of an electronic invoice by EN 16931.

    The root is an Invoice, or a CreditNote for the type codes of credit notes. The same data is the
    same text, in which a parser finds all values as they were. Write it as UTF-8.

    Beside terms it says what UBL asks for: ``VAT`` or ``LOC`` for the kind of a tax id, ``NA`` for the
    network of a card and for a missing order of a sales order, ``0`` for no discount on a gross
    price, and ``1``, no payment means of a kind, for a credit note with a due date alone.

    Args:
        document: an invoice, or data as `en16931` gives it, perhaps with terms of your own. A group
            or an identifier that the norm lets repeat may be a list; text that is blank is left out.
        rules: of an invoice, the rule set; of no use for data.
        options: of an invoice, the other arguments of `en16931`.

    Raises:
        BillingProblemsError: the invoice breaks rules, as of `en16931`; data is not checked again.
        InvalidInputError: something else than an invoice or such data, a code that is not one of the
            norm, no type code, or text with characters that XML cannot hold.
        InvalidTransitionError: a draft, or a pro forma.

    >>> from decimal import Decimal
    >>> text = ubl({"BT-1": "2026-00001", "BT-3": "380", "BT-5": "EUR", "BT-115": Decimal(119)})
    >>> print(*text.splitlines()[2:-2], sep="\n")
      <cbc:ID>2026-00001</cbc:ID>
      <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
      <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
      <cac:LegalMonetaryTotal>
        <cbc:PayableAmount currencyID="EUR">119</cbc:PayableAmount>
    """
    if isinstance(document, Mapping):
        return _written(document)
    return _written(en16931(document, rules=rules, **options))


def _written(data: Mapping[str, object]) -> str:
    terms = read_terms("export.ubl", data, TERMS, REPEATED)
    code = terms.texts.get("BT-3", "")
    if not code:
        fix = "say what kind of document it is, like 380"
        raise Boundary("export.ubl").refuse("BT-3", code, "no type code", fix)
    root = CREDIT_NOTE if is_credit_note(code) else INVOICE
    return "\n".join([_DECLARATION, *_each(root, terms, "").lines, ""])


class _Written(NamedTuple):
    """Lines of text, and whether they say something of the invoice."""

    lines: list[str]
    is_said: bool


_NOTHING: Final = _Written([], is_said=False)


def _each(element: Element, terms: Terms, indent: str) -> _Written:
    """Write an element for each entry of its group, or once by the terms around it."""
    entries = terms.entries.get(element.each)
    scopes = [terms] if entries is None else [terms.within(entry) for entry in entries]
    return _together(_once(element, scope, indent) for scope in scopes)


def _together(parts: Iterable[_Written]) -> _Written:
    made = list(parts)
    return _Written([line for each in made for line in each.lines], any(e.is_said for e in made))


def _once(element: Element, terms: Terms, indent: str) -> _Written:
    """Write an element, unless it has no text: neither of a term nor its own."""
    inner = _together(_each(child, terms, f"{indent}  ") for child in element.children)
    is_said = inner.is_said or element.term in terms.texts
    if not (is_said or element.is_fixed):
        return _NOTHING
    start, end = f"<{element.name}{_attributes(element, terms.texts)}>", f"</{element.name}>"
    if element.children:
        return _Written([f"{indent}{start}", *inner.lines, f"{indent}{end}"], is_said)
    return _Written([f"{indent}{start}{_text(element, terms.texts)}{end}"], is_said)


def _text(element: Element, texts: Mapping[str, str]) -> str:
    text = texts.get(element.term, element.otherwise)
    subject = texts.get(element.subject)
    return escape(f"#{subject}#{text}" if subject else text, quote=False)


def _attributes(element: Element, texts: Mapping[str, str]) -> str:
    known = ((name, texts.get(s, "") if s in TERMS else s) for name, s in element.attributes)
    return "".join(f' {name}="{_in_quotes(text)}"' for name, text in known if text)


def _in_quotes(text: str) -> str:
    """Escape the text of an attribute; a parser takes plain line feeds and tabs for spaces."""
    return escape(text).replace("\n", "&#10;").replace("\t", "&#9;")
