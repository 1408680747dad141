"""A diagnosis file taken into a running diagnosis: what it changes, or every fault of it, each with what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from flask_babel import gettext as _

from app.diagnosis.draft import TAILORING, Draft, Said
from app.diagnosis.models import Layer
from app.errors import Refused
from app.presentation import language
from questionnaires.answers import EntryState, to_text
from questionnaires.exchange import ExchangeError, read_diagnosis
from questionnaires.model import FilledDiagnosis, Statement, Subject

Changes = dict[str, dict[str, Said]]  # subject key -> fact -> what is said now


class FileRefused(Refused):
    """A diagnosis file that cannot be taken over; `faults` has one sentence a fault."""

    def __init__(self, faults: Collection[str]) -> None:
        super().__init__(_("文件没有导入，诊断里的内容没有变化。请按下面的说明修改文件后再试。"))
        self.faults = tuple(faults)


def changes_from(content: str, file_name: str, draft: Draft, may_be_tailored: Collection[str]) -> Changes:
    """Return what the file says differently from what is kept. Raises FileRefused with all its faults."""
    filled = _read(content, file_name, may_be_tailored)
    faults = [*_wrong_diagnosis(filled, draft), *_strangers(filled.firm, draft.firm)]
    if faults:
        raise FileRefused(faults)
    pairs = _pairs(filled.firm, draft.firm)
    said = {key: {fact: _said(one) for fact, one in theirs.facts.items()} for key, theirs in pairs}
    said[TAILORING] = {name: Said(EntryState.STATED, "true", why) for name, why in filled.tailored.items()}
    return {key: changed for key, facts in said.items() if (changed := _changed(draft, key, facts))}


def _read(content: str, file_name: str, may_be_tailored: Collection[str]) -> FilledDiagnosis:
    try:
        return read_diagnosis(content, file_name, may_be_tailored=may_be_tailored)
    except ExchangeError as error:
        raise FileRefused([fault.line(language()) for fault in error.faults]) from error


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


def _strangers(theirs: Subject, ours: Subject) -> Iterator[str]:
    """Name the factories and workshops of the file that the firm does not have, or that it names twice."""
    taken: set[str] = set()
    for part in theirs.parts:
        own = _same(part, ours)
        if own is None:
            yield _(
                "“%(above)s”没有名为“%(name)s”的工厂或车间。请先在企业页面添加，或改正文件里的名称。",
                above=ours.name,
                name=part.name,
            )
            continue
        if own.key in taken:
            yield _("“%(name)s”在文件里出现了两次。请保留一处。", name=part.name)
        taken.add(own.key)
        yield from _strangers(part, own)


def _pairs(theirs: Subject, ours: Subject) -> Iterator[tuple[str, Subject]]:
    """Yield every subject of the file under the key that it has here."""
    yield ours.key, theirs
    for part in theirs.parts:
        own = _same(part, ours)
        if own is not None:
            yield from _pairs(part, own)


def _same(part: Subject, above: Subject) -> Subject | None:
    """Find a factory or workshop of the file among ours: by its key where it has ours, else by its name."""
    by_key = next((own for own in above.parts if own.key == part.key), None)
    return by_key or next((own for own in above.parts if own.name == part.name), None)


def _said(statement: Statement) -> Said:
    value = None if statement.value is None else to_text(statement.value)
    return Said(EntryState(statement.state.value), value, statement.reason)


def _changed(draft: Draft, key: str, facts: dict[str, Said]) -> dict[str, Said]:
    kept = draft.newest(key, Layer.STATED)
    return {fact: said for fact, said in facts.items() if fact not in kept or kept[fact].said != said}
