"""The rows of a filled workbook sorted out: which of them ask what of whom, and which cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from flask_babel import gettext as _

from app.diagnosis.draft import TAILORING, Draft, every_subject
from app.diagnosis.models import Diagnosis
from app.diagnosis.punctuation import listed
from app.presentation import text
from app.workbooks.layout import numbers
from app.workbooks.origin import Origin, unseal
from app.workbooks.question_sheet import HEAD_KEY, OPTION_MARK
from app.workbooks.reader import MOST_ROWS, FilledBook, FilledRow, FilledSheet
from app.workbooks.reading import FileRefused
from questionnaires.model import Fact, Text

MOST_NAMED = 20  # of the things that were left aside
LONGEST_QUESTION = 80  # characters of a question that is only named


class Key(NamedTuple):
    """What stands hidden before a row."""

    subject: str
    name: str  # of a fact, or of a capability subdomain
    option: str

    @classmethod
    def read(cls, written: str) -> Key:
        subject, _blank, rest = written.partition(" ")
        name, _mark, option = rest.partition(OPTION_MARK)
        return cls(subject, name, option)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with one row; in the order of the file."""

    sheet: int  # its place in the file
    row: int
    sentence: str


@dataclass(slots=True)
class Question:
    """One fact of one subject as its rows came back: its own, and those of its options."""

    key: Key
    fact: Fact | None  # None for a capability subdomain to leave out
    sheet: FilledSheet
    place: int  # of the sheet in the file
    row: FilledRow
    options: dict[str, FilledRow] = field(default_factory=dict)

    @property
    def filled_cell(self) -> str:
        """Return which of its cells speaks: the first that is filled."""
        cells = self.row.cells
        return next((code for code in ("answer", "absent", "unknown") if not cells[code].blank), "answer")

    def fault(self, said: str, code: str, row: FilledRow | None = None) -> Fault:
        """Return what is wrong with one of its cells."""
        row = row or self.row
        return Fault(self.place, row.number, at_cell(self.sheet, row, code, said))


def at_cell(sheet: FilledSheet, row: FilledRow, code: str, said: str) -> str:
    """Return a sentence with the address of its cell before it."""
    return _("“%(sheet)s”表 %(cell)s：%(said)s", sheet=sheet.name, cell=sheet.place(row, code), said=said)


