from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import yaml_file
from questionnaires.model import Text
from questionnaires.yaml_file import (
    DefinitionError,
    Located,
    check_keys,
    did_you_mean,
    gather,
    key_faults,
    read_text,
    read_with_faults,
    read_yaml,
    read_yaml_text,
)


def fault_of(text: str | bytes) -> DefinitionError:
    with pytest.raises(DefinitionError) as refused:
        read_yaml_text(text, "some.yaml")
    return refused.value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("50", 50),
        ("-3", -3),
        ("0", 0),
        ("7.5", Fraction(15, 2)),
        ("0.1", Fraction(1, 10)),
        ("-0.05", Fraction(-1, 20)),
        ("true", True),
        ("false", False),
        ("2018-04-01", date(2018, 4, 1)),
        ("2018-04", "2018-04"),
        ("", None),
        ("~", None),
        ("null", None),
        ("冲压车间", "冲压车间"),
        ("91500157MA00AA017C", "91500157MA00AA017C"),
        ('"no"', "no"),
        ("'2026.10'", "2026.10"),
        ('"012"', "012"),
        ("|\n  两行\n  文字", "两行\n文字"),
        ("9" * 61, "9" * 61),
    ],
)
def test_a_value_is_read_exactly_as_meant(written, value):
    read = read_yaml_text(f"a: {written}", "x.yaml")["a"]

    assert read == value
    assert type(read) is type(value)


@given(st.integers(-(10**20), 10**20), st.integers(0, 10**9))
def test_a_decimal_is_read_without_rounding(whole, parts):
    digits = f"{whole}.{parts}1"

    assert read_yaml_text(f"a: {digits}", "x.yaml")["a"] == Fraction(digits)


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("no", "true or false by some programs"),
        ("Yes", "true or false by some programs"),
        ("off", "true or false by some programs"),
        ("TRUE", "true or false by some programs"),
        ("2026.10", "loses its last 0"),
        ("1:30", "base 60"),
        ("1:30:15", "base 60"),
        ("012", "another base"),
        ("0x1F", "another base"),
        ("0o17", "another base"),
        ("1e3", "a number for some programs"),
        ("2.5E-3", "a number for some programs"),
        (".5", "a number for some programs"),
        ("5.", "a number for some programs"),
        ("1_000", "a number for some programs"),
        ("+5", "a number for some programs"),
        (".inf", "a number for some programs"),
        (".NaN", "a number for some programs"),
        ("Null", "read as nothing"),
        ("2026-02-30", "is not a date"),
        ("2026-2-3", "is not a date"),
        ("2026-10-31 12:00", "is not a date"),
    ],
)
def test_what_programs_read_differently_is_refused_with_its_line(written, part):
    fault = fault_of(f"first: 1\nsecond:\n  third: {written}\n")

    assert (fault.line, fault.at) == (3, "second.third")
    assert f"“{written}”" in fault.fault
    assert part in fault.fault
    assert fault.said[0].zh != fault.said[0].en


@pytest.mark.parametrize("key", ["on", "no", "Off", "012", "1:30", "1e3", "2026.10"])
def test_a_key_that_programs_read_differently_is_refused(key):
    fault = fault_of(f"a: 1\n{key}: 2\n")

    assert (fault.line, fault.at) == (2, key)


def test_the_same_words_in_quotes_are_plain_text():
    tree = read_yaml_text('{"on": "no", "012": "1e3", "a": ["1:30", "2026.10"]}', "x.yaml")

    assert tree == {"on": "no", "012": "1e3", "a": ["1:30", "2026.10"]}


def test_a_date_and_a_number_may_be_keys_and_are_kept_as_text():
    tree = read_yaml_text("2018-04-01: {value: 50}\n1: one\n", "x.yaml")

    assert list(tree) == ["2018-04-01", "1"]


