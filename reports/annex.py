"""The annexes: how each conclusion follows, which documents the rules come from, and every answer given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from questionnaires.model import Confidence, Fact, FactKind, Section, State, Subject, Text
from questionnaires.path import Path, find_path
from questionnaires.values import DEGREES, NO, YES, show_value
from reports import wording
from reports.documents import note_of, title_of
from reports.given import Given, applies, paths, subject_title
from reports.model_annex import AnswerGroup, AnswerSection, Derivation, ReasonLine, SourceRow
from reports.model_pieces import Pair, Ref
from scoring.exact import Bounds
from scoring.model import Assessment, Reason, Requirement, Rule

WORDS = {state.value: words for state, words in wording.STATE_WORDS.items()} | {
    "yes": YES,
    "no": NO,
    **wording.GAP_WORDS,
}
INNER = {"zh": ("〔", "〕"), "en": (" [", "]")}  # around what a step rests on
INDENTED_MOST, INLINE_MOST = 3, 4


def derivations(given: Given) -> tuple[Derivation, ...]:
    """Return how every conclusion that applies came about, in the order of the references."""
    return tuple(_derivation(given, assessment) for assessment in given.assessments if applies(assessment))


def _derivation(given: Given, assessment: Assessment) -> Derivation:
    title = given.language.of(given.say(assessment.criteria_title), subject_title(assessment, given.language))
    lines = tuple(_rules_once(_lines(given, assessment, _decisive(assessment), 1)))
    return Derivation(given.ref(assessment), title, given.say(wording.outcome_text(assessment)), lines)


def _rules_once(lines: Iterable[ReasonLine]) -> Iterator[ReasonLine]:
    """Keep the rule of a line only where it differs from the rule printed before it."""
    printed = ""
    for line in lines:
        yield replace(line, rule="") if line.rule == printed else line
        printed = line.rule or printed


def _decisive(assessment: Assessment) -> Iterator[Reason]:
    """Yield the branches to print; a maturity level above the one being worked on decides nothing and loses its own."""
    shown = wording.working_level(assessment) if wording.is_maturity(assessment) else len(assessment.derivation.because)
    for number, reason in enumerate(assessment.derivation.because, start=1):
        yield reason if number <= shown else replace(reason, because=())


def _lines(given: Given, assessment: Assessment, reasons: Iterable[Reason], depth: int) -> Iterator[ReasonLine]:
    for reason in reasons:
        goes_on = depth < INDENTED_MOST and any(part.because and not _is_inline(part) for part in reason.because)
        yield _line(given, assessment, reason, depth, () if goes_on else reason.because)
        if goes_on:
            yield from _lines(given, assessment, reason.because, depth + 1)


def _is_inline(reason: Reason) -> bool:
    """Tell whether a step is said in one breath with the one above it: an indicator over a few facts."""
    return len(reason.because) <= INLINE_MOST and all(part.fact is not None for part in reason.because)


def _line(given: Given, assessment: Assessment, reason: Reason, depth: int, leaves: Sequence[Reason]) -> ReasonLine:
    if len(leaves) == 1 and leaves[0].because and leaves[0].text == reason.text:
        leaves = leaves[0].because  # a domain of one subdomain says the same twice
    return ReasonLine(
        depth=depth,
        target=_target(given, assessment, reason, depth),
        ref=reason.ref if depth == 1 and "_" not in reason.ref else "",
        text=given.say(reason.text),
        state=_state(given, reason, _unit(given, assessment, reason)),
        rule=_rule(given, reason.rule, assessment) if depth == 1 else "",
        rests_on=given.language.clauses(_leaf(given, leaf) for leaf in leaves),
    )


def _target(given: Given, assessment: Assessment, reason: Reason, depth: int) -> str:
    """Return the place of a line: of every requirement, and of every part of a maturity level."""
    is_cited = depth == 1 or (wording.is_maturity(assessment) and reason.fact is None)
    return given.ref(assessment, reason.ref).target if is_cited else ""


def line_on(given: Given, maturity: Assessment, requirement: Requirement) -> Ref:
    """Return the reference to the line, of the level it belongs to, that a maturity requirement is printed in."""
    level = given.ref(maturity, f"L{requirement.level}")
    line = next(line for line in _lines_of_level(maturity, requirement.level) if _rests_on(line, requirement.id))
    return Ref(level.label, given.ref(maturity, line.ref).target)


def _lines_of_level(maturity: Assessment, level: int) -> Iterator[Reason]:
    for one in maturity.derivation.because:
        if one.ref == f"L{level}":
            for element in one.because:
                yield from element.because


def _rests_on(reason: Reason, fact: str) -> bool:
    return reason.fact == fact or any(_rests_on(part, fact) for part in reason.because)


def _rule(given: Given, rule: Rule | None, assessment: Assessment) -> str:
    if rule is None:
        return ""
    own, language = assessment.derivation.rule, given.language
    title = "" if own and rule.title == own.title else title_of(rule.title, language)
    clause = note_of(rule.clause, language) if rule.clause else ""
    since = given.say(_since(rule.since)) if isinstance(rule.since, date) else ""
    sure = given.say(wording.CONFIDENCE_WORDS[rule.confidence])
    return language.parts((f"{title} {clause}".strip(), since, sure))


def _since(day: date) -> Text:
    return Text(f"{day.isoformat()} 起", f"since {day.isoformat()}")


def _leaf(given: Given, reason: Reason) -> str:
    language = given.language
    name = given.say(reason.text) if reason.fact is None or not _is_practice(given, reason.fact) else reason.ref
    inner = language.parts(_leaf(given, part) for part in reason.because)
    said = f"{language.bracketed(name, reason.subject or '')} {_state(given, reason)}"
    return said + (f"{INNER[language.code][0]}{inner}{INNER[language.code][1]}" if inner else "")


def _is_practice(given: Given, fact: str) -> bool:
    return given.fact(fact).kind is FactKind.PRACTICE


def _state(given: Given, reason: Reason, unit: str = "") -> str:
    if reason.fact is not None:
        return _answer_word(given, given.fact(reason.fact), reason.state)
    if reason.state.startswith("level "):
        return given.say(_levels(reason.state.removeprefix("level ")))
    word = given.say(WORDS.get(reason.state))
    number = _number(reason.value) + unit if reason.value is not None else ""
    return given.language.parts((number, word)) or reason.state


def _number(value: Bounds) -> str:
    if value.settled:
        return wording.number_text(value.low)
    return wording.bounds_text(value, 0 if value.low.denominator == value.high.denominator == 1 else 2)


def _unit(given: Given, assessment: Assessment, reason: Reason) -> str:
    units = (r.requirement.unit for r in assessment.requirements if r.requirement.id == reason.ref)
    unit = next(units, None)
    return wording.unit_sign(unit, given.language.code)


def _levels(numbers: str) -> Text:
    words = [wording.level_word(int(number)) for number in numbers.split("-")]
    return Text("至".join(one.zh for one in words), " to ".join(one.en for one in words))


def _answer_word(given: Given, fact: Fact, state: str) -> str:
    options = {option.code: given.say(option.text) for option in fact.options}
    if all(code in options for code in state.split(",")):
        return given.language.items(options[code] for code in state.split(","))
    if fact.kind is FactKind.NUMBER and state not in WORDS:
        return show_value(fact, Fraction(state), given.language.code)
    return given.say(WORDS.get(state)) or state


def sources(given: Given) -> tuple[SourceRow, ...]:
    """Return every document that a printed rule rests on, once for each degree of confidence."""
    found: dict[tuple[str, Confidence], list[Rule]] = {}
    for rule in _rules(given):
        found.setdefault((rule.title, rule.confidence), []).append(rule)
    return tuple(_source(given, title, confidence, rules) for (title, confidence), rules in found.items())


def _rules(given: Given) -> Iterator[Rule]:
    for assessment in given.assessments:
        if applies(assessment):
            yield from _rules_of(assessment.derivation)


def _rules_of(reason: Reason) -> Iterator[Rule]:
    if reason.rule is not None and reason.fact is None:
        yield reason.rule
    for part in reason.because:
        yield from _rules_of(part)


def _source(given: Given, title: str, confidence: Confidence, rules: list[Rule]) -> SourceRow:
    language = given.language
    places = dict.fromkeys(note_of(rule.source, language) for rule in rules if rule.source)
    days = sorted({rule.since.isoformat() for rule in rules if rule.since})
    return SourceRow(
        title_of(title, language),
        language.items(days) or "—",
        language.clauses(places) or "—",
        given.say(wording.CONFIDENCE_WORDS[confidence]),
    )


def answers(given: Given) -> tuple[AnswerSection, ...]:
    """Return all answers as far as they are on the path: the firm, then each factory and workshop."""
    path = find_path(given.questionnaire, given.filled.firm, given.filled.tailored)
    every = [line[0] for line in paths(given.filled.firm)]
    found = (_section(given, path, subject) for subject in every)
    return tuple(section for section in found if section.groups or section.unknown or section.blank)


def _section(given: Given, path: Path, subject: Subject) -> AnswerSection:
    asked = {section: _asked(path, section, subject) for section in given.questionnaire.sections}
    every = [fact for facts in asked.values() for fact in facts]
    return AnswerSection(
        title=_titled(given, subject),
        groups=tuple(_group(given, section, facts, subject) for section, facts in asked.items() if facts),
        unknown=given.language.clauses(
            _name(given, fact) for fact in every if _state_of(subject, fact) is State.UNKNOWN
        ),
        blank=given.language.clauses(_name(given, fact) for fact in every if _state_of(subject, fact) is None),
    )


def _titled(given: Given, subject: Subject) -> str:
    kind = given.say(wording.SUBJECT_WORDS[subject.kind])
    return given.language.of(kind[0].upper() + kind[1:], subject.name)


def _asked(path: Path, section: Section, subject: Subject) -> list[Fact]:
    if section.of is not subject.kind:
        return []
    return [fact for page in path.of(section, subject) for question in page.questions for fact in question.facts]


def _group(given: Given, section: Section, facts: list[Fact], subject: Subject) -> AnswerGroup:
    language = given.language
    by_degree: dict[str, list[str]] = {given.say(words): [] for words in DEGREES.values()}
    measured = []
    for fact in facts:
        if _state_of(subject, fact) in (None, State.UNKNOWN):
            continue
        answer = given.answer(fact.id, subject.facts[fact.id])
        if fact.kind is FactKind.PRACTICE:
            by_degree.setdefault(answer, []).append(_name(given, fact))
        else:
            measured.append(Pair(given.say(fact.label), answer))
    practices = tuple(Pair(degree, language.clauses(names)) for degree, names in by_degree.items() if names)
    return AnswerGroup(given.say(section.title), practices, tuple(measured), tuple(_evidence(given, facts, subject)))


def _evidence(given: Given, facts: list[Fact], subject: Subject) -> Iterator[Pair]:
    for fact in facts:
        if (statement := subject.facts.get(fact.id)) and statement.evidence:
            yield Pair(_name(given, fact), given.language.items(statement.evidence))


def _state_of(subject: Subject, fact: Fact) -> State | None:
    statement = subject.facts.get(fact.id)
    return statement.state if statement else None


def _name(given: Given, fact: Fact) -> str:
    label = given.say(fact.label)
    return f"{fact.id} {label}" if fact.kind is FactKind.PRACTICE else label
