"""Recording conversions and recognitions: who may, what is refused, and that rows are only added."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.access import Role
from app.audit import AuditEvent
from app.errors import NotFound, Refused
from app.extensions import db
from app.presentation import today
from app.programme import service
from app.programme.models import ConversionEntry, RecognitionEntry
from app.programme.service import Paper
from tests.factories import make_firm, make_user, parts_of

PAPER = Paper(date(2026, 3, 1), "渝经信〔2026〕1号", "市经济信息委", "https://example.com/list")


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间"), "二工厂": ("冲压车间",)})


@pytest.fixture
def commission(flask_app):
    return make_user(flask_app, Role.COMMISSION)


@pytest.fixture
def officer(flask_app):
    return make_user(flask_app, Role.DISTRICT_OFFICER)


@pytest.fixture
def parts(flask_app, firm):
    return parts_of(flask_app, firm)


@pytest.fixture
def context(flask_app, firm, commission, officer, parts):
    """An open application, after everything above is made."""
    with flask_app.app_context():
        yield


def recognise(user, unit_id, kind="digital_workshop", paper=PAPER, **given):
    return service.record_recognition(user, service.unit_for(user, unit_id), kind=kind, paper=paper, **given)


def rows(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_the_commission_recognises_a_conversion_and_the_change_is_on_record(context, firm, commission):
    made = service.record_conversion(
        commission, firm.id, state="city_recognised", paper=PAPER, systems=["thermal", "battery"]
    )
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()

    assert (made.state, made.day, made.systems) == ("city_recognised", date(2026, 3, 1), ["battery", "thermal"])
    assert (event.action, event.subject, event.actor) == (
        "programme.record_conversion",
        f"firm:{firm.id}",
        str(commission.id),
    )


@pytest.mark.parametrize("state", ["not_started", "converting", "declared", "district_verified"])
def test_an_officer_records_up_to_the_verification_by_the_district(context, firm, officer, state):
    assert service.record_conversion(officer, firm.id, state=state, paper=PAPER).state == state


def test_an_officer_does_not_record_what_the_city_recognises(context, firm, officer):
    with pytest.raises(Refused, match="由市经济信息委登记"):
        service.record_conversion(officer, firm.id, state="city_recognised", paper=PAPER)

    assert rows(ConversionEntry) == 0


def test_an_officer_of_another_district_does_not_even_find_the_firm(flask_app, firm):
    other = make_user(flask_app, Role.DISTRICT_OFFICER, district="500151")
    with flask_app.app_context(), pytest.raises(NotFound):
        service.record_conversion(other, firm.id, state="declared", paper=PAPER)


def test_recognitions_and_withdrawals_are_the_commissions(context, firm, officer, commission, parts):
    entry = recognise(commission, parts["焊装车间"])
    with pytest.raises(Refused, match="由市经济信息委登记"):
        recognise(officer, parts["焊装车间"])
    with pytest.raises(Refused, match="由市经济信息委登记"):
        service.withdraw(officer, entry.id, PAPER)


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        (Paper(date(1999, 12, 31), "文件", "单位"), "早于 2000 年"),
        (Paper(date(2026, 3, 1), "", "单位"), "以文件为准"),
        (Paper(date(2026, 3, 1), "文件", "  "), "以文件为准"),
        (Paper(date(2026, 3, 1), "文" * 201, "单位"), "不超过 200 个字"),
        (Paper(date(2026, 3, 1), "文件", "单位", "javascript:alert(1)"), "应以 https://"),
    ],
)
def test_a_paper_that_cannot_be_right_is_refused_with_what_to_do(context, commission, parts, paper, words):
    with pytest.raises(Refused, match=words):
        recognise(commission, parts["焊装车间"], paper=paper)

    assert rows(RecognitionEntry) == 0


def test_a_paper_of_a_day_to_come_is_refused(context, commission, parts):
    with pytest.raises(Refused, match="在今天"):
        recognise(commission, parts["焊装车间"], paper=Paper(today() + timedelta(days=2), "文件", "单位"))

    assert rows(RecognitionEntry) == 0


def test_today_is_not_the_future(context, firm, officer):
    made = service.record_conversion(officer, firm.id, state="converting", paper=Paper(today()))

    assert made.day == today()


@pytest.mark.parametrize(
    ("part", "kind", "level", "words"),
    [
        ("一工厂", "digital_workshop", "", "认定的是车间"),
        ("焊装车间", "smart_factory", "", "认定的是工厂"),
        ("一工厂", "cn_smart_factory", "", "请选择国家智能工厂的级别"),
        ("焊装车间", "digital_workshop", "basic", "只有国家智能工厂分级别"),
        ("焊装车间", "best_workshop", "", "请选择认定的种类"),
    ],
)
def test_a_kind_fits_its_unit_and_its_level(context, commission, parts, part, kind, level, words):
    with pytest.raises(Refused, match=words):
        recognise(commission, parts[part], kind=kind, level=level)


def test_a_system_that_is_none_of_the_seven_is_refused(context, firm, officer):
    with pytest.raises(Refused, match="不认识的系统“gearbox”"):
        service.record_conversion(officer, firm.id, state="declared", paper=PAPER, systems=["gearbox"])


def test_the_same_step_on_the_same_day_is_recorded_once(context, firm, commission, parts):
    service.record_conversion(commission, firm.id, state="declared", paper=PAPER)
    recognise(commission, parts["焊装车间"])
    with pytest.raises(Refused, match="已经登记过"):
        service.record_conversion(commission, firm.id, state="declared", paper=PAPER)
    with pytest.raises(Refused, match="已经登记过"):
        recognise(commission, parts["焊装车间"])


def test_a_withdrawal_is_a_row_of_its_own_and_the_recognition_stays_as_it_was(context, firm, commission, parts):
    entry = recognise(commission, parts["焊装车间"], systems=["lightweight"])
    service.withdraw(commission, entry.id, Paper(date(2026, 9, 1), "渝经信〔2026〕9号", "市经济信息委"))
    newest, first = service.recognitions_of(entry.firm)

    assert (newest.withdrawn, newest.workshop_id, newest.systems) == (True, parts["焊装车间"], ["lightweight"])
    assert (first.withdrawn, first.day) == (False, date(2026, 3, 1))
    assert service.standing([newest, first]) == []


def test_a_recognition_is_withdrawn_once(context, commission, parts):
    entry = recognise(commission, parts["焊装车间"])
    service.withdraw(commission, entry.id, Paper(date(2026, 9, 1), "文件", "单位"))
    with pytest.raises(Refused, match="已经撤销"):
        service.withdraw(commission, entry.id, Paper(date(2026, 9, 2), "文件", "单位"))


def test_nothing_is_withdrawn_before_it_was_recognised(context, commission, parts):
    entry = recognise(commission, parts["焊装车间"])
    with pytest.raises(Refused, match="早于认定日期 2026-03-01"):
        service.withdraw(commission, entry.id, Paper(date(2026, 2, 28), "文件", "单位"))


def test_workshops_of_the_same_name_in_two_factories_are_two_units(context, flask_app, firm, commission):
    found = service.firm_for(commission, firm.id)
    shops = [workshop for factory in found.factories for workshop in factory.workshops if workshop.name == "冲压车间"]
    for shop in shops:
        recognise(commission, shop.id)
    units = [event.unit for event in service.events_for(commission)]

    assert units == ["一工厂 · 冲压车间", "二工厂 · 冲压车间"]


def test_an_officer_counts_only_events_of_the_own_district(context, flask_app, firm, commission, officer):
    service.record_conversion(commission, firm.id, state="declared", paper=PAPER)
    db.session.remove()
    elsewhere = make_firm(flask_app, district="500151")
    service.record_conversion(commission, elsewhere.id, state="declared", paper=PAPER)

    assert [event.district for event in service.events_for(officer)] == ["500120"]
    assert {event.district for event in service.events_for(commission)} == {"500120", "500151"}
