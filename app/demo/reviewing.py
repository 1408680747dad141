"""What the consultant of the demonstration finds: agreement nearly everywhere, a few differences with their reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random

from app.accounts.models import User
from app.demo.cast import MadeUp
from app.diagnosis import service as diagnoses
from app.diagnosis.draft import Draft, Kept, Said
from app.diagnosis.models import Diagnosis
from app.review import service as reviews
from questionnaires.answers import from_text, to_text
from questionnaires.model import Fact, FactKind
from questionnaires.progress import Step

MOST_DIFFERENCES = 5  # in practices, of one diagnosis
REASONS = (
    "返修区仍用纸质记录，没有进入系统。",
    "制度已发布，现场抽查三条产线只有两条在执行。",
    "数据已采集，但没有用于分析，按现场记录核定。",
    "系统上线不足三个月，记录还不完整。",
)
LOWER = {'"full"': '"mostly"', '"mostly"': '"partly"'}  # degree as kept -> the one below
OBSERVATIONS = (
    "基础管理比较扎实，主要制度都有文件，抽查的记录与填报基本一致。\n"
    "车间之间差别较大：联网较好的车间数据已经能用，其余车间仍靠人工抄录。"
)
RECOMMENDATIONS = (
    "先把现场清点的装备台账和联网清单固定下来，由一人负责，每月更新。\n"
    "改进项目先在一个车间做完并留好记录，再推广到其他车间。"
)
TO_DO = "请补充装备台账和联网清单，数字化装备数与现场清点不一致；改好后请再提交。"


def review(consultant: User, diagnosis: Diagnosis, firm: MadeUp, chance: Random) -> None:
    """Bring a submitted diagnosis to the stage of the firm: left waiting, returned, or verified and signed off."""
    draft = diagnoses.open_draft(consultant, diagnosis.id)
    if firm.stage == "returned":
        reviews.return_to_firm(consultant, draft, TO_DO)
    elif firm.stage in ("reviewed", "issued"):
        _verify(consultant, draft, firm, chance)
        reviews.sign_off(consultant, diagnoses.open_draft(consultant, diagnosis.id), OBSERVATIONS, RECOMMENDATIONS)


def _verify(consultant: User, draft: Draft, firm: MadeUp, chance: Random) -> None:
    left = MOST_DIFFERENCES
    for step in reviews.steps_of(draft):
        stated, _verified = reviews.stated_and_verified(draft, step.subject.key)
        found = dict(_found(step, stated, draft, chance, left, firm))
        left -= sum(1 for fact, said in found.items() if said != stated[fact].said)
        if found:
            reviews.verify(consultant, draft, step, found, {}, draft.diagnosis.revision)


def _found(
    step: Step, stated: dict[str, Kept], draft: Draft, chance: Random, left: int, firm: MadeUp
) -> Iterator[tuple[str, Said]]:
    for name in step.page.fact_ids:
        if name not in stated:
            continue
        fact, said = draft.questionnaire.facts[name], stated[name].said
        differs = left > 0 and said.value is not None and chance.random() < (0.06 if firm.is_showpiece else 0.03)
        yield name, (_otherwise(fact, said, chance) if differs else said)
        left -= differs


def _otherwise(fact: Fact, said: Said, chance: Random) -> Said:
    """Return what the consultant found instead: a practice one degree lower, fewer digital machines; else agreement."""
    if fact.kind is FactKind.PRACTICE and said.value in LOWER:
        return replace(said, value=LOWER[said.value], reason=chance.choice(REASONS))
    if fact.id == "equipment_digital_count" and said.value is not None:
        counted = from_text(fact, said.value)
        if not isinstance(counted, Fraction) or counted == 0:
            return said
        return replace(said, value=to_text(counted - 1), reason="一台压力机没有数控系统，按定义不计。")
    return said
