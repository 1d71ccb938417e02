"""Event entities of a dedicated number. Never unavailable because a poll failed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import callback

from .api.models import CallStatus, SmsStatus
from .const import SUBENTRY_TYPE_CONTACT, EventKey, ReceivedType
from .entity import LineEntity, SubentryEntity, async_add_for_subentries
from .events import (
    CallReceived,
    CallStatusChanged,
    CeculaEvent,
    SmsReceived,
    SmsStatusChanged,
    async_subscribe,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import Context, HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .models import CeculaConfigEntry

PARALLEL_UPDATES = 0

_OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class CeculaEventDescription(EventEntityDescription):
    """Which event of the line an entity tells, and under which event type."""

    event_types: list[str]
    event_type_fn: Callable[[CeculaEvent], str | None]


def _sms_type(event: CeculaEvent) -> str | None:
    is_live = isinstance(event, SmsReceived) and not event.late
    return ReceivedType.SMS if is_live else None


def _call_type(event: CeculaEvent) -> str | None:
    if not isinstance(event, CallReceived) or event.late:
        return None
    return _ended(event)


def _ended(call: CallReceived) -> ReceivedType:
    return ReceivedType.ANSWERED_CALL if call.answered else ReceivedType.MISSED_CALL


def _late_type(event: CeculaEvent) -> str | None:
    match event:
        case SmsReceived(late=True):
            return ReceivedType.LATE_SMS
        case CallReceived(late=True):
            return _ended(event)
    return None


def _delivery_type(event: CeculaEvent) -> str | None:
    """Return the status; that a text waits in the queue is no news of delivery."""
    if not isinstance(event, SmsStatusChanged) or event.status == SmsStatus.QUEUED:
        return None
    return event.status


def _outgoing_call_type(event: CeculaEvent) -> str | None:
    return event.status if isinstance(event, CallStatusChanged) else None


EVENTS = (
    CeculaEventDescription(
        key=EventKey.SMS,
        translation_key=EventKey.SMS,
        event_types=[ReceivedType.SMS],
        event_type_fn=_sms_type,
    ),
    CeculaEventDescription(
        key=EventKey.INCOMING_CALL,
        translation_key=EventKey.INCOMING_CALL,
        event_types=[ReceivedType.MISSED_CALL, ReceivedType.ANSWERED_CALL],
        event_type_fn=_call_type,
    ),
    CeculaEventDescription(
        key=EventKey.LATE,
        translation_key=EventKey.LATE,
        event_types=[
            ReceivedType.LATE_SMS,
            ReceivedType.MISSED_CALL,
            ReceivedType.ANSWERED_CALL,
        ],
        event_type_fn=_late_type,
    ),
    CeculaEventDescription(
        key=EventKey.DELIVERY,
        translation_key=EventKey.DELIVERY,
        event_types=[
            SmsStatus.SENT,
            SmsStatus.DELIVERED,
            SmsStatus.FAILED,
            SmsStatus.EXPIRED,
            _OTHER,
        ],
        event_type_fn=_delivery_type,
    ),
    CeculaEventDescription(
        key=EventKey.OUTGOING_CALL,
        translation_key=EventKey.OUTGOING_CALL,
        event_types=[CallStatus.ANSWERED, CallStatus.NOT_ANSWERED, _OTHER],
        event_type_fn=_outgoing_call_type,
    ),
)

CONTACT_EVENT = EventEntityDescription(
    key="event",
    translation_key="contact",
    name=None,
    event_types=[
        ReceivedType.SMS,
        ReceivedType.MISSED_CALL,
        ReceivedType.ANSWERED_CALL,
    ],
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CeculaConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entities of a dedicated number and its contacts."""
    async_add_entities(LineEventEntity(entry, description) for description in EVENTS)
    async_add_for_subentries(
        hass, entry, async_add_entities, SUBENTRY_TYPE_CONTACT, ContactEventEntity
    )


class CeculaEventEntity(EventEntity):
    """Tells events; a text is an attribute and is not recorded with it."""

    _entry: CeculaConfigEntry
    _unrecorded_attributes = frozenset({"message"})

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the line's events."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_subscribe(self.hass, self._entry.entry_id, self._async_handle)
        )

    def _type_of(self, event: CeculaEvent) -> str | None:
        """Return under which type to tell an event; None is not to be told."""
        raise NotImplementedError

    @callback
    def _async_handle(self, event: CeculaEvent, context: Context | None) -> None:
        event_type = self._type_of(event)
        if event_type is None:
            return
        if event_type not in self.event_types:
            event_type = _OTHER
        if context is not None:
            self.async_set_context(context)
        self._trigger_event(event_type, event.as_data())
        self.async_write_ha_state()


class LineEventEntity(LineEntity, CeculaEventEntity):
    """Tells one kind of event of the dedicated number."""

    entity_description: CeculaEventDescription

    @override
    def _type_of(self, event: CeculaEvent) -> str | None:
        return self.entity_description.event_type_fn(event)


class ContactEventEntity(SubentryEntity, CeculaEventEntity):
    """Tells what comes in from a contact, live."""

    entity_description = CONTACT_EVENT

    @override
    def _type_of(self, event: CeculaEvent) -> str | None:
        if event.contact is None or event.contact.contact_id != self._subentry_id:
            return None
        return _sms_type(event) or _call_type(event)
