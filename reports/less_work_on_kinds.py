"""The part of `less_work` that tells kinds of elements apart: two of a kind have the same style.

They are of a kind when nothing that a selector of this document can ask tells them apart: parents of the same kind, the
same name, class and other attributes asked for, and the same kind of element before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import CodeType
from typing import Any, NamedTuple

SVG, LANG = "{http://www.w3.org/2000/svg}svg", "{http://www.w3.org/XML/1998/namespace}lang"
ALWAYS = frozenset(("class", "lang", LANG, "style"))
QUOTED = re.compile(r'["\\\0-\x1f\x7f]')  # what a style sheet does not read as it stands
# All that a selector, as cssselect2 compiles it, may ask an element, and the one before it.
ASKED_BEFORE = frozenset(("local_name", "in_html_document", "classes", "parent", "ancestors", "any", "next"))
ASKED = ASKED_BEFORE | frozenset(
    (
        "id",
        "lang",
        "etree_element",
        "tag",
        "attrib",
        "get",
        "lower",
        "startswith",
        "endswith",
        "namespace_url",
        "previous",
        "index",
        "split_whitespace",
    )
)
HEARD = re.compile("counter|string|bookmark|content|quotes|display|float|position|var")


class Asks(NamedTuple):
    """What one selector, or all of a document, can ask an element."""

    attributes: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()  # names and classes of the element before
    unknown: frozenset[str] = frozenset()  # names and classes of elements that are asked for more


class Crowd:
    """The elements of a document by their kinds; the renderer takes it for a document with one element of each."""

    def __init__(self, html: Any, asks: Asks) -> None:
        self.base_url, self.root, self.asks = html.base_url, html.wrapper_element, asks
        self.first: dict[Any, Any] = {}  # element outside of drawings -> the first of its kind
        self.drawings: list[Any] = []
        self.drawn: set[Any] = set()  # first elements of the kinds inside of drawings
        self.known = True
        self._places: dict[Any, tuple[Any, int, Any]] = {}  # kind of the parent, index, element before
        self._numbers: dict[Any, int] = {}
        self._firsts: list[Any] = []
        self._wrapped: dict[Any, Any] = {self.root.etree_element: self.root}
        self._telling = ALWAYS | asks.attributes
        self._telling_inside, self._telling_drawing = self._telling - {"style"}, self._telling | {"width", "height"}
        self._drawn_names: set[str] = set()
        self._links: set[str] = set()
        self._walk(self.root.etree_element, None, 0, None, None)
        self.known = self.known and self._drawn_names.isdisjoint(self._links)
        self.etree_element, self.wrapper_element = _Root(self.root.etree_element, self._firsts), self

    def iter_subtree(self) -> Iterator[Any]:
        """Return the first element of each kind, as cssselect2 wraps it."""
        return (self._wrap(element) for element in self._firsts)

    def _wrap(self, element: Any) -> Any:
        if element not in self._wrapped:
            parent, index, before = self._places[element]
            above, make, given = self._wrap(self._firsts[parent]), type(self.root), self.root.in_html_document
            previous = None if before is None else make(before, above, index - 1, None, given)
            self._wrapped[element] = make(element, above, index, previous, given)
        return self._wrapped[element]

    def _walk(self, element: Any, parent: int | None, index: int, before: Any, drawing: Any) -> None:
        if not self._is_known(element, drawing):
            self.known = False
        if not self.known:
            return
        kind = (parent, *self._kind(element, drawing), index == 0, self._of_before(before))
        number = self._numbers.setdefault(kind, len(self._firsts))
        if number == len(self._firsts):
            self._firsts.append(element)
            self._places[element] = (parent, index, before)
        first = self._firsts[number]
        if drawing is None:
            self.first[element] = first
        else:
            self.drawn.add(first)
        if drawing is None and element.tag == SVG:
            drawing = element
            self.drawings.append(element)
        last = None
        for place, child in enumerate(element):
            self._walk(child, number, place, last, drawing)
            last = child

    def _is_known(self, element: Any, drawing: Any) -> bool:
        """Tell whether the kind of an element tells all about it; take note of names and links."""
        tag, attributes = element.tag, element.attrib
        if not isinstance(tag, str) or (tag == "a" and "name" in attributes):
            return False
        name = attributes.get("id", "")
        if drawing is None:
            self._links.update(value[1:] for value in attributes.values() if value[:1] == "#")
            quoted = QUOTED.search(name)
        else:
            self._drawn_names.add(name)
            quoted = HEARD.search(attributes.get("style", ""))
        return not quoted and self.asks.unknown.isdisjoint(_called(element))

    def _kind(self, element: Any, drawing: Any) -> tuple[Any, ...]:
        tag, attributes = element.tag, element.attrib
        telling = self._telling if drawing is None else self._telling_inside
        if tag == SVG and drawing is None:
            telling = self._telling_drawing
        return tag, tuple(one for one in attributes.items() if one[0] in telling), "href" in attributes

    def _of_before(self, before: Any) -> frozenset[str] | None:
        return None if before is None else self.asks.before.intersection(_called(before))


class _Root:
    """The root of a document for someone who is to see the first element of each kind alone."""

    def __init__(self, element: Any, firsts: list[Any]) -> None:
        self.element, self.firsts = element, firsts

    def __eq__(self, other: object) -> bool:
        return other is self.element

    def __hash__(self) -> int:
        return hash(self.element)

    def iter(self) -> Iterator[Any]:
        return iter(self.firsts)


def _called(element: Any) -> list[str]:
    """Return the classes and the name of an element."""
    return [*element.get("class", "").split(), element.tag.rpartition("}")[2].lower()]


def crowd_of(html: Any, matchers: list[Any]) -> Crowd | None:
    """Return the elements by their kinds; None where kinds do not tell enough."""
    asks = [_asked(matcher) for matcher in matchers]
    if None in asks:
        return None
    crowd = Crowd(html, _together(one for one in asks if one is not None))
    return crowd if crowd.known else None


def _together(several: Iterator[Asks]) -> Asks:
    return Asks(*(frozenset().union(*parts) for parts in zip(*several, strict=True)))


def _asked(matcher: Any) -> Asks | None:
    """Return what the selectors of a style sheet can ask; None if any element may be asked for more."""
    found = [Asks()]
    for one in (matcher.class_selectors, matcher.lower_local_name_selectors):
        for name, entries in one.items():
            for entry in entries:
                asks = _asks(entry[0])
                found.append(Asks(unknown=frozenset((name,))) if asks is None else asks)
    named, spaced = matcher.id_selectors.values(), matcher.namespace_selectors.values()
    for of_all in (*named, *spaced, matcher.lang_attr_selectors, matcher.other_selectors):
        for entry in of_all:
            asks = _asks(entry[0])
            if asks is None:
                return None
            found.append(asks)
    return _together(iter(found))


def _asks(test: Any) -> Asks | None:
    """Return what a selector can ask; None if it asks for more than a kind tells."""
    if not hasattr(test, "asks"):
        test.asks = _read(test.__code__)
    asks: Asks | None = test.asks
    return asks


def _read(selector: CodeType) -> Asks | None:
    codes = list(_codes(selector))
    if not all(_is_told(code) for code in codes):
        return None
    names = {name for code in codes for name in code.co_names}
    words = frozenset(word for code in codes for word in _words(code.co_consts))
    is_link = "href" in words and "" not in words and "attrib" not in names  # asked only whether it is one
    return Asks(
        attributes=(words if "etree_element" in names and not is_link else frozenset()) | names.intersection(("id",)),
        before=words if "previous" in names else frozenset(),
    )


def _is_told(code: CodeType) -> bool:
    """Tell whether what is asked here stands in the kind: of the element before not more than its name and classes."""
    asked = set(code.co_names)
    if "index" in asked and any(type(one) is int and one for one in code.co_consts):
        return False  # it is to be another child than the first
    inner = {name for other in _codes(code) if other is not code for name in other.co_names}
    return asked <= ASKED and ("previous" not in asked or inner <= ASKED_BEFORE)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _codes(inner)


def _words(constants: tuple[Any, ...]) -> Iterator[str]:
    for one in constants:
        if isinstance(one, str):
            yield one
        elif isinstance(one, tuple):
            yield from _words(one)
