"""Run the measurements: `python -m bench`, or only one with ONLY=name.

The names: scoring, shortest_way, plan, page, standing, crowd, report, what_if, word, workbook, workbook_round_trip,
refusing; load, fillings, printing, plan_proof and workpaper run only by name.
"""

from __future__ import annotations

import os
import sys

from bench import (
    crowd,
    fillings,
    load,
    page,
    plan,
    printing,
    refusing,
    report,
    scoring,
    shortest_way,
    standing,
    what_if,
    word,
    workbook,
    workbook_round_trip,
    workpaper,
)
from bench.figures import write_latest

MEASUREMENTS = {
    "scoring": scoring.measure,
    "shortest_way": shortest_way.measure,
    "plan": plan.measure,
    "page": page.measure,
    "standing": standing.measure,
    "crowd": crowd.measure,
    "report": report.measure,
    "what_if": what_if.measure,
    "word": word.measure,
    "workbook": workbook.measure,
    "workbook_round_trip": workbook_round_trip.measure,
    "refusing": refusing.measure,
}
# Five to some twenty minutes each: only by name.
LONG = {
    "load": load.measure,
    "fillings": fillings.measure,
    "printing": printing.measure,
    "plan_proof": plan.prove,
    "workpaper": workpaper.measure,
}


def main() -> int:
    """Measure, print and write; 1 when a name is unknown. A missed bar is printed, not an error."""
    only = os.environ.get("ONLY", "")
    every = MEASUREMENTS | LONG
    if only and only not in every:
        print(f"ONLY={only} is unknown; choose one of {', '.join(every)}", file=sys.stderr)
        return 1
    chosen = {only: every[only]} if only else MEASUREMENTS
    figures = [figure for measure in chosen.values() for figure in measure()]
    for figure in figures:
        print(figure.line())
    write_latest(figures)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
