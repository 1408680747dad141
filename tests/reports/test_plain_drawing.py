"""A drawing is tidied for paper: what only a pointer finds is gone, what is alike is one, and every word is there."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from reports.plain_drawing import plain

NAMESPACE = "xmlns='http://www.w3.org/2000/svg'"
SVG = "{http://www.w3.org/2000/svg}"


def tidied(parts: str) -> ET.Element:
    drawn = f"<svg {NAMESPACE} width='100' height='50' version='1.1' viewBox='0 0 100 50'>\n{parts}\n</svg>"
    return ET.fromstring(plain(drawn, "得分 <图>"))


def paths(root: ET.Element) -> list[str]:
    return [one.attrib["d"] for one in root.iter(f"{SVG}path")]


def test_it_keeps_its_size_and_speaks_for_itself():
    root = tidied("")

    assert (root.get("viewBox"), root.get("width"), root.get("height")) == ("0 0 100 50", "100", "50")
    assert root.get("role") == "img"
    assert (root[0].tag, root[0].text) == (f"{SVG}title", "得分 <图>")


def test_what_only_a_pointer_finds_is_gone():
    root = tidied(
        "<style>.a:hover { fill: red }</style><path d='M0 0L9 9' stroke='#000' class='a' ecmeta_data_index='0'/>"
        "<path d='M0 0L9 0L9 9Z' fill='none' pointer-events='visible'/>"
        "<path d='M0 0L9 0L9 9Z' fill='#000' fill-opacity='0' stroke='#b7b9be' stroke-width='0'/>"
    )

    assert [one.attrib for one in root[1:]] == [{"d": "M0 0L9 9", "stroke": "#000"}]


def test_a_bar_without_length_or_height_is_gone():
    root = tidied(
        "<path d='M68.4 34l44 0l0 0l-44 0Z' fill='red'/><path d='M118 33l0 0l0 10l0 0Z' fill='red'/><g><path d=''/></g>"
        "<path d='M68.4 34l44 0l0 1l-44 0Z' fill='red'/><path d='M68.4 34l44 0' stroke='red'/>"
    )

    assert paths(root) == ["M68.4 34l44 0l0 1l-44 0Z", "M68.4 34l44 0"]


def test_bars_that_look_alike_are_one_path_also_past_others_that_they_do_not_touch():
    root = tidied(
        "<path d='M0 0l5 0l0 5l-5 0Z' fill='red'/><path d='M0 0l5 0l0 5l-5 0Z' fill='url(#p)'/>"
        "<path d='M9 0l5 0l0 5l-5 0Z' fill='red'/><path d='M9 0l5 0l0 5l-5 0Z' fill='url(#p)'/>"
    )

    assert paths(root) == ["M0 0l5 0l0 5l-5 0ZM9 0l5 0l0 5l-5 0Z"] * 2
    assert [one.get("fill") for one in root[1:]] == ["red", "url(#p)"]


def test_a_bar_stays_over_what_it_covers():
    covered = "<path d='M0 0l5 0l0 5l-5 0Z' fill='red'/><path d='M3 3l5 0l0 5l-5 0Z' fill='blue'/>"
    bars = tidied(f"{covered}<path d='M4 4l5 0l0 5l-5 0Z' fill='red'/>")
    words = tidied(f"{covered}<text>字</text><path d='M40 4l5 0l0 5l-5 0Z' fill='red'/>")

    assert [one.get("fill") for one in bars[1:]] == ["red", "blue", "red"]
    assert len(paths(words)) == 3


def test_curves_and_what_is_moved_or_faded_stays_as_it_is():
    root = tidied(
        "<path d='M0 0A2 2 0 0 1 4 4' stroke='red'/><path d='M9 0A2 2 0 0 1 4 4' stroke='red'/>"
        "<path d='M0 0L1 1' stroke='red' transform='translate(3 4)'/>"
        "<path d='M0 0L1 1' stroke='red' transform='translate(3 4)'/>"
        "<path d='M0 0L1 1' stroke='red' opacity='0.5'/><path d='M0 0L1 1' stroke='red' opacity='0.5'/>"
    )

    assert len(paths(root)) == 6


def test_words_stand_where_they_stood_in_letters_named_once():
    style = "font-size:10px;font-family:Zhizhen Sans, sans-serif;"
    root = tidied(
        f"<text style='{style}' xml:space='preserve' x='19' y='4' transform='translate(586 6.5)'>达标 线</text>"
        f"<text style='{style}font-weight:bold' xml:space='preserve' transform='translate(1 2)rotate(3)'> 斜</text>"
    )

    assert root.get("font-family") == "Zhizhen Sans, sans-serif"
    assert (root[1].attrib, root[1].text) == ({"font-size": "10px", "x": "605", "y": "10.5"}, "达标 线")
    assert root[2].get("transform") == "translate(1 2)rotate(3)"
    assert root[2].get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"


def test_two_families_of_letters_are_each_named_where_they_are():
    root = tidied("<text style='font-family:a'>一</text><text style='font-family:b'>二</text>")

    assert [one.get("font-family") for one in (root, root[1], root[2])] == [None, "a", "b"]


def test_only_what_is_used_stays_defined():
    root = tidied(
        "<path d='M0 0L9 0L9 9Z' fill='url(#p)'/><defs><pattern id='p'><path d='M0 0L1 1Z'/></pattern>"
        "<clipPath id='c'><path d='M0 0L1 1L2 2Z'/></clipPath></defs>"
    )

    assert [one.get("id") for one in root.find(f"{SVG}defs")] == ["p"]
