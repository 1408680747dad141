"""From goals to an integer program: which projects reach what the criteria ask, at the lower bound.

Every condition of the criteria becomes a row over the projects that change what it reads. What is blank or unknown
counts as not there. A need that no project can reach is kept, so that a plan can say what blocks it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from questionnaires.model import AllOf, AnyOf, Comparison, Condition, FactKind, FilledDiagnosis, Subject, Value
from scoring.assessment import paths
from scoring.gates import holds
from scoring.goals import Goal, subjects_of
from scoring.indicators import Case, bearers, bounds_of, stated_value
from scoring.maturity import lifts
from scoring.maturity_assessment import Answers, read_answers
from scoring.model import (
    Change,
    CountMet,
    Criteria,
    CriteriaSet,
    GapLevels,
    GatesCriteria,
    Improvement,
    LevelOf,
    LevelRule,
    MaturityCriteria,
    PointsCriteria,
    PointsQuestion,
    Ratio,
    Requirement,
    RequirementKind,
    Scene,
    Sum,
)
from scoring.points import level_of_scene, points_of
from scoring.program import Program
from scoring.projects import RANK, Effect, Project, effects, grouped, places, siblings
from scoring.tailoring import subdomains
from scoring.what_if import change_now

ONE = Fraction(1)


class Need(NamedTuple):
    """One thing that the goals need: what a plan names when it cannot be reached."""

    criteria_id: str
    subject_key: str
    requirement: Requirement | None  # None: the criteria have to apply at all
    open_facts: tuple[str, ...] = ()  # answers that are missing before anything can be planned here


class Source(NamedTuple):
    """Something that brings a fact to a value: a variable that is 1 when it does."""

    value: Value | None
    variable: int


@dataclass(slots=True)
class Planning:
    """A firm's goals as an integer program, and what each number in it means."""

    filled: FilledDiagnosis
    criteria: CriteriaSet
    projects: tuple[Project, ...]
    program: Program = field(default_factory=Program)
    chosen: dict[str, int] = field(default_factory=dict)  # project id -> the variable that says that it is done
    units: dict[str, int] = field(default_factory=dict)  # project id -> the variable that counts its units
    finished: dict[str, int] = field(default_factory=dict)  # project id -> the variable that says all units are added
    needs: list[Need] = field(default_factory=list)
    sources: dict[tuple[str, str], list[Source]] = field(default_factory=dict)  # subject key, fact or indicator
    points: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)  # -> (points, variable)
    relaxed: bool = False  # every need may also be met by a wonder that costs 1: which are the fewest?
    wonders: dict[int, int] = field(default_factory=dict)  # variable -> need
    answers: dict[str, Answers] = field(default_factory=dict)
    degrees: dict[tuple[str, str], Mapping[int, Fraction]] = field(default_factory=dict)
    groups: Mapping[str, tuple[Project, ...]] = field(default_factory=dict)  # improvement -> its projects


def program_for(
    goals: Iterable[Goal],
    filled: FilledDiagnosis,
    criteria: CriteriaSet,
    projects: tuple[Project, ...],
    relaxed: bool = False,
) -> Planning:
    """Return the goals of a firm as an integer program over its projects.

    `relaxed` adds for every need a wonder that meets it, so that the fewest wonders say what blocks the goals; costs
    of projects are then left out.
    """
    planning = Planning(filled, criteria, projects, relaxed=relaxed, groups=grouped(projects))
    _add_projects(planning)
    _add_order(planning)
    for goal in goals:
        one = criteria.criteria[goal.criteria_id]
        subjects = subjects_of(goal, filled, criteria)
        for path in subjects:
            _ask(planning, one, path, goal.level, None)
        if not subjects:  # a workshop is wanted, and the firm has named none
            firm = Case((filled.firm,), criteria.facts, criteria.indicators)
            _impossible(planning, _need(planning, one, firm, None), None)
    return planning


# --- projects ---------------------------------------------------------------------------------------------------------


def _add_projects(planning: Planning) -> None:
    program, costs = planning.program, not planning.relaxed
    for project in planning.projects:
        done = program.variable(cost=project.cost.likely if costs else 0)
        planning.chosen[project.id] = planning.finished[project.id] = done
        if project.units:
            units = program.variable(project.units, cost=project.each.likely if costs else 0)
            whole = program.variable()
            planning.units[project.id], planning.finished[project.id] = units, whole
            program.at_least({done: project.units, units: -1}, 0)
            program.at_least({units: 1, whole: -project.units}, 0)
    for project in planning.projects:
        for effect in effects(project, planning.criteria):
            _add_source(planning, project, effect)


