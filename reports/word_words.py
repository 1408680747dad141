"""Fixed words of the plan's chapter in the Word report, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from questionnaires.model import Text

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "first": Text("先做这几件", "What to begin with"),
        "why": Text("为什么做：{reason}", "Why: {reason}"),
        "quarters": Text("每个季度之后到几级", "The level after each quarter"),
        "when": Text("何时", "When"),
        "ended": Text("完成项目", "Projects done"),
        "spent": Text("累计投入，万元", "Spent so far, 10,000 yuan"),
        "least_level": Text("最不利时的等级", "Level at least"),
        "least_total": Text("最低总分", "Total at least"),
        "rows": Text("逐项安排", "Every project"),
        "rows_note": Text(
            "时间按季度：2027Q1 是 2027 年第一季度，依此类推。“为什么做”列出它能提升的要求，编号见“差距”一章；"
            "怎么做、拿什么证明，见“改进建议”一章。",
            'Times are quarters: 2027Q1 is the first quarter of 2027. "Why" names the requirements that a project '
            "lifts, by the numbers of the chapter on gaps; how it is done and what shows it stands in the chapter on "
            "improvements.",
        ),
        "improvement": Text("改进项", "Improvement"),
        "time": Text("时间", "Time"),
        "likely": Text("最可能，万元", "Most likely, 10,000 yuan"),
        "range": Text("低–高，万元", "Low–high, 10,000 yuan"),
        "reason": Text("为什么做", "Why"),
        "others": Text("花钱差不多的别的办法", "Other ways for about the same money"),
        "left_out": Text("不做", "Without"),
        "instead": Text("改做", "Instead"),
        "why_not": Text("看起来该做、计划里没有的", "What seems obvious and is not in the plan"),
        "frontier": Text("到各级最少要花多少", "What each level costs at least"),
        "level": Text("等级", "Level"),
        "projects": Text("项目", "Projects"),
        "until": Text("何时", "When"),
        "goal": Text("目标", "goal"),
        "basis": Text("规划假设", "Planning assumptions"),
    }
)
