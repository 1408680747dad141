"""Conditions of recognition in a workpaper: each requirement from its figures to met, not met or open; the whole."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from questionnaires.model import AllOf, Comparison, Condition, SubjectKind, Text
from reports.formula import Formula, as_formula, if_else, least, scaled, total
from reports.given import subject_title
from reports.language import LANGUAGES
from reports.workpaper_conditions import ALL, ANY, Conditions, Flags, joined_flags, where_applied
from reports.workpaper_indicators import Counted, Ends, Path
from reports.workpaper_page import (
    ASIDE,
    CHECK,
    FIGURE,
    OURS,
    RESULT,
    RIGHT,
    SHEET_RESULT,
    SMALL,
    STRONG,
    SYSTEM,
    WORDS,
    Column,
    Page,
    level_conclusion,
    state_conclusion,
    where_it_applies,
)
from scoring.model import (
    Assessment,
    GatesCriteria,
    Requirement,
    RequirementKind,
    RequirementResult,
    RequirementState,
)

NAMES = {
    SubjectKind.WORKSHOP: Text("车间", "Workshops"),
    SubjectKind.FACTORY: Text("工厂", "Factories"),
    SubjectKind.FIRM: Text("企业", "Firm"),
}
TITLES = {
    SubjectKind.WORKSHOP: Text("逐个车间对照条件", "Workshops held against the conditions"),
    SubjectKind.FACTORY: Text("逐个工厂对照条件", "Factories held against the conditions"),
    SubjectKind.FIRM: Text("企业对照条件", "The firm held against the conditions"),
}
NOTE = Text(
    "分子 ÷ 分母得出数值，与门槛比较。最低、最高两端都成立为达到，都不成立为未达到，否则待定；1 为成立，0 为不成立。",
    "Numerator over denominator gives a value, held against the threshold. What holds at both ends is met, at neither "
    "end not met, else open; 1 holds, 0 does not.",
)
COLUMNS = (
    Column(Text("编号", "Ref"), 17),
    Column(Text("条件", "Condition"), 40),
    Column(Text("怎样比较", "What is compared"), 32),
    Column(Text("分子（最低）", "Numerator, least"), 11, True),
    Column(Text("分母（最低）", "Denominator, least"), 11, True),
    Column(Text("分子（最高）", "Numerator, most"), 11, True),
    Column(Text("分母（最高）", "Denominator, most"), 11, True),
    Column(Text("数值（最低）", "Value, least"), 10, True),
    Column(Text("数值（最高）", "Value, most"), 10, True),
    Column(Text("门槛", "Threshold"), 8, True),
    Column(Text("最低成立", "Holds at least"), 7, True),
    Column(Text("最高成立", "Holds at most"), 7, True),
    Column(OURS, 17),
    Column(SYSTEM, 17),
    Column(CHECK, 10),
    Column(Text("依据、出处、可信程度", "Rule, source, confidence"), 38),
)
(
    REF, CONDITION, HOW, OVER_LOW, UNDER_LOW, OVER_HIGH, UNDER_HIGH, VALUE_LOW, VALUE_HIGH, THRESHOLD, SURELY, PERHAPS,
    FOUND, GIVEN, SAME, SOURCE,
) = range(len(COLUMNS))  # fmt: skip
APPLIES, ONLY_WHERE = Text("适用条件", "Applies where"), Text("只在下列情况下适用", "applies only where")
WHOLE, UP_TO = Text("整体结论", "Conclusion"), Text("及以下各级条件都达到", "and all grades below it")
LISTED = Text("只列出，不评判", "listed, not judged")


class Gates:
    """Writes the assessments of criteria that ask for conditions, one block a subject."""

    def __init__(self, page: Page, conditions: Conditions) -> None:
        self.page, self.paper, self.conditions = page, page.paper, conditions

    def write(self, criteria: GatesCriteria, assessment: Assessment, path: Path) -> Counted:
        """Write one subject and return what is concluded about it."""
        self.page.heading(f"{self.paper.say(criteria.title)}　{subject_title(assessment, LANGUAGES[self.paper.lang])}")
        applies = self._applies(criteria, path)
        results = {one.requirement.id: one for one in assessment.requirements}
        gates = [
            (requirement.level, flags)
            for requirement in criteria.requirements
            if (flags := self._requirement(assessment, requirement, results.get(requirement.id), path)) is not None
        ]
        if criteria.level_names:
            return self._grades(criteria, assessment, gates, applies)
        surely, perhaps = self._whole([flags for _level, flags in gates])
        self._label(assessment, self.paper.say(WHOLE))
        concluded = where_it_applies(self.paper, state_conclusion(self.paper, surely, perhaps), applies)
        self.page.conclude(FOUND, assessment, concluded)
        self.page.row += 2
        return Counted(assessment.criteria_id, criteria.method, assessment.subject_name, _met(surely, perhaps, applies))

    # --- one requirement ----------------------------------------------------------------------------------------------

    def _applies(self, criteria: GatesCriteria, path: Path) -> Flags | None:
        if criteria.applies_when is None:
            return None
        row, self.page.row = self.page.row, self.page.row + 1
        below = self._parts(criteria.applies_when, path, None)
        return self._join(row, self.paper.say(APPLIES), "", criteria.applies_when, below)

    def _requirement(
        self, assessment: Assessment, requirement: Requirement, result: RequirementResult | None, path: Path
    ) -> Flags | None:
        page, row = self.page, self.page.row
        ref = self.paper.given.ref(assessment, requirement.id).label
        flags, applies = None, None
        if requirement.that is None:
            self._not_judged(ref, requirement, path)
        else:
            flags, applies = self._judged(ref, requirement, path)
        after, page.row = page.row, row
        page.put(SOURCE, self.paper.source((requirement.threshold or requirement).rule), SMALL)
        if flags is not None:
            words = state_conclusion(self.paper, *flags)
            none = self.paper.state(RequirementState.NOT_APPLICABLE)
            ours = page.let(FOUND, if_else(applies[1].equals(0), none, words) if applies else words, RESULT)
            if result is not None:
                page.check(GIVEN, ours, self.paper.state(result.state))
        page.row = after
        return flags if requirement.kind is RequirementKind.GATE else None

    def _not_judged(self, ref: str, requirement: Requirement, path: Path) -> None:
        page = self.page
        page.rule_off(STRONG)
        page.put(REF, ref, STRONG)
        page.put(CONDITION, self.paper.say(requirement.text), STRONG)
        page.put(HOW, self.paper.say(requirement.because or LISTED), SMALL)
        page.put(FOUND, self.paper.state(RequirementState.NOT_JUDGED), {**WORDS, **ASIDE})
        page.row += 1
        for name in requirement.shows:
            page.rule_off(WORDS)
            page.put(HOW, self.conditions.name(name))
            if (ends := self.conditions.indicators.ends(name, path)) is not None:
                self._figures(ends)
            page.row += 1

    def _judged(self, ref: str, requirement: Requirement, path: Path) -> tuple[Flags, Flags | None]:
        assert requirement.that is not None
        page, row, text = self.page, self.page.row, self.paper.say(requirement.text)
        if isinstance(requirement.that, Comparison) and requirement.applies_when is None:
            page.rule_off(STRONG)
            flags = self._comparison(requirement.that, path)
            page.put(REF, ref, STRONG)
            page.put(CONDITION, text, STRONG)
            page.row += 1
            return flags, None
        page.row += 1
        applies = None
        if requirement.applies_when is not None:
            applies = joined_flags(requirement.applies_when, self._parts(requirement.applies_when, path, ONLY_WHERE))
        below = self._parts(requirement.that, path, None)
        return self._join(row, ref, text, requirement.that, below, applies), applies

    def _join(
        self, row: int, ref: str, text: str, condition: Condition, parts: list[Flags], applies: Flags | None = None
    ) -> Flags:
        """Write the row above the comparisons: what they give together."""
        page = self.page
        after, page.row = page.row, row
        page.rule_off(STRONG)
        page.put(REF, ref, STRONG)
        page.put(CONDITION, text, STRONG)
        if len(parts) > 1:
            page.put(HOW, self.paper.say(ALL if isinstance(condition, AllOf) else ANY), SMALL)
        together = joined_flags(condition, parts)
        surely, perhaps = where_applied(together, applies) if applies else together
        flags = page.let(SURELY, surely), page.let(PERHAPS, perhaps)
        page.row = after
        return flags

    def _parts(self, condition: Condition, path: Path, note: Text | None) -> list[Flags]:
        """Write the comparisons below a requirement, one a row; what stands deeper is joined in the row itself."""
        parts = [condition] if isinstance(condition, Comparison) else list(condition.parts)
        found = []
        for part in parts:
            self.page.rule_off(WORDS)
            if note is not None:
                self.page.put(CONDITION, self.paper.say(note), {**SMALL, "align": "left", "indent": 1})
            found.append(self._comparison(part, path) if isinstance(part, Comparison) else self._nested(part, path))
            self.page.row += 1
        return found

    def _nested(self, condition: Condition, path: Path) -> Flags:
        surely, perhaps = self.conditions.flags(condition, path)
        return self.page.let(SURELY, surely), self.page.let(PERHAPS, perhaps)

    def _comparison(self, comparison: Comparison, path: Path) -> Flags:
        page, threshold = self.page, None
        # An indicator that is asked for the first time writes rows of its own sheet, never of this one.
        if (number := _number_of(comparison)) is not None:
            threshold = page.figure(THRESHOLD, number)
        compared = self.conditions.compared(comparison, path, threshold)
        page.put(HOW, compared.words)
        if compared.ends is not None:
            self._figures(compared.ends)
        return page.let(SURELY, compared.flags[0]), page.let(PERHAPS, compared.flags[1])

    def _figures(self, ends: Ends) -> None:
        page = self.page
        for over_at, value_at, end in ((OVER_LOW, VALUE_LOW, ends.low), (OVER_HIGH, VALUE_HIGH, ends.high)):
            over, under = end
            for n, figure in enumerate(end if ends.counts else ()):
                page.let(over_at + n, _or_dash(figure, ends), RIGHT)
            value = scaled(over, ends.factor) if under.text == "1" else scaled(over, ends.factor) / under
            page.let(value_at, _or_dash(value, ends), FIGURE)

    # --- the whole ----------------------------------------------------------------------------------------------------

    def _label(self, assessment: Assessment, words: str) -> None:
        self.page.put(REF, self.paper.given.ref(assessment).label, SHEET_RESULT)
        self.page.put(CONDITION, words, SHEET_RESULT)

    def _whole(self, gates: Sequence[Flags]) -> Flags:
        self.page.rule_off(SHEET_RESULT)
        surely = least(*(low for low, _high in gates)) if gates else as_formula(1)
        perhaps = least(*(high for _low, high in gates)) if gates else as_formula(1)
        return self.page.let(SURELY, surely, SHEET_RESULT), self.page.let(PERHAPS, perhaps, SHEET_RESULT)

    def _grades(
        self,
        criteria: GatesCriteria,
        assessment: Assessment,
        gates: Sequence[tuple[int, Flags]],
        applies: Flags | None,
    ) -> Counted:
        reached: list[Flags] = []
        for grade, name in enumerate(criteria.level_names, start=1):
            own = [flags for level, flags in gates if level == grade]
            self.page.rule_off(STRONG)
            self.page.put(CONDITION, f"{self.paper.say(name)}{self.paper.say(UP_TO)}", STRONG)
            surely, perhaps = joined_flags(AllOf(()), [*reached[-1:], *own]) if own or reached else _always()
            reached.append((self.page.let(SURELY, surely), self.page.let(PERHAPS, perhaps)))
            self.page.row += 1
        self.page.rule_off(SHEET_RESULT)
        self._label(assessment, self.paper.say(WHOLE))
        low, high = (
            self.page.let(column, total(*(flags[end] for flags in reached)), SHEET_RESULT)
            for end, column in enumerate((SURELY, PERHAPS))
        )
        self.page.conclude(FOUND, assessment, level_conclusion(self.paper, assessment, (low, high), applies))
        self.page.row += 2
        return Counted(
            assessment.criteria_id, criteria.method, assessment.subject_name, level=(low, high), applies=applies
        )


def _met(surely: Formula, perhaps: Formula, applies: Flags | None) -> Flags:
    """Return whether a subject surely counts as meeting the criteria, and whether it may."""
    if applies is None:
        return surely, perhaps
    return least(surely, applies[0]), if_else(applies[0].equals(1), perhaps, applies[1])


def _or_dash(figure: Formula, ends: Ends) -> Formula:
    return figure if ends.has_value is None else if_else(ends.has_value.equals(1), figure, "—")


def _always() -> Flags:
    return as_formula(1), as_formula(1)


def _number_of(comparison: Comparison) -> Fraction | None:
    return None if isinstance(comparison.right, str) else Fraction(comparison.right)
