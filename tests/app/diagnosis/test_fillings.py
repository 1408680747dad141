"""A small share of what `ONLY=fillings make bench` runs: people, windows, workers and lines that fail, and no loss."""

from __future__ import annotations

import pytest

from bench import fillings


def test_no_acknowledged_answer_is_lost_and_none_is_changed_by_nobody_whatever_breaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fillings, "KILL_EVERY", 8)

    outcome = fillings.run(fillings=30, seed=20_261_126, minutes=3)

    assert outcome.faults == []
    assert outcome.fillings == 30
    assert outcome.acknowledged > 200
    assert set(outcome.happened) >= {
        "workers killed",
        "connections broken",
        "sessions ended",
        "sent twice",
        "asked which of two",
    }
