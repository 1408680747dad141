"""Reads YAML so that every value knows its line, every number is exact and every trap of YAML 1.1 is refused.

Says nothing about what a file should contain; that is for whoever reads the tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import yaml
from yaml.composer import Composer
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from questionnaires.model import Text
from questionnaires.yaml_traps import find_trap

try:
    from yaml._yaml import CParser as FastParser
except ImportError:  # pragma: no cover  # PyYAML built without libyaml: slower, the same nodes
    FastParser = None  # type: ignore[assignment,misc]

_AS_WRITTEN = "as written"  # the tag of what has no tag of its own
MOST_NODES = 500_000  # entries once every anchor is written out; our largest file has some 20,000

T = TypeVar("T")
V = TypeVar("V")


class DefinitionError(Exception):
    """A fault in a file that somebody wrote: where it stands, what is wrong, what to do. `str()` is one line.

    `fault` and `remedy` are English, for authors; `said` carries both languages where the reader gave both,
    because the same reader also reads the diagnosis files of firms.
    """

    def __init__(self, *, file: str, line: int | None, at: str, fault: str | Text, remedy: str | Text) -> None:
        self.said = (_both(fault), _both(remedy))
        self.file, self.line, self.at = file, line, at
        self.fault, self.remedy = (text.en for text in self.said)
        super().__init__(str(self))

    @property
    def where(self) -> str:
        """The file, the line where there is one and the path of keys: `facts/firm.yaml:12: facts.uscc`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.at}" if self.at else place

    def __str__(self) -> str:
        return f"{self.where}: {self.fault} {self.remedy}"


def _both(said: str | Text) -> Text:
    return said if isinstance(said, Text) else Text(said, said)


class Located(dict[str, Any]):
    """A mapping of a file: keys are text as written, and it knows its file, lines and path (`at`)."""

    __slots__ = ("at", "file", "line", "lines")

    def __init__(self, file: str, line: int | None, at: str) -> None:
        super().__init__()
        self.file, self.line, self.at = file, line, at
        self.lines: dict[str, int | None] = {}

    def fault(self, fault: str | Text, remedy: str | Text, key: str | None = None) -> DefinitionError:
        """Return the error (to be raised) for the entry `key`, or for this mapping as a whole."""
        line = self.lines.get(key, self.line) if key is not None else self.line
        at = self.at if key is None else path_to(self.at, key)
        return DefinitionError(file=self.file, line=line, at=at, fault=fault, remedy=remedy)

    def text(self, key: str) -> str:
        """Return the text of `key`; numbers, dates, true and false have to stand in quotes to be text."""
        return self._typed(key, str, _TEXT)

    def text_or_none(self, key: str) -> str | None:
        """Return the text of `key`, None when it is left out."""
        return self.text(key) if key in self else None

    def number(self, key: str) -> Fraction:
        """Return the exact number of `key`; "4/5" in quotes is a number too."""
        value = self.get(key)
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,60}/[1-9]\d{0,59}", value, re.ASCII):
            return Fraction(value)
        return value if isinstance(value, Fraction) else Fraction(self._typed(key, int, _NUMBER))

    def number_or_none(self, key: str) -> Fraction | None:
        """Return the exact number of `key`, None when it is left out."""
        return self.number(key) if key in self else None

    def whole(self, key: str) -> int:
        """Return the whole number of `key`."""
        return self._typed(key, int, _WHOLE)

    def flag(self, key: str, default: bool = False) -> bool:
        """Return whether `key` is true; `default` when it is left out."""
        return self._typed(key, bool, _FLAG) if key in self else default

    def day(self, key: str) -> date:
        """Return the date of `key`, written 2026-10-31 with or without quotes."""
        value = self.get(key)
        if isinstance(value, str) and (day := iso_day(value)):
            return day
        return self._typed(key, date, _DAY)

    def table(self, key: str) -> Located:
        """Return the mapping under `key`."""
        return self._typed(key, Located, _TABLE)

    def rows(self, key: str) -> LocatedList:
        """Return the list under `key`; an empty list when it is left out."""
        if key not in self:
            return LocatedList(self.file, self.line, path_to(self.at, key))
        return self._typed(key, LocatedList, _LIST)

    def tables(self, key: str) -> list[Located]:
        """Return the list of mappings under `key`; an empty list when it is left out."""
        return self.rows(key).of(Located, _TABLE)

    def words(self, key: str) -> tuple[str, ...]:
        """Return the list of texts under `key`; an empty one when it is left out."""
        return tuple(self.rows(key).of(str, _TEXT))

    def bilingual(self, key: str) -> Text:
        """Return the text {zh, en} under `key`."""
        return read_text(self.table(key), only=True)

    def bilingual_or_none(self, key: str) -> Text | None:
        """Return the text {zh, en} under `key`, None when it is left out."""
        return self.bilingual(key) if key in self else None

    def _typed(self, key: str, kind: type[V], wanted: _Wanted) -> V:
        if key not in self:
            raise self.fault(_missing([key]), wanted.remedy)
        value = self[key]
        if not is_a(value, kind):
            raise self.fault(wanted.instead_of(value), wanted.remedy, key)
        return cast(V, value)


