"""The result page: headline, levels, every gate with value, threshold and distance, pictures, gaps and reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from markupsafe import Markup

from app.diagnosis import quick_check
from app.diagnosis.check import Choice, choices_of
from app.diagnosis.draft import FIRM_KEY, Draft
from app.diagnosis.punctuation import bracketed, in_turn, listed, with_colon
from app.diagnosis.records import Assessed
from app.diagnosis.verdicts import (
    Scale,
    Verdict,
    counted,
    maturity_of,
    scale,
    state_code,
    subdomain_names,
    verdict,
)
from app.presentation import language, text
from questionnaires.model import FactKind, Facts, SubjectKind, Text
from questionnaires.values import AnswerFault, read_value, show_value
from reports import radar, ruler, wording
from scoring.exact import Bounds
from scoring.gaps import find_gaps, improvements_for, lifted_by
from scoring.model import (
    Assessment,
    CriteriaSet,
    Gap,
    MaturityCriteria,
    Node,
    Reason,
    RequirementResult,
    RequirementState,
    Rule,
)

TOP_GAPS, TOP_STEPS = 10, 6
WHOLLY_OPEN = Bounds(Fraction(0), Fraction(1))
MOST_IN_FULL = 12  # subjects of one scheme with every requirement; of more only the chosen one
MOST_LISTED = 60
LEVEL_STATES = {True: "met", False: "not_met", None: "not_known"}


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule stands, since when and how sure that is."""

    title: str
    clause: str
    since: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement held against the answers."""

    id: str
    text: str
    now: str
    bar: Markup
    distance: str
    state: str
    basis: Basis
    because: str


@dataclass(frozen=True, slots=True)
class Why:
    """One step of the reasons of a conclusion."""

    ref: str
    text: str
    state: str
    basis: Basis | None  # none where it is that of the step above
    because: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """One subject held against one scheme."""

    subject: str
    state: str
    words: str
    score: str
    coverage: str
    rows: tuple[Row, ...]
    why: Why


@dataclass(frozen=True, slots=True)
class Listed:
    """One of very many subjects held against a scheme, in one line."""

    key: str
    subject: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme with the subjects it judged: of very many only the chosen one in full, and the others listed."""

    title: str
    basis: Basis
    notice: str
    judged: tuple[Judged, ...]
    listed: tuple[Listed, ...]
    counted: str  # how many of those listed are met, not met and so on


