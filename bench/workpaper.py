"""Random diagnoses as workpapers, computed by LibreOffice: how many conclude exactly what scoring concludes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.figures import Figure, in_turn
from reports.workpaper import workpaper
from scoring.assessment import assess_diagnosis
from tests.reports.sample import sample_diagnosis
from tests.round_trip import saved_by_libreoffice, soffice
from tests.workpapers import (
    conclusions,
    differences,
    expected,
    given_of,
    random_diagnosis,
    telling_change,
    typed_into,
    written,
)

DIAGNOSES, CHANGES, AT_ONCE = 200, 40, 20  # files in one start of LibreOffice
AGREES = "● 全部一致"
BAR_S = 1


class Case(NamedTuple):
    """One workpaper, what it has to conclude, and whether an answer was changed in it by hand."""

    file: Path
    wanted: Mapping[str, list[str | None]]
    changed: bool


def measure() -> list[Figure]:
    """Compute so many workpapers anew and compare every conclusion; then those in which somebody changed an answer."""
    if soffice() is None:
        raise SystemExit("bench workpaper needs LibreOffice: script/setup --with-tests installs it")
    with TemporaryDirectory() as folder:
        cases = [*_as_issued(Path(folder)), *_changed(Path(folder))]
        began = time.perf_counter()
        right = [_concludes(case, file) for case, file in zip(cases, _computed(cases, Path(folder)), strict=True)]
        took = time.perf_counter() - began
    issued = sum(holds for case, holds in zip(cases, right, strict=True) if not case.changed)
    changed = sum(right) - issued
    return [
        _exact("workpaper", issued, DIAGNOSES, "random diagnoses with every conclusion exact", took),
        _exact("workpaper changed", changed, CHANGES, "answers changed by hand, every conclusion follows", took),
        _time(),
    ]


def _as_issued(folder: Path) -> Iterable[Case]:
    for number in range(DIAGNOSES):
        given, content = written(random_diagnosis(number))
        yield _case(folder / f"{number}.xlsx", content, expected(given), changed=False)


def _changed(folder: Path) -> Iterable[Case]:
    for number in range(CHANGES):
        given, content = written(random_diagnosis(number))
        change, wanted = telling_change(given, Random(number))
        yield _case(folder / f"changed-{number}.xlsx", typed_into(content, given, change), wanted, changed=True)


def _case(file: Path, content: bytes, wanted: Mapping[str, list[str | None]], changed: bool) -> Case:
    file.write_bytes(content)
    return Case(file, wanted, changed)


def _computed(cases: list[Case], folder: Path) -> Iterable[Path]:
    for first in range(0, len(cases), AT_ONCE):
        yield from saved_by_libreoffice([case.file for case in cases[first : first + AT_ONCE]], folder)


def _concludes(case: Case, file: Path) -> bool:
    found = conclusions(file)
    agrees = case.changed or found["封面"][0].startswith(AGREES)
    return agrees and not differences(found, case.wanted)


def _exact(name: str, right: int, of: int, what: str, took: float) -> Figure:
    yardstick = f"scoring, in fractions; LibreOffice took {took:.0f} s for {DIAGNOSES + CHANGES} files"
    return Figure(name, right, f"of {of} {what}", yardstick, right / of, f"value == {of}", right == of)


def _time() -> Figure:
    given = given_of(sample_diagnosis())
    size = len(workpaper(given, "zh")) / 1000
    ours, other, ratio = in_turn(
        lambda: _work(lambda: workpaper(given, "zh")),
        lambda: _work(lambda: assess_diagnosis(given.filled, given.criteria)),
    )
    return Figure(
        "workpaper of the sample report",
        ours,
        f"s of work to make it, {size:.0f} kB",
        f"judging the diagnosis {other:.3f} s",
        ratio,
        f"value < {BAR_S}",
        ours < BAR_S,
    )


def _work(done: Callable[[], object]) -> float:
    began = time.process_time()
    done()
    return time.process_time() - began
