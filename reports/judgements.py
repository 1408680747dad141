"""Workshops, factories and the firm held against each scheme, requirement by requirement with its distance."""

from __future__ import annotations

from collections.abc import Iterable

from questionnaires.model import FactKind
from reports import ruler, wording
from reports.given import Given, applies, shown_outcome, shown_state, subject_title
from reports.model import Condition, Judgement, Scheme, State
from scoring.model import Assessment, Outcome, PointsCriteria, RequirementKind, RequirementResult, RequirementState

ALL_THERE = {RequirementState.MET: "都有"}
MISSING_WORDS = {"否": "没有"}


def schemes(given: Given, assessments: Iterable[Assessment]) -> tuple[Scheme, ...]:
    """Return the given assessments gathered by criteria file, in their order."""
    by_criteria: dict[str, list[Assessment]] = {}
    for assessment in assessments:
        by_criteria.setdefault(assessment.criteria_id, []).append(assessment)
    return tuple(_scheme(given, criteria_id, judged) for criteria_id, judged in by_criteria.items())


def _scheme(given: Given, criteria_id: str, judged: list[Assessment]) -> Scheme:
    criteria = given.criteria.criteria.get(criteria_id)
    basis = (
        f"依据：{criteria.rule.title}（{wording.CONFIDENCE_WORDS[criteria.rule.confidence].zh}）。" if criteria else ""
    )
    notice = criteria.notice.zh if criteria and criteria.notice else ""
    title = judged[0].criteria_title.zh
    return Scheme(title, f"scheme-{criteria_id}", basis + notice, tuple(judgement(given, one) for one in judged))


def judgement(given: Given, assessment: Assessment) -> Judgement:
    """Return one subject with every requirement of its scheme."""
    results = printed_requirements(assessment)
    scored, gates = [r for r in results if _is_scored(r)], [r for r in results if not _is_scored(r)]
    return Judgement(
        title=subject_title(assessment),
        target=f"judged-{given.ref(assessment).target}",
        state=shown_outcome(assessment),
        sentence=sentence(assessment),
        coverage=wording.coverage_text(assessment).zh,
        conditions=tuple(condition(given, assessment, result) for result in gates),
        earned=tuple(condition(given, assessment, result) for result in scored),
        settle=tuple(given.fact(fact).label.zh for fact in assessment.settle),
        ref=given.ref(assessment),
    )


def printed_requirements(assessment: Assessment) -> tuple[RequirementResult, ...]:
    """Return the requirements to print: none of a scheme that does not apply."""
    return assessment.requirements if applies(assessment) else ()


def sentence(assessment: Assessment) -> str:
    """Say the conclusion of one scheme for one subject in one sentence."""
    if not applies(assessment):
        return "这套标准不适用于本企业，不作判断。"
    total = f"得分{wording.between(assessment.total, 1).zh}分；" if assessment.total else ""
    if assessment.outcome is Outcome.MET:
        return f"{total}可以判断的条件全部达到。"
    return total + _what_is_missing(assessment)


def _what_is_missing(assessment: Assessment) -> str:
    gates = [r for r in assessment.requirements if r.requirement.kind is RequirementKind.GATE]
    if not gates:
        return "逐项列在下面。"
    counts = {state: sum(r.state is state for r in gates) for state in RequirementState}
    said = [
        f"{counts[RequirementState.MET]} 项达到",
        f"{counts[RequirementState.NOT_MET]} 项未达到",
        f"{counts[RequirementState.NOT_KNOWN]} 项待定",
    ]
    judged = sum(counts[s] for s in (RequirementState.MET, RequirementState.NOT_MET, RequirementState.NOT_KNOWN))
    return f"{judged} 项可判断的条件中，" + "，".join(said) + "。"


