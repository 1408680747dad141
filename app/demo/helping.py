"""Colleagues of the demonstration: invited by a link like everybody, with sections, answers, a talk and a mark."""

from __future__ import annotations

import secrets

from app.accounts.models import User
from app.colleagues import service
from app.colleagues.talk import question_for
from app.diagnosis.draft import FIRM_KEY, Shared, stated
from app.diagnosis.models import Diagnosis
from app.diagnosis.service import open_draft, open_shared, save_page
from app.firms.models import Firm

OWN_SECTIONS, OTHER_SECTIONS, WAITING_SECTIONS = ("equipment", "energy"), ("data", "info_security"), ("safety_env",)
OF_WORKSHOP = ("workshop_equipment", "workshop_key_processes")
SAID = {"energy.L1.1": stated("full"), "energy.L2.1": stated("mostly"), "equipment.L2.1": stated("mostly")}
TALKED_ABOUT, MARKED = "equipment.L2.1", "equipment.L2.2"
TALK = (
    "有三台设备今年才换成数控的，这一条算“大部分满足”还是“部分满足”？",
    "按关键工序算：12 道里有 10 道用上了，算大部分满足。",
    "请以装备台账为准，复核时会逐台核对。",
)


def invite_helpers(manager: User, consultant: User, diagnosis: Diagnosis, made: Firm, login: str) -> str:
    """Let one colleague join and begin, another one join, and ask a third one. Returns the password of the first."""
    name, address, password = "示例协作人", f"{login}@example.com", _password()
    own = _join(manager, diagnosis, name, address, password, _own_places(made))
    _join(manager, diagnosis, "示例数据员", f"{login}-data@example.com", _password(), _of_firm(OTHER_SECTIONS))
    service.invite(manager, open_draft(manager, diagnosis.id), "示例安环员", _of_firm(WAITING_SECTIONS))
    draft = open_shared(own, diagnosis.id)
    save_page(own, draft, FIRM_KEY, SAID, draft.diagnosis.revision)
    _talk((own, manager, consultant), diagnosis)
    return password


def _password() -> str:
    return "-".join(secrets.token_hex(2) for _group in range(4))


def _join(manager: User, diagnosis: Diagnosis, name: str, login: str, password: str, places: Shared) -> User:
    _invitation, token = service.invite(manager, open_draft(manager, diagnosis.id), name, places)
    return service.join_anew(token, login=login, name=name, password=password)


def _own_places(made: Firm) -> Shared:
    workshop = str(made.factories[0].workshops[0].id)
    return _of_firm(OWN_SECTIONS) | {(section, workshop) for section in OF_WORKSHOP}


def _of_firm(sections: tuple[str, ...]) -> Shared:
    return frozenset((section, FIRM_KEY) for section in sections)


def _talk(people: tuple[User, ...], diagnosis: Diagnosis) -> None:
    for user, words in zip(people, TALK, strict=True):
        question = question_for(user, diagnosis.id, "equipment", FIRM_KEY, TALKED_ABOUT)
        service.comment(user, question, words, seen=0)
    marked = question_for(people[0], diagnosis.id, "equipment", FIRM_KEY, MARKED)
    service.mark(people[0], marked)
