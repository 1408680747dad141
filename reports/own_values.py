"""What the text of a report template may name: plain words, numbers and lists taken from one report, nothing else.

`VALUES` is the whole of it, and README prints the same table. Nothing that is handed over is an object of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from questionnaires.model import Text
from reports.language import BY_TAG
from reports.model import DiagnosisReport
from reports.model_judgements import Scheme
from reports.model_plan import PlanRow

MOST_ROWS = 200  # of one list; what a firm has more is left out


class Kind(StrEnum):
    """What a value is."""

    WORDS = "words"
    NUMBER = "number"
    LIST = "list"  # of words
    ROWS = "rows"  # of named words


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its name, with a dot where it belongs to something, and what it says. `columns` are those of rows."""

    name: str
    kind: Kind
    meaning: Text
    columns: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))


_NAME, _COST = Text("名称", "name"), Text("规划投入，带单位", "planned cost with its unit")
_STEP = {
    "name": _NAME,
    "what": Text("做什么", "what is done"),
    "cost": _COST,
    "months": Text("周期", "time"),
}
VALUES = (
    Value("firm", Kind.WORDS, Text("企业名称", "name of the firm")),
    Value("day", Kind.WORDS, Text("出具日期", "day of issue")),
    Value("edition", Kind.WORDS, Text("自评版、诊断版或预览", "self-assessment, diagnostic edition or preview")),
    Value("language", Kind.WORDS, Text("报告语言，zh 或 en", "language of the report, zh or en")),
    Value("institution", Kind.WORDS, Text("模板里写的机构名", "the institution that the template names")),
    Value("headline", Kind.WORDS, Text("决策简报的标题句", "the headline of the decision brief")),
    Value("lead", Kind.WORDS, Text("标题下的说明", "what stands below the headline")),
    Value("maturity.sentence", Kind.WORDS, Text("成熟度结论", "the conclusion on maturity")),
    Value("maturity.totals", Kind.WORDS, Text("成熟度总分", "the total of maturity")),
    Value("maturity.coverage", Kind.WORDS, Text("成熟度已答事实", "facts answered for maturity")),
    Value("factory_count", Kind.NUMBER, Text("工厂数", "factories")),
    Value("workshop_count", Kind.NUMBER, Text("车间数", "workshops")),
    Value(
        "conclusions",
        Kind.ROWS,
        Text("除成熟度外的各项结论", "all conclusions but the one on maturity"),
        MappingProxyType(
            {
                "scheme": Text("标准", "criteria"),
                "subject": Text("对象", "subject"),
                "conclusion": Text("结论", "conclusion"),
                "sentence": Text("一句话的理由", "the reason in a sentence"),
            }
        ),
    ),
    Value(
        "blockers",
        Kind.ROWS,
        Text("挡在前面的事", "what stands in the way"),
        MappingProxyType({"title": Text("标题", "title"), "text": Text("说明", "explanation")}),
    ),
    Value("open_facts", Kind.LIST, Text("最值得先弄清的事实", "facts most worth finding out first")),
    Value(
        "first_steps",
        Kind.ROWS,
        Text("决策简报里先做的事", "what the decision brief says to do first"),
        MappingProxyType(_STEP),
    ),
    Value(
        "gaps",
        Kind.ROWS,
        Text("差距，一组一行", "the gaps, a row for each group"),
        MappingProxyType({"title": Text("标题", "title"), "weight": Text("还能提升的份额", "what it can still lift")}),
    ),
    Value("improvements", Kind.ROWS, Text("全部改进建议", "all improvements"), MappingProxyType(_STEP)),
    Value("plan.headline", Kind.WORDS, Text("改进计划的标题句", "the headline of the plan")),
    Value("plan.cost", Kind.WORDS, Text("计划合计最可能，万元", "the plan's likely sum, 10,000 yuan")),
    Value("plan.range", Kind.WORDS, Text("计划合计低–高，万元", "the plan's sum from low to high, 10,000 yuan")),
    Value(
        "plan.projects",
        Kind.ROWS,
        Text("计划的项目", "the projects of the plan"),
        MappingProxyType(
            {
                "name": _NAME,
                "where": Text("地点", "place"),
                "quarters": Text("时间", "quarters"),
                "cost": Text("最可能，万元", "likely, 10,000 yuan"),
                "range": Text("低–高，万元", "from low to high, 10,000 yuan"),
            }
        ),
    ),
)


def values_of(report: DiagnosisReport, institution: str) -> dict[str, Any]:
    """Return every value of `VALUES` as words, numbers, lists and dicts; what the report has not is empty."""
    brief, maturity, plan = report.brief, report.maturity, report.plan
    depths = [site.depth for site in report.profile.sites]
    return {
        "firm": report.firm,
        "day": report.day,
        "edition": report.edition_name,
        "language": BY_TAG[report.lang].code,
        "institution": institution,
        "headline": brief.headline,
        "lead": brief.lead,
        "maturity": {
            "sentence": maturity.sentence if maturity else "",
            "totals": maturity.totals if maturity else "",
            "coverage": maturity.coverage if maturity else "",
        },
        "factory_count": depths.count(1),
        "workshop_count": depths.count(2),
        "conclusions": _conclusions((*report.recognition, *report.others)),
        "blockers": _rows({"title": one.title, "text": one.text} for one in brief.blocks),
        "open_facts": list(brief.open_facts[:MOST_ROWS]),
        "first_steps": _steps(report, first=True),
        "gaps": _rows({"title": one.title, "weight": one.weight} for one in report.gaps),
        "improvements": _steps(report, first=False),
        "plan": {
            "headline": plan.headline if plan else "",
            "cost": plan.sum.likely if plan and plan.sum else "",
            "range": plan.sum.cost if plan and plan.sum else "",
            "projects": _projects(plan.rows if plan else ()),
        },
    }


def _rows(given: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return list(given)[:MOST_ROWS]


def _conclusions(schemes: Iterable[Scheme]) -> list[dict[str, str]]:
    return _rows(
        {"scheme": scheme.title, "subject": one.title, "conclusion": one.state.word, "sentence": one.sentence}
        for scheme in schemes
        for one in scheme.judgements
    )


def _steps(report: DiagnosisReport, first: bool) -> list[dict[str, str]]:
    steps = report.brief.steps if first else report.steps
    return _rows({"name": one.name, "what": one.what, "cost": one.cost, "months": one.months} for one in steps)


def _projects(rows: Iterable[PlanRow]) -> list[dict[str, str]]:
    return _rows(
        {"name": one.name, "where": one.where, "quarters": one.quarters, "cost": one.likely, "range": one.cost}
        for one in rows
    )
