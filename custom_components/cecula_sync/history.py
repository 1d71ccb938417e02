"""The recent conversation: texts and calls, in and out, kept as long as wanted."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from homeassistant.core import callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .const import CONF_KEEP_MESSAGES, DEFAULT_KEEP_MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from .store import Journal

# Years of a busy house; 2 MB on disk.
_MOST_MESSAGES: Final = 10_000
_PRUNE_INTERVAL: Final = timedelta(hours=6)


class Direction(StrEnum):
    """Which way a message went."""

    IN = "in"
    OUT = "out"


class Kind(StrEnum):
    """What a message was."""

    SMS = "sms"
    CALL = "call"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Message:
    """A text or call. `number` is E.164, a name or None; `text` is None for a call.

    `tracking_id` is the provider's id of what was sent; of a call, its call id.
    """

    direction: Direction
    kind: Kind
    number: str | None
    contact_id: str | None
    text: str | None
    time: datetime
    status: str
    tracking_id: str | None = None


class History:
    """The messages of one dedicated number, on disk and bounded."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, journal: Journal
    ) -> None:
        """Take the journal, which has been read."""
        self._hass = hass
        self._entry = entry
        self._journal = journal
        self._last = max(map(int, journal.data), default=0)
        self._sent = {
            (message["kind"], message["tracking_id"]): key
            for key, message in journal.data.items()
            if message["tracking_id"] is not None
        }

    @callback
    def async_start(self) -> None:
        """Forget what is too old, now and from time to time."""
        self.async_prune()
        self._entry.async_on_unload(
            async_track_time_interval(
                self._hass, self.async_prune, _PRUNE_INTERVAL, cancel_on_shutdown=True
            )
        )

    @property
    def _oldest_kept(self) -> datetime | None:
        """Return from when on messages are kept; None where none are."""
        days = self._entry.options.get(CONF_KEEP_MESSAGES, DEFAULT_KEEP_MESSAGES)
        return dt_util.utcnow() - timedelta(days=days) if days else None

    @callback
    def async_add(self, message: Message) -> None:
        """Keep a message, unless it is too old to be kept."""
        oldest = self._oldest_kept
        if oldest is None or message.time < oldest:
            return
        self._last += 1
        key = str(self._last)
        value = {**asdict(message), "time": message.time.isoformat()}
        self._journal.put(key, value)
        if message.tracking_id is not None:
            self._sent[message.kind, message.tracking_id] = key
        while len(self._journal.data) > _MOST_MESSAGES:
            self._forget(next(iter(self._journal.data)))

    @callback
    def async_set_status(self, kind: Kind, tracking_id: str, status: str) -> None:
        """Note what became of a message that was sent."""
        if (key := self._sent.get((kind, tracking_id))) is not None:
            self._journal.put(key, {**self._journal.data[key], "status": status})

    @callback
    def async_prune(self, _now: datetime | None = None) -> None:
        """Forget what is older than the user wants it kept, on disk too."""
        oldest = self._oldest_kept
        for key, message in list(self._journal.data.items()):
            if oldest is None or datetime.fromisoformat(message["time"]) < oldest:
                self._forget(key, shred=True)

    def _forget(self, key: str, *, shred: bool = False) -> None:
        message = self._journal.data[key]
        self._sent.pop((message["kind"], message["tracking_id"]), None)
        self._journal.remove(key, shred=shred)

    def newest_first(self, since: datetime | None = None) -> Iterator[Message]:
        """Yield the messages by their time, the newest first, back to a moment."""
        timed = [
            (datetime.fromisoformat(value["time"]), number, value)
            for number, value in enumerate(self._journal.data.values())
        ]
        for moment, _, value in sorted(timed, key=itemgetter(0, 1), reverse=True):
            if since is not None and moment < since:
                return
            yield Message(**{**value, "time": moment})

    def last_unknown(
        self, contact_of: Callable[[str | None], object | None]
    ) -> str | None:
        """Return the last number that came in and is no contact's, if there is one."""
        return next(
            (
                message.number
                for message in self.newest_first()
                if message.direction == Direction.IN
                and message.number is not None
                and message.number.startswith("+")
                and contact_of(message.number) is None
            ),
            None,
        )
