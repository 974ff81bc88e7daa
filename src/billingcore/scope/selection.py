"""What a run selects: filters of subscriptions, of records, and of usage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any

from attrs import field, frozen

from billingcore.errors import InvalidInputError, told
from billingcore.records.field_set import FieldSet
from billingcore.records.source import SourceRecord
from billingcore.scope.criteria import ALL_ACCOUNTS, Criteria
from billingcore.values.boundary import Boundary
from billingcore.values.keys import escape
from billingcore.values.sealing import fill

__all__ = ["Filter", "Selection", "StartFrom", "UseCase"]

PLAIN_FIELDS = FieldSet()

USAGE_FIELDS = ("type", "order_no", "subscription", "invoice")
"""The control fields that a record must have to be read as usage, besides the account."""


NOT_BILLED = frozenset({"OpportunityLineItemSchedule"})
"""Types of records that the generic run does not bill (behaviour 1.1)."""


class UseCase(Enum):
    """What a filter is for; the values are the products' words."""

    SUBSCRIPTION = ""
    """Chooses among subscriptions."""
    GENERIC = "Generic"
    """Bills records of any kind."""
    USAGE = "Continuous"
    """Bills records as usage of subscriptions."""
    DAILY_USAGE = "Continuous Daily"
    """The same, a line for each day."""


@frozen(init=False)
class Filter:
    """A named condition; what it selects is billed, and its name stays on the lines.

    >>> Filter("German", lambda subscription: subscription.template == "German").name
    'German'
    >>> orders = Filter("Orders", use_case=UseCase.GENERIC, target="Order", child_relation="Items")
    >>> orders.party
    ''

    Attributes:
        name: shown as an option, and stored on the lines.
        condition: record → whether it is selected; None selects all. A subscription for a filter
            of subscriptions, else a `SourceRecord`. Use an importable function, not a lambda,
            where runs travel to other processes.
        use_case: what it is for.
        target: the type of the records, like ``Order``; empty for subscriptions.
        child_relation: the relation whose records are the lines of a record; empty if the record
            is its own line. Of usage: the records that are read as usage.
        fields: how the fields of the records are called, for one party.
        parents: lookup field → type of the record that it points to, from which a run can start.
        group: shows filters together; it never decides anything.
        sequence: where it stands among filters; the lower one goes first.
        columns: fields that are shown of candidates, in their order.
        schema: the names of all fields that the records have that are read as usage; None if that
            is not known. A filter of usage whose records lack a control field is refused with it.
        party: the suffix of its fields; empty if there is only one party.

    Raises:
        InvalidInputError: a field is wrong, or does not fit the use case.
    """

    name: str
    condition: Callable[[Any], bool] | None
    use_case: UseCase
    target: str
    child_relation: str
    fields: FieldSet
    parents: Mapping[str, str]
    group: str
    sequence: int
    columns: tuple[str, ...]
    schema: frozenset[str] | None
    party: str = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        name: str,
        condition: Callable[[Any], bool] | None = None,
        *,
        use_case: UseCase = UseCase.SUBSCRIPTION,
        target: str = "",
        child_relation: str = "",
        fields: FieldSet = PLAIN_FIELDS,
        parents: Mapping[str, str] | None = None,
        group: str = "",
        sequence: int = 0,
        columns: Iterable[str] = (),
        schema: Iterable[str] | None = None,
    ) -> None:
        read = Boundary("Filter", name)
        fill(
            self,
            name=read.id("name", name),
            condition=condition,
            use_case=read.member("use_case", use_case, UseCase),
            target=read.text("target", target),
            child_relation=read.text("child_relation", child_relation),
            fields=read.instance("fields", fields, FieldSet),
            parents={
                read.id("parents", lookup): read.id("parents", kind)
                for lookup, kind in (parents or {}).items()
            },
            group=read.text("group", group),
            sequence=read.count("sequence", sequence),
            columns=tuple(read.id("columns", column) for column in columns),
            schema=None if schema is None else frozenset(schema),
        )
        given: object = condition
        if given is not None and not callable(given):
            fix = "give a function of the record"
            raise read.refuse("condition", condition, "not a condition", fix)
        self._check_target(read)
        fill(self, party=self.fields.suffix)

    def _check_target(self, read: Boundary) -> None:
        """Refuse a type of records that does not fit the use case."""
        target = self.target
        if self.use_case is not UseCase.SUBSCRIPTION and not target:
            fix = "name the type of the records, like target='Order'"
            raise read.refuse("target", target, "a filter of records needs their type", fix)
        if self.use_case is UseCase.SUBSCRIPTION and (target or self.child_relation):
            fix = "give use_case=UseCase.GENERIC, or leave it out"
            raise read.refuse("target", target, "not for a filter of subscriptions", fix)
        for name, kind in (("target", target), ("child_relation", self.child_relation)):
            if self.use_case is UseCase.GENERIC and kind in NOT_BILLED:
                fix = "bill the records that they belong to"
                raise read.refuse(name, kind, "the generic run bills no records of this type", fix)

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        """The control fields of usage that its records lack by their schema, as they are spelled."""
        if self.schema is None or self.use_case not in (UseCase.USAGE, UseCase.DAILY_USAGE):
            return ()
        names = USAGE_FIELDS if self.child_relation else (*USAGE_FIELDS, "account")
        any_record = SourceRecord("schema", "schema", dict.fromkeys(self.schema))
        real = {name: self.fields.name_of(name, any_record) for name in names}
        known = self.schema | {real.get(name, "") for name in self.fields.formulas}
        return tuple(field for field in real.values() if field not in known)

    def selects(self, record: Any) -> bool:
        """Tell whether a record passes the condition."""
        return self.condition is None or bool(self.condition(record))

    def takes(self, record: SourceRecord) -> bool:
        """Tell whether a record is of its type and passes the condition.

        Raises:
            InvalidInputError: the condition failed on this record.
        """
        if record.type != self.target:
            return False
        try:
            return self.selects(record)
        except Exception as error:  # noqa: BLE001 - the host's code, on the host's data
            rule = f"the condition of filter {self.name} raised {told(error)}"
            where = f"{record.type} {record.id!r}"
            fix = "mend the condition, or the record"
            raise InvalidInputError(rule, record=where, field="condition", fix=fix) from None


