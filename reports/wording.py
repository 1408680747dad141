"""Numbers and states as sentences in Chinese and English: levels, bounds, thresholds, money, headline.

Rounding happens only here and always outwards (low end down, high end up), so that a printed number never claims more
than the exact one. Judging is left to `scoring`, layout to the templates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor

from questionnaires.model import AllOf, AnyOf, Comparison, Condition, Confidence, Degree, SubjectKind, Text
from scoring.exact import Bounds
from scoring.model import Assessment, Gap, Method, Outcome, RequirementResult, RequirementState

NUMERALS = "零一二三四五六七八九"
AID_ONLY = Text("准备与诊断用，不是官方认定结果", "For preparation and diagnosis; not an official result")

# A shape and a word for each state; colour only repeats them. The cross is U+00D7: the Chinese fonts have no U+2715.
MARKS = {
    RequirementState.MET: "●",
    RequirementState.NOT_MET: "×",
    RequirementState.NOT_KNOWN: "◐",
    RequirementState.NOT_APPLICABLE: "—",
    RequirementState.NOT_JUDGED: "○",
}
STATE_WORDS = {
    RequirementState.MET: Text("达到", "met"),
    RequirementState.NOT_MET: Text("未达到", "not met"),
    RequirementState.NOT_KNOWN: Text("待定", "open"),
    RequirementState.NOT_APPLICABLE: Text("不适用", "not applicable"),
    RequirementState.NOT_JUDGED: Text("不评判", "not judged"),
}
OUTCOME_STATES = {
    Outcome.MET: RequirementState.MET,
    Outcome.NOT_MET: RequirementState.NOT_MET,
    Outcome.NOT_KNOWN: RequirementState.NOT_KNOWN,
    Outcome.NOT_APPLICABLE: RequirementState.NOT_APPLICABLE,
}
DEGREE_WORDS = {
    Degree.FULL: Text("全部满足", "fully met"),
    Degree.MOSTLY: Text("大部分满足", "mostly met"),
    Degree.PARTLY: Text("部分满足", "partly met"),
    Degree.NONE: Text("不满足", "not met"),
}
UNKNOWN, BLANK = Text("不清楚", "unknown"), Text("未填", "blank")
GAP_WORDS = {degree.value: words for degree, words in DEGREE_WORDS.items()} | {
    "unknown": UNKNOWN,
    "blank": BLANK,
    "not_met": STATE_WORDS[RequirementState.NOT_MET],
    "not_known": STATE_WORDS[RequirementState.NOT_KNOWN],
}
CONFIDENCE_WORDS = {
    Confidence.SOURCED: Text("有公开出处", "published source"),
    Confidence.KNOWN_HIGH: Text("把握较大，尚未对照原件", "well known, not yet checked against the original"),
    Confidence.KNOWN_MEDIUM: Text("把握一般，须对照原件", "to be checked against the original"),
    Confidence.UNCERTAIN: Text("不确定，只供专家参考", "uncertain, for consultants only"),
    Confidence.OURS: Text("本工具的假设，待主管部门确认", "an assumption of this product, to be confirmed"),
}
SUBJECT_WORDS = {
    SubjectKind.FIRM: Text("企业", "firm"),
    SubjectKind.FACTORY: Text("工厂", "factory"),
    SubjectKind.WORKSHOP: Text("车间", "workshop"),
}


def state_words(state: RequirementState) -> Text:
    """Return shape and word of a state, as "● 达到"."""
    words = STATE_WORDS[state]
    return Text(f"{MARKS[state]} {words.zh}", f"{MARKS[state]} {words.en}")


def rounded_down(value: Fraction, digits: int) -> str:
    """Return `value` with `digits` decimals, never above the exact value."""
    return _decimal(floor(value * 10**digits), digits)


def rounded_up(value: Fraction, digits: int) -> str:
    """Return `value` with `digits` decimals, never below the exact value."""
    return _decimal(ceil(value * 10**digits), digits)


def _decimal(scaled: int, digits: int) -> str:
    sign, scaled = ("-" if scaled < 0 else ""), abs(scaled)
    whole, rest = divmod(scaled, 10**digits)
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"


def bounds_text(bounds: Bounds, digits: int = 2) -> str:
    """Return "2.41–2.47", or one number (rounded down) when both ends agree."""
    low = rounded_down(bounds.low, digits)
    return low if bounds.settled else f"{low}–{rounded_up(bounds.high, digits)}"


def between(bounds: Bounds, digits: int = 2) -> Text:
    """Return bounds for running text: “在 2.41 至 2.47 之间” or “为 2.41”."""
    low = rounded_down(bounds.low, digits)
    if bounds.settled:
        return Text(f"为 {low}", f"is {low}")
    high = rounded_up(bounds.high, digits)
    return Text(f"在 {low} 至 {high} 之间", f"lies between {low} and {high}")


def digits_needed(value: Bounds, threshold: Fraction | None) -> int:
    """Return the fewest decimals (0 to 3) with which the printed bounds fall on the true side of the threshold."""
    if threshold is None:
        return 0 if value.low.denominator == 1 and value.high.denominator == 1 else 1
    return next((digits for digits in range(3) if _faithful(value, threshold, digits)), 3)


def _faithful(value: Bounds, threshold: Fraction, digits: int) -> bool:
    shown = Fraction(ceil(value.high * 10**digits), 10**digits) if not value.settled else value.low
    same_side = (shown >= threshold) == (value.high >= threshold)
    return same_side and (threshold * 10**digits).denominator == 1


def number_text(value: Fraction) -> str:
    """Return an exact number without needless zeros: "7.5", "12,000"; endless decimals are cut at three."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return rounded_down(value, 3).rstrip("0")


