"""The page of one list: its rows as typed, what they count beside what is stated, and the faults row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from flask_babel import gettext as _

from app.diagnosis.asked import criteria_on
from app.diagnosis.draft import Draft, line_to
from app.diagnosis.models import Layer
from app.diagnosis.punctuation import listed
from app.lists.figures import Figure, figures
from app.presentation import language, text
from questionnaires.lists import NO_WORDS, ListRow, RowFault, TypedRow, means, totals, written
from questionnaires.model import Column, CountedList, Section, State, Statement
from reports.wording import rounded_down
from scoring.indicators import Case, bounds_of
from scoring.model import Ratio

MOST_FIELDS = 60  # rows that are filled in field by field; longer lists are text


@dataclass(frozen=True, slots=True)
class Heading:
    """One column that is counted."""

    fact: str
    text: str
    definition: str


@dataclass(frozen=True, slots=True)
class RowFields:
    """One row to be filled in, with what is wrong in it by field."""

    number: int
    name: str
    detail: str
    count: str
    marks: frozenset[str]
    faults: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate that the counted figures give; the facts let the page compute it while somebody types."""

    label: str
    value: str
    over: str
    under: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the page of a list shows. A short list has `rows`, a long one `lines`."""

    title: str
    name: str
    detail: str
    count: Heading
    marks: tuple[Heading, ...]
    rows: tuple[RowFields, ...]
    lines: str
    example: str
    columns: str  # the headings in their order, as they are pasted
    no_words: str  # by which a pasted row is not marked
    filled: int
    figures: tuple[Figure, ...]
    rates: tuple[Rate, ...]
    faults: tuple[tuple[str, str], ...]  # id of the field, sentence
    confirmed: str  # the figures that are to be confirmed; nothing while they are not


@dataclass(frozen=True, slots=True)
class Place:
    """The list of one subject: where it is filled in."""

    of: CountedList
    section: Section
    page_id: str
    subject_key: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A list as somebody typed it, and what came of it."""

    typed: Sequence[TypedRow]
    rows: Sequence[ListRow]  # those that are right
    faults: Sequence[RowFault] = ()
    spare: int = 5  # empty rows after those typed
    confirm: bool = False  # the figures are shown to be confirmed
    refused: str = ""  # why it was not kept


def view(draft: Draft, place: Place, attempt: Attempt) -> Sheet:
    """Return the page of a list with its rows as typed."""
    of, lang = place.of, language()
    as_text = len(attempt.typed) > MOST_FIELDS
    counted = totals(of, attempt.rows)
    newest = draft.newest(place.subject_key, Layer.STATED)
    return Sheet(
        title=text(of.title),
        name=text(of.name),
        detail=text(of.detail),
        count=_heading(of.count),
        marks=tuple(map(_heading, of.marks)),
        rows=() if as_text else tuple(_fields(attempt)),
        lines=_lines(written(of, attempt.typed, lang)[1:]) if as_text else "",
        example=_lines(written(of, _example(of), lang)[1:]),
        columns=listed(written(of, (), lang)[0]),
        no_words="|".join(sorted(NO_WORDS)),
        filled=len(attempt.typed),
        figures=tuple(figures(of, counted, {fact: kept.said for fact, kept in newest.items()})),
        rates=tuple(_rates(draft, place, counted)),
        faults=tuple(_sentence(fault, as_text) for fault in attempt.faults),
        confirmed=signature(of, attempt.rows) if attempt.confirm else "",
    )


def signature(of: CountedList, rows: Sequence[ListRow]) -> str:
    """Return the figures as the page posts them back when they are confirmed."""
    return ",".join(str(total) for total in totals(of, rows).values())


def _heading(column: Column) -> Heading:
    return Heading(column.fact.id, text(column.text), text(column.fact.definition))


def _example(of: CountedList) -> list[TypedRow]:
    """Return two made-up rows that show what can be pasted: all marked, none marked."""
    first, second = (dict.fromkeys((c.fact.id for c in of.marks), word) for word in (_("是"), _("否")))
    return [TypedRow(_("甲"), "A-1", "2", first), TypedRow(_("乙"), "B-2", "1", second)]


def _lines(cells: Sequence[Sequence[str]]) -> str:
    return "\n".join("\t".join(line) for line in cells)


def _fields(attempt: Attempt) -> Iterator[RowFields]:
    wrong: dict[int, dict[str, str]] = {}
    for fault in attempt.faults:
        wrong.setdefault(fault.row, {})[fault.field] = text(fault.message)
    for number, one in enumerate((*attempt.typed, *[TypedRow()] * attempt.spare), start=1):
        faults = wrong.get(number, {})
        marks = frozenset(fact for fact, word in one.marks.items() if means(word))
        yield RowFields(number, one.name, one.detail, one.count, marks, faults)


def _sentence(fault: RowFault, as_text: bool) -> tuple[str, str]:
    said = text(fault.message)
    if not fault.row:
        return "lines" if as_text else "figures", said
    said = _("第 %(number)s 行：%(said)s", number=fault.row, said=said)
    return "lines" if as_text else f"r{fault.row}-{fault.field}", said


def _rates(draft: Draft, place: Place, counted: Mapping[str, Fraction]) -> Iterator[Rate]:
    """Yield every rate of the section that the counted figures settle or could settle, computed as scoring does."""
    criteria, line = criteria_on(draft.diagnosis.as_of), line_to(draft.firm, place.subject_key)
    stated = {fact: Statement(State.STATED, total) for fact, total in counted.items()}
    case = Case((*line[:-1], replace(line[-1], facts=stated)), criteria.facts, criteria.indicators)
    for question in (question for page in place.section.pages for question in page.questions):
        indicator = criteria.indicators.get(question.indicator or "")
        if indicator is None or not isinstance(indicator.how, Ratio):
            continue
        over, under = indicator.how.numerator, indicator.how.denominator
        if {*over, *under} <= counted.keys():
            bounds = bounds_of(indicator.id, case)
            value = f"{rounded_down(bounds.low, 1).removesuffix('.0')}%" if bounds and bounds.settled else ""
            yield Rate(text(indicator.text), value, " ".join(over), " ".join(under))
