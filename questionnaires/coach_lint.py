"""What is asked and what is explained, held against each other; and how the explanations are written.

Each file by itself is already checked while it is read; its faults are listed here too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Final

from questionnaires.coach import coach_nodes, id_of, read_coach
from questionnaires.model import Coach, Degree, Fact, FactKind, Text
from questionnaires.yaml_file import DefinitionError, Located, did_you_mean

_CHINESE: Final = "\u4e00-\u9fff"
_FULL_WIDTH: Final = re.compile(f"[{_CHINESE}\u3000-\u303f\uff00-\uffef]")
_LETTER: Final = re.compile(f"[{_CHINESE}]")
# ASCII marks that touch a Chinese character; a full stop only where no code or file name goes on behind it.
_HALF_WIDTH: Final = re.compile(rf"[{_CHINESE}][,;:?!()\"']|[,;:?!()\"'][{_CHINESE}]|[{_CHINESE}]\.(?![A-Za-z0-9])")


class Explained:
    """Everything the files of a folder explain."""

    def __init__(self, folder: Path) -> None:
        self.entries, self.faults_of_files = read_coach(folder)
        self.nodes, _ = coach_nodes(folder)
        self.ids = {id_of(node) for node in self.nodes}  # also of an entry that has a fault: it is there to be mended

    def faults(self, facts: Mapping[str, Fact], ratios: Collection[str]) -> Iterator[DefinitionError]:
        """Yield every fault of the entries; `ratios` are the indicators that questions show."""
        yield from self.faults_of_files
        practices = {fact.id for fact in facts.values() if fact.kind is FactKind.PRACTICE}
        for node in self.nodes:
            name, entry = id_of(node), self.entries.get(id_of(node))
            if name not in practices and name not in ratios:
                yield _unasked(node, facts.get(name), [*practices, *ratios])
            elif entry is not None:
                yield from _faults_of_entry(node, entry, of_ratio=name in ratios)


def _unasked(node: Located, fact: Fact | None, known: Collection[str]) -> DefinitionError:
    name = id_of(node)
    if fact is not None:
        said = f"“{name}” is a {fact.kind}; only practices and ratios that a question shows are explained."
        return node.fault(said, "Write it as the definition of the fact.")
    remedy = did_you_mean(name, known) or "Correct the id, or remove the entry."
    return node.fault(f"there is no practice “{name}”, and no question shows such a ratio.", remedy)


def _faults_of_entry(node: Located, entry: Coach, of_ratio: bool) -> Iterator[DefinitionError]:
    if of_ratio and entry.example is None:
        yield node.fault(f"“{entry.id}” is a ratio and has no degrees.", "Write one example that is computed.")
    if not of_ratio and not entry.degrees:
        remedy = "Write an example for full, mostly, partly and none."
        yield node.fault(f"“{entry.id}” is a practice.", remedy, "example")
    yield from _alike(node, entry.degrees)
    for key in node:
        yield from _faults_of_text(node.table(key), node.bilingual(key))


def _alike(node: Located, degrees: Mapping[Degree, Text]) -> Iterator[DefinitionError]:
    for (better, above), (worse, below) in combinations(degrees.items(), 2):
        if _bare(above.zh) == _bare(below.zh) or _bare(above.en) == _bare(below.en):
            said = f"the example is the same as that of “{better}”."
            yield node.fault(said, "Say what is less here.", worse)


def _bare(words: str) -> str:
    return re.sub(r"\W", "", words).casefold()


def _faults_of_text(node: Located, text: Text) -> Iterator[DefinitionError]:
    if not _LETTER.search(text.zh):
        yield node.fault("there is no Chinese in the Chinese text.", "Write it in Chinese.", "zh")
    if found := _HALF_WIDTH.search(text.zh):
        said = f"a half-width mark stands beside Chinese: “{found.group()}”."
        yield node.fault(said, "Use full-width marks in Chinese: ，。；：？！（）“”.", "zh")
    if found := _FULL_WIDTH.search(text.en):
        said = f"the English text holds Chinese: “{text.en[max(0, found.start() - 10) :][:30]}”."
        yield node.fault(said, "Write it in English.", "en")
