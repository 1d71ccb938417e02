"""Which automations only wait, so that a test knows when all else is done.

Home Assistant's own way to wait until all is done would wait for a delay, too, which
never ends while the clock stands still.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any
from unittest.mock import patch

from homeassistant.helpers.script import _QueuedScriptRun, _ScriptRun

from custom_components.cecula_sync.delivery import DeliveryTracker
from custom_components.cecula_sync.questions import Question

# Where an automation may wait for time or for somebody.
_PLACES: tuple[tuple[type, str], ...] = (
    (_ScriptRun, "_async_step_delay"),
    (_ScriptRun, "_async_wait_with_optional_timeout"),
    (Question, "async_wait"),
    (DeliveryTracker, "async_wait"),
)

type Waiting = Callable[..., Coroutine[Any, Any, Any]]


class Rests:
    """The tasks that wait for time or for somebody, and the runs in a queue."""

    def __init__(self) -> None:
        """Start with none."""
        self._resting: list[asyncio.Task[Any]] = []
        self._queued: dict[asyncio.Task[Any], _QueuedScriptRun] = {}

    def tasks(self) -> set[asyncio.Task[Any]]:
        """Return all that wait, and all that wait for these."""
        found: set[asyncio.Task[Any]] = set()
        pending = [*self._resting, *filter(self._waits_its_turn, self._queued)]
        while pending:
            task = pending.pop()
            if task not in found:
                found.add(task)
                # What `asyncio.capture_call_graph` reads, which can't go upwards.
                pending.extend(getattr(task, "_asyncio_awaited_by", None) or ())
        return found

    def _waits_its_turn(self, task: asyncio.Task[Any]) -> bool:
        run = self._queued[task]
        return not run.lock_acquired and run._script._queue_lck.locked()

    def watching(self, wait: Waiting) -> Waiting:
        """Wrap what only waits."""

        @wraps(wait)
        async def watched(*args: Any) -> Any:
            self._resting.append(task := _current_task())
            try:
                return await wait(*args)
            finally:
                self._resting.remove(task)

        return watched

    def watching_queue(self, run: Callable[..., Awaitable[Any]]) -> Waiting:
        """Wrap the run of an automation that waits until those before it are done."""

        @wraps(run)
        async def watched(queued: _QueuedScriptRun) -> Any:
            self._queued[task := _current_task()] = queued
            try:
                return await run(queued)
            finally:
                del self._queued[task]

        return watched


def _current_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None
    return task


@contextmanager
def watched_rests() -> Iterator[Rests]:
    """Know which automations wait."""
    rests = Rests()
    patches = [
        patch.object(owner, name, rests.watching(getattr(owner, name)))
        for owner, name in _PLACES
    ]
    queue = rests.watching_queue(_QueuedScriptRun.async_run)
    patches.append(patch.object(_QueuedScriptRun, "async_run", queue))
    for each in patches:
        each.start()
    try:
        yield rests
    finally:
        for each in patches:
            each.stop()
