"""Makes the application and the rows that tests need: nothing else in the tests builds rows."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select
from werkzeug.security import generate_password_hash

from app import audit, create_app
from app.access import OF_FIRM, Role
from app.accounts import attempts
from app.accounts.models import User
from app.colleagues.models import Invitation
from app.diagnosis.models import (
    AnswerEntry,
    Diagnosis,
    EvidenceFile,
    EvidenceLink,
    Layer,
    ListVersion,
    Remark,
    SharedSection,
    Stage,
)
from app.extensions import db
from app.firms.models import Assignment, Factory, Firm, Workshop
from app.planning.models import PlanStep, Progress, SavedPlan
from app.report_templates.models import ReportTemplate, TemplateVersion
from app.settings import Settings
from app.storage import Store, measure
from app.workbooks.models import WaitingFile
from questionnaires.answers import to_text
from questionnaires.credit_code import check_digit
from questionnaires.lists import ListRow, totals
from questionnaires.lists import to_text as to_text_of_rows
from questionnaires.loader import load
from questionnaires.model import Value
from reports.parts import STANDARD
from reports.pdf import require_renderer

PASSWORD = "a-long-password-for-tests"
NOW = datetime(2026, 11, 24, 6, 3, 22, tzinfo=UTC)  # 14:03:22 in Chongqing
Row = TypeVar("Row")
_RAW_TOKEN = "0123456789abcdef0123456789abcdef01234567"


class Browser(FlaskClient):
    """A test client that posts with the token of its session, as the pages do; `sends_token` False forgets it."""

    sends_token = True

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if self.sends_token and kwargs.get("method") == "POST" and "_token" in self.__dict__:
            kwargs["headers"] = {"X-CSRFToken": self.__dict__["_token"], **dict(kwargs.get("headers") or {})}
        kwargs.setdefault("buffered", True)  # as a server does: whatever is sent is closed
        return super().open(*args, **kwargs)


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings of a demonstration on this machine, with its database and files in `folder`."""
    return Settings(
        **{
            "secret_key": "a key of tests, at least 32 characters",
            "database_url": f"sqlite:///{folder / 'test.db'}",
            "data_dir": folder,
            "demo": True,
            "report_timeout_s": 60,
            **changes,
        }
    )


def make_app(folder: Path, **changes: Any) -> Flask:
    """Make the application on an empty database with all tables, made by the migrations."""
    with patch("reports.pdf.require_renderer", _ask_for_the_renderer_once):
        flask_app = create_app(settings_for(folder, **changes))
    flask_app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    flask_app.test_client_class = Browser
    empty = folder / "empty.db"
    with flask_app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    shutil.copy(folder / "test.db", empty)
    return flask_app


