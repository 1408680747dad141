"""Every fault of the criteria files at once, also those that only show when files are read together.

One line a fault: file, line, where, what is wrong, what to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from questionnaires.facts import FACTS_DIR, ROOM, stamp
from questionnaires.loader import load, published
from questionnaires.model import Degree
from questionnaires.yaml_file import DefinitionError, Located, LocatedList, did_you_mean, read_yaml, short_name
from scoring.criteria_file import CRITERIA_DIR
from scoring.gates import names_of
from scoring.indicators import facts_behind
from scoring.loader import dates_in, read_all, tree_of
from scoring.model import CountMet, Criteria, CriteriaSet, GatesCriteria, Indicator, MaturityCriteria, PointsCriteria
from scoring.reach import all_lacking, brought
from scoring.tailoring import subdomains
from scoring.tally_file import read_plan


def lint_criteria(paths: Sequence[str | Path] = (), room: Path = ROOM) -> list[str]:
    """Return every fault of the criteria files, one line each; all files of the product when `paths` is empty.

    Files named in `paths` are read together with the other files of their folder. `room` holds the questionnaires.
    """
    files = [Path(path) for path in paths] or sorted(CRITERIA_DIR.glob("*.yaml"))
    wanted = {short_name(path) for path in files}
    faults = [fault for folder in dict.fromkeys(path.parent for path in files) for fault in folder_faults(folder, room)]
    return list(dict.fromkeys(str(fault) for fault in faults if fault.file in wanted))


def folder_faults(folder: Path, room: Path = ROOM) -> list[DefinitionError]:
    """Return every fault of the criteria files of one folder."""
    try:
        days = dates_in(folder) or (date.min,)
    except DefinitionError as fault:
        return [fault]
    faults = [fault for day in days for fault in read_all(day, folder, room / FACTS_DIR.name)[1]]
    criteria, _ = read_all(days[-1], folder, room / FACTS_DIR.name)
    faults += [
        *_unasked(criteria, folder, room),
        *_unread_criteria(criteria, folder),
        *_not_lifted(criteria, folder),
        *_not_reached(criteria, folder),
    ]
    return faults + _plan_faults(folder)


def names_read(criteria: Criteria) -> frozenset[str]:
    """Return the facts and indicators that one criteria file reads."""
    if isinstance(criteria, MaturityCriteria):
        return frozenset(r.id for s in subdomains(criteria.capabilities) for r in s.requirements)
    if isinstance(criteria, GatesCriteria):
        return frozenset(name for requirement in criteria.requirements for name in names_of(requirement))
    if isinstance(criteria, PointsCriteria):
        questions = {q.indicator or q.requirement.fact or "" for q in criteria.questions}
        return frozenset(questions | {scene.requirement.fact or "" for scene in criteria.scenes})
    return frozenset()


def _unasked(criteria: CriteriaSet, folder: Path, room: Path) -> Iterator[DefinitionError]:
    """Yield the facts that criteria read and no published questionnaire asks."""
    known = [load(name, version, room) for name, version in published(room)]
    asked = {fact for questionnaire in known for fact in questionnaire.facts}
    for one in criteria.criteria.values():
        behind = {fact for name in names_read(one) for fact in facts_behind(name, criteria.indicators)}
        for fact in sorted(behind - asked):
            node = _place(one.id, fact, folder, criteria.indicators)
            yield node.fault(f"no questionnaire asks “{fact}”.", "Ask it on a page, or read another fact.")


def _unread_criteria(criteria: CriteriaSet, folder: Path) -> Iterator[DefinitionError]:
    """Yield the indicators that count criteria which do not exist or are judged after those that read them."""
    order = list(criteria.criteria)
    for indicator in criteria.indicators.values():
        if not isinstance(indicator.how, CountMet):
            continue
        node = read_yaml(folder / "indicators.yaml").table("indicators").table(indicator.id)
        counted = indicator.how.criteria
        if counted not in order:
            yield node.fault(f"there are no criteria “{counted}”.", did_you_mean(counted, order) or "Name a file.")
            continue
        readers = [c.id for c in criteria.criteria.values() if indicator.id in names_read(c)]
        if any(order.index(reader) <= order.index(counted) for reader in readers):
            yield node.fault(f"{counted} is judged after {readers[0]}, which reads it.", "Give it a lower order.")


def _not_lifted(criteria: CriteriaSet, folder: Path) -> Iterator[DefinitionError]:
    """Yield the requirements of maturity that no improvement brings to a full degree."""
    if not criteria.improvements:
        return
    full = {name for one in criteria.improvements for name, degree in one.lifts.items() if degree == Degree.FULL}
    asked = [
        name for one in criteria.criteria.values() if isinstance(one, MaturityCriteria) for name in names_read(one)
    ]
    for name in dict.fromkeys(asked):
        if name not in full:
            node = read_yaml(folder / "improvements.yaml").table("improvements")
            yield node.fault(f"no improvement lifts {name} to full.", "Add one, or let one lift it further.")


def _not_reached(criteria: CriteriaSet, folder: Path) -> Iterator[DefinitionError]:
    """Yield what criteria ask that no improvement brings, and what is said to be beyond projects for no reason."""
    if not criteria.improvements:
        return
    files, found = stamp(sorted(folder.glob("*.yaml"))), list(all_lacking(criteria))
    for one in (each for each in found if each.lack.name not in criteria.beyond):
        node = _entry(tree_of(folder / f"{one.criteria_id}.yaml", files), one.place)
        remedy = f"Add one, or say in improvements.yaml under beyond why no project changes {one.lack.name}."
        yield node.fault(f"{one.lack.fault}.", remedy)
    lacking, changed = {one.lack.name for one in found}, brought(criteria).names
    tree = tree_of(folder / "improvements.yaml", files)
    for name in criteria.beyond:
        beyond = tree.table("beyond")
        if name in changed:
            yield beyond.fault(f"an improvement changes “{name}”.", "Take it out of beyond.", name)
        elif name not in lacking:
            yield beyond.fault(f"no criteria need “{name}”.", "Take it out of beyond.", name)


def _entry(tree: Located, place: Sequence[str]) -> Located:
    """Return the mapping at a place of a file, or the innermost one on the way to it."""
    for key in place:
        if not isinstance(tree.get(key), Located):
            break
        tree = tree.table(key)
    return tree


def _plan_faults(folder: Path) -> list[DefinitionError]:
    path = folder / "plan90_targets.yaml"
    try:
        if path.exists():
            read_plan(read_yaml(path), date.max)
    except DefinitionError as fault:
        return [fault]
    return []


def _place(criteria_id: str, fact: str, folder: Path, indicators: Mapping[str, Indicator]) -> Located:
    """Return the part of the files that names `fact`: in the criteria, the file it builds on, or the indicators."""
    files = stamp(sorted(folder.glob("*.yaml")))
    tree = tree_of(folder / f"{criteria_id}.yaml", files)
    others = [tree.text("requirements_from")] if "requirements_from" in tree else []
    others += ["indicators"] if indicators else []
    trees = [tree, *(tree_of(folder / f"{name}.yaml", files) for name in others)]
    return next((node for one in trees for node in _holding(one, fact)), tree)


def _holding(node: object, word: str) -> Iterator[Located]:
    """Yield the innermost mappings that hold `word` as a value or in a list."""
    if isinstance(node, Located):
        for part in node.values():
            yield from _holding(part, word)
        if any(value == word or (isinstance(value, LocatedList) and word in value) for value in node.values()):
            yield node
    if isinstance(node, LocatedList):
        for part in node:
            yield from _holding(part, word)