@frozen(init=False)
class StartFrom:
    """Where a run starts: from some records, or from their parents; nothing else is billed.

    >>> str(StartFrom(parents={"Account": "acme"}))
    'Account acme'

    Attributes:
        records: ids of records, like ``Order/O-1``.
        parents: type of a parent → its id; a record needs a lookup to each of them.
    """

    records: frozenset[str]
    parents: tuple[tuple[str, str], ...]

    def __init__(
        self,
        records: Iterable[SourceRecord | str] = (),
        *,
        parents: Mapping[str, str] | None = None,
    ) -> None:
        read = Boundary("StartFrom")
        names = (each.name if isinstance(each, SourceRecord) else each for each in records)
        fill(
            self,
            records=frozenset(read.id("records", name) for name in names),
            parents=tuple(
                sorted(
                    (read.id("parents", kind), read.id("parents", parent))
                    for kind, parent in (parents or {}).items()
                )
            ),
        )
        if not self.records and not self.parents:
            fix = "give a record, or the type and id of a parent"
            raise read.refuse("records", ..., "nothing to start from", fix)

    def reaches(self, record: SourceRecord, chosen: Filter) -> bool:
        """Tell whether a run that starts here looks at a record.

        Raises:
            InvalidInputError: a lookup cannot be read.
        """
        if self.records and record.name not in self.records:
            return False
        return all(self._points(record, chosen, kind, parent) for kind, parent in self.parents)

    def _points(self, record: SourceRecord, chosen: Filter, kind: str, parent: str) -> bool:
        lookups = [lookup for lookup, target in chosen.parents.items() if target == kind]
        return any(chosen.fields.read_name(record, lookup) == parent for lookup in lookups)

    def __str__(self) -> str:
        parents = (f"{kind} {parent}" for kind, parent in self.parents)
        return ", ".join([*sorted(self.records), *parents])


