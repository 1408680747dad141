"""What is left out of the renderer's work changes nothing: the PDF has the same bytes with it and without it."""

from __future__ import annotations

import atexit
import subprocess
import sys
from functools import cache

import pymupdf
import pytest
import weasyprint

from reports import less_work, warm
from reports.html import to_html
from reports.pdf import PROJECT, environment
from tests.reports.sample import sample_report

# What differs on purpose is alike in both: how hard it is compressed, and how a single line is drawn.
RENDER = """
import sys
from contextlib import nullcontext
from reports import declarations, less_work, less_work_on_sheets, pdf, quick_start, warm
less_work.PRESSED = 9
less_work.LINES_AS_RECTANGLES = sys.argv[1] == "with lines as rectangles"
if sys.argv[1] == "plainly":
    less_work.leave_out, less_work.lighter = lambda: False, lambda sheet, html: sheet
    quick_start.arriving = less_work_on_sheets.unread = nullcontext
    declarations.prepared = lambda: None
pdf.use_small_fonts()
pdf.open_fonts()
if sys.argv[1].startswith("knowing the sample in "):
    lessons = warm.Lessons()
    for _ in range(warm.SECOND):
        lessons.after(b'<html lang="%b">' % sys.argv[1][-2:].encode())
    assert less_work.less_work_on_lines.KNOWN, "nothing was learned"
warm.serve(sys.stdin.buffer, sys.stdout.buffer, lambda html: pdf.render(html.decode()))
"""
# What a report has not, but a template of somebody's own may have.
EVERYTHING = """<html lang='zh-CN'><head><title>题</title><style>
@page { @top-center { content: '页眉' } @right-middle { content: counter(page) } }
.f { float: footnote } .j { text-align: justify; width: 60mm } .u { text-decoration: underline }
summary { display: list-item } table { border-collapse: collapse; width: 80% } td { border: 1px solid; padding: 2% }
.b { background: #eee; border-radius: 4px; box-shadow: none }
.c { letter-spacing: 1px; font-feature-settings: 'kern' 0 }
.p { position: relative; height: 30mm } .p svg, .p img, .p p { position: absolute; left: 10mm; top: 5mm }
.p p { background: #ddd; border-bottom: 1px solid } .l { float: left; width: 30mm; border-left: 2px solid }
.t { display: table } .t div { display: table-cell; border-top: 2px solid; background: #f4f6f8 }
.i { display: inline-block; border: 1px dashed } .h { visibility: hidden } .o { columns: 2; column-rule: 1px solid }
</style></head><body><h1>题</h1><div class='p'><svg width='40' height='20'>
<title>图</title><text y='15'>图</text></svg><img alt='标' src=
'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGOIAgAAXABb2LRWWgAAAABJRU5ErkJggg=='/>
<p>绝对</p></div><p class='l'>浮动</p><div class='t'><div>格一</div><div>格二</div></div>
<span class='i'>行内</span>
<p class='h'>看不见</p><p class='o'>分栏的一段文字，分栏的一段文字。</p>
<p>正文<span class='f'>脚注一</span>，<span class='u'>下划线</span><br/>换行</p>
<p class='j'>两端对齐的一段文字，two words and more, 直到行末为止，直到行末为止，直到行末为止。</p>
<ul><li>一</li><li class='b'>二<ol><li>三</li></ol></li></ul><details><summary>概要</summary></details>
<table><thead><tr><th>头</th></tr></thead><tbody><tr><td class='c'>格</td></tr></tbody></table>
<pre>a
b</pre><svg width='40' height='20'><title>图</title><text y='15'>图</text></svg></body></html>"""


