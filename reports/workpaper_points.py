"""An evaluation by points in a workpaper: what each question and scene gives, the score, and the rule of the level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from questionnaires.model import FactKind, Text
from reports import wording
from reports.formula import (
    Block,
    Formula,
    as_formula,
    block,
    digits,
    flag,
    greatest,
    if_else,
    joined,
    least,
    reaching,
    reaching_and,
    rounded,
    scaled,
    total,
    worth,
)
from reports.given import subject_title
from reports.language import LANGUAGES
from reports.workpaper_answers import STATED, TICK, Answers
from reports.workpaper_conditions import Conditions, Flags
from reports.workpaper_indicators import Counted, Ends, Path
from reports.workpaper_options import Options, points_times
from reports.workpaper_page import (
    CHECK,
    EXACT,
    NUMBER,
    OURS,
    PART,
    SHEET_RESULT,
    SMALL,
    STRONG,
    SYSTEM,
    WORDS,
    Column,
    Page,
    exact_span,
    level_conclusion,
    span_text,
)
from scoring.indicators import bearers
from scoring.model import Assessment, LevelRule, PointsCriteria, PointsQuestion, Requirement, Scene

NAME, TITLE = Text("评测", "Points"), Text("按分值和场景评测", "Evaluation by points and scenes")
NOTE = Text(
    "得分按倍数放大成整数相加。等级取满足三项（得分、达到该级的场景数、其中约束性场景数）的最高一级；最低、最高两端各算一次。",
    "Points are multiplied to whole numbers and added. The level is the highest whose three conditions are kept: "
    "score, scenes at that level, and binding ones among them; computed at the least and at the most.",
)
COLUMNS = (
    Column(Text("编号", "Ref"), 12),
    Column(Text("题目、场景、规则", "Question, scene, rule"), 36),
    Column(Text("维度", "Dimension"), 18),
    Column(Text("回答或数值", "Answer or value"), 34),
    Column(Text("满分、约束性（1）、要求", "Points, binding (1), needed"), 12, True),
    Column(Text("最低", "Least"), 9, True),
    Column(Text("最高", "Most"), 9, True),
    Column(Text("倍数", "Times"), 7, True),
    Column(Text("最低成立", "Holds at least"), 8, True),
    Column(Text("最高成立", "Holds at most"), 8, True),
    Column(OURS, 19),
    Column(SYSTEM, 19),
    Column(CHECK, 10),
    Column(Text("依据、出处、可信程度", "Rule, source, confidence"), 36),
)
(
    REF, ITEM, GROUP, ANSWER, NEEDED, LOW, HIGH, TIMES, SURELY, PERHAPS, FOUND, GIVEN, SAME, SOURCE,
) = range(len(COLUMNS))  # fmt: skip
APPLIES, QUESTIONS, SCENES = Text("适用条件", "Applies where"), Text("题目", "Questions"), Text("业务场景", "Scenes")
SCORE, LEVEL_RULES, LEVEL = Text("得分", "Score"), Text("定级规则", "Rule of the level"), Text("等级", "Level")
NEEDS = (
    Text("得分不低于", "score at least"),
    Text("达到该级的场景不少于", "scenes at that level at least"),
    Text("其中约束性场景不少于", "binding ones among them at least"),
)
KEPT = Text("三项都满足", "all three are kept")
NO_ANSWER = Text("（未答）", "(no answer)")
Pair = tuple[Formula, Formula]


@dataclass(frozen=True, slots=True)
class Placed:
    """The scenes as blocks: their levels at least and at most, and a 1 for each binding one."""

    low: Block
    high: Block
    binding: Block


class Points:
    """Writes the assessment of one firm by points."""

    def __init__(self, page: Page, answers: Answers, options: Options, conditions: Conditions) -> None:
        self.page, self.paper, self.answers, self.options = page, page.paper, answers, options
        self.conditions = conditions

    def write(self, criteria: PointsCriteria, assessment: Assessment, path: Path) -> Counted:
        """Write questions, scenes, level rules and the conclusion."""
        page, say, times = self.page, self.paper.say, points_times(criteria)
        page.heading(f"{say(criteria.title)}　{subject_title(assessment, LANGUAGES[self.paper.lang])}")
        applies = self._applies(criteria, path)
        page.heading(say(QUESTIONS), PART)
        earned = [self._question(criteria, one, assessment, path, times) for one in criteria.questions]
        score = self._score(earned, assessment, times)
        page.heading(say(SCENES), PART)
        placed = [self._scene(criteria, one, assessment, path) for one in criteria.scenes]
        scenes = Placed(
            block([low for low, _high, _binding in placed]),
            block([high for _low, high, _binding in placed]),
            block([binding for _low, _high, binding in placed]),
        )
        page.heading(say(LEVEL_RULES), PART)
        kept = [(rule.level, self._rule(rule, score, scenes, times)) for rule in criteria.level_rules]
        level = self._level(assessment, kept, applies)
        return Counted(assessment.criteria_id, criteria.method, assessment.subject_name, None, level, applies)

    def _applies(self, criteria: PointsCriteria, path: Path) -> Flags | None:
        if criteria.applies_when is None:
            return None
        surely, perhaps = self.conditions.flags(criteria.applies_when, path)
        self.page.rule_off(WORDS)
        self.page.put(ITEM, self.paper.say(APPLIES))
        self.page.put(ANSWER, self.conditions.in_words(criteria.applies_when))
        flags = self.page.let(SURELY, surely), self.page.let(PERHAPS, perhaps)
        self.page.row += 1
        return flags

    # --- questions ----------------------------------------------------------------------------------------------------

    def _question(
        self, criteria: PointsCriteria, question: PointsQuestion, assessment: Assessment, path: Path, times: int
    ) -> Pair:
        page, requirement = self.page, question.requirement
        self._head(assessment, requirement, self.paper.say(question.dimension))
        page.figure(NEEDED, question.points)
        page.put(TIMES, times, NUMBER)
        if question.indicator:
            ends = self.conditions.indicators.ends(question.indicator, path)
            low, high = self._banded(question, ends, times)
        else:
            low, high = self._chosen(criteria, question, path)
        pair = page.let(LOW, low), page.let(HIGH, high)
        self._compare(assessment, requirement, span_text(*pair, times))
        page.row += 1
        return pair

    def _head(self, assessment: Assessment, requirement: Requirement, group: str) -> None:
        self.page.rule_off(WORDS)
        self.page.put(REF, self.paper.given.ref(assessment, requirement.id).label)
        self.page.put(ITEM, self.paper.say(requirement.text))
        self.page.put(GROUP, group, SMALL)
        self.page.put(SOURCE, self.paper.source(requirement.rule), SMALL)

    def _compare(self, assessment: Assessment, requirement: Requirement, ours: Formula) -> None:
        results = (one.value for one in assessment.requirements if one.requirement.id == requirement.id)
        found = self.page.let(FOUND, ours, EXACT)
        if (value := next(results, None)) is not None:
            self.page.check(GIVEN, found, exact_span(value), EXACT)

    def _banded(self, question: PointsQuestion, ends: Ends | None, times: int) -> Pair:
        """Return the points of a rate: those of the first band that it does not exceed."""
        points = [int(band.share * question.points * times) for band in question.bands]
        if ends is None:
            return as_formula(points[0]), as_formula(points[-1])
        self.page.put(ANSWER, self.conditions.name(question.indicator or ""))
        known = ends.has_value
        low, high = (self._band(question, end, ends.factor, points) for end in (ends.low, ends.high))
        if known is None:
            return low, high
        return if_else(known.equals(1), low, points[0]), if_else(known.equals(1), high, points[-1])

    def _band(self, question: PointsQuestion, end: Pair, factor: int, points: Sequence[int]) -> Formula:
        (over, under), found = end, as_formula(points[-1])
        for band, worth_ in reversed(list(zip(question.bands[:-1], points[:-1], strict=True))):
            within = over * (factor * band.up_to.denominator) <= under * band.up_to.numerator
            found = if_else(within, worth_, found)
        return found

    def _chosen(self, criteria: PointsCriteria, question: PointsQuestion, path: Path) -> Pair:
        fact = self.paper.given.criteria.facts[question.requirement.fact or ""]
        values = self.options.worth[criteria.id, question.requirement.id]
        most = values.sum if question.adds_up else values.most
        asked = bearers(fact.of, path)
        if not asked:
            return as_formula(values.least), as_formula(most)
        answer = self.answers[asked[0].key, fact.id]
        stated = answer.state.equals(self.paper.say(STATED))
        if fact.kind is FactKind.CHOICES and answer.ticks is not None:
            value = worth(answer.ticks, TICK, values.values)
            chosen = joined(digits(answer.cell), self.paper.say(Text(" 项", " chosen")))
        else:
            value, chosen = worth(values.options, answer.cell, values.values), joined(answer.cell, "")
        self.page.let(ANSWER, if_else(stated, chosen, self.paper.say(NO_ANSWER)), WORDS)
        return if_else(stated, value, values.least), if_else(stated, value, most)

    def _score(self, earned: Sequence[Pair], assessment: Assessment, times: int) -> Pair:
        page = self.page
        page.rule_off(SHEET_RESULT)
        page.put(ITEM, self.paper.say(SCORE), SHEET_RESULT)
        page.put(TIMES, times, {**SHEET_RESULT, **NUMBER})
        low = page.let(LOW, total(block([one for one, _most in earned])), {**SHEET_RESULT, **NUMBER})
        high = page.let(HIGH, total(block([most for _one, most in earned])), {**SHEET_RESULT, **NUMBER})
        found = page.let(FOUND, span_text(low, high, times), EXACT)
        if assessment.total is not None:
            page.check(GIVEN, found, exact_span(assessment.total), EXACT)
        page.row += 1
        return low, high

    # --- scenes and the level -----------------------------------------------------------------------------------------

    def _scene(
        self, criteria: PointsCriteria, scene: Scene, assessment: Assessment, path: Path
    ) -> tuple[Formula, Formula, Formula]:
        page, requirement = self.page, scene.requirement
        self._head(assessment, requirement, self.paper.say(scene.group))
        binding = page.put(NEEDED, int(scene.binding), NUMBER)
        fact = self.paper.given.criteria.facts[requirement.fact or ""]
        values = self.options.worth[criteria.id, requirement.id]
        low, high = as_formula(0), as_formula(values.most)
        if asked := bearers(fact.of, path):
            answer = self.answers[asked[0].key, fact.id]
            stated = answer.state.equals(self.paper.say(STATED))
            page.let(ANSWER, if_else(stated, joined(answer.cell, ""), self.paper.say(NO_ANSWER)), SMALL)
            value = worth(values.options, answer.cell, values.values)
            low, high = if_else(stated, value, 0), if_else(stated, value, values.most)
        pair = page.let(LOW, low), page.let(HIGH, high)
        self._compare(assessment, requirement, span_text(*pair, 1))
        page.row += 1
        return *pair, binding

    def _rule(self, rule: LevelRule, score: Pair, scenes: Placed, times: int) -> Flags:
        level, say = wording.level_word(rule.level), self.paper.say
        found = [
            self._need(f"{say(level)}：{say(NEEDS[0])}", rule.score, times, score),
            self._need(f"{say(level)}：{say(NEEDS[1])}", Fraction(rule.scenes), 1, _reaching(scenes, rule.level)),
            self._need(f"{say(level)}：{say(NEEDS[2])}", Fraction(rule.binding), 1, _binding(scenes, rule.level)),
        ]
        self.page.rule_off(STRONG)
        self.page.put(ITEM, f"{say(level)}：{say(KEPT)}", STRONG)
        self.page.put(SOURCE, self.paper.source(rule.rule), SMALL)
        surely = self.page.let(SURELY, least(*(low for low, _high in found)))
        perhaps = self.page.let(PERHAPS, least(*(high for _low, high in found)))
        self.page.row += 1
        return surely, perhaps

    def _need(self, words: str, needed: Fraction, times: int, ends: Pair) -> Flags:
        page = self.page
        page.rule_off(WORDS)
        page.put(ITEM, words)
        wanted = page.figure(NEEDED, needed)
        page.put(TIMES, times, NUMBER)
        low, high = page.let(LOW, ends[0]), page.let(HIGH, ends[1])
        enough = scaled(wanted, times) if needed.denominator == 1 else rounded(wanted * times)
        flags = page.let(SURELY, flag(low >= enough)), page.let(PERHAPS, flag(high >= enough))
        page.row += 1
        return flags

    def _level(self, assessment: Assessment, kept: Sequence[tuple[int, Flags]], applies: Flags | None) -> Pair:
        page = self.page
        page.rule_off(SHEET_RESULT)
        page.put(REF, self.paper.given.ref(assessment).label, SHEET_RESULT)
        page.put(ITEM, self.paper.say(LEVEL), SHEET_RESULT)
        whole = {**SHEET_RESULT, "num_format": "0"}
        low = page.let(LOW, greatest(*(surely * level for level, (surely, _perhaps) in kept)), whole)
        high = page.let(HIGH, greatest(*(perhaps * level for level, (_surely, perhaps) in kept)), whole)
        page.conclude(FOUND, assessment, level_conclusion(self.paper, assessment, (low, high), applies))
        page.row += 2
        return low, high


def _reaching(scenes: Placed, level: int) -> Pair:
    return reaching(scenes.low, level), reaching(scenes.high, level)


def _binding(scenes: Placed, level: int) -> Pair:
    return reaching_and(scenes.low, level, scenes.binding), reaching_and(scenes.high, level, scenes.binding)
