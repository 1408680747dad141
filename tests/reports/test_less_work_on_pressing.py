"""Streams are compressed beside the rest of the work, and hold what they held when the file was written."""

from __future__ import annotations

import threading
import zlib

import pydyf
import pytest

from reports import less_work, less_work_on_pressing, pdf

PAGE = "<html lang='zh'><head><title>题</title></head><body><p>字</p></body></html>"


@pytest.fixture(autouse=True)
def _arranged():
    pdf.load()
    assert less_work.leave_out()


def held(stream: pydyf.Stream) -> bytes:
    head, _, rest = stream.data.partition(b"\nstream\n")
    content = rest.removesuffix(b"\nendstream")
    assert b"/Length %d" % len(content) in head
    return zlib.decompress(content)


def test_what_was_handed_over_is_used_as_it_was_compressed_beside():
    stream, press = pydyf.Stream([b"q", "Q"], compress=True), less_work_on_pressing._Press(9)
    press.start()
    press.begin(stream)
    press.end()

    assert stream.pressed == (2, zlib.compress(b"q\nQ", 9))
    assert held(stream) == b"q\nQ"


def test_what_is_added_later_is_not_lost():
    stream, press = pydyf.Stream([b"q"], compress=True), less_work_on_pressing._Press(9)
    press.start()
    press.begin(stream)
    press.end()
    stream.pop_state()

    assert held(stream) == b"q\nQ"


def test_what_was_not_handed_over_is_compressed_where_it_is_written():
    assert held(pydyf.Stream([b"q"], compress=True)) == b"q"
    assert pydyf.Stream([b"q"]).data == b"<</Length 1>>\nstream\nq\nendstream"


def test_nothing_works_on_when_a_document_is_written_or_has_failed(monkeypatch):
    pdf.use_small_fonts()
    before = threading.active_count()
    pdf.render(PAGE)
    monkeypatch.setattr("weasyprint.document.generate_pdf", lambda *given, **named: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        pdf.render(PAGE)
    assert threading.active_count() == before
