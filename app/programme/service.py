"""What the programme records: steps of a conversion, recognitions, withdrawals. The only file here that commits.

Rows are only added: a withdrawal is a row of its own, and of several rows the tally takes the newest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app import audit
from app.access import Role
from app.accounts.models import User
from app.errors import NotFound, Refused
from app.extensions import db
from app.firms.models import Factory, Firm, Workshop
from app.firms.service import factory_for, firm_for, visible_firms, workshop_for
from app.presentation import text, today
from app.programme.models import ConversionEntry, RecognitionEntry
from questionnaires.model import Text
from scoring.tally import ConversionEvent, Event, PlanTargets, RecognitionEvent
from scoring.tally_file import load_plan

Entry = TypeVar("Entry", ConversionEntry, RecognitionEntry)

EARLIEST = date(2000, 1, 1)  # an earlier day is a slip of the pen
CITY_ONLY = frozenset({"city_recognised"})  # states of a conversion that a district does not record
WITH_PAPER = frozenset({"district_verified", "city_recognised"})  # states that rest on a document
LONGEST = 200  # characters of a document, an issuer, an address
WORKSHOP_KINDS = frozenset({"digital_workshop"})
GRADED_KINDS = frozenset({"cn_smart_factory"})
LEVELS = {
    "basic": Text("基础级", "Basic"),
    "advanced": Text("先进级", "Advanced"),
    "excellent": Text("卓越级", "Excellent"),
    "leading": Text("领航级", "Leading"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """What an event rests on: its day, its document, who issued it, and where the list is published."""

    day: date
    document: str = ""
    issuer: str = ""
    list_where: str = ""


def plan() -> PlanTargets:
    """Return the plan's targets with what counts today."""
    return load_plan(today())


# --- recording --------------------------------------------------------------------------------------------------------


def states_for(user: User) -> dict[str, Text]:
    """Return the states of a conversion that this person may record, in order."""
    may_all = user.role is Role.COMMISSION
    return {state: words for state, words in plan().states.items() if may_all or state not in CITY_ONLY}


def record_conversion(
    user: User, firm_id: UUID, *, state: str, paper: Paper, systems: Iterable[str] = ()
) -> ConversionEntry:
    """Add the day on which a firm reached a state of its conversion. Raises NotFound, Refused."""
    firm = firm_for(user, firm_id)
    if state not in plan().states:
        raise Refused(_("请选择转型升级的状态。"))
    if state not in states_for(user):
        raise Refused(_("“市级认可”由市经济信息委登记。区县可以登记到“区县核实”。"))
    _refuse_wrong_paper(paper, needed=state in WITH_PAPER)
    _refuse_twice(any((e.state, e.day) == (state, paper.day) for e in conversions_of(firm)), paper)
    made = ConversionEntry(
        firm_id=firm.id,
        state=state,
        day=paper.day,
        document=paper.document.strip() or None,
        issuer=paper.issuer.strip() or None,
        systems=_known_systems(systems),
        recorded_by=user.id,
        recorded_at=datetime.now(UTC),
    )
    return _added(user, made, "programme.record_conversion", state=state)


def record_recognition(
    user: User, unit: Factory | Workshop, *, kind: str, level: str = "", paper: Paper, systems: Iterable[str] = ()
) -> RecognitionEntry:
    """Add the recognition of a workshop or factory by the commission. Raises Refused."""
    _refuse_others(user)
    _refuse_wrong_kind(unit, kind, level)
    _refuse_wrong_paper(paper, needed=True)
    factory, workshop = _places(unit)
    same = [e for e in recognitions_of(factory.firm) if (e.kind, e.factory_id, e.workshop_id) == (kind, *_ids(unit))]
    _refuse_twice(
        any((e.day, e.document, e.withdrawn) == (paper.day, paper.document.strip(), False) for e in same), paper
    )
    made = RecognitionEntry(
        firm_id=factory.firm_id,
        factory_id=factory.id,
        workshop_id=workshop.id if workshop else None,
        kind=kind,
        level=level or None,
        day=paper.day,
        document=paper.document.strip(),
        issuer=paper.issuer.strip(),
        list_where=paper.list_where.strip() or None,
        systems=_known_systems(systems),
        recorded_by=user.id,
        recorded_at=datetime.now(UTC),
    )
    return _added(user, made, "programme.record_recognition", kind=kind, level=level)


