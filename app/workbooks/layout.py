"""The questionnaire as sheets of rows with what is answered, in the reader's language: what stands where, not how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext as _

from app.diagnosis.asked import published
from app.diagnosis.draft import NOTHING, TAILORING, Draft, Kept, Said
from app.diagnosis.models import Layer
from app.diagnosis.punctuation import listed, with_colon
from app.presentation import language, text
from questionnaires.model import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Fact,
    FactKind,
    Page,
    Question,
    Questionnaire,
    Section,
    Subject,
    Text,
)
from questionnaires.path import Line, lines
from questionnaires.values import show_value
from reports.spreadsheet import LONGEST_NAME

_NOT_IN_NAMES = frozenset("[]:*?/\\'")


@dataclass(frozen=True, slots=True)
class Heading:
    """A page of the questionnaire, above its rows."""

    title: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of one subject."""

    subject_key: str
    name: str  # of the fact, or of a capability subdomain to leave out
    fact: Fact | None  # None for a subdomain
    number: str
    question: str
    help: str
    unit: str
    said: Said
    may_not_apply: bool


@dataclass(frozen=True, slots=True)
class Block:
    """What one sheet asks of one subject."""

    title: str  # of the factory or workshop; nothing for the firm
    parts: tuple[Heading | Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One section of the questionnaire."""

    name: str
    title: str
    blocks: tuple[Block, ...]


def sheets(draft: Draft, may_be_tailored: Mapping[str, Text]) -> tuple[Sheet, ...]:
    """Return every section with everybody whom it asks, and a sheet for what the firm leaves out."""
    there, made = lines(draft.firm), _Sections(draft)
    asked = [section for section in draft.questionnaire.sections if there[section.of]]
    *names, last = _names([*(text(section.title) for section in asked), _("裁剪")])
    of_sections = (made.sheet(name, section, there[section.of]) for name, section in zip(names, asked, strict=True))
    return (*of_sections, _tailoring(may_be_tailored, made.kept.get(TAILORING, {}), last))


def by_subject(draft: Draft, up_to: int | None = None) -> dict[str, dict[str, Kept]]:
    """Return subject key -> fact -> what the firm states, or stated at save number `up_to`; in one pass for all."""
    found: dict[str, dict[str, Kept]] = {}
    for kept in draft.kept:
        if kept.layer == Layer.STATED and (up_to is None or kept.revision <= up_to):
            found.setdefault(kept.subject_key, {})[kept.fact] = kept
    return found


@lru_cache(maxsize=16)
def numbers(questionnaire_id: str, version: str) -> Mapping[str, str]:
    """Return fact -> its number in a published questionnaire: 3.12 is the twelfth of the third section."""
    sections = published(questionnaire_id, version).sections
    return {
        fact: f"{place}.{number}"
        for place, section in enumerate(sections, start=1)
        for number, fact in enumerate((name for page in section.pages for name in page.fact_ids), start=1)
    }


def title_of(line: Line) -> str:
    """Return what a factory or workshop is called beside the others; nothing for the firm."""
    return " · ".join(subject.name for subject in line[1:])


def _names(titles: Iterable[str]) -> Iterator[str]:
    """Yield a name for each sheet: what a name may hold, and no name twice."""
    taken: set[str] = set()
    for title in titles:
        whole = "".join(letter for letter in title if letter not in _NOT_IN_NAMES).strip() or "-"
        number, name = 1, whole[:LONGEST_NAME]
        while name.casefold() in taken:
            number += 1
            name = f"{whole[: LONGEST_NAME - 4]} {number}"
        taken.add(name.casefold())
        yield name


# --- one section ------------------------------------------------------------------------------------------------------


class _Sections:
    """Lays out the sections of one diagnosis."""

    def __init__(self, draft: Draft) -> None:
        self.questionnaire, self.left_out = draft.questionnaire, frozenset(draft.tailored)
        self.kept = by_subject(draft)
        self.number = numbers(draft.questionnaire.id, draft.questionnaire.version)

    def sheet(self, name: str, section: Section, about: Iterable[Line]) -> Sheet:
        headings = {page.id: self._heading(page, section) for page in section.pages}
        blocks = (Block(title_of(line), tuple(self._parts(section, line[-1], headings))) for line in about)
        return Sheet(name, text(section.title), tuple(blocks))

    def _heading(self, page: Page, section: Section) -> Heading:
        notes = (
            _("这个能力子域已裁剪，不用填。") if section.subdomain in self.left_out else "",
            _when(page.show_when, self.questionnaire) if page.show_when else "",
            text(page.lead),
            _same_evidence(page),
        )
        return Heading(text(page.title), tuple(filter(None, notes)))

    def _parts(self, section: Section, subject: Subject, headings: Mapping[str, Heading]) -> Iterator[Heading | Row]:
        kept = self.kept.get(subject.key, {})
        for page in section.pages:
            yield headings[page.id]
            with_evidence = not _same_evidence(page)
            for question in page.questions:
                for fact in question.facts:
                    said = kept[fact.id].said if fact.id in kept else NOTHING
                    yield self._row(question, fact, subject.key, said, with_evidence)

    def _row(self, question: Question, fact: Fact, subject_key: str, said: Said, with_evidence: bool) -> Row:
        alone = len(question.facts) == 1
        own = text(question.help if alone else fact.definition)
        return Row(
            subject_key=subject_key,
            name=fact.id,
            fact=fact,
            number=self.number[fact.id],
            question=text(question.text if alone else fact.ask),
            help="\n".join(filter(None, (own, _evidence(fact) if with_evidence else ""))),
            unit=text(fact.unit),
            said=said,
            may_not_apply=fact.kind is not FactKind.PRACTICE and not fact.required,
        )


def _evidence(fact: Fact) -> str:
    return with_colon(_("可作佐证"), listed(map(text, fact.evidence))) if fact.evidence else ""


def _same_evidence(page: Page) -> str:
    """Return what proves every answer of a page, where it is the same for all; then it is said once."""
    facts = [fact for question in page.questions for fact in question.facts]
    return _evidence(facts[0]) if len(facts) > 1 and len({fact.evidence for fact in facts}) == 1 else ""


# --- on what a page depends -------------------------------------------------------------------------------------------


def _when(condition: Condition, questionnaire: Questionnaire) -> str:
    return _("%(condition)s时才填，否则留空。", condition=_words(condition, questionnaire))


def _words(condition: Condition, questionnaire: Questionnaire) -> str:
    if isinstance(condition, Comparison):
        return _comparison(condition, questionnaire)
    joined = {AllOf: _("，并且"), AnyOf: _("，或者")}[type(condition)]
    return joined.join(_words(part, questionnaire) for part in condition.parts)


def _comparison(condition: Comparison, questionnaire: Questionnaire) -> str:
    fact = questionnaire.facts[condition.left]
    other = questionnaire.facts.get(str(condition.right)) if condition.right_is_name else None
    value = f"“{text(other.label)}”" if other else show_value(fact, condition.right, language())
    said = {
        "==": _("“%(name)s”是“%(value)s”", name=text(fact.label), value=value),
        ">=": _("“%(name)s”不小于 %(value)s", name=text(fact.label), value=value),
        "<=": _("“%(name)s”不大于 %(value)s", name=text(fact.label), value=value),
        ">": _("“%(name)s”大于 %(value)s", name=text(fact.label), value=value),
        "<": _("“%(name)s”小于 %(value)s", name=text(fact.label), value=value),
    }
    return said[condition.operator]


# --- what is left out -------------------------------------------------------------------------------------------------


def _tailoring(allowed: Mapping[str, Text], kept: Mapping[str, Kept], name: str) -> Sheet:
    lead = Heading(
        _("本企业没有的业务"),
        (_("没有这项业务的，在“回答”里写明理由；有的留空。报告会印出每一条理由。"),),
    )
    rows = (
        Row(
            subject_key=TAILORING,
            name=subdomain,
            fact=None,
            number=str(number),
            question=text(words),
            help="",
            unit="",
            said=kept[subdomain].said if subdomain in kept else NOTHING,
            may_not_apply=False,
        )
        for number, (subdomain, words) in enumerate(allowed.items(), start=1)
    )
    return Sheet(name, _("裁剪"), (Block("", (lead, *rows)),))
