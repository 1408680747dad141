"""The lists behind the numbers, and filters that come from an address."""

from __future__ import annotations

from datetime import date

import pytest

from app.programme import counted as lists
from app.programme.counted import Filters


@pytest.fixture
def request_context(flask_app, city):
    """A request, after the city is made."""
    with flask_app.test_request_context():
        yield


def test_a_list_says_on_which_paper_a_unit_counts_and_why(request_context, city):
    counted = lists.counted_for(city.commission, Filters())
    (one,) = lists.listed(counted, "digital_workshop", lists.COUNTED)

    assert (one.firm_name, one.unit, one.day) == ("示例甲有限公司", "一工厂 · 焊装车间", date(2025, 3, 1))
    assert (one.document, one.issuer) == ("渝经信〔2026〕1号", "市经济信息委")
    assert one.why == "自 2025-03-01 起为“数字化车间”，在计数起点 2023-12-04 当日或之后"


def test_what_does_not_count_says_why(request_context, city):
    counted = lists.counted_for(city.commission, Filters())
    reasons = {
        (target, one.firm_name): one.why
        for target in ("conversion", "smart_factory", "digital_workshop")
        for one in lists.listed(counted, target, lists.OTHERS)
    }

    assert reasons == {
        ("conversion", "示例丙有限公司"): "尚未达到计入的状态",
        ("smart_factory", "示例丙有限公司"): "这一类或这一级认定不计入本目标",
        ("digital_workshop", "示例甲有限公司"): "认定已撤销",
        ("digital_workshop", "示例乙有限公司"): "在计数起点之前已认定",
    }


def test_conversions_in_one_state_can_be_listed(request_context, city):
    counted = lists.counted_for(city.commission, Filters())
    verified = lists.listed(counted, "conversion", "district_verified")

    assert [(one.firm_name, one.counts) for one in verified] == [("示例丙有限公司", False)]


def test_filters_that_are_none_of_ours_are_left_out(flask_app):
    with flask_app.test_request_context():
        assert lists.read_filters({"district": "1", "system": "<b>", "year": "二〇二六"}) == Filters()
        assert lists.read_filters({"district": "500151", "system": "several", "year": "2026"}) == Filters(
            "500151", "several", 2026
        )
