"""What a quick check says and what it leaves open: it shows only what it asked about, and calls the rest open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flask_babel import gettext as _

from app.diagnosis.draft import Draft
from app.diagnosis.records import Assessed
from app.presentation import text
from questionnaires.model import Facts
from reports import wording
from scoring.model import Assessment, Gap


def what_was_asked(assessed: Assessed) -> Assessed:
    """Return the conclusions that rest on at least one answer; the maturity level always is among them."""
    shown = (one for one in assessed.assessments if wording.is_maturity(one) or one.coverage.answered)
    return replace(assessed, assessments=tuple(shown))


def answered(gaps: Iterable[Gap], facts: Facts) -> tuple[Gap, ...]:
    """Return the gaps that were asked about: a question that was never put is no gap."""
    return tuple(gap for gap in gaps if gap.requirement.fact in facts)


def left_open(draft: Draft, maturity: Assessment) -> tuple[str, ...]:
    """Say what the quick check did not ask, why the interval holds all the same, and how it becomes narrower."""
    asked = sum(len(page.fact_ids) for section in draft.questionnaire.sections for page in section.pages)
    whole = [result.requirement.id for result in maturity.requirements]
    unasked = sum(name not in draft.questionnaire.facts for name in whole)
    said = [
        _(
            "自查只问 %(asked)s 题；成熟度的 %(whole)s 项要求里，有 %(unasked)s 项没有问。",
            asked=asked,
            whole=len(whole),
            unasked=unasked,
        ),
        _("没有问的按最差和最好两头算，所以结果是一个范围；只要回答属实，真实的等级一定在里面。"),
        _("%(asked)s 题能说明某一级达不到，但不够证明某一级已经达到，所以范围的下端从一级以下算起。", asked=asked),
    ]
    if maturity.level is not None and not maturity.level.settled:
        low, high = (text(wording.level_word(int(end))) for end in (maturity.level.low, maturity.level.high))
        said.append(
            _(
                "要知道到底在%(low)s与%(high)s之间的哪一级，请开始正式诊断，走最短的路：至少再答 %(count)s 题。",
                low=low,
                high=high,
                count=len(maturity.settle),
            )
        )
    said.append(_("没有问车间、工厂、中小企业评测和转型升级，这里对它们不作判断；也没有做裁剪。"))
    return tuple(said)