class Rows:
    """Goes through a workbook and keeps what it finds."""

    def __init__(self, book: FilledBook, draft: Draft, may_be_tailored: Mapping[str, Text]) -> None:
        self.book, self.draft, self.may_be_tailored = book, draft, may_be_tailored
        self.kinds = {subject.key: subject.kind for subject in every_subject(draft.firm)}
        self.numbers = numbers(draft.questionnaire.id, draft.questionnaire.version)
        self.questions: dict[tuple[str, str], Question] = {}
        self.faults: list[Fault] = []
        self._no_longer_asked: dict[str, None] = {}
        self._of_others: dict[str, int] = {}  # sheet -> how many rows ask a factory or workshop that is closed
        self._unsure = False

    def sort_out(self) -> None:
        """Go through all rows. Raises FileRefused when no sheet belongs to this diagnosis."""
        asking = [(sheet, unseal(sheet.token)) for sheet in self.book.sheets if sheet.asks]
        self._refuse_foreign([origin for _sheet, origin in asking])
        for place, (sheet, origin) in enumerate(asking):
            if wrong := _wrong_origin(origin, self.draft.diagnosis) or _wrong_shape(sheet):
                self.faults.append(Fault(place, 0, _("“%(sheet)s”表：%(said)s", sheet=sheet.name, said=wrong)))
            elif origin is not None:
                self._sheet(place, sheet, origin)

    def _refuse_foreign(self, origins: list[Origin | None]) -> None:
        if not self.book.sheets:
            raise FileRefused([_("这份工作簿不是从这里下载的问卷。请在诊断总览下载工作簿，填好后再上传。")])
        if not origins:
            raise FileRefused([_("问卷的表都不在这份工作簿里。请重新下载，填好后再上传。")])
        wrong = [_wrong_origin(origin, self.draft.diagnosis) for origin in origins]
        if all(wrong):
            raise FileRefused(list(dict.fromkeys(wrong)))

    def _sheet(self, place: int, sheet: FilledSheet, origin: Origin) -> None:
        of = self.draft.questionnaire
        self._unsure = self._unsure or not origin.shows_sure_save(self.draft.diagnosis.revision)
        same_version = (origin.questionnaire_id, origin.questionnaire_version) == (of.id, of.version)
        for row in sheet.rows:
            if row.key != HEAD_KEY and (wrong := self._row(place, sheet, row, same_version)):
                self.faults.append(Fault(place, row.number, at_cell(sheet, row, "answer", wrong)))

    def _row(self, place: int, sheet: FilledSheet, row: FilledRow, same_version: bool) -> str:
        """Take a row to its question, and return why that cannot be done; nothing when it can."""
        if not row.key:
            return _("这一行不是问卷里的题。请把回答填在问卷原来的行里。")
        key = Key.read(row.key)
        fact = self.draft.questionnaire.facts.get(key.name)
        if key.subject == TAILORING:
            known = key.name in self.may_be_tailored
            return self._ask(Question(key, None, sheet, place, row)) if known else _tampered()
        if fact is None and key.name and not same_version:
            self._no_longer_asked[(row.question or key.name)[:LONGEST_QUESTION]] = None
            return ""
        if fact is None or (same_version and not key.option and row.shown_number != self.numbers[fact.id]):
            return _tampered()
        return self._about(Question(key, fact, sheet, place, row), fact)

    def _about(self, found: Question, fact: Fact) -> str:
        kind = self.kinds.get(found.key.subject)
        if kind is None:
            self._of_others[found.sheet.name] = self._of_others.get(found.sheet.name, 0) + 1
            return ""
        return self._ask(found) if kind is fact.of else _tampered()

    def _ask(self, found: Question) -> str:
        subject, name, option = found.key
        asked = self.questions.get((subject, name))
        if option:
            return self._option(asked, option, found.row)
        if asked is None:
            self.questions[subject, name] = found
            return ""
        return "" if asked.row.cells == found.row.cells else _twice(asked, asked.row)

    def _option(self, asked: Question | None, option: str, row: FilledRow) -> str:
        if asked is None:
            return _tampered()
        before = asked.options.setdefault(option, row)
        return "" if before.cells["answer"] == row.cells["answer"] else _twice(asked, before)

    # --- what was left aside ------------------------------------------------------------------------------------------

    def notices(self) -> Iterator[str]:
        """Yield one sentence for each kind of thing that was not read without being wrong."""
        if self._unsure:
            yield _("认不出工作簿是哪一次保存以后下载的。与现有回答不同的，都请您逐项选择。")
        if self._no_longer_asked:
            yield _("问卷已经更新。这些题不再询问，没有读取：%(named)s。", named=_named(self._no_longer_asked))
        if self._of_others:
            where = (_("“%(sheet)s”表 %(count)s 行", sheet=name, count=n) for name, n in self._of_others.items())
            yield _("这些行属于已停用的工厂或车间，没有读取：%(named)s。", named=_named(where))
        if missing := self._missing():
            yield _("这些部分不在文件里，其中的回答保持不变：%(named)s。", named=_named(missing))
        if self.book.others:
            yield _("这些表不是问卷的表，没有读取：%(named)s。", named=_named(self.book.others))

    def _missing(self) -> list[str]:
        there, kinds = {name for _subject, name in self.questions}, set(self.kinds.values())
        sections = [section for section in self.draft.questionnaire.sections if section.of in kinds]
        return [
            text(section.title)
            for section in sections
            if there.isdisjoint(name for page in section.pages for name in page.fact_ids)
        ]


def _wrong_origin(origin: Origin | None, diagnosis: Diagnosis) -> str:
    """Return why a sheet is none of this diagnosis; nothing when it is one."""
    if origin is None:
        return _("隐藏的标识被改动过，认不出是哪一次诊断的问卷。请重新下载工作簿，把回答填进去。")
    if origin.firm_id != str(diagnosis.firm_id):
        return _("这是另一家企业的问卷。请上传本企业的工作簿。")
    if origin.diagnosis_id != str(diagnosis.id):
        theirs, ours = origin.number, diagnosis.number
        return _(
            "这是第 %(theirs)s 次诊断的问卷，现在是第 %(ours)s 次。请下载这一次的工作簿填写。", theirs=theirs, ours=ours
        )
    return ""


def _wrong_shape(sheet: FilledSheet) -> str:
    if sheet.too_long:
        return _("超过 %(most)s 行，整张表没有读取。请删掉问卷以外的行后再试。", most=f"{MOST_ROWS:,}")
    if not sheet.has_all_columns:
        return _("缺少“回答”“不清楚”或“不适用的理由”列，整张表没有读取。请重新下载工作簿，把回答填进去。")
    return ""


def _tampered() -> str:
    return _("这一行隐藏的标识被改动过，认不出是哪一题。请重新下载工作簿，把这一行的回答填进去。")


def _twice(asked: Question, row: FilledRow) -> str:
    where = asked.sheet.place(row, "answer")
    return _("同一题在“%(sheet)s”表 %(cell)s 有另一个回答。请只保留一处。", sheet=asked.sheet.name, cell=where)


def _named(words: Iterable[str]) -> str:
    """List what was left aside, the first of many."""
    every = list(words)
    shown = listed(every[:MOST_NAMED])
    return shown if len(every) <= MOST_NAMED else _("%(shown)s 等 %(count)s 项", shown=shown, count=len(every))
