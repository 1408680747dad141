"""The diagnosis file zhizhen/diagnosis@1: YAML and JSON are read, JSON is written.

Every fault of a file is collected, so that it is corrected in one go. Contradictions are not faults: they are shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, TypeAlias, TypeVar

from questionnaires.answers import on_path
from questionnaires.json_file import read_json_with_faults
from questionnaires.loader import NoSuchQuestionnaire, load
from questionnaires.model import (
    Fact,
    FactKind,
    Facts,
    FilledDiagnosis,
    Questionnaire,
    State,
    Statement,
    Subject,
    SubjectKind,
    Text,
    Value,
)
from questionnaires.values import AnswerFault, decimal_text, read_value
from questionnaires.yaml_file import (
    DefinitionError,
    Located,
    did_you_mean,
    gather,
    key_faults,
    path_to,
    read_with_faults,
)

FORMAT: Final = "zhizhen/diagnosis@1"
FIRM_KEYS: Final[Mapping[str, str]] = {
    "name": "firm_name",
    **{key: key for key in ("uscc", "district", "industry", "production_type", "employees", "revenue", "systems")},
}  # key of the firm block -> fact
MAY_BE_TAILORED: Final = (
    "product_design",
    "process_design",
    "purchasing",
    "planning",
    "operation",
    "equipment_mgmt",
    "warehouse",
    "safety_env",
    "energy",
    "logistics",
    "sales",
    "customer_service",
    "product_service",
)  # 制造; the other elements are never left out (GB/T 39117-2020)
_FILE_KEYS: Final = ("questionnaire_version", "tailored", "facts", "factories")
_STATEMENT_KEYS: Final = ("value", "unknown", "not_applicable", "reason", "evidence")
_STATES: Final = _STATEMENT_KEYS[:3]

MOST_FAULTS: Final = 500  # of one file that are looked for

T = TypeVar("T")
Loader: TypeAlias = Callable[[str, str | None], Questionnaire]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a diagnosis file: where, what is wrong, what to do."""

    where: str  # file, line where there is one, path of keys
    fault: Text
    remedy: Text

    def line(self, language: str) -> str:
        """Return the fault as one line in `language` ("zh" or "en")."""
        blank = "" if language == "zh" else " "
        return f"{self.where}: {getattr(self.fault, language)}{blank}{getattr(self.remedy, language)}"

    def __str__(self) -> str:
        return self.line("zh")