class LocatedList(list[Any]):
    """A list of a file; it knows its file, the line of each entry and its path (`at`)."""

    __slots__ = ("at", "file", "line", "lines")

    def __init__(self, file: str, line: int | None, at: str) -> None:
        super().__init__()
        self.file, self.line, self.at = file, line, at
        self.lines: list[int | None] = []

    def fault(self, fault: str | Text, remedy: str | Text, index: int | None = None) -> DefinitionError:
        """Return the error (to be raised) for the entry `index`, or for the list as a whole."""
        line, at = (self.line, self.at) if index is None else (self.lines[index], path_to(self.at, index))
        return DefinitionError(file=self.file, line=line, at=at, fault=fault, remedy=remedy)

    def of(self, kind: type[T], wanted: _Wanted) -> list[T]:
        """Return the entries, all of which have to be of `kind` (`wanted` in words)."""
        for index, value in enumerate(self):
            if not is_a(value, kind):
                raise self.fault(wanted.instead_of(value), wanted.remedy, index)
        return self


class _Wanted(NamedTuple):
    """What should stand at a place, in words, and how it is written."""

    what: Text
    remedy: Text

    def instead_of(self, value: object) -> Text:
        found = named(value)
        return Text(
            f"这里应是{self.what.zh}，现在是{found.zh}。", f"this should be {self.what.en}, but it is {found.en}."
        )


_TEXT = _Wanted(
    Text("文字", "text"),
    Text("像数字或日期的文字请加引号。", "Put a text in quotes if it looks like a number or a date."),
)
_NUMBER = _Wanted(Text("数字", "a number"), Text("请写数字，例如 50 或 7.5。", "Write digits, for instance 50 or 7.5."))
_WHOLE = _Wanted(Text("整数", "a whole number"), Text("请写不带小数点的数字。", "Write digits without a point."))
_FLAG = _Wanted(Text("判断", "true or false"), Text("请写 true 或 false。", "Write true or false."))
_DAY = _Wanted(Text("日期", "a date"), Text("请按 2026-10-31 书写。", "Write year-month-day, for instance 2026-10-31."))
_TABLE = _Wanted(Text("“键: 值”", "a mapping"), Text("请写“键: 值”。", "Write keys with values here."))
_LIST = _Wanted(
    Text("列表", "a list"),
    Text("请写成 [甲, 乙]，或每行以短横开头。", "Write [a, b], or one entry a line after a dash."),
)


def is_a(value: object, kind: type) -> bool:
    """Tell whether `value` is of `kind`; true and false are not numbers here."""
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def named(value: object) -> Text:
    """Name what stands in a file, for a message: “the number 7.5”, “a list”."""
    if isinstance(value, bool):
        return Text(f"判断值 {str(value).lower()}", f"{str(value).lower()} (put it in quotes if the word is meant)")
    for kind, words in _NAMES:
        if isinstance(value, kind):
            return Text(words.zh.format(value), words.en.format(value))
    return Text("空", "empty")


_NAMES: tuple[tuple[type | tuple[type, ...], Text], ...] = (
    ((int, Fraction), Text("数字 {}", "the number {}")),
    (date, Text("日期 {}", "the date {}")),
    (str, Text("文字“{}”", "the text “{}”")),
    (dict, Text("“键: 值”", "a mapping")),
    (list, Text("列表", "a list")),
)


def path_to(at: str, key: str | int) -> str:
    """Return the path of the entry `key` of what stands at `at`: facts.uscc, options[2]."""
    if isinstance(key, int):
        return f"{at}[{key + 1}]"
    return f"{at}.{key}" if at else key


