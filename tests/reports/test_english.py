"""An English report holds no Chinese but what people typed and the titles of Chinese documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from questionnaires.answers import with_evidence
from questionnaires.model import FilledDiagnosis, State, Statement, Subject
from reports.documents import NOTES, TITLES
from reports.edition import Edition, Observation
from reports.html import letter_to_html, to_html
from reports.signing import Signing, letter
from tests.reports.sample import EDITION, report_on, sample_diagnosis

CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
OPINION = {
    "observations": "基础扎实。",
    "recommendations": "先补齐联网。",
    "remarks": (Observation("冲压车间", "Digital equipment", "台账需更新"),),
    "letter": date(2026, 11, 20),
}
DIAGNOSTIC = replace(EDITION, language="en", differences=(), **OPINION)
SELF = Edition(day=date(2026, 11, 24), program="zhizhen 0.1.0", language="en")
TYPED = (
    "陈工",
    "某某智能制造研究院",
    "来图加工，不做产品设计",
    "本厂不做",
    "采集点表.csv",
    "现场.jpg",
    "基础扎实。",
    "先补齐联网。",
    "台账需更新",
)


def printed(html: str) -> str:
    """Everything that the HTML prints or speaks, without what people typed and the titles of Chinese documents."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    text = " ".join(unescape(piece) for piece in re.split(r"<[^>]+>", body))
    titles = [one.rpartition(" (")[2] for one in (*TITLES.values(), *NOTES.values())]
    for known in sorted([*TYPED, *(names()), *titles], key=len, reverse=True):
        text = text.replace(known, "")
    return text


def names() -> Iterator[str]:
    def every(subject: Subject) -> Iterator[str]:
        yield subject.name
        for part in subject.parts:
            yield from every(part)

    yield from every(sample_diagnosis().firm)


def half_open(filled: FilledDiagnosis) -> FilledDiagnosis:
    """The same with evidence for an answer, and with one that does not apply."""
    shown = with_evidence(filled, {("firm", "data.L2.1"): ("采集点表.csv", "现场.jpg")})
    revenue = Statement(State.NOT_APPLICABLE, None, "本厂不做")
    return replace(shown, firm=replace(shown.firm, facts={**shown.firm.facts, "revenue": revenue}))


CASES = {
    "diagnostic": (sample_diagnosis, DIAGNOSTIC),
    "self": (sample_diagnosis, SELF),
    "preview": (sample_diagnosis, replace(SELF, preview=True)),
    "open": (lambda: half_open(sample_diagnosis(settled=False)), DIAGNOSTIC),
    "nobody has begun": (
        lambda: replace(sample_diagnosis(), firm=replace(sample_diagnosis().firm, facts={}, parts=()), tailored={}),
        SELF,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_an_english_report_holds_no_chinese_of_ours(case):
    filled, edition = CASES[case]
    text = printed(to_html(report_on(filled(), edition)))

    assert sorted(set(CHINESE.findall(text))) == []
    assert len(text) > 20_000 or case == "nobody has begun"


@pytest.mark.parametrize("degree", ["full", "none"])
def test_nor_does_one_of_a_firm_at_either_end_of_the_scale(degree):
    filled = sample_diagnosis()
    facts = {key: Statement(State.STATED, degree) if ".L" in key else said for key, said in filled.firm.facts.items()}
    report = report_on(replace(filled, firm=replace(filled.firm, facts=facts)), SELF)

    assert sorted(set(CHINESE.findall(printed(to_html(report))))) == []


def test_the_letter_alone_holds_no_chinese_of_ours():
    about = Signing("重庆某某汽车零部件有限公司", "91500157MA00AA017C", date(2026, 10, 31), 2)

    assert CHINESE.findall(printed(letter_to_html(letter(about, "en")))) == []


def test_both_languages_say_the_same_things_in_the_same_order():
    chinese, english = (report_on(sample_diagnosis(), replace(EDITION, language=code)) for code in ("zh", "en"))

    assert [c.target for c in chinese.contents] == [e.target for e in english.contents]
    assert references(to_html(chinese)) == references(to_html(english))


def references(html: str) -> list[str]:
    return re.findall(r'href="#(R[^"]+)"', html)


def test_days_numerals_and_levels_are_english():
    english = report_on(sample_diagnosis(), DIAGNOSTIC)

    assert english.day == "2026-11-24"
    assert english.brief.headline.startswith("Now level 2 (Standardised); level 3 waits mainly for ")
    assert english.maturity.level_heads == ("Level 1", "Level 2", "Level 3", "Level 4", "Level 5")
    assert english.lang == "en"
