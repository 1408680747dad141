"""A filled workbook read: what each cell may hold, and every fault with the address of its cell."""

from __future__ import annotations

from datetime import date, datetime, time
from fractions import Fraction

import pytest

from app.diagnosis.draft import NOTHING, Said, stated
from app.workbooks.cells import Cell
from questionnaires.answers import EntryState

UNKNOWN = Said(EntryState.UNKNOWN)
A_MOMENT = datetime.combine(date(2026, 3, 4), time(8, 15))  # as a spreadsheet keeps it: of no zone


@pytest.fixture
def said_by(draft_of, filled_of, read_back):
    """Fill some cells of a blank questionnaire and return what is read: what is said, and the faults."""

    def read(*filled):
        draft = draft_of()
        file = filled_of(draft)
        for key, values in filled:
            file.fill(key, **values)
        file.keep_sheets_of(key for key, _values in filled)
        reading = read_back(draft, file.book())
        return {(s, f): one for s, said in reading.said.items() for f, one in said.items() if one != NOTHING}, reading

    return read


@pytest.mark.parametrize(
    ("fact", "typed", "value"),
    [
        ("employees", 320, Fraction(320)),
        ("employees", "320", Fraction(320)),
        ("employees", "３２０", Fraction(320)),
        ("employees", "1,200", Fraction(1200)),
        ("employees", " 320 人 ", Fraction(320)),
        ("employees", 320.0, Fraction(320)),
        ("revenue", 15000.5, Fraction(30001, 2)),
        ("revenue", 0.1, Fraction(1, 10)),
        ("revenue", 0.1 + 0.2, Fraction(3, 10)),
        ("revenue", "1/3", Fraction(1, 3)),
        ("policy_fit", "是", True),
        ("policy_fit", "No", False),
        ("policy_fit", True, True),
        ("data.L1.1", "大部分满足", "mostly"),
        ("data.L1.1", "Fully met", "full"),
        ("data.L1.1", " 部分 满足 ", "partly"),
        ("production_type", "离散型：一件一件加工、装配（如冲压件、总成、电子件）", "discrete"),
        ("district", "璧山区", "500120"),
        ("district", 500120, "500120"),
        ("industry", 3670, "3670"),
        ("firm_name", 2026, "2026"),
        ("firm_name", "=不是公式", "=不是公式"),
        ("firm_name", A_MOMENT, "2026-03-04"),
    ],
)
def test_what_a_cell_may_hold(said_by, fact, typed, value):
    said, reading = said_by((f"firm {fact}", {"answer": typed}))

    assert reading.faults == ()
    assert said == {("firm", fact): stated(value)}


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (date(2025, 6, 30), date(2025, 6, 30)),
        (A_MOMENT, date(2026, 3, 4)),
        (45838, date(2025, 6, 30)),
        ("2025年6月30日", date(2025, 6, 30)),
        ("2025/6/30", date(2025, 6, 30)),
    ],
)
def test_a_day_may_be_a_day_or_its_number_or_words(said_by, keys, typed, day):
    fact = (keys["一工厂"], "improvement_after_date")
    said, reading = said_by((" ".join(fact), {"answer": typed}))

    assert reading.faults == ()
    assert said == {fact: stated(day)}


def test_pieces_may_be_called_by_either_half_of_their_unit(said_by, keys):
    workshop = keys["冲压车间"]
    filled = [
        (f"{workshop} equipment_count", {"answer": "50台"}),
        (f"{workshop} equipment_digital_count", {"answer": "30 套"}),
    ]
    said, reading = said_by(*filled)

    assert reading.faults == ()
    assert said == {
        (workshop, "equipment_count"): stated(Fraction(50)),
        (workshop, "equipment_digital_count"): stated(Fraction(30)),
    }


