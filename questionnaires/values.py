"""One value of one fact: read as people and files give it, exact, and shown as people read it.

Who stated a value, and whether it counts, is for `answers.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from questionnaires.credit_code import CodeFault, check_uscc
from questionnaires.model import Degree, Fact, FactKind, Text, Value
from questionnaires.yaml_file import iso_day

LONGEST_TEXT: Final = 2000  # characters
DEGREES: Final = MappingProxyType(
    {
        Degree.FULL: Text("全部满足", "Fully met"),
        Degree.MOSTLY: Text("大部分满足", "Mostly met"),
        Degree.PARTLY: Text("部分满足", "Partly met"),
        Degree.NONE: Text("不满足", "Not met"),
    }
)
YES, NO = Text("是", "Yes"), Text("否", "No")


class AnswerFault(ValueError):
    """A value that cannot be the answer to a fact; `message` says what is wrong and what to do."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.zh)
        self.message = message


def read_value(fact: Fact, typed: object) -> Value:
    """Return the value that `typed` (what a form or a file gives) states for `fact`. Raises AnswerFault.

    Numbers may be text as people write them ("1,200", "１２０", "12 台"); they become exact, and whole where the fact
    says so. A practice gives the code of its degree, several choices a sorted tuple of codes.
    """
    return _READ[fact.kind](fact, typed)


_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９，．。－−＋％／　\u00a0\u2009", "0123456789,..--+%/   ")
_NUMBER: Final = re.compile(r"([-+]?)(\d{1,3}(?:[, ]\d{3})+|\d{1,30})(?:\.(\d{1,30}))?", re.ASCII)
_TWO_UNITS: Final = re.compile(r"(\w+)（(\w+)）")
_QUOTIENT: Final = re.compile(r"-?\d{1,200}/[1-9]\d{0,199}", re.ASCII)


def _read_number(fact: Fact, typed: object) -> Fraction:
    number = _exact(fact, typed)
    if number is None:
        raise AnswerFault(
            Text(
                f"{fact.label.zh}应是数字，填写的是“{_short(typed)}”。请只填数字，例如 120 或 7.5。",
                f"{fact.label.en}: “{_short(typed)}” is not a number. Please write digits, for instance 120 or 7.5.",
            )
        )
    _refuse_outside(fact, number)
    if fact.whole and number.denominator != 1:
        raise AnswerFault(
            Text(
                f"{fact.label.zh}应是整数，填写的是 {show_number(number)}。请填整数{_unit(fact, 'zh', '，单位：')}。",
                f"{fact.label.en} is a whole number, not {show_number(number)}. Please give it without a fraction.",
            )
        )
    return number


def _exact(fact: Fact, typed: object) -> Fraction | None:
    if isinstance(typed, (int, Fraction)) and not isinstance(typed, bool):
        return Fraction(typed)
    if not isinstance(typed, str):
        return None  # a float too: it is never exact
    text = _without_unit(fact, typed.translate(_FULL_WIDTH).strip())
    if _QUOTIENT.fullmatch(text):
        return Fraction(text)
    if not (match := _NUMBER.fullmatch(text)):
        return None
    return Fraction(f"{match[1]}{re.sub('[, ]', '', match[2])}.{match[3] or 0}")


def _without_unit(fact: Fact, text: str) -> str:
    for unit in _units(fact):
        if text.endswith(unit):
            return text.removesuffix(unit).strip()
    return text


def _units(fact: Fact) -> Iterable[str]:
    """Yield what may stand behind a number: the unit in either language, and each half of one like 台（套）."""
    if fact.unit is None:
        return
    yield from (fact.unit.zh, fact.unit.en)
    if halves := _TWO_UNITS.fullmatch(fact.unit.zh):
        yield from halves.groups()


def _refuse_outside(fact: Fact, number: Fraction) -> None:
    if (fact.min is None or fact.min <= number) and (fact.max is None or number <= fact.max):
        return
    given = show_number(number)
    raise AnswerFault(
        Text(
            f"{fact.label.zh}{_range_zh(fact)}，填写的是 {given}。请核对数值和单位。",
            f"{fact.label.en} {_range_en(fact)}; {given} was given. Please check the figure and its unit.",
        )
    )


