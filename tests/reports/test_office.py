"""Word and workpaper from a process of their own: the same bytes, limits, and words for whatever goes wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from reports import office
from reports.office import WarmOffice
from reports.pdf import RenderFailed, RenderTimedOut
from reports.word import to_word
from reports.workpaper import workpaper
from tests.reports.sample import sample_diagnosis, sample_report
from tests.workpapers import given_of


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmOffice]:
    with WarmOffice() as started:
        yield started


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_process_of_its_own_writes_the_same_bytes_every_time(warm, language):
    report, given = sample_report(language=language), given_of(sample_diagnosis())
    given = replace(given, edition=replace(given.edition, language=language))
    word, paper = to_word(report), workpaper(given, language)

    assert [warm.to_word(report) for _ in range(2)] == [word, word]
    assert [warm.workpaper(given) for _ in range(2)] == [paper, paper]


def test_a_fault_is_said_with_its_form_and_the_next_file_is_written(warm):
    broken = replace(sample_report(), iso_day="no day")

    with pytest.raises(RenderFailed, match=r"^Word 版没有写成（ValueError: Invalid isoformat string: 'no day'）。"):
        warm.to_word(broken)
    assert warm.to_word(sample_report()).startswith(b"PK")


def test_what_cannot_be_handed_over_is_a_fault_like_any_other(warm):
    with pytest.raises(RenderFailed, match=r"^评分底稿没有写成（"):
        warm.workpaper(replace(given_of(sample_diagnosis()), projects={"a": (x for x in ())}))


def test_a_file_that_takes_too_long_is_stopped(warm, monkeypatch):
    monkeypatch.setattr(office, "_packed", lambda _form, _given: _forever())
    began = time.monotonic()

    with pytest.raises(RenderTimedOut, match=r"^评分底稿超过 1 秒没有写完，已停止。"):
        warm.workpaper(given_of(sample_diagnosis()), 1)
    assert time.monotonic() - began < 30  # the work itself would take a minute


def test_memory_is_limited(warm, monkeypatch):
    monkeypatch.setattr(office, "_packed", lambda _form, _given: _called(bytearray, 8 * 1024**3))

    with pytest.raises(RenderFailed, match="MemoryError"):
        warm.to_word(sample_report(), 20)


def test_a_killed_process_is_a_fault_and_another_one_is_started(warm):
    warm.to_word(sample_report())
    warm._process.kill()
    warm._process.wait()

    assert warm.to_word(sample_report()).startswith(b"PK")


def _forever() -> bytes:
    return _called(time.sleep, 60)


def _called(function, argument) -> bytes:
    """Return what the child is handed to unpack: a call, as if the file were made by it."""
    import pickle  # noqa: PLC0415

    class Call:
        def __reduce__(self):
            return function, (argument,)

    return pickle.dumps((office.WORD, Call()))
