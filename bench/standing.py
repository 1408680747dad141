"""The conclusions of now after a save of a full diagnosis, beside the full assessment with all reasons."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from flask_login import login_user

from app.diagnosis import records, standing
from app.diagnosis.draft import Draft, read_draft
from app.diagnosis.models import Diagnosis
from app.extensions import db
from bench.figures import Figure
from questionnaires.loader import load
from questionnaires.model import FactKind
from tests.factories import make_app, make_diagnosis, make_firm, make_user, parts_of

SAVES, BAR_MS = 20, 25.0


def measure() -> list[Figure]:
    """Work both out after each of twenty saves, as nothing is kept of a save before."""
    with TemporaryDirectory() as folder:
        flask_app = make_app(Path(folder))
        firm = make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间")})
        workshop = str(parts_of(flask_app, firm)["冲压车间"])
        figures = {(workshop, "equipment_count"): Fraction(120), (workshop, "equipment_digital_count"): Fraction(54)}
        practices = [fact.id for fact in load("auto_parts").facts.values() if fact.kind is FactKind.PRACTICE]
        answers = {"production_type": "discrete", **dict.fromkeys(practices, "mostly"), **figures}
        diagnosis, person = make_diagnosis(flask_app, firm, answers), make_user(flask_app, firm_id=firm.id)
        with flask_app.test_request_context():
            login_user(person)
            draft = read_draft(db.session.get_one(Diagnosis, diagnosis.id))
            ours = _milliseconds(draft, lambda: standing.view(draft.diagnosis, records.stand(draft)))
            full = _milliseconds(draft, lambda: records.assess(draft))
            db.session.rollback()
    return [
        Figure(
            "conclusions after a save",
            ours,
            "ms of work, a full diagnosis with two workshops",
            f"the full assessment with all reasons {full:.0f} ms",
            ours / full,
            f"value <= {BAR_MS:.0f}",
            ours <= BAR_MS,
        )
    ]


def _milliseconds(draft: Draft, work: Callable[[], object]) -> float:
    times = []
    for _save in range(SAVES):
        draft.diagnosis.revision += 1
        began = time.process_time()
        work()
        times.append((time.process_time() - began) * 1000)
    return median(times)
