"""A renderer that stays warm has read our style sheet, and nobody else's, before a report comes."""

from __future__ import annotations

import pytest

from reports import less_work_on_own_sheets, pdf
from reports.html import to_html
from reports.warm import WarmRenderer
from tests.reports.sample import sample_report


@pytest.mark.parametrize("more", ["", "@font-face { font-family: x; src: local(y) }"])
def test_a_style_sheet_read_beforehand_prints_the_same_bytes(more):
    html = to_html(sample_report()).replace("</style>", f"{more}</style>", 1)

    with WarmRenderer() as renderer:
        assert renderer.to_pdf(html) == pdf.to_pdf(html)


def test_only_a_style_sheet_that_touches_nothing_else_is_kept(monkeypatch):
    monkeypatch.setattr(less_work_on_own_sheets, "_kept", {})
    plain = "@page :first { @top-left { content: none } } p { color: red }"
    others = (
        "@font-face { font-family: x }",
        "@import 'x.css'",
        "@page { } p { background: url(x.png) }",
        "@media print { }",
    )

    less_work_on_own_sheets.keep((plain, *others))

    assert list(less_work_on_own_sheets._kept) == [plain]
