"""Reads the plan file: targets, counting start, what counts, and the words of states, kinds and systems."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from questionnaires.facts import one_of, stamp
from questionnaires.model import Confidence, Text
from questionnaires.yaml_file import DefinitionError, Located, check_keys, read_text, read_yaml
from scoring.criteria_file import CRITERIA_DIR, in_force, read_basis
from scoring.model import Rule
from scoring.tally import PlanTargets, Target

PLAN_FILE = CRITERIA_DIR / "plan90_targets.yaml"
KEYS = (
    "id",
    "zh",
    "en",
    "number",
    "horizon",
    "basis",
    "notice",
    "counting_start",
    "targets",
    "states",
    "kinds",
    "systems",
)


def load_plan(day: date, path: Path = PLAN_FILE) -> PlanTargets:
    """Return the plan's targets with what counts on `day`. Raises DefinitionError.

    Before the first dated line its first line holds: nothing was counted earlier.
    """
    return _load(path, stamp([path]), day)


@lru_cache(maxsize=32)
def _load(path: Path, _file: object, day: date) -> PlanTargets:
    return read_plan(read_yaml(path), day)


def read_plan(tree: Located, day: date) -> PlanTargets:
    """Return the plan that `tree` states for `day`. Raises the first DefinitionError."""
    check_keys(tree, (), KEYS)
    basis = read_basis(tree.table("basis"))
    start, start_rule = _dated(tree.table("counting_start"), basis, day, "value")
    texts = {key: _texts(tree.table(key)) for key in ("states", "kinds", "systems")}
    return PlanTargets(
        id=tree.text("id"),
        title=read_text(tree),
        number=tree.text("number"),
        horizon=tree.day("horizon"),
        rule=basis,
        notice=tree.bilingual("notice"),
        counting_start=start.day("value"),
        counting_rule=start_rule,
        targets=tuple(_target(tree.table("targets").table(key), texts, basis, day) for key in tree.table("targets")),
        **texts,
    )


def _target(node: Located, texts: dict[str, dict[str, Text]], basis: Rule, day: date) -> Target:
    check_keys(node, (), ("zh", "en", "target", "unit", "considers", "counts"))
    entry, rule = _dated(node.table("counts"), basis, day, "of")
    considers, counts = node.words("considers"), entry.words("of")
    _refuse_unknown(node, "considers", considers, {"conversion", *texts["kinds"]})
    _refuse_unknown(entry, "of", (name.partition(".")[0] for name in counts), {*texts["states"], *texts["kinds"]})
    return Target(
        id=node.at.removeprefix("targets."),
        text=read_text(node),
        target=node.whole("target"),
        unit=node.bilingual("unit"),
        considers=frozenset(considers),
        counts=frozenset(counts),
        rule=rule,
    )


def _dated(table: Located, basis: Rule, day: date, needed: str) -> tuple[Located, Rule]:
    for key in table:
        check_keys(table.table(key), (), (needed, "source", "confidence"))
    first = min(table, default=None)
    dated = in_force(table, day) or (in_force(table, date.fromisoformat(first)) if first else None)
    if dated is None:
        raise table.fault("no dated entry stands here.", "Add the day and its value.")
    since, entry = dated
    confidence: Confidence = one_of(entry, "confidence", Confidence)
    return entry, Rule(basis.title, basis.clause, since, entry.text("source"), confidence)


def _texts(table: Located) -> dict[str, Text]:
    return {key: read_text(table.table(key)) for key in table}


def _refuse_unknown(node: Located, key: str, names: Iterable[str], known: set[str]) -> None:
    if unknown := [name for name in names if name not in known]:
        raise _unknown(node, key, unknown[0], known)


def _unknown(node: Located, key: str, name: str, known: set[str]) -> DefinitionError:
    return node.fault(f"there is no state or kind “{name}”.", f"Known here: {', '.join(sorted(known))}.", key)
