"""The styles of a Word document: each is complete, hangs on one that is there, and keeps the order of the schema."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from reports.word_styles import LOOKS, font_table_xml, settings_xml, styles_xml

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture(params=["zh-CN", "en"])
def styles(request) -> list[ElementTree.Element]:
    return list(
        ElementTree.fromstring(f'<w:styles xmlns:w="{W}">{styles_xml(request.param)}</w:styles>').iter(f"{{{W}}}style")
    )


def test_every_style_hangs_on_one_that_is_there_and_leads_to_one(styles):
    ids = [style.get(f"{{{W}}}styleId") for style in styles]
    named = {
        mark.get(f"{{{W}}}val")
        for style in styles
        for kind in ("basedOn", "next")
        for mark in style.iter(f"{{{W}}}{kind}")
    }

    assert len(set(ids)) == len(ids) == len(LOOKS) + 4
    assert named <= set(ids)


def test_no_name_of_a_style_stands_twice(styles):
    names = [style.find(f"{{{W}}}name").get(f"{{{W}}}val").lower() for style in styles]

    assert len(set(names)) == len(names)


def test_one_style_of_each_kind_holds_where_none_is_named(styles):
    default = [style.get(f"{{{W}}}type") for style in styles if style.get(f"{{{W}}}default")]

    assert sorted(default) == ["character", "numbering", "paragraph", "table"]


def test_what_is_strong_is_bold_and_in_the_font_of_headings():
    heading = re.search(r'styleId="Heading1">.*?</w:style>', styles_xml("zh-CN")).group()

    assert "<w:b/>" in heading
    assert 'w:eastAsia="黑体"' in heading
    assert 'w:eastAsiaTheme="majorEastAsia"' in heading


def test_sizes_are_smaller_in_english_where_it_takes_more_room():
    sizes = {
        tag: re.search(r'styleId="Headline">.*?w:sz w:val="(\d+)"', styles_xml(tag)).group(1) for tag in ("zh-CN", "en")
    }

    assert sizes == {"zh-CN": "38", "en": "28"}


def test_the_settings_are_those_of_today_and_the_fonts_have_their_other_names():
    assert 'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"' in settings_xml()
    assert re.findall(r'w:altName w:val="(\w+),', font_table_xml()) == ["SimSun", "SimHei"]
