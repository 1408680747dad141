"""Reads a questionnaire from `definitions/`; finds the newest published version of an id.

A file in `definitions/` is published: it is never edited again, a change is a new version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from questionnaires.conditions import parse
from questionnaires.facts import ROOM, load_facts, one_of, stamp
from questionnaires.lists_file import read_list
from questionnaires.model import (
    Check,
    Condition,
    Fact,
    FactKind,
    Page,
    Question,
    Questionnaire,
    Section,
    SubjectKind,
    Text,
    Total,
)
from questionnaires.recall import read_recall
from questionnaires.yaml_file import (
    DefinitionError,
    Located,
    LocatedList,
    check_keys,
    did_you_mean,
    gather,
    named,
    read_text,
    read_yaml,
)


class NoSuchQuestionnaire(LookupError):
    """No questionnaire with this id and version is published; `message` names those that are."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.zh)
        self.message = message


def load(questionnaire_id: str, version: str | None = None, room: Path = ROOM) -> Questionnaire:
    """Return a published questionnaire, the newest version when none is named.

    `room` is the folder that holds facts/ and definitions/. Kept until one of the files changes.
    Raises NoSuchQuestionnaire, DefinitionError.
    """
    known = published(room)
    wanted = (questionnaire_id, version) if version else _newest(questionnaire_id, known)
    if wanted is None or wanted not in known:
        raise _not_published(questionnaire_id, version, known)
    path = _definitions(room) / f"{wanted[0]}-{wanted[1]}.yaml"
    return _load(path, stamp([path]), _Facts(load_facts(room / "facts")))


def published(room: Path = ROOM) -> tuple[tuple[str, str], ...]:
    """Return (id, version) of every questionnaire in `room`, oldest version first."""
    names = [path.stem.rpartition("-") for path in _definitions(room).glob("*.yaml")]
    return tuple(sorted(((name, version) for name, _, version in names), key=lambda item: (item[0], _order(item[1]))))


def read_questionnaire(path: Path, facts: Mapping[str, Fact]) -> Questionnaire:
    """Return the questionnaire that the file at `path` defines over `facts`. Raises the first DefinitionError."""
    questionnaire, _, faults = read_with_all_faults(path, facts)
    if faults or questionnaire is None:
        raise faults[0]
    return questionnaire


def read_with_all_faults(
    path: Path, facts: Mapping[str, Fact]
) -> tuple[Questionnaire | None, Located | None, list[DefinitionError]]:
    """Return the questionnaire of a file, its tree and every fault; what has a fault is left out of the first."""
    faults: list[DefinitionError] = []
    try:
        tree = read_yaml(path)
        return _read(tree, path, facts, faults), tree, faults
    except DefinitionError as fault:
        return None, None, [*faults, fault]


def _definitions(room: Path) -> Path:
    return room / "definitions"


def _order(version: str) -> tuple[tuple[int, str], ...]:
    """2026.10 comes after 2026.9, and what is no number comes first."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in version.split("."))


def _newest(questionnaire_id: str, known: tuple[tuple[str, str], ...]) -> tuple[str, str] | None:
    return next((one for one in reversed(known) if one[0] == questionnaire_id), None)


def _not_published(
    questionnaire_id: str, version: str | None, known: tuple[tuple[str, str], ...]
) -> NoSuchQuestionnaire:
    wanted = f"{questionnaire_id} {version}" if version else questionnaire_id
    listing = [f"{name} {number}" for name, number in known]
    return NoSuchQuestionnaire(
        Text(
            f"没有名为“{wanted}”的问卷。现有：{'、'.join(listing)}。",
            f"There is no questionnaire “{wanted}”. Published: {', '.join(listing)}.",
        )
    )


class _Facts:
    """The dictionary as a key: `load_facts` gives the same object until a file changes."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self.facts = facts

    def __hash__(self) -> int:
        return id(self.facts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Facts) and self.facts is other.facts


@lru_cache(maxsize=32)
def _load(path: Path, file: object, dictionary: _Facts) -> Questionnaire:
    return read_questionnaire(path, dictionary.facts)


# --- reading one file -------------------------------------------------------------------------------------------------


def _read(tree: Located, path: Path, facts: Mapping[str, Fact], faults: list[DefinitionError]) -> Questionnaire:
    check_keys(tree, ("lists",), ("id", "version", "zh", "en", "sections"))
    name, version = tree.text("id"), tree.text("version")
    if path.stem != f"{name}-{version}":
        raise tree.fault(
            f"the file is called {path.name}.", f"Call it {name}-{version}.yaml, or change id or version.", "id"
        )
    sections = tuple(gather(tree.tables("sections"), lambda node: _section(node, facts, faults), faults))
    _refuse_same_ids(tree.rows("sections"), faults)
    asked = {f.id: f for s in sections for p in s.pages for q in p.questions for f in q.facts}
    lists = tuple(gather(tree.tables("lists"), lambda node: read_list(node, facts), faults))
    _refuse_same_ids(tree.rows("lists"), faults)
    questionnaire = Questionnaire(name, version, read_text(tree), sections, MappingProxyType(asked), "", lists)
    return replace(questionnaire, digest=digest_of(questionnaire))


def _refuse_same_ids(nodes: LocatedList, faults: list[DefinitionError]) -> None:
    seen: set[str] = set()
    for node in nodes:
        name = node.get("id")
        if name in seen:
            faults.append(node.fault(f"“{name}” is the id of two entries.", "Give each its own id.", "id"))
        seen.add(name)


