"""Firms through their pages."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from app.access import Role
from app.diagnosis.models import Stage
from tests.factories import make_consultant, make_diagnosis, make_firm, make_user, parts_of, sign_in


def test_an_officer_registers_a_firm_and_lands_on_its_page(flask_app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(flask_app, Role.DISTRICT_OFFICER, district="500120"))
    data = {"name": "示例线束有限公司", "uscc": "9150 0157 MA00 AA01 7C", "district": "500120"}
    page = client.post("/firms/new", data=data, follow_redirects=True).text

    assert "<h1>示例线束有限公司</h1>" in page
    assert "璧山区" in page
    assert "91500157MA00AA017C" in page


def test_a_wrong_code_is_explained_beside_its_field_and_in_the_summary(flask_app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(flask_app, Role.COMMISSION))
    answer = client.post("/firms/new", data={"name": "甲", "uscc": "91500157MA00AA017D", "district": "500120"})

    assert answer.status_code == 422
    assert '<a href="#uscc">' in answer.text
    assert answer.text.count("末位应为 C，填写的是 D") == 2
    assert 'aria-describedby="uscc-help uscc-error"' in answer.text
    assert 'value="91500157MA00AA017D"' in answer.text


def test_officers_see_where_each_firm_stands(flask_app: Flask, client: FlaskClient) -> None:
    make_diagnosis(flask_app, make_firm(flask_app, name="甲厂"), stage=Stage.ISSUED)
    make_firm(flask_app, name="乙厂")
    sign_in(client, make_user(flask_app, Role.COMMISSION))
    page = client.get("/firms").text
    first, second = page.index("乙厂"), page.index("甲厂")

    assert "未开始" in page[first:second]
    assert "已签发" in page[second:]


def test_the_list_can_be_narrowed_by_words_and_district(flask_app: Flask, client: FlaskClient) -> None:
    make_firm(flask_app, name="璧山线束厂", district="500120")
    make_firm(flask_app, name="铜梁线束厂", district="500151")
    sign_in(client, make_user(flask_app, Role.COMMISSION))
    page = client.get("/firms?words=线束&district=500151").text

    assert "铜梁线束厂" in page
    assert "璧山线束厂" not in page


def test_a_manager_is_led_to_his_own_diagnosis_or_firm(flask_app: Flask, client: FlaskClient) -> None:
    firm = make_firm(flask_app)
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    before = client.get("/firms/own").location
    diagnosis = make_diagnosis(flask_app, firm)

    assert before == f"/firms/{firm.id}"
    assert client.get("/firms/own").location == f"/diagnoses/{diagnosis.id}"
    assert client.get("/firms").location == f"/firms/{firm.id}"


def test_factories_and_workshops_are_built_up_on_the_firms_page(flask_app: Flask, client: FlaskClient) -> None:
    firm = make_firm(flask_app)
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    client.post(f"/firms/{firm.id}/factories", data={"name": "一工厂"})
    factory = parts_of(flask_app, firm)["一工厂"]
    client.post(f"/firms/factories/{factory}/workshops", data={"name": "冲压车间"})
    workshop = parts_of(flask_app, firm)["冲压车间"]
    client.post(f"/firms/workshops/{workshop}/name", data={"name": "大件冲压车间"})
    client.post(f"/firms/factories/{factory}/name", data={"name": "东厂"})

    assert set(parts_of(flask_app, firm)) == {"东厂", "大件冲压车间"}
    closed = client.post(f"/firms/workshops/{workshop}/open", data={"open": "no"}, follow_redirects=True).text
    assert "— 已关闭" in closed
    assert "重新启用" in closed


def test_what_was_just_closed_can_be_taken_back_at_once(flask_app: Flask, client: FlaskClient) -> None:
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)})
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    workshop = parts_of(flask_app, firm)["冲压车间"]
    address = f"/firms/workshops/{workshop}/open"
    closed = client.post(address, data={"open": "no"}, follow_redirects=True).text
    undone = client.post(address, data={"open": "yes"}, follow_redirects=True).text

    assert "已关闭“冲压车间”：不再询问，已填的内容都保留。" in closed
    assert "撤销" in closed
    assert "已重新启用：冲压车间。" in undone
    assert "撤销" not in undone
    assert "— 已关闭" not in undone


def test_nothing_is_offered_to_be_undone_that_is_open_foreign_or_nonsense(
    flask_app: Flask, client: FlaskClient
) -> None:
    firm, other = make_firm(flask_app, {"一工厂": ("冲压车间",)}), make_firm(flask_app, {"别家": ()})
    stranger = make_user(flask_app, firm_id=other.id)
    foreign = parts_of(flask_app, other)["别家"]
    sign_in(client, stranger)
    client.post(f"/firms/factories/{foreign}/open", data={"open": "no"})
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    for closed in (parts_of(flask_app, firm)["冲压车间"], foreign, "nonsense", "' OR 1=1"):
        assert "撤销" not in client.get(f"/firms/{firm.id}", query_string={"closed": str(closed)}).text


def test_a_part_has_a_page_of_its_own_with_its_place_and_tools(flask_app: Flask, client: FlaskClient) -> None:
    firm = make_firm(flask_app, {"一工厂": ("甲车间", "乙车间", "丙车间")})
    parts = parts_of(flask_app, firm)
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    client.post(f"/firms/workshops/{parts['丙车间']}/move", data={"to": "up"})
    page = client.get(f"/firms/workshops/{parts['丙车间']}").text
    listed = client.get(f"/firms/{firm.id}").text

    assert "第 2 个，共 3 个" in page
    assert listed.index("甲车间") < listed.index("丙车间") < listed.index("乙车间")


def test_one_like_it_is_offered_only_while_the_firm_fills_in(flask_app: Flask, client: FlaskClient) -> None:
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)})
    parts = parts_of(flask_app, firm)
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    places = [f"/firms/{firm.id}", *(f"/firms/{kind}/{parts[name]}" for kind, name in (
        ("factories", "一工厂"), ("workshops", "冲压车间")))]  # fmt: skip
    before = ["/parts/new" in client.get(place).text for place in places]
    make_diagnosis(flask_app, firm)
    filling = ["/parts/new" in client.get(place).text for place in places]

    assert (before, filling) == ([False] * 3, [True] * 3)


def test_a_fault_of_a_workshop_added_on_the_factorys_page_is_shown_there(flask_app: Flask, client: FlaskClient) -> None:
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)})
    factory = parts_of(flask_app, firm)["一工厂"]
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    answer = client.post(f"/firms/factories/{factory}/workshops", data={"name": "冲压车间", "list": "factory"})
    added = client.post(f"/firms/factories/{factory}/workshops", data={"name": "焊装车间", "list": "factory"})

    assert answer.status_code == 422
    assert "<h1>一工厂</h1>" in answer.text
    assert 'name="name" value="冲压车间"' in answer.text
    assert added.location.startswith(f"/firms/factories/{factory}#part-")


def test_a_taken_name_is_shown_again_with_its_fault(flask_app: Flask, client: FlaskClient) -> None:
    firm = make_firm(flask_app, {"一工厂": ()})
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    answer = client.post(f"/firms/{firm.id}/factories", data={"name": "一工厂"})

    assert answer.status_code == 422
    assert '<a href="#factory-new">“一工厂”已存在。请换一个名称，例如加上楼号或产品。</a>' in answer.text
    assert 'id="factory-new" name="name" value="一工厂"' in answer.text


def test_a_name_is_shown_as_text_whatever_it_holds(flask_app: Flask, client: FlaskClient) -> None:
    firm = make_firm(flask_app, name="<script>alert(1)</script>")
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    client.post(f"/firms/{firm.id}/factories", data={"name": '"><img src=x onerror=alert(1)>'})
    page = client.get(f"/firms/{firm.id}").text

    assert "<script>alert" not in page
    assert "<img" not in page


def test_officers_assign_consultants_and_others_see_no_tools(flask_app: Flask, client: FlaskClient) -> None:
    firm, consultant = make_firm(flask_app), make_consultant(flask_app, name="李专家")
    sign_in(client, make_user(flask_app, Role.COMMISSION))
    assigned = client.post(
        f"/firms/{firm.id}/consultants", data={"consultant": str(consultant.id)}, follow_redirects=True
    ).text
    nobody = client.post(f"/firms/{firm.id}/consultants", data={"consultant": ""})
    sign_in(client, consultant)
    seen = client.get(f"/firms/{firm.id}").text

    assert "取消指派" in assigned
    assert nobody.status_code == 422
    assert "请从名单中选择一位诊断专家。" in nobody.text
    assert "李专家" in seen
    assert "取消指派" not in seen


def test_only_the_administrator_adds_people_to_a_firm(flask_app: Flask, client: FlaskClient) -> None:
    firm, data = make_firm(flask_app), {"email": "wang@example.com", "name": "王厂长"}
    sign_in(client, make_user(flask_app, Role.COMMISSION))
    refused = client.post(f"/firms/{firm.id}/people/new", data=data)
    sign_in(client, make_user(flask_app, Role.ADMINISTRATOR))
    made = client.post(f"/firms/{firm.id}/people/new", data=data)

    assert refused.status_code == 403
    assert "王厂长 的一次性密码" in made.text
    assert "王厂长" in client.get(f"/firms/{firm.id}").text
