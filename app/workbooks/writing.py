"""The questionnaire of one diagnosis as a workbook: a guide, a sheet for each section, the present answers in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _

from app.diagnosis.draft import Draft
from app.presentation import day, language, moment, text
from app.workbooks import layout
from app.workbooks.origin import origin_of, seal
from app.workbooks.question_sheet import (
    ABSENT,
    ANSWER,
    CODE_ROW,
    HEAD,
    HIDDEN,
    KEY,
    NOTE,
    OPTION_MARK,
    PLAIN,
    TITLE,
    UNKNOWN,
    WIDTHS,
    QuestionSheet,
    Span,
)
from questionnaires.model import FactKind, Questionnaire, Text
from reports.spreadsheet import Sheet, Spreadsheet, Style

FONT = {"zh": "Microsoft YaHei", "en": "Arial"}  # a machine without it takes its own
GUIDE_WIDTHS = (0, 30, 84, 10, 10)
SAYING: Style = {**PLAIN, "bold": True}
LINK: Style = {**PLAIN, "font_color": "#0b5a8f", "underline": 1}
FIGURE: Style = {**PLAIN, "align": "right"}
FIGURE_HEAD: Style = {**HEAD, "align": "right"}


def questionnaire_workbook(draft: Draft, may_be_tailored: Mapping[str, Text], at: datetime) -> bytes:
    """Return the .xlsx that asks everything of this diagnosis, with what is answered, made at this moment."""
    diagnosis, token = draft.diagnosis, seal(origin_of(draft.diagnosis))
    book = Spreadsheet(title := _title(draft), at, FONT[language()])
    guide = book.sheet(_("填写说明"), GUIDE_WIDTHS)
    laid_out = layout.sheets(draft, may_be_tailored)
    listed_at = _where_lists_stand(draft.questionnaire)
    spans = [
        span
        for one in laid_out
        for span in QuestionSheet(book.sheet(one.name, WIDTHS), one, token, listed_at).write(diagnosis.firm.name)
    ]
    _write_guide(guide, draft, title, spans, at)
    lists = book.sheet(_list_sheet(), (30,), hidden=True)
    _write_lists(lists, draft.questionnaire)
    for sheet in (guide, lists):
        sheet.write(CODE_ROW, KEY, token, HIDDEN)
        sheet.protect()
    return book.content()


def _title(draft: Draft) -> str:
    return _("智能制造诊断问卷：%(firm)s", firm=draft.diagnosis.firm.name)


# --- the first sheet --------------------------------------------------------------------------------------------------


def _write_guide(sheet: Sheet, draft: Draft, title: str, spans: list[Span], at: datetime) -> None:
    sheet.write(0, 1, title, TITLE)
    sheet.hide_row(CODE_ROW)
    row = CODE_ROW + 1
    for said in _of_what(draft, at):
        sheet.write(row, 1, said, NOTE)
        row += 1
    row = _write_how(sheet, row + 1)
    _write_contents(sheet, row + 1, spans)
    sheet.foot(title)


def _of_what(draft: Draft, at: datetime) -> tuple[str, str]:
    diagnosis = draft.diagnosis
    return (
        _(
            "第 %(number)s 次诊断，反映 %(day)s 的情况。内容下载于 %(at)s，之后在网页上填的不在这里。",
            number=diagnosis.number,
            day=day(diagnosis.as_of),
            at=moment(at),
        ),
        _("准备与诊断用，不是官方认定结果。"),
    )


def _write_how(sheet: Sheet, row: int) -> int:
    for column, said in ((1, _("怎样填")), (2, None)):
        sheet.write(row, column, said, HEAD)
    for name, how in _how_to_fill():
        row += 1
        sheet.write(row, 1, name, SAYING)
        sheet.write(row, 2, how, PLAIN)
    return row + 1


def _how_to_fill() -> tuple[tuple[str, str], ...]:
    return (
        (_("填哪里"), _("只填浅色格子，其他格子已锁定。用 Excel、WPS 或 LibreOffice 都可以；请保存为 .xlsx。")),
        (_("每题填一处"), _("知道的填“回答”；不清楚的在“不清楚”里选 √；确实没有的，写明“不适用的理由”。")),
        (_("选择题"), _("从下拉列表里选。可以选多项的题，在每个选项后面选 √。")),
        (_("数字和日期"), _("只写数，不写单位，也不写“约”；范围写在格子的提示里。日期写成 2026-10-31 的样子。")),
        (_("留空和删除"), _("没有答案的留空。删掉原来的回答，导入后那一题就没有回答了；导入前会先请您确认。")),
        (_("大家分着填"), _("可以把文件发给同事，各填几张表，再逐份导入。请不要合并单元格，也不要增删行和列。")),
        (_("填好以后"), _("在诊断总览里选“导入填好的文件”。系统逐格检查，先列出与现有回答的差别，您确认以后才保存。")),
    )  # fmt: skip


def _write_contents(sheet: Sheet, row: int, spans: list[Span]) -> None:
    heads = ((1, _("表")), (2, _("工厂、车间")), (3, _("已填")), (4, _("共")))
    for column, said in heads:
        sheet.write(row, column, said, HEAD if column < 3 else FIGURE_HEAD)
    for place, span in enumerate(spans, start=row + 1):
        sheet.link(place, 1, span.sheet, (span.first, ANSWER), span.sheet, LINK)
        sheet.write(place, 2, span.title or None, PLAIN)
        sheet.compute(place, 3, _count_formula(span), span.answered, FIGURE)
        sheet.write(place, 4, span.asked, FIGURE)


def _count_formula(span: Span) -> str:
    """Return the formula that counts the questions of a block with anything in their three cells."""
    areas = {column: _area(span, column) for column in (KEY, ANSWER, UNKNOWN, ABSENT)}
    asks = f'({areas[KEY]}<>"")*ISERROR(FIND("{OPTION_MARK}",{areas[KEY]}))'
    filled = "+".join(f'({areas[column]}<>"")' for column in (ANSWER, UNKNOWN, ABSENT))
    return f"=SUMPRODUCT({asks}*(({filled})>0))"


def _area(span: Span, column: int) -> str:
    letter = "ABCDEFGH"[column]
    return f"'{span.sheet}'!${letter}${span.first + 1}:${letter}${span.last + 1}"


# --- the options of long lists ----------------------------------------------------------------------------------------


def _list_sheet() -> str:
    return _("选项")


def _choices(questionnaire: Questionnaire) -> list[tuple[str, list[Text]]]:
    """Return the facts of which one option is chosen, with what is offered."""
    return [
        (fact.id, [option.text for option in fact.options if not option.retired])
        for fact in questionnaire.facts.values()
        if fact.kind is FactKind.CHOICE
    ]


def _where_lists_stand(questionnaire: Questionnaire) -> dict[str, str]:
    """Return fact -> the area in which its options stand; they are too long to be written into each cell's rule."""
    row, found = CODE_ROW + 2, {}
    for fact, options in _choices(questionnaire):
        found[fact] = f"'{_list_sheet()}'!$A${row + 1}:$A${row + len(options)}"
        row += len(options) + 1
    return found


def _write_lists(sheet: Sheet, questionnaire: Questionnaire) -> None:
    row = CODE_ROW + 2
    for _fact, options in _choices(questionnaire):
        for place, option in enumerate(options, start=row):
            sheet.write(place, 0, text(option), PLAIN)
        row += len(options) + 1
