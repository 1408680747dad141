"""The language of a report: which half of a text is said, and how lists, brackets and sentences are set in it.

What is said stands in `wording.py`, `labels.py` and at its place; nothing here knows what a report is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from questionnaires.model import Text

# The Chinese fonts set curly quotes as wide as a character, which tears an English line apart.
_PLAIN_QUOTES = str.maketrans("“”‘’", "\"\"''")
_ENDS = "。.？?！!"


@dataclass(frozen=True, slots=True)
class Language:
    """Chinese or English, with the marks that it sets between words."""

    code: str  # "zh" or "en", as scoring and questionnaires name it
    tag: str  # as HTML, PDF and Word name it
    item: str  # between the things of a list
    part: str  # between the parts of a sentence
    clause: str  # between sentences that hang together
    after_name: str  # between a name and what is said of it
    brackets: tuple[str, str]
    stop: str  # at the end of a sentence
    gap: str  # between sentences, and between a number and its heading
    wide: str  # between two things on one line

    def say(self, text: Text | None) -> str:
        """Return the half of a text that this language says; nothing for no text."""
        if text is None:
            return ""
        return text.en.translate(_PLAIN_QUOTES) if self.code == "en" else text.zh

    def items(self, said: Iterable[str]) -> str:
        """Join the things of a list: “甲、乙” / "A, B"."""
        return self.item.join(said)

    def parts(self, said: Iterable[str]) -> str:
        """Join the parts of a sentence, those that are empty left out: “甲，乙” / "A, B"."""
        return self.part.join(filter(None, said))

    def clauses(self, said: Iterable[str]) -> str:
        """Join what hangs together loosely, the empty left out: “甲；乙” / "A; B"."""
        return self.clause.join(filter(None, said))

    def of(self, name: str, said: str) -> str:
        """Say something of a name: “甲：乙” / "A: B"."""
        return f"{name}{self.after_name}{said}"

    def bracketed(self, name: str, more: str) -> str:
        """Add something in brackets, unless it is empty: “甲（乙）” / "A (B)"."""
        return f"{name}{self.brackets[0]}{more}{self.brackets[1]}" if more else name

    def sentence(self, said: str) -> str:
        """End a sentence with its stop, in English beginning with a capital; nothing stays nothing."""
        return self.ended(said[:1].upper() + said[1:] if self.code == "en" else said)

    def ended(self, said: str) -> str:
        """Add the stop of a sentence whose first word is a name or number and stays as it is."""
        return said if not said or said[-1] in _ENDS else said + self.stop

    def sentences(self, said: Iterable[str]) -> str:
        """Set sentences one after the other, those that are empty left out."""
        return self.gap.join(filter(None, map(self.sentence, said)))

    def side_by_side(self, *said: str) -> str:
        """Set things beside each other on one line, the empty left out."""
        return self.wide.join(filter(None, said))


CHINESE = Language(
    "zh", "zh-CN", "、", "，", "；", "：", ("（", "）"), "。", "", "　"
)  # an ideographic space is as wide as a character
ENGLISH = Language("en", "en", ", ", ", ", "; ", ": ", (" (", ")"), ".", " ", "  ")
LANGUAGES = {"zh": CHINESE, "en": ENGLISH}
BY_TAG = {language.tag: language for language in LANGUAGES.values()}
