"""The shortest way as it is walked: which verdicts there are, the next screen, how it ended and why."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flask_login import current_user

from app.diagnosis import records, service, way
from app.diagnosis.draft import Said
from questionnaires.loader import load
from questionnaires.model import FactKind
from scoring.way import MATURITY, Aim

LEVEL = Aim(MATURITY, "firm")
PRACTICES = {fact.id for fact in load("auto_parts").facts.values() if fact.kind is FactKind.PRACTICE}


def of_level(*levels):
    return {name for name in PRACTICES if name.partition(".L")[2][0] in levels}


def walked(draft, aim=LEVEL):
    assessed = records.stand(draft)
    return way.find(draft, assessed, aim)


def ended(draft, aim=LEVEL):
    return way.end(draft, records.assess(draft), aim, walked(draft, aim))


def test_every_verdict_may_be_chosen_with_how_far_it_is(draft_of, keys):
    draft = draft_of({"production_type": "discrete"})
    choices = way.choices(draft, records.stand(draft))

    assert [one.title for one in choices][:2] == ["智能制造能力成熟度等级", "重庆市数字化车间"]
    assert [one.subject for one in choices][1:3] == ["冲压车间", "焊装车间"]
    assert choices[0].note == "再答 4 题可定（至少），最多 207 题"
    assert choices[0].address.endswith("/way?to=gbt_39117.firm")


def test_an_address_without_a_verdict_means_the_level_and_an_unknown_one_means_nothing(draft_of, keys):
    assessed = records.stand(draft_of())

    assert way.read_aim("", assessed) == LEVEL
    assert way.read_aim(f"cq_digital_workshop.{keys['冲压车间']}", assessed) == Aim(
        "cq_digital_workshop", keys["冲压车间"]
    )
    assert way.read_aim("cq_digital_workshop.nobody", assessed) is None
    assert way.read_aim("no_such_scheme.firm", assessed) is None


def test_what_was_left_blank_comes_last(draft_of):
    draft = draft_of({"production_type": "discrete"})
    first = way.next_steps(draft, walked(draft), ())
    put_off = [f"firm.{fact.id}" for fact in way.facts_in(first)]
    second = way.next_steps(draft, walked(draft), put_off)

    assert not {fact.id for fact in way.facts_in(first)} & {fact.id for fact in way.facts_in(second)}


def test_when_nothing_else_is_left_it_is_asked_again(draft_of, keys):
    key = keys["冲压车间"]
    aim, blank = Aim("cq_digital_workshop", key), ("mes_quality", "mes_equipment")
    good = {"equipment_count": Fraction(10), "equipment_digital_count": Fraction(9), "systems_integrated": True}
    good |= {"collected_device_count": Fraction(9), "uploading_device_count": Fraction(9)}
    good |= dict.fromkeys(("devices_networked_and_monitored", "mes_planning", "mes_execution", "mes_logistics"), True)
    of_firm = dict.fromkeys(("chongqing_legal_person", "policy_fit"), True)
    draft = draft_of({**of_firm, **{(key, name): value for name, value in good.items()}})
    steps = way.next_steps(draft, walked(draft, aim), [f"{key}.{name}" for name in blank])

    assert tuple(fact.id for fact in way.facts_in(steps)) == blank


def test_a_screen_draws_the_same_questions_under_their_topics(draft_of):
    draft = draft_of({"production_type": "discrete"})
    screen = way.view_screen(draft, way.next_steps(draft, walked(draft), ()), {})

    assert len(screen.asked) == sum(str(block.questions).count("<fieldset") for block in screen.blocks)
    assert all(f'name="{fact}"' in "".join(str(block.questions) for block in screen.blocks) for fact in screen.asked)
    assert screen.subject == ""


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


def test_what_somebody_does_not_know_is_listed_with_where_to_answer_it(draft_of, flask_app, keys):
    draft = draft_of({"production_type": "discrete", **dict.fromkeys(of_level("1", "2", "3", "4", "5"), "full")})
    unknown = dict.fromkeys(of_level("1"), Said("unknown"))
    draft = service.save_page(current_user, draft, "firm", unknown, draft.diagnosis.revision).draft
    end = ended(draft)

    assert end.headline == "能问的都问完了：一级以下至五级（引领级）"
    assert not end.settled
    assert len(end.unknown) == len(of_level("1"))
    assert end.unknown[0].address.split("#")[1] in of_level("1")


@pytest.mark.parametrize("score", [10, 100])
def test_points_say_both_ends(draft_of, score):
    draft = draft_of({"employees": Fraction(score), "revenue": Fraction(500)})
    end = ended(draft, Aim("sme_digital_2024", "firm"))

    assert end.reasons[0].startswith("得分 0.0–100.0")
