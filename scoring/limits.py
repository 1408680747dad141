"""Limits of a plan as somebody writes them: a budget in whole 万元, a day by which all is done, own people at once."""

from __future__ import annotations

import re
from datetime import date

from questionnaires.model import Text
from questionnaires.yaml_file import iso_day
from scoring.plan import Limits
from scoring.quarters import last_day, whole_quarters

WHOLE = re.compile(r"[0-9]{1,9}")


class LimitsRefused(Exception):
    """Limits that cannot be; `messages` say of each what is wrong with it and what to write."""

    def __init__(self, messages: tuple[Text, ...]) -> None:
        super().__init__("".join(message.zh for message in messages))
        self.messages = messages


def limits_from_text(budget: str | None, by: str | None, people: str | None, begins: date) -> Limits:
    """Read limits, each None where there is none. Raises LimitsRefused with everything that is wrong.

    Only quarters that have ended by the day `by` count, from the one in which the plan `begins`.
    """
    faults: list[Text] = []
    money = _whole("--budget", budget, Text("万元数", "number of 万元"), "300", faults)
    quarters = _quarters(by, begins, faults)
    busy = _whole("--people", people, Text("人数", "number of people"), "5", faults)
    if faults:
        raise LimitsRefused(tuple(faults))
    return Limits(money, quarters, busy)


def _whole(option: str, words: str | None, what: Text, example: str, faults: list[Text]) -> int | None:
    if words is None or WHOLE.fullmatch(words):
        return None if words is None else int(words)
    faults.append(
        Text(
            f"{option}“{words}”：{what.zh}应是 0 到 999999999 的整数。请按 {example} 的样子填写。",
            f"{option} “{words}”: a {what.en} is whole, 0 to 999999999. Write it like {example}.",
        )
    )
    return None


def _quarters(words: str | None, begins: date, faults: list[Text]) -> int | None:
    if words is None:
        return None
    first, day = last_day(begins), iso_day(words)
    if day is not None and day >= first:
        return whole_quarters(begins, day)
    faults.append(
        Text(
            f"--by“{words}”：不是一个日期。请按 {first} 的样子填写年、月、日。",
            f"--by “{words}”: not a day. Write year, month and day like {first}.",
        )
        if day is None
        else Text(
            f"--by“{words}”：计划从 {begins} 开始，第一个季度到 {first} 才结束。请填写这一天或以后的日期。",
            f"--by “{words}”: the plan begins on {begins}, and its first quarter ends on {first}. "
            "Write that day or a later one.",
        )
    )
    return None
