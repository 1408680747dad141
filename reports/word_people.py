"""The parts of the Word report in which people speak: the consultant's opinion, signatures and seals, the letter."""

from __future__ import annotations

from reports.model import DiagnosisReport
from reports.model_people import Letter, Party
from reports.word_parts import Writing, plain
from reports.word_xml import Row, Run, Signing, Table


def opinion(writing: Writing, report: DiagnosisReport) -> None:
    """Add the chapter with the consultant's opinion, where there is one."""
    if report.opinion is None:
        return
    said, label = report.opinion, writing.label
    writing.chapter(report.chapters["opinion"], "opinion")
    for name, paragraphs in (("observations", said.observations), ("recommendations", said.recommendations)):
        if paragraphs:
            writing.section(label(name))
        for paragraph in paragraphs:
            writing.text(paragraph)
    if said.remarks:
        writing.section(label("remarks"))
        heads = [label(name) for name in ("subject", "fact", "remark")]
        writing.document.table(
            Table((18, 32, 50), plain((one.subject, one.fact, one.text) for one in said.remarks), heads)
        )


def signatures(writing: Writing, report: DiagnosisReport) -> None:
    """Add the places for signatures and seals, where this edition has them."""
    if report.signatures:
        writing.chapter(report.chapters["signatures"], "signatures")
        writing.text(report.signatures.statement)
        for party in report.signatures.parties:
            _party(writing, party)


def letter(writing: Writing, report: DiagnosisReport) -> None:
    """Add the letter of truthfulness, where this edition has one."""
    if report.letter:
        _letter(writing, report.letter)


def _party(writing: Writing, party: Party) -> None:
    name = writing.language.of(party.role, party.name) if party.name else party.role
    seal = writing.label("seal") if party.sealed else ""
    writing.document.signing(Signing(name, party.lines, seal))


def _letter(writing: Writing, letter: Letter) -> None:
    document = writing.document
    document.paragraph("Heading1", letter.title, target="letter", own='<w:jc w:val="center"/>')
    document.table(Table((30, 70), [Row([[Run(row.name, "Soft")], [row.value]]) for row in letter.rows]))
    document.paragraph("LetterText", letter.opening)
    for point in letter.points:
        document.paragraph("ListNumber", point)
    _party(writing, letter.party)
    writing.note(letter.note)
