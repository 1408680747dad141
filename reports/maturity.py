"""The chapter on smart-manufacturing capability maturity: level, totals, scores by level and part, pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from questionnaires.model import Text
from reports import charts, wording
from reports.charts import Chart
from reports.given import Given, shown_state
from reports.model_maturity import LevelRow, Maturity, PartRow
from reports.model_pieces import Drawing, Pair
from reports.radar import radar
from scoring.exact import Bounds
from scoring.model import Assessment, Node, RequirementState

DEPTHS = {"element": 1, "capability_domain": 2, "capability_subdomain": 3}
WIDE = 640  # drawing units: a line of text on A4
TAILORED = Text("已裁剪", "Tailored out")
DIFFERENT_SUMS = {
    True: Text("两种算法得出的等级相同", "and both give the same level"),
    False: Text("两种算法得出的等级不同，由专家判断", "and the two give different levels: a consultant decides"),
}
STATES = {True: RequirementState.MET, False: RequirementState.NOT_MET, None: RequirementState.NOT_KNOWN}


def maturity(given: Given, assessment: Assessment) -> Maturity:
    """Return the maturity chapter of one firm."""
    mark = pass_mark(given)
    return Maturity(
        sentence=given.language.sentence(given.say(wording.level_sentence(assessment, given.gaps))),
        ref=given.ref(assessment),
        coverage=given.say(_coverage(wording.coverage_text(assessment))),
        totals=given.say(totals(assessment)),
        levels=tuple(_level_row(given, level, bounds, mark) for level, bounds in levels(assessment)),
        charts=_charts(given, assessment, mark),
        level_heads=tuple(_capital(given.say(wording.level_word(level))) for level, _ in levels(assessment)),
        parts=tuple(_part_rows(given, assessment)),
        tailored=tailored(given),
        settle=tuple(f"{fact} {given.say(given.fact(fact).label)}" for fact in assessment.settle),
    )


def pass_mark(given: Given) -> Fraction:
    """Return the level score from which a level is met, as the criteria in force say."""
    criteria = given.maturity_criteria
    if criteria is None:
        raise LookupError("a maturity assessment without its criteria file")
    return criteria.pass_mark


def levels(assessment: Assessment) -> list[tuple[int, Bounds]]:
    """Return the level scores from level 1 on."""
    return sorted(assessment.level_scores.items())


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _coverage(counts: Text) -> Text:
    return Text(f"成熟度要求{counts.zh}。", f"Maturity requirements: {counts.en}.")


def totals(assessment: Assessment) -> Text | None:
    """Say the total, and the plain sum beside it where the two differ."""
    if assessment.total is None:
        return None
    total, literal = wording.between(assessment.total), assessment.literal_total
    said = Text(
        f"总分{total.zh}（到第一个未达标的级别为止）", f"The total {total.en} (up to the first level that is not met)"
    )
    if literal is None or literal == assessment.total:
        return Text(
            f"{said.zh}，五级简单相加的结果与此相同。", f"{said.en}; the plain sum of the five levels is the same."
        )
    same = assessment.literal_level == assessment.level
    effect = DIFFERENT_SUMS[same]
    shown = wording.bounds_text(literal)
    return Text(
        f"{said.zh}；五级简单相加为 {shown}，{effect.zh}。",
        f"{said.en}; the plain sum of the five levels is {shown}, {effect.en}.",
    )


def _level_row(given: Given, level: int, score: Bounds, mark: Fraction) -> LevelRow:
    names = given.maturity.level_names if given.maturity else ()
    name = _capital(given.say(wording.level_name(level, names)))
    return LevelRow(name, wording.bounds_text(score), shown_state(STATES[score.reaches(mark)], given.language))


def _charts(given: Given, assessment: Assessment, mark: Fraction) -> tuple[Chart | Drawing, ...]:
    worked_on = wording.working_level(assessment)
    scores = assessment.level_scores
    pictures: list[Chart | Drawing] = [_level_chart(given, assessment, mark)] if scores else []
    domains = scored(given, assessment, worked_on, "capability_domain")
    pictures += [_radar(given, domains, worked_on, mark)] if len(domains) > 2 else []
    subdomains = scored(given, assessment, worked_on, "capability_subdomain")
    return (*pictures, _part_chart(given, subdomains, worked_on, mark)) if subdomains else tuple(pictures)


def _level_chart(given: Given, assessment: Assessment, mark: Fraction) -> Chart:
    language, names = given.language, assessment.level_names
    scores = sorted(assessment.level_scores.items())
    reached = [level for level, bounds in scores if bounds.reaches(mark)]
    title = given.say(_level_message(reached))
    said = language.clauses(f"{given.say(wording.level_word(level))} {wording.bounds_text(b)}" for level, b in scores)
    options = charts.level_bars(assessment.level_scores, names, mark, language.code)
    return Chart(title, options, 640, 200, language.sentences((title, said)))


def _level_message(reached: Sequence[int]) -> Text:
    if not reached:
        return Text("各级得分——还没有确定达标的级别", "Scores by level: no level is surely met yet")
    words = [wording.level_word(level) for level in reached]
    met = Text("、".join(one.zh for one in words), ", ".join(one.en for one in words))
    return Text(f"各级得分——已达标：{met.zh}", f"Scores by level: {met.en} met")


def _radar(given: Given, domains: list[tuple[str, Bounds]], level: int, mark: Fraction) -> Drawing:
    short = [name for name, bounds in domains if bounds.reaches(mark) is not True]
    title = given.say(_radar_message(level, len(domains), len(short)))
    language = given.language
    spoken = language.sentences((title, charts.alternative(domains, language)))
    return Drawing(title, radar(domains, mark, spoken, language.code, width=WIDE))


def _radar_message(level: int, domains: int, short: int) -> Text:
    word = wording.level_word(level)
    if not short:
        return Text(f"{word.zh}：全部能力域已达标", f"{_capital(word.en)}: all domains reach the pass mark")
    return Text(
        f"{word.zh}：{domains} 个能力域中 {short} 个未确定达标",
        f"{_capital(word.en)}: {short} of {domains} domains do not surely reach the pass mark",
    )


def _part_chart(given: Given, points: list[tuple[str, Bounds]], level: int, mark: Fraction) -> Chart:
    language, word = given.language, wording.level_word(level)
    lowest_first = sorted(points, key=lambda point: (point[1].low, point[1].high))
    names = language.items(name for name, _ in lowest_first[:3])
    title = given.say(Text(f"{word.zh}：得分最低的是{names}", f"{_capital(word.en)}: lowest are {names}"))
    spoken = language.sentences((title, charts.alternative(lowest_first, language)))
    return Chart(title, charts.part_bars(lowest_first, mark, language.code), 640, 60 + 17 * len(points), spoken)


def scored(given: Given, assessment: Assessment, level: int, kind: str) -> list[tuple[str, Bounds]]:
    """Return the parts of one kind that have a score at `level`, with it."""
    parts = (node for node in every_node(assessment.nodes) if node.kind == kind and not node.tailored)
    return [(given.say(node.text), node.level_scores[level]) for node in parts if level in node.level_scores]


def every_node(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Yield elements, domains and subdomains from the top, each before its parts."""
    for node in nodes:
        yield node
        yield from every_node(node.parts)


def _part_rows(given: Given, assessment: Assessment) -> Iterator[PartRow]:
    shown_levels = [level for level, _ in levels(assessment)]
    for node in every_node(assessment.nodes):
        if node.kind == "capability_domain" and len(node.parts) == 1:
            continue  # its only subdomain says the same
        scores = tuple(_score(node, level) for level in shown_levels)
        note = given.language.of(given.say(TAILORED), node.tailored) if node.tailored else ""
        yield PartRow(DEPTHS[node.kind], given.say(node.text), wording.percent(node.weight), scores, note)


def _score(node: Node, level: int) -> str:
    return wording.bounds_text(node.level_scores[level]) if level in node.level_scores else "—"


def tailored(given: Given) -> tuple[Pair, ...]:
    """Return every capability subdomain that was left out, with its reason."""
    names = {node.id: given.say(node.text) for node in every_node(given.maturity.nodes if given.maturity else ())}
    sections = {
        section.subdomain: given.say(section.title) for section in given.questionnaire.sections if section.subdomain
    }
    return tuple(Pair(names.get(key) or sections.get(key, key), why) for key, why in given.filled.tailored.items())