def _add_source(planning: Planning, project: Project, effect: Effect) -> None:
    place = (effect.subject.key, effect.fact)
    if effect.value is None and not effect.points:
        if project.id in planning.units:
            planning.sources.setdefault(place, []).append(Source(None, planning.units[project.id]))
        return
    together = siblings(project, effect.subject, planning.groups) if effect.above else (project,)
    if together[0] is not project:
        return  # one source stands for all of them
    variable = _all_of(planning, [planning.finished[one.id] for one in together])
    if effect.points:
        planning.points.setdefault(place, []).append((effect.points, variable))
    else:
        planning.sources.setdefault(place, []).append(Source(effect.value, variable))


def _all_of(planning: Planning, variables: Sequence[int]) -> int:
    if len(variables) == 1:
        return variables[0]
    every = planning.program.variable(whole=False)
    for variable in variables:
        planning.program.at_least({variable: 1, every: -1}, 0)
    return every


def _add_order(planning: Planning) -> None:
    for first, then in prerequisites(planning.projects):
        done = planning.finished
        planning.program.at_least({**{done[one.id]: 1 for one in first}, planning.chosen[then.id]: -1}, 0)
    for one, other in exclusions(planning.projects):
        planning.program.at_most({planning.chosen[one.id]: 1, planning.chosen[other.id]: 1}, 1)


def prerequisites(projects: Sequence[Project]) -> Iterator[tuple[tuple[Project, ...], Project]]:
    """Yield the projects one of which has to be finished before another starts, and that other.

    At its own place where both are done there, else at a place above or below. What is there already is not waited for,
    and what does all that is required does as well, unless it may itself have to wait for what requires it.
    """
    groups = grouped(projects)
    instead = _instead(tuple(own[0].improvement for own in groups.values()))
    for then in projects:
        for name in then.improvement.requires:
            first = [one for one in groups.get(name, ()) if _on_one_line(one, then)]
            if first and not any(one.there for one in first) and not _done_somewhere(first, then):
                wider = [one for other in instead[then.improvement.id, name] for one in groups[other]]
                yield (*first, *(one for one in wider if _on_one_line(one, then))), then


@lru_cache(maxsize=64)  # the same of every trial of a firm
def _instead(catalogue: tuple[Improvement, ...]) -> Mapping[tuple[str, str], list[str]]:
    """Return improvement, what it requires -> the others that do as well; no way leads from them back to it."""
    improvements = {one.id: one for one in catalogue}
    asked = {one.id: [name for name in one.requires if name in improvements] for one in improvements.values()}
    wider = {
        name: [o.id for o in improvements.values() if o.id != name and _covers(o, improvements[name])]
        for name in {name for names in asked.values() for name in names}
    }
    waits = {one: [o for name in names for o in (name, *wider[name])] for one, names in asked.items()}
    return {
        (one, name): [other for other in wider[name] if one not in _behind(other, waits)]
        for one, names in asked.items()
        for name in names
    }


def _behind(one: str, waits: Mapping[str, Sequence[str]]) -> set[str]:
    """Return an improvement and all that it may have to wait for."""
    found, left = {one}, [one]
    while left:
        new = [name for name in waits[left.pop()] if name not in found]
        found.update(new)
        left += new
    return found


def _done_somewhere(first: Sequence[Project], then: Project) -> bool:
    """Tell whether a place on the line of `then` has no project left of what it needs: there it is in place."""
    every = places(then.path[0], first[0].improvement.scope)
    return sum(_is_one_line(path, then.path) for path in every) > len(first)


def _covers(one: Improvement, other: Improvement) -> bool:
    """Tell whether an improvement does everything that another does, at the same kind of place."""
    return (
        one.scope is other.scope
        and other.adds in (None, one.adds)
        and all(RANK[one.lifts.get(name, "none")] >= RANK[degree] for name, degree in other.lifts.items())
        and all(one.sets.get(name) == value for name, value in other.sets.items())
    )


def exclusions(projects: Sequence[Project]) -> Iterator[tuple[Project, Project]]:
    """Yield every two projects that are not done at the same place."""
    groups = grouped(projects)
    for one in projects:
        for name in one.improvement.excludes:
            yield from ((one, other) for other in groups.get(name, ()) if _on_one_line(other, one))


