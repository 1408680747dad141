"""The requirements of maturity in a workpaper: each with its answer and what that counts, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from questionnaires.model import Degree, State, Statement, Text
from questionnaires.values import DEGREES
from reports.formula import Block, Formula, if_else, like, worth
from reports.spreadsheet import Rule
from reports.workpaper_answers import (
    NO_OPTION,
    NOT_APPLICABLE,
    STATED,
    UNKNOWN,
    absolute,
    open_absent,
    state_formula,
)
from reports.workpaper_options import Options
from reports.workpaper_page import NUMBER, PART, SMALL, WORDS, Column, Page, Paper
from scoring.indicators import stated_value
from scoring.model import Capability, MaturityCriteria, Requirement
from scoring.tailoring import subdomains

NAME, TITLE = Text("能力要求", "Requirements"), Text("能力要求的回答", "Answers to the requirements")
NOTE = Text(
    "浅蓝格可以改。满足程度按“选项”表取值，放大成整数；不清楚和未填，最低取最小的值，最高取最大的值。",
    "Pale blue cells may be changed. Degrees take their values from the sheet of options; "
    "unknown and blank count the smallest value at least and the largest at most.",
)
HEADS = (
    Column(Text("编号", "Id"), 19),
    Column(Text("能力子域", "Subdomain"), 15),
    Column(Text("级", "Level"), 6, True),
    Column(Text("要求（本工具概括，不是标准原文）", "Requirement (our paraphrase, not the standard)"), 50),
    Column(Text("回答", "Answer"), 14),
    Column(Text("不清楚／不适用", "Unknown or not applicable"), 13),
    Column(Text("状态", "State"), 11),
    Column(Text("依据、出处、可信程度", "Rule, source, confidence"), 48),
)
ID, SUBDOMAIN, LEVEL, TEXT, ANSWER, ABSENT, STATE, SOURCE, FIRST_VALUE = range(len(HEADS) + 1)
ENDS = (Column(Text("最低", "Least"), 8, True), Column(Text("最高", "Most"), 8, True))
TAILORING = Text("裁剪理由", "Why left out")
TAILOR = Text(
    "没有这项业务的，在左边写明理由；写了即裁剪，权重由同组其余部分分担",
    "Where the firm has no such business, say why on the left: its weight then goes to the rest of the group",
)


@dataclass(frozen=True, slots=True)
class Requirements:
    """Where the requirements stand, as formulas refer to them."""

    values: Mapping[str, Mapping[str, tuple[Formula, Formula]]]  # table -> requirement -> least and most
    tailored: Mapping[str, Formula]  # subdomain that may be left out -> 1 where it is


def columns(tables: Sequence[MaturityCriteria]) -> tuple[Column, ...]:
    """Return the columns of the sheet: two with values for each table of weights."""
    return (*HEADS, *(column for _table in tables for column in ENDS))


def write_requirements(page: Page, options: Options, tables: Sequence[MaturityCriteria]) -> Requirements:
    """Write every requirement of these tables once."""
    values: dict[str, dict[str, tuple[Formula, Formula]]] = {table.id: {} for table in tables}
    tailored: dict[str, Formula] = {}
    every = {one.id: one for table in tables for one in subdomains(table.capabilities)}
    for subdomain in every.values():
        page.heading(page.paper.say(subdomain.text), PART)
        if any(subdomain.id in table.may_tailor for table in tables):
            tailored[subdomain.id] = _tailoring(page, subdomain)
        for requirement in sorted(subdomain.requirements, key=lambda one: one.level):
            said = _requirement(page, subdomain, requirement, options.degrees[tables[0].id].options)
            for number, table in enumerate(tables):
                values[table.id][requirement.id] = _values(page, said, options, table, FIRST_VALUE + 2 * number)
            page.row += 1
    page.finish()
    return Requirements(values, tailored)


def _tailoring(page: Page, subdomain: Capability) -> Formula:
    page.rule_off(WORDS)
    page.put(ID, page.paper.say(TAILORING), SMALL)
    page.put(SUBDOMAIN, page.paper.say(subdomain.text), SMALL)
    reason = page.paper.given.filled.tailored.get(subdomain.id)
    page.open(TEXT, reason)
    page.put(SOURCE, page.paper.say(TAILOR), SMALL)
    left_out = page.let(FIRST_VALUE, if_else(page.cell(TEXT, reason).equals(""), 0, 1))
    page.row += 1
    return left_out


def _requirement(
    page: Page, subdomain: Capability, requirement: Requirement, degrees: Block
) -> tuple[Formula, Formula]:
    """Write one requirement; return the cells of its answer and of the state of that."""
    paper, statement = page.paper, page.paper.given.filled.firm.facts.get(requirement.id)
    page.rule_off(WORDS)
    page.put(ID, requirement.id, SMALL)
    page.put(SUBDOMAIN, paper.say(subdomain.text), SMALL)
    page.put(LEVEL, requirement.level, NUMBER)
    page.put(TEXT, paper.say(requirement.text))
    page.put(SOURCE, paper.source(requirement.rule), SMALL)
    degree = stated_value(statement)
    word = paper.say(DEGREES[Degree(str(degree))]) if degree is not None else None
    page.open(ANSWER, word, Rule("list", cells=absolute(degrees.text)))
    cell, absent = page.cell(ANSWER, word), open_absent(page, ABSENT, _absent(paper, statement))
    allowed = like(degrees, cell) >= 1
    return cell, page.let(STATE, state_formula(paper, cell, absent, allowed, NO_OPTION), WORDS)


def _absent(paper: Paper, statement: Statement | None) -> str | None:
    if statement is None or statement.state is State.STATED:
        return None
    return paper.say(UNKNOWN if statement.state is State.UNKNOWN else NOT_APPLICABLE)


def _values(
    page: Page, said: tuple[Formula, Formula], options: Options, table: MaturityCriteria, column: int
) -> tuple[Formula, Formula]:
    (cell, state), degrees = said, options.degrees[table.id]
    stated = state.equals(page.paper.say(STATED))
    low = page.let(column, if_else(stated, worth(degrees.options, cell, degrees.values), degrees.least))
    return low, page.let(column + 1, if_else(stated, low, degrees.most))
