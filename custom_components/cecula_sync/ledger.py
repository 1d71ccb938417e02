"""How often each inbound item has happened, and how often it was told; pure.

An SMS or call has no id and a grain of one minute. What is equal has happened as often
as the larger of two figures: how often the webhook posted it, and how many of it were
in any one answer to a look. Answers are never summed, for a list may hand out again
what was read before.
"""

from dataclasses import dataclass, field
from hashlib import sha256
import json
from typing import TYPE_CHECKING, Any, Final

from .api.models import InboundCall, InboundItem, InboundSms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .clock import Moment

# What a list still holds must not look new; two days outlive a retry of any sort.
_MEMORY_SECONDS: Final = 48 * 3600
# So much of what only the wall clock calls old is kept, in case that clock is wrong.
_MOST_OLD: Final = 1_000
# More than a house hears in two days; whoever knows the webhook's address may post more
# than there is memory for.
_MOST_TALLIES: Final = 20_000
# A list that never empties is read every minute; its items are not noted as often.
_SEEN_GRAIN_SECONDS: Final = 3600


def key_of(item: InboundItem) -> str:
    """Return what makes two items equal, as a text that tells nothing of them."""
    match item:
        case InboundSms():
            parts = ("sms", item.sender, item.receiver, item.message)
            moment = item.received_at
        case InboundCall():
            parts = ("call", item.caller, item.receiver, str(item.duration))
            moment = item.called_at
    minute = f"{moment.timestamp() // 60:.0f}" if moment else item.time_text
    content = json.dumps([*parts, minute])
    return f"{parts[0]}:{sha256(content.encode()).hexdigest()[:32]}"


@dataclass(slots=True)
class Tally:
    """What is known of equal items. `seen` is a UTC timestamp in seconds.

    `seen_here` is when this run saw it, by a clock that nobody can set; None if it
    did not.

    `unanswered` are digests of posts that got no 2xx from us, as far as we know: the
    same bytes are then a retry, not another item. Those `filed` are of the baseline:
    they count as told. So many of them were `taken` by a post that came later.
    """

    posts: int = 0
    most: int = 0
    told: int = 0
    seen: float = 0
    unanswered: set[str] = field(default_factory=set)
    filed: int = 0
    taken: int = 0
    seen_here: float | None = None

    @property
    def untold(self) -> int:
        """Return how many have happened and were not told yet."""
        return max(self.posts, self.most) - self.told

    def as_json(self) -> list[Any]:
        """Return it as a JSON value."""
        return [
            self.posts,
            self.most,
            self.told,
            round(self.seen),
            sorted(self.unanswered),
            self.filed,
            self.taken,
        ]

    @classmethod
    def from_json(cls, value: list[Any]) -> Tally:
        """Read what `as_json` returned."""
        posts, most, told, seen, unanswered, filed, taken = value
        return cls(
            posts=int(posts),
            most=int(most),
            told=int(told),
            seen=float(seen),
            unanswered=set(unanswered),
            filed=int(filed),
            taken=int(taken),
        )


class Ledger:
    """The tallies of one dedicated number, by the key of their items."""

    def __init__(self, tallies: Mapping[str, Tally], now: Moment) -> None:
        """Take what an earlier run knew, and when that is."""
        self._tallies = dict(tallies)
        _, self._since = now

    def __len__(self) -> int:
        """Return how many different items are remembered."""
        return len(self._tallies)

    def tally(self, key: str) -> Tally:
        """Return the tally of a key."""
        return self._tallies.setdefault(key, Tally())

    def count_post(self, key: str, now: Moment) -> None:
        """Count one post of the webhook that is no retry."""
        tally = self.tally(key)
        tally.posts += 1
        tally.seen, tally.seen_here = now

    def count_answer(self, found: Mapping[str, int], now: Moment) -> Iterator[str]:
        """Count the items of one answer; yield the keys whose tallies changed.

        A key that comes back counts as seen again, so that it is not forgotten.
        """
        seen, seen_here = now
        for key, count in found.items():
            tally = self.tally(key)
            tally.seen_here = seen_here
            if count > tally.most or abs(seen - tally.seen) > _SEEN_GRAIN_SECONDS:
                tally.most = max(tally.most, count)
                tally.seen = seen
                yield key

    def next_occurrence(self, key: str) -> int:
        """Count one more item as told; return its number among its equals, from 1."""
        tally = self.tally(key)
        tally.told += 1
        return tally.told

    def file(self, key: str) -> None:
        """Count one more item as one of the baseline, which is not told."""
        tally = self.tally(key)
        tally.told += 1
        tally.filed += 1

    def take_from_filed(self, key: str) -> int | None:
        """Return the number of one of the baseline, to be told after all, if any."""
        tally = self.tally(key)
        if tally.taken == tally.filed:
            return None
        tally.taken += 1
        return tally.taken

    def forget(self, kind: str, looked_at: Moment) -> Iterator[str]:
        """Forget and yield what a good look did not bring again, after two days.

        `looked_at` is when that look was made; only keys of its kind are forgotten.
        The days are this run's, by a clock that nobody can set. Of what only the wall
        clock calls as old, which an earlier run saw, some is kept. Of too many, the
        oldest go at once.
        """
        now, passed = looked_at
        forgotten: list[str] = []
        old: list[str] = []
        too_many = len(self._tallies) - _MOST_TALLIES
        for place, (key, tally) in enumerate(self._tallies.items()):
            if not key.startswith(f"{kind}:") or tally.untold:
                continue
            known_since = self._since if tally.seen_here is None else tally.seen_here
            is_needless = place < too_many and known_since < passed
            if is_needless or passed - known_since >= _MEMORY_SECONDS:
                forgotten.append(key)
            elif tally.seen_here is None and now - tally.seen >= _MEMORY_SECONDS:
                old.append(key)
        for key in forgotten + old[:-_MOST_OLD]:
            del self._tallies[key]
            yield key
