"""Base entities: of the dedicated number, and of a contact or group."""

from typing import TYPE_CHECKING, override

from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.dispatcher import (
    async_dispatcher_connect,
    async_dispatcher_send,
)
from homeassistant.helpers.entity import Entity, EntityDescription

from .const import CONF_NUMBER, DOMAIN, MANUFACTURER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from homeassistant.config_entries import ConfigSubentry
    from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .models import CeculaConfigEntry


def line_device_info(entry: CeculaConfigEntry) -> DeviceInfo:
    """Describe the service device of a dedicated number."""
    return DeviceInfo(
        identifiers={(DOMAIN, entry.entry_id)},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=MANUFACTURER,
        model="Cecula Sync",
        name=entry.title,
        serial_number=entry.data[CONF_NUMBER],
    )


def subentry_device_info(
    hass: HomeAssistant, entry: CeculaConfigEntry, subentry: ConfigSubentry
) -> DeviceInfo:
    """Describe the service device of a contact or a group."""
    return DeviceInfo(
        identifiers={(DOMAIN, f"{entry.entry_id}_{subentry.subentry_id}")},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=MANUFACTURER,
        name=subentry.title,
        serial_number=subentry.data.get(CONF_NUMBER),
        via_device_id=dr.async_get_device_id_by_identifier(
            hass, (DOMAIN, entry.entry_id), config_entry_id=entry.entry_id
        ),
    )


class LineEntity(Entity):
    """An entity of the dedicated number's device."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self, entry: CeculaConfigEntry, description: EntityDescription
    ) -> None:
        """Take the entry and what kind of entity it is."""
        self.entity_description = description
        self._entry = entry
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = line_device_info(entry)


class SubentryEntity(Entity):
    """An entity of a contact or a group.

    It takes the subentry as it is now; its id is what stays.
    """

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: CeculaConfigEntry, subentry_id: str) -> None:
        """Take the entry and whose entity it is."""
        self._entry = entry
        self._subentry_id = subentry_id
        self._attr_unique_id = f"{subentry_id}_{self.entity_description.key}"

    @property
    @override
    def device_info(self) -> DeviceInfo | None:
        """Describe the device of the contact or group."""
        subentry = self._entry.subentries.get(self._subentry_id)
        if subentry is None:
            return None
        return subentry_device_info(self.hass, self._entry, subentry)


def _contacts_signal(entry_id: str) -> str:
    return f"{DOMAIN}_{entry_id}_contacts"


@callback
def async_contacts_changed(hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
    """Apply names, contacts and groups in place, and let platforms add entities."""
    devices = dr.async_get(hass)
    devices.async_get_or_create(
        config_entry_id=entry.entry_id, **line_device_info(entry)
    )
    for subentry in entry.subentries.values():
        devices.async_get_or_create(
            config_entry_id=entry.entry_id,
            config_subentry_id=subentry.subentry_id,
            **subentry_device_info(hass, entry, subentry),
        )
    async_dispatcher_send(hass, _contacts_signal(entry.entry_id))


@callback
def async_listen_to_contacts(
    hass: HomeAssistant, entry: CeculaConfigEntry, listener: CALLBACK_TYPE
) -> CALLBACK_TYPE:
    """Call a listener when a name, a contact or a group changed; return how to stop."""
    return async_dispatcher_connect(hass, _contacts_signal(entry.entry_id), listener)


def _texted_signal(subentry_id: str) -> str:
    return f"{DOMAIN}_{subentry_id}_texted"


@callback
def async_texted(
    hass: HomeAssistant, subentry_ids: Iterable[str], context: Context
) -> None:
    """Tell contacts and groups that they were texted, by no entity of theirs."""
    for subentry_id in subentry_ids:
        async_dispatcher_send(hass, _texted_signal(subentry_id), context)


@callback
def async_listen_to_texted(
    hass: HomeAssistant, subentry_id: str, listener: Callable[[Context], None]
) -> CALLBACK_TYPE:
    """Call a listener when a contact or group was texted; return how to stop."""
    return async_dispatcher_connect(hass, _texted_signal(subentry_id), listener)


@callback
def async_add_for_subentries(
    hass: HomeAssistant,
    entry: CeculaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    subentry_type: str,
    factory: Callable[[CeculaConfigEntry, str], SubentryEntity],
) -> None:
    """Add an entity for each subentry of a type, now and whenever one is new."""
    added: set[str] = set()

    @callback
    def add_new() -> None:
        there = [
            subentry.subentry_id
            for subentry in entry.get_subentries_of_type(subentry_type)
        ]
        for subentry_id in there:
            if subentry_id not in added:
                async_add_entities(
                    [factory(entry, subentry_id)], config_subentry_id=subentry_id
                )
        added.clear()
        added.update(there)

    add_new()
    entry.async_on_unload(async_listen_to_contacts(hass, entry, add_new))
