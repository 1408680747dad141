"""The web server finds its settings beside the program, and each of its processes is prepared by them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
COUNT = """
import gc, runpy
made = [[number] for number in range(50_000)]
runpy.run_path("gunicorn.conf.py")["post_worker_init"](None)
print(gc.get_freeze_count() >= len(made), gc.isenabled())
"""


def run(*command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=PROJECT, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_server_takes_the_settings_of_the_folder_it_is_started_in():
    printed = run("-m", "gunicorn", "--print-config", "--check-config", "--bind", "127.0.0.1:0", "flask:Flask('x')")

    [line] = [one for one in printed.splitlines() if one.startswith("post_worker_init")]
    assert "<post_worker_init()>" in line


def test_what_a_process_shares_among_requests_is_not_searched_for_garbage_again():
    assert run("-c", COUNT).split() == ["True", "True"]
