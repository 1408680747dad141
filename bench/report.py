"""The sample report: a whole process beside Chromium and beside typst, a warm printer beside warm typst, its memory.

Chromium prints the same HTML; typst compiles the same words, tables and charts (`typst_report`), which is checked
before a figure is given. Warm, every report is of another firm with other answers, so that neither can repeat itself.
"""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event, Thread

from bench.figures import Figure, in_turn
from bench.same_report import check
from bench.typst_compile import compile_source, compiler
from bench.typst_report import to_typst
from questionnaires.model import Degree, FilledDiagnosis, State, Statement, Subject
from reports.html import to_html
from reports.warm import WarmRenderer
from tests.browser.chromium import find
from tests.reports.sample import report_on, sample_diagnosis, sample_report

PROJECT = Path(__file__).resolve().parent.parent
OURS = [sys.executable, "-m", "reports.pdf"]
TYPST = [sys.executable, "-m", "bench.typst_compile"]
CHROMIUM_BAR, TYPST_BAR, WARM_BAR, MEMORY_BAR_MB = 1.0, 6, 4, 150
PAIRS, WARM_PAIRS, WARMING = 7, 9, 2
QUIET = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def measure() -> list[Figure]:
    """Print the sample report in turn with each yardstick, then reports of other firms in two warm processes."""
    chromium = find()
    if chromium is None:
        raise SystemExit("bench report needs Chromium as its yardstick: script/setup --with-tests installs it")
    with TemporaryDirectory() as folder:
        return [*_whole(Path(folder), chromium), *_warm()]


# --- whole processes, started cold ------------------------------------------------------------------------------------


def _whole(folder: Path, chromium: str) -> list[Figure]:
    page, source = folder / "report.html", folder / "report.typ"
    made, other = folder / "ours.pdf", folder / "theirs.pdf"
    html = to_html(sample_report())
    page.write_text(html, encoding="utf-8")
    source.write_text(to_typst(html), encoding="utf-8")

    def browser() -> float:
        profile = f"--user-data-dir={folder}/profile-{time.monotonic_ns()}"
        printing = f"--print-to-pdf={folder}/chromium.pdf"
        return _run([chromium, *QUIET.split(), profile, "--no-pdf-header-footer", printing, page.as_uri()])

    beside_chromium = in_turn(lambda: _run(OURS, page, made), browser, PAIRS)
    beside_typst = in_turn(lambda: _run(OURS, page, made), lambda: _run(TYPST, source, other), PAIRS)
    share = check(html, made.read_bytes(), other.read_bytes())
    same = f"typst, {share:.1%} of the letters and all tables and charts the same"
    return [
        _figure("sample report", "s, whole process", "Chromium", beside_chromium, CHROMIUM_BAR),
        _figure("sample report beside typst", "s, whole process", same, beside_typst, TYPST_BAR),
    ]


def _run(command: list[str], given: Path | None = None, made: Path | None = None) -> float:
    """Return the wall seconds of the process."""
    source = given.open("rb") if given else subprocess.DEVNULL
    target = made.open("wb") if made else subprocess.DEVNULL
    start = time.perf_counter()
    subprocess.run(command, stdin=source, stdout=target, stderr=subprocess.DEVNULL, cwd=PROJECT, check=True)
    return time.perf_counter() - start


def _figure(name: str, unit: str, other: str, measured: tuple[float, float, float], bar: float) -> Figure:
    ours, theirs, ratio = measured
    return Figure(name, ours, unit, f"{other} {theirs:.2f} s", ratio, f"ratio <= {bar:g}", ratio <= bar)


# --- warm processes ---------------------------------------------------------------------------------------------------


def _warm() -> list[Figure]:
    pages = [to_html(report_on(_other_firm(number))) for number in range(WARM_PAIRS + WARMING)]
    sources = [to_typst(page).encode() for page in pages]
    ours, theirs, typst = iter(pages), iter(sources), compiler()
    with WarmRenderer() as printer:

        def print_next() -> float:
            page = next(ours)
            start = time.perf_counter()
            printer.to_pdf(page)
            return time.perf_counter() - start

        def compile_next() -> float:
            source = next(theirs)
            start = time.perf_counter()
            compile_source(typst, source)
            return time.perf_counter() - start

        for _ in range(WARMING):
            print_next(), compile_next()
        while _children(printer._running().pid):  # it learns; neither side is to be measured beside that
            time.sleep(0.05)
        measured = in_turn(print_next, compile_next, WARM_PAIRS)
        memory = max(_most_memory_mb(printer, page) for page in pages[:3])
    what = "s, warm, another firm with other answers each time"
    return [
        _figure("report of a warm printer", what, "typst in one process", measured, WARM_BAR),
        Figure(
            "memory of a warm printer",
            memory,
            "MB at most: resident in the warm process, and what its child adds",
            f"bar {MEMORY_BAR_MB} MB",
            memory / MEMORY_BAR_MB,
            f"value <= {MEMORY_BAR_MB}",
            memory <= MEMORY_BAR_MB,
        ),
    ]


@cache
def _other_firm(number: int) -> FilledDiagnosis:
    """Return the sample firm under another name, with two in five of its answers given anew."""
    filled = sample_diagnosis(f"重庆第{number}汽车零部件有限公司")
    chance = Random(number)
    return replace(filled, firm=replace(filled.firm, facts=_answered_anew(chance, filled.firm)))


def _answered_anew(chance: Random, firm: Subject) -> dict[str, Statement]:
    degrees = {degree.value for degree in Degree}
    return {
        fact: Statement(State.STATED, chance.choice(sorted(degrees)))
        if said.value in degrees and chance.random() < 0.4
        else said
        for fact, said in firm.facts.items()
    }


def _most_memory_mb(printer: WarmRenderer, page: str) -> float:
    """Return the most memory seen while one report is printed, looked at every few milliseconds."""
    warm, done, seen = printer._running().pid, Event(), [0.0]

    def watch() -> None:
        while not done.wait(0.005):
            seen.append(_memory_kb(warm, "Rss") + sum(_memory_kb(child, "Private_") for child in _children(warm)))

    watching = Thread(target=watch)
    watching.start()
    printer.to_pdf(page)
    done.set()
    watching.join()
    return max(seen) / 1024


def _children(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _memory_kb(process: int, kind: str) -> int:
    """Return what the kernel counts under the names that begin with `kind`; nothing for a process that has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith(kind))
    return 0
