"""A diagnosis file taken in: what it changes, and what it must not."""

from __future__ import annotations

import pytest

from app.diagnosis.draft import Said, stated
from app.diagnosis.importing import FileRefused, changes_from

HEAD = "format: zhizhen/diagnosis@1\nquestionnaire: auto_parts\nas_of: 2026-10-31\nfirm: {name: 示例山城零部件厂"
MAY = ("product_design",)


def file(rest: str, firm: str = "") -> str:
    return f"{HEAD}{firm}}}\n{rest}"


def test_only_what_differs_is_changed(draft_of):
    draft = draft_of({"firm_name": "示例山城零部件厂", "data.L1.1": "full", "data.L1.2": "none"})
    content = file("facts:\n  data.L1.1: full\n  data.L1.2: mostly\n")

    assert changes_from(content, "d.yaml", draft, MAY) == {"firm": {"data.L1.2": stated("mostly")}}


def test_workshops_are_found_by_their_names(draft_of, keys):
    draft = draft_of({"firm_name": "示例山城零部件厂"})
    workshop = "{name: 焊装车间, facts: {equipment_count: {unknown: true}}}"
    content = file(f"factories:\n  - name: 一工厂\n    workshops:\n      - {workshop}\n")

    assert changes_from(content, "d.yaml", draft, MAY) == {keys["焊装车间"]: {"equipment_count": Said("unknown")}}


def test_a_workshop_that_the_firm_does_not_have_is_named(draft_of):
    content = file(
        "factories:\n  - name: 一工厂\n    workshops:\n      - {name: 涂装车间, facts: {equipment_count: 5}}\n"
    )

    with pytest.raises(FileRefused) as refused:
        changes_from(content, "d.yaml", draft_of(), MAY)
    assert refused.value.faults == ("“一工厂”没有名为“涂装车间”的工厂或车间。请先在企业页面添加，或改正文件里的名称。",)


def test_the_file_of_another_firm_is_refused_with_both_codes(draft_of, a_firm):
    with pytest.raises(FileRefused) as refused:
        changes_from(file("", ", uscc: 91500157MA00AA017C"), "d.yaml", draft_of(), MAY)
    assert "91500157MA00AA017C" in refused.value.faults[0]
    assert a_firm.uscc in refused.value.faults[0]


def test_all_faults_are_listed_together(draft_of):
    with pytest.raises(FileRefused) as refused:
        changes_from(file("facts:\n  data.L1.1: best\n  data.L9.9: full\n"), "d.yaml", draft_of(), MAY)
    assert len(refused.value.faults) == 2


def test_tailoring_comes_with_the_file(draft_of):
    draft = draft_of({"firm_name": "示例山城零部件厂"})
    changes = changes_from(file("tailored: {product_design: 来图加工}\n"), "d.yaml", draft, MAY)

    assert list(changes) == ["tailoring"]
    assert changes["tailoring"]["product_design"].reason == "来图加工"
