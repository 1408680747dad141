import pytest

from questionnaires.facts import load_facts
from questionnaires.loader import NoSuchQuestionnaire, digest_of, load, published, read_with_all_faults
from questionnaires.yaml_file import DefinitionError

FACTS = """facts:
  a: {of: firm, kind: yes_no, zh: 甲, en: A, source: &s {title: 测试, confidence: ours}}
  b: {of: firm, kind: yes_no, zh: 乙, en: B, source: *s}
  w: {of: workshop, kind: yes_no, zh: 车, en: W, source: *s}
"""
HEAD = 'id: q\nversion: "1"\nzh: 问卷\nen: Questionnaire\n'


def definition(pages, of="firm"):
    return f"{HEAD}sections:\n  - id: s\n    zh: 节\n    en: Section\n    of: {of}\n    pages:\n{pages}"


def test_the_newest_version_is_read_when_none_is_named(room):
    assert load("two_versions", room=room).version == "2026.10"


def test_an_older_version_stays_readable(room):
    assert load("two_versions", "2026.9", room=room).version == "2026.9"


def test_published_lists_old_versions_before_new_ones(room):
    assert [one for one in published(room) if one[0] == "two_versions"] == [
        ("two_versions", "2026.9"),
        ("two_versions", "2026.10"),
    ]


@pytest.mark.parametrize(("name", "version"), [("nothing", None), ("two_versions", "1999")])
def test_a_questionnaire_that_is_not_published_is_named_with_those_that_are(room, name, version):
    with pytest.raises(NoSuchQuestionnaire) as refused:
        load(name, version, room)

    assert name in refused.value.message.zh
    assert "two_versions 2026.10" in refused.value.message.zh
    assert "two_versions 2026.10" in refused.value.message.en


def test_what_was_read_is_kept(room):
    assert load("hidden_page", room=room) is load("hidden_page", "1", room)


def test_a_page_is_read_with_everything_it_says(small):
    section = small("contradiction").sections[0]
    page = section.pages[0]
    question = page.questions[0]

    assert [fact.id for fact in question.facts] == ["machines_online", "machines"]
    assert question.text.zh == "装备联网情况"
    assert question.help.en == "State both."
    assert question.indicator == "online_rate"
    assert page.checks[0].say.zh == "联网装备不能多于全部装备"
    assert page.fact_ids == ("machines_online", "machines")


def test_a_single_fact_brings_its_own_question_and_definition(small):
    question = small("every_workshop").sections[2].pages[0].questions[0]

    assert question.text.zh == "共有多少台生产装备？"
    assert question.help.zh == "在用的都算。"


def test_group_lead_and_subdomain_are_read(small):
    assert small("grouped").sections[0].group.zh == "现场"
    assert small("grouped").sections[0].pages[0].lead.en == "For the last month."
    assert small("left_out").sections[0].subdomain == "sales"


def test_only_the_facts_asked_belong_to_a_questionnaire(small):
    assert sorted(small("hidden_page").facts) == ["has_mes", "mes_plans"]


def test_the_digest_says_what_is_asked_and_not_how_the_file_is_laid_out(write_room):
    pages = "      - {id: p, zh: 页, en: Page, ask: [a]}\n"
    first = load("q", room=write_room(FACTS, q=definition(pages)))
    commented = load("q", room=write_room(f"# a remark\n{FACTS}", q=f"# a remark\n{definition(pages)}"))
    asked_otherwise = load("q", room=write_room(FACTS.replace("zh: 甲", "zh: 丙"), q=definition(pages)))
    more_in_the_dictionary = load(
        "q", room=write_room(f"{FACTS}  c: {{of: firm, kind: yes_no, zh: 丙, en: C, source: *s}}\n")
    )

    assert commented.digest == first.digest
    assert asked_otherwise.digest != first.digest
    assert more_in_the_dictionary.digest == first.digest
    assert digest_of(first) == first.digest
    assert len(first.digest) == 64


