from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.tally import ConversionEvent, RecognitionEvent, by_district, by_system, by_year, count
from scoring.tally_file import load_plan

DAY = date(2026, 10, 31)
PLAN = load_plan(DAY)
USCC = "91500157MA00AA017C"
OTHER = "91500112MA00AA0251"


def conversion(state="city_recognised", day=date(2025, 5, 1), **changed):
    event = ConversionEvent(USCC, "甲公司", "500157", ("thermal",), day, state, "渝经信〔2025〕1号", "市经济信息委")
    return replace(event, **changed)


def recognition(kind="digital_workshop", day=date(2025, 5, 1), **changed):
    event = RecognitionEvent(
        kind, "", USCC, "甲公司", "500157", ("thermal",), "冲压车间", day, "名单", "市经济信息委", "附件第 3 行"
    )
    return replace(event, **changed)


def headline(target, *records, day=DAY):
    return len(count(records, PLAN, day)[target].counted)


def reasons(target, *records, day=DAY):
    return [other.reason for other in count(records, PLAN, day)[target].others]


def test_the_plan_asks_for_500_100_and_10():
    assert {t.target.id: t.target.target for t in count([], PLAN, DAY).targets} == {
        "conversion": 500,
        "smart_factory": 10,
        "digital_workshop": 100,
    }


def test_only_a_recognised_conversion_counts():
    states = list(PLAN.states)

    assert states == ["not_started", "converting", "declared", "district_verified", "city_recognised"]
    assert [headline("conversion", conversion(state)) for state in states] == [0, 0, 0, 0, 1]
    assert reasons("conversion", conversion("district_verified")) == ["not_reached"]


def test_a_firm_counts_once_whatever_its_name():
    renamed = conversion(day=date(2026, 1, 1), firm_name="甲新材料公司")
    unit = count([conversion(), renamed], PLAN, DAY)["conversion"].counted

    assert [(u.firm_name, u.since) for u in unit] == [("甲新材料公司", date(2025, 5, 1))]
    assert len(unit[0].events) == 2


def test_the_newest_state_holds():
    back = conversion("converting", day=date(2026, 2, 1))

    assert headline("conversion", conversion(), back) == 0
    assert headline("conversion", back, conversion(), day=date(2026, 1, 31)) == 1


def test_of_two_states_on_one_day_the_one_recorded_later_holds():
    assert headline("conversion", conversion("declared"), conversion()) == 1
    assert headline("conversion", conversion(), conversion("declared")) == 0


def test_what_was_recognised_before_the_counting_start_is_not_new():
    early = recognition(day=date(2023, 3, 1))
    again = recognition(day=date(2025, 3, 1), document="复核名单")

    assert reasons("digital_workshop", early) == ["before_start"]
    assert reasons("digital_workshop", early, again) == ["before_start"]
    assert headline("digital_workshop", recognition(day=PLAN.counting_start)) == 1


def test_what_comes_later_than_the_day_waits():
    assert reasons("digital_workshop", recognition(day=DAY + timedelta(days=1))) == ["later"]


def test_the_same_workshop_recognised_twice_counts_once():
    again = recognition(day=date(2026, 4, 1), unit=" 冲压 车间 ")

    assert headline("digital_workshop", recognition(), again) == 1
    assert headline("digital_workshop", recognition(), recognition(unit="焊装车间")) == 2
    assert headline("digital_workshop", recognition(), recognition(firm_uscc=OTHER)) == 2


def test_width_and_case_of_letters_make_no_second_workshop():
    assert headline("digital_workshop", recognition(unit="A1车间"), recognition(unit="ａ１车间")) == 1


def test_a_withdrawn_recognition_does_not_count_until_given_again():
    gone = recognition(day=date(2025, 9, 1), revoked=True)
    back = recognition(day=date(2026, 3, 1))

    assert reasons("digital_workshop", recognition(), gone) == ["revoked"]
    assert count([recognition(), gone, back], PLAN, DAY)["digital_workshop"].counted[0].since == date(2026, 3, 1)


