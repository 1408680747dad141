"""Report templates in the browser: written with nothing lost, looked at, put to use."""

from __future__ import annotations

import re
import shutil
from base64 import b64encode
from html import unescape
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.access import Role
from app.extensions import db
from app.report_templates import service
from app.report_templates.forms import MOVED
from app.report_templates.models import ReportTemplate
from reports.warm import WarmRenderer
from tests.factories import make_consultant, make_template, make_user, sign_in
from tests.printing import work
from tests.reports.own_sample import logo

PAGES = "/reports/templates"


@pytest.fixture(autouse=True)
def _nothing_printed_yet(data_dir):
    shutil.rmtree(data_dir / "template-previews", ignore_errors=True)


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    calls = []
    monkeypatch.setattr("app.report_templates.views.jobs.wake", lambda: calls.append("woken"))
    return calls


@pytest.fixture
def consultant(client, consultant):
    """The consultant, signed in."""
    sign_in(client, consultant)
    return consultant


def typed(**given):
    """What the form sends: every part in standard order and printed, one own part."""
    return {
        "name": "样板",
        "institution": "示例研究院",
        "block-1-place": "after:cover",
        "block-1-title": "致{{ firm }}",
        "block-1-body": "{{ headline }}",
        **{f"order-{part}": str(place) for place, part in enumerate(MOVED, start=1)},
        **{f"printed-{part}": "y" for part in MOVED},
        **{name if name.endswith("_logo") else name.replace("_", "-"): value for name, value in given.items()},
    }


def stored(flask_app):
    with flask_app.app_context():
        template = db.session.scalar(select(ReportTemplate))
        return service.own_of(service.newest(template)) if template else None


# --- writing one ------------------------------------------------------------------------------------------------------


def test_a_new_template_begins_in_the_standard_order_with_everything_printed(client, consultant):
    page = client.get(f"{PAGES}/new").text

    assert re.findall(r'name="order-(\w+)"[^>]* value="(\d+)"', page) == [
        (part, str(place)) for place, part in enumerate(MOVED, start=1)
    ]
    assert len(re.findall(r'type="checkbox" name="printed-\w+"|name="printed-\w+" type="checkbox"', page)) == 7


def test_what_is_written_is_kept_as_it_was_typed(flask_app, client, consultant):
    posted = typed(order_plan="1", order_brief="2", block_1_body="- 一\r\n- {{ firm }}")
    del posted["printed-gaps"]
    answer = client.post(f"{PAGES}/new", data=posted)
    own = stored(flask_app)

    assert answer.status_code == 302
    assert own.order[:3] == ("plan", "brief", "contents")
    assert own.left_out == ("gaps",)
    assert (own.blocks[0].title, own.blocks[0].body) == ("致{{ firm }}", "- 一\r\n- {{ firm }}")


@pytest.mark.parametrize(
    ("numbers", "begins"),
    [
        ({"order-plan": "1"}, ("plan", "brief", "contents")),
        ({"order-brief": "3"}, ("contents", "profile", "brief")),
        ({"order-brief": "2", "order-contents": "1"}, ("contents", "brief", "profile")),
        ({"order-brief": "99"}, ("contents", "profile", "opinion")),
    ],
)
def test_a_part_with_a_new_number_goes_to_that_place_and_the_others_make_room(
    flask_app, client, consultant, numbers, begins
):
    client.post(f"{PAGES}/new", data=typed() | numbers)

    assert stored(flask_app).order[:3] == begins


def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(flask_app, client, consultant):
    answer = client.post(
        f"{PAGES}/new",
        data=typed(
            name="",
            order_plan="第一",
            block_1_body="第一行\n{{ nobody }} <b>我的话</b>",
            logo=(BytesIO(logo().png), "logo.png"),
        ),
        content_type="multipart/form-data",
    )
    page = unescape(answer.text)

    assert answer.status_code == 422
    assert stored(flask_app) is None
    assert 'href="#name">请填写模板名称。' in page
    assert "“改进计划”的次序请填 1 到 99 的整数。" in page
    assert 'href="#block-1-body">第 2 行：没有“nobody”这个值。能用的有：blockers、' in page
    assert "{{ nobody }} <b>我的话</b>" in page
    assert "<b>我的话</b>" not in answer.text
    assert 'value="示例研究院"' in page
    assert 'value="第一"' in page
    assert re.search(r'name="kept_logo"[^>]* value="iVBOR', page)


def test_a_logo_chosen_before_comes_along_is_checked_again_and_can_be_left_out(flask_app, client, consultant):
    kept = b64encode(logo().png).decode()
    client.post(f"{PAGES}/new", data=typed(kept_logo=kept))
    with_logo = stored(flask_app).logo
    template_id = _only(flask_app)
    again = client.get(f"{PAGES}/{template_id}/edit").text
    client.post(f"{PAGES}/{template_id}/edit", data=typed(kept_logo=kept, drop_logo="y"))

    assert (with_logo.width, with_logo.height) == (600, 160)
    assert 'src="data:image/png;base64,iVBOR' in again
    assert stored(flask_app).logo is None


@pytest.mark.parametrize("kept", ["no base64!", b64encode(b"<svg/>").decode()])
def test_a_logo_that_was_tampered_with_is_refused(flask_app, client, consultant, kept):
    answer = client.post(f"{PAGES}/new", data=typed() | {"kept_logo": kept})

    assert (answer.status_code, stored(flask_app)) == (422, None)
    assert 'href="#logo"' in answer.text


