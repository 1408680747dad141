"""Who signs and seals what, and the letter in which a firm vouches for its answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reports.edition import Edition, Observation
from reports.html import letter_to_html, to_html
from reports.signing import Signing, letter
from tests.reports.sample import EDITION, FIRM_NAME, report_on, sample_diagnosis

SELF = Edition(day=date(2026, 11, 24), program="zhizhen 0.1.0")
ABOUT = Signing("示例<零部件>厂", "91500157MA00AA017C", date(2026, 10, 31), 2)


@pytest.fixture(scope="module")
def self_assessment():
    return report_on(sample_diagnosis(), SELF)


def test_the_firm_alone_signs_and_seals_its_self_assessment(self_assessment):
    parties = self_assessment.signatures.parties

    assert [(one.role, one.name, one.sealed) for one in parties] == [("企业", FIRM_NAME, True)]
    assert parties[0].lines == ("法定代表人（签字）", "诊断联系人（签字）", "日期　　　　年　　月　　日")


def test_firm_consultant_and_organisation_sign_the_diagnostic_edition(report):
    parties = report.signatures.parties

    assert [(one.role, one.name, one.sealed) for one in parties] == [
        ("企业", FIRM_NAME, True),
        ("诊断专家", "陈工", False),
        ("诊断机构", "某某智能制造研究院", True),
    ]


def test_a_preview_is_signed_by_nobody():
    html = to_html(report_on(sample_diagnosis(), replace(SELF, preview=True)))

    assert 'id="signatures"' not in html
    assert 'id="letter"' not in html


def test_the_letter_is_a_page_of_the_self_assessment_only(self_assessment, report):
    assert self_assessment.letter.title == "真实性承诺书"
    assert 'id="letter"' in to_html(self_assessment)
    assert report.letter is None


def test_the_letter_names_the_firm_its_code_the_diagnosis_and_the_day():
    made = letter(ABOUT, "zh")

    assert [(row.name, row.value) for row in made.rows] == [
        ("企业名称", "示例<零部件>厂"),
        ("统一社会信用代码", "91500157MA00AA017C"),
        ("诊断", "第 2 次"),
        ("事实截止", "2026 年 10 月 31 日"),
    ]
    assert "截至 2026 年 10 月 31 日的实际情况相符" in made.points[0]
    assert made.party.sealed


def test_the_letter_says_the_same_in_english():
    made = letter(ABOUT, "en")

    assert made.title == "Letter of truthfulness"
    assert "true as of 2026-10-31" in made.points[0]
    assert len(made.points) == len(letter(ABOUT, "zh").points)


def test_a_hostile_name_is_printed_as_typed_in_the_letter():
    html = letter_to_html(letter(ABOUT, "zh"))

    assert "示例&lt;零部件&gt;厂" in html
    assert "<零部件>" not in html


def test_an_attached_letter_is_named_on_the_cover_with_its_day():
    attached = report_on(sample_diagnosis(), replace(SELF, letter=date(2026, 11, 20)))

    assert ("真实性承诺书", "已附签字扫描件，2026 年 11 月 20 日") in [(row.name, row.value) for row in attached.cover]


def test_what_the_consultant_wrote_is_a_chapter_of_the_diagnostic_edition():
    edition = replace(
        EDITION,
        observations="基础扎实。\n\n 装配车间以人工为主。",
        recommendations="先补齐联网。",
        remarks=(Observation("冲压车间", "数字化装备数", "台账需更新"),),
    )
    written = report_on(sample_diagnosis(), edition)

    assert written.opinion.observations == ("基础扎实。", "装配车间以人工为主。")
    assert written.opinion.recommendations == ("先补齐联网。",)
    assert written.chapters["opinion"] == "3　专家意见"
    assert "台账需更新" in to_html(written)


def test_without_a_word_of_the_consultant_there_is_no_such_chapter(report):
    assert report.opinion is None
    assert "opinion" not in report.chapters
    assert report_on(sample_diagnosis(), replace(SELF, observations="企业写不了")).opinion is None
