"""One page of questions, ready to draw: the words of the questionnaire, kept for each language, and the answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape
from wtforms import Form

from app.diagnosis.again import because, page_again, unnamed
from app.diagnosis.asked import criteria_on, find_page, published
from app.diagnosis.contradictions import Link, contradictions_at, field_on, in_words, links
from app.diagnosis.draft import NOTHING, Draft, Kept, Said, line_to
from app.diagnosis.form_builder import NOT_APPLICABLE, UNKNOWN, OneAnswer
from app.diagnosis.kept_lists import other_figures
from app.diagnosis.models import Layer
from app.diagnosis.punctuation import bracketed, in_turn
from app.presentation import language
from questionnaires import recall
from questionnaires.answers import EntryState, from_text
from questionnaires.coach import coach_of, load_coach
from questionnaires.lists import list_for
from questionnaires.model import Fact, FactKind, Page, Question, Questionnaire, Section, SubjectKind, Text, Value
from questionnaires.path import Line, Path
from questionnaires.progress import Contradiction, Step
from questionnaires.values import DEGREES, NO, YES, decimal_text, show_value
from reports.wording import rounded_down
from scoring.exact import Bounds
from scoring.indicators import Case, bounds_of, facts_behind
from scoring.model import Ratio

MOST_RADIOS = 9  # more options make a list that opens
Place = tuple[Section, Line]
NO_CONFLICTS: Mapping[str, Kept] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that may be chosen."""

    code: str
    words: Markup


@dataclass(frozen=True, slots=True)
class FactWords:
    """How one fact is asked: everything that is the same for everybody who reads this language."""

    id: str
    shape: str  # radios, checks, select, number, text, lines or date
    label: Markup
    caption: Markup  # the label with the unit
    unit: Markup
    mode: str  # which keyboard a phone shows
    choices: tuple[Choice, ...]
    may_not_apply: bool
    required: bool


@dataclass(frozen=True, slots=True)
class RateWords:
    """The rate that the answers give; the names of its facts let the page compute it while somebody types."""

    name: str
    label: Markup
    numerator: str
    denominator: str


@dataclass(frozen=True, slots=True, eq=False)
class QuestionWords:
    """One question as it stands on the page, in one language. Made once, so it is compared by identity."""

    text: Markup
    help: Markup
    evidence: Markup
    facts: tuple[FactWords, ...]
    rate: RateWords | None
    coached: bool  # explained in plain words
    counted_on: str  # where its figures can be counted row by row, seen from its page; nothing where they cannot
    recalls: bool = False  # its text names earlier answers, so it is this firm's own


@dataclass(frozen=True, slots=True)
class PageWords:
    """One page in one language."""

    title: Markup
    lead: Markup
    section: Markup
    evidence: Markup  # where every question has the same, said once
    questions: tuple[QuestionWords, ...]


@dataclass(slots=True)
class Answer:
    """One fact as it stands in the form: what is kept, or what was typed and is not yet right."""

    chosen: frozenset[str] = frozenset()
    typed: str = ""
    mark: str = ""
    reason: str = ""
    error: str = ""
    mine: str = ""  # the two answers of a fact that two people changed at the same time
    theirs: str = ""
    theirs_at: datetime | None = None
    note: str = ""  # where an answer comes from that nobody has confirmed


@dataclass(frozen=True, slots=True)
class PageView:
    """Everything the template draws."""

    words: PageWords
    answers: Mapping[str, Answer]
    rates: Mapping[str, str]  # indicator -> its value
    subject: str  # name of the factory or workshop
    place: tuple[int, int]  # this page, and all pages of the section for the subject
    contradictions: tuple[tuple[str, str], ...]  # id of the field, sentence with both figures
    errors: tuple[tuple[str, str], ...]  # id of the field, sentence
    elsewhere: Mapping[str, tuple[Link, ...]]  # id of the field -> the other pages of what contradicts it


@lru_cache(maxsize=2048)
def page_words(questionnaire_id: str, version: str, day: date, section_id: str, page_id: str, lang: str) -> PageWords:
    """Return the words of a published page; escaped once, so that drawing only joins them."""
    of = published(questionnaire_id, version)
    found = find_page(of, section_id, page_id)
    if found is None:
        raise LookupError(page_id)
    section, page = found
    questions = tuple(_question_words(of, question, day, lang) for question in page.questions)
    evidence = {question.evidence for question in questions}
    same = evidence.pop() if len(evidence) == 1 and len(questions) > 1 else Markup()
    return PageWords(_in(page.title, lang), _in(page.lead, lang), _in(section.title, lang), same, questions)


