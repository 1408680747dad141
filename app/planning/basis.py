"""What a plan of a diagnosis is computed from: the answers that count, and the criteria with the firm's own costs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.accounts.models import User
from app.diagnosis.asked import criteria_on
from app.diagnosis.draft import Draft
from app.diagnosis.models import Diagnosis, Layer
from app.diagnosis.records import latest_record
from app.diagnosis.service import open_draft
from app.planning.costs import catalogue_for
from questionnaires.model import FilledDiagnosis
from scoring.model import CriteriaSet


@dataclass(frozen=True, slots=True)
class Basis:
    """The facts of a diagnosis and what judges them."""

    draft: Draft
    layer: Layer  # whose answers they are
    filled: FilledDiagnosis
    criteria: CriteriaSet

    @property
    def diagnosis(self) -> Diagnosis:
        """The diagnosis itself."""
        return self.draft.diagnosis


def basis_for(user: User, diagnosis_id: UUID) -> Basis:
    """Return what a plan is computed from: verified answers once a review is signed off, else stated ones.

    Raises NotFound where the diagnosis is not this person's to see.
    """
    return basis_of(open_draft(user, diagnosis_id))


def basis_of(draft: Draft) -> Basis:
    """Return the same of a diagnosis that was read in full."""
    layer = Layer.VERIFIED if latest_record(draft.diagnosis.id, Layer.VERIFIED) is not None else Layer.STATED
    criteria = catalogue_for(draft.diagnosis.firm_id, criteria_on(draft.diagnosis.as_of))
    return Basis(draft, layer, draft.filled(layer), criteria)
