"""What an answer can be and what it is worth: degrees, the options of choices, points and levels of scenes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from questionnaires.model import Degree, Fact, FactKind, Text
from questionnaires.values import DEGREES
from reports.formula import Block, block
from reports.workpaper_answers import Lists
from reports.workpaper_exact import judging, read_facts
from reports.workpaper_page import NUMBER, PART, SMALL, WORDS, Column, Page
from scoring.model import Criteria, MaturityCriteria, PointsCriteria, PointsQuestion

NAME = Text("选项", "Options")
TITLE = Text("选项与分值", "Options and what they are worth")
NOTE = Text(
    "分值按所注倍数放大成整数。单选取所选项的分值，多选把所选各项相加；没有回答时，最低取最小的，最高取最大的。",
    "Values are multiplied to whole numbers. One choice takes the value of its option, several are added; "
    "while nothing is answered, the least and the most possible are taken.",
)
COLUMNS = (
    Column(Text("题目或填报项", "Question or fact"), 40),
    Column(Text("选项", "Option"), 64),
    Column(Text("值", "Value"), 10, True),
    Column(Text("倍数", "Times"), 9, True),
    Column(Text("代码", "Code"), 16),
)
QUESTION, OPTION, VALUE, TIMES, CODE = range(len(COLUMNS))
DEGREE = Text("满足程度", "Degree of satisfaction")
LEVELS = Text("场景所在级别", "Level of the scene")


@dataclass(frozen=True, slots=True)
class Values:
    """The options of one question beside their values, all multiplied by the same number."""

    options: Block
    values: Block
    times: int

    @property
    def least(self) -> int:
        """The smallest value."""
        return min(int(value) for value in self.values.now if isinstance(value, int))

    @property
    def most(self) -> int:
        """The largest value."""
        return max(int(value) for value in self.values.now if isinstance(value, int))

    @property
    def sum(self) -> int:
        """All values together."""
        return sum(int(value) for value in self.values.now if isinstance(value, int))


@dataclass(frozen=True, slots=True)
class Options:
    """Where everything stands on the sheet of options."""

    lists: Lists  # fact -> its options
    worth: Mapping[tuple[str, str], Values]  # (criteria, question or scene) -> options and values
    degrees: Mapping[str, Values]  # maturity criteria -> degrees and values


def write_options(page: Page) -> Options:
    """Write every list that answers are taken from."""
    given, worth, lists = page.paper.given, dict[tuple[str, str], Values](), dict[str, Block]()
    degrees = {one.id: _degrees(page, one) for one in judging(given) if isinstance(one, MaturityCriteria)}
    for criteria in judging(given):
        if isinstance(criteria, PointsCriteria):
            page.heading(page.paper.say(criteria.title))
            for name, fact, values, times in _valued(criteria):
                found = _list(
                    page, given.fact(fact), {code: int(value * times) for code, value in values.items()}, times
                )
                worth[criteria.id, name] = found
                lists.setdefault(fact, found.options)
    for other in _others(page, lists):
        lists[other.id] = _list(page, other, {}, 1).options
    page.finish()
    return Options(lists, worth, degrees)


def points_times(criteria: PointsCriteria) -> int:
    """Return by how much points are multiplied so that every option and band gives a whole number."""
    given = [value for question in criteria.questions for value in _points(question)]
    return lcm(*(value.denominator for value in [*given, *(rule.score for rule in criteria.level_rules)]))


def _points(question: PointsQuestion) -> Iterator[Fraction]:
    shares = [*question.shares.values(), *(band.share for band in question.bands)]
    yield from (question.points * share for share in shares)


def _valued(criteria: PointsCriteria) -> Iterator[tuple[str, str, Mapping[str, Fraction], int]]:
    times = points_times(criteria)
    for question in criteria.questions:
        if fact := question.requirement.fact:
            yield question.requirement.id, fact, {c: question.points * s for c, s in question.shares.items()}, times
    for scene in criteria.scenes:
        levels = {code: Fraction(level) for code, level in scene.levels.items()}
        yield scene.requirement.id, scene.requirement.fact or "", levels, 1


def _degrees(page: Page, criteria: Criteria) -> Values:
    assert isinstance(criteria, MaturityCriteria)
    times = lcm(*(value.denominator for value in criteria.degrees.values()))
    page.heading(f"{page.paper.say(criteria.title)}　{page.paper.say(DEGREE)}")
    options, values = [], []
    for degree, value in criteria.degrees.items():
        page.rule_off(WORDS)
        page.put(QUESTION, page.paper.say(DEGREE), SMALL)
        options.append(page.put(OPTION, page.paper.say(DEGREES[Degree(degree)])))
        values.append(page.put(VALUE, int(value * times), NUMBER))
        page.put(TIMES, times, NUMBER)
        page.put(CODE, degree, SMALL)
        page.row += 1
    return Values(block(options), block(values), times)


def _list(page: Page, fact: Fact, values: Mapping[str, int], times: int) -> Values:
    page.heading(f"{page.paper.say(fact.label)}（{fact.id}）", PART)
    options, cells = [], []
    for option in fact.options:
        page.rule_off(WORDS)
        options.append(page.put(OPTION, page.paper.say(option.text)))
        cells.append(page.put(VALUE, values.get(option.code), NUMBER))
        page.put(TIMES, times if values else None, NUMBER)
        page.put(CODE, option.code, SMALL)
        page.row += 1
    return Values(block(options), block(cells), times)


def _others(page: Page, listed: Mapping[str, object]) -> list[Fact]:
    facts = [page.paper.given.fact(name) for name in sorted(read_facts(page.paper.given)) if name not in listed]
    return [fact for fact in facts if fact.kind in (FactKind.CHOICE, FactKind.CHOICES)]
