"""Work that must not run in the web process. The row that asks for it is the truth; a message only says: look there.

Celery carries the messages, through a folder on one machine (no server) or through Redis between several. A message
that is lost costs time and nothing else: whoever watches sends another for every row that waits too long.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from celery import Celery
from flask import Flask, current_app
from kombu.exceptions import OperationalError

PROJECT = Path(__file__).parent.parent
PRINT_NEXT = "print_next"


def connect(flask_app: Flask) -> None:
    """Give the application its queue of messages."""
    settings = flask_app.config["ZHIZHEN"]
    queue = Celery("zhizhen", set_as_current=False)
    queue.conf.update(
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_url=settings.broker or "filesystem://",
    )
    queue.conf.broker_transport_options = (
        {"max_retries": 1, "interval_start": 0, "socket_connect_timeout": 2, "socket_timeout": 5}
        if settings.broker  # a person waits for the page
        else _folders(settings.data_dir / "messages")
    )
    flask_app.extensions["celery"] = queue


def _folders(inside: Path) -> dict[str, str]:
    waiting, control = inside / "waiting", inside / "control"
    for folder in (inside, waiting, control):
        folder.mkdir(mode=0o700, exist_ok=True)
    return {"data_folder_in": str(waiting), "data_folder_out": str(waiting), "control_folder": str(control)}


def queue() -> Celery:
    """Return the queue of the running application."""
    made: Celery = current_app.extensions["celery"]
    return made


def announce(times: int = 1) -> None:
    """Say that something waits to be printed. Where nobody can be told, the rows wait for who looks by himself."""
    try:
        for _message in range(times):
            queue().send_task(PRINT_NEXT, retry=False)
    except OperationalError:
        current_app.logger.exception("the message queue cannot be reached")


def wake(times: int = 1) -> None:
    """Announce work, and on one machine start printers where none are running; they go after a minute without work."""
    settings = current_app.config["ZHIZHEN"]
    announce(times)
    if not settings.broker and not is_held(printers_lock(settings.data_dir)):
        _start_printers(settings.data_dir)


def _start_printers(data_dir: Path) -> None:
    with (data_dir / "printing.log").open("ab") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "jobs", "work", "--idle", "60"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=PROJECT,
            env=os.environ | {"ZHIZHEN_DATA_DIR": str(data_dir)},
            start_new_session=True,
        )
    Thread(target=started.wait, daemon=True).start()  # so that it does not stay in the process table when it has ended


# --- who is at work ---------------------------------------------------------------------------------------------------


def printers_lock(data_dir: Path) -> Path:
    """Return the file that the printers of one machine hold while they run."""
    return data_dir / "printing.lock"


@contextmanager
def held(file: Path) -> Iterator[bool]:
    """Hold a file; False when another process holds it already.

    It is let go with the process, so a killed one bars nobody and what it left behind is known to be left.
    """
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def is_held(file: Path) -> bool:
    """Tell whether a process holds a file."""
    if not file.exists():
        return False
    with held(file) as free:
        return not free


def end_with_parent() -> None:
    """Let this process end when the one that started it does, however that ends. Linux only; elsewhere nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
