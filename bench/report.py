"""The sample report as a whole process, beside Chromium printing the same HTML."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figure, in_turn
from reports.html import to_html
from tests.reports.sample import sample_report

PROJECT = Path(__file__).resolve().parent.parent
RATIO_BAR, MEMORY_BAR_MB = 1.3, 200
QUIET = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def measure() -> list[Figure]:
    """Print the sample report and take wall time and memory; both processes start cold, in turn."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("bench report needs Chromium as its yardstick: script/setup --with-tests installs it")
    with TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        page.write_text(to_html(sample_report()), encoding="utf-8")
        memory: list[float] = []

        def ours() -> float:
            seconds, megabytes = _run([sys.executable, "-m", "reports.pdf"], page, Path(folder) / "ours.pdf")
            memory.append(megabytes)
            return seconds

        def theirs() -> float:
            profile = f"--user-data-dir={folder}/profile-{time.monotonic_ns()}"
            made = f"--print-to-pdf={folder}/theirs.pdf"
            seconds, _ = _run([chromium, *QUIET.split(), profile, "--no-pdf-header-footer", made, page.as_uri()])
            return seconds

        mine, other, ratio = in_turn(ours, theirs, pairs=7)
    beside = f"Chromium {other:.2f} s"
    return [
        Figure("sample report", mine, "s, whole process", beside, ratio, f"ratio <= {RATIO_BAR}", ratio <= RATIO_BAR),
        Figure(
            "sample report memory",
            max(memory),
            "MB resident at most",
            f"bar {MEMORY_BAR_MB} MB",
            max(memory) / MEMORY_BAR_MB,
            f"value <= {MEMORY_BAR_MB}",
            max(memory) <= MEMORY_BAR_MB,
        ),
    ]


def _run(command: list[str], given: Path | None = None, made: Path | None = None) -> tuple[float, float]:
    """Return wall seconds and the greatest resident memory (MB) of the process."""
    source = given.open("rb") if given else subprocess.DEVNULL
    target = made.open("wb") if made else subprocess.DEVNULL
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=source, stdout=target, stderr=subprocess.DEVNULL, cwd=PROJECT)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return seconds, used.ru_maxrss / 1024