# Every way in which a line of text is more than letters of one font beside each other.
LINES = """<html lang='zh-CN'><head><title>行</title><style>
p { margin: 2mm 0 } .n { width: 30mm } .j { text-align: justify } .r { text-align: right } .c { text-align: center }
.s { letter-spacing: 1px } .w { word-spacing: 3px } .a { overflow-wrap: anywhere } .b { word-break: break-all }
.k { overflow-wrap: break-word } .h { hyphens: auto } .x { white-space: nowrap } .e { white-space: pre-wrap }
.y { white-space: pre-line } .o { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.u { text-decoration: underline line-through } .v { font-variant: small-caps; font-feature-settings: 'tnum' }
.l { max-lines: 2; block-ellipsis: auto } .d::first-line { font-weight: bold } .g::first-letter { font-size: 2em }
.i { text-indent: 2em } .t { font-size: .5px } .z { font-size: 0 } .f { float: right; width: 20mm }
.big { font-size: 20px; line-height: normal } .tab { tab-size: 3 } q { font-style: italic }
</style></head><body>%s%s</body></html>"""
SAID = (
    "中文 and Latin 混排，2026 年 99.5%，“引号”（括号）——破折号……",
    "𬭊㛃䶮 ☃ 😀 \U0010fffd 字",
    "e\u0301a\u0308o\u0302 합 ไทย हिन्दी",
    "שלום עולם 中文 مرحبا 12",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "un\xadbe\xadliev\xada\xadble words\xad here",
    "word " * 9,
    "行末有空格 <b> 粗 </b> <i>斜</i>  后",
    "上<sup>2</sup>下<sub>i</sub>又<br/>换行<br/><br/>空行",
    "AVATAR Typ. fi ffl",
    "https://zhizhen.example/verify/7KQM-2XZP-9HTR-W4CD-FNJ8",
    "a\u00a0b\u00a0c\u2009d\u200be\u3000全\u2060角",
    "一\t二\n三 \n 四",
    "无<span> </span>有<span></span>字<img alt='' width='5' height='5'/>图",
    "<q dir='rtl'>שלום, abc 中</q> \u200fx\u200e",
    "　缩进两格的字",
    "一<b>粗<i>又斜<u>下划</u></i></b>尾<span style='padding: 0 2px; border: 1px solid'>框</span>",
    "前 <b>两 </b> <span style='position: relative'>位</span><b style='margin-left: 3mm'>距</b>",
    "<b>标签：</b>后面的字，后面的字，<b>又一个很长的标签，</b>后面的字。",
)
KINDS = (
    "",
    *"njrcswabkhxeyouvldgitz",
    "j n",
    "a n",
    "b n",
    "k n",
    "h n",
    "s n",
    "e n",
    "w n j",
    "r n",
    "c n",
    "l n",
    "o n",
    "big",
)


def lines() -> str:
    """Return a page with each text in each style, then again with floats at the side."""
    styles = [f"class='{kind}' lang='{'en' if 'h' in kind else 'zh'}'" for kind in KINDS]
    made = "".join(f"<p {style}>{said}</p>" for style in styles for said in SAID)
    beside = "".join(f"<p class='f'>旁{said}</p><p>{said}{said}</p>" for said in SAID)
    pre = "".join(f"<pre class='tab'>{said}</pre><p dir='rtl'>{said}</p>" for said in SAID)
    return LINES % (made, beside + pre)


@cache
def printer(how: str) -> subprocess.Popen[bytes]:
    """A process that prints in one way, with a child for each text; Python is started once for many."""
    command = [sys.executable, "-c", RENDER, how]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    started = subprocess.Popen(command, cwd=PROJECT, env=environment(), **pipes)
    atexit.register(lambda: (started.kill(), started.communicate()))
    return started


@cache
def printed(html: str, how: str) -> bytes:
    process, asked = printer(how), html.encode()
    process.stdin.write(warm.ASKED.pack(60, len(asked)) + asked)
    process.stdin.flush()
    what, length = warm.GIVEN.unpack(process.stdout.read(warm.GIVEN.size))
    said = process.stdout.read(length)
    assert what == warm.PRINTED, said
    return said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_has_the_same_bytes(language):
    html = to_html(sample_report(language=language))
    plainly = printed(html, "plainly")

    assert printed(html, "with less work") == plainly
    assert printed(html, f"knowing the sample in {language}") == plainly


def test_what_reports_do_not_use_is_printed_with_the_same_bytes():
    made = printed(EVERYTHING, "with less work")

    assert made.startswith(b"%PDF-")
    assert made == printed(EVERYTHING, "plainly")


def test_every_way_of_setting_a_line_is_printed_with_the_same_bytes():
    page = lines()
    made = printed(page, "with less work")

    assert made.startswith(b"%PDF-")
    assert made == printed(page, "plainly")


def test_lines_look_the_same_as_rectangles():
    html = to_html(sample_report())
    before, after = pictures(printed(html, "plainly")), pictures(printed(html, "with lines as rectangles"))
    strays = [furthest(one, other) for one, other in zip(before, after, strict=True)]

    assert len(before) > 40
    assert max(strays) <= 40  # of 255: the edge of a line is smoothed once, not twice


def pictures(pdf: bytes) -> list[bytes]:
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        return [page.get_pixmap(dpi=100, colorspace=pymupdf.csGRAY).samples for page in document]


def furthest(one: bytes, other: bytes) -> int:
    return max((abs(a - b) for a, b in zip(one, other, strict=True) if a != b), default=0)


def test_a_table_whose_head_is_drawn_again_has_the_same_bytes():
    rows = "".join(f"<tr><td>{number}</td><td>行</td></tr>" for number in range(120))
    html = (
        f"<html lang='zh'><title>题</title><table><thead><tr><th>号</th><th>甲</th></tr></thead>{rows}</table></html>"
    )

    assert printed(html, "with less work") == printed(html, "plainly")


def test_another_version_of_the_renderer_is_left_alone(monkeypatch):
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    sheet = object()

    assert less_work.leave_out.__wrapped__() is False
    monkeypatch.setattr(less_work, "leave_out", lambda: False)
    assert less_work.lighter(sheet, "<html/>") is sheet


def test_it_knows_the_installed_version():
    assert less_work.leave_out()
