"""Documents of drafts and of invoices: which of them are made, and who gets them."""

from __future__ import annotations

from importlib.metadata import version
from itertools import islice

import babel
import pytest

import billingcore as bc
from billingcore.testing import content_of
from billingcore.testing.faults import Counting
from tests.documents import (
    MARCH_RUN,
    TEXT,
    Target,
    drafted,
    invoice_of,
    invoiced,
    make,
    make_final,
    review,
)
from tests.unit.engine.records import JANUARY, accounts, draft_of, once, run_of, store_of


class TestDrafts:
    """Documents of drafts."""

    def test_they_go_to_active_targets_for_drafts_only(self):
        """A target for invoices, or one that is not active, gets no draft."""
        targets = [
            review(),
            review("idle", is_active=False),
            Target("archive"),
            Target("old", is_active=False),
        ]
        report = make(drafted("acme", "borg"), *targets)

        assert [len(each.held) for each in targets] == [2, 0, 0, 0]
        assert list(report.kept) == ["review"]

    @pytest.mark.parametrize(
        "targets",
        [
            pytest.param([], id="no target"),
            pytest.param([Target("archive")], id="only for invoices"),
            pytest.param([review(is_active=False)], id="not active"),
            pytest.param([review(is_active=False), Target("archive")], id="neither"),
        ],
    )
    def test_without_a_target_for_drafts_nothing_is_made(self, targets):
        """The call is refused before the store is asked or anything is made."""
        store, asked = Counting(drafted("acme")), []
        with pytest.raises(bc.InvalidInputError, match="is active and for drafts") as caught:
            make(store, *targets, renderer=lambda *args: asked.append(args))

        assert caught.value.fix == "add a target with is_active=True and is_for_drafts=True"
        assert (store.calls, asked) == ([], [])
        assert all(target.calls == [] for target in targets)

    def test_each_says_what_it_is(self):
        """A document has the id, version and language of its draft, no number, and how it was made."""
        store, target = drafted("acme"), review()
        (draft,) = store.drafts()
        store.put(bc.edit.discount_order(draft, bc.Discount.percent(10)))
        make(store, target, locale="de_DE")
        (made,) = target.held.values()

        assert (made.document, made.is_draft, made.version) == (draft.id, True, 2)
        assert (made.language, made.media_type) == ("de-DE", TEXT)
        assert made.library == f"billingcore {version('billingcore')}"
        assert made.locale_data == f"Babel {babel.__version__}"
        assert made.name == bc.render.document_name(draft, "txt")
        assert "Rechnung (Entwurf)" in made.content

    def test_a_later_version_takes_the_place(self):
        """After an edit the same name holds the new version, and there is still one document."""
        store, target = drafted("acme"), review()
        make(store, target)
        (draft,) = store.drafts()
        store.put(bc.edit.discount_order(draft, bc.Discount.percent(10)))
        make(store, target)

        assert [each.version for each in target.held.values()] == [2]

    def test_the_store_stays_as_it_is(self):
        """Drafts are only read, and nothing in the store knows of their documents."""
        store = drafted("acme", "borg")
        before, watched = content_of(store), Counting(store)
        make(watched, review())
        make(watched, review(), ids=[each.id for each in store.drafts()])

        assert content_of(store) == before
        assert set(watched.calls) == {"drafts", "draft"}

    def test_a_document_of_a_draft_is_no_part_of_its_invoice(self):
        """An invoice whose draft had documents has no files, and its document is another one."""
        store, tray, archive = drafted("acme"), review(), Target("archive")
        make(store, tray)
        bc.post(store, on="2026-04-01")
        (invoice,) = store.invoices()
        make_final([invoice], archive)

        assert bc.distribution(invoice).attachments == ()
        assert not set(tray.held) & set(archive.held)

    def test_the_order_is_that_of_the_ids(self):
        """However accounts were added, drafts come in the order of their ids, for each target."""
        targets = [review("b"), review("a")]
        report = make(drafted("zeta", "acme", "borg"), *targets)
        wanted = [f"{MARCH_RUN}/{name}/S-{name}" for name in ("acme", "borg", "zeta")]

        assert [each.calls for each in targets] == [wanted, wanted]
        assert list(report.kept) == ["b", "a"]
        assert report.kept["a"].documents == wanted

    def test_drafts_of_a_run(self):
        """With the id of a run its drafts alone are taken."""
        store = drafted("acme")
        bc.execute(bc.InvoiceRun(bc.Period.month(2026, 4), id="April"), store)
        target = review()
        make(store, target, run_id=MARCH_RUN)

        assert target.calls == [f"{MARCH_RUN}/acme/S-acme"]

    def test_chosen_drafts(self):
        """With ids these drafts are taken, in this order; with a condition those that it wants."""
        store, by_id, by_condition = drafted("acme", "borg", "zeta"), review(), review()
        acme, borg, zeta = (each.id for each in store.drafts())
        make(store, by_id, ids=[zeta, acme])
        make(store, by_condition, condition=lambda draft: draft.account.id == "borg")

        assert by_id.calls == [zeta, acme]
        assert by_condition.calls == [borg]

    def test_drafts_of_a_report(self):
        """The ids of a run's report are such a choice."""
        store, target = accounts("acme", "borg"), review()
        report = bc.execute(run_of(), store)
        make(store, target, ids=report.drafts.ids)

        assert target.calls == list(report.drafts.ids)

    def test_a_draft_that_is_none_any_more_spoils_no_other(self):
        """A draft that was finalized or discarded meanwhile is a problem, and others are made."""
        store, target = drafted("acme", "borg", "zeta"), review()
        acme, borg, zeta = (each.id for each in store.drafts())
        bc.finalize(store.draft(acme), store, on="2026-04-01")
        store.discard(borg)
        report = make(store, target, ids=[acme, borg, zeta])

        assert target.calls == [zeta]
        assert (report.documents, report.failures) == (3, 2)
        assert [each.problem.record for each in report.problems] == [acme, borg]
        assert {each.target for each in report.problems} == {""}

    @pytest.mark.parametrize(
        ("choice", "field"),
        [
            pytest.param({"ids": ["a"], "run_id": "r"}, "ids", id="both"),
            pytest.param({"ids": "March/acme"}, "ids", id="one text"),
            pytest.param({"ids": [draft_of(once())]}, "ids", id="drafts for ids"),
            pytest.param({"keep": -1}, "keep", id="a count below zero"),
            pytest.param({"media_type": "image/png"}, "media_type", id="unknown type"),
            pytest.param({"media_type": "PDF", "extension": "pdf"}, None, id="no media type"),
            pytest.param({"extension": "../x"}, "extension", id="no extension"),
            pytest.param({"condition": "acme"}, "condition", id="no condition"),
        ],
    )
    def test_a_wrong_call_is_refused(self, choice, field):
        """What no draft can be made with is refused, or a problem of each draft."""
        store = drafted("acme")
        if field is None:
            (found,) = make(store, review(), **choice).problems
            assert found.problem.field == "media_type"
            return
        with pytest.raises(bc.InvalidInputError) as caught:
            make(store, review(), **choice)
        assert (caught.value.record, caught.value.field) == ("render_drafts", field)

    def test_drafts_instead_of_their_store_are_refused(self):
        """A list of drafts is no store, and the error says what to give."""
        drafts = list(drafted("acme").drafts())
        with pytest.raises(bc.InvalidInputError, match="no store; give the store that has"):
            bc.render_drafts(drafts, [Target("review")], bc.render.text, media_type=TEXT)

    def test_an_ending_of_the_host(self):
        """A media type that is not known needs to say how names end."""
        target = review()
        make(drafted("acme"), target, media_type="image/png", extension="png")
        (name,) = target.held

        assert name.endswith(".png")


