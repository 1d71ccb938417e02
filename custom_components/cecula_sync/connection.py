"""How a dedicated number is reached: key, server, and how that spells."""

from typing import TYPE_CHECKING, Final, Protocol

from homeassistant.const import (
    CONF_API_KEY,
    CONF_VERIFY_SSL,
    CONF_WEBHOOK_ID,
    EVENT_CORE_CONFIG_UPDATE,
)
from homeassistant.core import callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util

from .api.client import CLOUD_URL, CeculaSyncClient
from .api.models import Dialect
from .api.numbers import region_of
from .const import CONF_BASE_URL, CONF_NUMBER

if TYPE_CHECKING:
    from homeassistant.core import Event, HomeAssistant

    from .models import CeculaConfigEntry


_NEEDED: Final[dict[str, type]] = {
    CONF_API_KEY: str,
    CONF_BASE_URL: str,
    CONF_NUMBER: str,
    CONF_VERIFY_SSL: bool,
    CONF_WEBHOOK_ID: str,
}


def damaged_fields(entry: CeculaConfigEntry) -> list[str]:
    """Return what an entry needs and does not have, as after a damage of storage."""
    return [
        name
        for name, kind in _NEEDED.items()
        if not isinstance(entry.data.get(name), kind)
    ]


def connection_of(entry: CeculaConfigEntry) -> tuple[str, str, bool]:
    """Return key, server and certificate check: what a reload is needed for."""
    return (
        entry.data[CONF_API_KEY],
        entry.data[CONF_BASE_URL],
        entry.data[CONF_VERIFY_SSL],
    )


def client_of(hass: HomeAssistant, entry: CeculaConfigEntry) -> CeculaSyncClient:
    """Make the client of an entry."""
    api_key, base_url, verify_ssl = connection_of(entry)
    return CeculaSyncClient(
        async_get_clientsession(hass, verify_ssl),
        api_key,
        base_url=base_url,
        dialect=dialect_of(entry),
    )


def dialect_of(entry: CeculaConfigEntry) -> Dialect:
    """Return how the line spells; a server of the user's own keeps the user's time."""
    region = region_of(entry.data[CONF_NUMBER])
    if entry.data[CONF_BASE_URL] == CLOUD_URL:
        return Dialect(region=region)
    return Dialect(region=region, zone=dt_util.get_default_time_zone())


class Reader(Protocol):
    """What reads a line's spelling."""

    dialect: Dialect


@callback
def async_teach(
    hass: HomeAssistant, entry: CeculaConfigEntry, *readers: Reader
) -> None:
    """Tell readers how the line spells, and again when the user's time changes."""

    @callback
    def teach(_change: Event | None = None) -> None:
        for each in readers:
            each.dialect = dialect_of(entry)

    teach()
    entry.async_on_unload(hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, teach))
