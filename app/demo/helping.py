"""Colleagues of the demonstration: invited by a link like everybody, with sections, answers, a talk and a mark."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from app.accounts.models import User
from app.colleagues import service
from app.colleagues.places import read_progress
from app.colleagues.talk import question_for
from app.diagnosis.draft import FIRM_KEY, Draft, Shared, stated
from app.diagnosis.models import Diagnosis
from app.diagnosis.service import open_draft, open_shared, save_page
from app.firms.models import Firm

OWN_SECTION, OTHER_SECTIONS, WAITING_SECTIONS = "equipment", ("data", "info_security"), ("safety_env",)
OF_WORKSHOP = ("workshop_equipment", "workshop_improvement")
STILL_OPEN = 2  # sections that the firm has not come to yet and now has answered by a colleague
TALKED_ABOUT, MARKED = "equipment.L2.1", "equipment.L2.2"
TALK = (
    "有三台设备今年才换成数控的，这一条算“大部分满足”还是“部分满足”？",
    "按关键工序算：12 道里有 10 道用上了，算大部分满足。",
    "请以装备台账为准，复核时会逐台核对。",
)


def invite_helpers(manager: User, consultant: User, diagnosis: Diagnosis, made: Firm, login: str) -> str:
    """Let one colleague join and begin, another one join, and ask a third one. Returns the password of the first."""
    name, address, password = "示例协作人", f"{login}@example.com", _password()
    still_open = _still_open(open_draft(manager, diagnosis.id))
    places = _of_firm((OWN_SECTION, *still_open)) | _of_workshop(made)
    own = _join(manager, diagnosis, name, address, password, places)
    _join(manager, diagnosis, "示例数据员", f"{login}-data@example.com", _password(), _of_firm(OTHER_SECTIONS))
    service.invite(manager, open_draft(manager, diagnosis.id), "示例安环员", _of_firm(WAITING_SECTIONS))
    _begin(own, diagnosis, still_open[:1])
    _talk((own, manager, consultant), diagnosis)
    return password


def _password() -> str:
    return "-".join(secrets.token_hex(2) for _group in range(4))


def _join(manager: User, diagnosis: Diagnosis, name: str, login: str, password: str, places: Shared) -> User:
    _invitation, token = service.invite(manager, open_draft(manager, diagnosis.id), name, places)
    return service.join_anew(token, login=login, name=name, password=password)


def _still_open(draft: Draft) -> list[str]:
    """Return the first sections of practices that nobody has begun."""
    waiting = (one for one in read_progress(draft).values() if one.section.subdomain and not one.settled)
    return [one.section.id for one in waiting][:STILL_OPEN]


def _begin(own: User, diagnosis: Diagnosis, sections: list[str]) -> None:
    """Answer the first page of a section, as a colleague on his first evening."""
    for section in sections:
        draft = open_shared(own, diagnosis.id)
        page = next(one for one in draft.questionnaire.sections if one.id == section).pages[0]
        said = {fact: stated("mostly") for fact in page.fact_ids}
        save_page(own, draft, FIRM_KEY, said, draft.diagnosis.revision)


def _of_workshop(made: Firm) -> Shared:
    workshop = str(made.factories[0].workshops[0].id)
    return frozenset((section, workshop) for section in OF_WORKSHOP)


def _of_firm(sections: Iterable[str]) -> Shared:
    return frozenset((section, FIRM_KEY) for section in sections)


def _talk(people: tuple[User, ...], diagnosis: Diagnosis) -> None:
    for user, words in zip(people, TALK, strict=True):
        question = question_for(user, diagnosis.id, "equipment", FIRM_KEY, TALKED_ABOUT)
        service.comment(user, question, words, seen=0)
    marked = question_for(people[0], diagnosis.id, "equipment", FIRM_KEY, MARKED)
    service.mark(people[0], marked)