def test_which_option_is_best_is_no_part_of_the_digest(write_room):
    choice = "  a:\n    of: firm\n    kind: choice\n    zh: 甲\n    en: A\n"
    choice += "    source: {title: 测试, where: 测试, confidence: ours}\n"
    choice += "    options: [{code: x, zh: 甲, en: X}, {code: y, zh: 乙, en: Y}]\n"
    pages = "      - {id: p, zh: 页, en: Page, ask: [a]}\n"
    silent = load("q", room=write_room(f"facts:\n{choice}", q=definition(pages))).digest
    told = load("q", room=write_room(f"facts:\n{choice}    best: x\n", q=definition(pages))).digest

    assert told == silent


@pytest.mark.parametrize(
    ("pages", "line", "part"),
    [
        ("      - {id: p, zh: 页, en: Page, ask: [aa]}\n", 11, "there is no fact “aa”"),
        ("      - {id: p, zh: 页, en: Page, ask: [w]}\n", 11, "“w” describes a workshop, this section a firm"),
        ("      - {id: p, zh: 页, en: Page, ask: []}\n", 11, "the page asks nothing"),
        ("      - {id: p, zh: 页, en: Page, ask: [5]}\n", 11, "a question cannot be the number 5"),
        ("      - {id: p, zh: 页, ask: [a]}\n", 11, "missing: en"),
        ("      - {id: p, zh: 页, en: Page, ask: [a], when: 1}\n", 11, "nobody reads the key “when”"),
        ("      - {id: p, zh: 页, en: Page, ask: [{facts: [], zh: 题, en: Q}]}\n", 11, "the question asks no fact"),
        ("      - {id: p, zh: 页, en: Page, ask: [{facts: [5], zh: 题, en: Q}]}\n", 11, "should be text"),
        ("      - {id: p, zh: 页, en: Page, ask: [a], show_when: {'==': [bb, true]}}\n", 11, "nothing is called “bb”"),
        (
            "      - {id: p, zh: 页, en: Page, ask: [a]}\n      - {id: p, zh: 页, en: Page, ask: [b]}\n",
            12,
            "“p” is the id of two entries",
        ),
        (
            "      - {id: p, zh: 页, en: Page, ask: [a], checks: [{that: {'==': [a, b]}, say: 甲}]}\n",
            11,
            "should be a mapping",
        ),
    ],
)
def test_a_faulty_page_is_refused_with_its_line(write_room, pages, line, part):
    with pytest.raises(DefinitionError) as refused:
        load("q", room=write_room(FACTS, q=definition(pages)))

    assert refused.value.line == line
    assert part in str(refused.value)


def test_a_file_named_otherwise_than_its_contents_is_refused(write_room):
    room = write_room(FACTS, r=definition("      - {id: p, zh: 页, en: Page, ask: [a]}\n"))

    with pytest.raises(DefinitionError, match=r"Call it q-1\.yaml"):
        load("r", room=room)


def test_a_version_without_quotes_is_refused(write_room):
    text = definition("      - {id: p, zh: 页, en: Page, ask: [a]}\n").replace('"1"', "2026.1")

    with pytest.raises(DefinitionError, match="should be text, but it is the number"):
        load("q", room=write_room(FACTS, q=text))


def test_every_faulty_page_of_a_file_is_found_at_once(write_room):
    pages = "".join(
        f"      - {{id: p{n}, zh: 页, en: Page, ask: [{name}]}}\n" for n, name in enumerate(["x", "a", "y"])
    )
    room = write_room(FACTS, q=definition(pages))
    questionnaire, _, faults = read_with_all_faults(room / "definitions" / "q-1.yaml", load_facts(room / "facts"))

    assert [fault.line for fault in faults] == [11, 13]
    assert [page.id for page in questionnaire.sections[0].pages] == ["p1"]


def test_our_own_questionnaire_asks_all_maturity_requirements():
    questionnaire = load("auto_parts")

    assert sum(fact.kind == "practice" for fact in questionnaire.facts.values()) == 207
    assert all(section.pages for section in questionnaire.sections)
