"""Why a verdict is settled, in words: the rule with its figures, and that both ends of what is open agree."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.diagnosis import records, way
from questionnaires.loader import load
from questionnaires.model import FactKind
from scoring.way import MATURITY, Aim

LEVEL = Aim(MATURITY, "firm")
PRACTICES = {fact.id for fact in load("auto_parts").facts.values() if fact.kind is FactKind.PRACTICE}


def of_level(*levels):
    return {name for name in PRACTICES if name.partition(".L")[2][0] in levels}


def ended(draft, aim=LEVEL):
    return way.end(draft, records.assess(draft), aim, way.find(draft, records.stand(draft), aim))


def test_a_settled_level_says_so_with_both_ends_and_the_marks(draft_of):
    draft = draft_of(
        {
            "production_type": "discrete",
            **dict.fromkeys(of_level("1"), "full"),
            **dict.fromkeys(of_level("2"), "partly"),
        }
    )
    end = ended(draft)

    assert end.headline == "已经定了：一级（规划级）"
    assert end.settled
    assert end.rest > 100
    assert end.reasons == (
        "一级得分 1.00，不低于达标线 0.8：已经达到。",
        "二级得分 0.50，低于达标线 0.8：达不到，更高的等级不用再看。",
        "没有答案的 121 题全部按最差的算，是一级；全部按最好的算，也是一级。",
    )
    assert end.basis == "GB/T 39117-2020 智能制造能力成熟度评估方法 第 6 章"


def test_a_score_just_below_the_mark_is_shown_with_as_many_decimals_as_it_takes(draft_of):
    lost = {"logistics.L2.1": "none", "logistics.L2.2": "none", "sales.L2.1": "none", "sales.L2.2": "none"}
    draft = draft_of({"production_type": "discrete", **dict.fromkeys(of_level("1"), "full"), **lost})

    assert ended(draft).reasons[1] == "二级得分 0.0000–0.7998，低于达标线 0.8：达不到，更高的等级不用再看。"


def test_a_workshop_that_fails_names_the_condition_and_what_is_missing(draft_of, keys):
    key = keys["冲压车间"]
    draft = draft_of({(key, "equipment_count"): Fraction(120), (key, "equipment_digital_count"): Fraction(54)})
    end = ended(draft, Aim("cq_digital_workshop", key))

    assert end.headline == "已经定了：未达到"
    assert end.reasons == (
        "条件“数字化装备占生产装备的比例”没有满足：45% → 50%（差 6 台（套））。",
        "每一条都要满足，所以其他条件无论怎样都不会改变结论。",
    )


def test_a_factory_of_a_firm_with_one_workshop_cannot_have_two_digital_ones(draft_of, keys):
    factory = keys["一工厂"]
    draft = draft_of({(factory, "stage_production_operation"): False})
    end = ended(draft, Aim("cn_smart_factory_2025", factory))

    assert end.headline == "已经定了：未达到基础级"
    assert end.reasons[0].startswith("基础级要求“覆盖生产作业环节”，没有满足：")


def test_criteria_that_do_not_apply_say_why(draft_of):
    draft = draft_of({"traditional_maker": False})
    end = ended(draft, Aim("conversion", "firm"))

    assert (end.headline, end.settled) == ("已经定了：不适用", True)
    assert end.reasons[0].startswith("这份标准不适用：")


def test_a_threshold_that_nobody_set_leaves_it_open_although_nothing_is_left_to_ask(draft_of):
    said = dict.fromkeys(("traditional_maker", "conversion_a_series_supply", "conversion_b_nev_model"), True)
    end = ended(draft_of({**said, "conversion_d_line_in_use": False}), Aim("conversion", "firm"))

    assert end.headline == "能问的都问完了：待定"
    assert end.reasons[-1].endswith("待定：主管部门还没有公布门槛。")


@pytest.mark.parametrize("score", [10, 100])
def test_points_say_both_ends(draft_of, score):
    draft = draft_of({"employees": Fraction(score), "revenue": Fraction(500)})
    end = ended(draft, Aim("sme_digital_2024", "firm"))

    assert end.reasons[0].startswith("得分 0.0–100.0")
