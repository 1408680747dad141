"""Projects: every improvement of the catalogue at every place of one firm where it still changes something.

A project costs what the catalogue says for one place, scaled to the size of the firm. What it changes above its place
(a maturity requirement above a workshop) holds once every such place has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from questionnaires.facts import steps
from questionnaires.model import Degree, Fact, FilledDiagnosis, State, Statement, Subject, SubjectKind, Value
from scoring.indicators import Case, bounds_of, stated_value
from scoring.model import Change, Costs, CriteriaSet, Improvement, SizeClasses

DEPTH = {SubjectKind.FIRM: 0, SubjectKind.FACTORY: 1, SubjectKind.WORKSHOP: 2}
RANK = {degree.value: rank for rank, degree in enumerate(reversed(Degree))}  # none 0 ... full 3
MONTHS_A_QUARTER = 3


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """One improvement (改进项) at one place of the firm."""

    improvement: Improvement
    path: tuple[Subject, ...]  # from the firm to the place
    cost: Costs  # 万元
    each: Costs  # 万元 for each unit that it adds
    units: int  # how many units are missing there: at most so many are added
    there: bool = False  # what it is about is there already, though it could still change something else

    @property
    def place(self) -> Subject:
        """Where it is carried out."""
        return self.path[-1]

    @property
    def id(self) -> str:
        """A name of its own within the firm: "mes_execution@<key of the workshop>"."""
        return f"{self.improvement.id}@{self.place.key}"

    @property
    def quarters(self) -> int:
        """How many quarters it takes, by its longest duration."""
        return ceil(self.improvement.months[1] / MONTHS_A_QUARTER)


@dataclass(frozen=True, slots=True)
class Effect:
    """One fact of one subject and what it is afterwards: a value, codes that are added, or points that are gained."""

    subject: Subject
    fact: str
    value: Value | None  # None: a count, raised by the units
    points: int = 0  # percentage points that a change gains; `fact` is then the indicator
    above: bool = False  # it holds only once every place of the improvement below the subject has it
    along: bool = False  # a count that rises with the one whose units are chosen


def projects_of(filled: FilledDiagnosis, criteria: CriteriaSet) -> tuple[Project, ...]:
    """Return every project that still changes something, in the order of the catalogue, then of the places."""
    size = size_class(filled, criteria)
    where = {scope: places(filled.firm, scope) for scope in SubjectKind}
    found = (
        _project(improvement, path, criteria, size)
        for improvement in criteria.improvements
        for path in where[improvement.scope]
    )
    return tuple(project for project in found if project is not None)


def places(firm: Subject, scope: SubjectKind) -> tuple[tuple[Subject, ...], ...]:
    """Return the ways from the firm to where an improvement is carried out; a firm without such parts is one place."""
    return tuple(_paths((firm,), scope)) or ((firm,),)


def _paths(path: tuple[Subject, ...], kind: SubjectKind) -> Iterator[tuple[Subject, ...]]:
    if path[-1].kind is kind:
        yield path
    for part in path[-1].parts:
        yield from _paths((*path, part), kind)


def size_class(filled: FilledDiagnosis, criteria: CriteriaSet) -> str:
    """Return the id of the size class that costs are scaled by; while the size is open, the highest it may be."""
    for indicator in criteria.indicators.values():
        if isinstance(indicator.how, SizeClasses):
            bounds = bounds_of(indicator.id, Case((filled.firm,), criteria.facts, criteria.indicators))
            classes = indicator.how.classes
            return classes[int(bounds.high) - 1].id if bounds else classes[-1].id
    return ""


def _project(improvement: Improvement, path: tuple[Subject, ...], criteria: CriteriaSet, size: str) -> Project | None:
    percent = criteria.cost_scales.get(improvement.scale, {}).get(size, 100)
    low, likely, high = (scaled(part, percent) for part in improvement.cost)
    units = _missing(improvement, path, criteria)
    project = Project(improvement, path, Costs(low, likely, high), improvement.each, units)
    every = list(effects(project, criteria))
    if not _changes_something(project, every, criteria):
        return None
    return replace(project, there=_is_there(project, every, criteria))


def scaled(cost: int, percent: int) -> int:
    """Return a cost for another size of firm in whole 万元, rounded up; what costs something costs at least 1."""
    return ceil(Fraction(cost * percent, 100))


def _missing(improvement: Improvement, path: tuple[Subject, ...], criteria: CriteriaSet) -> int:
    """Return how many units of what an improvement adds are missing; 0 while the figures are not known."""
    if improvement.adds is None or path[-1].kind is not improvement.scope:
        return 0
    count, most = improvement.adds.count, improvement.adds.most
    now = stated_value(path[-1].facts.get(count))
    limit = stated_value(path[-1].facts.get(most)) if most else criteria.facts[count].max
    if not isinstance(limit, Fraction):
        return 0
    return max(0, floor(limit - (now if isinstance(now, Fraction) else 0)))


def effects(project: Project, criteria: CriteriaSet) -> Iterator[Effect]:
    """Yield what a project changes, at its place, in every part below and, once all places have it, above."""
    improvement = project.improvement
    for name, degree in improvement.lifts.items():
        yield from _effects(project, criteria.facts[name], Degree(degree))
    for name, value in improvement.sets.items():
        yield from _effects(project, criteria.facts[name], value)
    if improvement.adds and project.place.kind is improvement.scope:
        yield Effect(project.place, improvement.adds.count, None)
        for count in improvement.adds.along:
            yield Effect(project.place, count, None, along=True)
    for name, points in improvement.gains.items():
        change = criteria.indicators[name].how
        if isinstance(change, Change):
            for subject, above in _bearers(project, criteria.facts[change.after].of):
                yield Effect(subject, name, None, points, above)


def _effects(project: Project, fact: Fact, value: Value) -> Iterator[Effect]:
    for subject, above in _bearers(project, fact.of):
        yield Effect(subject, fact.id, value, above=above)


def _bearers(project: Project, kind: SubjectKind) -> Iterator[tuple[Subject, bool]]:
    if DEPTH[kind] < DEPTH[project.place.kind]:
        yield project.path[DEPTH[kind]], True
    else:
        yield from ((path[-1], False) for path in _paths((project.place,), kind))


def _changes_something(project: Project, every: Sequence[Effect], criteria: CriteriaSet) -> bool:
    """Tell whether anything that a project changes is not there yet; points that it gains count only where all is."""
    if all(one.points for one in every):
        return bool(every)
    return not all(holds_already(effect, project, criteria) for effect in every)


def _is_there(project: Project, every: Sequence[Effect], criteria: CriteriaSet) -> bool:
    """Tell whether a project need not come before others, because what it is about is there.

    Below the firm that is what it sets and adds at its own place, for a degree of the whole firm may be missing for
    another reason; else what it lifts; what it sets beside, only where that is all.
    """
    lasting = [effect for effect in every if not effect.points]
    below = project.place.kind is not SubjectKind.FIRM
    own = [effect for effect in lasting if below and effect.subject.key == project.place.key]
    main = own or [effect for effect in lasting if effect.fact in project.improvement.lifts] or lasting
    return bool(main) and all(holds_already(effect, project, criteria) for effect in main)


def holds_already(effect: Effect, project: Project, criteria: CriteriaSet) -> bool:
    """Tell whether an effect is there already; nothing is taken for granted that is blank or unknown."""
    if effect.points:
        return True  # gained with the rest
    now = effect.subject.facts.get(effect.fact)
    if effect.value is None:
        return project.units == 0 and is_known(project, criteria)
    return not raises(now, effect.value, criteria.facts[effect.fact])


def is_known(project: Project, criteria: CriteriaSet) -> bool:
    """Tell whether the figures that say how many units are missing are stated."""
    adds = project.improvement.adds
    names = [name for name in (adds.count, adds.most) if name] if adds else []
    return all(stated_value(project.place.facts.get(name)) is not None for name in names)


def raises(now: Statement | None, value: Value, fact: Fact) -> bool:
    """Tell whether `value` is more than what is stated now; a blank or unknown fact is always raised."""
    if now is None or now.state is not State.STATED:
        return True
    if isinstance(value, tuple):
        return not set(value) <= set(now.value if isinstance(now.value, tuple) else ())
    if str(value) in RANK:
        return RANK[str(value)] > RANK.get(str(now.value), -1)
    codes = steps(fact)
    if str(value) in codes and str(now.value) in codes:
        return codes.index(str(value)) > codes.index(str(now.value))
    return value != now.value


def grouped(projects: Sequence[Project]) -> Mapping[str, tuple[Project, ...]]:
    """Return improvement -> its projects."""
    groups: dict[str, tuple[Project, ...]] = {}
    for project in projects:
        groups[project.improvement.id] = (*groups.get(project.improvement.id, ()), project)
    return groups


def siblings(project: Project, above: Subject, groups: Mapping[str, tuple[Project, ...]]) -> tuple[Project, ...]:
    """Return the projects of the same improvement below `above`: all of them before an effect above holds."""
    same = groups[project.improvement.id]
    return tuple(other for other in same if any(subject.key == above.key for subject in other.path))