def value_against_threshold(result: RequirementResult, lang: str = "zh") -> str:
    """Return value and threshold in one glance: "45% → 50%" (missed), "94% ≥ 90%" (met), "40–55% / 50%" (open)."""
    unit = unit_sign(result.requirement.unit, lang)
    threshold = threshold_of(result)
    if result.value is None:
        unknown = "?" if lang == "en" else "？"
        return "" if threshold is None else f"{unknown} / {number_text(threshold)}{unit}"
    shown = bounds_text(result.value, digits_needed(result.value, threshold)) + unit
    if threshold is None:
        return shown
    return f"{shown} {_link(result)} {number_text(threshold)}{unit}"


def threshold_of(result: RequirementResult) -> Fraction | None:
    """Return the number that decides this requirement, from its dated threshold or its condition."""
    dated = result.requirement.threshold
    if dated is not None:
        return dated.value
    comparison = first_comparison(result.requirement.that)
    if comparison is None or isinstance(comparison.right, bool | str):
        return None
    return comparison.right


def first_comparison(condition: Condition | None) -> Comparison | None:
    """Return the first comparison inside a condition."""
    if isinstance(condition, AllOf | AnyOf):
        return next(filter(None, map(first_comparison, condition.parts)), None)
    return condition


def unit_sign(unit: Text | None, lang: str = "zh") -> str:
    """Return a unit as it follows a number: "%" at once, others after a space."""
    if unit is None:
        return ""
    return unit.zh if unit.zh == "%" else f" {unit.en if lang == 'en' else unit.zh}"


def _link(result: RequirementResult) -> str:
    met_sign = "≤" if _wants_less(result) else "≥"
    return {True: met_sign, False: "→", None: "/"}[number_suffices(result)]


def number_suffices(result: RequirementResult) -> bool | None:
    """Tell whether the compared number itself is good enough, whatever else the requirement asks; None while open."""
    value, threshold = result.value, threshold_of(result)
    if value is None or threshold is None:
        return None
    if not _wants_less(result):
        return value.reaches(threshold)
    if value.high <= threshold:
        return True
    return False if value.low > threshold else None


def _wants_less(result: RequirementResult) -> bool:
    comparison = first_comparison(result.requirement.that)
    return comparison is not None and comparison.operator in ("<=", "<")


def percent(share: Fraction, digits: int = 2) -> str:
    """Return a share of 1 as a percentage, rounded down: "5.91%"."""
    return rounded_down(share * 100, digits) + "%"


def day_text(day: date) -> Text:
    """Return “2026 年 10 月 31 日”."""
    return Text(f"{day.year} 年 {day.month} 月 {day.day} 日", day.isoformat())


