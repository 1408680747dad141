"""A renderer that stays warm: libraries and fonts are read once, and each report is printed by a child of its own.

`WarmRenderer` starts `python -m reports.warm` and hands it one HTML text after another. The child that prints one has
the limits of `reports.pdf`, ends with its report, and leaves the warm process as it was. After the second report
others find out what the lines are that all reports have (`reports.known_lines`).
"""

from __future__ import annotations

import gc
import os
import select
import signal
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import IO, Self

from reports import known_lines, less_work_on_own_sheets, less_work_on_sheets, pdf, quick_start
from reports.pdf import PROJECT

ASKED = struct.Struct(">II")  # seconds, length of the HTML
GIVEN = struct.Struct(">BI")  # what came of it, length of what follows
PRINTED, FAILED, TOO_LONG = range(3)
HEAD = 200  # of the text of a report, where its language stands
SECOND, LEARNING_S, ANY_MB = 2, 20, 2**26
GRACE_S = 5  # the warm process stops a child itself; only when it hangs too is it stopped from outside
# Every family in every weight that a report is set in, so that the fonts are open before the first one.
WARMING = (
    "<html lang='zh-CN'><head><title>预热</title><style>p{font-family:'Zhizhen Sans','Noto Sans CJK SC'}h1{"
    "font-family:'Zhizhen Serif','Noto Serif CJK SC'}</style></head><body><h1>预热</h1><p>预热 <b>Warm</b></p>"
    "<table><tr><td>1</td></tr></table><svg width='10' height='10'><text>1</text></svg></body></html>"
)


class WarmRenderer:
    """Prints one report after another in a process that is started with the first. Used as a context; not shared."""

    module = "reports.warm"

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._alone = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()

    def to_pdf(self, html: str, timeout_s: int = 60) -> bytes:
        """Print `html` and return the PDF. Raises RenderTimedOut after `timeout_s` seconds, else RenderFailed."""
        with self._alone:
            what, said = self._asked(html.encode(), timeout_s)
        if what == TOO_LONG:
            raise pdf.too_long(timeout_s)
        if what == FAILED or not said.startswith(b"%PDF-"):
            raise pdf.failed(said)
        return said

    def close(self) -> None:
        """End the warm process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _asked(self, html: bytes, timeout_s: int) -> tuple[int, bytes]:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(ASKED.pack(timeout_s, len(html)) + html)
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], timeout_s + GRACE_S)
            if not ready:
                self.close()
                return TOO_LONG, b""
            what, length = GIVEN.unpack(_whole(process.stdout, GIVEN.size))
            return what, _whole(process.stdout, length)
        except (BrokenPipeError, EOFError):
            self.close()
            return FAILED, "排版进程中断".encode()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", self.module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=PROJECT,
                env=pdf.environment(),
            )
        return self._process


def _whole(source: IO[bytes], length: int) -> bytes:
    read = source.read(length)
    if len(read) < length:
        raise EOFError
    return read


# --- the warm process -------------------------------------------------------------------------------------------------


Work = Callable[[bytes], bytes]


def serve(asked: IO[bytes], given: IO[bytes], work: Work, afterwards: Callable[[bytes], None] | None = None) -> None:
    """Answer everything `asked` with what `work` makes of it, or with the words that say why not, until it ends.

    `afterwards` is done with a question once it has been answered.
    """
    gc.collect()
    gc.freeze()  # what is here stays; a child that looked at it would only copy the pages
    gc.disable()
    with suppress(EOFError):
        while True:
            seconds, length = ASKED.unpack(_whole(asked, ASKED.size))
            question = _whole(asked, length)
            what, said = _apart(work, question, seconds)
            given.write(GIVEN.pack(what, len(said)) + said)
            given.flush()
            if afterwards:
                afterwards(question)


def _apart(work: Work, asked: bytes, seconds: int, megabytes: int = pdf.MEMORY_MB) -> tuple[int, bytes]:
    """Have a child do some work, and return what came of it and what it said."""
    result = os.memfd_create("report")
    try:
        child = os.fork()
        if child == 0:
            _child(work, asked, (seconds, megabytes), result)
        status = _end_of(child, seconds)
        said = os.pread(result, os.fstat(result).st_size, 0)
    finally:
        os.close(result)
    if status is None or -status in (signal.SIGXCPU, signal.SIGKILL):
        return TOO_LONG, b""
    return (FAILED if status else PRINTED), said


def _child(work: Work, asked: bytes, limits: tuple[int, int], result: int) -> None:
    """Work in this process, which has neither the pipes of its parent nor anything else to write to, and end it."""
    status = 1
    try:
        silent = os.open(os.devnull, os.O_RDWR)
        for stream in range(2):
            os.dup2(silent, stream)
        pdf.limit(*limits)
        said, status = work(asked), 0
    except BaseException as fault:
        said = f"{type(fault).__name__}: {fault}".encode()
    os.write(result, said)
    os._exit(status)


def _end_of(child: int, seconds: int) -> int | None:
    """Return how a child ended; None where it had to be stopped."""
    handle = os.pidfd_open(child)
    try:
        ended, _, _ = select.select([handle], [], [], seconds)
    finally:
        os.close(handle)
    if not ended:
        os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if ended else None


class Lessons:
    """Has the lines learned that every report has, once for each language, after the second report in it.

    Learning takes as long as two reports, and many a printer is asked for one only. One child makes the sample, which
    takes V8 with its address space, and a second one prints it.
    """

    def __init__(self) -> None:
        self._answered: Counter[bytes] = Counter()

    def after(self, asked: bytes) -> None:
        """Learn, if this was the second report in its language. What cannot be learned is not needed."""
        language = b"en" if b'<html lang="en' in asked[:HEAD] else b"zh"
        self._answered[language] += 1
        if self._answered[language] != SECOND:
            return
        what, said = _apart(known_lines.sample, language, LEARNING_S, ANY_MB)
        if what == PRINTED:
            what, said = _apart(known_lines.learn, said, LEARNING_S)
        if what == PRINTED:
            known_lines.know(said)


def warm_up() -> None:
    """Read libraries and fonts before the first report asks for them."""
    pdf.use_small_fonts()
    pdf.load()
    less_work_on_sheets.read_all()
    quick_start.settle()
    styles = (PROJECT / "reports" / "templates" / "report.css").read_text(encoding="utf-8")
    less_work_on_own_sheets.keep((styles,))
    pdf.render(WARMING.replace("<style>", f"<style>{styles}</style><style>", 1))


if __name__ == "__main__":
    warm_up()
    serve(sys.stdin.buffer, sys.stdout.buffer, lambda html: pdf.render(html.decode()), Lessons().after)
