from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from questionnaires.loader import load
from questionnaires.model import FilledDiagnosis, State, Statement, Subject, SubjectKind
from questionnaires.path import find_path
from questionnaires.progress import SectionState, missing_required, next_step, progress, steps, subjects


def test_a_section_repeats_for_each_subject_of_its_kind(small, firm):
    sections = small("every_workshop").sections
    company = firm({"w1": {}, "w2": {}})

    assert [[subject.key for subject in subjects(section, company)] for section in sections] == [
        ["firm"],
        ["f1"],
        ["w1", "w2"],
    ]


def test_the_pages_of_a_subject_are_those_on_its_path(small, firm):
    questionnaire = small("hidden_page")
    company = firm(has_mes=False)

    assert [p.id for p in find_path(questionnaire, company).of(questionnaire.sections[0], company)] == ["first"]


def test_coverage_counts_each_kind_of_answer_apart(small, firm, filled):
    company = firm(firm_name="某厂", employees=5, revenue=State.UNKNOWN, mes_since=State.NOT_APPLICABLE)
    done = progress(small("every_kind"), filled(small("every_kind"), company))

    assert (done.asked, done.answered, done.unknown, done.not_applicable, done.blank) == (10, 2, 1, 1, 6)
    assert (done.sections[0].asked, done.sections[0].settled, done.sections[0].answered) == (10, 4, 2)


def test_a_section_is_to_do_then_partly_done_then_done(small, firm, filled):
    questionnaire = small("hidden_page")
    states = [
        progress(questionnaire, filled(questionnaire, company)).sections[0].state
        for company in (firm(), firm(has_mes=True), firm(has_mes=True, mes_plans=State.UNKNOWN), firm(has_mes=False))
    ]

    assert states == [SectionState.TODO, SectionState.PART, SectionState.DONE, SectionState.DONE]


def test_a_complete_page_to_be_looked_at_again_marks_its_section_and_comes_next(small, firm, filled):
    questionnaire = small("hidden_page")
    company = firm(has_mes=True, mes_plans=True)
    done = progress(questionnaire, filled(questionnaire, company), {("mes", "firm", "second")}).sections[0]

    assert (done.state, done.next_page.id, [page.id for page in done.again]) == (
        SectionState.AGAIN,
        "second",
        ["second"],
    )
    assert (done.asked, done.settled) == (2, 2)


def test_a_page_with_a_blank_fact_or_off_the_path_is_not_looked_at_again(small, firm, filled):
    questionnaire = small("hidden_page")
    states = [
        progress(questionnaire, filled(questionnaire, company), {("mes", "firm", "second")}).sections[0]
        for company in (firm(has_mes=True), firm(has_mes=False, mes_plans=True))
    ]

    assert [(one.state, one.again) for one in states] == [(SectionState.PART, ()), (SectionState.DONE, ())]


def test_a_contradiction_marks_its_section_and_names_both_facts(small, firm, filled, stated):
    questionnaire = small("contradiction")
    company = firm({"w1": stated(machines=5, machines_online=7), "w2": stated(machines=5, machines_online=5)})
    wrong, right = progress(questionnaire, filled(questionnaire, company)).sections

    assert (wrong.state, right.state) == (SectionState.CHECK, SectionState.DONE)
    assert wrong.contradictions[0].facts == ("machines", "machines_online")
    assert wrong.contradictions[0].check.say.zh == "联网装备不能多于全部装备"
    assert (wrong.next_page.id, right.next_page) == ("machines", None)


def test_a_check_with_something_not_known_is_no_contradiction(small, firm, filled, stated):
    questionnaire = small("contradiction")
    company = firm({"w1": stated(machines=State.UNKNOWN, machines_online=7), "w2": stated(machines_online=7)})

    assert [one.contradictions for one in progress(questionnaire, filled(questionnaire, company)).sections] == [(), ()]


def test_a_section_without_a_page_on_the_path_is_left_out(small, firm, filled):
    questionnaire = small("left_out")
    done = progress(questionnaire, filled(questionnaire, firm(plan__L2__1="full"), sales="不对外销售"))

    assert done.sections == ()
    assert (done.asked, next_step(done)) == (0, None)