def _on_one_line(one: Project, other: Project) -> bool:
    return _is_one_line(one.path, other.path)


def _is_one_line(one: tuple[Subject, ...], other: tuple[Subject, ...]) -> bool:
    return one[-1].key in {subject.key for subject in other} or other[-1].key in {subject.key for subject in one}


# --- what the criteria ask --------------------------------------------------------------------------------------------


def _ask(planning: Planning, criteria: Criteria, path: tuple[Subject, ...], level: int, when: int | None) -> None:
    """Ask that the subject reaches `level`; with `when` only if that variable is 1."""
    case = Case(path, planning.criteria.facts, planning.criteria.indicators)
    if holds(criteria.applies_when, case) is not True:
        _impossible(planning, _need(planning, criteria, case, None), when)
    elif isinstance(criteria, MaturityCriteria):
        _ask_maturity(planning, criteria, case, level, when)
    elif isinstance(criteria, PointsCriteria):
        _ask_points(planning, criteria, case, level, when)
    elif isinstance(criteria, GatesCriteria):
        for requirement in criteria.requirements:
            asked = requirement.kind is RequirementKind.GATE and requirement.level <= level
            if asked and requirement.that and holds(requirement.applies_when, case) is not False:
                _condition(planning, requirement.that, case, _need(planning, criteria, case, requirement), when)


def _need(planning: Planning, criteria: Criteria, case: Case, requirement: Requirement | None) -> int:
    planning.needs.append(Need(criteria.id, case.subject.key, requirement))
    return len(planning.needs) - 1


def _impossible(planning: Planning, need: int, when: int | None, open_facts: Sequence[str] = ()) -> None:
    known = planning.needs[need]
    planning.needs[need] = known._replace(open_facts=tuple(dict.fromkeys([*known.open_facts, *open_facts])))
    _reach(planning, {}, ONE, need, when)


def _reach(
    planning: Planning, terms: Mapping[int, Fraction | int], least: Fraction, need: int | None, when: int | None
) -> None:
    """Ask for a sum; it is free where `when` is 0, and a wonder reaches it in a relaxed program."""
    program, low = planning.program, planning.program.lowest(terms)
    asked = dict(terms)
    if planning.relaxed and need is not None and low < least:
        asked[_wonder(planning, need)] = least - low
    if when is None:
        program.at_least(asked, least, need)
    else:
        program.at_least({**asked, when: asked.get(when, 0) - (least - low)}, low, need)


def _wonder(planning: Planning, need: int) -> int:
    known = next((variable for variable, one in planning.wonders.items() if one == need), None)
    if known is None:
        known = planning.program.variable(cost=1)
        planning.wonders[known] = need
    return known


def _condition(planning: Planning, condition: Condition, case: Case, need: int, when: int | None) -> None:
    if isinstance(condition, AllOf):
        for part in condition.parts:
            _condition(planning, part, case, need, when)
    elif isinstance(condition, AnyOf):
        if holds(condition, case) is not True:
            ways = [planning.program.variable() for _part in condition.parts]
            _reach(planning, dict.fromkeys(ways, 1), ONE, None, when)
            for way, part in zip(ways, condition.parts, strict=True):
                _condition(planning, part, case, need, way)
    else:
        _comparison(planning, condition, case, need, when)


def _comparison(planning: Planning, asked: Comparison, case: Case, need: int, when: int | None) -> None:
    indicator = case.indicators.get(asked.left)
    wanted = asked.right
    if indicator and asked.operator == ">=" and isinstance(wanted, Fraction):
        match indicator.how:
            case Ratio() as ratio:
                return _ratio(planning, ratio, wanted, case, need, when)
            case Sum(facts):
                return _sum(planning, facts, wanted, case, need, when)
            case Change() as change:
                return _change(planning, asked.left, change, wanted, case, need, when)
            case CountMet(criteria_id):
                return _count_met(planning, criteria_id, wanted, case, need, when)
            case LevelOf():
                return _level_of(planning, wanted, case, need, when)
    if holds(asked, case) is True:
        return None
    terms = _raising(planning, asked, case)
    if terms is None:
        return _impossible(planning, need, when, _open(planning, asked.left, case))
    return _reach(planning, terms[0], terms[1], need, when)


