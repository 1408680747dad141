"""From answers and assessments to `DiagnosisReport`: everything that is printed, in printing order.

`build` is the only way in; `html.to_html` prints what it returns and reads nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from questionnaires.model import State, Subject, SubjectKind
from reports import annex, improvements, maturity, wording
from reports.brief import brief
from reports.given import Given
from reports.judgements import schemes
from reports.method import method
from reports.model import DiagnosisReport, Edition, Line, Pair, Plan, Profile, Scheme, Site
from reports.plan import plan, unfinished
from scoring.model import Assessment, Method

CHAPTERS = (
    ("brief", "决策简报"),
    ("profile", "企业概况"),
    ("maturity", "智能制造能力成熟度"),
    ("recognition", "数字化车间与智能工厂条件"),
    ("others", "数字化水平评测与转型升级佐证"),
    ("gaps", "差距"),
    ("improvements", "改进建议"),
    ("plan", "改进计划"),
    ("method", "方法"),
    ("sources", "依据与可信程度"),
    ("derivations", "附录一　结论的推导"),
    ("answers", "附录二　全部答案"),
)
FIRM_FACTS = (
    "uscc",
    "district",
    "industry",
    "production_type",
    "employees",
    "revenue",
    "systems",
    "baseline_year",
    "baseline_products",
)


def build(given: Given) -> DiagnosisReport:
    """Return the report of one diagnosis, ready to print.

    All that `given` holds but the edition comes from `scoring` for the same answers and day, the gaps heaviest first;
    the edition says who issues the report and carries the differences between stated and verified answers.
    """
    filled, edition = given.filled, given.edition
    recognition, others, chapters = _recognition(given), _others(given), _chapters(given)
    return DiagnosisReport(
        lang="zh-CN",
        firm=filled.firm.name,
        title="智能制造诊断报告",
        edition_name=_edition_name(edition),
        day=wording.day_text(edition.day).zh,
        iso_day=edition.day.isoformat(),
        aid_only=wording.AID_ONLY.zh,
        cover=_cover(given),
        chapters=chapters,
        contents=tuple(_contents(chapters, recognition, others)),
        brief=brief(given),
        profile=_profile(given),
        maturity=maturity.maturity(given, given.maturity) if given.maturity else None,
        recognition=recognition,
        others=others,
        gaps=improvements.gap_groups(given),
        steps=improvements.steps(given),
        plan=_plan(given),
        method=method(given),
        sources=annex.sources(given),
        derivations=annex.derivations(given),
        answers=annex.answers(given),
    )


def _plan(given: Given) -> Plan | None:
    if given.advice:
        return plan(given.advice, given.kept)
    return unfinished() if given.unfinished else None


def _edition_name(edition: Edition) -> str:
    if edition.verified:
        return "诊断版（专家核实）"
    return "预览（填报中，尚未提交）" if edition.preview else "自评版（企业填报）"


def _cover(given: Given) -> tuple[Pair, ...]:
    edition = given.edition
    rows = [
        Pair("企业", given.filled.firm.name),
        Pair("统一社会信用代码", given.firm_answer("uscc")),
        Pair("所在区县", given.firm_answer("district")),
        Pair("事实截止", wording.day_text(given.filled.as_of).zh),
        Pair("出具日期", wording.day_text(edition.day).zh),
        Pair("问卷与程序", f"{given.filled.questionnaire_id} {given.filled.questionnaire_version}，{edition.program}"),
    ]
    if edition.consultant:
        rows.append(Pair("诊断专家", "，".join(filter(None, (edition.consultant, edition.organisation)))))
    return tuple(rows)


def _chapters(given: Given) -> Mapping[str, str]:
    """Return the chapters in printing order, numbered; there is one on the plan only where there is a plan."""
    titles = {target: title for target, title in CHAPTERS if target != "plan" or given.advice or given.unfinished}
    numbers = {target: number for number, target in enumerate(titles, start=1)}
    return {t: title if title.startswith("附录") else f"{numbers[t]}　{title}" for t, title in titles.items()}


def _contents(chapters: Mapping[str, str], recognition: Sequence[Scheme], others: Sequence[Scheme]) -> Iterator[Line]:
    sections = {"recognition": recognition, "others": others}
    for target, title in chapters.items():
        yield Line(1, title, target)
        for scheme in sections.get(target, ()):
            yield Line(2, scheme.title, scheme.target)


def _recognition(given: Given) -> tuple[Scheme, ...]:
    return schemes(given, _by_method(given, gates=True))


def _others(given: Given) -> tuple[Scheme, ...]:
    return schemes(given, _by_method(given, gates=False))


def _by_method(given: Given, gates: bool) -> Iterable[Assessment]:
    """Workshops and factories are held against recognition conditions; the firm as a whole against the others."""
    for assessment in given.assessments:
        if assessment.method is not Method.GBT_39117 and (assessment.subject_kind is not SubjectKind.FIRM) == gates:
            yield assessment


def _profile(given: Given) -> Profile:
    rows = (Pair(given.fact(fact).label.zh, given.firm_answer(fact)) for fact in FIRM_FACTS if _is_known(given, fact))
    return Profile(tuple(rows), tuple(_sites(given, given.filled.firm)), given.edition.differences)


def _is_known(given: Given, fact: str) -> bool:
    return fact in given.questionnaire.facts or fact in given.criteria.facts


def _sites(given: Given, firm: Subject) -> Iterator[Site]:
    for factory in firm.parts:
        yield Site(
            1, factory.name, "", _summed(factory, "equipment_count"), _summed(factory, "equipment_networked_count")
        )
        for shop in factory.parts:
            process = given.answer("workshop_process", shop.facts.get("workshop_process"))
            yield Site(
                2,
                shop.name,
                process,
                *(_count(shop, fact) for fact in ("equipment_count", "equipment_networked_count")),
            )


def _count(subject: Subject, fact: str) -> str:
    statement = subject.facts.get(fact)
    if statement is None:
        return "未填"
    value = statement.value
    return wording.number_text(value) if statement.state is State.STATED and isinstance(value, Fraction) else "不清楚"


def _summed(factory: Subject, fact: str) -> str:
    values = [shop.facts[fact].value for shop in factory.parts if fact in shop.facts]
    known = [value for value in values if isinstance(value, Fraction)]
    if not factory.parts:
        return "—"
    if len(known) < len(factory.parts):
        return f"≥ {wording.number_text(sum(known, Fraction(0)))}" if known else "—"
    return wording.number_text(sum(known, Fraction(0)))
