"""The solver HiGHS, known here alone: a program of whole numbers in, the proven best choice out.

Its tolerances decide nothing. Every row is added up again in whole numbers; a choice that falls short by less than the
solver can see is forbidden, and the search goes on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.program import Program, Row, total

if TYPE_CHECKING:
    import highspy

TOLERANCE = 1e-9
MOST_ROUNDS = 200  # choices forbidden one after another before giving up
FEASIBLE = 2  # how the solver says that what it returns keeps all rows
# How long a search may go on is counted in its own steps, not in seconds: the same program is given the same answer on
# every machine. Both together end it after some twenty seconds on a usual one.
MOST_ENTRIES = 250_000  # numbers in the rows of a program that is tried at all
WORK = 30_000_000  # entries times nodes of the search


@dataclass(frozen=True, slots=True)
class Found:
    """What was chosen: the value of every variable, what it costs, and whether nothing better exists."""

    values: tuple[int, ...]
    cost: int
    proved: bool


class SolverFault(RuntimeError):
    """The solver gave something that it must not give: a fault of the program."""


class OutOfTime(RuntimeError):
    """The search takes more work than is allowed, and has found nothing yet."""


def cheapest(program: Program, more: Sequence[Row] = (), costs: Mapping[int, int] | None = None) -> Found | None:
    """Return the cheapest choice that satisfies all rows, and `more`; None when there is none.

    `costs` takes the place of the program's own. Raises SolverFault, and OutOfTime where nothing is known yet.
    """
    price = [costs.get(n, 0) if costs is not None else v.cost for n, v in enumerate(program.variables)]
    rows = [*program.rows, *more]
    if program.any_hopeless() or any(map(program.is_hopeless, more)):
        return None
    for _round in range(MOST_ROUNDS):
        answer = _solved(program, rows, price)
        if answer is None:
            return None
        values, proved = answer
        exact = _exact(program, values)
        short = [row for row in rows if total(row.terms, exact) < row.least]
        if not short:
            return Found(tuple(exact), sum(p * value for p, value in zip(price, exact, strict=True)), proved)
        rows += [_cover(program, row, exact) for row in short]
    raise SolverFault("no exact choice after many rounds")


def _quiet() -> highspy.Highs:
    """Return the solver without its banner, which it writes to standard output while it is made."""
    import highspy  # noqa: PLC0415  # solver and NumPy are loaded only where a plan is computed: 0.3 s and 30 MB

    highs = highspy.Highs.__new__(highspy.Highs)
    super(highspy.Highs, highs).__init__()
    highs.setOptionValue("output_flag", False)
    return highs


def _solved(program: Program, rows: Sequence[Row], price: Sequence[int]) -> tuple[list[float], bool] | None:
    import highspy  # noqa: PLC0415  # as in _quiet

    entries = sum(len(row.terms) for row in rows)
    if entries > MOST_ENTRIES:
        raise OutOfTime(f"the program has {entries:,} entries")
    highs = _quiet()
    for option, value in (
        ("threads", 1),
        ("random_seed", 1),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.5),  # costs are whole, so half of one proves the best
        ("mip_feasibility_tolerance", TOLERANCE),
        ("primal_feasibility_tolerance", TOLERANCE),
        ("mip_max_nodes", WORK // max(entries, 1)),
        # Made for programs that take minutes: at 60 improvements these take longer than all the rest.
        ("mip_allow_restart", False),
        ("mip_heuristic_run_rins", False),
        ("mip_heuristic_run_rens", False),
    ):
        highs.setOptionValue(option, value)
    highs.passModel(_model(program, rows, price))
    highs.run()
    status = highs.getModelStatus()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None
    values = list(highs.getSolution().col_value)
    proved = status == highspy.HighsModelStatus.kOptimal
    stopped = status == highspy.HighsModelStatus.kSolutionLimit
    if stopped and highs.getInfo().primal_solution_status != FEASIBLE:
        raise OutOfTime("nothing was found in the nodes allowed")
    if not proved and not stopped:
        raise SolverFault(f"the solver ended with {status}")
    return values, proved


def _model(program: Program, rows: Sequence[Row], price: Sequence[int]) -> highspy.HighsLp:
    import highspy  # noqa: PLC0415  # as in _quiet
    import numpy as np  # noqa: PLC0415

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.variables), len(rows)
    lp.col_cost_ = np.array(price, dtype=np.double)
    lp.col_lower_ = np.zeros(lp.num_col_)
    lp.col_upper_ = np.array([variable.most for variable in program.variables], dtype=np.double)
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger if v.whole else kinds.kContinuous for v in program.variables]
    # Rows are brought to the size of their largest number: the solver's tolerance is an absolute one.
    sizes = [max((abs(worth) for worth in row.terms.values()), default=1) for row in rows]
    lp.row_lower_ = np.array([row.least / size for row, size in zip(rows, sizes, strict=True)])
    lp.row_upper_ = np.full(len(rows), highspy.kHighsInf)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(row.terms) for row in rows)])
    lp.a_matrix_.index_ = np.array([number for row in rows for number in row.terms], dtype=np.int32)
    lp.a_matrix_.value_ = np.array(
        [worth / size for row, size in zip(rows, sizes, strict=True) for worth in row.terms.values()], dtype=np.double
    )
    return lp


def _exact(program: Program, values: Sequence[float]) -> list[int]:
    """Return the choice in whole numbers; what follows from others is the most that their rows leave it."""
    exact = [round(value) if variable.whole else 0 for value, variable in zip(values, program.variables, strict=True)]
    for number, variable in enumerate(program.variables):
        if not variable.whole:
            limits = [_left(row, number, exact) for row in program.limits(number)]
            exact[number] = int(min([variable.most, *limits]))
    return exact


def _left(row: Row, number: int, exact: Sequence[int]) -> int:
    others = sum(worth * exact[other] for other, worth in row.terms.items() if other != number)
    return (others - row.least) // -row.terms[number]


def _cover(program: Program, row: Row, exact: Sequence[int]) -> Row:
    """Return what every better choice has to satisfy: something that is not chosen now has to be."""
    free = {n: 1 for n, v in enumerate(program.variables) if v.whole and v.most == 1 and not exact[n]}
    if not free or any(program.variables[n].most > 1 for n in row.terms):
        raise SolverFault("a row of counts falls short")
    return Row(free, 1)
