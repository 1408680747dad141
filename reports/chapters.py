"""The chapters of a report: which there are, in which order, under which title and number."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from questionnaires.model import Text
from reports.given import Given

TITLES: Mapping[str, Text] = MappingProxyType(
    {
        "brief": Text("决策简报", "Decision brief"),
        "profile": Text("企业概况", "The firm"),
        "opinion": Text("专家意见", "The consultant's opinion"),
        "maturity": Text("智能制造能力成熟度", "Smart-manufacturing capability maturity"),
        "recognition": Text("数字化车间与智能工厂条件", "Conditions of digital workshops and smart factories"),
        "others": Text("数字化水平评测与转型升级佐证", "Digital level and evidence of conversion"),
        "gaps": Text("差距", "Gaps"),
        "improvements": Text("改进建议", "Improvements"),
        "plan": Text("改进计划", "Improvement plan"),
        "peers": Text("同行对照", "Peers"),
        "method": Text("方法", "Method"),
        "sources": Text("依据与可信程度", "Sources and how sure they are"),
        "signatures": Text("签字盖章", "Signatures and seals"),
        "letter": Text("真实性承诺书", "Letter of truthfulness"),
        "derivations": Text("附录一　结论的推导", "Annex A: How each conclusion follows"),
        "answers": Text("附录二　全部答案", "Annex B: All answers"),
    }
)
UNNUMBERED = ("signatures", "letter", "derivations", "answers")


def chapters(given: Given) -> Mapping[str, str]:
    """Return the titles with their numbers by place, in printing order; what this report has not is left out."""
    there = [target for target in TITLES if _is_there(given, target)]
    number = {target: f"{place}{given.language.wide}" for place, target in enumerate(there, start=1)}
    numbered = {target: "" if target in UNNUMBERED else number[target] for target in there}
    return {target: numbered[target] + given.say(TITLES[target]) for target in there}


def _is_there(given: Given, target: str) -> bool:
    edition = given.edition
    missing = {
        "opinion": not edition.has_opinion,
        "plan": given.advice is None and not given.unfinished,
        "peers": given.peers is None or given.maturity is None,
        "signatures": edition.preview,
        "letter": edition.preview or edition.verified,
    }
    return not missing.get(target, False)
