"""The few classes whose constructor takes something else than they keep.

Each is written as its constructor wants it, so that it is read by its constructor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, time, tzinfo
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, cast

from billingcore.plain.names import UnknownZone
from billingcore.records.chain_document import ChainDocument
from billingcore.records.change import Change
from billingcore.records.mapping import DataMapping
from billingcore.records.reasons import Reason
from billingcore.records.source import SourceRecord
from billingcore.runs.intervals import Alignment, DayRange
from billingcore.runs.posting import PostingReport
from billingcore.runs.schedules import ScheduledRun
from billingcore.runs.tally import Tally
from billingcore.scope.criteria import Criteria
from billingcore.scope.selection import Filter, StartFrom, UseCase
from billingcore.tax.table import TaxRate, TaxTable
from billingcore.values.instants import ServiceDays
from billingcore.values.sealing import fill
from billingcore.values.texts import Texts

__all__ = ["MAKERS", "VIEWS", "View"]

View = tuple[Any, Callable[[Any], object]]
"""What a parameter takes as a type hint, and how it is got from the value."""

_TEXTS: Final = tuple[str, ...]
_COUNTS: Final = Mapping[Reason, int]


def _readable(record: SourceRecord) -> Mapping[object, object]:
    """Give the fields of a record, also where they are attributes of an object."""
    if record.mapping is not None:
        return cast("Mapping[object, object]", record.mapping)
    missing = object()
    values = {name: record.get(name, missing) for name in record.field_names()}
    return {name: value for name, value in values.items() if value is not missing}


def _constant(value: object) -> object:
    """Write a constant of a mapping as JSON has it."""
    if isinstance(value, str):
        return f"${value}" if value.startswith("$") else value
    return value.isoformat() if isinstance(value, date) else value


def _entries(entries: Iterable[Any], prefix: str) -> dict[str, object]:
    return {
        each.path.removeprefix(prefix): (
            _constant(each.constant) if each.reference is None else each.reference.text
        )
        for each in entries
    }


_FIELDS: Final = attrgetter("_fields")
_ITEMS: Final = attrgetter("_items")
_EXTERNAL_IDS: Final = attrgetter("_external_ids")
_RATES: Final = attrgetter("_rates")
_IGNORED: Final = " is ignored"


def _source(mapping: DataMapping) -> dict[str, object]:
    """Write a data mapping as the JSON object that it could have been read from."""
    items: dict[str, dict[str, object]] = {
        key: {"fields": _entries(entries, f"items.{key}.fields.")}
        for key, entries in _ITEMS(mapping)
    }
    source: dict[str, object] = {}
    for notice in mapping.notices:
        place, _, _ = notice.partition(_IGNORED)
        if place == "fieldsToUpdate":
            source[place] = {}
        else:
            items[place.removeprefix("items.").removesuffix(".tiers")]["tiers"] = {}
    parts = {
        "fields": _entries(_FIELDS(mapping), "fields."),
        "items": items,
        "externalIdFields": dict(_EXTERNAL_IDS(mapping)),
    }
    return source | {name: part for name, part in parts.items() if part}


def _chosen(*uses: UseCase) -> Callable[[ScheduledRun], tuple[str, ...]]:
    def names(run: ScheduledRun) -> tuple[str, ...]:
        kinds = {each.name: each.use_case for each in run.selection.filters}
        return tuple(name for name in run.selection.chosen or () if kinds[name] in uses)

    return names


_subscription: Final = _chosen(UseCase.SUBSCRIPTION)


def _rates(table: TaxTable) -> dict[str, tuple[TaxRate, ...]]:
    return {code: tuple(rate for rate, _ in rows) for code, rows in _RATES(table).items()}


VIEWS: Final[Mapping[type, Mapping[str, View]]] = {
    DataMapping: {
        "source": (Mapping[str, object], _source),
    },
    PostingReport: {
        "numbers": (_TEXTS, lambda report: tuple(report.numbers)),
    },
    ScheduledRun: {
        "interval": (str, lambda run: str(run.interval)),
        "alignment": (
            Alignment | None,
            lambda run: None if isinstance(run.interval, DayRange) else run.alignment,
        ),
        "invoice_date": (
            str | None,
            lambda run: None if run.invoice_date is None else str(run.invoice_date),
        ),
        "filters": (tuple[Filter, ...], lambda run: run.selection.filters),
        "subscription_filter": (str, lambda run: "".join(_subscription(run))),
        "generic_filters": (_TEXTS, _chosen(UseCase.GENERIC)),
        "usage_filters": (_TEXTS, _chosen(UseCase.USAGE, UseCase.DAILY_USAGE)),
        "criteria": (Criteria, lambda run: run.selection.criteria),
    },
    SourceRecord: {
        "values": (Mapping[object, object], _readable),
    },
    StartFrom: {
        "parents": (Mapping[str, str], lambda start: dict(start.parents)),
    },
    Tally: {
        "draft_ids": (_TEXTS, lambda tally: tuple(tally.draft_ids)),
        "excluded": (_COUNTS, lambda tally: dict(tally.excluded)),
        "left_out": (_COUNTS, lambda tally: dict(tally.left_out)),
    },
    TaxRate: {
        "rate": (Decimal, attrgetter("rate")),
        "start": (date | None, lambda rate: rate.valid.first),
        "end": (date | None, lambda rate: rate.valid.last),
    },
    TaxTable: {
        "rates": (Mapping[str, tuple[TaxRate, ...]], _rates),
    },
}
"""Class → parameter of its constructor → what it takes, and how it is got from a value."""


_NONE: Final[Mapping[Reason, int]] = {}


def _make_change(terms: Iterable[tuple[str, Any]], **fields: Any) -> Change:
    return Change(**fields, **dict(terms))


def _make_chain_document(open: Decimal | None = None, **fields: Any) -> ChainDocument:
    """Make a document of a chain; what is open may be less than unpaid, since a final asks for it."""
    made = ChainDocument(**fields)
    if open is not None:
        fill(made, open=open)
    return made


def _make_service_days(
    zone: tzinfo, cut_off: time = time(0), naive: tzinfo | None = None, **names: str
) -> ServiceDays:
    """Make a rule; a zone that is not known here is put in afterwards, since it cannot be tried."""
    unknown = {
        name: each
        for name, each in (("zone", zone), ("naive", naive))
        if isinstance(each, UnknownZone)
    }
    made = ServiceDays(
        UTC if "zone" in unknown else zone,
        cut_off=cut_off,
        naive=UTC if "naive" in unknown else naive,
        **names,
    )
    fill(made, **unknown)
    return made


def _make_tally(
    draft_ids: Iterable[str] = (),
    excluded: Mapping[Reason, int] = _NONE,
    left_out: Mapping[Reason, int] = _NONE,
    **fields: Any,
) -> Tally:
    return Tally(
        draft_ids=Texts(draft_ids),
        excluded=Counter(excluded),
        left_out=Counter(left_out),
        **fields,
    )


def _make_posting(numbers: Iterable[str] = (), **fields: Any) -> PostingReport:
    return PostingReport(numbers=Texts(numbers), **fields)


MAKERS: Final[Mapping[type, Callable[..., object]]] = {
    ChainDocument: _make_chain_document,
    Change: _make_change,
    PostingReport: _make_posting,
    ServiceDays: _make_service_days,
    Tally: _make_tally,
}
"""Class → what makes it, where that is not the class itself."""
