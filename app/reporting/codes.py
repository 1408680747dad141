"""The public code of a report (核对编号): made at random, read as people type it, a slip told from an unknown code.

Twenty characters in fours: nineteen of chance (94 bits) and one that checks them. The alphabet has 31 characters and
none that look alike; 31 is prime, so one wrong character or two that changed places always show.
"""

from __future__ import annotations

import secrets
import unicodedata
from typing import Final

from flask_babel import gettext as _

from app.errors import Refused

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # the value of a character is its place
LENGTH: Final = 20
_LEFT_OUT: Final = "01ILO"
_PRIME: Final = len(ALPHABET)


class CodeFault(Refused):
    """What was typed cannot be a code; the message says what to look at."""


def new_code() -> str:
    """Return a code that nobody can guess."""
    chance = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH - 1))
    return chance + check_character(chance)


def check_character(chance: str) -> str:
    """Return the last character that belongs to the others: all of them, weighted by their places, sum up to 0 mod 31.

    The weights are 2 to 20 and that of the last one is 1, so that no two places count the same.
    """
    total = sum(ALPHABET.index(sign) * weight for weight, sign in enumerate(chance, start=2))
    return ALPHABET[-total % _PRIME]


def grouped(code: str) -> str:
    """Return a code as it is printed and read out: ABCD-EFGH-…"""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def read_code(typed: str) -> str:
    """Return the code that somebody typed, in capitals or not, with or without separators. Raises CodeFault."""
    plain = unicodedata.normalize("NFKC", typed[: 8 * LENGTH]).upper()
    code = "".join(sign for sign in plain if sign.isalnum())
    if not code:
        raise CodeFault(_("还没有填写核对编号。编号印在报告封面上，共 %(length)s 个字符。", length=LENGTH))
    _refuse_strange(code)
    if len(code) != LENGTH:
        raise CodeFault(
            _("核对编号应有 %(length)s 个字符，现在是 %(typed)s 个。请对照封面再填。", length=LENGTH, typed=len(code))
        )
    if check_character(code[:-1]) != code[-1]:
        raise CodeFault(_("核对编号抄错了：至少有一个字符不对，或相邻两个颠倒了。请对照封面逐个核对。"))
    return code


def _refuse_strange(code: str) -> None:
    strange = sorted({sign for sign in code if sign not in ALPHABET})
    if not strange:
        return
    if set(strange) <= set(_LEFT_OUT):
        raise CodeFault(
            _(
                "核对编号里没有 %(strange)s：容易看错的 0、O、1、I、L 都不用。请对照封面再填。",
                strange="、".join(strange),
            )
        )
    raise CodeFault(
        _("核对编号只有数字和大写字母，没有“%(strange)s”。请对照封面再填。", strange="、".join(strange[:5]))
    )
