"""The cover of a workpaper: whose it is, what it rests on, whether everything agrees, and how to read it."""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires.model import State, Text
from questionnaires.values import show_value
from reports import wording
from reports.formula import EXACT_BELOW, Formula, as_formula, digits, greatest, if_else, joined, like, total
from reports.given import subject_title
from reports.language import LANGUAGES
from reports.spreadsheet import Sheet, Style
from reports.workpaper_exact import judging
from reports.workpaper_page import (
    CHECK,
    GAP,
    HEAD,
    MET,
    NOTE,
    OPEN,
    OTHER,
    OURS,
    PART,
    RESULT,
    STILL_OPEN,
    STRONG,
    SYSTEM,
    TITLE,
    WORDS,
    Paper,
)

NAME = Text("封面", "Cover")
HEADLINE = Text("评分底稿", "Scoring workpaper")
WIDTHS = (12, 44, 36, 34, 34, 14, 16)
REF, WHAT, WHOM, FOUND, GIVEN, SAME, WHERE = range(len(WIDTHS))
HEADS = (
    Text("编号", "Ref"),
    Text("评价标准", "Criteria"),
    Text("对象", "Subject"),
    OURS,
    SYSTEM,
    CHECK,
    Text("在哪张表", "Sheet"),
)
AGREE = Text(
    "● 全部一致：本底稿用公式从答案重新算得的结果，与系统算得的相同",
    "● All agree: computed anew from the answers, every result is the same",
)
DIFFERS = Text("× 不一致的地方：", "× Differences: ")
TOO_LARGE = Text("× 数字太大，表格不能精确计算", "× Numbers too large for a spreadsheet to stay exact")
EDITIONS = {
    "verified": Text("诊断版（专家核实）", "Diagnostic edition (verified by a consultant)"),
    "preview": Text("预览（填报中，尚未提交）", "Preview (not submitted yet)"),
    "stated": Text("自评版（企业填报）", "Self-assessment (stated by the firm)"),
}
READING = (
    Text(
        "从左到右：“答案”“能力要求”是填报的内容；“指标”“逐级得分”是中间结果；"
        "“成熟度”“车间”“工厂”“企业”“评测”是结论。每个数都是公式，点开就能看到怎样算出。",
        "From left to right: answers, what follows from them, conclusions. Every number is a formula.",
    ),
    Text(
        "没有回答的按所有可能的答案算最低和最高两端。两端一致才有确定的结论，否则待定；留空不会抬高结论。",
        "What is not answered is computed at its least and at its most. A conclusion is certain only where both agree.",
    ),
    Text(
        "凡与门槛比较的数都放大成整数（小于 10^15），表格软件比较时不失真；小数只供阅读。",
        "Whatever meets a threshold is a whole number below 10^15, which every spreadsheet compares exactly.",
    ),
    Text(
        "改动浅蓝格，结论随即重算，“核对”会指出与系统出具时不同的地方：这是改动的结果，不是错误。",
        "Change a pale blue cell and all conclusions follow; the check then shows where they differ from those issued.",
    ),
    Text(
        "增减工厂、车间，或换一种生产类型，要在系统里改后重新出底稿。工作表有锁定而没有密码，只防误改。",
        "Other factories, workshops or another production type need a new workpaper. Sheets have no password.",
    ),
    Text(
        "编号 R1、R3·W2 与诊断报告附录一的编号相同。工作簿不含宏，不含数组公式，Excel、WPS、LibreOffice 都能重算。",
        "R1, R3·W2 are the references of the report. No macros, no array formulas: for Excel, WPS, LibreOffice.",
    ),
)
SHOWN: Style = {**OPEN, "locked": True}
LINK: Style = {**WORDS, "font_color": "#0b5a8f", "underline": 1}
LEGEND: tuple[tuple[str, Text, Style], ...] = (
    ("", Text("浅蓝底、有边框：可以改的答案", "Pale blue with a border: an answer that may be changed"), SHOWN),
    ("●", Text("达到、一致", "met, same"), {**WORDS, **MET}),
    ("×", Text("未达到、不一致", "not met, differs"), {**WORDS, **GAP}),
    (
        "◐",
        Text("待定：没有回答的内容两种结论都允许", "open: what is not answered allows either"),
        {**WORDS, **STILL_OPEN},
    ),
    ("—", Text("不适用", "not applicable"), WORDS),
    (
        "○",
        Text("不评判：由专家判断，或门槛没有出处", "not judged: left to experts, or without a sourced threshold"),
        WORDS,
    ),
)


def write_cover(sheet: Sheet, paper: Paper) -> None:
    """Write the cover; every other sheet is written before, so that it can refer to them."""
    _Cover(sheet, paper).write()


