import pytest

from questionnaires.coach import coach_of, load_coach, read_coach
from questionnaires.loader import load
from questionnaires.model import Degree, FactKind, Text

MEANS = "means: {zh: 问什么。, en: What is asked.}"
REST = "not_counted: {zh: 不算的。, en: What does not count.}, evidence: {zh: 记录。, en: Records.}"
EXAMPLES = "full: {zh: 全。, en: All.}, mostly: {zh: 大半。, en: Most.}, partly: {zh: 一些。, en: Some.}"
PRACTICE = f"{{{MEANS}, {EXAMPLES}, none: {{zh: 没有。, en: Nothing.}}, {REST}}}"
RATIO = f"{{{MEANS}, example: {{zh: 一半。, en: Half.}}, {REST}}}"


@pytest.fixture
def folder(tmp_path):
    """A folder of coach files, from name=text."""

    def write(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_a_practice_is_explained_with_an_example_for_each_degree_from_the_best_down(room):
    coach = load_coach(room / "coach")["plan.L1.1"]

    assert coach.means == Text("有没有一份写下来的计划。", "Whether there is a plan in writing.")
    assert list(coach.degrees) == [Degree.FULL, Degree.MOSTLY, Degree.PARTLY, Degree.NONE]
    assert coach.degrees[Degree.PARTLY] == Text("四个车间里一个有。", "One of the four workshops has one.")
    assert coach.example is None
    assert coach.not_counted == Text("去年的计划。", "The plan of last year.")
    assert coach.evidence == Text("计划原件。", "The plan itself.")


def test_a_ratio_is_explained_with_one_computed_example_and_no_degrees(room):
    coach = load_coach(room / "coach")["online_rate"]

    assert coach.example == Text("40台里30台，30÷40=75%。", "30 of 40 machines: 30 / 40 = 75%.")
    assert coach.degrees == {}


def test_a_question_with_a_ratio_is_explained_by_the_ratio_and_one_without_by_its_fact(room):
    machines = load("contradiction", room=room).sections[0].pages[0].questions
    asked = {f.id: q for q in machines for f in q.facts}

    assert coach_of(asked["machines"], load_coach(room / "coach")).id == "online_rate"
    assert coach_of(asked["machines_online"], load_coach(room / "coach")).id == "online_rate"


def test_a_question_that_nobody_explains_has_no_coach(room):
    name = next(
        q for s in load("every_kind", room=room).sections for p in s.pages for q in p.questions
        if q.facts[0].kind is FactKind.TEXT
    )  # fmt: skip

    assert coach_of(name, load_coach(room / "coach")) is None


def test_every_practice_and_every_ratio_that_our_questionnaire_shows_is_explained():
    questions = [q for s in load("auto_parts").sections for p in s.pages for q in p.questions]
    practices = [q for q in questions if q.facts[0].kind is FactKind.PRACTICE]
    ratios = {q.indicator for q in questions if q.indicator}

    assert (len(practices), len(ratios)) == (207, 16)
    assert all(len(coach_of(q, load_coach()).degrees) == 4 for q in practices)
    assert all(coach_of(q, load_coach()).example for q in questions if q.indicator)
    assert set(load_coach()) == {q.facts[0].id for q in practices} | ratios
    assert read_coach()[1] == ()


def test_the_coach_is_no_part_of_the_digest_of_a_questionnaire(write_room):
    facts = "facts:\n  a: {of: firm, kind: practice, zh: 甲, en: A, source: {title: 测试, confidence: ours}}\n"
    pages = "[{id: p, zh: 页, en: Page, ask: [a]}]"
    one = f'id: q\nversion: "1"\nzh: 问卷\nen: Q\nsections: [{{id: s, zh: 节, en: S, of: firm, pages: {pages}}}]\n'
    before = load("q", room=write_room(facts, f"coach:\n  a: {PRACTICE}\n", q=one)).digest
    after = load("q", room=write_room(facts, f"coach:\n  a: {PRACTICE.replace('问什么', '怎么问')}\n", q=one)).digest

    assert before == after


def test_the_coach_is_kept_until_a_file_changes(folder):
    place = folder(a=f"coach:\n  one: {PRACTICE}\n")
    first = read_coach(place)

    assert read_coach(place) is first

    folder(a=f"coach:\n  another: {PRACTICE}\n")

    assert list(read_coach(place)[0]) == ["another"]


def test_a_folder_that_is_not_there_explains_nothing(tmp_path):
    assert read_coach(tmp_path / "nowhere") == ({}, ())


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (PRACTICE.replace("mostly: {zh: 大半。, en: Most.}, ", ""), "a.yaml:2: coach.one: missing: mostly. Add it."),
        (PRACTICE.replace(", en: Most.", ""), "a.yaml:2: coach.one.mostly: missing: en. Add it."),
        (PRACTICE.replace("zh: 大半。, ", ""), "a.yaml:2: coach.one.mostly: missing: zh. Add it."),
        (PRACTICE.replace("大半。", '" "'), "a.yaml:2: coach.one.mostly.zh: the text “zh” is empty."),
        (PRACTICE.replace("Most.", "3"), "a.yaml:2: coach.one.mostly.en: this should be text, but it is the number 3."),
        (PRACTICE.replace("en: Most.", "en: Most., fr: Presque."), "coach.one.mostly.fr: nobody reads the key “fr”."),
        (PRACTICE.replace("mostly", "mosty"), "coach.one.mosty: nobody reads the key “mosty”. Did you mean “mostly”?"),
        (RATIO.replace("example:", "full: {zh: 全。, en: All.}, example:"), "coach.one.full: nobody reads the key"),
        (PRACTICE.replace("mostly", "full"), "coach.one.full: the key “full” is written twice"),
        ("文字", "a.yaml:2: coach.one: this should be a mapping"),
    ],
)
def test_an_entry_with_a_fault_is_named_with_its_line_and_the_others_are_read(folder, entry, fault):
    entries, faults = read_coach(folder(a=f"coach:\n  one: {entry}\n  two: {RATIO}\n"))

    assert any(fault in str(one) for one in faults), [str(one) for one in faults]
    assert "two" in entries


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("- 1\n", "a.yaml:1: the file should be a mapping. Begin with “coach:”."),
        ("coach:\n  one: 1\n  one: 2\n", "a.yaml:3: coach.one: the key “one” is written twice"),
        ("coahc: {}\n", "a.yaml:1: coahc: nobody reads the key “coahc”. Did you mean “coach”?"),
        ("coach: {", "a.yaml:2: not readable as YAML"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_the_other_files_are_read(folder, text, fault):
    entries, faults = read_coach(folder(a=text, b=f"coach:\n  two: {RATIO}\n"))

    assert any(fault in str(one) for one in faults), [str(one) for one in faults]
    assert list(entries) == ["two"]


def test_an_entry_in_two_files_is_refused_and_the_first_one_stands(folder):
    place = folder(a=f"coach:\n  one: {PRACTICE}\n", b=f"coach:\n  one: {RATIO}\n")
    entries, (fault,) = read_coach(place)

    assert "b.yaml:2: coach.one: “one” is explained in another file too. Keep one of the two." in str(fault)
    assert entries["one"].degrees
