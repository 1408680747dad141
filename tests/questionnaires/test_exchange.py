import json
from datetime import date
from fractions import Fraction
from functools import partial
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from questionnaires import exchange
from questionnaires.answers import on_path
from questionnaires.exchange import ExchangeError, read_diagnosis, read_with_every_fault, write_diagnosis
from questionnaires.loader import load
from questionnaires.model import (
    Degree,
    FactKind,
    FilledDiagnosis,
    State,
    Statement,
    Subject,
    SubjectKind,
)

EXAMPLE = """
format: zhizhen/diagnosis@1
questionnaire: auto_parts
as_of: 2026-10-31
firm:
  name: 重庆某某汽车零部件有限公司
  uscc: 91500157MA00AA017C
  district: "500157"
  industry: 3670
  production_type: discrete
  employees: 320
  revenue: 15000.50
  systems: [lightweight, thermal]
tailored:
  product_design: 来图加工，不做产品设计
facts:
  org_strategy.L1.1: full
  data.L2.1: {value: mostly, evidence: [采集点表.xlsx]}
  energy.L3.2: {unknown: true}
factories:
  - name: 一工厂
    facts: {stage_research_design: {not_applicable: 研发在总部}}
    workshops:
      - name: 冲压车间
        facts: {equipment_count: 120, equipment_digital_count: "１００"}
"""


@pytest.fixture(scope="module")
def schema(root):
    text = (root / "questionnaires" / "schemas" / "diagnosis-1.schema.json").read_text(encoding="utf-8")
    Draft202012Validator.check_schema(json.loads(text))
    return Draft202012Validator(json.loads(text))


@pytest.fixture(scope="module")
def small_file(room):
    """A file of a small questionnaire: its id, the lines of firm, facts and factories."""

    def read(text, name="every_kind", file="x.yaml"):
        head = f"format: zhizhen/diagnosis@1\nquestionnaire: {name}\nas_of: 2026-10-31\n"
        return read_diagnosis(head + text, file, loader=partial(load, room=room))

    return read


def faults_of(read, *arguments):
    with pytest.raises(ExchangeError) as refused:
        read(*arguments)
    return refused.value.faults


def test_the_example_is_read():
    filled = read_diagnosis(EXAMPLE, "example.yaml")
    firm, factory = filled.firm, filled.firm.parts[0]

    assert (filled.questionnaire_id, filled.as_of) == ("auto_parts", date(2026, 10, 31))
    assert firm.name == firm.facts["firm_name"].value == "重庆某某汽车零部件有限公司"
    assert firm.facts["uscc"] == Statement(State.STATED, "91500157MA00AA017C")
    assert firm.facts["industry"].value == "3670"
    assert firm.facts["revenue"].value == Fraction(30001, 2)
    assert firm.facts["systems"].value == ("lightweight", "thermal")
    assert firm.facts["data.L2.1"] == Statement(State.STATED, "mostly", None, ("采集点表.xlsx",))
    assert firm.facts["energy.L3.2"] == Statement(State.UNKNOWN)
    assert filled.tailored == {"product_design": "来图加工，不做产品设计"}
    assert (factory.key, factory.name) == ("factory-1", "一工厂")
    assert factory.facts["stage_research_design"] == Statement(State.NOT_APPLICABLE, None, "研发在总部")
    assert factory.parts[0].facts["equipment_digital_count"].value == Fraction(100)


def test_the_version_may_be_named(room):
    text = 'format: zhizhen/diagnosis@1\nquestionnaire: two_versions\nquestionnaire_version: "2026.9"\n'
    filled = read_diagnosis(f"{text}as_of: 2026-10-31\nfirm: {{name: 某厂}}\n", "x.yaml", partial(load, room=room))

    assert filled.questionnaire_version == "2026.9"


