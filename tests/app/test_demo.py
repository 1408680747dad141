"""The demonstration: made by the services, the same each time, only where it may be, and not twice."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from sqlalchemy import func, select

from app.access import Role
from app.accounts import service as accounts
from app.accounts.models import User
from app.audit import verify
from app.colleagues import invitations
from app.colleagues.service import shares_of
from app.colleagues.talk import State, states
from app.demo import loading
from app.demo.cast import OFFICERS_DISTRICT, STAGES, made_up_firms
from app.demo.planning import STORIES, Story
from app.diagnosis.draft import read_draft
from app.diagnosis.models import AnswerEntry, Diagnosis, SharedSection, Stage
from app.errors import Refused
from app.evidence import service as evidence
from app.evidence import upkeep
from app.extensions import db
from app.firms.models import Firm
from app.planning import following
from app.planning import service as planning
from app.planning.comparison import Verdict
from app.planning.models import Progress, SavedPlan
from app.presentation import today
from app.programme.models import ConversionEntry, RecognitionEntry
from app.reporting.codes import read_code
from app.reporting.models import Edition, IssuedReport, RenderState
from questionnaires.credit_code import check_uscc
from questionnaires.progress import progress
from reports.warm import WarmRenderer
from tests.factories import empty_again, hash_quickly, make_app
from tests.printing import write_quickly

CAST = made_up_firms()


def some_of_each():
    """Few firms that still are at every stage, the showpiece first, one of them filling in beside the officer."""
    chosen = {0: CAST[0]}
    for firm in CAST:
        shown = firm.stage != "filling" or firm.district == OFFICERS_DISTRICT
        if shown and firm.stage not in {one.stage for one in chosen.values()}:
            chosen[firm.number] = firm
    return tuple(chosen.values())


def run(flask_app, *arguments):
    return flask_app.test_cli_runner().invoke(args=["demo", *arguments])


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """An application with a small demonstration."""
    flask_app = make_app(tmp_path_factory.mktemp("demo"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "made_up_firms", some_of_each)
        patch.setattr("app.demo.records.WORKSHOPS", 6)
        hash_quickly(patch)
        said = run(flask_app, "load")
    assert said.exit_code == 0, said.output
    return flask_app


@pytest.fixture
def logins(loaded):
    return json.loads((loaded.config["ZHIZHEN"].data_dir / "demo-logins.json").read_text(encoding="utf-8"))


def test_about_sixty_firms_are_in_the_cast_at_every_stage():
    assert len(CAST) == 60
    assert Counter(firm.stage for firm in CAST) == STAGES
    assert {firm.stage for firm in CAST if firm.district == OFFICERS_DISTRICT} >= {"issued", "submitted", "filling"}


def test_the_cast_is_the_same_each_time():
    assert made_up_firms() == CAST


def test_firms_are_clearly_made_up_and_their_codes_are_right_and_differ():
    assert all(firm.name.startswith("示例") for firm in CAST)
    assert len({firm.name for firm in CAST}) == len({firm.uscc for firm in CAST}) == 60
    assert all(check_uscc(firm.uscc) == firm.uscc and "MADEM" in firm.uscc for firm in CAST)


def test_the_showpiece_is_reviewed_and_issued():
    assert (CAST[0].is_showpiece, CAST[0].stage) == (True, "issued")


def test_every_stage_is_reached_through_the_services_and_every_change_is_on_record(loaded):
    with loaded.app_context():
        stages = Counter(one.stage for one in db.session.scalars(select(Diagnosis)))
        faults = list(verify())

    assert set(stages) == set(Stage)
    assert faults == []


def test_answers_do_not_contradict_each_other_and_submitted_ones_are_complete(loaded):
    with loaded.app_context():
        for diagnosis in db.session.scalars(select(Diagnosis)):
            draft = read_draft(diagnosis)
            done = progress(draft.questionnaire, draft.filled())

            assert done.contradictions == ()
            assert (done.blank < done.asked // 10) or diagnosis.stage is Stage.FILLING


def test_the_firms_that_a_visitor_opens_have_given_evidence_that_is_whole(loaded, logins):
    with loaded.app_context():
        manager = db.session.scalar(select(User).where(User.email == logins[0]["email"]))
        [diagnosis] = db.session.get_one(Firm, manager.firm_id).diagnoses
        names = [file.name for file, _who in evidence.files_of(diagnosis.id)]
        counts = evidence.counts(diagnosis.id)
        found = upkeep.check()

    assert names[:2] == ["示例_采集点表.csv", "示例_设备台账.xlsx"]
    assert len(names) == 3
    assert sorted(counts.values()) == [2, 2]
    assert found.whole >= 6
    assert (found.faults, found.orphans) == ((), ())


def test_conversions_and_recognitions_are_there_with_one_withdrawn(loaded):
    with loaded.app_context():
        withdrawn = list(db.session.scalars(select(RecognitionEntry.withdrawn)))
        steps = db.session.scalar(select(func.count()).select_from(ConversionEntry))

    assert withdrawn.count(True) == 1
    assert withdrawn.count(False) > 5
    assert steps > 5


def test_one_person_of_each_role_can_sign_in_with_the_password_that_is_told(loaded, logins):
    assert [login["role"] for login in logins] == [role.value for role, _address, _name in loading.PEOPLE]
    assert len(logins) == len(Role)
    for login in logins:
        with loaded.test_request_context():
            user = accounts.sign_in(login["email"], login["password"])

            assert (user.role, user.must_change_password) == (login["role"], False)


def test_the_password_file_is_for_its_owner_only(loaded):
    file = loaded.config["ZHIZHEN"].data_dir / "demo-logins.json"

    assert file.stat().st_mode & 0o777 == 0o600


def test_the_firm_of_the_manager_is_just_filling_in(loaded, logins):
    with loaded.app_context():
        manager = db.session.scalar(select(User).where(User.email == logins[0]["email"]))
        (diagnosis,) = db.session.get_one(Firm, manager.firm_id).diagnoses

        assert diagnosis.stage is Stage.FILLING
        assert diagnosis.revision > 1


def test_colleagues_help_with_sections_answers_a_talk_and_a_mark(loaded, logins):
    told = next(login for login in logins if login["role"] == Role.COLLEAGUE)
    with loaded.app_context():
        colleague = db.session.scalars(select(User).where(User.email == told["email"])).one()
        manager = db.session.scalars(select(User).where(User.email == logins[0]["email"])).one()
        diagnosis = db.session.get_one(Firm, manager.firm_id).diagnoses[0]
        own = shares_of(diagnosis.id)[colleague.id]
        answered = set(db.session.scalars(select(AnswerEntry.fact).where(AnswerEntry.said_by == colleague.id)))
        said = states(diagnosis.id)
        waiting = [invitation.name for invitation in invitations.waiting(diagnosis.id)]
        firms = set(db.session.scalars(select(SharedSection.diagnosis_id)))

    assert {"equipment", "workshop_equipment", "workshop_improvement"} <= {section for section, _key in own}
    assert answered
    assert said["firm", "equipment.L2.1"] == State(comments=3, open=3)
    assert said["firm", "equipment.L2.2"] == State(marked=True)
    assert waiting == ["示例安环员"]
    assert len(firms) == 2


@pytest.fixture(scope="module")
def with_plans(tmp_path_factory):
    """An application with the firms that carry a plan out."""
    flask_app = make_app(tmp_path_factory.mktemp("plans"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "made_up_firms", lambda: tuple(CAST[number] for number in STORIES))
        patch.setattr("app.demo.records.WORKSHOPS", 6)
        said = run(flask_app, "load")
    assert said.exit_code == 0, said.output
    return flask_app


@pytest.fixture
def carried_out(with_plans):
    """Their plans, each with the comparison, by what became of it."""
    names = {CAST[number].name: story for number, story in STORIES.items()}
    with with_plans.test_request_context():
        plans = list(db.session.scalars(select(SavedPlan)))
        yield {names[plan.diagnosis.firm.name]: (plan, planning.compare(plan)) for plan in plans}


def progress_of(plan):
    return Counter(step.progress for step in plan.steps)


def test_plans_are_kept_begun_and_late(carried_out):
    kept, begun, late = (carried_out[story][0] for story in (Story.KEPT, Story.BEGUN, Story.LATE))

    assert {(step.progress, step.owner) for step in kept.steps} == {(Progress.NOT_STARTED, "")}
    assert progress_of(begun)[Progress.UNDER_WAY] == 1
    assert sum(bool(step.owner) for step in begun.steps) == 3
    assert progress_of(late)[Progress.DONE] > 0
    assert following.count(late.steps, today()).late == 1
    assert all(plan.result == "reached" and plan.proved for plan in (kept, begun, late))


def test_a_later_diagnosis_shows_most_of_one_plan_and_all_of_another(carried_out):
    (_mostly, some), (_all, every) = (carried_out[story] for story in (Story.MOSTLY_KEPT, Story.ALL_KEPT))

    assert some.later.diagnosis.number == every.later.diagnosis.number == 2
    assert {one.verdict for one in every.steps} == {Verdict.ACHIEVED}
    assert {one.verdict for one in every.outcomes} == {Verdict.ACHIEVED}
    assert len({one.verdict for one in some.steps}) > 1
    assert Verdict.ACHIEVED in {one.verdict for one in some.steps}


def test_both_readmes_say_where_plans_are_carried_out(root):
    told = [CAST[number].name for number, story in STORIES.items() if story is not Story.KEPT]

    for name in ("README.md", "README.zh-CN.md"):
        readme = (root / name).read_text(encoding="utf-8")
        assert all(firm in readme for firm in told)


def test_the_logins_are_printed_one_a_line(loaded, logins):
    lines = run(loaded, "logins").output.splitlines()

    assert [line.split()[1:] for line in lines] == [[login["email"], login["password"]] for login in logins]


def test_a_second_loading_does_nothing(loaded):
    def firms():
        with loaded.app_context():
            return db.session.scalar(select(func.count()).select_from(Firm))

    before = firms()
    said = run(loaded, "load")

    assert (said.exit_code, said.output) == (0, "")
    assert firms() == before


def test_the_sample_report_is_the_printed_report_of_the_showpiece(loaded, monkeypatch):
    pages = []
    monkeypatch.setattr(WarmRenderer, "to_pdf", lambda _self, html, _timeout_s: pages.append(html) or b"%PDF- sample")
    write_quickly(monkeypatch)
    woken = []
    monkeypatch.setattr("app.demo.loading.jobs.wake", lambda: woken.append("woken"))
    said = run(loaded, "sample-report")
    with loaded.app_context():
        states = set(db.session.scalars(select(IssuedReport.state)))

    assert said.exit_code == 0
    assert (loaded.config["ZHIZHEN"].data_dir / "sample-report.pdf").read_bytes() == b"%PDF- sample"
    assert states == {RenderState.READY}
    assert CAST[0].name in pages[0]
    assert "没有数控系统，按定义不计" in pages[0] or "纸质记录" in pages[0] or "按现场记录核定" in pages[0]


def test_every_issued_report_has_a_code_of_its_own_that_is_right(loaded):
    with loaded.test_request_context():
        issued = list(db.session.scalars(select(IssuedReport).where(IssuedReport.edition == Edition.DIAGNOSTIC)))
        codes = [read_code(report.code) for report in issued]

    assert len(set(codes)) == len(codes) >= 1


@pytest.mark.parametrize("command", ["load", "sample-report", "logins"])
def test_outside_of_a_demonstration_nothing_is_made_up(tmp_path, command):
    flask_app = make_app(tmp_path, demo=False)
    said = run(flask_app, command)
    with flask_app.app_context():
        people = db.session.scalar(select(func.count()).select_from(User))

    assert said.exit_code == 1
    assert "这里不是演示环境" in said.output
    assert people == 0


def test_a_loading_that_was_interrupted_starts_over(tmp_path, monkeypatch):
    flask_app = make_app(tmp_path)
    hash_quickly(monkeypatch)
    monkeypatch.setattr(loading, "made_up_firms", lambda: tuple(one for one in CAST if one.stage == "filling")[:12])
    monkeypatch.setattr(loading, "record_city", _stop)
    first = run(flask_app, "load")
    monkeypatch.setattr(loading, "record_city", lambda _commission, _firms: None)
    second = run(flask_app, "load")
    with flask_app.app_context():
        firms = db.session.scalar(select(func.count()).select_from(Firm))
        faults = list(verify())

    assert isinstance(first.exception, Refused)
    assert "starting over" in second.output
    assert (firms, faults) == (12, [])
    assert not (tmp_path / "demo-unfinished").exists()
    empty_again(flask_app)


def _stop(_commission, _firms):
    raise Refused("stopped")
