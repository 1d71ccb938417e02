"""What a house costs in which nothing happens: memory, CPU, calls to the provider."""

from collections import Counter
import gc
import time
from typing import TYPE_CHECKING, Any

from ..clock import MINUTE, simulated_clock
from ..home import Home
from ..page import table
from ..watch import memory

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry

    from ..clock import Clock

_MANY = 100
_DAY = 24 * 60
_HOURS = 24
_MODES = ("webhook", "polling")


async def measure() -> str:
    """Measure; takes a minute. Return two tables."""
    async with Home() as home:
        numbers = await _memory(home)
        with simulated_clock(home.hass) as clock:
            days = await _days(home, clock)
    return f"{numbers}\n\n{days}"


def _held() -> float:
    gc.collect()
    return memory()


async def _memory(home: Home) -> str:
    """Add a hundred numbers and take them away again."""
    for number in range(1, _MANY + 1):
        home.simulator.add_line(api_key=_key(number), msisdn=_msisdn(number))
    rows, before = [], _held()
    for again in ("", " once more"):
        added: list[ConfigEntry[Any]] = []
        for number in range(1, _MANY + 1):
            added.append(await _add(home, number))
            if number in (1, _MANY):
                grown = _held() - before
                each = "" if again else f"{grown / number:.2f} MB"
                rows.append((f"{number}{again}", f"{grown:.1f} MB", each))
        for entry in added:
            await home.hass.config_entries.async_remove(entry.entry_id)
        rows.append((f"none any more{again}", f"{_held() - before:.1f} MB", ""))
    return table(("Numbers", "Memory", "For each"), rows)


def _key(number: int) -> str:
    return f"CCL.bench{number}.secret"


def _msisdn(number: int) -> str:
    return f"+234817647{number:04}"


async def _add(home: Home, number: int) -> ConfigEntry[Any]:
    return await home.add_entry(
        api_key=_key(number),
        number=_msisdn(number),
        webhook_id=f"{number:064x}",
    )


async def _days(home: Home, clock: Clock) -> str:
    """Let idle days pass; what is done without us counts as nothing."""
    bare = await _day(clock)
    rows = []
    for mode in _MODES:
        entry = await home.add_entry()
        home.hook_up()
        home.hass.config_entries.async_update_entry(entry, options={"inbound": mode})
        await clock.step(MINUTE)
        before = len(home.simulator.requests)
        cpu = max(await _day(clock) - bare, 0) / _HOURS
        asked = Counter(
            request.operation for request in home.simulator.requests[before:]
        )
        told = ", ".join(f"{name} {times}" for name, times in asked.most_common())
        rows.append((mode, f"{cpu * 1000:.1f} ms", str(asked.total()), told))
        await home.hass.config_entries.async_remove(entry.entry_id)
    return table(("Mode", "CPU of an idle hour", "Calls a day", "Of which"), rows)


async def _day(clock: Clock) -> float:
    began = time.process_time()
    for _ in range(_DAY):
        await clock.step(MINUTE)
    return time.process_time() - began
