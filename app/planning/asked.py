"""What a plan is asked for, as a form or an address says it: goals, a budget, a day, own people.

What may stand there is decided in `scoring/limits.py` and `scoring/goals.py`; here it is said in the reader's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeAlias

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.errors import Refused
from app.presentation import language, text
from questionnaires.model import FilledDiagnosis
from reports import plan_names
from scoring.goals import Goal, GoalsRefused, goals_from_text
from scoring.limits import Fault, Limit, LimitsRefused, Wrong, day_in, limits_from_text, whole_in
from scoring.model import CriteriaSet
from scoring.plan import Limits
from scoring.quarters import end_of, first_quarter_after

Asked: TypeAlias = tuple[tuple[Goal, ...], Limits]

GOAL = "goal"  # names of the fields, and of what follows ? in an address
BUDGET, BY, PEOPLE = Limit.BUDGET.value, Limit.BY.value, Limit.PEOPLE.value
_SHOWN = 40  # letters of what was typed that a refusal repeats


def request_from(form: MultiDict[str, str], filled: FilledDiagnosis, criteria: CriteriaSet) -> Asked:
    """Return the goals and limits that `form` asks for. Raises Refused, which says where, what, and what to do.

    A blank limit is none. Of several goals with the same criteria and the same subject the highest counts.
    """
    return goals_from(form.getlist(GOAL), filled, criteria), limits_from(form, filled.as_of)


def goals_from(words: Iterable[str], filled: FilledDiagnosis, criteria: CriteriaSet) -> tuple[Goal, ...]:
    """Read goals, each “CRITERIA:LEVEL” or “CRITERIA:LEVEL@KEY”, in their order; blank ones are none."""
    asked = [stripped for word in words if (stripped := word.strip())]
    if not asked:
        raise Refused(_("目标：还没有选择。请至少选择一个要达到的等级或认定。"))
    try:
        return goals_from_text(asked, filled, criteria)
    except GoalsRefused as refusal:
        raise Refused(_between().join(map(text, refusal.messages))) from refusal


def goal_words(goal: Goal) -> str:
    """Return a goal as a form posts it."""
    return f"{goal.criteria_id}:{goal.level}" + (f"@{goal.subject_key}" if goal.subject_key else "")


def limits_from(form: MultiDict[str, str], as_of: date) -> Limits:
    """Read the limits of a plan; blank ones are none. Raises Refused with everything that is wrong."""
    begins, given = first_quarter_after(as_of), {name: form.get(name, "") for name in Limit}
    try:
        return limits_from_text({name: words for name, words in given.items() if words.strip()}, begins)
    except LimitsRefused as refusal:
        raise Refused(_between().join(_said(refusal, begins))) from refusal


def _said(refusal: LimitsRefused, begins: date) -> Iterator[str]:
    number = {Limit.BUDGET: (_("预算"), _("万元")), Limit.PEOPLE: (_("每季度可投入的人员"), _("人"))}
    for name, fault in refusal.faults.items():
        yield _day_fault(fault, begins) if name is Limit.BY else _number_fault(fault, *number[name], _("不限就留空"))


def _number_fault(fault: Fault, where: str, unit: str, blank: str) -> str:
    told = {"where": where, "typed": _shortened(fault.typed)}
    wrong = {
        Wrong.NOT_WHOLE: _("%(where)s：“%(typed)s”不是整数。", **told),
        Wrong.NEGATIVE: _("%(where)s：“%(typed)s”是负数。", **told),
        Wrong.TOO_MUCH: _("%(where)s：“%(typed)s”太大。", **told),
    }[fault.wrong]
    shown = {"most": fault.most, "unit": unit, "blank": blank}
    return wrong + _between() + _("请填 0 到 %(most)s 的整数（%(unit)s），%(blank)s。", **shown)


def _day_fault(fault: Fault, begins: date) -> str:
    typed, first, last = _shortened(fault.typed), fault.first.isoformat(), fault.last.isoformat()
    if fault.wrong is Wrong.NO_DAY:
        return _("完成日期：“%(typed)s”不是日期。请写成 2027-12-31 这样，不限就留空。", typed=typed)
    if fault.wrong is Wrong.TOO_LATE:
        return _("完成日期：%(by)s 太远。请填 %(last)s 或更早的日期，不限就留空。", by=typed, last=last)
    shown = {"by": typed, "begins": begins.isoformat(), "ends": first}
    return _("完成日期：%(by)s 太早，计划从 %(begins)s 开始，按季度安排。请填 %(ends)s 或更晚的日期。", **shown)


def whole_from(typed: str, where: str, unit: str, most: int, blank: str) -> int | None:
    """Read a whole number from 0 to `most`; blank is none, and `blank` says what that means. Raises Refused."""
    if not typed.strip():
        return None
    read = whole_in(typed, most, (unit,))
    if isinstance(read, Fault):
        raise Refused(_number_fault(read, where, unit, blank))
    return read


def day_from(typed: str) -> date | None:
    """Read the day of the field `by`; blank is none. Raises Refused."""
    read = day_in(typed) if typed.strip() else None
    if isinstance(read, Fault):
        raise Refused(_day_fault(read, date.min))
    return read


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


def quarters_named(beginning: date, first: int, last: int) -> str:
    """Return the names of several quarters of a plan: 2027年一至三季度, 2027 Q1–Q3."""
    return text(plan_names.span(beginning, first, last))


def short_quarter(beginning: date, number: int) -> str:
    """Return the same for the head of a narrow column: 27Q1."""
    return plan_names.column(beginning, number)
