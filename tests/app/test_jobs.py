"""A process of its own prints, one at a time."""

from __future__ import annotations

import subprocess
import sys
import time

from app.jobs import alone, wake


def test_the_second_to_ask_for_the_printer_is_told_that_it_is_taken(tmp_path):
    with alone(tmp_path) as first, alone(tmp_path) as second:
        assert (first, second) == (True, False)


def test_the_printer_is_free_again_when_the_first_has_left_it(tmp_path):
    with alone(tmp_path):
        pass
    with alone(tmp_path) as free:
        assert free


def test_a_killed_process_bars_nobody(tmp_path):
    holding = f"""
import sys, time, pathlib
from app.jobs import alone
with alone(pathlib.Path({str(tmp_path)!r})):
    print("held", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", holding], stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        with alone(tmp_path) as while_it_lives:
            pass
        process.kill()
        process.wait()
    with alone(tmp_path) as afterwards:
        assert (while_it_lives, afterwards) == (False, True)


def test_waking_starts_the_printing_command_with_the_data_folder_and_waits_for_nothing(tmp_path, monkeypatch):
    seen = tmp_path / "seen"
    monkeypatch.setattr("app.jobs.sys.executable", _recorder(tmp_path, seen))
    wake(tmp_path)
    for _attempt in range(100):
        if seen.exists() and seen.read_text().endswith("\n"):
            break
        time.sleep(0.05)

    assert seen.read_text() == f"-m flask --app app jobs work in {tmp_path}\n"


def _recorder(folder, seen):
    script = folder / "recorder"
    script.write_text(f'#!/bin/sh\necho "$@ in $ZHIZHEN_DATA_DIR" > {seen}\n')
    script.chmod(0o700)
    return str(script)
