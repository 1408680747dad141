"""What is done with plans: save, withdraw, follow up, compare; and with a firm's own costs. Commits alone here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, selectinload

from app import audit
from app.accounts.models import User
from app.diagnosis.draft import read_draft
from app.diagnosis.models import Diagnosis
from app.diagnosis.punctuation import listed
from app.diagnosis.service import diagnoses_of, diagnosis_for
from app.errors import NotFound, Refused, Stale
from app.extensions import db
from app.firms.service import firm_for
from app.planning.asked import begins, ends, goal_words
from app.planning.basis import Basis, basis_of
from app.planning.comparison import Comparison
from app.planning.comparison import compare as compare_with
from app.planning.costs import digest_of
from app.planning.models import CostOverride, PlanStep, Progress, SavedPlan
from app.planning.promise import kept_words, promised_facts, promised_outcomes, requirements_helped
from scoring.goals import Goal
from scoring.model import Costs, Improvement
from scoring.own_costs import CostPart
from scoring.plan import ImprovementPlan, Limits, Result, choose
from scoring.solver import OutOfTime, SolverFault

LONGEST_OWNER, LONGEST_NOTE = 60, 500  # characters
HIGHEST_COST = 1_000_000  # 万元
LAST_DAY = date(2099, 12, 31)
_NOT_SEEN = object()  # a form that does not say what it showed


# --- saving -----------------------------------------------------------------------------------------------------------


def save_plan(user: User, basis: Basis, goals: Sequence[Goal], limits: Limits) -> SavedPlan:
    """Compute the plan for these goals and keep it with what it promises. Raises Refused where there is none.

    The same plan, kept before and not withdrawn, is given back. The database is free while the plan is computed.
    """
    if basis.diagnosis.is_quick_check:
        raise Refused(_("快速自查不能保存计划。请开始正式诊断，在那里做计划。"))
    diagnosis_id, revision = basis.diagnosis.id, basis.diagnosis.revision
    db.session.rollback()
    made = _made(basis, _computed(basis, goals, limits))
    diagnosis = _locked(user, diagnosis_id)
    if diagnosis.revision != revision:
        raise Stale(_("计算计划时有人改了这份诊断的回答，计划没有保存。请重新计算，再保存。"))
    if same := next((one for one in standing(plans_of(diagnosis_id)) if _content(one) == _content(made)), None):
        db.session.rollback()
        return same
    highest = select(func.max(SavedPlan.number)).where(SavedPlan.diagnosis_id == diagnosis_id)
    made.diagnosis_id, made.revision = diagnosis_id, revision
    made.number = 1 + (db.session.scalar(highest) or 0)
    made.saved_by, made.saved_at = user.id, datetime.now(UTC)
    db.session.add(made)
    db.session.flush()
    where, steps = f"plan:{made.id}", [f"{one.improvement_id}@{one.subject_key}" for one in made.steps]
    audit.record(user.id, "plan.save", where, diagnosis=diagnosis_id, number=made.number, goals=made.goals, steps=steps)
    db.session.commit()
    return made


def _locked(user: User, diagnosis_id: UUID) -> Diagnosis:
    """Return the diagnosis, which nobody else changes and to which nobody adds a plan until the transaction ends."""
    db.session.execute(select(Diagnosis.id).where(Diagnosis.id == diagnosis_id).with_for_update())
    return diagnosis_for(user, diagnosis_id)


def _computed(basis: Basis, goals: Sequence[Goal], limits: Limits) -> ImprovementPlan:
    try:
        plan = choose(basis.filled, basis.criteria, goals, limits)
    except OutOfTime as fault:
        raise Refused(_("这份计划要算的太多，没有算完。请减少目标，或放宽期限和人手后再试。")) from fault
    except SolverFault as fault:
        raise Refused(_("这份计划没有通过复算，没有保存。请换一个目标或预算再试，并告诉管理员。")) from fault
    if plan.result is Result.ALREADY:
        raise Refused(_("目标已经达到，没有要做的项目，不用保存计划。请选更高的目标。"))
    if plan.result is Result.TOO_LATE:
        raise Refused(_("在这个日期前、用这么多人做不完，没有可以保存的计划。请推后完成日期或增加人员。"))
    if plan.result is Result.UNREACHABLE:
        raise Refused(_("目录里的改进项达不到这个目标，没有可以保存的计划。请选低一些的目标。"))
    if not plan.projects:
        raise Refused(_("这个预算一个项目也做不了，没有可以保存的计划。请提高预算。"))
    return plan


def _made(basis: Basis, plan: ImprovementPlan) -> SavedPlan:
    beginning = begins(basis.filled.as_of)
    made = SavedPlan(
        layer=basis.layer,
        result=plan.result.value,
        goals=[goal_words(goal) for goal in plan.goals],
        limits=asdict(plan.limits),
        begins=beginning,
        cost_low=plan.cost.low,
        cost_likely=plan.cost.likely,
        cost_high=plan.cost.high,
        proved=plan.proved,
        catalogue_digest=digest_of(basis.criteria),
        promised=promised_outcomes(plan),
    )
    effects = promised_facts(basis.filled, basis.criteria, plan)
    helps = requirements_helped(basis.filled, basis.criteria, plan)
    for position, one in enumerate(plan.projects, start=1):
        improvement, place = one.project.improvement, one.project.place
        made.steps.append(
            PlanStep(
                position=position,
                improvement_id=improvement.id,
                name_zh=improvement.text.zh,
                name_en=improvement.text.en,
                words=kept_words(one, basis.criteria),
                subject_key=place.key,
                subject_name=place.name,
                units=one.units,
                start=one.start,
                end=one.end,
                cost_low=one.cost.low,
                cost_likely=one.cost.likely,
                cost_high=one.cost.high,
                helps=helps[one.project.id],
                effects=effects[one.project.id],
                owner="",
                due=ends(beginning, one.end),
                progress=Progress.NOT_STARTED,
                note="",
                revision=0,
            )
        )
    return made


def _content(plan: SavedPlan) -> list[object]:
    """Return what makes two plans the same plan."""
    steps = [(one.improvement_id, one.subject_key, one.units, one.start, one.cost) for one in plan.steps]
    return [plan.goals, plan.limits, plan.layer, plan.catalogue_digest, plan.promised, steps]


def withdraw(user: User, plan_id: UUID) -> SavedPlan:
    """Take a plan back: it stays to be read, and no step of it is followed up any more. Raises NotFound, Stale."""
    plan = plan_for(user, plan_id)
    _refuse_withdrawn(plan)
    plan.withdrawn_by, plan.withdrawn_at = user.id, datetime.now(UTC)
    audit.record(user.id, "plan.withdraw", f"plan:{plan.id}")
    db.session.commit()
    return plan


def _refuse_withdrawn(plan: SavedPlan) -> None:
    if plan.withdrawn_at is not None:
        raise Stale(_("这份计划已经撤回，不能再改。请打开现在有效的计划。"))


# --- seeing plans -----------------------------------------------------------------------------------------------------


def plan_for(user: User, plan_id: UUID) -> SavedPlan:
    """Return a plan of a diagnosis that the person may see. Raises NotFound."""
    plan = db.session.get(SavedPlan, plan_id)
    if plan is None:
        raise NotFound
    diagnosis_for(user, plan.diagnosis_id)
    return plan


def step_for(user: User, plan_id: UUID, step_id: int) -> tuple[SavedPlan, PlanStep]:
    """Return a step with its plan, which the person may see. Raises NotFound."""
    plan = plan_for(user, plan_id)
    step = db.session.get(PlanStep, step_id)
    if step is None or step.plan_id != plan.id:
        raise NotFound
    return plan, step


def plans_of(diagnosis_id: UUID) -> list[SavedPlan]:
    """Return the saved plans of a diagnosis with their steps, the newest first. Who may see it is asked before."""
    query = select(SavedPlan).where(SavedPlan.diagnosis_id == diagnosis_id).options(selectinload(SavedPlan.steps))
    return list(db.session.scalars(query.order_by(SavedPlan.number.desc())))


def plans_of_firm(firm_id: UUID) -> list[SavedPlan]:
    """Return the saved plans of all diagnoses of a firm, the newest first. Who may see it is asked before."""
    query = select(SavedPlan).join(SavedPlan.diagnosis).where(Diagnosis.firm_id == firm_id)
    query = query.options(contains_eager(SavedPlan.diagnosis), selectinload(SavedPlan.steps))
    return list(db.session.scalars(query.order_by(Diagnosis.number.desc(), SavedPlan.number.desc())))


def standing(plans: Sequence[SavedPlan]) -> list[SavedPlan]:
    """Return those that are not withdrawn."""
    return [plan for plan in plans if plan.withdrawn_at is None]


def later_diagnoses(plan: SavedPlan) -> list[Diagnosis]:
    """Return what a plan can be held against: newer diagnoses of the firm, the newest first, then its own."""
    own = plan.diagnosis
    return [one for one in diagnoses_of(own.firm_id) if one.number >= own.number]


def compare(plan: SavedPlan, wanted: UUID | None = None) -> Comparison:
    """Hold a plan against one of its later diagnoses, the newest without `wanted`. Raises NotFound.

    Whether the plan may be seen is asked before; the other diagnoses are of the same firm.
    """
    found = [one for one in later_diagnoses(plan) if wanted in (None, one.id)]
    if not found:
        raise NotFound
    return compare_with(plan, basis_of(read_draft(found[0])))


# --- following up -----------------------------------------------------------------------------------------------------


class ChangedByBoth(Stale):
    """Somebody else changed the same of a step after it was opened here; nothing was saved."""

    def __init__(self, fields: Sequence[str]) -> None:
        self.fields = tuple(fields)
        words = listed(field_words()[name] for name in fields)
        super().__init__(_("%(fields)s：刚才由别人改过，没有保存。请对照现在的内容，再保存一次。", fields=words))


def field_words() -> dict[str, str]:
    """Return what may be said about a step, with its names."""
    return {"owner": _("负责人"), "due": _("完成日期"), "progress": _("进度"), "note": _("备注")}


def change_step(
    user: User, plan_id: UUID, step_id: int, said: Mapping[str, object], seen: Mapping[str, object]
) -> PlanStep:
    """Keep who does a step until when, how far it is, and a note, as far as `said`. Raises NotFound, Refused, Stale.

    As with answers: what the person left as the page showed it (`seen`) keeps what was saved meanwhile, and what both
    changed is a conflict, unless both say the same.
    """
    plan, step = step_for(user, plan_id, step_id)
    db.session.refresh(step, with_for_update=True)
    _refuse_withdrawn(plan)
    changed = _merged(step, _checked(plan, said), seen)
    if not changed:
        return step
    before = {name: getattr(step, name) for name in changed}
    for name, value in changed.items():
        setattr(step, name, value)
    step.revision, step.changed_by, step.changed_at = step.revision + 1, user.id, datetime.now(UTC)
    where = {"step": step.id, "improvement": step.improvement_id, "about": step.subject_key}
    audit.record(user.id, "plan.step", f"plan:{plan.id}", **where, before=before, after=changed)
    db.session.commit()
    return step


def _merged(step: PlanStep, said: Mapping[str, object], seen: Mapping[str, object]) -> dict[str, object]:
    """Return what is to be changed. Raises ChangedByBoth."""
    new = {name: mine for name, mine in said.items() if mine not in (seen.get(name, _NOT_SEEN), getattr(step, name))}
    both = [name for name in new if getattr(step, name) != seen.get(name, _NOT_SEEN)]
    if both:
        raise ChangedByBoth(both)
    return new


def _checked(plan: SavedPlan, said: Mapping[str, object]) -> dict[str, object]:
    """Return what is said about a step, as it is kept. Raises Refused."""
    checks = {"owner": _owner, "due": lambda due: _due(plan, due), "progress": _progress, "note": _note}
    return {name: checks[name](typed) for name, typed in said.items()}


def _owner(typed: object) -> str:
    owner = " ".join(str(typed).split())
    if len(owner) > LONGEST_OWNER:
        raise Refused(_("负责人：超过 %(most)s 个字。请写短一些。", most=LONGEST_OWNER))
    if not owner.isprintable():
        raise Refused(_("负责人：有看不见的字符。请重新输入。"))
    return owner


def _note(typed: object) -> str:
    note = " ".join(str(typed).split())
    if len(note) > LONGEST_NOTE:
        raise Refused(_("备注：超过 %(most)s 个字。请写短一些。", most=LONGEST_NOTE))
    if not note.isprintable():
        raise Refused(_("备注：有看不见的字符。请重新输入。"))
    return note


def _due(plan: SavedPlan, typed: object) -> date | None:
    """Check the day; a firm may begin before the first whole quarter, so the day of the diagnosis bounds it."""
    first = plan.diagnosis.as_of
    if not isinstance(typed, date):
        return None
    if not first <= typed <= LAST_DAY:
        shown = {"first": first.isoformat(), "last": LAST_DAY.isoformat()}
        raise Refused(_("完成日期：应在 %(first)s 到 %(last)s 之间。请改一个日期，未定就留空。", **shown))
    return typed


def _progress(typed: object) -> Progress:
    if typed not in list(Progress):
        raise Refused(_("进度：请从列表中选择一项。"))
    return Progress(str(typed))


# --- a firm's own costs -----------------------------------------------------------------------------------------------


def set_costs(user: User, firm_id: UUID, improvement: Improvement, costs: Mapping[CostPart, Costs | None]) -> None:
    """Keep what a firm plans to pay for an improvement; None gives the cost of the catalogue back.

    Raises NotFound, Refused. Plans that were saved keep the costs they were computed with.
    """
    firm = firm_for(user, firm_id)
    for part, cost in costs.items():
        _refuse_cost(improvement, part, cost)
    query = select(CostOverride).where(CostOverride.firm_id == firm.id, CostOverride.improvement_id == improvement.id)
    known = {one.part: one for one in db.session.scalars(query.with_for_update())}
    before = {part: known[part].cost if part in known else None for part in costs}
    if before == dict(costs):
        return
    for part, cost in costs.items():
        _set_cost(user, firm.id, improvement.id, part, cost, known.get(part))
    said = {
        "before": {part.value: before[part] for part in costs},
        "after": {part.value: cost for part, cost in costs.items()},
    }
    audit.record(user.id, "plan.costs", f"firm:{firm.id}", improvement=improvement.id, **said)
    db.session.commit()


def _set_cost(
    user: User, firm_id: UUID, improvement_id: str, part: CostPart, cost: Costs | None, known: CostOverride | None
) -> None:
    if cost is None:
        if known is not None:
            db.session.delete(known)
        return
    if known is None:
        known = CostOverride(firm_id=firm_id, improvement_id=improvement_id, part=part)
        db.session.add(known)
    known.low, known.likely, known.high = cost
    known.set_by, known.set_at = user.id, datetime.now(UTC)


def _refuse_cost(improvement: Improvement, part: CostPart, cost: Costs | None) -> None:
    where = _("一处的造价") if part is CostPart.PLACE else _("每单位的造价")
    if cost is None:
        return
    if part is CostPart.UNIT and improvement.adds is None:
        raise Refused(_("%(where)s：这个改进项不按数量计价。请留空。", where=where))
    if not 0 <= cost.low <= cost.likely <= cost.high or cost.likely < 1:
        raise Refused(_("%(where)s：应为最低 ≤ 可能 ≤ 最高，可能至少为 1。请改正这三个数。", where=where))
    if cost.high > HIGHEST_COST:
        raise Refused(_("%(where)s：最多 %(most)s 万元。请核对单位。", where=where, most=HIGHEST_COST))
