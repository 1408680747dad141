"""Firms: who sees which, registering, building up, assigning."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.access import Role
from app.audit import AuditEvent
from app.errors import NotFound, Refused
from app.extensions import db
from app.firms import service
from app.firms.models import Firm
from tests.factories import credit_code, make_consultant, make_firm, make_user, parts_of

BISHAN, TONGLIANG = "500120", "500151"


def _names(flask_app: Flask, user: object) -> set[str]:
    with flask_app.app_context():
        return set(db.session.scalars(service.visible_firms(user).with_only_columns(Firm.name)))


def test_each_role_sees_its_own_firms_and_no_other(flask_app: Flask) -> None:
    own = make_firm(flask_app, name="甲", district=BISHAN)
    make_firm(flask_app, name="乙", district=BISHAN)
    make_firm(flask_app, name="丙", district=TONGLIANG)

    assert _names(flask_app, make_user(flask_app, firm_id=own.id)) == {"甲"}
    assert _names(flask_app, make_consultant(flask_app, own)) == {"甲"}
    assert _names(flask_app, make_user(flask_app, Role.DISTRICT_OFFICER, district=BISHAN)) == {"甲", "乙"}
    assert _names(flask_app, make_user(flask_app, Role.COMMISSION)) == {"甲", "乙", "丙"}
    assert _names(flask_app, make_user(flask_app, Role.ADMINISTRATOR)) == {"甲", "乙", "丙"}
    assert _names(flask_app, make_user(flask_app, Role.AUTHOR)) == set()


def test_a_district_officer_without_a_district_sees_nothing(flask_app: Flask) -> None:
    make_firm(flask_app)

    assert _names(flask_app, make_user(flask_app, Role.DISTRICT_OFFICER, district=None)) == set()


def test_a_foreign_firm_looks_like_one_that_does_not_exist(flask_app: Flask) -> None:
    stranger, firm = make_user(flask_app), make_firm(flask_app, {"一工厂": ("冲压车间",)})
    parts = parts_of(flask_app, firm)
    with flask_app.test_request_context():
        for ask, identity in (
            (service.firm_for, firm.id),
            (service.factory_for, parts["一工厂"]),
            (service.workshop_for, parts["冲压车间"]),
            (service.firm_for, stranger.id),
        ):
            with pytest.raises(NotFound) as missing:
                ask(stranger, identity)

            assert str(missing.value) == "没有找到，或您无权查看。请从首页重新进入。"


def test_a_firm_is_registered_under_its_normalised_code(flask_app: Flask) -> None:
    officer = make_user(flask_app, Role.COMMISSION)
    with flask_app.test_request_context():
        firm = service.register(officer, name="  示例  线束厂 ", uscc="91500157ma00aa017c ", district=BISHAN)
        recorded = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "firm.register")).one()

        assert (firm.name, firm.uscc) == ("示例 线束厂", "91500157MA00AA017C")
        assert recorded.actor == str(officer.id)
        assert recorded.detail["uscc"] == "91500157MA00AA017C"


def test_a_wrong_check_digit_is_named_with_the_right_one(flask_app: Flask) -> None:
    officer = make_user(flask_app, Role.COMMISSION)

    with flask_app.test_request_context(), pytest.raises(Refused, match="末位应为 C，填写的是 D"):
        service.register(officer, name="甲", uscc="91500157MA00AA017D", district=BISHAN)


def test_a_letter_that_codes_never_use_is_named_with_its_place(flask_app: Flask) -> None:
    officer = make_user(flask_app, Role.COMMISSION)

    with flask_app.test_request_context(), pytest.raises(Refused, match="第 11 位是字母 O"):
        service.register(officer, name="甲", uscc="91500157MAO0AA017C", district=BISHAN)


def test_a_code_registered_elsewhere_names_the_firm_only_to_those_who_may_see_it(flask_app: Flask) -> None:
    make_firm(flask_app, name="铜梁某厂", uscc=credit_code(7), district=TONGLIANG)
    foreign = make_user(flask_app, Role.DISTRICT_OFFICER, district=BISHAN)
    with flask_app.test_request_context():
        for officer, named in ((foreign, False), (make_user(flask_app, Role.COMMISSION), True)):
            with pytest.raises(Refused) as refused:
                service.register(officer, name="乙", uscc=credit_code(7), district=BISHAN)

            assert ("铜梁某厂" in str(refused.value)) is named


@pytest.mark.parametrize("district", [TONGLIANG, "500112", "999999", ""])
def test_a_district_officer_registers_only_in_his_own_district(flask_app: Flask, district: str) -> None:
    officer = make_user(flask_app, Role.DISTRICT_OFFICER, district=BISHAN)

    with flask_app.test_request_context(), pytest.raises(Refused):
        service.register(officer, name="甲", uscc=credit_code(1), district=district)


def test_a_district_that_ceased_takes_no_new_firm(flask_app: Flask) -> None:
    officer = make_user(flask_app, Role.COMMISSION)

    with flask_app.test_request_context(), pytest.raises(Refused, match="请从列表中选择企业所在的区县"):
        service.register(officer, name="甲", uscc=credit_code(1), district="500112")


def test_names_are_unique_in_a_firm_and_in_a_factory_without_regard_to_case(flask_app: Flask) -> None:
    firm = make_firm(flask_app, {"Plant A": ("冲压车间",), "二工厂": ()})
    manager, parts = make_user(flask_app, firm_id=firm.id), parts_of(flask_app, firm)
    with flask_app.test_request_context():
        with pytest.raises(Refused, match="“plant a”已存在。请换一个名称"):
            service.add_factory(manager, firm.id, "plant  a")
        with pytest.raises(Refused, match="“冲压车间”已存在"):
            service.add_workshop(manager, parts["Plant A"], "冲压车间")

        assert service.add_workshop(manager, parts["二工厂"], "冲压车间").position == 1


def test_a_part_may_keep_its_own_name_in_another_spelling(flask_app: Flask) -> None:
    firm = make_firm(flask_app, {"plant a": ()})
    manager, parts = make_user(flask_app, firm_id=firm.id), parts_of(flask_app, firm)

    with flask_app.test_request_context():
        assert service.rename_factory(manager, parts["plant a"], "Plant A").name == "Plant A"


def test_the_name_of_a_closed_part_is_answered_with_taking_it_back(flask_app: Flask) -> None:
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)})
    manager, parts = make_user(flask_app, firm_id=firm.id), parts_of(flask_app, firm)
    with flask_app.test_request_context():
        service.set_workshop_open(manager, parts["冲压车间"], is_open=False)
        with pytest.raises(Refused, match="已关闭。请重新启用它，或换一个名称"):
            service.add_workshop(manager, parts["一工厂"], "冲压车间")
        again = service.set_workshop_open(manager, parts["冲压车间"], is_open=True)

        assert again.closed_at is None


def test_a_closed_factory_takes_no_new_workshop(flask_app: Flask) -> None:
    firm = make_firm(flask_app, {"一工厂": ()})
    manager, parts = make_user(flask_app, firm_id=firm.id), parts_of(flask_app, firm)
    with flask_app.test_request_context():
        service.set_factory_open(manager, parts["一工厂"], is_open=False)

        with pytest.raises(Refused, match="工厂“一工厂”已关闭。请先重新启用工厂"):
            service.add_workshop(manager, parts["一工厂"], "冲压车间")


def names_in_order(flask_app: Flask, firm: Firm) -> list[str]:
    with flask_app.app_context():
        return [factory.name for factory in db.session.get_one(Firm, firm.id).factories]


@pytest.mark.parametrize(
    ("moved", "up", "order"),
    [
        ("二工厂", True, ["二工厂", "一工厂", "三工厂"]),
        ("二工厂", False, ["一工厂", "三工厂", "二工厂"]),
        ("一工厂", True, ["一工厂", "二工厂", "三工厂"]),
        ("三工厂", False, ["一工厂", "二工厂", "三工厂"]),
    ],
)
def test_a_part_changes_places_with_its_neighbour_and_stays_at_the_ends(
    flask_app: Flask, moved: str, up: bool, order: list[str]
) -> None:
    firm = make_firm(flask_app, {"一工厂": (), "二工厂": (), "三工厂": ()})
    manager, parts = make_user(flask_app, firm_id=firm.id), parts_of(flask_app, firm)
    with flask_app.test_request_context():
        service.move_factory(manager, parts[moved], up=up)

    assert names_in_order(flask_app, firm) == order


def test_a_part_added_after_others_were_moved_stands_last(flask_app: Flask) -> None:
    firm = make_firm(flask_app, {"一工厂": (), "二工厂": ()})
    manager, parts = make_user(flask_app, firm_id=firm.id), parts_of(flask_app, firm)
    with flask_app.test_request_context():
        service.move_factory(manager, parts["二工厂"], up=True)
        service.add_factory(manager, firm.id, "三工厂")

    assert names_in_order(flask_app, firm) == ["二工厂", "一工厂", "三工厂"]


def test_there_is_a_most_that_a_firm_can_have(flask_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_PARTS", 2)
    firm = make_firm(flask_app, {"一工厂": ("甲", "乙"), "二工厂": ()})
    manager, parts = make_user(flask_app, firm_id=firm.id), parts_of(flask_app, firm)
    with flask_app.test_request_context():
        with pytest.raises(Refused, match="已有 2 个，不能再增加"):
            service.add_factory(manager, firm.id, "三工厂")
        with pytest.raises(Refused, match="已有 2 个，不能再增加"):
            service.add_workshop(manager, parts["一工厂"], "丙")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("  ", "请填写名称。"),
        ("长" * 101, "名称最多 100 个字，现在是 101 个。请缩短。"),
        ("车间\u202e", "看不见的字符"),
    ],
)
def test_a_name_that_cannot_be_shown_is_refused(flask_app: Flask, name: str, sentence: str) -> None:
    firm = make_firm(flask_app)
    manager = make_user(flask_app, firm_id=firm.id)

    with flask_app.test_request_context(), pytest.raises(Refused, match=sentence):
        service.add_factory(manager, firm.id, name)


def test_an_assigned_consultant_sees_the_firm_until_it_is_taken_away(flask_app: Flask) -> None:
    firm, officer = make_firm(flask_app, name="甲"), make_user(flask_app, Role.COMMISSION)
    consultant = make_consultant(flask_app)
    with flask_app.test_request_context():
        service.assign(officer, firm.id, consultant.id)
        service.assign(officer, firm.id, consultant.id)

    assert _names(flask_app, consultant) == {"甲"}
    with flask_app.test_request_context():
        service.take_away(officer, firm.id, consultant.id)
        with pytest.raises(NotFound):
            service.take_away(officer, firm.id, consultant.id)
    assert _names(flask_app, consultant) == set()


@pytest.mark.parametrize("role", [Role.FACTORY_MANAGER, Role.COMMISSION])
def test_only_consultants_can_be_assigned(flask_app: Flask, role: Role) -> None:
    firm, officer, other = make_firm(flask_app), make_user(flask_app, Role.COMMISSION), make_user(flask_app, role)

    with flask_app.test_request_context(), pytest.raises(Refused, match="请从名单中选择一位诊断专家"):
        service.assign(officer, firm.id, other.id)


def test_a_search_takes_wildcards_as_they_stand(flask_app: Flask) -> None:
    make_firm(flask_app, name="100% 线束厂")
    make_firm(flask_app, name="1000 压铸厂")
    officer = make_user(flask_app, Role.COMMISSION)

    with flask_app.test_request_context():
        assert [firm.name for firm in service.find(officer, "100%").firms] == ["100% 线束厂"]
        assert service.find(officer, "_").total == 0


def test_a_long_list_comes_in_pages_and_a_page_beyond_the_end_is_the_last(flask_app: Flask) -> None:
    for _firm in range(51):
        make_firm(flask_app)
    officer = make_user(flask_app, Role.COMMISSION)
    with flask_app.test_request_context():
        first, beyond = service.find(officer), service.find(officer, page=9)

        assert (first.total, first.pages, len(first.firms)) == (51, 2, 50)
        assert (beyond.page, len(beyond.firms)) == (2, 1)
