"""Goals: a level or recognition that a firm wants, for one subject or for every subject that the criteria judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from questionnaires.model import FilledDiagnosis, Subject, Text
from scoring.assessment import paths
from scoring.model import Assessment, Criteria, CriteriaSet, Outcome

MET = "met"  # how a scheme with one outcome writes its level
MOST_GOALS = 20


class GoalRefused(Exception):
    """A goal that does not exist; `message` says what is wrong with it and what to write."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.zh)
        self.message = message


class GoalsRefused(Exception):
    """Goals of which some do not exist; `messages` say of each what is wrong with it and what to write."""

    def __init__(self, messages: tuple[Text, ...]) -> None:
        super().__init__("".join(message.zh for message in messages))
        self.messages = messages


@dataclass(frozen=True, slots=True)
class Goal:
    """Reach `level` of one criteria; 1 where the criteria have one outcome. Without a subject: for all it judges."""

    criteria_id: str
    level: int
    subject_key: str | None = None


def goals_from_text(every: Iterable[str], filled: FilledDiagnosis, criteria: CriteriaSet) -> tuple[Goal, ...]:
    """Read goals in their order; of several with the same criteria and subject the highest counts.

    Raises GoalsRefused with everything that is wrong; no goal at all is for the one who asks.
    """
    asked = list(dict.fromkeys(every))
    if len(asked) > MOST_GOALS:
        raise GoalsRefused((_too_many(len(asked)),))
    highest: dict[tuple[str, str | None], Goal] = {}
    faults: list[Text] = []
    for words in asked:
        try:
            goal = goal_from_text(words, filled, criteria)
        except GoalRefused as refused:
            faults.append(refused.message)
        else:
            known = highest.setdefault((goal.criteria_id, goal.subject_key), goal)
            highest[goal.criteria_id, goal.subject_key] = max(known, goal, key=lambda one: one.level)
    if faults:
        raise GoalsRefused(tuple(faults))
    return tuple(highest.values())


def _too_many(count: int) -> Text:
    return Text(
        f"目标：选了 {count} 个，最多 {MOST_GOALS} 个。请减少几个。",
        f"Goals: {count} were chosen, at most {MOST_GOALS} are possible. Please choose fewer.",
    )


def goal_from_text(words: str, filled: FilledDiagnosis, criteria: CriteriaSet) -> Goal:
    """Read “CRITERIA:LEVEL” or “CRITERIA:LEVEL@NAME”; the level is a number, or “met”. Raises GoalRefused.

    NAME is that of a factory or workshop, with its factory before it where the name alone is not clear:
    “一工厂/冲压车间”.
    """
    asked, _at, name = words.partition("@")
    criteria_id, _colon, level = asked.partition(":")
    if criteria_id not in criteria.criteria:
        known = ", ".join(criteria.criteria)
        raise GoalRefused(
            Text(
                f"目标“{words}”：没有评价标准“{criteria_id}”。可用：{known}。",
                f"Goal “{words}”: there are no criteria “{criteria_id}”. Known: {known}.",
            )
        )
    one = criteria.criteria[criteria_id]
    most = levels_of(one)
    number = 1 if level == MET and most == 1 else int(level) if level.isascii() and level.isdigit() else 0
    if not 1 <= number <= most:
        wanted = MET if most == 1 else f"1–{most}"
        raise GoalRefused(Text(f"目标“{words}”：等级应为 {wanted}。", f"Goal “{words}”: the level has to be {wanted}."))
    return Goal(criteria_id, number, _key(words, name, filled, one) if name else None)


def _key(words: str, name: str, filled: FilledDiagnosis, criteria: Criteria) -> str:
    named = [(path, "/".join(s.name for s in path[1:])) for path in paths(filled.firm, criteria.judges)]
    found = [path[-1].key for path, whole in named if name in (whole, path[-1].name, path[-1].key)]
    if len(found) == 1:
        return found[0]
    known = "、".join(whole for _path, whole in named)
    raise GoalRefused(
        Text(
            f"目标“{words}”：{'有几个' if found else '没有'}“{name}”。请写其中一个：{known}。",
            f"Goal “{words}”: {'several are' if found else 'nothing is'} called “{name}”. Write one of: {known}.",
        )
    )


def levels_of(criteria: Criteria) -> int:
    """Return how many levels or grades a criteria has; 1 where it has one outcome."""
    return len(criteria.level_names) or 1


def subjects_of(goal: Goal, filled: FilledDiagnosis, criteria: CriteriaSet) -> tuple[tuple[Subject, ...], ...]:
    """Return the way from the firm to every subject that a goal is for."""
    every = paths(filled.firm, criteria.criteria[goal.criteria_id].judges)
    return tuple(path for path in every if goal.subject_key in (None, path[-1].key))


def reached(goal: Goal, assessments: Iterable[Assessment]) -> bool:
    """Tell whether every subject of the goal surely reaches it: at the lower bound, whatever is still unanswered."""
    own = list(_own(goal, assessments))
    return bool(own) and all(_reached(goal, assessment) for assessment in own)


def _own(goal: Goal, assessments: Iterable[Assessment]) -> Iterator[Assessment]:
    for assessment in assessments:
        if assessment.criteria_id == goal.criteria_id and goal.subject_key in (None, assessment.subject_key):
            yield assessment


def _reached(goal: Goal, assessment: Assessment) -> bool:
    if assessment.outcome is Outcome.LEVEL and assessment.level is not None:
        return assessment.level.low >= goal.level
    return assessment.outcome is Outcome.MET
