"""The coach (填报助手): what a practice or a ratio means on the shop floor, read from the files in `coach/`.

No part of a questionnaire and of its digest: help may be improved without a new version of what is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from questionnaires.facts import ROOM, stamp
from questionnaires.model import Coach, Degree, Question
from questionnaires.yaml_file import DefinitionError, Located, check_keys, gather, read_with_faults, short_name

COACH_DIR: Final = ROOM / "coach"


def load_coach(folder: Path = COACH_DIR) -> Mapping[str, Coach]:
    """Return every entry of the files in `folder` by what it explains, a practice or an indicator.

    An entry with a fault explains nothing until it is mended; lint names it, and the pages go on.
    """
    return read_coach(folder)[0]


def coach_of(question: Question, entries: Mapping[str, Coach]) -> Coach | None:
    """Return what explains a question: the entry of its ratio where it shows one, else of its fact; None for none."""
    return entries.get(question.indicator or question.facts[0].id)


def read_coach(folder: Path = COACH_DIR) -> tuple[Mapping[str, Coach], tuple[DefinitionError, ...]]:
    """Return the entries that could be read and every fault of the files in `folder`. Kept until a file changes."""
    return _read_coach(folder, stamp(sorted(folder.glob("*.yaml"))))


@lru_cache(maxsize=8)
def _read_coach(folder: Path, files: object) -> tuple[Mapping[str, Coach], tuple[DefinitionError, ...]]:
    entries: dict[str, Coach] = {}
    nodes, faults = coach_nodes(folder)
    for node in nodes:
        for entry in gather([node], _read_entry, faults):
            if entry.id in entries:
                faults.append(node.fault(f"“{entry.id}” is explained in another file too.", "Keep one of the two."))
            entries.setdefault(entry.id, entry)
    return MappingProxyType(entries), tuple(faults)


def coach_nodes(folder: Path) -> tuple[list[Located], list[DefinitionError]]:
    """Return the entries of all files in `folder` as they are written, and what kept others from being found."""
    nodes: list[Located] = []
    faults: list[DefinitionError] = []
    for path in sorted(folder.glob("*.yaml")):
        nodes.extend(_nodes_of(path, faults))
    return nodes, faults


def _nodes_of(path: Path, faults: list[DefinitionError]) -> list[Located]:
    tree, found = read_with_faults(path.read_bytes(), short_name(path))
    faults.extend(found)
    try:
        if not isinstance(tree, Located):
            raise Located(short_name(path), 1, "").fault("the file should be a mapping.", "Begin with “coach:”.")
        check_keys(tree, (), ("coach",))
        entries = tree.table("coach")
        return gather(entries, entries.table, faults)
    except DefinitionError as fault:
        faults.append(fault)
        return []


def id_of(node: Located) -> str:
    """Return what an entry explains: the id of a practice or of an indicator."""
    return node.at.removeprefix("coach.")


def _read_entry(node: Located) -> Coach:
    of_ratio = "example" in node
    degrees = () if of_ratio else tuple(Degree)
    check_keys(node, (), ("means", *(("example",) if of_ratio else degrees), "not_counted", "evidence"))
    return Coach(
        id=id_of(node),
        means=node.bilingual("means"),
        degrees=MappingProxyType({degree: node.bilingual(degree) for degree in degrees}),
        example=node.bilingual_or_none("example"),
        not_counted=node.bilingual("not_counted"),
        evidence=node.bilingual("evidence"),
    )
