"""The method in words: how answers become scores, levels and verdicts. Numbers come from the criteria in force."""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires.model import Text
from reports import wording
from reports.given import Given
from reports.maturity import tailored
from reports.model_pieces import Pair
from scoring.model import MaturityCriteria


def method(given: Given) -> tuple[Pair, ...]:
    """Return the chapter on method: the arithmetic of maturity, then what holds for every verdict."""
    criteria = given.maturity_criteria
    arithmetic = tuple(_arithmetic(criteria)) if criteria else ()
    said = tuple(Pair(given.say(name), given.say(text)) for name, text in (*arithmetic, *COMMON))
    return (*said[: len(arithmetic)], Pair(given.say(TAILORED), _tailored(given)), *said[len(arithmetic) :])


def _arithmetic(criteria: MaturityCriteria) -> Iterator[tuple[Text, Text]]:
    degrees = [(wording.GAP_WORDS[degree], wording.number_text(worth)) for degree, worth in criteria.degrees.items()]
    worth_zh = "，".join(f"{words.zh}记 {worth}" for words, worth in degrees)
    worth_en = ", ".join(f"{words.en} counts {worth}" for words, worth in degrees)
    weights = wording.CONFIDENCE_WORDS[criteria.weights_rule.confidence]
    mark = wording.number_text(criteria.pass_mark)
    yield (
        Text("满足程度", "Degree of satisfaction"),
        Text(f"每项要求按四档回答：{worth_zh}。", f"Every requirement is answered by one of four degrees: {worth_en}."),
    )
    yield (
        Text("逐层加权", "Weighting"),
        Text(
            f"{WEIGHTING.zh}所用为推荐权重（{weights.zh}）。",
            f"{WEIGHTING.en} The weights are the recommended ones ({weights.en}).",
        ),
    )
    yield Text("没有要求或已裁剪的子域", "Subdomains without a requirement, or tailored out"), NO_REQUIREMENT
    yield (
        Text("定级", "Level"),
        Text(f"某级得分不低于 {mark} 即为达标。{LEVELS.zh}", f"A level is met from a score of {mark}. {LEVELS.en}"),
    )
    yield Text("总分", "Total"), TOTAL


def _tailored(given: Given) -> str:
    rows = [given.language.of(row.name, row.value) for row in tailored(given)]
    return given.language.sentence(given.language.clauses(rows)) if rows else given.say(NOTHING_TAILORED)


TAILORED = Text("已裁剪", "Tailored out")
NOTHING_TAILORED = Text("没有裁剪任何能力子域。", "No capability subdomain is tailored out.")
WEIGHTING = Text(
    "子域得分是该级各项要求的平均值；子域、能力域、能力要素逐层加权，得到该级得分，在 0 到 1 之间。",
    "The score of a subdomain is the mean of its requirements at a level; subdomains, domains and elements are "
    "weighted step by step into the score of the level, from 0 to 1.",
)
NO_REQUIREMENT = Text(
    "其权重按比例分给同组的其他子域，不按零分计。裁剪只在制造要素内允许，逐项印出理由。",
    "Their weight is spread over the others of the same group in proportion; they do not count as zero. Tailoring is "
    "allowed within the element of manufacturing only, and every case is printed with its reason.",
)
LEVELS = Text(
    "从一级起连续达标到几级，就是几级。高一级包含低一级，低一级没有达标，高一级不计。",
    "The level is that up to which all levels from level 1 on are met. A higher level contains the lower ones: while a "
    "lower one is not met, a higher one does not count.",
)
TOTAL = Text(
    "连续达标的级数，加上第一个未达标级别的得分。同时给出五级简单相加的结果；"
    "两者得出的等级不同时，两个都印出，由专家判断。",
    "The number of levels met one after another, plus the score of the first one not met. The plain sum of the five "
    "levels is given too; where the two lead to different levels, both are printed and a consultant decides.",
)
GATES = Text(
    "每项条件只有达到、未达到、待定三种结果。有一项未达到，整体就未达到；没有未达到但有待定，整体待定。"
    "比率一律用分子和分母计算，不用填报的百分数。",
    "A condition is met, not met or open. With one not met the whole is not met; with none not met and some open the "
    "whole is open. Ratios are computed from their two counts, never taken as a percentage.",
)
OPEN = Text(
    "没有回答的事实按所有可能的答案计算，得出最低和最高两个数；两端结论一致才印出结论。"
    "不清楚、未填和不适用分开统计，留空不会抬高结论。",
    "A fact that is not answered is computed with every possible answer, which gives a lowest and a highest number; a "
    "conclusion is printed only where both lead to it. Unknown, blank and not applicable are counted apart; a blank "
    "never lifts a conclusion.",
)
COMMON = (
    (Text("认定条件", "Conditions of recognition"), GATES),
    (Text("不清楚与未填", "Unknown and blank"), OPEN),
    (
        Text("数字取舍", "Rounding"),
        Text(
            "全部用精确分数计算和比较，只在印出时取位：单个数和低端向下取，高端向上取。",
            "Everything is computed and compared in exact fractions and rounded only in print: single numbers and low "
            "ends down, high ends up.",
        ),
    ),
    (
        Text("引用标记", "References"),
        Text(
            "句末的 R 编号指向附录一中的推导，可以一直查到所依据的规则和答案。",
            "The R numbers behind sentences lead to the derivations in annex A, down to the rules and the answers.",
        ),
    ),
)
