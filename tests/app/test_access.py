"""Every route names a permission, and no firm ever sees another's: asked of every route there is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.access import OF_FIRM, PERMISSIONS, PUBLIC, Role, requires
from app.accounts.models import User
from app.colleagues import service as colleagues
from app.diagnosis.models import Diagnosis, Stage
from app.diagnosis.service import open_draft
from app.extensions import db
from app.firms.models import Firm
from app.programme import service as programme
from app.reporting import service as reporting
from app.reporting.models import IssuedReport
from questionnaires.lists import ListRow
from questionnaires.loader import load
from questionnaires.model import SubjectKind
from scoring.tally_file import load_plan
from tests.factories import (
    make_app,
    make_colleague,
    make_consultant,
    make_diagnosis,
    make_evidence,
    make_firm,
    make_invitation,
    make_list,
    make_plan,
    make_template,
    make_user,
    make_waiting_file,
    parts_of,
    share_with,
    sign_in,
)

SIGNED_OUT = {"accounts.sign_in", "accounts.language", "accounts.state_of_session", "colleagues.join"}
ON_A_HOME_SCREEN = {"accounts.manifest", "accounts.worker", "accounts.taken_along"}  # the same for everybody
# Of a report by the code on its cover: when it was issued and its digests, nothing that it says.
BY_CODE = {"verification.index", "verification.report", "verification.compare"}
OPEN_TO_ALL = SIGNED_OUT | ON_A_HOME_SCREEN | BY_CODE  # without signing in
# Objects that belong to no firm; who may touch them is said by the permission alone.
OF_NO_FIRM = {"user_id"}
# What fills an argument that is no identity of an object: the first practice of the firm, a language, a target, ...
SECTION = next(one for one in load("auto_parts").sections if one.of is SubjectKind.FIRM and one.subdomain)
WORDS = {
    "code": "zh",
    "form": "docx",
    "section_id": SECTION.id,
    "subject_key": "firm",
    "page_id": SECTION.pages[0].id,
    "fact_id": SECTION.pages[0].fact_ids[0],
    "fact": SECTION.pages[0].fact_ids[0],
    "token": "no-such-token",
    "list_id": "equipment",
    "indicator": "equipment_digital_rate",
    "target_id": load_plan(date(2026, 11, 24)).targets[0].id,
    "stage": "filling",
    "step": "remove",
    "improvement_id": "smart_roadmap",
    "questionnaire_id": "auto_parts",
    "version": "2026.1",
    "report_code": "2222-2222-2222-2222-2222",  # a right one that no report has
}
# What a colleague may open of a diagnosis, each only for the sections shared with him. Whoever opens a new address to
# colleagues adds it here, and the tests below ask whether it knows what is shared.
OF_SECTIONS = {
    "diagnosis.overview",  # leads to his own sections
    "diagnosis.answers",
    "diagnosis.fill",
    "diagnosis.save_answers",
    "diagnosis.offline_section",
    "diagnosis.offline_answers",
    "diagnosis.coach",
    "colleagues.talks",
    "colleagues.talk_page",
    "colleagues.resolve",
    "colleagues.mark",
    "colleagues.notes",
}
OTHER_SECTION = "data"
REFUSED = {401, 403, 404}
METHODS = ("GET", "POST")


def _rules(flask_app: Flask) -> list[Rule]:
    return [rule for rule in flask_app.url_map.iter_rules() if rule.endpoint != "static"]


def _identities(rule: Rule) -> set[str]:
    return {name for name in rule.arguments if name not in WORDS} - OF_NO_FIRM


def _address(flask_app: Flask, rule: Rule, objects: Mapping[str, object]) -> str:
    of_workshop = {"section_id": "workshop_equipment", "subject_key": objects["workshop_id"]}
    words = WORDS | (of_workshop if rule.endpoint.startswith("lists.") else {})
    values = {name: objects[name] if name in objects else words[name] for name in rule.arguments}
    return flask_app.url_map.bind("localhost").build(rule.endpoint, values, _methods(rule)[0])


def _methods(rule: Rule) -> list[str]:
    return [method for method in METHODS if method in (rule.methods or ())]


def _objects(
    flask_app: Flask, firm: Firm, consultant: User, stage: Stage, manager: User | None = None
) -> dict[str, UUID | int]:
    """Something real behind every kind of identity that an address may hold, all of one firm."""
    parts, manager = parts_of(flask_app, firm), manager or make_user(flask_app, firm_id=firm.id)
    diagnosis = make_diagnosis(flask_app, firm, stage=stage)
    make_list(flask_app, diagnosis, parts["冲压车间"], [ListRow("压力机", "", 2, frozenset())])
    running = make_diagnosis(flask_app, firm)
    evidence = make_evidence(flask_app, diagnosis, shows=[("firm", WORDS["fact"])], picture=b"small")
    plan = make_plan(flask_app, diagnosis)
    with flask_app.test_request_context():
        report_id = reporting.request_report(manager, running.id).id
        reports = [db.session.get_one(IssuedReport, report_id)]
        batch_id = reporting.keep_together(consultant, reports).id
    return {
        "firm_id": firm.id,
        "factory_id": parts["一工厂"],
        "workshop_id": parts["冲压车间"],
        "consultant_id": consultant.id,
        "diagnosis_id": diagnosis.id,
        "report_id": report_id,
        "batch_id": batch_id,
        "plan_id": plan.id,
        "step_id": plan.steps[0].id,
        "file_id": evidence.id,
        "waiting_id": make_waiting_file(flask_app, diagnosis, manager).id,
        "entry_id": _recognition(flask_app, parts["冲压车间"], f"{stage} 1 号"),
        "colleague_id": make_colleague(flask_app, diagnosis).id,
        "invitation_id": make_invitation(flask_app, diagnosis, f"of {diagnosis.id}").id,
        "template_id": make_template(flask_app, consultant).id,
    }


@pytest.fixture
def firm(flask_app: Flask) -> Firm:
    return make_firm(flask_app, {"一工厂": ("冲压车间",)}, district="500120")


@pytest.fixture(params=[Stage.FILLING, Stage.SUBMITTED])
def objects(request: pytest.FixtureRequest, flask_app: Flask, firm: Firm) -> dict[str, UUID | int]:
    return _objects(flask_app, firm, make_consultant(flask_app, firm), request.param)


def _recognition(flask_app: Flask, workshop_id: UUID, document: str) -> int:
    commission = make_user(flask_app, Role.COMMISSION)
    paper = programme.Paper(day=date(2026, 11, 2), document=document, issuer="市经济信息委")
    with flask_app.test_request_context():
        workshop = programme.unit_for(commission, workshop_id)
        return programme.record_recognition(commission, workshop, kind="digital_workshop", paper=paper).id


def test_every_route_names_a_permission_of_the_table(flask_app: Flask) -> None:
    for rule in _rules(flask_app):
        assert getattr(flask_app.view_functions[rule.endpoint], "permission", None) in PERMISSIONS, rule


def test_only_signing_in_codes_of_reports_and_what_is_the_same_for_everybody_are_open_to_all(flask_app: Flask) -> None:
    views = flask_app.view_functions
    found = {rule.endpoint for rule in _rules(flask_app) if views[rule.endpoint].permission == PUBLIC}

    assert found == OPEN_TO_ALL


def test_every_permission_is_used_by_a_route_or_a_page(flask_app: Flask) -> None:
    used = {flask_app.view_functions[rule.endpoint].permission for rule in _rules(flask_app)}

    assert set(PERMISSIONS) - used == set()


def test_an_unknown_permission_is_refused_when_the_module_is_read() -> None:
    with pytest.raises(KeyError, match=r"firm\.sell"):
        requires("firm.sell")


def test_a_route_without_a_permission_is_denied_to_everybody(tmp_path) -> None:
    flask_app = make_app(tmp_path)
    flask_app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    client = flask_app.test_client()
    sign_in(client, make_user(flask_app, Role.ADMINISTRATOR))

    assert client.get("/forgotten").status_code == 403


def test_without_a_session_every_page_asks_to_sign_in(flask_app: Flask, client: FlaskClient, objects) -> None:
    for rule in _rules(flask_app):
        if rule.endpoint in OPEN_TO_ALL or "GET" not in _methods(rule):
            continue
        answer = client.get(_address(flask_app, rule, {**objects, "user_id": uuid4()}))

        assert answer.status_code == 302, rule
        assert answer.location.startswith("/sign-in?next="), rule


def test_without_a_session_nothing_can_be_posted(flask_app: Flask, client: FlaskClient, objects) -> None:
    for rule in _rules(flask_app):
        if rule.endpoint in OPEN_TO_ALL or "POST" not in _methods(rule):
            continue
        answer = client.post(_address(flask_app, rule, {**objects, "user_id": uuid4()}), data={"name": "x"})

        assert answer.status_code == 401, rule


def test_every_argument_of_an_address_is_known_to_these_tests(flask_app: Flask, objects) -> None:
    named = set().union(*(_identities(rule) for rule in _rules(flask_app)))

    assert named <= set(objects), "give the new argument an object of the firm in _objects, or a word in WORDS"


@pytest.mark.parametrize("role", [*sorted(OF_FIRM), Role.CONSULTANT, Role.DISTRICT_OFFICER])
def test_no_route_shows_or_changes_what_belongs_to_a_foreign_firm(
    flask_app: Flask, client: FlaskClient, objects, role: Role
) -> None:
    sign_in(client, _stranger(flask_app, role))
    for rule in _rules(flask_app):
        if not _identities(rule):
            continue
        for method in _methods(rule):
            answer = client.open(_address(flask_app, rule, objects), method=method, data=_typed(method))

            assert answer.status_code in {403, 404}, f"{method} {rule} answered {answer.status_code} to a {role}"


@pytest.mark.parametrize("role", [*sorted(OF_FIRM), Role.CONSULTANT, Role.DISTRICT_OFFICER])
def test_naming_an_own_firm_opens_nothing_of_a_foreign_one(
    flask_app: Flask, client: FlaskClient, objects, role: Role
) -> None:
    own = make_firm(flask_app, district="500151")
    sign_in(client, _stranger(flask_app, role, own))
    for rule in _rules(flask_app):
        if len(_identities(rule)) < 2:
            continue
        for method in _methods(rule):
            answer = client.open(
                _address(flask_app, rule, {**objects, "firm_id": own.id}), method=method, data=_typed(method)
            )

            assert answer.status_code >= 400, f"{method} {rule} answered {answer.status_code} to a {role}"


def test_the_same_addresses_answer_those_whose_firm_it_is(flask_app: Flask, client: FlaskClient, firm: Firm) -> None:
    consultant, manager = make_consultant(flask_app, firm), make_user(flask_app, firm_id=firm.id)
    friends = [
        consultant,
        manager,
        make_user(flask_app, Role.DISTRICT_OFFICER, district=firm.district),
        make_user(flask_app, Role.COMMISSION),
        make_user(flask_app, Role.ADMINISTRATOR),
    ]
    stages = [_objects(flask_app, firm, consultant, stage, manager) for stage in (Stage.FILLING, Stage.SUBMITTED)]
    for rule in _rules(flask_app):
        if not _identities(rule) or "GET" not in _methods(rule):
            continue
        seen = set()
        for friend in friends:
            sign_in(client, friend)
            seen |= {client.get(_address(flask_app, rule, objects)).status_code for objects in stages}

        assert seen - REFUSED, f"{rule} is closed to everybody, so the test above proves nothing: {seen}"
        assert 500 not in seen, rule


@pytest.mark.parametrize("role", list(Role))
def test_a_role_without_the_permission_is_told_so_and_nothing_happens(
    flask_app: Flask, client: FlaskClient, objects, role: Role
) -> None:
    sign_in(client, make_user(flask_app, role))
    for rule in _rules(flask_app):
        permission = flask_app.view_functions[rule.endpoint].permission
        if role in PERMISSIONS[permission]:
            continue
        for method in _methods(rule):
            answer = client.open(_address(flask_app, rule, {**objects, "user_id": uuid4()}), method=method)

            assert answer.status_code == 403, f"{method} {rule} answered {answer.status_code} to a {role}"
            assert "您的角色不能进行这项操作" in answer.text


# --- a colleague and his sections -----------------------------------------------------------------------------------


def _answers_to(flask_app: Flask, client: FlaskClient, objects: Mapping[str, object]) -> dict[str, set[int]]:
    """Ask every route about the firm's objects; return endpoint -> the statuses it answered with."""
    found: dict[str, set[int]] = {}
    for rule in _rules(flask_app):
        if _identities(rule):
            for method in _methods(rule):
                answer = client.open(_address(flask_app, rule, objects), method=method, data=_typed(method))
                found.setdefault(rule.endpoint, set()).add(answer.status_code)
    return found