def _question_words(of: Questionnaire, question: Question, day: date, lang: str) -> QuestionWords:
    hints = dict.fromkeys(_in(hint, lang) for fact in question.facts for hint in fact.evidence)
    return QuestionWords(
        text=_in(question.text, lang),
        help=_in(question.help, lang),
        evidence=escape("、" if lang == "zh" else ", ").join(hints),
        facts=tuple(fact_words(fact, lang) for fact in question.facts),
        rate=_rate_words(question.indicator, day, lang) if question.indicator else None,
        coached=coach_of(question, load_coach()) is not None,
        counted_on=f"list/{question.indicator}" if list_for(of, question) else "",
    )


def _rate_words(name: str, day: date, lang: str) -> RateWords | None:
    indicator = criteria_on(day).indicators.get(name)
    if indicator is None:
        return None
    how = indicator.how
    over, under = (" ".join(how.numerator), " ".join(how.denominator)) if isinstance(how, Ratio) else ("", "")
    return RateWords(name, _in(indicator.text, lang), over, under)


def fact_words(fact: Fact, lang: str) -> FactWords:
    """Return how one fact is asked in one language."""
    return FactWords(
        id=fact.id,
        shape=_shape(fact),
        label=_in(fact.label, lang),
        caption=_caption(fact, lang),
        unit=_in(fact.unit, lang),
        mode="numeric" if fact.whole else "decimal",
        choices=tuple(Choice(code, _in(words, lang)) for code, words in _choices(fact)),
        may_not_apply=fact.kind is not FactKind.PRACTICE and not fact.required,
        required=fact.required,
    )


def _caption(fact: Fact, lang: str) -> Markup:
    if fact.unit is None:
        return _in(fact.label, lang)
    label, unit = getattr(fact.label, lang), getattr(fact.unit, lang)
    if lang != "zh":
        return escape(f"{label} ({unit})")
    return escape(f"{label}〔{unit}〕" if "（" in unit else f"{label}（{unit}）")  # brackets in brackets differ


def _shape(fact: Fact) -> str:
    if fact.kind in (FactKind.PRACTICE, FactKind.YES_NO):
        return "radios"
    if fact.kind is FactKind.CHOICE:
        return "radios" if len(fact.options) <= MOST_RADIOS else "select"
    if fact.kind is FactKind.TEXT and fact.format is None and not fact.required:
        return "lines"
    return {FactKind.CHOICES: "checks", FactKind.NUMBER: "number", FactKind.DATE: "date"}.get(fact.kind, "text")


def _choices(fact: Fact) -> list[tuple[str, Text]]:
    if fact.kind is FactKind.PRACTICE:
        return [(degree.value, words) for degree, words in DEGREES.items()]
    if fact.kind is FactKind.YES_NO:
        return [("yes", YES), ("no", NO)]
    return [(option.code, option.text) for option in fact.options if not option.retired]


def _in(words: Text | None, lang: str) -> Markup:
    return escape(str(getattr(words, lang))) if words else Markup()


# --- the answers ------------------------------------------------------------------------------------------------------


def kept_answer(fact: Fact, kept: Kept | None) -> Answer:
    """Return what is kept about a fact as it stands in the form."""
    if kept is None or kept.said.state == EntryState.BLANK:
        return Answer()
    said = kept.said
    if said.state == EntryState.UNKNOWN:
        return Answer(mark=UNKNOWN)
    if said.state == EntryState.NOT_APPLICABLE:
        return Answer(mark=NOT_APPLICABLE, reason=said.reason or "")
    return as_answer(from_text(fact, said.value or ""))


def as_answer(value: Value) -> Answer:
    """Return a value as it stands in the form."""
    if isinstance(value, bool):
        return Answer(chosen=frozenset({"yes" if value else "no"}))
    if isinstance(value, Fraction):
        return Answer(typed=decimal_text(value) or str(value))
    if isinstance(value, tuple):
        return Answer(chosen=frozenset(value))
    return Answer(chosen=frozenset({str(value)}), typed=str(value))


def typed_answer(field: OneAnswer) -> Answer:
    """Return what was posted about a fact, as it was typed, with what is wrong about it."""
    return Answer(
        chosen=frozenset(field.typed),
        typed=" ".join(field.typed),
        mark="".join(field.marks[:1]),
        reason=field.reason,
        error=" ".join(str(error) for error in field.errors),
    )


