from fractions import Fraction

import pytest

from questionnaires.facts import load_facts, read_facts, steps
from questionnaires.model import Confidence, FactKind, Option, Source, SubjectKind, Text
from questionnaires.yaml_file import DefinitionError

SOURCE = "source: {title: 测试, where: 测试, confidence: ours}"
NUMBER = f"of: firm, kind: number, min: 0, max: 9, unit: {{zh: 台, en: sets}}, zh: 数, en: Number, {SOURCE}"


def fault_of(write_room, entry):
    with pytest.raises(DefinitionError) as refused:
        load_facts(write_room(f"facts:\n  {entry}\n") / "facts")
    return refused.value


def test_a_fact_is_read_with_everything_it_says(room):
    fact = load_facts(room / "facts")["machines"]

    assert fact.of is SubjectKind.WORKSHOP
    assert fact.kind is FactKind.NUMBER
    assert fact.label == Text("生产装备数", "Machines")
    assert fact.ask == Text("共有多少台生产装备？", "How many machines are there?")
    assert fact.definition == Text("在用的都算。", "All that are in use.")
    assert fact.unit == Text("台", "sets")
    assert (fact.min, fact.max, fact.whole) == (Fraction(0), Fraction(20000), True)
    assert fact.source == Source("测试", "测试", Confidence.OURS)


def test_a_fact_without_a_question_of_its_own_asks_its_label(room):
    fact = load_facts(room / "facts")["has_mes"]

    assert fact.ask == fact.label


def test_options_keep_their_order_and_the_one_that_excludes_the_others(room):
    assert load_facts(room / "facts")["systems"].options[1:] == (
        Option("thermal", Text("热管理", "Thermal management")),
        Option("none", Text("都不属于", "None of them"), alone=True),
    )


def test_the_dictionary_is_kept_until_a_file_changes(write_room):
    folder = write_room(f"facts:\n  first: {{{NUMBER}}}\n") / "facts"
    first = load_facts(folder)

    assert load_facts(folder) is first

    write_room(f"facts:\n  second_one: {{{NUMBER}}}\n")

    assert list(load_facts(folder)) == ["second_one"]


def test_options_may_stand_in_a_list_of_their_own(write_room):
    room = write_room(
        f"facts:\n  district: {{of: firm, kind: choice, options_from: places, zh: 区, en: D, {SOURCE}}}\n"
    )
    (room / "places.yaml").write_text(
        "current:\n  - {code: '500157', zh: 两江新区, en: Liangjiang}\n"
        "retired:\n  - {code: '500112', zh: 渝北区, en: Yubei}\n"
    )

    assert load_facts(room / "facts")["district"].options == (
        Option("500157", Text("两江新区", "Liangjiang")),
        Option("500112", Text("渝北区", "Yubei"), retired=True),
    )


STEPS = f"of: firm, kind: choice, zh: 步, en: Step, {SOURCE}, options: [{{code: a, zh: 甲, en: A}}, "
STEPS += "{code: b, zh: 乙, en: B}, {code: c, zh: 丙, en: C}]"


@pytest.mark.parametrize(
    ("best", "expected"), [("", ()), (", best: c", ("a", "b", "c")), (", best: a", ("c", "b", "a"))]
)
def test_the_options_of_a_choice_are_steps_from_the_worst_to_the_best_where_it_says_which_is_best(
    write_room, best, expected
):
    facts = load_facts(write_room(f"facts:\n  step: {{{STEPS}{best}}}\n") / "facts")

    assert steps(facts["step"]) == expected


@pytest.mark.parametrize("entry", [f"{{{STEPS}, best: b}}", f"{{{NUMBER}, best: a}}"])
def test_the_best_option_is_one_of_the_ends_of_a_choice(write_room, entry):
    assert "the first or the last one of a choice" in str(fault_of(write_room, f"step: {entry}"))


def test_our_own_dictionary_has_no_fault():
    facts, faults = read_facts()

    assert faults == ()
    assert sum(fact.kind is FactKind.PRACTICE for fact in facts.values()) == 207


def test_districts_that_ceased_are_still_read():
    retired = [option.code for option in load_facts()["district"].options if option.retired]

    assert {"500105", "500112"} <= set(retired)


