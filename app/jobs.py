"""Work that must not run in the web process: a process of its own prints reports, one such process at a time.

The row that asks for the work is the truth; the process that does it reports into the row (`reporting/tasks.py`).
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

PROJECT = Path(__file__).parent.parent


def wake(data_dir: Path) -> None:
    """Start a process that prints everything that is queued; it goes away at once while another one is printing."""
    with (data_dir / "printing.log").open("ab") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "jobs", "work"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=PROJECT,
            env=os.environ | {"ZHIZHEN_DATA_DIR": str(data_dir)},
            start_new_session=True,
        )
    Thread(target=started.wait, daemon=True).start()  # so that it does not stay in the process table when it has ended


@contextmanager
def alone(data_dir: Path) -> Iterator[bool]:
    """Keep other processes of this installation from printing; False when one of them does already.

    The lock goes with the process, so a killed one bars nobody and its unfinished rows are known to be orphans.
    """
    with (data_dir / "printing.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