def _range_zh(fact: Fact) -> str:
    unit = _unit(fact, "zh", " ")
    if fact.min is None or fact.max is None:
        return f"不应{'大' if fact.min is None else '小'}于 {show_number(_end(fact))}{unit}"
    return f"应在 {show_number(fact.min)} 到 {show_number(fact.max)}{unit}之间"


def _range_en(fact: Fact) -> str:
    unit = _unit(fact, "en", " ")
    if fact.min is None or fact.max is None:
        return f"should be at {'most' if fact.min is None else 'least'} {show_number(_end(fact))}{unit}"
    return f"should be between {show_number(fact.min)} and {show_number(fact.max)}{unit}"


def _end(fact: Fact) -> Fraction:
    return next(end for end in (fact.min, fact.max) if end is not None)


def _unit(fact: Fact, language: str, before: str) -> str:
    return f"{before}{getattr(fact.unit, language)}" if fact.unit else ""


def _read_yes_no(fact: Fact, typed: object) -> bool:
    if isinstance(typed, bool):
        return typed
    word = typed.strip().lower() if isinstance(typed, str) else ""
    if word in _YES_WORDS or word in _NO_WORDS:
        return word in _YES_WORDS
    raise AnswerFault(Text(f"{fact.label.zh}：请选“是”或“否”。", f"{fact.label.en}: please choose yes or no."))


_YES_WORDS: Final = ("yes", "true", "是")
_NO_WORDS: Final = ("no", "false", "否")


_DEGREE_CODES: Final = frozenset(degree.value for degree in Degree)


def _read_degree(fact: Fact, typed: object) -> str:
    if isinstance(typed, str) and typed.strip() in _DEGREE_CODES:
        return typed.strip()
    raise AnswerFault(
        Text(
            f"{fact.label.zh}：请选一项：{_listing(DEGREES.values(), 'zh')}。",
            f"{fact.label.en}: please choose one of {_listing(DEGREES.values(), 'en')}.",
        )
    )


def _read_choice(fact: Fact, typed: object) -> str:
    code = str(typed).strip() if is_code(typed) else ""
    if code in [option.code for option in fact.options]:
        return code
    raise AnswerFault(
        Text(
            f"{fact.label.zh}：没有“{_short(typed)}”这一项。请从所列选项中选一项。",
            f"{fact.label.en}: “{_short(typed)}” is not among the options. Please choose one of those listed.",
        )
    )


def is_code(typed: object) -> bool:
    """Tell whether `typed` may be meant as a code: a text, or digits that a file gives as a whole number."""
    return isinstance(typed, (str, int)) and not isinstance(typed, bool)


def _read_choices(fact: Fact, typed: object) -> tuple[str, ...]:
    given = typed if isinstance(typed, (list, tuple, set, frozenset)) else [typed]
    codes = tuple(sorted({_read_choice(fact, code) for code in given}))
    if not codes:
        raise AnswerFault(Text(f"{fact.label.zh}：请至少选一项。", f"{fact.label.en}: please choose at least one."))
    alone = next((option.text for option in fact.options if option.alone and option.code in codes), None)
    if alone and len(codes) > 1:
        raise AnswerFault(
            Text(
                f"{fact.label.zh}：“{alone.zh}”不能与其他选项同时选。请保留其一。",
                f"{fact.label.en}: “{alone.en}” excludes the other options. Please keep one or the other.",
            )
        )
    return codes


def _read_text(fact: Fact, typed: object) -> str:
    text = str(typed).strip() if is_code(typed) else ""
    if not text or len(text) > LONGEST_TEXT or not all(map(_is_printable, text)):
        raise AnswerFault(
            Text(
                f"{fact.label.zh}：请填写文字，不超过 {LONGEST_TEXT} 字，不含控制字符。",
                f"{fact.label.en}: please write a text of at most {LONGEST_TEXT} characters.",
            )
        )
    return _FORMAT[fact.format](text) if fact.format else text


def _is_printable(character: str) -> bool:
    return character in "\n\r\t\u3000" or character.isprintable() or character.isspace()


