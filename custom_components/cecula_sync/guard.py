"""Spending guard: what leaves in any hour and any day is no more than is allowed."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from math import ceil, inf
from typing import TYPE_CHECKING, Final, NoReturn

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HassJob, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import CONF_MAX_PER_DAY, CONF_MAX_PER_HOUR, DOMAIN, LOGGER
from .issues import Issue, async_close_issue, async_open_issues, async_raise_issue
from .spent import Spent
from .store import SEND_PATIENCE_SECONDS, JournalError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant

    from .models import CeculaConfigEntry
    from .store import Journal

# The options, and over how many hours each of them looks back.
_LIMITS: Final = {CONF_MAX_PER_HOUR: 1, CONF_MAX_PER_DAY: 24}
_HOUR: Final = 3600

# What this process counted of each number, and when: it outlives a reload.
_DATA_COUNTED: Final[HassKey[dict[str, dict[str, float]]]] = HassKey(
    f"{DOMAIN}_counted"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lack:
    """A limit that a request does not fit under; it never will without `seconds`."""

    limit: int
    hours: int
    left: int
    seconds: float | None


class Reservation:
    """What a request may cost; it is counted, but for what is given back."""

    def __init__(self, spent: Spent, key: str, each: int) -> None:
        """Take where it stands, and what one recipient costs."""
        self._spent = spent
        self._key = key
        self._each = each

    @callback
    def give_back(self, recipients: int) -> None:
        """Count so many recipients no more: surely nothing left for them."""
        if recipients:
            self._spent.give_back(self._key, recipients * self._each)


class SpendingGuard:
    """Counts what a dedicated number sends: each page to each phone, and each call.

    It counts without limits too, so that one that is set knows of the last day. Two
    requests never share room: it is taken before the first one leaves.
    """

    def __init__(
        self, hass: HomeAssistant, entry: CeculaConfigEntry, journal: Journal
    ) -> None:
        """Take whose limits they are, and the journal, which has been read."""
        self._hass = hass
        self._entry = entry
        self._journal = journal
        counted = hass.data.setdefault(_DATA_COUNTED, {})
        self._spent = Spent(journal, counted.setdefault(entry.entry_id, {}))
        self._limits = _limits_of(entry)
        # What the request would have cost that the issue tells of.
        self._refused = 0
        self._waiting: CALLBACK_TYPE | None = None
        self._is_stopped = False

    @callback
    def async_start(self) -> None:
        """Wait for the room that an issue of an earlier run tells of."""
        self._entry.async_on_unload(self._stop)
        self._entry.async_on_unload(
            self._hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._leave)
        )
        issues = async_open_issues(self._hass, self._entry)
        evidence = issues.get(Issue.LIMIT_REACHED) or {}
        if isinstance(cost := evidence.get("cost"), int):
            self._refused = cost
            self._wait_for_room()

    @callback
    def _stop(self) -> None:
        self._is_stopped = True
        self._wait_no_more()

    @callback
    def _leave(self, _event: Event) -> None:
        """Leave to the next run of Home Assistant what its clock can make sense of."""
        self._spent.follow()

    @property
    def spent(self) -> dict[int, int]:
        """Return what left in the last so many hours, by how many they are."""
        return {hours: sum(self._costs(hours)) for hours in _LIMITS.values()}

    def _costs(self, hours: int) -> Iterator[int]:
        return (cost for _, cost in self._spent.within(hours * _HOUR))

    @callback
    def async_reserve(
        self, recipients: int, *, pages: int, ignore_limit: bool
    ) -> Reservation:
        """Take room for a request, whole.

        Raises `ServiceValidationError` if there is too little, unless the limits are
        to be ignored.
        """
        self._spent.follow()
        self._spent.tidy()
        cost = recipients * pages
        if not ignore_limit:
            if (lack := self._lack(cost)) is not None:
                self._refuse(cost, lack)
            self._close_issue()
        return Reservation(self._spent, self._spent.add(cost), pages)

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
        if (lack := self._lack(self._refused)) is None:
            self._close_issue()
        elif lack.seconds is not None and not self._is_stopped:
            job = HassJob(self._wait_for_room, cancel_on_shutdown=True)
            self._waiting = async_call_later(self._hass, ceil(lack.seconds), job)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting()
            self._waiting = None

    def _close_issue(self) -> None:
        self._wait_no_more()
        async_close_issue(self._hass, self._entry, Issue.LIMIT_REACHED)

    def _lack(self, cost: int) -> _Lack | None:
        """Return the limit that keeps a request back for longest."""
        lacks = []
        for hours, limit in self._limits.items():
            spent = self._spent.within(hours * _HOUR)
            left = limit - sum(each for _, each in spent)
            if cost > left:
                age = _age_to_free(spent, cost - left) if cost <= limit else None
                lacks.append(
                    _Lack(
                        limit=limit,
                        hours=hours,
                        left=max(left, 0),
                        seconds=None if age is None else hours * _HOUR - age,
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
        if lack.seconds is None:
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
                "time": _by_the_clock(lack.seconds),
            },
        )


def _limits_of(entry: CeculaConfigEntry) -> dict[int, int]:
    """Return, for so many hours each, what may leave; a limit that is off is left out.

    The form gives whole numbers as fractions.
    """
    limits = {
        hours: int(entry.options.get(option, 0)) for option, hours in _LIMITS.items()
    }
    return {hours: limit for hours, limit in limits.items() if limit > 0}


def _age_to_free(spent: Sequence[tuple[float, int]], lacking: int) -> float:
    """Return the age of the last entry that must lapse, oldest first, to make room."""
    freed = accumulate(cost for _, cost in spent)
    return next(
        age for (age, _), cost in zip(spent, freed, strict=True) if cost >= lacking
    )


def _wait(lack: _Lack) -> float:
    return inf if lack.seconds is None else lack.seconds


def _by_the_clock(seconds: float) -> str:
    """Return the full minute by which so many seconds have passed, in local time."""
    timestamp = dt_util.utcnow().timestamp() + seconds
    minute = dt_util.utc_from_timestamp(0) + timedelta(minutes=ceil(timestamp / 60))
    return dt_util.as_local(minute).strftime("%Y-%m-%d %H:%M")
