"""Files that are no workbook, or one that would unfold without end: refused at once, in words, before they are read."""

from __future__ import annotations

import tracemalloc
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from app.workbooks.archive import MB, NotReadable, is_workbook, weigh

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'
BOOK = HEAD + b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def _a_request(flask_app):
    with flask_app.test_request_context():
        yield


def packed(parts, how=ZIP_DEFLATED):
    held = BytesIO()
    with ZipFile(held, "w", how) as file:
        for name, content in {"xl/workbook.xml": BOOK, **parts}.items():
            file.writestr(name, content)
    return held.getvalue()


def refusal(content):
    with pytest.raises(NotReadable) as refused:
        weigh(content)
    return str(refused.value)


def test_merged_areas_and_formulas_are_seen_from_outside():
    rows = b"".join(b"<c r='A%d'><f>1+%d</f></c>" % (n, n * 7919) for n in range(50_000))  # more than one piece
    merged = b'<mergeCells count="2"><mergeCell ref="F12:F13"/><x:mergeCell a="b" ref=\'A1:H1\'/></mergeCells>'
    found = weigh(packed({SHEET: HEAD + b"<s>" + rows + merged + b"</s>", "xl/worksheets/sheet2.xml": HEAD + b"<s/>"}))

    assert found[SHEET].merged == ("F12:F13", "A1:H1")
    assert (found[SHEET].computes, found["xl/worksheets/sheet2.xml"].computes) == (True, False)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "这不是 Excel 工作簿"),
        (b"%PDF-1.7 ...", "这不是 Excel 工作簿"),
        ("编号,问题\n1,甲\n".encode("gbk"), "这不是 Excel 工作簿"),
        (b"PK\x03\x04 and then nothing", "文件已损坏"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "这是旧格式的表格文件（.xls 或 .et）"),
        (b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "这份工作簿设有打开密码"),
    ],
)
def test_what_is_no_xlsx_is_told_what_it_is(content, said):
    assert said in refusal(content)


def test_other_packages_are_told_what_they_are():
    held = BytesIO()
    with ZipFile(held, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    letter = BytesIO()
    with ZipFile(letter, "w") as file:
        file.writestr("word/document.xml", "<w/>")

    assert "这是 OpenDocument 表格（.ods）" in refusal(held.getvalue())
    assert "这不是 Excel 工作簿" in refusal(letter.getvalue())
    strict = BOOK.replace(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                          b"http://purl.oclc.org/ooxml/spreadsheetml/main")  # fmt: skip
    assert "严格 Open XML" in refusal(packed({"xl/workbook.xml": strict}))


def test_a_truncated_file_is_damaged():
    whole = packed({SHEET: HEAD + b"<s>" + bytes(range(32, 60)) * 1000 + b"</s>"})

    assert "文件已损坏" in refusal(whole[: len(whole) // 2])
    broken = bytearray(whole)
    broken[120:140] = bytes(20)
    assert "文件已损坏" in refusal(bytes(broken))


def test_a_part_with_a_password_is_told():
    content = bytearray(packed({}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1

    assert "设有打开密码" in refusal(bytes(content))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({SHEET: bytes(100 * MB)}, "文件解开后有 100 MB，上限是 64 MB"),
        ({f"xl/worksheets/sheet{n}.xml": bytes(10 * MB) for n in range(8)}, "文件解开后有 80 MB"),
        ({SHEET: b"<s>" + b" " * 20 * MB}, "文件压缩得不正常"),
        ({f"x{n}.xml": b"<x/>" for n in range(2001)}, "文件解开后有 0 MB"),
    ],
)
def test_a_bomb_is_refused_by_the_sizes_it_states_without_being_unpacked(parts, said):
    content = packed(parts)
    tracemalloc.start()

    assert said in refusal(content)
    assert tracemalloc.get_traced_memory()[1] < 8 * MB
    tracemalloc.stop()


def test_a_part_that_states_less_than_it_has_is_damaged():
    content = packed({SHEET: b"<s>" + b"<r/>" * 500_000})
    size = (3 + 4 * 500_000).to_bytes(4, "little")

    assert content.count(size) == 2
    assert "文件已损坏" in refusal(content.replace(size, (1000).to_bytes(4, "little")))


def test_too_many_cells_or_texts_are_refused_while_they_are_counted():
    crowded = b"".join(b"<c r='%d'/>" % number for number in range(2_000_100))
    texts = b"".join(b"<si><t>%d</t></si>" % number for number in range(100_100))
    tracemalloc.start()

    assert "文件里的格子太多" in refusal(packed({SHEET: HEAD + crowded}))
    assert "文件里的格子太多" in refusal(packed({"xl/sharedStrings.xml": HEAD + texts}))
    tracemalloc.stop()


@pytest.mark.parametrize(
    "xml",
    [
        HEAD + b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><s>&b;</s>',
        HEAD + b" " * 300_000 + b"<!DOCTYPE s><s/>",
        "<s/>".encode("utf-16"),
        "<s/>".encode("utf-16-le"),
        b"not xml",
    ],
)
def test_what_another_reader_would_unfold_is_not_read(xml):
    assert "文件已损坏" in refusal(packed({SHEET: xml}))


def test_only_the_usual_compression_is_opened():
    assert "文件压缩得不正常" in refusal(packed({SHEET: HEAD + b"<s/>"}, how=ZIP_LZMA))


@pytest.mark.parametrize(
    ("content", "name", "meant"),
    [
        (b"PK\x03\x04", "x", True),
        (b"\xd0\xcf\x11\xe0", "a.json", True),
        (b"{}", "a.XLSX", True),
        (b"{}", "a.json", False),
    ],
)
def test_a_workbook_is_known_by_what_it_is_or_what_it_is_called(content, name, meant):
    assert is_workbook(content, name) is meant
