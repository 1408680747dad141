"""The scores of maturity in a workpaper: subdomain -> domain -> element -> level score, once for each level.

Every score is a whole numerator over a whole denominator, at its lowest and its highest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from questionnaires.model import Text
from reports import wording
from reports.formula import Formula, as_formula, block, common_multiple, counted, greatest, if_else, total
from reports.spreadsheet import Style
from reports.workpaper_page import (
    DECIMAL,
    MIDDLE,
    NUMBER,
    PERCENT,
    SHEET_RESULT,
    STRONG,
    WORDS,
    Column,
    Page,
)
from reports.workpaper_requirements import Requirements
from scoring.maturity import requirements_at
from scoring.model import Capability, MaturityCriteria

NAME, TITLE = Text("逐级得分", "Level scores"), Text("逐级得分的计算", "How each level scores")
NOTE = Text(
    "子域＝本级各项要求之和 ÷（项数 × 倍数）；上一层＝各部分按计入权重加权平均。"
    "本级没有要求的和已裁剪的不计入，权重由同组其余部分按比例分担。",
    "A subdomain: the sum of its requirements at the level over their number; a group: the weighted mean of the parts "
    "that count. What has no requirement or is left out does not count; the rest of its group carries its weight.",
)
COLUMNS = (
    Column(Text("能力要素、能力域、能力子域", "Element, domain, subdomain"), 34),
    Column(Text("权重 %", "Weight %"), 8, True),
    Column(Text("裁剪", "Left out"), 7),
    Column(Text("本级要求数", "Require-ments"), 8, True),
    Column(Text("计入权重", "Weight counted"), 8, True),
    Column(Text("占本组", "Share of group"), 9, True),
    Column(Text("各部分计入权重之和", "Weights of its parts"), 12, True),
    Column(Text("各部分分母的公倍数", "Common multiple of parts"), 15, True),
    Column(Text("分子（最低）", "Numerator, least"), 18, True),
    Column(Text("分子（最高）", "Numerator, most"), 18, True),
    Column(Text("分母", "Denominator"), 18, True),
    Column(Text("得分（最低）", "Score, least"), 10, True),
    Column(Text("得分（最高）", "Score, most"), 10, True),
)
(PART, WEIGHT, LEFT_OUT, COUNT, WEIGHED, SHARE, WEIGHTS, MULTIPLE, LOW, HIGH, UNDER, LOW_SCORE, HIGH_SCORE) = range(
    len(COLUMNS)
)
WHOLE, YES = Text("本级得分", "Level score"), Text("是", "yes")


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one capability at one level as its row has it: whole numerators over one denominator."""

    row: int
    weighed: Formula  # its weight where it counts, else 0
    low: Formula
    high: Formula
    under: Formula


class LevelScores:
    """Writes the tree of one table once a level."""

    def __init__(self, page: Page, table: MaturityCriteria, requirements: Requirements, times: int) -> None:
        self.page, self.paper, self.table, self.times = page, page.paper, table, times
        self.values = requirements.values[table.id]
        self.tailored = {name: flag for name, flag in requirements.tailored.items() if name in table.may_tailor}

    def write(self) -> list[Score]:
        """Write every level; return its score, level 1 first."""
        scores = []
        for level in range(1, len(self.table.bands) + 1):
            words = self.paper.say(wording.level_name(level, self.table.level_names))
            self.page.heading(f"{words}　{self.paper.say(self.table.title)}")
            parts = [self._capability(one, level, 0) for one in self.table.capabilities]
            self.page.rule_off(SHEET_RESULT)
            self.page.put(PART, f"{words}　{self.paper.say(WHOLE)}", SHEET_RESULT)
            scores.append(self._group(parts, None, SHEET_RESULT))
            mark = self.table.pass_mark
            self.paper.largest.append(scores[-1].under * max(mark.numerator, mark.denominator))
            self.page.row += 2
        return scores

    def _capability(self, capability: Capability, level: int, depth: int) -> Score:
        row = self.page.row
        self.page.row += 1
        parts = [self._capability(one, level, depth + 1) for one in capability.parts]
        after, self.page.row = self.page.row, row
        style = STRONG if depth == 0 else WORDS
        self.page.rule_off(style)
        self.page.put(PART, self.paper.say(capability.text), {**style, "align": "left", "indent": 2 * depth})
        weight = self.page.put(WEIGHT, capability.weight, NUMBER)
        score = self._group(parts, weight, style) if parts else self._subdomain(capability, level, weight)
        self.page.row = after
        return score

    def _subdomain(self, subdomain: Capability, level: int, weight: Formula) -> Score:
        page, counting = self.page, requirements_at(subdomain, level, self.table.empty_level)
        left_out = self.tailored.get(subdomain.id)
        if left_out is not None:
            page.let(LEFT_OUT, if_else(left_out.equals(1), self.paper.say(YES), ""), MIDDLE)
        if not counting:
            page.put(COUNT, 0, NUMBER)
            return self._row(0, 0, 0, 1, WORDS)
        low, high = (block([self.values[one.id][end] for one in counting]) for end in (0, 1))
        count = page.let(COUNT, counted(low))
        ends, kept = (total(low), total(high)), weight
        if left_out is None:
            return self._row(kept, *ends, count * self.times, WORDS)
        kept, *ends_kept = (if_else(left_out.equals(1), 0, one) for one in (weight, *ends))
        return self._row(kept, ends_kept[0], ends_kept[1], count * self.times, WORDS)

    def _group(self, parts: Sequence[Score], weight: Formula | None, style: Style) -> Score:
        weights = self.page.let(WEIGHTS, total(*(one.weighed for one in parts)), {**style, **NUMBER})
        self._shares(parts, weights)
        weighed = as_formula(0) if weight is None else if_else(weights.equals(0), 0, weight)
        if len(parts) == 1:  # of one part: the same score, whatever it weighs
            (one,) = parts
            return self._row(weighed, one.low, one.high, one.under, style)
        multiple = self.page.let(MULTIPLE, common_multiple(*(one.under for one in parts)), {**style, **NUMBER})
        low = total(*(one.weighed * one.low * (multiple / one.under) for one in parts))
        high = total(*(one.weighed * one.high * (multiple / one.under) for one in parts))
        return self._row(weighed, low, high, multiple * greatest(weights, 1), style)

    def _shares(self, parts: Sequence[Score], weights: Formula) -> None:
        row = self.page.row
        for one in parts:
            self.page.row = one.row
            self.page.let(SHARE, if_else(weights.equals(0), 0, one.weighed / weights), PERCENT)
        self.page.row = row

    def _row(
        self, weighed: Formula | int, low: Formula | int, high: Formula | int, under: Formula | int, style: Style
    ) -> Score:
        page, number = self.page, {**style, **NUMBER}
        kept = weighed if isinstance(weighed, Formula) and weighed.text == "0" else page.let(WEIGHED, weighed, number)
        score = Score(
            page.row,
            as_formula(kept),
            page.let(LOW, low, number),
            page.let(HIGH, high, number),
            page.let(UNDER, under, number),
        )
        page.let(LOW_SCORE, score.low / score.under, {**style, **DECIMAL})
        page.let(HIGH_SCORE, score.high / score.under, {**style, **DECIMAL})
        return score
