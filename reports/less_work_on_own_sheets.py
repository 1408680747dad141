"""The part of `less_work` that has to do with finding style sheets, and with ours, the same in all reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import copy
from types import SimpleNamespace
from typing import Any

from reports.less_work_on_text import put_in_place

AT_PAGE = re.compile(r"@page\b|@(?:top|bottom|left|right)-[a-z-]+")  # what touches nothing but its own style sheet
_kept: dict[str, Any] = {}  # own style sheet -> what was read, from the first time on


def leave_out() -> None:
    """Arrange it for this process."""
    _find_by_name()
    _keep_own_sheets()


def _find_by_name() -> None:
    """Look for style sheets and the title without making a second tree of the whole document each time."""
    from weasyprint import css, html  # noqa: PLC0415

    find, read = css.find_stylesheets, html.get_html_metadata

    def find_stylesheets(root: Any, *given: Any) -> Iterator[Any]:
        yield from find(_Named(root.etree_element), *given)

    def get_html_metadata(document: Any) -> Any:
        root = document.etree_element
        given = {"url_fetcher": document.url_fetcher, "base_url": document.base_url}
        return read(SimpleNamespace(etree_element=root, wrapper_element=_Named(root), **given))

    put_in_place(find, find_stylesheets)
    put_in_place(read, get_html_metadata)


class _Named:
    """Finds elements of HTML by their names; those of a drawing have others."""

    def __init__(self, root: Any) -> None:
        self.root = root

    def query_all(self, *names: str) -> Iterator[Any]:
        return (SimpleNamespace(etree_element=one) for one in self.root.iter() if one.tag in names)


def keep(sheets: Iterable[str]) -> None:
    """Read these style sheets once for all documents of this process that have them: ours, and nobody else's."""
    _kept.update({text: None for text in sheets if "@" not in AT_PAGE.sub("", text) and "url(" not in text})


def _keep_own_sheets() -> None:
    from weasyprint import css  # noqa: PLC0415

    read = css.CSS

    def style_sheet(*given: Any, **named: Any) -> Any:
        text = named.get("string")
        if text not in _kept or given or named.get("media_type") != "print":
            return read(*given, **named)
        if _kept[text] is None:
            _kept[text] = read(**named | {"page_rules": None, "layers": None})
        made = copy(_kept[text])
        made.page_rules = named.get("page_rules")
        if made.page_rules is None:
            made.page_rules = []
        made.page_rules += _kept[text].page_rules
        return made

    css.CSS = style_sheet
