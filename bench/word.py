"""The Word report: the work of making it beside python-docx's own calls, and whether LibreOffice shows it alike."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import docx

from bench.figures import Figure, in_turn
from questionnaires.model import FilledDiagnosis, Statement, Subject, SubjectKind
from reports.word import to_word
from tests.libreoffice import converted, reads_documents
from tests.reports.reading_word import Read, outline_of_html
from tests.reports.sample import report_on, sample_diagnosis, sample_report

BAR_S, FIRMS, SEED = 3, 20, 20_261_127


def measure() -> list[Figure]:
    """Make the sample report, beside the same words written plainly; then convert the reports of many firms."""
    if not reads_documents():
        raise SystemExit("bench word needs LibreOffice with Writer: script/setup --with-tests installs it")
    report = sample_report()
    made = to_word(report)
    read = Read(made)
    paragraphs, tables = [words for _style, words in read.paragraphs()], read.tables()
    ours, other, ratio = in_turn(
        lambda: _work(lambda: to_word(report)), lambda: _work(lambda: _plainly(paragraphs, tables))
    )
    alike = sum(_is_shown_alike(number) for number in range(FIRMS))
    return [
        Figure(
            "Word report of the sample firm",
            ours,
            f"s of work, {len(made) / 1000:.0f} kB",
            f"python-docx writing the same words by its own calls, without pictures and looks: {other:.2f} s",
            ratio,
            f"value < {BAR_S}",
            ours < BAR_S,
        ),
        Figure(
            "Word reports that LibreOffice shows alike",
            alike,
            "reports: all headings with their depth, all tables with their heads",
            f"{FIRMS} random firms",
            alike / FIRMS,
            f"value == {FIRMS}",
            alike == FIRMS,
        ),
    ]


def _work(done: Callable[[], object]) -> float:
    began = time.process_time()
    done()
    return time.process_time() - began


def _plainly(paragraphs: list[str], tables: list[list[list[str]]]) -> None:
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    for rows in tables:
        table = document.add_table(len(rows), max(map(len, rows)))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, words in zip(row.cells, cells, strict=False):
                cell.text = words
    document.save(BytesIO())


def _is_shown_alike(number: int) -> bool:
    made = to_word(report_on(_random_firm(Random(SEED + number))))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "report.docx"
        file.write_bytes(made)
        html = converted(file, "html", Path(folder)).read_text(encoding="utf-8")
    return outline_of_html(html) == Read(made).outline()


def _random_firm(chance: Random) -> FilledDiagnosis:
    """Return the sample firm with other workshops, and without some of its answers."""
    filled = sample_diagnosis(settled=chance.random() < 0.5)
    shops = filled.firm.parts[0].parts
    factories = []
    for number in range(1, chance.randint(0, 3) + 1):
        parts = tuple(
            replace(one, key=f"shop-{number}-{place}", name=f"{number}-{place} 车间", facts=_some(chance, one))
            for place, one in enumerate(chance.choices(shops, k=chance.randint(0, 4)), start=1)
        )
        facts = _some(chance, filled.firm.parts[0])
        factories.append(Subject(SubjectKind.FACTORY, f"factory-{number}", f"{number} 号工厂", facts, parts))
    return replace(filled, firm=replace(filled.firm, facts=_some(chance, filled.firm), parts=tuple(factories)))


def _some(chance: Random, subject: Subject) -> dict[str, Statement]:
    kept = chance.uniform(0.2, 1)
    needed = ("firm_name", "production_type")
    return {fact: said for fact, said in subject.facts.items() if fact in needed or chance.random() < kept}
