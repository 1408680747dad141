"""Messages that something waits, printers that are called when nobody prints, files that a process holds."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace

import pytest

from app import jobs
from app.jobs import held, is_held, printers_lock


@pytest.fixture
def file(tmp_path):
    return tmp_path / "held"


def test_the_second_to_ask_for_a_file_is_told_that_it_is_taken(file):
    with held(file) as first, held(file) as second:
        assert (first, second) == (True, False)


def test_a_file_is_free_again_when_the_first_has_let_it_go(file):
    with held(file):
        taken = is_held(file)

    assert (taken, is_held(file)) == (True, False)


def test_a_file_that_is_not_there_is_held_by_nobody(file):
    assert not is_held(file)


def test_a_killed_process_holds_nothing(file):
    holding = f"""
import time, pathlib
from app.jobs import held
with held(pathlib.Path({str(file)!r})):
    print("held", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", holding], stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        while_it_lives = is_held(file)
        process.kill()
        process.wait()

    assert (while_it_lives, is_held(file)) == (True, False)


def test_each_piece_of_work_is_announced_by_a_message_in_a_folder_that_only_the_product_reads(flask_app, data_dir):
    waiting = data_dir / "messages" / "waiting"
    before = set(waiting.iterdir())
    with flask_app.app_context():
        jobs.announce(3)

    assert len(set(waiting.iterdir()) - before) == 3
    assert waiting.parent.stat().st_mode & 0o077 == 0


def test_without_anybody_to_tell_the_request_goes_on(flask_app, caplog, monkeypatch):
    settings = replace(flask_app.config["ZHIZHEN"], broker="redis://127.0.0.1:1/0")
    monkeypatch.setitem(flask_app.config, "ZHIZHEN", settings)
    monkeypatch.setitem(flask_app.extensions, "celery", None)  # the one that is there comes back afterwards
    jobs.connect(flask_app)
    with flask_app.app_context():
        jobs.announce()

    assert "the message queue cannot be reached" in caplog.text


def test_printers_are_started_with_the_data_folder_where_none_are_running(flask_app, data_dir, tmp_path, monkeypatch):
    seen = tmp_path / "seen"
    monkeypatch.setattr("app.jobs.sys.executable", _recorder(tmp_path, seen))
    with flask_app.app_context():
        jobs.wake()
    for _attempt in range(100):
        if seen.exists() and seen.read_text().endswith("\n"):
            break
        time.sleep(0.05)

    assert seen.read_text() == f"-m flask --app app jobs work --idle 60 in {data_dir}\n"


def test_printers_that_run_are_not_started_again(flask_app, data_dir, monkeypatch):
    started = []
    monkeypatch.setattr(jobs, "_start_printers", started.append)
    with flask_app.app_context(), held(printers_lock(data_dir)):
        jobs.wake()

    assert started == []


def _recorder(folder, seen):
    script = folder / "recorder"
    script.write_text(f'#!/bin/sh\necho "$@ in $ZHIZHEN_DATA_DIR" > {seen}\n')
    script.chmod(0o700)
    return str(script)
