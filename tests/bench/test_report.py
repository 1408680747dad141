"""The yardstick of the report is honest: typst prints the same report, and another one is refused."""

from __future__ import annotations

import pytest

from bench.report import _other_firm
from bench.same_report import NotTheSame, check
from bench.typst_compile import compile_source, compiler
from bench.typst_report import to_typst
from reports.html import to_html
from reports.pdf import to_pdf
from tests.reports.sample import report_on, sample_report


@pytest.fixture(scope="module")
def html() -> str:
    return to_html(sample_report())


@pytest.fixture(scope="module")
def theirs(html) -> bytes:
    return compile_source(compiler(), to_typst(html).encode())


@pytest.fixture(scope="module")
def ours(html) -> bytes:
    return to_pdf(html)


def test_typst_prints_the_same_letters_tables_and_charts(html, ours, theirs):
    assert check(html, ours, theirs) >= 0.99


def test_the_report_of_another_firm_is_refused(html, ours):
    other = to_typst(to_html(sample_report(settled=False)))

    with pytest.raises(NotTheSame, match="letters"):
        check(html, ours, compile_source(compiler(), other.encode()))


def test_a_table_that_is_missing_is_noticed(html, ours, theirs):
    with pytest.raises(NotTheSame, match="table"):
        check(html + "<table></table>", ours, theirs)


def test_what_typst_would_read_as_markup_is_printed_as_it_stands():
    said = "*甲* _乙_ #丙 $1 @丁 <戊> [己] // 庚 = + - ~ ` \\"
    page = to_html(sample_report()).replace("<body>", f"<body><p>{said.replace('<', '&lt;').replace('>', '&gt;')}</p>")

    assert check(page, to_pdf(page), compile_source(compiler(), to_typst(page).encode())) >= 0.99


def test_the_firms_of_warm_printers_differ_in_name_and_answers():
    first, second = (to_html(report_on(_other_firm(number))) for number in (1, 2))

    assert "重庆第1汽车零部件有限公司" in first
    assert "重庆第1汽车零部件有限公司" not in second
    assert first.replace("重庆第1", "重庆第2") != second
