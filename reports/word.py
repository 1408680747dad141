"""The report as a Word document: the same parts in the same order as the PDF, from the same view model.

Consultants go on writing in it, so everything is a style, a real heading, a real table. What a document is made of,
`word_file.py` and its neighbours know; the parts behind the brief stand in the other `word_` files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from reports import word_annex, word_own, word_peers, word_people, word_plan, word_results, word_xml
from reports.labels import Labels
from reports.model import CoverCode, DiagnosisReport
from reports.model_profile import Site
from reports.own_parts import OwnPart
from reports.ruler import GAP, GROUND
from reports.word_file import About, Document
from reports.word_parts import NEW_PAGE, Writing, conditions, plain, ref, state, strong_first
from reports.word_xml import Box, Image, Row, Run, Table

LONGEST_NAME = 40  # characters of the firm's name above each page
CODE_MM = 34  # of the drawing on the cover
SMALL_CHAPTER = '<w:spacing w:after="57" w:line="280" w:lineRule="atLeast"/>'
BLOCK_LINE = f"14 {GAP.lstrip('#')}"  # eighths of a point, colour


def to_word(report: DiagnosisReport) -> bytes:
    """Return the whole report as .docx; the same report gives the same bytes.

    Raises FontsNotMade and ChartsMissing where this machine was not set up to draw.
    """
    writing = Writing(Document(_about(report)), Labels(report.lang))
    _running(writing, report)
    _cover(writing, report)
    for part in report.parts:
        if isinstance(part, OwnPart):
            word_own.part(writing, part)
        else:
            PARTS[part](writing, report)
    return writing.document.content()


def _about(report: DiagnosisReport) -> About:
    day = date.fromisoformat(report.iso_day)
    return About(f"{report.firm} {report.title}", report.firm, report.aid_only, report.lang, day)


def _running(writing: Writing, report: DiagnosisReport) -> None:
    """Set what stands on every page but the cover."""
    label = writing.label
    number = word_xml.run(label("page_before")) + word_xml.field("PAGE", "2") + word_xml.run(label("page_between"))
    of_all = word_xml.field("NUMPAGES", "2") + word_xml.run(label("page_after"))
    title = writing.language.side_by_side(_short(report.firm), report.title)
    head = word_xml.run(title), word_xml.run(report.edition_name)
    writing.document.running(head, foot=(word_xml.run(report.aid_only), number + of_all))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def _cover(writing: Writing, report: DiagnosisReport) -> None:
    document = writing.document
    word_own.institution(writing, report)
    document.paragraph("CoverKind", report.edition_name)
    document.paragraph("Title", report.title)
    document.paragraph("Subtitle", report.firm)
    rows = [Row([[Run(row.name, "Soft")], [row.value]]) for row in report.cover]
    document.table(Table((24, 76), rows, text="CoverTable", ruled=False))
    document.paragraph("CoverAid", report.aid_only)
    writing.note(report.own.note if report.own else "")
    if report.code:
        _code(writing, report.code)


def _code(writing: Writing, code: CoverCode) -> None:
    document = writing.document
    if code.svg:
        document.paragraph("Figure", Image(code.svg, CODE_MM))
    document.paragraph("Note", writing.language.of(writing.label("code"), ""), Run(code.code, "Strong"))
    if code.address:
        document.paragraph("Note", code.address)
    document.paragraph("Note", code.sentence)


def _contents(writing: Writing, report: DiagnosisReport) -> None:
    writing.document.paragraph("TOCHeading", writing.label("contents"))
    writing.document.contents((line.depth, line.title, line.target) for line in report.contents)


# --- the decision brief -----------------------------------------------------------------------------------------------


def _brief(writing: Writing, report: DiagnosisReport) -> None:
    brief, label, language = report.brief, writing.label, writing.language
    name = Run(report.chapters["brief"], "BriefName")
    writing.document.paragraph("Heading1", name, target="brief", own=SMALL_CHAPTER)
    writing.document.paragraph("Headline", brief.headline)
    if brief.lead:
        writing.text(brief.lead, *([ref(brief.ref)] if brief.ref else []))
        writing.picture(brief.ruler)
    if brief.blocks:
        writing.section(label("blocks"))
        writing.document.boxes(
            [Box(block.title, (block.text, ref(block.ref))) for block in brief.blocks], BLOCK_LINE, GROUND.lstrip("#")
        )
    if brief.conditions:
        writing.section(label("conditions"))
        conditions(writing, brief.conditions, with_subject=True)
        writing.note(brief.conditions_note)
    _first_steps(writing, report)
    _standings(writing, report)
    writing.section(label("open"))
    writing.text(brief.open_lead, *([ref(brief.open_ref)] if brief.open_ref else []))
    if brief.open_facts:
        writing.text(label("open_facts", facts=language.clauses(brief.open_facts)))


def _first_steps(writing: Writing, report: DiagnosisReport) -> None:
    brief, label = report.brief, writing.label
    writing.section(label("first_steps"), own=NEW_PAGE)
    if brief.steps:
        heads = [label(name) for name in ("improvement", "what", "planned_cost", "time")]
        rows = [Row(strong_first((step.name, step.what, step.cost, step.months))) for step in brief.steps]
        writing.document.table(Table((21, 48, 18, 13), rows, heads, kinds="ttnn"))
    writing.note(brief.steps_note)


def _standings(writing: Writing, report: DiagnosisReport) -> None:
    label = writing.label
    writing.section(label("standings"))
    heads = [label(name) for name in ("scheme", "subject", "conclusion", "answered")]
    rows = [
        Row([[f"{one.scheme} ", ref(one.ref)], [one.subject], [state(one.state)], [one.coverage]])
        for one in report.brief.standings
    ]
    writing.document.table(Table((33, 32, 23, 12), rows, heads, kinds="tttn"))
    writing.note(report.brief.standings_note)


# --- the firm ---------------------------------------------------------------------------------------------------------


def _profile(writing: Writing, report: DiagnosisReport) -> None:
    document, label, profile = writing.document, writing.label, report.profile
    writing.chapter(report.chapters["profile"], "profile")
    document.table(Table((30, 70), [Row([[Run(row.name, "Soft")], [row.value]]) for row in profile.rows]))
    if profile.sites:
        writing.section(label("sites"))
        heads = [label(name) for name in ("site", "process", "equipment", "networked")]
        rows = [_site(site) for site in profile.sites]
        document.table(Table((36, 28, 18, 18), rows, heads, kinds="ttnn"))
    if profile.differences:
        writing.section(label("differences"))
        heads = [label(name) for name in ("subject", "fact", "stated", "verified", "reason")]
        found = plain((one.subject, one.fact, one.stated, one.verified, one.reason) for one in profile.differences)
        document.table(Table((15, 29, 15, 15, 26), found, heads))


def _site(site: Site) -> Row:
    name = Run(site.name, "Strong" if site.depth == 1 else "")
    return Row([[name], [site.process], [site.equipment], [site.networked]], depth=site.depth)


# --- what each part is written by -------------------------------------------------------------------------------------


def _annex(writing: Writing, report: DiagnosisReport) -> None:
    word_annex.derivations(writing, report)
    word_annex.answers(writing, report)


PARTS: Mapping[str, Callable[[Writing, DiagnosisReport], None]] = MappingProxyType(
    {
        "brief": _brief,
        "contents": _contents,
        "profile": _profile,
        "opinion": word_people.opinion,
        "maturity": word_results.maturity,
        "recognition": word_results.recognition,
        "gaps": word_results.gaps,
        "improvements": word_plan.improvements,
        "plan": word_plan.plan,
        "peers": word_peers.peers,
        "method": word_annex.method,
        "signatures": word_people.signatures,
        "letter": word_people.letter,
        "annex": _annex,
    }
)
