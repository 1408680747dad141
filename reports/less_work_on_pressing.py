"""The part of `less_work` that compresses what is written: quickly, and in a thread of its own while the rest goes on.

Compressing takes no turn of Python's, so a page is compressed while the next one is drawn, and the fonts while the
tags are made. Whatever is not ready, or has changed since, is compressed where it is written.
"""

from __future__ import annotations

import zlib
from queue import SimpleQueue
from threading import Thread
from typing import Any

Job = tuple[Any, int, bytes]  # a stream, how many parts it has, and these as one


class _Press(Thread):
    """Compresses one stream after another until it is told that there are no more."""

    def __init__(self, pressed: int) -> None:
        super().__init__(daemon=True)
        self.pressed = pressed
        self.asked: SimpleQueue[Job | None] = SimpleQueue()

    def run(self) -> None:
        while (job := self.asked.get()) is not None:
            stream, parts, content = job
            stream.pressed = parts, zlib.compress(content, self.pressed)

    def begin(self, stream: Any) -> None:
        self.asked.put((stream, len(stream.stream), content_of(stream)))

    def end(self) -> None:
        if self.is_alive():
            self.asked.put(None)
            self.join()


_AT_WORK: list[_Press] = []  # the one for the document that is being written


def leave_out(pressed: int) -> None:
    """Arrange it for this process; `pressed` is how hard streams are compressed, of 9."""
    from pydyf import Dictionary, Stream  # type: ignore[import-untyped]  # noqa: PLC0415  # as in `less_work`

    def data(stream: Any) -> bytes:
        named = Dictionary(stream.extra)
        if stream.compress:
            named["Filter"] = "/FlateDecode"
            parts, content = getattr(stream, "pressed", (-1, b""))
            if parts != len(stream.stream):
                content = zlib.compress(content_of(stream), pressed)
        else:
            content = content_of(stream)
        named["Length"] = len(content)
        return b"%b\nstream\n%b\nendstream" % (named.data, content)

    Stream.data = property(data)
    _work_beside(pressed)
    _press_pages_and_files()


def content_of(stream: Any) -> bytes:
    """Return what a stream holds as one."""
    from pydyf import _to_bytes  # noqa: PLC0415  # as above

    return b"\n".join([one if type(one) is bytes else _to_bytes(one) for one in stream.stream])


def wait() -> None:
    """Wait until everything that has been handed over is compressed."""
    for press in _AT_WORK:
        press.end()


def _work_beside(pressed: int) -> None:
    from weasyprint.document import Document  # noqa: PLC0415  # as above

    former = Document.write_pdf

    def write_pdf(document: Any, *given: Any, **named: Any) -> Any:
        press = _Press(pressed)
        _AT_WORK[:] = [press]
        press.start()
        try:
            return former(document, *given, **named)
        finally:
            press.end()
            _AT_WORK.clear()

    Document.write_pdf = write_pdf


def _press_pages_and_files() -> None:
    """Hand over a page when it has been painted, and any other stream when it is added to the document."""
    from pydyf import PDF, Stream  # noqa: PLC0415  # as above
    from weasyprint.document import Page  # noqa: PLC0415

    paint, add = Page.paint, PDF.add_object

    def begin(stream: Any) -> None:
        if _AT_WORK and stream.compress:
            _AT_WORK[0].begin(stream)

    def paint_page(page: Any, stream: Any, scale: float = 1) -> None:
        paint(page, stream, scale)
        begin(stream)

    def add_object(pdf: Any, one: Any) -> None:
        add(pdf, one)
        if type(one) is Stream and one.stream:  # a page is still empty, and of another kind
            begin(one)

    Page.paint, PDF.add_object = paint_page, add_object
