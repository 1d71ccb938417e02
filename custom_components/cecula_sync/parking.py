"""Posts that wait on disk until somebody can act on them."""

from dataclasses import dataclass
from hashlib import sha256
from itertools import count
import time
from typing import TYPE_CHECKING, Any, Final

from .clock import seconds_since, this_moment
from .section import Section

if TYPE_CHECKING:
    from collections.abc import Collection

    from .clock import Moment
    from .store import Journal

# What waited longer for its line is of the past, which opens no gates.
_LIVE_SECONDS: Final = 300
# In bytes: over ten thousand reports. A number may not be loaded for days, and whoever
# knows its webhook's address must not fill the disk.
_MOST_PARKED: Final = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ParkedPost:
    """A post that waited; `parked_at` is None where an earlier run parked it."""

    name: str
    body: bytes
    parked_at: Moment | None

    @property
    def late(self) -> bool:
        """Whether it has waited for so long that it is of the past by now."""
        return self.parked_at is None or seconds_since(self.parked_at) > _LIVE_SECONDS


def digest_of(body: bytes) -> str:
    """Return what tells the same bytes again."""
    return sha256(body).hexdigest()[:32]


class Parking:
    """The posts of one dedicated number that nobody could act on yet."""

    def __init__(self, journal: Journal) -> None:
        """Take the journal that keeps them."""
        self._journal = journal
        self._parked = Section(journal, "parked:")
        self._unanswered: dict[str, str] = {}
        self._numbers = count()
        # How many more bytes may be parked, once that is known.
        self._room: int | None = None
        self._run = f"{time.time_ns():x}"

    async def async_park(self, body: bytes) -> ParkedPost | None:
        """Put a post on disk and return it; None where there is no room.

        The same bytes before that was answered are a retry. Raises `JournalError`.
        """
        digest = digest_of(body)
        now = this_moment()
        record = {
            "body": body.decode("utf-8", "surrogateescape"),
            "run": self._run,
            "at": now,
            "answered": False,
        }
        name = self._unanswered.get(digest, "")
        if name not in self._parked:
            if not self._has_room(len(body)):
                return None
            name = self._unanswered[digest] = f"{self._run}:{next(self._numbers)}"
            self._parked.put(name, record)
        await self._journal.async_commit(sync=True)
        self._unanswered.pop(digest, None)
        if name in self._parked:
            self._parked.put(name, {**record, "answered": True})
        return ParkedPost(name=name, body=body, parked_at=now)

    def waiting(self, seen: Collection[str] = ()) -> list[ParkedPost]:
        """Return what waits and was not seen, in the order in which it came."""
        posts = self._parked.read(self._read).values()
        return [post for post in posts if post.name not in seen]

    def is_answered(self, post: ParkedPost) -> bool:
        """Return whether the provider surely knows that a post was taken.

        Not before what came of it is on disk: the post itself is by then.
        """
        record = self._parked.get(post.name) or {}
        return bool(record.get("answered"))

    def remove(self, post: ParkedPost, *, shred: bool) -> None:
        """Forget a post that somebody has acted on, as `Journal.remove` does."""
        self._parked.remove(post.name, shred=shred)
        if self._room is not None:
            self._room += len(post.body)

    def _has_room(self, size: int) -> bool:
        """Take so many bytes of the room, if they are there."""
        if self._room is None:
            self._room = _MOST_PARKED - sum(len(post.body) for post in self.waiting())
        if self._room < size:
            return False
        self._room -= size
        return True

    def _read(self, name: str, value: Any) -> ParkedPost:
        parked_at = None
        if value["run"] == self._run:
            wall, passed = value["at"]
            parked_at = float(wall), float(passed)
        return ParkedPost(
            name=name,
            body=value["body"].encode("utf-8", "surrogateescape"),
            parked_at=parked_at,
        )
