"""The shortest way as it is walked: which verdicts there are, the next screen, how it ended and why."""

from __future__ import annotations

from fractions import Fraction

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
    screen = way.view_screen(draft, way.next_steps(draft, walked(draft), ()), {}, "process_design")

    assert len(screen.asked) == sum(str(block.questions).count("<fieldset") for block in screen.blocks)
    assert all(f'name="{fact}"' in "".join(str(block.questions) for block in screen.blocks) for fact in screen.asked)
    assert screen.subject == ""


def test_what_somebody_does_not_know_is_listed_with_where_to_answer_it(draft_of, flask_app, keys):
    draft = draft_of({"production_type": "discrete", **dict.fromkeys(of_level("1", "2", "3", "4", "5"), "full")})
    unknown = dict.fromkeys(of_level("1"), Said("unknown"))
    draft = service.save_page(current_user, draft, "firm", unknown, draft.diagnosis.revision).draft
    end = ended(draft)

    assert end.headline == "能问的都问完了：一级以下至五级（引领级）"
    assert not end.settled
    assert len(end.unknown) == len(of_level("1"))
    assert end.unknown[0].address.split("#")[1] in of_level("1")