def test_the_national_gradient_is_listed_but_does_not_count_until_the_commission_decides():
    national = recognition("cn_smart_factory", level="advanced", unit="一工厂")

    assert reasons("smart_factory", national) == ["kind"]
    assert headline("smart_factory", recognition("smart_factory", unit="一工厂")) == 1


def test_a_level_may_be_told_to_count_and_a_factory_on_both_lists_counts_once():
    targets = tuple(
        replace(t, counts=t.counts | {"cn_smart_factory.advanced"}) if t.id == "smart_factory" else t
        for t in PLAN.targets
    )
    national = recognition("cn_smart_factory", level="advanced", unit="一工厂")
    basic = recognition("cn_smart_factory", level="basic", unit="二工厂")
    municipal = recognition("smart_factory", unit="一工厂")
    tally = count([national, basic, municipal], replace(PLAN, targets=targets), DAY)["smart_factory"]

    assert [unit.name for unit in tally.counted] == ["一工厂"]
    assert [other.unit.name for other in tally.others] == ["二工厂"]


def test_every_unit_that_does_not_count_says_why_in_both_languages():
    others = count([conversion("declared"), recognition(day=date(2020, 1, 1))], PLAN, DAY)
    texts = [other.text for target in others.targets for other in target.others]

    assert [text.zh for text in texts] == ["尚未达到计入的状态", "在计数起点之前已认定"]
    assert all(text.en for text in texts)


SYSTEMS = st.lists(st.sampled_from(sorted(PLAN.systems)), max_size=3, unique=True).map(tuple)
DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))
COMMON = {
    "firm_uscc": st.sampled_from([USCC, OTHER, "91500116200000013H"]),
    "firm_name": st.sampled_from(["甲公司", "乙公司"]),
    "district": st.sampled_from(["500157", "500112", "500116"]),
    "systems": SYSTEMS,
    "day": DAYS,
    "document": st.just("文件"),
    "issuer": st.just("市经济信息委"),
}
EVENTS = st.lists(
    st.one_of(
        st.builds(ConversionEvent, state=st.sampled_from(sorted(PLAN.states)), **COMMON),
        st.builds(
            RecognitionEvent,
            kind=st.sampled_from(sorted(PLAN.kinds)),
            level=st.sampled_from(["", "advanced"]),
            unit=st.sampled_from(["一", "二"]),
            list_where=st.just("附件"),
            revoked=st.booleans(),
            **COMMON,
        ),
    ),
    max_size=20,
)


@given(EVENTS, DAYS)
def test_every_headline_is_the_sum_of_its_drill_down_under_every_filter(events, day):
    for tally in count(events, PLAN, day).targets:
        for district in (None, "500157", "500112"):
            for system in (None, "thermal", "several", "none"):
                for year in (None, 2024, 2025):
                    units = tally.units(district, system, year)
                    for drill_down in (by_district, by_system, by_year):
                        lists = drill_down(units).values()

                        assert sum(map(len, lists)) == len(units)
                        assert {unit for listed in lists for unit in listed} == set(units)


@given(EVENTS, DAYS)
def test_every_unit_stands_in_exactly_one_list(events, day):
    for tally in count(events, PLAN, day).targets:
        listed = [*tally.counted, *(other.unit for other in tally.others)]
        keys = [(unit.firm_uscc, "" if tally.target.id == "conversion" else unit.name) for unit in listed]

        assert len(keys) == len(set(keys))


@given(EVENTS, DAYS, st.randoms())
def test_the_order_of_records_of_different_days_changes_no_number(events, day, random):
    one_a_day = list({event.day: event for event in events}.values())
    mixed = random.sample(one_a_day, len(one_a_day))

    assert [set(t.counted) for t in count(one_a_day, PLAN, day).targets] == [
        set(t.counted) for t in count(mixed, PLAN, day).targets
    ]


@pytest.mark.parametrize(("system", "found"), [("thermal", 2), ("battery", 1), ("several", 1), ("none", 0), (None, 2)])
def test_a_unit_of_several_systems_is_found_under_each(system, found):
    both = recognition(unit="二", systems=("battery", "thermal"))

    assert len(count([recognition(), both], PLAN, DAY)["digital_workshop"].units(system=system)) == found