def _raising(planning: Planning, asked: Comparison, case: Case) -> tuple[dict[int, int], Fraction] | None:
    """Return what can make a comparison of a single fact true, and how much of it is needed; None: nothing can."""
    fact = case.facts.get(asked.left)
    subjects = bearers(fact.of, case.path) if fact else ()
    if fact is None or len(subjects) != 1 or asked.right_is_name:
        return None
    sources = planning.sources.get((subjects[0].key, fact.id), [])
    if fact.kind is FactKind.NUMBER and asked.operator == ">=" and isinstance(asked.right, Fraction):
        now = bounds_of(fact.id, case)
        units = {source.variable: 1 for source in sources if source.value is None}
        return (units, asked.right - (now.low if now else 0)) if units else None
    fitting = {s.variable: 1 for s in sources if s.value is not None and _fits(asked, s.value)}
    return (fitting, ONE) if fitting else None


def _fits(asked: Comparison, value: Value) -> bool:
    if asked.operator == ">=" and str(value) in RANK and str(asked.right) in RANK:
        return RANK[str(value)] >= RANK[str(asked.right)]
    if isinstance(value, bool) or isinstance(asked.right, bool):
        return asked.operator == "==" and value is asked.right
    return asked.operator == "==" and str(value) == str(asked.right)


def _open(planning: Planning, name: str, case: Case) -> list[str]:
    fact = case.facts.get(name)
    if fact is None:
        return []
    return [name for s in bearers(fact.of, case.path) if stated_value(s.facts.get(name)) is None]


@dataclass(slots=True)
class _Parts:
    """Numerator and denominator of a rate: what they are surely by now, and what adds to them."""

    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(0)
    adds: list[tuple[int, bool]] = field(default_factory=list)  # variable, and whether it adds to the numerator
    missing: list[str] = field(default_factory=list)  # denominators that are not stated

    def over(self, percent: Fraction) -> tuple[dict[int, Fraction], Fraction]:
        """Return by how much 100 numerators exceed `percent` denominators: what adds to it, and what it is by now."""
        terms: dict[int, Fraction] = {}
        for variable, above in self.adds:
            terms[variable] = terms.get(variable, Fraction(0)) + (100 if above else -percent)
        return terms, 100 * self.numerator - percent * self.denominator


def _ratio_parts(planning: Planning, ratio: Ratio, case: Case) -> _Parts:
    parts = _Parts()
    for subject in bearers(case.facts[ratio.denominator[0]].of, case.path):
        for names, above in ((ratio.numerator, True), (ratio.denominator, False)):
            for name in names:
                value = stated_value(subject.facts.get(name))
                if not isinstance(value, Fraction):
                    parts.missing += [] if above else [name]  # a numerator that is not known counts as nothing
                elif above:
                    parts.numerator += value
                else:
                    parts.denominator += value
                parts.adds += [(source.variable, above) for source in planning.sources.get((subject.key, name), [])]
    return parts


def _ratio(planning: Planning, ratio: Ratio, wanted: Fraction, case: Case, need: int, when: int | None) -> None:
    parts = _ratio_parts(planning, ratio, case)
    terms, sure = parts.over(wanted)
    if parts.missing or not parts.denominator:
        _impossible(planning, need, when, parts.missing)
    elif sure + planning.program.lowest(terms) < 0:
        _reach(planning, terms, -sure, need, when)


def _sum(planning: Planning, names: Sequence[str], wanted: Fraction, case: Case, need: int, when: int | None) -> None:
    now, terms = Fraction(0), dict[int, Fraction | int]()
    for name in names:
        for subject in bearers(case.facts[name].of, case.path):
            value = stated_value(subject.facts.get(name))
            if value is True or isinstance(value, Fraction):
                now += int(value)
                continue
            sources = [s.variable for s in planning.sources.get((subject.key, name), [])]
            if sources:
                variable = _any_of(planning, sources)  # one project may bring several of them
                terms[variable] = terms.get(variable, 0) + 1
    if now < wanted:
        _reach(planning, terms, wanted - now, need, when)


def _any_of(planning: Planning, variables: Sequence[int]) -> int:
    """Return a variable that is at most 1, and 0 while none of `variables` is 1."""
    if len(variables) == 1:
        return variables[0]
    some = planning.program.variable(whole=False)
    planning.program.at_least({**dict.fromkeys(variables, 1), some: -1}, 0)
    return some


