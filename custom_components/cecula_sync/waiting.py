"""Who waits for the end of a message, and how often it was asked for meanwhile."""

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .tracked import MessageKey


class Waiting:
    """The waiters of one dedicated number; several may wait for one message."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._waiters: dict[MessageKey, list[asyncio.Future[None]]] = {}
        self._asked: dict[MessageKey, int] = {}

    @contextmanager
    def for_ends(
        self, keys: Iterable[MessageKey]
    ) -> Iterator[list[asyncio.Future[None]]]:
        """Yield a future for each message, which is done at its end."""
        loop = asyncio.get_running_loop()
        waiters = {key: loop.create_future() for key in keys}
        for key, waiter in waiters.items():
            self._waiters.setdefault(key, []).append(waiter)
            self._asked[key] = 0
        try:
            yield list(waiters.values())
        finally:
            for key, waiter in waiters.items():
                self._leave(key, waiter)

    def _leave(self, key: MessageKey, waiter: asyncio.Future[None]) -> None:
        self._waiters[key].remove(waiter)
        if not self._waiters[key]:
            del self._waiters[key], self._asked[key]

    def asked(self, key: MessageKey) -> int | None:
        """Return how often it was asked since one came to wait; None if nobody did."""
        return self._asked.get(key)

    def count(self, key: MessageKey) -> None:
        """Count that it is asked, if somebody waits."""
        if key in self._asked:
            self._asked[key] += 1

    def end(self, key: MessageKey) -> None:
        """Let those go who wait for a message."""
        for waiter in self._waiters.get(key, ()):
            if not waiter.done():
                waiter.set_result(None)

    def end_all(self) -> None:
        """Let all go."""
        for key in self._waiters:
            self.end(key)
