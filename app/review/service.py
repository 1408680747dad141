"""What a consultant does with a diagnosis: verify page by page, remark, return, sign off; commits alone here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app import audit
from app.accounts.models import User
from app.diagnosis.draft import NOTHING, Draft, Kept, Said
from app.diagnosis.models import AssessmentRecord, Diagnosis, Layer, Remark, Stage
from app.diagnosis.page import steps
from app.diagnosis.saving import merge
from app.diagnosis.service import add_entries, freeze, move, open_draft
from app.errors import Refused, Stale
from app.extensions import db
from app.firms.models import Firm
from app.firms.service import visible_firms
from questionnaires.answers import EntryState
from questionnaires.progress import Step

LONGEST_REMARK = 1000  # characters
LONGEST_OPINION = 3000  # characters of the observations, and of the recommendations
ORDER = (Stage.SUBMITTED, Stage.RETURNED, Stage.FILLING, Stage.REVIEWED, Stage.ISSUED)


@dataclass(frozen=True, slots=True)
class Checked:
    """One fact that was looked at: what the firm states and what the consultant found."""

    subject_key: str
    fact: str
    stated: Said
    verified: Kept

    @property
    def differs(self) -> bool:
        """Tell whether the consultant found something else than the firm states."""
        found, stated = self.verified.said, self.stated
        return (found.state, found.value) != (stated.state, stated.value)


@dataclass(frozen=True, slots=True)
class PageProgress:
    """How many statements of one page are looked at."""

    step: Step
    stated: int
    checked: int
    differing: int

    @property
    def done(self) -> bool:
        """Tell whether nothing is left to look at."""
        return self.checked == self.stated


def diagnoses_of(user: User) -> dict[Stage, list[Diagnosis]]:
    """Return the diagnoses of the firms assigned to the person by stage, those that wait for him first."""
    visible = visible_firms(user).with_only_columns(Firm.id)
    query = select(Diagnosis).join(Diagnosis.firm).options(contains_eager(Diagnosis.firm)).where(Firm.id.in_(visible))
    query = query.where(Diagnosis.number > 0)  # a quick check is never submitted
    found = list(db.session.scalars(query.order_by(Diagnosis.submitted_at, Firm.name)))
    by_stage = {stage: [one for one in found if one.stage is stage] for stage in ORDER}
    return {stage: those for stage, those in by_stage.items() if those}


def steps_of(draft: Draft) -> list[Step]:
    """Return the pages that apply by what was verified, in walking order."""
    return steps(draft, draft.walk(Layer.VERIFIED)[1])


def stated_and_verified(draft: Draft, subject_key: str) -> tuple[dict[str, Kept], dict[str, Kept]]:
    """Return fact -> what counts of a subject as stated and as verified; what was taken back is left out."""
    stated, verified = (draft.newest(subject_key, layer) for layer in (Layer.STATED, Layer.VERIFIED))
    return _without_blank(stated), _without_blank(verified)


def _without_blank(kept: Mapping[str, Kept]) -> dict[str, Kept]:
    return {fact: one for fact, one in kept.items() if one.said.state != EntryState.BLANK}


def pages(draft: Draft, walk: list[Step]) -> tuple[PageProgress, ...]:
    """Return how far each page of the walk is looked at."""
    kept = {step.subject.key: stated_and_verified(draft, step.subject.key) for step in walk}
    return tuple(_page(step, *kept[step.subject.key]) for step in walk)


def _page(step: Step, stated: Mapping[str, Kept], verified: Mapping[str, Kept]) -> PageProgress:
    said = [fact for fact in step.page.fact_ids if fact in stated or fact in verified]
    seen = [fact for fact in said if fact in verified]
    found = [_checked(step.subject.key, fact, stated, verified) for fact in seen]
    return PageProgress(step, len(said), len(seen), sum(one.differs for one in found))


def _checked(key: str, fact: str, stated: Mapping[str, Kept], verified: Mapping[str, Kept]) -> Checked:
    return Checked(key, fact, stated[fact].said if fact in stated else NOTHING, verified[fact])


def differing(draft: Draft, walk: list[Step]) -> Iterator[tuple[Step, Checked]]:
    """Yield every answer for which the consultant found something else, where it is asked."""
    for step in walk:
        stated, verified = stated_and_verified(draft, step.subject.key)
        for fact in step.page.fact_ids:
            if fact in verified:
                checked = _checked(step.subject.key, fact, stated, verified)
                if checked.differs:
                    yield step, checked


def verify(
    user: User, draft: Draft, step: Step, found: Mapping[str, Said], notes: Mapping[str, str], seen: int
) -> None:
    """Keep what the consultant found on one page that showed save number `seen`, and his remarks to the firm.

    What equals the firm's statement is an agreement; what differs carries its reason. A fact that is blank and stays
    blank needs no agreement. Raises Stale when the diagnosis is not under review, or somebody verified it meanwhile.
    """
    if draft.diagnosis.stage is not Stage.SUBMITTED:
        raise Stale(_("这份诊断现在不在复核中，核实结果没有保存。请回到复核总览查看。"))
    key = step.subject.key
    newest, shown = (draft.newest(key, Layer.VERIFIED, up_to) for up_to in (None, seen))
    merged = merge(found, shown, newest)
    if merged.conflicts:
        raise Stale(_("另一位专家刚才复核了这一页。您填写的内容仍在下方，请对照后再保存。"))
    changed = {fact: said for fact, said in merged.changed.items() if said != NOTHING or fact in newest}
    add_entries(draft, user, Layer.VERIFIED, key, changed)
    for fact, note in notes.items():
        _remark(user, draft, note, key, fact)
    if changed or notes:
        where = f"diagnosis:{draft.diagnosis.id}"
        audit.record(user.id, "review.verify", where, about=key, facts=sorted(changed), remarks=sorted(notes))
        db.session.commit()


def _remark(user: User, draft: Draft, words: str, subject_key: str | None = None, fact: str | None = None) -> None:
    if len(words) > LONGEST_REMARK:
        raise Refused(_("留言超过 %(most)s 字。请写短一些。", most=LONGEST_REMARK))
    made = Remark(diagnosis_id=draft.diagnosis.id, subject_key=subject_key, fact=fact, text=words)
    made.written_by, made.written_at = user.id, datetime.now(UTC)
    db.session.add(made)


def return_to_firm(user: User, draft: Draft, words: str) -> None:
    """Give the diagnosis back to the firm with a remark that says what to do. Raises Refused, Stale."""
    if not words.strip():
        raise Refused(_("请写明退回的原因和需要企业补充的内容。"))
    move(draft.diagnosis, Stage.RETURNED)
    _remark(user, draft, words.strip())
    audit.record(user.id, "review.return", f"diagnosis:{draft.diagnosis.id}")
    db.session.commit()


def sign_off(user: User, draft: Draft, observations: str = "", recommendations: str = "") -> AssessmentRecord:
    """End the review and freeze what the diagnosis is worth as verified, with what the consultant has to say.

    Both texts are printed in the diagnostic report as they are. Raises Refused while answers are unseen.
    """
    if max(len(observations), len(recommendations)) > LONGEST_OPINION:
        raise Refused(_("总体观察和建议各不超过 %(most)s 字。请写短一些。", most=LONGEST_OPINION))
    left = sum(page.stated - page.checked for page in pages(draft, steps_of(draft)))
    if left:
        raise Refused(_("还有 %(count)s 项回答没有复核。请逐页确认后再签字。", count=left))
    move(draft.diagnosis, Stage.REVIEWED)
    made = freeze(user, draft, Layer.VERIFIED)
    made.observations, made.recommendations = observations.strip() or None, recommendations.strip() or None
    audit.record(user.id, "review.sign_off", f"diagnosis:{draft.diagnosis.id}", record=made.id)
    db.session.commit()
    return made


def open_review(user: User, diagnosis_id: UUID, seen: int | None = None) -> Draft:
    """Return a diagnosis of a firm assigned to the person, with what counted after save `seen`. Raises NotFound."""
    return open_draft(user, diagnosis_id, seen)
