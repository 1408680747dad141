"""How values are shown in templates: texts in the reader's language, moments in Chongqing's time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache, lru_cache
from pathlib import Path

from babel.support import NullTranslations
from flask import Flask, g, has_app_context
from flask_babel import get_locale, get_translations
from markupsafe import Markup, escape

import questionnaires
from questionnaires.facts import read_options_file
from questionnaires.model import Option, Text

CHONGQING = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time, so no time-zone data is needed


def register(flask_app: Flask) -> None:
    """Make the filters and `language`, `language_tag` known to every template."""
    for show in (text, original, clock, day, moment, district):
        flask_app.add_template_filter(show)
    flask_app.jinja_env.globals.update(language=language, language_tag=language_tag)
    flask_app.jinja_env.globals["_"] = say


def say(words: str, /, **given: object) -> Markup:
    """Say a sentence of a template in the reader's language; what is `given` is escaped."""
    return Markup(_translated(language(), words)) % given if given else _said(language(), words)  # noqa: S704 - ours


@lru_cache(maxsize=4096)  # the sentences of the templates, of which there are some hundred
def _said(lang: str, words: str) -> Markup:
    return Markup(_translated(lang, words)) % {}  # noqa: S704 - ours


def _translated(lang: str, words: str) -> str:
    return str(_catalogue(lang).ugettext(words))


@lru_cache(maxsize=4)
def _catalogue(_lang: str) -> NullTranslations:
    """Return the words of the language of the running request, looked for once: a page asks for twenty."""
    return get_translations()


def language() -> str:
    """Return the language of the running request: "zh" or "en"."""
    if not has_app_context():
        return "zh"
    known: str | None = g.get("language")  # kept beside the locale: a page asks for it twenty times
    if known is None:
        locale = get_locale()
        known = g.language = "en" if locale is not None and locale.language == "en" else "zh"
    return known


def language_tag() -> str:
    """Return the language as the `lang` attribute of HTML wants it."""
    return "en" if language() == "en" else "zh-CN"


def later(sentence: str) -> str:
    """Mark a Chinese sentence that is stored as it is and translated where it is shown."""
    return sentence


def text(content: Text | None) -> str:
    """Show a text of questionnaires or criteria in the reader's language; nothing for no text."""
    if content is None:
        return ""
    return content.en if language() == "en" else content.zh


# From one Chinese character or mark to the last one that no Latin letter and no mark of a list keeps apart from it.
_CHINESE = re.compile(
    r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef](?:[^A-Za-z;,()]*[\u3000-\u303f\u3400-\u9fff\uff00-\uffef])?"
)


def original(words: str) -> str:
    """Show words of a Chinese document as they stand there; for readers of English they say in which language."""
    if language() == "zh" or not _CHINESE.search(words):
        return words
    return Markup(_CHINESE.sub(r'<span lang="zh-CN">\g<0></span>', str(escape(words))))  # noqa: S704 - escaped


@cache
def districts() -> Mapping[str, Option]:
    """Return the districts and counties of Chongqing by GB/T 2260 code, those that ceased included (`retired`)."""
    listed = read_options_file(Path(questionnaires.__file__).parent / "districts.yaml")
    return {option.code: option for option in listed}


def district(code: str | None) -> str:
    """Show a district by its code; the code itself where it is not one of Chongqing's."""
    if code is None:
        return ""
    known = districts().get(code)
    return text(known.text) if known else code


def clock(at: datetime | None) -> str:
    """14:03:22, Chongqing time."""
    return _in_chongqing(at).strftime("%H:%M:%S") if at else ""


def day(at: date | datetime | None) -> str:
    """2026-11-24, Chongqing time where it is a moment."""
    if at is None:
        return ""
    return (day_in_chongqing(at) if isinstance(at, datetime) else at).isoformat()


def day_in_chongqing(at: datetime) -> date:
    """Return the day that it is in Chongqing at a stored moment."""
    return _in_chongqing(at).date()


def moment(at: datetime | None) -> str:
    """2026-11-24 14:03, Chongqing time."""
    return _in_chongqing(at).strftime("%Y-%m-%d %H:%M") if at else ""


def today() -> date:
    """Return the day it is in Chongqing."""
    return datetime.now(CHONGQING).date()


def as_utc(at: datetime) -> datetime:
    """Return a stored moment with its zone: SQLite gives moments back without one; they were stored as UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _in_chongqing(at: datetime) -> datetime:
    return as_utc(at).astimezone(CHONGQING)
