"""The provider's time, and what falls due in it."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# A timer may ring a little before the wall clock agrees that it is due.
_SHORTEST_WAIT = 0.001


@dataclass(order=True, slots=True)
class Due:
    """Something that will be done at its time."""

    moment: datetime
    order: int
    action: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Forget it."""
        self.cancelled = True


class Clock:
    """Real time, until it is set, advanced or frozen."""

    def __init__(self) -> None:
        """Start with the time of the machine."""
        self._offset = timedelta()
        self._frozen_at: datetime | None = None
        self._due: list[Due] = []
        self._order = count()
        self._timer: asyncio.TimerHandle | None = None

    def now(self) -> datetime:
        """Return the provider's time, in UTC."""
        return self._frozen_at or datetime.now(UTC) + self._offset

    @property
    def frozen(self) -> bool:
        """Tell whether time stands still."""
        return self._frozen_at is not None

    def set(self, moment: datetime) -> None:
        """Jump to a moment, forward or back; what is due by then is done."""
        if moment.tzinfo is None:
            message = "The clock is set to a time with a zone"
            raise ValueError(message)
        target = moment.astimezone(UTC)
        while (due := self._next()) and due.moment <= target:
            self._move_to(max(self.now(), due.moment))
            heappop(self._due).action()
        self._move_to(target)
        self._wind()

    def advance(self, seconds: float) -> None:
        """Let time pass; what falls due is done in its order, at its time."""
        self.set(self.now() + timedelta(seconds=seconds))

    def freeze(self, at: datetime | None = None) -> None:
        """Stop time, now or at a moment."""
        self._frozen_at = self.now()
        self.set(at or self._frozen_at)

    def run(self) -> None:
        """Let a frozen clock go on from where it stands."""
        self._offset = self.now() - datetime.now(UTC)
        self._frozen_at = None
        self._wind()

    def call_later(self, seconds: float, action: Callable[[], None]) -> Due:
        """Do something after so many seconds of the provider's time."""
        due = Due(self.now() + timedelta(seconds=seconds), next(self._order), action)
        heappush(self._due, due)
        self._wind()
        return due

    @property
    def overdue(self) -> bool:
        """Tell whether something is due and not done yet."""
        due = self._next()
        return due is not None and due.moment <= self.now()

    def do_due(self) -> None:
        """Do all that is due, without waiting for the timer to ring."""
        while self.overdue:
            heappop(self._due).action()
        self._wind()

    def stop(self) -> None:
        """Forget everything that would fall due."""
        self._due.clear()
        self._wind()

    def _move_to(self, moment: datetime) -> None:
        if self._frozen_at is not None:
            self._frozen_at = moment
        else:
            self._offset = moment - datetime.now(UTC)

    def _next(self) -> Due | None:
        while self._due and self._due[0].cancelled:
            heappop(self._due)
        return self._due[0] if self._due else None

    def _wind(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = self._next()
        if due is None or (self.frozen and not self.overdue):
            return
        wait = (due.moment - self.now()).total_seconds()
        self._timer = asyncio.get_running_loop().call_later(
            max(_SHORTEST_WAIT, wait) if wait > 0 else 0, self._ring
        )

    def _ring(self) -> None:
        self._timer = None
        self.do_due()
