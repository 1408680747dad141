"""One diagnosis as it stands: its firm's tree, what was said about which fact by whom, and the path through it."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Select, TextualSelect, bindparam, func, select, text

from app.diagnosis.asked import facts_of_path, facts_totalled, published, section_of_fact
from app.diagnosis.kept_lists import KeptList, counts_any, lists_of
from app.diagnosis.lately import Lately
from app.diagnosis.models import FIRM_MAY_FILL, AnswerEntry, Diagnosis
from app.errors import NotFound
from app.extensions import db
from app.firms.models import Factory, Firm, Workshop
from questionnaires.answers import Entry, EntryState, Layer, facts_and_path, to_text
from questionnaires.model import Fact, FilledDiagnosis, Questionnaire, Section, Subject, SubjectKind, Value
from questionnaires.path import Path

FIRM_KEY = "firm"
TAILORING = "tailoring"  # the subject under which a left-out capability subdomain and its reason are kept


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says about one fact: a value as kept text, or why there is none."""

    state: str  # an EntryState
    value: str | None = None
    reason: str | None = None


class Seen(int):
    """The save number that an open page showed; for facts saved from the page since, the number of that save."""

    facts: Mapping[str, int] = MappingProxyType({})

    def __new__(cls, page: int, facts: Mapping[str, int] = MappingProxyType({})) -> Seen:
        made = super().__new__(cls, page)
        made.facts = facts
        return made


def seen_of(seen: int, fact: str) -> int:
    """Return up to which save somebody knew what was said about a fact."""
    return seen.facts.get(fact, seen) if isinstance(seen, Seen) else seen


Place: TypeAlias = tuple[str, str, str]  # subject key, fact, layer
Shape: TypeAlias = tuple[SubjectKind, str, str, tuple["Shape", ...]]  # kind, key, name, parts
Shared: TypeAlias = frozenset[tuple[str, str]]  # section id, subject key
NOTHING = Said(EntryState.BLANK)


def stated(value: Value) -> Said:
    """Return the statement of a value that `questionnaires.values.read_value` gave."""
    return Said(EntryState.STATED, to_text(value))


class Kept(NamedTuple):
    """What is kept about one fact of one subject in one layer, with who said it at which save."""

    subject_key: str
    fact: str
    layer: str
    said: Said
    revision: int
    said_by: UUID
    said_at: datetime
    copied_from: str | None = None  # subject key, while nobody has confirmed or changed the copy

    def entry(self) -> Entry:
        """Return it as the inner rooms read it."""
        said = self.said
        return Entry(self.subject_key, self.fact, self.revision, self.layer, said.state, said.value, said.reason)


