"""Run the measurements: `python -m bench`, or only one with ONLY=scoring|page|report|workbook_round_trip."""

from __future__ import annotations

import os
import sys

from bench import page, report, scoring, workbook_round_trip
from bench.figures import write_latest

MEASUREMENTS = {
    "scoring": scoring.measure,
    "page": page.measure,
    "report": report.measure,
    "workbook_round_trip": workbook_round_trip.measure,
}


def main() -> int:
    """Measure, print and write; 1 when a name is unknown. A missed bar is printed, not an error."""
    only = os.environ.get("ONLY", "")
    if only and only not in MEASUREMENTS:
        print(f"ONLY={only} is unknown; choose one of {', '.join(MEASUREMENTS)}", file=sys.stderr)
        return 1
    figures = [figure for name, measure in MEASUREMENTS.items() if only in ("", name) for figure in measure()]
    for figure in figures:
        print(figure.line())
    write_latest(figures)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
