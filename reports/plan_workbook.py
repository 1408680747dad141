"""An improvement plan as a workbook to work with: a row a project with room for owner, day and progress, and a legend.

Sums are formulas that keep what they give now, so that they are right before and after somebody changes a cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time

from questionnaires.model import Text
from reports import plan_names as names
from reports import plan_wording as words
from reports import wording
from reports.kept_plan import PROGRESS
from reports.spreadsheet import Content, Rule, Sheet, Spreadsheet, Style
from scoring.advice import Advice
from scoring.plan import PlannedProject, Result
from scoring.quarters import calendar_quarter

FONTS = {"zh": "Microsoft YaHei", "en": "Arial"}
TITLE = Text("改进计划", "Improvement plan")
LEGEND = Text("说明", "Notes")
TOTAL = Text("合计", "Total")
COLUMNS: tuple[tuple[Text, float], ...] = (
    (Text("改进项", "Improvement"), 26),
    (Text("地点", "Place"), 17),
    (Text("开工季度", "Starts in"), 9),
    (Text("完工季度", "Ends in"), 9),
    (Text("低，万元", "Low, 10,000 yuan"), 9),
    (Text("最可能，万元", "Likely, 10,000 yuan"), 12),
    (Text("高，万元", "High, 10,000 yuan"), 9),
    (Text("责任人", "Owner"), 11),
    (Text("要求完成日期", "Due"), 12),
    (Text("进展", "Progress"), 10),
    (Text("做到的证明", "Proof"), 32),
)
COSTS, DUE, STATE = (4, 5, 6), 8, 9
LINE: Style = {"valign": "top", "bottom": 4, "bottom_color": "#8b98a3"}
HEAD: Style = {"bold": True, "bg_color": "#d9e8f3", "bottom": 1, "text_wrap": True, "valign": "top"}
WORDS: Style = {**LINE, "text_wrap": True}
MONEY: Style = {**LINE, "num_format": "#,##0"}
DAY: Style = {**LINE, "num_format": "yyyy-mm-dd", "align": "left"}
SUM: Style = {"bold": True, "top": 1, "valign": "top"}
BIG: Style = {"bold": True, "font_size": 14}


def plan_workbook(advice: Advice, lang: str) -> bytes:
    """Return the plan as an .xlsx in Chinese ("zh") or English ("en"); the same advice gives the same bytes."""
    made_at = datetime.combine(advice.filled.as_of, time(), UTC)
    book = Spreadsheet(f"{advice.filled.firm.name} {_in(TITLE, lang)}", made_at, FONTS[lang])
    _projects(book.sheet(_in(TITLE, lang), [width for _name, width in COLUMNS]), advice, lang)
    _legend(book.sheet(_in(LEGEND, lang), (22, 110)), advice, lang)
    return book.content()


def _in(text: Text, lang: str) -> str:
    return text.zh if lang == "zh" else text.en


def _projects(sheet: Sheet, advice: Advice, lang: str) -> None:
    sheet.head(1)
    sheet.foot(f"{advice.filled.firm.name}　{_in(wording.AID_ONLY, lang)}")
    for column, (name, _width) in enumerate(COLUMNS):
        sheet.write(0, column, _in(name, lang), {**HEAD, "align": "right"} if column in COSTS else HEAD)
    for row, one in enumerate(advice.plan.projects, start=1):
        for column, content in enumerate(_row(advice, one, lang)):
            sheet.write(row, column, content, MONEY if column in COSTS else DAY if column == DUE else WORDS)
        sheet.take(row, STATE, Rule("list", words=tuple(_in(word, lang) for word in PROGRESS.values())))
    if advice.plan.projects:
        sheet.sift(len(advice.plan.projects), len(COLUMNS))
        _total(sheet, advice, lang)


def _row(advice: Advice, one: PlannedProject, lang: str) -> Iterator[Content]:
    yield _in(one.project.improvement.text, lang)
    yield _in(names.where(one, advice.criteria.facts), lang)
    beginning = names.begins(advice)
    yield calendar_quarter(beginning, one.start)  # which can be put in order, as words cannot
    yield calendar_quarter(beginning, one.end)
    yield from one.cost
    yield from (None, None, None)  # owner, day and progress: for the firm to fill in
    yield _in(one.project.improvement.proof, lang)


def _total(sheet: Sheet, advice: Advice, lang: str) -> None:
    last = len(advice.plan.projects)
    for column in range(len(COLUMNS)):
        sheet.write(last + 1, column, _in(TOTAL, lang) if column == 0 else None, SUM)
    for column, now in zip(COSTS, advice.plan.cost, strict=True):
        sheet.add_up(last + 1, column, 1, now, {**SUM, "num_format": "#,##0"})


def _legend(sheet: Sheet, advice: Advice, lang: str) -> None:
    sheet.write(0, 0, _in(TITLE, lang), BIG)
    for row, (name, said) in enumerate(_notes(advice), start=2):
        sheet.write(row, 0, _in(name, lang), {**WORDS, "bold": True})
        sheet.write(row, 1, _in(said, lang), WORDS)


def _notes(advice: Advice) -> Iterator[tuple[Text, Text]]:
    plan, firm, basis = advice.plan, advice.filled.firm.name, advice.criteria.improvements_basis
    yield Text("企业", "Firm"), Text(firm, firm)
    yield Text("目标", "Goal"), names.goals_text(advice)
    yield Text("结论", "Conclusion"), words.headline(advice)
    if plan.result is Result.REACHED and plan.projects:
        yield Text("有多大把握", "How sure"), words.proof(plan)
    for one in words.blocked(advice):
        yield Text("挡住的要求", "In the way"), one
    yield Text("事实截止", "Facts as of"), wording.day_text(advice.filled.as_of)
    begins = calendar_quarter(names.begins(advice), 1)
    yield (
        Text("季度", "Quarters"),
        Text(f"计划从 {begins} 开始，即 {begins[:4]} 年第 {begins[5]} 季度。", f"The plan begins with {begins}."),
    )
    yield Text("怎样算", "How it is counted"), words.PLAN_BASIS
    yield Text("性质", "Standing"), words.ASSUMPTIONS_ONLY
    yield Text("规划假设", "Assumptions"), basis or words.BASIS
