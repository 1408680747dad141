"""Workshops, factories and the firm held against each scheme, requirement by requirement with its distance."""

from __future__ import annotations

from collections.abc import Iterable

from questionnaires.model import FactKind, Text
from reports import ruler, wording
from reports.documents import title_of
from reports.given import Given, applies, shown_outcome, shown_state, subject_title
from reports.model_judgements import Condition, Judgement, Scheme
from reports.model_pieces import State
from scoring.model import (
    Assessment,
    Outcome,
    PointsCriteria,
    RequirementKind,
    RequirementResult,
    RequirementState,
    Rule,
)

ALL_THERE, MISSING = Text("都有", "all there"), Text("没有", "missing")
BY_CONSULTANT = Text("由专家判断", "for the consultant to judge")
NOT_APPLICABLE = Text(
    "这套标准不适用于本企业，不作判断。", "These criteria do not apply to this firm, so nothing is judged."
)
ALL_MET = Text("可以判断的条件全部达到。", "All conditions that can be judged are met.")
ONE_BY_ONE = Text("逐项列在下面。", "They are listed one by one below.")
MOST_NAMED = 8  # facts of one requirement
POINTS, LEVELS = Text("分", "points"), Text("级", "level")


def schemes(given: Given, assessments: Iterable[Assessment]) -> tuple[Scheme, ...]:
    """Return the given assessments gathered by criteria file, in their order."""
    by_criteria: dict[str, list[Assessment]] = {}
    for assessment in assessments:
        by_criteria.setdefault(assessment.criteria_id, []).append(assessment)
    return tuple(_scheme(given, criteria_id, judged) for criteria_id, judged in by_criteria.items())


def _scheme(given: Given, criteria_id: str, judged: list[Assessment]) -> Scheme:
    criteria = given.criteria.criteria.get(criteria_id)
    said = (_basis(given, criteria.rule), given.say(criteria.notice)) if criteria else ()
    basis = given.language.gap.join(filter(None, said))
    title = given.say(judged[0].criteria_title)
    return Scheme(title, f"scheme-{criteria_id}", basis, tuple(judgement(given, one) for one in judged))


def _basis(given: Given, rule: Rule) -> str:
    sure = given.say(wording.CONFIDENCE_WORDS[rule.confidence])
    title = given.language.bracketed(title_of(rule.title, given.language), sure)
    return given.say(Text(f"依据：{title}。", f"Basis: {title}."))


def judgement(given: Given, assessment: Assessment) -> Judgement:
    """Return one subject with every requirement of its scheme."""
    results = printed_requirements(assessment)
    scored, gates = [r for r in results if _is_scored(r)], [r for r in results if not _is_scored(r)]
    return Judgement(
        title=subject_title(assessment, given.language),
        target=f"judged-{given.ref(assessment).target}",
        state=shown_outcome(assessment, given.language),
        sentence=given.language.gap.join(map(given.say, sentence(assessment))),
        coverage=given.language.sentence(given.say(wording.coverage_text(assessment))),
        conditions=tuple(condition(given, assessment, result) for result in gates),
        earned=tuple(condition(given, assessment, result) for result in scored),
        settle=tuple(given.say(given.fact(fact).label) for fact in assessment.settle),
        ref=given.ref(assessment),
    )


def printed_requirements(assessment: Assessment) -> tuple[RequirementResult, ...]:
    """Return the requirements to print: none of a scheme that does not apply."""
    return assessment.requirements if applies(assessment) else ()


def sentence(assessment: Assessment) -> tuple[Text, ...]:
    """Say the conclusion of one scheme for one subject in one or two sentences."""
    if not applies(assessment):
        return (NOT_APPLICABLE,)
    total = wording.between(assessment.total, 1) if assessment.total else None
    points = (Text(f"得分{total.zh}；", f"The score {total.en}."),) if total else ()
    return (*points, ALL_MET if assessment.outcome is Outcome.MET else _what_is_missing(assessment))


def _what_is_missing(assessment: Assessment) -> Text:
    gates = [r for r in assessment.requirements if r.requirement.kind is RequirementKind.GATE]
    if not gates:
        return ONE_BY_ONE
    counts = {state: sum(r.state is state for r in gates) for state in RequirementState}
    met, unmet = counts[RequirementState.MET], counts[RequirementState.NOT_MET]
    still_open = counts[RequirementState.NOT_KNOWN]
    judged = met + unmet + still_open
    return Text(
        f"{judged} 项可判断的条件中，{met} 项达到，{unmet} 项未达到，{still_open} 项待定。",
        f"Of {wording.counted(judged, 'condition')} that can be judged, {met} met, {unmet} not met, {still_open} open.",
    )


