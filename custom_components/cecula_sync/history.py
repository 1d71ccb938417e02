"""The recent conversation: texts and calls, in and out, kept as long as wanted."""

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .const import Kind
from .keeping import Keeping
from .listeners import Listeners
from .timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from homeassistant.core import CALLBACK_TYPE, HomeAssistant

    from .models import CeculaConfigEntry
    from .recipients import PhoneBook
    from .store import Journal
    from .timeline import Party, Place

# Years of a busy house; 2 MB on disk.
_MOST_MESSAGES: Final = 10_000
# Whoever knows the webhook's address may post texts as long as no SMS can be.
_MOST_CHARACTERS: Final = 5_000_000
_PRUNE_INTERVAL: Final = timedelta(hours=6)


class Direction(StrEnum):
    """Which way a message went."""

    IN = "in"
    OUT = "out"


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

    def as_data(self, phone_book: PhoneBook) -> dict[str, Any]:
        """Return it as data for the user, under its contact's name of today."""
        contact = phone_book.contact(self.contact_id) if self.contact_id else None
        contact = contact or phone_book.contact_of(self.number)
        return {
            "direction": self.direction,
            "number": self.number,
            "contact": contact.name if contact else None,
            "text": self.text,
            "time": dt_util.as_local(self.time).isoformat(),
            "status": self.status,
            "tracking_id": self.tracking_id,
            "kind": self.kind,
        }


