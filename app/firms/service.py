"""What is done with firms: see, register, build up, assign consultants; the only place here that commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Generic, TypeVar
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from app import audit
from app.access import Role
from app.accounts.models import User
from app.errors import NotFound, Refused
from app.extensions import db
from app.firms.models import Assignment, Factory, Firm, Workshop
from app.presentation import districts, text
from questionnaires.credit_code import CodeFault, check_uscc

FIRMS_ON_A_PAGE = 50
LONGEST_NAME = 100  # characters
PARTS_ON_A_PAGE = 20
MOST_PARTS = 500  # factories of a firm, or workshops of a factory

Part = TypeVar("Part", Factory, Workshop)


@dataclass(frozen=True, slots=True)
class FirmList:
    """One page of firms and how many there are in all."""

    firms: list[Firm]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class PartList(Generic[Part]):
    """One page of factories or workshops and how many there are in all."""

    parts: Sequence[Part]
    total: int
    page: int
    pages: int


# --- whose firm it is ----------------------------------------------------------------------------------------------


def visible_firms(user: User) -> Select[Firm]:
    """Return the query of all firms this person may see; roles without firms see none."""
    everything = select(Firm)
    match user.role:
        case Role.COMMISSION | Role.ADMINISTRATOR:
            return everything
        case Role.DISTRICT_OFFICER:
            return everything.where(Firm.district == user.district)
        case Role.CONSULTANT:
            mine = select(Assignment.firm_id).where(Assignment.consultant_id == user.id)
            return everything.where(Firm.id.in_(mine))
        case Role.FACTORY_MANAGER:
            return everything.where(Firm.id == user.firm_id)
        case _:
            return everything.where(Firm.id.is_(None))


def firm_for(user: User, firm_id: UUID) -> Firm:
    """Return the firm. Raises NotFound when there is none or it is not this person's to see: the two look the same."""
    firm = db.session.scalar(visible_firms(user).where(Firm.id == firm_id))
    if firm is None:
        raise NotFound
    return firm


def factory_for(user: User, factory_id: UUID) -> Factory:
    """Return the factory of a firm this person may see. Raises NotFound."""
    factory = db.session.get(Factory, factory_id)
    if factory is None:
        raise NotFound
    firm_for(user, factory.firm_id)
    return factory


def workshop_for(user: User, workshop_id: UUID) -> Workshop:
    """Return the workshop of a firm this person may see. Raises NotFound."""
    workshop = db.session.get(Workshop, workshop_id)
    if workshop is None:
        raise NotFound
    factory_for(user, workshop.factory_id)
    return workshop


def part_for(user: User, part_id: UUID) -> Factory | Workshop:
    """Return the factory or workshop of a firm this person may see. Raises NotFound."""
    if db.session.get(Factory, part_id) is not None:
        return factory_for(user, part_id)
    return workshop_for(user, part_id)


def page_of(parts: Sequence[Part], page: int) -> PartList[Part]:
    """Return one page of factories or workshops."""
    pages = max(1, ceil(len(parts) / PARTS_ON_A_PAGE))
    page = min(max(1, page), pages)
    return PartList(parts[(page - 1) * PARTS_ON_A_PAGE : page * PARTS_ON_A_PAGE], len(parts), page, pages)


def page_with(part: Factory | Workshop, parts: Sequence[Factory | Workshop]) -> int | None:
    """Return on which page of its list a part stands; nothing where one page holds them all."""
    return parts.index(part) // PARTS_ON_A_PAGE + 1 if len(parts) > PARTS_ON_A_PAGE else None


def find(user: User, words: str = "", district: str = "", page: int = 1) -> FirmList:
    """Return the visible firms whose name or credit code holds `words`, by name, one page of them."""
    wanted = visible_firms(user)
    if words := words.strip()[:LONGEST_NAME]:
        wanted = wanted.where(
            or_(Firm.name.icontains(words, autoescape=True), Firm.uscc.icontains(words, autoescape=True))
        )
    if district:
        wanted = wanted.where(Firm.district == district)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, ceil(total / FIRMS_ON_A_PAGE))
    page = min(max(1, page), pages)
    shown = wanted.options(selectinload(Firm.diagnoses)).order_by(Firm.name, Firm.id)
    firms = db.session.scalars(shown.offset((page - 1) * FIRMS_ON_A_PAGE).limit(FIRMS_ON_A_PAGE))
    return FirmList(list(firms), total, page, pages)


# --- a firm and its parts ------------------------------------------------------------------------------------------


def register(user: User, *, name: str, uscc: str, district: str) -> Firm:
    """Take a firm into the product. Raises Refused, naming what is wrong in the credit code."""
    code = checked_code(uscc)
    _refuse_foreign_district(user, district)
    if other := db.session.scalar(select(Firm).where(Firm.uscc == code)):
        raise Refused(_code_is_taken(user, other))
    firm = Firm(uscc=code, name=_name(name), district=district, created_at=datetime.now(UTC))
    db.session.add(firm)
    db.session.flush()
    audit.record(user.id, "firm.register", f"firm:{firm.id}", uscc=code, name=firm.name, district=district)
    db.session.commit()
    return firm


