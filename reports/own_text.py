"""The text of a report template: Jinja2 held to very little, and what it says as paragraphs, lists and strong words.

A text is read before it is ever run: only what `_Reader` knows is let through, so it can name the documented values,
choose by `if`, go through a list by `for` and join words; it can call nothing, reach into nothing, repeat nothing
beyond the lists, and never outgrows `LONGEST_SAID`. The sandbox around it is the second wall. Nothing is escaped here:
what comes out is text, and it is escaped where it is printed, like everything else of a report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from questionnaires.model import Text
from reports.own_parts import OwnLine, OwnRun, OwnText
from reports.own_values import VALUES, Kind, Value
from reports.word_xml import printable

LONGEST = 4000  # characters that may be typed
LONGEST_SAID = 20_000  # characters that may come of them
DEEPEST = 12  # expressions within each other
DEEPEST_IF = 6  # tags within each other
MOST_NUMBER = 10**9  # that may be written
LONGEST_WORDS = 20  # between the things that `join` joins

# A value may hold marks of its own; they are kept from being read as ours by characters that no text can hold.
_AWAY = {"*": "\ufdd0", "-": "\ufdd1", "\n": " ", "\r": " "}
_HIDDEN, _SHOWN = str.maketrans(_AWAY), str.maketrans({"\ufdd0": "*", "\ufdd1": "-"})
_NONCHARACTERS = re.compile("[\ufdd0\ufdd1]")
_STRONG = re.compile(r"\*\*(.+?)\*\*")


class BadText(Exception):
    """A text that is not let through: in which line, what is wrong, and what to do."""

    def __init__(self, line: int | None, zh: str, en: str) -> None:
        line = line or 1  # what wraps others has no line of its own
        self.words = Text(f"第 {line} 行：{zh}", f"Line {line}: {en}")
        super().__init__(self.words.en)


class TooLong(Exception):
    """More came of a text than is printed."""


# --- reading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shape:
    """What an expression is: words, a number, yes or no, a group of named things, or a list of things."""

    kind: str
    parts: Mapping[str, Shape] = field(default_factory=lambda: MappingProxyType({}))  # of a group
    each: Shape | None = None  # of a list


WORDS, NUMBER, YES_NO = Shape("words"), Shape("number"), Shape("yes_no")
_LOOP = Shape("group", {"index": NUMBER, "length": NUMBER, "first": YES_NO, "last": YES_NO})
Scope = Mapping[str, Shape]


@cache
def values_in_scope() -> Scope:
    """Return the shape of every documented value."""
    found: dict[str, Shape] = {}
    for value in VALUES:
        first, _dot, second = value.name.partition(".")
        if second:
            found[first] = Shape("group", {**(found[first].parts if first in found else {}), second: _shape_of(value)})
        else:
            found[first] = _shape_of(value)
    return MappingProxyType(found)


def _shape_of(value: Value) -> Shape:
    if value.kind is Kind.ROWS:
        return Shape("list", each=Shape("group", dict.fromkeys(value.columns, WORDS)))
    if value.kind is Kind.LIST:
        return Shape("list", each=WORDS)
    return NUMBER if value.kind is Kind.NUMBER else WORDS


def check(source: str) -> None:
    """Read a text and run nothing. Raises BadText for the first thing in it that is not let through."""
    if len(source) > LONGEST:
        raise BadText(
            1, f"最多 {LONGEST} 字，现在有 {len(source)} 字。", f"at most {LONGEST} characters, not {len(source)}."
        )
    _parse(source)


def _parse(source: str) -> nodes.Template:
    try:
        read = _sandbox().parse(_plain(source))
    except TemplateSyntaxError as fault:
        raise BadText(
            fault.lineno,
            "标记读不懂。请检查 {{ }} 是否成对，{% if %} 有没有 {% endif %}，{% for %} 有没有 {% endfor %}。",
            f"the marks cannot be read ({fault.message}). Look for an open {{{{ }}}}, {{% if %}} or {{% for %}}.",
        ) from fault
    except RecursionError:
        raise _too_deep(1) from None
    _Reader().statements(read.body, values_in_scope(), 0)
    return read


def _too_deep(line: int) -> BadText:
    return BadText(line, "括号或标记套得太深，请写简单些。", "brackets or tags within each other go too deep.")


def _known(names: Mapping[str, Shape]) -> str:
    return "、".join(sorted(names))


class _Reader:
    """Goes through a parsed text and lets through what it knows; every expression has a shape."""

    def statements(self, body: list[nodes.Node], scope: Scope, depth: int, in_loop: bool = False) -> None:
        for node in body:
            if depth > DEEPEST_IF:
                raise _too_deep(node.lineno)
            match node:
                case nodes.Output():
                    for said in node.nodes:
                        self._said(said, scope)
                case nodes.If():
                    self._choice(node, scope, depth, in_loop)
                case nodes.For() if not in_loop:
                    self._loop(node, scope, depth)
                case nodes.For():
                    raise BadText(node.lineno, "循环里不能再有循环。", "a loop cannot stand in a loop.")
                case _:
                    raise BadText(
                        node.lineno,
                        "只能用 {{ 值 }}、{% if %} 和 {% for %}，不能用别的标记。",
                        "only {{ value }}, {% if %} and {% for %} can be used, no other tag.",
                    )

    def _said(self, node: nodes.Node, scope: Scope) -> None:
        if isinstance(node, nodes.TemplateData):
            return
        shape = self._shape(node, scope, 0)
        if shape not in (WORDS, NUMBER):
            raise BadText(
                node.lineno,
                "这里只能写文字或数字。列表请用 {% for %} 逐项写，或用 | join 连起来；一组值请写明要哪一个。",
                "only words or a number can be printed. Go through a list with {% for %} or use | join; of a group, "
                "name the one that is meant.",
            )

    def _choice(self, node: nodes.If, scope: Scope, depth: int, in_loop: bool) -> None:
        self._shape(node.test, scope, 0)
        self.statements(node.body, scope, depth + 1, in_loop)
        for other in node.elif_:
            self._choice(other, scope, depth + 1, in_loop)
        self.statements(node.else_, scope, depth + 1, in_loop)

    def _loop(self, node: nodes.For, scope: Scope, depth: int) -> None:
        over, target = self._shape(node.iter, scope, 0), node.target
        if over.kind != "list" or over.each is None:
            raise BadText(node.lineno, "{% for %} 只能用于列表。", "{% for %} goes through lists only.")
        if node.recursive or not isinstance(target, nodes.Name) or target.name in (*scope, "loop"):
            raise BadText(
                node.lineno,
                "{% for 名字 in 列表 %} 里的名字请另取一个，不能与已有的值同名。",
                "the name in {% for name in list %} has to be a new one.",
            )
        inside = {**scope, target.name: over.each}
        if node.test is not None:
            self._shape(node.test, inside, 0)
        self.statements(node.body, {**inside, "loop": _LOOP}, depth + 1, in_loop=True)
        self.statements(node.else_, scope, depth + 1)

    # --- expressions ------------------------------------------------------------------------------------------------

    def _shape(self, node: nodes.Node, scope: Scope, depth: int) -> Shape:
        """Return the shape of an expression. Raises BadText for what is not let through."""
        if depth > DEEPEST:
            raise _too_deep(node.lineno)
        found = self._read_by[type(node)](self, node, scope, depth) if type(node) in self._read_by else None
        if found is None:
            raise BadText(
                node.lineno,
                "这种写法不允许。能用的有：表中的值、引号里的文字、整数、~ 连接、== 等比较、and / or / not、"
                "甲 if 条件 else 乙、| length 和 | join。",
                "this is not allowed. What can be used: the values of the table, words in quotes, whole numbers, ~, "
                "comparisons, and / or / not, a if condition else b, | length and | join.",
            )
        return found

    def _constant(self, node: nodes.Const, _scope: Scope, _depth: int) -> Shape | None:
        match node.value:
            case bool():
                return YES_NO
            case str():
                return WORDS
            case int() as number if number < MOST_NUMBER:
                return NUMBER
        return None

    def _name(self, node: nodes.Name, scope: Scope, _depth: int) -> Shape:
        return self._named(node, node.name, scope)

    def _part(self, node: nodes.Getattr, scope: Scope, depth: int) -> Shape:
        return self._named(node, node.attr, self._group(node, scope, depth))

    def _not(self, node: nodes.Not, scope: Scope, depth: int) -> Shape:
        self._shape(node.node, scope, depth + 1)
        return YES_NO

    def _and_or(self, node: nodes.And | nodes.Or, scope: Scope, depth: int) -> Shape:
        return self._either(node.left, node.right, scope, depth)

    def _chosen(self, node: nodes.CondExpr, scope: Scope, depth: int) -> Shape | None:
        self._shape(node.test, scope, depth + 1)
        return self._either(node.expr1, node.expr2, scope, depth) if node.expr2 is not None else None

    def _named(self, node: nodes.Node, name: str, among: Mapping[str, Shape]) -> Shape:
        if name not in among:
            raise BadText(
                node.lineno,
                f"没有“{name[:40]}”这个值。能用的有：{_known(among)}。",
                f"there is no value “{name[:40]}”. There are: {_known(among).replace('、', ', ')}.",
            )
        return among[name]

    def _group(self, node: nodes.Getattr, scope: Scope, depth: int) -> Mapping[str, Shape]:
        shape = self._shape(node.node, scope, depth + 1)
        if shape.kind != "group":
            raise BadText(
                node.lineno,
                f"“.{node.attr[:40]}”前面的值里没有更小的值。",
                f"the value before “.{node.attr[:40]}” has nothing in it that could be named.",
            )
        return shape.parts

    def _filtered(self, node: nodes.Filter, scope: Scope, depth: int) -> Shape:
        given = self._shape(node.node, scope, depth + 1) if node.node is not None else WORDS
        plain = not node.kwargs and node.dyn_args is None and node.dyn_kwargs is None
        if node.name == "length" and plain and not node.args and given.kind in ("list", "words"):
            return NUMBER
        if node.name == "join" and plain and given == Shape("list", each=WORDS) and self._is_short(node.args):
            return WORDS
        raise BadText(
            node.lineno,
            f"“| {node.name[:40]}”不能这样用。只有两种：列表 | length 得到个数，一列文字 | join('、') 连成一句"
            f"（间隔最多 {LONGEST_WORDS} 字）。",
            f"“| {node.name[:40]}” cannot be used so. There are two: list | length counts, and a list of words | "
            f"join(', ') joins (at most {LONGEST_WORDS} characters between).",
        )

    @staticmethod
    def _is_short(args: list[nodes.Expr]) -> bool:
        match args:
            case []:
                return True
            case [nodes.Const(value=str() as words)]:
                return len(words) <= LONGEST_WORDS
        return False

    def _compared(self, node: nodes.Compare, scope: Scope, depth: int) -> Shape:
        left = self._shape(node.expr, scope, depth + 1)
        for operand in node.ops:
            right = self._shape(operand.expr, scope, depth + 1)
            if not _can_compare(operand.op, left, right):
                raise BadText(
                    node.lineno,
                    "这两个值不能这样比较：大小只比数字，== 只比同一种，in 前面是文字。",
                    "these cannot be compared so: only numbers are larger or smaller, == compares what is alike, "
                    "and words stand before in.",
                )
            left = right
        return YES_NO

    def _joined(self, node: nodes.Concat, scope: Scope, depth: int) -> Shape:
        for part in node.nodes:
            if self._shape(part, scope, depth + 1) not in (WORDS, NUMBER):
                raise BadText(part.lineno, "~ 只能连接文字和数字。", "~ joins words and numbers only.")
        return WORDS

    def _either(self, one: nodes.Node, other: nodes.Node, scope: Scope, depth: int) -> Shape:
        first, second = (self._shape(node, scope, depth + 1) for node in (one, other))
        return first if first == second else YES_NO

    _read_by: Mapping[type[nodes.Node], Callable[..., Shape | None]] = MappingProxyType(
        {
            nodes.Const: _constant,
            nodes.Name: _name,
            nodes.Getattr: _part,
            nodes.Filter: _filtered,
            nodes.Compare: _compared,
            nodes.Concat: _joined,
            nodes.Not: _not,
            nodes.And: _and_or,
            nodes.Or: _and_or,
            nodes.CondExpr: _chosen,
        }
    )


def _can_compare(sign: str, left: Shape, right: Shape) -> bool:
    if sign in ("in", "notin"):
        return left == WORDS and right in (WORDS, Shape("list", each=WORDS))
    return left == right and (left == NUMBER or (left in (WORDS, YES_NO) and sign in ("eq", "ne")))


# --- saying ---------------------------------------------------------------------------------------------------------


@cache
def _sandbox() -> ImmutableSandboxedEnvironment:
    """Return the environment of such texts: without globals, tests and all filters but two."""
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # what comes out is text: see above
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: str(value).translate(_HIDDEN),
        cache_size=0,
        optimized=False,
    )
    made.globals.clear()
    made.tests.clear()
    made.filters = {name: made.filters[name] for name in ("length", "join")}
    return made


def say(source: str, values: Mapping[str, Any]) -> str:
    """Return what a text says with these values. Raises BadText, and TooLong when it becomes longer than is printed."""
    check(source)
    said, length = list[str](), 0
    for piece in _read(_plain(source)).generate(dict(values)):
        length += len(piece)
        if length > LONGEST_SAID:
            raise TooLong
        said.append(piece)
    return printable("".join(said))


def _read(plain: str) -> Template:
    return _sandbox().from_string(plain)


def _plain(source: str) -> str:
    return _NONCHARACTERS.sub("", source.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(said: str) -> str:
    """Return what a title says, on one line and without marks."""
    return " ".join(said.split()).replace("**", "").translate(_SHOWN)


def texts(said: str) -> tuple[OwnText, ...]:
    """Return paragraphs and lists: every line is a paragraph, lines that begin with “- ” are a list."""
    return tuple(_gathered(said))


def _gathered(said: str) -> Iterator[OwnText]:
    things: list[OwnLine] = []
    for line in map(str.strip, said.split("\n")):
        if line.startswith("- "):
            things.append(_line(line[2:].strip()))
            continue
        if things:
            yield OwnText(True, tuple(things))
            things = []
        if line:
            yield OwnText(False, (_line(line),))
    if things:
        yield OwnText(True, tuple(things))


def _line(words: str) -> OwnLine:
    """Return the pieces of a line; what stands between two “**” is strong."""
    pieces = enumerate(_STRONG.split(words))
    return tuple(OwnRun(piece.translate(_SHOWN), strong=number % 2 == 1) for number, piece in pieces if piece)
