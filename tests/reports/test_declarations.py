"""Prepared declarations give the same bytes; those that are missing, broken or of another version are passed over."""

from __future__ import annotations

import pytest

from reports import declarations
from tests.reports.test_less_work import EVERYTHING
from tests.reports.test_quick_start import started

USED = "print(declarations.prepared() is not None, 'pycparser' in sys.modules)"


def test_prepared_declarations_are_used_and_nothing_is_read_anew(prepared):
    assert started(USED, str(prepared)) == "True False\n"


def test_without_them_they_are_read_as_before(tmp_path):
    assert started(USED, str(tmp_path / "declarations")) == "False True\n"


@pytest.mark.parametrize("change", [("Pango", "Tango"), ("MADE_FROM = ('", "MADE_FROM = ('0.")])
def test_those_of_another_renderer_or_another_bridge_to_c_are_passed_over(prepared, tmp_path, change):
    stale = tmp_path / "declarations"
    head, mark, made_from = prepared.read_text("utf-8").partition("MADE_FROM")
    stale.write_text(head + (mark + made_from).replace(*change), "utf-8")

    assert started(USED, str(stale)) == "False True\n"


@pytest.mark.parametrize("broken", ["", "ffi = (", "MADE_FROM = 1"])
def test_a_broken_file_is_passed_over(tmp_path, broken):
    (tmp_path / "declarations").write_text(broken)

    assert started(USED, str(tmp_path / "declarations")) == "False True\n"


def test_the_bytes_are_the_same_with_and_without_them(prepared, tmp_path):
    give = "import zlib; print(len(made), zlib.crc32(made), made[-400:].hex())"
    with_them, without = str(prepared), str(tmp_path / "declarations")

    assert started(give, with_them, html=EVERYTHING) == started(give, without, html=EVERYTHING)


def test_the_list_of_fonts_is_read_once_and_then_anew_for_whoever_asks(prepared):
    asking = (
        "from weasyprint.text.ffi import fontconfig as f; "
        "one, other = f.FcInitLoadConfigAndFonts(), f.FcInitLoadConfigAndFonts(); "
        "print(type(f).__name__, f._kept, one != other, pdf.open_fonts()._config not in (one, other))"
    )

    assert started(asking, str(prepared)) == "_FontList [] True True\n"


def test_set_up_has_prepared_them():
    if not declarations.PREPARED.exists():
        pytest.skip("set-up has not been run since")

    assert started(USED) == "True False\n"
