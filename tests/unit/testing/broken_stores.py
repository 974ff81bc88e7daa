"""Stores with one fault each, such as adapters have in their first week."""

from __future__ import annotations

from contextlib import suppress

import attrs

import billingcore as bc


class AccountsApart(bc.MemoryStore):
    """References come by record, not by account: those with two contracts come twice."""

    def references(self, criteria=None):
        found = [*super().references(criteria)]
        return [*found[::2], *found[1::2]]


class WrongIndex(bc.MemoryStore):
    """Looks accounts up by a criterion, and finds nothing where two are asked for."""

    def references(self, criteria):
        if len(criteria.accounts) > 1:
            criteria = bc.Criteria(accounts=[min(criteria.accounts)])
        return super().references(criteria)


class HalfCommits(bc.MemoryStore):
    """Writes draft by draft, and looks at the revision when the first is written."""

    def commit(self, outcomes):
        refused = super().commit(outcomes)
        for each in outcomes:
            if each.account in refused and len(each.drafts) > 1:
                super().commit(
                    [
                        attrs.evolve(
                            each,
                            drafts=each.drafts[:1],
                            decisions=(),
                            problems=(),
                            revision=self.snapshot(each.account).revision,
                        )
                    ]
                )
        return refused


class IgnoresRevision(bc.MemoryStore):
    """Commits whatever comes."""

    def commit(self, outcomes):
        return super().commit(
            [attrs.evolve(each, revision=self.snapshot(each.account).revision) for each in outcomes]
        )


class RefusesAll(bc.MemoryStore):
    """One transaction for all accounts: one that is refused takes the others with it."""

    def commit(self, outcomes):
        for each in outcomes:
            is_said = each.drafts or each.decisions
            if is_said and each.revision != self.snapshot(each.account).revision:
                return [each.account]
        return super().commit(outcomes)


class RefusesProblems(bc.MemoryStore):
    """Asks for the revision also where nothing is billed."""

    def commit(self, outcomes):
        stale = [
            each.account
            for each in outcomes
            if each.revision != self.snapshot(each.account).revision
        ]
        return [*stale, *super().commit([each for each in outcomes if each.account not in stale])]


class AppendsProblems(bc.MemoryStore):
    """Keeps an error log that only grows."""

    def _note_problems(self, run_id, account, problems):
        known = self._failures.setdefault(run_id, {})
        known[account] = (*known.get(account, ()), *problems)


class LosesDecisions(bc.MemoryStore):
    """Takes an outcome without drafts for one that says nothing."""

    def commit(self, outcomes):
        return super().commit(
            [each if each.drafts else attrs.evolve(each, decisions=()) for each in outcomes]
        )


class LosesReleases(bc.MemoryStore):
    """Has no column for what is taken back."""

    def snapshot(self, account):
        known = super().snapshot(account)
        return attrs.evolve(known, claims=[c._replace(is_release=False) for c in known.claims])


class LosesTerms(bc.MemoryStore):
    """Has no column for terms."""

    def snapshot(self, account):
        known = super().snapshot(account)
        return attrs.evolve(known, claims=[c._replace(terms=None) for c in known.claims])


class SilentAdd(bc.MemoryStore):
    """Writes contracts without counting a change of their account."""

    def add(self, *records):
        before = {name: ledger.revision for name, ledger in self._ledgers.items()}
        super().add(*records)
        for name, revision in before.items():
            self._ledgers[name].revision = revision


class AcceptsOverlap(bc.MemoryStore):
    """Has no constraint on what is covered."""

    def _check_free(self, ledger, draft):
        pass


class PutsAnyVersion(bc.MemoryStore):
    """The last one who saves wins."""

    def put(self, draft):
        stored = self._drafts.get(draft.id)
        version = 0 if stored is None else stored.version
        return super().put(attrs.evolve(draft, version=version))


class ForgetsVersion(bc.MemoryStore):
    """Stores the next version and gives back the one that it was asked to store."""

    def put(self, draft):
        super().put(draft)
        return draft


class KeepsClaims(bc.MemoryStore):
    """Deletes a draft, and leaves its claims where they are."""

    def discard(self, draft_id):
        draft = self.draft(draft_id)
        super().discard(draft_id)
        self._ledger(draft.account.id).given.extend(draft.claims)


class DiscardsAnything(bc.MemoryStore):
    """Deletes drafts without a look at what depends on them."""

    def discard(self, draft_id):
        draft = self.draft(draft_id)
        ledger = self._ledger(draft.account.id)
        self._free(ledger, draft_id)
        del self._drafts[draft_id]
        ledger.drop_draft(draft_id)
        ledger.documents -= {draft_id}
        ledger.changed()


class InOrderOfTime(bc.MemoryStore):
    """Reads drafts as they were inserted."""

    def drafts(self, run_id=None):
        for draft_id in [*self._drafts]:
            draft = self._drafts.get(draft_id)
            if draft is not None and run_id in (None, draft.run_id):
                yield draft


class LivesOnCursor(bc.MemoryStore):
    """Reads drafts by a cursor that breaks when the table changes."""

    def drafts(self, run_id=None):
        count = len(self._drafts)
        for draft_id in sorted(self._drafts):
            if len(self._drafts) != count:
                return
            if run_id in (None, self._drafts[draft_id].run_id):
                yield self._drafts[draft_id]


