"""The texts of report templates: what can be said, and that nothing else can, whoever writes it."""

from __future__ import annotations

import time
from html import escape
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.html import to_html
from reports.own_parts import OwnRun, OwnText
from reports.own_template import OwnBlock, applied
from reports.own_text import LONGEST, LONGEST_SAID, BadText, TooLong, check, one_line, say, texts, values_in_scope
from reports.own_values import MOST_ROWS, VALUES, values_of
from reports.specimen import specimen
from tests.reports.own_sample import template


@pytest.fixture(scope="module")
def values():
    return values_of(specimen(), "某某研究院")


def plain(said):
    return ["".join(run.words for run in line) for text in texts(said) for line in text.lines]


# --- what can be said -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("没有标记的文字。", "没有标记的文字。"),
        ("{{ firm }}：{{ workshop_count }} 个车间", "样例汽车零部件厂（虚构）：2 个车间"),
        ("{% if language == 'en' %}Yours{% else %}此致{% endif %}", "此致"),
        ("{% if workshop_count > 1 and not plan.nothing_of_it %}x{% endif %}", None),
        ("{{ '多' if workshop_count >= 2 else '少' }}", "多"),
        ("{% for one in conclusions if one.subject == '一工厂' %}{{ loop.index }}{% else %}无{% endfor %}", "12"),
        ("{{ institution ~ '，' ~ workshop_count }}", "某某研究院，2"),
        ("{{ conclusions | length }}", "6"),
        ("{# a note to myself #}完", "完"),
        ("{% raw %}{{ firm }}{% endraw %}", "{{ firm }}"),
    ],
)
def test_values_choices_and_loops_say_what_they_should(values, typed, said):
    if said is None:
        with pytest.raises(BadText):
            say(typed, values)
    else:
        assert say(typed, values) == said


def test_a_list_of_words_can_be_joined(values):
    assert say("{{ open_facts | join('；') }}", {**values, "open_facts": ["甲", "乙"]}) == "甲；乙"


def test_lines_are_paragraphs_lines_with_a_hyphen_are_a_list_and_two_stars_make_strong():
    found = texts("第一段 **重点** 完\n\n- 一\n- **二**\n第二段")

    assert found == (
        OwnText(False, ((OwnRun("第一段 "), OwnRun("重点", True), OwnRun(" 完")),)),
        OwnText(True, ((OwnRun("一"),), (OwnRun("二", True),))),
        OwnText(False, ((OwnRun("第二段"),),)),
    )


def test_marks_inside_a_value_stay_what_they_are(values):
    said = say("{{ firm }}", {**values, "firm": "- **甲**\n- 乙"})

    assert texts(said) == (OwnText(False, ((OwnRun("- **甲** - 乙"),),)),)
    assert one_line(said) == "- **甲** - 乙"


def test_stars_without_a_partner_are_stars():
    assert plain("3 ** 2 = 9\n****\n**") == ["3 ** 2 = 9", "****", "**"]


def test_control_characters_and_overrides_of_direction_are_left_out(values):
    assert say("甲\x00\x07乙\u202e丙", values) == "甲乙丙"


# --- what cannot ------------------------------------------------------------------------------------------------------

