"""The method in words: how answers become scores, levels and verdicts. Numbers come from the criteria in force."""

from __future__ import annotations

from reports import wording
from reports.given import Given
from reports.maturity import tailored
from reports.model import Pair
from scoring.model import MaturityCriteria


def method(given: Given) -> tuple[Pair, ...]:
    """Return the chapter on method: the arithmetic of maturity, then what holds for every verdict."""
    criteria = given.maturity_criteria
    arithmetic = _arithmetic(criteria) if criteria else ()
    return (*arithmetic, Pair("已裁剪", _tailored(given)), *COMMON)


def _arithmetic(criteria: MaturityCriteria) -> tuple[Pair, ...]:
    worth = "，".join(f"{wording.GAP_WORDS[d].zh}记 {wording.number_text(v)}" for d, v in criteria.degrees.items())
    weights = wording.CONFIDENCE_WORDS[criteria.weights_rule.confidence].zh
    return (
        Pair("满足程度", f"每项要求按四档回答：{worth}。"),
        Pair("逐层加权", f"{WEIGHTING}所用为推荐权重（{weights}）。"),
        Pair("没有要求或已裁剪的子域", NO_REQUIREMENT),
        Pair("定级", f"某级得分不低于 {wording.number_text(criteria.pass_mark)} 即为达标。{LEVELS}"),
        Pair("总分", TOTAL),
    )


def _tailored(given: Given) -> str:
    rows = tailored(given)
    return "；".join(f"{row.name}：{row.value}" for row in rows) + "。" if rows else "没有裁剪任何能力子域。"


WEIGHTING = "子域得分是该级各项要求的平均值；子域、能力域、能力要素逐层加权，得到该级得分，在 0 到 1 之间。"
NO_REQUIREMENT = "其权重按比例分给同组的其他子域，不按零分计。裁剪只在制造要素内允许，逐项印出理由。"
LEVELS = "从一级起连续达标到几级，就是几级。高一级包含低一级，低一级没有达标，高一级不计。"
TOTAL = (
    "连续达标的级数，加上第一个未达标级别的得分。同时给出五级简单相加的结果；"
    "两者得出的等级不同时，两个都印出，由专家判断。"
)
GATES = (
    "每项条件只有达到、未达到、待定三种结果。有一项未达到，整体就未达到；没有未达到但有待定，整体待定。"
    "比率一律用分子和分母计算，不用填报的百分数。"
)
OPEN = (
    "没有回答的事实按所有可能的答案计算，得出最低和最高两个数；两端结论一致才印出结论。"
    "不清楚、未填和不适用分开统计，留空不会抬高结论。"
)
COMMON = (
    Pair("认定条件", GATES),
    Pair("不清楚与未填", OPEN),
    Pair("数字取舍", "全部用精确分数计算和比较，只在印出时取位：单个数和低端向下取，高端向上取。"),
    Pair("引用标记", "句末的 R 编号指向附录一中的推导，可以一直查到所依据的规则和答案。"),
)
