"""HTML -> PDF/UA-1 with WeasyPrint: no network, no files, a time limit; what is printed is decided elsewhere.

`to_pdf` starts `python -m reports.pdf` (HTML on stdin, PDF on stdout): the renderer never lives in the web process.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import sys
import warnings
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from reports import declarations, fonts, less_work, less_work_on_sheets, quick_start

if TYPE_CHECKING:
    import subprocess

    from weasyprint import HTML, Attachment
    from weasyprint.urls import URLFetcher

PROJECT = Path(__file__).resolve().parent.parent
FONTS_NEEDED = ("Noto Sans CJK SC", "Noto Serif CJK SC")
CARRIED = "data:application/json;base64,"  # how a text carries a file that the PDF is to have inside
LOGO = "data:image/png;base64,"
MEMORY_MB = 2048  # address space one render may take; a 40-page report stays below 900


class RendererMissing(Exception):
    """A system library or font that reports need is not installed; the sentence says what to do."""


class RenderFailed(Exception):
    """The report could not be printed; the sentence says why."""


class RenderTimedOut(RenderFailed):
    """Printing took longer than allowed and was stopped."""


def to_pdf(html: str, timeout_s: int = 60) -> bytes:
    """Print `html` in a process of its own and return the PDF.

    Raises RenderTimedOut after `timeout_s` seconds and RenderFailed, with its last words, on any other failure.
    """
    import subprocess  # noqa: PLC0415  # what prints starts no other process

    limits = ["--seconds", str(timeout_s), "--megabytes", str(MEMORY_MB)]
    try:
        done = _start(limits, html.encode(), timeout_s)
    except subprocess.TimeoutExpired:
        raise too_long(timeout_s) from None
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise too_long(timeout_s)
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise failed(done.stderr)
    return done.stdout


def failed(said: bytes) -> RenderFailed:
    """Return the sentence for a print that ended with `said` as its last words."""
    return RenderFailed(f"报告没有排成（{_last_line(said)}）。答案没有丢失，请联系管理员。")


def too_long(timeout_s: int) -> RenderTimedOut:
    """Return the sentence for a print that was stopped."""
    return RenderTimedOut(f"报告排版超过 {timeout_s} 秒，已停止。请重试；仍不成功时请联系管理员。")


def require_renderer() -> None:
    """Check the libraries and fonts that printing needs; raise RendererMissing saying what to install."""
    done = _start(["--check"], b"", timeout_s=60)
    if done.returncode:
        raise RendererMissing(done.stderr.decode(errors="replace").strip())


def render(html: str) -> bytes:
    """Return the PDF of `html`, in this process. Nothing outside the text itself is read."""
    return _with_room(lambda: _printed(html))


def _with_room(work: Callable[[], bytes]) -> bytes:
    """Do some work with half a megabyte of Python's stack at hand: else small pieces are fetched again and again."""
    return work()


# A frame takes as much of the stack as its code says; a piece of it that holds a large one holds all that follow.
with suppress(ValueError):  # a Python that allows no frame so large does without
    _with_room.__code__ = _with_room.__code__.replace(co_stacksize=70_000)


def _printed(html: str) -> bytes:
    document = _read(html)
    attachments = _attachments(document.etree_element, document.url_fetcher)
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", font_config=open_fonts(), attachments=attachments)
    return pdf


def _attachments(root: ElementTree.Element, fetcher: URLFetcher) -> list[Attachment]:
    """Take the files that the text carries in its head out of it, dated as the report is.

    The renderer would fetch them itself, which it is not allowed to, and date them by the clock.
    """
    from weasyprint import Attachment  # noqa: PLC0415  # as above

    made = []
    for link in root.findall("head/link[@rel='attachment']"):
        link.set("rel", "")  # the renderer passes over it
        content = b64decode(link.attrib["href"].removeprefix(CARRIED), validate=True)
        day = datetime.fromisoformat(link.attrib["data-day"])
        names = {"name": link.attrib["download"], "description": link.attrib["title"]}
        made.append(Attachment(string=content, url_fetcher=fetcher, created=day, modified=day, **names))
    return made


@cache
def open_fonts() -> Any:
    """Look up the fonts, once in this process and before it is limited.

    Fontconfig reads its list of a folder anew where it cannot have the memory for the list, finds no font for the same
    reason, and writes that down for everybody.
    """
    load()
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415  # as below

    return FontConfiguration()


def _read(html: str) -> HTML:
    """Read our own report as XML, thirty times as fast as HTML; whatever is not XML is read as HTML."""
    load()
    try:
        # An answer is escaped and cannot declare an entity; expat fetches none and stops those that multiply.
        return _document(html, ElementTree.fromstring(html))  # noqa: S314
    except ElementTree.ParseError:
        return _document(html, None)


def _document(html: str, root: ElementTree.Element | None) -> HTML:
    """Return what the renderer reads, with its own style sheets as far as the text printed has a use for them."""
    # The web process imports this file without the renderer; neither part carries types.
    from cssselect2 import ElementWrapper  # type: ignore[import-untyped]  # noqa: PLC0415
    from weasyprint import HTML  # noqa: PLC0415

    class Document(HTML):  # type: ignore[misc]  # as above
        @cached_property
        def _own(self) -> tuple[Any, Any]:
            return less_work_on_sheets.sheet_for(self.etree_element, html, self.url_fetcher)

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            own = super()._ua_stylesheets(forms) if less_work_on_sheets.are_read() else [self._own[0]]
            return [less_work.lighter(sheet, html) for sheet in own]

        def _ua_counter_style(self) -> list[Any]:
            return super()._ua_counter_style() if less_work_on_sheets.are_read() else [self._own[1]]

    fetcher = _refusing_fetcher()
    if root is None:
        return Document(string=html, url_fetcher=fetcher, media_type="print")
    if less_work.leave_out():
        document = Document.__new__(Document)  # what would follow is the reading of HTML
        document.base_url, document.url_fetcher, document.media_type = None, fetcher, "print"
    else:
        document = Document(string="<title></title>", url_fetcher=fetcher, media_type="print")
    document.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
    document.etree_element = document.wrapper_element.etree_element
    return document


