"""A trial comes to what really changing the answers comes to: read from its address, and judged from the beginning."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from werkzeug.datastructures import MultiDict

from app.diagnosis import service
from app.diagnosis.draft import read_draft
from app.diagnosis.models import Diagnosis, Layer
from app.diagnosis.records import assess
from app.diagnosis.trying import name_of, read_tried
from app.extensions import db
from questionnaires.loader import load
from questionnaires.model import FactKind, Subject
from scoring.assessment import assess_diagnosis
from scoring.indicators import stated_value
from scoring.loader import load_all
from scoring.projects import projects_of
from scoring.trial import try_out
from scoring.what_if import after_projects
from tests.factories import make_diagnosis, make_firm, make_user, parts_of
from tests.scoring.random_firms import DAY, any_value
from tests.scoring.random_firms import make_firm as made_up

CRITERIA, FACTS = load_all(DAY), load("auto_parts").facts
CHANGES, PROJECTS, FIRMS = 16, 6, 14
KINDS = (FactKind.PRACTICE, FactKind.NUMBER, FactKind.YES_NO, FactKind.CHOICE, FactKind.CHOICES)


def every(subject: Subject) -> Iterator[Subject]:
    yield subject
    for part in subject.parts:
        yield from every(part)


def store(flask_app, whole: Subject) -> Diagnosis:
    """Keep the answers of a made-up firm, its parts under the keys that the database gives them."""
    firm = make_firm(flask_app, {one.name: tuple(part.name for part in one.parts) for one in whole.parts})
    keys = {name: str(key) for name, key in parts_of(flask_app, firm).items()}
    answers = {
        (keys.get(one.name, "firm"), fact): value
        for one in every(whole)
        for fact, statement in one.facts.items()
        if (value := stated_value(statement)) is not None
    }
    return make_diagnosis(
        flask_app, firm, {fact if key == "firm" else (key, fact): v for (key, fact), v in answers.items()}
    )


def random_address(firm: Subject, chance: Random) -> MultiDict[str, str]:
    """Return an address that tries answers of every kind, some of them impossible and some unknown."""
    given: MultiDict[str, str] = MultiDict()
    for kind in KINDS * (CHANGES // len(KINDS) + 1):
        subject = chance.choice(list(every(firm)))
        own = [fact for fact in FACTS.values() if fact.of is subject.kind and fact.kind is kind]
        if own:
            fact = chance.choice(own)
            given.setlist(name_of((subject.key, fact.id)), words(fact, chance))
    return given


def words(fact, chance: Random) -> list[str]:
    if chance.random() < 0.15:
        return ["?"]
    value = any_value(fact, chance)
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return list(value) if isinstance(value, tuple) else [str(value)]


def conclusions(assessments):
    """Everything that a trial shows of a conclusion."""
    return [
        (a.criteria_id, a.subject_key, a.outcome, a.level, a.total, dict(a.level_scores), a.coverage)
        for a in assessments
    ]


def states(assessments):
    gates = [a for a in assessments if a.method == "gates"]
    return [(a.subject_key, one.requirement.id, one.state, one.distance) for a in gates for one in a.requirements]


@pytest.mark.parametrize("number", range(FIRMS))
def test_a_trial_equals_really_changing_the_answers_and_judging_everything_anew(flask_app, number):
    chance, made = Random(f"trial-{number}"), made_up(number)
    diagnosis = store(flask_app, (made.full if number % 2 else made.begun).firm)
    with flask_app.test_request_context():
        person = db.session.merge(make_user(flask_app, firm_id=diagnosis.firm_id))
        draft = read_draft(db.session.get_one(Diagnosis, diagnosis.id))
        now = draft.filled()
        tried = read_tried(random_address(now.firm, chance), draft, Layer.STATED, now)
        possible = projects_of(tried.filled, CRITERIA)
        chosen = {one.id: chance.randint(0, one.units) for one in chance.sample(possible, min(PROJECTS, len(possible)))}
        trial = try_out(now, tried.filled, CRITERIA, chosen, assess(draft).assessments)

        for key in {key for key, _fact in tried.said}:
            saying = {fact: said for (whose, fact), said in tried.said.items() if whose == key}
            opened = service.open_draft(person, diagnosis.id, seen=10**6)
            assert not service.save_page(person, opened, key, saying, 10**6).conflicts
        db.session.expire_all()
        changed = read_draft(db.session.get_one(Diagnosis, diagnosis.id)).filled()
        projects = projects_of(changed, CRITERIA)
        later = after_projects(changed, CRITERIA, projects, {p.id: chosen[p.id] for p in projects if p.id in chosen})

    assert len(tried.said) >= 4
    assert tried.filled.firm == changed.firm
    assert conclusions(trial.after) == conclusions(assess_diagnosis(later, CRITERIA))
    assert states(trial.after) == states(assess_diagnosis(later, CRITERIA))
