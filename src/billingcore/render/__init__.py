"""Documents and values as people read them: texts, pages and pictures; the only door to Babel."""

from billingcore.render.coverage_picture import coverage_svg
from billingcore.render.deferral_picture import deferral_svg
from billingcore.render.mark import draft_mark
from billingcore.render.markup import html, page
from billingcore.render.notebook import table
from billingcore.render.picture import chain_svg
from billingcore.render.progress_picture import progress_svg
from billingcore.render.proration_picture import proration_svg
from billingcore.render.rendered import document_name
from billingcore.render.text import text
from billingcore.render.words import catalogue

__all__ = [
    "catalogue",
    "chain_svg",
    "coverage_svg",
    "deferral_svg",
    "document_name",
    "draft_mark",
    "html",
    "page",
    "progress_svg",
    "proration_svg",
    "table",
    "text",
]
