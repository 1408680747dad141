from fractions import Fraction

import pytest

from questionnaires.checks import checks_about, facts_of, outcome, total_of
from questionnaires.conditions import NOT_ASKED
from questionnaires.contradictions import sentence
from questionnaires.lint import lint_questionnaires
from questionnaires.loader import load
from questionnaires.model import State, Subject, SubjectKind
from questionnaires.progress import SectionState, progress
from questionnaires.yaml_file import DefinitionError

FACTS = """facts:
  staff: {of: firm, kind: number, whole: true, min: 0, max: 999, unit: &u {zh: 人, en: persons}, zh: 员工, en: Staff, source: &s {title: 测试, confidence: ours}}
  has_mes: {of: firm, kind: yes_no, zh: 有 MES, en: Has an MES, source: *s}
  plans: {of: firm, kind: yes_no, zh: 排产, en: Plans, source: *s}
  people: {of: workshop, kind: number, whole: true, min: 0, max: 100, unit: *u, zh: 人数, en: People, source: *s}
  uses_mes: {of: workshop, kind: yes_no, zh: 用 MES, en: Uses the MES, source: *s}
  day: {of: workshop, kind: date, zh: 日, en: Day, source: *s}
"""  # noqa: E501
CHECK = """
          - totals: [{name: people_in_all, facts: [people], zh: 各车间人数合计, en: People of all workshops}]
            that: {"<=": [people_in_all, staff]}
            say: {zh: 车间的人多于员工。, en: More people in workshops than staff.}
"""
COUNT = """
          - totals: [{name: users, facts: [uses_mes], zh: 用 MES 的车间数, en: Workshops that use the MES}]
            that: {any: [{"==": [has_mes, true]}, {"==": [users, 0]}]}
            doubtful: true
            say: {zh: 没有 MES，车间却在用。, en: "There is no MES, yet it is in use."}
"""
ABOVE = """
          - that: {any: [{"==": [has_mes, true]}, {"==": [uses_mes, false]}]}
            say: {zh: 企业没有 MES。, en: The firm has no MES.}
"""
SHEET = """id: q
version: "1"
zh: 问卷
en: Questionnaire
sections:
  - id: firm
    zh: 企业
    en: Firm
    of: firm
    pages:
      - id: size
        zh: 规模
        en: Size
        ask: [staff]
        checks: {size}
      - id: mes
        zh: 系统
        en: Systems
        ask: [has_mes]
        checks: {mes}
      - {{id: plans, zh: 计划, en: Plans, ask: [plans], show_when: {{"==": [has_mes, true]}}}}
  - id: shop
    zh: 车间
    en: Shop
    of: workshop
    pages:
      - {{id: people, zh: 人, en: People, ask: [people, day]}}
      - id: uses
        zh: 用法
        en: Use
        ask: [uses_mes]
        checks: {uses}
"""


@pytest.fixture
def room(write_room):
    return lambda size="[]", mes="[]", uses="[]", facts=FACTS: write_room(
        facts, q=SHEET.format(size=size, mes=mes, uses=uses)
    )


@pytest.fixture
def contradictions(room, firm, filled, stated):
    """What contradicts itself in a firm with these workshops."""

    def find(workshops, size=CHECK, mes=COUNT, uses=ABOVE, **of_firm):
        questionnaire = load("q", room=room(size, mes, uses))
        shops = {key: stated(**facts) for key, facts in workshops.items()}
        return progress(questionnaire, filled(questionnaire, firm(shops, **of_firm)))

    return find


def words(done, language="zh"):
    return [sentence(found, language) for found in done.contradictions]


# --- totals -----------------------------------------------------------------------------------------------------------


def total(room, values):
    (check,) = load("q", room=room(CHECK)).sections[0].pages[0].checks
    shops = tuple(Subject(SubjectKind.WORKSHOP, str(key), "", {}) for key in range(len(values)))
    firm = Subject(SubjectKind.FIRM, "firm", "", {}, (Subject(SubjectKind.FACTORY, "f", "", {}, shops),))
    return total_of(check.totals[0], firm, lambda one, _name: values[int(one.key)])


