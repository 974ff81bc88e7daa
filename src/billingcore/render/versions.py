"""What a document was made with: it can be made again, alike, as long as both are at hand.

German rules for digital books (GoBD, as of 14 July 2025) ask for no image of an outgoing invoice
if one with the same content can be made again at any time.
"""

from __future__ import annotations

from typing import Final

__all__ = ["LIBRARY", "locale_data"]

LIBRARY: Final = "billingcore 0.1.0"
"""The library with its version."""


def locale_data() -> str:
    """Name the package that knows how locales write numbers and dates, like ``Babel 2.18.0``."""
    import babel

    return f"Babel {babel.__version__}"