def said_words(fact: Fact, said: Said, lang: str) -> str:
    """Return what somebody said about a fact, as people read it."""
    if said.state == EntryState.STATED:
        return show_value(fact, from_text(fact, said.value or ""), lang)
    words = {EntryState.UNKNOWN: _("不清楚"), EntryState.NOT_APPLICABLE: _("不适用"), EntryState.BLANK: _("未填")}
    why = said.reason if said.state == EntryState.NOT_APPLICABLE else None
    return bracketed(words[EntryState(said.state)], why or "")


# --- the page ---------------------------------------------------------------------------------------------------------


def view_page(
    draft: Draft,
    step: Step,
    form: Form | None = None,
    conflicts: Mapping[str, Kept] = NO_CONFLICTS,
    nothing_saved: bool = False,
) -> PageView:
    """Return a page ready to draw: as kept, or with `form` as typed where that is wrong, in conflict or not saved."""
    lang, subject, of = language(), step.subject, draft.questionnaire
    words = page_words(of.id, of.version, draft.diagnosis.as_of, step.section.id, step.page.id, lang)
    answers = _answers(draft, step, form, conflicts, nothing_saved)
    pages, found = draft.path().of(step.section, subject), _contradictions(draft, step)
    return PageView(
        words=_to_be_seen_again(_recalling(words, draft, step, lang), draft, step),
        answers=answers,
        rates=_rates(draft, step),
        subject="" if subject.kind is SubjectKind.FIRM else subject.name,
        place=(pages.index(step.page) + 1 if step.page in pages else 0, len(pages)),
        contradictions=tuple((field, said) for field, said, _links in found),
        elsewhere=_gathered((field, others) for field, _said, others in found),
        errors=tuple((name, answer.error) for name, answer in answers.items() if answer.error),
    )


def _recalling(words: PageWords, draft: Draft, step: Step, lang: str) -> PageWords:
    """Return the words of a page with earlier answers named, wherever its wording names some and all are known."""
    if not recall.recalled_on(step.page):
        return words
    line = line_to(draft.around(step.subject.key).facts(), step.subject.key)
    shown = draft.facts_shown(line)

    def value(name: str) -> Value | None:
        return _value(name, line) if name in shown else None  # what is not shared with a colleague is not named

    def said(knowing: Text | None, plain: Markup) -> Markup:
        told = recall.say(knowing, lang, draft.questionnaire.facts, value) if knowing else None
        return plain if told is None else escape(told)

    page = _whole(draft, step)  # the step may ask only some of it
    pairs = zip(page.questions, words.questions, strict=True)
    return replace(
        words,
        title=said(page.knowing, words.title),
        lead=said(page.lead_knowing, words.lead),
        questions=tuple(_recalled(own, said(question.knowing, own.text)) for question, own in pairs),
    )


def _whole(draft: Draft, step: Step) -> Page:
    found = find_page(draft.questionnaire, step.section.id, step.page.id)
    return found[1] if found else step.page


def _to_be_seen_again(words: PageWords, draft: Draft, step: Step) -> PageWords:
    """Return the words of a page with why it should be looked at again, where it should."""
    again = page_again(draft, *step.ids)
    if again is None:
        return words
    why = _("请再看这一页：%(because)s。没有变化就直接保存。", because=because(again, draft.questionnaire))
    return replace(words, lead=words.lead + Markup('<span class="page__again">{}</span>').format(why))


def _recalled(question: QuestionWords, text: Markup) -> QuestionWords:
    return question if text is question.text else replace(question, text=text, recalls=True)


def _value(name: str, line: Line) -> Value | None:
    """Return what is stated about a fact by the subject of the line that it describes."""
    statement = next((subject.facts[name] for subject in line if name in subject.facts), None)
    return statement.value if statement else None


def _answers(
    draft: Draft, step: Step, form: Form | None, conflicts: Mapping[str, Kept], nothing_saved: bool
) -> dict[str, Answer]:
    newest = draft.newest(step.subject.key, Layer.STATED)
    said = {fact: kept.said.value for fact, kept in newest.items()}
    other = other_figures(draft.lists, step.subject.key, said)
    answers: dict[str, Answer] = {}
    for question in step.page.questions:
        for fact in question.facts:
            field: Any = form[fact.id] if form else None
            kept = newest.get(fact.id)
            both = field is not None and (fact.id in conflicts or field.undecided)
            as_typed = field is not None and (field.errors or both or nothing_saved)
            answers[fact.id] = typed_answer(field) if as_typed else kept_answer(fact, kept)
            if not as_typed:
                answers[fact.id].note = _note(draft, fact, kept, other.get(fact.id))
            if both:
                _show_both(answers[fact.id], field, conflicts.get(fact.id) or kept)
    return answers


