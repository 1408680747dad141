"""The part of `less_work` that has to do with styles: which rules apply to an element, and what comes of them.

A report has three thousand elements and two hundred styles. What stands alike gets the style of the first of its kind
(`less_work_on_kinds`). Left to the renderer's own way are documents whose selectors ask for more than a kind tells,
and those whose rules speak of anchors or of the size of the page.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import Any

from reports.less_work_on_kinds import Crowd, crowd_of
from reports.less_work_on_text import put_in_place

# Whatever depends on where in the document an element is printed, or has a name of its own.
SINGULAR = re.compile(
    r"""\d[lsdp]?v(?:w|h|i|b|min|max)\b | (?<![\w-])(?:-weasy-)?anchor\s*: | target-[a-z]+\(\s*["'u]""",
    re.IGNORECASE | re.VERBOSE,
)
COMMON = frozenset(("before", "after", "marker", "first-line", "first-letter"))  # no style of these is changed later
# What an element inside of a drawing could do to the document around it, though it has no box of its own.
HEARD = frozenset(
    (
        "counter_reset",
        "counter_set",
        "counter_increment",
        "string_set",
        "bookmark_label",
        "bookmark_level",
        "content",
        "quotes",
        "display",
        "float",
        "position",
    )
)
HIDDEN = {"display": ("none",)}


def leave_out() -> None:
    """Arrange it for this process."""
    _share_styles()
    _compute_simply()


def is_singular(html: str) -> bool:
    """Tell whether elements may not share a style though the same rules apply to them."""
    return SINGULAR.search(html) is not None


def _share_styles() -> None:
    from weasyprint import css  # noqa: PLC0415

    class Styles(css.StyleFor):  # type: ignore[misc]  # the library has no types
        """The styles of a document, each computed once."""

        def __init__(self, html: Any, sheets: Any, presentational_hints: bool, font_config: Any, targets: Any) -> None:
            self.of_pages: dict[Any, Any] = {}
            given = (sheets, presentational_hints, font_config)
            shares = not presentational_hints and any(getattr(one, "shares", False) for one, _, _ in sheets)
            crowd = crowd_of(html, [one.matcher for one, _, _ in sheets]) if shares else None
            self.shares = crowd is not None
            if crowd is not None:
                super().__init__(crowd, *given, None)
                _note_what_is_absent(list(self._computed_styles.values()), sheets)
                self.shares = _dress(crowd, self._computed_styles, targets)
            if not self.shares:
                super().__init__(html, *given, targets)

        def set_computed_styles(
            self, element: Any, parent: Any, root: Any = None, pseudo_type: str | None = None, **given: Any
        ) -> None:
            """Share the styles of pages, and of their margin boxes, to which the same rules apply."""
            is_page = isinstance(element, tuple)
            rules = self._cascaded_styles.get((element, pseudo_type), {})
            # Lengths may be unknown on the first page.
            if not self.shares or not is_page or not element.index or "display" in rules:
                super().set_computed_styles(element, parent, root, pseudo_type, **given)
                if (
                    not is_page
                ):  # as if there were targets: the renderer takes a style of which nothing is known for none
                    self._computed_styles[element, pseudo_type]["anchor"]
                return
            heir = id(self._computed_styles[parent, None])
            key = (heir, pseudo_type, *((name, id(value), str(weight)) for name, (value, weight) in rules.items()))
            if key not in self.of_pages:
                super().set_computed_styles(element, parent, root, pseudo_type, **given)
                self.of_pages[key] = self._computed_styles[element, pseudo_type]
            self._computed_styles[element, pseudo_type] = self.of_pages[key]

    put_in_place(css.StyleFor, Styles)


def _compute_simply() -> None:
    """Take a value that no rule sets from the parent, or as it is in the beginning, without looking at it."""
    from weasyprint.css import ComputedStyle, computed_values, properties  # noqa: PLC0415

    compute = ComputedStyle.__missing__
    beginning, inherited = properties.INITIAL_VALUES, properties.INHERITED
    logical = {
        translate(block="ttb", inline=way)
        for translate in computed_values.PHYSICAL_FUNCTIONS.values()
        for way in ("ltr", "rtl")
    }
    special = {
        "float",
        "display",
        "position",
        "page",
        *(one for one in beginning if one.startswith("text_decoration_")),
    }
    simple = set(beginning) - special - (properties.INITIAL_NOT_COMPUTED - inherited)

    def __missing__(style: Any, key: str) -> Any:  # noqa: N807 - the renderer's
        kept = vars(style)
        if "physical" not in kept:
            kept["physical"] = style.parent_style is not None and logical.isdisjoint(style.cascaded)
        if key in style.cascaded or key not in simple or not kept["physical"]:
            return compute(style, key)
        value = style[key] = style.parent_style[key] if key in inherited else beginning[key]
        return value

    ComputedStyle.__missing__ = __missing__


def _dress(crowd: Crowd, styles: dict[Any, Any], targets: Any) -> bool:
    """Give every element the style of the first of its kind; tell whether it may have that."""
    pseudos = defaultdict(list)
    for element, pseudo in styles:
        if pseudo:
            pseudos[element].append(pseudo)
    if any(_is_heard(styles[first, None], pseudos[first]) for first in crowd.drawn):
        return False
    styles |= {(child, None): HIDDEN for drawing in crowd.drawings for child in drawing}
    for element, first in crowd.first.items():
        name = element.get("id") or None
        if element is not first:
            styles[element, None] = _style(styles[first, None], name)
            for pseudo in pseudos.get(first, ()):
                styles[element, pseudo] = _pseudo_style(styles[first, pseudo], styles[element, None])
        if name:
            targets.collect_anchor(name)
    return True


def _note_what_is_absent(styles: list[Any], sheets: Any) -> None:
    """Leave word in what all styles of a document share, for those who would look for it in every box."""
    rules = [(name, value) for style in styles for name, (value, _) in style.cascaded.items()]
    for sheet, _, _ in sheets:
        rules += [(name, value) for _, _, declared in sheet.page_rules for name, value, _ in declared]
    set_somewhere = {name for name, _ in rules}
    displays = [value for name, value in rules if name == "display" and value != "inherit"]
    styles[0].cache["unnamed"] = "page" not in set_somewhere
    styles[0].cache["inflexible"] = not any(type(one) is not tuple or {"flex", "grid"} & {*one} for one in displays)


def _is_heard(style: Any, pseudos: list[str]) -> bool:
    """Tell whether an element inside of a drawing may do something outside of it."""
    heard = not HEARD.isdisjoint(style.cascaded) or "before" in pseudos or "after" in pseudos
    return heard and style["display"] != ("none",)


def _style(first: Any, name: str | None) -> Any:
    """Return the style of an element of this name, given that of the first of its kind."""
    if first["anchor"] == name:
        return first
    kept = vars(first)
    if name is None and "nameless" in kept:
        return kept["nameless"]
    made = _shared()(first, name)
    if name is None:
        kept["nameless"] = made
    return made


def _pseudo_style(first: Any, parent: Any) -> Any:
    """Share what the renderer will not change; of each note it sets the name."""
    if first.pseudo_type in COMMON:
        return first
    given = (first.cascaded, first.pseudo_type, first.root_style, first.base_url, first.font_config)
    made = type(first)(parent, *given, first.initial_page_sizes)
    made["anchor"]  # a style of which nothing is known is taken for none
    return made


@cache
def _shared() -> Any:
    from weasyprint import css  # noqa: PLC0415

    class Shared(css.ComputedStyle):  # type: ignore[misc]  # as above
        """The style of another element of the same kind, but for the name that links lead to."""

        def __init__(self, first: Any, name: str | None) -> None:
            self.__dict__ = vars(first).copy()
            self.first = first
            self["anchor"] = name

        @property
        def anonymous_style(self) -> Any:  # of boxes inside, to which nothing leads
            return self.first.anonymous_style

        def __missing__(self, key: str) -> Any:
            value = self[key] = self.first[key]
            return value

        def copy(self) -> Any:
            made = self.first.copy()
            made.update(self)
            return made

    return Shared
