"""A few questions at a time: one subject, few topics, in the order that is wanted."""

from questionnaires.loader import load
from questionnaires.model import State, Statement, Subject, SubjectKind
from questionnaires.path import find_path
from questionnaires.screen import MOST_TOPICS, next_screen, questions_on_a_screen

QUESTIONNAIRE = load("auto_parts")
WORKSHOPS = tuple(Subject(SubjectKind.WORKSHOP, key, key, {}) for key in ("w1", "w2"))
FIRM = Subject(SubjectKind.FIRM, "firm", "示例厂", {}, (Subject(SubjectKind.FACTORY, "f1", "一工厂", {}, WORKSHOPS),))


def screen(*wanted, most=5, firm=FIRM):
    return next_screen(find_path(QUESTIONNAIRE, firm), wanted, most)


def asked(steps):
    return [[fact for question in step.page.questions for fact in [one.id for one in question.facts]] for step in steps]


def test_a_screen_is_about_the_subject_of_the_first_wanted_fact():
    steps = screen(("w2", "mes_quality"), ("firm", "data.L1.1"), ("w1", "mes_quality"), ("w2", "mes_planning"))

    assert {step.subject.key for step in steps} == {"w2"}
    assert asked(steps) == [["mes_planning", "mes_quality"]]


def test_facts_of_one_question_come_together():
    assert asked(screen(("w1", "equipment_digital_count"))) == [["equipment_count", "equipment_digital_count"]]
    assert asked(screen(("w1", "equipment_digital_count"), ("w1", "equipment_count"))) == [
        ["equipment_count", "equipment_digital_count"]
    ]


def test_no_more_questions_and_no_more_topics_than_fit_are_taken():
    names = ["data.L1.1", "sales.L1.1", "data.L1.2", "logistics.L1.1", "planning.L1.1", "sales.L1.2"]
    steps = screen(*(("firm", name) for name in names), most=5)

    assert [step.section.id for step in steps] == ["data", "sales", "logistics"]
    assert len({step.section.id for step in steps}) == MOST_TOPICS
    assert asked(steps) == [["data.L1.1", "data.L1.2"], ["sales.L1.1"], ["logistics.L1.1"]]
    assert sum(map(len, asked(screen(*(("firm", name) for name in names), most=2)))) == 2


def test_the_topic_of_the_first_wanted_fact_comes_first():
    steps = screen(("firm", "sales.L1.1"), ("firm", "data.L1.1"), ("firm", "sales.L1.2"))

    assert [step.section.id for step in steps] == ["sales", "data"]
    assert asked(steps)[0] == ["sales.L1.1", "sales.L1.2"]


def test_what_is_not_asked_on_the_path_is_passed_over():
    conventional = {"traditional_maker": Statement(State.STATED, False)}
    firm = Subject(SubjectKind.FIRM, "firm", "示例厂", conventional)

    assert screen(("firm", "baseline_year"), firm=firm) == ()
    assert asked(screen(("firm", "baseline_year"), ("firm", "data.L1.1"), firm=firm)) == [["data.L1.1"]]
    assert screen() == ()


def test_the_page_keeps_its_checks_so_that_contradictions_show():
    [step] = screen(("w1", "equipment_networked_count"))

    assert len(step.page.checks) == 2


def test_a_screen_holds_three_to_six_questions_by_how_many_are_still_needed():
    assert [questions_on_a_screen(needed) for needed in (1, 3, 5, 6, 40)] == [3, 3, 5, 6, 6]