def checked_code(uscc: str) -> str:
    """Return the credit code as it is stored. Raises Refused naming the letter or the check digit that is wrong."""
    try:
        return check_uscc(uscc)
    except CodeFault as fault:
        raise Refused(text(fault.message)) from fault


def add_factory(user: User, firm_id: UUID, name: str) -> Factory:
    """Add a factory under a name that is free in the firm. Raises Refused, NotFound."""
    factory = new_factory(user, firm_id, name)
    db.session.commit()
    return factory


def new_factory(user: User, firm_id: UUID, name: str) -> Factory:
    """Add a factory in the running transaction, which the caller ends. Raises Refused, NotFound."""
    firm = firm_for(user, firm_id)
    _refuse_too_many(firm.factories)
    wanted = _free_name(name, firm.factories)
    factory = Factory(firm_id=firm.id, name=wanted, position=_last(firm.factories) + 1)
    firm.factories.append(factory)
    db.session.flush()
    audit.record(user.id, "firm.add_factory", f"factory:{factory.id}", firm=firm.id, name=wanted)
    return factory


def add_workshop(user: User, factory_id: UUID, name: str) -> Workshop:
    """Add a workshop under a name that is free in the factory. Raises Refused, NotFound."""
    workshop = new_workshop(user, factory_id, name)
    db.session.commit()
    return workshop


def new_workshop(user: User, factory_id: UUID, name: str) -> Workshop:
    """Add a workshop in the running transaction, which the caller ends. Raises Refused, NotFound."""
    factory = factory_for(user, factory_id)
    if factory.closed_at is not None:
        raise Refused(_("工厂“%(name)s”已关闭。请先重新启用工厂，再增加车间。", name=factory.name))
    _refuse_too_many(factory.workshops)
    wanted = _free_name(name, factory.workshops)
    workshop = Workshop(factory_id=factory.id, name=wanted, position=_last(factory.workshops) + 1)
    factory.workshops.append(workshop)
    db.session.flush()
    audit.record(user.id, "firm.add_workshop", f"workshop:{workshop.id}", factory=factory.id, name=wanted)
    return workshop


def rename_factory(user: User, factory_id: UUID, name: str) -> Factory:
    """Give a factory another name. Raises Refused, NotFound."""
    factory = factory_for(user, factory_id)
    _rename(user, factory, _free_name(name, factory.firm.factories, but=factory), f"factory:{factory.id}")
    return factory


def rename_workshop(user: User, workshop_id: UUID, name: str) -> Workshop:
    """Give a workshop another name. Raises Refused, NotFound."""
    workshop = workshop_for(user, workshop_id)
    _rename(user, workshop, _free_name(name, workshop.factory.workshops, but=workshop), f"workshop:{workshop.id}")
    return workshop


def set_factory_open(user: User, factory_id: UUID, is_open: bool) -> Factory:
    """Close a factory, so that it is no longer asked about, or take it back. Its answers stay."""
    factory = factory_for(user, factory_id)
    _set_open(user, factory, is_open, f"factory:{factory.id}")
    return factory


def set_workshop_open(user: User, workshop_id: UUID, is_open: bool) -> Workshop:
    """Close a workshop, so that it is no longer asked about, or take it back. Its answers stay."""
    workshop = workshop_for(user, workshop_id)
    _set_open(user, workshop, is_open, f"workshop:{workshop.id}")
    return workshop


def move_factory(user: User, factory_id: UUID, up: bool) -> Factory:
    """Exchange a factory with the one before or after it. At the end of the list nothing changes."""
    factory = factory_for(user, factory_id)
    _move(user, factory, factory.firm.factories, up, f"factory:{factory.id}")
    return factory


def move_workshop(user: User, workshop_id: UUID, up: bool) -> Workshop:
    """Exchange a workshop with the one before or after it in its factory. At the end nothing changes."""
    workshop = workshop_for(user, workshop_id)
    _move(user, workshop, workshop.factory.workshops, up, f"workshop:{workshop.id}")
    return workshop


# --- consultants ---------------------------------------------------------------------------------------------------


def consultants_of(firm: Firm) -> list[User]:
    """Return the consultants assigned to the firm, by name."""
    assigned = select(Assignment.consultant_id).where(Assignment.firm_id == firm.id)
    return list(db.session.scalars(select(User).where(User.id.in_(assigned)).order_by(User.name)))


def free_consultants(firm: Firm) -> list[User]:
    """Return the consultants that could still be assigned to the firm, by name."""
    assigned = select(Assignment.consultant_id).where(Assignment.firm_id == firm.id)
    free = select(User).where(User.role == Role.CONSULTANT, User.active, User.id.not_in(assigned))
    return list(db.session.scalars(free.order_by(User.name)))


