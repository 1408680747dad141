"""What the product asks and judges by: every file with its version, basis and faults. Read only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

from app.presentation import today
from questionnaires.lint import lint_questionnaires
from questionnaires.loader import load, published
from questionnaires.model import Questionnaire, Text
from questionnaires.yaml_file import DefinitionError
from scoring.lint import lint_criteria
from scoring.loader import load_all
from scoring.model import Criteria, GatesCriteria, MaturityCriteria, PointsCriteria, Requirement


@dataclass(frozen=True, slots=True)
class QuestionnaireRow:
    """One published questionnaire and how much it asks."""

    title: Text
    id: str
    version: str
    sections: int
    pages: int
    facts: int
    digest: str


@dataclass(frozen=True, slots=True)
class CriteriaRow:
    """One criteria file as in force today: its document and how sure its requirements are."""

    criteria: Criteria
    requirements: int
    confidences: tuple[tuple[str, int], ...]  # code of a confidence, requirements with it; most first


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the page shows; faults are one line each and empty when all is well."""

    questionnaires: tuple[QuestionnaireRow, ...]
    criteria: tuple[CriteriaRow, ...]
    faults: tuple[str, ...]


def overview() -> Overview:
    """Return what is asked and judged today, with every fault that lint finds in the files."""
    try:
        asked = tuple(_questionnaire(load(*one)) for one in published())
        judged = tuple(_criteria(one) for one in load_all(today()).criteria.values())
    except DefinitionError:
        asked, judged = (), ()  # the faults below say why
    return Overview(asked, judged, _faults())


@cache
def _faults() -> tuple[str, ...]:
    """Looked for once in a process: the files change only with an installation."""
    return (*lint_questionnaires(), *lint_criteria())


def _questionnaire(one: Questionnaire) -> QuestionnaireRow:
    pages = sum(len(section.pages) for section in one.sections)
    return QuestionnaireRow(one.title, one.id, one.version, len(one.sections), pages, len(one.facts), one.digest)


def _criteria(one: Criteria) -> CriteriaRow:
    requirements = list(_requirements(one))
    counted = Counter(requirement.rule.confidence.value for requirement in requirements)
    return CriteriaRow(one, len(requirements), tuple(counted.most_common()))


def _requirements(one: Criteria) -> list[Requirement]:
    match one:
        case GatesCriteria():
            return list(one.requirements)
        case PointsCriteria():
            return [q.requirement for q in one.questions] + [scene.requirement for scene in one.scenes]
        case MaturityCriteria():
            return [r for element in one.capabilities for d in element.parts for s in d.parts for r in s.requirements]
        case _:
            return []
