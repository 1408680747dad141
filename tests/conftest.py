"""What every test shares: how hard Hypothesis tries, and what `make test` says at its end."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent

# No deadline: on a busy machine the first example of a test pays for imports. On the build machine the examples are
# always the same, so that a change is never blamed for a fault it did not make.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the product."""
    return ROOT


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what `make test` did before the tests and how long all of it took; pytest's own line stays the last one."""
    if os.environ.get("ZHIZHEN_TEST_CHECKS_FAILED"):
        terminalreporter.write_line("make test: failed, because a check failed before the tests; see above", red=True)
    if began := os.environ.get("ZHIZHEN_TEST_BEGAN"):
        minutes, seconds = divmod(round(time.time() - int(began)), 60)
        terminalreporter.write_line(f"make test: {minutes} min {seconds} s in all, set-up and checks included")
