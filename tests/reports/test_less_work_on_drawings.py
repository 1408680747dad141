"""Drawings of every kind are printed with the same bytes, whether they are drawn plainly or by the renderer."""

from __future__ import annotations

import pytest

from tests.reports.test_less_work import printed

PAGE = "<html lang='zh'><head><title>题</title></head><body>{}</body></html>"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 200 100' width='200' height='100'><title>图</title>{}</svg>"
DRAWINGS = {
    "shapes": (
        "<rect width='50%' height='20' fill='#0b5a8f'/>"
        "<rect x='3' y='4' width='9' height='8' rx='2' fill='none'/><circle cx='20' cy='20' r='5' stroke='red'/>"
        "<ellipse cx='9' cy='9' rx='4' ry='2'/><line x2='9' y2='9' stroke='currentColor' color='green'/>"
        "<polygon points='0,0 4,4 8,0'/><polyline points='0 0 4 4 8' fill='none'/>"
    ),
    "straight paths": (
        "<path d='M0 0L10 10H20V5Z'/><path d='m1,1h5v5h-5z m8,0 2,2 2,0z' fill-rule='evenodd'/>"
        "<path d='M0 0l44 0l0 -6.8l-44 0ZM.5.5L-1-1' stroke='red' fill='none'/><path d='M1 1Z'/><path d='L5 5'/>"
        "<path d='M1'/><path d=''/><path d='M0 0L1 1 2'/><path d='M0 0 10 0 10 10ZL3 3' stroke='#000'/>"
    ),
    "curves": ("<path d='M0 0C1 1 2 2 3 0S5 5 6 0Q7 7 8 0T9 9A2 2 0 0 1 14 2z' stroke='#333' fill='none'/>"),
    "looks": (
        "<rect width='9' height='9' fill='red' fill-opacity='0.5' stroke='blue' stroke-opacity='50%'/><path "
        "d='M0 0L9 9' stroke='#123456' stroke-width='2%' stroke-dasharray='3 2' stroke-dashoffset='-1'/><path "
        "d='M0 0L9 9' stroke='hsl(20,50%,50%)' stroke-width='.1em' stroke-linecap='round' font-size='20'/><path "
        "d='M0 0L9 9' stroke='hsl(20,50%,50%)' stroke-width='.1em' stroke-linecap='round' font-size='10'/><path "
        "d='M0 0L9 9' stroke='red' stroke-width='0' stroke-linejoin='bevel' stroke-miterlimit='-2'/>"
        "<rect width='9' height='9' visibility='hidden'/><rect width='9' height='9' display='none'/>"
    ),
    "what is defined elsewhere": (
        "<defs><linearGradient id='g'><stop stop-color='red'/><stop offset='1' stop-color='blue'/>"
        "</linearGradient><pattern id='p' width='5' height='5' patternUnits='userSpaceOnUse'>"
        "<path d='M0 0V5' stroke='red'/></pattern><marker id='m'><path d='M0 0L2 2'/></marker><clipPath id='c'>"
        "<rect width='5' height='5'/></clipPath><filter id='f'><feOffset dx='2'/></filter><mask id='k'>"
        "<rect width='9' height='9' fill='#fff'/></mask></defs><rect width='9' height='9' fill='url(#g)'/>"
        "<rect x='9' width='9' height='9' fill='url(#p)' stroke='url(#g)'/>"
        "<path d='M0 0L9 9L18 0' marker-mid='url(#m)' stroke='red'/><g marker='url(#m)'><path d='M0 0L9 9'/></g>"
        "<rect width='9' height='9' clip-path='url(#c)'/><rect width='9' height='9' filter='url(#f)'/>"
        "<rect width='9' height='9' mask='url(#k)'/><rect id='r' width='3' height='3' opacity='0.4'/>"
        "<use href='#r' x='20' fill='red'/><rect width='9' height='9' transform='rotate(20) translate(3 4)'/>"
    ),
    "style sheets": (
        "<style>.a { fill: red } #b { stroke: blue !important }</style><g font-size='8' fill='green' color='red'>"
        "<rect class='a' width='9' height='9'/><rect id='b' width='9' height='9' fill='inherit'/>"
        "<rect width='9' height='9' style='fill: #abc; stroke-width: 3' stroke='currentColor'/></g>"
    ),
    "words": (
        "<g font-family='Zhizhen Sans'><text x='5' y='9'>图 图 a图</text>"
        "<text y='20' text-anchor='middle' x='50'>中图</text>"
        "<text x='90' y='20' text-anchor='end' font-weight='bold' fill='red' stroke='blue'>末图</text>"
        "<text x='5' y='40' dominant-baseline='central' font-size='9'>图</text><text>无</text><text x='1' y='2'> "
        "</text><text x='9' y='50' dominant-baseline='hanging' font-style='italic'>斜</text><text x='-3' y='1e1'>"
        "图</text></g>"
    ),
    "placed letters": (
        "<text x='1 9 20' y='5'>三个字</text><text x='1' y='9' dx='2' rotate='20'>转</text>"
        "<text x='1' y='20' textLength='50' lengthAdjust='spacingAndGlyphs'>长短</text>"
        "<text x='1' y='30' letter-spacing='2'>疏</text><text x='1' y='40'>前<tspan dy='3' fill='red'>中</tspan>"
        "后</text><text x='1' y='50' direction='rtl'>右</text><text x='10%' y='2em' font='8px serif'>百分</text>"
        "<text y='80'><a>链</a></text>"
    ),
}


@pytest.mark.parametrize("kind", DRAWINGS)
def test_a_drawing_has_the_same_bytes(kind):
    page = PAGE.format(SVG.format(DRAWINGS[kind]) * 2)
    made = printed(page, "with less work")

    assert made.startswith(b"%PDF-")
    assert made == printed(page, "plainly")
