"""A page drawn again with what was typed on it, when its language is switched. Nothing is checked and nothing is saved.

The button of the other language belongs to the form of the page, so the browser sends what was typed, also without
JavaScript. The answer sends it once more, to the address of the page itself; there it is taken for a reading request,
the page is drawn in the new language, and what was typed is put back into its fields. Passwords are not: no page ever
repeats one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlencode

from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue

from app.accounts.kept_post import is_from_our_page

AGAIN = "typed"  # in the address of a page that is drawn again: which of its forms, by identity or action
_DRAWN_AGAIN = "zhizhen.drawn_again"
_NEVER_REPEATED = frozenset({"password", "file", "submit", "button", "image", "reset"})
_CHOSEN = frozenset({"checkbox", "radio"})
Typed = dict[str, list[str]]


def register(flask_app: Flask) -> None:
    """Let every page be drawn again with what was typed on it."""
    flask_app.wsgi_app = _ReadsAgain(flask_app.wsgi_app)  # type: ignore[method-assign]
    flask_app.before_request(_only_what_was_typed_here)
    flask_app.after_request(_put_back)


def address_again(path: str, form: str) -> str:
    """Return the address at which a page is drawn again; `form` is the identity or the action of what was typed in."""
    return f"{path}{'&' if '?' in path else '?'}{urlencode({AGAIN: form})}"


def is_drawn_again() -> bool:
    """Tell whether the page of this request is drawn again with what was typed on it."""
    return _DRAWN_AGAIN in request.environ


def own_address() -> str:
    """Return the address of the page asked for, without the mark that it is drawn again."""
    asked = [pair for pair in request.args.items(multi=True) if pair[0] != AGAIN]
    return f"{request.path}?{urlencode(asked)}" if asked else request.path


class _ReadsAgain:
    """Takes a post to such an address for a reading request: no view can save anything then."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        given = environ
        asked = given.get("QUERY_STRING", "")
        if given["REQUEST_METHOD"] == "POST" and AGAIN in asked and AGAIN in parse_qs(asked, keep_blank_values=True):
            given.update({"REQUEST_METHOD": "GET", _DRAWN_AGAIN: True})
        return self.application(given, start_response)


def _only_what_was_typed_here() -> ResponseReturnValue | None:
    """Send everybody else to the page itself: who opens a kept address, and whatever another site has sent."""
    if AGAIN not in request.args or (is_drawn_again() and is_from_our_page(request)):
        return None
    return redirect(request.script_root + own_address())


def _put_back(response: Response) -> Response:
    if is_drawn_again() and response.status_code == 200 and response.mimetype == "text/html":
        typed = {name: values for name, values in request.form.lists() if name != "csrf_token"}
        page, own = response.get_data(as_text=True), request.script_root + own_address()
        response.set_data(refill(page, request.args[AGAIN], typed, own))
    return response


def refill(page: str, form: str, typed: Typed, address: str) -> str:
    """Return the page with what was typed in the fields of one form; all else stays letter by letter.

    A form that names no address is sent to that of its page, so it gets `address`: the one without the mark.
    """
    reader = _Fields(page, form, {name: list(values) for name, values in typed.items()}, address)
    pieces, place = [], 0
    for edit in sorted(reader.edits, key=lambda one: one.start):
        pieces += [page[place : edit.start], edit.text]
        place = edit.end
    return "".join([*pieces, page[place:]])


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


@dataclass(slots=True)
class _Folded:
    """A part of the page that is folded away, and whether something typed stands in it."""

    start: int
    end: int
    attributes: dict[str, str | None]
    holds: bool = False


class _Fields(HTMLParser):
    """Finds what to change in the text of a page."""

    def __init__(self, page: str, form: str, typed: Typed, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form, self.typed, self.address, self.edits = form, typed, address, list[_Edit]()
        self.inside = False
        self.folded: list[_Folded] = []
        self.selected: frozenset[str] = frozenset()
        self.text_starts: tuple[str, int] | None = None  # name of the text area that is open, where its text begins
        self.lines = [0, *(place + 1 for place, letter in enumerate(page) if letter == "\n")]
        self.feed(page)

    def place(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self._form(attributes)
        elif not self.inside:
            return
        elif tag == "details":
            end = self.place() + len(self.get_starttag_text() or "")
            self.folded.append(_Folded(self.place(), end, attributes))
        elif tag == "input":
            self._input(attributes)
        elif tag == "select":
            self.selected = frozenset(self.typed.get(attributes.get("name") or "", ()))
        elif tag == "option":
            self._mark(tag, attributes, "selected", attributes.get("value") in self.selected)
        elif tag == "textarea" and self.typed.get(attributes.get("name") or ""):
            self.text_starts = (attributes["name"] or "", self.place() + len(self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "details" and self.folded:
            self._unfold(self.folded.pop())
        elif tag == "textarea" and self.text_starts:
            name, start = self.text_starts
            self.text_starts, text = None, self.typed[name].pop(0)
            self.edits.append(_Edit(start, self.place(), "\n" + escape(text)))
            self._holds(bool(text.strip()))

    def _form(self, attributes: dict[str, str | None]) -> None:
        action = attributes.get("action") or ""
        self.inside = self.form in (attributes.get("id"), action, action or self.address)
        if not action:
            self._write("form", attributes | {"action": self.address})

    def _input(self, attributes: dict[str, str | None]) -> None:
        kind, name = attributes.get("type") or "text", attributes.get("name") or ""
        if kind in _NEVER_REPEATED or name == "csrf_token":
            return
        if kind in _CHOSEN:
            chosen = (attributes.get("value") or "on") in self.typed.get(name, ())
            self._mark("input", attributes, "checked", chosen)
            self._holds(chosen)
        elif self.typed.get(name):
            text = self.typed[name].pop(0)
            self._write("input", attributes | {"value": text})
            self._holds(kind != "hidden" and bool(text.strip()))

    def _mark(self, tag: str, attributes: dict[str, str | None], mark: str, on: bool) -> None:
        if on != (mark in attributes):
            without = {name: value for name, value in attributes.items() if name != mark}
            self._write(tag, without | ({mark: None} if on else {}))

    def _write(self, tag: str, attributes: dict[str, str | None]) -> None:
        start = self.place()
        self.edits.append(_Edit(start, start + len(self.get_starttag_text() or ""), _tag(tag, attributes)))

    def _holds(self, something: bool) -> None:
        for part in self.folded:
            part.holds = part.holds or something

    def _unfold(self, part: _Folded) -> None:
        if part.holds and "open" not in part.attributes:
            self.edits.append(_Edit(part.start, part.end, _tag("details", part.attributes | {"open": None})))


def _tag(name: str, attributes: dict[str, str | None]) -> str:
    return "<" + " ".join([name, *_written(attributes)]) + ">"


def _written(attributes: dict[str, str | None]) -> Iterator[str]:
    for name, value in attributes.items():
        yield name if value is None else f'{name}="{escape(value)}"'
