"""What the plan in a report rests on: the costs and the plan of the firm, kept so that it is printed again the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.diagnosis.models import Diagnosis, Layer, Stage
from app.extensions import db
from app.planning import service as planning
from app.planning.basis import basis_for
from app.reporting import service
from app.reporting.models import IssuedReport, RenderState
from app.reporting.orders import order_of
from app.reporting.printing import CATALOGUE_CHANGED
from app.reporting.terms import read_terms, terms_of_now
from reports.html import to_html
from reports.warm import WarmRenderer
from scoring.costs_file import OwnCosts
from scoring.goals import Goal
from scoring.loader import load_all
from scoring.model import Costs, PricedBy
from scoring.own_costs import CostPart, OwnCost
from scoring.plan import Limits
from tests.app.planning.test_service import LEVELS, answers, improvement
from tests.factories import make_diagnosis, make_plan
from tests.printing import begin_printing, freeze, report_of, work, write_quickly


@pytest.fixture
def diagnosis(flask_app, firm):
    """Level 1 is met but for what one improvement brings: 8 万元 by the catalogue."""
    return make_diagnosis(flask_app, firm, answers())


@pytest.fixture
def inside(flask_app):
    with flask_app.test_request_context():
        yield


def chapter(report) -> str:
    """Return the plan chapter as it would be printed from what is kept with a report."""
    html = to_html(report_of(order_of(db.session.get_one(IssuedReport, report.id))))
    return html.partition('<h1 id="plan">')[2].partition('<h1 id="method">')[0]


def own(manager, firm, cost):
    planning.set_costs(manager, firm.id, improvement("smart_roadmap"), {CostPart.PLACE: cost})


def with_catalogue(monkeypatch, digest):
    """Let the catalogue be another one from now on."""

    def changed(day):
        return replace(load_all(day), improvements_digest=digest)

    monkeypatch.setattr("app.reporting.printing.load_all", changed)
    monkeypatch.setattr("app.reporting.terms.criteria_on", changed)


@pytest.mark.usefixtures("inside")
def test_the_report_plans_with_the_costs_of_the_firm_as_the_page_does(manager, firm, diagnosis):
    own(manager, firm, Costs(0, 5, 6))
    printed = chapter(service.request_report(manager, diagnosis.id))

    assert "最可能 5 万元（0–6 万元）" in printed
    assert "费用：智能制造规划与年度投入按企业自己的数；其余按目录的规划假设。" in printed


@pytest.mark.usefixtures("inside")
def test_costs_of_the_installation_count_too_and_are_called_so(flask_app, manager, diagnosis, monkeypatch):
    costs = {"smart_roadmap": OwnCosts(cost=Costs(1, 4, 20))}
    monkeypatch.setitem(flask_app.config, "ZHIZHEN", replace(flask_app.config["ZHIZHEN"], costs=costs))

    assert "智能制造规划与年度投入按本地的造价" in chapter(service.request_report(manager, diagnosis.id))


@pytest.mark.usefixtures("inside")
def test_a_report_is_printed_again_the_same_after_costs_and_plans_have_changed(manager, firm, diagnosis):
    own(manager, firm, Costs(0, 5, 6))
    kept = planning.save_plan(manager, basis_for(manager, diagnosis.id), [Goal(LEVELS, 1)], Limits())
    report = service.request_report(manager, diagnosis.id)
    before = chapter(report)
    own(manager, firm, Costs(1, 3, 4))
    planning.withdraw(manager, kept.id)

    assert "这就是企业" in before
    assert chapter(report) == before
    assert "最可能 3 万元" in chapter(service.request_report(manager, diagnosis.id))


@pytest.mark.usefixtures("inside")
def test_the_plan_that_the_firm_has_kept_is_printed_with_owners_and_days(manager, diagnosis):
    kept = planning.save_plan(manager, basis_for(manager, diagnosis.id), [Goal(LEVELS, 1)], Limits(people=9))
    [step] = kept.steps
    said = {"owner": "李工", "due": date(2027, 3, 1), "progress": "under_way"}
    planning.change_step(manager, kept.id, step.id, said, {name: getattr(step, name) for name in said})
    printed = chapter(service.request_report(manager, diagnosis.id))

    assert "保存的改进计划 1：按本报告的事实和费用重新算过，项目、时间和费用都相同" in printed
    assert "负责人李工，2027-03-01 前完成，进行中" in printed


@pytest.mark.usefixtures("inside")
def test_of_several_kept_plans_the_newest_that_is_not_withdrawn_counts(flask_app, manager, diagnosis):
    make_plan(flask_app, diagnosis)
    second = make_plan(flask_app, diagnosis)
    both = terms_of_now(db.session.get_one(Diagnosis, diagnosis.id))
    planning.withdraw(manager, second.id)
    left = terms_of_now(db.session.get_one(Diagnosis, diagnosis.id))

    assert [both["plan"]["number"], left["plan"]["number"]] == [2, 1]


@pytest.mark.usefixtures("inside")
def test_what_is_stored_is_read_back(flask_app, manager, firm, diagnosis):
    own(manager, firm, Costs(0, 5, 6))
    make_plan(flask_app, diagnosis, {"owner": "李工", "due": date(2027, 6, 30), "progress": "done"})
    report = service.request_report(manager, diagnosis.id)
    terms = read_terms(report.plan_terms)

    assert terms.costs == (OwnCost("smart_roadmap", CostPart.PLACE, Costs(0, 5, 6), PricedBy.FIRM),)
    assert (terms.kept.goals, terms.kept.limits) == ((f"{LEVELS}:2",), Limits(budget=100, quarters=4, people=3))
    assert [(one.owner, one.due, one.progress) for one in terms.kept.steps] == [("李工", date(2027, 6, 30), "done")]


@pytest.mark.usefixtures("inside")
def test_a_report_under_way_is_given_back_only_while_costs_and_plan_stay_the_same(manager, firm, diagnosis):
    first = service.request_report(manager, diagnosis.id).id
    second = service.request_report(manager, diagnosis.id).id
    own(manager, firm, Costs(0, 5, 6))

    assert first == second != service.request_report(manager, diagnosis.id).id


def test_a_changed_catalogue_refuses_what_waits_and_a_new_report_is_printed(flask_app, manager, diagnosis, monkeypatch):
    monkeypatch.setattr(WarmRenderer, "to_pdf", lambda _renderer, _html, _timeout_s: b"%PDF")
    write_quickly(monkeypatch)
    with flask_app.app_context():
        first = service.request_report(manager, diagnosis.id).id
        with_catalogue(monkeypatch, "1" * 64)
    work(flask_app)
    with flask_app.app_context():
        second = service.request_report(manager, diagnosis.id).id
    work(flask_app)
    with flask_app.app_context():
        refused, printed = (db.session.get_one(IssuedReport, one) for one in (first, second))

        assert (refused.state, refused.fault) == (RenderState.FAILED, CATALOGUE_CHANGED)
        assert printed.state is RenderState.READY


def issued_and_failed(consultant, diagnosis):
    report = service.issue(consultant, diagnosis.id)
    begin_printing()
    service.give_up(report.id, "纸用完了。")
    return report


@pytest.fixture
def reviewed(flask_app, firm, consultant):
    made = make_diagnosis(flask_app, firm, answers(), Stage.REVIEWED)
    with flask_app.app_context():
        freeze(consultant, made, Layer.VERIFIED)
    return made


@pytest.mark.usefixtures("inside")
def test_what_was_issued_is_printed_again_as_it_was_issued_whatever_costs_are_by_now(
    manager, firm, consultant, reviewed
):
    first = issued_and_failed(consultant, reviewed)
    own(manager, firm, Costs(0, 5, 6))
    second = issued_and_failed(consultant, reviewed)

    assert second.id != first.id
    assert second.plan_terms == first.plan_terms
    assert chapter(second) == chapter(first)


@pytest.mark.usefixtures("inside")
def test_what_was_issued_and_never_printed_is_issued_on_a_changed_catalogue(consultant, reviewed, monkeypatch):
    first = issued_and_failed(consultant, reviewed)
    with_catalogue(monkeypatch, "1" * 64)
    second = issued_and_failed(consultant, reviewed)
    third = service.issue(consultant, reviewed.id)

    assert second.plan_terms["catalogue"] == "1" * 64 != first.plan_terms["catalogue"]
    assert third.plan_terms == second.plan_terms


@pytest.mark.usefixtures("inside")
def test_a_report_that_waited_before_terms_were_kept_is_printed_with_those_of_the_day(manager, firm, diagnosis):
    report = service.request_report(manager, diagnosis.id)
    report.plan_terms = None
    service.audit.record("system", "test.old", "report")
    db.session.commit()
    own(manager, firm, Costs(0, 5, 6))

    assert "最可能 5 万元" in chapter(report)