@pytest.mark.parametrize(
    ("entry", "at", "part"),
    [
        (f"a: {{{NUMBER}, colour: red}}", "facts.a.colour", "nobody reads the key “colour”"),
        (f"a: {{of: firm, kind: number, zh: 数, {SOURCE}}}", "facts.a", "missing: en"),
        (f"a: {{of: shop, kind: yes_no, zh: 数, en: A, {SOURCE}}}", "facts.a.of", "“shop” is not known here"),
        (f"a: {{of: firm, kind: nomber, zh: 数, en: A, {SOURCE}}}", "facts.a.kind", "Did you mean “number”"),
        (f"A-b: {{{NUMBER}}}", "facts.A-b", "cannot be the id of a fact"),
        (f"a: {{of: firm, kind: choice, zh: 数, en: A, {SOURCE}}}", "facts.a", "at least two options"),
        (
            f"a: {{of: firm, kind: yes_no, options: [{{code: x, zh: 甲, en: A}}], zh: 数, en: A, {SOURCE}}}",
            "facts.a.options",
            "a yes_no has no options",
        ),
        (
            f"a: {{of: firm, kind: choice, options: [{{code: x, zh: 甲, en: A}}, {{code: x, zh: 乙, en: B}}], "
            f"zh: 数, en: A, {SOURCE}}}",
            "facts.a.options",
            "the same code",
        ),
        (
            f"a: {{of: firm, kind: choice, options: [{{code: x, zh: 甲, en: A, alone: true}}, "
            f"{{code: y, zh: 乙, en: B}}], zh: 数, en: A, {SOURCE}}}",
            "facts.a.options",
            "only for several choices",
        ),
        (
            f"a: {{of: firm, kind: number, max: 1, unit: {{zh: 台, en: s}}, zh: 数, en: A, {SOURCE}}}",
            "facts.a",
            "Add min",
        ),
        (
            f"a: {{of: firm, kind: number, min: 1, unit: {{zh: 台, en: s}}, zh: 数, en: A, {SOURCE}}}",
            "facts.a",
            "Add max",
        ),
        (f"a: {{of: firm, kind: number, min: 1, max: 2, zh: 数, en: A, {SOURCE}}}", "facts.a", "needs its unit"),
        (f"a: {{of: firm, kind: text, min: 1, zh: 数, en: A, {SOURCE}}}", "facts.a", "a text has no range"),
        (
            f"a: {{of: firm, kind: number, min: 2, max: 1, unit: {{zh: 台, en: s}}, zh: 数, en: A, {SOURCE}}}",
            "facts.a.max",
            "max is below min",
        ),
        (f"a: {{of: firm, kind: text, format: phone, zh: 数, en: A, {SOURCE}}}", "facts.a.format", "no such format"),
        (f"a: {{of: firm, kind: date, format: uscc, zh: 数, en: A, {SOURCE}}}", "facts.a.format", "no such format"),
        (
            f"a: {{of: firm, kind: choice, options_from: nowhere, zh: 数, en: A, {SOURCE}}}",
            "facts.a.options_from",
            "there is no",
        ),
        ("a: {of: firm, kind: text, zh: 数, en: A, source: {title: 测试}}", "facts.a.source", "missing: confidence"),
        ("a: 5", "facts.a", "should be a mapping"),
        (f"a: {{of: firm, kind: text, zh: 数, en: no, {SOURCE}}}", "facts.a.en", "true or false"),
    ],
)
def test_a_faulty_fact_is_refused_with_its_line(write_room, entry, at, part):
    fault = fault_of(write_room, entry)

    assert (fault.line, fault.at) == (2, at)
    assert part in str(fault)


def test_every_fault_of_the_dictionary_is_found_at_once(write_room):
    room = write_room(f"facts:\n  a: {{{NUMBER}, x: 1}}\n  b: {{{NUMBER}}}\n  c: {{of: firm}}\n")
    facts, faults = read_facts(room / "facts")

    assert list(facts) == ["b"]
    assert [fault.line for fault in faults] == [2, 4]


def test_a_fact_in_two_files_is_refused(write_room):
    room = write_room(f"facts:\n  a: {{{NUMBER}}}\n")
    (room / "facts" / "more.yaml").write_text(f"facts:\n  a: {{{NUMBER}}}\n")

    with pytest.raises(DefinitionError, match=r"more\.yaml:2: facts\.a: the fact “a” stands in another file too"):
        load_facts(room / "facts")


@pytest.mark.parametrize("text", ["- 1\n", "fact: {}\n", "facts: [1]\n"])
def test_a_file_of_another_shape_is_refused(write_room, text):
    with pytest.raises(DefinitionError, match=r"facts\.yaml"):
        load_facts(write_room(text) / "facts")