@frozen(init=False)
class Selection:
    """The filters of a run.

    Of subscriptions: without filters all are selected, one filter always applies, and of several
    exactly one must be chosen (behaviour 1.1). Filters of records and usage apply as many as are
    chosen, and all of them if nobody chose; chosen is the empty list if none shall apply.

    >>> Selection([Filter("all"), Filter("some")])
    Traceback (most recent call last):
        ...
    billingcore.errors.InvalidInputError: Selection: chosen = None: several filters and none \
chosen; choose one of all, some

    Attributes:
        filters: the filters that are defined.
        chosen: the names of those that apply, whatever they are for; None if nobody chose.
        exclusive: parties of which only one may be billed for a record (behaviour 3.3).
        start: where the run starts; None is everywhere. With one, no subscription is billed.
        has_subscriptions: whether subscriptions are billed.
        criteria: what is wanted by ready-made criteria, whatever the filters say.
        applied: the filter of subscriptions, None if every one is selected.
        applied_name: its name, empty if every subscription is selected.
        records: the filters of records that apply, in their sequence.
        usage: the filters of usage that apply, in their sequence.
        sources: the filters of records and usage that apply, in their sequence.
        name: all that was chosen, as one text; empty if everything is selected.
    """

    filters: tuple[Filter, ...]
    chosen: tuple[str, ...] | None
    exclusive: tuple[str, ...]
    start: StartFrom | None
    has_subscriptions: bool
    criteria: Criteria
    applied: Filter | None = field(init=False, eq=False, repr=False)
    applied_name: str = field(init=False, eq=False, repr=False)
    records: tuple[Filter, ...] = field(init=False, eq=False, repr=False)
    usage: tuple[Filter, ...] = field(init=False, eq=False, repr=False)
    sources: tuple[Filter, ...] = field(init=False, eq=False, repr=False)
    name: str = field(init=False, eq=False, repr=False)

    def __init__(
        self,
        filters: Iterable[Filter] = (),
        *,
        chosen: str | Iterable[str] | None = None,
        exclusive: Iterable[str] = (),
        start: StartFrom | None = None,
        has_subscriptions: bool = True,
        criteria: Criteria = ALL_ACCOUNTS,
    ) -> None:
        read = Boundary("Selection")
        names = (chosen,) if isinstance(chosen, str) else chosen
        fill(
            self,
            filters=tuple(read.instance("filters", each, Filter) for each in filters),
            chosen=None if names is None else tuple(dict.fromkeys(names)),
            exclusive=tuple(read.text("exclusive", party) for party in exclusive),
            start=read.optional("start", start, StartFrom),
            has_subscriptions=read.flag("has_subscriptions", has_subscriptions) and start is None,
            criteria=read.instance("criteria", criteria, Criteria),
        )
        self._check(read)
        applied = self._choose_subscriptions(read) if self.has_subscriptions else None
        fill(self, applied=applied, applied_name=applied.name if applied else "")
        sources = tuple(
            each
            for each in sorted(self.filters, key=_sequence)
            if each.use_case is not UseCase.SUBSCRIPTION
            and (self.chosen is None or each.name in self.chosen)
        )
        fill(
            self,
            records=tuple(each for each in sources if each.use_case is UseCase.GENERIC),
            usage=tuple(each for each in sources if each.use_case is not UseCase.GENERIC),
            sources=sources,
        )
        for each in self.usage:
            if each.unknown_fields:
                fields = ", ".join(each.unknown_fields)
                rule = f"the records of filter {each.name} lack control fields"
                fix = "add them, or give the filter's fields a formula for each"
                raise read.refuse("filters", fields, rule, fix)
        fill(self, name=self._name())
        if self.start is not None:
            self._check_start(read, self.start)

    def names(self, filter_name: str) -> bool:
        """Tell whether a filter of records or usage applies."""
        return any(each.name == filter_name for each in self.sources)

    def _check(self, read: Boundary) -> None:
        names = [each.name for each in self.filters]
        if len(set(names)) < len(names):
            raise read.refuse("filters", len(names), "two have the same name")
        for name in self.chosen or ():
            if name not in names:
                fix = "choose one of " + (", ".join(names) or "... (none is defined)")
                raise read.refuse("chosen", name, "no filter of this name", fix)

    def _choose_subscriptions(self, read: Boundary) -> Filter | None:
        defined = [each for each in self.filters if each.use_case is UseCase.SUBSCRIPTION]
        chosen = [each for each in defined if self.chosen is not None and each.name in self.chosen]
        if len(defined) == 1:
            return defined[0]  # always applied, no choice
        if not defined or len(chosen) == 1:
            return chosen[0] if chosen else None
        fix = "choose one of " + ", ".join(each.name for each in defined)
        what = "several filters and none chosen" if not chosen else "several filters are chosen"
        value = None if self.chosen is None else ", ".join(self.chosen)
        raise read.refuse("chosen", value, what, fix)

    def _check_start(self, read: Boundary, start: StartFrom) -> None:
        """Refuse a parent to which no filter has a lookup."""
        for kind, _ in start.parents:
            for chosen in self.sources:
                if kind not in chosen.parents.values():
                    known = ", ".join(sorted(set(chosen.parents.values()))) or "none"
                    fix = f"name its lookup in the filter's parents; it knows {known}"
                    rule = f"filter {chosen.name} has no lookup to a {kind}"
                    raise read.refuse("start", kind, rule, fix)

    def _name(self) -> str:
        names = [self.applied_name] if self.applied else []
        names += [each.name for each in self.sources]
        shown = [_in_name(name) for name in names]
        if self.start is not None:
            shown.append(f"from {self.start}".replace("+", "%2B"))
        elif self.sources and not self.has_subscriptions:
            shown.append("only")
        if self.criteria.name:
            shown.append(f"where {self.criteria.name}")
        return "+".join(shown)


def _in_name(text: str) -> str:
    """Write the name of a filter, since ``+`` stands between parts."""
    return escape(text).replace("+", "%2B")


def _sequence(chosen: Filter) -> int:
    return chosen.sequence
