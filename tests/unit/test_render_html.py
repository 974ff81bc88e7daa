"""Documents as HTML: what they show, how they are built, and that nothing of a host is markup."""

from __future__ import annotations

import decimal
import re
from html.parser import HTMLParser

import pytest

import billingcore as bc
from billingcore.invoices.chain import Chain
from tests.unit.finals import (
    JUNE,
    P_1,
    P_2,
    SELLER,
    final,
    house,
    issued,
    paper,
    plain,
    sub,
    work,
)

KIND = bc.InvoiceKind
TAGS = {
    "article", "style", "h1", "div", "p", "br", "dl", "dt", "dd", "table", "caption", "thead",
    "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"class", "lang", "scope", "colspan"}
EVIL = '<script>alert(\'1\')</script> " onload="x" ]]> & \u202e </article>'


class Reader(HTMLParser):
    """Reads a page: its tags, whether they are closed in order, and its visible text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.texts, self.open = set(), [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag != "br":
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        hidden = any(tag == "style" or each.get("class") == "unseen" for tag, each in self.open)
        if not hidden:
            self.texts.append(data)

    @property
    def words(self):
        """All words, sorted: a page has the cells of a row in another order than a terminal."""
        return sorted(plain(" ".join(self.texts)).split())


def full_invoice():
    """Make an invoice with descriptions, discounts, gross prices, a reason without tax, and terms."""
    terms = bc.PaymentTerms(cash_discounts=[bc.CashDiscount(7, percent=3)])
    template = bc.Template(
        "Default", payment_terms=terms, payment_days=14, intro="Dear\nAnna", footer="Bye"
    )
    account = bc.Account("acme", name="Acme & Co", currency="EUR", entity="Bau GmbH")
    items = [
        work(100, description="Line 1\nLine 2", discount=bc.Discount.percent(10, title="Treue")),
        work(119, title="Brutto", price_includes_tax=True),
        work(50, "EU", title="Export"),
        work(10, None, title="Frei", price_type=bc.FLAT),
    ]
    rates = bc.TaxTable({"DE_19": 19, "EU": bc.TaxRate(0, category=bc.TaxCategory.REVERSE_CHARGE)})
    setup = bc.Setup([template], [SELLER])
    made = bc.draft(account, items, period=JUNE, tax=rates, setup=setup)
    return issued(made)


PART_PAID = sub("P-3", ("DE_19", "250.00", "47.50"), paid=[("DE_19", "100.00", "19.00")])
DOCUMENTS = [
    pytest.param(full_invoice, id="invoice"),
    pytest.param(lambda: issued(house()), id="final"),
    pytest.param(house, id="draft-of-a-final"),
    pytest.param(lambda: house(shape=bc.FinalShape.REMAINDER), id="remainder"),
    pytest.param(lambda: final([P_1, P_2, PART_PAID], work(4000)), id="over-invoiced"),
    pytest.param(
        lambda: final([P_1], work(10000), work(1000, "DE_7", "Pflanzen")), id="two-rates"
    ),
    *(
        pytest.param(lambda kind=kind: issued(paper(kind, work(100))), id=kind.value)
        for kind in (KIND.PARTIAL, KIND.PROGRESS, KIND.DEPOSIT, KIND.PRO_FORMA)
    ),
]  # fmt: skip


@pytest.mark.parametrize("locale", ["de_DE", "en_US"])
@pytest.mark.parametrize("make", DOCUMENTS)
def test_the_same_content_as_text(make, locale):
    """A page shows every word and every amount of the text, and nothing else."""
    document = make()
    text = plain(bc.render.text(document, locale))
    words = sorted(word for word in text.split() if set(word) - set("-="))

    assert Reader(bc.render.html(document, locale)).words == words


@pytest.mark.parametrize("make", DOCUMENTS)
def test_nothing_but_plain_elements(make):
    """A page has no scripts, no links and no attributes but classes, scopes and languages."""
    page = Reader(bc.render.html(make()))

    assert page.tags <= TAGS
    assert {name for name, _ in page.attributes} <= ATTRIBUTES


def test_tables_are_accessible():
    """Every table has a caption and its cells have heads, for a column or a row."""
    page = bc.render.html(issued(house()))

    assert page.count("<table") == page.count("<caption") == 4
    assert page.count("<thead>") == 2
    assert "<caption>Abzüglich vorangegangener Rechnungen</caption>" in page
    assert '<caption class="unseen">Positionen</caption>' in page
    assert '<th scope="col" class="amount">Brutto</th>' in page
    assert '<th scope="row">Verbleibender Betrag</th>' in page
    assert '<article class="billingcore-document" lang="de-DE">' in page


def test_the_deductions_of_a_page():
    """The table of deductions has a row for each invoice, and a part of its own for what is left."""
    page = plain(bc.render.html(house()))
    table = re.search('<table class="deductions">.*?</table>', page, re.DOTALL)[0]
    less, remaining = re.findall("<tbody>(.*?)</tbody>", table, re.DOTALL)

    assert less.count("<tr>") == 3
    assert (
        '<th scope="row">abzüglich Abschlagsrechnung P-1 vom 01.03.2026, bezahlt</th>'
        '<td class="amount">19 %</td><td class="amount">-2.500,00 €</td>'
        '<td class="amount">-475,00 €</td><td class="amount">-2.975,00 €</td>' in less
    )
    assert '<td class="amount">5.950,00 €</td>' in remaining


def test_line_breaks_stay():
    """Addresses, descriptions and letters keep their lines."""
    page = bc.render.html(full_invoice())

    assert "Hauptstraße 1<br>10115 Berlin" in page
    assert "Line 1<br>Line 2" in page
    assert "<p>Dear<br>Anna</p>" in page


@pytest.mark.parametrize(
    ("locale", "texts", "expected"),
    [
        ("en_GB", None, "en-GB"),
        ("de_CH", None, "de-CH"),
        ("fr_FR", None, "en"),
        ("fr_FR", {"net": "Total HT"}, "fr-FR"),
    ],
    ids=["English", "Swiss", "no-words", "words-of-the-host"],
)
def test_the_language_is_that_of_the_words(locale, texts, expected):
    """A page in a locale without words is in English, unless the host brings words."""
    assert f' lang="{expected}">' in bc.render.html(full_invoice(), locale, texts=texts)


def evil():
    """Make a final whose every text is an attack."""
    template = bc.Template("Default", intro=EVIL, footer=EVIL)
    seller = bc.BusinessEntity("Bau GmbH", address=EVIL, tax_id=EVIL, bank=EVIL)
    account = bc.Account(
        "acme", name=EVIL, address=EVIL, tax_id=EVIL, currency="EUR", entity="Bau GmbH"
    )
    item = work(500, title=EVIL, description=EVIL, discount=bc.Discount.percent(1, title=EVIL))
    setup = bc.Setup([template], [seller])
    rates = bc.TaxTable({"DE_19": 19})
    made = bc.draft(account, [item], period=JUNE, tax=rates, setup=setup)
    before = sub(
        EVIL, ("DE_19", "100.00", "19.00"), paid=[], lines=[bc.ChainLine(EVIL, P_1.open, 1)]
    )
    from billingcore.tax.chain import with_deductions
    from billingcore.values.sealing import changed

    chain = Chain(EVIL, milestone=EVIL)
    return with_deductions(changed(made, kind=KIND.FINAL, chain=chain), [before])


@pytest.mark.parametrize("number", [EVIL, "S-1"], ids=["evil-number", "plain-number"])
def test_texts_of_the_host_are_no_markup(number):
    """Whatever names, numbers, titles and words contain is shown as it is, without directions."""
    texts = {"net": EVIL, "unit_price": EVIL, "positions": EVIL, "deductions": EVIL}
    written = bc.render.html(issued(evil(), number), texts=texts)
    page = Reader(written)

    assert page.tags <= TAGS
    assert {name for name, _ in page.attributes} <= ATTRIBUTES
    assert written.count("<script") == 0
    assert written.count("</article>") == 1
    assert "<script>alert('1')</script>" in " ".join(page.texts)


def test_directions_of_the_host_are_taken_out():
    """Nothing of a document can turn around the amounts beside it."""
    assert "\u202e" not in bc.render.html(issued(evil(), EVIL))


def test_unknown_locales_are_refused():
    """A locale that does not exist is refused, as for text."""
    with pytest.raises(bc.InvalidInputError, match="no such locale"):
        bc.render.html(house(), "xx_YY")


def test_the_hosts_decimal_context_does_not_matter():
    """A page is the same under a context of three digits."""
    expected = bc.render.html(house())
    with decimal.localcontext(decimal.Context(prec=3)):
        assert bc.render.html(house()) == expected
