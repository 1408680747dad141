"""The two-page decision brief: where the firm stands, what blocks, which conditions are met, what to do first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import TypeAlias

from questionnaires.model import SubjectKind
from reports import improvements, plan_wording, ruler, wording
from reports.given import Given, applies, gathered_weight, shown_outcome, subject_title
from reports.judgements import condition
from reports.model import Block, Brief, Condition, Standing, State, Step
from scoring.exact import Bounds
from scoring.model import (
    Assessment,
    Gap,
    Improvement,
    Outcome,
    RequirementKind,
    RequirementResult,
    RequirementState,
)

BLOCKS, CONDITIONS, STANDINGS, STEPS, OPEN_FACTS = 3, 6, 9, 4, 6
SUBJECTS = 4  # of one scheme: as many get a line each
ALIKE = 2  # lines on the same requirement of different subjects
Judged: TypeAlias = tuple[Assessment, RequirementResult]
WHOLE_SCALE = Bounds(Fraction(0), Fraction(5))


def brief(given: Given) -> Brief:
    """Return the decision brief."""
    maturity, chosen = given.maturity, _chosen(given)
    picked, left_out = _conditions(given)
    standings = tuple(_standings(given))
    return Brief(
        headline=wording.headline(maturity, given.gaps, given.workshops).zh,
        lead=wording.lead(maturity, given.filled.as_of, given.edition.verified).zh if maturity else "",
        ref=given.ref(maturity) if maturity else None,
        ruler=_ruler(given, maturity) if maturity else "",
        blocks=tuple(_blocks(given)),
        conditions=picked,
        conditions_note=f"另有 {left_out} 项条件见第 4 章。" if left_out else "",
        standings=standings[:STANDINGS],
        standings_note=f"另有 {len(standings) - STANDINGS} 项结论见第 4、5 章。" if len(standings) > STANDINGS else "",
        steps=_steps(given, chosen),
        steps_note=_steps_note(given, chosen),
        open_lead=_open_lead(given),
        open_facts=_open_facts(given),
    )


def _ruler(given: Given, maturity: Assessment) -> str:
    criteria = given.maturity_criteria
    bands = criteria.bands if criteria else ruler.USUAL_BANDS
    level = maturity.level or Bounds(Fraction(0), Fraction(len(maturity.level_names)))
    return ruler.ruler(maturity.total or WHOLE_SCALE, level, maturity.level_names, bands=bands)


def nearest_workshop(given: Given) -> Assessment | None:
    """Return the workshop with the fewest conditions still missing or open; None when all are met or there is none."""
    open_ones = [
        w for w in given.workshops if w.outcome in (Outcome.NOT_MET, Outcome.NOT_KNOWN) and w.coverage.answered
    ]
    return min(open_ones, key=lambda shop: (wording.still_missing(shop), shop.subject_name), default=None)


def _chosen(given: Given) -> list[Improvement]:
    """Return what to begin with beside the plan: for the nearest workshop, and by weight where there is no plan."""
    if not _is_begun(given):
        return []
    nearest = nearest_workshop(given)
    missing = [result.requirement for result in wording.unmet(nearest)] if nearest else []
    if not given.advice or not given.advice.first:
        return improvements.first_steps(given, missing, nearest.criteria_id if nearest else "", STEPS)
    planned = {why.planned.project.improvement.id for why in given.advice.why}
    ways = (way for one in missing if nearest for way in given.ways(one, nearest.criteria_id)[:1])
    return [way for way in ways if way.id not in planned][:1]


def _steps(given: Given, chosen: Sequence[Improvement]) -> tuple[Step, ...]:
    planned, nearest = improvements.planned_steps(given), nearest_workshop(given)
    key = nearest.subject_key if planned and nearest else ""
    return (*planned, *(improvements.step(given, one, key) for one in chosen))


def _steps_note(given: Given, chosen: Sequence[Improvement]) -> str:
    if not _is_begun(given):
        return "回答之后才能提出改进项。"
    advice, nearest = given.advice, nearest_workshop(given)
    if not advice or not advice.first:
        return improvements.total_note(given, chosen)
    begins = f"前 {len(advice.first)} 项是改进计划的开头" if chosen else "这是改进计划的开头"
    whole = f"{begins}；{plan_wording.headline(advice).zh}，见“改进计划”一章。"
    beside = f"最后一项能让{nearest.subject_name}离数字化车间更近。" if chosen and nearest else ""
    return f"{whole}{beside}{plan_wording.BASIS.zh}"


def _is_begun(given: Given) -> bool:
    """Tell whether anything was answered about maturity: what nobody has answered is not in the firm's way."""
    return given.maturity is not None and given.maturity.coverage.answered > 0


def _blocks(given: Given) -> list[Block]:
    heaviest = _heaviest(given)
    gates = _gate_blocks(given)
    kept = heaviest[: max(BLOCKS - len(gates), BLOCKS - 1)]
    return (kept + gates)[:BLOCKS]


def _heaviest(given: Given) -> list[Block]:
    maturity = given.maturity
    if maturity is None or not _is_begun(given):
        return []
    own = [gap for gap in given.gaps if gap.criteria_id == maturity.criteria_id]
    groups = wording.top_groups(own)[:BLOCKS]
    return [_maturity_block(given, maturity, [g for g in own if g.group == group]) for group in groups]


