"""The chart of a plan: names of projects stand whole wherever there is room for them."""

from __future__ import annotations

import pytest

from reports.gantt import Bar, gantt


def drawn(name: str) -> str:
    return gantt([Bar(name, 1, 2)], ["27Q1", "27Q2"], [], "计划")


@pytest.mark.parametrize(
    "name", ["Department dashboards and reports", "主数据与跨部门数据共享", "Computer-aided process planning"]
)
def test_a_name_that_has_room_is_not_cut(name):
    assert f">{name}</text>" in drawn(name)


@pytest.mark.parametrize(
    ("name", "begins", "ends"),
    [
        ("Sensors on key processes, read and stored (冲压车间)", ">Sensors on key", "… (冲压车间)</text>"),
        ("关键工序传感器数据采集与集中存储系统", ">关键工序传感器数据", "…</text>"),
    ],
)
def test_a_name_that_is_too_long_keeps_its_place_in_brackets(name, begins, ends):
    assert begins in drawn(name)
    assert ends in drawn(name)
    assert name not in drawn(name)
