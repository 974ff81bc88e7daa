"""Who sells and how documents are made: templates and business entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final

from attrs import field, frozen

from billingcore.errors import InvalidInputError
from billingcore.ports import ExchangeRates
from billingcore.records.bookkeeping.accounting import NO_BOOKKEEPING, Accounting
from billingcore.records.mapping import DataMapping
from billingcore.records.numbering import NumberPattern, Reset
from billingcore.records.party import Party
from billingcore.records.payment_means import PaymentMeans
from billingcore.records.payment_terms import NO_PAYMENT_TERMS, PaymentTerms
from billingcore.records.subscription import read_payment_days
from billingcore.values.boundary import Boundary
from billingcore.values.keys import escape
from billingcore.values.memo import Memo
from billingcore.values.sealing import fill

__all__ = [
    "DEFAULT_SERIES",
    "DEFAULT_TEMPLATE",
    "AttachmentMode",
    "BusinessEntity",
    "Heading",
    "Setup",
    "Template",
]

DEFAULT_TEMPLATE: Final = "Default"
"""The template that is used where none is named (behaviour 1.3)."""

DEFAULT_SERIES: Final = NumberPattern("[Year]-{00000}", reset=Reset.YEARLY)

ATTACHMENT_LIMIT: Final = 25 * 1024**2
"""What mail servers usually take, in bytes (behaviour 9)."""


class AttachmentMode(Enum):
    """How linked files go along with a mail."""

    ATTACH = "all are attached"
    LINK = "all are links"
    ATTACH_UP_TO_LIMIT = "all are attached; above the limit all are links"


def _read_file_types(read: Boundary, types: Iterable[str]) -> tuple[str, ...]:
    """Read types of files, each once, in lower case and without the dot."""
    if isinstance(types, str):
        raise read.refuse("excluded_file_types", types, "one text", f"use a list: [{types!r}]")
    names = (read.id("excluded_file_types", name) for name in types)
    return tuple(sorted({name.lower().removeprefix(".") for name in names}))


@frozen(init=False, order=False)
class Template:
    """How documents of one kind of business are made.

    Attributes:
        name: how subscriptions and accounts name it.
        aliases: other names or ids by which records know it.
        payment_days: days until payment is due, where neither subscription nor account says.
        series: how its invoices are numbered; the entity's own series goes first.
        locale: the language and format of its documents; None is for the host to choose.
        intro: text above the lines.
        footer: text below the totals.
        attachments: how linked files go along with a mail.
        attachment_limit: in bytes, for all files together; that many are still attached.
        excluded_file_types: files that do not go along, like ``xml``; in lower case.
        payment_terms: installments and cash discounts; installments go before payment days.
    """

    name: str
    aliases: tuple[str, ...]
    payment_days: int
    series: NumberPattern
    locale: str | None
    intro: str
    footer: str
    attachments: AttachmentMode
    attachment_limit: int
    excluded_file_types: tuple[str, ...]
    payment_terms: PaymentTerms

    def __init__(
        self,
        name: str,
        *,
        payment_days: int = 0,
        series: NumberPattern = DEFAULT_SERIES,
        locale: str | None = None,
        intro: str = "",
        footer: str = "",
        attachments: AttachmentMode = AttachmentMode.ATTACH_UP_TO_LIMIT,
        attachment_limit: int = ATTACHMENT_LIMIT,
        excluded_file_types: Iterable[str] = (),
        aliases: Iterable[str] = (),
        payment_terms: PaymentTerms = NO_PAYMENT_TERMS,
    ) -> None:
        read = Boundary("Template", name)
        fill(
            self,
            name=read.id("name", name),
            aliases=tuple(read.id("aliases", alias) for alias in aliases),
            payment_days=read_payment_days(read, payment_days) or 0,
            series=read.instance("series", series, NumberPattern),
            locale=read.optional_id("locale", locale),
            intro=read.text("intro", intro),
            footer=read.text("footer", footer),
            attachments=read.member("attachments", attachments, AttachmentMode),
            attachment_limit=read.count("attachment_limit", attachment_limit, most=10**15),
            excluded_file_types=_read_file_types(read, excluded_file_types),
            payment_terms=read.instance("payment_terms", payment_terms, PaymentTerms),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is named by: its name, and its aliases."""
        return (self.name, *self.aliases)


