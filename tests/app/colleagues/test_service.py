"""Inviting, joining and sharing: what is kept, refused and recorded."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from app.access import Role
from app.accounts import service as accounts
from app.accounts.models import User
from app.audit import AuditEvent, verify
from app.colleagues import invitations, service
from app.colleagues.models import Invitation
from app.diagnosis.models import Diagnosis, SharedSection, Stage
from app.diagnosis.service import open_draft
from app.errors import NotFound, Refused, Stale
from app.extensions import db
from app.firms import service as firms
from tests.factories import (
    NOW,
    make_colleague,
    make_diagnosis,
    make_firm,
    make_invitation,
    make_user,
    parts_of,
)

PASSWORD = "冲压线上三台老机器"  # short in Chinese, so it is said twice
LONG_PASSWORD = PASSWORD + PASSWORD
DATA, ENERGY = ("data", "firm"), ("energy", "firm")


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)})


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm)


@pytest.fixture
def manager(flask_app, firm, diagnosis):
    made = make_user(flask_app, firm_id=firm.id, name="王厂长")
    with flask_app.test_request_context():
        db.session.rollback()
        yield made


def shared() -> dict[object, set[tuple[str, str]]]:
    rows = db.session.scalars(select(SharedSection))
    found: dict[object, set[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault(row.colleague_id, set()).add((row.section_id, row.subject_key))
    return found


def events(action: str) -> list[AuditEvent]:
    return list(db.session.scalars(select(AuditEvent).where(AuditEvent.action == action)))


def kept(user: User) -> User:
    """The person as kept: what the factories return belongs to no session."""
    return db.session.get_one(User, user.id)


# --- inviting -------------------------------------------------------------------------------------------------------


def test_only_the_digest_of_a_link_is_kept_and_it_is_valid_for_seven_days(manager, diagnosis):
    invitation, token = service.invite(manager, open_draft(manager, diagnosis.id), " 设备科  李工 ", frozenset({DATA}))
    row = db.session.execute(select(Invitation.__table__)).one()._asdict()

    assert len(token) >= 43
    assert token not in repr(row)
    assert row["token_digest"] == hashlib.sha256(token.encode()).hexdigest()
    assert row["expires_at"] - row["invited_at"] == timedelta(days=7)
    assert (invitation.name, row["places"]) == ("设备科 李工", [["data", "firm"]])


def test_an_invitation_is_recorded_without_the_token_and_without_the_name(manager, diagnosis):
    _invitation, token = service.invite(manager, open_draft(manager, diagnosis.id), "李工", frozenset({DATA}))
    (event,) = events("colleague.invite")

    assert event.detail == {"diagnosis": str(diagnosis.id), "places": [["data", "firm"]]}
    assert token not in repr(event.__dict__)
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("name", "places", "said"),
    [
        ("  ", {DATA}, "请填写姓名。"),
        ("李" * 61, {DATA}, "姓名最多 60 个字"),
        ("李工", set(), "请至少选择一节。"),
        ("李工", {("no_such", "firm")}, "有章节已经不在名单里"),
        ("李工", {("data", "no-such-subject")}, "有章节已经不在名单里"),
        ("李工", {("workshop_equipment", "firm")}, "有章节已经不在名单里"),
    ],
)
def test_an_invitation_without_a_name_or_a_real_section_is_refused(manager, diagnosis, name, places, said):
    with pytest.raises(Refused, match=said):
        service.invite(manager, open_draft(manager, diagnosis.id), name, frozenset(places))

    assert db.session.scalar(select(Invitation)) is None


def test_nobody_is_invited_once_the_report_is_issued(flask_app, firm, manager):
    ended = make_diagnosis(flask_app, firm, stage=Stage.ISSUED)
    db.session.rollback()

    with pytest.raises(Stale, match="报告已经签发，不再需要填写"):
        service.invite(manager, open_draft(manager, ended.id), "李工", frozenset({DATA}))


def test_a_new_link_makes_the_old_one_useless_and_counts_its_days_anew(flask_app, manager, diagnosis):
    made = make_invitation(flask_app, diagnosis, "old", expires_at=NOW)
    db.session.rollback()
    token = service.renew(manager, service.invitation_for(manager, diagnosis.id, made.id))

    with pytest.raises(invitations.UnknownLink):
        invitations.opened("old")
    assert invitations.opened(token).id == made.id


def test_an_invitation_taken_back_forgets_whom_it_was_for(flask_app, manager, diagnosis):
    made = make_invitation(flask_app, diagnosis, "token")
    db.session.rollback()
    service.withdraw(manager, service.invitation_for(manager, diagnosis.id, made.id))

    row = db.session.get_one(Invitation, made.id)
    assert (row.name, row.places) == ("", [])
    assert invitations.waiting(diagnosis.id) == []
    with pytest.raises(invitations.DeadLink, match="这个邀请已被收回"):
        invitations.opened("token")


@pytest.mark.parametrize("verb", [service.renew, service.withdraw])
def test_an_invitation_that_was_used_meanwhile_can_neither_be_renewed_nor_taken_back(
    flask_app, manager, diagnosis, verb
):
    made = make_invitation(flask_app, diagnosis, "token", used_at=NOW)
    db.session.rollback()

    with pytest.raises(Stale, match="这个邀请刚才已被使用，对方已加入"):
        verb(manager, service.invitation_for(manager, diagnosis.id, made.id))


def test_an_invitation_of_another_diagnosis_is_not_found(flask_app, manager, diagnosis):
    foreign = make_invitation(flask_app, make_diagnosis(flask_app), "token")
    db.session.rollback()

    with pytest.raises(NotFound):
        service.invitation_for(manager, diagnosis.id, foreign.id)


# --- joining --------------------------------------------------------------------------------------------------------


def test_who_holds_the_link_becomes_a_colleague_of_the_firm_with_its_sections(flask_app, manager, diagnosis, firm):
    make_invitation(flask_app, diagnosis, "token", places=[list(DATA), list(ENERGY)])
    db.session.rollback()
    user = service.join_anew("token", login="138-0000 0001", name="李工", password=LONG_PASSWORD)

    assert (user.role, user.firm_id, user.email, user.name) == (Role.COLLEAGUE, firm.id, "13800000001", "李工")
    assert user.must_change_password is False
    assert shared() == {user.id: {DATA, ENERGY}}
    assert accounts.sign_in("+86 138 0000 0001", LONG_PASSWORD).id == user.id
    assert [event.actor for event in events("colleague.join")] == [str(user.id)]
    assert list(verify()) == []


def test_a_link_works_once(flask_app, manager, diagnosis):
    made = make_invitation(flask_app, diagnosis, "token")
    db.session.rollback()
    user = service.join_anew("token", login="13800000001", name="李工", password=LONG_PASSWORD)

    assert db.session.get_one(Invitation, made.id).used_by == user.id
    with pytest.raises(invitations.DeadLink, match="每个链接只能用一次"):
        service.join_anew("token", login="13800000002", name="王工", password=LONG_PASSWORD)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"expires_at": datetime(2026, 11, 24, 6, 3, tzinfo=UTC)}, "这个链接只能用到 2026-11-24 14:03，现在已过期"),
        ({"withdrawn_at": NOW}, "这个邀请已被收回"),
        ({"used_at": NOW}, "这个链接已经用过了"),
    ],
)
def test_a_dead_link_says_why_and_what_to_do(flask_app, manager, diagnosis, given, said):
    make_invitation(flask_app, diagnosis, "token", **given)
    db.session.rollback()

    with pytest.raises(invitations.DeadLink, match=said) as refused:
        service.join_anew("token", login="13800000001", name="李工", password=LONG_PASSWORD)

    assert refused.value.status == 410
    assert "请" in refused.value.message
    assert shared() == {}


def test_the_link_of_a_manager_whose_account_was_closed_is_dead(flask_app, manager, diagnosis):
    gone = make_user(flask_app, firm_id=diagnosis.firm_id, active=False)
    make_invitation(flask_app, diagnosis, "token", invited_by=gone.id)
    db.session.rollback()

    with pytest.raises(invitations.DeadLink, match="邀请您的人的账号已停用"):
        invitations.opened("token")


def test_a_link_to_an_issued_diagnosis_is_dead(flask_app, manager, firm):
    make_invitation(flask_app, make_diagnosis(flask_app, firm, stage=Stage.ISSUED), "token")
    db.session.rollback()

    with pytest.raises(invitations.DeadLink, match="报告已经签发"):
        invitations.opened("token")


@pytest.mark.parametrize(
    ("password", "said"),
    [("short", "密码至少 12 个字符"), ("aaaaaaaaaaaaaa", "太容易猜"), ("my13800000001!", "太容易猜")],
)
def test_a_weak_password_leaves_the_link_as_it_was(flask_app, manager, diagnosis, password, said):
    make_invitation(flask_app, diagnosis, "token")
    db.session.rollback()

    with pytest.raises(Refused, match=said):
        service.join_anew("token", login="13800000001", name="李工", password=password)
    assert invitations.opened("token").used_at is None


def test_a_number_that_has_an_account_is_refused_and_leaves_the_link_as_it_was(flask_app, manager, diagnosis):
    make_user(flask_app, Role.CONSULTANT, email="13800000001")
    make_invitation(flask_app, diagnosis, "token")
    db.session.rollback()

    with pytest.raises(service.LoginTaken, match="“13800000001”已有账号"):
        service.join_anew("token", login="138 0000 0001", name="李工", password=LONG_PASSWORD)
    assert invitations.opened("token").used_at is None


def test_two_who_open_one_link_at_once_make_one_account(flask_app, manager, diagnosis):
    make_invitation(flask_app, diagnosis, "token")
    db.session.rollback()
    both, outcomes = Barrier(2), {}

    def join(number: int) -> None:
        with flask_app.test_request_context(method="POST"):
            both.wait()
            try:
                service.join_anew("token", login=f"1380000000{number}", name="某工", password=LONG_PASSWORD)
                outcomes[number] = "joined"
            except invitations.DeadLink as refused:
                outcomes[number] = refused.message

    threads = [Thread(target=join, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said[:6] for said in outcomes.values()) == ["joined", "这个链接已经"]
    assert db.session.scalars(select(User).where(User.role == Role.COLLEAGUE)).one()
    assert len(shared()) == 1
    assert list(verify()) == []


def test_a_colleague_of_the_firm_gets_the_sections_added_to_his_account(flask_app, manager, diagnosis):
    colleague = make_colleague(flask_app, diagnosis, DATA)
    make_invitation(flask_app, diagnosis, "token", places=[list(DATA), list(ENERGY)])
    db.session.rollback()
    service.join(kept(colleague), "token")

    assert shared() == {colleague.id: {DATA, ENERGY}}
    with pytest.raises(invitations.DeadLink):
        invitations.opened("token")


def test_neither_a_stranger_nor_the_manager_uses_a_link_up(flask_app, manager, diagnosis):
    make_invitation(flask_app, diagnosis, "token")
    stranger = make_colleague(flask_app, make_diagnosis(flask_app))
    db.session.rollback()

    with pytest.raises(Refused, match="不属于发出邀请的企业"):
        service.join(kept(stranger), "token")
    with pytest.raises(Refused, match="您是企业填报人，本来就能填写全部章节"):
        service.join(kept(manager), "token")
    assert invitations.opened("token").used_at is None


# --- sharing --------------------------------------------------------------------------------------------------------


def test_what_is_ticked_is_shared_and_what_is_unticked_is_taken_back(flask_app, manager, diagnosis):
    colleague = make_colleague(flask_app, diagnosis, DATA)
    db.session.rollback()
    draft = open_draft(manager, diagnosis.id)
    service.share(manager, draft, kept(colleague), frozenset({ENERGY}), frozenset({DATA}))

    assert shared() == {colleague.id: {ENERGY}}
    (event,) = events("colleague.share")
    assert (event.detail["added"], event.detail["taken"]) == ([["energy", "firm"]], [["data", "firm"]])


def test_what_another_manager_shared_meanwhile_stays(flask_app, manager, diagnosis):
    colleague = make_colleague(flask_app, diagnosis, DATA, ENERGY)
    db.session.rollback()
    draft = open_draft(manager, diagnosis.id)
    service.share(manager, draft, kept(colleague), frozenset(), frozenset({DATA}))

    assert shared() == {colleague.id: {ENERGY}}


def test_sharing_the_same_again_changes_and_records_nothing(flask_app, manager, diagnosis):
    colleague = make_colleague(flask_app, diagnosis, DATA)
    db.session.rollback()
    draft = open_draft(manager, diagnosis.id)
    service.share(manager, draft, kept(colleague), frozenset({DATA}), frozenset({DATA}))

    assert events("colleague.share") == []


def test_a_closed_account_gets_no_more_sections_but_can_lose_those_it_has(flask_app, manager, diagnosis):
    colleague = make_colleague(flask_app, diagnosis, DATA, active=False)
    db.session.rollback()
    draft = open_draft(manager, diagnosis.id)

    with pytest.raises(Refused, match="账号已停用，不能再分给章节"):
        service.share(manager, draft, kept(colleague), frozenset({DATA, ENERGY}), frozenset({DATA}))
    service.share(manager, draft, kept(colleague), frozenset(), frozenset({DATA}))
    assert shared() == {}


def test_a_closed_workshop_is_no_longer_shared_anew(flask_app, manager, diagnosis, firm):
    workshop = parts_of(flask_app, firm)["冲压车间"]
    colleague = make_colleague(flask_app, diagnosis)
    db.session.rollback()
    firms.set_workshop_open(manager, workshop, is_open=False)

    draft, place = open_draft(manager, diagnosis.id), ("workshop_equipment", str(workshop))

    with pytest.raises(Refused, match="可能是车间刚刚关闭"):
        service.share(manager, draft, kept(colleague), frozenset({place}), frozenset())


def test_all_sections_go_from_one_colleague_to_another_who_may_have_some_of_them(flask_app, manager, diagnosis):
    one = make_colleague(flask_app, diagnosis, DATA, ENERGY)
    other = make_colleague(flask_app, diagnosis, ENERGY)
    db.session.rollback()
    count = service.hand_over(manager, db.session.get_one(Diagnosis, diagnosis.id), kept(one), kept(other))

    assert count == 2
    assert shared() == {other.id: {DATA, ENERGY}}
    assert list(verify()) == []


def test_nothing_is_handed_to_the_same_person_or_a_closed_account(flask_app, manager, diagnosis):
    one, gone = make_colleague(flask_app, diagnosis, DATA), make_colleague(flask_app, diagnosis, active=False)
    db.session.rollback()
    of = db.session.get_one(Diagnosis, diagnosis.id)

    for to in (one, gone):
        with pytest.raises(Refused, match="请选择另一位协作人"):
            service.hand_over(manager, of, kept(one), kept(to))
    assert shared() == {one.id: {DATA}}


@pytest.mark.parametrize("role", [Role.FACTORY_MANAGER, Role.CONSULTANT])
def test_only_a_colleague_of_the_firm_is_a_colleague(flask_app, manager, diagnosis, role):
    given = {"firm_id": diagnosis.firm_id} if role is Role.FACTORY_MANAGER else {}
    people = [make_user(flask_app, role, **given), make_colleague(flask_app, make_diagnosis(flask_app))]
    db.session.rollback()

    for person in people:
        with pytest.raises(NotFound):
            service.colleague_for(db.session.get_one(Diagnosis, diagnosis.id), person.id)
