"""A diagnosis file taken in: what it says, what it must not, and what is read beside its faults."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.diagnosis.draft import Said, stated
from app.workbooks.diagnosis_file import parse, read_file
from app.workbooks.difference import difference
from app.workbooks.reading import FileRefused

HEAD = "format: zhizhen/diagnosis@1\nquestionnaire: auto_parts\nas_of: 2026-10-31\nfirm: {name: 示例山城零部件厂"
MAY = ("product_design",)


def file(rest: str, firm: str = "") -> bytes:
    return f"{HEAD}{firm}}}\n{rest}".encode()


def read(content: bytes, draft):
    return read_file(parse(content, "d.yaml", MAY), draft)


def changes(content: bytes, draft):
    found = difference(read(content, draft), draft)
    return {change.place: change.new for change in found}


def test_only_what_differs_is_changed(draft_of):
    draft = draft_of({"firm_name": "示例山城零部件厂", "data.L1.1": "full", "data.L1.2": "none"})
    content = file("facts:\n  data.L1.1: full\n  data.L1.2: mostly\n")

    assert changes(content, draft) == {("firm", "data.L1.2"): stated("mostly")}


def test_a_file_that_says_nothing_of_a_question_changes_nothing_there(draft_of):
    draft = draft_of({"firm_name": "示例山城零部件厂", "employees": 5})

    assert changes(file(""), draft) == {}
    assert read(file(""), draft).seen is None


def test_workshops_are_found_by_their_names_and_by_their_keys(draft_of, keys):
    draft = draft_of({"firm_name": "示例山城零部件厂"})
    by_name = "{name: 焊装车间, facts: {equipment_count: {unknown: true}}}"
    by_key = f"{{name: 改过名, key: {keys['冲压车间']}, facts: {{equipment_count: 5}}}}"
    content = file(f"factories:\n  - name: 一工厂\n    workshops:\n      - {by_name}\n      - {by_key}\n")

    assert changes(content, draft) == {
        (keys["焊装车间"], "equipment_count"): Said("unknown"),
        (keys["冲压车间"], "equipment_count"): stated(5),
    }


def test_a_workshop_that_the_firm_does_not_have_is_named_and_the_rest_is_read(draft_of, keys):
    own, foreign = "{name: 焊装车间, facts: {equipment_count: 5}}", "{name: 涂装车间, facts: {equipment_count: 5}}"
    content = file(f"factories:\n  - name: 一工厂\n    workshops:\n      - {foreign}\n      - {own}\n")
    reading = read(content, draft_of())

    assert reading.faults == ("“一工厂”没有名为“涂装车间”的工厂或车间。请先在企业页面添加，或改正文件里的名称。",)
    assert reading.said[keys["焊装车间"]] == {"equipment_count": stated(5)}


def test_a_part_named_by_key_and_again_by_name_is_taken_once(draft_of, keys):
    once, again = f"{{name: 甲, key: {keys['一工厂']}}}", "{name: 一工厂}"
    reading = read(file(f"factories:\n  - {once}\n  - {again}\n"), draft_of())

    assert reading.faults == ("“一工厂”在文件里出现了两次。请保留一处。",)


def test_the_file_of_another_firm_is_refused_with_both_codes(draft_of, firm):
    with pytest.raises(FileRefused) as refused:
        read(file("", ", uscc: 91500157MA00AA017C"), draft_of())
    assert "91500157MA00AA017C" in refused.value.faults[0]
    assert firm.uscc in refused.value.faults[0]


def test_all_faults_are_listed_and_what_is_right_is_read(draft_of):
    reading = read(file("facts:\n  data.L1.1: best\n  data.L9.9: full\n  data.L1.2: full\n"), draft_of())

    assert [fault.partition(": ")[2].partition(":")[0] for fault in reading.faults] == [
        "facts.data.L1.1",
        "facts.data.L9.9",
    ]
    assert reading.said["firm"]["data.L1.2"] == stated("full")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"- 1", "文件应由"),
        (
            b"format: zhizhen/diagnosis@1\nquestionnaire: other\nas_of: 2026-10-31\nfirm: {name: x}",
            "没有名为“other”的问卷",
        ),
        ("编号,问题".encode("gbk"), "既不是 Excel 工作簿，也不是 UTF-8 编码的诊断文件"),
    ],
)
def test_a_file_of_which_nothing_is_certain_is_refused(draft_of, content, said):
    with pytest.raises(FileRefused) as refused:
        read(content, draft_of())
    assert said in refused.value.faults[0]


def test_tailoring_comes_with_the_file(draft_of):
    draft = draft_of({"firm_name": "示例山城零部件厂"})

    assert changes(file("tailored: {product_design: 来图加工}\n"), draft) == {
        ("tailoring", "product_design"): Said("stated", "true", "来图加工")
    }


def test_what_the_questionnaire_of_this_diagnosis_does_not_ask_is_named(draft_of):
    draft = draft_of()
    filled, _faults = parse(file("facts: {data.L1.1: full, policy_fit: true}\n"), "d.yaml", MAY)
    facts = {name: fact for name, fact in draft.questionnaire.facts.items() if name != "policy_fit"}
    older = replace(draft, questionnaire=replace(draft.questionnaire, facts=facts))
    reading = read_file((filled, ()), older)

    assert "policy_fit" not in reading.said["firm"]
    assert reading.notices == ("问卷已经更新。这些题不再询问，没有读取：policy_fit。",)


def test_json_is_read_like_yaml(draft_of):
    said = {"format": "zhizhen/diagnosis@1", "questionnaire": "auto_parts", "as_of": "2026-10-31"}
    content = json.dumps({**said, "firm": {"name": "示例山城零部件厂"}, "facts": {"data.L1.1": "full"}}).encode()
    reading = read_file(parse(content, "d.json", MAY), draft_of())

    assert reading.said["firm"]["data.L1.1"] == stated("full")