@pytest.mark.parametrize(
    ("values", "sum_"),
    [
        ([Fraction(3), Fraction(4)], Fraction(7)),
        ([Fraction(3), None], (Fraction(3), Fraction(103))),
        ([Fraction(3), NOT_ASKED], Fraction(3)),
        ([], None),
    ],
)
def test_a_total_adds_up_what_is_known_and_spans_what_is_open(room, values, sum_):
    assert total(room, values) == sum_


def test_parts_that_already_exceed_the_whole_contradict_it_whatever_the_others_say(contradictions):
    done = contradictions({"w1": {"people": 60}, "w2": {"people": 50}, "w3": {}}, staff=100)

    assert words(done) == ["车间的人多于员工。各车间人数合计 至少 110 人，员工 100 人。"]
    assert words(done, "en") == [
        "More people in workshops than staff. People of all workshops at least 110 persons, Staff 100 persons."
    ]


@pytest.mark.parametrize(
    ("workshops", "staff"),
    [
        ({"w1": {"people": 60}, "w2": {"people": 40}}, 100),
        ({"w1": {"people": 60}, "w2": {}}, 100),
        ({"w1": {"people": 60}, "w2": {"people": 50}}, State.UNKNOWN),
        ({"w1": {"people": State.NOT_APPLICABLE}, "w2": {"people": 50}}, 50),
        ({}, 0),
    ],
)
def test_parts_that_fit_or_may_fit_do_not(contradictions, workshops, staff):
    assert words(contradictions(workshops, staff=staff)) == []


def test_a_count_of_yes_is_compared_with_a_number(contradictions):
    done = contradictions({"w1": {"uses_mes": True}, "w2": {"uses_mes": False}, "w3": {}}, uses="[]", has_mes=False)

    assert words(done) == ["没有 MES，车间却在用。有 MES 否，用 MES 的车间数 至少 1。"]


# --- where it is shown ------------------------------------------------------------------------------------------------


def test_a_contradiction_is_shown_with_the_page_of_its_check_and_with_every_page_that_gives_a_side(contradictions):
    done = contradictions({"w1": {"people": 60}, "w2": {"people": 50}, "w3": {}}, staff=100)
    (found,) = done.contradictions
    states = {(one.section.id, one.subject.key): one.state for one in done.sections}

    assert [step.ids for step in found.steps] == [
        ("firm", "firm", "size"),
        ("shop", "w1", "people"),
        ("shop", "w2", "people"),
    ]
    assert [key for key, state in states.items() if state is SectionState.CHECK] == [
        ("firm", "firm"),
        ("shop", "w1"),
        ("shop", "w2"),
    ]


def test_an_answer_of_the_firm_contradicts_that_of_a_workshop_on_both_pages(contradictions):
    done = contradictions({"w1": {"uses_mes": True}, "w2": {"uses_mes": False}}, mes="[]", has_mes=False)
    (found,) = done.contradictions

    assert [step.ids for step in found.steps] == [("shop", "w1", "uses"), ("firm", "firm", "mes")]
    assert found.page_of(done.sections[0].section, done.sections[0].subject).id == "mes"


def test_a_section_leads_to_its_own_page_of_a_contradiction(contradictions):
    done = contradictions(
        {"w1": {"people": 1, "day": State.UNKNOWN, "uses_mes": True}}, mes="[]", staff=5, has_mes=False
    )

    assert [(one.section.id, one.next_page.id) for one in done.sections] == [("firm", "mes"), ("shop", "uses")]


def test_what_is_off_the_path_contradicts_nothing(contradictions):
    check = '\n          - {that: {"==": [plans, false]}, say: {zh: 矛盾。, en: Contradiction.}}\n'
    shown = [
        words(contradictions({}, mes="[]", size="[]", uses=check, has_mes=has, plans=True)) for has in (True, False)
    ]
    with_shop = contradictions({"w1": {"uses_mes": True}}, mes="[]", size="[]", uses=check, has_mes=False, plans=True)

    assert shown == [[], []]
    assert words(with_shop) == []


