"""From a frozen assessment record to what its report says; the live rows of the diagnosis are never read."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.diagnosis.models import AssessmentRecord, Layer
from app.presentation import later
from app.reporting.terms import Terms
from questionnaires.exchange import read_diagnosis
from questionnaires.loader import load
from questionnaires.model import FilledDiagnosis, Questionnaire, Statement, Subject
from reports.edition import Difference, Edition, Observation
from reports.given import Given, given_for, shown_statement
from reports.language import LANGUAGES, Language
from reports.model import DiagnosisReport
from reports.own_template import CannotApply, OwnTemplate, applied
from reports.view_model import build
from scoring.assessment import assess_diagnosis
from scoring.loader import load_all
from scoring.own_costs import with_own_costs
from scoring.result_file import write_result

RULES_CHANGED = later("问卷、评价标准或程序在定稿之后更新过，不能照原样打印。请退回后重新提交，按新的标准出报告。")
CATALOGUE_CHANGED = later(
    "这份报告生成以后，改进项目录更新过，改进建议和改进计划不能照原样打印。请重新生成一份，按现在的目录出。"
)
_OBJECT_STREAM = re.compile(rb"/Type /ObjStm[^>]*>>\s*stream\r?\n")
_PAGE = re.compile(rb"/Type /Page\b")


class CannotPrint(Exception):
    """The record cannot be printed any more; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Order:
    """A report to be made of a record, and everything it says that is not in the record.

    `stated` is what the firm had said when the consultant verified it: the report lists where the two differ. A remark
    is subject key, fact and what the consultant wrote about it.
    """

    record: AssessmentRecord
    terms: Terms  # what the plan and the comparison with others rest on
    day: date
    language: str = "zh"
    preview: bool = False
    stated: AssessmentRecord | None = None
    consultant: str = ""
    remarks: tuple[tuple[str, str, str], ...] = ()
    letter: date | None = None
    code: str = ""  # by which it can be checked, in groups
    address: str = ""  # of the public page about it
    template: OwnTemplate | None = None  # None: the standard layout


def given_of(order: Order) -> Given:
    """Return what all forms of the report are made from. Raises CannotPrint."""
    record = order.record
    filled = _read(record)
    questionnaire = load(filled.questionnaire_id, filled.questionnaire_version)
    criteria = load_all(filled.as_of)
    assessments = assess_diagnosis(filled, criteria)
    _refuse_changed(questionnaire.digest == record.questionnaire_digest)
    _refuse_changed({name: one.digest for name, one in criteria.criteria.items()} == record.criteria_digests)
    again = write_result(assessments, filled, record.diagnosis_file.encode(), record.program)
    _refuse_changed(again == record.result_file)
    _refuse_changed(criteria.improvements_digest == order.terms.catalogue, CATALOGUE_CHANGED)
    edition, priced = _edition(order, filled, questionnaire), with_own_costs(criteria, order.terms.costs)
    kept, peers = order.terms.kept, order.terms.peers
    return given_for(filled, assessments, priced, questionnaire, edition, kept, peers)


def laid_out(given: Given, template: OwnTemplate | None) -> DiagnosisReport:
    """Return the report in the layout of a template, or in the standard one. Raises CannotPrint."""
    report = build(given)
    try:
        return applied(report, template) if template else report
    except CannotApply as fault:
        raise CannotPrint(str(fault)) from fault


def _edition(order: Order, filled: FilledDiagnosis, questionnaire: Questionnaire) -> Edition:
    language, record = LANGUAGES[order.language], order.record
    stated = _read(order.stated) if order.stated else None
    return Edition(
        day=order.day,
        program=record.program,
        language=order.language,
        verified=record.layer is Layer.VERIFIED,
        preview=order.preview,
        consultant=order.consultant,
        differences=tuple(differences(stated, filled, questionnaire, language)) if stated else (),
        observations=record.observations or "",
        recommendations=record.recommendations or "",
        remarks=tuple(_observations(order, filled, questionnaire, language)),
        letter=order.letter,
        code=order.code,
        address=order.address,
    )


def _observations(
    order: Order, filled: FilledDiagnosis, questionnaire: Questionnaire, language: Language
) -> Iterator[Observation]:
    """Yield the remarks with the names of what they are about; what is no longer asked is left out."""
    names = {subject.key: subject.name for subject in _every(filled.firm)}
    for key, fact, words in order.remarks:
        if key in names and fact in questionnaire.facts:
            yield Observation(names[key], language.say(questionnaire.facts[fact].label), words)


def _read(record: AssessmentRecord) -> FilledDiagnosis:
    return read_diagnosis(record.diagnosis_file, f"record-{record.id}.json")


def _refuse_changed(same: bool, why: str = RULES_CHANGED) -> None:
    if not same:
        raise CannotPrint(why)


# --- where the consultant found something else ------------------------------------------------------------------------


def differences(
    stated: FilledDiagnosis, verified: FilledDiagnosis, questionnaire: Questionnaire, language: Language
) -> Iterator[Difference]:
    """Yield every fact that the verified diagnosis states otherwise, in the order of the questionnaire."""
    before = {subject.key: subject for subject in _every(stated.firm)}
    for subject in _every(verified.firm):
        theirs = before[subject.key].facts if subject.key in before else {}
        for name, fact in questionnaire.facts.items():
            said, found = theirs.get(name), subject.facts.get(name)
            if not _same(said, found):
                stated_words, found_words = (shown_statement(fact, one, language) for one in (said, found))
                reason = found.reason if found else None
                yield Difference(subject.name, language.say(fact.label), stated_words, found_words, reason or "")


def _every(subject: Subject) -> Iterator[Subject]:
    yield subject
    for part in subject.parts:
        yield from _every(part)


def _same(one: Statement | None, other: Statement | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.state, one.value) == (other.state, other.value)


# --- the PDF ----------------------------------------------------------------------------------------------------------


def pages_in(pdf: bytes) -> int:
    """Count the pages of a PDF whose objects stand in compressed streams, as our renderer writes them."""
    streams = (zlib.decompressobj().decompress(pdf[found.end() :]) for found in _OBJECT_STREAM.finditer(pdf))
    return sum(len(_PAGE.findall(objects)) for objects in streams)
