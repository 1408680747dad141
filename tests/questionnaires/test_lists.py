from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.lists import (
    LONGEST_CELL,
    MOST_ROWS,
    ListRow,
    TypedRow,
    as_typed,
    from_text,
    list_for,
    paste,
    read_rows,
    to_text,
    totals,
    written,
)
from questionnaires.loader import load

OWN = load("auto_parts")
EQUIPMENT = next(one for one in OWN.lists if one.id == "equipment")
DIGITAL, NETWORKED = "equipment_digital_count", "equipment_networked_count"


def row(name="压力机", detail="", count="", **marks):
    return TypedRow(name, detail, count, {f"equipment_{mark}_count": word for mark, word in marks.items()})


def faults(*rows):
    return [(one.row, one.field, one.message.zh) for one in read_rows(EQUIPMENT, rows)[1]]


# --- reading rows -----------------------------------------------------------------------------------------------------


def test_rows_are_counted_in_all_and_by_their_marks():
    rows, wrong = read_rows(EQUIPMENT, [row(count="40", digital="是", networked="是"), row("冲床", count="80"), row()])

    assert wrong == ()
    assert totals(EQUIPMENT, rows) == {"equipment_count": 121, DIGITAL: 40, NETWORKED: 40}


def test_an_empty_list_counts_nothing():
    assert totals(EQUIPMENT, ()) == {"equipment_count": 0, DIGITAL: 0, NETWORKED: 0}


def test_a_row_that_says_nothing_is_left_out_even_when_it_is_marked():
    assert read_rows(EQUIPMENT, [TypedRow(), row("", digital="是")]) == ((), ())


@pytest.mark.parametrize(("typed", "count"), [("", 1), ("1,200", 1200), ("１２", 12), (" 3 台（套）", 3)])
def test_a_count_is_read_as_people_write_it(typed, count):
    (one,), wrong = read_rows(EQUIPMENT, [row(count=typed)])

    assert (one.count, wrong) == (count, ())


@pytest.mark.parametrize("typed", ["0", "-3", "1.5", "abc", "很多", "20001", "1e3", "½", "9" * 40])
def test_a_count_that_is_none_is_named_with_its_row(typed):
    shown = typed if len(typed) <= 20 else f"{typed[:20]}…"

    assert faults(row(), row(count=typed)) == [(2, "count", f"台（套）数应是 1 以上的整数，填写的是“{shown}”。")]


def test_a_row_without_a_name_and_a_mark_that_can_be_either_are_named():
    assert faults(row("", count="3"), row(digital="部分")) == [
        (1, "name", "请填写装备名称。"),
        (2, DIGITAL, "“数字化”写的是“部分”，请写“是”或“否”。"),
    ]


@pytest.mark.parametrize("cell", ["长" * (LONGEST_CELL + 1), "甲\u202e乙", "甲\x00"])
def test_a_cell_that_cannot_be_shown_is_named(cell):
    assert faults(row(cell), row(detail=cell))[0][:2] == (1, "name")
    assert faults(row(detail=cell))[0][:2] == (1, "detail")


def test_a_faulty_row_is_not_counted_and_the_others_are():
    rows, _wrong = read_rows(EQUIPMENT, [row(count="5"), row(count="x"), row(count="2")])

    assert totals(EQUIPMENT, rows)["equipment_count"] == 7


def test_there_is_a_most_that_a_list_can_hold():
    assert faults(*[row()] * MOST_ROWS) == []
    assert faults(*[row()] * (MOST_ROWS + 1))[0][:2] == (0, "")


def test_a_sum_beyond_the_range_of_its_fact_is_a_fault_of_the_whole_list():
    ((number, field, said),) = faults(row(count="15000"), row(count="15000"))

    assert (number, field) == (0, "equipment_count")
    assert "生产装备总数应在 0 到 20,000 台（套）之间，填写的是 30,000" in said


def test_the_figures_of_a_list_never_contradict_each_other():
    rows, _wrong = read_rows(EQUIPMENT, [row(count="7", digital="是"), row(count="3", digital="是", networked="是")])
    counted = totals(EQUIPMENT, rows)

    assert counted[NETWORKED] <= counted[DIGITAL] <= counted["equipment_count"]


# --- pasting ----------------------------------------------------------------------------------------------------------


