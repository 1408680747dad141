from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.loader import load_criteria
from scoring.maturity import node_scores, whole_score
from scoring.model import EmptyLevel
from scoring.tailoring import TailoringRefused, check_tailoring, shares, subdomains, without
from tests.scoring.make import DAY, VALUES, answered, leaves, small_criteria


def discrete():
    return load_criteria("gbt_39117_2020_discrete", DAY)


@given(st.data())
def test_the_shares_sum_to_one_whatever_is_left_out(data):
    criteria = discrete()
    left_out = data.draw(st.sets(st.sampled_from(sorted(criteria.may_tailor))))

    assert sum(shares(without(criteria.capabilities, left_out)).values()) == 1


def test_a_subdomain_left_out_gives_its_weight_to_its_own_group_first():
    share = shares(without(discrete().capabilities, {"product_design"}))

    assert share["process_design"] == Fraction(77, 100) * Fraction(13, 100)
    assert share["logistics"] == Fraction(1001, 10000)
    assert "product_design" not in share


def test_a_domain_left_out_gives_its_weight_to_the_domains_beside_it():
    share = shares(without(discrete().capabilities, {"logistics"}))

    assert share["sales"] == Fraction(77, 100) * Fraction(13, 87)
    assert share["data"] == Fraction(506, 10000)


def test_leaving_everything_of_an_element_out_leaves_the_other_elements():
    criteria = discrete()
    kept = without(criteria.capabilities, criteria.may_tailor)

    assert [element.id for element in kept] == ["personnel", "technology", "resource"]
    assert shares(kept)["equipment"] == Fraction(6, 23) * Fraction(67, 100)


@given(st.data())
def test_leaving_out_a_subdomain_with_the_score_of_its_group_changes_no_level_score(data):
    criteria = data.draw(small_criteria(most=2))
    degrees = {n: VALUES[d] for n, d in data.draw(answered(criteria, open_at_most=0)).items()}
    dropped = data.draw(st.sampled_from(list(leaves(criteria.capabilities))))
    kept = without(criteria.capabilities, {dropped.id})
    domain = next(d for element in criteria.capabilities for d in element.parts if dropped in d.parts)
    rest = without([domain], {dropped.id})
    for level in (1, 2):
        scores = node_scores(rest[0], level, degrees, EmptyLevel.SPREAD) if rest else {}
        mean = scores.get((domain.kind, domain.id))
        if mean is None:
            continue  # the group keeps no score of its own, so the weight goes further up
        same = {**degrees, **{r.id: mean for r in dropped.requirements}}

        assert whole_score(criteria.capabilities, level, same) == whole_score(kept, level, same)


def test_only_manufacturing_may_be_left_out():
    with pytest.raises(TailoringRefused) as refused:
        check_tailoring(discrete().capabilities, {"network": "没有网络"}, discrete().may_tailor)

    assert "网络" in refused.value.message.zh
    assert "Network" in refused.value.message.en


def test_a_reason_is_needed():
    with pytest.raises(TailoringRefused) as refused:
        check_tailoring(discrete().capabilities, {"logistics": " "}, discrete().may_tailor)

    assert "理由" in refused.value.message.zh


def test_what_the_model_does_not_know_is_ignored():
    process = load_criteria("gbt_39117_2020_process", DAY)

    check_tailoring(process.capabilities, {"product_design": "来图加工"}, process.may_tailor)
    assert "product_design" not in {subdomain.id for subdomain in subdomains(process.capabilities)}
