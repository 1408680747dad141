"""The maturity level on the result page: the ruler, every level with its score, and pictures of what it consists of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from flask_babel import gettext as _
from markupsafe import Markup

from app.diagnosis.draft import Draft
from app.diagnosis.punctuation import listed, with_colon
from app.diagnosis.reasons import Basis, Why, basis, why_tree
from app.presentation import language, text
from reports import radar, ruler, wording
from scoring.exact import Bounds
from scoring.model import Assessment, CriteriaSet, MaturityCriteria, Node

WHOLLY_OPEN = Bounds(Fraction(0), Fraction(1))
LEVEL_STATES = {True: "met", False: "not_met", None: "not_known"}


@dataclass(frozen=True, slots=True)
class Scored:
    """One maturity level, or one part at the level worked on, with its score."""

    name: str
    score: str
    bar: Markup
    state: str
    mark: str = ""  # of a level: where a trial is shown


@dataclass(frozen=True, slots=True)
class Picture:
    """The parts of one kind at the level worked on: a table of bars, and above it a drawing where one says more."""

    key: str
    title: str
    drawing: Markup
    parts: tuple[Scored, ...]


@dataclass(frozen=True, slots=True)
class Maturity:
    """The maturity level with everything under it."""

    mark: str  # where a trial is shown
    title: str
    basis: Basis
    levels: tuple[Scored, ...]
    pass_mark: str
    totals: str
    coverage: str
    pictures: tuple[Picture, ...]
    why: Why
    settle: tuple[str, ...]


def ruler_of(maturity: Assessment) -> Markup:
    """Return the ruler from 0 to 5, with what is certain and what is open."""
    nothing = Bounds(Fraction(0), Fraction(0))
    total, level = maturity.total or nothing, maturity.level or nothing
    return _drawn(ruler.ruler(total, level, maturity.level_names, language()))


def maturity_view(draft: Draft, assessment: Assessment, criteria: CriteriaSet) -> Maturity:
    """Return the maturity level ready to show."""
    judged_by = criteria.criteria[assessment.criteria_id]
    mark = judged_by.pass_mark if isinstance(judged_by, MaturityCriteria) else Fraction(1)
    facts = draft.questionnaire.facts
    return Maturity(
        mark=f"{assessment.criteria_id}.{assessment.subject_key}",
        title=text(assessment.criteria_title),
        basis=basis(judged_by.rule),
        levels=tuple(_level(level, assessment, mark) for level in sorted(assessment.level_scores)),
        pass_mark=wording.number_text(mark),
        totals=_totals(assessment),
        coverage=text(wording.coverage_text(assessment)),
        pictures=tuple(_pictures(assessment, mark)),
        why=why_tree(assessment.derivation, draft),
        settle=tuple(text(facts[name].label) for name in assessment.settle if name in facts),
    )


def _level(level: int, assessment: Assessment, mark: Fraction) -> Scored:
    name = text(wording.level_name(level, assessment.level_names))
    scored = _scored(name[:1].upper() + name[1:], assessment.level_scores[level], mark, f"level{level}")
    return replace(scored, mark=f"{assessment.criteria_id}.level{level}")


def _scored(name: str, score: Bounds, mark: Fraction, key: str) -> Scored:
    said, met = wording.bounds_text(score), score.reaches(mark)
    percent = Bounds(100 * score.low, 100 * score.high)
    drawn = ruler.bar(percent, 100 * mark, met, f"{name} {said}", key)
    return Scored(name, said, _drawn(drawn), LEVEL_STATES[met])


def _totals(assessment: Assessment) -> str:
    if assessment.total is None:
        return ""
    total = wording.bounds_text(assessment.total)
    literal = assessment.literal_total
    if literal is None or literal == assessment.total:
        return _("总分 %(total)s（到第一个未达标的级别为止）；五级简单相加的结果相同。", total=total)
    plain = wording.bounds_text(literal)
    return _("总分 %(total)s（到第一个未达标的级别为止）；五级简单相加为 %(plain)s。", total=total, plain=plain)


def _pictures(assessment: Assessment, mark: Fraction) -> Iterator[Picture]:
    level = wording.working_level(assessment)
    word = text(wording.level_word(level))
    domains = _parts(assessment.nodes, level, "capability_domain")
    if all(score == WHOLLY_OPEN for _name, score in domains):
        return  # before the first answer at this level, and of a quick check: a picture would say nothing
    if len(domains) > 2:
        title = _("%(level)s：各能力域得分", level=word)
        yield Picture("radar", title, _radar(domains, mark, title), _bars(domains, mark, "domain"))
    subdomains = sorted(_parts(assessment.nodes, level, "capability_subdomain"), key=lambda p: (p[1].low, p[1].high))
    if subdomains:
        title = _("%(level)s：各能力子域得分，最低的在上", level=word)
        yield Picture("bars", title, Markup(), _bars(subdomains, mark, "subdomain"))


def _radar(points: radar.Points, mark: Fraction, title: str) -> Markup:
    numbers = listed(f"{name} {wording.bounds_text(score)}" for name, score in points)
    return _drawn(radar.radar(points, mark, with_colon(title, numbers), language()))


def _bars(points: radar.Points, mark: Fraction, key: str) -> tuple[Scored, ...]:
    return tuple(_scored(name, score, mark, f"{key}{place}") for place, (name, score) in enumerate(points))


def _parts(nodes: Iterable[Node], level: int, kind: str) -> list[tuple[str, Bounds]]:
    return [
        (text(node.text), node.level_scores[level])
        for node in _every(nodes)
        if node.kind == kind and not node.tailored and level in node.level_scores
    ]


def _every(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _every(node.parts)


def _drawn(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704  the words in it were escaped where it was drawn
