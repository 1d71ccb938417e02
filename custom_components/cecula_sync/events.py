"""Typed events, and the only place that fires them: on the bus and to entities.

They have no repr: a log line that shows one would show numbers and texts.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import (
    async_dispatcher_connect,
    async_dispatcher_send,
)

from .const import (
    CONF_ALLOW_COMMANDS,
    DOMAIN,
    EVENT_CALL_RECEIVED,
    EVENT_CALL_RECEIVED_LATE,
    EVENT_CALL_STATUS,
    EVENT_SMS_RECEIVED,
    EVENT_SMS_RECEIVED_LATE,
    EVENT_SMS_STATUS,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant

    from .models import CeculaConfigEntry
    from .recipients import Contact


_NO_DATA = frozenset({"contact", "late"})


class Channel(StrEnum):
    """How an inbound item reached us."""

    WEBHOOK = "webhook"
    POLL = "poll"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Event:
    """What every event tells beside its own fields: whose number it is about."""

    name: ClassVar[str]
    contact: Contact | None

    @property
    def bus_event(self) -> str:
        """Return the type of the bus event."""
        return self.name

    def as_data(self) -> dict[str, Any]:
        """Return the fields as event data, times as aware ISO 8601."""
        data: dict[str, Any] = {}
        for field in fields(self):
            if field.name in _NO_DATA:
                continue
            value = getattr(self, field.name)
            data[field.name] = (
                value.isoformat() if isinstance(value, datetime) else value
            )
        return data | {
            "contact": self.contact.name if self.contact else None,
            "contact_id": self.contact.contact_id if self.contact else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Received(_Event):
    """What came in.

    A late one has a bus event of its own: it must not set off what is meant for live
    ones. The n-th equal one in a minute has `occurrence` n. Automations are told
    whether its sender may give commands; who is no contact may not.
    """

    late_name: ClassVar[str]
    late: bool
    receiver: str | None
    occurrence: int
    channel: Channel

    @property
    @override
    def bus_event(self) -> str:
        return self.late_name if self.late else self.name

    @override
    def as_data(self) -> dict[str, Any]:
        may = self.contact is not None and self.contact.allow_commands
        return super().as_data() | {CONF_ALLOW_COMMANDS: may}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SmsReceived(_Received):
    """A text came in."""

    name: ClassVar[str] = EVENT_SMS_RECEIVED
    late_name: ClassVar[str] = EVENT_SMS_RECEIVED_LATE
    sender: str | None
    message: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CallReceived(_Received):
    """A call came in; `duration` in seconds."""

    name: ClassVar[str] = EVENT_CALL_RECEIVED
    late_name: ClassVar[str] = EVENT_CALL_RECEIVED_LATE
    caller: str | None
    duration: int
    answered: bool
    called_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SmsStatusChanged(_Event):
    """A sent text got further."""

    name: ClassVar[str] = EVENT_SMS_STATUS
    tracking_id: str
    recipient: str | None
    status: str
    sent_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CallStatusChanged(_Event):
    """A placed call has a result; `duration` in seconds where it is known."""

    name: ClassVar[str] = EVENT_CALL_STATUS
    call_id: str
    recipient: str | None
    status: str
    duration: int | None
    called_at: datetime | None


type CeculaEvent = SmsReceived | CallReceived | SmsStatusChanged | CallStatusChanged


def _signal(entry_id: str) -> str:
    return f"{DOMAIN}_{entry_id}_event"


class Events:
    """Fires the events of one dedicated number."""

    def __init__(self, hass: HomeAssistant, entry: CeculaConfigEntry) -> None:
        """Take the entry whose id and device every event carries."""
        self._hass = hass
        self._entry_id = entry.entry_id

    @callback
    def async_fire(self, event: CeculaEvent, context: Context | None = None) -> None:
        """Fire on the bus and to the entities, under the cause's context."""
        device = dr.async_get(self._hass).async_get_device_by_identifier(
            (DOMAIN, self._entry_id), self._entry_id
        )
        data = event.as_data() | {
            ATTR_CONFIG_ENTRY_ID: self._entry_id,
            ATTR_DEVICE_ID: device.id if device else None,
        }
        self._hass.bus.async_fire(event.bus_event, data, context=context)
        async_dispatcher_send(self._hass, _signal(self._entry_id), event, context)


@callback
def async_subscribe(
    hass: HomeAssistant,
    entry_id: str,
    listener: Callable[[CeculaEvent, Context | None], None],
) -> CALLBACK_TYPE:
    """Hear the events of one dedicated number; return how to stop."""
    return async_dispatcher_connect(hass, _signal(entry_id), listener)
