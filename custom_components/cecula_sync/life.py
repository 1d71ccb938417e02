"""The life of a line: when it opens, and how it ends."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CoreState, HassJob, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.util.async_ import create_eager_task

from .const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from .models import CeculaConfigEntry, CeculaRuntimeData

# Automations listen when Home Assistant has started, and a moment later.
_SETTLE_SECONDS: Final = 1
_ALIVE: Final = (ConfigEntryState.SETUP_IN_PROGRESS, ConfigEntryState.LOADED)


async def async_open_in_time(hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
    """Hand on what comes in, once automations listen."""
    if hass.state is CoreState.running:
        await _async_open(entry)
        return

    async def open_now(_now: datetime) -> None:
        await _async_open(entry)

    @callback
    def settle(_hass: HomeAssistant) -> None:
        entry.async_on_unload(
            async_call_later(
                hass, _SETTLE_SECONDS, HassJob(open_now, cancel_on_shutdown=True)
            )
        )

    entry.async_on_unload(async_at_started(hass, settle))


async def _async_open(entry: CeculaConfigEntry) -> None:
    if entry.state not in _ALIVE:
        return  # it is being unloaded, and must not come to life again
    runtime = entry.runtime_data
    runtime.inbox.async_open()
    # Before all that might fail: nobody must post to a line that stays shut.
    if not await runtime.webhook.intake.async_open(runtime.inbox, runtime.delivery):
        return
    runtime.delivery.async_start()
    runtime.catch_up.async_start()
    runtime.address.async_start()
    entry.async_on_unload(
        runtime.coordinator.async_add_listener(partial(_account_updated, entry))
    )
    runtime.history.async_start()


@callback
def _account_updated(entry: CeculaConfigEntry) -> None:
    """Look for what came in when the provider can be reached again."""
    runtime = entry.runtime_data
    runtime.catch_up.async_reachable(is_so=runtime.coordinator.last_update_success)


async def async_quiesce(runtime: CeculaRuntimeData) -> None:
    """Look, send and hand on no more; return when nothing is under way.

    At once where nothing is: core calls it a second time, and may not be cancelled
    while it waits for that.
    """
    await asyncio.gather(
        create_eager_task(runtime.catch_up.async_stop()),
        create_eager_task(runtime.sender.async_close()),
        create_eager_task(runtime.webhook.async_detach()),
    )
    # What it told from here on would not be on disk, and be told again.
    runtime.delivery.async_stop()


async def async_despite_cancellation[T](
    hass: HomeAssistant, work: Coroutine[None, None, T]
) -> T:
    """Do some work to its end, though its caller is cancelled meanwhile.

    Core leaves a number whose unload is cancelled half unloaded, until it is started
    anew itself. A browser that is closed cancels, and a script in mode `restart`.
    """
    task = hass.async_create_task(work, f"{DOMAIN} unload")
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.shield(task)
    caller = asyncio.current_task()
    while caller is not None and caller.cancelling():
        caller.uncancel()
    return task.result()
