"""How often somebody may fail to prove who he is: ten times a minute, by each key that tells him from others.

Counted in this process alone. Only failures count, so nobody is locked out by signing in often.
"""

from __future__ import annotations

from flask import abort
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

_MOST = RateLimitItemPerMinute(10)
_kept = MemoryStorage()
_failures = FixedWindowRateLimiter(_kept)


def refuse_after_many(*keys: str) -> None:
    """End the request with 429 when there were too many failures under one of the keys."""
    if not all(_failures.test(_MOST, key) for key in keys):
        abort(429)


def failed(*keys: str) -> None:
    """Count one failure under each key."""
    for key in keys:
        _failures.hit(_MOST, key)


def forget() -> None:
    """Begin anew."""
    _kept.reset()
