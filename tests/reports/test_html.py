"""The HTML: complete, escaped, referring to nothing outside, and stopped by a missing value."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

import pytest
from jinja2 import UndefinedError

from reports.html import environment, to_html
from tests.reports.sample import sample_report

HOSTILE = '<script>alert("1")</script>{{ 7*7 }} & <img src=x onerror=alert(1)>'


def test_a_hostile_firm_name_is_printed_as_typed():
    html = to_html(sample_report(HOSTILE))

    assert "<script" not in html
    assert "<img" not in html
    assert escape(HOSTILE, quote=False).replace('"', "&#34;") in html


def test_a_missing_value_stops_the_report():
    broken = environment().from_string("{{ report.brief.headlin }}")

    with pytest.raises(UndefinedError, match="headlin"):
        broken.render(report=sample_report())


def test_every_reference_leads_to_a_place_in_the_report(html):
    wanted = set(re.findall(r'href="#([^"]+)"', html))
    there = set(re.findall(r'\bid="([^"]+)"', html))

    assert wanted <= there


def test_no_place_is_named_twice(html):
    places = re.findall(r'\bid="([^"]+)"', html)

    assert len(places) == len(set(places))


def test_the_report_refers_to_nothing_outside(html):
    addresses = re.findall(r'(?:src|href|url)\s*[=(]\s*"?([^")\s>]+)', html)

    assert all(address.startswith("#") for address in addresses)


def test_every_table_has_fixed_widths(html):
    tables = re.findall(r"<table[^>]*>\s*(<\w+)", html)

    assert tables
    assert set(tables) == {"<colgroup"}


def test_every_drawing_has_a_text_alternative(html):
    drawings = re.findall(r"<svg[^>]*>(<title>[^<]+</title>)?", html)

    assert len(drawings) > 5
    assert all(drawings)


def test_chapters_stand_in_the_promised_order(html):
    order = re.findall(r'<h1[^>]* id="(\w+)"', html)

    assert order == [
        "brief", "contents", "profile", "maturity", "recognition", "others",
        "gaps", "improvements", "plan", "method", "sources", "signatures", "derivations", "answers",
    ]  # fmt: skip


def test_a_firm_without_workshops_and_gaps_still_gets_a_report(report):
    bare = replace(
        report,
        maturity=None,
        recognition=(),
        gaps=(),
        steps=(),
        plan=None,
        profile=replace(report.profile, sites=(), differences=()),
        brief=replace(report.brief, lead="", blocks=(), conditions=(), steps=(), open_facts=()),
    )
    html = to_html(bare)

    assert "还没有登记工厂和车间" in html
    assert "没有发现差距" in html
    assert "请先填写生产类型" in html