class TestTargets:
    """What a target says of itself."""

    def test_two_of_a_name_are_refused(self):
        """Two targets that share a name are refused, since the report could not tell them apart."""
        with pytest.raises(bc.InvalidInputError, match="two targets share this name"):
            make(drafted("acme"), review(), Target("review"))

    @pytest.mark.parametrize(
        ("changed", "rule"),
        [
            pytest.param({"is_for_drafts": lambda: False}, "is_for_drafts", id="a method"),
            pytest.param({"is_active": 1}, "is_active", id="a number"),
            pytest.param({"name": ""}, "name", id="no name"),
            pytest.param({"name": None}, "name", id="nothing"),
        ],
    )
    def test_one_that_does_not_say_what_it_is_is_refused(self, changed, rule):
        """A method in the place of a truth value would be true, and send drafts anywhere."""
        target = review()
        for name, value in changed.items():
            setattr(target, name, value)
        with pytest.raises(bc.InvalidInputError, match="DocumentTarget") as caught:
            make(drafted("acme"), target)
        assert caught.value.field == rule

    def test_what_is_no_target_is_refused(self):
        """An object without a name is named by its type."""
        with pytest.raises(bc.InvalidInputError, match="an object of type object"):
            make(drafted("acme"), object())


class TestInvoices:
    """Documents of invoices."""

    def test_they_go_to_active_targets_for_invoices_only(self):
        """A target for drafts, or one that is not active, gets no invoice."""
        targets = [review(), Target("archive"), Target("old", is_active=False)]
        report = make_final(invoiced("acme", "borg"), *targets)

        assert [len(each.held) for each in targets] == [0, 2, 0]
        assert list(report.kept["archive"]) == [
            ("2026-00001", "invoice-2026-00001.txt"),
            ("2026-00002", "invoice-2026-00002.txt"),
        ]

    def test_each_says_what_it_is(self):
        """A document has the number of its invoice, and no version of a draft."""
        target = Target("archive")
        make_final(invoiced("acme"), target)
        (made,) = target.held.values()

        assert (made.document, made.is_draft, made.version) == ("2026-00001", False, 0)
        assert made.language == "en"
        assert "Invoice 2026-00001" in made.content
        assert "draft" not in made.content

    def test_without_a_target_for_invoices_nothing_is_made(self):
        """Where only targets for drafts are active, the call is refused."""
        with pytest.raises(bc.InvalidInputError, match="active and for invoices") as caught:
            make_final(invoiced("acme"), review(), Target("archive", is_active=False))
        assert "(there are: review, archive)" in str(caught.value)

    def test_one_alone_is_refused(self):
        """One invoice, one target, and what is no function are refused before anything is made."""
        (invoice,), store, target = invoiced("acme"), drafted("acme"), Target("archive")
        for invoices, targets, renderer, field in (
            (invoice, [target], bc.render.text, "invoices"),
            (store, [target], bc.render.text, "invoices"),
            ([invoice], target, bc.render.text, "targets"),
            ([invoice], [target], None, "renderer"),
        ):
            with pytest.raises(bc.InvalidInputError) as caught:
                bc.render_invoices(invoices, targets, renderer, media_type=TEXT)
            assert (caught.value.record, caught.value.field) == ("render_invoices", field)
        assert target.calls == []

    def test_a_draft_among_them_is_refused(self):
        """A draft never goes to a target for invoices, also by mistake."""
        target = Target("archive")
        with pytest.raises(bc.InvalidInputError, match="not an Invoice"):
            make_final(drafted("acme").drafts(), target)
        assert target.calls == []

    @pytest.mark.parametrize(
        ("account", "template", "asked", "given"),
        [
            (None, None, None, "en"),
            ("de_AT", None, None, "de_AT"),
            ("de_AT", "fr_FR", None, "de_AT"),
            (None, "fr_FR", None, "fr_FR"),
            ("de_AT", "fr_FR", "en_GB", "en_GB"),
        ],
        ids=["none", "account", "account-first", "template", "asked"],
    )
    def test_the_locale(self, account, template, asked, given):
        """The renderer gets the locale asked for, or the account's, or the template's, or English."""
        setup = bc.Setup([bc.Template("Default", locale=template)])
        acme = bc.Account("acme", currency="EUR", locale=account)
        draft = bc.draft(acme, [once()], period=JANUARY, setup=setup)
        store = store_of(account=acme, setup=setup)
        invoice = bc.finalize(draft, store, on="2026-02-01")
        target = Target("archive")
        make_final([invoice], target, locale=asked, renderer=lambda document, locale: locale)
        (made,) = target.held.values()

        assert (made.content, made.language) == (given, given.replace("_", "-"))

    def test_a_document_is_made_once_for_all_targets(self):
        """The renderer is asked once for each document."""
        asked = []

        def renderer(document, locale):
            asked.append(document.number)
            return b"%PDF"

        targets = [Target("archive"), Target("portal")]
        make_final(
            invoiced("acme", "borg"), *targets, renderer=renderer, media_type="application/pdf"
        )

        assert asked == ["2026-00001", "2026-00002"]

    def test_they_stream(self):
        """Each invoice is made and handed on before the next one is read."""
        target, seen = Target("archive"), []

        def endless():
            while True:
                seen.append(len(target.calls))
                yield invoice_of(f"N-{len(seen)}")

        make_final(islice(endless(), 5), target)

        assert seen == [0, 1, 2, 3, 4]