@dataclass(frozen=True, slots=True)
class Draft:
    """A diagnosis with what was read for it. `kept` and `lists` may hold only some: those that one page needs."""

    diagnosis: Diagnosis
    questionnaire: Questionnaire
    firm: Subject  # without facts
    kept: tuple[Kept, ...]  # oldest first
    asked: frozenset[str] | None = None  # the facts it was read for; None for all
    about: str | None = None  # the subject it was read for, with those above and below it; None for all
    lists: tuple[KeptList, ...] = ()  # the newest of each list of each subject
    shared: Shared | None = None  # what the reader may be shown of it; None for everything
    section_id: str | None = None  # the section it was opened for, where only some are shared

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
            if kept.subject_key == subject_key
            and kept.layer == layer
            and (up_to is None or kept.revision <= seen_of(up_to, kept.fact))
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

    def walk(self, layer: str = Layer.STATED, tried: Iterable[Entry] = ()) -> tuple[Subject, Path]:
        """Return the firm with the facts that count, and the pages that apply; `tried` as if it were kept too."""
        answers = (kept.entry() for kept in self.standing if kept.subject_key != TAILORING)
        return facts_and_path(self.questionnaire, (*answers, *tried), self.firm, self.tailored, layer)

    def path(self) -> Path:
        """Return the pages that apply to what the firm stated. The subjects on it carry only what decides the path."""
        of = self.questionnaire
        deciding = facts_of_path(of.id, of.version)
        newest = {(kept.subject_key, kept.fact): kept for kept in self.kept if kept.layer == Layer.STATED}
        said = tuple((key, fact, kept.said) for (key, fact), kept in newest.items() if fact in deciding)
        return _path(of.id, of.version, shape_of(self.firm), said, tuple(self.tailored))

    def filled(self, layer: str = Layer.STATED) -> FilledDiagnosis:
        """Return the whole as scoring and the diagnosis file read it."""
        of = self.questionnaire
        return FilledDiagnosis(of.id, of.version, self.diagnosis.as_of, self.facts(layer), self.tailored)

    def around(self, key: str) -> Draft:
        """Return the same seen from one subject: it with all below it and those above it, without the others."""
        return replace(self, firm=_only_line(line_to(self.firm, key)))

    def subject(self, key: str) -> Subject | None:
        """Return the firm, or the factory or workshop with this key; None where the reader is shown nothing of it."""
        return next((subject for subject in self.subjects_shown() if subject.key == key), None)

    def section_about(self, section_id: str, subject_key: str) -> tuple[Section, Subject]:
        """Return a section with the subject it is asked about. Raises NotFound where there is none, or none shown."""
        section = next((one for one in self.questionnaire.sections if one.id == section_id), None)
        subject = self.subject(subject_key)
        if section is None or subject is None or section.of is not subject.kind:
            raise NotFound
        return section, subject

    def subjects_shown(self) -> Iterable[Subject]:
        """Yield the firm, its factories and workshops, of which the reader may be shown something."""
        every = every_subject(self.firm)
        if self.shared is None:
            return every
        keys = {key for section_id, key in self.shared if self.section_id in (None, section_id)}
        return (subject for subject in every if subject.key in keys)

    def shows(self, section_id: str, subject_key: str) -> bool:
        """Tell whether the reader may be shown a section about a subject."""
        return self.shared is None or (section_id, subject_key) in self.shared

    def facts_shown(self, line: Sequence[Subject]) -> Mapping[str, Fact]:
        """Return the facts whose answers the reader may be shown, of the subjects of one line."""
        of = self.questionnaire
        if self.shared is None:
            return of.facts
        keys, sections = {subject.kind: subject.key for subject in line}, section_of_fact(of.id, of.version)
        return {name: fact for name, fact in of.facts.items() if self.shows(sections[name], keys.get(fact.of, ""))}


def read_draft(diagnosis: Diagnosis, seen: int | None = None) -> Draft:
    """Read a diagnosis from the database: what counts now.

    With `seen` also what counted after that save, where somebody has saved since: a save is held against it.
    """
    return read_all(diagnosis, _firm_tree(diagnosis), seen)


def read_all(diagnosis: Diagnosis, firm: Subject, seen: int | None = None) -> Draft:
    """Read the same where the firm's tree is known already."""
    questionnaire = published(diagnosis.questionnaire_id, diagnosis.questionnaire_version)
    kept = _with_seen(diagnosis.id, _kept_everywhere(diagnosis.id), seen)
    return Draft(diagnosis, questionnaire, firm, kept, lists=lists_of(diagnosis.id))


@dataclass(frozen=True, slots=True)
class _Page:
    """What was read for one page."""

    newest: list[Kept]
    lists: tuple[KeptList, ...]


_pages: Lately[_Page] = Lately(512)  # some ten kilobytes each


def read_page(
    diagnosis: Diagnosis, firm: Subject, facts: frozenset[str], seen: int | None = None, about: str | None = None
) -> Draft:
    """Read, in the same way, only what the firm stated about these facts, and which subdomains it left out.

    With `about` only of that subject and of those above and below it; what decides the path is read of all.
    """
    questionnaire = published(diagnosis.questionnaire_id, diagnosis.questionnaire_version)
    page = _pages.get(key := _page_key(diagnosis, firm, facts, about))
    if page is None:
        newest = _kept_at(diagnosis.id, _places(questionnaire, firm, facts, about))
        kind = line_to(firm, about)[-1].kind if about and line_to(firm, about) else None
        page = _Page(newest, lists_of(diagnosis.id, about) if counts_any(questionnaire, facts, kind) else ())
        _pages.put(key, page)
    kept = _with_seen(diagnosis.id, page.newest, seen)
    return Draft(diagnosis, questionnaire, firm, kept, facts, about, page.lists)


