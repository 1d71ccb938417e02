"""Posts to webhooks, and runs what goes on in the background."""

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from .clock import Clock
    from .switches import Switches

_LOGGER = logging.getLogger(__name__)
TAKEN = range(200, 300)
"""The HTTP statuses of a post that arrived."""
NO_ANSWER = 0
"""Stands for the HTTP status of a post that nobody answered."""


class Poster:
    """The provider's own HTTP client."""

    def __init__(self, clock: Clock) -> None:
        """Open nothing yet: a session belongs to a running loop."""
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something in the background."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def settle(self) -> None:
        """Wait until nothing goes on in the background."""
        while self._tasks or self._clock.overdue:
            self._clock.do_due()
            if self._tasks:
                await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Break off what goes on, and leave nothing open."""
        for task in (tasks := list(self._tasks)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(self, url: str, body: bytes, switches: Switches) -> list[int]:
        """Post until it is taken; return the HTTP status of each try."""
        statuses = [await self._post_once(url, body, switches)]
        for _ in range(switches.webhook_retries):
            if statuses[-1] in TAKEN:
                break
            await self._pause(switches.webhook_retry_delay)
            statuses.append(await self._post_once(url, body, switches))
        return statuses

    async def _post_once(self, url: str, body: bytes, switches: Switches) -> int:
        content_type = switches.webhook_content_type
        try:
            async with self._open().post(
                url,
                data=body,
                headers={"Content-Type": content_type} if content_type else None,
                skip_auto_headers=() if content_type else ("Content-Type",),
                timeout=aiohttp.ClientTimeout(total=switches.webhook_timeout),
                allow_redirects=False,
            ) as response:
                await response.read()
                return response.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            _LOGGER.warning("A webhook did not answer: %s", type(error).__name__)
            return NO_ANSWER

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # A kept-alive connection that the house closed would cost a post.
            connector = aiohttp.TCPConnector(force_close=True)
            self._session = aiohttp.ClientSession(connector=connector)
        return self._session

    async def _pause(self, seconds: float) -> None:
        over = asyncio.Event()
        self._clock.call_later(seconds, over.set)
        await over.wait()

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        with contextlib.suppress(asyncio.CancelledError):
            if error := task.exception():
                _LOGGER.error("Background work failed", exc_info=error)
