"""An invoice as EN 16931 names its content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypedDict, Unpack

from billingcore.errors import BillingProblemsError, InvalidTransitionError
from billingcore.export.en16931.checks import findings_in
from billingcore.export.en16931.findings import Names, RuleFinding
from billingcore.export.en16931.header import attachments, header, notes, preceding
from billingcore.export.en16931.lines import lines
from billingcore.export.en16931.parties import buyer, delivery, payment, seller
from billingcore.export.en16931.rules import EN16931, RuleSet, type_codes
from billingcore.export.en16931.sheet import Sheet
from billingcore.export.en16931.sums import breakdown, totals
from billingcore.export.en16931.terms import Group, group
from billingcore.invoices.document import DraftInvoice, Invoice
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.party import Party
from billingcore.records.payment_means import PaymentMeans
from billingcore.render.letterhead import payment_means_of
from billingcore.render.voice import voice_of
from billingcore.values.boundary import Boundary
from billingcore.values.context import exactly

__all__ = ["EInvoiceOptions", "en16931", "en16931_findings", "terms_of"]


class EInvoiceOptions(TypedDict, total=False):
    """The arguments of `en16931` that say where something is from, for type checkers."""

    seller: Party | None
    buyer: Party | None
    payment_means: PaymentMeans | None
    original: Invoice | None
    is_construction: bool
    as_prepaid: bool
    with_statement: bool
    locale: str | None


def en16931(
    invoice: Invoice, *, rules: RuleSet = EN16931, **options: Unpack[EInvoiceOptions]
) -> Group:
    r"""Give an invoice as plain data, keyed by the business terms and groups of EN 16931-1.

    Groups are nested as the norm nests them; those of which there can be several are lists. Values
    are texts, `Decimal` and `date`; what is empty is left out. Everything is read from the invoice,
    so that the same data can be made again at any time.

    >>> from billingcore import Account, Identifier, Item, Party, Period, PostalAddress, draft
    >>> berlin = PostalAddress("DE", city="Berlin")
    >>> acme = Account("acme", currency="EUR", party=Party("Acme GmbH", address=berlin))
    >>> made = draft(acme, [Item("seats", unit_price=100, quantity=3)], period=Period.month(2026, 1))
    >>> invoice = Invoice("2026-00001", made.period.last, made.period.last, made)
    >>> sales = Party("Sales & Co", registration=Identifier("HRB 1"), address=berlin)
    >>> data = en16931(invoice, seller=sales)
    >>> data["BT-1"], data["BG-7"]["BT-44"], data["BG-22"]["BT-115"]
    ('2026-00001', 'Acme GmbH', Decimal('300.00'))

    Args:
        invoice: the document; a draft has no number yet, and a pro forma is no invoice.
        rules: the rule set: `EN16931`, `XRECHNUNG` or `PEPPOL_BIS`.
        seller: who sells, for hosts that keep that elsewhere; None is the business entity's party.
        buyer: who buys, likewise; None is the account's party.
        payment_means: how it is paid; None is the account's way, or else the business entity's.
        original: of a cancellation of a final: that final, since it has the deductions.
        is_construction: whether the type codes of construction work are used: 875, 876 and 877.
        as_prepaid: whether what a final deducts is shown as paid already (BT-113), instead of by a
            line for each document and rate. The tax of the advances is then in no structured term,
            and may be owed twice (UStG 14c) unless an attachment shows it: add *with_statement*.
        with_statement: whether what a final deducts is stated by a CSV file inside of the invoice
            (BG-24), by document and tax code; nothing is attached where nothing is deducted.
        locale: of notes and terms; None is the account's, then the template's, then English.

    Raises:
        BillingProblemsError: it breaks rules of the norm or of the rule set, one inner
            `InvalidInputError` for each finding of `en16931_findings`.
        InvalidInputError: an argument is wrong, or a cancellation of a final comes without it.
        InvalidTransitionError: a draft, or a pro forma.
    """
    data, names = terms_of(invoice, rules, options)
    found = findings_in(data, rules, names)
    if found:
        count = f"{len(found)} rule" + "s" * (len(found) > 1)
        problem = f"invoice {invoice.number} breaks {count} of {rules.name}"
        raise BillingProblemsError(problem, [each.error for each in found])
    return data


def en16931_findings(
    document: Invoice | Mapping[str, object],
    *,
    rules: RuleSet = EN16931,
    **options: Unpack[EInvoiceOptions],
) -> tuple[RuleFinding, ...]:
    """Find what keeps an invoice from being an electronic invoice, without sending it anywhere.

    >>> from billingcore import Account, Item, Period, draft
    >>> acme = Account("acme", currency="EUR")
    >>> made = draft(acme, [Item("seats", unit_price=100)], period=Period.month(2026, 1))
    >>> invoice = Invoice("2026-00001", made.period.last, made.period.last, made)
    >>> [found.rule for found in en16931_findings(invoice)]
    ['BR-06', 'BR-08', 'BR-10', 'BR-CO-26']

    Args:
        document: an invoice, or the data that `en16931` gave, perhaps changed since.
        rules: the rule set.
        options: the other arguments of `en16931`; of no use for data.

    Raises:
        InvalidInputError: an argument is wrong, or a cancellation of a final comes without it.
        InvalidTransitionError: a draft, or a pro forma.
    """
    if isinstance(document, Mapping):
        data: Group = dict(document)
        names = Names(f"Invoice {data.get('BT-1', '')!r}", "BusinessEntity", "Account")
        return findings_in(data, Boundary(_CALLER).instance("rules", rules, RuleSet), names)
    data, names = terms_of(document, rules, options)
    return findings_in(data, rules, names)


_CALLER: Final = "export.en16931"


def terms_of(invoice: Invoice, rules: RuleSet, options: EInvoiceOptions) -> tuple[Group, Names]:
    """Fill the terms of an invoice, and name the records that they are from."""
    _check(invoice)
    with exactly():
        sheet = _sheet(invoice, rules, options)
        data = _filled(sheet)
    entity = invoice.seller
    name = "Setup" if entity is None else f"BusinessEntity {entity.name!r}"
    record = f"Invoice {invoice.number!r}"
    return data, Names(record, name, f"Account {invoice.account.id!r}")


def _check(invoice: object) -> None:
    """Refuse what is no invoice yet, or never will be one."""
    if isinstance(invoice, DraftInvoice):
        rule, fix = "a draft has no number", "finalize it: finalize(draft, store, on=...)"
        raise InvalidTransitionError(rule, record=f"Draft {invoice.id!r}", fix=fix)
    found = Boundary(_CALLER).instance("invoice", invoice, Invoice)
    if found.kind is InvoiceKind.PRO_FORMA:
        rule, fix = "a pro forma is no invoice for VAT", "export the invoice that follows it"
        raise InvalidTransitionError(rule, record=f"Invoice {found.number!r}", fix=fix)


def _sheet(invoice: Invoice, rules: RuleSet, options: EInvoiceOptions) -> Sheet:
    """Read the arguments."""
    read = Boundary(_CALLER)
    chosen = read.instance("rules", rules, RuleSet)
    unknown = options.keys() - EInvoiceOptions.__annotations__.keys()
    if unknown:
        raise TypeError(f"en16931 takes no {min(unknown)!r}")
    entity, account = invoice.seller, invoice.account
    is_construction = read.flag("is_construction", options.get("is_construction", False))
    seller = read.optional("seller", options.get("seller"), Party)
    buyer = read.optional("buyer", options.get("buyer"), Party)
    given = read.optional("payment_means", options.get("payment_means"), PaymentMeans)
    return Sheet(
        invoice=invoice,
        rules=chosen,
        type_code=type_codes(chosen, is_construction=is_construction)[invoice.kind],
        voice=voice_of(invoice.draft, options.get("locale"), None),
        seller=seller or (entity.party if entity else None),
        buyer=buyer or account.party,
        payment_means=given or payment_means_of(invoice.draft),
        original=_original(read, invoice, options),
        as_prepaid=read.flag("as_prepaid", options.get("as_prepaid", False)),
        with_statement=read.flag("with_statement", options.get("with_statement", False)),
    )


def _original(read: Boundary, invoice: Invoice, options: EInvoiceOptions) -> Invoice | None:
    """Give the final that is canceled, if that needs its deductions."""
    original = read.optional("original", options.get("original"), Invoice)
    if original is not None and original.number != invoice.draft.original:
        rule = f"{invoice.number} does not cancel it"
        fix = f"give {invoice.draft.original}" if invoice.draft.original else "leave it out"
        raise read.refuse("original", original.number, rule, fix)
    is_needed = invoice.kind is InvoiceKind.CANCELLATION and bool(invoice.totals.paid)
    if is_needed and original is None and not options.get("as_prepaid", False):
        rule = "it cancels a final with deductions, which are on that"
        fix = f"give original=books.invoice({invoice.draft.original!r})"
        raise read.refuse("original", None, rule, fix)
    return original if is_needed else None


def _filled(sheet: Sheet) -> Group:
    rules = sheet.rules
    return group(
        {
            **header(sheet),
            "BG-1": notes(sheet),
            "BG-2": group({"BT-23": rules.process, "BT-24": rules.specification}),
            "BG-3": preceding(sheet),
            "BG-4": seller(sheet),
            "BG-7": buyer(sheet),
            "BG-13": delivery(sheet),
            "BG-16": payment(sheet),
            "BG-22": totals(sheet),
            "BG-23": breakdown(sheet),
            "BG-24": attachments(sheet),
            "BG-25": lines(sheet),
        }
    )
