"""Which subscriptions a run selects."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import field, frozen

from billingcore.records.subscription import Subscription
from billingcore.values.boundary import Boundary
from billingcore.values.sealing import fill

__all__ = ["Filter", "Selection"]


@frozen(init=False)
class Filter:
    """A named condition; what it selects is billed, and its name stays on the lines.

    >>> Filter("German", lambda subscription: subscription.template == "German").name
    'German'

    Attributes:
        name: shown as an option, and stored on the lines.
        condition: subscription → whether it is selected; None selects all. Use an importable
            function, not a lambda, where runs travel to other processes.
    """

    name: str
    condition: Callable[[Subscription], bool] | None

    def __init__(self, name: str, condition: Callable[[Subscription], bool] | None = None) -> None:
        fill(self, name=Boundary("Filter", name).id("name", name), condition=condition)

    def selects(self, subscription: Subscription) -> bool:
        """Tell whether a subscription passes."""
        return self.condition is None or bool(self.condition(subscription))


@frozen(init=False)
class Selection:
    """The filters of a run, and the one that is chosen.

    Without filters every subscription is selected, one filter always applies, and of several
    exactly one must be chosen (behaviour 1.1).

    >>> Selection([Filter("all"), Filter("some")])
    Traceback (most recent call last):
        ...
    billingcore.errors.InvalidInputError: Selection: chosen = None: several filters and none \
chosen; choose one of all, some

    Attributes:
        filters: the filters that are defined.
        chosen: the name of the one that applies.
        applied: the filter that applies, None if every subscription is selected.
        applied_name: its name, empty if every subscription is selected.
    """

    filters: tuple[Filter, ...]
    chosen: str | None
    applied: Filter | None = field(init=False, eq=False, repr=False)
    applied_name: str = field(init=False, eq=False, repr=False)

    def __init__(self, filters: Iterable[Filter] = (), *, chosen: str | None = None) -> None:
        fill(self, filters=tuple(filters), chosen=chosen)
        read = Boundary("Selection")
        names = [each.name for each in self.filters]
        fix = "choose one of " + ", ".join(names)
        if len(set(names)) < len(names):
            raise read.refuse("filters", len(names), "two have the same name")
        if chosen is None and len(names) > 1:
            raise read.refuse("chosen", chosen, "several filters and none chosen", fix)
        if chosen is not None and chosen not in names:
            raise read.refuse("chosen", chosen, "no filter of this name", fix)
        applied = next((each for each in self.filters if chosen in (None, each.name)), None)
        fill(self, applied=applied, applied_name=applied.name if applied else "")
