"""What the blank questionnaire on paper says besides the questionnaire itself, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from questionnaires.model import Text

WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "kind": Text("空白问卷", "Blank questionnaire"),
        "firm": Text("企业名称", "Firm"),
        "filled_by": Text("填写人", "Filled in by"),
        "phone": Text("电话", "Telephone"),
        "day": Text("反映哪一天的情况", "Describes the state on"),
        "edition": Text("问卷版本", "Edition"),
        "how": Text("怎样填", "How to fill it in"),
        "contents": Text("目录", "Contents"),
        "required": Text("提交前必填", "needed to submit"),
        "several": Text("可多选", "several may apply"),
        "unknown": Text("不清楚", "Not known"),
        "absent": Text("不适用，原因：", "Does not apply, because: "),
        "evidence": Text("可作佐证：", "May serve as evidence: "),
        "sheet_evidence": Text("本页各题可作佐证：", "May serve as evidence for these questions: "),
        "note": Text("佐证材料、备注：", "Evidence, remarks: "),
        "only_if": Text("符合这个条件才填：", "Only to be filled in if: "),
        "stop": Text("。", "."),
        "date": Text("年　　　月　　　日", "(year – month – day)"),
        "factory": Text("工厂名称：", "Factory: "),
        "workshop": Text("车间名称：", "Workshop: "),
        "in_factory": Text("所属工厂：", "in factory: "),
        "once_factory": Text(
            "每个工厂填一份。有几个工厂，就先把这一部分复印几份。",
            "Fill in once for each factory. With several factories, copy this part first.",
        ),
        "once_workshop": Text(
            "每个车间填一份。有几个车间，就先把这一部分复印几份。",
            "Fill in once for each workshop. With several workshops, copy this part first.",
        ),
        # At the foot of a page: page, its number, of, how many, pages.
        "page": Text("第 ", "Page "),
        "of": Text(" 页，共 ", " of "),
        "pages": Text(" 页", ""),
    }
)
STEPS = (
    Text(
        "共 {questions} 题。可以分开给各部门填：每一部分都从新的一页开始。",
        "There are {questions} questions. Parts may go to different departments: each begins on a new page.",
    ),
    Text(
        "在方框里打勾。除了注明“可多选”的，一题只勾一个。按现在的实际情况选，还在计划中的不算。",
        "Tick a box; only one for each question, unless several may apply. "
        "Describe what is done today, not what is planned.",
    ),
    Text(
        "不知道就勾“不清楚”，不要猜，也不要当作没有：“不清楚”不会被算作不满足。",
        "If nobody knows, tick “Not known”. Do not guess, and do not take it for no: it never counts as not met.",
    ),
    Text(
        "标着“提交前必填”的题一定要填；其他的可以先空着，以后在网上补。",
        "Questions marked “needed to submit” must be answered. The others may wait and be answered on the screen.",
    ),
    Text(
        "有材料能证明的，把材料名称写在题目下面的横线上，录入时照着附上。",
        "Where papers can show it, write their names on the line below the question, and add them when you enter it.",
    ),
    Text(
        "填好以后录入系统。各页的标题和顺序与网上相同，一页一页地录就行。",
        "Then enter the answers. The pages have the same titles and the same order on the screen.",
    ),
)
