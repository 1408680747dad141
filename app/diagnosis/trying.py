"""Answers that somebody tries out in place of those given: read with the checks of the questionnaire, never kept.

A trial is an address. What it tries stands behind the question mark, so that a link carries it from page to page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.diagnosis.asked import asked_at, checks_of
from app.diagnosis.check import answer_words
from app.diagnosis.contradictions import in_words, lines_near
from app.diagnosis.draft import Draft, Said, line_to
from app.diagnosis.form_builder import MARK, UNKNOWN, OneAnswer, facts_in, named_form
from app.diagnosis.page import Answer, FactWords, as_answer, fact_words, typed_answer
from app.presentation import language
from questionnaires.answers import Entry, EntryState, from_text
from questionnaires.checks import Home, below, facts_of
from questionnaires.model import FilledDiagnosis, State, Statement, Subject, SubjectKind
from questionnaires.path import Line, Path
from questionnaires.progress import Contradiction, Step, contradiction, said_on
from scoring.indicators import bearers
from scoring.limits import Limit
from scoring.model import Assessment, Gap

Place: TypeAlias = tuple[str, str]  # subject key, fact
Carried: TypeAlias = dict[str, list[str]]  # what an address says, name by name

ANSWER, PROJECT, UNITS, TRIED = "answer.", "project", "units.", "tried"
MOST_TRIED = 40  # answers in one trial; an address has an end
MOST_BEHIND = 16  # answers behind one requirement that are offered to be tried


@dataclass(frozen=True, slots=True)
class TriedField:
    """One answer that may be tried otherwise, ready to draw."""

    name: str
    place: Place
    words: FactWords
    whose: str  # the factory or workshop; nothing of the firm
    now: str  # the answer of now in words
    kept: str  # the same as the field posts it
    answer: Answer  # as it is tried, else as it is now


@dataclass(frozen=True, slots=True)
class Tried:
    """What is tried: the diagnosis answered so, and the fields; what cannot be is said there and left out."""

    filled: FilledDiagnosis
    said: Mapping[Place, Said]  # what counts in the trial and is not so now
    fields: tuple[TriedField, ...]
    carried: Carried  # what is tried, as an address says it


# --- an address -------------------------------------------------------------------------------------------------------


def name_of(place: Place) -> str:
    """Return the name of the field of one answer."""
    return f"{ANSWER}{place[0]}.{place[1]}"


def carried_by(given: MultiDict[str, str]) -> Carried:
    """Return what an address carries of a trial; nothing where it speaks of none."""
    return _of_trial(given) if TRIED in given else {}


def _of_trial(given: MultiDict[str, str]) -> Carried:
    names = [name for name in given if name.startswith((ANSWER, UNITS)) or name in (PROJECT, TRIED)]
    names += [Limit.BUDGET.value] if given.get(Limit.BUDGET, "").strip() else []
    return {name: given.getlist(name) for name in names}


def with_more(carried: Carried, tries: Iterable[str], projects: Iterable[str]) -> Carried:
    """Return a trial that also shows these fields, as they are now, and ticks these projects."""
    ticked = dict.fromkeys([*carried.get(PROJECT, ()), *projects])
    shown = {name: [""] for name in tries}
    return {TRIED: ["1"], **shown, **carried, **({PROJECT: list(ticked)} if ticked else {})}


def behind(facts: Iterable[str], subject_key: str, draft: Draft) -> tuple[str, ...]:
    """Return the fields of what a subject is judged by: facts of its own, of those above it or of all below it.

    None where they are too many to be tried one by one.
    """
    line, known = line_to(draft.firm, subject_key), draft.questionnaire.facts
    asked = (known[name] for name in facts if name in known)
    places = [(one.key, fact.id) for fact in asked if line for one in bearers(fact.of, line)]
    return tuple(map(name_of, places)) if len(places) <= MOST_BEHIND else ()


def behind_gap(gap: Gap, assessments: Iterable[Assessment], draft: Draft) -> tuple[str, ...]:
    """Return the fields of what stands behind a gap."""
    if gap.requirement.fact:
        return behind((gap.requirement.fact,), gap.subject_key, draft)
    own = (a for a in assessments if (a.criteria_id, a.subject_key) == (gap.criteria_id, gap.subject_key))
    results = (one for a in own for one in a.requirements if one.requirement.id == gap.requirement.id)
    return next((behind(one.facts, gap.subject_key, draft) for one in results), ())


# --- reading ----------------------------------------------------------------------------------------------------------


def read_tried(
    given: MultiDict[str, str], draft: Draft, layer: str, now: FilledDiagnosis, offered: Iterable[str] = ()
) -> Tried:
    """Read what an address tries on a diagnosis that is `now` so; `offered` names fields that are drawn beside.

    A value is held against the dictionary and the checks of the questionnaire. What is refused stands at its field,
    and the rest of the trial is worked out.
    """
    given = _marked(given)
    places = {name: place for name in (*facts_in(given), *offered) if (place := _place(name, draft))}
    facts = {name: draft.questionnaire.facts[fact] for name, (_key, fact) in list(places.items())[:MOST_TRIED]}
    form = named_form(facts, given)
    form.validate()
    stated = dict(_statements(now.firm))
    said = {places[field.name]: field.data for field in form if _changes(field, stated.get(places[field.name]))}
    firm, refused = _consistent(draft, layer, said) if said else (now.firm, {})
    for place, sentence in refused.items():
        form[name_of(place)].errors = [sentence]
    return Tried(
        filled=replace(now, firm=firm) if said else now,
        said=said,
        fields=tuple(_field(form[name], places[name], stated, draft) for name in facts),
        carried=_carried(given, [name_of(place) for place in said] + [field.name for field in form if field.errors]),
    )


def _marked(given: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return the same where 不清楚 stands instead of a value: the field shows that of now, which nobody typed."""
    plain = given.copy()
    for name in [one for one in given if one.startswith(ANSWER) and given.get(one + MARK) == UNKNOWN]:
        plain.setlist(name, [])
    return plain


