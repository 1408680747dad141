"""What is done with evidence: add, link, take back, remove, erase. The only file here that commits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID, uuid4

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Row, bindparam, func, select

from app import audit
from app.accounts.models import User
from app.diagnosis.draft import Draft
from app.diagnosis.models import FIRM_MAY_FILL, Diagnosis, EvidenceFile, EvidenceLink, Stage
from app.errors import NotFound, Refused, Stale
from app.evidence import naming
from app.evidence.kinds import Kind
from app.evidence.receiving import MB, Given, Received, TooLarge, naming_it, receive, store
from app.evidence.scanning import Infected
from app.extensions import db
from app.settings import Settings
from app.storage import Store

MOST_FILES = 500  # of one diagnosis
LETTER = "commitment_letter"  # purpose of the signed letter of truthfulness
SCANS = frozenset({Kind.PDF, Kind.JPEG, Kind.PNG, Kind.WEBP, Kind.HEIC})
MAY_ATTACH_LETTER = frozenset({Stage.FILLING, Stage.RETURNED, Stage.SUBMITTED, Stage.REVIEWED})
Place: TypeAlias = tuple[str, str]  # subject key, fact


@dataclass(slots=True)
class Added:
    """What became of the files of one upload."""

    kept: list[str] = field(default_factory=list)  # names
    known: list[str] = field(default_factory=list)  # names of files that were there before, now linked here
    refused: list[Refused] = field(default_factory=list)

    @property
    def status(self) -> int:
        """Return how the whole ended: by the first refusal."""
        return self.refused[0].status if self.refused else 200


def storage() -> Store:
    """Return where the bytes of this installation lie."""
    return Store(_settings().data_dir / "evidence")


def _settings() -> Settings:
    settings: Settings = current_app.config["ZHIZHEN"]
    return settings


# --- reading ----------------------------------------------------------------------------------------------------------


_FILES, _LINKS = EvidenceFile.__table__, EvidenceLink.__table__
_STANDING = (
    select(_LINKS.c.subject_key, _LINKS.c.fact)
    .join_from(_LINKS, _FILES, _LINKS.c.file_id == _FILES.c.id)
    .where(_LINKS.c.diagnosis_id == bindparam("diagnosis"))
    .where(_LINKS.c.unlinked_at.is_(None), _FILES.c.removed_at.is_(None))
)
# Built once, for it may run at every page view.
_COUNTS = _STANDING.add_columns(func.count()).group_by(_LINKS.c.subject_key, _LINKS.c.fact)
_PLACES = _STANDING.add_columns(_LINKS.c.file_id).order_by(_LINKS.c.id)


def counts(diagnosis_id: UUID) -> dict[Place, int]:
    """Return how many files show each fact: (subject key, fact) -> number; none where there is none."""
    rows = db.session.connection().execute(_COUNTS, {"diagnosis": diagnosis_id})
    return {(key, fact): number for key, fact, number in rows}


def places_of(diagnosis_id: UUID) -> dict[UUID, list[Place]]:
    """Return what each file shows, in the order in which it was linked."""
    found: dict[UUID, list[Place]] = {}
    for key, fact, file_id in db.session.connection().execute(_PLACES, {"diagnosis": diagnosis_id}):
        found.setdefault(file_id, []).append((key, fact))
    return found


def files_of(diagnosis_id: UUID) -> Sequence[Row[EvidenceFile, str]]:
    """Return every file of a diagnosis that is not erased, each with who gave it, the oldest first."""
    query = select(EvidenceFile, User.name).join(User, User.id == EvidenceFile.added_by)
    query = query.where(EvidenceFile.diagnosis_id == diagnosis_id, EvidenceFile.erased_at.is_(None))
    return db.session.execute(query.order_by(EvidenceFile.added_at, EvidenceFile.id)).all()


def file_in(diagnosis_id: UUID, file_id: UUID) -> EvidenceFile:
    """Return a file of a diagnosis that the person may see; whether he may, is asked before. Raises NotFound."""
    found = db.session.get(EvidenceFile, file_id)
    if found is None or found.diagnosis_id != diagnosis_id or found.erased_at is not None:
        raise NotFound
    return found


# --- adding -----------------------------------------------------------------------------------------------------------


def refuse_unless_open(draft: Draft) -> None:
    """Raise Stale when the firm may not change its evidence at this stage."""
    _refuse_unless_open(draft.diagnosis)


def _refuse_unless_open(diagnosis: Diagnosis) -> None:
    if diagnosis.stage not in FIRM_MAY_FILL:
        raise Stale(_("这份诊断已经提交，佐证材料不能再增减。如需补充，请联系诊断专家退回。"))


def add(user: User, draft: Draft, given: Iterable[Given], place: Place | None = None) -> Added:
    """Keep each file that may be kept, as evidence for a fact or for none yet, and say what became of each.

    One that is refused does not keep the others out. Raises Stale when the firm may no longer change its evidence.
    """
    refuse_unless_open(draft)
    diagnosis_id, settings, added = draft.diagnosis.id, _settings(), Added()
    db.session.rollback()  # looking at files takes its time, and must not hold the database meanwhile
    for one in given:
        try:
            _add(user, diagnosis_id, receive(one, settings), place, added)
        except Infected as refusal:
            _record_infection(user, diagnosis_id, one.name, refusal)
            added.refused.append(refusal)
        except Refused as refusal:
            db.session.rollback()
            added.refused.append(refusal)
    return added


def _add(user: User, diagnosis_id: UUID, received: Received, place: Place | None, added: Added) -> None:
    with naming_it(received.name):
        preview = store(received, storage())
        try:
            _refuse_unless_open(db.session.get_one(Diagnosis, diagnosis_id))
            file, action = _kept(user, diagnosis_id, received, preview)
        except Refused:
            _forget_unused(received.digest, preview)
            raise
    linked = place is not None and _link(user, file, place)
    (added.known if action == "evidence.link" else added.kept).append(file.name)
    if action == "evidence.link" and not linked:
        db.session.rollback()  # sent twice: everything is as it was
        return
    about = {"about": place[0], "fact": place[1]} if place else {}
    _record(user, action, file, size=file.size, **about)
    db.session.commit()


def _kept(user: User, diagnosis_id: UUID, received: Received, preview: str | None) -> tuple[EvidenceFile, str]:
    """Return the row of a file in the running transaction, and what happened: the same bytes are kept only once."""
    store(received, storage())  # once more: somebody may have erased the same bytes in between
    files = [file for file, _who in files_of(diagnosis_id)]
    if same := next((file for file in files if file.digest == received.digest), None):
        action = "evidence.restore" if same.removed_at else "evidence.link"
        same.removed_at = same.removed_by = None
        return same, action
    _refuse_full(files, received.size)
    made = EvidenceFile(
        id=uuid4(),
        diagnosis_id=diagnosis_id,
        name=naming.apart(received.name, {file.name for file in files}),
        kind=received.kind,
        size=received.size,
        digest=received.digest,
        preview=preview,
        scanned=received.scanned,
        added_by=user.id,
        added_at=datetime.now(UTC),
    )
    db.session.add(made)
    db.session.flush()
    return made, "evidence.add"


def _refuse_full(files: Collection[EvidenceFile], size: int) -> None:
    most = _settings().evidence_total_mb
    if len(files) >= MOST_FILES:
        raise TooLarge(_("这份诊断已有 %(most)s 个文件，到了上限。请删除用不着的文件再上传。", most=MOST_FILES))
    taken = sum(file.size for file in files)
    if taken + size > most * MB:
        raise TooLarge(
            _(
                "这份诊断的佐证已占 %(taken)s MB，加上它会超过 %(most)s MB 的上限。请彻底删除用不着的文件再上传。",
                taken=taken // MB,
                most=most,
            )
        )


def _forget_unused(*digests: str | None) -> None:
    """Take away bytes that were put down for a row that was then refused, unless another row has them."""
    db.session.rollback()
    for digest in digests:
        if digest is not None and not is_used(digest):
            storage().erase(digest)


def is_used(digest: str) -> bool:
    """Tell whether a row still names these bytes."""
    file = EvidenceFile
    query = select(file.id).where((file.digest == digest) | (file.preview == digest), file.erased_at.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def _record_infection(user: User, diagnosis_id: UUID, name: str, refusal: Infected) -> None:
    said = {"name": naming.shortened(naming.harmless(name)), "found": refusal.found[:200]}
    audit.record(user.id, "evidence.infected", _where(diagnosis_id), **said)
    db.session.commit()


def _where(diagnosis_id: UUID) -> str:
    return f"diagnosis:{diagnosis_id}"


# --- the signed letter of truthfulness -------------------------------------------------------------------------------


def letter_of(diagnosis_id: UUID, at: datetime | None = None) -> EvidenceFile | None:
    """Return the signed letter that was attached last; `at`: that was there at a moment."""
    row = EvidenceFile
    query = select(row).where(row.diagnosis_id == diagnosis_id, row.purpose == LETTER, row.erased_at.is_(None))
    if at is None:
        query = query.where(row.removed_at.is_(None))
    else:
        query = query.where(row.added_at <= at, row.removed_at.is_(None) | (row.removed_at > at))
    return db.session.scalar(query.order_by(row.added_at.desc()).limit(1))


def may_attach_letter(diagnosis: Diagnosis) -> bool:
    """Tell whether the letter may still be attached: until the report is issued, also during the review."""
    return diagnosis.stage in MAY_ATTACH_LETTER and not diagnosis.is_quick_check


def attach_letter(user: User, diagnosis: Diagnosis, given: Given) -> EvidenceFile:
    """Keep the scan of the signed letter; one attached before is put aside. Raises Stale, Refused."""
    _refuse_letter_now(diagnosis)
    diagnosis_id = diagnosis.id
    db.session.rollback()  # looking at files takes its time, and must not hold the database meanwhile
    try:
        received = receive(given, _settings())
    except Infected as refusal:
        _record_infection(user, diagnosis_id, given.name, refusal)
        raise
    if received.kind not in SCANS:
        raise Refused(_("承诺书要扫描件或照片。请上传 PDF 或图片。"))
    with naming_it(received.name):
        return _attach(user, diagnosis_id, received)


def _refuse_letter_now(diagnosis: Diagnosis) -> None:
    if not may_attach_letter(diagnosis):
        raise Stale(_("诊断报告已经签发，承诺书不能再更换。"))


def _attach(user: User, diagnosis_id: UUID, received: Received) -> EvidenceFile:
    preview = store(received, storage())
    try:
        _refuse_letter_now(db.session.get_one(Diagnosis, diagnosis_id))
        before = letter_of(diagnosis_id)
        file, _action = _kept(user, diagnosis_id, received, preview)
    except Refused:
        _forget_unused(received.digest, preview)
        raise
    file.purpose = LETTER
    if before is not None and before.id != file.id:
        before.removed_by, before.removed_at = user.id, datetime.now(UTC)
    _record(user, "evidence.attach_letter", file, size=file.size)
    db.session.commit()
    return file


# --- what a file shows ------------------------------------------------------------------------------------------------


def link(user: User, draft: Draft, file_ids: Iterable[UUID], place: Place) -> int:
    """Let files that were given before show one more fact; return how many did not yet. Raises Stale, NotFound."""
    refuse_unless_open(draft)
    files = [file_in(draft.diagnosis.id, file_id) for file_id in dict.fromkeys(file_ids)]
    if any(file.removed_at is not None for file in files):
        raise NotFound
    linked = [file for file in files if _link(user, file, place)]
    for file in linked:
        _record(user, "evidence.link", file, about=place[0], fact=place[1])
    db.session.commit()
    return len(linked)


def _link(user: User, file: EvidenceFile, place: Place) -> bool:
    """Add the link in the running transaction, unless there is one."""
    if _standing_link(file, place) is not None:
        return False
    made = {"file_id": file.id, "diagnosis_id": file.diagnosis_id, "subject_key": place[0], "fact": place[1]}
    db.session.add(EvidenceLink(**made, linked_by=user.id, linked_at=datetime.now(UTC)))
    return True


def _standing_link(file: EvidenceFile, place: Place) -> EvidenceLink | None:
    link = EvidenceLink
    query = select(link).where(link.file_id == file.id, link.subject_key == place[0], link.fact == place[1])
    return db.session.scalar(query.where(link.unlinked_at.is_(None)))


def unlink(user: User, draft: Draft, file_id: UUID, place: Place) -> EvidenceFile:
    """Let a file no longer show a fact; the file stays. Raises Stale, NotFound."""
    refuse_unless_open(draft)
    file = file_in(draft.diagnosis.id, file_id)
    if standing := _standing_link(file, place):
        standing.unlinked_by, standing.unlinked_at = user.id, datetime.now(UTC)
        _record(user, "evidence.unlink", file, about=place[0], fact=place[1])
        db.session.commit()
    return file


def _record(user: User, action: str, file: EvidenceFile, **more: object) -> None:
    audit.record(user.id, action, _where(file.diagnosis_id), file=file.id, name=file.name, sha256=file.digest, **more)


# --- removing ---------------------------------------------------------------------------------------------------------


def remove(user: User, draft: Draft, file_id: UUID) -> EvidenceFile:
    """Put a file aside: it shows nothing and can be taken back. Raises Stale, NotFound."""
    return _set_removed(user, draft, file_id, removed=True)


def restore(user: User, draft: Draft, file_id: UUID) -> EvidenceFile:
    """Take a removed file back with all that it showed. Raises Stale, NotFound."""
    return _set_removed(user, draft, file_id, removed=False)


def _set_removed(user: User, draft: Draft, file_id: UUID, *, removed: bool) -> EvidenceFile:
    refuse_unless_open(draft)
    file = file_in(draft.diagnosis.id, file_id)
    if (file.removed_at is not None) is removed:
        return file
    file.removed_by, file.removed_at = (user.id, datetime.now(UTC)) if removed else (None, None)
    _record(user, "evidence.remove" if removed else "evidence.restore", file)
    db.session.commit()
    return file


def erase(user: User, draft: Draft, file_id: UUID) -> EvidenceFile:
    """Destroy the bytes of a removed file for good; what it was called and its digest stay on record.

    Raises Stale, NotFound; Refused for a file that was handed in once: a consultant may have relied on it.
    """
    refuse_unless_open(draft)
    file = file_in(draft.diagnosis.id, file_id)
    if file.removed_at is None:
        raise Stale(_("请先删除文件，再彻底删除。"))
    if not may_erase(file, draft.diagnosis):
        raise Refused(_("“%(name)s”随诊断提交过，专家可能据此核实，只能删除，不能彻底删除。", name=file.name))
    file.erased_at = datetime.now(UTC)
    _record(user, "evidence.erase", file)
    for digest in (file.digest, file.preview):
        if digest is not None and not is_used(digest):
            storage().erase(digest)
    db.session.commit()
    return file


def may_erase(file: EvidenceFile, diagnosis: Diagnosis) -> bool:
    """Tell whether nobody but the firm has seen the file."""
    handed_in = diagnosis.submitted_at
    return handed_in is None or (file.purpose is None and _utc(file.added_at) > _utc(handed_in))


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)  # SQLite gives moments back without a zone
