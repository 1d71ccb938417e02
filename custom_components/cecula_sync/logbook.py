"""The bus events in the language of the house, for the logbook.

What a text says stays out of it. Where an entry has an entity, its page shows the
entity's name instead of the entry's. So the name is what the entity is called at first,
and the message tells the rest.
"""

from dataclasses import dataclass
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
from .words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from homeassistant.components.logbook.models import LazyEventPartialState
    from homeassistant.core import HomeAssistant

    type Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Told:
    """How an event is told."""

    entity: EventKey  # of the event entity that tells the same
    number: str  # which field has the number of the other side
    sentence: Callable[[Data], str]


def _text_in(_data: Data) -> str:
    return "sms_in"


def _call_in(data: Data) -> str:
    return "call_in_answered" if data.get("answered") else "call_in_missed"


def _late(data: Data, sentence: Callable[[Data], str]) -> str:
    return f"late_{sentence(data)}"


def _out(data: Data, kind: str, known: type[SmsStatus | CallStatus]) -> str:
    """Say what became of it; the provider's own words for it stay out."""
    status = data.get("status")
    return f"{kind}_{status if status in known else 'other'}"


_DESCRIBED: Final[dict[str, _Told]] = {
    EVENT_SMS_RECEIVED: _Told(EventKey.SMS, "sender", _text_in),
    EVENT_SMS_RECEIVED_LATE: _Told(
        EventKey.LATE, "sender", partial(_late, sentence=_text_in)
    ),
    EVENT_CALL_RECEIVED: _Told(EventKey.INCOMING_CALL, "caller", _call_in),
    EVENT_CALL_RECEIVED_LATE: _Told(
        EventKey.LATE, "caller", partial(_late, sentence=_call_in)
    ),
    EVENT_SMS_STATUS: _Told(
        EventKey.DELIVERY, "recipient", partial(_out, kind="sms_out", known=SmsStatus)
    ),
    EVENT_CALL_STATUS: _Told(
        EventKey.OUTGOING_CALL,
        "recipient",
        partial(_out, kind="call_out", known=CallStatus),
    ),
}


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[
        [str, str, Callable[[LazyEventPartialState], dict[str, Any]]], None
    ],
) -> None:
    """Teach the logbook every event of ours."""
    for event_type, told in _DESCRIBED.items():
        async_describe_event(DOMAIN, event_type, partial(_describe, hass, told))


def _describe(
    hass: HomeAssistant, told: _Told, event: LazyEventPartialState
) -> dict[str, Any]:
    """Return the entry of one event, which may be years old and of a removed line."""
    words = Words(hass)
    return {
        LOGBOOK_ENTRY_NAME: words.of("entity", f"event.{told.entity}.name"),
        LOGBOOK_ENTRY_MESSAGE: _message(words, told, event.data),
        LOGBOOK_ENTRY_ENTITY_ID: er.async_get(hass).async_get_entity_id(
            EVENT_DOMAIN,
            DOMAIN,
            f"{event.data.get(ATTR_CONFIG_ENTRY_ID)}_{told.entity}",
        ),
    }


def _message(words: Words, told: _Told, data: Data) -> str:
    """Tell an event, and name the other side as far as it is known."""
    key = f"logbook_{told.sentence(data)}"
    number, contact = data.get(told.number), data.get("contact")
    if number is None:
        return words.of("common", f"{key}_no_number")
    who = number
    if contact:
        who = words.of("common", "logbook_contact").format(
            contact=contact, number=number
        )
    return words.of("common", key).format(who=who)
