"""Earlier answers in later wording: `{fact}` in a text stands for what was answered to that fact before.

Each text that names answers stands beside a plain one, which is used while one of them is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from questionnaires.model import Fact, Page, Text, Value
from questionnaires.values import show_number, show_value
from questionnaires.yaml_file import Located, did_you_mean

LONGEST: Final = 60  # characters of an answer that stand in a sentence
_EXAMPLES: Final = re.compile(r"\s*[（(].*$")  # what an option says in brackets after its name
_NAME: Final = re.compile(r"\{([a-z][A-Za-z0-9_.]*)\}", re.ASCII)


def read_recall(node: Located, key: str, facts: Mapping[str, Fact]) -> Text | None:
    """Return the text {zh, en} under `key` that names earlier answers, None when it is left out.

    Raises DefinitionError when it names none, names an unknown fact, or not the same ones in both languages.
    """
    if key not in node:
        return None
    text, place = node.bilingual(key), node.table(key)
    in_zh, in_en = (frozenset(_NAME.findall(words)) for words in (text.zh, text.en))
    if in_zh != in_en:
        said = f"the languages name different answers: {', '.join(sorted(in_zh ^ in_en))}."
        raise place.fault(said, "Name the same in both, as {equipment_count}.")
    if not in_zh:
        raise place.fault("the text names no earlier answer.", "Write {equipment_count} where the answer should stand.")
    if any(brace in _NAME.sub("", words) for words in (text.zh, text.en) for brace in "{}"):
        raise place.fault("a brace stands alone.", "Write the id of a fact between two braces, and no other braces.")
    for name in sorted(in_zh):
        if name not in facts:
            raise place.fault(f"there is no fact “{name}”.", did_you_mean(name, facts) or "Name a fact that is asked.")
    return text


def recalled_on(page: Page) -> list[Text]:
    """Return the texts of a page that name earlier answers."""
    several = [page.knowing, page.lead_knowing, *(question.knowing for question in page.questions)]
    return [text for text in several if text is not None]


def names_in(text: Text) -> frozenset[str]:
    """Return the facts whose answers a text names."""
    return frozenset(_NAME.findall(text.zh))


def say(text: Text, language: str, facts: Mapping[str, Fact], look: Callable[[str], Value | None]) -> str | None:
    """Return the text with the answers that `look` gives in their places, None while one of them cannot be named."""
    answers = {name: _words(facts[name], look(name), language) for name in names_in(text)}
    if not all(answers.values()):
        return None
    return _NAME.sub(lambda found: answers[found[1]] or "", getattr(text, language))


def _words(fact: Fact, value: Value | None, language: str) -> str | None:
    """Return an answer as it stands inside a sentence: a number without its unit, a text on one line, not too long.

    None where there is nothing to name: not known, none at all, or an option that says “none of them”.
    """
    if value is None or value == 0 or _says_none(fact, value):
        return None
    if isinstance(value, Fraction):
        return str(value) if fact.format == "year" else show_number(value)
    shown = show_value(fact, value, language)
    if fact.options:
        chosen = value if isinstance(value, tuple) else (value,)
        names = [getattr(option.text, language) for option in fact.options if option.code in chosen]
        shown = ("、" if language == "zh" else ", ").join(_EXAMPLES.sub("", name) for name in names)
    words = " ".join(shown.split())
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def _says_none(fact: Fact, value: Value) -> bool:
    chosen = value if isinstance(value, tuple) else (value,)
    return any(option.alone and option.code in chosen for option in fact.options)
