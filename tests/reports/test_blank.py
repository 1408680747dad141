"""The blank questionnaire: every question once, with all that may be answered, in words that can be read on paper."""

from __future__ import annotations

import re
from fractions import Fraction
from html import unescape
from io import BytesIO
from xml.etree import ElementTree

import pymupdf
import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from questionnaires.loader import load
from questionnaires.model import AllOf, AnyOf, Comparison, FactKind
from reports.blank import build, condition_text
from reports.blank_words import STEPS, WORDS
from reports.html import blank_to_html
from reports.pdf import to_pdf

LANGUAGES = ("zh", "en")
WRONG = re.compile("[\u2e80-\u2fdf\ue000-\uf8ff\ufffd]")
CHINESE = re.compile(r"[\u3400-\u9fff\u3001-\u303e\uff00-\uff3e\uff40-\uffef]")
QUESTIONNAIRE = load("auto_parts")


def asked(lang: str) -> dict[str, object]:
    """Every question of the paper by its words."""
    chapters = build(QUESTIONNAIRE, lang).chapters
    sheets = [sheet for chapter in chapters for part in chapter.parts for sheet in part.sheets]
    return {question.text: question for sheet in sheets for question in sheet.questions}


def question_about(fact: str, lang: str = "zh"):
    wanted = next(
        question
        for section in QUESTIONNAIRE.sections
        for page in section.pages
        for question in page.questions
        if fact in {one.id for one in question.facts}
    )
    return asked(lang)[getattr(wanted.text, lang)]


# --- what stands on it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_question_stands_on_it_once_with_a_number_of_its_own(lang):
    questions = [
        question
        for chapter in build(QUESTIONNAIRE, lang).chapters
        for part in chapter.parts
        for sheet in part.sheets
        for question in sheet.questions
    ]
    wanted = [q for section in QUESTIONNAIRE.sections for page in section.pages for q in page.questions]

    assert len(questions) == len(wanted) > 250
    assert [len(question.spaces) for question in questions] == [len(question.facts) for question in wanted]
    assert len({question.number for question in questions}) == len(questions)


def test_a_practice_offers_its_four_degrees_and_not_known_but_never_not_applicable():
    space = question_about("org_strategy.L1.1").spaces[0]

    assert (space.kind, space.choices) == ("boxes", ("全部满足", "大部分满足", "部分满足", "不满足"))
    assert not space.may_not_apply


def test_a_figure_has_a_line_with_its_unit_and_two_figures_are_told_apart():
    first, second = question_about("equipment_count").spaces

    assert (first.kind, first.label, first.unit) == ("figure", "生产装备总数", "台（套）")
    assert second.label == "数字化装备数"


def test_many_or_long_options_stand_one_below_the_other_and_very_many_are_written():
    systems, district = question_about("systems").spaces[0], question_about("district").spaces[0]

    assert (systems.kind, systems.several) == ("list", True)
    assert (district.kind, district.choices) == ("line", ())


def test_definition_and_evidence_stand_with_the_question_or_once_for_a_page_where_all_are_the_same():
    own = question_about("workshop_process")
    chapters = build(QUESTIONNAIRE, "zh").chapters
    sheet = next(
        sheet
        for chapter in chapters
        for part in chapter.parts
        for sheet in part.sheets
        if sheet.title == "规划、分工与检查"
    )

    assert own.help == "几种工艺都有的，选占用装备最多的一种。"
    assert own.evidence == "车间平面布置图"
    assert sheet.evidence.startswith("智能制造规划、战略文件")
    assert {question.evidence for question in sheet.questions} == {""}


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        (Comparison("==", "traditional_maker", True), "“传统汽车零部件企业”选“是”", "Traditional parts maker: Yes"),
        (Comparison("==", "production_type", "discrete"), "“生产类型”选“离散型", "Type of production: Discrete"),
        (Comparison(">=", "employees", Fraction(2001, 2)),
         "从业人员数不少于 1000.5 人", "Employees: at least 1000.5 (people)"),
        (Comparison("<", "equipment_digital_count", "equipment_count", right_is_name=True),
         "数字化装备数少于生产装备总数", "Digital equipment: below Production equipment"),
        (AnyOf((Comparison("<", "employees", Fraction(1000)), Comparison("<", "revenue", Fraction(40000)))),
         "从业人员数少于 1000 人，或者主营业务收入少于 40000 万元",
         "Employees: below 1000 (people) or Main-business revenue: below 40000 (× 10,000 yuan)"),
        (AllOf((Comparison("==", "policy_fit", True), Comparison("==", "above_scale", False))),
         "选“是”，并且", ": Yes and "),
    ],
)  # fmt: skip
def test_when_a_page_is_to_be_filled_in_is_said_in_words(condition, zh, en):
    assert zh in condition_text(condition, QUESTIONNAIRE, "zh")
    assert en in condition_text(condition, QUESTIONNAIRE, "en")


def test_every_condition_of_the_questionnaire_can_be_said():
    conditional = [page for section in QUESTIONNAIRE.sections for page in section.pages if page.show_when]

    assert len(conditional) > 10
    assert all(condition_text(page.show_when, QUESTIONNAIRE, lang) for page in conditional for lang in LANGUAGES)


