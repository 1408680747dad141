"""The chapter of the Word report on comparable firms."""

from __future__ import annotations

from collections.abc import Sequence

from reports.model import DiagnosisReport
from reports.model_peers import PeerRow, PeerShare
from reports.word_parts import Writing, state
from reports.word_xml import Row, Run, Table

SHORT = 12  # rows of a table that stays on one page


def peers(writing: Writing, report: DiagnosisReport) -> None:
    """Add the chapter on comparable firms, where they were counted."""
    if report.peers is None:
        return
    found, label = report.peers, writing.label
    writing.chapter(report.chapters["peers"], "peers")
    writing.document.paragraph("Verdict", found.headline)
    if found.lead:
        writing.text(found.lead)
    _values(writing, label("peers_total"), found.total)
    _shares(writing, label("level"), found.levels)
    if found.drawing:
        writing.section(found.parts_title)
        writing.figure(found.drawing)
        _values(writing, "", found.parts)
    _values(writing, label("peers_rates"), found.rates)
    if found.met:
        writing.section(label("peers_met"))
        _shares(writing, label("condition"), found.met)
    if found.how:
        writing.section(label("peers_how"))
    for said in found.how:
        writing.note(said)


def _values(writing: Writing, title: str, rows: Sequence[PeerRow]) -> None:
    if not rows:
        return
    if title:
        writing.section(title)
    names = ("peer_item", "peer_own", "peer_low", "peer_median", "peer_high", "peer_counted", "peer_place")
    heads = [writing.label(name) for name in names]
    made = [_value(row) for row in rows]
    writing.document.table(Table((35, 12, 9, 9, 10, 10, 15), made, heads, kinds="tnnnnnt", whole=len(rows) < SHORT))


def _value(row: PeerRow) -> Row:
    name = Run(row.name, "Strong" if row.depth == 1 else "")
    rest = (row.own, row.low, row.median, row.high, row.counted, row.place)
    return Row([[name], *([words] for words in rest)], depth=row.depth)


def _shares(writing: Writing, head: str, rows: Sequence[PeerShare]) -> None:
    if not rows:
        return
    heads = [head, *(writing.label(name) for name in ("peer_share", "peer_counted", "peer_own"))]
    made = [_share(row) for row in rows]
    writing.document.table(Table((54, 19, 12, 15), made, heads, kinds="ttnt", whole=True))


def _share(row: PeerShare) -> Row:
    own = state(row.state) if row.state else row.here
    return Row([[row.name], [row.share], [row.counted], [own]])
