"""When to ask the provider what became of a message that no report came for."""

from collections import deque
import heapq
import time
from typing import TYPE_CHECKING, Final

from homeassistant.core import CALLBACK_TYPE, HassJob, callback
from homeassistant.helpers.event import async_call_later

from .const import DOMAIN, Kind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from .models import CeculaConfigEntry

# Who waits wants to know soon; what is not known after these pauses is asked for
# again after the last one. A call rings for less than a minute.
_HURRIED: Final[dict[Kind, tuple[int, ...]]] = {
    Kind.SMS: (5, 10, 20, 40),
    Kind.CALL: (3, 6, 12),
}
# What a report tells within seconds needs no question; later ones are ever less urgent.
_PAUSES: Final = (120, 240, 480, 960, 1800, 3600)
# An SMS expires after 24 hours (provider's reference); what is open then stays so.
_GIVE_UP_SECONDS: Final[dict[Kind, int]] = {Kind.SMS: 26 * 3600, Kind.CALL: 3600}
# A clock that is set a little meanwhile must not have a question asked twice.
_GRAIN_SECONDS: Final = 5
# A limit of ours: nobody knows how many questions the provider takes.
_MOST_A_MINUTE: Final = 30
_MINUTE: Final = 60


def pause_of(kind: Kind, age: float, asked: int | None) -> float | None:
    """Return after how many seconds to ask, or None to ask no more.

    `age` is the message's, in seconds. `asked` is how often it was asked for while
    somebody waited, None where nobody does: then it is ever more seldom.
    """
    if asked is not None:
        pauses = _HURRIED[kind]
        return pauses[min(asked, len(pauses) - 1)]
    due = _due_after(age)
    return due - age if due <= _GIVE_UP_SECONDS[kind] else None


def _due_after(age: float) -> float:
    """Return at which age in seconds a message is asked for next."""
    age += _GRAIN_SECONDS
    due = 0.0
    for pause in _PAUSES:
        due += pause
        if due > age:
            return due
    hours = (age - due) // _PAUSES[-1] + 1
    return due + hours * _PAUSES[-1]


class StatusChecks[K]:
    """Asks one after the other, each when it is due, and not too many a minute."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: CeculaConfigEntry,
        ask: Callable[[K], Awaitable[None]],
    ) -> None:
        """Take how to ask; `ask` schedules the next question itself."""
        self._hass = hass
        self._entry = entry
        self._ask = ask
        self._due: dict[K, float] = {}
        self._queue: list[tuple[float, int, K]] = []
        self._asked: deque[float] = deque(maxlen=_MOST_A_MINUTE)
        self._number = 0
        self._is_asking = False
        self._cancel: CALLBACK_TYPE | None = None
        self._wakes_at: float | None = None

    @callback
    def async_schedule(self, key: K, seconds: float) -> None:
        """Ask in so many seconds, instead of when it was due before."""
        due = time.monotonic() + seconds
        self._due[key] = due
        self._number += 1
        heapq.heappush(self._queue, (due, self._number, key))
        self._arm()

    @callback
    def async_forget(self, key: K) -> None:
        """Ask no more."""
        self._due.pop(key, None)

    @callback
    def async_stop(self) -> None:
        """Ask nothing more at all."""
        self._due.clear()
        self._queue.clear()
        self._arm()

    def _arm(self) -> None:
        """Wake up when the next question is due and may be asked."""
        self._drop_stale()
        at = None
        if self._queue and not self._is_asking:
            at = max(self._queue[0][0], self._free_at())
        # Of many that are scheduled at once, few change when to wake up.
        if at == self._wakes_at:
            return
        if self._cancel is not None:
            self._cancel()
            self._cancel = None
        self._wakes_at = at
        if at is None:
            return
        self._cancel = async_call_later(
            self._hass,
            max(at - time.monotonic(), 0),
            HassJob(self._async_wake, cancel_on_shutdown=True),
        )

    def _drop_stale(self) -> None:
        while self._queue and self._due.get(self._queue[0][2]) != self._queue[0][0]:
            heapq.heappop(self._queue)

    def _free_at(self) -> float:
        if len(self._asked) < _MOST_A_MINUTE:
            return 0
        return self._asked[0] + _MINUTE

    @callback
    def _async_wake(self, _now: datetime) -> None:
        self._cancel = self._wakes_at = None
        self._entry.async_create_background_task(
            self._hass, self._async_ask_due(), f"{DOMAIN} status checks"
        )

    async def _async_ask_due(self) -> None:
        self._is_asking = True
        try:
            while self._is_one_due():
                _, _, key = heapq.heappop(self._queue)
                del self._due[key]
                self._asked.append(time.monotonic())
                await self._ask(key)
        finally:
            self._is_asking = False
            self._arm()

    def _is_one_due(self) -> bool:
        self._drop_stale()
        now = time.monotonic()
        return bool(self._queue) and max(self._queue[0][0], self._free_at()) <= now