def test_lines_of_a_spreadsheet_become_rows():
    rows = paste(EQUIPMENT, "压力机\tJ23-200\t40\t是\t√\r\n冲床\tC-80\t80\t否\t\r\n\r\n  机器人  \t\t\n")

    assert rows == [
        row("压力机", "J23-200", "40", digital="是", networked="√"),
        row("冲床", "C-80", "80", digital="否", networked=""),
        TypedRow("机器人", "", "", {}),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "装备名称\t型号或编号\t台（套）数\t数字化\t已联网",
        "Equipment\tModel or number\tCount\tDigital\tNetworked",
        "设备\t型号\t数量\t是否数字化\t联网情况",
    ],
)
def test_a_line_of_headings_is_left_out(heading):
    assert [one.name for one in paste(EQUIPMENT, f"{heading}\n压力机\t\t2\t是\t否")] == ["压力机"]


@pytest.mark.parametrize("first", ["压力机\tJ23\t2\t是\t否", "压力机", "数字化\t\t\t\t", "压力机\tJ23\t\t是\t"])
def test_a_first_line_that_is_a_row_stays(first):
    assert len(paste(EQUIPMENT, f"{first}\n冲床\t\t1\t\t")) == 2


def test_quotes_of_a_spreadsheet_go_and_those_of_a_name_stay():
    assert [one.name for one in paste(EQUIPMENT, '"压力机 ""甲"""\t\t1\n压力机"乙"\t\t1')] == [
        '压力机 "甲"',
        '压力机"乙"',
    ]


def test_cells_beyond_the_last_column_are_left_out():
    assert paste(EQUIPMENT, "压力机\tJ\t1\t是\t否\t备注\t再备注") == [
        row("压力机", "J", "1", digital="是", networked="否")
    ]


@pytest.mark.parametrize(
    ("word", "yes"), [("是", True), ("√", True), ("Y", True), ("1", True), ("否", False), ("×", False), ("", False)]
)
def test_a_mark_is_read_as_people_write_it(word, yes):
    (one,), wrong = read_rows(EQUIPMENT, [row(digital=word)])

    assert ((DIGITAL in one.marks), wrong) == (yes, ())


@pytest.mark.parametrize("word", ["x", "X", "？", "部分", "改造中"])
def test_a_mark_that_can_be_either_is_asked_about(word):
    assert faults(row(digital=word))[0][:2] == (1, DIGITAL)


# --- keeping ----------------------------------------------------------------------------------------------------------

CELLS = st.text(st.characters(blacklist_categories=("C", "Z")), max_size=20)
NAMES = CELLS.filter(lambda cell: cell and not cell.startswith('"'))
ROWS = st.builds(
    ListRow,
    NAMES,
    CELLS.filter(lambda cell: '"' not in cell),
    st.integers(1, 20),
    st.frozensets(st.sampled_from([DIGITAL, NETWORKED])),
)


@given(st.lists(ROWS, max_size=10))
def test_kept_rows_come_back_as_they_were(rows):
    assert from_text(to_text(rows)) == tuple(rows)
    assert read_rows(EQUIPMENT, [as_typed(one) for one in rows]) == (tuple(rows), ())


@given(st.lists(ROWS, max_size=10), st.sampled_from(["zh", "en"]))
def test_a_list_that_is_written_and_pasted_again_is_the_same(rows, language):
    text = "\n".join("\t".join(line) for line in written(EQUIPMENT, rows, language))

    assert read_rows(EQUIPMENT, paste(EQUIPMENT, text))[0] == tuple(rows)


# --- whose list -------------------------------------------------------------------------------------------------------


def test_a_question_with_a_rate_is_counted_from_the_list_that_holds_all_its_facts():
    found = {
        question.indicator: one.id
        for section in OWN.sections
        for page in section.pages
        for question in page.questions
        if (one := list_for(OWN, question))
    }

    assert found == {
        "equipment_digital_rate": "equipment",
        "equipment_networked_rate": "equipment",
        "key_process_control_rate": "key_processes",
        "data_upload_rate": "devices",
        "design_tool_rate": "designers",
        "ai_scene_share": "scenes",
    }


def test_the_totals_are_exact_numbers():
    assert {type(total) for total in totals(EQUIPMENT, [ListRow("甲", "", 3, frozenset())]).values()} == {Fraction}
