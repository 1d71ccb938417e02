"""The bus events in plain words, for the logbook; what a text says stays out of it.

Where an entry has an entity, its page shows the entity's name instead of the entry's.
So the name is what the entity is called at first, and the message tells the rest.
"""

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.event import DOMAIN as EVENT_DOMAIN
from homeassistant.components.logbook.const import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
)
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er

from .api.models import CallStatus, SmsStatus
from .const import (
    DOMAIN,
    EVENT_CALL_RECEIVED,
    EVENT_CALL_RECEIVED_LATE,
    EVENT_CALL_STATUS,
    EVENT_SMS_RECEIVED,
    EVENT_SMS_RECEIVED_LATE,
    EVENT_SMS_STATUS,
    EventKey,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from homeassistant.components.logbook.models import LazyEventPartialState
    from homeassistant.core import HomeAssistant

    type Data = Mapping[str, Any]
    type Words = tuple[str, str]

_TEXT_STATUSES: Final[dict[str, str]] = {
    SmsStatus.QUEUED: "queued",
    SmsStatus.SENT: "sent",
    SmsStatus.DELIVERED: "delivered",
    SmsStatus.FAILED: "not delivered",
    SmsStatus.EXPIRED: "not delivered in time",
}
_CALL_STATUSES: Final[dict[str, str]] = {
    CallStatus.ANSWERED: "answered",
    CallStatus.NOT_ANSWERED: "not answered",
}


def _who(data: Data, field: str, nobody: str) -> str:
    """Name the other side by contact and number, as far as these are known."""
    number, contact = data.get(field), data.get("contact")
    if number is None:
        return nobody
    return f"{contact} ({number})" if contact else str(number)


def _text_in(data: Data) -> Words:
    return "SMS", f"from {_who(data, 'sender', 'a withheld number')}"


def _text_in_late(data: Data) -> Words:
    return "Late arrivals", " ".join(_text_in(data))


def _call_in(data: Data) -> Words:
    ending = "answered" if data.get("answered") else "missed"
    return (
        "Incoming call",
        f"from {_who(data, 'caller', 'a withheld number')}: {ending}",
    )


def _call_in_late(data: Data) -> Words:
    return "Late arrivals", f"call {_call_in(data)[1]}"


def _text_out(data: Data) -> Words:
    """Say what became of a text; the provider's own words for it stay out."""
    ending = _TEXT_STATUSES.get(data.get("status", ""), "a status that is not known")
    return "Delivery", f"to {_who(data, 'recipient', 'an unknown number')}: {ending}"


def _call_out(data: Data) -> Words:
    ending = _CALL_STATUSES.get(data.get("status", ""), "a result that is not known")
    whom = _who(data, "recipient", "an unknown number")
    return "Outgoing call", f"to {whom}: {ending}"


# For each bus event, the key of the event entity that tells the same, and the words.
_DESCRIBED: Final[dict[str, tuple[EventKey, Callable[[Data], Words]]]] = {
    EVENT_SMS_RECEIVED: (EventKey.SMS, _text_in),
    EVENT_SMS_RECEIVED_LATE: (EventKey.LATE, _text_in_late),
    EVENT_CALL_RECEIVED: (EventKey.INCOMING_CALL, _call_in),
    EVENT_CALL_RECEIVED_LATE: (EventKey.LATE, _call_in_late),
    EVENT_SMS_STATUS: (EventKey.DELIVERY, _text_out),
    EVENT_CALL_STATUS: (EventKey.OUTGOING_CALL, _call_out),
}


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[
        [str, str, Callable[[LazyEventPartialState], dict[str, Any]]], None
    ],
) -> None:
    """Teach the logbook every event of ours."""
    entities = er.async_get(hass)
    for event_type, (key, words) in _DESCRIBED.items():
        async_describe_event(
            DOMAIN, event_type, partial(_describe, entities, key, words)
        )


def _describe(
    entities: er.EntityRegistry,
    key: EventKey,
    words: Callable[[Data], Words],
    event: LazyEventPartialState,
) -> dict[str, Any]:
    """Return the entry of one event, which may be years old and of a removed line."""
    name, message = words(event.data)
    return {
        LOGBOOK_ENTRY_NAME: name,
        LOGBOOK_ENTRY_MESSAGE: message,
        LOGBOOK_ENTRY_ENTITY_ID: entities.async_get_entity_id(
            EVENT_DOMAIN, DOMAIN, f"{event.data.get(ATTR_CONFIG_ENTRY_ID)}_{key}"
        ),
    }
