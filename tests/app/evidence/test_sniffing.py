"""What a file is, is told by its bytes: every kind that is taken, and much that is not."""

from __future__ import annotations

import gzip
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evidence.kinds import EXTENSIONS, SORTS, Faulty, Kind, WrongKind, refuse_false_name
from app.evidence.sniffing import sniff
from tests.app.evidence import samples as made

pytestmark = pytest.mark.usefixtures("speaking")

TAKEN = {
    "jpeg": (made.picture(), Kind.JPEG),
    "png": (made.picture("PNG"), Kind.PNG),
    "webp": (made.picture("WEBP"), Kind.WEBP),
    "heic": (made.heic(), Kind.HEIC),
    "heic of another brand": (made.heic(b"mif1", b"mif1heic"), Kind.HEIC),
    "pdf": (made.PDF, Kind.PDF),
    "docx": (made.package(), Kind.WORD),
    "xlsx": (made.workbook(), Kind.EXCEL),
    "pptx": (made.package(made.SLIDES, "ppt/"), Kind.POWERPOINT),
    "doc": (made.compound("WordDocument", "1Table"), Kind.OLD_WORD),
    "xls": (made.compound("Workbook"), Kind.OLD_EXCEL),
    "xls of 1995": (made.compound("Book"), Kind.OLD_EXCEL),
    "ppt": (made.compound("PowerPoint Document"), Kind.OLD_POWERPOINT),
    "csv": (made.CSV, Kind.TEXT),
    "csv of Excel": ("﻿设备,数量\r\n冲床,12\r\n".encode(), Kind.TEXT),
    "csv in GBK": ("设备,数量\r\n冲床,12\r\n".encode("gbk"), Kind.TEXT),
    "rare signs in GB18030": ("㐀𠀀,1\n".encode("gb18030"), Kind.TEXT),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_kind_that_is_taken_is_told_by_its_bytes(name):
    content, kind = TAKEN[name]

    assert sniff(BytesIO(content)) is kind


NOT_TAKEN = {
    "a page": (b"<!DOCTYPE html><html><script>alert(1)</script>", ".html 文件"),
    "a page after blanks": (b"\n\n  <html><body onload=alert(1)>", "网页或标记语言"),
    "a page after a mark": ("﻿<script>alert(1)</script>".encode(), "网页或标记语言"),
    "a drawing": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', ".svg 文件"),
    "a drawing with a head": (b'<?xml version="1.0"?><svg onload="alert(1)"/>', ".xml 文件"),
    "php": (b"<?php system($_GET['c']);", "网页或标记语言"),
    "a program": (b"MZ\x90\x00" + bytes(200), ".exe 文件"),
    "an archive": (made.archive({"a.txt": b"x"}), ".zip 文件"),
    "an archive of 7-Zip": (b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(64), ".7z 文件"),
    "an archive of RAR": (b"Rar!\x1a\x07\x01\x00" + bytes(64), ".rar 文件"),
    "gzip": (gzip.compress(b"x" * 99), ".gz 文件"),
    "GIF": (made.picture("GIF"), ".gif 文件"),
    "AVIF": (made.heic(b"avif", b"mif1avif"), "文件"),
    "a film": (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42" + bytes(99), ".mp4 文件"),
    "an OpenDocument": (made.archive({"mimetype": b"application/vnd.oasis.opendocument.text"}), ".zip 文件"),
    "a mail of Outlook": (made.compound("__properties_version1.0"), "复合文档（如 .msg、.msi）"),
}


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_what_is_not_taken_is_named_by_what_it_is(name):
    content, said = NOT_TAKEN[name]
    with pytest.raises(WrongKind) as refused:
        sniff(BytesIO(content))

    assert refused.value.status == 415
    assert said in refused.value.message
    assert "可以上传照片、PDF、Word、Excel、PowerPoint、CSV 和 TXT" in refused.value.message


@pytest.mark.parametrize("content", [bytes(64), b"\x01\x02\x03\xff\xfe\xfd" * 20, "文字\x00文字".encode()])
def test_what_nobody_knows_is_refused_all_the_same(content):
    with pytest.raises(WrongKind):
        sniff(BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        made.PDF[:-20],
        made.heic()[:-1],
        made.heic() + b"<script>alert(1)</script>",
        made.heic().replace(b"meta", b"free"),
        made.heic() + bytes((0, 0, 0, 8)) * 4000,
        made.package()[:-30],
        made.compound("WordDocument")[:-600],
    ],
)
def test_a_file_that_ends_too_early_or_too_late_is_broken(content):
    with pytest.raises(Faulty, match="文件不完整或已损坏"):
        sniff(BytesIO(content))


def test_text_in_two_bytes_a_letter_says_how_to_save_it():
    with pytest.raises(Faulty, match="UTF-16"):
        sniff(BytesIO("设备,数量".encode("utf-16")))


# What is one thing at its head and another inside is taken for what a program opens it as: its head.
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (made.picture() + b"<script>alert(1)</script>", Kind.JPEG),
        (made.picture(comment=b"<html><script>alert(1)</script>"), Kind.JPEG),
        (made.PDF[:-7] + b"<script>alert(1)</script>\n%%EOF\n", Kind.PDF),
        (made.PDF + made.archive({"a.txt": b"x"}), Kind.PDF),
    ],
)
def test_a_file_of_two_kinds_is_what_it_begins_as(content, kind):
    assert sniff(BytesIO(content)) is kind


def told(content: bytes) -> str:
    """A kind or a sentence; anything else that happens fails the test."""
    try:
        return sniff(BytesIO(content))
    except (WrongKind, Faulty) as refused:
        return refused.message


@given(st.sampled_from(sorted(TAKEN)), st.integers(0, 9999), st.binary(max_size=40))
def test_no_damaged_file_gets_past_but_by_a_kind_or_a_refusal(name, place, noise):
    content = bytearray(TAKEN[name][0])
    place %= len(content)
    content[place : place + len(noise)] = noise
    assert told(bytes(content))


@given(st.binary(max_size=3000))
def test_no_bytes_at_all_lead_to_anything_but_a_kind_or_a_refusal(noise):
    for content in (
        noise,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise,
        b"PK\x03\x04" + noise,
        b"\0\0\0\x10ftypheic" + noise,
    ):
        assert told(content)


# --- names that say something else ------------------------------------------------------------------------------------


def test_a_false_extension_is_refused_with_both_named():
    with pytest.raises(WrongKind) as refused:
        refuse_false_name("图纸.pdf", Kind.PNG)

    assert "扩展名是 .pdf，内容却是“PNG 图片”" in refused.value.message
    assert "把扩展名改成 .png" in refused.value.message


@pytest.mark.parametrize("name", ["现场.JPG", "现场.jpeg", "现场", "x.exe.jpg"])
def test_a_right_extension_or_none_is_taken(name):
    refuse_false_name(name, Kind.JPEG)


@pytest.mark.parametrize("name", ["现场.jpg.exe", "现场.html", "现场.svg"])
def test_an_extension_that_is_not_taken_is_false_too(name):
    with pytest.raises(WrongKind):
        refuse_false_name(name, Kind.JPEG)


def test_every_kind_has_words_a_type_and_extensions_of_its_own():
    every = [extension for sort in SORTS.values() for extension in sort.extensions]

    assert set(SORTS) == set(Kind)
    assert len(every) == len(set(every)) == len(EXTENSIONS)
    assert all(str(sort.words) and "/" in sort.mime for sort in SORTS.values())
