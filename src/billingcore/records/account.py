"""Who pays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from billingcore.records.custom import Custom, CustomFields, read_custom
from billingcore.records.hold import Hold
from billingcore.records.party import Party
from billingcore.records.payment_means import PaymentMeans
from billingcore.records.subscription import read_payment_days
from billingcore.values.boundary import Boundary
from billingcore.values.currency import check_currency
from billingcore.values.sealing import fill

__all__ = ["Account"]


@frozen(init=False, order=False)
class Account:
    """A customer: the unit of billing, of failure and of commit.

    >>> Account("acme", name="Acme GmbH", currency="EUR").label
    'Acme GmbH'

    Attributes:
        id: unique within the store.
        name: what stands on the document if it has no party, whose name goes before it; the id if
            empty.
        currency: ISO 4217 code; subscriptions and items may have their own.
        active: nothing is billed to an inactive account.
        template: name of a template; None takes the one named Default.
        entity: name of the business entity that sells to it; None is none.
        payment_days: days until payment is due; None takes the template's.
        tax_region: a word of the tax engine for where and how it is taxed, like ``EU business``.
        tax_id: its registration for tax, shown on documents; empty takes that of the party.
        address: lines of its address; empty takes those of the party.
        locale: how its documents are written, like ``de_DE``; None is for the host to choose.
        custom: fields of the host's own.
        hold: while it lasts, nothing is billed; None is none.
        debtor: number of the debtor in the books; collective accounts may have another.
        payment_method: how it pays, which assignment rules look for; ``Cash`` pays at once.
        external_ids: field → id of it elsewhere, by which records may name it.
        batch: a part of all accounts that runs bill by itself, like ``A``; empty for none.
        party: who it is in the detail that an electronic invoice asks for.
        payment_means: how it pays its invoices; None takes the seller's way.

    Raises:
        InvalidInputError: a field is wrong, with its name, its value and what to write instead.
    """

    id: str
    name: str
    currency: str
    active: bool
    template: str | None
    entity: str | None
    payment_days: int | None
    tax_region: str
    tax_id: str
    address: str
    locale: str | None
    custom: Custom
    hold: Hold | None
    debtor: str
    payment_method: str
    external_ids: tuple[tuple[str, str], ...]
    batch: str
    party: Party | None
    payment_means: PaymentMeans | None

    def __init__(
        self,
        id: str,
        *,
        currency: str,
        name: str = "",
        active: bool = True,
        template: str | None = None,
        entity: str | None = None,
        payment_days: int | None = None,
        tax_region: str = "",
        tax_id: str = "",
        address: str = "",
        locale: str | None = None,
        custom: CustomFields | Custom = (),
        hold: Hold | None = None,
        debtor: str = "",
        payment_method: str = "",
        external_ids: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        batch: str = "",
        party: Party | None = None,
        payment_means: PaymentMeans | None = None,
    ) -> None:
        read = Boundary("Account", id)
        fill(
            self,
            id=read.id("id", id),
            name=read.text("name", name),
            currency=read.read("currency", currency, check_currency),
            active=read.flag("active", active),
            template=read.optional_id("template", template),
            entity=read.optional_id("entity", entity),
            payment_days=read_payment_days(read, payment_days),
            tax_region=read.text("tax_region", tax_region),
            tax_id=read.text("tax_id", tax_id),
            address=read.text("address", address),
            locale=read.optional_id("locale", locale),
            custom=read_custom(read, custom),
            hold=read.optional("hold", hold, Hold),
            debtor=read.text("debtor", debtor),
            payment_method=read.text("payment_method", payment_method),
            external_ids=_read_ids(read, external_ids) if external_ids else (),
            batch=read.text("batch", batch),
            party=read.optional("party", party, Party),
            payment_means=read.optional("payment_means", payment_means, PaymentMeans),
        )

    @property
    def label(self) -> str:
        """What a person calls it: the name, or the id."""
        return self.name or self.id


def _read_ids(
    read: Boundary, ids: Mapping[str, str] | Iterable[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    pairs = dict(ids).items()
    name = "external_ids"
    return tuple(sorted((read.id(name, field), read.id(name, value)) for field, value in pairs))
