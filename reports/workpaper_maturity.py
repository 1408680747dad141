"""From level scores to the maturity level and the totals in a workpaper, with the stop rule and the literal total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from questionnaires.model import Text
from reports import wording
from reports.formula import (
    Formula,
    as_formula,
    block,
    common_divisor,
    digits,
    flag,
    if_else,
    joined,
    quotient,
    total,
)
from reports.given import subject_title
from reports.language import LANGUAGES
from reports.spreadsheet import Style
from reports.workpaper_conditions import Conditions, Flags
from reports.workpaper_indicators import Counted, Path
from reports.workpaper_page import (
    CHECK,
    DECIMAL,
    EXACT,
    NUMBER,
    OURS,
    PART,
    QUIET,
    RESULT,
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
from reports.workpaper_scores import Score
from scoring.exact import Bounds
from scoring.model import Assessment, GapLevels, MaturityCriteria

NAME, TITLE = Text("成熟度", "Maturity"), Text("成熟度：达标、等级和总分", "Maturity: levels met, level and totals")
NOTE = Text(
    "从一级起连续达标到几级，就是几级；比较用整数：得分分子 × 5 与 4 × 分母相比，恰好 4/5 不会失真。小数只供阅读。",
    "The level counts the levels met one after another. Whole numbers are compared, so that a score of exactly the "
    "mark is not lost; decimals are for reading only.",
)
COLUMNS = (
    Column(Text("编号", "Ref"), 9),
    Column(Text("项目", "Item"), 38),
    Column(Text("分子（最低）", "Numerator, least"), 18, True),
    Column(Text("分子（最高）", "Numerator, most"), 18, True),
    Column(Text("分母", "Denominator"), 18, True),
    Column(Text("数值（最低）", "Value, least"), 10, True),
    Column(Text("数值（最高）", "Value, most"), 10, True),
    Column(Text("最低成立", "Holds at least"), 8, True),
    Column(Text("最高成立", "Holds at most"), 8, True),
    Column(Text("连续（最低）", "In a row, least"), 8, True),
    Column(Text("连续（最高）", "In a row, most"), 8, True),
    Column(OURS, 25),
    Column(SYSTEM, 25),
    Column(CHECK, 10),
    Column(Text("依据、出处、可信程度", "Rule, source, confidence"), 34),
)
(
    REF, ITEM, LOW, HIGH, UNDER, LOW_VALUE, HIGH_VALUE, SURELY, PERHAPS, ROW_LOW, ROW_HIGH, FOUND, GIVEN, SAME, SOURCE,
) = range(len(COLUMNS))  # fmt: skip
MARK = Text("达标线：得分不低于", "Mark: a score of at least")
IN_LOWEST = Text("约分和通分（各级简单相加用）", "In lowest terms and over one denominator, for the plain sum")
DIVISOR, REDUCED, COMMON = (
    Text("公约数", "Common divisor"),
    Text("约分后的分母", "Denominator in lowest terms"),
    Text("累计公分母", "Common denominator so far"),
)
COUNTED_LOW, COUNTED_HIGH = Text("计入（最低）", "Counted, least"), Text("计入（最高）", "Counted, most")
BANDS = Text("总分分段：各级的最低总分", "Bands of the total: lowest total of each level")
APPLIES = Text("适用条件", "Applies where")
STOP_LOW = Text(
    "总分（最低）：连续达标的级数＋首个未达标级的得分", "Total, least: levels in a row and the score of the next"
)
STOP_HIGH = Text("总分（最高）", "Total, most")
LITERAL = Text("各级简单相加，达标的级算 1", "Plain sum over the levels, a met level counts 1")
LITERAL_LEVEL = Text("简单相加所在的等级", "Level by the band of the plain sum")
LEVEL = Text("成熟度等级", "Maturity level")
Pair = tuple[Formula, Formula]


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One level: its score, whether it is met, and whether it and all below it are; each at least and at most."""

    score: Score
    met: Pair
    in_a_row: Pair