def test_the_checks_about_a_page_are_those_that_name_one_of_its_facts(room):
    about = checks_about(load("q", room=room(CHECK, COUNT, ABOVE)))

    assert {place: [page.id for _section, page, _check in homes] for place, homes in about.items()} == {
        ("firm", "size"): ["size"],
        ("shop", "people"): ["size"],
        ("firm", "mes"): ["mes", "uses"],
        ("shop", "uses"): ["mes", "uses"],
    }


def test_the_facts_of_a_check_are_those_it_names_and_those_it_adds_up(room):
    (check,) = load("q", room=room(mes=COUNT)).sections[0].pages[1].checks

    assert facts_of(check) == {"has_mes", "uses_mes"}
    assert check.doubtful


def test_a_condition_is_judged_for_the_subject_and_those_above_it(room):
    questionnaire = load("q", room=room(uses=ABOVE))
    (check,) = questionnaire.sections[1].pages[1].checks
    firm, shop = Subject(SubjectKind.FIRM, "firm", "", {}), Subject(SubjectKind.WORKSHOP, "w", "", {})
    said = {("firm", "has_mes"): False, ("w", "uses_mes"): True}

    assert outcome(check.that, (firm, shop), questionnaire.facts, lambda one, name: said.get((one.key, name))) is False
    assert outcome(check.that, (firm, shop), questionnaire.facts, lambda *_: NOT_ASKED) is None


# --- in the file ------------------------------------------------------------------------------------------------------


def test_checks_across_pages_and_parts_have_no_fault(room):
    assert lint_questionnaires(room(CHECK, COUNT, ABOVE)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("facts: [people]", "facts: [peopel]", "there is no fact “peopel”. Did you mean “people”"),
        ("facts: [people]", "facts: [day]", "a total adds up numbers, or counts yes"),
        ("facts: [people]", "facts: []", "a total adds up numbers, or counts yes"),
        ("facts: [people]", "facts: [people, uses_mes]", "the facts are of different kinds or units"),
        ("name: people_in_all", "name: staff", "“staff” is a fact"),
        ("[people_in_all, staff]", "[people_in_al, staff]", "nothing is called “people_in_al”"),
    ],
)
def test_a_total_that_cannot_be_computed_is_refused(room, old, new, said):
    assert old in CHECK
    with pytest.raises(DefinitionError, match=said):
        load("q", room=room(CHECK.replace(old, new)))


@pytest.mark.parametrize(
    ("where", "check", "said"),
    [
        (
            "size",
            CHECK.replace("facts: [people]", "facts: [staff]").replace("staff]}\n", "staff]}\n"),
            "is not below the firm",
        ),
        (
            "uses",
            CHECK.replace("[people_in_all, staff]", "[people_in_all, people]"),
            "“people” is stated for each workshop, which is not below",
        ),
        ("size", CHECK.replace("[people_in_all, staff]", "[staff, 5]"), "the total “people_in_all” is not compared"),
        ("size", CHECK.replace("en: People of all workshops", "en: 人"), "holds Chinese"),
        ("size", CHECK.replace("facts: [people]", "facts: [guests]"), "“guests” is not asked in this questionnaire"),
        ("size", CHECK.replace("facts: [people]", "facts: [guests]"), "“people_in_all” is in 客, “staff” in 人"),
    ],
)
def test_a_total_that_makes_no_sense_is_found(room, where, check, said):
    guests = "  guests: {of: workshop, kind: number, whole: true, min: 0, max: 9, unit: {zh: 客, en: guests}, zh: 客, en: G, source: *s}\n"  # noqa: E501

    assert any(said in fault for fault in lint_questionnaires(room(**{where: check}, facts=FACTS + guests)))