def test_facts_off_the_path_do_not_count(small_file):
    filled = small_file("firm: {name: 某厂}\nfacts: {has_mes: false, mes_plans: true}\n", "hidden_page")

    assert list(filled.firm.facts) == ["has_mes"]


def test_a_consultant_may_give_a_reason_with_a_value(small_file):
    filled = small_file("firm: {name: {value: 某厂, reason: 按执照}, revenue: {unknown: true, reason: 未审计}}\n")

    assert filled.firm.name == "某厂"
    assert filled.firm.facts["firm_name"] == Statement(State.STATED, "某厂", "按执照")
    assert filled.firm.facts["revenue"] == Statement(State.UNKNOWN, None, "未审计")


FAULTS = [
    (
        "firm: {name: 某厂}\nfacts: {has_mess: true}\n",
        "x.yaml:5: facts.has_mess",
        "问卷中没有“has_mess”",
        "是否应为“has_mes”",
    ),
    ("firm: {name: 某厂}\nfacts: {zzz: true}\n", "x.yaml:5: facts.zzz", "问卷中没有“zzz”", "删去这一项"),
    ("firm: {name: 某厂}\nfacts: {has_mes: maybe}\n", "x.yaml:5: facts.has_mes", "请选“是”或“否”", "重新导入"),
    ("firm: {name: 某厂}\nfacts: {has_mes: yes}\n", "x.yaml:5: facts.has_mes", "读成是或否", "true 或 false"),
    ("firm: {name: 某厂}\nfacts: {has_mes: }\n", "x.yaml:5: facts.has_mes", "这一项是空的", "整行删去"),
    (
        "firm: {name: 某厂}\nfacts: {has_mes: {value: true, unknown: true}}\n",
        "x.yaml:5: facts.has_mes",
        "之一",
        "只写其中一个",
    ),
    ("firm: {name: 某厂}\nfacts: {has_mes: {reason: 甲}}\n", "x.yaml:5: facts.has_mes", "之一", "只写其中一个"),
    (
        "firm: {name: 某厂}\nfacts: {has_mes: {unknwon: true}}\n",
        "x.yaml:5: facts.has_mes.unknwon",
        "没有“unknwon”",
        "是否应为“unknown”",
    ),
    (
        "firm: {name: 某厂}\nfacts: {has_mes: {unknown: false}}\n",
        "x.yaml:5: facts.has_mes.unknown",
        "unknown 只能写 true",
        "或改写 value",
    ),
    (
        "firm: {name: 某厂}\nfacts: {has_mes: {not_applicable: ' '}}\n",
        "x.yaml:5: facts.has_mes.not_applicable",
        "没有写明理由",
        "写明理由",
    ),
    (
        "firm: {name: 某厂}\nfacts: {plan.L1.1: {not_applicable: 没有}}\n",
        "x.yaml:5: facts.plan.L1.1.not_applicable",
        "成熟度要求不能写不适用",
        "tailored",
    ),
    (
        "firm: {name: 某厂}\nfacts: {has_mes: {value: true, evidence: a.pdf}}\n",
        "x.yaml:5: facts.has_mes.evidence",
        "这里应是列表",
        "短横",
    ),
    ("firm: {name: 某厂, usc: 1}\n", "x.yaml:4: firm.usc", "没有“usc”", "是否应为“uscc”"),
    ("firm: {name: 某厂, uscc: 9150O157MA00AA017C}\n", "x.yaml:4: firm.uscc", "第 5 位是字母 O", "重新导入"),
    ("firm: {name: 某厂, district: '500157'}\n", "x.yaml:4: firm.district", "问卷中没有“district”", "删去"),
    ("firm: {uscc: 91500157MA00AA017C}\n", "x.yaml:4: firm", "缺少：name", "请补上"),
    ("firm: {name: ' '}\n", "x.yaml:4: firm.name", "请填写文字", "重新导入"),
    ("firm: {name: {unknown: true}}\n", "x.yaml:4: firm.name", "企业名称需要填写", "请填写名称"),
    ("firm: {name: {value: ' '}}\n", "x.yaml:4: firm.name", "企业名称需要填写", "请填写名称"),
    ("firm: 某厂\n", "x.yaml:4: firm", "这里应是“键: 值”", "请写"),
    (
        "firm: {name: 某厂, employees: 5}\nfacts: {employees: 6}\n",
        "x.yaml:4: firm.employees",
        "在 facts 中又写了一次",
        "只保留一处",
    ),
    (
        "firm: {name: 某厂}\ntailored: {org_strategy: 不需要}\n",
        "x.yaml:5: tailored.org_strategy",
        "不能裁剪",
        "制造要素",
    ),
    ("firm: {name: 某厂}\ntailored: {sale: 不卖}\n", "x.yaml:5: tailored.sale", "不能裁剪", "是否应为“sales”"),
    ("firm: {name: 某厂}\ntailored: {sales: }\n", "x.yaml:5: tailored.sales", "这里应是文字", "引号"),
    ("firm: {name: 某厂}\nfactorys: []\n", "x.yaml:5: factorys", "没有“factorys”", "factories"),
    ("firm: {name: 某厂}\nfactories: [甲]\n", "x.yaml:5: factories[1]", "这里应是“键: 值”", "请写"),
    ("firm: {name: 某厂}\nfactories: [{facts: {}}]\n", "x.yaml:5: factories[1]", "缺少：name", "请补上"),
    ("firm: {name: 某厂}\nfactories: [{name: ''}]\n", "x.yaml:5: factories[1].name", "名称是空的", "填写名称"),
    ("firm: {name: 某厂}\nfactories: [{name: 5}]\n", "x.yaml:5: factories[1].name", "这里应是文字", "引号"),
    (
        "firm: {name: 某厂}\nfactories: [{name: 甲}, {name: 甲}]\n",
        "x.yaml:5: factories[2].name",
        "“甲”出现了两次",
        "不同的名称",
    ),
    (
        "firm: {name: 某厂}\nfactories: [{name: 甲, key: a}, {name: 乙, key: a}]\n",
        "x.yaml:5: factories[2].key",
        "“a”已用于另一处",
        "别的 key",
    ),
    (
        "firm: {name: 某厂}\nfactories: [{name: 甲, workshops: [{name: 乙, workshops: []}]}]\n",
        "x.yaml:5: factories[1].workshops[1].workshops",
        "没有“workshops”",
        "这里可以写",
    ),
]