def _section(node: Located, facts: Mapping[str, Fact], faults: list[DefinitionError]) -> Section:
    check_keys(node, ("group", "subdomain"), ("id", "zh", "en", "of", "pages"))
    of: SubjectKind = one_of(node, "of", SubjectKind)
    pages = tuple(gather(node.tables("pages"), lambda page: _page(page, of, facts), faults))
    _refuse_same_ids(node.rows("pages"), faults)
    group, subdomain = node.bilingual_or_none("group"), node.text_or_none("subdomain")
    return Section(node.text("id"), read_text(node), of, pages, group, subdomain)


def _page(node: Located, of: SubjectKind, facts: Mapping[str, Fact]) -> Page:
    check_keys(node, ("show_when", "lead", "checks", "knowing", "lead_knowing"), ("id", "zh", "en", "ask"))
    asks = node.rows("ask")
    if not asks:
        raise node.fault("the page asks nothing.", "List facts under ask.", "ask")
    return Page(
        id=node.text("id"),
        title=read_text(node),
        questions=tuple(_question(ask, asks, index, of, facts) for index, ask in enumerate(asks)),
        checks=tuple(_check(check, facts) for check in node.tables("checks")),
        show_when=_condition(node, "show_when", facts) if "show_when" in node else None,
        lead=node.bilingual_or_none("lead"),
        knowing=read_recall(node, "knowing", facts),
        lead_knowing=_lead_knowing(node, facts),
    )


def _lead_knowing(node: Located, facts: Mapping[str, Fact]) -> Text | None:
    if "lead_knowing" in node and "lead" not in node:
        raise node.fault(
            "there is no lead to fall back on.", "Add lead, for while the answers are not known.", "lead_knowing"
        )
    return read_recall(node, "lead_knowing", facts)


def _condition(node: Located, key: str, facts: Mapping[str, Fact]) -> Condition:
    return parse(node[key], facts, node)


def _check(node: Located, facts: Mapping[str, Fact]) -> Check:
    check_keys(node, ("totals", "doubtful"), ("that", "say"))
    totals = tuple(_total(total, facts) for total in node.tables("totals"))
    names = {*facts, *(total.name for total in totals)}
    return Check(parse(node["that"], names, node), node.bilingual("say"), totals, node.flag("doubtful"))


def _total(node: Located, facts: Mapping[str, Fact]) -> Total:
    check_keys(node, (), ("name", "facts", "zh", "en"))
    name, added = node.text("name"), node.words("facts")
    if name in facts:
        raise node.fault(f"“{name}” is a fact.", "Give the total a name of its own.", "name")
    unknown = next((one for one in added if one not in facts), None)
    if unknown is not None:
        remedy = did_you_mean(unknown, facts) or "Name facts of those below."
        raise node.fault(f"there is no fact “{unknown}”.", remedy, "facts")
    summed = tuple(facts[one] for one in added)
    if not summed or any(fact.kind not in (FactKind.NUMBER, FactKind.YES_NO) for fact in summed):
        raise node.fault("a total adds up numbers, or counts yes.", "Name facts of these kinds.", "facts")
    if len({fact.kind for fact in summed}) > 1 or len({fact.unit for fact in summed}) > 1:
        raise node.fault("the facts are of different kinds or units.", "Add up the same things.", "facts")
    return Total(name, read_text(node), summed)


def _question(ask: object, asks: LocatedList, index: int, of: SubjectKind, facts: Mapping[str, Fact]) -> Question:
    if isinstance(ask, str):
        fact = _fact(ask, asks, index, of, facts)
        return Question((fact,), fact.ask, fact.definition)
    if not isinstance(ask, Located):
        raise asks.fault(
            f"a question cannot be {named(ask).en}.", "Write a fact, or {facts: […], zh: …, en: …}.", index
        )
    check_keys(ask, ("help", "indicator", "knowing"), ("facts", "zh", "en"))
    inner = ask.rows("facts")
    together = tuple(_fact(name, inner, place, of, facts) for place, name in enumerate(ask.words("facts")))
    if not together:
        raise ask.fault("the question asks no fact.", "List facts under facts.", "facts")
    return Question(
        together,
        read_text(ask),
        ask.bilingual_or_none("help"),
        ask.text_or_none("indicator"),
        read_recall(ask, "knowing", facts),
    )


def _fact(name: str, nodes: LocatedList, index: int, of: SubjectKind, facts: Mapping[str, Fact]) -> Fact:
    fact = facts.get(name)
    if fact is None:
        remedy = did_you_mean(name, facts) or "Add it to the fact dictionary in facts/."
        raise nodes.fault(f"there is no fact “{name}”.", remedy, index)
    if fact.of is not of:
        raise nodes.fault(
            f"“{name}” describes a {fact.of}, this section a {of}.", f"Ask it in a section of: {fact.of}.", index
        )
    return fact


# --- the digest -------------------------------------------------------------------------------------------------------


def digest_of(questionnaire: Questionnaire) -> str:
    """Return the SHA-256 over all that a questionnaire asks and shows; comments in its files do not count."""
    text = json.dumps(_plain(questionnaire), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Return `value` as JSON can hold it. What a later program adds to the model with a default leaves it as it was."""
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if _says_something(value, f)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return sorted(value)  # the facts: they stand in full where they are asked
    if isinstance(value, (Fraction, date)):
        return str(value)
    return value


def _says_something(value: Any, one: Field[Any]) -> bool:
    if not one.init or one.name == "digest" or one.metadata.get("unasked"):
        return False
    return one.default is MISSING or bool(getattr(value, one.name) != one.default)