def _change(
    planning: Planning, name: str, change: Change, wanted: Fraction, case: Case, need: int, when: int | None
) -> None:
    subjects = bearers(case.facts[change.before].of, case.path)
    known = change_now(subjects[0], change) if len(subjects) == 1 else None
    if known is None:
        return _impossible(planning, need, when, [change.before])
    after = stated_value(subjects[0].facts.get(change.after))
    now = known[1]
    if now >= wanted and after is not None:
        return None
    terms: dict[int, int] = {}
    for points, variable in planning.points.get((subjects[0].key, name), []):
        terms[variable] = terms.get(variable, 0) + points
    return _reach(planning, terms, wanted - now, need, when)


def _count_met(planning: Planning, criteria_id: str, wanted: Fraction, case: Case, need: int, when: int | None) -> None:
    criteria = planning.criteria.criteria.get(criteria_id)
    if criteria is None:
        return _impossible(planning, need, when)
    counted: dict[int, int] = {}
    for path in paths(case.path[0], criteria.judges):
        counts = planning.program.variable()
        counted[counts] = 1
        _ask(planning, criteria, path, 1, counts)
    return _reach(planning, counted, wanted, need, when)


def _level_of(planning: Planning, wanted: Fraction, case: Case, need: int, when: int | None) -> None:
    firm = Case(case.path[:1], case.facts, case.indicators)
    tables = [c for c in planning.criteria.criteria.values() if isinstance(c, MaturityCriteria)]
    applying = [c for c in tables if holds(c.applies_when, firm) is not False]
    if len(applying) != 1 or holds(applying[0].applies_when, firm) is None:
        return _impossible(planning, need, when, ["production_type"])
    return _ask_maturity(planning, applying[0], firm, int(wanted), when)


# --- maturity ---------------------------------------------------------------------------------------------------------


def _ask_maturity(planning: Planning, criteria: MaturityCriteria, case: Case, level: int, when: int | None) -> None:
    if criteria.gap_levels is not GapLevels.STOP:
        raise NotImplementedError("plans are computed for levels that are met one after another")
    for number in range(1, level + 1):
        terms, now = level_terms(planning, criteria, case, number, wonders=True)
        if now < criteria.pass_mark:
            _reach(planning, terms, criteria.pass_mark - now, None, when)


def level_terms(
    planning: Planning, criteria: MaturityCriteria, case: Case, level: int, wonders: bool = False
) -> tuple[dict[int, Fraction], Fraction]:
    """Return what adds to a level score, each with how much, and the score by now at its lower bound."""
    if criteria.id not in planning.answers:
        planning.answers[criteria.id] = read_answers(criteria, case.subject.facts, planning.filled.tailored)
    answers = planning.answers[criteria.id]
    requirements = {r.id: r for s in subdomains(criteria.capabilities) for r in s.requirements}
    terms: dict[int, Fraction] = {}
    now = Fraction(0)
    for name, lift in lifts(answers.tree, level, criteria.empty_level).items():
        now += lift * answers.worst[name]
        for variable, gained in _degree(planning, criteria, case, name, answers.worst[name]).items():
            terms[variable] = terms.get(variable, Fraction(0)) + lift * gained
        if planning.relaxed and wonders and answers.worst[name] < 1:
            need = _maturity_need(planning, criteria, case, requirements[name])
            terms[_wonder(planning, need)] = lift * (1 - answers.worst[name])
    return terms, now


def _maturity_need(planning: Planning, criteria: MaturityCriteria, case: Case, requirement: Requirement) -> int:
    for number, need in enumerate(planning.needs):
        if need.criteria_id == criteria.id and need.requirement is requirement:
            return number
    return _need(planning, criteria, case, requirement)


def _degree(
    planning: Planning, criteria: MaturityCriteria, case: Case, name: str, worst: Fraction
) -> Mapping[int, Fraction]:
    """Return the variables that raise a degree step by step, each with what it adds; shared by all rows."""
    place = (case.subject.key, name)
    if place not in planning.degrees:
        lifted: dict[Fraction, list[int]] = {}
        for source in planning.sources.get(place, []):
            worth = criteria.degrees.get(str(source.value), Fraction(0))
            if worth > worst:
                lifted.setdefault(worth, []).append(source.variable)
        planning.degrees[place] = _steps(planning, lifted, worst)
    return planning.degrees[place]


