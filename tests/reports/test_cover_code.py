"""The code on the cover: printed in PDF and Word, drawn so that a phone reads the address, and nothing without one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
import zxingcpp
from PIL import Image

from reports.cover_code import cover_code
from reports.edition import Edition
from reports.html import to_html
from reports.language import LANGUAGES
from reports.pictures import picture
from reports.qr import qr_code
from reports.word import to_word
from tests.reports.sample import sample_report

CODE = "7KQM-2XZP-9HTR-W4CD-FNJ8"
ADDRESS = f"https://zhizhen.example/verify/{CODE}"
EDITION = Edition(day=date(2026, 11, 24), program="zhizhen 0.1.0", code=CODE, address=ADDRESS)


def read(png: bytes) -> list[str]:
    """What a reader of codes finds in a picture: another library than the one that drew it."""
    return [one.text for one in zxingcpp.read_barcodes(Image.open(BytesIO(png)))]


def test_the_drawing_reads_as_the_address_and_says_so_to_whoever_does_not_see_it():
    found = cover_code(EDITION, LANGUAGES["zh"])

    assert read(picture(found.svg, 340).png) == [ADDRESS]
    assert f"<title>二维码，内容是网址 {ADDRESS}</title>" in found.svg
    assert "style" not in found.svg


@pytest.mark.parametrize("length", [20, 60, 120])
def test_the_longest_address_is_read_at_the_size_on_the_cover(length):
    address = f"https://{'a' * (length - 8)}/verify/{CODE}"

    assert read(picture(qr_code(address, "x"), 34 * 6).png) == [address]  # 34 mm at 150 to the inch


@pytest.mark.parametrize(("language", "said"), [("zh", "扫码或打开上面的网址"), ("en", "Scan this")])
def test_the_sentence_is_said_in_the_language_of_the_report(language, said):
    assert cover_code(EDITION, LANGUAGES[language]).sentence.startswith(said)


@pytest.mark.parametrize(("language", "said"), [("zh", "打开“核对报告”页"), ("en", 'page "Check a report"')])
def test_without_an_address_nothing_is_drawn_and_it_is_said_where_to_type_the_code(language, said):
    found = cover_code(replace(EDITION, address=""), LANGUAGES[language])

    assert (found.code, found.svg, found.address) == (CODE, "", "")
    assert said in found.sentence


def test_a_report_without_a_code_has_nothing_on_its_cover():
    assert cover_code(Edition(day=date(2026, 11, 24), program="zhizhen 0.1.0"), LANGUAGES["zh"]) is None
    assert '<div class="code' not in to_html(replace(sample_report(), code=None))


def test_the_cover_shows_code_address_and_sentence_once():
    report = replace(sample_report(), code=cover_code(EDITION, LANGUAGES["zh"]))
    cover = to_html(report).split("</section>")[0]

    assert re.findall(r'<p class="(\w+)">', cover.split('<div class="code drawn">')[1])[:4] == [
        "soft",
        "signs",
        "where",
        "soft",
    ]
    assert cover.count(f'<p class="signs">{CODE}</p>') == 1
    assert f'<p class="where">{ADDRESS}</p>' in cover


def test_word_shows_the_same_and_its_picture_reads_as_the_address():
    report = replace(sample_report(), code=cover_code(EDITION, LANGUAGES["zh"]))
    content = to_word(report)
    with ZipFile(BytesIO(content)) as package:
        pictures = [package.read(name) for name in package.namelist() if name.startswith("word/media/")]
        text = re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())

    assert [found for found in map(read, pictures) if found] == [[ADDRESS]]
    assert f"核对编号：{CODE}" in text
    assert ADDRESS in text
    assert "扫码或打开上面的网址" in text
    assert to_word(report) == content
