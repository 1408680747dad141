"""The small fonts: cut from the machine's own, complete for GB 2312 and for every sign the report uses."""

from __future__ import annotations

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from reports import fonts, wording


def test_all_of_gb_2312_and_every_sign_of_the_report_is_kept():
    kept = fonts.characters()
    signs = "".join(wording.MARKS.values()) + "■→≥≤–—·“”（）；：、％①"

    assert all(ord(character) in kept for character in "重庆汽车零部件齄啊" + signs)


def test_the_fonts_are_made_under_their_own_name(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "characters", lambda: frozenset(map(ord, "智诊 8g")))
    monkeypatch.setattr(fonts, "FOLDER", tmp_path / "cut")
    monkeypatch.setattr(fonts, "CONFIG", tmp_path / "cut" / "fonts.conf")
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "ZhizhenSans-Regular.otf").write_bytes(b"of an earlier version")
    fonts.make()
    found = fonts.families_found()

    assert fonts.made()
    assert {"Zhizhen Sans", "Zhizhen Serif"} <= found
    assert {file.suffix for file in (tmp_path / "cut").iterdir()} == {".ttf", ".conf"}


def test_set_up_has_made_every_face():
    assert fonts.made()
    assert {face.family for face in fonts.FACES} <= fonts.families_found()


def test_a_cut_font_has_quadratic_outlines_kerning_and_few_glyphs():
    with TTFont(fonts.FACES[0].file) as font:
        tables, glyphs = set(font.keys()), font["maxp"].numGlyphs
        features = {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}

    assert "glyf" in tables
    assert "CFF " not in tables
    assert features == {"kern"}
    assert 6763 < glyphs < 10_000  # the characters of GB 2312, and signs


def test_a_quadratic_outline_stays_within_a_thousandth_of_the_cubic_one():
    path, index = fonts._find(fonts.FACES[0])
    with TTFont(fonts.FACES[0].file) as cut, TTFont(path, fontNumber=index, lazy=True) as full:
        strays = [
            abs(ours - theirs)
            for character in "智诊冲压8g，"
            for ours, theirs in zip(bounds(cut, character), bounds(full, character), strict=True)
        ]

    assert len(strays) == 35
    assert max(strays) <= 1


def bounds(font: TTFont, character: str) -> tuple[float, ...]:
    glyphs = font.getGlyphSet()
    pen = BoundsPen(glyphs)
    glyphs[font.getBestCmap()[ord(character)]].draw(pen)
    return (*pen.bounds, glyphs[font.getBestCmap()[ord(character)]].width)


def test_a_font_that_the_machine_lacks_is_named_with_the_package_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    monkeypatch.setattr(fonts, "FACES", (fonts.Face("Zhizhen Sans", "Regular", "No Such Font CJK"),))

    with pytest.raises(fonts.FontsNotMade, match="fonts-noto-cjk"):
        fonts.make()


def test_a_substitute_does_not_count_as_installed():
    assert not fonts.installed("No Such Font CJK")
    assert fonts.installed("Noto Sans CJK SC")