def assign(user: User, firm_id: UUID, consultant_id: UUID) -> None:
    """Let a consultant see and review the firm. Raises Refused, NotFound; assigned twice is assigned once."""
    firm = firm_for(user, firm_id)
    consultant = db.session.get(User, consultant_id)
    if consultant is None or consultant.role is not Role.CONSULTANT or not consultant.active:
        raise Refused(_("请从名单中选择一位诊断专家。"))
    if _assignment(firm, consultant_id) is not None:
        return
    db.session.add(Assignment(firm_id=firm.id, consultant_id=consultant_id, assigned_at=datetime.now(UTC)))
    audit.record(user.id, "firm.assign", f"firm:{firm.id}", consultant=consultant_id)
    db.session.commit()


def take_away(user: User, firm_id: UUID, consultant_id: UUID) -> None:
    """End the assignment of a consultant to the firm. What was reviewed stays. Raises NotFound."""
    firm = firm_for(user, firm_id)
    assignment = _assignment(firm, consultant_id)
    if assignment is None:
        raise NotFound
    db.session.delete(assignment)
    audit.record(user.id, "firm.take_away", f"firm:{firm.id}", consultant=consultant_id)
    db.session.commit()


def people_of(firm: Firm) -> list[User]:
    """Return those who fill in for the whole firm, by name; whom they ask to help is for them to know."""
    managers = select(User).where(User.firm_id == firm.id, User.role == Role.FACTORY_MANAGER)
    return list(db.session.scalars(managers.order_by(User.name)))


# --- what the verbs above share ------------------------------------------------------------------------------------


def _assignment(firm: Firm, consultant_id: UUID) -> Assignment | None:
    return db.session.scalar(
        select(Assignment).where(Assignment.firm_id == firm.id, Assignment.consultant_id == consultant_id)
    )


def _refuse_foreign_district(user: User, district: str) -> None:
    known = districts().get(district)
    if known is None or known.retired:
        raise Refused(_("请从列表中选择企业所在的区县。"))
    if user.role is Role.DISTRICT_OFFICER and district != user.district:
        raise Refused(_("您只能登记本区县的企业。请选择本区县，或请企业所在区县登记。"))


def _code_is_taken(user: User, other: Firm) -> str:
    """Name the firm only to those who may see it."""
    if db.session.scalar(visible_firms(user).where(Firm.id == other.id)) is None:
        return _("信用代码 %(code)s 已在其他区县登记。请核对代码；无误请联系市经济信息委。", code=other.uscc)
    return _("信用代码 %(code)s 已登记，企业是“%(name)s”。请在企业列表中打开它。", code=other.uscc, name=other.name)


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise Refused(_("请填写名称。"))
    if len(name) > LONGEST_NAME:
        raise Refused(_("名称最多 %(most)s 个字，现在是 %(now)s 个。请缩短。", most=LONGEST_NAME, now=len(name)))
    if not name.isprintable():
        raise Refused(_("名称里有看不见的字符。请重新输入名称。"))
    return name


def _free_name(typed: str, others: Sequence[Factory | Workshop], but: object = None) -> str:
    name = _name(typed)
    same = next((other for other in others if other is not but and other.name.casefold() == name.casefold()), None)
    if same is None:
        return name
    if same.closed_at is not None:
        raise Refused(_("“%(name)s”已存在，但已关闭。请重新启用它，或换一个名称。", name=name))
    raise Refused(_("“%(name)s”已存在。请换一个名称，例如加上楼号或产品。", name=name))


def _refuse_too_many(parts: Sequence[Factory | Workshop]) -> None:
    if len(parts) >= MOST_PARTS:
        raise Refused(_("这里已有 %(count)s 个，不能再增加。", count=len(parts)))


def _last(parts: Sequence[Factory | Workshop]) -> int:
    return max((part.position for part in parts), default=0)


def _rename(user: User, part: Factory | Workshop, name: str, subject: str) -> None:
    before, part.name = part.name, name
    audit.record(user.id, "firm.rename", subject, before=before, after=name)
    db.session.commit()


def _set_open(user: User, part: Factory | Workshop, is_open: bool, subject: str) -> None:
    part.closed_at = None if is_open else datetime.now(UTC)
    audit.record(user.id, "firm.reopen" if is_open else "firm.close", subject, name=part.name)
    db.session.commit()


def _move(user: User, part: Factory | Workshop, parts: Sequence[Factory | Workshop], up: bool, subject: str) -> None:
    place = parts.index(part)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(parts):
        return
    order = list(parts)
    order[place], order[other] = order[other], order[place]
    for position, one in enumerate(order, start=1):
        one.position = position
    audit.record(user.id, "firm.move", subject, name=part.name, place=other + 1)
    db.session.commit()