def empty_again(flask_app: Flask) -> None:
    """Put the empty database back without any evidence, and forget who tried to sign in."""
    folder = flask_app.config["ZHIZHEN"].data_dir
    with flask_app.app_context():
        db.session.remove()
        db.engine.dispose()
    for name in ("test.db-wal", "test.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(folder / "empty.db", folder / "test.db")
    shutil.rmtree(folder / "evidence", ignore_errors=True)
    attempts.forget()


def make_user(flask_app: Flask, role: Role = Role.FACTORY_MANAGER, **given: Any) -> User:
    """Add a person; who fills in gets a firm and a district officer a district unless one is given."""
    if role in OF_FIRM and "firm_id" not in given:
        given["firm_id"] = make_firm(flask_app).id
    if role is Role.DISTRICT_OFFICER:
        given.setdefault("district", "500120")
    with flask_app.app_context():
        number = _count(User) + 1
        user = User(
            **{
                "email": f"{role.value}{number}@example.com",
                "name": f"{role.value} {number}",
                "role": role,
                "password_hash": _password_hash(),
                "created_at": NOW,
                **given,
            }
        )
        return _stored(user)


def make_firm(flask_app: Flask, workshops: Mapping[str, tuple[str, ...]] | None = None, **given: Any) -> Firm:
    """Add a firm in Bishan with the factories and workshops named: {"一工厂": ("冲压车间",)}."""
    with flask_app.app_context():
        number = _count(Firm) + 1
        firm = Firm(
            **{
                "uscc": credit_code(number),
                "name": f"示例汽车零部件{number}厂",
                "district": "500120",
                "created_at": NOW,
                **given,
            }
        )
        for place, (factory_name, names) in enumerate((workshops or {}).items(), start=1):
            firm.factories.append(Factory(name=factory_name, position=place, workshops=_workshops(names)))
        return _stored(firm)


def parts_of(flask_app: Flask, firm: Firm) -> dict[str, UUID]:
    """Return the identities of a firm's factories and workshops by name, to be used as subject keys."""
    with flask_app.app_context():
        kept = db.session.get_one(Firm, firm.id)
        parts = [*kept.factories, *(workshop for factory in kept.factories for workshop in factory.workshops)]
        return {part.name: part.id for part in parts}


def make_consultant(flask_app: Flask, *firms: Firm, **given: Any) -> User:
    """Add a consultant who is assigned to these firms."""
    consultant = make_user(flask_app, Role.CONSULTANT, **given)
    with flask_app.app_context():
        for firm in firms:
            _stored(Assignment(firm_id=firm.id, consultant_id=consultant.id, assigned_at=NOW))
    return consultant


def make_colleague(flask_app: Flask, diagnosis: Diagnosis, *places: tuple[str, object], **given: Any) -> User:
    """Add a colleague with whom these sections are shared: ("data", "firm"), ("workshop_equipment", workshop key)."""
    colleague = make_user(flask_app, Role.COLLEAGUE, firm_id=diagnosis.firm_id, **given)
    share_with(flask_app, colleague, diagnosis, *places)
    return colleague


def share_with(flask_app: Flask, colleague: User, diagnosis: Diagnosis, *places: tuple[str, object]) -> None:
    """Share sections with a colleague, whoever's diagnosis it is."""
    with flask_app.app_context():
        for section, key in places:
            place = {"diagnosis_id": diagnosis.id, "section_id": section, "subject_key": str(key)}
            row = SharedSection(**place, colleague_id=colleague.id, shared_by=diagnosis.started_by, shared_at=NOW)
            _stored(row)


def make_invitation(flask_app: Flask, diagnosis: Diagnosis, token: str, **given: Any) -> Invitation:
    """Add an invitation whose link ends in `token`; it can be used unless something else is given."""
    with flask_app.app_context():
        invitation = Invitation(
            **{
                "diagnosis_id": diagnosis.id,
                "name": "设备科 李工",
                "places": [["data", "firm"]],
                "token_digest": hashlib.sha256(token.encode()).hexdigest(),
                "invited_by": diagnosis.started_by,
                "invited_at": NOW,
                "expires_at": datetime.now(UTC) + timedelta(days=7),
                **given,
            }
        )
        return _stored(invitation)


def make_remark(flask_app: Flask, diagnosis: Diagnosis, consultant: User, fact: str | None, text: str) -> Remark:
    """Add what a consultant wrote to the firm about a fact of the firm, or about the whole diagnosis."""
    with flask_app.app_context():
        key = "firm" if fact else None
        made = Remark(diagnosis_id=diagnosis.id, subject_key=key, fact=fact, text=text)
        made.written_by, made.written_at = consultant.id, NOW
        return _stored(made)


def make_diagnosis(
    flask_app: Flask,
    firm: Firm | None = None,
    answers: Mapping[str | tuple[str, str], Value] | None = None,
    stage: Stage = Stage.FILLING,
    **given: Any,
) -> Diagnosis:
    """Add a diagnosis with what the firm states: {"employees": Fraction(320), (workshop key, fact): value}."""
    firm = firm or make_firm(flask_app)
    said_by = make_user(flask_app, firm_id=firm.id).id
    questionnaire = load("auto_parts")
    with flask_app.app_context():
        diagnosis = Diagnosis(
            **{
                "firm_id": firm.id,
                "number": _count(Diagnosis, Diagnosis.firm_id == firm.id) + 1,
                "questionnaire_id": questionnaire.id,
                "questionnaire_version": questionnaire.version,
                "as_of": date(2026, 11, 24),
                "stage": stage,
                "revision": 1 if answers else 0,
                "started_by": said_by,
                "started_at": NOW,
                "saved_at": NOW if answers else None,
                **given,
            }
        )
        db.session.add(diagnosis)
        db.session.flush()
        db.session.add_all(_entry(diagnosis, key, value, said_by) for key, value in (answers or {}).items())
        return _stored(diagnosis)


def make_evidence(
    flask_app: Flask,
    diagnosis: Diagnosis,
    name: str = "设备清单.csv",
    content: bytes = "设备,数量\n冲床,12\n".encode(),
    shows: Sequence[tuple[object, str]] = (),
    picture: bytes = b"",
    **given: Any,
) -> EvidenceFile:
    """Add a file with its bytes, as evidence for these facts of these subjects: [("firm", "data.L1.1")]."""
    with flask_app.app_context():
        digest = _kept_bytes(flask_app, content)
        given.setdefault("preview", _kept_bytes(flask_app, picture) if picture else None)
        who = {"added_by": diagnosis.started_by, "added_at": NOW}
        what = {"name": name, "kind": "txt", "size": len(content), "digest": digest, "scanned": False}
        file = _stored(EvidenceFile(**{"diagnosis_id": diagnosis.id, **what, **who, **given}))
        for key, fact in shows:
            at = {"diagnosis_id": diagnosis.id, "subject_key": str(key), "fact": fact}
            _stored(EvidenceLink(file_id=file.id, **at, linked_by=diagnosis.started_by, linked_at=NOW))
        return file


def _kept_bytes(flask_app: Flask, content: bytes) -> str:
    digest = measure(BytesIO(content)).digest
    Store(flask_app.config["ZHIZHEN"].data_dir / "evidence").keep(BytesIO(content), digest)
    return digest


def make_waiting_file(flask_app: Flask, diagnosis: Diagnosis, person: User) -> WaitingFile:
    """Add a diagnosis file that this person has sent and not yet confirmed; it says one thing."""
    said = f"format: zhizhen/diagnosis@1\nquestionnaire: auto_parts\nas_of: {diagnosis.as_of}\n"
    content = f"{said}firm: {{name: Sample, employees: 99}}\nfacts: {{nonsense: 1}}\n".encode()
    with flask_app.app_context():
        return _stored(
            WaitingFile(
                diagnosis_id=diagnosis.id,
                sent_by=person.id,
                sent_at=datetime.now(UTC),
                name="sample.yaml",
                sha256=sha256(content).hexdigest(),
                content=content,
            )
        )


def make_list(flask_app: Flask, diagnosis: Diagnosis, workshop: object, rows: Sequence[ListRow]) -> ListVersion:
    """Add a list of machines that the firm kept for a workshop, whatever is stated beside it."""
    of = next(one for one in load("auto_parts").lists if one.id == "equipment")
    with flask_app.app_context():
        return _stored(
            ListVersion(
                diagnosis_id=diagnosis.id,
                subject_key=str(workshop),
                list_id=of.id,
                rows=to_text_of_rows(rows),
                row_count=len(rows),
                totals={fact: int(total) for fact, total in totals(of, rows).items()},
                revision=diagnosis.revision,
                said_by=diagnosis.started_by,
                said_at=NOW,
            )
        )


def make_plan(flask_app: Flask, diagnosis: Diagnosis, *steps: Mapping[str, Any], **given: Any) -> SavedPlan:
    """Add a saved plan for level 2 of the maturity model; one step at the firm unless others are given."""
    with flask_app.app_context():
        number = _count(SavedPlan, SavedPlan.diagnosis_id == diagnosis.id) + 1
        criteria = "gbt_39117_2020_discrete"
        outcome = {
            "criteria": criteria,
            "title_zh": "成熟度",
            "title_en": "Maturity",
            "subject": "firm",
            "name": "firm",
        }
        level = {f"{what}_{lang}": words for what in ("wanted", "reached") for lang, words in _LEVEL_2.items()}
        plan = SavedPlan(
            **{
                "diagnosis_id": diagnosis.id,
                "number": number,
                "layer": Layer.STATED,
                "revision": diagnosis.revision,
                "result": "reached",
                "goals": [f"{criteria}:2"],
                "limits": {"budget": 100, "quarters": 4, "people": 3},
                "begins": date(2027, 1, 1),
                "cost_low": 3,
                "cost_likely": 8,
                "cost_high": 20,
                "proved": True,
                "catalogue_digest": "0" * 64,
                "promised": [{**outcome, **level, "wanted": 2, "reached": 2}],
                "saved_by": diagnosis.started_by,
                "saved_at": NOW,
                **given,
            }
        )
        plan.steps = [_step(position, one) for position, one in enumerate(steps or [{}], start=1)]
        kept = _stored(plan)
        kept.__dict__["steps"] = list(db.session.scalars(select(PlanStep).where(PlanStep.plan_id == kept.id)))
        db.session.expunge_all()
        return kept


def make_template(
    flask_app: Flask, owner: User | None = None, in_use: bool = True, name: str = "样板", **content: Any
) -> ReportTemplate:
    """Add a report template of a consultant, or of the installation; it greets the firm behind the cover."""
    with flask_app.app_context():
        template = ReportTemplate(owner_id=owner.id if owner else None, in_use=1 if in_use else None, made_at=NOW)
        block = {"place": "after:cover", "title": "致{{ firm }}", "body": "{{ headline }}"}
        said = {"institution": "示例研究院", "order": list(STANDARD), "left_out": [], "blocks": [block], **content}
        made_by = owner.id if owner else make_user(flask_app, Role.ADMINISTRATOR).id
        template.versions = [TemplateVersion(number=1, name=name, content=said, made_by=made_by, made_at=NOW)]
        kept = _stored(template)
        version = db.session.scalars(select(TemplateVersion).where(TemplateVersion.template_id == kept.id)).one()
        db.session.expunge(version)
        kept.__dict__["versions"] = [version]
        return kept


_LEVEL_2 = {"zh": "二级", "en": "level 2"}


def _step(position: int, given: Mapping[str, Any]) -> PlanStep:
    promised = {"subject": "firm", "name": "firm", "fact": "org_strategy.L1.1", "value": '"full"'}
    return PlanStep(
        **{
            "position": position,
            "improvement_id": "smart_roadmap",
            "name_zh": "智能制造规划与年度投入",
            "name_en": "Roadmap and yearly budget",
            "subject_key": "firm",
            "subject_name": "firm",
            "units": 0,
            "start": 1,
            "end": 1,
            "cost_low": 3,
            "cost_likely": 8,
            "cost_high": 20,
            "helps": [{"criteria": "gbt_39117_2020_discrete", "id": "org_strategy.L1.1", "subject": "firm"}],
            "effects": [{**promised, "before": None, "direction": ""}],
            "owner": "",
            "due": date(2027, 3, 31),
            "progress": Progress.NOT_STARTED,
            "note": "",
            "revision": 0,
            **given,
        }
    )


def sign_in(client: FlaskClient, user: User) -> None:
    """Open a session for the person, without the sign-in page and its slow password check."""
    with client.session_transaction() as session:
        session.clear()
        session.update(_user_id=user.get_id(), _fresh=True, csrf_token=_RAW_TOKEN)
        session.permanent = True
    secret = client.application.config["SECRET_KEY"]
    client.__dict__["_token"] = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(_RAW_TOKEN)


def credit_code(number: int) -> str:
    """Return a made-up credit code with a right check digit; another one for each number."""
    first = f"91500120MA{number:06d}0"[:17]
    return first + check_digit(first + "0")


def _entry(diagnosis: Diagnosis, key: str | tuple[str, str], value: Value, said_by: UUID) -> AnswerEntry:
    subject, fact = key if isinstance(key, tuple) else ("firm", key)
    return AnswerEntry(
        diagnosis_id=diagnosis.id,
        subject_key=str(subject),
        fact=fact,
        layer=Layer.STATED,
        state="stated",
        value=to_text(value),
        revision=1,
        said_by=said_by,
        said_at=NOW,
    )


def _workshops(names: tuple[str, ...]) -> list[Workshop]:
    return [Workshop(name=name, position=place) for place, name in enumerate(names, start=1)]


def _stored(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    audit.record("system", "test.make", f"{type(row).__name__.lower()}:{getattr(row, 'id', '')}")
    db.session.commit()
    db.session.refresh(row)
    db.session.expunge(row)
    return row


def _count(table: type, *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*where)) or 0


_QUICKLY = "scrypt:1024:8:1"


@cache
def _password_hash() -> str:
    return generate_password_hash(PASSWORD, _QUICKLY)


def hash_quickly(patch: pytest.MonkeyPatch) -> None:
    """Let the services hash passwords in a thirtieth of the time, for people who are only made up."""
    for service in ("accounts", "colleagues"):
        patch.setattr(f"app.{service}.service.generate_password_hash", partial(generate_password_hash, method=_QUICKLY))


@cache
def _ask_for_the_renderer_once() -> None:
    require_renderer()