def _maturity_block(given: Given, maturity: Assessment, gaps: Sequence[Gap]) -> Block:
    first = max(gaps, key=lambda gap: gap.weight)
    level = wording.level_word(first.requirement.level or wording.working_level(maturity)).zh
    share = wording.rounded_down(gathered_weight(gaps), 3)
    heaviest = f"最重的一项“{first.requirement.text.zh}”{wording.gap_word(first)}"
    text = f"{_counted(gaps)}，{heaviest}。全部做到后{level}得分可再升 {share}。"
    return Block(first.group.zh, text, given.ref(maturity))


def _counted(gaps: Sequence[Gap]) -> str:
    unanswered = sum(gap.now in ("unknown", "blank") for gap in gaps)
    said = [f"{len(gaps) - unanswered} 项要求没有全部满足"] if len(gaps) > unanswered else []
    return "，".join(said + ([f"{unanswered} 项没有回答"] if unanswered else []))


def _gate_blocks(given: Given) -> list[Block]:
    nearest = nearest_workshop(given)
    if nearest is None or not wording.unmet(nearest):
        return []
    result = min(wording.unmet(nearest), key=lambda r: r.distance is None)
    return [_gate_block(given, nearest, result)]


def _gate_block(given: Given, assessment: Assessment, result: RequirementResult) -> Block:
    title = f"{assessment.subject_name}：{result.requirement.text.zh}"
    compared = wording.value_against_threshold(result)
    parts = [f"现状与门槛 {compared}" if compared else "还没有做到", result.distance.zh if result.distance else ""]
    text = "，".join(part for part in parts if part) + "。这是离数字化车间最近的一步。"
    return Block(title, text, given.ref(assessment, result.requirement.id))


def _conditions(given: Given) -> tuple[tuple[Condition, ...], int]:
    """Pick for the brief: numbers before yes or no, what is missing before what is met, the nearest subject first."""
    judged = [
        (assessment, result)
        for assessment in given.assessments
        if applies(assessment) and assessment.subject_kind is not SubjectKind.FIRM
        for result in assessment.requirements
        if result.requirement.kind is RequirementKind.GATE
    ]
    judged.sort(key=lambda pair: _urgency(*pair))
    picked = list(islice(_varied(judged), CONDITIONS))
    return tuple(condition(given, *pair, key="b") for pair in picked), len(judged) - len(picked)


def _varied(judged: Iterable[Judged]) -> Iterator[Judged]:
    """Leave out the third and later subjects for which the same requirement could be shown."""
    shown: Counter[tuple[str, str]] = Counter()
    for assessment, result in judged:
        requirement = (assessment.criteria_id, result.requirement.id)
        shown[requirement] += 1
        if shown[requirement] <= ALIKE:
            yield assessment, result


def _urgency(assessment: Assessment, result: RequirementResult) -> tuple[bool, int, int]:
    order = (RequirementState.NOT_MET, RequirementState.NOT_KNOWN, RequirementState.MET)
    rank = order.index(result.state) if result.state in order else len(order)
    graded = bool(assessment.level_names)
    missing = wording.still_missing(assessment)
    return graded or result.value is None, missing if rank < 2 else rank * 100, rank


def _standings(given: Given) -> Iterator[Standing]:
    """Yield one line a conclusion; a scheme that judged many subjects gets one line with its counts."""
    by_scheme: dict[str, list[Assessment]] = {}
    for assessment in filter(applies, given.assessments):
        by_scheme.setdefault(assessment.criteria_id, []).append(assessment)
    for judged in by_scheme.values():
        if len(judged) > SUBJECTS:
            yield _many(given, judged)
        else:
            yield from (_standing(given, assessment) for assessment in judged)


def _many(given: Given, judged: Sequence[Assessment]) -> Standing:
    words = [shown_outcome(assessment).word for assessment in judged]
    counts = "，".join(f"{words.count(word)} 个{word}" for word in dict.fromkeys(words))
    kind = wording.SUBJECT_WORDS[judged[0].subject_kind].zh
    answered, asked = sum(a.coverage.answered for a in judged), sum(a.coverage.asked for a in judged)
    subject, state = f"{len(judged)} 个{kind}", State("■", counts, "fact")
    return Standing(judged[0].criteria_title.zh, subject, state, f"{answered} / {asked}", given.ref(judged[0]))


def _standing(given: Given, assessment: Assessment) -> Standing:
    counts = assessment.coverage
    return Standing(
        assessment.criteria_title.zh,
        subject_title(assessment),
        shown_outcome(assessment),
        f"{counts.answered} / {counts.asked}",
        given.ref(assessment),
    )


def _open_lead(given: Given) -> str:
    maturity = given.maturity
    if maturity is None:
        return ""
    unknown = sum(a.coverage.unknown for a in given.assessments if applies(a) and not wording.is_maturity(a))
    blank = sum(a.coverage.blank for a in given.assessments if applies(a) and not wording.is_maturity(a))
    own = f"成熟度要求中不清楚 {maturity.coverage.unknown} 项、未填 {maturity.coverage.blank} 项"
    rest = f"认定与评价条件中不清楚 {unknown} 项、未填 {blank} 项" if unknown + blank else "认定与评价条件都已回答"
    return f"{own}；{rest}。没有回答的一律按“都有可能”计算，不会抬高结论。"


def _open_facts(given: Given) -> tuple[str, ...]:
    wanted = [fact for assessment in given.assessments if applies(assessment) for fact in assessment.settle]
    wanted += [f for a in given.assessments if applies(a) for r in a.requirements for f in r.open_facts]
    names = list(dict.fromkeys(given.fact(fact).label.zh for fact in wanted))
    more = [f"等 {len(names)} 项"] if len(names) > OPEN_FACTS else []
    return tuple(names[:OPEN_FACTS] + more)
