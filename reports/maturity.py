"""The chapter on smart-manufacturing capability maturity: level, totals, scores by level and part, pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from reports import charts, wording
from reports.charts import Chart
from reports.given import Given, shown_state
from reports.model import Drawing, LevelRow, Maturity, Pair, PartRow
from reports.radar import radar
from scoring.exact import Bounds
from scoring.model import Assessment, Node, RequirementState

DEPTHS = {"element": 1, "capability_domain": 2, "capability_subdomain": 3}
WIDE = 640  # drawing units: a line of text on A4
STATES = {True: RequirementState.MET, False: RequirementState.NOT_MET, None: RequirementState.NOT_KNOWN}


def maturity(given: Given, assessment: Assessment) -> Maturity:
    """Return the maturity chapter of one firm."""
    mark = pass_mark(given)
    return Maturity(
        sentence=wording.level_sentence(assessment, given.gaps).zh + "。",
        ref=given.ref(assessment),
        coverage=wording.coverage_text(assessment).zh,
        totals=totals(assessment),
        levels=tuple(_level_row(level, bounds, assessment, mark) for level, bounds in levels(assessment)),
        charts=_charts(assessment, mark),
        level_heads=tuple(wording.level_word(level).zh for level, _ in levels(assessment)),
        parts=tuple(_part_rows(assessment)),
        tailored=tailored(given),
        settle=tuple(f"{fact} {given.fact(fact).label.zh}" for fact in assessment.settle),
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


def totals(assessment: Assessment) -> str:
    """Say the total, and the plain sum beside it where the two differ."""
    if assessment.total is None:
        return ""
    said = f"总分{wording.between(assessment.total).zh}（到第一个未达标的级别为止）"
    literal = assessment.literal_total
    if literal is None or literal == assessment.total:
        return said + "，五级简单相加的结果与此相同。"
    same = assessment.literal_level == assessment.level
    effect = "两种算法得出的等级相同" if same else "两种算法得出的等级不同，由专家判断"
    return f"{said}；五级简单相加为 {wording.bounds_text(literal)}，{effect}。"


def _level_row(level: int, score: Bounds, assessment: Assessment, mark: Fraction) -> LevelRow:
    name = wording.level_name(level, assessment.level_names).zh
    return LevelRow(name, wording.bounds_text(score), shown_state(STATES[score.reaches(mark)]))


def _charts(assessment: Assessment, mark: Fraction) -> tuple[Chart | Drawing, ...]:
    worked_on = wording.working_level(assessment)
    scores = assessment.level_scores
    pictures: list[Chart | Drawing] = [_level_chart(assessment, scores, mark)] if scores else []
    domains = scored(assessment, worked_on, "capability_domain")
    pictures += [_radar(domains, worked_on, mark)] if len(domains) > 2 else []
    subdomains = scored(assessment, worked_on, "capability_subdomain")
    return (*pictures, _part_chart(subdomains, worked_on, mark)) if subdomains else tuple(pictures)


def _level_chart(assessment: Assessment, scores: Mapping[int, Bounds], mark: Fraction) -> Chart:
    names = assessment.level_names
    said = "；".join(f"{wording.level_word(level).zh} {wording.bounds_text(b)}" for level, b in sorted(scores.items()))
    reached = [level for level, bounds in sorted(scores.items()) if bounds.reaches(mark)]
    message = (
        f"已达标：{'、'.join(wording.level_word(level).zh for level in reached)}" if reached else "还没有确定达标的级别"
    )
    title = f"各级得分——{message}"
    return Chart(title, charts.level_bars(scores, names, mark), 640, 200, f"{title}。{said}。")


def _radar(domains: list[tuple[str, Bounds]], level: int, mark: Fraction) -> Drawing:
    word = wording.level_word(level).zh
    short = [name for name, bounds in domains if bounds.reaches(mark) is not True]
    message = f"{len(domains)} 个能力域中 {len(short)} 个未确定达标" if short else "全部能力域已达标"
    title = f"{word}：{message}"
    return Drawing(title, radar(domains, mark, f"{title}。{charts.alternative(domains)}。", width=WIDE))


def _part_chart(points: list[tuple[str, Bounds]], level: int, mark: Fraction) -> Chart:
    lowest_first = sorted(points, key=lambda point: (point[1].low, point[1].high))
    names = "、".join(name for name, _ in lowest_first[:3])
    title = f"{wording.level_word(level).zh}：得分最低的是{names}"
    height = 60 + 17 * len(points)
    return Chart(
        title, charts.part_bars(lowest_first, mark), 640, height, f"{title}。{charts.alternative(lowest_first)}。"
    )


def scored(assessment: Assessment, level: int, kind: str) -> list[tuple[str, Bounds]]:
    """Return the parts of one kind that have a score at `level`, with it."""
    parts = (node for node in every_node(assessment.nodes) if node.kind == kind and not node.tailored)
    return [(node.text.zh, node.level_scores[level]) for node in parts if level in node.level_scores]


def every_node(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Yield elements, domains and subdomains from the top, each before its parts."""
    for node in nodes:
        yield node
        yield from every_node(node.parts)


def _part_rows(assessment: Assessment) -> Iterator[PartRow]:
    shown_levels = [level for level, _ in levels(assessment)]
    for node in every_node(assessment.nodes):
        if node.kind == "capability_domain" and len(node.parts) == 1:
            continue  # its only subdomain says the same
        scores = tuple(_score(node, level) for level in shown_levels)
        note = f"已裁剪：{node.tailored}" if node.tailored else ""
        yield PartRow(DEPTHS[node.kind], node.text.zh, wording.percent(node.weight), scores, note)


def _score(node: Node, level: int) -> str:
    return wording.bounds_text(node.level_scores[level]) if level in node.level_scores else "—"


def tailored(given: Given) -> tuple[Pair, ...]:
    """Return every capability subdomain that was left out, with its reason."""
    names = {node.id: node.text.zh for node in every_node(given.maturity.nodes if given.maturity else ())}
    sections = {section.subdomain: section.title.zh for section in given.questionnaire.sections if section.subdomain}
    return tuple(Pair(names.get(key) or sections.get(key, key), why) for key, why in given.filled.tailored.items())
