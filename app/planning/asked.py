"""What a plan is asked for, as a form or an address says it: goals, a budget, a day, own people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.errors import Refused
from app.presentation import language, text
from questionnaires.model import FilledDiagnosis
from scoring.goals import Goal, GoalRefused, goal_from_text
from scoring.model import CriteriaSet
from scoring.plan import Limits
from scoring.quarters import calendar_quarter, end_of, first_quarter_after, whole_quarters

Asked: TypeAlias = tuple[tuple[Goal, ...], Limits]

GOAL, BUDGET, BY, PEOPLE = "goal", "budget", "by", "people"  # names of the fields, and of what follows ? in an address
MOST_GOALS = 20
HIGHEST_BUDGET = 1_000_000  # 万元: ten thousand million yuan
MOST_PEOPLE = 10_000
MOST_QUARTERS = 40
_YEAR = 5  # letters of a quarter's name that say its year: 2027年, or 2027 and a space
_SHOWN = 40  # letters of what was typed that a refusal repeats
_WHOLE = re.compile(r"-?\d{1,12}", re.ASCII)


def request_from(form: MultiDict[str, str], filled: FilledDiagnosis, criteria: CriteriaSet) -> Asked:
    """Return the goals and limits that `form` asks for. Raises Refused, which says where, what, and what to do.

    A blank limit is none. Of several goals with the same criteria and the same subject the highest counts.
    """
    goals = goals_from(form.getlist(GOAL), filled, criteria)
    limits = Limits(
        budget=whole_from(form.get(BUDGET, ""), _("预算"), _("万元"), HIGHEST_BUDGET),
        quarters=quarters_until(filled.as_of, day) if (day := day_from(form.get(BY, ""))) else None,
        people=whole_from(form.get(PEOPLE, ""), _("每季度可投入的人员"), _("人"), MOST_PEOPLE),
    )
    return goals, limits


def goals_from(words: Iterable[str], filled: FilledDiagnosis, criteria: CriteriaSet) -> tuple[Goal, ...]:
    """Read goals, each “CRITERIA:LEVEL” or “CRITERIA:LEVEL@KEY”, in their order; blank ones are none."""
    asked = list(dict.fromkeys(stripped for word in words if (stripped := word.strip())))
    if not asked:
        raise Refused(_("目标：还没有选择。请至少选择一个要达到的等级或认定。"))
    if len(asked) > MOST_GOALS:
        raise Refused(_("目标：选了 %(count)s 个，最多 %(most)s 个。请减少几个。", count=len(asked), most=MOST_GOALS))
    highest: dict[tuple[str, str | None], Goal] = {}
    for word in asked:
        goal = _goal(word, filled, criteria)
        known = highest.setdefault((goal.criteria_id, goal.subject_key), goal)
        if goal.level > known.level:
            highest[goal.criteria_id, goal.subject_key] = goal
    return tuple(highest.values())


def _goal(words: str, filled: FilledDiagnosis, criteria: CriteriaSet) -> Goal:
    try:
        return goal_from_text(words, filled, criteria)
    except GoalRefused as refusal:
        raise Refused(text(refusal.message)) from refusal


def goal_words(goal: Goal) -> str:
    """Return a goal as a form posts it."""
    return f"{goal.criteria_id}:{goal.level}" + (f"@{goal.subject_key}" if goal.subject_key else "")


def whole_from(typed: str, where: str, unit: str, most: int, least: int = 1, blank: str = "") -> int | None:
    """Read a whole number from `least`, which is 0 or 1, to `most`; blank is none. Raises Refused.

    `blank` says what none means: that there is no limit, where nothing is said.
    """
    plain = unicodedata.normalize("NFKC", typed).replace(",", "").strip()
    plain = plain.removesuffix(unit).rstrip()
    if not plain:
        return None
    if not _WHOLE.fullmatch(plain):
        wrong = _("%(where)s：“%(typed)s”不是整数。", where=where, typed=_shortened(typed))
    elif not (number := int(plain)) and least:
        wrong = _("%(where)s：不能是零。", where=where)
    elif number < least:
        wrong = _("%(where)s：“%(typed)s”是负数。", where=where, typed=_shortened(typed))
    elif number > most:
        wrong = _("%(where)s：“%(typed)s”太大。", where=where, typed=_shortened(typed))
    else:
        return number
    shown = {"least": least, "most": most, "unit": unit, "blank": blank or _("不限就留空")}
    raise Refused(wrong + _between() + _("请填 %(least)s 到 %(most)s 的整数（%(unit)s），%(blank)s。", **shown))


def day_from(typed: str) -> date | None:
    """Read the day of the field `by`; blank is none. Raises Refused."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    try:
        return date.fromisoformat(plain) if plain else None
    except ValueError as fault:
        shown = _shortened(typed)
        raise Refused(_("完成日期：“%(typed)s”不是日期。请写成 2027-12-31 这样，不限就留空。", typed=shown)) from fault


def _shortened(typed: str) -> str:
    plain = " ".join(typed.split())
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…"


def _between() -> str:
    """Return what stands between two sentences."""
    return " " if language() == "en" else ""


# --- quarters ---------------------------------------------------------------------------------------------------------


def begins(as_of: date) -> date:
    """Return the first day of a plan: of the first whole quarter after the day of the diagnosis."""
    return first_quarter_after(as_of)


def ends(beginning: date, number: int) -> date:
    """Return the last day of quarter `number` of a plan; 1 is its first."""
    return end_of(beginning, number)


def quarter_name(beginning: date, number: int) -> str:
    """Return the name of quarter `number` of a plan: 2027年一季度, 2027 Q1."""
    year, quarter = calendar_quarter(beginning, number).split("Q")
    return f"{year} Q{quarter}" if language() == "en" else f"{year}年{'一二三四'[int(quarter) - 1]}季度"


def quarters_named(beginning: date, first: int, last: int) -> str:
    """Return the names of several quarters of a plan; the year once where it is the same: 2027年一季度 – 三季度."""
    begin, end = quarter_name(beginning, first), quarter_name(beginning, last)
    if first == last:
        return begin
    return f"{begin} – {end.removeprefix(begin[:_YEAR])}"


def short_quarter(beginning: date, number: int) -> str:
    """Return the same for the head of a narrow column: 27Q1."""
    return calendar_quarter(beginning, number)[2:]


def quarters_until(as_of: date, by: date) -> int:
    """Return how many whole quarters a plan has until a day, that day included. Raises Refused where it has none."""
    beginning = begins(as_of)
    if by < (first := ends(beginning, 1)):
        shown = {"by": by.isoformat(), "begins": beginning.isoformat(), "ends": first.isoformat()}
        raise Refused(
            _("完成日期：%(by)s 太早，计划从 %(begins)s 开始，按季度安排。请填 %(ends)s 或更晚的日期。", **shown)
        )
    number = whole_quarters(beginning, by)
    if number > MOST_QUARTERS:
        last = ends(beginning, MOST_QUARTERS).isoformat()
        raise Refused(
            _("完成日期：%(by)s 太远。请填 %(last)s 或更早的日期，不限就留空。", by=by.isoformat(), last=last)
        )
    return number
