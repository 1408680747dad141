"""Names that somebody typed become names that harm nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evidence import naming


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("采集点表.xlsx", "采集点表.xlsx"),
        ("../../etc/passwd", "passwd"),
        (r"C:\fakepath\现场 照片.JPG", "现场 照片.JPG"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/cron.d/", ""),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie_ x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\ufeff报告\u200b.pdf", "报告.pdf"),
        ('a<b>"c"|d?*.txt', "a_b__c__d__.txt"),
        ("  many   spaces .pdf", "many spaces .pdf"),
        (".htaccess", "htaccess"),
        ("...", ""),
        ("", ""),
        ("e\u0301tat.pdf", "état.pdf"),
        ("CON:stream.txt", "CON_stream.txt"),
    ],
)
def test_a_typed_name_becomes_harmless(typed, kept):
    assert naming.harmless(typed) == kept


@given(st.text(max_size=400))
def test_no_name_can_leave_its_folder_or_break_a_header(typed):
    kept = naming.shortened(naming.harmless(typed))

    assert "/" not in kept
    assert "\\" not in kept
    assert kept not in (".", "..")
    assert kept.isprintable()
    assert len(kept) <= naming.LONGEST


@pytest.mark.parametrize(
    ("name", "end"), [("现场.JPG", ".jpg"), ("a.tar.gz", ".gz"), ("photo", ""), ("a.", ""), ("x.exe.jpg", ".jpg")]
)
def test_the_extension_is_what_stands_after_the_last_dot(name, end):
    assert naming.extension(name) == end


def test_three_hundred_characters_are_cut_and_the_extension_stays():
    kept = naming.shortened("长" * 300 + ".pdf")

    assert len(kept) == naming.LONGEST
    assert kept.endswith("长….pdf")


def test_an_endless_extension_is_cut_like_the_rest():
    assert len(naming.shortened("a." + "b" * 300)) == naming.LONGEST


def test_a_name_that_is_taken_is_numbered():
    assert naming.apart("image.jpg", set()) == "image.jpg"
    assert naming.apart("image.jpg", {"image.jpg"}) == "image (2).jpg"
    assert naming.apart("image.jpg", {"image.jpg", "image (2).jpg"}) == "image (3).jpg"
    assert len(naming.apart("长" * 116 + ".pdf", {"长" * 116 + ".pdf"})) <= naming.LONGEST
