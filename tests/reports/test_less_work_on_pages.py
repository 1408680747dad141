"""Pages with everything that may lie over, around or inside of a box have the same bytes as from the plain renderer."""

from __future__ import annotations

import pytest

from tests.reports.test_less_work import printed

PAGE = "<html lang='zh'><head><title>题</title><style>{}</style></head><body>{}</body></html>"
PAGES = {
    "depth": (
        (
            ".z { position: relative; z-index: -1 } .y { position: relative; z-index: 2 } .x { position: "
            "relative }.f { float: left; width: 2cm } .o { opacity: .5 } .t { transform: rotate(5deg) } .h { "
            "overflow: hidden }.g { display: grid } .g p { z-index: 1 } .i { display: inline-block } .a { "
            "position: fixed; top: 0 }"
        ),
        (
            "<div><p class='y'>上</p><p class='z'>下</p><p class='x'>位<b class='x'>内</b></p><p class='f'>浮</p>"
            "<p class='o'>淡</p><p class='t'>转 <a href='#k'>链</a><b id='k'>标</b></p><p class='h'>裁</p></div>"
            "<div class='g'><p>格</p></div><p>行<span class='i'>内<b class='y'>上</b></span>尾</p><p class='a'>定"
            "</p><table><tr><td class='x'>一<i class='y'>二</i></td></tr></table>"
        ),
    ),
    "marks": (
        ("h1 { bookmark-level: none } .m { bookmark-level: 2; bookmark-label: '签' } .s { bookmark-state: closed }"),
        (
            "<h1>无</h1><h2 class='s' id='two'>二</h2><h3>三</h3><p class='m'>签</p><form><input value='1'/>"
            "<p id='p'>段</p></form><p><a href='#two'>上<b>内</b><br/>行</a> <a href='https://example.org'>外</a>"
            " <a href='#no'>无</a></p><a href='#p'><div>块<span id='two'>重</span></div></a>"
        ),
    ),
    "frames": (
        (
            ".o { outline: 2px dashed red } .p { outline-offset: 2px; outline-width: 3px } .q { outline: 1px "
            "solid transparent } .b { border: 5px solid; border-image: linear-gradient(red, blue) 5 } .n { "
            "border-image: linear-gradient(red, blue) 5 }.m { mask-border: linear-gradient(red, blue) 5; border: "
            "5px solid } .c { columns: 2; column-rule: 2px solid red } .e { empty-cells: hide; border: 1px solid "
            "} .h { visibility: hidden; border: 1px solid } table { border-spacing: 2px } .k { border-collapse: "
            "collapse } .k td { border-bottom: 2px solid blue } .s { background: #eee;border-radius: 3px; "
            "box-shadow: 1px 1px 2px #999 } .l { border-left: 3px solid hsl(20, 50%, 50%) } .r { "
            "border-block-start: 2px solid lab(50 20 20) } .d { box-decoration-break: clone; border: 1px solid }"
        ),
        (
            "<p class='o'>外框<b class='o'>内</b></p><p class='p'>无</p><p class='q'>透明</p><p class='b'>画框"
            "</p><p class='n'>无框</p><p class='m'>罩</p><div class='c'><p>栏一</p><p>栏二</p></div><table><tr>"
            "<td class='e'></td><td class='h'>隐</td><td class='s'>影</td></tr></table><table class='k'><tr><td>"
            "一</td><td>二</td></tr></table><p class='l'>左</p><p class='r'>上</p><p><span class='d'>行内<br/>"
            "两行</span><span class='s'>底</span></p>"
        ),
    ),
    "tags": (
        (".c { display: table-cell } .w { display: block } dt { font-weight: bold } .n { list-style: none }"),
        (
            "<div><li>散<ul><li>套<ol><li>再套</li></ol></li><ul><li>直套</li></ul></li></div><dl><dt>词</dt><dd>"
            "义<p>段</p></dd></dl><ul class='n'><li>无点</li></ul><blockquote><p>引</p></blockquote><main>"
            "<article><section><h4>四</h4></section></article></main><figure><svg width='9' height='9'><title>图"
            "</title></svg><figcaption>图说</figcaption></figure><table><caption>表题</caption><colgroup><col/>"
            "<col/></colgroup><thead><tr><th colspan='2'>头</th></tr></thead><tbody><tr>"
            "<th scope='row' rowspan='2'>行(\\)</th><td>一</td></tr><tr><td><p>段</p><ul><li>列</li></ul><table>"
            "<tr><td>内表</td></tr></table><a href='#x'>链</a></td></tr></tbody><tfoot><tr><td class='w'>脚</td>"
            "<td></td></tr></tfoot></table><div class='c'>格</div><p id='x'>字<!-- 注 --><span></span>尾</p><pre>"
            "a\n\nb</pre>"
        ),
    ),
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_has_the_same_bytes(kind):
    page = PAGE.format(*PAGES[kind])
    made = printed(page, "with less work")

    assert made.startswith(b"%PDF-")
    assert made == printed(page, "plainly")
