"""Notify entities, one for each contact and each group."""

from typing import TYPE_CHECKING, override

from homeassistant.components.notify import NotifyEntity, NotifyEntityDescription
from homeassistant.components.notify.const import NotifyEntityFeature
from homeassistant.core import Context, callback

from .const import SUBENTRY_TYPE_CONTACT, SUBENTRY_TYPE_GROUP
from .entity import SubentryEntity, async_add_for_subentries, async_listen_to_texted
from .outcome import raise_unless_all_accepted
from .sender import with_title

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .models import CeculaConfigEntry

# Each message is a request of its own, and a slow one must not hold up an alarm.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CeculaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a notify entity for each contact and group, now and as they come."""
    for subentry_type, entity in (
        (SUBENTRY_TYPE_CONTACT, ContactNotifyEntity),
        (SUBENTRY_TYPE_GROUP, GroupNotifyEntity),
    ):
        async_add_for_subentries(hass, entry, async_add_entities, subentry_type, entity)


class CeculaNotifyEntity(SubentryEntity, NotifyEntity):
    """Sends a text, in one request, to whoever stands behind a subentry."""

    _attr_supported_features = NotifyEntityFeature.TITLE

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to what other actions send."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_listen_to_texted(self.hass, self._subentry_id, self._async_texted)
        )

    @callback
    def _async_texted(self, context: Context) -> None:
        """Move the state, which is when a text was last sent."""
        self.async_set_context(context)
        self._async_record_notification()

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Send a text; raise a translated error unless all of it was accepted."""
        runtime = self._entry.runtime_data
        result = await runtime.sender.async_send_sms(
            with_title(message, title),
            runtime.phone_book.recipients_of(self._subentry_id),
            self._context or Context(),
        )
        raise_unless_all_accepted(result, ())


class ContactNotifyEntity(CeculaNotifyEntity):
    """Texts a contact."""

    entity_description = NotifyEntityDescription(
        key="notify", translation_key="contact", name=None
    )


class GroupNotifyEntity(CeculaNotifyEntity):
    """Texts all contacts of a group."""

    entity_description = NotifyEntityDescription(
        key="notify", translation_key="group", name=None
    )
