"""The small fonts: cut from the machine's own, complete for GB 2312 and for every sign the report uses."""

from __future__ import annotations

import pytest

from reports import fonts, wording


def test_all_of_gb_2312_and_every_sign_of_the_report_is_kept():
    kept = fonts.characters()
    signs = "".join(wording.MARKS.values()) + "■→≥≤–—·“”（）；：、％①"

    assert all(ord(character) in kept for character in "重庆汽车零部件齄啊" + signs)


def test_the_fonts_are_made_under_their_own_name(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "FOLDER", tmp_path / "cut")
    monkeypatch.setattr(fonts, "CONFIG", tmp_path / "cut" / "fonts.conf")
    fonts.make()
    found = fonts.families_found()

    assert fonts.made()
    assert {"Zhizhen Sans", "Zhizhen Serif"} <= found


def test_a_font_that_the_machine_lacks_is_named_with_the_package_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    monkeypatch.setattr(fonts, "FACES", (fonts.Face("Zhizhen Sans", "Regular", "No Such Font CJK"),))

    with pytest.raises(fonts.FontsNotMade, match="fonts-noto-cjk"):
        fonts.make()


def test_a_substitute_does_not_count_as_installed():
    assert not fonts.installed("No Such Font CJK")
    assert fonts.installed("Noto Sans CJK SC")
