"""Bill records of which nothing is unusual, quickly: most of a run is of this kind.

Usual is a record with children of which no document of ours bills anything. It names its account,
and perhaps its service date and invoice, and says nothing else of its document; its lines are
products that are billed once. Whatever is not usual, or wrong, is left to the careful way, which
makes the same lines and gives the same reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import Any, Final

from attrs import evolve

from billingcore.errors import InvalidInputError
from billingcore.lines.harvest import Harvest
from billingcore.lines.line import OpenLine
from billingcore.lines.making import Terms, make_line, terms_of
from billingcore.lines.once import invoiced, on_day
from billingcore.lines.origin import Origin, Root
from billingcore.lines.quick import COMMON, QuickReader, number_of
from billingcore.periods.span import Span
from billingcore.records.bookkeeping.document import PLAINLY
from billingcore.records.copying import CENT, TENTH, WHOLE, is_usual_number
from billingcore.records.invoice_kind import InvoiceKind
from billingcore.records.reasons import LeftOut, Reason, excluded
from billingcore.records.setup import Heading
from billingcore.records.source import SourceRecord, is_empty
from billingcore.records.taxes import UNTAXED
from billingcore.records.terms import LineType
from billingcore.scope.policy import Policy
from billingcore.scope.run import InvoiceRun
from billingcore.scope.selection import Filter
from billingcore.values.context import ZERO
from billingcore.values.keys import escape
from billingcore.values.sealing import blank, new_tuple

__all__ = ["Express", "express_of", "titled"]

STANDARD: Final = InvoiceKind.STANDARD  # looked up slowly in its class
PRODUCT: Final = LineType.PRODUCT
ZERO_QUANTITY: Final = LeftOut(Reason.ZERO_QUANTITY)

NO_FIELDS: Final[dict[str, object]] = {}
DAYS: Final = frozenset({date, NoneType})

MOST_DIGITS: Final = 11
"""How many digits the price of a position has at most that needs no further look: of it follows
that quantity and price have no more than an item's."""

Children = Sequence[SourceRecord]
Left = dict[str, LeftOut]
Lines = dict[str, OpenLine]
Making = Callable[[Children, Span, object, Root, Left], Lines]

_Read = tuple[LeftOut | None, Lines, Left]
"""What a record says: why its day of service is none of the run's, its lines, and what is not
billed of it."""

_new_line: Final = blank(OpenLine)


def express_of(found: Harvest, chosen: Filter, reader: QuickReader) -> Express | None:
    """Give what bills usual records quickly; None if nothing can be usual in an account.

    Nothing hinders the account.
    """
    if reader.is_usual is None:
        reader.is_usual = _has_usual(found.run, chosen)
    if found.coverage or not reader.is_usual:
        return None
    try:
        heading = found.heading(None, None, None)
    except InvalidInputError:
        return None
    if isinstance(heading, LeftOut):
        return None
    currency = found.snapshot.account.currency
    known_heading, known_currency, terms = reader.terms
    if terms is None or heading is not known_heading or currency != known_currency:
        own = titled(heading, chosen)
        terms = terms_of(None, own, chosen.name, found.run.policy, currency)
        reader.terms = heading, currency, terms
    return Express(found, chosen, terms, reader)


def _has_usual(run: InvoiceRun, chosen: Filter) -> bool:
    """Tell whether a record can be usual in a run."""
    selection = run.selection
    is_plain = not chosen.fields.formulas and chosen.condition is None
    is_open = not selection.exclusive and selection.start is None and run.wanted is None
    return is_plain and is_open and bool(chosen.child_relation)


def titled(heading: Heading, chosen: Filter, root: Root | None = None) -> Heading:
    """Add what keeps the lines of a record apart: party, kind and key, and itself."""
    if root is None and not chosen.party:
        return heading
    terms = [heading.terms] if heading.terms else []
    if chosen.party:
        terms.append(f"party={escape(chosen.party)}")
    if root is not None and root.kind is not STANDARD:
        terms.append(f"type={root.kind.name.lower()}")
        terms += [f"key={escape(root.key)}"] if root.key else []
    if root is not None and root.is_single:
        terms.append(f"single={escape(root.record.name)}")
    joined = ",".join(terms)
    return heading if joined == heading.terms else evolve(heading, terms=joined)