def test_another_own_part_can_be_added_without_saving_and_an_emptied_one_is_gone(flask_app, client, consultant):
    more = client.post(f"{PAGES}/new", data=typed(more="1"))
    client.post(
        f"{PAGES}/new",
        data=typed(block_1_title="", block_1_body=" ")
        | {"block-2-place": "before:plan", "block-2-title": "二", "block-2-body": "文"},
    )

    assert (more.status_code, 'name="block-2-body"' in more.text) == (200, True)
    assert "{{ headline }}" in unescape(more.text)
    assert [block.title for block in stored(flask_app).blocks] == ["二"]


def test_a_fault_of_the_second_part_stands_at_the_second_though_the_first_is_empty(client, consultant):
    answer = client.post(
        f"{PAGES}/new",
        data=typed(block_1_title="", block_1_body="")
        | {"block-2-place": "before:plan", "block-2-title": "二", "block-2-body": "{% for %}"},
    )

    assert 'href="#block-2-body"' in answer.text


def test_no_more_own_parts_than_allowed_whatever_is_posted(client, consultant):
    many = {f"block-{number}-{what}": "x" for number in range(1, 60) for what in ("place", "title", "body")}
    answer = client.post(f"{PAGES}/new", data=typed() | many)

    assert answer.status_code == 422
    assert answer.text.count("<textarea") == 8


# --- looking at it, using it ------------------------------------------------------------------------------------------


def _only(flask_app):
    with flask_app.app_context():
        return db.session.scalars(select(ReportTemplate.id)).one()


def test_it_is_previewed_on_the_sample_by_the_printing_process_then_put_to_use(flask_app, client, consultant, woken):
    client.post(f"{PAGES}/new", data=typed(kept_logo=b64encode(logo().png).decode()))
    page = f"{PAGES}/{_only(flask_app)}"
    too_early = client.post(f"{page}/use")
    asked, waits = client.post(f"{page}/preview/zh"), client.get(page).text
    done = work(flask_app)
    file = client.get(f"{page}/preview/zh/file")
    words = "".join(one.extract_text() for one in PdfReader(BytesIO(file.data)).pages[:3])
    used = client.post(f"{page}/use", follow_redirects=True).text

    assert (too_early.status_code, "请先生成预览" in too_early.text) == (422, True)
    assert (asked.status_code, len(woken), done.exit_code) == (302, 1, 0)
    assert 'data-refresh="3"' in waits
    assert (file.status_code, file.mimetype) == (200, "application/pdf")
    assert "自有内容 · 示例研究院" in words
    assert words.count("样例，不是任何企业的诊断报告") >= 3
    assert "在用" in used


def test_a_preview_is_made_once_and_anew_after_a_change(flask_app, client, consultant, monkeypatch):
    printed = []
    monkeypatch.setattr(WarmRenderer, "to_pdf", lambda _self, html, _s: printed.append(html) or b"%PDF-1.7")
    client.post(f"{PAGES}/new", data=typed())
    page = f"{PAGES}/{_only(flask_app)}"
    for body in ("{{ headline }}", "{{ headline }}", "改过的话"):
        client.post(f"{page}/edit", data=typed(block_1_body=body))
        client.post(f"{page}/preview/zh")
        client.post(f"{page}/preview/zh")
        work(flask_app)

    assert ["改过的话" in html for html in printed] == [False, False, True]


def test_a_preview_that_cannot_be_made_says_so_and_stops_nobody_else(flask_app, client, consultant):
    template = make_template(
        flask_app, consultant, blocks=[{"place": "after:brief", "title": "题", "body": "{{ old }}"}]
    )
    page = f"{PAGES}/{template.id}"
    client.post(f"{page}/preview/zh")
    done = work(flask_app)

    assert done.exit_code == 0
    assert "没有印成" in client.get(page).text


def test_a_preview_that_is_not_there_leads_to_the_page_that_makes_it(flask_app, client, consultant):
    template = make_template(flask_app, consultant)

    assert client.get(f"{PAGES}/{template.id}/preview/zh/file").location == f"{PAGES}/{template.id}"
    assert client.get(f"{PAGES}/{template.id}/preview/fr/file").status_code == 404


def test_a_template_of_the_installation_can_be_looked_at_and_not_changed(flask_app, client, consultant):
    template = make_template(flask_app, None)
    page = client.get(f"{PAGES}/{template.id}")

    assert page.status_code == 200
    assert "/edit" not in page.text
    assert client.get(f"{PAGES}/{template.id}/edit").status_code == 404
    assert client.post(f"{PAGES}/{template.id}/retire").status_code == 404


def test_the_list_names_each_template_once_with_what_it_is(flask_app, client, consultant):
    make_template(flask_app, consultant, name="<b>我的模板</b>")
    make_template(flask_app, make_consultant(flask_app), name="别人的模板")
    page = client.get(f"{PAGES}/").text

    assert "&lt;b&gt;我的模板" in page
    assert "别人的模板" not in page


@pytest.mark.parametrize("role", [Role.FACTORY_MANAGER, Role.COMMISSION, Role.DISTRICT_OFFICER])
def test_nobody_else_has_templates(flask_app, client, role):
    sign_in(client, make_user(flask_app, role))

    assert client.get(f"{PAGES}/").status_code == 403