@pytest.mark.parametrize(("text", "where", "fault", "remedy"), FAULTS)
def test_a_fault_says_where_what_and_what_to_do(small_file, text, where, fault, remedy):
    found = faults_of(small_file, text)[-1]

    assert found.where == where
    assert fault in found.fault.zh
    assert remedy in found.remedy.zh
    assert found.fault.en != found.fault.zh
    assert found.remedy.en != found.remedy.zh


def test_a_fact_of_another_subject_is_refused_with_where_it_belongs(small_file):
    (fault,) = faults_of(small_file, "firm: {name: 某厂}\nfacts: {machines: 5}\n", "every_workshop")

    assert fault.line("zh") == "x.yaml:5: facts.machines: “生产装备数”是车间的填报项。请移到车间的 facts 下。"
    assert fault.line("en") == (
        "x.yaml:5: facts.machines: “machines” is a fact of a workshop. Move it to the facts of the workshop."
    )


def test_every_fault_of_a_file_is_collected(small_file):
    text = (
        "firm: {name: 某厂, employees: no, uscc: 91500157MA00AA017D}\n"
        "tailored: {data: 甲}\n"
        "facts:\n  has_mes: 7\n  zzz: 1\n"
        "factories:\n  - {name: 甲, facts: {machines: 1}}\n"
    )
    lines = sorted(int(fault.where.split(":")[1]) for fault in faults_of(small_file, text))

    assert lines == [4, 4, 5, 7, 8, 10]


