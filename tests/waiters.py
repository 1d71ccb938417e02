"""Sends that wait for what becomes of them, for several tests."""

import asyncio
from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Line, Simulator

from .doors import act, until

type Waiting = asyncio.Task[Any]


async def under_way(
    hass: HomeAssistant,
    simulator: Simulator,
    line: Line,
    do: Callable[..., Any] = act,
    **data: Any,
) -> Waiting:
    """Start a send that waits for delivery; return when it has left."""
    data = {"message": "Hi", "wait_for_delivery": True, **data}
    waiting = asyncio.create_task(do(hass, "send_sms", **data))
    await until(simulator, lambda: line.sent)
    await hass.async_block_till_done()
    assert not waiting.done()
    return waiting


def statuses(response: dict[str, Any]) -> list[str]:
    """Return the status of each recipient."""
    return [item["status"] for item in response["recipients"]]


def nobody_waits(entry: MockConfigEntry) -> bool:
    """Whether no waiter is left; lingering tasks and timers fail a test anyhow."""
    waiting = entry.runtime_data.delivery._waiting
    return not waiting._waiters and not waiting._asked