@dataclass(frozen=True, slots=True)
class Scored:
    """One maturity level, or one part at the level worked on, with its score."""

    name: str
    score: str
    bar: Markup
    state: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The parts of one kind at the level worked on: a table of bars, and above it a drawing where one says more."""

    key: str
    title: str
    drawing: Markup
    parts: tuple[Scored, ...]


@dataclass(frozen=True, slots=True)
class Maturity:
    """The maturity level with everything under it."""

    title: str
    basis: Basis
    levels: tuple[Scored, ...]
    pass_mark: str
    totals: str
    coverage: str
    pictures: tuple[Picture, ...]
    why: Why
    settle: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GapLine:
    """One gap, heaviest first."""

    text: str
    group: str
    now: str  # with what is missing


@dataclass(frozen=True, slots=True)
class Improving:
    """One improvement that lifts some of the gaps."""

    name: str
    what: str
    lifts: int
    cost: str
    months: str
    proof: str


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """Everything the result page shows."""

    headline: str
    lead: str
    ruler: Markup
    scale: Scale | None
    maturity: Maturity | None
    schemes: tuple[Scheme, ...]
    gaps: tuple[GapLine, ...]
    more_gaps: int
    improvements: tuple[Improving, ...]
    improvements_basis: str
    tailored: tuple[tuple[str, str], ...]
    aid_only: str
    choices: tuple[Choice, ...]
    left_open: tuple[str, ...]  # of a quick check: what it says nothing of


def view(draft: Draft, assessed: Assessed, verified: bool, about: str = FIRM_KEY) -> OutcomeView:
    """Return the outcome of one layer ready to show; of very many subjects only `about` in full.

    Of a quick check: what it asked about, and what it left open.
    """
    is_quick_check = draft.diagnosis.is_quick_check
    if is_quick_check:
        assessed = quick_check.what_was_asked(assessed)
    done, criteria = assessed.assessments, assessed.criteria
    maturity = maturity_of(done)
    gaps = find_gaps(done, criteria, assessed.filled)
    if is_quick_check:
        gaps = quick_check.answered(gaps, assessed.filled.firm.facts)
    workshops = [a for a in done if a.subject_kind is SubjectKind.WORKSHOP]
    names = subdomain_names(criteria)
    return OutcomeView(
        headline=text(wording.headline(maturity, gaps, workshops)),
        lead=text(wording.lead(maturity, draft.diagnosis.as_of, verified)) if maturity else "",
        ruler=_ruler(maturity) if maturity else Markup(),
        scale=scale(maturity, criteria) if maturity else None,
        maturity=_maturity(draft, maturity, criteria) if maturity else None,
        schemes=tuple(_schemes(draft, assessed, about)),
        gaps=tuple(_gap(gap, assessed.filled.firm.facts) for gap in gaps[:TOP_GAPS]),
        more_gaps=max(0, len(gaps) - TOP_GAPS),
        improvements=tuple(_improvements(gaps, criteria)),
        improvements_basis=text(criteria.improvements_basis),
        tailored=tuple((text(names.get(key)) or key, why) for key, why in draft.tailored.items()),
        aid_only=text(wording.AID_ONLY),
        choices=choices_of(draft, about),
        left_open=quick_check.left_open(draft, maturity) if is_quick_check and maturity else (),
    )


def _ruler(maturity: Assessment) -> Markup:
    nothing = Bounds(Fraction(0), Fraction(0))
    total, level = maturity.total or nothing, maturity.level or nothing
    return _drawn(ruler.ruler(total, level, maturity.level_names, language()))


def _drawn(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704  the words in it were escaped where it was drawn


# --- maturity ---------------------------------------------------------------------------------------------------------


def _maturity(draft: Draft, assessment: Assessment, criteria: CriteriaSet) -> Maturity:
    judged_by = criteria.criteria[assessment.criteria_id]
    mark = judged_by.pass_mark if isinstance(judged_by, MaturityCriteria) else Fraction(1)
    facts = draft.questionnaire.facts
    return Maturity(
        title=text(assessment.criteria_title),
        basis=basis(judged_by.rule),
        levels=tuple(_level(level, assessment, mark) for level in sorted(assessment.level_scores)),
        pass_mark=wording.number_text(mark),
        totals=_totals(assessment),
        coverage=text(wording.coverage_text(assessment)),
        pictures=tuple(_pictures(assessment, mark)),
        why=why_tree(assessment.derivation, draft),
        settle=tuple(text(facts[name].label) for name in assessment.settle if name in facts),
    )


def _level(level: int, assessment: Assessment, mark: Fraction) -> Scored:
    name = text(wording.level_name(level, assessment.level_names))
    return _scored(name[:1].upper() + name[1:], assessment.level_scores[level], mark, f"level{level}")


def _scored(name: str, score: Bounds, mark: Fraction, key: str) -> Scored:
    said, met = wording.bounds_text(score), score.reaches(mark)
    percent = Bounds(100 * score.low, 100 * score.high)
    drawn = ruler.bar(percent, 100 * mark, met, f"{name} {said}", key)
    return Scored(name, said, _drawn(drawn), LEVEL_STATES[met])


def _totals(assessment: Assessment) -> str:
    if assessment.total is None:
        return ""
    total = wording.bounds_text(assessment.total)
    literal = assessment.literal_total
    if literal is None or literal == assessment.total:
        return _("总分 %(total)s（到第一个未达标的级别为止）；五级简单相加的结果相同。", total=total)
    plain = wording.bounds_text(literal)
    return _("总分 %(total)s（到第一个未达标的级别为止）；五级简单相加为 %(plain)s。", total=total, plain=plain)


def _pictures(assessment: Assessment, mark: Fraction) -> Iterator[Picture]:
    level = wording.working_level(assessment)
    word = text(wording.level_word(level))
    domains = _parts(assessment.nodes, level, "capability_domain")
    if all(score == WHOLLY_OPEN for _name, score in domains):
        return  # before the first answer at this level, and of a quick check: a picture would say nothing
    if len(domains) > 2:
        title = _("%(level)s：各能力域得分", level=word)
        yield Picture("radar", title, _radar(domains, mark, title), _bars(domains, mark, "domain"))
    subdomains = sorted(_parts(assessment.nodes, level, "capability_subdomain"), key=lambda p: (p[1].low, p[1].high))
    if subdomains:
        title = _("%(level)s：各能力子域得分，最低的在上", level=word)
        yield Picture("bars", title, Markup(), _bars(subdomains, mark, "subdomain"))


def _radar(points: radar.Points, mark: Fraction, title: str) -> Markup:
    numbers = listed(f"{name} {wording.bounds_text(score)}" for name, score in points)
    return _drawn(radar.radar(points, mark, with_colon(title, numbers), language()))


def _bars(points: radar.Points, mark: Fraction, key: str) -> tuple[Scored, ...]:
    return tuple(_scored(name, score, mark, f"{key}{place}") for place, (name, score) in enumerate(points))


def _parts(nodes: Iterable[Node], level: int, kind: str) -> list[tuple[str, Bounds]]:
    return [
        (text(node.text), node.level_scores[level])
        for node in _every(nodes)
        if node.kind == kind and not node.tailored and level in node.level_scores
    ]


def _every(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _every(node.parts)


# --- gates and points -------------------------------------------------------------------------------------------------


def _schemes(draft: Draft, assessed: Assessed, about: str) -> Iterator[Scheme]:
    for criteria in assessed.criteria.criteria.values():
        judged = [a for a in assessed.assessments if a.criteria_id == criteria.id and not wording.is_maturity(a)]
        if judged:
            many = len(judged) > MOST_IN_FULL
            shown = [a for a in judged if not many or a.subject_key == about]
            yield Scheme(
                title=text(criteria.title),
                basis=basis(criteria.rule),
                notice=text(criteria.notice),
                judged=tuple(_judged(draft, assessment) for assessment in shown),
                listed=tuple(_listed(assessment) for assessment in judged[:MOST_LISTED]) if many else (),
                counted=counted([verdict(assessment) for assessment in judged]).words if many else "",
            )


def _listed(assessment: Assessment) -> Listed:
    return Listed(assessment.subject_key, _subject(assessment), verdict(assessment))


def _subject(assessment: Assessment) -> str:
    subject = assessment.subject_name if assessment.subject_kind is not SubjectKind.FIRM else ""
    return bracketed(subject, assessment.factory_name) if assessment.factory_name else subject


def _judged(draft: Draft, assessment: Assessment) -> Judged:
    score = wording.bounds_text(assessment.total, 1) if assessment.total else ""
    return Judged(
        subject=_subject(assessment),
        state=state_code(assessment),
        words=text(wording.outcome_text(assessment)).removeprefix("◐ "),
        score=_("得分 %(score)s", score=score) if score else "",
        coverage=text(wording.coverage_text(assessment)),
        rows=tuple(_row(draft, assessment, result) for result in assessment.requirements),
        why=why_tree(assessment.derivation, draft),
    )


def _row(draft: Draft, assessment: Assessment, result: RequirementResult) -> Row:
    requirement = result.requirement
    return Row(
        id=requirement.id,
        text=text(requirement.text),
        now=now_words(draft, assessment, result),
        bar=_bar(assessment, result),
        distance=_distance(result),
        state=result.state.value,
        basis=basis(requirement.threshold.rule if requirement.threshold else requirement.rule),
        because=text(requirement.because),
    )


def now_words(draft: Draft, assessment: Assessment, result: RequirementResult) -> str:
    """Say how a requirement stands: its number beside the threshold, else the answers themselves."""
    requirement = result.requirement
    if result.value is not None or requirement.threshold is not None:
        shown = wording.value_against_threshold(result)
        return shown if language() == "zh" else _in_english(shown, requirement.unit)
    return in_turn(dict.fromkeys(_answers(draft, assessment, result)))


def _in_english(shown: str, unit: Text | None) -> str:
    """Put the unit and the mark for what is not known into English."""
    return (shown.replace(unit.zh, unit.en) if unit else shown).replace("？", "?")


def _answers(draft: Draft, assessment: Assessment, result: RequirementResult) -> Iterator[str]:
    answers = {why.fact: why.state for why in _leaves(assessment.derivation) if why.fact}
    known = [name for name in result.facts if name in answers and name in draft.questionnaire.facts]
    for name in known[:6]:
        shown = _answer(draft, name, answers[name])
        yield shown if len(known) == 1 else with_colon(text(draft.questionnaire.facts[name].label), shown)


def _leaves(reason: Reason) -> Iterator[Reason]:
    if not reason.because:
        yield reason
    for below in reason.because:
        yield from _leaves(below)


def _bar(assessment: Assessment, result: RequirementResult) -> Markup:
    unit, value = result.requirement.unit, result.value
    judged = result.state is not RequirementState.NOT_JUDGED
    if value is None or unit is None or unit.zh != "%" or value.low < 0 or not judged:
        return Markup()
    met = {RequirementState.MET: True, RequirementState.NOT_MET: False}.get(result.state)
    key = f"bar-{assessment.subject_key}-{result.requirement.id}"
    title = f"{text(result.requirement.text)} {wording.value_against_threshold(result)}"
    return _drawn(ruler.bar(value, wording.threshold_of(result), met, title, key))


def _distance(result: RequirementResult) -> str:
    if result.distance is not None:
        return text(result.distance)
    if result.state is RequirementState.NOT_KNOWN and result.open_facts:
        return _("差 %(count)s 个回答", count=len(result.open_facts))
    if result.state is RequirementState.NOT_KNOWN and result.value is None:
        return _("数字前后不一致，请先核对")
    return ""


def basis(rule: Rule) -> Basis:
    """Return where a rule stands, ready to show."""
    since = rule.since.isoformat() if rule.since else ""
    return Basis(rule.title, rule.clause or "", since, rule.confidence.value)


# --- reasons ----------------------------------------------------------------------------------------------------------


def why_tree(reason: Reason, draft: Draft, above: Basis | None = None) -> Why:
    """Return the reasons of a conclusion ready to show, step by step down to the answers."""
    own = basis(reason.rule) if reason.rule else None
    return Why(
        ref=reason.ref,
        text=with_colon(reason.subject or "", text(reason.text)),
        state=_reason_state(reason, draft),
        basis=None if own == above else own,
        because=tuple(why_tree(below, draft, own or above) for below in reason.because),
    )


def _reason_state(reason: Reason, draft: Draft) -> str:
    if reason.fact:
        return _answer(draft, reason.fact, reason.state)
    words = {state.value: text(said) for state, said in wording.STATE_WORDS.items()}
    if reason.state in words:
        return words[reason.state]
    if reason.state.startswith("level ") and reason.value is not None:
        ends = dict.fromkeys((int(reason.value.low), int(reason.value.high)))
        return "–".join(text(wording.level_word(end)) for end in ends)
    return wording.bounds_text(reason.value) if reason.value is not None else reason.state


def _answer(draft: Draft, name: str, state: str) -> str:
    """Show the answer that a derivation carries as a code."""
    words = {"unknown": _("不清楚"), "not_applicable": _("不适用"), "blank": _("未填")}
    fact = draft.questionnaire.facts.get(name)
    if state in words or fact is None:
        return words.get(state, state)
    typed: object = state.split(",") if fact.kind is FactKind.CHOICES else state
    try:
        return show_value(fact, read_value(fact, typed), language())
    except AnswerFault:
        return state


# --- gaps and improvements --------------------------------------------------------------------------------------------


def _gap(gap: Gap, facts: Facts) -> GapLine:
    blank = gap.now == "unknown" and gap.requirement.fact is not None and gap.requirement.fact not in facts
    now = text(wording.GAP_WORDS["blank" if blank else gap.now])
    subject = gap.subject_name if gap.subject_key != FIRM_KEY else ""
    said = with_colon(subject, text(gap.requirement.text))
    return GapLine(said, text(gap.group), bracketed(now, text(gap.distance)))


def _improvements(gaps: tuple[Gap, ...], criteria: CriteriaSet) -> Iterator[Improving]:
    """Yield what lifts the most of the weight of the gaps, heaviest first."""
    lifting = improvements_for(gaps, criteria)
    weights: dict[str, Fraction] = {}
    counts: dict[str, int] = {}
    for gap in gaps:
        for improvement in lifting[lifted_by(gap)]:
            weights[improvement.id] = weights.get(improvement.id, Fraction(0)) + gap.weight
            counts[improvement.id] = counts.get(improvement.id, 0) + 1
    by_id = {improvement.id: improvement for improvement in criteria.improvements}
    for name in sorted(weights, key=lambda key: (-weights[key], key))[:TOP_STEPS]:
        one = by_id[name]
        yield Improving(
            text(one.text),
            text(one.what),
            counts[name],
            wording.cost_text(one.cost),
            text(wording.months_text(one.months)),
            text(one.proof),
        )
