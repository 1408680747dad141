"""The gaps in order of weight and the improvements that close them; costs are planning assumptions, printed as such.

They are for this firm: by its size, for all the places where an improvement still changes something.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from questionnaires.model import Text
from reports import annex, plan_names, plan_wording, wording
from reports.given import Given, gathered_weight
from reports.model_improvements import GapGroup, Step
from reports.model_pieces import Pair, Ref
from scoring.model import Gap, Improvement, Requirement
from scoring.plan import added

WAYS_SHOWN = 3
EACH = Text("个", "each")
PREREQUISITE = Text("是计划中别的改进项的前提", "other improvements of the plan wait for it")
NOTHING_TO_PROPOSE = Text("目前没有需要提出的改进项。", "There is no improvement to propose at present.")
COUNTED = Text("按台（套）、工序等计价的另加", "with what is priced by the machine or the process on top")


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
    group, language = given.say(first.group), given.language
    title = group if by_weight else language.of(group, first.subject_name)
    weight = _still_to_gain(gathered_weight(gaps)) if by_weight else _conditions(len(gaps))
    return GapGroup(title, given.say(weight), _lines(given, gaps), _ways(given, gaps), _ref(given, first))


def _still_to_gain(weight: Fraction) -> Text:
    shown = wording.rounded_down(weight, 3)
    return Text(f"该级得分还可提高 {shown}", f"the level score can rise by {shown}")


def _conditions(count: int) -> Text:
    return Text(f"{count} 项条件", wording.counted(count, "condition"))


def _ref(given: Given, gap: Gap) -> Ref:
    """Return where the conclusion on a gap is taken apart."""
    judged = next(a for a in given.of_criteria(gap.criteria_id) if a.subject_key == gap.subject_key)
    return annex.line_on(given, judged, gap.requirement) if wording.is_maturity(judged) else given.ref(judged)


def _lines(given: Given, gaps: Sequence[Gap]) -> tuple[Pair, ...]:
    by_state: dict[str, list[str]] = {}
    for gap in gaps:
        by_state.setdefault(given.say(wording.gap_words(gap)), []).append(_named(given, gap))
    return tuple(Pair(state, given.language.clauses(names)) for state, names in by_state.items())


def _named(given: Given, gap: Gap) -> str:
    requirement = f"{gap.requirement.id} {given.say(gap.requirement.text)}"
    return given.language.parts((requirement, given.say(gap.distance)))


def _ways(given: Given, gaps: Sequence[Gap]) -> str:
    found, key, language = ranked(given, gaps)[:WAYS_SHOWN], gaps[0].subject_key, given.language
    return language.clauses(language.bracketed(given.say(one.text), cost_here(given, one, key)) for one in found)


def cost_here(given: Given, one: Improvement, subject_key: str = "") -> str:
    """Return what an improvement costs this firm where it is missing: “3 处共 24–135 万元”.

    With a subject, what it costs there. What is counted comes on top, for nobody has said yet how much of it.
    """
    projects = given.projects_for(one, subject_key)
    fixed = _fixed_cost(len(projects), wording.cost_text(added(project.cost for project in projects)))
    if one.adds is None:
        return given.say(fixed)
    unit, each = given.fact(one.adds.count).unit or EACH, wording.cost_text(one.each)
    return given.say(
        Text(
            f"{fixed.zh}，每{unit.zh}另加 {each} 万元",
            f"{fixed.en}, plus {each} for each of the {unit.en}",
        )
    )


def _fixed_cost(places: int, cost: str) -> Text:
    if places < 2:
        return wording.ten_thousands(cost)
    return Text(f"{places} 处共 {cost} 万元", f"{cost} × 10,000 yuan for {places} places")


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
        name=given.say(at),
        what=given.say(one.what),
        lifts=given.say(_lifting(lifted) if lifted.zh else PREREQUISITE),
        cost=cost_here(given, one, subject_key),
        months=given.say(wording.months_text(one.months)),
        proof=given.say(one.proof),
    )


def _lifting(lifted: Text) -> Text:
    return Text(f"提升：{lifted.zh}", f"it lifts {lifted.en}")


def planned_steps(given: Given) -> list[Step]:
    """Return what the plan does first, with its place and its own cost."""
    if given.advice is None:
        return []
    return [
        replace(
            step(given, one.planned.project.improvement),
            name=given.say(plan_names.named(one.planned.project)),
            cost=given.say(wording.ten_thousands(wording.cost_text(one.planned.cost))),
        )
        for one in given.advice.first
    ]


def total_note(given: Given, chosen: Sequence[Improvement]) -> str:
    """Say what the chosen improvements cost together and on what that rests."""
    if not chosen:
        return given.say(NOTHING_TO_PROPOSE)
    cost = wording.cost_text(added(project.cost for one in chosen for project in given.projects_for(one)))
    sum_of = Text(
        f"以上 {len(chosen)} 项合计约 {cost} 万元", f"together these {len(chosen)} come to about {cost} × 10,000 yuan"
    )
    counted = given.say(COUNTED) if any(one.adds for one in chosen) else ""
    basis = given.say(plan_wording.BASIS)
    return given.language.sentences((given.language.parts((given.say(sum_of), counted)), basis))
