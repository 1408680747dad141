"""The chapters of the Word report on what can be done: the improvements and the plan."""

from __future__ import annotations

from reports.model import DiagnosisReport
from reports.model_plan import OtherPlan, Plan, PlanRow
from reports.word_parts import Writing, strong_first
from reports.word_xml import Piece, Row, Run, Table

SHORT = 12  # rows of a table that stays on one page


def improvements(writing: Writing, report: DiagnosisReport) -> None:
    """Add the chapter on the improvements."""
    label, language = writing.label, writing.language
    writing.chapter(report.chapters["improvements"], "improvements")
    if not report.steps:
        writing.text(label("no_steps"))
        return
    writing.note(label("steps_note_plan" if report.plan else "steps_note"))
    for step in report.steps:
        writing.entry(step.name, label("step_head", cost=step.cost, months=step.months))
        proof = f"{label('step_proof', proof=step.proof)}{language.gap}{language.sentence(step.lifts)}"
        writing.document.paragraph("Step", f"{step.what}{language.gap}", Run(proof, "Soft"))


def plan(writing: Writing, report: DiagnosisReport) -> None:
    """Add the chapter on the plan, where there is one."""
    if report.plan is None:
        return
    plan = report.plan
    writing.chapter(report.chapters["plan"], "plan")
    writing.document.paragraph("Verdict", plan.headline)
    for said in filter(None, (plan.lead, plan.about, plan.priced)):
        writing.text(said)
    for blocked in plan.blocked:
        writing.document.paragraph("List", blocked)
    writing.note(plan.assumptions_only)
    for drawing in plan.drawings:
        writing.figure(drawing)
    _first(writing, plan)
    _quarters(writing, plan)
    _rows(writing, plan)
    _others(writing, plan)
    _why_not(writing, plan)
    _frontier(writing, plan)
    writing.section(writing.label("plan_basis"))
    writing.note(plan.basis)


def _first(writing: Writing, plan: Plan) -> None:
    if not plan.first:
        return
    label, language = writing.label, writing.language
    writing.section(writing.label("plan_first"))
    for number, one in enumerate(plan.first, start=1):
        title = language.side_by_side(f"{number}", one.name)
        writing.entry(title, language.parts((one.quarters, one.cost)), style="Heading3")
        why = label("plan_reason", reason=one.reason)
        proof = f"{label('step_proof', proof=one.proof)}{language.gap}{why}"
        writing.document.paragraph("Step", f"{one.what}{language.gap}", Run(proof, "Soft"))


def _quarters(writing: Writing, plan: Plan) -> None:
    if not plan.quarters:
        return
    writing.section(writing.label("plan_quarters"))
    heads = [writing.label(name) for name in ("when", "ended", "spent", "level_at_worst", "total_at_worst")]
    rows = [Row([[row.quarter], [row.ended], [row.spent], [row.level], [row.total]]) for row in plan.quarters]
    writing.document.table(Table((18, 16, 22, 28, 16), rows, heads, kinds="tnntn", whole=len(rows) < SHORT))


def _rows(writing: Writing, plan: Plan) -> None:
    if not plan.rows:
        return
    writing.section(writing.label("plan_rows"))
    writing.note(writing.label("plan_rows_note"))
    heads = [writing.label(name) for name in ("improvement", "quarters", "likely", "low_to_high", "why")]
    rows = [_project(row) for row in plan.rows]
    if plan.sum:
        last = plan.sum
        cells: list[list[Piece]] = [[Run(said, "Strong")] for said in (last.name, last.where, last.likely, last.cost)]
        rows.append(Row([*cells, [last.reason]], "sum"))
    writing.document.table(Table((30, 18, 12, 12, 28), rows, heads, kinds="ttnnt"))


def _project(row: PlanRow) -> Row:
    name, *rest = strong_first((row.name, row.quarters, row.likely, row.cost, row.reason), row.where)
    owner: list[Piece] = ["\n", row.owner] if row.owner else []
    return Row([[*name, *owner], *rest])


def _others(writing: Writing, plan: Plan) -> None:
    if not plan.others and not plan.others_note:
        return
    writing.section(writing.label("plan_others"))
    for other in plan.others:
        _other(writing, other)
    if plan.others_note:
        writing.text(plan.others_note)


def _other(writing: Writing, other: OtherPlan) -> None:
    language = writing.language
    writing.entry(other.title, other.cost, style="Heading3")
    for name, said in (("left_out", other.left_out), ("instead", other.instead)):
        writing.document.paragraph("Step", Run(writing.label(name), "Strong"), language.wide, language.sentence(said))


def _why_not(writing: Writing, plan: Plan) -> None:
    if not plan.why_not:
        return
    writing.section(writing.label("why_not"))
    for one in plan.why_not:
        writing.document.paragraph("Step", Run(one.name, "Strong"), writing.language.wide, one.value)


def _frontier(writing: Writing, plan: Plan) -> None:
    if not plan.frontier:
        return
    writing.section(writing.label("frontier"))
    heads = [writing.label(name) for name in ("level", "likely", "low_to_high", "projects", "when")]
    rows = []
    for row in plan.frontier:
        name = writing.language.side_by_side(row.name, writing.label("goal") if row.is_goal else "")
        look = "Strong" if row.is_goal else ""
        cells = [[Run(said, look)] for said in (name, row.likely, row.cost, row.projects, row.until)]
        rows.append(Row(cells, "goal" if row.is_goal else ""))
    writing.document.table(Table((28, 18, 20, 16, 18), rows, heads, kinds="tnnnt", whole=True))
