"""A questionnaire filled by chance, as a workbook: written, opened and saved by LibreOffice, taken in again."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

from app.accounts.models import User
from app.diagnosis.draft import Draft, Kept, read_draft
from app.diagnosis.models import Diagnosis, Layer
from app.diagnosis.service import diagnosis_for, may_tailor
from app.extensions import db
from app.workbooks import service
from app.workbooks.layout import by_subject
from app.workbooks.writing import questionnaire_workbook
from questionnaires.answers import EntryState
from questionnaires.model import FilledDiagnosis
from tests.libreoffice import soffice
from tests.random_answers import Statements, random_answers

# LibreOffice computes every formula anew when it opens a workbook, as it does when somebody edits one.
_ALWAYS_COMPUTE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True)
class Facts:
    """What a diagnosis says: what counts, and everything that was said, also where it is off the path."""

    filled: FilledDiagnosis
    said: Statements


def saved_by_libreoffice(files: Sequence[Path], folder: Path) -> list[Path]:
    """Open workbooks, have them computed and saved into `folder`, all by one start of the program."""
    program, profile, saved = soffice(), folder / "profile", folder / "saved"
    assert program is not None
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_COMPUTE, encoding="utf-8")
    subprocess.run(
        [program, "--headless", "--norestore", f"-env:UserInstallation={profile.resolve().as_uri()}",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(saved), *map(str, files)],
        check=True, capture_output=True, timeout=120 + 60 * len(files),
    )  # fmt: skip
    return [saved / file.name for file in files]


def filled_workbook(user: User, diagnosis_id: UUID, seed: int) -> tuple[bytes, Facts]:
    """Return the workbook of a diagnosis as somebody might have filled it anew, and the facts that stand in it."""
    draft = read_draft(diagnosis_for(user, diagnosis_id))
    may = may_tailor(draft)
    filled = _saying(draft, random_answers(Random(seed), draft.questionnaire, draft.firm, may), user)
    return questionnaire_workbook(filled, may, datetime.now(UTC)), facts_of(filled)


def _saying(draft: Draft, answers: Statements, user: User) -> Draft:
    moment = datetime.now(UTC)
    kept = (
        Kept(subject, fact, Layer.STATED, one, 0, user.id, moment)
        for subject, said in answers.items()
        for fact, one in said.items()
    )
    return replace(draft, kept=tuple(kept))


def facts_of(draft: Draft) -> Facts:
    """Return what a draft says; blanks are not said."""
    said = {
        subject: {fact: kept.said for fact, kept in those.items() if kept.said.state != EntryState.BLANK}
        for subject, those in by_subject(draft).items()
    }
    return Facts(draft.filled(), {subject: those for subject, those in said.items() if those})


def taken_in(user: User, diagnosis_id: UUID, content: bytes) -> tuple[Facts, tuple[str, ...]]:
    """Send a workbook and confirm all of it; return what the diagnosis says then, and what was wrong in the file."""
    file_id = service.send(user, diagnosis_id, content, "filled.xlsx").id
    seen = service.preview(user, diagnosis_id, file_id)
    service.take_in(user, diagnosis_id, file_id, seen.fingerprint, [change.place for change in seen.changes])
    db.session.expire_all()
    return facts_of(read_draft(db.session.get_one(Diagnosis, diagnosis_id))), seen.reading.faults
