"""Actions that only ask: the conversation, and what became of one message."""

from itertools import islice
from typing import TYPE_CHECKING, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import ServiceCall, SupportsResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import probatio as vol

from .api.exceptions import (
    CeculaError,
    CeculaNotFoundError,
    CeculaRejectedError,
    SyncError,
)
from .const import ATTR_CONTACT, DOMAIN, Kind
from .errors import as_error_of_question
from .history import Direction
from .targets import LINE_SCHEMA, contact_ids, entry_of, require_at_most_one

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from homeassistant.core import HomeAssistant, ServiceResponse
    from homeassistant.util.json import JsonObjectType

    from .events import CallStatusChanged, SmsStatusChanged
    from .history import Message
    from .models import CeculaConfigEntry

ATTR_CALL_ID: Final = "call_id"
ATTR_DIRECTION: Final = "direction"
ATTR_LIMIT: Final = "limit"
ATTR_NUMBER: Final = "number"
ATTR_SINCE: Final = "since"
ATTR_TRACKING_ID: Final = "tracking_id"

SERVICE_GET_CALL_STATUS: Final = "get_call_status"
SERVICE_GET_MESSAGES: Final = "get_messages"
SERVICE_GET_SMS_STATUS: Final = "get_sms_status"

_MOST_MESSAGES: Final = 1000

# An id is text, though it may be written as a number.
_ID: Final = vol.All(vol.Any(str, int), vol.Coerce(str), vol.Length(min=1, max=200))

GET_MESSAGES_SCHEMA = vol.Schema(
    {
        **LINE_SCHEMA,
        vol.Optional(ATTR_NUMBER): object,
        vol.Optional(ATTR_CONTACT): object,
        vol.Optional(ATTR_DIRECTION): vol.Coerce(Direction),
        vol.Optional(ATTR_SINCE): cv.datetime,
        vol.Optional(ATTR_LIMIT, default=20): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=_MOST_MESSAGES)
        ),
    }
)
GET_SMS_STATUS_SCHEMA = vol.Schema({**LINE_SCHEMA, vol.Required(ATTR_TRACKING_ID): _ID})
GET_CALL_STATUS_SCHEMA = vol.Schema({**LINE_SCHEMA, vol.Required(ATTR_CALL_ID): _ID})


@callback
def async_setup_queries(hass: HomeAssistant) -> None:
    """Register the actions; they outlive every entry."""
    for name, handler, schema in (
        (SERVICE_GET_MESSAGES, _async_get_messages, GET_MESSAGES_SCHEMA),
        (SERVICE_GET_SMS_STATUS, _async_get_sms_status, GET_SMS_STATUS_SCHEMA),
        (SERVICE_GET_CALL_STATUS, _async_get_call_status, GET_CALL_STATUS_SCHEMA),
    ):
        hass.services.async_register(
            DOMAIN,
            name,
            handler,
            schema=schema,
            supports_response=SupportsResponse.ONLY,
        )


async def _async_get_messages(call: ServiceCall) -> ServiceResponse:
    """Return the recent conversation, newest first."""
    entry, is_theirs = _whose(call)
    direction, since = call.data.get(ATTR_DIRECTION), call.data.get(ATTR_SINCE)
    messages = entry.runtime_data.history.newest_first(
        dt_util.as_utc(since) if since else None
    )
    wanted = (
        message
        for message in messages
        if direction in (None, message.direction) and is_theirs(message)
    )
    phone_book = entry.runtime_data.phone_book
    return {
        "messages": [
            message.as_data(phone_book)
            for message in islice(wanted, call.data[ATTR_LIMIT])
        ]
    }


def _whose(call: ServiceCall) -> tuple[CeculaConfigEntry, Callable[[Message], bool]]:
    """Return whose SIM is meant, and which messages by who is on the other side.

    A contact has those of before its number changed too, a group those of all its
    contacts. A sender that is no number, but a name or a short code, is looked for as
    it is.
    """
    require_at_most_one(call, ATTR_NUMBER, ATTR_CONTACT)
    if ATTR_CONTACT in call.data:
        entry_id, subentry_id = contact_ids(call.hass, call.data[ATTR_CONTACT])
        entry = entry_of(call, {entry_id})
        recipients = entry.runtime_data.phone_book.recipients_of(subentry_id)
        numbers = {each.number for each in recipients}
        ids = {each.contact.contact_id for each in recipients if each.contact}
        return (
            entry,
            lambda message: message.contact_id in ids or message.number in numbers,
        )
    entry = entry_of(call, set())
    if ATTR_NUMBER not in call.data:
        return entry, lambda _message: True
    typed = call.data[ATTR_NUMBER]
    recipients, _ = entry.runtime_data.phone_book.read([typed])
    number = recipients[0].number if recipients else str(typed).strip()
    return entry, lambda message: message.number == number


async def _async_get_sms_status(call: ServiceCall) -> ServiceResponse:
    """Ask the provider about an SMS, whoever sent it."""
    tracking_id = call.data[ATTR_TRACKING_ID]
    delivery = _entry_of_id(call, Kind.SMS, tracking_id).runtime_data.delivery
    event = await _async_asked(delivery.async_sms_status(tracking_id))
    return _as_response(
        event, "tracking_id", "recipient", "contact", "status", "sent_at", "done_at"
    )


async def _async_get_call_status(call: ServiceCall) -> ServiceResponse:
    """Ask the provider about a call, whoever placed it."""
    call_id = call.data[ATTR_CALL_ID]
    delivery = _entry_of_id(call, Kind.CALL, call_id).runtime_data.delivery
    event = await _async_asked(delivery.async_call_status(call_id))
    return _as_response(
        event, "call_id", "recipient", "contact", "status", "duration", "called_at"
    )


def _entry_of_id(call: ServiceCall, kind: Kind, each: str) -> CeculaConfigEntry:
    """Return the entry that is named, that won the id, or the only one."""
    entries: list[CeculaConfigEntry] = call.hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    winners = {
        entry.entry_id
        for entry in entries
        if entry.runtime_data.delivery.knows(kind, each)
    }
    is_named = ATTR_CONFIG_ENTRY_ID in call.data
    return entry_of(call, set() if is_named or len(winners) > 1 else winners)


async def _async_asked[T](question: Awaitable[T]) -> T:
    """Return the provider's answer; raise a translated error if there is none."""
    try:
        return await question
    except CeculaError as err:
        # What answers to an unknown id is not documented: both are likely.
        if isinstance(err, CeculaNotFoundError) or _is_invalid_field(err):
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="unknown_id"
            ) from err
        raise as_error_of_question(err) from err


def _is_invalid_field(err: CeculaError) -> bool:
    return isinstance(err, CeculaRejectedError) and err.code == SyncError.FIELD_INVALID


def _as_response(
    event: SmsStatusChanged | CallStatusChanged, *names: str
) -> JsonObjectType:
    data = event.as_data()
    return {name: data[name] for name in names}
