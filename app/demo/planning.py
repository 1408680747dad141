"""Plans that firms of the demonstration carry out: just kept, begun, partly late, held against a later diagnosis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum

from app.accounts.models import User
from app.demo.cast import MadeUp
from app.diagnosis import service as diagnoses
from app.diagnosis.draft import every_subject
from app.diagnosis.models import Diagnosis
from app.diagnosis.records import assess
from app.diagnosis.verdicts import maturity_of
from app.planning import service
from app.planning.asked import ends
from app.planning.basis import Basis, basis_for
from app.planning.models import PlanStep, Progress, SavedPlan
from app.presentation import today
from app.workbooks import service as workbooks
from questionnaires.exchange import write_diagnosis
from questionnaires.model import FilledDiagnosis
from scoring.goals import Goal, levels_of
from scoring.plan import Limits
from scoring.projects import projects_of
from scoring.quarters import end_of
from scoring.what_if import after_projects, changed


class Story(StrEnum):
    """What became of a plan."""

    KEPT = "kept"  # nobody sees to it yet
    BEGUN = "begun"  # the first steps have somebody
    LATE = "late"  # under way, one step late
    MOSTLY_KEPT = "mostly_kept"  # a later diagnosis shows most of it
    ALL_KEPT = "all_kept"  # a later diagnosis shows all of it


STORIES = {5: Story.BEGUN, 26: Story.MOSTLY_KEPT, 43: Story.ALL_KEPT, 44: Story.LATE, 52: Story.KEPT}  # by firm
COMPARED = frozenset({Story.MOSTLY_KEPT, Story.ALL_KEPT})
QUARTERS_AGO = {Story.LATE: 3, Story.MOSTLY_KEPT: 4, Story.ALL_KEPT: 4}  # when such a plan was made
LEVELS_UP = {Story.BEGUN: 2, Story.ALL_KEPT: 2}  # from where the firm stands to the goal, where it is not the next
OWNERS = ("李工", "王主任", "赵经理")
NOTES = ("供应商交货晚了六周，已重新排期。", "第一条线已验收，第二条线在调试。", "已立项，等待设备到货。")
NOT_DONE_OF = 4  # one step in so many is not done where most of a plan was kept


def as_of(firm: MadeUp) -> date | None:
    """Return which day the first diagnosis of a firm describes, where that is not today: its plan is older."""
    quarters = QUARTERS_AGO.get(STORIES.get(firm.number, Story.KEPT))
    return end_of(today(), 1 - quarters) if quarters else None


def carry_out(manager: User, firm: MadeUp, diagnosis: Diagnosis) -> None:
    """Keep a plan to a higher level of maturity where the firm has a story, and bring it as far as that goes."""
    story = STORIES.get(firm.number)
    if story is None:
        return
    basis = basis_for(manager, diagnosis.id)
    plan = service.save_plan(manager, basis, [_goal(basis, LEVELS_UP.get(story, 1))], Limits())
    _follow_up(manager, plan, story)
    if story in COMPARED:
        _diagnose_again(manager, basis, plan, story)


def _goal(basis: Basis, levels_up: int) -> Goal:
    maturity = maturity_of(assess(basis.draft, basis.layer).assessments)
    assert maturity is not None
    assert maturity.level is not None
    most = levels_of(basis.criteria.criteria[maturity.criteria_id])
    return Goal(maturity.criteria_id, min(int(maturity.level.low) + levels_up, most))


def _follow_up(manager: User, plan: SavedPlan, story: Story) -> None:
    for place, step in enumerate(plan.steps):
        if said := _said(plan, step, place, story):
            service.change_step(manager, plan.id, step.id, said, {"owner": "", "note": "", "progress": step.progress})


def _said(plan: SavedPlan, step: PlanStep, place: int, story: Story) -> dict[str, object]:
    owner = OWNERS[place % len(OWNERS)]
    if story is Story.KEPT:
        return {}
    if story is Story.BEGUN:
        under_way = {"progress": Progress.UNDER_WAY, "note": NOTES[2]} if place == 0 else {}
        return {"owner": owner, **under_way} if place < len(OWNERS) else {}
    if story in COMPARED:
        return {"owner": owner, "progress": Progress.DONE if _is_done(place, story) else Progress.UNDER_WAY}
    if ends(plan.begins, step.end) < today():  # the first of them took longer
        late = {"progress": Progress.UNDER_WAY, "note": NOTES[0]} if place == 0 else {"progress": Progress.DONE}
        return {"owner": owner, **late}
    if ends(plan.begins, step.start) < today():
        return {"owner": owner, "progress": Progress.UNDER_WAY, "note": "" if place % 2 else NOTES[1]}
    return {"owner": owner} if place % 2 else {}


def _is_done(place: int, story: Story) -> bool:
    return story is Story.ALL_KEPT or place % NOT_DONE_OF != NOT_DONE_OF - 1


def _diagnose_again(manager: User, before: Basis, plan: SavedPlan, story: Story) -> None:
    """Diagnose the firm once more, from the file of the last time with what it has done since, and hand that in."""
    made = diagnoses.start(manager, before.diagnosis.firm_id)
    file = write_diagnosis(_afterwards(before, plan.steps, story))
    waiting = workbooks.send(manager, made.id, file.encode(), "示例_第二次诊断.json")
    seen = workbooks.preview(manager, made.id, waiting.id)
    workbooks.take_in(manager, made.id, waiting.id, seen.fingerprint, [one.place for one in seen.changes])
    diagnoses.submit(manager, diagnoses.open_draft(manager, made.id), manager.name, truthful=True)


def _afterwards(before: Basis, steps: Sequence[PlanStep], story: Story) -> FilledDiagnosis:
    """Return the answers of the last time with what the plan promised; of what is not done, half stays as it was."""
    filled, criteria = before.filled, before.criteria
    units = {f"{step.improvement_id}@{step.subject_key}": step.units for step in steps}
    after = after_projects(filled, criteria, projects_of(filled, criteria), units)
    said = {subject.key: subject.facts for subject in every_subject(filled.firm)}
    undone = [step for place, step in enumerate(steps) if not _is_done(place, story)]
    return changed(after, {(key, fact): said[key].get(fact) for key, fact in _not_reached(undone)})


def _not_reached(undone: Sequence[PlanStep]) -> Iterator[tuple[str, str]]:
    for step in undone:
        for one in step.effects[len(step.effects) // 2 :]:
            yield one["subject"], one["fact"]
