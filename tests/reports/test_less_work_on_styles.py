"""Elements that stand alike share a style, and the PDF has the same bytes as when each has its own."""

from __future__ import annotations

import pytest
from weasyprint import css
from weasyprint.css.targets import TargetCollector

from reports import less_work, pdf
from reports.html import to_html
from reports.less_work_on_styles import HIDDEN
from tests.reports.sample import sample_report
from tests.reports.test_less_work import printed

# What stands alike, but for something that makes another style of it, and what only looks alike.
ALIKE = """<html lang='zh-CN'><head><title>题</title><style>
@page { size: A5; margin: 15mm; @bottom-left { content: string(s) }
@bottom-right { content: counter(page) '/' counter(pages) } }
@page :left { color: #00f; @top-center { content: '左'; display: table; border-collapse: collapse } }
h2 { string-set: s content(); break-before: page } h2 + p { color: #c00; margin-left: 5mm }
h2 + p b { font-size: 2em }
td:first-child { font-weight: 700 } .n + td:not(.n) { padding-left: 5mm } section p { font-size: 8pt }
:lang(en) p { text-transform: uppercase } [title] { letter-spacing: 1px } [title=b] { color: #0a0 }
:link { color: #a0a }
.c::before { content: attr(data-c) counter(c) ' '; counter-increment: c } .q::before { content: open-quote }
.q::after { content: close-quote } .t::after { content: leader('.') target-counter(attr(data-to url), page) }
p.l::first-line { color: #999 } p.l::first-letter { font-size: 2em } svg text { fill: #c00 }
li.r { list-style-type: upper-roman } #own { background: #eee } .fl { float: left; width: 20mm } .em { width: 10em }
.lg { margin-inline-start: 5mm; padding-block: 2mm; width: calc(50% - 1mm) } .lg b { padding: inherit; margin: initial }
.v { --a: 3mm; margin-left: var(--a); padding-left: var(--no); text-indent: calc(1em + 5%); text-decoration: underline }
.v span { display: inherit; text-decoration: line-through; color: inherit; --a: 1mm }
</style></head><body><p class='t' data-to='#two'>二</p><p class='t' data-to='#none'>无</p>
<p class='t' data-to='#s'>蓝</p>
<h2 id='one'>一</h2><p>红<b>大</b></p><p id='own'>黑<b>小</b></p><p>黑<a href='#one'>上</a><a href='#two'>下</a>
<a>无</a></p>
<table id='t1'><tr><td>甲</td><td class='n'>1</td><td>乙</td></tr><tr id='r'><td id='d'>甲</td><td class='n'>1</td>
<td>乙</td></tr>
</table><p><a href='#t1'>上</a><a href='#t2'>下</a></p><table id='t2'><tr><td>甲</td></tr></table>
<p>表</p><table><tr><td>甲</td></tr></table><p>表</p><table><tr><td>乙</td></tr></table>
<table style='border-collapse: collapse'><tr><td>甲</td><td>乙</td></tr></table>
<div lang='en'><p>en<b>b</b>
</p></div>
<h2 id='two'>二</h2><p id='p2'>红<b>大</b></p><section><p>小</p><p id='p3' title='a'>甲</p><p title='b'>乙</p>
</section>
<p class='c' data-c='甲'>一</p><p class='c' data-c='乙'>二</p><p class='q'>引</p><p class='q' id='q'>引</p>
<p class='lg'>甲<b>乙</b></p><div class='v'><p>甲</p><span>乙<b>丙</b></span></div><p class='v' dir='rtl'>甲</p>
<p class='l'>首行与首字</p><p class='l' id='l'>首行与首字</p><ul><li>一</li><li id='i'>二<p>段</p></li>
<li class='r'>三</li></ul>
<p style='color: #00c' id='s'>蓝</p><p style='color: #00c'>蓝</p><p style='color: #0cc'>青</p>
<div class='fl em'>浮</div><p>绕</p>
<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20' id='w'><title>图</title><g id='g'>
<text y='15' style='fill: #0c0'>图</text></g></svg>
<svg xmlns='http://www.w3.org/2000/svg' width='30' height='20'><title>图</title><text y='15' class='d'>图</text>
</svg></body></html>"""
# A line of a style sheet, or of the page, after which elements that stand alike may not share a style.
APART = (
    "li:nth-child(2) { color: red }",
    "p ~ p { color: red }",
    "h2 + p + p { color: red }",
    "b:last-child { color: red }",
    "svg .d { display: inline }",
    "svg text { counter-increment: c }",
    "p { width: 50vw } @page { margin: 2vw }",
    "p { -weasy-anchor: 'x' }",
    "p:has(b) { color: red } #d + td { color: red }",
    "</style><p id='a&quot;b'>名</p><style>",
    "</style><a name='old'>名</a><style>",
    "</style><a href='#g'>图</a><style>",
    ".c { float: footnote } .q { position: note() }",
)


@pytest.mark.parametrize("more", ["", *APART])
def test_what_stands_alike_is_printed_with_the_same_bytes(more):
    html = ALIKE.replace("</style>", more + "</style>", 1)

    assert printed(html, "with less work") == printed(html, "plainly")


def test_the_three_thousand_elements_of_a_report_have_few_styles():
    assert less_work.leave_out()
    styles = css.get_all_computed_styles(pdf._read(to_html(sample_report())), target_collector=TargetCollector())
    each = [one for one in styles.get_computed_styles().values() if one is not HIDDEN]

    assert styles.shares
    assert len(each) > 2500
    assert len({id(getattr(one, "first", one)) for one in each}) < 350