class _Cover:
    def __init__(self, sheet: Sheet, paper: Paper) -> None:
        self.sheet, self.paper, self.row = sheet, paper, 0

    def write(self) -> None:
        say, firm = self.paper.say, self.paper.given.filled.firm.name
        self._line(f"{firm}　{say(HEADLINE)}", TITLE)
        self._line(say(wording.AID_ONLY), NOTE)
        self.row += 1
        self._agreement()
        self.row += 1
        self._conclusions()
        self._section(Text("依据", "Rests on"))
        for name, value in self._facts():
            self._pair(say(name), value)
        self._section(Text("怎样看", "How to read"))
        for text in READING:
            self._line(say(text), {"font_color": "#16242f"})
        self._section(Text("图例", "Legend"))
        for mark, text, style in LEGEND:
            self.sheet.write(self.row, REF, mark or None, {**style, "align": "center"})
            self.sheet.write(self.row, WHAT, say(text), {**WORDS, "text_wrap": False})
            for column in range(WHOM, len(WIDTHS)):
                self.sheet.write(self.row, column, None, WORDS)
            self.row += 1
        self.sheet.foot(f"{firm}　{say(HEADLINE)}　{say(wording.AID_ONLY)}")
        self.sheet.protect()

    def _line(self, words: str, style: Style) -> None:
        self.sheet.write(self.row, REF, words, style)
        self.row += 1

    def _agreement(self) -> None:
        """One cell says whether every check of every sheet agrees."""
        paper, other = self.paper, self.paper.say(OTHER)
        wrong = total(*(like(one, other) for one in paper.checks)) if paper.checks else as_formula(0)
        said = if_else(wrong.equals(0), paper.say(AGREE), joined(paper.say(DIFFERS), digits(wrong)))
        if paper.largest:
            said = if_else(greatest(*paper.largest) < EXACT_BELOW, said, paper.say(TOO_LARGE))
        style: Style = {"bold": True, "font_size": 12, "font_color": "#16242f"}
        self.sheet.compute(self.row, REF, "=" + said.text, str(said.now), style)
        for mark, colour in (("●", MET), ("×", GAP)):
            self.sheet.warn((self.row, REF), (self.row, REF), f'=LEFT($A${self.row + 1},1)="{mark}"', colour)
        self.row += 1

    def _conclusions(self) -> None:
        say = self.paper.say
        for column, text in enumerate(HEADS):
            self.sheet.write(self.row, column, say(text), HEAD)
        first = self.row = self.row + 1
        for one in self.paper.concluded:
            assessment = one.assessment
            self.sheet.write(self.row, REF, self.paper.given.ref(assessment).label, STRONG)
            self.sheet.write(self.row, WHAT, say(assessment.criteria_title), WORDS)
            self.sheet.write(self.row, WHOM, subject_title(assessment, LANGUAGES[self.paper.lang]), WORDS)
            self._show(FOUND, one.ours, RESULT)
            self.sheet.write(self.row, GIVEN, one.system, WORDS)
            self._show(SAME, one.same, WORDS)
            self.sheet.link(self.row, WHERE, one.sheet, (one.row, 0), one.sheet, LINK)
            self.row += 1
        for column in (FOUND, GIVEN, SAME):
            letter = "ABCDEFG"[column]
            for mark, style in (("●", MET), ("×", GAP), ("◐", STILL_OPEN)):
                formula = f'=LEFT(${letter}{first + 1},1)="{mark}"'
                self.sheet.warn((first, column), (max(self.row - 1, first), column), formula, style)

    def _show(self, column: int, cell: Formula, style: Style) -> None:
        self.sheet.compute(self.row, column, "=" + cell.text, str(cell.now), style)

    def _section(self, text: Text) -> None:
        self.row += 1
        for column in range(len(WIDTHS)):
            self.sheet.write(
                self.row, column, self.paper.say(text) if column == REF else None, {**PART, "text_wrap": False}
            )
        self.row += 1

    def _pair(self, name: str, value: str) -> None:
        for column in range(len(WIDTHS)):
            self.sheet.write(self.row, column, None, WORDS)
        self.sheet.write(self.row, REF, name, {**WORDS, "text_wrap": False, "font_color": "#51616f"})
        self.sheet.write(self.row, WHOM, value, {**WORDS, "text_wrap": False})
        self.row += 1

    def _facts(self) -> Iterator[tuple[Text, str]]:
        given, say = self.paper.given, self.paper.say
        edition = given.edition
        kind = "verified" if edition.verified else "preview" if edition.preview else "stated"
        yield Text("企业", "Firm"), given.filled.firm.name
        yield Text("统一社会信用代码", "Unified social credit code"), self._code()
        yield Text("版本", "Edition"), say(EDITIONS[kind])
        if edition.consultant:
            yield Text("诊断专家", "Consultant"), "，".join(filter(None, (edition.consultant, edition.organisation)))
        yield Text("事实截止", "Facts as of"), say(wording.day_text(given.filled.as_of))
        yield Text("出具日期", "Issued on"), say(wording.day_text(edition.day))
        yield Text("程序", "Program"), edition.program
        questionnaire = given.questionnaire
        version = f"{questionnaire.id} {questionnaire.version}　SHA-256 {questionnaire.digest}"
        yield Text("问卷", "Questionnaire"), version
        for criteria in judging(given):
            yield criteria.title, f"{criteria.id}　SHA-256 {criteria.digest}"

    def _code(self) -> str:
        statement = self.paper.given.filled.firm.facts.get("uscc")
        if statement is None or statement.state is not State.STATED or statement.value is None:
            return "—"
        return show_value(self.paper.given.fact("uscc"), statement.value, self.paper.lang)