@pytest.mark.parametrize("tick", ["√", "✓", "是", "Yes", 1, True])
def test_not_known_is_ticked_and_not_applicable_has_its_reason(said_by, tick):
    said, reading = said_by(
        ("firm employees", {"unknown": tick}),
        ("firm policy_fit", {"absent": "没有在建项目"}),
        ("firm revenue", {"answer": "不清楚"}),
    )

    assert reading.faults == ()
    assert said == {
        ("firm", "employees"): UNKNOWN,
        ("firm", "policy_fit"): Said(EntryState.NOT_APPLICABLE, None, "没有在建项目"),
        ("firm", "revenue"): UNKNOWN,
    }


def test_several_options_are_ticked_row_by_row(said_by):
    said, reading = said_by(("firm systems=thermal", {"answer": "√"}), ("firm systems=lightweight", {"answer": "√"}))

    assert reading.faults == ()
    assert said == {("firm", "systems"): stated(("lightweight", "thermal"))}


def test_a_subdomain_is_left_out_with_its_reason(said_by):
    said, _reading = said_by(("tailoring product_design", {"answer": "来图加工，不做产品设计"}))

    assert said == {("tailoring", "product_design"): Said("stated", "true", "来图加工，不做产品设计")}


@pytest.mark.parametrize(
    ("key", "cells", "fault"),
    [
        (
            "employees",
            {"answer": 200001},
            "F12：从业人员数应在 1 到 200,000 人之间，填写的是 200,001。请核对数值和单位。",
        ),
        ("employees", {"answer": "约320"}, "F12：从业人员数应是数字，填写的是“约320”。请只填数字，例如 120 或 7.5。"),
        ("employees", {"answer": 320.5}, "F12：从业人员数应是整数，填写的是 320.5。请填整数，单位：人。"),
        ("employees", {"answer": A_MOMENT}, "F12：从业人员数：应是数字，单元格里是日期 2026-03-04。"),
        ("employees", {"answer": time(12, 30)}, "F12：从业人员数：应是数字，单元格里是日期 12:30:00。"),
        ("employees", {"answer": True}, "F12：从业人员数应是数字，填写的是“true”。"),
        (
            "employees",
            {"answer": Cell("#DIV/0!", fault="error")},
            "F12：从业人员数：单元格里是错误值 #DIV/0!。请改正公式，或直接填写。",
        ),
        ("employees", {"answer": 320, "unknown": "√"}, "F12：同时填了回答、不清楚。请只保留一处。"),
        ("employees", {"unknown": "×"}, "G12：从业人员数：“×”不是勾选。请选 √，或留空。"),
        ("employees", {"absent": "√"}, "H12：从业人员数：只打勾不够，请写明理由。"),
        ("data.L1.1", {"absent": "没有"}, "H6：采集业务活动所需数据：能力要求不能选“不适用”。整个能力子域可以裁剪。"),
        (
            "data.L1.1",
            {"answer": "差不多"},
            "F6：采集业务活动所需数据：请选一项：全部满足、大部分满足、部分满足、不满足。",
        ),
        ("district", {"answer": "朝阳区"}, "F8：所在区县：没有“朝阳区”这一项。请从所列选项中选一项。"),
        ("uscc", {"answer": "91500120MA0000001X"}, "F7：校验位不对：按前 17 位计算，末位应为 F，填写的是 X。"),
        (
            "systems=none",
            {"answer": "√", "more": "√"},
            "F16：产品所属系统：“以上都不是”不能与其他选项同时选。请保留其一。",
        ),
    ],
)
def test_a_fault_is_told_with_its_cell_and_nothing_of_it_is_read(said_by, key, cells, fault):
    more = [("firm systems=thermal", {"answer": cells.pop("more")})] if "more" in cells else []
    said, reading = said_by((f"firm {key}", cells), *more)

    assert said == {}
    assert len(reading.faults) == 1
    assert fault in reading.faults[0]
    assert reading.faults[0].startswith("“")


def test_the_sheet_is_named_in_a_fault(said_by, keys):
    _said, reading = said_by((f"{keys['焊装车间']} equipment_count", {"answer": 30000}))

    assert reading.faults == (
        "“装备与联网”表 F16：生产装备总数应在 0 到 20,000 台（套）之间，填写的是 30,000。请核对数值和单位。",
    )
