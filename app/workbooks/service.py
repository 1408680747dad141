"""What is done with files: made, sent, looked through, taken in, given up. The only file here that commits.

A file waits in the database between the preview and the person's word, not in the browser: the word then needs no
second choosing of a file, a reloaded page or an ended session loses nothing, and what is saved is what was shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app import audit
from app.accounts.models import User
from app.diagnosis.draft import Draft, read_draft
from app.diagnosis.lately import Lately
from app.diagnosis.models import Diagnosis, Layer
from app.diagnosis.records import to_be_written
from app.diagnosis.service import add_entries_of_several, diagnosis_for, may_tailor, open_draft, refuse_unless_open
from app.errors import NotFound, Stale
from app.extensions import db
from app.workbooks import writing
from app.workbooks.archive import NotReadable, is_workbook
from app.workbooks.diagnosis_file import ParsedFile, parse, read_file
from app.workbooks.difference import Change, chosen, difference, fingerprint
from app.workbooks.models import WaitingFile
from app.workbooks.reader import FilledBook, read_book
from app.workbooks.reading import FileRefused, Reading
from app.workbooks.workbook_file import read_workbook, save_shown_by
from questionnaires.exchange import write_diagnosis

MB = 1024 * 1024
LARGEST_WORKBOOK, LARGEST_TEXT = 5 * MB, 2 * MB  # bytes of a file
LARGEST_POST = LARGEST_WORKBOOK + MB // 8  # with what stands around a file in a form
WAITS = timedelta(hours=24)
LONGEST_NAME = 120  # characters of the name of a file


@dataclass(frozen=True, slots=True)
class Preview:
    """What a waiting file would do as things are now."""

    file: WaitingFile
    draft: Draft
    reading: Reading
    changes: tuple[Change, ...]

    @property
    def fingerprint(self) -> str:
        """Return what a person confirms: exactly these changes."""
        return fingerprint(self.changes)


# --- out --------------------------------------------------------------------------------------------------------------


def workbook_of(user: User, diagnosis_id: UUID) -> tuple[Diagnosis, bytes]:
    """Return the questionnaire of a diagnosis as a workbook with the present answers. Raises NotFound."""
    draft = open_draft(user, diagnosis_id)
    made = writing.questionnaire_workbook(draft, may_tailor(draft), datetime.now(UTC))
    return draft.diagnosis, made


def diagnosis_file_of(user: User, diagnosis_id: UUID) -> tuple[Diagnosis, str]:
    """Return a diagnosis as a diagnosis file. Raises NotFound."""
    draft = open_draft(user, diagnosis_id)
    return draft.diagnosis, write_diagnosis(to_be_written(draft.filled(), diagnosis_id))


# --- in ---------------------------------------------------------------------------------------------------------------


def send(user: User, diagnosis_id: UUID, content: bytes, name: str) -> WaitingFile:
    """Keep a file until its person says what to do with it; the one that waited before is given up.

    Raises FileRefused when nothing of it can be taken over; then nothing is kept.
    """
    refuse_unless_open(open_draft(user, diagnosis_id))
    refuse_large(content, name)
    read(user, diagnosis_id, content, name)
    _forget(user, diagnosis_id)
    digest = hashlib.sha256(content).hexdigest()
    made = WaitingFile(diagnosis_id=diagnosis_id, sent_by=user.id, name=name[:LONGEST_NAME], sha256=digest)
    made.sent_at, made.content = datetime.now(UTC), content
    db.session.add(made)
    audit.record(user.id, "diagnosis.send_file", _where(diagnosis_id), file=made.name, sha256=digest)
    db.session.commit()
    return made


def refuse_large(content: bytes, name: str) -> None:
    """Raise FileRefused for a file that is larger than its kind may be."""
    most = LARGEST_WORKBOOK if is_workbook(content, name) else LARGEST_TEXT
    if len(content) > most:
        raise FileTooLarge([too_large(most)])


def too_large(most: int) -> str:
    """Say that a file is too large, and what to do."""
    return _("文件超过 %(most)s MB。请删掉里面的图片和多余的表，或重新下载工作簿填写。", most=most // MB)


class FileTooLarge(FileRefused):
    """A file of a size that no questionnaire has."""

    status = 413


def read(user: User, diagnosis_id: UUID, content: bytes, name: str) -> tuple[Draft, Reading]:
    """Return what a file says about a diagnosis as it stands now. Raises FileRefused, NotFound."""
    allowed = may_tailor(open_draft(user, diagnosis_id))
    parsed = _parsed(content, name, tuple(allowed))
    diagnosis = diagnosis_for(user, diagnosis_id)
    if not isinstance(parsed, FilledBook):
        draft = read_draft(diagnosis)
        return draft, read_file(parsed, draft)
    draft = read_draft(diagnosis, seen=save_shown_by(parsed, diagnosis.revision))
    return draft, read_workbook(parsed, draft, allowed)


_lately: Lately[FilledBook | ParsedFile] = Lately(4)  # a file is asked for when it is sent, shown and confirmed


def _parsed(content: bytes, name: str, may_be_tailored: tuple[str, ...]) -> FilledBook | ParsedFile:
    """Return a file taken apart. That may take seconds, so no transaction is held open, which would stop all others."""
    key = (hashlib.sha256(content).digest(), name, may_be_tailored)
    if (kept := _lately.get(key)) is not None:
        return kept
    db.session.rollback()
    try:
        parsed = read_book(content) if is_workbook(content, name) else parse(content, name, may_be_tailored)
    except NotReadable as error:
        raise FileRefused([str(error)]) from error
    _lately.put(key, parsed)
    return parsed


def preview(user: User, diagnosis_id: UUID, waiting_id: UUID) -> Preview:
    """Return what a waiting file of this person would change now. Raises NotFound when it no longer waits."""
    file = _waiting(user, diagnosis_id, waiting_id)
    draft, reading = read(user, diagnosis_id, file.content, file.name)
    return Preview(file, draft, reading, difference(reading, draft))


def take_in(user: User, diagnosis_id: UUID, waiting_id: UUID, shown: str, mine: Collection[tuple[str, str]]) -> int:
    """Save what a file changes, as one save, and return how many answers that were.

    `shown` is the fingerprint of what the person has confirmed; of the conflicts the file counts for those in `mine`.
    Raises Stale when meanwhile the file would do something else, and then nothing is saved.
    """
    seen = preview(user, diagnosis_id, waiting_id)
    refuse_unless_open(seen.draft)
    if seen.fingerprint != shown:
        raise Stale(_("您查看以后，有人改了其中的回答，所以还没有保存。下面是现在的差别，请再确认一次。"))
    said = chosen(seen.changes, frozenset(mine))
    changed = sum(map(len, said.values()))
    draft = add_entries_of_several(seen.draft, user, Layer.STATED, said)
    audit.record(
        user.id,
        "diagnosis.import",
        _where(diagnosis_id),
        file=seen.file.name,
        sha256=seen.file.sha256,
        revision=draft.diagnosis.revision,
        changed=changed,
        faults=len(seen.reading.faults),
    )
    db.session.execute(delete(WaitingFile).where(WaitingFile.id == waiting_id))
    db.session.commit()
    return changed


def give_up(user: User, diagnosis_id: UUID, waiting_id: UUID) -> None:
    """Forget a waiting file; the answers stay as they are. Raises NotFound."""
    file = _waiting(user, diagnosis_id, waiting_id)
    audit.record(user.id, "diagnosis.give_up_file", _where(diagnosis_id), file=file.name, sha256=file.sha256)
    db.session.execute(delete(WaitingFile).where(WaitingFile.id == waiting_id))
    db.session.commit()


def waiting_file(user: User, diagnosis_id: UUID) -> WaitingFile | None:
    """Return the file of this person that waits, if any. Whether the diagnosis may be seen, is asked before."""
    mine = select(WaitingFile).where(WaitingFile.diagnosis_id == diagnosis_id, WaitingFile.sent_by == user.id)
    return db.session.scalar(mine.where(WaitingFile.sent_at > _oldest()).order_by(WaitingFile.sent_at.desc()).limit(1))


def names_of(people: Collection[UUID]) -> dict[UUID, str]:
    """Return what people are called."""
    return {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(people)))}


def _waiting(user: User, diagnosis_id: UUID, waiting_id: UUID) -> WaitingFile:
    diagnosis_for(user, diagnosis_id)
    file = db.session.get(WaitingFile, waiting_id)
    mine = file is not None and file.diagnosis_id == diagnosis_id and file.sent_by == user.id
    if file is None or not mine or _moment(file.sent_at) <= _oldest():
        raise NotFound(_("这份文件已经导入、放弃或过期。请回到总览查看，需要时重新上传。"))
    return file


def _forget(user: User, diagnosis_id: UUID) -> None:
    """Delete, in the running transaction, what waited too long and what this person sent before."""
    before = (WaitingFile.diagnosis_id == diagnosis_id) & (WaitingFile.sent_by == user.id)
    db.session.execute(delete(WaitingFile).where(before | (WaitingFile.sent_at <= _oldest())))


def _oldest() -> datetime:
    return datetime.now(UTC) - WAITS


def _moment(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)  # SQLite gives it back without the zone


def _where(diagnosis_id: UUID) -> str:
    return f"diagnosis:{diagnosis_id}"
