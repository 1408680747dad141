from datetime import date

import pytest

from questionnaires.yaml_file import DefinitionError, read_yaml_text
from scoring.tally_file import PLAN_FILE, load_plan, read_plan

TEXT = PLAN_FILE.read_text(encoding="utf-8")


def plan(text, day=date(2026, 10, 31)):
    return read_plan(read_yaml_text(text, "plan.yaml"), day)


def test_the_counting_start_and_what_counts_are_ours_and_say_so():
    rule = load_plan(date(2026, 10, 31))

    assert rule.counting_start == date(2023, 12, 4)
    assert {target.rule.confidence for target in rule.targets} == {"ours"}
    assert rule.notice.zh.endswith("待主管部门确认。")
    assert list(rule.systems) == [
        "battery",
        "chassis",
        "connected",
        "electronics",
        "software",
        "lightweight",
        "thermal",
    ]


def test_a_new_dated_line_changes_what_counts_from_its_day_on():
    later = "      2027-01-01: {of: [smart_factory, cn_smart_factory.advanced], source: 某文件, confidence: sourced}\n"
    text = TEXT.replace("  digital_workshop:\n    zh: 累计", f"{later}  digital_workshop:\n    zh: 累计")
    before, after = (plan(text, day).targets[1].counts for day in (date(2026, 12, 31), date(2027, 1, 1)))

    assert before == {"smart_factory"}
    assert after == {"smart_factory", "cn_smart_factory.advanced"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("of: [city_recognised]", "of: [city_recognized]", "city_recognized"),
        ("considers: [digital_workshop]", "considers: [workshop]", "workshop"),
        ("target: 500", "target: many", "a whole number"),
        ("horizon: 2027-12-31\n", "", "horizon"),
        ("  2023-12-04: {value: 2023-12-04", "  soon: {value: 2023-12-04", "is not a date"),
    ],
)
def test_a_fault_names_the_file_and_the_line(old, new, said):
    assert old in TEXT
    with pytest.raises(DefinitionError) as refused:
        plan(TEXT.replace(old, new))

    assert said in str(refused.value)
    assert str(refused.value).startswith("plan.yaml:")
