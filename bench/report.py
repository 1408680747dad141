"""The sample report as a whole process, beside Chromium printing the same HTML."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figure, in_turn
from reports.html import to_html
from tests.browser.chromium import find
from tests.reports.sample import sample_report

OURS = [sys.executable, "-m", "reports.pdf"]
PROJECT = Path(__file__).resolve().parent.parent
RATIO_BAR, MEMORY_BAR_MB = 1.3, 200
QUIET = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def measure() -> list[Figure]:
    """Print the sample report and take wall time and memory; both processes start cold, in turn."""
    chromium = find()
    if chromium is None:
        raise SystemExit("bench report needs Chromium as its yardstick: script/setup --with-tests installs it")
    with TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        page.write_text(to_html(sample_report()), encoding="utf-8")

        def ours() -> float:
            return _run(OURS, page, Path(folder) / "ours.pdf")

        def theirs() -> float:
            profile = f"--user-data-dir={folder}/profile-{time.monotonic_ns()}"
            made = f"--print-to-pdf={folder}/theirs.pdf"
            return _run([chromium, *QUIET.split(), profile, "--no-pdf-header-footer", made, page.as_uri()])

        mine, other, ratio = in_turn(ours, theirs, pairs=7)
        memory = max(_memory_mb(page) for _ in range(3))
    beside = f"Chromium {other:.2f} s"
    return [
        Figure("sample report", mine, "s, whole process", beside, ratio, f"ratio <= {RATIO_BAR}", ratio <= RATIO_BAR),
        Figure(
            "sample report memory",
            memory,
            "MB resident at most",
            f"bar {MEMORY_BAR_MB} MB",
            memory / MEMORY_BAR_MB,
            f"value <= {MEMORY_BAR_MB}",
            memory <= MEMORY_BAR_MB,
        ),
    ]


def _run(command: list[str], given: Path | None = None, made: Path | None = None) -> float:
    """Return the wall seconds of the process."""
    source = given.open("rb") if given else subprocess.DEVNULL
    target = made.open("wb") if made else subprocess.DEVNULL
    start = time.perf_counter()
    subprocess.run(command, stdin=source, stdout=target, stderr=subprocess.DEVNULL, cwd=PROJECT, check=True)
    return time.perf_counter() - start


def _memory_mb(page: Path) -> float:
    """Return the greatest resident memory of one render, started by a small process.

    A process begins with the mark of the one it was forked from, and this one has grown over the other measurements.
    """
    watch = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    with page.open("rb") as given:
        seen = subprocess.run(
            [sys.executable, "-c", watch, *OURS], stdin=given, capture_output=True, cwd=PROJECT, check=True
        )
    return int(seen.stdout) / 1024
