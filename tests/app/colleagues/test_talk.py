"""What is said about a question: who may, what is kept, when it is resolved, and that no score ever hears of it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from app.access import Role
from app.audit import AuditEvent, verify
from app.colleagues import service
from app.colleagues.models import Comment, MarkedQuestion
from app.diagnosis.models import AnswerEntry, Diagnosis, Remark, Stage
from app.extensions import db
from app.firms import service as firms
from questionnaires.loader import load, published
from tests.factories import (
    make_colleague,
    make_consultant,
    make_diagnosis,
    make_remark,
    make_user,
    parts_of,
)

DATA, ENERGY = ("data", "firm"), ("energy", "firm")
HOSTILE = "<img src=x onerror=alert(1)> & <b>粗</b>"


@pytest.fixture
def consultant(flask_app, firm):
    return make_consultant(flask_app, firm, name="陈专家")


@pytest.fixture
def colleague(flask_app, diagnosis):
    return make_colleague(flask_app, diagnosis, DATA, name="李工")


@pytest.fixture
def section(diagnosis):
    return f"/diagnoses/{diagnosis.id}/fill/data/firm"


@pytest.fixture
def talk(section):
    return f"{section}/talk/data.L1.1"


def comments(flask_app) -> list[str]:
    with flask_app.app_context():
        return list(db.session.scalars(select(Comment.text).order_by(Comment.id)))


def hidden(page: str) -> dict[str, str]:
    """Every number that the forms of the page post about it."""
    return dict(re.findall(r'name="(seen|last_comment|last_remark|is_resolved|marked)" value="(\w+)"', page))


def resolve(browser, talk) -> str:
    data = {name: value for name, value in hidden(browser.get(talk).text).items() if name != "marked"}
    return browser.post(f"{talk}/resolved", data=data, follow_redirects=True).text


# --- saying something -----------------------------------------------------------------------------------------------


def test_manager_colleague_and_consultant_talk_about_a_question_each_with_name_role_and_time(
    flask_app, browser_of, manager, colleague, consultant, talk
):
    for person in (manager, colleague, consultant):
        answer = browser_of(person).post(talk, data={"words": f"我是{person.name}", "seen": "0"})
        assert answer.location.endswith("/talk/data.L1.1#talk-end")
    page = browser_of(colleague).get(talk).text
    said = re.findall(r"<strong>(\w+)</strong> (\w+)[^<]*<span[^>]*>(\d{4}-\d\d-\d\d \d\d:\d\d)</span>", page)

    assert [(name, role) for name, role, _at in said] == [
        ("王厂长", "企业填报人"),
        ("李工", "企业协作人"),
        ("陈专家", "诊断专家"),
    ]
    assert "我是陈专家" in page


def test_the_page_shows_the_question_its_answer_and_the_way_back_to_it(browser_of, colleague, section, talk):
    browser = browser_of(colleague)
    browser.post(f"{section}/levels_1_2", data={"revision": "0", "data.L1.1": "mostly"})
    page = browser.get(talk).text

    assert re.search(r"现在的回答：<strong>大部分满足", page)
    assert f'href="{section}/levels_1_2#data.L1.1"' in page


def test_a_consultant_is_led_back_to_the_review_of_the_question(browser_of, consultant, diagnosis, talk):
    page = browser_of(consultant).get(talk).text
    back = re.search(r'href="([^"#]+)#data\.L1\.1"', page)[1]

    assert back == f"/reviews/{diagnosis.id}/pages/data/firm/levels_1_2"
    assert browser_of(consultant).get(back).status_code == 200


def test_markup_in_a_comment_is_shown_as_it_was_typed(browser_of, manager, diagnosis, talk):
    browser = browser_of(manager)
    browser.post(talk, data={"words": HOSTILE, "seen": "0"})
    for page in (browser.get(talk).text, browser.get(f"/diagnoses/{diagnosis.id}/talk").text):
        assert "<img" not in page
        assert "&lt;img src=x onerror=alert(1)&gt; &amp; &lt;b&gt;粗&lt;/b&gt;" in page


def test_five_thousand_characters_are_refused_with_both_numbers_and_stay_in_the_field(
    flask_app, browser_of, manager, talk
):
    words = "长" * 5000
    answer = browser_of(manager).post(talk, data={"words": words, "seen": "0"})

    assert answer.status_code == 422
    assert "这条留言有 5000 个字，最多 2000 个字。请写短一些，或分成几条。" in answer.text
    assert f">{words}</textarea>" in answer.text
    assert comments(flask_app) == []


def test_two_thousand_characters_are_taken_with_their_lines(flask_app, browser_of, manager, talk):
    words = "一\r\n" + "长" * 1998
    browser_of(manager).post(talk, data={"words": words, "seen": "0"})

    assert comments(flask_app) == ["一\n" + "长" * 1998]


@pytest.mark.parametrize("words", ["", "  \r\n "])
def test_an_empty_comment_is_refused(flask_app, browser_of, manager, talk, words):
    answer = browser_of(manager).post(talk, data={"words": words, "seen": "0"})

    assert answer.status_code == 422
    assert "请写下要说的话，再发表。" in answer.text
    assert comments(flask_app) == []


def test_a_comment_sent_twice_is_kept_once_and_the_same_words_later_are_kept_again(
    flask_app, browser_of, manager, talk
):
    browser = browser_of(manager)
    for _time in range(2):
        browser.post(talk, data={"words": "好的", "seen": "0"})
    seen = hidden(browser.get(talk).text)["seen"]
    browser.post(talk, data={"words": "好的", "seen": seen})

    assert comments(flask_app) == ["好的", "好的"]


def test_a_comment_typed_while_the_session_ended_is_posted_after_signing_in_again(flask_app, browser_of, manager, talk):
    browser = browser_of(manager)
    browser.get(talk)
    browser.delete_cookie("session")
    answer = browser.post(talk, data={"words": "别丢了", "seen": "0"}, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 401
    assert "您刚才填写的内容还在。" in answer.text


# --- who may --------------------------------------------------------------------------------------------------------


def test_a_colleague_neither_reads_nor_writes_about_a_section_that_is_not_his(
    flask_app, browser_of, manager, colleague, diagnosis
):
    foreign = f"/diagnoses/{diagnosis.id}/fill/energy/firm/talk/energy.L1.1"
    browser_of(manager).post(foreign, data={"words": "机密", "seen": "0"})
    browser_of(manager).post(f"{foreign}/mark", data={"marked": "yes"})
    browser = browser_of(colleague)
    refused = [
        browser.get(foreign),
        browser.post(foreign, data={"words": "偷看", "seen": "0"}),
        browser.post(f"{foreign}/mark", data={"marked": "yes"}),
        browser.post(f"{foreign}/resolved", data={"is_resolved": "yes", "last_comment": "9"}),
        browser.get(f"/diagnoses/{diagnosis.id}/fill/energy/firm/notes"),
    ]

    assert {answer.status_code for answer in refused} == {404}
    assert "机密" not in browser.get(f"/diagnoses/{diagnosis.id}/talk").text
    assert comments(flask_app) == ["机密"]


def test_a_question_is_found_only_under_its_own_section(browser_of, manager, diagnosis):
    base = f"/diagnoses/{diagnosis.id}/fill"
    addresses = [
        "data/firm/talk/energy.L1.1",
        "data/firm/talk/none",
        "none/firm/talk/data.L1.1",
        "data/x/talk/data.L1.1",
    ]

    assert {browser_of(manager).get(f"{base}/{address}").status_code for address in addresses} == {404}


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICER, Role.COMMISSION, Role.AUTHOR, Role.ADMINISTRATOR])
def test_nobody_else_takes_part(flask_app, browser_of, diagnosis, talk, role):
    browser = browser_of(make_user(flask_app, role))

    for answer in (browser.get(talk), browser.post(talk), browser.get(f"/diagnoses/{diagnosis.id}/talk")):
        assert answer.status_code == 403


def test_an_unassigned_consultant_and_another_firm_find_nothing(flask_app, browser_of, section, talk):
    for person in (make_consultant(flask_app), make_user(flask_app)):
        browser = browser_of(person)
        for answer in (browser.get(talk), browser.post(talk, data={"words": "?"}), browser.get(f"{section}/notes")):
            assert answer.status_code == 404
    assert comments(flask_app) == []


def test_a_consultant_cannot_set_the_marks_of_the_firm(browser_of, consultant, talk):
    browser = browser_of(consultant)

    assert browser.post(f"{talk}/mark", data={"marked": "yes"}).status_code == 403
    assert "标为待再看" not in browser.get(talk).text


# --- remarks of the review --------------------------------------------------------------------------------------------


def test_remarks_of_the_review_stand_in_the_same_talk_once(flask_app, browser_of, manager, consultant, diagnosis, talk):
    make_remark(flask_app, diagnosis, consultant, "data.L1.1", "请补充采集记录。")
    make_remark(flask_app, diagnosis, consultant, None, "对整份诊断的话")
    browser_of(manager).post(talk, data={"words": "已补充", "seen": "0"})
    page = browser_of(manager).get(talk).text

    assert page.count("请补充采集记录。") == 1
    assert page.index("请补充采集记录。") < page.index("已补充")
    assert page.count("复核留言") == 1
    assert "对整份诊断的话" not in page
    with flask_app.app_context():
        assert service.notes(diagnosis.id, "firm") == {"data.L1.1": {"comments": 2, "open": 2, "marked": False}}
        assert db.session.scalar(select(func.count()).select_from(Comment)) == 1
        assert db.session.scalar(select(func.count()).select_from(Remark)) == 2


# --- resolved ---------------------------------------------------------------------------------------------------------


def test_a_talk_is_resolved_opened_again_and_names_who_did_it(browser_of, manager, colleague, talk):
    browser_of(manager).post(talk, data={"words": "数对吗？", "seen": "0"})
    page = resolve(browser_of(colleague), talk)
    again = resolve(browser_of(manager), talk)

    assert re.search(r"● 已解决</span> <span[^>]*>李工，\d{4}-\d\d-\d\d", page)
    assert "▲ 未解决" in again


def test_what_is_said_after_the_resolution_opens_the_talk_again(browser_of, manager, talk):
    browser = browser_of(manager)
    browser.post(talk, data={"words": "一", "seen": "0"})
    resolve(browser, talk)
    browser.post(talk, data={"words": "二", "seen": "1"})

    assert "▲ 未解决" in browser.get(talk).text


def test_what_somebody_said_while_it_was_being_resolved_keeps_it_open(browser_of, manager, colleague, talk):
    first, second = browser_of(manager), browser_of(colleague)
    first.post(talk, data={"words": "一", "seen": "0"})
    shown = hidden(first.get(talk).text)
    second.post(talk, data={"words": "还没有完", "seen": "1"})
    first.post(f"{talk}/resolved", data=shown)

    assert "▲ 未解决" in first.get(talk).text


def test_nobody_resolves_what_is_not_yet_said(browser_of, manager, talk):
    browser = browser_of(manager)
    browser.post(talk, data={"words": "一", "seen": "0"})
    browser.post(f"{talk}/resolved", data={"is_resolved": "yes", "last_comment": "999999", "last_remark": "999999"})
    browser.post(talk, data={"words": "二", "seen": "1"})

    assert "▲ 未解决" in browser.get(talk).text


def test_a_remark_of_the_review_opens_a_resolved_talk_again(
    flask_app, browser_of, manager, consultant, diagnosis, talk
):
    make_remark(flask_app, diagnosis, consultant, "data.L1.1", "一")
    browser = browser_of(manager)
    resolved = resolve(browser, talk)
    make_remark(flask_app, diagnosis, consultant, "data.L1.1", "二")

    assert "● 已解决" in resolved
    assert "▲ 未解决" in browser.get(talk).text


# --- marks ------------------------------------------------------------------------------------------------------------


def test_a_mark_names_who_set_it_first_and_goes_away_again(flask_app, browser_of, manager, colleague, talk):
    browser_of(colleague).post(f"{talk}/mark", data={"marked": "yes"})
    page = browser_of(manager).post(f"{talk}/mark", data={"marked": "yes"}, follow_redirects=True).text
    gone = browser_of(manager).post(f"{talk}/mark", data={"marked": "no"}, follow_redirects=True).text

    assert re.search(r"◆ 待再看</span> <span[^>]*>李工，\d{4}", page)
    assert "◆ 待再看" not in gone
    with flask_app.app_context():
        assert db.session.scalar(select(MarkedQuestion)) is None


# --- all of them ------------------------------------------------------------------------------------------------------


def test_the_list_leads_to_each_marked_question_and_each_open_talk(
    flask_app, browser_of, manager, diagnosis, section, talk, firm
):
    workshop = parts_of(flask_app, firm)["冲压车间"]
    machines = f"/diagnoses/{diagnosis.id}/fill/workshop_equipment/{workshop}"
    browser = browser_of(manager)
    browser.post(f"{machines}/talk/equipment_count/mark", data={"marked": "yes"})
    browser.post(talk, data={"words": "这个数从哪里来？", "seen": "0"})
    browser.post(f"{section}/talk/data.L1.2", data={"words": "好了", "seen": "0"})
    resolve(browser, f"{section}/talk/data.L1.2")
    page = browser.get(f"/diagnoses/{diagnosis.id}/talk").text
    marked, rest = page[page.index("<h2>待再看") :].split("<h2>未解决的讨论")
    open_, resolved = rest.split("已解决的讨论（1）")

    assert f'href="{machines}/machines#equipment_count"' in marked
    assert "冲压车间 · " in marked
    assert "王厂长，" in marked
    assert f'href="{section}/levels_1_2#data.L1.1"' in open_
    assert f'href="{talk}"' in open_
    assert "这个数从哪里来？" in open_
    assert f'href="{section}/levels_1_2#data.L1.2"' in resolved


def test_an_empty_list_says_how_to_begin(browser_of, manager, diagnosis):
    assert "还没有讨论，也没有待再看的题。" in browser_of(manager).get(f"/diagnoses/{diagnosis.id}/talk").text


def test_overview_review_and_start_page_say_how_much_is_open(
    browser_of, manager, colleague, consultant, diagnosis, talk
):
    browser_of(manager).post(talk, data={"words": "一", "seen": "0"})
    browser_of(manager).post(f"{talk}/mark", data={"marked": "yes"})
    pages = [
        browser_of(manager).get(f"/diagnoses/{diagnosis.id}").text,
        browser_of(consultant).get(f"/reviews/{diagnosis.id}").text,
        browser_of(colleague).get("/my-sections").text,
    ]

    for page in pages:
        assert "▲ 未解决 1" in page
        assert "◆ 待再看 1" in page


def test_the_review_page_leads_to_the_talk_of_each_question(browser_of, manager, consultant, diagnosis, talk):
    browser_of(manager).post(talk, data={"words": "一", "seen": "0"})
    page = browser_of(consultant).get(f"/reviews/{diagnosis.id}/pages/data/firm/levels_1_2").text

    assert re.search(rf'href="{re.escape(talk)}">讨论 <span class="number">1</span>', page)


def test_talks_of_a_closed_workshop_are_left_out_and_come_back_with_it(flask_app, browser_of, manager, diagnosis, firm):
    workshop = parts_of(flask_app, firm)["冲压车间"]
    about = f"/diagnoses/{diagnosis.id}/fill/workshop_equipment/{workshop}/talk/equipment_count"
    browser, everything = browser_of(manager), f"/diagnoses/{diagnosis.id}/talk"
    browser.post(about, data={"words": "一", "seen": "0"})
    shown = []
    for is_open in (False, True):
        with flask_app.test_request_context():
            firms.set_workshop_open(manager, workshop, is_open=is_open)
        shown.append((browser.get(about).status_code, about in browser.get(everything).text))

    assert shown == [(404, False), (200, True)]


# --- for the script of the filling page -----------------------------------------------------------------------------


def test_the_notes_of_a_section_count_what_is_said_and_what_is_open(browser_of, manager, colleague, section, diagnosis):
    browser = browser_of(manager)
    for words in ("一", "二"):
        browser.post(f"{section}/talk/data.L1.1", data={"words": words, "seen": "0"})
    resolve(browser, f"{section}/talk/data.L1.1")
    browser.post(f"{section}/talk/data.L1.1", data={"words": "三", "seen": "2"})
    browser.post(f"{section}/talk/data.L1.2/mark", data={"marked": "yes"})
    browser.post(f"/diagnoses/{diagnosis.id}/fill/energy/firm/talk/energy.L1.1", data={"words": "别处", "seen": "0"})
    answer = browser_of(colleague).get(f"{section}/notes")

    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json == {
        "data.L1.1": {"comments": 3, "open": 1, "marked": False},
        "data.L1.2": {"comments": 0, "open": 0, "marked": True},
    }


def test_the_notes_of_one_workshop_say_nothing_of_another(flask_app, browser_of, manager, diagnosis, firm):
    parts, browser = parts_of(flask_app, firm), browser_of(manager)
    base = f"/diagnoses/{diagnosis.id}/fill/workshop_equipment"
    browser.post(f"{base}/{parts['冲压车间']}/talk/equipment_count", data={"words": "一", "seen": "0"})

    assert list(browser.get(f"{base}/{parts['冲压车间']}/notes").json) == ["equipment_count"]
    assert browser.get(f"{base}/{parts['焊装车间']}/notes").json == {}


def test_no_page_of_a_questionnaire_hides_behind_the_notes() -> None:
    pages = {page.id for one in published() for section in load(*one).sections for page in section.pages}

    assert "notes" not in pages


# --- nothing else is touched ------------------------------------------------------------------------------------------


def test_talk_and_marks_change_no_answer_no_score_and_no_save_number(flask_app, browser_of, manager, diagnosis, talk):
    browser = browser_of(manager)
    before = browser.get(f"/diagnoses/{diagnosis.id}/diagnosis.json").data
    result = browser.get(f"/diagnoses/{diagnosis.id}/result").text
    browser.post(talk, data={"words": "一", "seen": "0"})
    browser.post(f"{talk}/mark", data={"marked": "yes"})
    resolve(browser, talk)

    assert browser.get(f"/diagnoses/{diagnosis.id}/diagnosis.json").data == before
    assert browser.get(f"/diagnoses/{diagnosis.id}/result").text == result
    with flask_app.app_context():
        assert db.session.get_one(Diagnosis, diagnosis.id).revision == 0
        assert db.session.scalar(select(AnswerEntry)) is None


def test_every_step_is_recorded_without_the_words(flask_app, browser_of, manager, talk):
    browser = browser_of(manager)
    browser.post(talk, data={"words": "机密的话", "seen": "0"})
    resolve(browser, talk)
    resolve(browser, talk)
    for marked in ("yes", "yes", "no", "no"):
        browser.post(f"{talk}/mark", data={"marked": marked})
    with flask_app.app_context():
        found = list(db.session.scalars(select(AuditEvent).where(AuditEvent.action.startswith("talk."))))

        assert [event.action for event in found] == [
            "talk.comment",
            "talk.resolve",
            "talk.reopen",
            "talk.mark",
            "talk.unmark",
        ]
        assert {event.detail["fact"] for event in found} == {"data.L1.1"}
        assert "机密的话" not in repr([event.detail for event in found])
        assert list(verify()) == []


def test_after_the_report_is_issued_a_talk_is_read_and_nothing_is_added(flask_app, browser_of, manager, firm):
    issued = make_diagnosis(flask_app, firm, stage=Stage.ISSUED)
    talk, browser = f"/diagnoses/{issued.id}/fill/data/firm/talk/data.L1.1", browser_of(manager)
    page = browser.get(talk).text
    refused = [
        browser.post(talk, data={"words": "太晚了", "seen": "0"}),
        browser.post(f"{talk}/mark", data={"marked": "yes"}),
        browser.post(f"{talk}/resolved", data={"is_resolved": "yes"}),
    ]

    assert "讨论只供查看" in page
    assert "<textarea" not in page
    assert {answer.status_code for answer in refused} == {409}
    assert all("这次诊断的报告已经签发，讨论只供查看。" in answer.text for answer in refused)
    assert "太晚了" in refused[0].text
    assert comments(flask_app) == []
