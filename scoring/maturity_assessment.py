"""From the answers of one firm to its maturity assessment: bounds, scores by capability, reasons, what would settle it.

The arithmetic is in `maturity.py`; here every number keeps the requirements and answers that it follows from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from questionnaires.model import Statement, Text
from scoring.conclusion import conclude, cover
from scoring.derivation import head, leaf, level_state, state_beside
from scoring.exact import Bounds
from scoring.indicators import Case, stated_value
from scoring.maturity import (
    MaturityScore,
    compile_maturity,
    level_of_total,
    node_scores,
    requirements_at,
    tailored_tree,
)
from scoring.model import (
    Assessment,
    Capability,
    MaturityCriteria,
    Node,
    Outcome,
    Reason,
    Requirement,
    RequirementResult,
    RequirementState,
)
from scoring.settle import smallest_settling
from scoring.tailoring import check_tailoring, shares, subdomains, without


@dataclass(frozen=True, slots=True)
class Answers:
    """The degrees of one firm at worst and at best, with the criteria and the tailoring they are read by."""

    criteria: MaturityCriteria
    tailored: Mapping[str, str]
    statements: Mapping[str, Statement]  # by fact
    worst: Mapping[str, Fraction]  # by requirement
    best: Mapping[str, Fraction]
    tree: tuple[Capability, ...]  # the capability elements without what is tailored
    scores: Mapping[tuple[str, str, int], Bounds]  # by kind, id and level; left out where nothing is required

    def bounds(self, capability: Capability, level: int) -> Bounds | None:
        """Return the score of one capability at `level`; None where it has no requirement."""
        return self.scores.get((capability.kind, capability.id, level))


def assess_maturity(criteria: MaturityCriteria, case: Case, tailored: Mapping[str, str]) -> Assessment:
    """Judge the firm of `case` by GB/T 39117; `tailored` maps each subdomain left out to its reason.

    Raises TailoringRefused when a subdomain that must stay is left out.
    """
    check_tailoring(criteria.capabilities, tailored, criteria.may_tailor)
    answers = read_answers(criteria, case.subject.facts, tailored)
    compiled = compile_maturity(criteria, frozenset(tailored))
    degrees = {r: stated_degree(answers.statements.get(r)) for r in compiled.requirements}
    worst, best = compiled.bounds(compiled.encode(degrees))
    level = _bounds(worst.level, best.level)
    scores = dict(enumerate(map(Bounds, worst.level_scores, best.level_scores), 1))
    coverage = cover((case.subject, fact) for fact in compiled.requirements)
    assessment = conclude(criteria, case, Outcome.LEVEL, coverage, _reason(answers, case, level, scores))
    return replace(
        assessment,
        level=level,
        total=Bounds(worst.total, best.total),
        literal_total=Bounds(worst.literal_total, best.literal_total),
        literal_level=_literal_level(criteria, worst, best),
        level_scores=scores,
        nodes=nodes(answers),
        requirements=tuple(_result(r, answers, s) for s in subdomains(criteria.capabilities) for r in s.requirements),
        settle=smallest_settling(compiled, degrees),
    )


def read_answers(
    criteria: MaturityCriteria, statements: Mapping[str, Statement], tailored: Mapping[str, str]
) -> Answers:
    """Return the degree of every requirement at worst and at best; an open one is between none and full."""
    facts = [r.id for s in subdomains(criteria.capabilities) for r in s.requirements]
    stated = {fact: stated_degree(statements.get(fact)) for fact in facts}
    values = criteria.degrees
    worst = {f: values[d] if d is not None else min(values.values()) for f, d in stated.items()}
    best = {f: values[d] if d is not None else max(values.values()) for f, d in stated.items()}
    tree = tailored_tree(criteria, tailored)
    return Answers(criteria, tailored, statements, worst, best, tree, _scores(criteria, tree, worst, best))


def _scores(
    criteria: MaturityCriteria,
    tree: tuple[Capability, ...],
    worst: Mapping[str, Fraction],
    best: Mapping[str, Fraction],
) -> dict[tuple[str, str, int], Bounds]:
    scores: dict[tuple[str, str, int], Bounds] = {}
    for level in range(1, len(criteria.bands) + 1):
        for element in tree:
            low, high = (node_scores(element, level, degrees, criteria.empty_level) for degrees in (worst, best))
            scores |= {(kind, name, level): Bounds(low[kind, name], high[kind, name]) for kind, name in low}
    return scores


def stated_degree(statement: Statement | None) -> str | None:
    """Return the degree of satisfaction as stated, None while it is open."""
    value = stated_value(statement)
    return str(value) if value is not None else None


def nodes(answers: Answers) -> tuple[Node, ...]:
    """Return the capability elements with their scores level by level, down to the subdomains, tailored ones too."""
    share = shares(answers.tree)
    return tuple(_node(element, share, answers) for element in answers.criteria.capabilities)


def _node(capability: Capability, share: Mapping[str, Fraction], answers: Answers) -> Node:
    kept = next(iter(_kept(capability, answers.tailored)), None)
    levels = range(1, len(answers.criteria.bands) + 1)
    scores = {n: answers.bounds(kept, n) for n in levels} if kept else {}
    return Node(
        kind=capability.kind,
        id=capability.id,
        text=capability.text,
        weight=sum((share.get(s.id, Fraction(0)) for s in subdomains([capability])), Fraction(0)),
        level_scores={n: score for n, score in scores.items() if score is not None},
        parts=tuple(_node(part, share, answers) for part in capability.parts),
        tailored=None if kept else _why_tailored(capability, answers.tailored),
    )


def _kept(capability: Capability, left_out: Collection[str]) -> tuple[Capability, ...]:
    return without([capability], left_out)


def _why_tailored(capability: Capability, tailored: Mapping[str, str]) -> str:
    return "；".join(tailored[s.id] for s in subdomains([capability]))


def _result(requirement: Requirement, answers: Answers, subdomain: Capability) -> RequirementResult:
    value = Bounds(answers.worst[requirement.id], answers.best[requirement.id])
    if subdomain.id in answers.tailored:
        return RequirementResult(requirement, RequirementState.NOT_APPLICABLE, None, (requirement.id,), ())
    is_open = stated_degree(answers.statements.get(requirement.id)) is None
    met = RequirementState.MET if value.low == 1 else RequirementState.NOT_MET
    state = RequirementState.NOT_KNOWN if is_open else met
    return RequirementResult(requirement, state, value, (requirement.id,), (requirement.id,) if is_open else ())


def _reason(answers: Answers, case: Case, level: Bounds, scores: Mapping[int, Bounds]) -> Reason:
    levels = tuple(_level_reason(answers, number, score) for number, score in scores.items())
    left_out = tuple(
        _tailored_reason(s, answers) for s in subdomains(answers.criteria.capabilities) if s.id in answers.tailored
    )
    return head(answers.criteria, level_state(level), case, level, levels + left_out)


def _level_reason(answers: Answers, level: int, score: Bounds) -> Reason:
    criteria = answers.criteria
    because = tuple(_capability_reason(element, level, answers) for element in answers.tree)
    name = criteria.level_names[level - 1] if criteria.level_names else Text(f"{level} 级", f"Level {level}")
    return Reason(f"L{level}", name, state_beside(score, criteria.pass_mark), criteria.rule, score, None, because)


def _capability_reason(capability: Capability, level: int, answers: Answers) -> Reason:
    score, criteria = answers.bounds(capability, level), answers.criteria
    below = tuple(_capability_reason(part, level, answers) for part in capability.parts)
    counted = requirements_at(capability, level, criteria.empty_level)
    leaves = tuple(
        leaf(r.id, r.text, answers.statements.get(r.id), r.rule, Bounds(answers.worst[r.id], answers.best[r.id]))
        for r in counted
    )
    state = state_beside(score, criteria.pass_mark)
    return Reason(
        f"{capability.id}.L{level}", capability.text, state, criteria.weights_rule, score, None, below + leaves
    )


def _tailored_reason(subdomain: Capability, answers: Answers) -> Reason:
    why = answers.tailored[subdomain.id]
    text = Text(f"裁剪“{subdomain.text.zh}”：{why}", f"{subdomain.text.en} left out: {why}")
    return Reason(f"tailored.{subdomain.id}", text, RequirementState.NOT_APPLICABLE.value, answers.criteria.rule)


def _literal_level(criteria: MaturityCriteria, worst: MaturityScore, best: MaturityScore) -> Bounds:
    low, high = (level_of_total(score.literal_total, criteria.bands) for score in (worst, best))
    return _bounds(low, high)


def _bounds(low: int, high: int) -> Bounds:
    return Bounds(Fraction(low), Fraction(high))
