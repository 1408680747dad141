"""The decision brief takes two pages in either language, whatever the firm is like."""

from __future__ import annotations

import re
from dataclasses import replace

import pymupdf
import pytest

from reports.html import to_html
from reports.pdf import to_pdf
from tests.reports.sample import EDITION, report_on
from tests.scoring.random_firms import make_firm

FIRMS = (1, 5, 8, 9)  # those whose briefs are among the longest of the first dozen
CONTENTS = {"zh": "目录", "en": "Contents"}


def first_pages(html: str) -> str:
    """The report up to its contents, without the links into what is left out."""
    kept = html[: html.index('<h1 id="profile"')] + "</body></html>"
    there = set(re.findall(r'\bid="([^"]+)"', kept))
    return re.sub(r'<a ([^>]*?)href="#([^"]+)"', lambda a: a[0] if a[2] in there else f"<a {a[1]}", kept)


@pytest.mark.parametrize("language", CONTENTS)
@pytest.mark.parametrize("number", FIRMS)
def test_the_brief_of_any_firm_takes_two_pages(number, language):
    made = make_firm(number)
    filled = made.begun if number % 2 else made.full
    html = to_html(report_on(filled, replace(EDITION, language=language, differences=())))
    printed = pymupdf.open(stream=to_pdf(first_pages(html)), filetype="pdf")
    begins = {title: page for _, title, page in printed.get_toc()}

    assert begins[CONTENTS[language]] == 4