class Express:
    """Bills usual records of one filter.

    Args:
        found: where lines and reasons go; nothing of the account is billed yet.
        chosen: the filter; it has no formulas.
        terms: what the lines of usual records share.
        reader: remembers what records and lines have in common.
    """

    def __init__(self, found: Harvest, chosen: Filter, terms: Terms, reader: QuickReader) -> None:
        self._found = found
        self._account = found.account
        self._chosen = chosen
        self._terms = terms
        self._reader = reader
        self._ending = f":{chosen.party}" if chosen.party else ""
        self._is_alone = len(found.run.selection.sources) == 1

    def bill(self, record: SourceRecord) -> bool:
        """Bill a record, or say why its lines are not billed; false if it is not a usual one."""
        children = record.children.get(self._chosen.child_relation, ())
        try:
            read = self._read(record, children, self._lines)
        except Exception:  # noqa: BLE001 - of another make, wrong, or the host's code; asked again
            read = self._read_singly(record, children)
        if read is None:
            return False
        dated, lines, left = read
        if len(lines) + len(left) < len(children) or not lines.keys().isdisjoint(left):
            return False  # a line is given twice
        if dated is not None:
            left = dict.fromkeys([child.name + self._ending for child in children], dated)
            lines = {}
        if not (self._is_alone or self._takes(lines, left)):
            return False
        self._found.lines += lines.values()
        if left:
            name, add = self._chosen.name, self._found.exclusions.append
            for billable, why in left.items():
                add(excluded(self._account, billable, why, why.facts, name))
        return True

    def _takes(self, lines: Lines, left: Left) -> bool:
        """Take what no other filter took before; false if one took some of it."""
        taken = self._found.taken
        if not taken.keys().isdisjoint((*lines, *left)):
            return False
        taken.update(dict.fromkeys(lines, self._chosen.name))
        return True

    def _read(self, record: SourceRecord, children: Children, lines_of: Making) -> _Read | None:
        """Read a record with its lines; None if it is not a usual one of the account."""
        mapping: Any = record.mapping
        reader = self._reader
        account, service_date, own, empty = reader.heads[tuple(mapping)]
        day = None if service_date is None else mapping[service_date]
        if mapping[account] != self._account or type(day) not in DAYS:
            return None
        if empty and any(mapping[real] is not None for real in empty):
            return None
        if not children:
            return None
        span, dated = reader.days.get(day) or reader.days.keep(day, on_day(self._found, day))
        invoice = None if own is None else mapping[own]
        left: Left = {}
        root = _plain_root(record, self._chosen)
        return dated, lines_of(children, span, invoice, root, left), left

    def _read_singly(self, record: SourceRecord, children: Children) -> _Read | None:
        """Read a record with lines of several makes, or of one that was not seen before."""
        try:
            is_known = self._reader.knows(record)
            return self._read(record, children, self._single_lines) if is_known else None
        except Exception:  # noqa: BLE001 - the host's code; it is asked again, with care
            return None

    def _lines(  # noqa: PLR0915 - a call costs more
        self, children: Children, span: Span, invoice: object, root: Root, left: Left
    ) -> Lines:
        """Make the lines of a usual record at once; calls would cost more than all of it.

        Raises:
            Exception: they are of several makes, or of one that was not seen before, or unusual.
        """
        size, words, rest, shared, (has_title, has_invoice, has_number), usual = self._reader.make
        _, _, heading, name, policy, currency, quantum = self._terms
        titles, ending = self._reader.titles, self._ending
        numbers: set[str] = set()
        lines: Lines = {}
        plain: Any = dict
        for child in children:
            mapping: Any = child.mapping
            is_alike = type(mapping) is plain and len(mapping) == size
            quantity, price, title, own, number = words(mapping if is_alike else NO_FIELDS)
            common = rest(mapping)[:shared]
            for value in common:
                if type(value) not in COMMON:
                    raise TypeError
            item, shared_terms = usual[common]
            if type(title) is not str or title not in titles or not has_title:
                title = self._reader.title(title) if has_title else ""
            no = number_of(number, numbers) if has_number else ""
            worth = amount = None
            if (
                type(quantity) is type(price) is Decimal
                and quantity.same_quantum(WHOLE)
                and (worth := price * quantity)
                and worth.adjusted() < MOST_DIGITS
            ):
                amount = worth if worth.same_quantum(quantum) else _rounded(worth, quantum, policy)
            if amount is None or invoice is not None or (own is not None and has_invoice):
                why = _reason(quantity, price, amount, own if has_invoice else None, invoice)
                if why is None:
                    self._single_line(child, span, invoice, root, lines, left, set())
                else:
                    left[child.name + ending] = why
            else:
                billable = child.name + ending
                line = _new_line()  # as `make_line` makes it
                line.number = 0
                line.item = item.named(no or child.id, title, quantity, price, worth, shared_terms)
                line.subscription = None
                line.subscription_id = line.own_key = ""
                line.heading, line.filter = heading, name
                line.span, line.currency = span, currency
                line.amount = line.net = amount
                line.discount = line.order_discount = ZERO
                line.tax = UNTAXED
                line.billable = billable
                line.type = PRODUCT
                line.tax_amount = line.corrects = None
                line.origin = new_tuple(Origin, (root, child, ()))
                lines[billable] = line
        return lines

    def _single_lines(
        self, children: Children, span: Span, invoice: object, root: Root, left: Left
    ) -> Lines:
        """Make the lines of a usual record one by one.

        Raises:
            ValueError: they are unusual.
        """
        numbers: set[str] = set()
        lines: Lines = {}
        for child in children:
            self._single_line(child, span, invoice, root, lines, left, numbers)
        return lines

    def _single_line(
        self,
        child: SourceRecord,
        span: Span,
        invoice: object,
        root: Root,
        lines: Lines,
        left: Left,
        numbers: set[str],
    ) -> None:
        """Make one line, or say why it is not billed.

        Raises:
            ValueError: it is unusual, or its order number is among those of others.
        """
        read = self._reader.read(child)
        if read is None or not read[2].is_simple:
            raise ValueError
        number, item, _, own = read
        number_of(number, numbers)
        billable = child.name + self._ending
        why = _billed(own, invoice) if item.is_billable else ZERO_QUANTITY
        if why is not None:
            left[billable] = why
            return
        lines[billable] = line = make_line(item, billable, span, self._terms)
        line.origin = new_tuple(Origin, (root, child, ()))