class BurnsNumbers(bc.MemoryStore):
    """Takes numbers of a sequence, which does not go back if the transaction does."""

    def _next(self, counter):
        count = super()._next(counter)
        self._counters[counter.name] = count
        return count


class ReusesNumbers(bc.MemoryStore):
    """Counts documents: what was skipped does not count."""

    def skip(self, counter, make):
        count = self._counters.get(counter.name, counter.start)
        skipped = super().skip(counter, make)
        self._counters[counter.name] = count
        return skipped


class OneCounter(bc.MemoryStore):
    """Has one counter for everything."""

    def _next(self, counter):
        return max(self._counters.values(), default=counter.start) + 1


class StopsAtFirst(bc.MemoryStore):
    """Raises where it should report, so that drafts behind the wrong one are left."""

    def finalize(self, pending):
        results = []
        for place, each in enumerate(pending):
            results += super().finalize([each])
            if isinstance(results[-1], bc.BillingError):
                return [*results, *[results[-1]] * (len(pending) - place - 1)]
        return results


class IssuesTwice(bc.MemoryStore):
    """Calls issue once to look at the number, and once to keep it."""

    def finalize(self, pending):
        def twice(issue):
            def issued(count, books):
                issue(count, books)
                return issue(count, books)

            return issued

        return super().finalize([each._replace(issue=twice(each.issue)) for each in pending])


class ReadsBooksFirst(bc.MemoryStore):
    """Reads the books of all accounts before it finalizes the first draft."""

    def finalize(self, pending):
        known = {each.draft.account.id: self.books(each.draft.account.id) for each in pending}

        def early(each):
            return each._replace(issue=lambda n, _: each.issue(n, known[each.draft.account.id]))

        return super().finalize([early(each) for each in pending])


class FinalizesAnyVersion(bc.MemoryStore):
    """Issues a draft whatever is stored by now."""

    def _finalize(self, pending):
        stored = self._drafts.get(pending.draft.id)
        if stored is not None:
            draft = attrs.evolve(pending.draft, version=stored.version)
            pending = pending._replace(draft=draft)
        return super()._finalize(pending)


class KeepsIssuedDrafts(bc.MemoryStore):
    """Leaves the draft of an invoice in its table."""

    def _finalize(self, pending):
        result = super()._finalize(pending)
        self._drafts[pending.draft.id] = pending.draft
        return result


class HalfEffects(bc.MemoryStore):
    """Has no table for clearings and closings."""

    def record(self, account, decide):
        return super().record(
            account, lambda books: attrs.evolve(decide(books), clearings=(), closings=())
        )


class HalfRecords(bc.MemoryStore):
    """Writes payments before it has looked at what must stay."""

    def record(self, account, decide):
        effects = decide(self.books(account))
        part = attrs.evolve(effects, canceled=None, claims=(), entries=())
        super().record(account, lambda _: part)
        rest = attrs.evolve(effects, payments=(), assignments=(), clearings=(), closings=())
        super().record(account, lambda _: rest)
        return effects


class CancelsWithoutFreeing(bc.MemoryStore):
    """Keeps a cancellation like any other invoice."""

    def _forget(self, ledger, number):
        pass


class CancelsAnything(bc.MemoryStore):
    """Frees documents that others correct."""

    def _check_freeing(self, ledger, number):
        pass


class ReleasesUsage(bc.MemoryStore):
    """Frees usage together with the rest of a canceled invoice."""

    def snapshot(self, account):
        known = super().snapshot(account)
        claims = [c for c in known.claims if c.state is not bc.ClaimState.LINKED]
        return attrs.evolve(known, claims=claims)


class StaleDrafts(bc.MemoryStore):
    """Leaves drafts as they are when a payment comes in."""

    def _refresh(self, ledger):
        pass


class NotesAnything(bc.MemoryStore):
    """Writes the record of an execution over what is stored."""

    def note(self, record):
        self._keep_record(record)


class IgnoresLeases(bc.MemoryStore):
    """Counts executions, and lets each begin."""

    def begin(self, record):
        live, self._live = self._live, {}
        begun = super().begin(record)
        self._live = {**live, **self._live}
        return begun


class EndsNothing(bc.MemoryStore):
    """Lets an execution begin in the place of another, and leaves that one as it was."""

    def begin(self, record):
        before = dict(self._live)
        begun = super().begin(record)
        for each in before.values():
            self._keep_record(each)
        return begun


class OwnClaimsOnly(bc.MemoryStore):
    """Looks for claims by account, also those on records that others have."""

    def snapshot(self, account):
        known = super().snapshot(account)
        return attrs.evolve(known, claims=self._ledger(account).claims())


class ForgetsReaders(bc.MemoryStore):
    """Counts a change of a record for the accounts that have it now."""

    def _notify(self, accounts):
        pass


class CutsTexts(bc.MemoryStore):
    """Has a column of 100 characters, and a database that cuts what is longer."""

    def record(self, account, decide):
        def cut(payment):
            return attrs.evolve(payment, reference=payment.reference[:100])

        return super().record(account, lambda books: _with_payments(decide(books), cut))


def _with_payments(effects, change):
    return attrs.evolve(effects, payments=tuple(map(change, effects.payments)))


class WithoutLock(bc.MemoryStore):
    """Reads, decides, and writes what it has read, while others do the same."""

    def record(self, account, decide):
        effects = decide(self.books(account))
        with suppress(bc.InvalidInputError):
            super().record(account, lambda _: effects)
        return effects