def test_all_words_are_said_in_both_languages():
    texts = [*WORDS.values(), *STEPS]

    assert all(text.zh.strip() for text in texts)
    assert [text.en for text in texts if CHINESE.search(text.en)] == []


# --- HTML -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def html(lang) -> str:
    return blank_to_html(build(QUESTIONNAIRE, lang))


def test_it_is_read_as_xml_refers_to_nothing_outside_and_names_no_place_twice(html):
    ElementTree.fromstring(html)
    places = re.findall(r'\bid="([^"]+)"', html)

    assert all(address.startswith("#") for address in re.findall(r'(?:src|href)="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(places)
    assert len(places) == len(set(places))


def test_the_same_questionnaire_gives_the_same_text(html, lang):
    assert blank_to_html(build(load("auto_parts"), lang)) == html


def test_the_english_one_holds_no_chinese():
    english = blank_to_html(build(QUESTIONNAIRE, "en")).split("</style>")[1]

    assert CHINESE.findall(english.replace("　", "")) == []


# --- PDF --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdf(html) -> bytes:
    return to_pdf(html, 120)


@pytest.fixture(scope="module")
def document(pdf) -> pymupdf.Document:
    return pymupdf.open(stream=pdf, filetype="pdf")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_every_question_and_every_choice_can_be_copied_from_it(html, document):
    text = squeezed("".join(page.get_text() for page in document))
    body = re.sub(r"<[^>]+>", "\n", html.split("<body", 1)[1].split(">", 1)[1])
    sentences = {squeezed(unescape(line)) for line in body.splitlines() if line.strip()}

    assert len(sentences) > 600
    assert [sentence for sentence in sentences if sentence not in text] == []


def test_there_is_a_box_for_every_answer(document):
    boxes = sum(page.get_text().count("□") for page in document)
    offered = sum(
        len(fact.options) if fact.options else {FactKind.PRACTICE: 4, FactKind.YES_NO: 2}.get(fact.kind, 0)
        for fact in QUESTIONNAIRE.facts.values()
    )
    districts = len(QUESTIONNAIRE.facts["district"].options)
    unknown = len(QUESTIONNAIRE.facts)
    absent = sum(fact.kind is not FactKind.PRACTICE and not fact.required for fact in QUESTIONNAIRE.facts.values())

    assert boxes == offered - districts + unknown + absent


def test_every_character_has_a_glyph_and_none_is_unreadable(document):
    missing = {
        chr(character[0])
        for page in document
        for span in page.get_texttrace()
        for character in span["chars"]
        if character[1] == 0
    }

    assert missing == set()
    assert WRONG.findall("".join(page.get_text() for page in document)) == []


def test_it_is_tagged_titled_and_in_its_language(pdf, lang):
    reader = PdfReader(BytesIO(pdf))
    root = reader.trailer["/Root"]
    kinds, pending = set(), [root["/StructTreeRoot"]]
    while pending:
        node = pending.pop().get_object()
        if not isinstance(node, DictionaryObject):
            continue
        kinds.add(node.get("/S"))
        children = node.get("/K", [])
        pending += [one for one in (children if isinstance(children, list) else [children]) if not isinstance(one, int)]

    assert root["/Lang"] == {"zh": "zh-CN", "en": "en"}[lang]
    assert root["/MarkInfo"]["/Marked"]
    assert (
        reader.metadata.title
        == {
            "zh": "汽车零部件企业智能制造诊断 · 空白问卷",
            "en": "Smart-manufacturing diagnosis for auto-parts makers · Blank questionnaire",
        }[lang]
    )
    assert {"/H1", "/H2", "/H3", "/P"} <= kinds


def test_pages_are_numbered_and_the_contents_lead_to_them(document, lang):
    last = document[len(document) - 1].get_text()
    starts = {title: page for depth, title, page in document.get_toc() if depth == 1}
    contents = squeezed(document[1].get_text())
    foot = {"zh": "第 {0} 页，共 {0} 页", "en": "Page {0} of {0}"}[lang].format(len(document))

    assert foot in last
    assert len(starts) > 8
    assert all(f"{squeezed(title)}{page}" in contents for title, page in starts.items() if page > 2)


def test_the_contents_stand_in_two_columns_that_chapters_divide_evenly():
    # 4 + 5 + 6 + 3 + 4 lines, then 3 + 3 + 7 + 5 + 5: without chapter 5 on the left the columns would differ more
    left, right = build(QUESTIONNAIRE, "zh").halves

    assert [chapter.title.split("　")[0] for chapter in left] == ["1", "2", "3", "4", "5"]
    assert [chapter.title.split("　")[0] for chapter in right] == ["6", "7", "8", "9", "10"]


def test_every_page_of_a_workshop_has_room_for_its_name(document, lang):
    starts = {title.split("　")[-1]: page for depth, title, page in document.get_toc() if depth == 1}
    of_workshops = {"zh": ("车间", "人员"), "en": ("Workshops", "Personnel")}[lang]
    head = {"zh": "车间名称：", "en": "Workshop: "}[lang]
    pages = range(starts[of_workshops[0]] - 1, starts[of_workshops[1]] - 1)

    assert len(pages) >= 3
    assert all(head in document[page].get_text() for page in pages)
    assert head not in document[starts[of_workshops[1]] - 1].get_text()


def test_it_is_light_enough_to_be_sent_to_a_phone(pdf):
    assert len(pdf) < 1_000_000
