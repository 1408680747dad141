"""From answers and assessments to `DiagnosisReport`: everything that is printed, in printing order.

`build` is the only way in; `html.to_html` prints what it returns and reads nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from questionnaires.model import State, Subject, SubjectKind, Text
from reports import annex, improvements, maturity, wording
from reports.brief import brief
from reports.chapters import TITLES, chapters
from reports.cover_code import cover_code
from reports.edition import Edition
from reports.given import Given
from reports.judgements import schemes
from reports.method import method
from reports.model import DiagnosisReport, Line
from reports.model_judgements import Scheme
from reports.model_people import Opinion
from reports.model_pieces import Pair
from reports.model_plan import Plan
from reports.model_profile import Profile, Site
from reports.parts import STANDARD
from reports.peers import peers
from reports.plan import plan, unfinished
from reports.signing import letter_in, signatures
from scoring.model import Assessment, Method

TITLE = Text("智能制造诊断报告", "Smart manufacturing diagnosis report")
VERIFIED = Text("诊断版（专家核实）", "Diagnostic edition (verified by a consultant)")
PREVIEW = Text("预览（填报中，尚未提交）", "Preview (still being filled in, not submitted)")
SELF = Text("自评版（企业填报）", "Self-assessment (as stated by the firm)")
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
COUNTS = ("equipment_count", "equipment_networked_count")


def build(given: Given) -> DiagnosisReport:
    """Return the report of one diagnosis, ready to print.

    All that `given` holds but the edition comes from `scoring` for the same answers and day, the gaps heaviest first;
    the edition says who issues the report and carries the differences between stated and verified answers.
    """
    filled, edition = given.filled, given.edition
    recognition, others, titles = _recognition(given), _others(given), chapters(given)
    return DiagnosisReport(
        lang=given.language.tag,
        firm=filled.firm.name,
        title=given.say(TITLE),
        edition_name=given.say(_edition_name(edition)),
        day=given.say(wording.day_text(edition.day)),
        iso_day=edition.day.isoformat(),
        aid_only=given.say(wording.AID_ONLY),
        cover=_cover(given),
        code=cover_code(given.edition, given.language),
        chapters=titles,
        contents=tuple(_contents(titles, recognition, others)),
        brief=brief(given),
        profile=_profile(given),
        opinion=_opinion(given.edition) if given.edition.has_opinion else None,
        maturity=maturity.maturity(given, given.maturity) if given.maturity else None,
        recognition=recognition,
        others=others,
        gaps=improvements.gap_groups(given),
        steps=improvements.steps(given),
        plan=_plan(given),
        peers=peers(given),
        method=method(given),
        sources=annex.sources(given),
        signatures=signatures(given),
        letter=letter_in(given),
        derivations=annex.derivations(given),
        answers=annex.answers(given),
        parts=STANDARD,
    )


def _plan(given: Given) -> Plan | None:
    if given.advice:
        return plan(given.advice, given.kept, given.language)
    return unfinished(given.language) if given.unfinished else None


def _edition_name(edition: Edition) -> Text:
    if edition.verified:
        return VERIFIED
    return PREVIEW if edition.preview else SELF


def _cover(given: Given) -> tuple[Pair, ...]:
    edition, language = given.edition, given.language
    made_with = f"{given.filled.questionnaire_id} {given.filled.questionnaire_version}"
    rows = [
        (Text("企业", "Firm"), given.filled.firm.name),
        (Text("统一社会信用代码", "Unified social credit code"), given.firm_answer("uscc")),
        (Text("所在区县", "District"), given.firm_answer("district")),
        (Text("事实截止", "Facts as of"), given.say(wording.day_text(given.filled.as_of))),
        (Text("出具日期", "Issued on"), given.say(wording.day_text(edition.day))),
        (Text("问卷与程序", "Questionnaire and program"), language.parts((made_with, edition.program))),
        (Text("诊断专家", "Consultant"), language.parts((edition.consultant, edition.organisation))),
    ]
    if edition.letter:
        rows.append((TITLES["letter"], given.say(_attached(wording.day_text(edition.letter)))))
    return tuple(Pair(given.say(name), value) for name, value in rows if value)


def _attached(day: Text) -> Text:
    return Text(f"已附签字扫描件，{day.zh}", f"signed scan attached, {day.en}")


def _contents(titles: Mapping[str, str], recognition: Sequence[Scheme], others: Sequence[Scheme]) -> Iterator[Line]:
    sections = {"recognition": recognition, "others": others}
    for target, title in titles.items():
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
    rows = (
        Pair(given.say(given.fact(fact).label), given.firm_answer(fact))
        for fact in FIRM_FACTS
        if _is_known(given, fact)
    )
    return Profile(tuple(rows), tuple(_sites(given, given.filled.firm)), given.edition.differences)


def _opinion(edition: Edition) -> Opinion:
    return Opinion(_paragraphs(edition.observations), _paragraphs(edition.recommendations), edition.remarks)


def _paragraphs(typed: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in typed.splitlines() if line.strip())


def _is_known(given: Given, fact: str) -> bool:
    return fact in given.questionnaire.facts or fact in given.criteria.facts


def _sites(given: Given, firm: Subject) -> Iterator[Site]:
    for factory in firm.parts:
        yield Site(1, factory.name, "", *(_summed(factory, fact) for fact in COUNTS))
        for shop in factory.parts:
            process = given.answer("workshop_process", shop.facts.get("workshop_process"))
            yield Site(2, shop.name, process, *(_count(given, shop, fact) for fact in COUNTS))


def _count(given: Given, subject: Subject, fact: str) -> str:
    statement = subject.facts.get(fact)
    if statement is None:
        return given.say(wording.BLANK)
    value = statement.value
    if statement.state is State.STATED and isinstance(value, Fraction):
        return wording.number_text(value)
    return given.say(wording.UNKNOWN)


def _summed(factory: Subject, fact: str) -> str:
    values = [shop.facts[fact].value for shop in factory.parts if fact in shop.facts]
    known = [value for value in values if isinstance(value, Fraction)]
    if not factory.parts:
        return "—"
    if len(known) < len(factory.parts):
        return f"≥ {wording.number_text(sum(known, Fraction(0)))}" if known else "—"
    return wording.number_text(sum(known, Fraction(0)))
