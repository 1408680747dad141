"""The annexes: how each conclusion follows, which documents the rules come from, and every answer given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from questionnaires.model import Confidence, Fact, FactKind, Section, State, Subject
from questionnaires.path import Path, find_path
from questionnaires.values import show_value
from reports import wording
from reports.given import Given, applies, paths, subject_title
from reports.model import AnswerGroup, AnswerSection, Derivation, Pair, ReasonLine, SourceRow
from scoring.exact import Bounds
from scoring.model import Assessment, Reason, Rule

WORDS = {
    "met": "达到",
    "not_met": "未达到",
    "not_known": "待定",
    "not_applicable": "不适用",
    "not_judged": "不评判",
    "yes": "是",
    "no": "否",
    "unknown": "不清楚",
    "blank": "未填",
    "none": "不满足",
    "partly": "部分满足",
    "mostly": "大部分满足",
    "full": "全部满足",
}
INDENTED_MOST, INLINE_MOST = 3, 4


def derivations(given: Given) -> tuple[Derivation, ...]:
    """Return how every conclusion that applies came about, in the order of the references."""
    return tuple(_derivation(given, assessment) for assessment in given.assessments if applies(assessment))


def _derivation(given: Given, assessment: Assessment) -> Derivation:
    title = f"{assessment.criteria_title.zh}：{subject_title(assessment)}"
    lines = tuple(_rules_once(_lines(given, assessment, _decisive(assessment), 1)))
    return Derivation(given.ref(assessment), title, wording.outcome_text(assessment).zh, lines)


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
        target=given.ref(assessment, reason.ref).target if depth == 1 else "",
        ref=reason.ref if depth == 1 and "_" not in reason.ref else "",
        text=reason.text.zh,
        state=_state(given, reason, _unit(assessment, reason)),
        rule=_rule(reason.rule, assessment) if depth == 1 else "",
        rests_on="；".join(_leaf(given, leaf) for leaf in leaves),
    )


def _rule(rule: Rule | None, assessment: Assessment) -> str:
    if rule is None:
        return ""
    own = assessment.derivation.rule
    title = "" if own and rule.title == own.title else rule.title
    clause = f" {rule.clause}" if rule.clause else ""
    since = f"{rule.since.isoformat()} 起" if isinstance(rule.since, date) else ""
    sure = wording.CONFIDENCE_WORDS[rule.confidence].zh
    return "，".join(part for part in ((title + clause).strip(), since, sure) if part)


def _leaf(given: Given, reason: Reason) -> str:
    name = reason.text.zh if reason.fact is None or not _is_practice(given, reason.fact) else reason.ref
    asked = f"（{reason.subject}）" if reason.subject else ""
    inner = "，".join(_leaf(given, part) for part in reason.because)
    return f"{name}{asked} {_state(given, reason)}" + (f"〔{inner}〕" if inner else "")


def _is_practice(given: Given, fact: str) -> bool:
    return given.fact(fact).kind is FactKind.PRACTICE


def _state(given: Given, reason: Reason, unit: str = "") -> str:
    if reason.fact is not None:
        return _answer_word(given.fact(reason.fact), reason.state)
    if reason.state.startswith("level "):
        return _levels(reason.state.removeprefix("level "))
    word = WORDS.get(reason.state, "")
    number = _number(reason.value) + unit if reason.value is not None else ""
    return "，".join(part for part in (number, word) if part) or reason.state


def _number(value: Bounds) -> str:
    if value.settled:
        return wording.number_text(value.low)
    return wording.bounds_text(value, 0 if value.low.denominator == value.high.denominator == 1 else 2)


def _unit(assessment: Assessment, reason: Reason) -> str:
    units = (r.requirement.unit for r in assessment.requirements if r.requirement.id == reason.ref)
    unit = next(units, None)
    return wording.unit_sign(unit)


def _levels(numbers: str) -> str:
    return "至".join(wording.level_word(int(number)).zh for number in numbers.split("-"))


def _answer_word(fact: Fact, state: str) -> str:
    options = {option.code: option.text.zh for option in fact.options}
    if all(code in options for code in state.split(",")):
        return "、".join(options[code] for code in state.split(","))
    if fact.kind is FactKind.NUMBER and state not in WORDS:
        return show_value(fact, Fraction(state), "zh")
    return WORDS.get(state, state)


def sources(given: Given) -> tuple[SourceRow, ...]:
    """Return every document that a printed rule rests on, once for each degree of confidence."""
    found: dict[tuple[str, Confidence], list[Rule]] = {}
    for rule in _rules(given):
        found.setdefault((rule.title, rule.confidence), []).append(rule)
    return tuple(_source(title, confidence, rules) for (title, confidence), rules in found.items())


def _rules(given: Given) -> Iterator[Rule]:
    for assessment in given.assessments:
        if applies(assessment):
            yield from _rules_of(assessment.derivation)


def _rules_of(reason: Reason) -> Iterator[Rule]:
    if reason.rule is not None and reason.fact is None:
        yield reason.rule
    for part in reason.because:
        yield from _rules_of(part)


def _source(title: str, confidence: Confidence, rules: list[Rule]) -> SourceRow:
    places = "；".join(dict.fromkeys(rule.source for rule in rules if rule.source)) or "—"
    days = sorted({rule.since.isoformat() for rule in rules if rule.since})
    return SourceRow(title, "、".join(days) or "—", places, wording.CONFIDENCE_WORDS[confidence].zh)


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
        title=f"{wording.SUBJECT_WORDS[subject.kind].zh}：{subject.name}",
        groups=tuple(_group(given, section, facts, subject) for section, facts in asked.items() if facts),
        unknown="；".join(_name(fact) for fact in every if _state_of(subject, fact) is State.UNKNOWN),
        blank="；".join(_name(fact) for fact in every if _state_of(subject, fact) is None),
    )


def _asked(path: Path, section: Section, subject: Subject) -> list[Fact]:
    if section.of is not subject.kind:
        return []
    return [fact for page in path.of(section, subject) for question in page.questions for fact in question.facts]


def _group(given: Given, section: Section, facts: list[Fact], subject: Subject) -> AnswerGroup:
    by_degree: dict[str, list[str]] = {words.zh: [] for words in wording.DEGREE_WORDS.values()}
    measured = []
    for fact in facts:
        if _state_of(subject, fact) in (None, State.UNKNOWN):
            continue
        answer = given.answer(fact.id, subject.facts[fact.id])
        if fact.kind is FactKind.PRACTICE:
            by_degree[answer].append(_name(fact))
        else:
            measured.append(Pair(fact.label.zh, answer))
    practices = tuple(Pair(degree, "；".join(names)) for degree, names in by_degree.items() if names)
    return AnswerGroup(section.title.zh, practices, tuple(measured), tuple(_evidence(facts, subject)))


def _evidence(facts: list[Fact], subject: Subject) -> Iterator[Pair]:
    for fact in facts:
        if (statement := subject.facts.get(fact.id)) and statement.evidence:
            yield Pair(_name(fact), "、".join(statement.evidence))


def _state_of(subject: Subject, fact: Fact) -> State | None:
    statement = subject.facts.get(fact.id)
    return statement.state if statement else None


def _name(fact: Fact) -> str:
    return f"{fact.id} {fact.label.zh}" if fact.kind is FactKind.PRACTICE else fact.label.zh
