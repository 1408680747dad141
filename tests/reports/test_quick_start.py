"""A process that prints starts without what it has no use for, and whatever it does use is the true thing."""

from __future__ import annotations

import subprocess
import sys

import pyphen

from reports import quick_start
from reports.pdf import PROJECT, environment
from tests.reports.test_less_work import printed

PRINT = """
import sys
from pathlib import Path
from reports import declarations, pdf
if sys.argv[1:]:
    declarations.PREPARED = Path(sys.argv[1])
pdf.use_small_fonts()
made = pdf.render(sys.stdin.buffer.read().decode())
"""
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGOIAgAAXABb2LRWWgAAAABJRU5ErkJggg=="


def started(after: str, *arguments: str, html: str = "<html><title>题</title><p>文</p></html>") -> str:
    """What a process says that has printed `html` and then does `after`."""
    command = [sys.executable, "-c", PRINT + after, *arguments]
    done = subprocess.run(command, input=html.encode(), capture_output=True, cwd=PROJECT, env=environment(), check=True)
    return done.stdout.decode()


UNUSED = ("PIL.Image", "argparse", "dataclasses", "email.message", "fontTools.ttLib", "http.client", "inspect",
          "pyphen", "shutil", "socket", "ssl", "subprocess", "tempfile", "tinyhtml5", "urllib.request")  # fmt: skip


def test_a_report_is_printed_without_what_it_has_no_use_for(html, prepared):
    said = started(f"print([one for one in {UNUSED!r} if one in sys.modules])", str(prepared), html=html)

    assert said == "[]\n"


def test_another_version_of_the_renderer_is_imported_plainly():
    other = "from reports import declarations; declarations.MADE_FOR = ('71.0', '0.13.0')"
    loading = "from reports import less_work_on_sheets as s, pdf; pdf.load(); import sys"
    asked = f"{other}; {loading}; print('tempfile' in sys.modules, s.are_read())"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, cwd=PROJECT, check=True)

    assert done.stdout == "True True\n"


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


def test_others_are_given_the_true_modules():
    said = started("import hashlib, shutil; print(hashlib.sha256.__name__, bool(shutil.which))")

    assert said == "openssl_sha256 True\n"
