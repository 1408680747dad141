"""Blank questionnaires to be filled in by hand: papers for everybody, each made once for an edition and a language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from app.errors import NotFound
from app.papers import LANGUAGES, Paper, digest_of, folder_of
from questionnaires.loader import NoSuchQuestionnaire, load
from questionnaires.model import Questionnaire
from reports.blank import build
from reports.html import blank_to_html

KIND = "blank-questionnaires"


@dataclass(frozen=True, slots=True)
class BlankFile(Paper):
    """One blank questionnaire in one language, and where it is kept."""

    questionnaire: Questionnaire


def find(questionnaire_id: str, version: str, language: str) -> BlankFile:
    """Return where a blank questionnaire is or will be kept. Raises NotFound."""
    if language not in LANGUAGES:
        raise NotFound
    try:
        questionnaire = load(questionnaire_id, version)
    except NoSuchQuestionnaire as unknown:
        raise NotFound from unknown
    html = _html(_Edition(questionnaire), language)
    file = folder_of(KIND) / f"{questionnaire_id}-{version}-{language}-{digest_of(html)}.pdf"
    return BlankFile(file, language, questionnaire.title.zh, html, questionnaire)


class _Edition:
    """A questionnaire as a key: its digest says all that is asked."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire

    def __hash__(self) -> int:
        return hash(self.questionnaire.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Edition) and self.questionnaire.digest == other.questionnaire.digest


@lru_cache(maxsize=8)
def _html(edition: _Edition, language: str) -> str:
    return blank_to_html(build(edition.questionnaire, language))
