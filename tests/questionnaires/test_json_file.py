from fractions import Fraction

import pytest

from questionnaires.json_file import read_json_with_faults


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("12.50", Fraction(25, 2)),
        ("0.1", Fraction(1, 10)),
        ("1e3", "1e3"),
        ("1e999999999", "1e999999999"),
        ("9" * 61, "9" * 61),
        ("true", True),
        ("null", None),
        ('"甲"', "甲"),
        ("[1, [2.5]]", [1, [Fraction(5, 2)]]),
        ('{"a": {"b": []}}', {"a": {"b": []}}),
    ],
)
def test_a_value_is_read_exactly(text, value):
    assert read_json_with_faults(text, "x.json") == (value, [])


def test_a_byte_order_mark_is_passed_over():
    assert read_json_with_faults(b"\xef\xbb\xbf1", "x.json") == (1, [])
    assert read_json_with_faults("\ufeff1", "x.json") == (1, [])


def test_a_key_written_twice_is_found_by_its_path():
    _, (fault,) = read_json_with_faults('{"facts": [{"a": 1, "a": 2}]}', "x.json")

    assert str(fault) == "x.json: facts[1].a: the key “a” is written twice. Keep one of the two."


def test_a_syntax_fault_names_its_line():
    tree, (fault,) = read_json_with_faults('{\n"a": 1,\n}', "x.json")

    assert tree is None
    assert fault.line in (2, 3)
    assert "not readable as JSON" in fault.fault