def missing_part() -> str | None:
    """Say what printing lacks in this process, with the remedy; None when everything is there."""
    return _missing_library() or _missing_font()


def _missing_library() -> str | None:
    load()
    from weasyprint.text.ffi import harfbuzz_subset  # noqa: PLC0415  # as above

    if harfbuzz_subset is None:
        return (
            "缺少 HarfBuzz 子集库，没有它一份报告要慢八倍以上：请安装 libharfbuzz-subset0（Debian、Ubuntu）后再启动。"
            " HarfBuzz subsetting is missing: install libharfbuzz-subset0 (Debian, Ubuntu) and start again."
        )
    return None


@cache
def load() -> None:
    """Import the renderer, once in this process, without what it does not need."""
    libraries = nullcontext() if declarations.prepared() else _libraries_by_file_name()
    with warnings.catch_warnings(), libraries, quick_start.arriving(), less_work_on_sheets.unread():
        warnings.simplefilter("ignore", DeprecationWarning)  # WeasyPrint only warns; we refuse instead.
        import weasyprint  # noqa: F401, PLC0415  # as above
    if not less_work.leave_out():
        less_work_on_sheets.read_all()


@contextmanager
def _libraries_by_file_name() -> Iterator[None]:
    """Let a library be opened by its file name alone, as every Linux does.

    Otherwise Python starts ldconfig, a compiler and a linker for each of the dozen names that other systems use: a
    seventh of a second for every report. Off Linux nothing changes.
    """
    from ctypes import util  # noqa: PLC0415  # not asked where declarations are prepared

    search = util.find_library
    if sys.platform == "linux":
        util.find_library = lambda name: None
    try:
        yield
    finally:
        util.find_library = search


def _missing_font() -> str | None:
    absent = [family for family in FONTS_NEEDED if not fonts.installed(family)]
    if absent:
        return (
            f"缺少中文字体 {'、'.join(absent)}：请安装 fonts-noto-cjk（Debian、Ubuntu）后再启动。"
            f" A Chinese font is missing ({', '.join(absent)}): install fonts-noto-cjk (Debian, Ubuntu), then start."
        )
    return None


def _start(arguments: list[str], given: bytes, timeout_s: int) -> subprocess.CompletedProcess[bytes]:
    import subprocess  # noqa: PLC0415  # as above

    # Our own interpreter and module, no shell; the grace period lets the process report its own limit first.
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "reports.pdf", *arguments],
        input=given,
        capture_output=True,
        timeout=timeout_s + 1,
        cwd=PROJECT,
        env=environment(),
        check=False,
    )


def environment() -> dict[str, str]:
    """Give the process no secret of ours: only where to find programs, texts and fonts."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", "")}


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "没有说明"


def _refusing_fetcher() -> URLFetcher:
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415  # as above

    class RefusingFetcher(URLFetcher):  # type: ignore[misc]  # the library has no types
        """Fetches nothing: whatever an answer or template points to stays where it is.

        A logo comes along inside the text, drawn anew by us as PNG; that alone is taken.
        """

        _fail_on_errors = False

        def __init__(self) -> None:
            """Do without the ways to open an address."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url.startswith(LOGO):
                return URLFetcherResponse(
                    url, b64decode(url.removeprefix(LOGO), validate=True), {"Content-Type": "image/png"}
                )
            raise ValueError(f"a report fetches nothing: {url[:80]}")

    return RefusingFetcher()


def limit(seconds: int, megabytes: int) -> None:
    """Allow this process so many processor seconds and so much address space."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024**2, megabytes * 1024**2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def use_small_fonts() -> None:
    """Let fontconfig look only at the fonts made at set-up, where they are made."""
    if fonts.made():
        os.environ["FONTCONFIG_FILE"] = str(fonts.CONFIG)


def main(arguments: list[str]) -> int:
    """Read HTML from stdin and write PDF to stdout; with --check only tell whether everything needed is there."""
    match arguments:
        case ["--check"] | []:
            seconds, megabytes = 60, MEMORY_MB
        case ["--seconds", processor, "--megabytes", space]:
            seconds, megabytes = int(processor), int(space)
        case _:
            sys.stderr.write("python -m reports.pdf [--check | --seconds N --megabytes N]\n")
            return 2
    use_small_fonts()
    # The fonts were looked for at start-up; without subsetting the limits would end every render.
    if fault := missing_part() if arguments == ["--check"] else _missing_library():
        sys.stderr.write(fault + "\n")
        return 3
    if arguments != ["--check"]:
        open_fonts()
        limit(seconds, megabytes)
        sys.stdout.buffer.write(render(sys.stdin.buffer.read().decode("utf-8")))
    return 0


if __name__ == "__main__":
    # A page leaves hardly any cycle behind and the process ends with the report: nothing is gained by looking.
    gc.disable()
    status = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # The process ends here; taking its half million objects apart one by one would cost a tenth of the time.
    os._exit(status)