def test_a_key_written_twice_is_refused_and_both_lines_are_named():
    fault = fault_of("facts:\n  a: 1\n  b: 2\n  a: 3\n")

    assert str(fault) == ("some.yaml:4: facts.a: the key “a” is written twice (before in line 2). Keep one of the two.")


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a: [1", 2, "not readable as YAML"),
        ("a: 1\n b: 2", 2, "not readable as YAML"),
        ("a: 1\nb: *nothing", 2, "undefined alias"),
        ("a: 1\n---\nb: 2", 2, "another document"),
        ("a: \x01", 1, "control character"),
        ("a: !!float 1", 1, "the tag tag:yaml.org,2002:float"),
        ("a: !own {b: 1}", 1, "the tag !own"),
        ("? [1, 2]\n: 3", 1, "a key should be text"),
        ("? \n: 3", 1, "“” cannot be a key"),
        ("a: 1\ntrue: 3", 2, "“true” cannot be a key"),
        ("a: &x {b: 1}\nc:\n  <<: *x", 3, "merge key"),
        ("- 1\n- 2", 1, "should be a mapping"),
        ("", 1, "should be a mapping"),
        (b"a: 1\nb: \xc4\xe3", 2, "not UTF-8"),
        ("[" * 20000, 1, "maximum nesting depth"),
        ("a: &x [*x]", 1, "contains itself"),
    ],
)
def test_an_unreadable_file_is_refused_with_its_line(text, line, part):
    fault = fault_of(text)

    assert (fault.line, fault.file) == (line, "some.yaml")
    assert part in fault.fault


def test_a_file_that_explodes_when_its_anchors_are_written_out_is_refused():
    text = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))

    assert "too large" in fault_of(text).fault


def test_an_anchor_is_read_in_both_places():
    tree = read_yaml_text("a: &x {zh: 甲, en: A}\nb: *x\n", "x.yaml")

    assert tree["a"] == tree["b"] == {"zh": "甲", "en": "A"}


def test_deeply_indented_text_is_refused_in_words(monkeypatch):
    def overflow(self):
        raise RecursionError

    monkeypatch.setattr(yaml_file, "_composer", lambda text: type("Deep", (), {"get_single_node": overflow})())

    assert "nested too deeply" in fault_of("a: 1").fault


def test_all_faults_of_a_file_are_found_at_once():
    tree, faults = read_with_faults("a: no\nb: 1\nb: 2\nc: 012\n", "x.yaml")

    assert [fault.line for fault in faults] == [1, 3, 4]
    assert isinstance(tree, Located)


def test_files_of_firms_may_end_a_number_in_zero():
    tree, faults = read_with_faults("revenue: 12.50\n", "x.yaml", closing_zeros=True)

    assert tree == {"revenue": Fraction(25, 2)}
    assert faults == []


def test_without_the_fast_parser_the_same_is_read(monkeypatch):
    text = "a: &x [1, '2', 7.5, {b: 甲}]\nc: *x\n"
    fast = read_yaml_text(text, "x.yaml")
    composer = yaml_file._composer
    monkeypatch.setattr(yaml_file, "_composer", lambda text: composer(text, None))

    assert read_yaml_text(text, "x.yaml") == fast
    assert fault_of("a: 1\n b: 2").line == 2


def test_an_entry_of_a_list_is_named_by_its_id_or_its_number():
    fault = fault_of("pages:\n  - {id: first, of: 1}\n  - {zh: off}\n  - {code: x, en: on}\n")

    assert fault.at == "pages[2].zh"


def test_a_file_is_read_from_disk_and_named_by_its_last_folders(tmp_path):
    path = tmp_path / "facts" / "firm.yaml"
    path.parent.mkdir()
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")

    assert read_yaml(path) == {"a": 1}
    assert read_yaml(path).file.endswith("/facts/firm.yaml")


NODE = read_yaml_text(
    "text: 甲\nnumber: 7.5\nshare: 4/5\nwhole: 3\nflag: true\nday: 2026-10-31\nquoted: '2026-10-31'\nempty:\n"
    "both: {zh: 甲, en: A}\nlist: [a, b]\ntables: [{a: 1}]\nblank: {zh: ' ', en: A}\nmore: {zh: 甲, en: A, fr: A}\n",
    "x.yaml",
)