def _note(draft: Draft, fact: Fact, kept: Kept | None, counted: int | None) -> str:
    """Say what somebody should know about an answer: that it was copied, that a list counts something else."""
    source, notes = copied_from(draft, kept), []
    if source:
        notes.append(_("复制自 %(name)s，请核对", name=source))
    if counted is not None:
        notes.append(_("清单里数的是 %(count)s，与这里不同", count=show_value(fact, Fraction(counted), language())))
    return in_turn(notes) if notes else ""


def copied_from(draft: Draft, kept: Kept | None) -> str:
    """Return whose answer was copied, while nobody has confirmed it; nothing for any other answer."""
    if kept is None or kept.copied_from is None or kept.said.state == EntryState.BLANK:
        return ""
    source = draft.subject(kept.copied_from)
    return source.name if source else unnamed(draft)


def _show_both(answer: Answer, field: OneAnswer, theirs: Kept | None) -> None:
    """Put what two people said about the same fact side by side; the person chooses."""
    lang = language()
    answer.mine = said_words(field.fact, field.data, lang)
    answer.theirs = said_words(field.fact, theirs.said if theirs else NOTHING, lang)
    answer.theirs_at = theirs.said_at if theirs else None
    answer.error = answer.error or _(
        "%(name)s：打开这一页以后，别处保存了另一个回答，请选择保留哪一个。", name=field.called
    )


def contradictions_in(draft: Draft, step: Step) -> tuple[tuple[Contradiction, ...], Line]:
    """Return what contradicts itself on a page as it is kept, and whose answers were compared."""
    return contradictions_at(draft, step), line_to(draft.firm, step.subject.key)


def _contradictions(draft: Draft, step: Step) -> tuple[tuple[str, str, tuple[Link, ...]], ...]:
    found = contradictions_at(draft, step)
    return tuple((field_on(one, step), in_words(draft, one), links(draft, one, but=step)) for one in found)


def _gathered(several: Iterable[tuple[str, tuple[Link, ...]]]) -> dict[str, tuple[Link, ...]]:
    """Return field -> every link of it, each once."""
    gathered: dict[str, tuple[Link, ...]] = {}
    for field, others in several:
        gathered[field] = tuple(dict.fromkeys((*gathered.get(field, ()), *others)))
    return gathered


def _rates(draft: Draft, step: Step) -> dict[str, str]:
    """Return indicator -> its value in words, for those that the answers settle."""
    names = [question.indicator for question in step.page.questions if question.indicator]
    if not names:
        return {}
    firm = draft.around(step.subject.key).facts()
    criteria, line = criteria_on(draft.diagnosis.as_of), line_to(firm, step.subject.key)
    case = Case(line, criteria.facts, criteria.indicators)
    bounds = {name: bounds_of(name, case) for name in names if _may_show(draft, line, name, case)}
    return {name: _rate(value) for name, value in bounds.items() if value is not None and value.settled}


def _may_show(draft: Draft, line: Line, indicator: str, case: Case) -> bool:
    """Tell whether a rate tells the reader nothing of answers that are not shared with him."""
    if draft.shared is None:
        return True
    behind = facts_behind(indicator, case.indicators)
    return bool(behind) and draft.facts_shown(line).keys() >= set(behind)


def _rate(value: Bounds) -> str:
    return f"{rounded_down(value.low, 1).removesuffix('.0')}%"


# --- from one page to the next ----------------------------------------------------------------------------------------


def steps(draft: Draft, path: Path) -> list[Step]:
    """Return every page on the path that the reader may be shown, in walking order."""
    return list(_walk(draft, path))


def _walk(draft: Draft, path: Path) -> Iterator[Step]:
    for section, line in walking_order(draft.questionnaire, path.lines):
        if draft.shows(section.id, line[-1].key):
            yield from (Step(section, line[-1], page) for page in path.of(section, line[-1]))


def walking_order(questionnaire: Questionnaire, there: Mapping[SubjectKind, tuple[Line, ...]]) -> Iterator[Place]:
    """Yield every section with each subject it is about: all of one workshop before the next workshop."""
    for kind, together in groupby(questionnaire.sections, key=lambda section: section.of):
        sections = list(together)
        for line in there[kind]:
            for section in sections:
                yield section, line


def neighbours(draft: Draft, step: Step, path: Path) -> tuple[Step | None, Step | None]:
    """Return the page before and the page after; none at the ends, and none for a page that has left the path."""
    before, walk = None, _walk(draft, path)
    for one in walk:
        if one.ids == step.ids:
            return before, next(walk, None)
        before = one
    return None, None