def condition(given: Given, assessment: Assessment, result: RequirementResult, key: str = "c") -> Condition:
    """Return one requirement with its number, bar, distance and state; `key` tells apart drawings of the same one."""
    return Condition(
        subject=assessment.subject_name,
        text=result.requirement.text.zh,
        now=_now(given, assessment, result),
        bar=_bar(given, assessment, result, key),
        distance=_distance(result),
        state=_earned(given, assessment, result) if _is_scored(result) else shown_state(result.state),
        grade=_grade(assessment, result),
        ref=given.ref(assessment, result.requirement.id),
    )


def _is_scored(result: RequirementResult) -> bool:
    return result.requirement.kind is RequirementKind.SCORED and result.value is not None


def _earned(given: Given, assessment: Assessment, result: RequirementResult) -> State:
    """Return the points of a question or the level of a scene; an open one keeps the mark of what is open."""
    value, unit = result.value, _earned_unit(given, assessment, result)
    if value is None:
        return shown_state(result.state)
    if value.settled:
        return State("■", f"{wording.number_text(value.low)} {unit}", "fact")
    return State("◐", f"{wording.number_text(value.low)}–{wording.number_text(value.high)} {unit}", "open")


def _earned_unit(given: Given, assessment: Assessment, result: RequirementResult) -> str:
    criteria = given.criteria.criteria.get(assessment.criteria_id)
    scenes = criteria.scenes if isinstance(criteria, PointsCriteria) else ()
    return "级" if result.requirement.id in {scene.requirement.id for scene in scenes} else "分"


def _grade(assessment: Assessment, result: RequirementResult) -> str:
    level = result.requirement.level
    return assessment.level_names[level - 1].zh if 0 < level <= len(assessment.level_names) else ""


def _now(given: Given, assessment: Assessment, result: RequirementResult) -> str:
    if result.state is RequirementState.NOT_JUDGED:
        return result.requirement.because.zh if result.requirement.because else "由专家判断"
    listed = _listed_facts(given, assessment, result)
    compared = wording.value_against_threshold(result) if _is_numeric(result) else ""
    return "；".join(part for part in (compared, listed) if part) or ALL_THERE.get(result.state, "—")


def _is_numeric(result: RequirementResult) -> bool:
    return wording.threshold_of(result) is not None or (
        result.value is not None and result.requirement.unit is not None
    )


def _listed_facts(given: Given, assessment: Assessment, result: RequirementResult) -> str:
    """Say the answer of a single fact; of several yes-or-no facts name those that do not hold or are open."""
    known = [fact for fact in result.facts if fact in given.questionnaire.facts or fact in given.criteria.facts]
    asked = [fact for fact in known if given.fact(fact).kind is not FactKind.NUMBER]
    if not asked or len(asked) > 8:
        return ""
    answers = {fact: given.answer(fact, given.statement(fact, assessment.subject_key)) for fact in asked}
    if len(asked) == 1:
        return "" if _is_numeric(result) else answers[asked[0]]
    missing: dict[str, list[str]] = {}
    for fact, word in answers.items():
        if word != "是" and not (word == "否" and result.distance is not None):
            missing.setdefault(MISSING_WORDS.get(word, word), []).append(given.fact(fact).label.zh)
    return "；".join(f"{word}：{'、'.join(names)}" for word, names in missing.items())


def _bar(given: Given, assessment: Assessment, result: RequirementResult, key: str) -> str:
    unit = result.requirement.unit
    if result.value is None or unit is None or unit.zh != "%" or result.state is RequirementState.NOT_JUDGED:
        return ""
    if result.value.low < 0:
        return ""
    spoken = f"{result.requirement.text.zh}：{wording.value_against_threshold(result)}"
    pattern = key + given.ref(assessment, result.requirement.id).target
    threshold, suffices = wording.threshold_of(result), wording.number_suffices(result)
    return ruler.bar(result.value, threshold, suffices, spoken, pattern)


def _distance(result: RequirementResult) -> str:
    if result.distance is not None:
        return result.distance.zh
    if result.state is RequirementState.NOT_KNOWN and result.open_facts:
        return f"差 {len(result.open_facts)} 个答案"
    return ""