def _diagnosis_of(flask_app: Flask, objects: Mapping[str, object]) -> Diagnosis:
    with flask_app.app_context():
        return db.session.get_one(Diagnosis, objects["diagnosis_id"])


def test_a_colleague_without_a_section_opens_nothing_of_his_own_firm(
    flask_app: Flask, client: FlaskClient, objects
) -> None:
    sign_in(client, make_colleague(flask_app, _diagnosis_of(flask_app, objects)))

    for endpoint, statuses in _answers_to(flask_app, client, objects).items():
        assert statuses <= {403, 404}, f"{endpoint} answered {statuses}"


def test_a_colleague_opens_only_what_is_made_for_sections(flask_app: Flask, client: FlaskClient, objects) -> None:
    sign_in(client, make_colleague(flask_app, _diagnosis_of(flask_app, objects), (SECTION.id, "firm")))
    answers = _answers_to(flask_app, client, objects)

    assert {endpoint for endpoint, statuses in answers.items() if not statuses <= {403, 404}} == OF_SECTIONS
    assert 500 not in set().union(*answers.values())


def test_a_colleague_with_another_section_opens_nothing_of_this_one(
    flask_app: Flask, client: FlaskClient, objects
) -> None:
    colleague = make_colleague(flask_app, _diagnosis_of(flask_app, objects), (OTHER_SECTION, "firm"))
    sign_in(client, colleague)
    about_section = [rule for rule in _rules(flask_app) if "section_id" in rule.arguments]

    assert len(about_section) >= 6
    for rule in about_section:
        for method in _methods(rule):
            answer = client.open(_address(flask_app, rule, objects), method=method, data=_typed(method))

            assert answer.status_code in {403, 404}, f"{method} {rule} answered {answer.status_code}"