def remember_page(draft: Draft) -> None:
    """Keep what a page says after a save, once that is committed, so that showing the page again need not read it."""
    if draft.asked is not None:
        newest = {(kept.subject_key, kept.fact, kept.layer): kept for kept in draft.kept}
        page = _Page(list(newest.values()), draft.lists)
        _pages.put(_page_key(draft.diagnosis, draft.firm, draft.asked, draft.about), page)


def _page_key(diagnosis: Diagnosis, firm: Subject, facts: frozenset[str], about: str | None) -> Hashable:
    """Name everything the answers of a page depend on: every save counts the number up and notes the moment."""
    at = diagnosis.saved_at
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=UTC)  # SQLite gives it back without the zone
    return diagnosis.id, diagnosis.revision, at, shape_of(firm), facts, about


@lru_cache(maxsize=256)
def _path(
    questionnaire_id: str, version: str, firm: Shape, said: tuple[tuple[str, str, Said], ...], tailored: tuple[str, ...]
) -> Path:
    entries = (Entry(key, fact, 0, Layer.STATED, one.state, one.value, one.reason) for key, fact, one in said)
    return facts_and_path(published(questionnaire_id, version), entries, _subject(firm), tailored)[1]


def every_subject(subject: Subject) -> Iterable[Subject]:
    """Yield a subject and all below it."""
    yield subject
    for part in subject.parts:
        yield from every_subject(part)


def shape_of(subject: Subject) -> Shape:
    """Return a subject and all below it without their facts, as something to compare and to look up by."""
    return subject.kind, subject.key, subject.name, tuple(map(shape_of, subject.parts))


def _subject(shape: Shape) -> Subject:
    kind, key, name, parts = shape
    return Subject(kind, key, name, {}, tuple(map(_subject, parts)))


def line_to(firm: Subject, key: str) -> tuple[Subject, ...]:
    """Return the subjects from the firm down to the one with this key; nothing when there is none."""
    if firm.key == key:
        return (firm,)
    below = next((line for part in firm.parts if (line := line_to(part, key))), ())
    return (firm, *below) if below else ()


def _only_line(line: Sequence[Subject]) -> Subject:
    """Return the first of these subjects with the next one as its only part, and so on; the last keeps its own."""
    first, *rest = line
    return replace(first, parts=(_only_line(rest),)) if rest else first


def _places(questionnaire: Questionnaire, firm: Subject, facts: Set[str], about: str | None) -> list[Place]:
    """Return where the firm may have said something about these facts or left out a subdomain."""
    asked: dict[SubjectKind, list[str]] = {kind: [] for kind in SubjectKind}
    for name in facts & questionnaire.facts.keys():
        asked[questionnaire.facts[name].of].append(name)
    near = every_subject(firm) if about is None else _near(firm, about)
    answered = {(one.key, name) for one in near for name in asked[one.kind]}
    of_all = facts_of_path(questionnaire.id, questionnaire.version)
    of_all |= facts_totalled(questionnaire.id, questionnaire.version)
    answered |= {(one.key, name) for one in every_subject(firm) for name in asked[one.kind] if name in of_all}
    subdomains = {section.subdomain for section in questionnaire.sections if section.subdomain}
    return [(key, name, Layer.STATED) for key, name in (*answered, *((TAILORING, name) for name in subdomains))]


def _near(firm: Subject, key: str) -> Iterable[Subject]:
    """Yield the subjects from the firm down to the one with this key, and all below it."""
    *above, subject = line_to(firm, key) or (firm,)
    return (*above, *every_subject(subject))


def _with_seen(diagnosis_id: UUID, newest: list[Kept], seen: int | None) -> tuple[Kept, ...]:
    """Return what counts now, after what counted at save `seen` wherever somebody has saved since."""
    if seen is None:
        return tuple(newest)
    later: dict[int, list[Place]] = {}
    for kept in newest:
        if kept.revision > (known := seen_of(seen, kept.fact)):
            later.setdefault(known, []).append((kept.subject_key, kept.fact, kept.layer))
    before = (kept for known, places in later.items() for kept in _kept_at(diagnosis_id, places, known))
    return (*before, *newest)


