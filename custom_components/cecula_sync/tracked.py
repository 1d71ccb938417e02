"""The messages that a report may still come for, on disk and bounded."""

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import Context, callback

from .const import Kind, Total
from .progress import Progress
from .recipients import Recipient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .recipients import PhoneBook
    from .store import Journal

# A final report that is repeated after a week is told as one of nobody's.
_KEEP_SECONDS: Final = 7 * 24 * 3600
_MOST_MESSAGES: Final = 10_000
_TOTALS: Final = "totals"

type MessageKey = tuple[Kind, str]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Tracked:
    """A message that left the house. `accepted_at` is a UTC timestamp in seconds.

    `context` is that of whoever sent it, and becomes that of its reports.
    """

    recipient: Recipient
    context: Context
    progress: Progress
    accepted_at: float


class TrackedMessages:
    """Messages by their kind and id, the oldest first, and the totals of texts."""

    def __init__(self, journal: Journal, phone_book: PhoneBook) -> None:
        """Take the journal, which has been read."""
        self._journal = journal
        self._messages: dict[MessageKey, Tracked] = {}
        self.totals: dict[str, int] = dict.fromkeys(Total, 0)
        for totals in journal.read(_TOTALS, _totals_from_json).values():
            self.totals |= totals
        for kind in Kind:
            read = journal.read(f"{kind}:", partial(_from_json, phone_book))
            self._messages |= {(kind, each): tracked for each, tracked in read.items()}
        by_age = sorted(self._messages.items(), key=lambda item: item[1].accepted_at)
        self._messages = dict(by_age)
        self._ended = {key: None for key, tracked in by_age if tracked.progress.final}
        self._of_this_run: set[MessageKey] = set()

    def __len__(self) -> int:
        """Return how many messages are remembered."""
        return len(self._messages)

    def get(self, key: MessageKey) -> Tracked | None:
        """Return a message that left this house, if it is remembered."""
        return self._messages.get(key)

    def open_keys(self) -> list[MessageKey]:
        """Return the messages that are not final."""
        return [
            key for key, tracked in self._messages.items() if not tracked.progress.final
        ]

    @callback
    def add(self, key: MessageKey, tracked: Tracked) -> list[MessageKey]:
        """Remember a message; return those that were forgotten to make room."""
        self._drop(key)
        self._messages[key] = tracked
        self._of_this_run.add(key)
        self._write(key)
        forgotten = []
        while (needless := self._needless(tracked.accepted_at)) is not None:
            self._drop(needless)
            self._journal.remove(_name(needless))
            forgotten.append(needless)
        return forgotten

    def _drop(self, key: MessageKey) -> None:
        self._messages.pop(key, None)
        self._ended.pop(key, None)
        self._of_this_run.discard(key)

    def _needless(self, now: float) -> MessageKey | None:
        """Return the oldest of too many, or one that ended and is old.

        What has not ended is not forgotten for its age: that may be a clock's that was
        wrong when the message left.
        """
        if len(self._messages) > _MOST_MESSAGES:
            return next(iter(self._messages))
        ended = next(iter(self._ended), None)
        if ended is None or now - self._messages[ended].accepted_at <= _KEEP_SECONDS:
            return None
        return ended

    @callback
    def shift(self, seconds: float) -> None:
        """Follow a clock that was set; what an earlier run sent had another one."""
        for key in self._of_this_run:
            tracked = self._messages[key]
            accepted_at = tracked.accepted_at + seconds
            self._messages[key] = replace(tracked, accepted_at=accepted_at)
            self._write(key)

    @callback
    def advance(self, key: MessageKey, progress: Progress) -> None:
        """Keep how far a message got."""
        self._messages[key] = replace(self._messages[key], progress=progress)
        if progress.final:
            self._ended[key] = None
        self._write(key)

    @callback
    def count(self, total: Total) -> None:
        """Add one to a total."""
        self.totals[total] += 1
        self._journal.put(_TOTALS, dict(self.totals))

    async def async_commit(self, *, patience: float | None = None) -> None:
        """Return when all of it is on disk, as `Journal.async_commit` does."""
        await self._journal.async_commit(patience=patience)

    def _write(self, key: MessageKey) -> None:
        self._journal.put(_name(key), _as_json(self._messages[key]))


def _name(key: MessageKey) -> str:
    return f"{key[0]}:{key[1]}"


def _as_json(tracked: Tracked) -> dict[str, Any]:
    contact = tracked.recipient.contact
    context = tracked.context
    return {
        "recipient": tracked.recipient.number,
        "contact_id": contact.contact_id if contact else None,
        "context": [context.id, context.parent_id, context.user_id],
        "status": tracked.progress.status,
        "told": sorted(tracked.progress.told),
        "accepted_at": tracked.accepted_at,
    }


def _totals_from_json(_name: str, value: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(count) for name, count in value.items()}


def _from_json(phone_book: PhoneBook, _id: str, value: Mapping[str, Any]) -> Tracked:
    """Read a message; one that is damaged raises what `Journal.read` expects."""
    context_id, parent_id, user_id = value["context"]
    contact_id = value["contact_id"]
    texts = value["recipient"], value["status"], *value["told"]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError
    return Tracked(
        recipient=Recipient(
            number=value["recipient"],
            contact=phone_book.contact(contact_id) if contact_id else None,
        ),
        context=Context(id=context_id, parent_id=parent_id, user_id=user_id),
        progress=Progress(status=value["status"], told=frozenset(value["told"])),
        accepted_at=float(value["accepted_at"]),
    )
