"""The fixed words of a report in both languages: headings, heads of tables, notes. One place for PDF and Word.

A label with names in braces is a sentence with blanks. What depends on the diagnosis stands in `wording.py` and in the
view model.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from questionnaires.model import Text
from reports.language import BY_TAG

LABELS: Mapping[str, Text] = MappingProxyType(
    {
        "contents": Text("目录", "Contents"),
        "result_file": Text("结果文件：各项结论、依据和推导", "Result file: conclusions, rules and derivations"),
        "page_before": Text("第 ", "Page "),
        "page_between": Text(" 页，共 ", " of "),
        "page_after": Text(" 页", ""),
        "code": Text("核对编号", "Check code"),
        # heads of tables that several parts share
        "conclusion": Text("结论", "Conclusion"),
        "subject": Text("对象", "Subject"),
        "improvement": Text("改进项", "Improvement"),
        # decision brief
        "blocks": Text("挡在前面的事", "What stands in the way"),
        "conditions": Text("认定条件对照", "Conditions of recognition against the facts"),
        "condition": Text("条件", "Condition"),
        "now_and_threshold": Text("现状与门槛", "Now and threshold"),
        "distance": Text("差距", "Still missing"),
        "first_steps": Text("先做什么", "What to do first"),
        "what": Text("做什么", "What is done"),
        "planned_cost": Text("规划投入", "Planned cost"),
        "time": Text("周期", "Time"),
        "standings": Text("各项结论", "All conclusions"),
        "scheme": Text("标准", "Criteria"),
        "answered": Text("已答事实", "Facts answered"),
        "open": Text("还不清楚的", "What is still open"),
        "open_facts": Text("最值得先弄清：{facts}。", "Most worth finding out first: {facts}."),
        # profile
        "sites": Text("工厂与车间", "Factories and workshops"),
        "site": Text("工厂、车间", "Factory, workshop"),
        "process": Text("主要工艺", "Main process"),
        "equipment": Text("生产装备，台", "Production equipment, sets"),
        "networked": Text("其中联网，台", "Networked, sets"),
        "differences": Text("填报与核实不同之处", "Where the consultant found something else"),
        "fact": Text("事实", "Fact"),
        "stated": Text("企业填报", "Stated by the firm"),
        "verified": Text("专家核实", "Verified"),
        "reason": Text("理由", "Reason"),
        # the consultant's opinion
        "observations": Text("总体观察", "Observations"),
        "recommendations": Text("建议", "Recommendations"),
        "remarks": Text("逐项意见", "On single facts"),
        "remark": Text("意见", "Remark"),
        # maturity
        "maturity_settle": Text(
            "最少答清以下 {count} 项，等级就可能定下来：{facts}。",
            "It takes at least these answers ({count}) to settle the level: {facts}.",
        ),
        "level": Text("等级", "Level"),
        "level_score": Text("该级得分", "Level score"),
        "parts": Text("能力要素、能力域与能力子域", "Elements, domains and subdomains"),
        "parts_note": Text(
            "权重为占全部的份额，裁剪之后重新分配；“—”表示该级没有要求。",
            "Weights are shares of the whole, spread again after tailoring; “—”: no requirement at this level.",
        ),
        "part": Text("要素、子域", "Element, subdomain"),
        "weight": Text("权重", "Weight"),
        "tailored": Text("裁剪", "Tailoring"),
        "no_maturity": Text(
            "没有可以判断的成熟度结果：请先填写生产类型。",
            "There is no maturity result to judge: please state the type of production first.",
        ),
        # recognition, evaluation, conversion
        "no_sites": Text(
            "还没有登记工厂和车间，认定条件没有对象可以对照。",
            "No factory and no workshop is entered yet, so there is nothing to hold the conditions against.",
        ),
        "judgement_settle": Text(
            "最少答清以下事实，就可能定论：{facts}。", "It takes at least these facts to settle it: {facts}."
        ),
        # gaps and improvements
        "gaps_note": Text(
            "成熟度差距按还可提升的权重从大到小排列，认定条件列在其后。每组之后是可以采取的办法和规划投入。",
            "Gaps in maturity come first, those that can still lift the score most before the others; conditions of "
            "recognition follow. After each group: what can be done, with its planned cost.",
        ),
        "ways": Text("可以这样做：{ways}。", "What can be done: {ways}."),
        "no_gaps": Text(
            "对照目标等级和各项条件，没有发现差距。",
            "Held against the next level and all conditions, no gap was found.",
        ),
        "steps_note": Text(
            "投入和周期是本工具的规划假设，供安排预算时参考，不是报价。投入按本企业的规模、把还缺的各处都做上算。",
            "Cost and time are planning assumptions of this product for budgeting, not an offer. Costs are for a firm "
            "of this size and for all the places where something is missing.",
        ),
        "steps_note_plan": Text(
            "投入和周期是本工具的规划假设，供安排预算时参考，不是报价。投入按本企业的规模、把还缺的各处都做上算；"
            "只做够用的那些要多少，见“改进计划”一章。",
            "Cost and time are planning assumptions of this product for budgeting, not an offer. Costs are for a firm "
            "of this size and for all the places where something is missing; what suffices, and what that costs, "
            "stands in the chapter on the improvement plan.",
        ),
        "step_head": Text("{cost}，{months}", "{cost}, {months}"),
        "step_proof": Text("做到的证明：{proof}", "What shows it done: {proof}"),
        "no_steps": Text("目前没有需要提出的改进项。", "There is no improvement to propose at present."),
        # improvement plan
        "plan_first": Text("先做这几件", "What to do first"),
        "plan_reason": Text("为什么做：{reason}。", "Why: {reason}."),
        "plan_quarters": Text("每个季度之后到几级", "The level after each quarter"),
        "when": Text("何时", "When"),
        "ended": Text("完成项目", "Projects done"),
        "spent": Text("累计投入，万元", "Spent, 10,000 yuan"),
        "level_at_worst": Text("最不利时的等级", "Level at worst"),
        "total_at_worst": Text("最低总分", "Lowest total"),
        "plan_rows": Text("逐项安排", "Project by project"),
        "plan_rows_note": Text(
            "图中 27Q1 是 2027 年一季度，依此类推。“为什么做”列出它能提升的要求，编号见“差距”一章；怎么做、拿什么证明，"
            "见“改进建议”一章。",
            "27Q1 in the drawings is the first quarter of 2027, and so on. “Why” names the requirements that a project "
            "helps, by the numbers of the chapter on gaps; what is done and what shows it stand in the chapter on "
            "improvements.",
        ),
        "quarters": Text("时间", "Quarters"),
        "likely": Text("最可能，万元", "Most likely, 10,000 yuan"),
        "low_to_high": Text("低–高，万元", "Low to high, 10,000 yuan"),
        "why": Text("为什么做", "Why"),
        "plan_others": Text("花钱差不多的别的办法", "Other ways for nearly the same money"),
        "left_out": Text("不做", "Left out"),
        "instead": Text("改做", "Instead"),
        "why_not": Text("看起来该做、计划里没有的", "What seems due and is not in the plan"),
        "frontier": Text("到各级最少要花多少", "What each level costs at least"),
        "projects": Text("项目", "Projects"),
        "goal": Text("目标", "goal"),
        "plan_basis": Text("规划假设", "Planning assumptions"),
        # comparable firms
        "peers_total": Text("总分与等级", "Total and level"),
        "peers_rates": Text("车间里的比率", "Rates on the shop floor"),
        "peers_met": Text("认定条件", "Conditions of recognition"),
        "peers_how": Text("怎样比，怎样不透露任何一家", "How it is compared without showing any firm"),
        "peer_item": Text("比什么", "What is compared"),
        "peer_own": Text("本企业", "This firm"),
        "peer_low": Text("下四分位", "Q1"),
        "peer_median": Text("中位数", "Median"),
        "peer_high": Text("上四分位", "Q3"),
        "peer_counted": Text("计入，家", "Firms"),
        "peer_place": Text("本企业在哪里", "Its place"),
        "peer_share": Text("占同行", "Share of the peers"),
        # sources
        "document": Text("文件", "Document"),
        "since": Text("起用日期", "In force since"),
        "read_at": Text("查阅处", "Where it was read"),
        "confidence": Text("可信程度", "How sure it is"),
        # signatures
        "seal": Text("盖章处", "Seal"),
        # annexes
        "derivations_note": Text(
            "每个结论按“结论、规则、事实、答案”逐层列出。正文句末的 R 编号指到这里。"
            "规则的日期与可信程度只在变化时标出。",
            "Every conclusion is taken apart into rules, facts and answers. The R numbers behind sentences lead here. "
            "Date and standing of a rule are given where they change.",
        ),
        "evidence_of": Text("{section}的佐证材料", "Evidence for {section}"),
        "unknown": Text("不清楚：{facts}。", "Unknown: {facts}."),
        "blank": Text("未填：{facts}。", "Blank: {facts}."),
    }
)


class Labels:
    """The fixed words of one language, by name."""

    def __init__(self, tag: str) -> None:
        self.language = BY_TAG[tag]

    def __call__(self, name: str, **blanks: object) -> str:
        """Return a label with its blanks filled in. Raises KeyError for a label or blank that does not exist."""
        said = self.language.say(LABELS[name])
        return said.format(**blanks) if blanks else said