class History:
    """The messages of one dedicated number, on disk and bounded."""

    def __init__(
        self, hass: HomeAssistant, entry: CeculaConfigEntry, journal: Journal
    ) -> None:
        """Take the journal, which has been read."""
        self._hass = hass
        self._entry = entry
        self._journal = journal
        self._keeping = Keeping(entry)
        kept = journal.read("", _numbered)
        self._last = max((number for number, _ in kept.values()), default=0)
        self._characters = sum(_length(message) for _, message in kept.values())
        self._sent = {
            (message.kind, message.tracking_id): key
            for key, (_, message) in kept.items()
            if message.tracking_id is not None
        }
        self._timeline = Timeline(
            (_place(number, message), _party(message))
            for number, message in kept.values()
        )
        for key, (_, message) in kept.items():
            self._keeping.note(key, message.time, message.time)
        self._listeners = Listeners(hass)

    def __len__(self) -> int:
        """Return how many messages are kept."""
        return len(self._journal.data)

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener soon after changes; return how to stop.

        All that changes at once, as in a text to many, is told together.
        """
        return self._listeners.async_add(listener)

    @callback
    def async_start(self) -> None:
        """Forget what is too old, from time to time; at once where nothing is kept."""
        self._keeping.clock_may_be_wrong()
        if not self._keeping.days:
            self._prune()
        self._entry.async_on_unload(
            async_track_time_interval(
                self._hass, self._async_timer, _PRUNE_INTERVAL, cancel_on_shutdown=True
            )
        )

    @callback
    def _async_timer(self, _now: datetime) -> None:
        """Forget what is too old, unless the clock was just set.

        At a start it may be wrong by years, and what is forgotten does not come back.
        """
        if not self._keeping.clock_may_be_wrong():
            self._prune()

    @callback
    def async_apply_options(self) -> None:
        """Forget at once what the user wants kept no longer."""
        if self._keeping.is_shortened():
            self._prune()

    @property
    def _is_full(self) -> bool:
        return len(self) > _MOST_MESSAGES or self._characters > _MOST_CHARACTERS

    @callback
    def async_add(self, message: Message) -> None:
        """Keep a message, where messages are kept.

        What a clock that is wrong puts into the future would be the last for ever.
        """
        if not self._keeping.days:
            return
        self._date()
        told = message.time
        message = replace(message, time=min(told, dt_util.utcnow()))
        self._last += 1
        key = str(self._last)
        self._journal.put(key, _as_json(message))
        self._characters += _length(message)
        self._timeline.add(_place(self._last, message), _party(message))
        self._keeping.note(key, told, message.time)
        if message.tracking_id is not None:
            self._sent[message.kind, message.tracking_id] = key
        while self._is_full:
            self._forget(next(iter(self._journal.data)))
        self._listeners.async_changed()

    @callback
    def async_set_status(self, kind: Kind, tracking_id: str, status: str) -> None:
        """Note what became of a message that was sent."""
        if (key := self._sent.get((kind, tracking_id))) is not None:
            self._journal.put(key, {**self._journal.data[key], "status": status})
            self._listeners.async_changed()

    def _date(self) -> None:
        """Once the clock is set, date what came before."""
        for key, moment in self._keeping.dates().items():
            message = _from_json(self._journal.data[key])
            self._timeline.remove(_place(int(key), message), _party(message))
            message = replace(message, time=moment)
            self._timeline.add(_place(int(key), message), _party(message))
            self._journal.put(key, _as_json(message))
            self._listeners.async_changed()

    def _prune(self) -> None:
        """Forget what is older than the user wants it kept, on disk too."""
        self._date()
        if self._keeping.days:
            oldest = _minute(self._keeping.oldest)
            forgotten = [str(key) for key in self._timeline.before(oldest)]
        else:
            forgotten = list(self._journal.data)
        for key in forgotten:
            self._forget(key, shred=True)
        if forgotten:
            self._listeners.async_changed()

    def _forget(self, key: str, *, shred: bool = False) -> None:
        message = _from_json(self._journal.data[key])
        if message.tracking_id is not None:
            self._sent.pop((message.kind, message.tracking_id), None)
        self._keeping.drop(key)
        self._characters -= _length(message)
        self._timeline.remove(_place(int(key), message), _party(message))
        self._journal.remove(key, shred=shred)

    def newest_first(self, since: datetime | None = None) -> Iterator[Message]:
        """Yield the messages by their time, the newest first, back to a moment."""
        self._date()
        for message in self._messages(self._timeline.newest_first()):
            if since is None or message.time >= since:
                yield message
            elif _minute(message.time) < _minute(since):
                return

    def newest_of(self, number: str | None, contact_id: str) -> Iterator[Message]:
        """Yield what was exchanged with a contact or its number, the newest first."""
        self._date()
        return self._messages(self._timeline.newest_of(number, contact_id))

    def _messages(self, keys: Iterable[int]) -> Iterator[Message]:
        for key in keys:
            yield _from_json(self._journal.data[str(key)])

    def last_sender(self, is_meant: Callable[[str], bool]) -> str | None:
        """Return who last texted or called, of those who are meant."""
        is_meant = cache(is_meant)
        return next(
            (
                message.number
                for message in self.newest_first()
                if message.direction == Direction.IN
                and message.number is not None
                and is_meant(message.number)
            ),
            None,
        )


# Made once: thousands of messages are read when a number is loaded.
_OPTIONAL_TEXT: Final = str | None
_FIELDS: Final = tuple(field.name for field in fields(Message))


def _as_json(message: Message) -> dict[str, Any]:
    """Return it as a JSON value; `asdict` would copy every text of it deeply."""
    value = {name: getattr(message, name) for name in _FIELDS}
    return {**value, "time": message.time.isoformat()}


def _from_json(value: Mapping[str, Any]) -> Message:
    """Return a message; one that is damaged raises `TypeError` or `ValueError`."""
    message = Message(
        **{
            **value,
            "direction": Direction(value["direction"]),
            "kind": Kind(value["kind"]),
            "time": datetime.fromisoformat(value["time"]),
        }
    )
    texts = message.number, message.contact_id, message.text, message.tracking_id
    are_texts = all(isinstance(text, _OPTIONAL_TEXT) for text in texts)
    if message.time.tzinfo is None or not (
        are_texts and isinstance(message.status, str)
    ):
        raise ValueError
    return message


def _numbered(key: str, value: Mapping[str, Any]) -> tuple[int, Message]:
    """Return a message and its number; raise also where the key is a damaged one."""
    number = int(key)
    if str(number) != key:
        raise ValueError
    return number, _from_json(value)


def _place(number: int, message: Message) -> Place:
    """Return where a message stands; in a minute, in the order in which they came.

    The provider tells no seconds, and an answer is not older than its question.
    """
    return _minute(message.time), number


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def _length(message: Message) -> int:
    return len(message.text or "")


def _party(message: Message) -> Party:
    return message.number, message.contact_id