def test_beside_its_faults_a_file_says_what_is_right(room):
    head = "format: zhizhen/diagnosis@1\nquestionnaire: every_kind\nas_of: 2026-10-31\nfirm: {name: 某厂}\n"
    text = head + "facts: {has_mes: maybe, plan.L1.1: full, revenue: 5, zzz: 1}\n"
    filled, faults = read_with_every_fault(text, "x.yaml", partial(load, room=room))

    assert {name: one.value for name, one in filled.firm.facts.items()} == {
        "firm_name": "某厂",
        "plan.L1.1": "full",
        "revenue": Fraction(5),
    }
    assert [fault.where for fault in faults] == ["x.yaml:5: facts.has_mes", "x.yaml:5: facts.zzz"]


@pytest.mark.parametrize("crowd", ["facts: {%s}", "tailored: {%s}", "%s", "factories: [{name: 甲, facts: {%s}}]"])
def test_a_file_that_is_nothing_but_faults_is_given_up_early(room, crowd):
    keys = ", ".join(f"has_me{number}: 1" for number in range(20_000))
    crowded = crowd % (keys if "{" in crowd else keys.replace(", ", "\n"))
    head = "format: zhizhen/diagnosis@1\nquestionnaire: every_kind\nas_of: 2026-10-31\nfirm: {name: 某厂}\n"
    filled, faults = read_with_every_fault(head + crowded, "x.yaml", partial(load, room=room))

    assert filled is None
    assert len(faults) == 502
    assert str(faults[0]) == "x.yaml: 错误超过 500 处，没有读下去。请先改正下面这些。"


@pytest.mark.parametrize("text", ["", "- 1", "questionnaire: nobody_s\nfirm: {name: 某厂}"])
def test_of_a_file_that_is_none_nothing_is_right(room, text):
    filled, faults = read_with_every_fault(text, "x.yaml", partial(load, room=room))

    assert filled is None
    assert faults


