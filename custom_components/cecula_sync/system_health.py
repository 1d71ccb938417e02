"""How all dedicated numbers are, on one page.

Labels are translated and values are not, so a value is a count or a time, or nothing.
"""

import asyncio
from typing import TYPE_CHECKING, Any, Final

from aiohttp import ClientError, ClientTimeout
from homeassistant.components import system_health
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_VERIFY_SSL
from homeassistant.core import callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .connection import damaged_fields
from .const import CONF_BASE_URL, CONF_INBOUND, DOMAIN, INBOUND_POLLING
from .webhook import DATA_WEBHOOKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from .models import CeculaConfigEntry, CeculaRuntimeData

_TIMEOUT: Final = ClientTimeout(total=5)

type Reachable = str | dict[str, str]


@callback
def async_register(
    _hass: HomeAssistant, register: system_health.SystemHealthRegistration
) -> None:
    """Register who tells how the integration is."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Tell of all numbers that are in use together."""
    entries: list[CeculaConfigEntry] = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    lines = [
        entry.runtime_data
        for entry in entries
        if entry.state is ConfigEntryState.LOADED
    ]
    posts = [
        moment
        for webhook in hass.data[DATA_WEBHOOKS].values()
        for moment in webhook.last_posts.values()
    ]
    polling = sum(
        entry.options.get(CONF_INBOUND) == INBOUND_POLLING for entry in entries
    )
    return {
        "numbers": len(entries),
        "numbers_loaded": len(lines),
        "numbers_by_webhook": len(entries) - polling,
        "numbers_by_polling": polling,
        "can_reach_server": _async_can_reach_all(hass, entries),
        "last_post": max(posts, default=None),
        "last_look": _oldest_look(lines),
        "failed_looks": max((line.catch_up.failures for line in lines), default=0),
        "pending_deliveries": sum(len(line.tracked.open_keys()) for line in lines),
    }


async def _async_can_reach_all(
    hass: HomeAssistant, entries: Sequence[CeculaConfigEntry]
) -> Reachable:
    """Ask each server once; tell of the first that can't be reached."""
    servers = dict.fromkeys(
        (entry.data[CONF_BASE_URL], entry.data[CONF_VERIFY_SSL])
        for entry in entries
        if not damaged_fields(entry)
    )
    ends = await asyncio.gather(
        *(_async_can_reach(hass, url, verify_ssl=each) for url, each in servers)
    )
    return next((end for end in ends if end != "ok"), "ok")


async def _async_can_reach(
    hass: HomeAssistant, url: str, *, verify_ssl: bool
) -> Reachable:
    """Ask a server, without a key; core's way checks every certificate."""
    if verify_ssl:
        return await system_health.async_check_can_reach_url(hass, url)
    session = async_get_clientsession(hass, verify_ssl=False)
    try:
        async with session.get(url, timeout=_TIMEOUT):
            return "ok"
    except ClientError, TimeoutError:
        return {"type": "failed", "error": "unreachable"}


def _oldest_look(lines: Iterable[CeculaRuntimeData]) -> datetime | None:
    """Return the last good look of the number for which that is longest ago."""
    looks = [
        min(line.catch_up.last_good_looks.values(), default=None) for line in lines
    ]
    if None in looks:
        return None
    return min(filter(None, looks), default=None)
