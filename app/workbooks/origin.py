"""What a workbook says of itself: which diagnosis it is of and which save it shows, sealed so that a change is seen."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import astuple, dataclass
from uuid import UUID

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from app.diagnosis.models import Diagnosis

MARK = "zhizhen:"  # every sheet of ours begins with it


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a workbook comes from."""

    diagnosis_id: str
    firm_id: str
    number: int  # of the diagnosis, for people
    questionnaire_id: str
    questionnaire_version: str
    revision: int  # the save that it shows
    sealed: bool = True  # False when the seal does not fit: then nothing of it is sure

    def shows_sure_save(self, last_save: int) -> bool:
        """Tell whether the save that it names can be relied on. After a step back to an older copy it cannot."""
        return self.sealed and 0 <= self.revision <= last_save


def origin_of(diagnosis: Diagnosis) -> Origin:
    """Return the origin of a workbook that is made now."""
    return Origin(
        str(diagnosis.id),
        str(diagnosis.firm_id),
        diagnosis.number,
        diagnosis.questionnaire_id,
        diagnosis.questionnaire_version,
        diagnosis.revision,
    )


def seal(origin: Origin) -> str:
    """Return the text that stands hidden on every sheet."""
    return MARK + str(_sealer().dumps(astuple(origin)[:-1]))


def unseal(written: str) -> Origin | None:
    """Return what the hidden text says; None when it can no longer be read."""
    sealed, said = _sealer().loads_unsafe(written.removeprefix(MARK).strip())
    with suppress(TypeError, ValueError, BadData):
        diagnosis, firm, number, questionnaire, version, revision = said
        UUID(diagnosis)
        return Origin(diagnosis, firm, int(number), str(questionnaire), str(version), int(revision), bool(sealed))
    return None


def _sealer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="workbook")
