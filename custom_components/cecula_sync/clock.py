"""Tells how long ago something was, and notices that the clock on the wall was set."""

from datetime import UTC, datetime
import time
from typing import Final

from homeassistant.util import dt as dt_util

# A clock that differs by more than this from the time that passed was set.
_JUMP_SECONDS: Final = 60

# A clock that shows less was not set since the machine was started.
_UNSET_BEFORE: Final = datetime(2010, 1, 1, tzinfo=UTC)

# A moment by the clock on the wall, as UTC, and by one that nobody can set.
type Moment = tuple[float, float]


def this_moment() -> Moment:
    """Return now, in seconds."""
    return dt_util.utcnow().timestamp(), time.monotonic()


def is_set(moment: datetime) -> bool:
    """Tell whether a clock that shows this can be right."""
    return moment >= _UNSET_BEFORE


def seconds_since(moment: Moment) -> float:
    """Return the seconds since a moment, by whichever clock says more.

    The clock that nobody can set stands still while the machine is paused or asleep,
    and the one on the wall may be set back.
    """
    return max(now - then for now, then in zip(this_moment(), moment, strict=True))


class ClockWatch:
    """Holds the clock on the wall against one that nobody can set."""

    def __init__(self) -> None:
        """Start without a comparison."""
        self._last: Moment | None = None

    def jump(self) -> float:
        """Return by how many seconds the clock was set since the last time, or 0.

        A machine that was paused or asleep finds it set, by as long as that took.
        """
        now, passed = this_moment()
        wall, monotonic = self._last or (now, passed)
        self._last = now, passed
        jump = (now - wall) - (passed - monotonic)
        return jump if abs(jump) > _JUMP_SECONDS else 0
