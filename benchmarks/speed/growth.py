"""What grows with what is kept: loading, a report, a text, a line on disk."""

import asyncio
import json
from pathlib import Path
import time
from typing import TYPE_CHECKING, Any

from homeassistant.core import Context

from custom_components.cecula_sync.recipients import Recipient
from custom_components.cecula_sync.webhook import DATA_WEBHOOKS

from ..fuzz.bodies import EXAMPLES
from ..home import BEN, Home
from ..page import table
from ..watch import LoopWatch, memory
from . import past
from .figures import p50

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from homeassistant.config_entries import ConfigEntry

SIZES = (10, 100, 1_000, 10_000, 100_000)
_BATCHES = 9
# What nobody waits for is on disk after a second.
_UNHURRIED = 1.5
_BATCH = 40
_HEAD = (
    *("Kept of each", "Loading, CPU", "Longest hold", "Memory"),
    *("A report, CPU", "A text in, CPU", "On disk for a text"),
)


async def measure(sizes: Sequence[int] = SIZES) -> str:
    """Measure; takes two minutes. Return a table."""
    rows = []
    async with Home() as home:
        # What the first entry imports is not what its past costs.
        first = await home.add_entry()
        await home.hass.config_entries.async_remove(first.entry_id)
        for size in sizes:
            home.keep("inbox", past.tallies(size))
            home.keep("history", past.messages(size))
            home.keep("deliveries", past.deliveries(size, "sent"))
            rows.append(await _measure(home, size))
            print(rows[-1], flush=True)
    return table(_HEAD, rows)


async def _measure(home: Home, size: int) -> tuple[str, ...]:
    before, busy = memory(), time.process_time()
    entry = await home.add_entry()
    loading, grown = time.process_time() - busy, memory() - before
    await home.hass.config_entries.async_unload(entry.entry_id)
    with LoopWatch() as loop:
        await home.hass.config_entries.async_setup(entry.entry_id)
        await home.hass.async_block_till_done()
    delivery = entry.runtime_data.delivery
    recipient = Recipient(number=BEN, contact=None)
    for number in range(_BATCH * _BATCHES):
        delivery.async_track_sms(f"new{number}", recipient, Context())
    report = await _cost(home, entry, _report)
    await asyncio.sleep(_UNHURRIED)
    files = _bytes(home)
    text = await _cost(home, entry, _text)
    await asyncio.sleep(_UNHURRIED)
    written = (_bytes(home) - files) / (_BATCH * _BATCHES)
    await home.hass.config_entries.async_remove(entry.entry_id)
    return (
        f"{size:,}",
        f"{loading * 1000:.0f} ms",
        f"{loop.longest.cpu:.1f} ms",
        f"{grown:.1f} MB",
        f"{report:.2f} ms",
        f"{text:.2f} ms",
        f"{written:.0f} bytes" if written > 0 else "all written anew, smaller",
    )


def _report(number: int) -> dict[str, Any]:
    return {**EXAMPLES[1], "messageId": f"new{number}", "status": "DELIVERED"}


def _text(number: int) -> dict[str, Any]:
    now = time.strftime("%Y/%m/%d %H:%M", time.gmtime(time.time() + 3600))
    return {**EXAMPLES[0], "message": f"New {number}", "timeReceived": now}


async def _cost(
    home: Home, entry: ConfigEntry[Any], body: Callable[[int], dict[str, Any]]
) -> float:
    """Return the processor's time for one post, in ms, without HTTP."""
    receive: Callable[[bytes], Awaitable[object]]
    receive = home.hass.data[DATA_WEBHOOKS][entry.entry_id]._async_receive
    costs = []
    for batch in range(_BATCHES):
        posts = [
            json.dumps(body(batch * _BATCH + each)).encode() for each in range(_BATCH)
        ]
        busy = time.process_time()
        for post in posts:
            await receive(post)
        await home.hass.async_block_till_done()
        costs.append((time.process_time() - busy) * 1000 / _BATCH)
    return p50(costs)


def _bytes(home: Home) -> int:
    folder = Path(home.hass.config.path(".storage"))
    return sum(path.stat().st_size for path in folder.glob("cecula_sync.*"))
