"""Words of a host: chained in front of the library's, and refused where no document can use them."""

from __future__ import annotations

import re
from collections import ChainMap

import pytest

import billingcore as bc
from billingcore.render.words import Words
from billingcore.render.words.catalogues import placeholders
from tests.unit.finals import house, plain

FRENCH = {"final": "Facture finale", "tax": "TVA {rate} sur {base}", "net": "Total HT"}
OWN = {"net": "Hors taxe"}
SHOP = {"due": "Reste à payer"}


def shown(texts, locale="fr_FR"):
    """Write the final of a house with single spaces."""
    return " ".join(plain(bc.render.text(house(), locale, texts=texts)).split())


@pytest.mark.parametrize("language", ["en", "de", "de_CH", "en_GB"])
def test_a_language_has_every_word(language):
    """English and German have the same names with the same placeholders, whatever the country."""
    english, words = bc.render.catalogue(), bc.render.catalogue(language)

    assert list(words) == list(english)
    assert {name: placeholders(word) for name, word in words.items()} == {
        name: placeholders(word) for name, word in english.items()
    }


def test_countries_change_a_language():
    """A catalogue of a country has what it writes differently."""
    assert bc.render.catalogue("de_CH")["column_tax"] == "MWST"
    assert bc.render.catalogue("de_AT")["column_tax"] == "USt"


def test_a_catalogue_cannot_be_changed():
    """What the library gives out is read only."""
    with pytest.raises(TypeError):
        bc.render.catalogue()["net"] = "x"


def test_a_language_without_words_is_refused():
    """A language that the library does not have is named, with what to do."""
    with pytest.raises(bc.InvalidInputError, match="no words of this language") as refused:
        bc.render.catalogue("fr_CA")

    assert refused.value.field == "language"


@pytest.mark.parametrize(
    ("texts", "net"),
    [
        (FRENCH, "Total HT"),
        ([OWN, FRENCH], "Hors taxe"),
        ((FRENCH, OWN), "Total HT"),
        (ChainMap(OWN, FRENCH), "Hors taxe"),
        ([{}, FRENCH], "Total HT"),
    ],
    ids=["one", "list", "tuple", "chain map", "first is empty"],
)
def test_the_first_catalogue_that_has_a_word_decides(texts, net):
    """Of several catalogues the first that has a word decides; the library has the rest."""
    text = shown(texts)

    assert text.count("Facture finale (draft)") == 1
    assert f"{net} 10 000,00 €" in text
    assert "TVA 19 % sur 10 000,00 € 1 900,00 €" in text
    assert "Less earlier invoices" in text


@pytest.mark.parametrize(
    "render",
    [bc.render.text, bc.render.html, bc.render.page, bc.render.chain_svg, bc.render.draft_mark],
    ids=lambda render: render.__name__,
)
def test_everything_takes_the_same_catalogues(render):
    """Texts, pages and pictures take one catalogue or several, and refuse the same mistakes."""
    texts = [{"remaining": "Solde"}, {"draft_mark": "Brouillon {version}", "draft": "brouillon"}]

    assert re.search("Solde|[Bb]rouillon", render(house(), "fr_FR", texts=texts))
    with pytest.raises(bc.InvalidInputError):
        render(house(), "fr_FR", texts={"nett": "HT"})


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"nett": "HT"}, "texts: nett = 'HT': no word of this name; did you mean net?"),
        ({"zzz": "HT"}, "no word of this name; use a name that render.catalogue"),
        ({"tax": "TVA sur {base}"}, "must be {base}, {rate}; in English it is 'Tax {rate} on"),
        ({"tax": "TVA {rat} sur {base}"}, "its placeholders must be {base}, {rate}"),
        ({"net": "HT {rate}"}, "its placeholders must be none; in English it is 'Net'"),
        ({"net": "HT {}"}, "its placeholders must be none"),
        ({"code_XYZ": "pièce {n}"}, "its placeholders must be none; in English it is ''"),
        ({"net": 3}, "net = 3: not text"),
        ({3: "HT"}, "name = 3: not text"),
        ([OWN, {"nett": "HT"}], "did you mean net"),
        ("net", "no catalogue; give a mapping from names to words, or a list"),
        (7, "no catalogue"),
        ([OWN, 7], "no catalogue; give a mapping"),
    ],
    ids=[
        "misspelled", "unknown", "one missing", "misspelled placeholder", "one too many", "no name",
        "unit with a placeholder", "no text", "no name of a word", "second catalogue", "text",
        "number", "number among catalogues",
    ],
)  # fmt: skip
def test_a_mistake_is_named(texts, message):
    """A word that no document can use is refused, with its name and what was meant."""
    with pytest.raises(bc.InvalidInputError) as refused:
        shown(texts)

    assert message in str(refused.value)


def test_an_empty_word_leaves_out_what_it_says():
    """A host that does not want a sentence gives an empty one, placeholders or not."""
    text = shown([{"disclosed": "", "hint_deducted": ""}])

    assert "line 1" not in text


def test_a_unit_of_the_host_has_a_word():
    """A unit code that the library has no word for takes the host's, in singular and plural."""
    words = Words("en", {"code_XPX": "pallet|pallets"})

    assert words.counted("code_XPX", "XPX", is_one=True) == "pallet"
    assert words.counted("code_XPX", "XPX", is_one=False) == "pallets"


def test_what_is_filled_in_is_not_read_again():
    """A number or title that looks like a placeholder is printed as it is."""
    words = Words("en")

    filled = words("document_of", kind="Invoice", number="{date}", date="1 May")

    assert filled == "Invoice {date} of 1 May"
