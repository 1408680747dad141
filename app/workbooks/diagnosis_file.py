"""A diagnosis file (JSON or YAML) as statements: what it says about this diagnosis, and every fault of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from flask_babel import gettext as _

from app.diagnosis.draft import TAILORING, Draft, Said
from app.diagnosis.punctuation import listed
from app.presentation import language
from app.workbooks.reading import FileRefused, Reading
from questionnaires.answers import EntryState, to_text
from questionnaires.exchange import Fault, read_with_every_fault
from questionnaires.model import FilledDiagnosis, Statement, Subject

ParsedFile: TypeAlias = tuple[FilledDiagnosis | None, tuple[Fault, ...]]


def parse(content: bytes, file_name: str, may_be_tailored: Collection[str]) -> ParsedFile:
    """Return what a file states and what is wrong with it. Raises FileRefused when it is no text."""
    return read_with_every_fault(_decoded(content), file_name, may_be_tailored=may_be_tailored)


def read_file(parsed: ParsedFile, draft: Draft) -> Reading:
    """Return what a file says about the diagnosis. Raises FileRefused when nothing of it can be taken over."""
    filled, found = parsed
    faults = [fault.line(language()) for fault in found]
    if filled is None:
        raise FileRefused(faults)
    if wrong := list(_wrong_diagnosis(filled, draft)):
        raise FileRefused([*wrong, *faults])
    pairs = _Pairs(draft, faults)
    pairs.go_through(filled.firm, draft.firm)
    pairs.said[TAILORING] = {name: Said(EntryState.STATED, "true", reason) for name, reason in filled.tailored.items()}
    said = {key: facts for key, facts in pairs.said.items() if facts}
    return Reading(said, tuple(pairs.faults), tuple(pairs.notices()))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        said = _("这既不是 Excel 工作簿，也不是 UTF-8 编码的诊断文件。请上传从这里下载的工作簿或诊断文件。")
        raise FileRefused([said]) from error


def _wrong_diagnosis(filled: FilledDiagnosis, draft: Draft) -> Iterator[str]:
    """Say why the file belongs to another firm or another questionnaire."""
    theirs, ours = filled.firm.facts.get("uscc"), draft.diagnosis.firm.uscc
    if theirs is not None and theirs.value is not None and theirs.value != ours:
        yield _(
            "firm.uscc：文件里的统一社会信用代码是 %(theirs)s，本企业是 %(ours)s。请确认文件属于本企业。",
            theirs=theirs.value,
            ours=ours,
        )
    if filled.questionnaire_id != draft.questionnaire.id:
        yield _(
            "questionnaire：文件用的是问卷 %(theirs)s，这次诊断用的是 %(ours)s。请改用同一份问卷的文件。",
            theirs=filled.questionnaire_id,
            ours=draft.questionnaire.id,
        )


@dataclass(slots=True)
class _Pairs:
    """Finds each subject of a file among those of the firm."""

    draft: Draft
    faults: list[str]
    said: dict[str, dict[str, Said]] = field(default_factory=dict)
    no_longer_asked: dict[str, None] = field(default_factory=dict)

    def go_through(self, theirs: Subject, ours: Subject) -> None:
        """Take over what the file says of one subject and of all below it."""
        self.said[ours.key] = self._statements(theirs)
        taken: set[str] = set()
        for part in theirs.parts:
            own = _same(part, ours)
            if own is None:
                self.faults.append(_no_such_part(part, ours))
            elif own.key in taken:
                self.faults.append(_("“%(name)s”在文件里出现了两次。请保留一处。", name=part.name))
            else:
                taken.add(own.key)
                self.go_through(part, own)

    def _statements(self, theirs: Subject) -> dict[str, Said]:
        asked = self.draft.questionnaire.facts
        self.no_longer_asked |= {name: None for name in theirs.facts if name not in asked}
        return {name: _said(one) for name, one in theirs.facts.items() if name in asked}

    def notices(self) -> Iterator[str]:
        if self.no_longer_asked:
            yield _("问卷已经更新。这些题不再询问，没有读取：%(named)s。", named=listed(self.no_longer_asked))


def _no_such_part(part: Subject, above: Subject) -> str:
    return _(
        "“%(above)s”没有名为“%(name)s”的工厂或车间。请先在企业页面添加，或改正文件里的名称。",
        above=above.name,
        name=part.name,
    )


def _same(part: Subject, above: Subject) -> Subject | None:
    """Find a factory or workshop of the file among ours: by its key where it has ours, else by its name."""
    by_key = next((own for own in above.parts if own.key == part.key), None)
    return by_key or next((own for own in above.parts if own.name == part.name), None)


def _said(statement: Statement) -> Said:
    value = None if statement.value is None else to_text(statement.value)
    return Said(EntryState(statement.state.value), value, statement.reason)
