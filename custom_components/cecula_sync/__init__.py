"""Cecula Sync: a phone number as part of a house. This file only wires the rooms."""

from typing import TYPE_CHECKING

from homeassistant.const import CONF_API_KEY, CONF_VERIFY_SSL, CONF_WEBHOOK_ID, Platform
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util

from .api.client import CLOUD_URL, CeculaSyncClient
from .api.models import Dialect
from .api.numbers import region_of
from .const import CONF_BASE_URL, CONF_NUMBER, DOMAIN
from .coordinator import AccountCoordinator
from .delivery import DeliveryTracker
from .entity import async_contacts_changed, line_device_info
from .events import Events
from .inbox import Inbox
from .legacy_notify import LegacyNotify
from .models import CeculaRuntimeData
from .recipients import PhoneBook
from .sender import Sender
from .services import async_setup_services
from .webhook import WebhookManager, async_forget_cloudhook

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.typing import ConfigType

    from .models import CeculaConfigEntry

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = [Platform.EVENT, Platform.NOTIFY, Platform.SENSOR]


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Register the actions."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: CeculaConfigEntry) -> bool:
    """Set up one dedicated number."""
    client = _client(hass, entry)
    coordinator = AccountCoordinator(hass, entry, client)
    await coordinator.async_config_entry_first_refresh()

    events = Events(hass, entry)
    phone_book = PhoneBook(hass, entry)
    delivery = DeliveryTracker(client, phone_book, events)
    legacy_notify = LegacyNotify(hass, entry)
    entry.runtime_data = CeculaRuntimeData(
        coordinator=coordinator,
        phone_book=phone_book,
        delivery=delivery,
        sender=Sender(hass, entry, client, coordinator, delivery),
        legacy_notify=legacy_notify,
        connection=_connection(entry),
    )
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, **line_device_info(entry)
    )
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(legacy_notify.async_remove_all)
    entry.async_on_unload(delivery.async_stop)
    legacy_notify.async_sync()
    WebhookManager(
        hass, entry, client.dialect, Inbox(phone_book, events), delivery
    ).async_register()
    entry.async_on_unload(entry.add_update_listener(_async_apply))
    # A contact may have come while the platforms were set up.
    async_contacts_changed(hass, entry)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: CeculaConfigEntry) -> bool:
    """Unload one dedicated number; all else is undone by `async_on_unload`."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
    """Leave nothing behind."""
    await async_forget_cloudhook(hass, entry.data[CONF_WEBHOOK_ID])


async def _async_apply(hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
    """Apply a change in place; only another key or server needs a reload."""
    runtime = entry.runtime_data
    if runtime.connection != _connection(entry):
        await hass.config_entries.async_reload(entry.entry_id)
        return
    async_contacts_changed(hass, entry)
    runtime.legacy_notify.async_sync()


def _connection(entry: CeculaConfigEntry) -> tuple[str, str, bool]:
    return (
        entry.data[CONF_API_KEY],
        entry.data[CONF_BASE_URL],
        entry.data[CONF_VERIFY_SSL],
    )


def _client(hass: HomeAssistant, entry: CeculaConfigEntry) -> CeculaSyncClient:
    """Make the client; a server of the user's own keeps the user's time."""
    api_key, base_url, verify_ssl = _connection(entry)
    region = region_of(entry.data[CONF_NUMBER])
    dialect = Dialect(region=region)
    if base_url != CLOUD_URL:
        dialect = Dialect(region=region, zone=dt_util.get_default_time_zone())
    return CeculaSyncClient(
        async_get_clientsession(hass, verify_ssl),
        api_key,
        base_url=base_url,
        dialect=dialect,
    )
