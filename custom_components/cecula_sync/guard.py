"""Spending guard: what leaves in any hour and any day is no more than is allowed."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from math import ceil, inf
import time
from typing import TYPE_CHECKING, Final, NoReturn

from homeassistant.core import HassJob, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .clock import ClockWatch
from .const import CONF_MAX_PER_DAY, CONF_MAX_PER_HOUR, DOMAIN, LOGGER
from .issues import Issue, async_close_issue, async_open_issues, async_raise_issue
from .store import SEND_PATIENCE_SECONDS, JournalError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from homeassistant.core import CALLBACK_TYPE, HomeAssistant

    from .models import CeculaConfigEntry
    from .store import Journal

# The options, and over how many hours each of them looks back.
_LIMITS: Final = {CONF_MAX_PER_HOUR: 1, CONF_MAX_PER_DAY: 24}
_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR
# So much of what only the wall clock calls old is kept, in case that clock is wrong.
_MOST_OLD: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lack:
    """A limit that a request does not fit under; it never will without `room_at`."""

    limit: int
    hours: int
    left: int
    room_at: float | None


class Reservation:
    """What a request may cost; it is counted, but for what is given back."""

    def __init__(self, journal: Journal, key: str, each: int) -> None:
        """Take where it stands, and what one recipient costs."""
        self._journal = journal
        self._key = key
        self._each = each

    @callback
    def give_back(self, recipients: int) -> None:
        """Count so many recipients no more: surely nothing left for them."""
        if not recipients or self._key not in self._journal.data:
            return
        at, cost = self._journal.data[self._key]
        cost -= recipients * self._each
        if cost > 0:
            self._journal.put(self._key, [at, cost])
        else:
            self._journal.remove(self._key)


class SpendingGuard:
    """Counts what a dedicated number sends: each page to each phone, and each call.

    It counts without limits too, so that one that is set knows of the last day. Two
    requests never share room: it is taken before the first one leaves.
    """

    def __init__(
        self, hass: HomeAssistant, entry: CeculaConfigEntry, journal: Journal
    ) -> None:
        """Take whose limits they are, and the journal, which has been read.

        It holds, for each request, when it left (UTC, seconds) and what it cost.
        """
        self._hass = hass
        self._entry = entry
        self._journal = journal
        keys = journal.read("", _require_entry)
        self._last = max(keys.values(), default=0)
        # When, by a clock that nobody can set, each was surely counted.
        self._counted = dict.fromkeys(keys, time.monotonic())
        self._of_this_run: set[str] = set()
        self._clock = ClockWatch()
        self._clock.jump()
        self._limits = _limits_of(entry)
        # What the request would have cost that the issue tells of.
        self._refused = 0
        self._waiting: CALLBACK_TYPE | None = None
        self._is_stopped = False

    @callback
    def async_start(self) -> None:
        """Wait for the room that an issue of an earlier run tells of."""
        self._entry.async_on_unload(self._stop)
        issues = async_open_issues(self._hass, self._entry)
        evidence = issues.get(Issue.LIMIT_REACHED) or {}
        if isinstance(cost := evidence.get("cost"), int):
            self._refused = cost
            self._wait_for_room()

    @callback
    def _stop(self) -> None:
        self._is_stopped = True
        self._wait_no_more()

    @property
    def spent(self) -> dict[int, int]:
        """Return what left in the last so many hours, by how many they are."""
        now = self._now()
        entries = self._journal.data.values()
        return {
            hours: sum(cost for at, cost in entries if at > now - hours * _HOUR)
            for hours in _LIMITS.values()
        }

    @callback
    def async_reserve(
        self, recipients: int, *, pages: int, ignore_limit: bool
    ) -> Reservation:
        """Take room for a request, whole.

        Raises `ServiceValidationError` if there is too little, unless the limits are
        to be ignored.
        """
        now = self._now()
        self._tidy(now)
        cost = recipients * pages
        if not ignore_limit:
            if (lack := self._lack(cost, now)) is not None:
                self._refuse(cost, lack)
            self._close_issue()
        self._last += 1
        key = str(self._last)
        self._journal.put(key, [now, cost])
        self._counted[key] = time.monotonic()
        self._of_this_run.add(key)
        return Reservation(self._journal, key, pages)

    async def async_keep(self) -> None:
        """Return when what was counted is on disk, or the disk refuses it, or hangs.

        It is counted all the same until Home Assistant stops.
        """
        try:
            await self._journal.async_commit(patience=SEND_PATIENCE_SECONDS)
        except JournalError as err:
            LOGGER.error("What was spent could not be kept on disk: %s", err)

    @callback
    def async_apply_options(self) -> None:
        """Take the issue away if changed limits make room."""
        if (limits := _limits_of(self._entry)) != self._limits:
            self._limits = limits
            self._wait_for_room()

    @callback
    def _wait_for_room(self, _now: datetime | None = None) -> None:
        """Take the issue away, now or as soon as what was refused fits."""
        self._wait_no_more()
        now = self._now()
        if (lack := self._lack(self._refused, now)) is None:
            self._close_issue()
        elif lack.room_at is not None and not self._is_stopped:
            job = HassJob(self._wait_for_room, cancel_on_shutdown=True)
            self._waiting = async_call_later(self._hass, ceil(lack.room_at - now), job)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting()
            self._waiting = None

    def _close_issue(self) -> None:
        self._wait_no_more()
        async_close_issue(self._hass, self._entry, Issue.LIMIT_REACHED)

    def _now(self) -> float:
        """Return the time, by a clock that what this run counted has followed.

        What an earlier run counted had another clock. What seems to be of the future
        counts as of now, so that it is forgotten in time.
        """
        now, jump = dt_util.utcnow().timestamp(), self._clock.jump()
        for key, (at, cost) in list(self._journal.data.items()):
            followed = at + jump if key in self._of_this_run else at
            if (moved := min(followed, now)) != at:
                self._journal.put(key, [moved, cost])
                self._of_this_run.add(key)
        return now

    def _tidy(self, now: float) -> None:
        """Forget what is older than a day, by the wall clock and by one nobody can set.

        Of what only the wall clock says it, as after each start, some is kept.
        """
        passed, old = time.monotonic(), []
        for key, (at, _) in list(self._journal.data.items()):
            if at > now - _DAY:
                continue
            if self._counted[key] <= passed - _DAY:
                self._journal.remove(key)
            else:
                old.append(key)
        for key in old[:-_MOST_OLD]:
            self._journal.remove(key)
        self._counted = {key: self._counted[key] for key in self._journal.data}
        self._of_this_run &= self._counted.keys()

    def _lack(self, cost: int, now: float) -> _Lack | None:
        """Return the limit that keeps a request back for longest."""
        lacks = []
        for hours, limit in self._limits.items():
            seconds = hours * _HOUR
            spent = sorted(
                (at, each)
                for at, each in self._journal.data.values()
                if at > now - seconds
            )
            left = limit - sum(each for _, each in spent)
            if cost > left:
                freed_at = _freed_at(spent, cost - left) if cost <= limit else None
                lacks.append(
                    _Lack(
                        limit=limit,
                        hours=hours,
                        left=max(left, 0),
                        room_at=None if freed_at is None else freed_at + seconds,
                    )
                )
        return max(lacks, key=_wait, default=None)

    def _refuse(self, cost: int, lack: _Lack) -> NoReturn:
        limit, left, hours = str(lack.limit), str(lack.left), str(lack.hours)
        async_raise_issue(
            self._hass,
            self._entry,
            Issue.LIMIT_REACHED,
            {"cost": cost},
            limit=limit,
            left=left,
            hours=hours,
            cost=str(cost),
        )
        self._refused = cost
        self._wait_for_room()
        if lack.room_at is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="limit_too_low",
                translation_placeholders={
                    "cost": str(cost),
                    "limit": limit,
                    "hours": hours,
                },
            )
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="limit_reached",
            translation_placeholders={
                "cost": str(cost),
                "left": left,
                "limit": limit,
                "hours": hours,
                "time": _by_the_clock(lack.room_at),
            },
        )


def _require_entry(key: str, value: Sequence[float]) -> int:
    """Return the number of an entry; raise where it is none, or its value is not."""
    at, cost = value
    if not at + cost >= 0:
        raise ValueError(key)
    return int(key)


def _limits_of(entry: CeculaConfigEntry) -> dict[int, int]:
    """Return, for so many hours each, what may leave; a limit that is off is left out.

    The form gives whole numbers as fractions.
    """
    limits = {
        hours: int(entry.options.get(option, 0)) for option, hours in _LIMITS.items()
    }
    return {hours: limit for hours, limit in limits.items() if limit > 0}


def _freed_at(spent: Sequence[tuple[float, int]], lacking: int) -> float:
    """Return the time of the last entry that must lapse, oldest first, to make room."""
    freed = accumulate(cost for _, cost in spent)
    return next(
        at for (at, _), cost in zip(spent, freed, strict=True) if cost >= lacking
    )


def _wait(lack: _Lack) -> float:
    return inf if lack.room_at is None else lack.room_at


def _by_the_clock(timestamp: float) -> str:
    """Return the next full minute, in local time."""
    minute = dt_util.utc_from_timestamp(0) + timedelta(minutes=ceil(timestamp / 60))
    return dt_util.as_local(minute).strftime("%Y-%m-%d %H:%M")
