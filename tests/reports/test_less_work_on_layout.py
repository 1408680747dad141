"""Boxes are printed with the same bytes where something floats, bends or stands out, and where nothing does."""

from __future__ import annotations

import pytest

from tests.reports.test_less_work import printed

TEXT = "正文一段，words and more，直到行末为止，" * 12
PAGE = f"""<html lang='zh-CN'><head><title>题</title><style>
@page {{ size: A6; margin: 10mm }} p {{ margin: 2mm 0 }} SHEET
</style></head><body><div class='a'><p>{TEXT}</p><p class='b'>{TEXT}
<span class='c'>内<b class='d'>里</b></span>{TEXT}</p>
<table class='e'><caption>题</caption><thead><tr><th>头</th></tr></thead><tbody><tr><td>甲</td><td>乙<p>段</p></td></tr>
<tr><td colspan='2'>丙</td></tr></tbody></table></div><div class='f'><p>一</p>文<p class='g'>二</p><p>三</p></div>
<p>前<span class='c'><i>斜</i>体</span>后</p><div class='h'><p>{TEXT}</p><a class='i' href='#x'>链<i>接</i></a></div>
<form><input value='x'/></form><p id='x'>到</p><a href='https://example.org'>外<b>面</b></a></body></html>"""
SHEETS = (
    "",
    ".b { float: right; width: 30mm; height: 20mm } .g { clear: both } .c { float: left }",
    ".b { float: left; width: 20mm } .h { overflow: hidden } .e { width: 30mm } .f { display: flow-root }",
    ".a { direction: rtl } .b { float: left; width: 20mm } .h { direction: rtl }",
    ".c { position: relative; top: 1mm } .d { opacity: .5 } .g { position: absolute; top: 5mm; right: 0 }",
    ".c { display: inline-block; border: 1px solid } .d { position: relative; z-index: 1; transform: rotate(5deg) }",
    ".f { display: flex } .g { flex: 2; background: #eee }",
    ".f { display: grid; grid-template-columns: 1fr 2fr } .g { overflow: hidden; background: #eee }",
    ".f { display: inline-flex } .f p { display: inherit }",
    "@page n { margin: 20mm } .f { page: n } .h { page: auto }",
    "@page m { background: #eee } .g { page: m } .h { break-before: left }",
    ".f p { display: table-cell } .c { display: table-row } .b { display: inline-table }",
    "td { display: block } .e { display: inline-table; float: left } .d { display: table-cell }",
    ".a { margin: -3mm 0 } .b { margin: -2mm 0 8mm } .f, .g { margin: 5mm 0 -4mm } .h { columns: 2 }",
    ".b { position: fixed; bottom: 0 } .h { overflow: hidden; height: 40mm } .g { visibility: hidden }",
    ".c { display: list-item } .f { display: list-item; list-style-position: inside } .g { float: footnote }",
    ".a, .d { box-decoration-break: clone; border: 1px solid; padding: 1mm } .h { break-inside: avoid }",
    ".d { outline: 2px solid red } .g { outline: 1px dashed; outline-offset: 2px }",
    "@page { outline: 1px solid } @page :left { @top-left { content: 'x'; outline: 1px solid; display: flex } }",
    ".i { display: block; transform: scale(2) } .c { bookmark-level: 2; bookmark-label: content() }",
    "input { appearance: auto; width: 30mm } .i { display: inline-block } #x { transform: rotate(10deg) }",
    ".a { position: running(x) } @page { @top-left { content: element(x) } } .c { string-set: s content() }",
)


@pytest.mark.parametrize("sheet", SHEETS)
def test_boxes_are_printed_with_the_same_bytes(sheet):
    html = PAGE.replace("SHEET", sheet)

    assert printed(html, "with less work") == printed(html, "plainly")
