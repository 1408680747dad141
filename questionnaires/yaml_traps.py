"""The ways of writing a plain word in YAML that programs understand differently; each is refused.

All were seen with a YAML 1.1 reader: `on` becomes true, 2026.10 becomes 2026.1, 1:30 becomes 90, 012 becomes 10.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from questionnaires.model import Text

_LONGEST = 64  # characters; what is longer is never taken for a number, and need not be searched


def find_trap(written: str, closing_zeros: bool = False) -> tuple[Text, Text] | None:
    """Return what is wrong with an unquoted word and what to do, None when all programs read it alike.

    `closing_zeros` lets 12.50 pass. A date in full (2026-10-31) is for the caller to take first.
    """
    for trap in _TRAPS if len(written) <= _LONGEST else ():
        if trap.pattern.fullmatch(written) and not (closing_zeros and trap is _CLOSING_ZERO):
            return _filled(trap.fault, written), _filled(trap.remedy, written)
    return None


class _Trap(NamedTuple):
    """A way of writing that YAML readers understand differently; `{}` stands for what is written."""

    pattern: re.Pattern[str]
    fault: Text
    remedy: Text


def _trap(pattern: str, zh: str, en: str, remedy: Text) -> _Trap:
    return _Trap(re.compile(pattern, re.ASCII), Text(f"“{{}}”{zh}", f"“{{}}” {en}"), remedy)


def _filled(text: Text, written: str) -> Text:
    return Text(text.zh.replace("{}", written), text.en.replace("{}", written))


_QUOTE = Text('若是文字，请加引号："{}"。', 'If the text is meant, put it in quotes: "{}".')
_QUOTE_OR_FLAG = Text(
    '若是文字，请加引号："{}"；若是判断，请写 true 或 false。', 'Put it in quotes: "{}"; or write true or false.'
)
_QUOTE_OR_DIGITS = Text(
    "若是数字，请写普通数字；若是文字，请加引号。", "Write plain digits for a number, quotes for a text."
)
_CLOSING_ZERO = _trap(
    r"[-+]?\d+\.(\d*0)",
    "会被读成去掉末尾 0 的数字（2026.10 会变成 2026.1）。",
    "loses its last 0 when read as a number (2026.10 becomes 2026.1).",
    Text('版本号请加引号："{}"；数字请去掉末尾的 0。', 'A version stands in quotes: "{}"; a number without the 0.'),
)
_TRAPS = (
    _trap(
        r"(?i:yes|no|on|off)|True|TRUE|False|FALSE",
        "会被一些程序读成是或否。",
        "is read as true or false by some programs.",
        _QUOTE_OR_FLAG,
    ),
    _trap(r"Null|NULL", "会被读成空。", "is read as nothing.", _QUOTE),
    _trap(
        r"[-+]?0[\d_]+|0[xob]\w+",
        "会被读成另一种进位的数字（012 会变成 10）。",
        "is read in another base (012 becomes 10).",
        _QUOTE_OR_DIGITS,
    ),
    _trap(
        r"[-+]?\d+(:[0-5]?\d)+(\.\d*)?",
        "会被读成六十进位的数字（1:30 会变成 90）。",
        "is read to the base 60 (1:30 becomes 90).",
        _QUOTE,
    ),
    _trap(
        r"[-+]?(\d[\d_]*)?\.?\d[\d_]*[eE][-+]?\d+|[-+]?\.\d+|[-+]?\d+\.|[-+]?\.(?i:inf)|\.(?i:nan)|\+[\d.]+|\d+_[\d_]*",
        "有的程序读成数字，有的读成文字。",
        "is a number for some programs and a text for others.",
        _QUOTE_OR_DIGITS,
    ),
    _CLOSING_ZERO,
    _trap(
        r"\d{4}-\d\d?-\d\d?([Tt ].*)?",
        "不是一个日期。",
        "is not a date.",
        Text("日期请写成 2026-10-31；若是文字，请加引号。", "Write a date as 2026-10-31, or put the text in quotes."),
    ),
    _trap(
        r"<<",
        "合并键不被接受。",
        "is a merge key, which hides what is written twice.",
        Text("请写出全部内容。", "Write the entries out."),
    ),
)
