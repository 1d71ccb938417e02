"""The long form: a real Home Assistant here, and a poster in another process."""

import asyncio
import gc
import json
import logging
import sys
import time
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntryState
from yarl import URL

from custom_components.cecula_sync.webhook import DATA_WEBHOOKS

from ..home import Home
from ..page import table
from ..watch import LoopWatch, memory
from .bodies import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.config_entries import ConfigEntry

EXPECTED = frozenset({"200", "400", "403", "405", "413", "closed"})
"""What a hostile post may be answered; aiohttp closes on what is no HTTP."""
_LONGEST_HOLD_MS = 50
_MOST_MESSAGES = 10_000
# Some texts are as long as a post may be.
_KB_PER_ITEM = 4
_SLACK_MB = 24


class Complaints(logging.Handler):
    """Keeps all errors and tracebacks that are logged, whoever logs them.

    What aiohttp's server says is counted apart: what is said to be packed, and is not,
    it complains of whoever listens, and if nobody does.
    """

    def __init__(self) -> None:
        """Start with none."""
        super().__init__(logging.WARNING)
        self.found: list[str] = []
        self.of_aiohttp = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        if record.name == "aiohttp.server":
            self.of_aiohttp += 1
        elif record.levelno >= logging.ERROR or record.exc_info:
            self.found.append(self.format(record))


async def fuzz(number: int, seed: int) -> tuple[str, list[str]]:
    """Post so many hostile bodies; return a table, and what went wrong."""
    complaints = Complaints()
    async with Home() as home:
        entry = await home.add_entry()
        url = URL(home.hook_up())
        logging.getLogger().addHandler(complaints)
        # A tenth of them first, so that all caches are full.
        await _post(url, seed + 1, number // 10)
        gc.collect()
        before, known = memory(), _remembered(entry)
        began = time.monotonic()
        with LoopWatch() as loop:
            statuses = await _post(url, seed, number)
        seconds = time.monotonic() - began
        gc.collect()
        grown = memory() - before
        more = _remembered(entry) - known
        wrong = judge(entry, statuses) + complaints.found
        wrong += await _still_works(home, entry)
    if loop.longest.cpu > _LONGEST_HOLD_MS:
        wrong.append(
            f"the loop was held {loop.longest.cpu:.0f} ms: {loop.longest.what}"
        )
    if grown > _SLACK_MB + more * _KB_PER_ITEM / 1000:
        wrong.append(f"memory grew by {grown:.1f} MB, with {more} more items")
    told = ", ".join(f"{status}: {n:,}" for status, n in sorted(statuses.items()))
    rows = [
        ("bodies", f"{sum(statuses.values()):,} (seed {seed})"),
        ("answers", told),
        ("a second", f"{number / seconds:,.0f}"),
        ("longest hold of the loop", f"{loop.longest.cpu:.1f} ms"),
        ("memory", f"{grown:+.1f} MB, with {more:,} more items and messages kept"),
        ("complaints of aiohttp itself", f"{complaints.of_aiohttp:,}"),
        ("went wrong", str(len(wrong))),
    ]
    return table(("Hostile posts", ""), rows), wrong


def _remembered(entry: ConfigEntry[Any]) -> int:
    """Return how many items and messages are kept, both within limits."""
    items: int = entry.runtime_data.inbox.remembered
    return items + len(entry.runtime_data.history)


async def _post(url: URL, seed: int, number: int) -> Mapping[str, int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "benchmarks.fuzz.poster"),
        *(str(url.port), url.path, str(seed), str(number)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None  # noqa: S101 (as asked for)
    last = b"{}"
    async for line in process.stdout:
        last = line
        if not line.startswith(b"{"):
            print(line.decode().strip(), f"{memory():.0f} MB", flush=True)
    await process.wait()
    return dict(json.loads(last))


def judge(entry: ConfigEntry[Any], statuses: Mapping[str, int]) -> list[str]:
    """Return which promises were broken."""
    wrong = [
        f"{number} answered with {status}"
        for status, number in statuses.items()
        if status not in EXPECTED
    ]
    if entry.state is not ConfigEntryState.LOADED:
        wrong.append(f"the entry is {entry.state}")
    if len(entry.runtime_data.history) > _MOST_MESSAGES:
        wrong.append("more messages are kept than the limit allows")
    return wrong


async def _still_works(home: Home, entry: ConfigEntry[Any]) -> list[str]:
    """Post what a provider posts, and see that it is told."""
    heard: list[object] = []
    home.hass.bus.async_listen_once("cecula_sync_sms_received", heard.append)
    text = {**EXAMPLES[0], "message": "Still there?"}
    answers = await home.line.post_webhook("sms", text)
    await home.hass.async_block_till_done()
    webhook = home.hass.data[DATA_WEBHOOKS][entry.entry_id]
    if answers != [200] or len(heard) != 1 or webhook.intake._working:
        return [f"a good post was answered {answers} and told {len(heard)} times"]
    return []