class Levels:
    """Writes what follows from the level scores of one table."""

    def __init__(self, page: Page, table: MaturityCriteria, assessment: Assessment, conditions: Conditions) -> None:
        self.page, self.paper, self.table, self.assessment = page, page.paper, table, assessment
        self.conditions = conditions

    def write(self, scores: Sequence[Score], path: Path) -> Counted:
        """Write the levels, the totals and the conclusion."""
        self.page.heading(
            f"{self.paper.say(self.table.title)}　{subject_title(self.assessment, LANGUAGES[self.paper.lang])}"
        )
        applies = self._applies(path)
        rows = self._levels(scores)
        certain = self._in_a_row(rows)
        self._stop_total(rows, certain)
        literal = self._literal(rows)
        level = certain if self.table.gap_levels is GapLevels.STOP else literal
        self._label(self.paper.say(LEVEL), self.paper.given.ref(self.assessment).label, SHEET_RESULT)
        self.page.let(LOW_VALUE, level[0], {**SHEET_RESULT, "num_format": "0"})
        self.page.let(HIGH_VALUE, level[1], {**SHEET_RESULT, "num_format": "0"})
        self.page.put(SOURCE, self.paper.source(self.table.rule), {**SHEET_RESULT, **QUIET})
        self.page.conclude(FOUND, self.assessment, level_conclusion(self.paper, self.assessment, level, applies))
        self.page.row += 2
        one = self.assessment
        return Counted(one.criteria_id, self.table.method, self.paper.say(one.criteria_title), None, level, applies)

    def _label(self, words: str, ref: str = "", style: Style = WORDS) -> None:
        self.page.rule_off(style)
        self.page.put(REF, ref or None, style)
        self.page.put(ITEM, words, style)

    def _applies(self, path: Path) -> Flags | None:
        if self.table.applies_when is None:
            return None
        surely, perhaps = self.conditions.flags(self.table.applies_when, path)
        words = self.conditions.in_words(self.table.applies_when)
        self._label(f"{self.paper.say(APPLIES)}：{words}")
        flags = self.page.let(SURELY, surely), self.page.let(PERHAPS, perhaps)
        self.page.row += 1
        return flags

    # --- the levels ---------------------------------------------------------------------------------------------------

    def _levels(self, scores: Sequence[Score]) -> list[LevelRow]:
        mark = self._mark()
        rows: list[LevelRow] = []
        for level, score in enumerate(scores, start=1):
            name = wording.level_name(level, self.table.level_names)
            self._label(self.paper.say(name), self.paper.given.ref(self.assessment, f"L{level}").label)
            rows.append(self._level(level, score, mark, rows[-1].in_a_row if rows else None))
            self.page.row += 1
        return rows

    def _mark(self) -> Pair:
        """Write the mark from which a level is met: numerator and denominator."""
        mark = self.table.pass_mark
        self._label(self.paper.say(MARK))
        over, under = self.page.put(LOW, mark.numerator, NUMBER), self.page.put(UNDER, mark.denominator, NUMBER)
        self.page.let(LOW_VALUE, over / under, DECIMAL)
        self.page.put(SOURCE, self.paper.source(self.table.rule), SMALL)
        self.page.row += 1
        return over, under

    def _level(self, level: int, score: Score, mark: Pair, below: Pair | None) -> LevelRow:
        page = self.page
        under = page.let(UNDER, score.under)
        low, high = page.let(LOW, score.low), page.let(HIGH, score.high)
        page.let(LOW_VALUE, low / under, DECIMAL)
        page.let(HIGH_VALUE, high / under, DECIMAL)
        surely = page.let(SURELY, flag(low * mark[1] >= mark[0] * under))
        perhaps = page.let(PERHAPS, flag(high * mark[1] >= mark[0] * under))
        in_a_row = (
            page.let(ROW_LOW, surely * below[0] if below else surely),
            page.let(ROW_HIGH, perhaps * below[1] if below else perhaps),
        )
        if (bounds := self.assessment.level_scores.get(level)) is not None:
            self._compare(span_text(low, high, under), bounds)
        page.put(SOURCE, self.paper.source(self.table.weights_rule), SMALL)
        return LevelRow(Score(page.row, score.weighed, low, high, under), (surely, perhaps), in_a_row)

    def _compare(self, ours: Formula, bounds: Bounds) -> None:
        self.page.check(GIVEN, self.page.let(FOUND, ours, EXACT), exact_span(bounds), EXACT)

    def _in_a_row(self, rows: Sequence[LevelRow]) -> Pair:
        self._label(self.paper.say(Text("连续达标的级数", "Levels met one after another")), style=STRONG)
        count = (
            self.page.let(ROW_LOW, total(block([one.in_a_row[0] for one in rows])), RESULT),
            self.page.let(ROW_HIGH, total(block([one.in_a_row[1] for one in rows])), RESULT),
        )
        if self.table.gap_levels is GapLevels.STOP and self.assessment.level is not None:
            self._compare(_span_of_levels(count), self.assessment.level)
        self.page.row += 1
        return count

    # --- totals -------------------------------------------------------------------------------------------------------

    def _stop_total(self, rows: Sequence[LevelRow], certain: Pair) -> None:
        """Write the total by the stop rule: the levels in a row and the score of the first one that is not met."""
        for end, text in enumerate((STOP_LOW, STOP_HIGH)):
            self._label(self.paper.say(text))
            column = LOW if end == 0 else HIGH
            scores = [one.score.low if end == 0 else one.score.high for one in rows]
            unders = [one.score.under for one in rows]
            under, over = as_formula(1), certain[end]
            for number in range(len(rows) - 1, -1, -1):
                here = certain[end].equals(number)
                under = if_else(here, unders[number], under)
                over = if_else(here, certain[end] * unders[number] + scores[number], over)
            beneath = self.page.let(UNDER, under)
            above = self.page.let(column, over)
            self.page.let(LOW_VALUE + end, above / beneath, DECIMAL)
            if self.assessment.total is not None:
                bound = self.assessment.total.low if end == 0 else self.assessment.total.high
                self._compare(quotient(above, beneath), Bounds(bound, bound))
            self.page.row += 1

    def _literal(self, rows: Sequence[LevelRow]) -> Pair:
        """Write the plain sum over the levels, over one denominator, and the level whose band it reaches."""
        common = self._common([one.score for one in rows])
        counted = self._counted(rows, common)
        self._label(self.paper.say(LITERAL))
        sums = (
            self.page.let(LOW, total(block([low for low, _high in counted]))),
            self.page.let(HIGH, total(block([high for _low, high in counted]))),
        )
        under = self.page.let(UNDER, common)
        self.page.let(LOW_VALUE, sums[0] / under, DECIMAL)
        self.page.let(HIGH_VALUE, sums[1] / under, DECIMAL)
        if self.assessment.literal_total is not None:
            self._compare(span_text(sums[0], sums[1], under), self.assessment.literal_total)
        self.page.row += 1
        return self._bands(sums, under)

    def _common(self, scores: Sequence[Score]) -> Formula:
        """Write the common denominator of all levels. It is divided before it is multiplied, and so stays exact."""
        self._row_of_heads(IN_LOWEST, {LOW: DIVISOR, HIGH: REDUCED, UNDER: COMMON})
        common: Formula | None = None
        for level, one in enumerate(scores, start=1):
            self._label(self.paper.say(wording.level_word(level)))
            divisor = self.page.let(LOW, common_divisor(one.low, one.high, one.under))
            reduced = self.page.let(HIGH, one.under / divisor)
            grown = reduced if common is None else common / common_divisor(common, reduced) * reduced
            common = self.page.let(UNDER, grown)
            self.page.row += 1
        assert common is not None
        room = max(max(len(scores) * lowest.denominator, lowest.numerator) for lowest in self.table.bands)
        self.paper.largest.append(common * room)
        return common

    def _counted(self, rows: Sequence[LevelRow], common: Formula) -> list[Pair]:
        self._row_of_heads(LITERAL, {LOW: COUNTED_LOW, HIGH: COUNTED_HIGH})
        found = []
        for level, one in enumerate(rows, start=1):
            self._label(self.paper.say(wording.level_word(level)))
            score = one.score
            divisor = common_divisor(score.low, score.high, score.under)
            share = common / (score.under / divisor)
            low = self.page.let(LOW, if_else(one.met[0].equals(1), common, score.low / divisor * share))
            high = self.page.let(HIGH, if_else(one.met[1].equals(1), common, score.high / divisor * share))
            found.append((low, high))
            self.page.row += 1
        return found

    def _row_of_heads(self, words: Text, heads: dict[int, Text]) -> None:
        self.page.rule_off(PART)
        self.page.put(ITEM, self.paper.say(words), PART)
        for column, text in heads.items():
            self.page.put(column, self.paper.say(text), PART)
        self.page.row += 1

    def _bands(self, sums: Pair, under: Formula) -> Pair:
        self._row_of_heads(BANDS, {})
        reached: list[Pair] = []
        for level, lowest in enumerate(self.table.bands, start=1):
            self._label(self.paper.say(wording.level_word(level)))
            over, beneath = (
                self.page.put(LOW, lowest.numerator, NUMBER),
                self.page.put(UNDER, lowest.denominator, NUMBER),
            )
            self.page.let(LOW_VALUE, over / beneath, DECIMAL)
            surely = self.page.let(SURELY, flag(sums[0] * beneath >= over * under))
            reached.append((surely, self.page.let(PERHAPS, flag(sums[1] * beneath >= over * under))))
            self.page.row += 1
        self._label(self.paper.say(LITERAL_LEVEL), style=STRONG)
        level_by_band = (
            self.page.let(SURELY, total(block([low for low, _high in reached])), RESULT),
            self.page.let(PERHAPS, total(block([high for _low, high in reached])), RESULT),
        )
        if self.assessment.literal_level is not None:
            self._compare(_span_of_levels(level_by_band), self.assessment.literal_level)
        self.page.row += 1
        return level_by_band


def _span_of_levels(level: Pair) -> Formula:
    low, high = level
    return if_else(low.equals(high), digits(low), joined(digits(low), " – ", digits(high)))
