"""A process that prints starts without what it has no use for, and prints the same without the prepared file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyphen
import pytest

from reports import quick_start
from reports.pdf import PROJECT, environment
from tests.reports.test_less_work import EVERYTHING, printed

PRINT = """
import sys
from pathlib import Path
from reports import pdf, quick_start
if sys.argv[1:]:
    quick_start.DECLARATIONS = Path(sys.argv[1])
pdf.use_small_fonts()
made = pdf.render(sys.stdin.buffer.read().decode())
"""
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGOIAgAAXABb2LRWWgAAAABJRU5ErkJggg=="


def started(after: str, *arguments: str, html: str = "<html><title>题</title><p>文</p></html>") -> str:
    """What a process says that has printed `html` and then does `after`."""
    command = [sys.executable, "-c", PRINT + after, *arguments]
    done = subprocess.run(command, input=html.encode(), capture_output=True, cwd=PROJECT, env=environment(), check=True)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """The declarations as set-up prepares them, in a folder of their own."""
    folder = tmp_path_factory.mktemp("prepared")
    making = (
        "from pathlib import Path; from reports import quick_start as q; "
        f"q.FOLDER = Path({str(folder)!r}); q.DECLARATIONS = q.FOLDER / 'declarations'; q.prepare()"
    )
    subprocess.run([sys.executable, "-c", making], cwd=PROJECT, capture_output=True, check=True)
    return folder / "declarations"


USED = "print(quick_start.prepared() is not None, 'pycparser' in sys.modules)"


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


UNUSED = ("PIL.Image", "argparse", "cffi", "dataclasses", "email.message", "fontTools.ttLib", "http.client", "inspect",
          "pyphen", "shutil", "socket", "ssl", "subprocess", "tempfile", "tinyhtml5", "urllib.request")  # fmt: skip


def test_a_report_is_printed_without_what_it_has_no_use_for(prepared, html):
    said = started(f"print([one for one in {UNUSED!r} if one in sys.modules])", str(prepared), html=html)

    assert said == "[]\n"


def test_another_version_of_the_renderer_is_imported_plainly():
    other = "from reports import quick_start; quick_start.MADE_FOR = ('71.0', '0.13.0')"
    loading = "from reports import less_work_on_sheets as s, pdf; pdf.load(); import sys"
    asked = f"{other}; {loading}; print('tempfile' in sys.modules, s.are_read())"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, cwd=PROJECT, check=True)

    assert done.stdout == "True True\n"


def test_the_list_of_fonts_is_read_once_and_then_anew_for_whoever_asks(prepared):
    asking = (
        "from weasyprint.text.ffi import fontconfig as f; "
        "one, other = f.FcInitLoadConfigAndFonts(), f.FcInitLoadConfigAndFonts(); "
        "print(type(f).__name__, f._kept, one != other, pdf.open_fonts()._config not in (one, other))"
    )

    assert started(asking, str(prepared)) == "_FontList [] True True\n"


def test_what_stands_for_a_library_gives_way_to_it():
    later = (
        "import weasyprint.pdf.fonts as f, weasyprint.images as i, weasyprint.pdf.anchors as a, PIL.ImageFile, "
        "PIL.EpsImagePlugin; "
        "print(type(f.TTFont).__name__, f.subset.Options().retain_gids, a.MIMETYPES.guess_type('x.json')[0]); "
        "i.Image.new('L', (1, 1)); "
        "print(i.Image is PIL.Image, PIL.ImageFile.LOAD_TRUNCATED_IMAGES, PIL.EpsImagePlugin.gs_binary)"
    )

    assert started(later) == "_Promise False application/json\nTrue True False\n"


def test_a_font_that_harfbuzz_cannot_cut_still_meets_the_other_library():
    unreadable = """
import io, weasyprint.pdf.fonts as f
try:
    f.TTFont(io.BytesIO(b"no font at all"))
except f.TTLibError as fault:
    print(type(fault).__mro__[1].__name__, type(f.TTFont).__name__)
"""

    assert started(unreadable) == "Exception type\n"


def test_a_picture_and_divided_words_are_printed_with_the_same_bytes():
    html = (
        "<html lang='en'><head><title>x</title><style>p { width: 20mm; hyphens: auto }</style></head><body>"
        f"<p>Extraordinarily incomprehensible manufacturing</p><img alt='x' src='data:image/png;base64,{PIXEL}'/>"
        "</body></html>"
    )

    assert printed(html, "with less work") == printed(html, "plainly")


def test_no_dictionary_divides_chinese_words():
    assert quick_start._hyphenated("zh-CN") is None
    assert pyphen.language_fallback("zh-CN") is None


def test_the_renderer_itself_can_open_no_address():
    opening = (
        "import weasyprint.urls as u\n"
        "try:\n    u.URLFetcher().fetch('file:///etc/hostname')\nexcept ValueError as fault:\n    print(fault)"
    )

    assert "a report fetches nothing" in started(opening)


def test_set_up_has_prepared_them():
    if not quick_start.DECLARATIONS.exists():
        pytest.skip("set-up has not been run since")

    assert started(USED) == "True False\n"


def test_others_are_given_the_true_modules():
    said = started("import hashlib, shutil; print(hashlib.sha256.__name__, bool(shutil.which))")

    assert said == "openssl_sha256 True\n"
