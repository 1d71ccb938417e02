"""Notify entities, one for each contact."""

from typing import TYPE_CHECKING, override

from homeassistant.components.notify import NotifyEntity
from homeassistant.components.notify.const import NotifyEntityFeature
from homeassistant.core import Context

from .entity import ContactEntity, async_add_for_contacts
from .outcome import raise_unless_all_accepted
from .sender import with_title

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .models import CeculaConfigEntry

# Each message is a request of its own; the SIM sends them one after another anyway.
PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CeculaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a notify entity for each contact, now and as they come."""
    async_add_for_contacts(hass, entry, async_add_entities, ContactNotifyEntity)


class ContactNotifyEntity(ContactEntity, NotifyEntity):
    """Sends a text to a contact."""

    _attr_name = None
    _attr_translation_key = "contact"
    _attr_supported_features = NotifyEntityFeature.TITLE
    key = "notify"

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Send a text; raise a translated error if it was not accepted."""
        runtime = self._entry.runtime_data
        result = await runtime.sender.async_send_sms(
            with_title(message, title),
            [runtime.phone_book.recipient_of(self._contact_id)],
            self._context or Context(),
        )
        raise_unless_all_accepted(result, ())
