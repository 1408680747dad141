"""Moments in Chongqing's time, texts in the reader's language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask, session
from flask_babel import force_locale

from app import presentation
from questionnaires.model import Text

LATE = datetime(2026, 11, 24, 16, 3, 22, tzinfo=UTC)  # already the next day in Chongqing


def test_moments_are_shown_in_chongqing_time() -> None:
    assert presentation.clock(LATE) == "00:03:22"
    assert presentation.day(LATE) == "2026-11-25"
    assert presentation.moment(LATE) == "2026-11-25 00:03"


def test_a_moment_as_sqlite_gives_it_back_is_read_as_utc() -> None:
    assert presentation.moment(LATE.replace(tzinfo=None)) == "2026-11-25 00:03"


def test_a_day_stays_the_day_it_is_and_nothing_stays_nothing() -> None:
    assert presentation.day(date(2026, 11, 24)) == "2026-11-24"
    assert [presentation.day(None), presentation.clock(None), presentation.moment(None)] == ["", "", ""]


def test_a_text_is_shown_in_the_language_chosen(flask_app: Flask) -> None:
    words = Text("焊装车间", "Welding shop")
    with flask_app.test_request_context():
        assert presentation.text(words) == "焊装车间"
    with flask_app.test_request_context():
        session["language"] = "en"

        assert presentation.text(words) == "Welding shop"
        assert presentation.language_tag() == "en"


def test_a_district_is_shown_by_name_also_when_it_has_ceased(flask_app: Flask) -> None:
    with flask_app.test_request_context():
        assert presentation.district("500120") == "璧山区"
        assert presentation.district("500112") == "渝北区"
        assert presentation.district("110101") == "110101"
        assert presentation.district(None) == ""


def test_a_sentence_is_kept_for_each_language_and_what_is_given_is_escaped(flask_app: Flask) -> None:
    said = []
    for code in ("zh", "en", "zh"):
        with flask_app.test_request_context(), force_locale(code):
            template = flask_app.jinja_env.from_string('{{ _("退出") }} {{ _("请核对 %(count)s 处", count="<b>") }}')
            said.append(template.render())

    assert said[0] == said[2] == "退出 请核对 &lt;b&gt; 处"
    assert said[1].startswith("Sign out ")
    assert "&lt;b&gt;" in said[1]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("GB/T 39117-2020 评估方法 6", 'GB/T 39117-2020 <span lang="zh-CN">评估方法</span> 6'),
        ("(府〔2023〕9号); 本工具", '(<span lang="zh-CN">府〔2023〕9号</span>); <span lang="zh-CN">本工具</span>'),
        ("甲 <b>", '<span lang="zh-CN">甲</span> &lt;b&gt;'),
        ("plain & simple", "plain & simple"),
    ],
)  # fmt: skip
def test_what_stays_chinese_in_english_says_so(flask_app, words, shown):
    with flask_app.test_request_context():
        session["language"] = "en"

        assert presentation.original(words) == shown


def test_what_is_chinese_is_nothing_special_in_chinese(flask_app):
    with flask_app.test_request_context():
        assert presentation.original("评估方法 <b>") == "评估方法 <b>"