def test_a_section_of_another_firm_that_is_shared_by_mistake_stays_closed(
    flask_app: Flask, client: FlaskClient, objects
) -> None:
    stranger = _stranger(flask_app, Role.COLLEAGUE)
    share_with(flask_app, stranger, _diagnosis_of(flask_app, objects), (SECTION.id, "firm"))
    sign_in(client, stranger)

    for endpoint, statuses in _answers_to(flask_app, client, objects).items():
        assert statuses <= {403, 404}, f"{endpoint} answered {statuses}"


def test_a_section_taken_back_is_closed_at_once_with_a_sentence(flask_app: Flask, client: FlaskClient, firm) -> None:
    diagnosis = make_diagnosis(flask_app, firm)
    colleague = make_colleague(flask_app, diagnosis, (SECTION.id, "firm"))
    sign_in(client, colleague)
    page = f"/diagnoses/{diagnosis.id}/fill/{SECTION.id}/firm/{SECTION.pages[0].id}"
    before = client.get(page).status_code
    manager = make_user(flask_app, firm_id=firm.id)
    with flask_app.test_request_context():
        draft = open_draft(manager, diagnosis.id)
        colleagues.share(manager, draft, colleague, frozenset(), frozenset({(SECTION.id, "firm")}))
    after = client.get(page)

    assert (before, after.status_code) == (200, 404)
    assert "这一节没有分给您，或已被收回" in after.text