def _steps(planning: Planning, lifted: Mapping[Fraction, list[int]], now: Fraction) -> dict[int, Fraction]:
    """Return variables for values that grow from `now`: each counts once something reaches its value or more."""
    steps: dict[int, Fraction] = {}
    before = now
    for value in sorted(lifted):
        enough = [variable for worth, variables in lifted.items() if worth >= value for variable in variables]
        step = _any_of(planning, list(dict.fromkeys(enough)))
        steps[step] = steps.get(step, Fraction(0)) + value - before
        before = value
    return steps


# --- points -----------------------------------------------------------------------------------------------------------


def _ask_points(planning: Planning, criteria: PointsCriteria, case: Case, level: int, when: int | None) -> None:
    rules = [rule for rule in criteria.level_rules if rule.level >= level]
    need = _need(planning, criteria, case, None)
    if not rules:
        return _impossible(planning, need, when)
    ways = [planning.program.variable() for _rule in rules]
    _reach(planning, dict.fromkeys(ways, 1), ONE, None, when)
    for rule, way in zip(rules, ways, strict=True):
        _ask_rule(planning, criteria, rule, case, need, way)
    return None


def _ask_rule(planning: Planning, criteria: PointsCriteria, rule: LevelRule, case: Case, need: int, when: int) -> None:
    now, terms = Fraction(0), dict[int, Fraction]()
    for question in criteria.questions:
        now += points_of(question, case).low
        for variable, gained in _question(planning, question, case).items():
            terms[variable] = terms.get(variable, Fraction(0)) + gained
    if now < rule.score:
        _reach(planning, terms, rule.score - now, need, when)
    scenes = [(scene, _scene(planning, scene, rule.level, case)) for scene in criteria.scenes]
    for wanted, counted in ((rule.scenes, scenes), (rule.binding, [one for one in scenes if one[0].binding])):
        sure = sum(1 for _scene_, reached in counted if reached is True)
        raised = Counter(reached for _scene_, reached in counted if reached is not True and reached is not None)
        if sure < wanted:
            _reach(planning, raised, Fraction(wanted - sure), need, when)


def _question(planning: Planning, question: PointsQuestion, case: Case) -> dict[int, Fraction]:
    if question.indicator:
        return _rate_points(planning, question, question.indicator, case)
    subjects = bearers(case.facts[question.requirement.fact or ""].of, case.path)
    fact, key = question.requirement.fact or "", subjects[0].key
    sources = [s for s in planning.sources.get((key, fact), []) if s.value is not None]
    if question.adds_up:
        now = stated_value(subjects[0].facts.get(fact))
        chosen = set(now) if isinstance(now, tuple) else set[str]()
        terms: dict[int, Fraction] = {}
        for code, share in question.shares.items():
            adding = [s.variable for s in sources if isinstance(s.value, tuple) and code in s.value]
            if code not in chosen and share and adding:
                variable = _any_of(planning, adding)
                terms[variable] = terms.get(variable, Fraction(0)) + share * question.points
        return terms
    worst = points_of(question, case).low
    lifted: dict[Fraction, list[int]] = {}
    for source in sources:
        worth = question.points * question.shares.get(str(source.value), Fraction(0))
        if worth > worst:
            lifted.setdefault(worth, []).append(source.variable)
    return _steps(planning, lifted, worst)


def _rate_points(planning: Planning, question: PointsQuestion, name: str, case: Case) -> dict[int, Fraction]:
    """Return a variable for every band above the present one, each with the points that it adds to the band below."""
    ratio, now = case.indicators[name].how, points_of(question, case).low
    parts = _ratio_parts(planning, ratio, case) if isinstance(ratio, Ratio) else None
    steps: dict[int, Fraction] = {}
    if parts is None or parts.missing:
        return steps
    for below, band in pairwise(question.bands):
        gained = question.points * band.share - max(now, question.points * below.share)
        if gained > 0:
            variable = planning.program.variable()
            steps[variable] = gained
            terms, sure = parts.over(below.up_to)
            _reach(planning, terms, Fraction(1, below.up_to.denominator) - sure, None, variable)
    return steps


def _scene(planning: Planning, scene: Scene, level: int, case: Case) -> int | bool | None:
    """Return True where a scene is at `level` already, else the variable that brings it there, None when none can."""
    if level_of_scene(scene, case).low >= level:
        return True
    subjects = bearers(case.facts[scene.requirement.fact or ""].of, case.path)
    sources = planning.sources.get((subjects[0].key, scene.requirement.fact or ""), [])
    raising = [s.variable for s in sources if scene.levels.get(str(s.value), 0) >= level]
    return _any_of(planning, raising) if raising else None
