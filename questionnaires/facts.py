"""The fact dictionary: every fact that can be asked, read from the files in `facts/`.

Reading and showing the value of one fact is in `values.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from questionnaires.model import (
    Confidence,
    Fact,
    FactKind,
    Option,
    Source,
    SubjectKind,
)
from questionnaires.yaml_file import (
    DefinitionError,
    Located,
    check_keys,
    did_you_mean,
    gather,
    read_text,
    read_with_faults,
    read_yaml,
    short_name,
)

Stamp: TypeAlias = tuple[tuple[Path, int, int], ...]  # name, time and size of each file

ROOM: Final = Path(__file__).parent  # holds facts/, definitions/ and the lists that options are taken from
FACTS_DIR: Final = ROOM / "facts"

_KEYS: Final = ("of", "kind", "zh", "en", "ask", "definition", "unit", "whole", "min", "max", "options", "options_from")
_MORE_KEYS: Final = ("evidence", "source", "format", "required", "best")
_FORMATS: Final = {FactKind.TEXT: ("uscc", "industry"), FactKind.NUMBER: ("year",)}
_ID: Final = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)*", re.ASCII)


def load_facts(folder: Path = FACTS_DIR) -> Mapping[str, Fact]:
    """Return every fact of the files in `folder` by its id, in their order. Raises the first DefinitionError.

    Kept until a file changes. Lists for `options_from` stand beside the folder.
    """
    facts, faults = read_facts(folder)
    if faults:
        raise faults[0]
    return facts


def read_facts(folder: Path = FACTS_DIR) -> tuple[Mapping[str, Fact], tuple[DefinitionError, ...]]:
    """Return the facts that could be read and every fault of the files in `folder`."""
    return _read_facts(folder, stamp([*sorted(folder.glob("*.yaml")), *sorted(folder.parent.glob("*.yaml"))]))


def stamp(paths: Iterable[Path]) -> Stamp:
    """Return names, times and sizes of files: what was read from them stays good while this stays the same."""
    return tuple((path, status.st_mtime_ns, status.st_size) for path in paths for status in [path.stat()])


@lru_cache(maxsize=16)
def _read_facts(folder: Path, files: object) -> tuple[Mapping[str, Fact], tuple[DefinitionError, ...]]:
    facts: dict[str, Fact] = {}
    faults: list[DefinitionError] = []
    for path in sorted(folder.glob("*.yaml")):
        for node in _entries(path, faults):
            for fact in gather([node], lambda entry: _read_fact(entry, folder.parent), faults):
                if fact.id in facts:
                    faults.append(
                        node.fault(f"the fact “{fact.id}” stands in another file too.", "Keep one of the two.")
                    )
                facts[fact.id] = fact
    return MappingProxyType(facts), tuple(faults)


def _entries(path: Path, faults: list[DefinitionError]) -> list[Located]:
    tree, found = read_with_faults(path.read_bytes(), short_name(path))
    faults.extend(found)
    try:
        if not isinstance(tree, Located):
            raise Located(short_name(path), 1, "").fault("the file should be a mapping.", "Begin with “facts:”.")
        check_keys(tree, ("facts",), ("facts",))
        facts = tree.table("facts")
        return gather(facts, facts.table, faults)
    except DefinitionError as fault:
        faults.append(fault)
        return []


def _read_fact(node: Located, room: Path) -> Fact:
    fact_id = node.at.removeprefix("facts.")
    check_keys(node, (*_KEYS, *_MORE_KEYS), ("of", "kind", "zh", "en", "source"))
    if not _ID.fullmatch(fact_id):
        raise node.fault(
            f"“{fact_id}” cannot be the id of a fact.", "Use small letters, digits and _, as in key_process_count."
        )
    label = read_text(node)
    kind = one_of(node, "kind", FactKind)
    fact = Fact(
        id=fact_id,
        of=one_of(node, "of", SubjectKind),
        kind=kind,
        label=label,
        ask=node.bilingual_or_none("ask") or label,
        definition=node.bilingual_or_none("definition"),
        unit=node.bilingual_or_none("unit"),
        min=node.number_or_none("min"),
        max=node.number_or_none("max"),
        whole=node.flag("whole"),
        options=_options(node, room),
        evidence=tuple(read_text(entry, only=True) for entry in node.tables("evidence")),
        source=read_source(node.table("source")),
        format=node.text_or_none("format"),
        required=node.flag("required"),
        best=node.text_or_none("best"),
    )
    _refuse_nonsense(node, fact)
    return fact


def steps(fact: Fact) -> tuple[str, ...]:
    """Return the codes of a choice from the worst to the best; none where its options are no steps."""
    codes = tuple(option.code for option in fact.options)
    if fact.best is None:
        return ()
    return codes if fact.best == codes[-1] else codes[::-1]


def read_source(node: Located) -> Source:
    """Return the source {title, where, confidence} that stands in `node`."""
    check_keys(node, ("where",), ("title", "confidence"))
    return Source(node.text("title"), node.text_or_none("where"), one_of(node, "confidence", Confidence))


def one_of(node: Located, key: str, words: type[Any]) -> Any:
    """Return the member of the StrEnum `words` that `key` names."""
    word = node.text(key)
    known = [member.value for member in words]
    if word not in known:
        remedy = did_you_mean(word, known) or f"Known here: {', '.join(known)}."
        raise node.fault(f"“{word}” is not known here.", remedy, key)
    return words(word)


def _options(node: Located, room: Path) -> tuple[Option, ...]:
    if "options_from" not in node:
        return tuple(_option(entry) for entry in node.tables("options"))
    path = room / f"{node.text('options_from')}.yaml"
    if not path.is_file():
        raise node.fault(
            f"there is no {short_name(path)}.", "Name a list that stands beside the folder.", "options_from"
        )
    return read_options_file(path)


def read_options_file(path: Path) -> tuple[Option, ...]:
    """Return the options of a list of its own: those under `current`, then those under `retired`."""
    tree = read_yaml(path)
    current = tuple(_listed(entry, retired=False) for entry in tree.tables("current"))
    return current + tuple(_listed(entry, retired=True) for entry in tree.tables("retired"))


def _listed(node: Located, retired: bool) -> Option:
    return Option(node.text("code"), read_text(node), retired=retired)


def _option(node: Located) -> Option:
    check_keys(node, ("alone",), ("code", "zh", "en"))
    return Option(node.text("code"), read_text(node), node.flag("alone"))


def _refuse_nonsense(node: Located, fact: Fact) -> None:
    codes = [option.code for option in fact.options]
    formats = _FORMATS.get(fact.kind, ())
    chosen = fact.kind in (FactKind.CHOICE, FactKind.CHOICES)
    number = fact.kind is FactKind.NUMBER
    for wrong, key, fault, remedy in (
        (chosen and len(codes) < 2, None, "a choice needs at least two options.", "Add options or options_from."),
        (not chosen and codes, "options", f"a {fact.kind} has no options.", "Remove them, or make the kind choice."),
        (len(codes) > len(set(codes)), "options", "two options have the same code.", "Give each its own code."),
        (
            any(option.alone for option in fact.options) and fact.kind is not FactKind.CHOICES,
            "options",
            "“alone” means something only for several choices.",
            "Remove it.",
        ),
        (
            fact.best is not None and (fact.kind is not FactKind.CHOICE or fact.best not in (*codes[:1], *codes[-1:])),
            "best",
            "the best option is the first or the last one of a choice.",
            "Name that one, or leave it out where the options are no steps.",
        ),
        (number and fact.min is None, None, "a number needs the least value it may have.", "Add min."),
        (number and fact.max is None, None, "a number needs the greatest value it may have.", "Add max."),
        (number and fact.unit is None, None, "a number needs its unit.", "Add unit: {zh: …, en: …}."),
        (
            not number and {"min", "max", "unit", "whole"} & {*node},
            None,
            f"a {fact.kind} has no range or unit.",
            "Remove it.",
        ),
        (number and _upside_down(fact), "max", "max is below min.", "Exchange them."),
        (
            fact.format not in (None, *formats),
            "format",
            f"a {fact.kind} has no such format.",
            f"Known: {', '.join(formats)}." if formats else "Remove it.",
        ),
    ):
        if wrong:
            raise node.fault(fault, remedy, key)


def _upside_down(fact: Fact) -> bool:
    return fact.min is not None and fact.max is not None and fact.max < fact.min
