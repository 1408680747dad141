"""The code to scan: drawn within the content policy, another one for each link."""

from __future__ import annotations

import segno

from app.colleagues.qr import qr_code

LINK = "https://zhizhen.example/join/" + "a" * 43


def test_the_drawing_has_no_style_and_no_script_of_its_own():
    drawn = qr_code(LINK, "二维码")

    assert drawn.startswith("<svg ")
    assert "style" not in drawn
    assert "script" not in drawn


def test_the_title_is_escaped():
    assert "<title>&lt;b&gt;&amp;</title>" in qr_code(LINK, "<b>&")


def test_the_code_has_as_many_dark_modules_as_the_link_asks_for():
    dark = sum(map(sum, segno.make(LINK, micro=False, error="m").matrix))
    path = qr_code(LINK, "x").split(' d="')[1].split('"')[0]
    drawn = sum(int(step.split("m")[0]) for step in path.split("h")[1:])

    assert drawn == dark


def test_each_link_has_a_code_of_its_own():
    assert qr_code(LINK, "x") != qr_code(LINK[:-1] + "b", "x")