HOSTILE = [
    "{{ ''.__class__.__mro__ }}",
    "{{ firm.__class__ }}",
    "{{ firm.items }}",
    "{{ plan.items() }}",
    "{{ plan.__init__ }}",
    "{{ config }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ request }}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% include '_cover.html' %}",
    "{% extends 'report.html' %}",
    "{% macro a() %}{% endmacro %}",
    "{% call a() %}{% endcall %}",
    "{% block a %}{% endblock %}",
    "{% set a = 1 %}",
    "{% set a %}x{% endset %}",
    "{% with a = 1 %}{% endwith %}",
    "{% filter upper %}x{% endfilter %}",
    "{% do firm %}",
    "{% autoescape false %}x{% endautoescape %}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ lipsum.__globals__.os.popen('id').read() }}",
    "{{ namespace() }}",
    "{{ dict() }}",
    "{{ range(9) }}",
    "{{ firm|attr('__class__') }}",
    "{{ firm|map('upper')|list }}",
    "{{ firm|format('x') }}",
    '{{ "{0.__class__}".format(firm) }}',
    '{{ "%s" % firm }}',
    "{{ firm|safe }}",
    "{{ firm|center(1000000000) }}",
    "{{ firm|replace('', 'x' * 9) }}",
    "{{ open_facts|join('x' * 10**9) }}",
    f"{{{{ open_facts|join('{'x' * 21}') }}}}",
    "{{ open_facts|join(attribute='__class__') }}",
    "{{ 'a' * 10**9 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ -workshop_count }}",
    "{{ workshop_count + 1 }}",
    "{{ 0x" + "f" * 3000 + " }}",
    "{{ [1] }}",
    "{{ {'a': 1} }}",
    "{{ (1, 2) }}",
    "{{ gaps[0] }}",
    "{{ plan['cost'] }}",
    "{{ firm[::2] }}",
    "{{ firm is defined }}",
    "{{ firm if language == 'en' }}",
    "{{ gaps }}",
    "{{ plan }}",
    "{{ not firm }}",
    "{{ firm > 1 }}",
    "{{ gaps == firm }}",
    "{{ none }}",
    "{{ 1.5 }}",
    "{% for i in range(10**9) %}x{% endfor %}",
    "{% for i in firm %}x{% endfor %}",
    "{% for a in gaps %}{% for b in gaps %}x{% endfor %}{% endfor %}",
    "{% for a in gaps recursive %}{{ loop(gaps) }}{% endfor %}",
    "{% for a, b in gaps %}{% endfor %}",
    "{% for loop in gaps %}{% endfor %}",
    "{% for firm in gaps %}{% endfor %}",
    "{% for a in gaps %}{{ loop.cycle('x') }}{% endfor %}",
    "{% for a in gaps %}{{ a.__class__ }}{% endfor %}",
    "{{ loop.index }}",
    "{{" + "(" * 900 + "1" + ")" * 900 + "}}",
    "{{" + "not " * 900 + "1}}",
    "{{ " + "firm and " * 300 + "firm }}",
    "{% if firm %}" * 60 + "{% endif %}" * 60,
    "{{ firm",
    "{% if firm %}",
    "{% endfor %}",
    "{% nonsense %}",
    "{{ }}",
    "x" * (LONGEST + 1),
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_not_let_through_is_refused_in_words_before_anything_runs(typed):
    with pytest.raises(BadText) as refused:
        check(typed)

    assert refused.value.words.zh.startswith("第 1 行：")
    assert refused.value.words.en.startswith("Line 1: ")


def test_a_refusal_names_the_line_and_the_values_that_there_are():
    with pytest.raises(BadText) as refused:
        check("第一行\r\n{{ firm }}\r\n{{ frim }}")

    assert refused.value.words.zh.startswith("第 3 行：没有“frim”这个值。能用的有：blockers、conclusions、")
    assert "firm" in refused.value.words.en


def test_more_than_is_printed_is_stopped_while_it_is_said(values):
    many = {**values, "gaps": [{"title": "x" * 400, "weight": ""}] * MOST_ROWS}

    with pytest.raises(TooLong):
        say("{% for one in gaps %}" + "{{ one.title }}" * 100 + "{% endfor %}", many)


@pytest.mark.parametrize(
    "typed", ["</style><script>alert(1)</script>", "<img src='file:///etc/passwd'>", "http://x.cn/&amp;", "]]>"]
)
def test_markup_and_addresses_are_printed_as_typed(typed):
    html = to_html(applied(specimen(), template(OwnBlock("after:brief", typed, f"{typed}\n- {typed}\n**{typed}**"))))
    words = "".join(ElementTree.fromstring(html).itertext())

    assert words.count(typed) == 5  # title, contents, paragraph, list, strong
    assert "<script" not in html


def test_no_value_has_a_name_that_python_has_for_its_own(values):
    names = {part for value in VALUES for part in (*value.name.split("."), *value.columns)}

    assert names & {*dir(dict), *dir(list), *dir(str)} <= {"title"}  # of a dict's rows: a dict has no such method
    assert "title" not in dir(dict)


def _shape(value):
    if isinstance(value, dict):
        return "group", {name: _shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return "list", [_shape(one) for one in value[:1]]
    assert type(value) in (str, int)
    return type(value).__name__, None


def _fits(found, shape):
    kind, inside = found
    if kind == "group":
        return (
            shape.kind == "group"
            and inside.keys() == shape.parts.keys()
            and all(_fits(one, shape.parts[name]) for name, one in inside.items())
        )
    if kind == "list":
        return shape.kind == "list" and all(_fits(one, shape.each) for one in inside)
    return shape.kind == {"str": "words", "int": "number"}[kind]


@pytest.mark.parametrize("answered", [True, False])
def test_what_is_handed_over_is_plain_and_exactly_what_is_documented(answered):
    found, shapes = values_of(specimen("zh", answered), "某某研究院"), values_in_scope()

    assert found.keys() == shapes.keys()
    assert [name for name, one in found.items() if not _fits(_shape(one), shapes[name])] == []


# --- whatever is typed ------------------------------------------------------------------------------------------------

PIECES = (
    "{{ ", " }}", "{% ", " %}", "if ", "for ", "in ", "endif", "endfor", "else", "firm", "gaps", "one", ".title",
    "plan", ".cost", "loop.index", " ~ ", "==", "'", "**", "- ", "\n", "|length", "|join('、')", "(", ")", "not ",
    "and ", "<b>", "&", "{#", "#}", "1", "\x00",
)  # fmt: skip
ANYTHING = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    st.lists(
        st.sampled_from(
            [
                "{{ firm }}",
                "{% for one in gaps %}",
                "{{ one.title }}",
                "{% endfor %}",
                "{% if lead %}",
                "{% endif %}",
                "- x\n",
                "**甲**",
                "]]>",
            ]
        ),
        max_size=12,
    ).map("".join),
)


@given(typed=ANYTHING)
@settings(max_examples=400, deadline=None)
def test_whatever_is_typed_is_refused_or_said_within_the_limits_and_stays_xml(values, typed):
    began, typed = time.monotonic(), f"{typed}完"
    try:
        said = say(typed, values)
    except (BadText, TooLong):
        return
    assert time.monotonic() - began < 2
    assert len(said) <= LONGEST_SAID
    assert all(line.strip() for line in plain(said))
    own = applied(specimen("zh", answered=False), template(OwnBlock("before:annex", "标题", typed)))
    [part] = [part for part in own.parts if not isinstance(part, str)]
    ElementTree.fromstring(f"<p>{escape(''.join(plain(said)))}</p>")
    assert part.texts


@given(typed=st.text(max_size=200))
@settings(max_examples=25, deadline=None)
def test_the_whole_report_stays_xml_whatever_is_typed(typed):
    block = OwnBlock("after:plan", "标题", "{% raw %}" + typed.replace("{", "").replace("%", "") + "{% endraw %}完")
    html = to_html(applied(specimen("zh", answered=False), template(block)))

    assert ElementTree.fromstring(html).tag == "html"
