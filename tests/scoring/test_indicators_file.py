from scoring.loader import load_all
from scoring.model import Change, Ratio
from tests.scoring.make import DAY, requirement_ids


def test_every_ratio_is_asked_as_numerator_and_denominator_of_one_kind_of_subject():
    criteria = load_all(DAY)
    ratios = [i.how for i in criteria.indicators.values() if isinstance(i.how, Ratio)]

    assert len(ratios) == 9
    for ratio in ratios:
        assert {criteria.facts[name].whole for name in (*ratio.numerator, *ratio.denominator)} in ({True}, {False})
        assert len({criteria.facts[name].of for name in (*ratio.numerator, *ratio.denominator)}) == 1


def test_every_change_compares_one_before_with_one_after():
    changes = [i.how for i in load_all(DAY).indicators.values() if isinstance(i.how, Change)]

    assert {(c.before.replace("before", ""), c.direction) for c in changes} >= {
        ("operating_cost_", "down"),
        ("productivity_", "up"),
    }
    assert all(c.before.replace("before", "") == c.after.replace("after", "") for c in changes)


def test_what_is_only_our_definition_says_so():
    indicators = load_all(DAY).indicators

    assert indicators["data_upload_rate"].rule.confidence == "ours"
    assert indicators["equipment_digital_rate"].rule.confidence == "sourced"


def test_every_requirement_of_maturity_is_lifted_by_an_improvement():
    criteria = load_all(DAY)
    lifted = {name for improvement in criteria.improvements for name in improvement.lifts}

    assert set(requirement_ids(criteria.criteria["gbt_39117_2020_discrete"])) <= lifted
    assert criteria.improvements_basis.zh
    assert all(low <= likely <= high for low, likely, high in (i.cost for i in criteria.improvements))
