"""From a frozen assessment record to the HTML of its report; the live rows of the diagnosis are never read."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from datetime import date

from app.diagnosis.models import AssessmentRecord, Layer
from app.presentation import later
from app.reporting.terms import Terms
from questionnaires.exchange import read_diagnosis
from questionnaires.loader import load
from questionnaires.model import Fact, FilledDiagnosis, Questionnaire, State, Statement, Subject
from questionnaires.values import show_value
from reports.given import given_for
from reports.html import to_html
from reports.model import DiagnosisReport, Difference, Edition
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


def html_of(
    record: AssessmentRecord, stated: AssessmentRecord | None, day: date, consultant: str, preview: bool, terms: Terms
) -> str:
    """Return the report of `record`, issued on `day`. Raises CannotPrint when its rules have changed since.

    `stated` is what the firm had said when the consultant verified it: the report lists where the two differ. `terms`
    are what the plan rests on.
    """
    return to_html(report_of(record, stated, day, consultant, preview, terms))


def report_of(
    record: AssessmentRecord, stated: AssessmentRecord | None, day: date, consultant: str, preview: bool, terms: Terms
) -> DiagnosisReport:
    """Return everything that the report of `record` says. Raises CannotPrint."""
    filled = _read(record)
    questionnaire = load(filled.questionnaire_id, filled.questionnaire_version)
    criteria = load_all(filled.as_of)
    assessments = assess_diagnosis(filled, criteria)
    _refuse_changed(questionnaire.digest == record.questionnaire_digest)
    _refuse_changed({name: one.digest for name, one in criteria.criteria.items()} == record.criteria_digests)
    again = write_result(assessments, filled, record.diagnosis_file.encode(), record.program)
    _refuse_changed(again == record.result_file)
    _refuse_changed(criteria.improvements_digest == terms.catalogue, CATALOGUE_CHANGED)
    edition = Edition(
        day=day,
        program=record.program,
        verified=record.layer is Layer.VERIFIED,
        preview=preview,
        consultant=consultant,
        differences=tuple(differences(_read(stated), filled, questionnaire)) if stated else (),
    )
    priced = with_own_costs(criteria, terms.costs)
    return build(given_for(filled, assessments, priced, questionnaire, edition, terms.kept))


def _read(record: AssessmentRecord) -> FilledDiagnosis:
    return read_diagnosis(record.diagnosis_file, f"record-{record.id}.json")


def _refuse_changed(same: bool, why: str = RULES_CHANGED) -> None:
    if not same:
        raise CannotPrint(why)


# --- where the consultant found something else ------------------------------------------------------------------------


def differences(
    stated: FilledDiagnosis, verified: FilledDiagnosis, questionnaire: Questionnaire
) -> Iterator[Difference]:
    """Yield every fact that the verified diagnosis states otherwise, in the order of the questionnaire."""
    before = {subject.key: subject for subject in _every(stated.firm)}
    for subject in _every(verified.firm):
        theirs = before[subject.key].facts if subject.key in before else {}
        for name, fact in questionnaire.facts.items():
            said, found = theirs.get(name), subject.facts.get(name)
            if not _same(said, found):
                reason = found.reason if found else None
                yield Difference(subject.name, fact.label.zh, _shown(fact, said), _shown(fact, found), reason or "")


def _every(subject: Subject) -> Iterator[Subject]:
    yield subject
    for part in subject.parts:
        yield from _every(part)


def _same(one: Statement | None, other: Statement | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.state, one.value) == (other.state, other.value)


def _shown(fact: Fact, statement: Statement | None) -> str:
    if statement is None:
        return "未填"
    if statement.state is State.UNKNOWN:
        return "不清楚"
    if statement.value is None:
        return "不适用"
    return show_value(fact, statement.value, "zh")


# --- the PDF ----------------------------------------------------------------------------------------------------------


def pages_in(pdf: bytes) -> int:
    """Count the pages of a PDF whose objects stand in compressed streams, as our renderer writes them."""
    streams = (zlib.decompressobj().decompress(pdf[found.end() :]) for found in _OBJECT_STREAM.finditer(pdf))
    return sum(len(_PAGE.findall(objects)) for objects in streams)
