"""Larger instances with a maturity goal, and their cheapest plan by another solver from a program of its own.

CBC gets degrees as shares of what each improvement brings, straight from the weights of the criteria; the product
builds steps of degrees. What CBC returns is added up in fractions: a choice that is short of the mark is forbidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count
from random import Random

import pulp
from pulp.apis.coin_api import pulp_cbc_path  # CBC comes with PuLP 3

from questionnaires.model import FilledDiagnosis, Subject
from scoring.goals import Goal
from scoring.indicators import stated_value
from scoring.maturity import lifts
from scoring.model import Improvement
from scoring.projects import places
from scoring.tailoring import without
from tests.scoring.make import VALUES, factory, filled, firm, workshop
from tests.scoring.plans import (
    BASE,
    MATURITY,
    REQUIREMENTS,
    Instance,
    catalogue,
    does_as_well,
    improvement,
    on_one_line,
    waits,
)

PASS = Fraction(4, 5)
SLACK = 1e-6  # what CBC may overlook; choices within it are judged in fractions
CAPABILITIES = BASE.criteria[MATURITY].capabilities  # type: ignore[attr-defined]
SIZES = ("micro", "small", "medium", "large")
STAFF = {"micro": (10, 100), "small": (100, 1000), "medium": (320, 9000), "large": (1500, 90000)}


# --- instances --------------------------------------------------------------------------------------------------------


def shipped(seed: int) -> Instance:
    """Return a firm of one factory with two workshops and 40 to 80 improvements of the shipped catalogue.

    Only what they lift is kept: a maturity goal reads nothing else.
    """
    chance = Random(f"shipped-{seed}")
    lifting = [one for one in BASE.improvements if one.lifts]
    names = {one.id for one in chance.sample(lifting, chance.randint(40, 80))}
    kept = [
        replace(
            one,
            sets={},
            gains={},
            adds=None,
            requires=tuple(name for name in one.requires if name in names),
            excludes=tuple(name for name in one.excludes if name in names),
        )
        for one in lifting
        if one.id in names
    ]
    level = chance.choice((1, 2, 2, 3, 3, 4))
    liftable = {name for one in kept for name in one.lifts}
    size = chance.choice(SIZES)
    employees, revenue = STAFF[size]
    site = factory(workshop("冲压车间"), workshop("焊装车间"))
    answers = _answers(chance, level, liftable)
    whole = filled(firm(site, production_type="discrete", employees=employees, revenue=revenue, **answers))
    tailored = {"logistics": "没有"} if chance.random() < 0.2 else {}
    return Instance(replace(whole, tailored=tailored), catalogue(*kept, only=(MATURITY,)), (Goal(MATURITY, level),))


def made_up(seed: int, many: int) -> Instance:
    """Return a firm with `many` made-up improvements over all requirements up to level 4, each for the whole firm."""
    chance = Random(f"made-up-{seed}-{many}")
    names = [name for name, requirement in REQUIREMENTS.items() if requirement.level <= 4]
    made: list[Improvement] = []
    for number in range(many):
        start, most = chance.randrange(len(names)), chance.randint(1, 8 if many < 100 else 5)
        near = names[start : start + 12]
        lifted = {
            n: chance.choice(("full", "full", "mostly", "partly")) for n in chance.sample(near, min(most, len(near)))
        }
        before = [one.id for one in made]
        made.append(
            improvement(
                f"i{number}",
                chance.randint(3, 15) * len(lifted),
                chance.choice((3, 6, 9, 12)),
                people=chance.randint(0, 3),
                lifts=lifted,
                requires=tuple(chance.sample(before, 1)) if before and chance.random() < 0.25 else (),
                excludes=tuple(chance.sample(before, 1)) if before and chance.random() < 0.05 else (),
            )
        )
    level = chance.choice((2, 3, 3, 4))
    liftable = {name for one in made for name in one.lifts}
    whole = filled(firm(factory(workshop()), production_type="discrete", **_answers(chance, level, liftable)))
    return Instance(whole, catalogue(*made, only=(MATURITY,)), (Goal(MATURITY, level),))


def _answers(chance: Random, level: int, liftable: set[str]) -> dict[str, str | None]:
    """Return degrees up to a level: what nothing lifts is mostly there, the rest anything, some of it blank."""
    answers: dict[str, str | None] = {}
    for name, requirement in REQUIREMENTS.items():
        if requirement.level <= level:
            weights = (4, 3, 3, 2) if name in liftable else (1, 1, 3, 9)
            answers[name] = chance.choices(("none", "partly", "mostly", "full"), weights)[0]
            if chance.random() < 0.05:
                answers[name] = None
    return answers


# --- the other solver -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """An improvement at one place and its cost there."""

    improvement: Improvement
    path: tuple[Subject, ...]
    cost: int

    @property
    def key(self) -> str:
        return f"{self.improvement.id}@{self.path[-1].key}"


def cheapest_by_cbc(instance: Instance) -> int | None:
    """Return what the cheapest choice costs that reaches the one maturity goal; None when none does."""
    now = degrees_now(instance.filled)
    sites = list(_sites(instance, now))
    problem = pulp.LpProblem("plan", pulp.LpMinimize)
    done = {one.key: problem.add_variable(f"d{n}", cat="Binary") for n, one in enumerate(sites)}
    problem += pulp.lpSum(one.cost * done[one.key] for one in sites)
    _add_order(problem, instance, sites, done, now)
    _add_levels(problem, instance, sites, done, now)
    while True:
        if problem.solve(pulp.COIN_CMD(path=pulp_cbc_path, msg=False, gapRel=0, gapAbs=0.5)) != pulp.LpStatusOptimal:
            return None
        chosen = {one.key for one in sites if done[one.key].value() > 0.5}
        if reaches(instance, sites, chosen, now):
            return sum(one.cost for one in sites if one.key in chosen)
        problem += pulp.lpSum(done[one.key] for one in sites if one.key not in chosen) >= 1


def degrees_now(whole: FilledDiagnosis) -> dict[str, Fraction]:
    """Return the worst that every requirement can be by now."""
    said = {name: stated_value(whole.firm.facts.get(name)) for name in REQUIREMENTS}
    return {name: VALUES[str(value)] if value is not None else Fraction(0) for name, value in said.items()}


def shares_of(instance: Instance) -> list[Mapping[str, Fraction]]:
    """Return what a full degree of each requirement adds to level 1, 2, ... up to the goal."""
    tree = without(CAPABILITIES, instance.filled.tailored)
    return [lifts(tree, level) for level in range(1, instance.goals[0].level + 1)]


def reaches(instance: Instance, sites: Iterable[Site], chosen: set[str], now: Mapping[str, Fraction]) -> bool:
    """Tell whether every level up to the goal is at 4/5 or more, in fractions."""
    after = dict(now)
    open_still = {one.improvement.id for one in sites if one.key not in chosen}
    for one in {site.improvement for site in sites}:
        if one.id not in open_still:
            after |= {name: max(after[name], VALUES[degree]) for name, degree in one.lifts.items()}
    return all(sum(share * after[name] for name, share in by.items()) >= PASS for by in shares_of(instance))


def _sites(instance: Instance, now: Mapping[str, Fraction]) -> Iterable[Site]:
    size = SIZES[sum(_at_least(instance.filled, name) for name in SIZES[1:])] if _size_known(instance) else SIZES[-1]
    for one in instance.criteria.improvements:
        if any(VALUES[degree] > now[name] or _blank(instance, name) for name, degree in one.lifts.items()):
            percent = BASE.cost_scales.get(one.scale, {}).get(size, 100)
            for path in places(instance.filled.firm, one.scope):
                yield Site(one, path, -(-one.cost.likely * percent // 100))


def _blank(instance: Instance, name: str) -> bool:
    return stated_value(instance.filled.firm.facts.get(name)) is None


def _size_known(instance: Instance) -> bool:
    return not _blank(instance, "employees") and not _blank(instance, "revenue")


def _at_least(whole: FilledDiagnosis, size: str) -> bool:
    lowest = {"small": (20, 300), "medium": (300, 2000), "large": (1000, 40000)}[size]
    figures = [stated_value(whole.firm.facts[name]) for name in ("employees", "revenue")]
    return all(figure >= low for figure, low in zip(figures, lowest, strict=True))  # type: ignore[operator]


def _add_order(
    problem: pulp.LpProblem,
    instance: Instance,
    sites: list[Site],
    done: Mapping[str, pulp.LpVariable],
    now: Mapping[str, Fraction],
) -> None:
    by_name = {one.id: one for one in instance.criteria.improvements}
    open_names = {site.improvement.id for site in sites}
    for site in sites:
        for name in site.improvement.requires:
            needed = by_name[name]
            if name not in open_names or all(
                now[n] >= VALUES[d] and not _blank(instance, n) for n, d in needed.lifts.items()
            ):
                continue
            known = [one for one in instance.criteria.improvements if one.id in open_names]
            bring = [
                o
                for o in sites
                if o.improvement is needed
                or (does_as_well(o.improvement, needed) and not waits(o.improvement, site.improvement, known))
            ]
            problem += pulp.lpSum(done[o.key] for o in bring if on_one_line(o.path, site.path)) >= done[site.key]
        for other in sites:
            if other.improvement.id in site.improvement.excludes and on_one_line(other.path, site.path):
                problem += done[site.key] + done[other.key] <= 1


def _add_levels(
    problem: pulp.LpProblem,
    instance: Instance,
    sites: list[Site],
    done: Mapping[str, pulp.LpVariable],
    now: Mapping[str, Fraction],
) -> None:
    """Ask for every level: a requirement gains what one of the improvements brings, shared out between them."""
    gains: dict[str, list[tuple[Fraction, pulp.LpVariable]]] = {}
    number = count()
    for name in sorted({name for site in sites for name in site.improvement.lifts}):
        for one in dict.fromkeys(site.improvement for site in sites if name in site.improvement.lifts):
            gained = VALUES[one.lifts[name]] - now[name]
            if gained > 0:
                part = problem.add_variable(f"p{next(number)}", 0, 1)
                gains.setdefault(name, []).append((gained, part))
                for site in sites:
                    if site.improvement is one:
                        problem += part <= done[site.key]
        if name in gains:
            problem += pulp.lpSum(part for _gained, part in gains[name]) <= 1
    for by in shares_of(instance):
        sure = sum((share * now[name] for name, share in by.items()), Fraction(0))
        terms = [(share * g, part) for name, share in by.items() for g, part in gains.get(name, [])]
        problem += pulp.lpSum(float(worth) * part for worth, part in terms) >= float(PASS - sure) - SLACK
