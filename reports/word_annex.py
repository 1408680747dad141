"""The last chapters of the Word report: the method, the sources, how conclusions came about, all answers."""

from __future__ import annotations

from collections.abc import Iterator

from reports.model import DiagnosisReport
from reports.model_annex import AnswerGroup, AnswerSection, ReasonLine
from reports.model_pieces import Pair
from reports.word_parts import Writing, plain
from reports.word_xml import Piece, Run, Table


def method(writing: Writing, report: DiagnosisReport) -> None:
    """Add the chapters on the method and the sources."""
    label = writing.label
    writing.chapter(report.chapters["method"], "method")
    for row in report.method:
        writing.entry(row.name)
        writing.text(row.value)
    writing.chapter(report.chapters["sources"], "sources")
    heads = [label(name) for name in ("document", "since", "read_at", "confidence")]
    rows = plain((row.title, row.since, row.read_at, row.confidence) for row in report.sources)
    writing.document.table(Table((32, 12, 36, 20), rows, heads))


def derivations(writing: Writing, report: DiagnosisReport) -> None:
    """Add the annex in which every conclusion is taken apart; references lead here."""
    language = writing.language
    writing.chapter(report.chapters["derivations"], "derivations")
    writing.note(writing.label("derivations_note"))
    for one in report.derivations:
        title = language.side_by_side(one.ref.label, language.of(one.title, one.conclusion))
        writing.section(title, one.ref.target)
        for line in one.lines:
            _reason(writing, line)


def _reason(writing: Writing, line: ReasonLine) -> None:
    language = writing.language
    said = language.gap.join(filter(None, map(language.ended, (line.state, line.rests_on))))
    rule = (language.gap, Run(line.rule, "RuleName")) if line.rule else ()
    name = Run(f"{line.ref} {line.text}" if line.ref else line.text, "Strong")
    writing.document.paragraph(f"Reason{line.depth}", name, language.wide, said, *rule, target=line.target)


# --- all answers ------------------------------------------------------------------------------------------------------


def answers(writing: Writing, report: DiagnosisReport) -> None:
    """Add the annex of all answers."""
    writing.chapter(report.chapters["answers"], "answers")
    for section in report.answers:
        _section(writing, section)


def _section(writing: Writing, section: AnswerSection) -> None:
    document, label = writing.document, writing.label
    writing.section(section.title)
    for group in section.groups:
        _group(writing, group)
    if section.unknown:
        document.paragraph("Open", label("unknown", facts=section.unknown))
    if section.blank:
        document.paragraph("Open", label("blank", facts=section.blank))


def _group(writing: Writing, group: AnswerGroup) -> None:
    document, language = writing.document, writing.language
    if group.practices:
        writing.entry(group.title, style="Heading3")
    for answer in group.practices:
        name = Run(answer.name, "Value")
        document.paragraph("Answer", name, language.wide, language.ended(answer.value))
    if group.measured:
        document.paragraph("Answer", group.title, language.after_name, *_measured(writing, group.measured))
    if group.evidence:
        said = language.clauses(language.bracketed(one.name, one.value) for one in group.evidence)
        label = writing.label("evidence_of", section=group.title)
        document.paragraph("Evidence", f"{language.of(label, said)}{language.stop}")


def _measured(writing: Writing, answers: tuple[Pair, ...]) -> Iterator[Piece]:
    for number, answer in enumerate(answers, start=1):
        yield f"{answer.name} "
        yield Run(answer.value, "Value")
        yield writing.language.stop if number == len(answers) else writing.language.clause
