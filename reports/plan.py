"""The chapter on the improvement plan: what it costs, when which level is reached, why this and not that.

All of it comes from `scoring.advice`, and the sentences from `reports.plan_wording`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from questionnaires.model import Text
from reports import kept_plan, wording
from reports import plan_names as names
from reports import plan_wording as words
from reports.cost_curve import cost_curve
from reports.gantt import Bar, Milestone, gantt
from reports.kept_plan import KeptPlan
from reports.language import CHINESE, Language
from reports.model_pieces import Drawing, Pair
from reports.model_plan import FirstThing, LevelCost, OtherPlan, Plan, PlanRow, QuarterRow
from scoring.advice import Advice
from scoring.model import Costs
from scoring.plan import ImprovementPlan, PlannedProject, Result, added
from scoring.plan_choices import Why

ROWS = 26  # of one chart: more do not stand on a page below the headline
ORDINALS = "一二三四五"
CONTINUED = Text("接上图", "Continued")
NOW = Text("现在", "now")
SUM = Text("合计", "Together")


def plan(advice: Advice, kept: KeptPlan | None = None, language: Language = CHINESE) -> Plan:
    """Return the chapter, ready to print; `kept` is the plan that the firm has kept."""
    return _Chapter(advice, language, kept).build()


def unfinished(language: Language = CHINESE) -> Plan:
    """Return the chapter where the plan was given up."""
    return Plan(language.say(words.UNFINISHED), language.say(words.ASSUMPTIONS_ONLY), language.say(words.BASIS))


class _Chapter:
    """What every part of the chapter needs: the plan, the language, and what the firm has kept."""

    def __init__(self, advice: Advice, language: Language, kept: KeptPlan | None) -> None:
        self.advice, self.language, self.kept = advice, language, kept
        self.say = language.say

    def build(self) -> Plan:
        advice, say, made = self.advice, self.say, self.advice.plan
        return Plan(
            headline=self.language.sentence(say(words.headline(advice))),
            lead=say(words.explanation(advice)),
            about=say(kept_plan.about(self.kept, advice)),
            priced=say(words.priced(advice)),
            assumptions_only=say(words.ASSUMPTIONS_ONLY),
            blocked=tuple(self.language.ended(say(one)) for one in words.blocked(advice)),
            drawings=tuple(self.drawings()) if made.projects else (),
            quarters=tuple(self.quarters()),
            first=tuple(self.first(why) for why in advice.first),
            rows=tuple(self.row(why) for why in words.merged(advice.why)),
            sum=self.sum() if made.projects else None,
            others=tuple(self.other(other, number) for number, other in enumerate(advice.alternatives)),
            others_note=self.others_note(),
            why_not=tuple(self.why_not()),
            frontier=tuple(self.frontier()),
            basis=say(advice.criteria.improvements_basis or words.BASIS),
        )

    # --- drawings -----------------------------------------------------------------------------------------------------

    def drawings(self) -> Iterator[Drawing]:
        last, beginning = names.end_of(self.advice.plan), names.begins(self.advice)
        columns, reached = [names.column(beginning, number) for number in range(1, last + 1)], list(self.milestones())
        rows = list(words.merged(self.advice.why))
        parts = [rows[first : first + ROWS] for first in range(0, len(rows), ROWS)]
        for number, part in enumerate(parts, start=1):
            title = self.gantt_title(reached) if number == 1 else self.say(CONTINUED)
            at_its_end = reached if number == len(parts) else []
            bars = [self.bar(why) for why in part]
            yield Drawing(title, gantt(bars, columns, at_its_end, self.gantt_words(part), columns=last))
        spoken = self.curve_words()
        yield Drawing(self.curve_title(), cost_curve(self.spent(), columns, spoken, self.language.code))

    def bar(self, why: Sequence[Why]) -> Bar:
        first = why[0].planned
        return Bar(self.names(why), first.start, first.end)

    def names(self, why: Sequence[Why]) -> str:
        return self.say(names.names(one.planned.project for one in why))

    def milestones(self) -> Iterator[Milestone]:
        yield from (Milestone(quarter, self.say(name)) for quarter, name in words.milestones(self.advice))

    def gantt_title(self, reached: Sequence[Milestone]) -> str:
        now = sum(one.start == 1 for one in self.advice.plan.projects)
        begun = Text(f"第一个季度开工 {now} 个项目", f"{names.counted(now, 'project')} begin in the first quarter")
        ends = (self.say(_reached(self.quarter(one.quarter), one.name)) for one in reached)
        return self.language.parts((self.say(begun), *ends))

    def gantt_words(self, rows: Sequence[Sequence[Why]]) -> str:
        return self.language.clauses(f"{self.names(why)} {self.when(why[0].planned)}" for why in rows)

    def spent(self) -> list[Costs]:
        made = self.advice.plan
        quarters = range(1, names.end_of(made) + 1)
        return [added(one.cost for one in made.projects if one.start <= quarter) for quarter in quarters]

    def curve_title(self) -> str:
        first, whole = self.spent()[0].likely, self.advice.plan.cost.likely
        return self.say(
            Text(
                f"第一个季度要备好 {first:,} 万元，一共 {whole:,} 万元",
                f"{first:,} (10,000 yuan) are needed in the first quarter, {whole:,} altogether",
            )
        )

    def curve_words(self) -> str:
        spent = enumerate(self.spent(), start=1)
        return self.language.clauses(self.say(_spent(self.quarter(number), cost)) for number, cost in spent)

    # --- tables -------------------------------------------------------------------------------------------------------

    def quarters(self) -> Iterator[QuarterRow]:
        """Yield where the goals stand now and after every quarter in which something ends."""
        advice = self.advice
        if not advice.quarters:
            return
        states = [(self.say(NOW), "—", 0, advice.by_now)]
        for one in advice.quarters:
            ended = sum(planned.end == one.number for planned in advice.plan.projects)
            states.append((self.say(_end_of(self.quarter(one.number))), f"{ended}", one.spent, one.after))
        for name, count, spent, then in states:
            totals = self.language.parts(names.total(goal, then) for goal in advice.plan.goals)
            yield QuarterRow(name, count, f"{spent:,}", self.say(names.standing(advice, then)), totals)

    def first(self, why: Why) -> FirstThing:
        one, improvement = why.planned, why.planned.project.improvement
        return FirstThing(
            name=self.say(names.named(one.project)),
            what=self.say(improvement.what),
            cost=self.say(names.likely_cost(one.cost)),
            quarters=self.when(one),
            reason=self.say(words.reason([why], self.advice.criteria)),
            proof=self.say(improvement.proof),
        )

    def row(self, why: Sequence[Why]) -> PlanRow:
        cost, first = added(one.planned.cost for one in why), why[0].planned
        placed = [(one.planned.project.id, self.say(names.place(one.planned.project))) for one in why]
        return PlanRow(
            name=self.say(first.project.improvement.text),
            where=self.places([one.planned for one in why]),
            quarters=self.when(first),
            likely=f"{cost.likely:,}",
            cost=wording.cost_text(cost),
            reason=self.say(words.reason(why, self.advice.criteria)),
            owner=kept_plan.owners(self.kept, placed, self.language),
        )

    def places(self, planned: Sequence[PlannedProject]) -> str:
        """Return where projects are carried out and what they add there; nothing for the firm as a whole."""
        found = [names.where(one, self.advice.criteria.facts) for one in planned]
        join = self.language.clauses if any("，" in one.zh for one in found) else self.language.items
        return join(self.say(one) for one in found if one != names.WHOLE_FIRM)

    def when(self, one: PlannedProject) -> str:
        return self.say(names.span(names.begins(self.advice), one.start, one.end))

    def quarter(self, number: int) -> Text:
        return names.quarter(names.begins(self.advice), number)

    def sum(self) -> PlanRow:
        made = self.advice.plan
        many = len(made.projects)
        count = self.say(Text(f"{many} 个项目", names.counted(many, "project")))
        return PlanRow(self.say(SUM), count, "", f"{made.cost.likely:,}", wording.cost_text(made.cost), "")

    def other(self, other: ImprovementPlan, number: int) -> OtherPlan:
        left_out, instead = words.differs(other, self.advice.plan)
        which = Text(f"另一种办法{ORDINALS[number]}", f"Alternative {number + 1}")
        more = names.more_cost(other.cost, self.advice.plan.cost)
        return OtherPlan(
            title=self.language.of(self.say(which), self.say(more)),
            cost=self.language.parts(map(self.say, (names.likely_cost(other.cost), names.size(other)))),
            left_out=self.say(left_out),
            instead=self.say(instead),
        )

    def others_note(self) -> str:
        advice = self.advice
        none_looked_for = advice.alternatives or advice.plan.result is not Result.REACHED
        return "" if none_looked_for else self.say(words.NO_OTHERS)

    def why_not(self) -> Iterator[Pair]:
        for one in self.advice.why_not:
            why = self.language.sentence(self.say(words.why_not(one, self.advice)))
            yield Pair(self.say(names.named(one.project)), why)

    def frontier(self) -> Iterator[LevelCost]:
        for cheapest in self.advice.frontier:
            goal, state = cheapest.goals[0], words.level_state(cheapest)
            level_names = self.advice.criteria.criteria[goal.criteria_id].level_names
            name = self.say(wording.level_name(goal.level, level_names))
            own = goal == self.advice.plan.goals[0]
            if state:
                likely = "0" if cheapest.result is Result.ALREADY else "—"
                yield LevelCost(name, likely, "—", "—", self.say(state), own)
            else:
                until = self.say(_end_of(self.quarter(names.end_of(cheapest))))
                likely, cost = f"{cheapest.cost.likely:,}", wording.cost_text(cheapest.cost)
                yield LevelCost(name, likely, cost, f"{len(cheapest.projects)}", until, own)


def _end_of(quarter: Text) -> Text:
    return Text(f"{quarter.zh}末", f"end of {quarter.en}")


def _reached(quarter: Text, name: str) -> Text:
    return Text(f"{quarter.zh}末到{name}", f"{name} by the end of {quarter.en}")


def _spent(quarter: Text, cost: Costs) -> Text:
    low_to_high = wording.cost_text(cost)
    return Text(
        f"{quarter.zh}累计 {cost.likely:,}（{low_to_high}）万元",
        f"{quarter.en}: {cost.likely:,} ({low_to_high}) spent, in 10,000 yuan",
    )
