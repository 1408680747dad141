"""What has to come before what: prerequisites between the projects of a firm, and those that exclude one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from questionnaires.model import Subject
from scoring.model import Improvement
from scoring.projects import RANK, Project, grouped, places


def prerequisites(projects: Sequence[Project]) -> Sequence[tuple[tuple[Project, ...], Project]]:
    """Return the projects one of which has to be finished before another starts, and that other.

    At its own place where both are done there, else at a place above or below. What is there already is not waited for,
    and what does all that is required does as well, unless it may itself have to wait for what requires it. Kept for
    the next call: every plan of a firm asks for it several times.
    """
    return _prerequisites(tuple(projects))


@lru_cache(maxsize=16)
def _prerequisites(projects: tuple[Project, ...]) -> Sequence[tuple[tuple[Project, ...], Project]]:
    return tuple(_each(projects))


def _each(projects: tuple[Project, ...]) -> Iterator[tuple[tuple[Project, ...], Project]]:
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
