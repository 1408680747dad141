"""A few questions at a time out of a list of wanted facts: one screen is about one subject and few topics.

Which facts are wanted, and which of them first, is decided by whoever asks; here they are only gathered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from questionnaires.model import Question
from questionnaires.path import Path
from questionnaires.progress import Step

MOST_TOPICS = 3  # sections on one screen
FEW, MANY = 3, 6  # questions on one screen


def questions_on_a_screen(still_needed: int) -> int:
    """Return how many questions a screen should hold when at least `still_needed` answers are to come.

    More at a time means fewer screens, but near the end also questions that the first answers make needless.
    """
    return min(max(still_needed, FEW), MANY)


def next_screen(path: Path, wanted: Sequence[tuple[str, str]], most: int) -> tuple[Step, ...]:
    """Return the pages of the next screen, each with only its wanted questions; at most `most` questions in all.

    `wanted` gives (subject key, fact), the first one first, and the screen is about the subject of that. What is not
    asked on the path is passed over; nothing is returned when nothing is left.
    """
    places = {(step.subject.key, fact.id): (step, one) for step, one in _questions(path) for fact in one.facts}
    found = [places[place] for place in wanted if place in places]
    chosen: dict[tuple[str, str, str], dict[str, Question]] = {}  # page -> first fact of each question -> question
    steps: dict[tuple[str, str, str], Step] = {}
    for step, question in found:
        if step.subject.key != found[0][0].subject.key:
            continue
        topics = {section for section, *_ in (*chosen, step.ids)}
        if len(topics) > MOST_TOPICS or sum(map(len, chosen.values())) == most:
            break  # what comes later in the order is not drawn forward for its topic
        chosen.setdefault(step.ids, {})[question.facts[0].id] = question
        steps[step.ids] = step
    return tuple(_only(step, chosen[ids]) for ids, step in steps.items())


def _questions(path: Path) -> Iterator[tuple[Step, Question]]:
    for section in path.questionnaire.sections:
        for line in path.lines[section.of]:
            for page in path.of(section, line[-1]):
                for question in page.questions:
                    yield Step(section, line[-1], page), question


def _only(step: Step, chosen: dict[str, Question]) -> Step:
    questions = tuple(question for question in step.page.questions if question.facts[0].id in chosen)
    return step._replace(page=replace(step.page, questions=questions))
