"""When to ask the provider what became of a message that no report came for."""

from collections import deque
import heapq
import time
from typing import TYPE_CHECKING, Final

from homeassistant.core import CALLBACK_TYPE, HassJob, callback
from homeassistant.helpers.event import async_call_later

from .const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from .models import CeculaConfigEntry

# What a report tells within seconds needs no question; later ones are ever less urgent.
_PAUSES: Final = (120, 240, 480, 960, 1800, 3600)
# A clock that is set a little meanwhile must not have a question asked twice.
_GRAIN_SECONDS: Final = 5
# A limit of ours: nobody knows how many questions the provider takes.
_MOST_A_MINUTE: Final = 30
_MINUTE: Final = 60


def due_after(age: float) -> float:
    """Return at which age in seconds a message is asked for next."""
    age += _GRAIN_SECONDS
    due = 0.0
    for pause in _PAUSES:
        due += pause
        if due > age:
            return due
    hours = (age - due) // _PAUSES[-1] + 1
    return due + hours * _PAUSES[-1]


class LookUps[K]:
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
        if self._cancel is not None:
            self._cancel()
            self._cancel = None
        self._drop_stale()
        if not self._queue or self._is_asking:
            return
        at = max(self._queue[0][0], self._free_at())
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
        self._cancel = None
        self._entry.async_create_background_task(
            self._hass, self._async_ask_due(), f"{DOMAIN} look-ups"
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
