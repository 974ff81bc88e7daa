"""A store whose calls are written down, so that a failing clause can tell what led there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, cast

from billingcore.errors import told
from billingcore.invoices.document import DraftInvoice
from billingcore.invoices.outcome import AccountOutcome
from billingcore.lifecycle.books import PendingInvoice

__all__ = ["Watched"]

_LONGEST: Final = 60


class Watched:
    """Hands every call on to a store, and writes it down.

    Attributes:
        store: the store.
        calls: what was called so far, oldest first, with what was raised.
    """

    def __init__(self, store: object, calls: list[str]) -> None:
        self.store: Any = store
        self.calls: list[str] = calls

    def __getattr__(self, name: str) -> Any:
        """Give what the store has under a name; a method that writes down its calls."""
        found = getattr(self.store, name)
        if not callable(found):
            return found
        act = cast("Callable[..., Any]", found)

        def called(*args: Any, **options: Any) -> Any:
            shown = [_shown(each) for each in args]
            shown += [f"{key}={_shown(value)}" for key, value in options.items()]
            place = len(self.calls)
            self.calls.append(f"{name}({', '.join(shown)})")
            try:
                return act(*args, **options)
            except Exception as error:
                self.calls[place] += f" raised {told(error)}"
                raise

        return called


def _shown(value: object) -> str:
    """Write an argument in a few words."""
    if isinstance(value, str | int) or value is None:
        text = repr(value)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    if isinstance(value, DraftInvoice):
        return f"draft {value.id} of version {value.version}"
    if isinstance(value, PendingInvoice):
        return f"{_shown(value.draft)} by {value.counter.name}"
    if isinstance(value, AccountOutcome):
        what = f"{len(value.drafts)} drafts, {len(value.problems)} problems"
        return f"outcome of {value.account} at revision {value.revision}: {what}"
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, cast('Iterable[object]', value)))}]"
    return f"{type(value).__name__} {getattr(value, 'id', '')}".rstrip()