def _read_uscc(text: str) -> str:
    try:
        return check_uscc(text)
    except CodeFault as fault:
        raise AnswerFault(fault.message) from fault


def _read_industry(text: str) -> str:
    """Return the four digits of a class of GB/T 4754; the letter of its section may stand before them."""
    if match := re.fullmatch(r"[A-T]?(\d{4})", text.translate(_FULL_WIDTH).upper().replace(" ", ""), re.ASCII):
        return match[1]
    raise AnswerFault(
        Text(
            f"行业代码应是四位数字，填写的是“{_short(text)}”。请按国民经济行业分类填写，例如 3670。",
            f"An industry code has four digits; “{_short(text)}” was given. Please use GB/T 4754, for instance 3670.",
        )
    )


_FORMAT: Final[Mapping[str, Callable[[str], str]]] = {"uscc": _read_uscc, "industry": _read_industry}


def _read_date(fact: Fact, typed: object) -> date:
    day = typed if type(typed) is date else _written_day(typed)
    if day is None or not 1900 <= day.year <= 2100:
        raise AnswerFault(
            Text(
                f"{fact.label.zh}：“{_short(typed)}”不是一个日期。请按 2026-10-31 的样子填写年、月、日。",
                f"{fact.label.en}: “{_short(typed)}” is not a date. Please write it as 2026-10-31.",
            )
        )
    return day


def _written_day(typed: object) -> date | None:
    text = typed.translate(_FULL_WIDTH).replace(" ", "") if isinstance(typed, str) else ""
    match = re.fullmatch(r"(\d{4})(?:-|/|\.|年)(\d\d?)(?:-|/|\.|月)(\d\d?)日?", text, re.ASCII)
    return iso_day(f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}") if match else None


_READ: Final[Mapping[FactKind, Callable[[Fact, object], Value]]] = {
    FactKind.PRACTICE: _read_degree,
    FactKind.NUMBER: _read_number,
    FactKind.YES_NO: _read_yes_no,
    FactKind.CHOICE: _read_choice,
    FactKind.CHOICES: _read_choices,
    FactKind.TEXT: _read_text,
    FactKind.DATE: _read_date,
}


def _short(typed: object) -> str:
    text = str(typed).strip()
    return text if len(text) <= 40 else f"{text[:40]}…"


def _listing(texts: Iterable[Text], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(getattr(text, language) for text in texts)


# --- showing one value ------------------------------------------------------------------------------------------------


def show_value(fact: Fact, value: Value, language: str) -> str:
    """Return `value` as people read it in `language` ("zh" or "en"): with unit, option names, 是 or 否."""
    if isinstance(value, bool):
        return str(getattr(YES if value else NO, language))
    if isinstance(value, Fraction):
        shown = str(value) if fact.format == "year" else show_number(value)
        return shown + _unit(fact, language, "" if fact.unit and fact.unit.zh == "%" else " ")
    if isinstance(value, date):
        return value.isoformat()
    if fact.kind is FactKind.PRACTICE:
        return str(getattr(DEGREES[Degree(str(value))], language))
    if fact.kind in (FactKind.CHOICE, FactKind.CHOICES):
        return _listing([_option_text(fact, code) for code in ([value] if isinstance(value, str) else value)], language)
    return str(value)


def _option_text(fact: Fact, code: str) -> Text:
    return next((option.text for option in fact.options if option.code == code), Text(code, code))


def show_number(number: Fraction) -> str:
    """Return a number exactly, with commas by thousands; as a decimal where that is exact, else as a fraction."""
    decimal = decimal_text(number)
    if decimal is None:
        return str(number)
    whole, _, rest = decimal.partition(".")
    grouped = whole if whole == "-0" else f"{int(whole):,}"
    return f"{grouped}.{rest}" if rest else grouped


def decimal_text(number: Fraction) -> str | None:
    """Return the number as plain decimal digits, or None where no finite decimal is exact."""
    places = 0
    scaled = number
    while scaled.denominator != 1 and places < 30:
        scaled, places = scaled * 10, places + 1
    if scaled.denominator != 1:
        return None
    if not places:
        return str(scaled.numerator)
    digits = f"{abs(scaled.numerator):0>{places + 1}}"
    return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"
