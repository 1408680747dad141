"""The chapters of the Word report on what was found: maturity, recognition, evaluation, conversion, gaps."""

from __future__ import annotations

from collections.abc import Iterable

from reports.model import DiagnosisReport
from reports.model_judgements import Judgement, Scheme
from reports.model_maturity import Maturity, PartRow
from reports.word_parts import Writing, conditions, ref, state
from reports.word_xml import Row, Run, Table

FOLLOWS = '<w:pageBreakBefore w:val="0"/><w:spacing w:before="680"/>'  # a chapter on the page of the one before


def maturity(writing: Writing, report: DiagnosisReport) -> None:
    """Add the chapter on GB/T 39117."""
    writing.chapter(report.chapters["maturity"], "maturity")
    if report.maturity is None:
        writing.text(writing.label("no_maturity"))
        return
    found, label, language = report.maturity, writing.label, writing.language
    writing.document.paragraph("Verdict", found.sentence, ref(found.ref))
    writing.text(f"{found.totals}{language.gap}{found.coverage}")
    if found.settle:
        writing.text(label("maturity_settle", count=len(found.settle), facts=language.clauses(found.settle)))
    _levels(writing, found)
    for chart in found.charts:
        writing.figure(chart)
    _parts(writing, found)
    if found.tailored:
        writing.section(label("tailored"))
        for row in found.tailored:
            writing.text(language.of(row.name, row.value))


def _levels(writing: Writing, found: Maturity) -> None:
    heads = [writing.label(name) for name in ("level", "level_score", "conclusion")]
    rows = [Row([[level.name], [level.score], [state(level.state)]]) for level in found.levels]
    writing.document.table(Table((40, 30, 30), rows, heads, kinds="tnt", whole=True))


def _parts(writing: Writing, found: Maturity) -> None:
    label, levels = writing.label, len(found.level_heads)
    writing.section(label("parts"))
    writing.note(label("parts_note"))
    widths = (100 - 13 - 12 * levels, 13, *[12] * levels)
    heads = (label("part"), label("weight"), *found.level_heads)
    writing.document.table(Table(widths, [_part(part) for part in found.parts], heads, kinds="t" + "n" * (levels + 1)))


def _part(part: PartRow) -> Row:
    below = ("\n", Run(part.note, "Soft")) if part.note else ()
    name = (Run(part.name, "Strong" if part.depth == 1 else ""), *below)
    return Row([name, [part.weight], *([score] for score in part.scores)], depth=part.depth)


# --- workshops, factories, evaluation, conversion ---------------------------------------------------------------------


def recognition(writing: Writing, report: DiagnosisReport) -> None:
    """Add the chapters on recognition and on the other schemes."""
    writing.chapter(report.chapters["recognition"], "recognition")
    if not report.recognition:
        writing.text(writing.label("no_sites"))
    _schemes(writing, report.recognition)
    writing.document.paragraph("Heading1", report.chapters["others"], target="others", own=FOLLOWS)
    _schemes(writing, report.others)


def _schemes(writing: Writing, schemes: Iterable[Scheme]) -> None:
    for scheme in schemes:
        writing.section(scheme.title, scheme.target)
        writing.note(scheme.basis)
        for judgement in scheme.judgements:
            _judgement(writing, judgement)


def _judgement(writing: Writing, one: Judgement) -> None:
    label, language = writing.label, writing.language
    writing.document.paragraph("Heading3", f"{one.title} ", state(one.state), target=one.target)
    writing.document.paragraph("Note", f"{one.sentence}{language.gap}{one.coverage}", ref(one.ref))
    if one.conditions:
        conditions(writing, one.conditions, with_subject=False)
    for row in one.earned:
        writing.line(state(row.state), language.of(row.text, row.now) if row.now != "—" else row.text, ref(row.ref))
    if one.settle:
        writing.note(label("judgement_settle", facts=language.clauses(one.settle)))


# --- gaps -------------------------------------------------------------------------------------------------------------


def gaps(writing: Writing, report: DiagnosisReport) -> None:
    """Add the chapter on the gaps."""
    label, language = writing.label, writing.language
    writing.chapter(report.chapters["gaps"], "gaps")
    if not report.gaps:
        writing.text(label("no_gaps"))
        return
    writing.note(label("gaps_note"))
    for group in report.gaps:
        writing.entry(group.title, group.weight)
        for number, line in enumerate(group.lines, start=1):
            rule = [ref(group.ref)] if number == len(group.lines) else []
            writing.line(Run(line.name, "StateGap"), language.ended(line.value), *rule)
        if group.ways:
            writing.document.paragraph("Ways", label("ways", ways=group.ways))
