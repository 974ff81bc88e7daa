"""The words of documents and pictures: plain tables that a host chains its own in front of.

A word is looked up in the host's texts, then for the locale (``en_GB``), then for its language
(``en``), and at last in English.
"""

from billingcore.render.words.catalogues import WORDS, Texts, catalogue
from billingcore.render.words.lookup import Words

__all__ = ["WORDS", "Texts", "Words", "catalogue"]
