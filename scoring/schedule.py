"""In which quarter each project starts: after what it needs, never more people at once than the firm has.

First in order of urgency, which is quick. Where that does not meet the deadline, the start of each project becomes a
part of the integer program, so that what is cheapest in time is proven too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scoring.plan_order import prerequisites
from scoring.plan_program import Planning
from scoring.program import Row
from scoring.projects import Project
from scoring.solver import Found

Starts = Mapping[str, int]  # project id -> quarter in which it starts, 1 for the first
MOST_QUARTERS = 40  # of a deadline that the starts are planned for; ten years


def in_order(projects: Sequence[Project], every: Sequence[Project], people: int | None) -> Starts | None:
    """Return a start for each chosen project, the most urgent first; None when one alone needs too many people.

    `every` are all projects of the firm: what is not among them is in place. Of several that would do as what another
    needs, the one that ends first counts; what is needed and not chosen is not waited for.
    """
    needed = _needed(projects, every)
    urgent = {project.id: _tail(project, projects, needed) for project in projects}
    starts: dict[str, int] = {}
    busy: dict[int, int] = {}
    waiting = sorted(projects, key=lambda project: (-urgent[project.id], project.id))
    while waiting:
        ready = [p for p in waiting if all(any(o.id in starts for o in first) for first in needed[p.id])]
        if not ready or any(people is not None and p.improvement.people > people for p in ready):
            return None
        project = ready[0]
        after = [min(starts[o.id] + o.quarters for o in first if o.id in starts) for first in needed[project.id]]
        starts[project.id] = _first_free(project, max([1, *after]), busy, people)
        for quarter in range(starts[project.id], starts[project.id] + project.quarters):
            busy[quarter] = busy.get(quarter, 0) + project.improvement.people
        waiting.remove(project)
    return starts


def last_quarter(starts: Starts, projects: Sequence[Project]) -> int:
    """Return the quarter at whose end everything is done; 0 for nothing."""
    return max((starts[project.id] + project.quarters - 1 for project in projects), default=0)


def _needed(projects: Sequence[Project], every: Sequence[Project]) -> dict[str, list[tuple[Project, ...]]]:
    chosen = {project.id for project in projects}
    needed: dict[str, list[tuple[Project, ...]]] = {project.id: [] for project in projects}
    for first, then in prerequisites(every):
        if then.id in chosen and (own := tuple(one for one in first if one.id in chosen)):
            needed[then.id].append(own)
    return needed


def _tail(project: Project, projects: Sequence[Project], needed: Mapping[str, list[tuple[Project, ...]]]) -> int:
    """Return how many quarters pass from the start of a project to the end of all that waits for it."""
    waiting = [p for p in projects if any(project in first for first in needed[p.id])]
    return project.quarters + max((_tail(p, projects, needed) for p in waiting), default=0)


def _first_free(project: Project, earliest: int, busy: Mapping[int, int], people: int | None) -> int:
    own = project.improvement.people
    start = earliest
    while people is not None and any(busy.get(q, 0) + own > people for q in range(start, start + project.quarters)):
        start += 1
    return start


# --- as a part of the program -----------------------------------------------------------------------------------------


def add_time(planning: Planning, quarters: int, people: int | None) -> dict[str, dict[int, int]]:
    """Ask that all that is chosen ends within so many quarters; return project -> quarter -> variable of its start."""
    program = planning.program
    starts: dict[str, dict[int, int]] = {}
    for project in planning.projects:
        possible = range(1, quarters - project.quarters + 2)
        starts[project.id] = own = {quarter: program.variable() for quarter in possible}
        done = planning.chosen[project.id]
        program.at_least({**dict.fromkeys(own.values(), 1), done: -1}, 0)
        program.at_most({**dict.fromkeys(own.values(), 1), done: -1}, 0)
    for first, then in prerequisites(planning.projects):
        for quarter in starts[then.id]:
            ended = [v for one in first for q, v in starts[one.id].items() if q + one.quarters <= quarter]
            begun = [v for q, v in starts[then.id].items() if q <= quarter]
            program.at_least({**dict.fromkeys(ended, 1), **dict.fromkeys(begun, -1)}, 0)
    if people is not None:
        for quarter in range(1, quarters + 1):
            program.at_most(_at_work(planning.projects, starts, quarter), people)
    return starts


def _at_work(projects: Iterable[Project], starts: Mapping[str, Mapping[int, int]], quarter: int) -> dict[int, int]:
    return {
        variable: project.improvement.people
        for project in projects
        if project.improvement.people
        for start, variable in starts[project.id].items()
        if start <= quarter < start + project.quarters
    }


def starts_in(found: Found, starts: Mapping[str, Mapping[int, int]]) -> Starts:
    """Return the quarter in which each chosen project starts."""
    return {name: q for name, own in starts.items() for q, variable in own.items() if found.values[variable]}


def never_in_time(planning: Planning, quarters: int | None, people: int | None) -> list[Row]:
    """Return rows that leave out every project that takes too long or too many people by itself."""
    return [
        Row({planning.chosen[project.id]: -1}, 0)
        for project in planning.projects
        if (quarters is not None and project.quarters > quarters)
        or (people is not None and project.improvement.people > people)
    ]
