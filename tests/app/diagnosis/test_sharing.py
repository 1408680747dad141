"""A colleague sees and fills in the sections that are shared with him, and nothing beside them, through every page."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from flask_login import login_user
from sqlalchemy import func, select

from app.access import Role
from app.diagnosis import service, sharing
from app.diagnosis.draft import FIRM_KEY, TAILORING, Said, read_draft, stated
from app.diagnosis.models import AnswerEntry, Diagnosis, Layer, Stage
from app.errors import NotFound
from app.extensions import db
from tests.factories import make_colleague, make_diagnosis, make_firm, make_user, parts_of, sign_in

FULL = stated("full")
# The firm sells more new products than it sells at all: the check of one section names a figure of another one.
SALES = {
    "traditional_maker": True,
    "revenue": Fraction(15321),
    "nev_revenue_y0": Fraction(16000),
    "nev_revenue_y1": Fraction(50),
    "main_revenue_y1": Fraction(100),
}


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间")})


@pytest.fixture
def parts(flask_app, firm):
    return parts_of(flask_app, firm)


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm, SALES)


def answers(flask_app) -> set[tuple[str, str]]:
    with flask_app.app_context():
        rows = db.session.execute(select(AnswerEntry.subject_key, AnswerEntry.fact).where(AnswerEntry.revision > 1))
        return {(key, fact) for key, fact in rows}


# --- through the pages ------------------------------------------------------------------------------------------------


def test_what_a_colleague_saves_is_kept_under_his_name(flask_app, client, diagnosis):
    colleague = make_colleague(flask_app, diagnosis, ("data", "firm"))
    sign_in(client, colleague)
    page = f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2"

    client.post(page, data={"revision": "1", "data.L1.1": "full"})

    with flask_app.app_context():
        kept = db.session.scalars(select(AnswerEntry).where(AnswerEntry.fact == "data.L1.1")).one()
        assert (kept.value, kept.said_by) == ('"full"', colleague.id)
    assert 'value="full" checked' in client.get(page).text


def test_saving_leads_from_one_of_his_sections_to_the_next_of_his_and_never_to_another(flask_app, client, diagnosis):
    sign_in(client, make_colleague(flask_app, diagnosis, ("data", "firm"), ("energy", "firm")))
    base = f"/diagnoses/{diagnosis.id}/fill"
    walked = [f"{base}/data/firm/levels_1_2"]
    while "/fill/" in walked[-1]:
        walked.append(client.post(walked[-1], data={"revision": "1"}).location)

    assert [place.removeprefix(base) for place in walked] == [
        "/data/firm/levels_1_2",
        "/data/firm/levels_3_5",
        "/energy/firm/levels_1_2",
        "/energy/firm/levels_3_5",
        f"/diagnoses/{diagnosis.id}",
    ]
    assert client.get(walked[-1]).location == "/my-sections"


def test_the_same_section_of_another_workshop_stays_closed(flask_app, client, diagnosis, parts):
    own, other = parts["冲压车间"], parts["焊装车间"]
    sign_in(client, make_colleague(flask_app, diagnosis, ("workshop_equipment", own), ("workshop_data", other)))
    base = f"/diagnoses/{diagnosis.id}/fill"
    statuses = {
        (section, name): client.get(f"{base}/{section}/{parts[name]}/{page}").status_code
        for section, page in (("workshop_equipment", "machines"), ("workshop_data", "upload"))
        for name in ("冲压车间", "焊装车间")
    }

    assert statuses == {
        ("workshop_equipment", "冲压车间"): 200,
        ("workshop_equipment", "焊装车间"): 404,
        ("workshop_data", "冲压车间"): 404,
        ("workshop_data", "焊装车间"): 200,
    }


def test_a_post_to_a_section_that_is_not_his_changes_nothing(flask_app, client, diagnosis):
    sign_in(client, make_colleague(flask_app, diagnosis, ("energy", "firm")))
    page = f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2"
    refused = client.post(page, data={"revision": "1", "data.L1.1": "full"})

    assert refused.status_code == 404
    assert "这一节没有分给您，或已被收回。如需继续填写，请联系本企业的填报人。" in refused.text
    assert answers(flask_app) == set()


def test_facts_of_other_sections_slipped_into_a_post_are_not_kept(flask_app, client, diagnosis):
    sign_in(client, make_colleague(flask_app, diagnosis, ("data", "firm")))
    page = f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2"
    client.post(page, data={"revision": "1", "data.L1.1": "full", "energy.L1.1": "full", "employees": "7"})

    assert answers(flask_app) == {("firm", "data.L1.1")}


def test_the_check_page_shows_his_sections_only_and_counts_only_them(flask_app, client, diagnosis):
    sign_in(client, make_colleague(flask_app, diagnosis, ("energy", "firm")))
    client.post(f"/diagnoses/{diagnosis.id}/fill/energy/firm/levels_1_2", data={"revision": "1", "energy.L1.1": "?"})
    page = client.get(f"/diagnoses/{diagnosis.id}/answers").text
    shown = set(re.findall(r'id="(?:firm)\.([\w.]+)"', page))

    assert shown
    assert all(name.startswith("energy.") for name in shown)
    assert re.search(r"共 (\d+) 题：已答 0，不清楚 1", page)[1] == str(len(shown))
    assert "提交前必填" not in page
    assert "提交诊断" not in page
    assert "15,321" not in page


def test_a_manager_sees_the_same_page_whole(flask_app, client, diagnosis, firm):
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    page = client.get(f"/diagnoses/{diagnosis.id}/answers").text

    assert 'id="firm.energy.L1.1"' in page
    assert "15,321" in page


def test_a_contradiction_names_the_figure_of_another_section_to_the_manager_only(flask_app, client, diagnosis, firm):
    page = f"/diagnoses/{diagnosis.id}/fill/conversion/firm/revenue_shares"
    shown = {}
    colleague = make_colleague(flask_app, diagnosis, ("conversion", "firm"))
    for person in (make_user(flask_app, firm_id=firm.id), colleague):
        sign_in(client, person)
        shown[person.role] = client.get(page).text + client.get(f"/diagnoses/{diagnosis.id}/answers").text

    for text in shown.values():
        assert text.count("请核对这两个数") == 3
        assert "16,000" in text
    assert "15,321" in shown[Role.FACTORY_MANAGER]
    assert "15,321" not in shown[Role.COLLEAGUE]


def test_the_pages_of_a_contradiction_are_linked_as_far_as_a_colleague_may_go_there(flask_app, client, firm, parts):
    shop, factory = str(parts["冲压车间"]), str(parts["一工厂"])
    said = {(factory, "stage_production_management"): False, (shop, "mes_planning"): True, (shop, "mes_quality"): True}
    diagnosis = make_diagnosis(flask_app, firm, said)
    pages = (f"/diagnoses/{diagnosis.id}/fill/workshop_mes/{shop}/functions", f"/diagnoses/{diagnosis.id}/answers")
    shown = {}
    for person in (make_user(flask_app, firm_id=firm.id), make_colleague(flask_app, diagnosis, ("workshop_mes", shop))):
        sign_in(client, person)
        shown[person.role] = [client.get(page).text for page in pages]

    for text in shown[Role.FACTORY_MANAGER]:
        assert "一工厂 · 五个环节" in text
        assert "各车间在用的 MES 功能合计" in text
    for text in shown[Role.COLLEAGUE]:
        assert text.count('class="notice notice--wrong"') == 1
        assert "factory_stages" not in text
        assert "各车间在用的 MES 功能合计" not in text


def test_a_rate_over_a_figure_of_another_section_is_not_shown_to_a_colleague(flask_app, client, firm):
    diagnosis = make_diagnosis(flask_app, firm, SALES | {"nev_revenue_y0": Fraction(3064), "revenue": Fraction(15320)})
    page = f"/diagnoses/{diagnosis.id}/fill/conversion/firm/revenue_shares"
    rates = {}
    for person in (make_user(flask_app, firm_id=firm.id), make_colleague(flask_app, diagnosis, ("conversion", "firm"))):
        sign_in(client, person)
        rates[person.role] = re.findall(r'<output class="number">([^<]*)</output>', client.get(page).text)

    assert rates[Role.FACTORY_MANAGER] == ["20%", "50%", ""]
    assert rates[Role.COLLEAGUE] == ["", "50%", ""]


def test_after_the_submission_his_pages_lead_to_his_answers_to_be_read(flask_app, client, firm):
    diagnosis = make_diagnosis(flask_app, firm, stage=Stage.SUBMITTED)
    sign_in(client, make_colleague(flask_app, diagnosis, ("data", "firm")))
    page = f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2"
    shown = client.get(page)
    refused = client.post(page, data={"revision": "0", "data.L1.1": "full"})

    assert shown.location == f"/diagnoses/{diagnosis.id}/answers"
    assert refused.status_code == 409
    assert "已经提交，答案不能再改" in refused.text
    assert 'class="answers__change"' not in client.get(shown.location).text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "result"),
        ("GET", "diagnosis.json"),
        ("GET", "tailoring"),
        ("POST", "tailoring"),
        ("GET", "import"),
        ("POST", "import"),
        ("POST", "submit"),
        ("GET", "colleagues"),
        ("GET", "colleagues/invite"),
        ("POST", "colleagues/invite"),
    ],
)
def test_a_colleague_never_submits_tailors_imports_invites_or_reads_the_result(
    flask_app, client, diagnosis, method, path
):
    sign_in(client, make_colleague(flask_app, diagnosis, ("data", "firm")))
    answer = client.open(
        f"/diagnoses/{diagnosis.id}/{path}", method=method, data={"name": "x"} if method == "POST" else None
    )

    assert answer.status_code == 403
    assert "您的角色不能进行这项操作" in answer.text


def test_two_who_answer_the_same_question_are_shown_both_answers(flask_app, client, diagnosis, firm):
    page = f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2"
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    client.post(page, data={"revision": "1", "data.L1.1": "full"})
    sign_in(client, make_colleague(flask_app, diagnosis, ("data", "firm")))
    answer = client.post(page, data={"revision": "1", "data.L1.1": "none"})

    assert answer.status_code == 409
    assert "用我填的" in answer.text
    assert "用已保存的" in answer.text


# --- beneath the pages ------------------------------------------------------------------------------------------------


@pytest.fixture
def colleague(flask_app, diagnosis):
    made = make_colleague(flask_app, diagnosis, ("data", "firm"))
    with flask_app.test_request_context():
        db.session.rollback()
        login_user(made)
        yield made


def test_who_asks_for_the_whole_diagnosis_gets_nothing_of_it_for_a_colleague(colleague, diagnosis):
    with pytest.raises(NotFound):
        service.open_draft(colleague, diagnosis.id)


@pytest.mark.parametrize(
    ("key", "fact"), [(FIRM_KEY, "energy.L1.1"), ("other-workshop", "data.L1.1"), (TAILORING, "product_design")]
)
def test_nothing_beyond_his_sections_can_be_written_for_a_colleague(colleague, diagnosis, key, fact):
    draft = service.open_shared(colleague, diagnosis.id)

    with pytest.raises(sharing.NotShared):
        service.save_page(colleague, draft, key, {"data.L1.1": FULL, fact: FULL}, seen=1)
    db.session.rollback()

    assert db.session.scalar(select(func.count()).select_from(AnswerEntry).where(AnswerEntry.revision > 1)) == 0


def test_a_draft_that_was_read_for_somebody_else_lets_a_colleague_write_nothing(colleague, diagnosis):
    draft = read_draft(db.session.get_one(Diagnosis, diagnosis.id))

    with pytest.raises(sharing.NotShared):
        service.add_entries(draft, colleague, Layer.STATED, FIRM_KEY, {"data.L1.1": Said("unknown")})


def test_a_section_is_opened_for_whom_it_is_shared_with(colleague, diagnosis):
    place = service.open_section(colleague, diagnosis.id, "data", FIRM_KEY)

    assert (place.diagnosis.id, place.section.id, place.subject.key) == (diagnosis.id, "data", "firm")
    for section, key in (("energy", "firm"), ("data", "other"), ("no_such_section", "firm")):
        with pytest.raises(NotFound):
            service.open_section(colleague, diagnosis.id, section, key)


def test_to_a_manager_every_section_opens_that_fits_its_subject(flask_app, diagnosis, firm, parts):
    manager = make_user(flask_app, firm_id=firm.id)
    with flask_app.test_request_context():
        place = service.open_section(manager, diagnosis.id, "workshop_equipment", str(parts["冲压车间"]))
        for section, key in (("workshop_equipment", "firm"), ("data", str(parts["一工厂"])), ("none", "firm")):
            with pytest.raises(NotFound):
                service.open_section(manager, diagnosis.id, section, key)

    assert place.subject.name == "冲压车间"


def test_names_stand_under_each_section_in_the_order_of_sharing(flask_app, diagnosis):
    for name in ("李工", "王工"):
        make_colleague(flask_app, diagnosis, ("data", "firm"), name=name)
    with flask_app.app_context():
        assert sharing.names_of(diagnosis.id) == {("data", "firm"): ["李工", "王工"]}
