"""How long messages are kept, by a clock that may be wrong."""

from datetime import datetime, timedelta
import time
from typing import TYPE_CHECKING, Final

from homeassistant.util import dt as dt_util

from .clock import ClockWatch, is_set
from .const import CONF_KEEP_MESSAGES, DEFAULT_KEEP_MESSAGES

if TYPE_CHECKING:
    from .models import CeculaConfigEntry


# What is told by so much more than the clock shows may tell that the clock is behind;
# a time zone that is misread makes up for less.
_BEHIND: Final = timedelta(days=2)


class Keeping:
    """Knows how old a message may get, and which have no true time yet."""

    def __init__(self, entry: CeculaConfigEntry) -> None:
        """Take whose option it is."""
        self._entry = entry
        self._days_before = self.days
        self._clock = ClockWatch()
        self._is_doubted = False
        # Of each that was noted: what was told of its time; and when that was, in
        # seconds of a clock that nobody can set.
        self._undated: dict[str, tuple[datetime, float]] = {}

    @property
    def days(self) -> float:
        """Return for how many days messages are kept; 0 where none are."""
        days: float = self._entry.options.get(CONF_KEEP_MESSAGES, DEFAULT_KEEP_MESSAGES)
        return days

    @property
    def oldest(self) -> datetime:
        """Return from when on messages are kept."""
        return dt_util.utcnow() - timedelta(days=self.days)

    def is_shortened(self) -> bool:
        """Return whether the user wants less kept than at the last call."""
        before, self._days_before = self._days_before, self.days
        return self._days_before < before

    def clock_may_be_wrong(self) -> bool:
        """Return whether the clock on the wall was set since the last call.

        Never twice running: a machine that sleeps finds it set each time.
        """
        was_doubted, self._is_doubted = self._is_doubted, bool(self._clock.jump())
        self._is_doubted &= not was_doubted
        return self._is_doubted

    def note(self, key: str, told: datetime, kept: datetime) -> None:
        """Note a message, if the time that is kept may be of a clock that is behind."""
        if not is_set(kept) or told - kept > _BEHIND:
            self._undated[key] = told, time.monotonic()

    def drop(self, key: str) -> None:
        """Forget a message."""
        self._undated.pop(key, None)

    def dates(self) -> dict[str, datetime]:
        """Return when messages were noted, once the clock is set: each once."""
        now, passed = dt_util.utcnow(), time.monotonic()
        dates = {
            key: now - timedelta(seconds=passed - noted_at)
            for key, (told, noted_at) in self._undated.items()
            if is_set(now) and told <= now
        }
        for key in dates:
            del self._undated[key]
        return dates