class ExchangeError(ValueError):
    """A diagnosis file that cannot be read; `faults` are all that were found, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


# --- reading ----------------------------------------------------------------------------------------------------------


def read_diagnosis(
    text: str | bytes,
    file_name: str,
    loader: Loader = load,
    may_be_tailored: Collection[str] = MAY_BE_TAILORED,
) -> FilledDiagnosis:
    """Return the diagnosis that a file states, with the facts that count: those on the path.

    `file_name` is how messages call the file; .json and .yaml decide how it is read, else its first character does.
    Factories and workshops without a `key` are numbered. Raises ExchangeError with every fault.
    """
    filled, faults = read_with_every_fault(text, file_name, loader, may_be_tailored)
    if faults or filled is None:
        raise ExchangeError(faults)
    return filled


def read_with_every_fault(
    text: str | bytes,
    file_name: str,
    loader: Loader = load,
    may_be_tailored: Collection[str] = MAY_BE_TAILORED,
) -> tuple[FilledDiagnosis | None, tuple[Fault, ...]]:
    """Return what a file states without fault, as `read_diagnosis` does, and every fault of the rest.

    None where nothing is certain: the file is no diagnosis file, or its questionnaire is not known.
    """
    tree, found = _tree(text, file_name)
    reading = _Reading(loader, may_be_tailored, _FirstFaults(found[:MOST_FAULTS]))
    try:
        filled = reading.diagnosis(tree) if isinstance(tree, Located) else None
    except _Enough:
        return None, (_too_many(file_name), *_first_of_each_place(reading.faults))
    if tree is not None and not isinstance(tree, Located):
        reading.faults.append(_whole_file(file_name, Text("文件应由“键: 值”组成。", "the file should be a mapping.")))
    if filled is None or reading.questionnaire is None:
        return None, tuple(_first_of_each_place(reading.faults or [_nothing(file_name)]))
    return on_path(reading.questionnaire, filled), tuple(_first_of_each_place(reading.faults))


class _Enough(Exception):
    """So much is wrong that the rest would only take time."""


class _FirstFaults(list[DefinitionError]):
    """The first faults of a file. Each may take a while to put into words, so their number bounds the time of all."""

    def append(self, fault: DefinitionError) -> None:
        super().append(fault)
        if len(self) > MOST_FAULTS:
            raise _Enough

    def extend(self, faults: Iterable[DefinitionError]) -> None:
        for fault in faults:
            self.append(fault)


def _too_many(file_name: str) -> Fault:
    said = Text(f"错误超过 {MOST_FAULTS} 处，没有读下去。", f"there are more than {MOST_FAULTS} faults.")
    return Fault(file_name, said, Text("请先改正下面这些。", "Correct these first."))


def _first_of_each_place(faults: Iterable[DefinitionError]) -> Iterator[Fault]:
    """Yield one fault for each place: what else is said of it follows from the first."""
    seen: set[str] = set()
    for fault in faults:
        if fault.where not in seen:
            yield Fault(fault.where, *fault.said)
        seen.add(fault.where)


def _nothing(file_name: str) -> DefinitionError:
    return _whole_file(file_name, Text("文件是空的。", "the file is empty."))


def _whole_file(file_name: str, fault: Text) -> DefinitionError:
    remedy = Text(f"请从 format: {FORMAT} 写起。", f"Begin with format: {FORMAT}.")
    return DefinitionError(file=file_name, line=None, at="", fault=fault, remedy=remedy)


def _tree(text: str | bytes, file_name: str) -> tuple[object, list[DefinitionError]]:
    first = (text[:4].decode("utf-8", "replace") if isinstance(text, bytes) else text[:4]).lstrip("\ufeff \r\n\t")[:1]
    is_json = file_name.endswith(".json") or (first == "{" and not file_name.endswith((".yaml", ".yml")))
    return read_json_with_faults(text, file_name) if is_json else read_with_faults(text, file_name, closing_zeros=True)


class _Reading:
    """Reads one tree and keeps every fault it meets."""

    def __init__(self, loader: Loader, may_be_tailored: Collection[str], faults: list[DefinitionError]) -> None:
        self.loader, self.may_be_tailored, self.faults = loader, may_be_tailored, faults
        self.questionnaire: Questionnaire | None = None
        self.keys: set[str] = {"firm"}

    def diagnosis(self, tree: Located) -> FilledDiagnosis:
        self.faults.extend(key_faults(tree, _FILE_KEYS, ("format", "questionnaire", "as_of", "firm")))
        self._attempt(lambda: _refuse_other_format(tree), None)
        self.questionnaire = self._attempt(lambda: self._questionnaire(tree), None)
        return FilledDiagnosis(
            questionnaire_id=self.questionnaire.id if self.questionnaire else "",
            questionnaire_version=self.questionnaire.version if self.questionnaire else "",
            as_of=self._attempt(lambda: tree.day("as_of") if "as_of" in tree else date.min, date.min),
            firm=self._firm(tree),
            tailored=self._tailored(tree),
        )

    def _attempt(self, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except DefinitionError as fault:
            self.faults.append(fault)
            return otherwise

    def _questionnaire(self, tree: Located) -> Questionnaire | None:
        if "questionnaire" not in tree:
            return None
        try:
            return self.loader(tree.text("questionnaire"), tree.text_or_none("questionnaire_version"))
        except NoSuchQuestionnaire as error:
            remedy = Text("请改用其中一份。", "Name one of those.")
            raise tree.fault(error.message, remedy, "questionnaire") from error

    def _table(self, node: Located, key: str) -> Located:
        empty = Located(node.file, node.line, path_to(node.at, key))
        return self._attempt(lambda: node.table(key), empty) if node.get(key) is not None else empty

    def _tables(self, node: Located, key: str) -> list[Located]:
        return self._attempt(lambda: node.tables(key), []) if node.get(key) is not None else []

    def _firm(self, tree: Located) -> Subject:
        block = self._table(tree, "firm")
        is_read = isinstance(tree.get("firm", block), Located | None) and "firm" in tree
        self.faults.extend(key_faults(block, FIRM_KEYS, ("name",) if is_read else ()))
        facts = self._facts(tree, SubjectKind.FIRM)
        for key in block:
            if key in FIRM_KEYS:
                self._firm_entry(block, key, facts)
        factories = self._tables(tree, "factories")
        parts = tuple(self._factory(node, f"factory-{place}") for place, node in enumerate(factories, start=1))
        self._refuse_same_names(factories)
        return Subject(SubjectKind.FIRM, "firm", self._firm_name(block, facts), facts, parts)

    def _firm_entry(self, block: Located, key: str, facts: dict[str, Statement]) -> None:
        if FIRM_KEYS[key] in facts:
            said = Text("这一项在 facts 中又写了一次。", f"this is also stated under facts as “{FIRM_KEYS[key]}”.")
            self.faults.append(block.fault(said, Text("请只保留一处。", "Keep one of the two."), key))
        fact = self.questionnaire.facts.get(FIRM_KEYS[key]) if self.questionnaire else None
        if fact is not None:
            self._attempt(lambda: facts.__setitem__(fact.id, _statement(fact, block, key)), None)
        elif self.questionnaire and key != "name":
            self.faults.append(_unknown(block, key, self.questionnaire))

    def _firm_name(self, block: Located, facts: Facts) -> str:
        stated = facts.get(FIRM_KEYS["name"])
        if stated is not None and stated.state is State.STATED:
            return str(stated.value)
        if isinstance(block.get("name"), Located):
            said = Text("企业名称需要填写。", "the name of the firm is needed.")
            self.faults.append(block.fault(said, Text("请填写名称。", "Write the name."), "name"))
            return ""
        return self._name(block) if "name" in block else ""

    def _name(self, node: Located) -> str:
        name = self._attempt(lambda: node.text("name").strip(), "?")
        if not name:
            said = Text("名称是空的。", "the name is empty.")
            self.faults.append(node.fault(said, Text("请填写名称。", "Write the name."), "name"))
        return name

    def _factory(self, node: Located, number: str) -> Subject:
        workshops = self._tables(node, "workshops")
        parts = tuple(
            self._subject(shop, SubjectKind.WORKSHOP, f"{number}-workshop-{place}", ())
            for place, shop in enumerate(workshops, start=1)
        )
        self._refuse_same_names(workshops)
        return self._subject(node, SubjectKind.FACTORY, number, parts)

    def _subject(self, node: Located, kind: SubjectKind, number: str, parts: tuple[Subject, ...]) -> Subject:
        own = ("key", "facts", "workshops") if kind is SubjectKind.FACTORY else ("key", "facts")
        self.faults.extend(key_faults(node, own, ("name",)))
        key = self._attempt(lambda: node.text_or_none("key"), None) or number
        if key in self.keys:
            said = Text(f"“{key}”已用于另一处。", f"the key “{key}” is in use.")
            self.faults.append(node.fault(said, Text("请改用别的 key，或去掉它。", "Use another one, or none."), "key"))
        self.keys.add(key)
        return Subject(kind, key, self._name(node) if "name" in node else "", self._facts(node, kind), parts)

    def _refuse_same_names(self, nodes: Iterable[Located]) -> None:
        seen: set[object] = set()
        for node in nodes:
            name = str(node.get("name")).strip()
            if name in seen and "name" in node:
                said = Text(f"“{name}”出现了两次。", f"two of them are called “{name}”.")
                remedy = Text("请用不同的名称区分。", "Give them different names.")
                self.faults.append(node.fault(said, remedy, "name"))
            seen.add(name)

    def _facts(self, node: Located, kind: SubjectKind) -> dict[str, Statement]:
        stated = self._table(node, "facts")
        if self.questionnaire is None:
            return {}
        questionnaire = self.questionnaire
        return dict(gather(stated, lambda name: (name, _of_subject(stated, name, kind, questionnaire)), self.faults))

    def _tailored(self, tree: Located) -> Mapping[str, str]:
        node = self._table(tree, "tailored")
        for key in node:
            if key not in self.may_be_tailored:
                said = Text(f"能力子域“{key}”不能裁剪。", f"the capability subdomain “{key}” cannot be left out.")
                listing = "、".join(self.may_be_tailored)
                other = Text(f"只有制造要素下的可以：{listing}。", f"Only those of manufacturing can: {listing}.")
                self.faults.append(node.fault(said, did_you_mean(key, self.may_be_tailored) or other, key))
        return dict(gather(sorted(node), lambda key: (key, _reason(node, key)), self.faults))


def _refuse_other_format(tree: Located) -> None:
    if "format" in tree and tree["format"] != FORMAT:
        said = Text("不认识这种文件格式。", "this format is not known.")
        raise tree.fault(said, Text(f"请写 format: {FORMAT}。", f"Write format: {FORMAT}."), "format")


def _of_subject(node: Located, name: str, kind: SubjectKind, questionnaire: Questionnaire) -> Statement:
    fact = questionnaire.facts.get(name)
    if fact is None:
        raise _unknown(node, name, questionnaire)
    if fact.of is not kind:
        raise _elsewhere(node, fact)
    return _statement(fact, node, name)


def _unknown(node: Located, name: str, questionnaire: Questionnaire) -> DefinitionError:
    said = Text(f"问卷中没有“{name}”这一项。", f"the questionnaire asks no fact “{name}”.")
    other = Text("请对照问卷的填报项目录，或删去这一项。", "Look it up in the fact dictionary, or remove it.")
    return node.fault(said, did_you_mean(name, questionnaire.facts) or other, name)


_SUBJECT_NAMES: Final = {
    SubjectKind.FIRM: Text("企业", "firm"),
    SubjectKind.FACTORY: Text("工厂", "factory"),
    SubjectKind.WORKSHOP: Text("车间", "workshop"),
}


def _elsewhere(node: Located, fact: Fact) -> DefinitionError:
    name = _SUBJECT_NAMES[fact.of]
    said = Text(f"“{fact.label.zh}”是{name.zh}的填报项。", f"“{fact.id}” is a fact of a {name.en}.")
    return node.fault(said, Text(f"请移到{name.zh}的 facts 下。", f"Move it to the facts of the {name.en}."), fact.id)


def _statement(fact: Fact, holder: Located, key: str) -> Statement:
    given = holder[key]
    if not isinstance(given, Located):
        return Statement(State.STATED, _value(fact, holder, key))
    for fault in key_faults(given, _STATEMENT_KEYS):
        raise fault
    states = [state for state in _STATES if state in given]
    if len(states) != 1:
        said = Text("应写 value、unknown、not_applicable 之一。", "one of value, unknown, not_applicable is needed.")
        raise holder.fault(said, Text("请只写其中一个。", "Write exactly one of them."), key)
    evidence = given.words("evidence")
    if states == ["value"]:
        return Statement(State.STATED, _value(fact, given, "value"), given.text_or_none("reason"), evidence)
    if states == ["unknown"]:
        return _unknown_statement(given, evidence)
    return _not_applicable(fact, given, evidence)


def _value(fact: Fact, node: Located, key: str) -> Value:
    if node[key] is None:
        said = Text("这一项是空的。", "the entry is empty.")
        remedy = Text(
            "未填的项请整行删去；不清楚请写 {unknown: true}。", "Leave a blank fact out, or write {unknown: true}."
        )
        raise node.fault(said, remedy, key)
    try:
        return read_value(fact, node[key])
    except AnswerFault as error:
        remedy = Text("改正后重新导入。", "Correct it and read the file again.")
        raise node.fault(error.message, remedy, key) from error


def _unknown_statement(node: Located, evidence: tuple[str, ...]) -> Statement:
    if not node.flag("unknown"):
        said = Text("unknown 只能写 true。", "unknown can only be true.")
        raise node.fault(said, Text("请写 true，或改写 value。", "Write true, or give a value."), "unknown")
    return Statement(State.UNKNOWN, None, node.text_or_none("reason"), evidence)


def _not_applicable(fact: Fact, node: Located, evidence: tuple[str, ...]) -> Statement:
    if fact.kind is FactKind.PRACTICE:
        said = Text("成熟度要求不能写不适用。", "a maturity requirement cannot be not applicable.")
        remedy = Text(
            "请选满足程度；整个能力子域不涉及时写在 tailored 下。",
            "Give its degree; a whole capability subdomain can be left out under tailored.",
        )
        raise node.fault(said, remedy, "not_applicable")
    return Statement(State.NOT_APPLICABLE, None, _reason(node, "not_applicable"), evidence)


def _reason(node: Located, key: str) -> str:
    if reason := node.text(key).strip():
        return reason
    raise node.fault(Text("没有写明理由。", "the reason is empty."), Text("请写明理由。", "Write the reason."), key)


# --- writing ----------------------------------------------------------------------------------------------------------


def write_diagnosis(filled: FilledDiagnosis) -> str:
    """Return `filled` as the JSON text of a diagnosis file; the same diagnosis always gives the same text."""
    firm = filled.firm
    block = {key: _written(firm.facts[fact]) for key, fact in FIRM_KEYS.items() if fact in firm.facts}
    document = {
        "format": FORMAT,
        "questionnaire": filled.questionnaire_id,
        "questionnaire_version": filled.questionnaire_version,
        "as_of": filled.as_of.isoformat(),
        "firm": {"name": firm.name, **block},
        "tailored": dict(sorted(filled.tailored.items())),
        "facts": _written_facts({name: s for name, s in firm.facts.items() if name not in FIRM_KEYS.values()}),
        "factories": [_written_part(part) for part in firm.parts],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _written_part(subject: Subject) -> dict[str, object]:
    part: dict[str, object] = {"key": subject.key, "name": subject.name, "facts": _written_facts(subject.facts)}
    if subject.kind is SubjectKind.FACTORY:
        part["workshops"] = [_written_part(inner) for inner in subject.parts]
    return part


def _written_facts(facts: Facts) -> dict[str, object]:
    return {name: _written(facts[name]) for name in sorted(facts)}


def _written(statement: Statement) -> object:
    if statement.state is State.STATED and statement.reason is None and not statement.evidence:
        return _json_value(statement.value)
    if statement.state is State.NOT_APPLICABLE:
        table: dict[str, object] = {"not_applicable": statement.reason}
    else:
        stated = statement.state is State.STATED
        table = {"value": _json_value(statement.value)} if stated else {"unknown": True}
        table |= {"reason": statement.reason} if statement.reason is not None else {}
    return table | ({"evidence": list(statement.evidence)} if statement.evidence else {})


def _json_value(value: Value | None) -> object:
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else decimal_text(value) or str(value)
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value
