"""The part of `less_work` that has to do with the renderer's own style sheets: only what can apply is read.

The renderer reads them at each start, 290 rules and 60 ways to count for everything HTML knows, before it has seen
what is printed. Here they are read when it is known which elements and attributes a text has, and which ways to count
its style sheets name: a tenth of them. What cannot apply changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

from reports import declarations, less_work

RULE = re.compile(r"\s*([^{}]+?)\s*(\{(?:[^{}]|\{[^{}]*\})*\})")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INSIDE = r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"  # of brackets in a selector, three deep
SELECTOR = re.compile(rf"(?:[^,()\[\]]|\[[^\]]*\]|{INSIDE})+")
ONE_OF, PART = re.compile(rf":is({INSIDE})"), re.compile(r"\s*::([\w-]+)")
CONDITION = re.compile(rf":(?!is\()[\w-]+(?:{INSIDE})?")
MARGIN = re.compile(r"@([\w-]+)\s*\{[^{}]*\}")
ATTRIBUTE, ELEMENT = re.compile(r"\[([\w-]+)[^\]]*\]"), re.compile(r"[\w-]+")
COUNTING, EXTENDED = "@counter-style ", re.compile(r"system: extends ([\w-]+)")
ALWAYS = frozenset(("decimal", "disc", "circle", "square", "disclosure-open", "disclosure-closed"))


@contextmanager
def unread() -> Iterator[None]:
    """Let the renderer be imported without reading its style sheets."""
    if not declarations.renderer_is_known():
        yield
        return
    import tinycss2  # type: ignore[import-untyped]  # noqa: PLC0415  # the web process imports this file without it

    read = tinycss2.parse_stylesheet
    tinycss2.parse_stylesheet = lambda text: []
    try:
        yield
    finally:
        tinycss2.parse_stylesheet = read


def read_all() -> None:
    """Read them whole, where the renderer has them: for another version of it, and for texts not yet known."""
    from weasyprint import html  # noqa: PLC0415  # as above

    if not are_read():
        html.UA_STYLESHEET.__init__(string=html.UA, counter_style=html.UA_COUNTER_STYLE)
        html.UA_FORM_STYLESHEET.__init__(string=html.UA_FORM, counter_style=html.UA_COUNTER_STYLE)
        html.PH_STYLESHEET.__init__(string=html.PH)


def are_read() -> bool:
    """Tell whether the renderer has its style sheets as a whole."""
    from weasyprint.html import UA_STYLESHEET  # noqa: PLC0415  # as above

    return bool(UA_STYLESHEET.matcher.order)


def sheet_for(root: ElementTree.Element, html: str, fetcher: Any) -> tuple[Any, Any]:
    """Return the renderer's own style sheet and ways to count, as far as they can apply to `html`, read as `root`."""
    from weasyprint import CSS  # noqa: PLC0415  # as above
    from weasyprint.css.counters import CounterStyle  # noqa: PLC0415  # as above
    from weasyprint.html import UA  # noqa: PLC0415  # as above

    counting = CounterStyle()
    text = applying(UA, root, lambda part: less_work.is_named(part, html))
    return CSS(string=text, url_fetcher=fetcher, counter_style=counting), counting


def applying(sheet: str, root: ElementTree.Element, is_named: Callable[[str], bool]) -> str:
    """Return the rules of a style sheet that can apply to `root`, to what is below it, and to parts that are named."""
    elements, attributes = _names(root)
    rules = RULE.findall(COMMENT.sub("", sheet))
    counting = {prelude.removeprefix(COUNTING): body for prelude, body in rules if prelude.startswith(COUNTING)}
    others = [rule for rule in rules if not rule[0].startswith(COUNTING)]
    text = "".join(
        prelude + MARGIN.sub(lambda box: box[0] if is_named(f"@{box[1]}") else "", body)
        if prelude == "@page"
        else kept + body
        for prelude, body in others
        if (kept := _possible(prelude, elements, attributes, is_named))
    )
    return text + _named(counting, _styles(root, attributes))


def _names(root: ElementTree.Element) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of all elements and of all attributes, in small letters."""
    elements: set[Any] = set()
    attributes: set[str] = set()
    for element in root.iter():
        elements.add(element.tag)
        attributes.update(element.attrib)
    # What is not HTML has its namespace before its name; a comment has a function for a name.
    names = (tag.rpartition("}")[2].lower() for tag in elements if isinstance(tag, str))
    return frozenset(names), frozenset(name.lower() for name in attributes)


def _possible(
    selectors: str, elements: frozenset[str], attributes: frozenset[str], is_named: Callable[[str], bool]
) -> str:
    """Return those of some selectors that ask for no other element, attribute or part; a page is always there."""
    if selectors == "@page":
        return selectors
    possible = [one for one in SELECTOR.findall(selectors) if _is_possible(one, elements, attributes)]
    return ",".join(one for one in possible if not (part := PART.fullmatch(one)) or is_named(part[1]))


def _is_possible(selector: str, elements: frozenset[str], attributes: frozenset[str]) -> bool:
    asked = CONDITION.sub("", PART.sub("", selector))
    for several in ONE_OF.findall(asked):
        if not any(_is_possible(one, elements, attributes) for one in SELECTOR.findall(several[1:-1])):
            return False
    plain = ONE_OF.sub("", asked)
    names = ELEMENT.findall(ATTRIBUTE.sub("", plain))
    return elements.issuperset(names) and attributes.issuperset(ATTRIBUTE.findall(plain))


def _styles(root: ElementTree.Element, attributes: frozenset[str]) -> str:
    """Return everything below `root` that is read as a style."""
    sheets = ["".join(element.itertext()) for element in root.iter("style")]
    if "style" in attributes:
        sheets += [element.attrib.get("style", "") for element in root.iter()]
    return "\n".join(sheets).lower()


def _named(counting: dict[str, str], styles: str) -> str:
    """Return the rules of the ways to count that some styles name, of those that these rest on, and of plain numbers.

    A name may be written with escapes, and then is not found: all of them are kept.
    """
    named = set(counting) if "\\" in styles else {name for name in counting if name in ALWAYS or name in styles}
    while resting := {base for name in named for base in EXTENDED.findall(counting[name])} - named:
        named |= resting
    return "".join(f"{COUNTING}{name}{body}" for name, body in counting.items() if name in named)