def test_each_kind_of_value_is_asked_for_by_its_kind():
    assert NODE.text("text") == "甲"
    assert NODE.number("number") == Fraction(15, 2)
    assert NODE.number("share") == Fraction(4, 5)
    assert NODE.number("whole") == 3
    assert NODE.whole("whole") == 3
    assert NODE.flag("flag") is True
    assert NODE.day("day") == NODE.day("quoted") == date(2026, 10, 31)
    assert NODE.bilingual("both") == Text("甲", "A")
    assert NODE.words("list") == ("a", "b")
    assert NODE.tables("tables") == [{"a": 1}]


def test_what_is_left_out_has_an_honest_stand_in():
    assert NODE.text_or_none("x") is None
    assert NODE.number_or_none("x") is None
    assert NODE.bilingual_or_none("x") is None
    assert NODE.flag("x", default=True) is True
    assert NODE.rows("x") == []


@pytest.mark.parametrize(
    ("read", "line", "part"),
    [
        (lambda: NODE.text("number"), 2, "should be text, but it is the number 15/2"),
        (lambda: NODE.text("day"), 6, "should be text, but it is the date 2026-10-31"),
        (lambda: NODE.text("nothing"), 1, "missing: nothing"),
        (lambda: NODE.number("text"), 1, "should be a number, but it is the text “甲”"),
        (lambda: NODE.number("flag"), 5, "should be a number, but it is true"),
        (lambda: NODE.whole("number"), 2, "should be a whole number"),
        (lambda: NODE.flag("whole"), 4, "should be true or false"),
        (lambda: NODE.day("text"), 1, "should be a date"),
        (lambda: NODE.table("list"), 10, "should be a mapping, but it is a list"),
        (lambda: NODE.rows("both"), 9, "should be a list, but it is a mapping"),
        (lambda: NODE.table("empty"), 8, "should be a mapping, but it is empty"),
        (lambda: NODE.tables("list"), 10, "should be a mapping, but it is the text “a”"),
        (lambda: NODE.words("tables"), 11, "should be text, but it is a mapping"),
        (lambda: NODE.bilingual("blank"), 12, "the text “zh” is empty"),
        (lambda: NODE.bilingual("more"), 13, "nobody reads the key “fr”"),
        (lambda: read_text(NODE), 1, "missing: zh"),
    ],
)
def test_a_value_of_another_kind_is_refused_where_it_stands(read, line, part):
    with pytest.raises(DefinitionError) as refused:
        read()

    assert refused.value.line == line
    assert part in refused.value.fault


def test_an_unknown_key_is_refused_with_the_one_that_was_meant():
    node = read_yaml_text("unti: 台\nmin: 0\n", "x.yaml")

    with pytest.raises(DefinitionError, match=r"nobody reads the key “unti”\. Did you mean “unit”"):
        check_keys(node, ("unit", "min"))


def test_an_unknown_key_that_resembles_nothing_lists_what_may_stand_there():
    fault = next(key_faults(read_yaml_text("colour: red\n", "x.yaml"), ("min", "unit")))

    assert fault.remedy == "Known here: min, unit."


def test_a_required_key_that_is_absent_is_named():
    with pytest.raises(DefinitionError, match="missing: source"):
        check_keys(read_yaml_text("min: 1\n", "x.yaml"), ("min",), ("source",))


def test_nothing_is_guessed_when_nothing_is_close():
    assert did_you_mean("colour", ["min", "unit"]) is None


def test_gathering_goes_on_after_a_fault():
    nodes = read_yaml_text("a: [{id: x}, {di: y}, {id: z}]\n", "x.yaml").tables("a")
    faults: list[DefinitionError] = []

    assert gather(nodes, lambda node: node.text("id"), faults) == ["x", "z"]
    assert [fault.at for fault in faults] == ["a[2]"]
