"""What a diagnosis or a quick check of a firm begins with: its number, its questionnaire, what is known already."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

from sqlalchemy import func, select

from app.accounts.models import User
from app.diagnosis.asked import published
from app.diagnosis.draft import Said, stated
from app.diagnosis.models import FIRM_MAY_FILL, AnswerEntry, Diagnosis, Stage
from app.extensions import db
from app.firms.models import Firm
from app.presentation import today
from questionnaires import loader
from questionnaires.values import AnswerFault, read_value

REGISTERED = ("firm_name", "uscc", "district")  # what the registration says


def open_quick_check(firm: Firm) -> Diagnosis | None:
    """Return the quick check of a firm whose answers no diagnosis has taken over yet."""
    query = select(Diagnosis).where(Diagnosis.firm_id == firm.id, Diagnosis.number < 0)
    return db.session.scalar(query.where(Diagnosis.stage.in_(FIRM_MAY_FILL)).order_by(Diagnosis.number))


def taken_over(diagnosis: Diagnosis) -> int:
    """Return how many answers a diagnosis that has just begun took over: those that its registration does not give."""
    query = select(func.count()).select_from(AnswerEntry).where(AnswerEntry.diagnosis_id == diagnosis.id)
    return db.session.scalar(query.where(AnswerEntry.fact.not_in(REGISTERED))) or 0


def begun(user: User, firm: Firm, questionnaire_id: str, number: int, as_of: date | None = None) -> Diagnosis:
    """Add a diagnosis of the newest version of a questionnaire, in the running transaction."""
    made = Diagnosis(
        id=uuid4(),
        firm_id=firm.id,
        firm=firm,
        number=number,
        questionnaire_id=questionnaire_id,
        questionnaire_version=loader.load(questionnaire_id).version,
        as_of=as_of or today(),
        stage=Stage.FILLING,
        revision=0,
        started_by=user.id,
        started_at=datetime.now(UTC),
    )
    db.session.add(made)
    db.session.flush()
    return made


def numbers(firm: Firm) -> list[int]:
    """Return the numbers that are taken: of diagnoses from 1 up, of quick checks from -1 down, and 0 always."""
    return [0, *db.session.scalars(select(Diagnosis.number).where(Diagnosis.firm_id == firm.id))]


def under_way(firm: Firm) -> int | None:
    """Return the number of the diagnosis that is not issued yet."""
    of_firm = select(Diagnosis.number).where(Diagnosis.firm_id == firm.id, Diagnosis.number > 0)
    return db.session.scalar(of_firm.where(Diagnosis.stage != Stage.ISSUED))


def registered(firm: Firm, diagnosis: Diagnosis) -> dict[str, Said]:
    """Return what the registration says, as far as the questionnaire asks it and reads it."""
    facts = published(diagnosis.questionnaire_id, diagnosis.questionnaire_version).facts
    said: dict[str, Said] = {}
    for name, typed in zip(REGISTERED, (firm.name, firm.uscc, firm.district), strict=True):
        try:
            said[name] = stated(read_value(facts[name], typed))
        except (AnswerFault, KeyError):
            continue  # the firm is asked, as for everything else
    return said
