"""What a report template adds to the Word report: logo and institution on the cover, parts in somebody's own words."""

from __future__ import annotations

from reports.html import size_of
from reports.model import DiagnosisReport
from reports.own_parts import OwnLine, OwnPart
from reports.word_parts import Writing
from reports.word_results import FOLLOWS
from reports.word_xml import Photo, Piece, Run, Tab


def institution(writing: Writing, report: DiagnosisReport) -> None:
    """Add logo and name of the institution whose template it is, where there is one."""
    if report.own is None:
        return
    if logo := report.own.logo:
        writing.document.paragraph("CoverOwner", Photo(logo.png, *size_of(logo), logo.alternative))
    writing.document.paragraph("CoverOwner", report.own.institution)


def part(writing: Writing, own: OwnPart) -> None:
    """Add a part in somebody's own words, below the label that says whose."""
    document = writing.document
    document.paragraph("Heading1", own.title, target=own.target, own="" if own.new_page else FOLLOWS)
    document.paragraph("OwnLabel", own.label)
    for text in own.texts:
        for line in text.lines:
            if text.is_list:
                document.paragraph("OwnItem", "•", Tab(), *_line(line))
            else:
                document.paragraph("OwnText", *_line(line))


def _line(line: OwnLine) -> list[Piece]:
    return [Run(run.words, "Strong" if run.strong else "") for run in line]
