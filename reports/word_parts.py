"""What several parts of the Word report are made of: states, references, figures, tables of conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reports import charts
from reports.charts import Chart
from reports.labels import Labels
from reports.language import Language
from reports.model_judgements import Condition
from reports.model_pieces import Drawing, Ref, State
from reports.word_file import Document
from reports.word_styles import TEXT_WIDTH_MM
from reports.word_xml import Image, Link, Piece, Row, Run, Tab, Table

BAR_MM = 42
NEW_PAGE = '<w:pageBreakBefore/><w:spacing w:before="0"/>'


@dataclass(frozen=True, slots=True)
class Writing:
    """The document in the making, with the words of its language."""

    document: Document
    label: Labels

    @property
    def language(self) -> Language:
        """The marks that this language sets between words."""
        return self.label.language

    def chapter(self, title: str, target: str) -> None:
        """Begin a chapter on a new page."""
        self.document.paragraph("Heading1", title, target=target)

    def section(self, title: str, target: str = "", own: str = "") -> None:
        """Begin a section."""
        self.document.paragraph("Heading2", title, target=target, own=own)

    def entry(self, title: str, beside: str = "", style: str = "Entry") -> None:
        """Begin something small, with what is said beside its title."""
        more: list[Piece] = [self.language.wide, Run(beside, "Soft")] if beside else []
        self.document.paragraph(style, title, *more)

    def note(self, words: str) -> None:
        """Say something about what follows, unless it is empty."""
        if words:
            self.document.paragraph("Note", words)

    def text(self, *pieces: Piece) -> None:
        """Add a paragraph of plain text."""
        self.document.paragraph("Normal", *pieces)

    def line(self, state: Run, *pieces: Piece) -> None:
        """Add a line of a list, which begins with a state."""
        self.document.paragraph("List", state, Tab(), *pieces)

    def figure(self, drawn: Chart | Drawing) -> None:
        """Add a picture below its message."""
        self.document.paragraph("Caption", drawn.title)
        self.picture(_svg(drawn))

    def picture(self, svg: str) -> None:
        """Add a picture as wide as the text."""
        self.document.paragraph("Figure", Image(svg, TEXT_WIDTH_MM))


def _svg(drawn: Chart | Drawing) -> str:
    if isinstance(drawn, Drawing):
        return drawn.svg
    return charts.svg(drawn.options, drawn.width, drawn.height, drawn.alternative)


def state(shown: State) -> Run:
    """Return shape and word of a conclusion in its colour."""
    return Run(f"{shown.mark} {shown.word}", look_of(shown))


def look_of(shown: State) -> str:
    """Return the style of a conclusion."""
    return f"State{shown.key.title()}"


def ref(to: Ref) -> Link:
    """Return the small reference to the annex."""
    return Link(to.label, to.target, "Reference")


def strong_first(row: Sequence[str], more: str = "") -> list[list[Piece]]:
    """Return the cells of a row whose first one is strong, with something softer below it."""
    below: list[Piece] = ["\n", Run(more, "Soft")] if more else []
    cells: list[list[Piece]] = [[Run(row[0], "Strong"), *below]]
    return cells + [[words] for words in row[1:]]


def plain(rows: Iterable[Sequence[str]]) -> list[Row]:
    """Return rows of plain words."""
    return [Row([[words] for words in row]) for row in rows]


def conditions(writing: Writing, rows: Sequence[Condition], with_subject: bool) -> None:
    """Add the table of conditions; where all are of one subject, a graded scheme is divided by its grades."""
    heads = [writing.label(name) for name in ("condition", "now_and_threshold", "distance", "conclusion")]
    made = list(_conditions(writing, rows, with_subject))
    writing.document.table(Table((37, 29, 21, 13), made, heads))


def _conditions(writing: Writing, rows: Sequence[Condition], with_subject: bool) -> Iterator[Row]:
    grade = ""
    for row in rows:
        if not with_subject and row.grade != grade:
            grade = row.grade
            yield Row([[Run(grade, "StateFact")]], "grade")
        name = writing.language.bracketed(row.text, row.subject if with_subject else "")
        bar: list[Piece] = [Image(row.bar, BAR_MM), "\n"] if row.bar else []
        yield Row([[f"{name} ", ref(row.ref)], [*bar, row.now], [row.distance], [state(row.state)]])
