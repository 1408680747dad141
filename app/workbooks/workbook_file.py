"""A filled workbook as statements: every cell checked as the page would check it, every fault with its address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.diagnosis.draft import NOTHING, Draft, Said
from app.diagnosis.form_builder import REASON, UNKNOWN, build_form, faults_in, said_in
from app.diagnosis.punctuation import listed, with_colon
from app.presentation import text
from app.workbooks.cells import Cell, CellFault, is_ticked, posted, reason_in, typed_in
from app.workbooks.origin import unseal
from app.workbooks.question_sheet import LONGEST_REASON
from app.workbooks.reader import FilledBook, FilledRow
from app.workbooks.reading import Reading
from app.workbooks.rows import Fault, Question, Rows
from questionnaires.answers import EntryState
from questionnaires.model import Fact, FactKind, Text

T = TypeVar("T")


def read_workbook(book: FilledBook, draft: Draft, may_be_tailored: Mapping[str, Text]) -> Reading:
    """Return what a workbook says about the diagnosis. Raises FileRefused when it is none of this diagnosis."""
    rows = Rows(book, draft, may_be_tailored)
    rows.sort_out()
    answers = _Answers()
    answers.read(rows.questions.values())
    faults = sorted((*rows.faults, *answers.faults), key=lambda fault: (fault.sheet, fault.row))
    return Reading(
        said=answers.said,
        faults=tuple(fault.sentence for fault in faults),
        notices=tuple(rows.notices()),
        seen=save_shown_by(book, draft.diagnosis.revision),
        from_cells=True,
    )


def save_shown_by(book: FilledBook, last_save: int) -> int:
    """Return the save that a workbook shows: that of its oldest sheet; 0 when one of them is not sure."""
    origins = [unseal(sheet.token) for sheet in book.sheets if sheet.asks]
    sure = (origin.revision if origin and origin.shows_sure_save(last_save) else 0 for origin in origins)
    return min(sure, default=0)


class _Wrong(ValueError):
    """A question that cannot be read: which of its cells is to blame, and why."""

    def __init__(self, said: str, code: str = "answer", row: FilledRow | None = None) -> None:
        super().__init__(said)
        self.said, self.code, self.row = said, code, row


class _Answers:
    """Reads the cells of questions; what is wrong stays out of what is said."""

    def __init__(self) -> None:
        self.said: dict[str, dict[str, Said]] = {}
        self.faults: list[Fault] = []

    def read(self, questions: Iterable[Question]) -> None:
        """Read every question; those of one subject are checked together, as a page of them would be."""
        posts: dict[str, tuple[list[Question], MultiDict[str, str]]] = {}
        for question in questions:
            asked, post = posts.setdefault(question.key.subject, ([], MultiDict()))
            try:
                self._read_cells(question, post)
                asked.append(question)
            except _Wrong as wrong:
                self.faults.append(question.fault(wrong.said, wrong.code, wrong.row))
        for subject, (asked, post) in posts.items():
            self._check(subject, asked, post)

    def _read_cells(self, question: Question, post: MultiDict[str, str]) -> None:
        if question.row.merged or any(row.merged for row in question.options.values()):
            raise _Wrong(_("这一格与别的格子合并了，分不清是谁的回答。请取消合并，再分别填写。"))
        if question.fact is None:
            self._keep(question, _left_out(question))
            return
        answers, unknown, reason = _given(question, question.fact)
        post.setlist(question.key.name, posted(answers, unknown, reason))
        post[question.key.name + REASON] = reason

    def _check(self, subject: str, asked: list[Question], post: MultiDict[str, str]) -> None:
        form = build_form([question.fact for question in asked if question.fact], post)
        form.validate()
        said, wrong = said_in(form), faults_in(form)
        for question in asked:
            name = question.key.name
            if name in wrong:
                self.faults.append(question.fault(wrong[name], question.filled_cell))
            elif name in said:
                self._keep(question, said[name])

    def _keep(self, question: Question, said: Said) -> None:
        self.said.setdefault(question.key.subject, {})[question.key.name] = said


def _left_out(question: Question) -> Said:
    """Return what the row of a capability subdomain says: left out, with this reason, or not."""
    reason = _cell(question, "answer", reason_in)
    if len(reason) > LONGEST_REASON:
        raise _Wrong(_("理由超过 %(most)s 字。请写短一些。", most=LONGEST_REASON))
    return Said(EntryState.STATED, "true", reason) if reason else NOTHING


def _given(question: Question, fact: Fact) -> tuple[list[str], bool, str]:
    """Return what stands in the three cells of a fact, of which one may be filled."""
    if fact.kind is FactKind.CHOICES:
        answers = _ticked(question, fact)
    else:
        typed = _cell(question, "answer", lambda cell: typed_in(fact, cell))
        answers = [typed] if typed.strip() else []
    unknown, reason = _cell(question, "unknown", is_ticked), _cell(question, "absent", reason_in)
    if answers == [UNKNOWN]:
        answers, unknown = [], True
    if sum(map(bool, (answers, unknown, reason))) > 1:
        raise _Wrong(_more_than_one(answers, unknown, reason))
    return answers, unknown, reason


def _more_than_one(answers: list[str], unknown: bool, reason: str) -> str:
    names = ((answers, _("回答")), (unknown, _("不清楚")), (reason, _("不适用的理由")))
    return _("同时填了%(filled)s。请只保留一处。", filled=listed(name for given, name in names if given))


def _ticked(question: Question, fact: Fact) -> list[str]:
    """Return the options that are ticked; all that are offered must be there, lest a lost row takes an answer back."""
    if not question.options.keys() >= {option.code for option in fact.options if not option.retired}:
        raise _Wrong(_("选项的行不全。请重新下载工作簿，把这一题的回答填进去。"))
    return [code for code, row in question.options.items() if _cell(question, "answer", is_ticked, row)]


def _cell(question: Question, code: str, read: Callable[[Cell], T], row: FilledRow | None = None) -> T:
    try:
        return read((row or question.row).cells[code])
    except CellFault as fault:
        label = text(question.fact.label) if question.fact else question.row.question
        raise _Wrong(with_colon(label, str(fault)), code, row) from fault
