"""Documents as people read them; the only door to Babel."""

from billingcore.render.text import text

__all__ = ["text"]