def withdraw(user: User, entry_id: int, paper: Paper) -> RecognitionEntry:
    """Add the withdrawal of a recognition that stands. Raises NotFound, Refused."""
    _refuse_others(user)
    entry = db.session.get(RecognitionEntry, entry_id)
    if entry is None:
        raise NotFound
    firm = firm_for(user, entry.firm_id)
    if entry not in standing(recognitions_of(firm)):
        raise Refused(_("这一项认定已经撤销，或已有更新的登记。请回到企业的登记页面查看。"))
    _refuse_wrong_paper(paper, needed=True)
    if paper.day < entry.day:
        raise Refused(
            _("撤销日期 %(day)s 早于认定日期 %(before)s。请核对撤销文件上的日期。", day=paper.day, before=entry.day)
        )
    made = RecognitionEntry(
        firm_id=entry.firm_id,
        factory_id=entry.factory_id,
        workshop_id=entry.workshop_id,
        kind=entry.kind,
        level=entry.level,
        withdrawn=True,
        day=paper.day,
        document=paper.document.strip(),
        issuer=paper.issuer.strip(),
        list_where=paper.list_where.strip() or None,
        systems=entry.systems,
        recorded_by=user.id,
        recorded_at=datetime.now(UTC),
    )
    return _added(user, made, "programme.withdraw", recognition=entry.id, kind=entry.kind)


def unit_for(user: User, unit_id: UUID) -> Factory | Workshop:
    """Return the factory or workshop with this identity, of a firm that the person may see. Raises NotFound."""
    if db.session.get(Workshop, unit_id) is not None:
        return workshop_for(user, unit_id)
    return factory_for(user, unit_id)


# --- reading ----------------------------------------------------------------------------------------------------------


def conversions_of(firm: Firm) -> list[ConversionEntry]:
    """Return the recorded states of a firm's conversion, the newest first; the first one holds."""
    mine = select(ConversionEntry).where(ConversionEntry.firm_id == firm.id)
    return list(db.session.scalars(mine.order_by(ConversionEntry.day.desc(), ConversionEntry.id.desc())))


def recognitions_of(firm: Firm) -> list[RecognitionEntry]:
    """Return the recognitions and withdrawals of a firm's workshops and factories, the newest first."""
    mine = select(RecognitionEntry).where(RecognitionEntry.firm_id == firm.id)
    return list(db.session.scalars(mine.order_by(RecognitionEntry.day.desc(), RecognitionEntry.id.desc())))


def standing(newest_first: Sequence[RecognitionEntry]) -> list[RecognitionEntry]:
    """Return the recognitions that hold: for each unit and kind the newest row, where that is no withdrawal."""
    newest: dict[tuple[object, ...], RecognitionEntry] = {}
    for entry in newest_first:
        newest.setdefault((entry.kind, entry.factory_id, entry.workshop_id), entry)
    return [entry for entry in newest.values() if not entry.withdrawn]


def unit_names(firm: Firm) -> dict[UUID, str]:
    """Return the factories as they are called, and the workshops with the factory they stand in; closed ones too."""
    names: dict[UUID, str] = {}
    for factory in firm.factories:
        names[factory.id] = factory.name
        names |= {workshop.id: f"{factory.name} · {workshop.name}" for workshop in factory.workshops}
    return names


def events_for(user: User) -> list[Event]:
    """Return everything recorded about the firms that this person may see, as the tally reads it."""
    seen = visible_firms(user).with_only_columns(Firm.id)
    conversions = select(ConversionEntry).join(ConversionEntry.firm).options(contains_eager(ConversionEntry.firm))
    steps = db.session.scalars(conversions.where(Firm.id.in_(seen)).order_by(ConversionEntry.id))
    recognitions = select(RecognitionEntry).join(RecognitionEntry.firm).options(contains_eager(RecognitionEntry.firm))
    recognised = db.session.scalars(recognitions.where(Firm.id.in_(seen)).order_by(RecognitionEntry.id))
    names = _all_unit_names()
    return [*map(_conversion_event, steps), *(_recognition_event(entry, names) for entry in recognised)]


def _conversion_event(entry: ConversionEntry) -> ConversionEvent:
    return ConversionEvent(
        firm_uscc=entry.firm.uscc,
        firm_name=entry.firm.name,
        district=entry.firm.district,
        systems=tuple(entry.systems),
        day=entry.day,
        state=entry.state,
        document=entry.document or "",
        issuer=entry.issuer or "",
    )


