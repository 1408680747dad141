"""Made-up firms with catalogues of their own, and the cheapest plan found by trying: no solver, no rows.

The trying judges with `after_projects`, `stand` and `reached` alone and reads the order of projects from the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from heapq import heappop, heappush
from itertools import product
from random import Random
from typing import Any

from questionnaires.model import FactKind, FilledDiagnosis, Subject, SubjectKind
from scoring.goals import Goal, reached
from scoring.indicators import stated_value
from scoring.loader import load_all
from scoring.model import Adds, Costs, CriteriaSet, Improvement
from scoring.projects import Project, places, projects_of
from scoring.standing import stand
from scoring.tailoring import subdomains
from scoring.what_if import after_projects
from tests.scoring.make import DAY, both, factory, filled, firm, workshop

MATURITY, WORKSHOP, FACTORY, SME = (
    "gbt_39117_2020_discrete",
    "cq_digital_workshop",
    "cq_smart_factory",
    "sme_digital_2024",
)
BASE = load_all(DAY)
REQUIREMENTS = {r.id: r for s in subdomains(BASE.criteria[MATURITY].capabilities) for r in s.requirements}  # type: ignore[attr-defined]
FIRM, SITE, SHOP = SubjectKind.FIRM, SubjectKind.FACTORY, SubjectKind.WORKSHOP
MES = ("mes_planning", "mes_execution", "mes_quality", "mes_logistics", "mes_equipment")
YES_OF_A_WORKSHOP = (*MES, "systems_integrated", "devices_networked_and_monitored")
YES_OF_A_FACTORY = ("design_knowledge_management", "erp_closed_loop", "integrated_big_data_decision")
SME_FACTS = [name for name in BASE.facts if name.startswith("sme.") and not name.startswith("sme.r")]
MOST_PROJECTS = 24  # more cannot be tried one by one
DEGREE_RANK = {"none": 0, "partly": 1, "mostly": 2, "full": 3}


@dataclass(frozen=True)
class Instance:
    """A firm, the criteria with a catalogue, and what the firm wants."""

    filled: FilledDiagnosis
    criteria: CriteriaSet
    goals: tuple[Goal, ...]

    @property
    def projects(self) -> tuple[Project, ...]:
        return projects_of(self.filled, self.criteria)

    def reaches(self, chosen: dict[str, int]) -> bool:
        """Tell whether the goals are surely reached once these projects are done."""
        after = stand(after_projects(self.filled, self.criteria, self.projects, chosen), self.criteria)
        return all(reached(goal, after) for goal in self.goals)


def improvement(name: str, cost: int = 10, months: int = 6, **what: Any) -> Improvement:
    """An entry of a catalogue that costs `cost` for certain and takes `months` at most."""
    text = both(name)
    return Improvement(
        id=name, text=text, what=text, proof=text, cost=Costs(cost, cost, cost), months=(1, months), **what
    )


def catalogue(*improvements: Improvement, only: Sequence[str] = ()) -> CriteriaSet:
    """The shipped criteria (or only some of them) with a catalogue of its own."""
    judging = {name: one for name, one in BASE.criteria.items() if not only or name in only}
    return replace(BASE, criteria=judging, improvements=improvements)


# --- random instances -------------------------------------------------------------------------------------------------


def small(seed: int, most: int = 9) -> Instance:
    """Return a firm of 0 to 2 workshops with up to `most` improvements and one to three goals at once."""
    chance = Random(f"plan-{seed}")
    wanted = _wanted(chance)
    level = chance.choice((1, 1, 2))
    answers = _answers(chance, wanted, level)
    shops = [_workshop(chance, f"w{number}") for number in range(2 if FACTORY in wanted else chance.choice((0, 1, 2)))]
    site = factory(*shops, **_site(chance)) if shops else factory(**_site(chance))
    whole = filled(firm(site, **answers), tailored={"energy": "没有"} if chance.random() < 0.15 else {})
    names = [name for name, r in REQUIREMENTS.items() if r.level <= level and _short(answers[name])]
    made = _improvements(chance, names, wanted, bool(shops), most)
    goals = [Goal(MATURITY, level)] if MATURITY in wanted else []
    if WORKSHOP in wanted and shops:
        goals.append(Goal(WORKSHOP, 1, chance.choice((None, shops[0].key))))
    goals += [Goal(FACTORY, 1)] if FACTORY in wanted else []
    goals += [Goal(SME, chance.choice((1, 2, 2, 3)))] if SME in wanted else []
    goals = goals or [Goal(MATURITY, level)]
    judging = {goal.criteria_id for goal in goals} | ({WORKSHOP} if FACTORY in wanted else set())
    instance = Instance(whole, catalogue(*made, only=tuple(judging)), tuple(goals))
    while len(instance.projects) > MOST_PROJECTS:
        made.pop()
        instance = replace(instance, criteria=catalogue(*made, only=tuple(judging)))
    return instance


def _wanted(chance: Random) -> set[str]:
    kinds = ((MATURITY,), (MATURITY,), (WORKSHOP,), (MATURITY, WORKSHOP), (SME,), (MATURITY, SME), (FACTORY,))
    return set(chance.choice(kinds))


def _short(degree: str | None) -> bool:
    return degree != "full"


def _answers(chance: Random, wanted: set[str], level: int) -> dict[str, Any]:
    """Facts of the firm: mostly good practices, some blank; option codes of the SME evaluation from the lower half."""
    facts: dict[str, Any] = {"production_type": "discrete", "employees": 320, "revenue": 9000}
    facts |= {"chongqing_legal_person": True, "policy_fit": True, "complete_product": False}
    for name, requirement in REQUIREMENTS.items():
        if requirement.level <= level:
            degree = chance.choice(("none", "partly", "mostly", *["full"] * 7))
            facts[name] = None if chance.random() < 0.05 else degree
    if SME in wanted:
        for name in SME_FACTS:
            fact = BASE.facts[name]
            codes = [option.code for option in fact.options]
            code = chance.choice(codes[: max(2, len(codes) // 2)])
            facts[name] = (code,) if fact.kind is FactKind.CHOICES else code
    return facts


def _workshop(chance: Random, name: str) -> Subject:
    machines = chance.randint(2, 5)
    facts: dict[str, Any] = {"equipment_count": machines, "equipment_digital_count": chance.randint(0, machines)}
    facts |= {"equipment_networked_count": chance.randint(0, machines)}
    facts |= {"collected_device_count": 10, "uploading_device_count": chance.choice((8, 9, 10))}
    facts |= {name: chance.random() < 0.8 if chance.random() < 0.92 else None for name in YES_OF_A_WORKSHOP}
    return workshop(name=name, **facts)


def _site(chance: Random) -> dict[str, Any]:
    facts: dict[str, Any] = {name: chance.random() < 0.7 for name in YES_OF_A_FACTORY}
    facts |= {"designers_count": 5, "designers_with_tools_count": chance.randint(2, 5)}
    facts |= {"operating_cost_before": 100, "operating_cost_after": chance.choice((80, 85, 90, 96, None))}
    return facts | {"productivity_before": 20, "productivity_after": chance.choice((20, 21, 22, 23))}


def _improvements(chance: Random, short: list[str], wanted: set[str], shops: bool, most: int) -> list[Improvement]:
    made: list[Improvement] = []
    for number in range(chance.randint(min(5, most), most)):
        names = [one.id for one in made]
        cost = chance.randint(1, 30)
        made.append(
            improvement(
                f"i{number}",
                cost,
                chance.choice((3, 6, 9)),
                people=chance.randint(0, 3),
                requires=tuple(chance.sample(names, 1)) if names and chance.random() < 0.3 else (),
                excludes=tuple(chance.sample(names, 1)) if names and chance.random() < 0.1 else (),
                **_changes(chance, short, wanted, shops),
            )
        )
    return made


def _changes(chance: Random, short: list[str], wanted: set[str], shops: bool) -> dict[str, Any]:
    scope = chance.choice([FIRM, FIRM, SHOP, *([SITE, SITE] if FACTORY in wanted else [])])
    some = chance.sample(short, min(len(short), chance.randint(2, 9)))
    what: dict[str, Any] = {"scope": scope, "lifts": {name: chance.choice(("full", "full", "mostly")) for name in some}}
    if scope is SHOP and chance.random() < 0.5:
        count = chance.choice(("equipment_digital_count", "equipment_digital_count", "equipment_networked_count"))
        what |= {"adds": Adds(count, "equipment_count"), "each": Costs(1, chance.randint(1, 4), 9)}
    elif scope is SHOP:
        what["sets"] = dict.fromkeys(chance.sample(YES_OF_A_WORKSHOP, chance.randint(2, 5)), True)
    elif scope is SITE:
        what["sets"] = dict.fromkeys(chance.sample(YES_OF_A_FACTORY, chance.randint(0, 2)), True)
        what["gains"] = {chance.choice(("operating_cost_reduction", "productivity_gain")): chance.randint(1, 8)}
    if SME in wanted:
        what["sets"] = {**what.get("sets", {}), **_better_codes(chance)}
    if shops and chance.random() < 0.4 and scope is not FIRM:
        what["lifts"] = {}
    if not any(what.get(key) for key in ("lifts", "sets", "adds", "gains")):
        what["sets"] = {"smart_org_and_talent": True}
    return what


def _better_codes(chance: Random) -> dict[str, Any]:
    codes: dict[str, Any] = {}
    for name in chance.sample(SME_FACTS, chance.randint(1, 5)):
        fact = BASE.facts[name]
        better = [option.code for option in fact.options][1:]
        several = tuple(sorted(chance.sample(better, chance.randint(1, min(3, len(better))))))
        codes[name] = several if fact.kind is FactKind.CHOICES else chance.choice(better)
    return codes


# --- trying -----------------------------------------------------------------------------------------------------------


def cheapest_by_trying(instance: Instance) -> int | None:
    """Return the cost of the cheapest choice that reaches the goals; None when none does.

    Choices are tried in order of what they cost at least. Left aside is only what cannot reach the goals even with
    everything that is still allowed, since doing more never makes a firm worse (held by a property test).
    """
    search = _Search(instance)
    start = search.node((), 0, frozenset())
    waiting = [start] if start else []
    while waiting:
        _at_least, decided, chosen = heappop(waiting)
        if decided == len(search.projects):
            if in_order(instance, search.projects, dict(chosen)):
                return sum(search.cost(*one) for one in chosen)
            continue
        project = search.projects[decided]
        for units in (None, *range(project.units + 1)):
            now = chosen if units is None else (*chosen, (project.id, units))
            if child := search.node(now, decided + 1, frozenset(now)):
                heappush(waiting, child)
    return None


Choice = tuple[tuple[str, int], ...]  # project, units


class _Search:
    """What is known of an instance while choices are tried."""

    def __init__(self, instance: Instance) -> None:
        self.projects = sorted(instance.projects, key=lambda one: -one.cost.likely)
        self.by_id = {one.id: one for one in self.projects}
        self.reaches = cache(lambda chosen: instance.reaches(dict(chosen)))
        self.needs = {
            one.id: [{p.id for p in first} for first in needs_first(instance, self.projects, one)]
            for one in self.projects
        }

    def node(self, chosen: Choice, decided: int, fixed: frozenset[tuple[str, int]]) -> tuple[int, int, Choice] | None:
        """Return what a beginning of a choice costs at least; None where it cannot reach the goals any more."""
        rest = self._allowed(chosen, [(one.id, one.units) for one in self.projects[decided:]])
        if rest is None or not self.reaches(fixed | frozenset(rest)):
            return None
        all_of_it = fixed | frozenset(rest)
        # What the goals need whatever else is done costs at least its fixed part.
        needed = [name for name, units in rest if not self.reaches(all_of_it - {(name, units)})]
        cost = sum(self.cost(*one) for one in chosen) + sum(self.by_id[name].cost.likely for name in needed)
        return cost, decided, chosen

    def cost(self, name: str, units: int) -> int:
        return _cost(self.by_id[name], units)

    def _allowed(self, chosen: Choice, rest: list[tuple[str, int]]) -> list[tuple[str, int]] | None:
        """Return what of the rest can still come first what it needs; None where something chosen cannot."""
        while True:
            whole = {name for name, units in (*chosen, *rest) if units >= self.by_id[name].units}
            kept = [one for one in rest if all(first & whole for first in self.needs[one[0]])]
            if any(not first & whole for name, _units in chosen for first in self.needs[name]):
                return None
            if len(kept) == len(rest):
                return kept
            rest = kept


def every_choice(instance: Instance) -> Iterator[tuple[int, dict[str, int]]]:
    """Yield every allowed choice of projects with its cost, one by one."""
    projects = instance.projects
    for picked in product(*((None, *range(one.units + 1)) for one in projects)):
        pairs = list(zip(projects, picked, strict=True))
        chosen = {one.id: units for one, units in pairs if units is not None}
        if in_order(instance, projects, chosen):
            yield sum(_cost(one, units) for one, units in pairs), chosen


def choices(instance: Instance) -> int:
    """Return how many choices there are to try."""
    count = 1
    for project in instance.projects:
        count *= project.units + 2
    return count


def _cost(project: Project, units: int | None) -> int:
    return 0 if units is None else project.cost.likely + units * project.each.likely


def in_order(instance: Instance, projects: Sequence[Project], chosen: dict[str, int]) -> bool:
    """Tell whether everything that is chosen has what it needs first, and nothing that it excludes."""
    finished = {one.id for one in projects if chosen.get(one.id, -1) >= one.units}
    for project in (one for one in projects if one.id in chosen):
        excluded = set(project.improvement.excludes)
        if any(o.id in chosen and o.improvement.id in excluded and on_one_line(o.path, project.path) for o in projects):
            return False
        for needed in needs_first(instance, projects, project):
            if not any(one.id in finished for one in needed):
                return False
    return True


def needs_first(instance: Instance, projects: Sequence[Project], project: Project) -> Iterator[list[Project]]:
    """Yield, for everything that a project requires and that is nowhere in place, the projects that bring it."""
    for name in project.improvement.requires:
        [required] = [one for one in instance.criteria.improvements if one.id == name]
        lines = [p for p in places(instance.filled.firm, required.scope) if on_one_line(p, project.path)]
        own = {one.place.key for one in projects if one.improvement is required}
        nothing_left = any(path[-1].key not in own for path in lines)
        if not nothing_left and not any(is_there(required, path) for path in lines):
            known = [one for one in instance.criteria.improvements if any(p.improvement is one for p in projects)]
            bring = [
                one
                for one in projects
                if one.improvement is required
                or (does_as_well(one.improvement, required) and not waits(one.improvement, project.improvement, known))
            ]
            yield [one for one in bring if on_one_line(one.path, project.path)]


def does_as_well(one: Improvement, other: Improvement) -> bool:
    """Tell whether `one` brings everything that `other` brings, at the same kind of place."""
    lifts = all(DEGREE_RANK[one.lifts.get(name, "none")] >= DEGREE_RANK[d] for name, d in other.lifts.items())
    sets = other.sets.items() <= one.sets.items()
    return one.scope is other.scope and lifts and sets and (other.adds is None or other.adds == one.adds)


def waits(one: Improvement, other: Improvement, known: Sequence[Improvement]) -> bool:
    """Tell whether `one` is `other`, or may have to wait for it in the end."""
    waiting = {one}
    while True:
        names = {name for w in waiting for name in w.requires}
        required = [r for r in known if r.id in names]
        more = {o for r in required for o in known if o is r or does_as_well(o, r)} | waiting
        if more == waiting:
            return other in waiting
        waiting = more


def is_there(required: Improvement, path: tuple[Subject, ...]) -> bool:
    """Tell whether what an improvement is about is in place.

    At a factory or workshop that is what it counts and sets there: a practice of the whole firm may be short for
    another reason. Of what has nothing of its own there, and of what is done at the firm, it is the practices; failing
    these, what it sets elsewhere.
    """
    place, whole = path[-1], path[0]
    own, practices, elsewhere = [], [], []
    if required.adds and place.kind is required.scope:
        counted = [stated_value(place.facts.get(n)) for n in (required.adds.count, required.adds.most) if n]
        own.append(all(isinstance(one, Fraction) for one in counted) and counted[0] == counted[-1])
    for name, value in required.sets.items():
        at_home = place.kind is not FIRM and BASE.facts[name].of is place.kind
        bearer = whole if BASE.facts[name].of is FIRM else place
        (own if at_home else elsewhere).append(_says(bearer, name, value))
    for name, degree in required.lifts.items():
        now = DEGREE_RANK.get(str(stated_value(whole.facts.get(name))), -1)
        practices.append(now >= DEGREE_RANK[degree])
    has = own or practices or elsewhere
    return bool(has) and all(has)


def _says(subject: Subject, name: str, value: object) -> bool:
    now = stated_value(subject.facts.get(name))
    if isinstance(value, tuple):
        return isinstance(now, tuple) and set(value) <= set(now)
    codes = [option.code for option in BASE.facts[name].options]
    return codes.index(str(now)) >= codes.index(str(value)) if now is not None and codes else now == value


def on_one_line(one: tuple[Subject, ...], other: tuple[Subject, ...]) -> bool:
    """Tell whether one place is the other, or stands above or below it."""
    return one[-1].key in {s.key for s in other} or other[-1].key in {s.key for s in one}
