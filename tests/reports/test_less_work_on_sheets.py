"""Of the renderer's own style sheets nothing is passed over that could apply: a page is printed with the same bytes."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from weasyprint.css.counters import CounterStyle
from weasyprint.html import UA

from reports import less_work_on_sheets
from reports.less_work_on_sheets import applying, sheet_for
from tests.reports.test_less_work import printed

NAMES = set(re.findall(r"[a-z][a-z0-9]*", UA.split("/* Pages")[0])) | {"html", "type"}
PAGE = "<html lang='zh-CN'><head><title>题</title><style>{}</style></head><body>{}</body></html>"
EVERY_WAY_TO_COUNT = " ".join(re.findall(r"@counter-style ([\w-]+)", UA))
# One element of each kind that the renderer has rules of its own for, some inside others.
OF_HTML = """<h1>一</h1><h2>二</h2><h6>六</h6><p hidden=''>看不见</p><p dir='rtl'>右<q>引</q></p><hr/>
<blockquote>引文<ins>增</ins><del>删</del><sub>下</sub><sup>上</sup><mark>标</mark>
<abbr title='x'>缩</abbr></blockquote>
<dl dir='ltr'><dt>词</dt><dd>义</dd></dl>
<ul><li>一<ul><li>二<ul><li>三</li></ul></li></ul></li></ul><ol><li>四</li></ol>
<pre>a  b
c</pre><code>码</code><small>小</small><big>大</big><center>中</center><a href='#x'>链</a><em>斜</em><b>粗</b>
<table rules='all' frame='box'><caption>表</caption><colgroup><col/></colgroup><thead><tr><th>头</th></tr></thead>
<tfoot><tr><td>脚</td></tr></tfoot><tbody><tr hidden=''><td>无</td></tr><tr><td>格</td></tr></tbody></table>
<fieldset><legend>框</legend><input type='text' value='值'/><input type='checkbox' checked=''/>
<input type='submit'/><button>钮</button><select><option>甲</option><option selected=''>乙</option></select>
<textarea>文</textarea></fieldset><details><summary>概要</summary>细</details><figure><figcaption>图</figcaption></figure>"""


@pytest.fixture
def count_everything() -> ElementTree.Element:
    """A text with every name of an element and of an attribute, and every way to count."""
    root = ElementTree.Element("html", dict.fromkeys(NAMES, ""))
    for name in NAMES:
        ElementTree.SubElement(root, name)
    root.find("style").text = EVERY_WAY_TO_COUNT
    return root


def selectors(text: str) -> list[str]:
    """The selectors and bodies of a style sheet, without spaces, in their order."""
    return [re.sub(r"\s", "", part) for part in re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).split("}")]


def test_a_text_that_has_everything_has_all_rules(count_everything):
    kept = selectors(applying(UA, count_everything, lambda _part: True))

    assert len(kept) > 150
    assert kept == selectors(UA)


def test_a_text_that_has_little_has_few_rules():
    kept = applying(UA, ElementTree.fromstring("<html><body><p>文</p></body></html>"), lambda _part: False)

    assert len(kept) < len(UA) / 4
    assert "blockquote" not in kept
    assert "p{" in kept.replace(" ", "")
    assert "@page" in kept
    assert "@top-left" not in kept
    assert "footnote" not in kept


@pytest.mark.parametrize("how", [OF_HTML, OF_HTML.replace("<hr/>", "<hr>")], ids=["read as XML", "read as HTML"])
def test_everything_html_knows_is_printed_with_the_same_bytes(how):
    assert printed(PAGE.format("", how), "with less work") == printed(PAGE.format("", how), "plainly")


COUNTED = (
    "li { list-style-type: lower-roman }",
    "li { list-style: cjk-heavenly-stem inside }",
    "li { list-style: none } li::before { content: counter(list-item, upper-latin) counter(page, khmer) }",
    "@counter-style own { system: extends decimal-leading-zero; fallback: hebrew } li { list-style-type: own }",
    "li { list-style-type: Lower-Greek }",
    "li { list-style-type: hira\\\\67 ana }",
    "li { list-style-type: no-such-way }",
)


@pytest.mark.parametrize("style", COUNTED)
def test_every_way_to_count_is_printed_with_the_same_bytes(style):
    html = PAGE.format(style, "<ol><li>一</li><li style='list-style-type:thai'>二</li><li>三</li></ol>")

    assert printed(html, "with less work") == printed(html, "plainly")


def test_a_way_to_count_comes_with_those_it_rests_on():
    root = ElementTree.fromstring("<html><style>li { list-style-type: upper-latin }</style></html>")
    _sheet, counting = sheet_for(root, "", object())

    assert isinstance(counting, CounterStyle)
    assert {"upper-latin", "upper-alpha", "decimal"} <= set(counting)
    assert "thai" not in counting


def test_the_whole_sheets_stay_where_the_renderer_was_imported_plainly():
    assert less_work_on_sheets.are_read()