def _recognition_event(entry: RecognitionEntry, names: dict[UUID, str]) -> RecognitionEvent:
    unit = entry.workshop_id or entry.factory_id
    return RecognitionEvent(
        kind=entry.kind,
        level=entry.level or "",
        firm_uscc=entry.firm.uscc,
        firm_name=entry.firm.name,
        district=entry.firm.district,
        systems=tuple(entry.systems),
        unit=names[unit] if unit else entry.firm.name,
        day=entry.day,
        document=entry.document,
        issuer=entry.issuer,
        list_where=entry.list_where or "",
        revoked=entry.withdrawn,
    )


def _all_unit_names() -> dict[UUID, str]:
    factories = db.session.execute(select(Factory.id, Factory.name))
    named = {row.id: row.name for row in factories}
    workshops = db.session.execute(select(Workshop.id, Workshop.name, Workshop.factory_id))
    return named | {key: f"{named[factory]} · {name}" for key, name, factory in workshops}


# --- what is refused --------------------------------------------------------------------------------------------------


def _refuse_others(user: User) -> None:
    if user.role is not Role.COMMISSION:
        raise Refused(_("认定和撤销由市经济信息委登记。请把认定文件报给市经济信息委。"))


def _refuse_wrong_kind(unit: Factory | Workshop, kind: str, level: str) -> None:
    if kind not in plan().kinds:
        raise Refused(_("请选择认定的种类。"))
    if (kind in WORKSHOP_KINDS) != isinstance(unit, Workshop):
        name = text(plan().kinds[kind])
        raise Refused(
            _("“%(kind)s”认定的是车间。请在名单中选择车间。", kind=name)
            if kind in WORKSHOP_KINDS
            else _("“%(kind)s”认定的是工厂。请在名单中选择工厂。", kind=name)
        )
    if (kind in GRADED_KINDS) != (level in LEVELS):
        raise Refused(
            _("请选择国家智能工厂的级别。") if kind in GRADED_KINDS else _("只有国家智能工厂分级别。请不要选择级别。")
        )


def _refuse_wrong_paper(paper: Paper, needed: bool) -> None:
    if paper.day > today():
        raise Refused(_("日期 %(day)s 在今天（%(today)s）之后。请填写文件上的日期。", day=paper.day, today=today()))
    if paper.day < EARLIEST:
        raise Refused(_("日期 %(day)s 早于 2000 年。请核对年份。", day=paper.day))
    if needed and not (paper.document.strip() and paper.issuer.strip()):
        raise Refused(_("请填写文件名称或文号，以及发文单位：这一项以文件为准。"))
    if any(len(said) > LONGEST for said in (paper.document, paper.issuer, paper.list_where)):
        raise Refused(_("文件、发文单位和网址各不超过 %(most)s 个字。请缩短。", most=LONGEST))
    if paper.list_where.strip() and not paper.list_where.strip().startswith(("https://", "http://")):
        raise Refused(_("名单网址应以 https:// 或 http:// 开头。没有网址可以不填。"))


def _refuse_twice(is_there: bool, paper: Paper) -> None:
    if is_there:
        raise Refused(_("%(day)s 的这一项已经登记过，不必重复登记。", day=paper.day))


def _known_systems(systems: Iterable[str]) -> list[str]:
    known, chosen = plan().systems, set(systems)
    if strange := sorted(chosen - known.keys()):
        raise Refused(_("不认识的系统“%(name)s”。请从七大系统中选择。", name=strange[0][:40]))
    return [system for system in known if system in chosen]


def _places(unit: Factory | Workshop) -> tuple[Factory, Workshop | None]:
    return (unit.factory, unit) if isinstance(unit, Workshop) else (unit, None)


def _ids(unit: Factory | Workshop) -> tuple[UUID, UUID | None]:
    factory, workshop = _places(unit)
    return factory.id, workshop.id if workshop else None


def _added(user: User, made: Entry, action: str, **detail: str | int) -> Entry:
    db.session.add(made)
    db.session.flush()
    audit.record(user.id, action, f"firm:{made.firm_id}", entry=made.id, day=made.day, **detail)
    db.session.commit()
    return made
