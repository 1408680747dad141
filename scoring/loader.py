"""Criteria files -> what judges on one day: every threshold, weight and band as in force then, with digests.

A changed number is a new dated line, a changed structure a new file; nothing here knows any single scheme.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from questionnaires.facts import FACTS_DIR, Stamp, load_facts, one_of, stamp
from questionnaires.model import Fact
from questionnaires.yaml_file import DefinitionError, Located, iso_day, read_yaml
from scoring.criteria_file import CRITERIA_DIR, Desk
from scoring.gates_file import read_gates
from scoring.improvements_file import Catalogue, read_improvements
from scoring.indicators_file import read_indicators
from scoring.maturity_file import read_maturity
from scoring.model import Criteria, CriteriaSet, Indicator, Method
from scoring.points_file import read_points

READERS: Mapping[Method, Callable[[Located, Desk, str], Criteria]] = MappingProxyType(
    {Method.GBT_39117: read_maturity, Method.GATES: read_gates, Method.POINTS: read_points}
)


def load_all(day: date, folder: Path = CRITERIA_DIR, facts_folder: Path = FACTS_DIR) -> CriteriaSet:
    """Return everything that judges on `day`, in printing order. Raises the first DefinitionError.

    Criteria whose document is not yet in force on `day` are left out. Kept until a file changes; two days between
    which no number changes give the same object.
    """
    criteria, faults = read_all(day, folder, facts_folder)
    if faults:
        raise faults[0]
    return criteria


def load_criteria(criteria_id: str, day: date, folder: Path = CRITERIA_DIR) -> Criteria:
    """Return one criteria file as in force on `day`. KeyError when there is none of that id in force."""
    return load_all(day, folder).criteria[criteria_id]


def read_all(
    day: date, folder: Path = CRITERIA_DIR, facts_folder: Path = FACTS_DIR
) -> tuple[CriteriaSet, tuple[DefinitionError, ...]]:
    """Return what could be read for `day` and every fault found."""
    files = stamp(sorted(folder.glob("*.yaml")))
    facts = stamp(sorted([*facts_folder.glob("*.yaml"), *facts_folder.parent.glob("*.yaml")]))
    try:
        return _read_all(_period(day, files), folder, files, facts_folder, facts)
    except DefinitionError as fault:
        return CriteriaSet(day, {}, {}, (), {}), (fault,)


@lru_cache(maxsize=256)
def tree_of(path: Path, _files: object) -> Located:
    """Return the tree of a criteria file; kept while the file stays the same."""
    return read_yaml(path)


def dates_in(folder: Path) -> tuple[date, ...]:
    """Return every day on which a number or document of `folder` comes into force, oldest first."""
    return _dates_in(stamp(sorted(folder.glob("*.yaml"))))


@lru_cache(maxsize=32)
def _dates_in(files: Stamp) -> tuple[date, ...]:
    return tuple(sorted({day for path, *_ in files for day in _dates(tree_of(path, files))}))


@lru_cache(maxsize=1024)
def _period(day: date, files: Stamp) -> date:
    return max((since for since in _dates_in(files) if since <= day), default=day)


@lru_cache(maxsize=32)
def _read_all(
    day: date, folder: Path, files: object, facts_folder: Path, _facts: object
) -> tuple[CriteriaSet, tuple[DefinitionError, ...]]:
    faults: list[DefinitionError] = []
    facts = load_facts(facts_folder)
    indicators = _indicators(folder, files, facts, faults)
    desk = Desk(day, facts, indicators, faults, lambda name: tree_of(folder / f"{name}.yaml", files))
    criteria = [c for c in (_read(path, desk, files) for path in _criteria_files(folder, files)) if c]
    catalogue = _catalogue(folder, files, facts, indicators, faults)
    read = CriteriaSet(
        day=day,
        criteria=MappingProxyType({c.id: c for c in criteria}),
        indicators=indicators,
        improvements=catalogue.improvements,
        facts=facts,
        improvements_basis=catalogue.basis,
        beyond=catalogue.beyond,
        improvements_digest=_sha256([folder / "improvements.yaml"]),
        cost_scales=catalogue.scales,
    )
    return read, tuple(faults)


def _criteria_files(folder: Path, files: object) -> list[Path]:
    """The files that name a method, in their own order: what others read is judged before them."""
    trees = [(path, tree_of(path, files)) for path in sorted(folder.glob("*.yaml"))]
    ordered = [(tree.whole("order"), path) for path, tree in trees if "method" in tree]
    return [path for _, path in sorted(ordered)]


def _read(path: Path, desk: Desk, files: object) -> Criteria | None:
    tree = tree_of(path, files)
    try:
        if tree.text("id") != path.stem:
            raise tree.fault(f"the file is called {path.name}.", f"Call it {tree.text('id')}.yaml.", "id")
        if tree.table("basis").day("since") > desk.day:
            return None
        return READERS[one_of(tree, "method", Method)](tree, desk, _digest(path, tree))
    except DefinitionError as fault:
        desk.faults.append(fault)
        return None


def _digest(path: Path, tree: Located) -> str:
    """Return the digest over the file, the file its requirements come from, and the indicators they may read."""
    others = [tree.text("requirements_from")] if "requirements_from" in tree else []
    return _sha256([path, *(path.parent / f"{name}.yaml" for name in (*others, "indicators"))])


def _sha256(paths: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(p.read_bytes() for p in paths if p.exists())).hexdigest()


def _indicators(
    folder: Path, files: object, facts: Mapping[str, Fact], faults: list[DefinitionError]
) -> Mapping[str, Indicator]:
    path = folder / "indicators.yaml"
    return MappingProxyType(read_indicators(tree_of(path, files), facts, faults) if path.exists() else {})


def _catalogue(
    folder: Path,
    files: object,
    facts: Mapping[str, Fact],
    indicators: Mapping[str, Indicator],
    faults: list[DefinitionError],
) -> Catalogue:
    path = folder / "improvements.yaml"
    return read_improvements(tree_of(path, files), facts, indicators, faults) if path.exists() else Catalogue()


def _dates(node: object) -> Iterator[date]:
    if isinstance(node, Located):
        if "since" in node:
            yield node.day("since")
        yield from (day for key in node if (day := iso_day(key)))
        for part in node.values():
            yield from _dates(part)