_SAID = AnswerEntry.__table__.c
_COLUMNS = [
    *(_SAID[name] for name in ("subject_key", "fact", "layer", "state", "value", "reason")),
    *(_SAID[name] for name in ("revision", "said_by", "said_at", "copied_from")),
]
_NEWEST = select(func.max(_SAID.id)).where(_SAID.diagnosis_id == bindparam("diagnosis"))
_EVERYTHING = (
    select(*_COLUMNS)
    .where(_SAID.id.in_(_NEWEST.group_by(_SAID.subject_key, _SAID.fact, _SAID.layer)))
    .order_by(_SAID.id)
)
# One step into ix_answer_entry_newest for each place, however often it was answered before.
_AT_PLACES = """
    SELECT {columns} FROM {places} AS place JOIN answer_entry ON answer_entry.id = (
        SELECT said.id FROM answer_entry AS said
        WHERE said.diagnosis_id = :diagnosis AND said.subject_key = place.value ->> 0
        AND said.fact = place.value ->> 1 AND said.layer = place.value ->> 2 AND said.revision <= :up_to
        ORDER BY said.id DESC LIMIT 1)
"""
_ROWS_OF_LIST = {"sqlite": "json_each(:places)", "postgresql": "json_array_elements(CAST(:places AS json))"}
_LAST_SAVE = 2**31 - 1  # no diagnosis is saved as often


def _kept_everywhere(diagnosis_id: UUID) -> list[Kept]:
    return [_kept(row) for row in db.session.execute(_EVERYTHING, {"diagnosis": diagnosis_id})]


def _kept_at(diagnosis_id: UUID, places: Sequence[Place], up_to: int = _LAST_SAVE) -> list[Kept]:
    """Return what counted at these places after save number `up_to`."""
    given = {"diagnosis": diagnosis_id, "places": json.dumps(places), "up_to": up_to}
    connection = db.session.connection()
    return [_kept(row) for row in connection.execute(_at_places(connection.dialect.name), given)]


@cache
def _at_places(database: str) -> TextualSelect:
    columns = ", ".join(f"answer_entry.{column.name}" for column in _COLUMNS)
    statement = text(_AT_PLACES.format(columns=columns, places=_ROWS_OF_LIST[database]))
    return statement.bindparams(bindparam("diagnosis", type_=_SAID.diagnosis_id.type)).columns(*_COLUMNS)


def _kept(row: Sequence[Any]) -> Kept:
    key, fact, layer, state, value, reason, *when = row
    return Kept(key, fact, layer.value, Said(state, value, reason), *when)


_FACTORIES, _WORKSHOPS = Factory.__table__, Workshop.__table__
PARTS = (_FACTORIES.c.id, _FACTORIES.c.name, _WORKSHOPS.c.id, _WORKSHOPS.c.name)


def with_open_parts(query: Select[Any], firm_id: ColumnElement[UUID]) -> Select[Any]:
    """Join the open factories and workshops of a firm, in their order; the closed ones are no longer asked about."""
    factories = (_FACTORIES.c.firm_id == firm_id) & _FACTORIES.c.closed_at.is_(None)
    workshops = (_WORKSHOPS.c.factory_id == _FACTORIES.c.id) & _WORKSHOPS.c.closed_at.is_(None)
    joined = query.outerjoin(_FACTORIES, factories).outerjoin(_WORKSHOPS, workshops)
    return joined.order_by(_FACTORIES.c.position, _WORKSHOPS.c.position)


_FIRMS = Firm.__table__
_TREE = with_open_parts(select(*PARTS).select_from(_FIRMS), _FIRMS.c.id).where(_FIRMS.c.id == bindparam("firm"))


def _firm_tree(diagnosis: Diagnosis) -> Subject:
    """Return the firm with its open factories and workshops."""
    return firm_of(diagnosis.firm.name, db.session.execute(_TREE, {"firm": diagnosis.firm_id}))


def firm_of(name: str, parts: Iterable[Sequence[Any]]) -> Subject:
    """Return a firm as the inner rooms see it, from rows of PARTS."""
    names: dict[UUID, str] = {}
    workshops: dict[UUID, list[Subject]] = {}
    for factory_id, factory, workshop_id, workshop in parts:
        if factory_id is None:
            continue
        names[factory_id] = factory
        inside = workshops.setdefault(factory_id, [])
        if workshop_id is not None:
            inside.append(Subject(SubjectKind.WORKSHOP, str(workshop_id), workshop, {}))
    factories = (Subject(SubjectKind.FACTORY, str(key), names[key], {}, tuple(workshops[key])) for key in names)
    return Subject(SubjectKind.FIRM, FIRM_KEY, name, {}, tuple(factories))
