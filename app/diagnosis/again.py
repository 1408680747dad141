"""Pages to look at again, computed from what is kept and stored nowhere.

A page that was answered in full asks to be looked at again when something it rests on was changed after its own answers
were last given: an answer that its wording names or that it computes with, or one by which the condition to show it, or
a check on it, now turns out otherwise. So it does while it holds answers that were copied and that nobody has
confirmed. Saving it ends both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select

from app.diagnosis.asked import asked_at, facts_told, published
from app.diagnosis.draft import NOTHING, Draft, Kept, Said, every_subject, line_to, seen_of
from app.diagnosis.models import AnswerEntry, Layer
from app.diagnosis.punctuation import in_turn, listed
from app.extensions import db
from app.presentation import text
from questionnaires.answers import EntryState, from_text
from questionnaires.checks import facts_of, outcome
from questionnaires.conditions import NOT_ASKED
from questionnaires.model import Check, Page, Questionnaire, Subject, Text
from questionnaires.path import Line, lines
from questionnaires.progress import Place


@dataclass(frozen=True, slots=True)
class Again:
    """Why somebody should look at a page again."""

    changed: tuple[str, ...] = ()  # facts that the page rests on and that were changed
    copied: int = 0  # answers
    sources: tuple[str, ...] = ()  # names of whom they were copied from


NO_TEXT = Text("", "")  # of a condition that is no check
Newest = Mapping[tuple[str, str], Kept]  # subject key and fact -> what the firm says by now


def pages_again(draft: Draft) -> dict[Place, Again]:
    """Return the pages to be looked at again of a diagnosis read in full, whether they are on the path or not."""
    found = _copied(draft)
    every = lines(draft.firm)
    spots = [_Spot(s.id, p.id, line) for s in draft.questionnaire.sections for p in s.pages for line in every[s.of]]
    for place, changed in _changed(draft, spots).items():
        copied = found.get(place, Again())
        found[place] = Again(changed, copied.copied, copied.sources)
    return found


def page_again(draft: Draft, section_id: str, subject_key: str, page_id: str) -> Again | None:
    """Return why one page should be looked at again, None when it need not be. Its own answers have to be read."""
    found = _changed(draft, list(_spots(draft, subject_key, [(section_id, page_id)])))
    return Again(changed) if (changed := found.get((section_id, subject_key, page_id))) else None


def said_again(draft: Draft, subject_key: str, said: Mapping[str, Said], seen: int) -> dict[str, Said]:
    """Return what is posted as it is kept and still has to be kept once more, because saying it again means something.

    That are copied answers, which it confirms, and all answers of a page to be looked at again, which it was. Only when
    the page that was posted (as of save `seen`) showed what is to be confirmed or was changed.
    """
    newest = _newest(draft)
    same = {
        fact: mine for fact, mine in said.items() if (kept := newest.get((subject_key, fact))) and kept.said == mine
    }
    where = asked_at(draft.questionnaire.id, draft.questionnaire.version)
    spots = _spots(draft, subject_key, {where[fact] for fact in same if fact in where})
    looked_at = {place[::2] for place in _changed(draft, list(spots), seen)}
    return {
        fact: mine
        for fact, mine in same.items()
        if where.get(fact) in looked_at or _is_confirmed(newest[subject_key, fact], seen)
    }


def _is_confirmed(kept: Kept, seen: int) -> bool:
    return kept.copied_from is not None and kept.revision <= seen_of(seen, kept.fact)


def because(again: Again, questionnaire: Questionnaire) -> str:
    """Say why a page should be looked at again."""
    said = []
    if again.changed:
        names = listed(text(questionnaire.facts[name].label) for name in again.changed)
        said.append(_("因为 %(names)s 改了", names=names))
    if again.copied:
        sources = listed(again.sources)
        said.append(_("%(count)s 个回答复制自 %(names)s，核对后保存那一页即可", count=again.copied, names=sources))
    return in_turn(said)


def together(several: Iterable[Again]) -> Again:
    """Return the reasons of several pages as one."""
    every = list(several)
    changed = dict.fromkeys(name for one in every for name in one.changed)
    sources = dict.fromkeys(name for one in every for name in one.sources)
    return Again(tuple(changed), sum(one.copied for one in every), tuple(sources))


# --- copies -----------------------------------------------------------------------------------------------------------


def _copied(draft: Draft) -> dict[Place, Again]:
    names = names_of(draft)
    where = asked_at(draft.questionnaire.id, draft.questionnaire.version)
    found: dict[Place, list[str]] = {}
    for kept in _newest(draft).values():
        if kept.copied_from and kept.said.state != EntryState.BLANK and kept.fact in where:
            section, page = where[kept.fact]
            name = names.get(kept.copied_from) or unnamed(draft)
            found.setdefault((section, kept.subject_key, page), []).append(name)
    return {place: Again((), len(sources), tuple(dict.fromkeys(sources))) for place, sources in found.items()}


def names_of(draft: Draft) -> Mapping[str, str]:
    """Return the name of each open factory and workshop by its key; to a colleague only of those shown to him."""
    return {one.key: one.name for one in draft.subjects_shown()}


def unnamed(draft: Draft) -> str:
    """Return what stands for the name of one that is closed, or that the reader is not told of."""
    return _("已关闭的一个") if draft.shared is None else _("另一个")


def _newest(draft: Draft) -> Newest:
    return {(kept.subject_key, kept.fact): kept for kept in draft.kept if kept.layer == Layer.STATED}


# --- changes ----------------------------------------------------------------------------------------------------------


class _Spot(NamedTuple):
    """One page of one subject, who is given with those above."""

    section: str
    page: str
    line: Line

    @property
    def place(self) -> Place:
        return self.section, self.line[-1].key, self.page


class _Doubt(NamedTuple):
    """A fact that was said after the page that rests on it: it may have been changed, or only been given later."""

    spot: _Spot
    kept: Kept
    since: int  # the save after which the page was complete


class _Rest(NamedTuple):
    """What one page rests on besides its own answers."""

    told: frozenset[str]  # facts that its wording names or that it computes with
    conditions: tuple[Check, ...]  # when it is shown, and its checks: only how they turn out matters
    facts: tuple[str, ...]  # all of these


@lru_cache(maxsize=16)
def _rests_on(questionnaire_id: str, version: str, day: date) -> Mapping[tuple[str, str], _Rest]:
    """Return section and page -> what it rests on; pages that rest on nothing are left out."""
    sections = published(questionnaire_id, version).sections
    found = {(s.id, page.id): _rest(page, day) for s in sections for page in s.pages}
    return {where: rest for where, rest in found.items() if rest.facts}


def _rest(page: Page, day: date) -> _Rest:
    told = facts_told(page, day)
    shown = (Check(page.show_when, NO_TEXT),) if page.show_when else ()
    conditions = tuple(check for check in (*shown, *page.checks) if facts_of(check) - set(page.fact_ids))
    compared = frozenset(fact for check in conditions for fact in facts_of(check))
    return _Rest(told, conditions, tuple(sorted((told | compared).difference(page.fact_ids))))


def _spots(draft: Draft, subject_key: str, pages: Collection[tuple[str, str]]) -> Iterator[_Spot]:
    if line := line_to(draft.firm, subject_key):
        yield from (_Spot(section, page, line) for section, page in pages)


def _changed(draft: Draft, spots: Iterable[_Spot], seen: int | None = None) -> dict[Place, tuple[str, ...]]:
    """Return the pages answered in full of which something they rest on is not what it was then, and by which facts.

    With `seen` only those all of whose changes were there after that save.
    """
    doubts = list(_doubts(draft, spots))
    if not doubts:
        return {}
    past = _Past(draft, {doubt.kept.fact for doubt in doubts})
    by_place: dict[Place, list[_Doubt]] = {}
    for doubt in doubts:
        if past.is_change(doubt):
            by_place.setdefault(doubt.spot.place, []).append(doubt)
    found = {place: _telling(draft, past, several) for place, several in by_place.items()}
    return {
        place: tuple(dict.fromkeys(kept.fact for kept in those))
        for place, those in found.items()
        if those and (seen is None or all(kept.revision <= seen_of(seen, kept.fact) for kept in those))
    }


def _doubts(draft: Draft, spots: Iterable[_Spot]) -> Iterator[_Doubt]:
    of, newest = draft.questionnaire, _newest(draft)
    rests_on = _rests_on(of.id, of.version, draft.diagnosis.as_of)
    own_facts = _facts_on_pages(of.id, of.version)
    for spot in spots:
        where, key = (spot.section, spot.page), spot.line[-1].key
        if where not in rests_on:
            continue
        own = [newest.get((key, fact)) for fact in own_facts[where]]
        if any(kept is None or kept.said.state == EntryState.BLANK for kept in own):
            continue  # open anyhow
        since = max(kept.revision for kept in own if kept is not None)
        for fact in rests_on[where].facts:
            for owner in _owners(spot.line, of, fact):
                if (kept := newest.get((owner.key, fact))) is not None and kept.revision > since:
                    yield _Doubt(spot, kept, since)


@lru_cache(maxsize=16)
def _facts_on_pages(questionnaire_id: str, version: str) -> Mapping[tuple[str, str], Collection[str]]:
    of = published(questionnaire_id, version)
    return {(section.id, page.id): page.fact_ids for section in of.sections for page in section.pages}


def _telling(draft: Draft, past: _Past, doubts: list[_Doubt]) -> list[Kept]:
    """Return the changes that make a difference to one page: what it tells, and what turned one of its conditions."""
    of, (spot, _kept, since) = draft.questionnaire, doubts[0]
    rest = _rests_on(of.id, of.version, draft.diagnosis.as_of)[spot.section, spot.page]
    turned = [check for check in rest.conditions if past.turned(check, spot.line, since)]
    telling = rest.told.union(*(facts_of(check) for check in turned))
    return [doubt.kept for doubt in doubts if doubt.kept.fact in telling]


def _owners(line: Line, of: Questionnaire, fact: str) -> Iterable[Subject]:
    """Return whose answer a page rests on: of the subject or the one above it, else of all below it."""
    kind = of.facts[fact].of
    above = [subject for subject in line if subject.kind is kind]
    return above or [subject for subject in every_subject(line[-1]) if subject.kind is kind]


class _Past:
    """What the firm said about some facts after each save."""

    def __init__(self, draft: Draft, facts: Collection[str]) -> None:
        self.facts = draft.questionnaire.facts
        self.newest = _newest(draft)
        self.before = _said_before(draft, facts)

    def is_change(self, doubt: _Doubt) -> bool:
        """Tell whether the fact said something else when the page was complete; not when it said nothing yet."""
        said = self._said_then(doubt.kept.subject_key, doubt.kept.fact, doubt.since)
        return said not in (NOTHING, doubt.kept.said)

    def turned(self, check: Check, line: Line, since: int) -> bool:
        """Tell whether a condition turns out otherwise than after save `since`."""
        then = outcome(check.that, line, self.facts, lambda s, name: self._value(s, name, since), check.totals)
        return then is not outcome(check.that, line, self.facts, self._value, check.totals)

    def _value(self, subject: Subject, name: str, since: int | None = None) -> object:
        kept = self.newest.get((subject.key, name))
        said = kept.said if kept else NOTHING
        if since is not None and kept is not None and kept.revision > since:
            said = self._said_then(subject.key, name, since)
        if said.state == EntryState.NOT_APPLICABLE:
            return NOT_ASKED
        return from_text(self.facts[name], said.value or "") if said.state == EntryState.STATED else None

    def _said_then(self, key: str, fact: str, since: int) -> Said:
        earlier = [said for revision, said in self.before.get((key, fact), []) if revision <= since]
        return earlier[-1] if earlier else NOTHING


def _said_before(draft: Draft, facts: Collection[str]) -> dict[tuple[str, str], list[tuple[int, Said]]]:
    """Return subject key and fact -> every statement of the firm with its save, the oldest first."""
    entry = AnswerEntry.__table__.c
    query = select(entry.subject_key, entry.fact, entry.revision, entry.state, entry.value, entry.reason).where(
        entry.diagnosis_id == draft.diagnosis.id, entry.layer == Layer.STATED, entry.fact.in_(facts)
    )
    found: dict[tuple[str, str], list[tuple[int, Said]]] = {}
    for key, fact, revision, *said in db.session.execute(query.order_by(entry.id)):
        found.setdefault((key, fact), []).append((revision, Said(*said)))
    return found
