"""Plans are computed, never taken over; kept once; followed up without outrunning each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.access import Role
from app.audit import AuditEvent
from app.diagnosis.models import Diagnosis, Stage
from app.errors import NotFound, Refused, Stale
from app.extensions import db
from app.planning import service
from app.planning.basis import basis_for
from app.planning.comparison import Verdict
from app.planning.costs import catalogue_for, digest_of
from app.planning.models import CostOverride, Progress
from questionnaires.facts import load_facts
from questionnaires.model import FactKind
from scoring.costs_file import OwnCosts
from scoring.goals import Goal
from scoring.loader import load_all
from scoring.model import Costs
from scoring.own_costs import CostPart
from scoring.plan import Limits
from tests.factories import make_consultant, make_diagnosis, make_firm, make_plan, make_user

AS_OF = date(2026, 11, 24)
LEVELS = "gbt_39117_2020_discrete"
PRACTICES = [fact.id for fact in load_facts().values() if fact.kind is FactKind.PRACTICE]
MISSING = ("org_strategy.L1.1", "org_strategy.L1.2")  # smart_roadmap lifts both


def answers(**changed):
    """Level 1 is met but for what one improvement brings, and nothing of higher levels."""
    said = {name: "mostly" if ".L1." in name else "none" for name in PRACTICES}  # just enough
    return {"production_type": "discrete", **said, **dict.fromkeys(MISSING, "none"), **changed}


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)})


@pytest.fixture
def manager(flask_app, firm):
    return make_user(flask_app, firm_id=firm.id)


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm, answers())


@pytest.fixture
def request_context(flask_app):
    with flask_app.test_request_context():
        yield


def save(manager, diagnosis, level=1, only="smart_roadmap", **limits):
    """Save a plan; from a catalogue of one improvement, so that what is in the plan is known beforehand."""
    basis = basis_for(manager, diagnosis.id)
    improvements = tuple(one for one in basis.criteria.improvements if only in (one.id, None))
    basis = replace(basis, criteria=replace(basis.criteria, improvements=improvements))
    return service.save_plan(manager, basis, [Goal(LEVELS, level)], Limits(**limits))


# --- saving -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("request_context")
def test_a_saved_plan_holds_the_steps_their_costs_and_what_they_promise(manager, diagnosis):
    plan = save(manager, diagnosis, budget=100, people=5)
    [step] = plan.steps

    assert (plan.number, plan.result, plan.proved, plan.begins) == (1, "reached", True, date(2027, 1, 1))
    assert plan.goals == [f"{LEVELS}:1"]
    assert plan.limits == {"budget": 100, "quarters": None, "people": 5}
    assert plan.cost == step.cost
    assert (step.improvement_id, step.name_zh, step.subject_key) == ("smart_roadmap", "智能制造规划与年度投入", "firm")
    assert (step.start, step.end, step.due, step.progress) == (1, 1, date(2027, 3, 31), Progress.NOT_STARTED)
    promised = {one["fact"]: (one["before"], one["value"]) for one in step.effects}
    assert promised == {**dict.fromkeys(MISSING, ('"none"', '"full"')), "sme.m1": (None, '"o2"')}
    assert {one["id"] for one in step.helps} == set(MISSING)
    assert all(one["zh"] and one["en"] for one in step.helps)
    assert set(step.words) == {"what", "proof"}
    assert [(one["wanted"], one["reached"]) for one in plan.promised] == [(1, 1)]


@pytest.mark.usefixtures("request_context")
def test_saving_is_recorded_once_and_the_same_plan_is_given_back(manager, diagnosis):
    first, second, other = save(manager, diagnosis), save(manager, diagnosis), save(manager, diagnosis, budget=50)
    events = db.session.scalars(select(AuditEvent.subject).where(AuditEvent.action == "plan.save")).all()

    assert first.id == second.id
    assert (other.number, len(service.plans_of(diagnosis.id))) == (2, 2)
    assert events == [f"plan:{first.id}", f"plan:{other.id}"]


@pytest.mark.usefixtures("request_context")
def test_a_goal_that_is_reached_already_leaves_nothing_to_save(flask_app, manager, firm):
    met = make_diagnosis(flask_app, firm, answers(**dict.fromkeys(MISSING, "full")))

    with pytest.raises(Refused, match="目标已经达到，没有要做的项目"):
        save(manager, met)
    assert service.plans_of(met.id) == []


@pytest.mark.usefixtures("request_context")
def test_a_budget_that_pays_for_nothing_leaves_nothing_to_save(manager, diagnosis):
    with pytest.raises(Refused, match="这个预算一个项目也做不了"):
        save(manager, diagnosis, budget=1)


@pytest.mark.usefixtures("request_context")
def test_too_few_people_leave_nothing_to_save(manager, diagnosis):
    with pytest.raises(Refused, match="用这么多人做不完"):
        save(manager, diagnosis, people=0)


@pytest.mark.usefixtures("request_context")
def test_a_plan_under_a_small_budget_promises_only_what_it_reaches(manager, diagnosis):
    plan = save(manager, diagnosis, level=2, only=None, budget=40)

    assert plan.result == "over_budget"
    assert plan.cost.likely <= 40
    assert [(one["wanted"], one["reached"]) for one in plan.promised] == [(2, 1)]


@pytest.mark.usefixtures("request_context")
def test_a_quick_check_is_no_ground_for_a_plan(flask_app, manager, firm):
    check = make_diagnosis(flask_app, firm, number=-1, questionnaire_id="auto_parts_quick")

    with pytest.raises(Refused, match="快速自查不能保存计划"):
        save(manager, check)


@pytest.mark.usefixtures("request_context")
def test_answers_changed_while_the_plan_is_computed_refuse_it(manager, diagnosis, monkeypatch):
    computed = service._computed

    def while_somebody_saves(*given):
        plan = computed(*given)
        db.session.get_one(Diagnosis, diagnosis.id).revision += 1
        service.audit.record("system", "test.save", "diagnosis")
        db.session.commit()
        return plan

    monkeypatch.setattr(service, "_computed", while_somebody_saves)
    with pytest.raises(Stale, match="有人改了这份诊断的回答"):
        save(manager, diagnosis)


@pytest.mark.usefixtures("request_context")
def test_verified_answers_count_once_the_review_is_signed_off(flask_app, manager, diagnosis, monkeypatch):
    monkeypatch.setattr("app.planning.basis.latest_record", lambda _diagnosis, _layer: object())

    assert basis_for(manager, diagnosis.id).layer == "verified"


@pytest.mark.usefixtures("request_context")
def test_the_plans_of_a_firm_are_those_of_all_its_diagnoses_the_newest_first(flask_app, firm, diagnosis):
    first = make_plan(flask_app, diagnosis)
    second = make_plan(flask_app, make_diagnosis(flask_app, firm, answers()))
    make_plan(flask_app, make_diagnosis(flask_app))

    assert [plan.id for plan in service.plans_of_firm(firm.id)] == [second.id, first.id]


# --- whose plan it is -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize("role", [Role.FACTORY_MANAGER, Role.CONSULTANT])
def test_whoever_has_no_business_with_the_firm_finds_nothing(flask_app, firm, diagnosis, role):
    other = make_user(flask_app, role) if role is Role.FACTORY_MANAGER else make_consultant(flask_app)
    plan = make_plan(flask_app, diagnosis)
    improvement = load_all(AS_OF).improvements[0]
    attempts = [
        lambda: service.plan_for(other, plan.id),
        lambda: service.withdraw(other, plan.id),
        lambda: service.step_for(other, plan.id, plan.steps[0].id),
        lambda: service.change_step(other, plan.id, plan.steps[0].id, {"progress": "done"}, {}),
        lambda: service.set_costs(other, firm.id, improvement, {CostPart.PLACE: Costs(1, 2, 3)}),
        lambda: basis_for(other, diagnosis.id),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()


@pytest.mark.usefixtures("request_context")
def test_a_step_of_another_plan_is_not_found(flask_app, manager, diagnosis):
    mine, theirs = make_plan(flask_app, diagnosis), make_plan(flask_app, make_diagnosis(flask_app))

    with pytest.raises(NotFound):
        service.change_step(manager, mine.id, theirs.steps[0].id, {"progress": "done"}, {"progress": "not_started"})


# --- following up -----------------------------------------------------------------------------------------------------


@pytest.fixture
def step(flask_app, diagnosis):
    return make_plan(flask_app, diagnosis).steps[0]


SAID = {"owner": "李工", "due": date(2027, 6, 30), "progress": "under_way", "note": "已立项"}
SEEN = {"owner": "", "due": date(2027, 3, 31), "progress": "not_started", "note": ""}


@pytest.mark.usefixtures("request_context")
def test_owner_date_progress_and_note_are_kept_with_who_said_so(manager, step):
    kept = service.change_step(manager, step.plan_id, step.id, {**SAID, "owner": "  李 工 "}, SEEN)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "plan.step")).one()

    assert (kept.owner, kept.due, kept.progress, kept.note) == ("李 工", date(2027, 6, 30), "under_way", "已立项")
    assert (kept.revision, kept.changed_by) == (1, manager.id)
    assert (event.detail["before"]["owner"], event.detail["after"]["owner"]) == ("", "李 工")
    assert event.detail["after"]["due"] == "2027-06-30"


@pytest.mark.usefixtures("request_context")
def test_what_two_people_change_in_different_fields_is_merged(manager, step):
    service.change_step(manager, step.plan_id, step.id, {**SEEN, "owner": "李工"}, SEEN)
    kept = service.change_step(manager, step.plan_id, step.id, {**SEEN, "note": "已立项"}, SEEN)

    assert (kept.owner, kept.note, kept.revision) == ("李工", "已立项", 2)


@pytest.mark.usefixtures("request_context")
def test_what_two_people_change_otherwise_in_the_same_field_is_refused_and_nothing_changes(manager, step):
    service.change_step(manager, step.plan_id, step.id, {**SEEN, "owner": "李工"}, SEEN)
    with pytest.raises(service.ChangedByBoth, match="负责人：刚才由别人改过，没有保存") as refusal:
        service.change_step(manager, step.plan_id, step.id, {**SEEN, "owner": "王工", "note": "已立项"}, SEEN)
    db.session.rollback()
    kept = service.plan_for(manager, step.plan_id).steps[0]

    assert refusal.value.fields == ("owner",)
    assert (kept.owner, kept.note, kept.revision) == ("李工", "", 1)


@pytest.mark.usefixtures("request_context")
def test_what_two_people_change_alike_is_no_conflict_and_changes_nothing_twice(manager, step):
    pressed = {"progress": "under_way"}, {"progress": "not_started"}
    service.change_step(manager, step.plan_id, step.id, *pressed)

    assert service.change_step(manager, step.plan_id, step.id, *pressed).revision == 1


@pytest.mark.usefixtures("request_context")
def test_one_press_changes_how_far_a_step_is_and_nothing_else(manager, step):
    service.change_step(manager, step.plan_id, step.id, SAID, SEEN)
    kept = service.change_step(manager, step.plan_id, step.id, {"progress": "done"}, {"progress": "under_way"})

    assert (kept.owner, kept.due, kept.progress, kept.note) == ("李工", date(2027, 6, 30), "done", "已立项")


@pytest.mark.usefixtures("request_context")
def test_a_form_that_does_not_say_what_it_showed_overrules_nobody(manager, step):
    with pytest.raises(service.ChangedByBoth):
        service.change_step(manager, step.plan_id, step.id, SAID, {})


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"owner": "长" * 61}, "负责人：超过 60 个字"),
        ({"note": "长" * 501}, "备注：超过 500 个字"),
        ({"owner": "李\x07工"}, "负责人：有看不见的字符"),
        ({"note": "已\x07立项"}, "备注：有看不见的字符"),
        ({"due": date(2026, 11, 23)}, "完成日期：应在 2026-11-24 到 2099-12-31 之间"),
        ({"due": date(2100, 1, 1)}, "完成日期：应在"),
        ({"progress": "finished"}, "进度：请从列表中选择一项"),
        ({"progress": ""}, "进度：请从列表中选择一项"),
    ],
)
def test_what_cannot_be_is_refused(manager, step, given, said):
    with pytest.raises(Refused, match=said):
        service.change_step(manager, step.plan_id, step.id, {**SAID, **given}, SEEN)


@pytest.mark.usefixtures("request_context")
def test_a_step_may_be_due_before_the_first_whole_quarter(manager, step):
    kept = service.change_step(manager, step.plan_id, step.id, {"due": date(2026, 12, 1)}, SEEN)

    assert kept.due == date(2026, 12, 1)


@pytest.mark.usefixtures("request_context")
def test_a_step_may_have_no_day(manager, step):
    assert service.change_step(manager, step.plan_id, step.id, {"due": None}, SEEN).due is None


@pytest.mark.usefixtures("request_context")
def test_a_withdrawn_plan_stays_to_be_read_and_is_changed_no_more(manager, step):
    service.withdraw(manager, step.plan_id)
    with pytest.raises(Stale, match="已经撤回"):
        service.change_step(manager, step.plan_id, step.id, SAID, SEEN)
    with pytest.raises(Stale, match="已经撤回"):
        service.withdraw(manager, step.plan_id)
    [plan] = service.plans_of(service.plan_for(manager, step.plan_id).diagnosis_id)

    assert plan.withdrawn_by == manager.id
    assert service.standing([plan]) == []


# --- comparing --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("request_context")
def test_a_later_diagnosis_of_the_firm_is_held_against_the_plan(flask_app, manager, firm, diagnosis):
    plan = save(manager, diagnosis)
    half = answers(**{"org_strategy.L1.1": "full", "org_strategy.L1.2": "partly"})
    later = make_diagnosis(flask_app, firm, half)
    make_diagnosis(flask_app, answers=answers())  # of somebody else
    comparison = service.compare(plan)
    [step] = comparison.steps
    by_fact = {one.promised.fact: one.verdict for one in step.facts}

    assert comparison.later.diagnosis.id == later.id
    assert [one.number for one in service.later_diagnoses(plan)] == [2, 1]
    assert by_fact == {MISSING[0]: Verdict.ACHIEVED, MISSING[1]: Verdict.PARTLY, "sme.m1": Verdict.NOT_KNOWN}
    assert (step.verdict, step.count("achieved")) == (Verdict.PARTLY, 1)
    assert [one.verdict for one in comparison.outcomes] == [Verdict.NOT_ACHIEVED]


@pytest.mark.usefixtures("request_context")
def test_everything_done_is_achieved_for_goal_and_step(flask_app, manager, firm, diagnosis):
    plan = save(manager, diagnosis)
    make_diagnosis(flask_app, firm, answers(**dict.fromkeys(MISSING, "full"), **{"sme.m1": "o2"}))
    comparison = service.compare(plan)

    assert [one.verdict for one in comparison.steps] == [Verdict.ACHIEVED]
    assert [one.verdict for one in comparison.outcomes] == [Verdict.ACHIEVED]
    assert comparison.count("achieved") == 1


@pytest.mark.usefixtures("request_context")
def test_a_diagnosis_that_was_only_begun_says_nothing_against_the_plan(flask_app, manager, firm, diagnosis):
    plan = save(manager, diagnosis)
    make_diagnosis(flask_app, firm)
    comparison = service.compare(plan)

    assert [one.verdict for one in comparison.steps] == [Verdict.NOT_KNOWN]
    assert [one.verdict for one in comparison.outcomes] == [Verdict.NOT_KNOWN]


@pytest.mark.usefixtures("request_context")
def test_without_a_later_diagnosis_its_own_answers_count(manager, diagnosis):
    plan = save(manager, diagnosis)

    assert service.compare(plan).later.diagnosis.id == diagnosis.id


@pytest.mark.usefixtures("request_context")
def test_earlier_foreign_and_unknown_diagnoses_cannot_be_compared(flask_app, manager, firm, diagnosis):
    second = make_diagnosis(flask_app, firm, answers(), Stage.FILLING)
    plan, foreign = make_plan(flask_app, second), make_diagnosis(flask_app)
    plan = service.plan_for(manager, plan.id)
    for one in (diagnosis.id, foreign.id, uuid4()):
        with pytest.raises(NotFound):
            service.compare(plan, one)


# --- costs ------------------------------------------------------------------------------------------------------------


def improvement(name, firm_id=None):
    criteria = catalogue_for(firm_id, load_all(AS_OF)) if firm_id else load_all(AS_OF)
    return next(one for one in criteria.improvements if one.id == name)


@pytest.mark.usefixtures("request_context")
def test_without_own_costs_the_catalogue_is_the_same_object(firm):
    assert catalogue_for(firm.id, load_all(AS_OF)) is load_all(AS_OF)


@pytest.mark.usefixtures("request_context")
def test_a_plan_is_computed_with_the_firms_own_costs_whatever_its_size(manager, firm, diagnosis):
    before = save(manager, diagnosis)
    service.set_costs(manager, firm.id, improvement("smart_roadmap"), {CostPart.PLACE: Costs(0, 17, 19)})
    plan = save(manager, diagnosis)

    assert plan.cost == Costs(0, 17, 19)
    assert before.cost != plan.cost
    assert before.catalogue_digest != plan.catalogue_digest
    assert [one.id for one in service.plans_of(diagnosis.id)] == [plan.id, before.id]


@pytest.mark.usefixtures("request_context")
def test_the_digest_of_the_catalogue_follows_costs_and_effects_alone(firm, manager):
    criteria = load_all(AS_OF)
    renamed = replace(criteria, improvements=tuple(replace(one, people=one.people) for one in criteria.improvements))
    fewer = replace(criteria, improvements=criteria.improvements[1:])

    assert digest_of(renamed) == digest_of(criteria)
    assert digest_of(fewer) != digest_of(criteria)


@pytest.mark.usefixtures("request_context")
def test_costs_of_a_firm_are_nobody_elses_and_can_be_taken_back(flask_app, manager, firm):
    other = make_firm(flask_app)
    mine = {CostPart.PLACE: Costs(1, 2, 3), CostPart.UNIT: Costs(4, 5, 6)}
    service.set_costs(manager, firm.id, improvement("machine_networking"), mine)
    own = improvement("machine_networking", firm.id)
    service.set_costs(manager, firm.id, own, dict.fromkeys(mine))
    actions = db.session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "plan.costs")).all()

    assert (own.cost, own.each, own.scale) == (Costs(1, 2, 3), Costs(4, 5, 6), "")
    assert improvement("machine_networking", other.id) is improvement("machine_networking")
    assert db.session.scalars(select(CostOverride)).all() == []
    assert [one["after"]["place"] for one in actions] == [[1, 2, 3], None]


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize("cost", [(-1, 2, 3), (3, 2, 4), (1, 5, 4), (0, 0, 0), (1, 2, 1_000_001)])
def test_costs_that_cannot_be_are_refused(manager, firm, cost):
    with pytest.raises(Refused, match="一处的造价："):
        service.set_costs(manager, firm.id, improvement("smart_roadmap"), {CostPart.PLACE: Costs(*cost)})


@pytest.mark.usefixtures("request_context")
def test_what_counts_no_units_has_no_cost_of_a_unit(manager, firm):
    with pytest.raises(Refused, match="不按数量计价"):
        service.set_costs(manager, firm.id, improvement("smart_roadmap"), {CostPart.UNIT: Costs(1, 2, 3)})


@pytest.mark.usefixtures("request_context")
def test_costs_of_the_installation_stand_below_those_of_a_firm(flask_app, manager, firm, monkeypatch):
    costs = {
        "smart_roadmap": OwnCosts(cost=Costs(10, 20, 30)),
        "machine_networking": OwnCosts(each=Costs(7, 8, 9)),
    }
    monkeypatch.setitem(flask_app.config, "ZHIZHEN", replace(flask_app.config["ZHIZHEN"], costs=costs))
    everybody = improvement("smart_roadmap", firm.id)
    service.set_costs(manager, firm.id, improvement("smart_roadmap"), {CostPart.PLACE: Costs(1, 2, 3)})

    assert (everybody.cost, everybody.scale) == (Costs(10, 20, 30), "rules")
    assert improvement("machine_networking", firm.id).each == Costs(7, 8, 9)
    assert improvement("smart_roadmap", firm.id).cost == Costs(1, 2, 3)
