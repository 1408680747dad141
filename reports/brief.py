"""The two-page decision brief: where the firm stands, what blocks, which conditions are met, what to do first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import islice
from typing import TypeAlias

from questionnaires.model import SubjectKind, Text
from reports import annex, improvements, plan_wording, ruler, wording
from reports.chapters import TITLES
from reports.given import Given, applies, gathered_weight, shown_outcome, subject_title
from reports.judgements import condition
from reports.model_brief import Block, Brief, Standing
from reports.model_improvements import Step
from reports.model_judgements import Condition
from reports.model_pieces import State
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

ALL_OPEN = Text(
    "没有回答的一律按“都有可能”计算，不会抬高结论",
    "what is not answered is taken as possible either way and never lifts a conclusion",
)
BLOCKS, CONDITIONS, STANDINGS, STEPS = 3, 6, 9, 4
OPEN_FACTS = {"zh": 6, "en": 4}  # by what two pages hold
NAMED = 3  # facts that one condition lacks
SUBJECTS = 4  # of one scheme: as many get a line each
ALIKE = 2  # lines on the same requirement of different subjects
Judged: TypeAlias = tuple[Assessment, RequirementResult]
NOTHING_ANSWERED = Text("回答之后才能提出改进项。", "Improvements can be proposed once something is answered.")
NOT_DONE = Text("还没有做到", "not there yet")
NEAREST_STEP = Text("这是离数字化车间最近的一步", "this is the step nearest to a digital workshop")
WHOLE_SCALE = Bounds(Fraction(0), Fraction(5))


def brief(given: Given) -> Brief:
    """Return the decision brief."""
    maturity, chosen = given.maturity, _chosen(given)
    picked, left_out = _conditions(given)
    standings = tuple(_standings(given))
    return Brief(
        headline=given.say(wording.headline(maturity, given.gaps, given.workshops)),
        lead=given.say(wording.lead(maturity, given.filled.as_of, given.edition.verified)) if maturity else "",
        ref=given.ref(maturity) if maturity else None,
        ruler=_ruler(given, maturity) if maturity else "",
        blocks=tuple(_blocks(given)),
        conditions=picked,
        conditions_note=given.say(_more_conditions(left_out)) if left_out else "",
        standings=standings[:STANDINGS],
        standings_note=given.say(_more_standings(more)) if (more := len(standings) - STANDINGS) > 0 else "",
        steps=_steps(given, chosen),
        steps_note=_steps_note(given, chosen),
        open_lead=_open_lead(given),
        open_facts=_open_facts(given),
        open_ref=given.ref(maturity) if maturity else None,
    )


def _more_conditions(count: int) -> Text:
    there = TITLES["recognition"]
    return Text(f"另有 {count} 项条件，见“{there.zh}”一章。", f"{count} more: see the chapter “{there.en}”.")


def _more_standings(count: int) -> Text:
    first, second = TITLES["recognition"], TITLES["others"]
    return Text(
        f"另有 {count} 项结论，见“{first.zh}”“{second.zh}”两章。",
        f"{count} more: see the chapters “{first.en}” and “{second.en}”.",
    )


def _ruler(given: Given, maturity: Assessment) -> str:
    criteria = given.maturity_criteria
    bands = criteria.bands if criteria else ruler.USUAL_BANDS
    level = maturity.level or Bounds(Fraction(0), Fraction(len(maturity.level_names)))
    return ruler.ruler(maturity.total or WHOLE_SCALE, level, maturity.level_names, given.language.code, bands=bands)


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
        return given.say(NOTHING_ANSWERED)
    advice, nearest = given.advice, nearest_workshop(given)
    if not advice or not advice.first:
        return improvements.total_note(given, chosen)
    whole = _beginning(len(advice.first) if chosen else 0, plan_wording.headline(advice))
    beside = _beside(nearest.subject_name) if chosen and nearest else None
    return given.language.gap.join(filter(None, map(given.say, (whole, beside, plan_wording.BASIS))))


def _beginning(planned: int, headline: Text) -> Text:
    """Say that the first `planned` steps (all of them where it is 0) begin the plan, and what the plan comes to."""
    begins = Text("这是改进计划的开头", "This is how the improvement plan begins")
    if planned:
        begins = Text(f"前 {planned} 项是改进计划的开头", f"The improvement plan begins with the first {planned}")
    return Text(
        f"{begins.zh}；{headline.zh}，见“改进计划”一章。",
        f"{begins.en}. {headline.en}; see the chapter on the improvement plan.",
    )


def _beside(workshop: str) -> Text:
    return Text(
        f"最后一项能让{workshop}离数字化车间更近。",
        f"The last one brings {workshop} nearer to a digital workshop.",
    )


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
    level = wording.level_word(first.requirement.level)
    share, now = wording.rounded_down(gathered_weight(gaps), 3), wording.gap_words(first)
    heaviest = Text(
        f"最重的一项“{first.requirement.text.zh}”{now.zh}",
        f"the heaviest, “{first.requirement.text.en.rstrip('.')}”, is {now.en}",
    )
    effect = Text(
        f"全部做到后{level.zh}得分可再升 {share}",
        f"with all of them done the score of {level.en} rises by {share}",
    )
    counted = _counted(gaps)
    said = Text(f"{counted.zh}，{heaviest.zh}", f"{counted.en}; {heaviest.en}")
    text = given.language.sentences(map(given.say, (said, effect)))
    return Block(given.say(first.group), text, annex.line_on(given, maturity, first.requirement))


def _counted(gaps: Sequence[Gap]) -> Text:
    unanswered = sum(gap.now in ("unknown", "blank") for gap in gaps)
    unmet = len(gaps) - unanswered
    lacking = Text(f"{unmet} 项要求没有全部满足", f"{wording.counted(unmet, 'requirement')} not fully met")
    silent = Text(f"{unanswered} 项没有回答", f"{unanswered} not answered")
    if not unanswered:
        return lacking
    return Text(f"{lacking.zh}，{silent.zh}", f"{lacking.en}, {silent.en}") if unmet else silent


def _gate_blocks(given: Given) -> list[Block]:
    nearest = nearest_workshop(given)
    if nearest is None or not wording.unmet(nearest):
        return []
    result = min(wording.unmet(nearest), key=lambda r: r.distance is None)
    return [_gate_block(given, nearest, result)]


def _gate_block(given: Given, assessment: Assessment, result: RequirementResult) -> Block:
    title = given.language.of(assessment.subject_name, given.say(result.requirement.text))
    compared = wording.value_against_threshold(result, given.language.code)
    now = Text(f"现状与门槛 {compared}", f"now and threshold: {compared}") if compared else NOT_DONE
    said = given.language.parts((given.say(now), given.say(result.distance)))
    text = given.language.sentences((said, given.say(NEAREST_STEP)))
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
    return tuple(condition(given, *pair, key="b", most=NAMED) for pair in picked), len(judged) - len(picked)


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
    words = [shown_outcome(assessment, given.language).word for assessment in judged]
    kind, many = wording.SUBJECT_WORDS[judged[0].subject_kind], len(judged)
    counts = given.language.parts(
        given.say(Text(f"{words.count(word)} 个{word}", f"{word}: {words.count(word)}"))
        for word in dict.fromkeys(words)
    )
    answered, asked = sum(a.coverage.answered for a in judged), sum(a.coverage.asked for a in judged)
    subject = given.say(Text(f"{many} 个{kind.zh}", wording.counted(many, kind.en)))
    title, state = given.say(judged[0].criteria_title), State("■", counts, "fact")
    return Standing(title, subject, state, f"{answered} / {asked}", given.ref(judged[0]))


def _standing(given: Given, assessment: Assessment) -> Standing:
    counts = assessment.coverage
    return Standing(
        given.say(assessment.criteria_title),
        subject_title(assessment, given.language),
        shown_outcome(assessment, given.language),
        f"{counts.answered} / {counts.asked}",
        given.ref(assessment),
    )


def _open_lead(given: Given) -> str:
    maturity = given.maturity
    if maturity is None:
        return ""
    own = maturity.coverage
    others = [a.coverage for a in given.assessments if applies(a) and not wording.is_maturity(a)]
    unknown, blank = sum(one.unknown for one in others), sum(one.blank for one in others)
    said = Text(
        f"成熟度要求中不清楚 {own.unknown} 项、未填 {own.blank} 项",
        f"of the maturity requirements {own.unknown} are unknown and {own.blank} blank",
    )
    rest = Text("认定与评价条件都已回答", "the conditions of recognition and evaluation are all answered")
    if unknown + blank:
        rest = Text(
            f"认定与评价条件中不清楚 {unknown} 项、未填 {blank} 项",
            f"of the conditions of recognition and evaluation {unknown} are unknown and {blank} blank",
        )
    return given.language.sentences((given.language.clauses((given.say(said), given.say(rest))), given.say(ALL_OPEN)))


def _open_facts(given: Given) -> tuple[str, ...]:
    wanted = [fact for assessment in given.assessments if applies(assessment) for fact in assessment.settle]
    wanted += [f for a in given.assessments if applies(a) for r in a.requirements for f in r.open_facts]
    names = list(dict.fromkeys(given.say(given.fact(fact).label) for fact in wanted))
    most = OPEN_FACTS[given.language.code]
    rest = len(names) - most
    more = [given.say(Text(f"等 {len(names)} 项", f"and {rest} more"))] if rest > 0 else []
    return tuple(names[:most] + more)
