"""Notices that the clock on the wall was set."""

import time
from typing import Final

from homeassistant.util import dt as dt_util

# A clock that differs by more than this from the time that passed was set.
_JUMP_SECONDS: Final = 60


class ClockWatch:
    """Holds the clock on the wall against one that nobody can set."""

    def __init__(self) -> None:
        """Start without a comparison."""
        self._last: tuple[float, float] | None = None

    def jump(self) -> float:
        """Return by how many seconds the clock was set since the last time, or 0."""
        now, passed = dt_util.utcnow().timestamp(), time.monotonic()
        wall, monotonic = self._last or (now, passed)
        self._last = now, passed
        jump = (now - wall) - (passed - monotonic)
        return jump if abs(jump) > _JUMP_SECONDS else 0
