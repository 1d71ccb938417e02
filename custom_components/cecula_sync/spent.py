"""What was spent, on disk, and how long ago: a clock that is set makes no room."""

from typing import TYPE_CHECKING, Final

from .clock import this_moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .clock import Moment
    from .store import Journal

DAY_SECONDS: Final = 24 * 3600
# So much of what only the wall clock calls old is kept, in case that clock is wrong.
_MOST_OLD: Final = 1_000
# A time on disk that differs by more from where the clock puts it is put right.
_SET_SECONDS: Final = 60


class Spent:
    """The requests of the last day: each with when it left, and what it cost.

    What this process counted is as old as a clock says that nobody can set; what an
    earlier one left, as old as the clock on the wall says. That may be behind: what
    is of the future to it left when it was read.
    """

    def __init__(self, journal: Journal, counted: dict[str, float]) -> None:
        """Take the journal, which has been read, and what this process counted.

        On disk, the times are UTC; those of `counted`, which outlives this, are of
        the clock that nobody can set, by the key of the request. Both in seconds.
        """
        self._journal = journal
        keys = journal.read("", _require_entry)
        self._last = max(keys.values(), default=0)
        self._counted = counted
        self._drop_gone()
        _, self._read_at = this_moment()
        self.follow()

    def add(self, cost: int) -> str:
        """Count a request; return its key."""
        self._last += 1
        key = str(self._last)
        now, self._counted[key] = this_moment()
        self._journal.put(key, [now, cost])
        return key

    def give_back(self, key: str, cost: int) -> None:
        """Count so much of a request no more, if it is not forgotten by now."""
        if key not in self._journal.data:
            return
        at, before = self._journal.data[key]
        if before > cost:
            self._journal.put(key, [at, before - cost])
        else:
            self._remove(key)

    def within(self, seconds: float) -> list[tuple[float, int]]:
        """Return what left so lately: its age in seconds and its cost, oldest first."""
        now = this_moment()
        ages = ((self._age(key, now), key) for key in self._journal.data)
        found = [(age, key) for age, key in ages if age < seconds]
        found.sort(reverse=True)
        return [(age, self._journal.data[key][1]) for age, key in found]

    def follow(self) -> None:
        """Have what lies on disk follow the clock on the wall, where that was set."""
        wall, passed = this_moment()
        for key, counted in self._counted.items():
            at, cost = self._journal.data[key]
            left_at = wall - (passed - counted)
            if abs(left_at - at) > _SET_SECONDS:
                self._journal.put(key, [left_at, cost])

    def tidy(self) -> None:
        """Forget what is older than a day, for sure.

        Of what only the wall clock says it, as after each start, some is kept.
        """
        now = this_moment()
        _, passed = now
        is_sure = passed - self._read_at >= DAY_SECONDS
        old: list[str] = []
        for key in list(self._journal.data):
            if self._age(key, now) < DAY_SECONDS:
                continue
            if is_sure or key in self._counted:
                self._remove(key)
            else:
                old.append(key)
        for key in old[:-_MOST_OLD]:
            self._remove(key)

    def _age(self, key: str, now: Moment) -> float:
        wall, passed = now
        at, _ = self._journal.data[key]
        if (counted := self._counted.get(key)) is not None:
            return passed - counted
        return wall - at if wall >= at else passed - self._read_at

    def _remove(self, key: str) -> None:
        self._journal.remove(key)
        self._counted.pop(key, None)

    def _drop_gone(self) -> None:
        for key in self._counted.keys() - self._journal.data.keys():
            del self._counted[key]


def _require_entry(key: str, value: Sequence[float]) -> int:
    """Return the number of an entry; raise where it is none, or its value is not."""
    at, cost = value
    if not at + cost >= 0:
        raise ValueError(key)
    return int(key)
