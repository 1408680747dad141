"""Reads a file of costs that stand in for those of the catalogue: what the improvements cost in another region, say.

The same form as in improvements.yaml: improvement, then `cost` for one place of a medium-sized firm, `each` for a unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from questionnaires.model import Text
from questionnaires.yaml_file import DefinitionError, Located, check_keys, did_you_mean, read_yaml
from scoring.improvements_file import costs_under
from scoring.model import Costs, Improvement

PLACE, UNIT = "cost", "each"


@dataclass(frozen=True, slots=True)
class OwnCosts:
    """What replaces the costs of one improvement; None leaves those of the catalogue."""

    cost: Costs | None = None  # for one place
    each: Costs | None = None  # for each unit that it adds


def read_costs_file(path: Path, improvements: Iterable[Improvement]) -> Mapping[str, OwnCosts]:
    """Return improvement -> its costs. Raises the first DefinitionError, OSError where the file cannot be read."""
    known = {one.id: one for one in improvements}
    tree = read_yaml(path)
    return {name: _own(name, tree, known) for name in tree}


def _own(name: str, tree: Located, known: Mapping[str, Improvement]) -> OwnCosts:
    if name not in known:
        said = Text(f"目录里没有改进项“{name}”。", f"the catalogue has no improvement “{name}”.")
        remedy = Text("请写目录里的改进项编号。", "Write the id of an improvement of the catalogue.")
        raise tree.fault(said, did_you_mean(name, known) or remedy, name)
    node = tree.table(name)
    check_keys(node, (PLACE, UNIT))
    for part in (PLACE, UNIT):
        if part in node:
            check_keys(node.table(part), (), ("low", "likely", "high"))
    if not node or (UNIT in node and known[name].adds is None):
        raise _nothing_to_replace(node)
    each = costs_under(node, UNIT) if UNIT in node else None
    if each is not None and each.likely < 1:
        said = Text("单价的可能值至少为 1。", "a unit costs nothing.")
        raise node.fault(said, Text("请改正。", "Write likely at least 1."), UNIT)
    return OwnCosts(costs_under(node, PLACE) if PLACE in node else None, each)


def _nothing_to_replace(node: Located) -> DefinitionError:
    if node:
        said = Text("这个改进项没有单价。", "this improvement has no cost of a unit.")
        return node.fault(said, Text("请去掉 each。", "Take “each” out."), UNIT)
    return node.fault(Text("没有写造价。", "no cost stands here."), Text("请写 cost。", "Write “cost”."))
