"""One diagnosis as it stands: its firm's tree, what was said about which fact by whom, and the path through it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from uuid import UUID

from sqlalchemy import Select, bindparam, func, or_, select

from app.diagnosis.models import FIRM_MAY_FILL, AnswerEntry, Diagnosis
from app.extensions import db
from app.firms.models import Factory, Workshop
from questionnaires import loader
from questionnaires.answers import Entry, EntryState, Layer, facts_and_path, to_text
from questionnaires.conditions import names_in
from questionnaires.model import FilledDiagnosis, Page, Questionnaire, Section, Subject, SubjectKind, Value
from questionnaires.path import Path
from scoring.indicators import facts_behind
from scoring.loader import load_all
from scoring.model import CriteriaSet

FIRM_KEY = "firm"
TAILORING = "tailoring"  # the subject under which a left-out capability subdomain and its reason are kept


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says about one fact: a value as kept text, or why there is none."""

    state: str  # an EntryState
    value: str | None = None
    reason: str | None = None


NOTHING = Said(EntryState.BLANK)


def stated(value: Value) -> Said:
    """Return the statement of a value that `questionnaires.values.read_value` gave."""
    return Said(EntryState.STATED, to_text(value))


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept about one fact of one subject in one layer, with who said it at which save."""

    subject_key: str
    fact: str
    layer: str
    said: Said
    revision: int
    said_by: UUID
    said_at: datetime

    def entry(self) -> Entry:
        """Return it as the inner rooms read it."""
        said = self.said
        return Entry(self.subject_key, self.fact, self.revision, self.layer, said.state, said.value, said.reason)


@dataclass(frozen=True, slots=True)
class Draft:
    """A diagnosis with what was read for it. `kept` may hold only some facts: those that one page needs."""

    diagnosis: Diagnosis
    questionnaire: Questionnaire
    firm: Subject  # without facts
    kept: tuple[Kept, ...]  # oldest first

    @property
    def may_fill(self) -> bool:
        """Tell whether the firm may still change its answers."""
        return self.diagnosis.stage in FIRM_MAY_FILL

    @property
    def tailored(self) -> dict[str, str]:
        """Return the capability subdomains left out, each with its reason."""
        left_out = self.newest(TAILORING, Layer.STATED)
        return {name: kept.said.reason or "" for name, kept in left_out.items() if kept.said.state != EntryState.BLANK}

    def newest(self, subject_key: str, layer: str, up_to: int | None = None) -> dict[str, Kept]:
        """Return fact -> what counts in one layer, or what counted after save number `up_to`."""
        return {
            kept.fact: kept
            for kept in self.standing
            if kept.subject_key == subject_key and kept.layer == layer and (up_to is None or kept.revision <= up_to)
        }

    @property
    def standing(self) -> Iterable[Kept]:
        """Yield what still stands: a verified statement falls when the firm later says something new about the fact."""
        stated = {(k.subject_key, k.fact): k.revision for k in self.kept if k.layer == Layer.STATED}
        for kept in self.kept:
            if kept.layer == Layer.STATED or kept.revision > stated.get((kept.subject_key, kept.fact), -1):
                yield kept

    def facts(self, layer: str = Layer.STATED) -> Subject:
        """Return the firm with the facts that count, off-path answers left out."""
        return self.walk(layer)[0]

    def walk(self, layer: str = Layer.STATED) -> tuple[Subject, Path]:
        """Return the firm with the facts that count, and the pages that apply."""
        answers = (kept.entry() for kept in self.standing if kept.subject_key != TAILORING)
        return facts_and_path(self.questionnaire, answers, self.firm, self.tailored, layer)

    def filled(self, layer: str = Layer.STATED) -> FilledDiagnosis:
        """Return the whole as scoring and the diagnosis file read it."""
        of = self.questionnaire
        return FilledDiagnosis(of.id, of.version, self.diagnosis.as_of, self.facts(layer), self.tailored)

    def subject(self, key: str) -> Subject | None:
        """Return the firm, or the factory or workshop with this key."""
        return next((subject for subject in every_subject(self.firm) if subject.key == key), None)


def read_draft(diagnosis: Diagnosis, facts: Collection[str] | None = None, seen: int | None = None) -> Draft:
    """Read a diagnosis from the database; with `facts` only what was said about these, and the tailoring.

    What others said before is left out, except what counted after save number `seen`: a save is held against it.
    """
    questionnaire = published(diagnosis.questionnaire_id, diagnosis.questionnaire_version)
    return Draft(diagnosis, questionnaire, _firm_tree(diagnosis), _read_kept(diagnosis.id, facts, seen))


@lru_cache(maxsize=16)
def published(questionnaire_id: str, version: str) -> Questionnaire:
    """Return a published questionnaire: never edited, so read once a process."""
    return loader.load(questionnaire_id, version)


@lru_cache(maxsize=8)
def criteria_on(day: date) -> CriteriaSet:
    """Return all criteria with their thresholds as in force on a day, read once a process."""
    return load_all(day)


@lru_cache(maxsize=1024)
def facts_for_page(questionnaire_id: str, version: str, day: date, section_id: str, page_id: str) -> frozenset[str]:
    """Return what has to be read to show one page: its facts, those it compares, those that decide the path."""
    questionnaire = published(questionnaire_id, version)
    page = find_page(questionnaire, section_id, page_id)
    shown = _facts_shown(page[1], day) if page else ()
    pages = (page for section in questionnaire.sections for page in section.pages)
    return frozenset((*shown, *(name for page in pages if page.show_when for name in names_in(page.show_when))))


def _facts_shown(page: Page, day: date) -> Iterable[str]:
    yield from page.fact_ids
    for check in page.checks:
        yield from names_in(check.that)
    for question in page.questions:
        if question.indicator:
            yield from facts_behind(question.indicator, criteria_on(day).indicators)


def find_page(questionnaire: Questionnaire, section_id: str, page_id: str) -> tuple[Section, Page] | None:
    """Return a page with its section, None when the questionnaire has no such page."""
    for section in questionnaire.sections:
        if section.id == section_id:
            return next(((section, page) for page in section.pages if page.id == page_id), None)
    return None


def every_subject(subject: Subject) -> Iterable[Subject]:
    """Yield a subject and all below it."""
    yield subject
    for part in subject.parts:
        yield from every_subject(part)


def line_to(firm: Subject, key: str) -> tuple[Subject, ...]:
    """Return the subjects from the firm down to the one with this key; nothing when there is none."""
    if firm.key == key:
        return (firm,)
    below = next((line for part in firm.parts if (line := line_to(part, key))), ())
    return (firm, *below) if below else ()


def _read_kept(diagnosis_id: UUID, facts: Collection[str] | None, seen: int | None) -> tuple[Kept, ...]:
    """Read what counts now and, with `seen`, what counted after that save; never the whole history."""
    rows = db.session.execute(
        _kept_query(facts is not None, seen is not None),
        {"diagnosis": diagnosis_id, "facts": sorted(facts or ()), "seen": seen},
    )
    return tuple(
        Kept(key, fact, layer.value, Said(state, value, reason), revision, by, at)
        for key, fact, layer, state, value, reason, revision, by, at in rows
    )


@cache
def _kept_query(only_some: bool, with_seen: bool) -> Select:
    """Return the query behind `_read_kept`, built once: it runs at every page view."""
    row = AnswerEntry
    newest = select(func.max(row.id)).where(row.diagnosis_id == bindparam("diagnosis"))
    if only_some:
        newest = newest.where(row.fact.in_(bindparam("facts", expanding=True)) | (row.subject_key == TAILORING))
    newest = newest.group_by(row.subject_key, row.fact, row.layer)
    counting = [newest, newest.where(row.revision <= bindparam("seen"))] if with_seen else [newest]
    said = row.state, row.value, row.reason
    query = select(row.subject_key, row.fact, row.layer, *said, row.revision, row.said_by, row.said_at)
    return query.where(or_(*(row.id.in_(numbers) for numbers in counting))).order_by(row.id)


_TREE = (
    select(Factory.id, Factory.name, Workshop.id, Workshop.name)
    .outerjoin(Workshop, (Workshop.factory_id == Factory.id) & Workshop.closed_at.is_(None))
    .where(Factory.firm_id == bindparam("firm"), Factory.closed_at.is_(None))
    .order_by(Factory.position, Workshop.position)
)


def _firm_tree(diagnosis: Diagnosis) -> Subject:
    """Return the firm with its open factories and workshops; the closed ones are no longer asked about."""
    rows = db.session.execute(_TREE, {"firm": diagnosis.firm_id})
    names: dict[UUID, str] = {}
    workshops: dict[UUID, list[Subject]] = {}
    for factory_id, factory, workshop_id, workshop in rows:
        names[factory_id] = factory
        inside = workshops.setdefault(factory_id, [])
        if workshop_id is not None:
            inside.append(Subject(SubjectKind.WORKSHOP, str(workshop_id), workshop, {}))
    parts = tuple(Subject(SubjectKind.FACTORY, str(key), names[key], {}, tuple(workshops[key])) for key in names)
    return Subject(SubjectKind.FIRM, FIRM_KEY, diagnosis.firm.name, {}, parts)