def _place(name: str, draft: Draft) -> Place | None:
    """Return whose answer a field is, None where there is no such question."""
    key, _dot, fact = name.removeprefix(ANSWER).partition(".")
    known, subject = draft.questionnaire.facts.get(fact), draft.subject(key)
    if not name.startswith(ANSWER) or known is None or subject is None or known.of is not subject.kind:
        return None
    return key, fact


def _statements(subject: Subject) -> Iterator[tuple[Place, Statement]]:
    yield from (((subject.key, fact), statement) for fact, statement in subject.facts.items())
    for part in subject.parts:
        yield from _statements(part)


def _changes(field: OneAnswer, now: Statement | None) -> bool:
    """Tell whether a field says something that can be and that is not so now; nothing typed changes nothing."""
    said: Said = field.data
    if field.errors or said.state == EntryState.BLANK:
        return False
    if now is None or said.state != now.state:
        return True
    return said.state == EntryState.STATED and from_text(field.fact, said.value or "") != now.value


def _consistent(draft: Draft, layer: str, said: dict[Place, Said]) -> tuple[Subject, dict[Place, str]]:
    """Return the firm answered so, after taking out of `said` what contradicts itself, with why."""
    refused: dict[Place, str] = {}
    while True:
        later = draft.diagnosis.revision + 1
        tried = [Entry(key, fact, later, layer, one.state, one.value, one.reason) for (key, fact), one in said.items()]
        firm, path = draft.walk(layer, tried)
        found = _refused(draft, path, said)
        if not found:
            return firm, refused
        for place, sentence in found.items():
            del said[place]
            refused[place] = sentence


def _refused(draft: Draft, path: Path, said: Mapping[Place, Said]) -> dict[Place, str]:
    """Return what cannot be tried: a question that does not arise, else the first contradiction of what is tried."""
    not_asked = [(key, fact) for key, fact in said if fact not in path.asked.get(key, ())]
    if not_asked:
        return dict.fromkeys(not_asked, _("按其余的回答，这一题不用答，所以试了也不算。"))
    for found, line in _contradictions(draft, path, said):
        keys = {one.key for one in (*line, *below(line[-1]))}
        both = [place for place in said if place[0] in keys and place[1] in facts_of(found.check)]
        if both:
            return dict.fromkeys(both, in_words(draft, found))
    return {}


def _contradictions(draft: Draft, path: Path, said: Mapping[Place, Said]) -> Iterator[tuple[Contradiction, Line]]:
    stated = said_on(path)
    for key, fact in said:
        for section, page, check in _checks_of(draft, fact):
            for line in lines_near(path, section.of, key):
                if page in path.of(section, line[-1]):
                    found = contradiction(path, Step(section, line[-1], page), check, line, stated)
                    if found is not None:
                        yield found, line


def _checks_of(draft: Draft, fact: str) -> Iterator[Home]:
    """Yield the checks that compare a fact and refuse; what is only doubtful may be tried."""
    version = draft.questionnaire.id, draft.questionnaire.version
    for home in checks_of(*version).get(asked_at(*version)[fact], ()):
        if fact in facts_of(home[2]) and not home[2].doubtful:
            yield home


# --- showing ----------------------------------------------------------------------------------------------------------


def _field(field: OneAnswer, place: Place, stated: Mapping[Place, Statement], draft: Draft) -> TriedField:
    statement, subject = stated.get(place), draft.subject(place[0])
    own = _as_kept(statement)
    as_typed = field.errors or field.typed or field.marks
    return TriedField(
        name=field.name,
        place=place,
        words=fact_words(field.fact, language()),
        whose=subject.name if subject and subject.kind is not SubjectKind.FIRM else "",
        now=answer_words(field.fact, statement),
        kept=own.mark or own.typed or "".join(sorted(own.chosen)[:1]),
        answer=typed_answer(field) if as_typed else own,
    )


def _as_kept(statement: Statement | None) -> Answer:
    if statement is None or statement.value is None:
        return Answer(mark=UNKNOWN if statement and statement.state is State.UNKNOWN else "")
    return as_answer(statement.value)


def _carried(given: MultiDict[str, str], answers: Iterable[str]) -> Carried:
    """Return a trial as an address says it in the fewest words: without answers that are as they are now."""
    whole, own = {TRIED: ["1"]} | _of_trial(given), set(answers)
    own |= {name + MARK for name in own}
    return {name: words for name, words in whole.items() if not name.startswith(ANSWER) or name in own}
