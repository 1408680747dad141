from datetime import date
from fractions import Fraction

import pytest

from questionnaires.yaml_file import DefinitionError
from scoring.criteria_file import CRITERIA_DIR
from scoring.loader import dates_in, load_all, load_criteria, read_all
from scoring.tailoring import subdomains
from tests.scoring.make import DAY


def threshold(criteria, requirement):
    return next(r for r in criteria.requirements if r.id == requirement).threshold


def test_the_shipped_criteria_stand_in_the_order_in_which_they_judge():
    assert list(load_all(DAY).criteria) == [
        "gbt_39117_2020_discrete",
        "gbt_39117_2020_process",
        "cq_digital_workshop",
        "cq_smart_factory",
        "cn_smart_factory_2025",
        "sme_digital_2024",
        "conversion",
    ]


def test_207_requirements_stand_on_20_subdomains():
    criteria = load_criteria("gbt_39117_2020_discrete", DAY)
    domains = [domain for element in criteria.capabilities for domain in element.parts]
    subdomains = [subdomain for domain in domains for subdomain in domain.parts]

    assert (len(criteria.capabilities), len(domains), len(subdomains)) == (4, 12, 20)
    assert sum(len(subdomain.requirements) for subdomain in subdomains) == 207


@pytest.mark.parametrize(
    ("day", "known"),
    [
        (date(2018, 3, 31), []),
        (date(2018, 4, 1), ["cq_digital_workshop", "cq_smart_factory"]),
        (date(2021, 4, 30), ["cq_digital_workshop", "cq_smart_factory"]),
    ],
)
def test_criteria_that_are_not_yet_in_force_do_not_judge(day, known):
    assert list(load_all(day).criteria) == known


def test_the_gradient_of_2025_does_not_judge_before_its_day():
    assert "cn_smart_factory_2025" not in load_all(date(2025, 6, 18)).criteria
    assert "cn_smart_factory_2025" in load_all(date(2025, 6, 19)).criteria


def test_a_new_dated_threshold_holds_from_its_day_on(folder):
    line = "      2018-04-01: {value: 50, source: zhjsw.cn/news/show-31262.html, confidence: sourced}\n"
    folder.change(
        "cq_digital_workshop.yaml",
        line,
        f"{line}      2027-01-01: {{value: 60, source: 某文件, confidence: sourced}}\n",
    )
    before, after = (
        threshold(load_criteria("cq_digital_workshop", day, folder.path), "W2")
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    )

    assert (before.value, before.rule.since) == (50, date(2018, 4, 1))
    assert (after.value, after.rule.source) == (60, "某文件")


def test_the_threshold_of_conversion_waits_for_the_commission():
    assert threshold(load_criteria("conversion", DAY), "CD").value is None


def test_numbers_are_exact():
    sme = load_criteria("sme_digital_2024", DAY)

    assert next(q.points for q in sme.questions if q.requirement.id == "m1") == Fraction(15, 2)
    assert load_criteria("gbt_39117_2020_discrete", DAY).degrees["mostly"] == Fraction(4, 5)


def test_two_days_between_which_nothing_changes_give_the_same_object():
    assert load_all(date(2026, 1, 1)) is load_all(date(2026, 10, 31))


def test_the_digest_changes_with_every_file_it_was_read_from(folder):
    def digests():
        return {name: c.digest for name, c in load_all(DAY, folder.path).criteria.items()}

    before = digests()
    folder.change("gbt_39116_2020.yaml", "zh: 有智能制造发展规划", "zh: 有成文的智能制造发展规划")
    changed = {name for name, digest in digests().items() if digest != before[name]}

    assert changed == {"gbt_39117_2020_discrete", "gbt_39117_2020_process"}


def test_criteria_that_do_not_exist_are_a_key_error():
    with pytest.raises(KeyError):
        load_criteria("nothing", DAY)


def test_a_fault_stops_the_loading_and_is_kept_for_the_lint(folder):
    folder.change("conversion.yaml", "judges: firm", "judges: company")

    with pytest.raises(DefinitionError, match=r"criteria/conversion.yaml:\d+: judges"):
        load_all(DAY, folder.path)
    assert len(read_all(DAY, folder.path)[1]) == 1


def test_the_days_on_which_something_changes_are_known():
    assert dates_in(CRITERIA_DIR)[0] == date(2018, 4, 1)
    assert date(2025, 6, 19) in dates_in(CRITERIA_DIR)


def test_every_gate_has_a_source_and_none_is_uncertain():
    for criteria in load_all(DAY).criteria.values():
        for requirement in getattr(criteria, "requirements", ()):
            assert requirement.rule.source
            assert requirement.kind != "gate" or requirement.rule.confidence != "uncertain"


def test_the_maturity_criteria_and_the_questionnaire_use_the_same_words_and_the_same_confidence():
    known = load_all(DAY)
    criteria = known.criteria["gbt_39117_2020_discrete"]
    requirements = [r for subdomain in subdomains(criteria.capabilities) for r in subdomain.requirements]

    assert [(r.text, r.rule.confidence) for r in requirements] == [
        (known.facts[r.id].label, known.facts[r.id].source.confidence) for r in requirements
    ]
