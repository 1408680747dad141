"""The pages of evidence, ready to draw: one question with its files, and all files of a diagnosis."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any
from uuid import UUID

from flask import current_app, url_for

from app.access import may
from app.diagnosis.asked import find_question
from app.diagnosis.draft import Draft
from app.diagnosis.hub import answer_address
from app.diagnosis.models import EvidenceFile, Layer
from app.diagnosis.page import said_words
from app.diagnosis.punctuation import listed
from app.errors import NotFound
from app.evidence import service
from app.evidence.kinds import EXTENSIONS, SORTS, Kind
from app.evidence.service import Place
from app.presentation import language, text
from questionnaires.model import Fact, Page, Question, Section, Subject, SubjectKind

MB = 1024 * 1024
FILES_AT_ONCE_FACTOR = 5  # one upload may hold so many of the largest files
FILES_ON_A_PAGE = 50
MOST_AT_ONCE = 50  # files of one upload


@dataclass(frozen=True, slots=True)
class Asked:
    """One fact of one subject, and where it is asked."""

    section: Section
    subject: Subject
    page: Page
    question: Question
    fact: Fact

    @property
    def place(self) -> Place:
        """Return how its files are found."""
        return self.subject.key, self.fact.id


@dataclass(frozen=True, slots=True)
class Shows:
    """What a file shows: a question in words, and the page of its evidence."""

    words: str
    address: str | None  # none when it is no longer asked


@dataclass(frozen=True, slots=True)
class Line:
    """One file."""

    id: UUID
    name: str
    kind: str
    size: str
    digest: str
    who: str
    row: EvidenceFile
    shows: tuple[Shows, ...]
    preview: str | None  # address of a small picture
    may_erase: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """What is said before a file is chosen."""

    one_mb: int
    together_mb: int
    total_mb: int
    at_once: int
    accept: str
    scanned: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The evidence of one question."""

    asked: Asked
    subject: str
    question: str
    label: str  # of the fact, where the question asks several
    answer: str
    wanted: str
    here: tuple[Line, ...]
    others: tuple[Line, ...]  # may be linked
    back: str | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All evidence of a diagnosis."""

    files: tuple[Line, ...]  # one page of them, the newest first
    count: int
    size: str
    page: int
    pages: int
    removed: tuple[Line, ...]


def limits() -> Limits:
    """Return the limits of this installation."""
    settings = current_app.config["ZHIZHEN"]
    return Limits(
        one_mb=settings.evidence_max_mb,
        together_mb=FILES_AT_ONCE_FACTOR * settings.evidence_max_mb,
        total_mb=settings.evidence_total_mb,
        at_once=MOST_AT_ONCE,
        accept=",".join(sorted(EXTENSIONS)),
        scanned=settings.clamd is not None,
    )


def accepted(kinds: Collection[Kind]) -> str:
    """Return the ends of the names of some kinds, as a form offers them."""
    return ",".join(sorted(extension for kind in kinds for extension in SORTS[kind].extensions))


def may_change(draft: Draft) -> bool:
    """Tell whether the person may change the evidence now."""
    return draft.may_fill and may("diagnosis.fill")


# --- one question -----------------------------------------------------------------------------------------------------


def asked_at(draft: Draft, section_id: str, subject_key: str, fact: str) -> Asked:
    """Return the fact with its question. Raises NotFound when it is not asked there."""
    section, subject = draft.section_about(section_id, subject_key)
    found = find_question(section, fact)
    if found is None:
        raise NotFound
    return Asked(section, subject, *found, next(one for one in found[1].facts if one.id == fact))


def view(draft: Draft, asked: Asked) -> Sheet:
    """Return the evidence of one question."""
    lines, lang = _lines(draft), language()
    kept = draft.newest(asked.subject.key, Layer.STATED).get(asked.fact.id)
    own = {file_id for file_id, places in service.places_of(draft.diagnosis.id).items() if asked.place in places}
    standing = [line for line in lines if line.row.removed_at is None]
    return Sheet(
        asked=asked,
        subject="" if asked.subject.kind is SubjectKind.FIRM else asked.subject.name,
        question=text(asked.question.text),
        label=text(asked.fact.label) if len(asked.question.facts) > 1 else "",
        answer=said_words(asked.fact, kept.said, lang) if kept else "",
        wanted=listed(text(hint) for hint in asked.fact.evidence),
        here=tuple(line for line in standing if line.id in own),
        others=tuple(line for line in standing if line.id not in own),
        back=answer_address(draft, *asked.place),
    )


# --- all files --------------------------------------------------------------------------------------------------------


def overview(draft: Draft, page: int = 1) -> Overview:
    """Return the evidence of a diagnosis, one page of it; a page that there is not is the nearest one."""
    lines = _lines(draft)[::-1]
    standing = [line for line in lines if line.row.removed_at is None]
    pages = max(1, ceil(len(standing) / FILES_ON_A_PAGE))
    page = min(max(1, page), pages)
    return Overview(
        files=tuple(standing[(page - 1) * FILES_ON_A_PAGE : page * FILES_ON_A_PAGE]),
        count=len(standing),
        size=size_words(sum(line.row.size for line in lines)),
        page=page,
        pages=pages,
        removed=tuple(line for line in lines if line.row.removed_at is not None),
    )


def files_by_place(draft: Draft) -> dict[Place, tuple[Line, ...]]:
    """Return the files that show each fact, for pages where the answers stand."""
    lines = {line.id: line for line in _lines(draft)}
    found: dict[Place, tuple[Line, ...]] = {}
    for file_id, places in service.places_of(draft.diagnosis.id).items():
        for place in places:
            found[place] = (*found.get(place, ()), lines[file_id])
    return found


def _lines(draft: Draft) -> list[Line]:
    diagnosis = draft.diagnosis
    places, where = service.places_of(diagnosis.id), _sections(draft)
    return [
        _line(draft, file, who, tuple(_shows(draft, where, places.get(file.id, ()))))
        for file, who in service.files_of(diagnosis.id)
    ]


def _line(draft: Draft, file: EvidenceFile, who: str, shows: tuple[Shows, ...]) -> Line:
    kind = Kind(file.kind)
    here: dict[str, Any] = {"diagnosis_id": file.diagnosis_id, "file_id": file.id}
    return Line(
        id=file.id,
        name=file.name,
        kind=str(SORTS[kind].words),
        size=size_words(file.size),
        digest=file.digest,
        who=who,
        row=file,
        shows=shows,
        preview=url_for("evidence.preview", **here) if file.preview else None,
        may_erase=service.may_erase(file, draft.diagnosis),
    )


def _sections(draft: Draft) -> Mapping[str, str]:
    """Return fact -> the section that asks it."""
    sections = draft.questionnaire.sections
    return {fact: section.id for section in sections for page in section.pages for fact in page.fact_ids}


def _shows(draft: Draft, where: Mapping[str, str], places: Iterable[Place]) -> Iterator[Shows]:
    for key, name in places:
        fact, subject = draft.questionnaire.facts.get(name), draft.subject(key)
        label = text(fact.label) if fact else name
        if fact is None or subject is None or name not in where:
            yield Shows(label, None)
            continue
        words = label if subject.kind is SubjectKind.FIRM else f"{subject.name} · {label}"
        yield Shows(words, address_of(draft.diagnosis.id, where[name], (key, name)))


def address_of(diagnosis_id: UUID, section_id: str, place: Place) -> str:
    """Return the page of the evidence of one question."""
    at: dict[str, Any] = {"section_id": section_id, "subject_key": place[0], "fact": place[1]}
    return url_for("evidence.question", diagnosis_id=diagnosis_id, **at)


def size_words(size: int) -> str:
    """Return a size as people read it: “340 KB”, “1.2 MB”, rounded up so that nothing is 0."""
    if size < MB:
        return f"{-(-size // 1024)} KB"
    tenths = -(-size * 10 // MB)
    return f"{tenths // 10}.{tenths % 10} MB"