def condition(
    given: Given, assessment: Assessment, result: RequirementResult, key: str = "c", most: int = MOST_NAMED
) -> Condition:
    """Return one requirement with its number, bar, distance and state; `key` tells apart drawings of the same one.

    Of several facts that are missing at most `most` are named.
    """
    return Condition(
        subject=assessment.subject_name,
        text=given.say(result.requirement.text),
        now=_now(given, assessment, result, most),
        bar=_bar(given, assessment, result, key),
        distance=given.say(_distance(result)),
        state=_earned(given, assessment, result) if _is_scored(result) else shown_state(result.state, given.language),
        grade=given.say(_grade(assessment, result)),
        ref=given.ref(assessment, result.requirement.id),
    )


def _is_scored(result: RequirementResult) -> bool:
    return result.requirement.kind is RequirementKind.SCORED and result.value is not None


def _earned(given: Given, assessment: Assessment, result: RequirementResult) -> State:
    """Return the points of a question or the level of a scene; an open one keeps the mark of what is open."""
    value, unit = result.value, _earned_unit(given, assessment, result)
    if value is None:
        return shown_state(result.state, given.language)
    number = wording.number_text(value.low)
    if value.settled:
        return State("■", given.say(_earned_words(number, unit)), "fact")
    return State("◐", given.say(_earned_words(f"{number}–{wording.number_text(value.high)}", unit)), "open")


def _earned_words(number: str, unit: Text) -> Text:
    return Text(f"{number} {unit.zh}", f"{unit.en} {number}" if unit is LEVELS else f"{number} {unit.en}")


def _earned_unit(given: Given, assessment: Assessment, result: RequirementResult) -> Text:
    criteria = given.criteria.criteria.get(assessment.criteria_id)
    scenes = criteria.scenes if isinstance(criteria, PointsCriteria) else ()
    return LEVELS if result.requirement.id in {scene.requirement.id for scene in scenes} else POINTS


def _grade(assessment: Assessment, result: RequirementResult) -> Text | None:
    level = result.requirement.level
    return assessment.level_names[level - 1] if 0 < level <= len(assessment.level_names) else None


def _now(given: Given, assessment: Assessment, result: RequirementResult, most: int) -> str:
    if result.state is RequirementState.NOT_JUDGED:
        return given.say(result.requirement.because or BY_CONSULTANT)
    listed = _listed_facts(given, assessment, result, most)
    compared = wording.value_against_threshold(result, given.language.code) if _is_numeric(result) else ""
    there = given.say(ALL_THERE) if result.state is RequirementState.MET else "—"
    return given.language.clauses((compared, listed)) or there


def _is_numeric(result: RequirementResult) -> bool:
    return wording.threshold_of(result) is not None or (
        result.value is not None and result.requirement.unit is not None
    )


def _listed_facts(given: Given, assessment: Assessment, result: RequirementResult, most: int) -> str:
    """Say the answer of a single fact; of several yes-or-no facts name those that do not hold or are open."""
    known = [fact for fact in result.facts if fact in given.questionnaire.facts or fact in given.criteria.facts]
    asked = [fact for fact in known if given.fact(fact).kind is not FactKind.NUMBER]
    if not asked or len(asked) > MOST_NAMED:
        return ""
    said = {fact: given.statement(fact, assessment.subject_key) for fact in asked}
    if len(asked) == 1:
        return "" if _is_numeric(result) else given.answer(asked[0], said[asked[0]])
    missing: dict[str, list[Text]] = {}
    for fact, statement in said.items():
        value = statement.value if statement else None
        if value is not True and not (value is False and result.distance is not None):
            word = given.say(MISSING) if value is False else given.answer(fact, statement)
            missing.setdefault(word, []).append(given.fact(fact).label)
    return given.language.clauses(
        given.language.of(word, given.say(wording.listed_texts(labels, most))) for word, labels in missing.items()
    )


def _bar(given: Given, assessment: Assessment, result: RequirementResult, key: str) -> str:
    unit = result.requirement.unit
    if result.value is None or unit is None or unit.zh != "%" or result.state is RequirementState.NOT_JUDGED:
        return ""
    if result.value.low < 0:
        return ""
    compared = wording.value_against_threshold(result, given.language.code)
    spoken = given.language.of(given.say(result.requirement.text), compared)
    pattern = key + given.ref(assessment, result.requirement.id).target
    threshold, suffices = wording.threshold_of(result), wording.number_suffices(result)
    return ruler.bar(result.value, threshold, suffices, spoken, pattern)


def _distance(result: RequirementResult) -> Text | None:
    if result.distance is not None:
        return result.distance
    if result.state is RequirementState.NOT_KNOWN and result.open_facts:
        missing = len(result.open_facts)
        return Text(f"差 {missing} 个答案", f"{wording.counted(missing, 'answer')} missing")
    return None
