"""Documents as people read them; the only door to Babel."""

from billingcore.render.markup import html
from billingcore.render.picture import chain_svg
from billingcore.render.text import text

__all__ = ["chain_svg", "html", "text"]