def _stranger(flask_app: Flask, role: Role, other: Firm | None = None) -> User:
    """Somebody with the role whose own firm or district is another one."""
    other = other or make_firm(flask_app, district="500151")
    if role is Role.FACTORY_MANAGER:
        return make_user(flask_app, firm_id=other.id)
    if role is Role.COLLEAGUE:
        return make_colleague(flask_app, make_diagnosis(flask_app, other), (SECTION.id, "firm"))
    if role is Role.CONSULTANT:
        return make_consultant(flask_app, other)
    return make_user(flask_app, role, district="500151")


def _typed(method: str) -> dict[str, str] | None:
    return {"name": "某某", "remark": "某某", "open": "no"} if method == "POST" else None


# --- the demonstration is for this machine only --------------------------------------------------------------------


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.168.1.7", 403), ("", 403)])
def test_the_demonstration_answers_this_machine_only(client: FlaskClient, address: str, status: int) -> None:
    assert client.get("/sign-in", environ_base={"REMOTE_ADDR": address}).status_code == status


@pytest.mark.parametrize("host", ["zhizhen.example", "127.0.0.1.evil.example"])
def test_the_demonstration_answers_to_its_own_names_only(client: FlaskClient, host: str) -> None:
    answer = client.get("/sign-in", headers={"Host": host})

    assert answer.status_code == 400
    assert "演示环境只用 127.0.0.1 或 localhost 打开" in answer.text


def test_a_real_installation_answers_other_machines_and_keeps_its_cookie_on_https(tmp_path) -> None:
    client = make_app(tmp_path, demo=False).test_client()
    answer = client.get("/sign-in", base_url="https://zhizhen.example", environ_base={"REMOTE_ADDR": "192.168.1.7"})

    assert answer.status_code == 200
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax"))
