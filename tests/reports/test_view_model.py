"""What the report says about the sample firm; expected sentences are written by hand from its answers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from questionnaires.answers import with_evidence
from questionnaires.model import FilledDiagnosis, State, Statement, Subject
from reports.html import to_html
from tests.reports.sample import report_on, sample_diagnosis, sample_report


def with_firm(**changes: object) -> FilledDiagnosis:
    filled = sample_diagnosis()
    return replace(filled, firm=replace(filled.firm, **changes))


def with_workshops(count: int, digital: int) -> FilledDiagnosis:
    """The sample firm with `count` stamping workshops, `digital` of whose 120 machines are digital."""
    factory = sample_diagnosis().firm.parts[0]
    stamping = factory.parts[0]
    facts = {**stamping.facts, "equipment_digital_count": Statement(State.STATED, Fraction(digital))}
    shops: tuple[Subject, ...] = tuple(
        replace(stamping, key=f"shop-{number}", name=f"冲压{number}车间", facts=facts) for number in range(count)
    )
    return with_firm(parts=(replace(factory, parts=shops),))


def test_a_diagnosis_nobody_has_begun_blames_nothing_and_still_prints():
    empty = report_on(with_firm(facts={}, parts=()))

    assert empty.brief.headline == "还没有填报，等级尚不能判断"
    assert (empty.brief.blocks, empty.brief.steps) == ((), ())
    assert empty.brief.steps_note == "回答之后才能提出改进项。"
    assert "还没有登记工厂和车间" in to_html(empty)


def test_nine_workshops_take_one_line_in_the_brief_and_a_table_each_later():
    many = report_on(with_workshops(9, digital=54))
    line = next(standing for standing in many.brief.standings if standing.subject == "9 个车间")

    assert line.state.word == "9 个未达到"
    assert len(many.recognition[0].judgements) == 9
    assert len({condition.subject for condition in many.brief.conditions if "W2" in condition.ref.label}) == 2


def test_workshops_that_all_qualify_are_said_to_qualify():
    assert report_on(with_workshops(2, digital=80)).brief.headline.endswith("2 个车间都满足数字化车间条件")


@pytest.mark.parametrize(
    ("degree", "begins"), [("full", "现在是五级（引领级），已到最高一级"), ("none", "现在还在一级以下，离一级主要差")]
)
def test_the_ends_of_the_scale_are_printed(degree, begins):
    facts = sample_diagnosis().firm.facts
    answered = {key: Statement(State.STATED, degree) if ".L" in key else said for key, said in facts.items()}
    report = report_on(with_firm(facts=answered))

    assert report.brief.headline.startswith(begins)
    assert to_html(report)


def test_the_headline_names_level_weak_points_and_nearest_workshop(report):
    assert report.brief.headline.startswith("现在是二级（规范级），离三级主要差")
    assert report.brief.headline.endswith("冲压车间离数字化车间只差 6 台（套）")


def test_an_open_level_is_nowhere_printed_as_settled(open_report):
    standing = open_report.brief.standings[0]

    assert open_report.brief.headline.startswith("等级在")
    assert standing.state.mark == "◐"
    assert open_report.maturity.settle


def test_the_stamping_workshop_stands_beside_its_threshold(report):
    workshops = report.recognition[0].judgements
    row = next(c for c in workshops[0].conditions if c.ref.label.endswith("W2"))

    assert workshops[0].title == "冲压车间（一工厂）"
    assert (row.now, row.distance, row.state.word) == ("45% → 50%", "差 6 台（套）", "未达到")
    assert "<svg" in row.bar


def test_an_unanswered_function_leaves_the_condition_open_and_is_named(report):
    row = next(c for c in report.recognition[0].judgements[1].conditions if c.ref.label.endswith("W5"))

    assert row.state.word == "待定"
    assert row.now.startswith("4–5 类 / 5 类；未填：")


def test_what_the_product_cannot_judge_is_printed_with_the_reason(report):
    rows = [c for scheme in report.recognition for one in scheme.judgements for c in one.conditions]

    assert all(row.now != "—" for row in rows if row.state.word == "不评判")
    assert any(row.state.word == "不评判" for row in rows)


def test_graded_requirements_carry_their_grade(report):
    graded = next(scheme for scheme in report.recognition if "梯度" in scheme.title)
    grades = list(dict.fromkeys(c.grade for c in graded.judgements[0].conditions))

    assert grades == ["基础级", "先进级", "卓越级", "领航级"]


def test_points_are_printed_as_points_and_scenes_as_levels(report):
    sme = report.others[0].judgements[0]
    said = {c.ref.label.split("·")[1]: c.state.word for c in sme.earned}

    assert said["f1"].endswith(" 分")
    assert said["s01"].endswith(" 级")


def test_tailoring_is_printed_with_its_reason(report):
    assert [(row.name, row.value) for row in report.maturity.tailored] == [("产品设计", "来图加工，不做产品设计")]
    assert any("来图加工" in row.value for row in report.method)


def test_gaps_of_maturity_come_first_and_heaviest_first(report):
    weights = [float(group.weight.split()[-1]) for group in report.gaps if "得分" in group.weight]

    assert len(weights) > 5
    assert weights == sorted(weights, reverse=True)
    assert all("得分" in group.weight for group in report.gaps[: len(weights)])


def test_every_first_step_is_explained_in_the_chapter_on_improvements(report):
    assert {one.what for one in report.brief.steps} <= {one.what for one in report.steps}
    assert all(step.lifts and step.cost and step.months and step.proof for step in report.steps)


def test_unknown_and_blank_answers_are_named_apart(open_report):
    firm = open_report.answers[0]

    assert firm.unknown
    assert firm.blank
    assert not set(firm.unknown.split("；")) & set(firm.blank.split("；"))


def test_answers_are_gathered_by_subject(report):
    titles = [section.title for section in report.answers]

    assert titles == [
        "企业：重庆某某汽车零部件有限公司",
        "工厂：一工厂",
        "车间：冲压车间",
        "车间：焊装车间",
        "车间：装配车间",
    ]


def test_every_practice_that_was_answered_is_printed_once(report):
    groups = [group for section in report.answers for group in section.groups]
    printed = [name.split()[0] for group in groups for answer in group.practices for name in answer.value.split("；")]

    assert "data.L2.1" in printed
    assert not any(key.startswith("product_design.") for key in printed)
    assert len(printed) == len(set(printed))


def test_the_files_that_show_an_answer_are_named_with_its_section():
    filled = with_evidence(
        sample_diagnosis(),
        {("firm", "data.L2.1"): ("采集点表.csv", "现场.jpg"), ("shop-1", "equipment_count"): ("台账.xlsx",)},
    )
    report = report_on(filled)
    named = {(s.title, g.title): g.evidence for s in report.answers for g in s.groups if g.evidence}
    html = to_html(report)

    assert [(pair.name.split()[0], pair.value) for pair in named["企业：重庆某某汽车零部件有限公司", "数据"]] == [
        ("data.L2.1", "采集点表.csv、现场.jpg")
    ]
    assert [pair.value for pair in named["车间：冲压车间", "装备与联网"]] == ["台账.xlsx"]
    assert len(named) == 2
    assert "装备与联网的佐证材料：生产装备总数（台账.xlsx）。" in html
    assert "佐证材料：" not in to_html(sample_report())


def test_stated_and_verified_values_stand_side_by_side_with_the_reason(report):
    first = report.profile.differences[0]

    assert (first.stated, first.verified) == ("60 台", "54 台")
    assert first.reason


def test_a_derivation_leads_from_the_condition_to_the_answers(report):
    line = next(line for line in report.derivations[1].lines if line.ref == "W2")

    assert "数字化装备" in line.rests_on
    assert "54" in line.rests_on
    assert "120" in line.rests_on


def test_every_source_says_how_sure_it_is(report):
    assert len(report.sources) > 3
    assert all(row.confidence and row.title for row in report.sources)


def test_the_same_input_gives_the_same_report():
    sample_report.cache_clear()
    first = sample_report()
    sample_report.cache_clear()

    assert sample_report() == first
