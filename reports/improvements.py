"""The gaps in order of weight and the improvements that close them; costs are planning assumptions, printed as such.

They are for this firm: by its size, for all the places where an improvement still changes something.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from reports import plan_names, plan_wording, wording
from reports.given import Given, gathered_weight
from reports.model import GapGroup, Pair, Step
from scoring.model import Gap, Improvement, Requirement
from scoring.plan import added

WAYS_SHOWN = 3


def gap_groups(given: Given) -> tuple[GapGroup, ...]:
    """Return the gaps by capability subdomain (heaviest first), then by scheme and subject."""
    maturity, others = _split(given)
    grouped = list(_grouped(maturity).values()) + list(_grouped(others).values())
    return tuple(_group(given, gaps) for gaps in grouped)


def _split(given: Given) -> tuple[list[Gap], list[Gap]]:
    own = given.maturity.criteria_id if given.maturity else ""
    return [g for g in given.gaps if g.criteria_id == own], [g for g in given.gaps if g.criteria_id != own]


def _grouped(gaps: Iterable[Gap]) -> dict[tuple[str, str, str], list[Gap]]:
    groups: dict[tuple[str, str, str], list[Gap]] = {}
    for gap in gaps:
        groups.setdefault((gap.criteria_id, gap.group.zh, gap.subject_key), []).append(gap)
    return dict(sorted(groups.items(), key=lambda entry: -gathered_weight(entry[1])))


def _group(given: Given, gaps: Sequence[Gap]) -> GapGroup:
    first = gaps[0]
    by_weight = given.maturity is not None and first.criteria_id == given.maturity.criteria_id
    title = first.group.zh if by_weight else f"{first.group.zh}：{first.subject_name}"
    weight = (
        f"该级得分还可提高 {wording.rounded_down(gathered_weight(gaps), 3)}" if by_weight else f"{len(gaps)} 项条件"
    )
    return GapGroup(title, weight, _lines(gaps), _ways(given, gaps))


def _lines(gaps: Sequence[Gap]) -> tuple[Pair, ...]:
    by_state: dict[str, list[str]] = {}
    for gap in gaps:
        by_state.setdefault(wording.gap_word(gap), []).append(_named(gap))
    return tuple(Pair(state, "；".join(names)) for state, names in by_state.items())


def _named(gap: Gap) -> str:
    distance = f"，{gap.distance.zh}" if gap.distance else ""
    return f"{gap.requirement.id} {gap.requirement.text.zh}{distance}"


def _ways(given: Given, gaps: Sequence[Gap]) -> str:
    found, key = ranked(given, gaps)[:WAYS_SHOWN], gaps[0].subject_key
    return "；".join(f"{one.text.zh}（{cost_here(given, one, key)}）" for one in found)


def cost_here(given: Given, one: Improvement, subject_key: str = "") -> str:
    """Return what an improvement costs this firm where it is missing: “3 处共 24–135 万元”.

    With a subject, what it costs there. What is counted comes on top, for nobody has said yet how much of it.
    """
    projects = given.projects_for(one, subject_key)
    places = f"{len(projects)} 处共 " if len(projects) > 1 else ""
    fixed = f"{places}{wording.cost_text(added(project.cost for project in projects))} 万元"
    if one.adds is None:
        return fixed
    unit = given.fact(one.adds.count).unit
    return f"{fixed}，每{unit.zh if unit else '个'}另加 {wording.cost_text(one.each)} 万元"


def ranked(given: Given, gaps: Iterable[Gap]) -> list[Improvement]:
    """Return the improvements that lift any of `gaps`, the most lifted weight first, the cheaper first among equals."""
    lifted: dict[str, Fraction] = {}
    by_id: dict[str, Improvement] = {}
    for gap in gaps:
        for one in given.ways(gap.requirement, gap.criteria_id):
            by_id[one.id] = one
            lifted[one.id] = lifted.get(one.id, Fraction(0)) + gap.weight
    return [by_id[key] for key in sorted(lifted, key=lambda key: (-lifted[key], _likely(given, by_id[key]), key))]


def _likely(given: Given, one: Improvement) -> int:
    return added(project.cost for project in given.projects_for(one)).likely


def steps(given: Given) -> tuple[Step, ...]:
    """Return every improvement that lifts some gap, those for maturity by weight, then those for recognition.

    What the plan does besides, because something else waits for it, comes last.
    """
    maturity, others = _split(given)
    planned = [why.planned.project.improvement for why in given.advice.why] if given.advice else []
    found = {one.id: one for one in [*ranked(given, maturity), *ranked(given, others), *planned]}
    return tuple(step(given, one) for one in found.values())


def first_steps(given: Given, nearest: Sequence[Requirement], criteria_id: str, most: int) -> list[Improvement]:
    """Return what to begin with: one improvement for each condition of the nearest recognition, then by weight."""
    maturity, _ = _split(given)
    urgent = [ways[0] for requirement in nearest if (ways := given.ways(requirement, criteria_id))]
    found = {one.id: one for one in [*urgent[: most // 2], *ranked(given, maturity)]}
    return list(found.values())[:most]


def step(given: Given, one: Improvement, subject_key: str = "") -> Step:
    """Return one improvement ready to print, with the requirements it lifts that are gaps here.

    With a subject, at its place.
    """
    lifted = plan_wording.helps(
        (gap for gap in given.gaps if one in given.ways(gap.requirement, gap.criteria_id)), given.criteria
    )
    projects = given.projects_for(one, subject_key)
    at = plan_names.named(projects[0]) if subject_key and len(projects) == 1 else one.text
    return Step(
        name=at.zh,
        what=one.what.zh,
        lifts=f"提升：{lifted.zh}" if lifted.zh else "是计划中别的改进项的前提",
        cost=cost_here(given, one, subject_key),
        months=wording.months_text(one.months).zh,
        proof=one.proof.zh,
    )


def planned_steps(given: Given) -> list[Step]:
    """Return what the plan does first, with its place and its own cost."""
    if given.advice is None:
        return []
    return [
        replace(
            step(given, one.planned.project.improvement),
            name=plan_names.named(one.planned.project).zh,
            cost=f"{wording.cost_text(one.planned.cost)} 万元",
        )
        for one in given.advice.first
    ]


def total_note(given: Given, chosen: Sequence[Improvement]) -> str:
    """Say what the chosen improvements cost together and on what that rests."""
    if not chosen:
        return "目前没有需要提出的改进项。"
    cost = added(project.cost for one in chosen for project in given.projects_for(one))
    counted = "，按台（套）、工序等计价的另加" if any(one.adds for one in chosen) else ""
    basis = given.criteria.improvements_basis or plan_wording.BASIS
    return f"以上 {len(chosen)} 项合计约 {wording.cost_text(cost)} 万元{counted}。{basis.zh}"