def iso_day(text: str) -> date | None:
    """Return the date of a text that is exactly year-month-day, else None."""
    if len(text) != len("2026-10-31") or not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def did_you_mean(word: str, known: Iterable[str]) -> Text | None:
    """Return “Did you mean x?” when something known is close to `word`, else None."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return Text(f"是否应为“{close[0]}”？", f"Did you mean “{close[0]}”?") if close else None


def key_faults(node: Located, allowed: Collection[str], required: Collection[str] = ()) -> Iterator[DefinitionError]:
    """Yield a fault for each key that nobody reads and one for required keys that are absent."""
    known = sorted({*allowed, *required})
    listing = Text(f"这里可以写：{'、'.join(known)}。", f"Known here: {', '.join(known)}.")
    for key in node:
        if key not in known:
            said = Text(f"这里没有“{key}”这一项。", f"nobody reads the key “{key}”.")
            yield node.fault(said, did_you_mean(key, known) or listing, key)
    if missing := [key for key in required if key not in node]:
        yield node.fault(_missing(missing), Text("请补上。", "Add it."))


def check_keys(node: Located, allowed: Collection[str], required: Collection[str] = ()) -> None:
    """Refuse a key that nobody reads and the absence of a required one; `required` need not be in `allowed`."""
    for fault in key_faults(node, allowed, required):
        raise fault


def _missing(keys: Iterable[str]) -> Text:
    return Text(f"缺少：{'、'.join(keys)}。", f"missing: {', '.join(keys)}.")


def read_text(node: Located, only: bool = False) -> Text:
    """Return the text that stands as `zh` and `en` in `node`; `only` refuses any other key beside them."""
    if only:
        check_keys(node, (), ("zh", "en"))
    for key in ("zh", "en"):
        if not node.text(key).strip():
            raise node.fault(f"the text “{key}” is empty.", "Write the sentence in both languages.", key)
    return Text(node.text("zh").strip(), node.text("en").strip())


def gather(nodes: Iterable[V], read: Callable[[V], T], faults: list[DefinitionError]) -> list[T]:
    """Read each node; put the faults of those that cannot be read into `faults`, so that all are reported at once."""
    good: list[T] = []
    for node in nodes:
        try:
            good.append(read(node))
        except DefinitionError as fault:
            faults.append(fault)
    return good


def read_yaml(path: Path) -> Located:
    """Return the tree of the file at `path`, whose outermost part is a mapping. Raises the first DefinitionError."""
    tree, faults = read_with_faults(path.read_bytes(), short_name(path))
    return _only(tree, faults, short_name(path))


def read_yaml_text(text: str | bytes, file: str) -> Located:
    """Return the tree of `text`, named `file` in messages. Raises the first DefinitionError."""
    tree, faults = read_with_faults(text, file)
    return _only(tree, faults, file)


def short_name(path: Path) -> str:
    """Return the last three parts of a path, which is how messages name a file of ours."""
    return "/".join(path.parts[-3:])


def _only(tree: object, faults: Sequence[DefinitionError], file: str) -> Located:
    if faults:
        raise faults[0]
    if not isinstance(tree, Located):
        raise _at(file, 1, "", Text("整个文件应由“键: 值”组成。", "the file should be a mapping."), _KEYS)
    return tree


def read_with_faults(
    text: str | bytes, file: str, closing_zeros: bool = False
) -> tuple[Located | LocatedList | object, list[DefinitionError]]:
    """Return the tree of `text` and every fault found in it (duplicate keys, traps); the tree is None when unreadable.

    `closing_zeros` lets 12.50 pass as a number, for files of firms: there no version can be meant.
    """
    reader = _Reader(file, closing_zeros)
    try:
        root = _compose(_decoded(text, file), file)
        return (None if root is None else reader.value(root, "")), reader.faults
    except DefinitionError as fault:
        return None, [*reader.faults, fault]


def _decoded(text: str | bytes, file: str) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        fault = Text("这里的文字不是 UTF-8 编码。", "this is not UTF-8 text.")
        raise _at(file, line, "", fault, Text("请另存为 UTF-8 编码。", "Save the file as UTF-8.")) from error


def _composer(text: str, parser: type[Any] | None = FastParser) -> Any:
    """Return a composer that leaves every plain scalar as written: `_plain` decides, not the tables of YAML 1.1."""
    readers: tuple[Any, ...] = (parser,) if parser is not None else (Reader, Scanner, Parser, Composer)
    tags = {f"DEFAULT_{kind}_TAG": _AS_WRITTEN for kind in ("SCALAR", "SEQUENCE", "MAPPING")}
    others: tuple[Any, ...] = (*readers[1:], BaseResolver)

    def start(self: Any) -> None:
        readers[0].__init__(self, text)
        for part in others:
            part.__init__(self)

    return type("Composer", (*readers, BaseResolver), {**tags, "__init__": start})()


def _compose(text: str, file: str) -> yaml.Node | None:
    remedy = Text(
        "请检查此处的缩进、引号、冒号后的空格。", "Check indentation, quotes and the blank after each colon here."
    )
    try:
        node: yaml.Node | None = _composer(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = Text("这里不符合 YAML 的写法。", f"not readable as YAML: {error.problem}.")
        raise _at(file, mark.line + 1 if mark else 1, "", said, remedy) from error
    except yaml.YAMLError as error:
        said = Text("文件中有不可见的控制字符。", "the file holds a control character.")
        raise _at(file, 1, "", said, Text("请删除后重新保存。", "Remove it and save again.")) from error
    except RecursionError as error:
        said = Text("层次太深。", "nested too deeply.")
        raise _at(file, 1, "", said, Text("请减少嵌套。", "Nest less.")) from error
    return node


class _Reader:
    """Turns composed nodes into located values and keeps every fault it meets."""

    def __init__(self, file: str, closing_zeros: bool) -> None:
        self.file, self.closing_zeros = file, closing_zeros
        self.faults: list[DefinitionError] = []
        self.done: dict[int, tuple[object, int]] = {}  # node -> value and its size; an anchor is read once
        self.size = 0

    def value(self, node: yaml.Node, at: str) -> object:
        if id(node) not in self.done:
            self.done[id(node)] = (None, MOST_NODES + 1)  # met again before it is finished: it contains itself
            before, self.size = self.size, 0
            value = self._new(node, at)
            self.done[id(node)] = (value, self.size + 1)
            self.size = before
        value, size = self.done[id(node)]
        self.size += size
        if self.size > MOST_NODES:
            raise _at(self.file, _line(node), at, _TOO_LARGE, _WRITE_OUT)
        return value

    def _new(self, node: yaml.Node, at: str) -> object:
        if node.tag != _AS_WRITTEN:
            self._note(node, at, Text(f"不接受标签 {node.tag}。", f"the tag {node.tag} is not taken."), _NO_TAG)
        if isinstance(node, yaml.MappingNode):
            return self._table(node, at)
        if isinstance(node, yaml.SequenceNode):
            return self._list(node, at)
        return node.value if isinstance(node, yaml.ScalarNode) and node.style else self._plain(node, at, is_key=False)

    def _table(self, node: yaml.MappingNode, at: str) -> Located:
        table = Located(self.file, _line(node), at)
        for key_node, value_node in node.value:
            key = self._key(key_node, at)
            if key in table:
                said = Text(
                    f"“{key}”写了两次。", f"the key “{key}” is written twice (before in line {table.lines[key]})."
                )
                self._note(key_node, path_to(at, key), said, Text("请只保留一处。", "Keep one of the two."))
            table.lines[key] = _line(key_node)
            table[key] = self.value(value_node, path_to(at, key))
        return table

    def _list(self, node: yaml.SequenceNode, at: str) -> LocatedList:
        entries = LocatedList(self.file, _line(node), at)
        for index, entry in enumerate(node.value):
            entries.lines.append(_line(entry))
            entries.append(self.value(entry, _entry_path(at, index, entry)))
        return entries

    def _key(self, node: yaml.Node, at: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._note(
                node, at, Text("键应是文字。", "a key should be text."), Text("请改写。", "Write a word as key.")
            )
            return str(_line(node))
        if not node.style:
            self._plain(node, path_to(at, node.value), is_key=True)
        return str(node.value)

    def _plain(self, node: yaml.Node, at: str, is_key: bool) -> object:
        written: str = node.value
        if iso_day(written) is None and (trap := find_trap(written, self.closing_zeros)):
            self._note(node, at, *trap)
            return written
        if is_key and written in ("", "~", "null", "true", "false"):
            said = Text(f"“{written}”不能作键。", f"“{written}” cannot be a key.")
            self._note(node, at, said, Text("请改用文字，或加引号。", "Use a word, or put it in quotes."))
        return _exact(written)

    def _note(self, node: yaml.Node, at: str, fault: Text, remedy: Text) -> None:
        self.faults.append(_at(self.file, _line(node), at, fault, remedy))


def _exact(written: str) -> object:
    if written in ("", "~", "null"):
        return None
    if written in ("true", "false"):
        return written == "true"
    if written[0] not in "-0123456789":
        return written
    if re.fullmatch(r"-?\d{1,60}", written, re.ASCII):
        return int(written)
    if re.fullmatch(r"-?\d{1,60}\.\d{1,60}", written, re.ASCII):
        return Fraction(written)
    return iso_day(written) or written


def _entry_path(at: str, index: int, entry: yaml.Node) -> str:
    """Name an entry of a list by its `id` or `code` where it has one: an author finds it sooner than by counting."""
    for key, value in entry.value if isinstance(entry, yaml.MappingNode) else ():
        if key.value in ("id", "code") and isinstance(value, yaml.ScalarNode):
            return path_to(at, value.value)
    return path_to(at, index)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _at(file: str, line: int, at: str, fault: Text, remedy: Text) -> DefinitionError:
    return DefinitionError(file=file, line=line, at=at, fault=fault, remedy=remedy)


_KEYS = Text("请按“键: 值”书写。", "Write keys with values.")
_TOO_LARGE = Text(
    "文件展开后太大，或某处引用了自身。", "too large once every anchor is written out, or it contains itself."
)
_WRITE_OUT = Text("请减少 * 引用。", "Use fewer references (*).")
_NO_TAG = Text("请去掉以 ! 开头的标签。", "Remove the tag that starts with “!”.")
