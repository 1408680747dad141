"""What every assessment carries whatever the method: whom it judges, by which file, and how much was answered."""

from __future__ import annotations

from collections.abc import Iterable

from questionnaires.model import State, Subject
from scoring.indicators import Case, bearers, facts_behind
from scoring.model import Assessment, Coverage, Criteria, Outcome, Reason


def conclude(criteria: Criteria, case: Case, outcome: Outcome, coverage: Coverage, derivation: Reason) -> Assessment:
    """Return the assessment of the judged subject; what only one method knows is added by `dataclasses.replace`."""
    factory = case.path[1].name if len(case.path) == 3 else None  # firm, factory, workshop
    return Assessment(
        criteria_id=criteria.id,
        criteria_digest=criteria.digest,
        criteria_title=criteria.title,
        subject_kind=case.subject.kind,
        subject_key=case.subject.key,
        subject_name=case.subject.name,
        factory_name=factory,
        outcome=outcome,
        coverage=coverage,
        derivation=derivation,
        level_names=criteria.level_names,
        notice=criteria.notice,
        method=criteria.method,
    )


def asked(names: Iterable[str], case: Case) -> list[tuple[Subject, str]]:
    """Return every fact that `names` rest on with the subject that is asked, each once."""
    facts = [fact for name in names for fact in facts_behind(name, case.indicators)]
    pairs = [(subject, fact) for fact in facts for subject in bearers(case.facts[fact].of, case.path)]
    return list({(id(subject), fact): (subject, fact) for subject, fact in pairs}.values())


def cover(pairs: Iterable[tuple[Subject, str]]) -> Coverage:
    """Count the asked facts: answered (不适用 with its reason is an answer), unknown (不清楚) and blank."""
    states = [state_of(subject, fact) for subject, fact in pairs]
    unknown, blank = states.count(State.UNKNOWN), states.count(None)
    return Coverage(len(states), len(states) - unknown - blank, unknown, blank)


def is_open(subject: Subject, fact: str) -> bool:
    """Tell whether nothing usable is stated about `fact`, so that its bounds stay open."""
    return state_of(subject, fact) is not State.STATED


def state_of(subject: Subject, fact: str) -> State | None:
    """Return the state of a fact of `subject`; None when it is blank."""
    statement = subject.facts.get(fact)
    return statement.state if statement else None
