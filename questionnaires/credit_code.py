"""统一社会信用代码 (GB 32100-2015): read as people type it, refused with the letter or the check digit named.

The area code inside is never judged: firms keep the code of a district that has since been merged away.
"""

from __future__ import annotations

from typing import Final

from questionnaires.model import Text

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # the value of a character is its place
LENGTH: Final = 18
_TAKEN_FOR: Final = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}  # never used; mostly one of these misread
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_AS_TYPED: Final = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},  # full-width letters, digits and signs
    **dict.fromkeys(map(ord, " \t\r\n\u00a0\u3000-\uff0d‐‑–—−"), None),
}


class CodeFault(ValueError):
    """A code that cannot be a credit code; `message` says which character is wrong and what to do."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.zh)
        self.message = message


def check_uscc(text: str) -> str:
    """Return the code in capitals without blanks and hyphens. Raises CodeFault.

    Checked: the characters used, the length 18 and the check digit, C18 = (31 - sum of C_i * 3^(i-1) mod 31) mod 31.
    Not checked: area code and inner organisation code, see `organisation_warning`. Source: GB 32100-2015.
    """
    code = text.translate(_AS_TYPED).upper()
    _refuse_strange_characters(code)
    _refuse_wrong_length(code)
    if (right := check_digit(code)) != code[-1]:
        raise CodeFault(
            Text(
                f"校验位不对：按前 17 位计算，末位应为 {right}，填写的是 {code[-1]}。请对照营业执照逐位核对。",
                f"The check digit of the credit code is wrong: the first 17 characters give {right}, the last one is "
                f"{code[-1]}. Please compare it with the business licence character by character.",
            )
        )
    return code


def check_digit(code: str) -> str:
    """Return the 18th character that belongs to the first 17 of `code`, all of them in ALPHABET."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(code[:17], _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_warning(code: str) -> Text | None:
    """Return a warning when characters 9 to 17 of a checked code break their own check (GB 11714), else None.

    Only a warning: some codes were issued that way.
    """
    total = sum(
        ALPHABET_36.index(character) * weight
        for character, weight in zip(code[8:16], _ORGANISATION_WEIGHTS, strict=True)
    )
    right = "0123456789X"[-total % 11]
    if right == code[16]:
        return None
    return Text(
        f"第 9 至 17 位（组织机构代码）通常以 {right} 结尾，填写的是 {code[16]}。"
        "个别代码确实如此，请再核对一次；无误可继续。",
        f"Characters 9 to 17 (organisation code) usually end in {right} here, not {code[16]}. A few real codes do "
        "differ: please check once more, and go on if it is right.",
    )


ALPHABET_36: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # of GB 11714, where no letter is left out


def _refuse_strange_characters(code: str) -> None:
    for place, character in enumerate(code, start=1):
        if character in _TAKEN_FOR:
            likely = _TAKEN_FOR[character]
            raise CodeFault(
                Text(
                    f"第 {place} 位是字母 {character}：统一社会信用代码不使用字母 I、O、S、V、Z，"
                    f"请核对是否应为 {likely}。",
                    f"Character {place} is the letter {character}: credit codes never use I, O, S, V or Z. "
                    f"Please check whether it should be {likely}.",
                )
            )
        if character not in ALPHABET:
            raise CodeFault(
                Text(
                    f"第 {place} 位是“{character}”：统一社会信用代码只有数字和大写字母，请删去或改正这一位。",
                    f"Character {place} is “{character}”: credit codes hold digits and capital letters only. "
                    "Please remove or correct it.",
                )
            )


def _refuse_wrong_length(code: str) -> None:
    if len(code) == 15 and code.isdecimal():
        raise CodeFault(
            Text(
                "填写的是 15 位数字，像是旧的营业执照注册号。请填写现行营业执照上 18 位的统一社会信用代码。",
                "These 15 digits look like an old registration number. "
                "Please give the credit code of 18 characters on the present business licence.",
            )
        )
    if len(code) != LENGTH:
        raise CodeFault(
            Text(
                f"统一社会信用代码应为 {LENGTH} 位，填写的是 {len(code)} 位。请对照营业执照补全或删去多余的字符。",
                f"A credit code has {LENGTH} characters, this one has {len(code)}. "
                "Please compare it with the business licence.",
            )
        )
