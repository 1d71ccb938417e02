"""Base entities: of the dedicated number, and of a contact."""

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
    from collections.abc import Callable

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .models import CeculaConfigEntry
    from .recipients import Contact


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


def contact_device_info(
    hass: HomeAssistant, entry: CeculaConfigEntry, contact: Contact
) -> DeviceInfo:
    """Describe the service device of a contact."""
    return DeviceInfo(
        identifiers={(DOMAIN, f"{entry.entry_id}_{contact.contact_id}")},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=MANUFACTURER,
        model=contact.number,
        name=contact.name,
        via_device_id=dr.async_get_device_id_by_identifier(
            hass, (DOMAIN, entry.entry_id), config_entry_id=entry.entry_id
        ),
    )


class LineEntity(Entity):
    """An entity of the dedicated number's device."""

    _attr_has_entity_name = True

    def __init__(
        self, entry: CeculaConfigEntry, description: EntityDescription
    ) -> None:
        """Take the entry and what kind of entity it is."""
        self.entity_description = description
        self._entry = entry
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = line_device_info(entry)


class ContactEntity(Entity):
    """An entity of a contact's device. `key` tells it from the contact's others."""

    _attr_has_entity_name = True
    key: str

    def __init__(self, entry: CeculaConfigEntry, contact: Contact) -> None:
        """Take the entry and the contact as it is now; its id is what stays."""
        self._entry = entry
        self._contact_id = contact.contact_id
        self._attr_unique_id = f"{contact.contact_id}_{self.key}"

    @property
    @override
    def device_info(self) -> DeviceInfo | None:
        """Describe the contact's device."""
        contact = self._entry.runtime_data.phone_book.contact(self._contact_id)
        if contact is None:
            return None
        return contact_device_info(self.hass, self._entry, contact)


def _contacts_signal(entry_id: str) -> str:
    return f"{DOMAIN}_{entry_id}_contacts"


@callback
def async_contacts_changed(hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
    """Apply names and contacts in place: rename devices, let platforms add entities."""
    devices = dr.async_get(hass)
    devices.async_get_or_create(
        config_entry_id=entry.entry_id, **line_device_info(entry)
    )
    for contact in entry.runtime_data.phone_book.contacts:
        devices.async_get_or_create(
            config_entry_id=entry.entry_id,
            config_subentry_id=contact.contact_id,
            **contact_device_info(hass, entry, contact),
        )
    async_dispatcher_send(hass, _contacts_signal(entry.entry_id))


@callback
def async_add_for_contacts(
    hass: HomeAssistant,
    entry: CeculaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    factory: Callable[[CeculaConfigEntry, Contact], ContactEntity],
) -> None:
    """Add an entity for each contact, now and whenever one is new."""
    added: set[str] = set()

    @callback
    def add_new() -> None:
        contacts = entry.runtime_data.phone_book.contacts
        for contact in contacts:
            if contact.contact_id not in added:
                async_add_entities(
                    [factory(entry, contact)], config_subentry_id=contact.contact_id
                )
        added.clear()
        added.update(contact.contact_id for contact in contacts)

    add_new()
    entry.async_on_unload(
        async_dispatcher_connect(hass, _contacts_signal(entry.entry_id), add_new)
    )
