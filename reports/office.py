"""The report for Word and the workpaper, each written in a process of its own with the limits of `reports.pdf`.

`WarmOffice` starts `python -m reports.office`, which knows the libraries of both and hands every piece of work to a
child, as `reports.warm` does: whatever a diagnosis does to them, the process that asked goes on.
"""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from reports import charts
from reports.charts import Chart
from reports.given import Given
from reports.model import DiagnosisReport
from reports.model_pieces import Drawing
from reports.pdf import RenderFailed, RenderTimedOut
from reports.warm import FAILED, TOO_LONG, WarmRenderer, serve

WORD, WORKPAPER = "Word 版", "评分底稿"  # as a person reads it in the sentence about a fault
LONGEST_FAULT = 200  # characters
ZIP = b"PK\x03\x04"  # .docx and .xlsx begin with it


class WarmOffice(WarmRenderer):
    """Writes one file after another in a process that is started with the first. Used as a context; not shared."""

    module = "reports.office"

    def to_word(self, report: DiagnosisReport, timeout_s: int = 60) -> bytes:
        """Write the report for Word. Raises RenderTimedOut after `timeout_s` seconds, else RenderFailed."""
        return self._written(WORD, report, timeout_s)

    def workpaper(self, given: Given, timeout_s: int = 60) -> bytes:
        """Write the workpaper in the language of the edition. Raises as `to_word` does."""
        return self._written(WORKPAPER, given, timeout_s)

    def _written(self, form: str, given: DiagnosisReport | Given, timeout_s: int) -> bytes:
        try:
            packed = _packed(form, given)
        except (pickle.PicklingError, RecursionError, TypeError) as fault:
            raise _failed(form, f"{type(fault).__name__}: {fault}") from fault
        with self._alone:
            what, said = self._asked(packed, timeout_s)
        if what == TOO_LONG:
            raise RenderTimedOut(f"{form}超过 {timeout_s} 秒没有写完，已停止。请重试；仍不成功时请联系管理员。")
        if what == FAILED or not said.startswith(ZIP):
            raise _failed(form, said.decode(errors="replace"))
        return said


def _failed(form: str, said: str) -> RenderFailed:
    return RenderFailed(f"{form}没有写成（{said.strip()[:LONGEST_FAULT] or '没有说明'}）。答案没有丢失，请联系管理员。")


# --- from one process to the other ------------------------------------------------------------------------------------


class _Packer(pickle.Pickler):
    """Packs what a file is written from; charts are drawn on the way, so that the child needs no JavaScript."""

    def reducer_override(self, one: object) -> Any:
        if isinstance(one, MappingProxyType):
            return dict, (dict(one),)
        if isinstance(one, Chart):
            return Drawing, (one.title, charts.svg(one.options, one.width, one.height, one.alternative))
        return NotImplemented


def _packed(form: str, given: DiagnosisReport | Given) -> bytes:
    held = io.BytesIO()
    _Packer(held, pickle.HIGHEST_PROTOCOL).dump((form, given))
    return held.getvalue()


def write(packed: bytes) -> bytes:
    """Return the file that was asked for, written in this process."""
    form, given = pickle.loads(packed)  # noqa: S301 - packed by our own process a moment ago, over a pipe of its own
    return _writers()[form](given)


def _writers() -> dict[str, Callable[[Any], bytes]]:
    # The process that asks never loads what the files are made with.
    from reports.word import to_word  # noqa: PLC0415
    from reports.workpaper import workpaper  # noqa: PLC0415

    return {WORD: to_word, WORKPAPER: lambda given: workpaper(given, given.edition.language)}


if __name__ == "__main__":
    _writers()
    serve(sys.stdin.buffer, sys.stdout.buffer, write)