def cost_text(cost: tuple[int, int, int]) -> str:
    """Return the range of a planning cost in 万元 without the unit: "30–80"."""
    return f"{cost[0]:,}–{cost[2]:,}" if cost[0] != cost[2] else f"{cost[0]:,}"


def ten_thousands(amount: str) -> Text:
    """Return an amount with its unit: “30–80 万元”."""
    return Text(f"{amount} 万元", f"{amount} × 10,000 yuan")


def months_text(months: tuple[int, int]) -> Text:
    """Return “3–6 个月”."""
    span = f"{months[0]}–{months[1]}" if months[0] != months[1] else f"{months[0]}"
    return Text(f"{span} 个月", f"{span} months")


def listed(names: Iterable[str], most: int = 3) -> Text:
    """Join names with commas and say how many more there are."""
    all_names = list(names)
    rest = len(all_names) - most
    zh, en = "、".join(all_names[:most]), ", ".join(all_names[:most])
    return Text(f"{zh}等 {len(all_names)} 项", f"{en} and {rest} more") if rest > 0 else Text(zh, en)


def listed_texts(texts: Sequence[Text], most: int = 3) -> Text:
    """Join texts with commas and say how many there are or how many more."""
    return Text(listed((text.zh for text in texts), most).zh, listed((text.en for text in texts), most).en)


def level_word(level: int) -> Text:
    """Return “二级” / "level 2"; level 0 is “一级以下” / "below level 1"."""
    return Text(f"{NUMERALS[level]}级", f"level {level}") if level else Text("一级以下", "below level 1")


def level_name(level: int, names: Sequence[Text]) -> Text:
    """Return the level with its name: “二级（规范级）” / "level 2 (Standardised)"."""
    word = level_word(level)
    if not 0 < level <= len(names):
        return word
    name = names[level - 1]
    if name.zh == word.zh:
        return word
    return Text(f"{word.zh}（{name.zh}）", f"{word.en} ({name.en})")


def graded_name(level: int, names: Sequence[Text]) -> Text:
    """Return the name of a grade that is known by name alone (“先进级”); 0 is “未达到” the lowest one."""
    if level:
        return names[level - 1]
    return Text(f"未达到{names[0].zh}", f"below {names[0].en}") if names else level_word(0)


def is_maturity(assessment: Assessment) -> bool:
    """Tell whether this is a maturity assessment."""
    return assessment.method is Method.GBT_39117


def working_level(assessment: Assessment) -> int:
    """Return the level being worked on: the one above the certain level, at most the highest."""
    certain = int(assessment.level.low) if assessment.level else 0
    return min(certain + 1, max(len(assessment.level_names), 1))


def headline(maturity: Assessment | None, gaps: Sequence[Gap], workshops: Sequence[Assessment]) -> Text:
    """Return the most important sentence of the report, in the reader's words.

    Level and what separates the firm from the next one, then the workshop nearest to recognition. What is open is said
    to be open; a level stands here only when every unanswered question leaves it as it is.
    """
    parts = [level_sentence(maturity, gaps)] if maturity else []
    parts += [sentence] if (sentence := workshop_sentence(workshops)) else []
    if not parts:
        return Text("还没有可以判断的内容", "There is nothing to judge yet")
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def level_sentence(maturity: Assessment, gaps: Sequence[Gap]) -> Text:
    """Say the maturity level, or how many answers would settle it."""
    if maturity.coverage.answered == 0 or maturity.level is None:
        return Text("还没有填报，等级尚不能判断", "Nothing is answered yet, so no level can be told")
    if not maturity.level.settled:
        return _open_level(maturity, maturity.level)
    return _settled_level(maturity, int(maturity.level.low), gaps)


def _open_level(maturity: Assessment, level: Bounds) -> Text:
    low, high = level_word(int(level.low)), level_word(int(level.high))
    lies = Text(f"等级在{low.zh}与{high.zh}之间", f"The level lies between {low.en} and {high.en}")
    if fewest := len(maturity.settle):
        return Text(
            f"{lies.zh}，至少再答 {fewest} 题才能定",
            f"{lies.en}; it takes at least {counted(fewest, 'more answer')} to settle it",
        )
    every = maturity.coverage.unknown + maturity.coverage.blank
    return Text(f"{lies.zh}，再答 {every} 题可定", f"{lies.en}; {counted(every, 'more answer')} will settle it")