def test_answers_off_the_path_are_not_counted(small, firm, filled):
    questionnaire = small("hidden_page")
    done = progress(questionnaire, filled(questionnaire, firm(has_mes=False, mes_plans=True)))

    assert (done.asked, done.answered) == (1, 1)


def test_one_page_follows_another_through_sections_and_workshops(small, firm, filled):
    questionnaire = small("every_workshop")
    done = progress(questionnaire, filled(questionnaire, firm({"w1": {}, "w2": {}}, has_mes=True)))
    walked, step = [], next(steps(done))
    while step is not None:
        walked.append(step.ids)
        step = next_step(done, after=step)

    assert walked == [
        ("firm", "firm", "firm"),
        ("factory", "f1", "office"),
        ("shop", "w1", "machines"),
        ("shop", "w1", "online"),
        ("shop", "w2", "machines"),
        ("shop", "w2", "online"),
    ]


def test_who_comes_back_is_led_to_the_first_page_with_something_blank(small, firm, filled, stated):
    questionnaire = small("every_workshop")
    company = firm({"w1": stated(machines=5)}, has_mes=True)
    done = progress(questionnaire, filled(questionnaire, company))

    assert next_step(done).ids == ("factory", "f1", "office")


def test_when_all_is_answered_nothing_is_next(small, firm, filled):
    questionnaire = small("hidden_page")
    done = progress(questionnaire, filled(questionnaire, firm(has_mes=False)))

    assert next_step(done) is None


def test_after_a_page_that_left_the_path_the_first_open_one_is_next(small, firm, filled):
    questionnaire = small("hidden_page")
    before = progress(questionnaire, filled(questionnaire, firm(has_mes=True)))
    second = next(step for step in steps(before) if step.page.id == "second")
    after = progress(questionnaire, filled(questionnaire, firm(has_mes=False)))

    assert second.ids not in {step.ids for step in steps(after)}
    assert next_step(after, after=second) is None


def test_what_must_be_stated_is_named_with_its_page(small, firm, filled):
    questionnaire = small("every_kind")
    missing = missing_required(
        questionnaire, filled(questionnaire, firm(uscc=State.UNKNOWN, production_type="discrete"))
    )

    assert [(one.step.ids, one.fact.id) for one in missing] == [(("all", "firm", "kinds"), "uscc")]


ANSWERS = st.dictionaries(
    st.sampled_from(["has_mes", "mes_plans", "mes_planners"]),
    st.sampled_from([True, False]).map(lambda value: Statement(State.STATED, value))
    | st.just(Statement(State.UNKNOWN))
    | st.just(Statement(State.NOT_APPLICABLE, reason="无")),
)


@given(ANSWERS)
def test_what_is_asked_is_answered_unknown_not_applicable_or_blank(room, answers):
    questionnaire = load("hidden_chain", room=room)
    company = Subject(SubjectKind.FIRM, "firm", "某厂", answers)
    done = progress(questionnaire, _filled(questionnaire, company))

    assert done.asked == done.answered + done.unknown + done.not_applicable + done.blank
    assert done.asked == sum(one.asked for one in done.sections)
    assert done.answered == sum(one.answered for one in done.sections)
    assert (next_step(done) is None) == (done.blank == 0)


@given(ANSWERS, st.sampled_from(["has_mes", "mes_plans", "mes_planners"]))
def test_settling_a_blank_never_leaves_more_blank(room, answers, name):
    questionnaire = load("hidden_chain", room=room)
    before = Subject(SubjectKind.FIRM, "firm", "某厂", answers)
    after = replace(before, facts={name: Statement(State.UNKNOWN), **answers})

    blank = [progress(questionnaire, _filled(questionnaire, one)).blank for one in (before, after)]

    assert blank[1] <= blank[0]


def _filled(questionnaire, company):
    return FilledDiagnosis(questionnaire.id, questionnaire.version, date(2026, 10, 31), company)
