"""The sentences of the chapter on comparable firms: who they are, how they are compared, how none of them is shown."""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires.model import Text
from reports import wording
from reports.given import Given
from scoring.coarse import FEWEST
from scoring.model import SizeClasses
from scoring.peers import PART_STEP, RATE_STEP, TOTAL_STEP, Comparison, Group

TOO_FEW = Text(
    f"经专家核实的可比企业还不足 {FEWEST} 家，比较会透露其中某一家的情况，所以不比较。",
    f"Fewer than {FEWEST} comparable firms have been verified. A comparison would reveal some of them, so there is "
    "none.",
)


def lead(given: Given, found: Comparison) -> Text:
    """Say who is compared, and when they were counted."""
    who, day = _who(given, found), wording.day_text(found.day)
    return Text(
        f"这里与{who.zh}比较：都经专家复核定稿，每家只取最新一份诊断，不含本企业，截至 {day.zh}。",
        f"This firm is compared with {who.en}: all verified and signed off by consultants, the newest diagnosis of "
        f"each, without this firm, as of {day.en}.",
    )


def _who(given: Given, found: Comparison) -> Text:
    firms, industry = found.firms, found.industry
    if found.group is Group.SIZE:
        size = _size(given, found.size)
        return Text(
            f"同行业（行业代码 {industry}）、同规模（{size.zh}）的 {firms} 家企业",
            f"{firms} firms of the same industry (code {industry}) and class of size ({size.en.lower()})",
        )
    if found.group is Group.INDUSTRY:
        return Text(
            f"同行业（行业代码 {industry}）的 {firms} 家企业", f"{firms} firms of the same industry (code {industry})"
        )
    return Text(
        f"按同一成熟度标准评价的全部 {firms} 家企业", f"all {firms} firms that are judged by the same maturity criteria"
    )


def _size(given: Given, place: int | None) -> Text:
    how = given.criteria.indicators["size_class"].how
    if place is None or not isinstance(how, SizeClasses):
        raise LookupError("a group of one size without a class of size")
    return how.classes[place - 1].text


def how(given: Given) -> Iterator[Text]:
    """Yield how it is compared, and why no firm can be told from it."""
    yield Text(
        f"先取同行业、同规模的企业，不足 {FEWEST} 家就放宽到同行业，再放宽到按同一成熟度标准评价的全部企业；"
        f"较宽的一组只多出不足 {FEWEST} 家时，用较宽的一组；上次报告以后变动不足 {FEWEST} 家时，沿用上次的统计，"
        "免得两相比较透露这几家。",
        f"Firms of the same industry and size come first; where they are fewer than {FEWEST}, the group is widened to "
        "the industry, then to all firms judged by the same maturity criteria. Where a wider group has fewer than "
        f"{FEWEST} firms more, that one is taken; where fewer than {FEWEST} have changed since the last report, what "
        "was counted then stands: so the difference of two groups reveals nobody.",
    )
    yield Text(
        "只计入值已定的企业：没有回答的题不管怎样答，取整后都是同一个数。没有定下来的不算低，也不计入；"
        f"不足 {FEWEST} 家就不印。",
        "Only firms whose value is settled count: however the open questions are answered, it is the same in steps. "
        f"What is open does not count as low; it is left out. Nothing is printed from fewer than {FEWEST} firms.",
    )
    yield _steps()
    yield Text(
        "份额只印区间。不印最高、最低、名次和任何企业的名称；本企业的位置也按取整后的数判断。",
        "Shares are printed as bands. Neither highest, lowest nor ranks are printed, nor the "
        "name of any firm; where this firm stands is told from the same steps.",
    )
    if not given.edition.verified:
        yield Text(
            "本企业的数是企业自己填报的，还没有经过专家核实；同行的数都经过核实。",
            "The values of this firm are as stated, not yet verified; those of the peers are verified.",
        )


def _steps() -> Text:
    total, part, rate = (wording.number_text(step) for step in (TOTAL_STEP, PART_STEP, RATE_STEP))
    return Text(
        f"先取整，再排序：总分取到 {total}，能力得分取到 {part}，比率取到 {rate} 个百分点。四分位数按最近秩法取："
        "从低到高，排在四分之一、一半、四分之三处的那一家（名次向上取整）。",
        f"Values are taken in steps first and sorted then: totals in steps of {total}, scores of {part}, rates of "
        f"{rate} percentage points. Quartiles (Q1, median, Q3) are by nearest rank: the values a quarter, half and "
        "three quarters of the way from the lowest firm on, ranks rounded up.",
    )