def _settled_level(maturity: Assessment, level: int, gaps: Sequence[Gap]) -> Text:
    name = level_name(level, maturity.level_names)
    now = Text(f"现在是{name.zh}", f"Now {name.en}") if level else Text("现在还在一级以下", "Now below level 1")
    if level >= len(maturity.level_names) > 0:
        return Text(f"{now.zh}，已到最高一级", f"{now.en}, the highest there is")
    groups = top_groups(gap for gap in gaps if gap.criteria_id == maturity.criteria_id)[:2]
    if not groups:
        return now
    next_word = level_word(level + 1)
    missing_zh = "、".join(group.zh for group in groups)
    missing_en = " and ".join(_in_a_sentence(group.en) for group in groups)
    return Text(
        f"{now.zh}，离{next_word.zh}主要差{missing_zh}",
        f"{now.en}; {next_word.en} waits mainly for {missing_en}",
    )


def _in_a_sentence(name: str) -> str:
    """Lower the first letter, except of a name in capitals (MES)."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def top_groups(gaps: Iterable[Gap]) -> list[Text]:
    """Return the groups (subdomain or scheme) of gaps, heaviest sum first, each once."""
    weights: dict[Text, Fraction] = {}
    for gap in gaps:
        weights[gap.group] = weights.get(gap.group, Fraction(0)) + gap.weight
    return sorted(weights, key=lambda group: -weights[group])


def gap_words(gap: Gap) -> Text:
    """Return how a gap stands now: “部分满足” / "partly met"."""
    return GAP_WORDS.get(gap.now, Text(gap.now, gap.now))


def workshop_sentence(workshops: Sequence[Assessment]) -> Text | None:
    """Say how far the workshop nearest to recognition is; None when there is no workshop or none is answered."""
    judged = [shop for shop in workshops if shop.coverage.answered]
    met = [shop for shop in judged if shop.outcome is Outcome.MET]
    rest = [shop for shop in judged if shop.outcome in (Outcome.NOT_MET, Outcome.NOT_KNOWN)]
    if met and not rest:
        return _all_met(met)
    if not rest:
        return None
    nearest = min(rest, key=lambda shop: (still_missing(shop), shop.subject_name))
    sentence = nearest_sentence(nearest)
    if not met:
        return sentence
    return Text(
        f"{len(met)} 个车间已够数字化车间条件，{sentence.zh}",
        f"{counted(len(met), 'workshop')} qualified; {sentence.en}",
    )


def _all_met(met: Sequence[Assessment]) -> Text:
    if len(met) == 1:
        name = met[0].subject_name
        return Text(f"{name}满足数字化车间条件", f"{name} meets the conditions of a digital workshop")
    return Text(
        f"{len(met)} 个车间都满足数字化车间条件", f"all {len(met)} workshops meet the conditions of a digital workshop"
    )


def unmet(assessment: Assessment) -> list[RequirementResult]:
    """Return the requirements that are surely not met."""
    return [result for result in assessment.requirements if result.state is RequirementState.NOT_MET]


def undecided(assessment: Assessment) -> list[RequirementResult]:
    """Return the requirements that unanswered facts leave open."""
    return [result for result in assessment.requirements if result.state is RequirementState.NOT_KNOWN]


def still_missing(assessment: Assessment) -> int:
    """Return how many requirements are not met or not yet decided."""
    return len(unmet(assessment)) + len(undecided(assessment))


def nearest_sentence(workshop: Assessment) -> Text:
    """Say what one workshop still lacks: “冲压车间离数字化车间只差 6 台”."""
    missing, open_ones = unmet(workshop), undecided(workshop)
    name = workshop.subject_name
    if not missing:
        needed = len({fact for result in open_ones for fact in result.open_facts})
        return Text(
            f"{name}再答 {needed} 题可知是否够数字化车间条件",
            f"{counted(needed, 'more answer')} will tell whether {name} qualifies as a digital workshop",
        )
    if len(missing) == 1 and not open_ones:
        return _one_missing(name, missing[0])
    return _several_missing(name, len(missing), len(open_ones))


def _one_missing(name: str, result: RequirementResult) -> Text:
    if result.distance is not None:
        return Text(
            f"{name}离数字化车间只{result.distance.zh}",
            f"{name} is one condition from a digital workshop: {result.distance.en}",
        )
    return Text(
        f"{name}离数字化车间只差一项：{result.requirement.text.zh}",
        f"{name} is one condition from a digital workshop: {result.requirement.text.en}",
    )


def _several_missing(name: str, missing: int, undecided_count: int) -> Text:
    zh = f"{name}离数字化车间还差 {missing} 项条件"
    en = f"{name} still lacks {counted(missing, 'condition')} of a digital workshop"
    if not undecided_count:
        return Text(zh, en)
    return Text(f"{zh}，另有 {undecided_count} 项待定", f"{en}, {undecided_count} still open")


def counted(number: int, thing: str) -> str:
    """Return a number with its thing in English, in the plural where it is not one: "3 workshops"."""
    if number == 1:
        return f"1 {thing}"
    return f"{number} {thing[:-1]}ies" if thing.endswith("ry") else f"{number} {thing}s"


def outcome_text(assessment: Assessment) -> Text:
    """Return the conclusion of one assessment in a few words, with its mark: “× 未达到”, “二级（规范级）”."""
    if assessment.outcome is not Outcome.LEVEL or assessment.level is None:
        return state_words(OUTCOME_STATES.get(assessment.outcome, RequirementState.NOT_KNOWN))
    low = named_level(int(assessment.level.low), assessment)
    if assessment.level.settled:
        return low
    high = named_level(int(assessment.level.high), assessment)
    return Text(f"◐ 待定：{low.zh}至{high.zh}", f"◐ open: {low.en} to {high.en}")


def named_level(level: int, assessment: Assessment) -> Text:
    """Return a level by the name that its criteria give it: “二级（规范级）”, “先进级”."""
    name = level_name if is_maturity(assessment) or not _graded(assessment) else graded_name
    return name(level, assessment.level_names)


def _graded(assessment: Assessment) -> bool:
    """Tell whether the levels go by names of their own (基础级 …) rather than by 一级, 二级."""
    return bool(assessment.level_names) and assessment.level_names[0].zh != level_word(1).zh


def coverage_text(assessment: Assessment) -> Text:
    """Return how many facts stand behind a conclusion: “已答 198 项，不清楚 9 项，未填 0 项”."""
    counts = assessment.coverage
    return Text(
        f"需要 {counts.asked} 项，已答 {counts.answered} 项，不清楚 {counts.unknown} 项，未填 {counts.blank} 项",
        f"{counts.asked} asked, {counts.answered} answered, {counts.unknown} unknown, {counts.blank} blank",
    )


def lead(maturity: Assessment, day: date, verified: bool) -> Text:
    """Return the paragraph under the headline: what the total rests on and what is still open."""
    if maturity.coverage.answered == 0:
        return Text("成熟度要求还没有一项回答，得分和等级都还不能说。", "No maturity requirement is answered yet.")
    shown_day, total = day_text(day), between(maturity.total or Bounds(Fraction(0), Fraction(5)))
    how = Text("核实", "verified") if verified else Text("填报", "stated")
    opening = Text(
        f"按 {shown_day.zh}{how.zh}的 {maturity.coverage.answered} 项要求，成熟度总分{total.zh}",
        f"On the {maturity.coverage.answered} requirements {how.en} as of {shown_day.en}, the total {total.en}",
    )
    rest = _what_is_open(maturity)
    return Text(f"{opening.zh}，{rest.zh}。", f"{opening.en}; {rest.en}.")


def _what_is_open(maturity: Assessment) -> Text:
    unknown, blank = maturity.coverage.unknown, maturity.coverage.blank
    if not unknown + blank:
        return Text("全部要求都已回答", "every requirement is answered")
    counted = Text(f"另有 {unknown} 项不清楚、{blank} 项未填", f"{unknown} are unknown and {blank} blank")
    if maturity.level is not None and maturity.level.settled:
        return Text(f"{counted.zh}，不影响等级", f"{counted.en}, without effect on the level")
    needed = len(maturity.settle) or unknown + blank
    return Text(
        f"{counted.zh}，最少再答清其中 {needed} 项就可能定级",
        f"{counted.en}; it takes at least {needed} of them to settle the level",
    )
