"""The rule as it is printed."""

from __future__ import annotations

from datetime import date

from app.programme.rule import rule_lines
from scoring.tally_file import load_plan


def test_the_rule_is_printed_with_its_dates_and_says_what_is_ours(flask_app):
    with flask_app.test_request_context():
        lines = {line.what: line for line in rule_lines(load_plan(date(2026, 11, 24)))}

    assert (lines["计数起点"].how, lines["计数起点"].confidence) == ("2023-12-04", "ours")
    assert lines["累计新建智能工厂"].how == "目标 10 家；计入：智能工厂"
    assert lines["累计新建智能工厂"].since == date(2023, 12, 4)
