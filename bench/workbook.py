"""The workbook of a firm with three workshops: the work of making it, beside openpyxl reading the same file."""

from __future__ import annotations

import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from flask_login import login_user
from openpyxl import load_workbook

from bench.figures import Figure, in_turn
from tests.factories import make_app, make_diagnosis, make_firm, make_user
from tests.round_trip import filled_workbook

WORKSHOPS = {"一工厂": ("冲压车间", "焊装车间", "总装车间")}
SEED, BAR_S = 7, 1


def measure() -> list[Figure]:
    """Make the workbook and read it in turn, each in seconds of the processor."""
    with TemporaryDirectory() as folder:
        flask_app = make_app(Path(folder))
        firm = make_firm(flask_app, WORKSHOPS)
        diagnosis, person = make_diagnosis(flask_app, firm), make_user(flask_app, firm_id=firm.id)
        with flask_app.test_request_context():
            login_user(person)
            content, _facts = filled_workbook(person, diagnosis.id, SEED)
            ours, other, ratio = in_turn(
                lambda: _work(lambda: filled_workbook(person, diagnosis.id, SEED)),
                lambda: _work(lambda: load_workbook(BytesIO(content))),
            )
    return [
        Figure(
            "workbook of three workshops",
            ours,
            f"s of work to make it, {len(content) / 1000:.0f} kB",
            f"openpyxl reading the same file {other:.2f} s",
            ratio,
            f"value < {BAR_S}",
            ours < BAR_S,
        )
    ]


def _work(done: Callable[[], object]) -> float:
    began = time.process_time()
    done()
    return time.process_time() - began
