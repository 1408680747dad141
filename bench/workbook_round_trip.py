"""Random diagnoses as workbooks, computed and saved by LibreOffice, taken in again: how many come back identical."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple
from uuid import UUID

from flask import Flask
from flask_login import login_user

from app.accounts.models import User
from bench.figures import Figure
from tests.factories import make_app, make_diagnosis, make_firm, make_user
from tests.libreoffice import soffice
from tests.random_answers import random_workshops
from tests.round_trip import Facts, filled_workbook, saved_by_libreoffice, taken_in

DIAGNOSES, AT_ONCE = 200, 20  # files in one start of LibreOffice


class Trip(NamedTuple):
    """One diagnosis: who fills it, its workbook, and what stands in that."""

    person: User
    diagnosis_id: UUID
    file: Path
    facts: Facts


def measure() -> list[Figure]:
    """Send so many diagnoses round and compare every fact; take the time of each part."""
    if soffice() is None:
        raise SystemExit("bench workbook_round_trip needs LibreOffice: script/setup --with-tests installs it")
    with TemporaryDirectory() as folder:
        flask_app = make_app(Path(folder))
        began = time.perf_counter()
        trips = [_written(flask_app, Path(folder), seed) for seed in range(DIAGNOSES)]
        written = time.perf_counter()
        saved = _saved([trip.file for trip in trips], Path(folder))
        computed = time.perf_counter()
        identical = sum(_comes_back(flask_app, trip, file) for trip, file in zip(trips, saved, strict=True))
        ended = time.perf_counter()
        weight = sum(trip.file.stat().st_size for trip in trips) / DIAGNOSES / 1000
    ours, theirs = written - began + ended - computed, computed - written
    whole = f"LibreOffice opening, computing and saving {theirs:.0f} s, ours {ours:.0f} s, {weight:.0f} kB a workbook"
    return [
        Figure(
            name="workbook_round_trip",
            value=identical,
            unit=f"of {DIAGNOSES} random diagnoses with identical facts, {ended - began:.0f} s in all",
            yardstick=whole,
            ratio=ours / theirs,
            bar=f"value == {DIAGNOSES}",
            holds=identical == DIAGNOSES,
        )
    ]


def _written(flask_app: Flask, folder: Path, seed: int) -> Trip:
    firm = make_firm(flask_app, random_workshops(Random(seed)))
    diagnosis, person = make_diagnosis(flask_app, firm), make_user(flask_app, firm_id=firm.id)
    file = folder / f"{seed}.xlsx"
    with flask_app.test_request_context():
        login_user(person)
        content, facts = filled_workbook(person, diagnosis.id, seed)
    file.write_bytes(content)
    return Trip(person, diagnosis.id, file, facts)


def _saved(files: list[Path], folder: Path) -> list[Path]:
    parts = (files[first : first + AT_ONCE] for first in range(0, len(files), AT_ONCE))
    return [saved for part in parts for saved in saved_by_libreoffice(part, folder)]


def _comes_back(flask_app: Flask, trip: Trip, file: Path) -> bool:
    with flask_app.test_request_context():
        login_user(trip.person)
        return taken_in(trip.person, trip.diagnosis_id, file.read_bytes()) == (trip.facts, ())
