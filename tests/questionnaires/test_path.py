from hypothesis import given
from hypothesis import strategies as st

from questionnaires.loader import load
from questionnaires.model import State, Statement, Subject, SubjectKind
from questionnaires.path import find_path, lines


def shown(questionnaire, firm, tailored=()):
    path = find_path(questionnaire, firm, tailored)
    return {place: [page.id for page in pages] for place, pages in path.pages.items()}


def test_a_page_is_shown_while_its_condition_is_not_known(small, firm):
    assert shown(small("hidden_page"), firm()) == {("mes", "firm"): ["first", "second"]}


def test_a_page_is_shown_when_its_condition_holds(small, firm):
    assert shown(small("hidden_page"), firm(has_mes=True)) == {("mes", "firm"): ["first", "second"]}


def test_a_page_is_off_the_path_when_its_condition_is_false(small, firm):
    assert shown(small("hidden_page"), firm(has_mes=False)) == {("mes", "firm"): ["first"]}


def test_an_answer_of_unknown_keeps_the_page(small, firm):
    assert shown(small("hidden_page"), firm(has_mes=State.UNKNOWN)) == {("mes", "firm"): ["first", "second"]}


def test_a_page_that_depends_on_a_page_off_the_path_is_off_it_too(small, firm):
    answers = firm(has_mes=False, mes_plans=True, mes_planners=3)

    assert shown(small("hidden_chain"), answers) == {("mes", "firm"): ["first"]}


def test_two_figures_decide_together(small, firm):
    by_number = small("by_number")

    assert shown(by_number, firm(employees=2000, revenue=50000)) == {("size", "firm"): ["figures"]}
    assert shown(by_number, firm(employees=2000)) == {("size", "firm"): ["figures", "small"]}
    assert shown(by_number, firm(employees=2000, revenue=39999)) == {("size", "firm"): ["figures", "small"]}


def test_each_workshop_has_its_own_path(small, firm, stated):
    workshops = {"w1": stated(machines=5), "w2": stated(machines=0), "w3": {}}

    assert shown(small("every_workshop"), firm(workshops, has_mes=True)) == {
        ("firm", "firm"): ["firm"],
        ("factory", "f1"): ["office"],
        ("shop", "w1"): ["machines", "online"],
        ("shop", "w2"): ["machines"],
        ("shop", "w3"): ["machines", "online"],
    }


def test_a_fact_of_the_firm_decides_for_its_workshops(small, firm, stated):
    path = shown(small("every_workshop"), firm({"w1": stated(machines=5)}, has_mes=False))

    assert path["shop", "w1"] == ["machines"]


def test_a_subdomain_left_out_takes_its_section_and_what_depends_on_it_off_the_path(small, firm):
    answers = firm(plan__L1__1="full", plan__L2__1="full")

    assert shown(small("left_out"), answers) == {("sales", "firm"): ["plan"], ("rest", "firm"): ["check"]}
    assert shown(small("left_out"), answers, {"sales"}) == {}


def test_what_is_off_the_path_is_not_looked_up(small, firm):
    answers = firm(has_mes=False, mes_plans=True)
    look = find_path(small("hidden_page"), answers).lookup((answers,))

    assert look("has_mes") is False
    assert look("mes_plans") is None
    assert look("nothing") is None


def test_a_condition_on_a_fact_nobody_asks_keeps_the_page(write_room, firm):
    facts = "facts:\n" + "".join(
        f"  {name}: {{of: firm, kind: yes_no, zh: 甲, en: A, source: {{title: 测试, confidence: ours}}}}\n"
        for name in ("asked", "not_asked")
    )
    page = '{id: p, zh: 页, en: Page, ask: [asked], show_when: {"==": [not_asked, true]}}'
    section = f"{{id: s, zh: 节, en: Section, of: firm, pages: [{page}]}}"
    room = write_room(facts, q=f'id: q\nversion: "1"\nzh: 问卷\nen: Q\nsections: [{section}]\n')

    assert shown(load("q", room=room), firm()) == {("s", "firm"): ["p"]}


def test_subjects_are_found_from_the_firm_down():
    workshop = Subject(SubjectKind.WORKSHOP, "w", "冲压", {})
    factory = Subject(SubjectKind.FACTORY, "f", "一厂", {}, (workshop,))
    firm = Subject(SubjectKind.FIRM, "firm", "某厂", {}, (factory,))

    assert lines(firm) == {
        SubjectKind.FIRM: ((firm,),),
        SubjectKind.FACTORY: ((firm, factory),),
        SubjectKind.WORKSHOP: ((firm, factory, workshop),),
    }


ANSWERS = st.fixed_dictionaries({}, optional={"has_mes": st.booleans(), "mes_plans": st.booleans()})


@given(ANSWERS, ANSWERS)
def test_answering_more_never_brings_a_page_back(room, few, more):
    chain = load("hidden_chain", room=room)
    before = shown(chain, _firm(few))
    after = shown(chain, _firm(more | few))

    assert set(after["mes", "firm"]) <= set(before["mes", "firm"])


def _firm(answers):
    facts = {name: Statement(State.STATED, value) for name, value in answers.items()}
    return Subject(SubjectKind.FIRM, "firm", "某厂", facts)