def test_the_error_lists_one_fault_a_line(small_file):
    with pytest.raises(ExchangeError) as refused:
        small_file("firm: {name: 某厂}\nfacts: {aa: 1, bb: 2}\n")

    assert len(str(refused.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "file", "part"),
    [
        ("", "x.yaml", "文件是空的"),
        ("- a\n", "x.yaml", "文件应由“键: 值”组成"),
        ("[1]", "x.json", "文件应由“键: 值”组成"),
        ("null", "x.json", "文件是空的"),
        ("a: [", "x.yaml", "不符合 YAML"),
        ('{"a": 1,}', "x.json", "不符合 JSON"),
        ('{"a": ', "upload", "不符合 JSON"),
        (b"\xff\xfe", "x.json", "不是 UTF-8"),
        (b"\xff\xfe", "upload", "不是 UTF-8"),
        ("[" * 100000, "x.json", "层次太深"),
        ("format: other@1\n", "x.yaml", "不认识这种文件格式"),
        ("format: zhizhen/diagnosis@1\n", "x.yaml", "缺少：questionnaire、as_of、firm"),
        ("questionnaire: nothing\n", "x.yaml", "没有名为“nothing”的问卷"),
        ("questionnaire: auto_parts\nquestionnaire_version: 2026.10\n", "x.yaml", "这里应是文字，现在是数字"),
        ("as_of: 2026-10\n", "x.yaml", "这里应是日期"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(text, file, part):
    faults = faults_of(read_diagnosis, text, file)

    assert any(part in fault.fault.zh for fault in faults)


def test_the_allowed_tailoring_may_be_given(room):
    text = "format: zhizhen/diagnosis@1\nquestionnaire: left_out\nas_of: 2026-10-31\nfirm: {name: 某厂}\n"
    (fault,) = faults_of(read_diagnosis, f"{text}tailored: {{sales: 不卖}}\n", "x.yaml", partial(load, room=room), ())

    assert "不能裁剪" in fault.fault.zh


def test_json_is_read_like_yaml():
    written = write_diagnosis(read_diagnosis(EXAMPLE, "example.yaml"))

    assert read_diagnosis(written, "upload") == read_diagnosis(EXAMPLE, "example.yaml")
    assert read_diagnosis(written.encode(), "x.json") == read_diagnosis(EXAMPLE, "example.yaml")


def test_what_is_written_keeps_numbers_exact_and_says_only_what_was_said(small, firm, filled):
    company = firm({"w1": {}}, employees=5, revenue=Fraction(15, 2), has_mes=State.UNKNOWN, mes_since=date(2026, 1, 2))
    company.facts["plan.L1.1"] = Statement(State.STATED, "full", None, ("a.pdf",))
    company.facts["uscc"] = Statement(State.NOT_APPLICABLE, None, "筹建中")

    assert json.loads(write_diagnosis(filled(small("every_kind"), company, sales="不卖"))) == {
        "format": "zhizhen/diagnosis@1",
        "questionnaire": "every_kind",
        "questionnaire_version": "1",
        "as_of": "2026-10-31",
        "firm": {"name": "某厂", "uscc": {"not_applicable": "筹建中"}, "employees": 5, "revenue": "7.5"},
        "tailored": {"sales": "不卖"},
        "facts": {
            "has_mes": {"unknown": True},
            "mes_since": "2026-01-02",
            "plan.L1.1": {"value": "full", "evidence": ["a.pdf"]},
        },
        "factories": [
            {
                "key": "f1",
                "name": "一工厂",
                "facts": {},
                "workshops": [{"key": "w1", "name": "w1", "facts": {}}],
            }
        ],
    }


def test_a_no_and_a_nought_with_evidence_are_not_lost(small_file, small, firm, filled):
    company = firm(firm_name="某厂")
    company.facts["has_mes"] = Statement(State.STATED, False, "现场核实", ("a.pdf",))
    company.facts["revenue"] = Statement(State.STATED, Fraction(0), None, ("b.pdf",))
    written = json.loads(write_diagnosis(filled(small("every_kind"), company)))

    assert written["facts"]["has_mes"] == {"value": False, "reason": "现场核实", "evidence": ["a.pdf"]}
    assert written["firm"]["revenue"] == {"value": 0, "evidence": ["b.pdf"]}


def test_the_schema_takes_the_example_as_json(schema):
    document = json.loads(write_diagnosis(read_diagnosis(EXAMPLE, "example.yaml")))

    assert list(schema.iter_errors(document)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"format": "zhizhen/diagnosis@2"},
        {"as_of": "October"},
        {"firm": {}},
        {"firm": {"name": "某厂", "colour": "red"}},
        {"extra": 1},
        {"tailored": {"sales": " "}},
        {"facts": {"data.L2.1": {"unknown": False}}},
        {"facts": {"data.L2.1": {"value": "full", "unknown": True}}},
        {"facts": {"systems": []}},
        {"facts": {"data.L2.1": None}},
        {"factories": [{}]},
        {"factories": [{"name": "甲", "workshops": [{"name": "乙", "workshops": []}]}]},
    ],
)
def test_what_the_schema_refuses_the_reader_refuses_too(schema, change):
    document = json.loads(write_diagnosis(read_diagnosis(EXAMPLE, "example.yaml"))) | change
    text = json.dumps(document)

    assert list(schema.iter_errors(document)) != []
    assert faults_of(read_diagnosis, text, "x.json")


def test_the_keys_of_the_firm_block_are_those_of_the_schema(schema):
    assert set(schema.schema["properties"]["firm"]["properties"]) == set(exchange.FIRM_KEYS)


def test_only_subdomains_of_manufacturing_that_are_asked_may_be_left_out():
    asked = {section.subdomain for section in load("auto_parts").sections if section.subdomain}

    assert set(exchange.MAY_BE_TAILORED) < asked


# --- writing and reading again, over random diagnoses of our own questionnaire ----------------------------------------

WORDS = st.text("甲乙丙abc 1.\n“”", min_size=1, max_size=12).map(str.strip).filter(bool)
QUESTIONNAIRE = load("auto_parts")


def _values(fact):
    if fact.kind is FactKind.TEXT and fact.format:
        return st.sampled_from({"uscc": ["91500157MA00AA017C"], "industry": ["3670", "2929"]}[fact.format])
    if fact.kind is FactKind.NUMBER:
        whole = st.integers(ceil(fact.min), floor(fact.max)).map(Fraction)
        return whole if fact.whole else st.fractions(fact.min, fact.max, max_denominator=10**7) | whole
    codes = st.sampled_from([option.code for option in fact.options] or ["-"])
    several = [st.sampled_from([option.code for option in fact.options if not option.alone] or ["-"])]
    return {
        FactKind.PRACTICE: st.sampled_from([degree.value for degree in Degree]),
        FactKind.YES_NO: st.booleans(),
        FactKind.CHOICE: codes,
        FactKind.CHOICES: st.lists(several[0], min_size=1, unique=True).map(lambda chosen: tuple(sorted(chosen))),
        FactKind.TEXT: WORDS,
        FactKind.DATE: st.dates(date(1950, 1, 1), date(2099, 12, 31)),
    }[fact.kind]


EVIDENCE = st.lists(WORDS, max_size=2).map(tuple)


def _statements(fact):
    stated = st.builds(Statement, st.just(State.STATED), _values(fact), st.none() | WORDS, EVIDENCE)
    unknown = st.builds(Statement, st.just(State.UNKNOWN), st.none(), st.none() | WORDS, EVIDENCE)
    absent = st.builds(Statement, st.just(State.NOT_APPLICABLE), st.none(), WORDS, EVIDENCE)
    return stated | unknown if fact.kind is FactKind.PRACTICE else stated | unknown | absent


@st.composite
def _facts(draw, kind):
    own = [fact for fact in QUESTIONNAIRE.facts.values() if fact.of is kind and fact.id != "firm_name"]
    chosen = draw(st.lists(st.sampled_from(own), max_size=10, unique_by=lambda fact: fact.id))
    return {fact.id: draw(_statements(fact)) for fact in chosen}


@st.composite
def _diagnoses(draw):
    factories = []
    for place in range(draw(st.integers(0, 2))):
        shops = tuple(
            Subject(SubjectKind.WORKSHOP, f"w{place}{n}", f"车间{n}", draw(_facts(SubjectKind.WORKSHOP)))
            for n in range(draw(st.integers(0, 2)))
        )
        facts = draw(_facts(SubjectKind.FACTORY))
        factories.append(Subject(SubjectKind.FACTORY, f"f{place}", f"{draw(WORDS)}{place}", facts, shops))
    name = draw(WORDS)
    facts = {"firm_name": Statement(State.STATED, name), **draw(_facts(SubjectKind.FIRM))}
    firm = Subject(SubjectKind.FIRM, "firm", name, facts, tuple(factories))
    tailored = draw(st.dictionaries(st.sampled_from(exchange.MAY_BE_TAILORED), WORDS, max_size=2))
    day = draw(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
    filled = FilledDiagnosis(QUESTIONNAIRE.id, QUESTIONNAIRE.version, day, firm, tailored)
    return on_path(QUESTIONNAIRE, filled)


@settings(max_examples=60)
@given(_diagnoses())
def test_reading_what_was_written_gives_the_same_diagnosis(schema, filled):
    text = write_diagnosis(filled)

    assert read_diagnosis(text, "x.json") == filled
    assert write_diagnosis(read_diagnosis(text, "x.json")) == text
    assert list(schema.iter_errors(json.loads(text))) == []
