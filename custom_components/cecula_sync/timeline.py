"""Messages in the order of their time, of all and of each who is on the other side."""

from bisect import bisect_left, insort
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A message's minute and its key; in a minute, the one that was kept last is newer.
type Place = tuple[int, int]
# Who is on the other side, as a message tells it: the number, and the contact's id.
type Party = tuple[str | None, str | None]


class Timeline:
    """Finds the newest without sorting: a change costs as much as finding its place."""

    def __init__(self, messages: Iterable[tuple[Place, Party]]) -> None:
        """Take all messages there are, in any order."""
        self._all: list[Place] = []
        self._of_number: dict[str, list[Place]] = {}
        self._of_contact: dict[str, list[Place]] = {}
        for place, party in sorted(messages, key=itemgetter(0)):
            self.add(place, party)

    def add(self, place: Place, party: Party) -> None:
        """Put a message where its time belongs, mostly at the end."""
        number, contact_id = party
        insort(self._all, place)
        if number is not None:
            insort(self._of_number.setdefault(number, []), place)
        if contact_id is not None:
            insort(self._of_contact.setdefault(contact_id, []), place)

    def remove(self, place: Place, party: Party) -> None:
        """Take a message out."""
        number, contact_id = party
        _take_out(self._all, place)
        if number is not None:
            _take_out_of(self._of_number, number, place)
        if contact_id is not None:
            _take_out_of(self._of_contact, contact_id, place)

    def before(self, minute: int) -> list[int]:
        """Return the keys of what is older than a minute."""
        return [key for _, key in self._all[: bisect_left(self._all, (minute, 0))]]

    def newest_first(self) -> Iterator[int]:
        """Yield the keys of all messages."""
        return (key for _, key in reversed(self._all))

    def newest_of(self, number: str | None, contact_id: str) -> Iterator[int]:
        """Yield the keys of what has either the number or the contact, each once."""
        both = merge(
            reversed(self._of_number.get(number, []) if number is not None else []),
            reversed(self._of_contact.get(contact_id, [])),
            reverse=True,
        )
        return (key for (_, key), _ in groupby(both))


def _take_out(places: list[Place], place: Place) -> None:
    del places[bisect_left(places, place)]


def _take_out_of[K](index: dict[K, list[Place]], key: K, place: Place) -> None:
    _take_out(index[key], place)
    if not index[key]:
        del index[key]