class _OpenRoot(Root):
    """A root that is still being made: its fields are plain stores."""

    __slots__ = ()
    __setattr__ = object.__setattr__
    __delattr__ = object.__delattr__  # only with both, a store is not a call


_new_root: Final = blank(_OpenRoot)


def _plain_root(record: SourceRecord, chosen: Filter) -> Root:
    """Give a record that says nothing of its document: as `Root` with its defaults, at once."""
    root: Any = _new_root()
    root.record, root.chosen = record, chosen
    root.reference = root.key = ""
    root.custom = root.mapped = ()
    root.is_single = False
    root.booked, root.kind = PLAINLY, STANDARD
    root.__class__ = Root
    sealed: Root = root
    return sealed


def _rounded(worth: Decimal, quantum: Decimal, policy: Policy) -> Decimal | None:
    """Round the price of a position; None if the unit price needs a further look."""
    if worth.same_quantum(CENT) or worth.same_quantum(TENTH) or worth.same_quantum(WHOLE):
        amount = worth.quantize(quantum, policy.rounding_mode)
        return amount or amount.copy_abs()
    return None


def _reason(
    quantity: object, price: object, amount: Decimal | None, own: object, invoice: object
) -> LeftOut | None:
    """Say why a line is not billed; None if it is, or if its numbers need a further look."""
    if amount is not None:
        return _billed(own, invoice)
    is_right = is_usual_number(quantity) and is_usual_number(price)
    return ZERO_QUANTITY if is_right and not quantity else None


def _billed(own: object, invoice: object) -> LeftOut | None:
    """Say which invoice a line or its record arrived with; None if neither did with one."""
    if is_empty(own):
        return None if is_empty(invoice) else invoiced(invoice)
    return invoiced(own)