@frozen(init=False, order=False)
class BusinessEntity:
    """A legal entity that sells: the seller on the document.

    Attributes:
        name: how subscriptions and accounts name it, and what stands on the document if it has no
            party, whose name goes before it.
        aliases: other names or ids by which records know it.
        address: lines of its address; empty takes those of the party.
        tax_id: its registration for tax; empty takes that of the party.
        tax_region: a word of the tax engine for where it sells from.
        bank: lines about where to pay; empty takes the account of the payment means.
        series: how its invoices are numbered; None takes the template's.
        party: who it is in the detail that an electronic invoice asks for.
        payment_means: how its invoices are to be paid, if the account does not say it.
    """

    name: str
    aliases: tuple[str, ...]
    address: str
    tax_id: str
    tax_region: str
    bank: str
    series: NumberPattern | None
    party: Party | None
    payment_means: PaymentMeans | None

    def __init__(
        self,
        name: str,
        *,
        address: str = "",
        tax_id: str = "",
        tax_region: str = "",
        bank: str = "",
        series: NumberPattern | None = None,
        aliases: Iterable[str] = (),
        party: Party | None = None,
        payment_means: PaymentMeans | None = None,
    ) -> None:
        read = Boundary("BusinessEntity", name)
        fill(
            self,
            name=read.id("name", name),
            aliases=tuple(read.id("aliases", alias) for alias in aliases),
            address=read.text("address", address),
            tax_id=read.text("tax_id", tax_id),
            tax_region=read.text("tax_region", tax_region),
            bank=read.text("bank", bank),
            series=read.optional("series", series, NumberPattern),
            party=read.optional("party", party, Party),
            payment_means=read.optional("payment_means", payment_means, PaymentMeans),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is named by: its name, and its aliases."""
        return (self.name, *self.aliases)


@frozen
class Heading:
    """Who sells and on which terms, resolved for one contract.

    Attributes:
        template: how its documents are made.
        entity: who sells; None if nobody is named.
        payment_days: days until payment is due.
        terms: the three as one text, empty for the plain default; lines of different terms
            never share a document.
    """

    template: Template
    entity: BusinessEntity | None
    payment_days: int
    terms: str

    @property
    def tax_region(self) -> str:
        """Where the seller is taxed; empty if nobody is named."""
        return "" if self.entity is None else self.entity.tax_region


def _check_exchange(read: Boundary, exchange: object, house_currency: str | None) -> None:
    if exchange is not None and not isinstance(exchange, ExchangeRates):
        fix = "use an ExchangeTable, or an object with its method `rate`"
        raise read.refuse("exchange", exchange, "no exchange rates", fix)
    if house_currency is not None and exchange is None:
        fix = "give the rates, too: Setup(exchange=ExchangeTable([...]), ...)"
        raise read.refuse("house_currency", house_currency, "no rates to convert into it", fix)


@frozen(init=False, order=False)
class Setup:
    """The templates and business entities that accounts and subscriptions name.

    >>> Setup().template(None).name
    'Default'

    Attributes:
        templates: by default one named Default; with an empty list nothing can be billed.
        entities: the sellers.
        mappings: id or name of a data mapping → the mapping.
        exchange: rates between currencies; None if no amount is ever converted.
        house_currency: the currency of the seller's books, in which an invoice of another one
            states its sums, too; None states them in the invoice's currency only.
        accounting: how documents and payments are booked; by default not at all.

    Raises:
        InvalidInputError: two of one name, or a house currency without rates.
    """

    templates: tuple[Template, ...]
    entities: tuple[BusinessEntity, ...]
    mappings: Mapping[str, DataMapping]
    exchange: ExchangeRates | None
    house_currency: str | None
    accounting: Accounting
    _inline: Memo[str, DataMapping] = field(init=False, eq=False, repr=False)
    _templates_by_name: dict[str, Template] = field(init=False, eq=False, repr=False)
    _entities_by_name: dict[str, BusinessEntity] = field(init=False, eq=False, repr=False)
    _headings: Memo[tuple[str | None, str | None, int | None], Heading] = field(
        init=False, eq=False, repr=False
    )

    def __init__(
        self,
        templates: Iterable[Template] = (Template(DEFAULT_TEMPLATE),),
        entities: Iterable[BusinessEntity] = (),
        mappings: Mapping[str, DataMapping] | None = None,
        *,
        exchange: ExchangeRates | None = None,
        house_currency: str | None = None,
        accounting: Accounting = NO_BOOKKEEPING,
    ) -> None:
        read = Boundary("Setup")
        _check_exchange(read, exchange, house_currency)
        fill(
            self,
            templates=tuple(read.instance("templates", each, Template) for each in templates),
            entities=tuple(read.instance("entities", each, BusinessEntity) for each in entities),
            mappings={
                read.id("mappings", name): read.instance("mappings", each, DataMapping)
                for name, each in (mappings or {}).items()
            },
            exchange=exchange,
            house_currency=read.currency("house_currency", house_currency),
            accounting=read.instance("accounting", accounting, Accounting),
            _inline=Memo[str, DataMapping](),
            _headings=Memo[tuple[str | None, str | None, int | None], Heading](),
        )
        for name, records in (("templates", self.templates), ("entities", self.entities)):
            names = [(called, each) for each in records for called in each.names]
            by_name = dict(names)
            if len(by_name) < len(names):
                rule = "two have the same name"
                raise read.refuse(name, len(records), rule, "give each its own name")
            fill(self, **{f"_{name}_by_name": by_name})

    def template(self, name: str | None) -> Template | None:
        """Give the template of a name, or the default one; None if there is no such template."""
        return self._templates_by_name.get(DEFAULT_TEMPLATE if name is None else name)

    def read_mapping(self, source: object) -> DataMapping:
        """Read a data mapping that a record carries; each text once.

        Raises:
            InvalidInputError: it is no mapping.
        """
        if not isinstance(source, str):
            return DataMapping(source)
        known = self._inline.get(source)
        return self._inline.keep(source, DataMapping(source)) if known is None else known

    def entity(self, name: str | None) -> BusinessEntity | None:
        """Give the business entity of a name; None if none is named.

        Raises:
            InvalidInputError: there is no entity of this name.
        """
        if name is None:
            return None
        try:
            return self._entities_by_name[name]
        except KeyError:
            fix = "use one of " + (
                ", ".join(each.name for each in self.entities) or "... (none is set up)"
            )
            rule = "no business entity of this name"
            raise InvalidInputError(rule, field="entity", value=name, fix=fix) from None

    def entity_name(self, name: str | None) -> str:
        """Give the name of the business entity that a name or an alias means.

        Empty if none is named; a name that no entity has is given back.
        """
        found = None if name is None else self._entities_by_name.get(name)
        return name or "" if found is None else found.name

    def heading(
        self, template: str | None, entity: str | None, payment_days: int | None
    ) -> Heading | None:
        """Resolve the names of a contract; None if there is no such template.

        Raises:
            InvalidInputError: there is no entity of this name.
        """
        key = (template, entity, payment_days)
        known = self._headings.get(key)
        if known is not None:
            return known
        found = self.template(template)
        if found is None:
            return None
        seller = self.entity(entity)
        own_days = found.payment_days if payment_days is None else payment_days
        days = found.payment_terms.last_day(own_days)
        names = [
            "" if found.name == DEFAULT_TEMPLATE else found.name,
            "" if seller is None else seller.name,
        ]
        if any(names):
            terms = ",".join(map(escape, [*names, str(days)]))
        else:
            terms = f"{days}d" if days else ""
        return self._headings.keep(key, Heading(found, seller, days, terms))
