"""Questions under way, and how they end."""

import asyncio
from contextlib import suppress
from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .doors import act, until

YES_OR_NO = [
    {"id": "coming", "texts": ["yes", "ok"]},
    {"id": "busy", "texts": "no"},
]
NOBODY: dict[str, Any] = {
    "id": None,
    "sentence": None,
    "sender": None,
    "contact": None,
    "answered_by": None,
    "timed_out": False,
    "superseded": False,
}
TIMED_OUT = NOBODY | {"timed_out": True}
SUPERSEDED = NOBODY | {"superseded": True}

type Asking = asyncio.Task[dict[str, Any]]


def ask(hass: HomeAssistant, **data: Any) -> Asking:
    """Ask, and go on at once."""
    return asyncio.create_task(act(hass, "ask", **{"question": "Smoke?"} | data))


async def asked(
    hass: HomeAssistant, simulator: Simulator, line: Line, **data: Any
) -> Asking:
    """Ask, and go on when the provider has accepted the question."""
    asking = ask(hass, **data)
    await sent(simulator, line, asking)
    await hass.async_block_till_done()
    return asking


async def sent(simulator: Simulator, line: Line, asking: asyncio.Task[Any]) -> None:
    """Wait until the provider has the question, or it has failed."""
    before = len(line.sent)
    sending = asyncio.create_task(until(simulator, lambda: len(line.sent) > before))
    await asyncio.wait({asking, sending}, return_when=asyncio.FIRST_COMPLETED)
    sending.cancel()
    if not sending.done():
        await asking


async def give_up(asking: Asking) -> None:
    """End a question as a script does that is stopped."""
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking


def assert_nobody_waits(entry: MockConfigEntry) -> None:
    """Find no open question; lingering tasks and timers fail a test by themselves."""
    questions = entry.runtime_data.questions
    assert (questions._open, questions._newest) == (set(), {})
