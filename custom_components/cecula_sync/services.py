"""Actions of the integration."""

from typing import TYPE_CHECKING, Final

from homeassistant.components.notify.const import DOMAIN as NOTIFY_DOMAIN
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import ServiceCall, SupportsResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    config_validation as cv,
    entity_registry as er,
    service,
)
import probatio as vol

from .api.exceptions import CeculaError
from .api.numbers import split_recipients
from .const import DOMAIN
from .errors import as_home_assistant_error
from .outcome import (
    as_response,
    raise_unless_accepted,
    raise_unless_all_accepted,
    require_recipients,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from homeassistant.core import HomeAssistant, ServiceResponse

    from .models import CeculaConfigEntry
    from .recipients import Recipient, Rejection

ATTR_CONTACT: Final = "contact"
ATTR_CONTACTS: Final = "contacts"
ATTR_MESSAGE: Final = "message"
ATTR_RECIPIENT: Final = "recipient"
ATTR_RECIPIENTS: Final = "recipients"
ATTR_TIMEOUT: Final = "timeout"
ATTR_WAIT_FOR_RESULT: Final = "wait_for_result"

SERVICE_MAKE_CALL: Final = "make_call"
SERVICE_SEND_SMS: Final = "send_sms"

SEND_SMS_SCHEMA = vol.Schema(
    {
        vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Optional(ATTR_RECIPIENTS, default=list): split_recipients,
        vol.Optional(ATTR_CONTACTS, default=list): cv.entity_ids,
        vol.Required(ATTR_MESSAGE): cv.string,
    }
)

# A network lets a phone ring for about half a minute.
MAKE_CALL_SCHEMA = vol.All(
    vol.Schema(
        {
            vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
            vol.Exclusive(ATTR_RECIPIENT, "who"): object,
            vol.Exclusive(ATTR_CONTACT, "who"): cv.entity_id,
            vol.Optional(ATTR_WAIT_FOR_RESULT, default=False): cv.boolean,
            vol.Optional(
                ATTR_TIMEOUT, default={"seconds": 60}
            ): cv.positive_time_period,
        }
    ),
    cv.has_at_least_one_key(ATTR_RECIPIENT, ATTR_CONTACT),
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions; they outlive every entry."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_SEND_SMS,
        _async_send_sms,
        schema=SEND_SMS_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_MAKE_CALL,
        _async_make_call,
        schema=MAKE_CALL_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_send_sms(call: ServiceCall) -> ServiceResponse:
    """Send one text to numbers and contacts, each reached once."""
    entry, recipients, rejected = _resolve(
        call, call.data[ATTR_RECIPIENTS], call.data[ATTR_CONTACTS]
    )
    require_recipients(recipients, rejected)
    result = await entry.runtime_data.sender.async_send_sms(
        call.data[ATTR_MESSAGE], recipients, call.context
    )
    if not call.return_response:
        raise_unless_all_accepted(result, rejected)
        return None
    raise_unless_accepted(result, rejected)
    return as_response(result, rejected)


async def _async_make_call(call: ServiceCall) -> ServiceResponse:
    """Ring one phone, and wait for the result if asked to."""
    typed = split_recipients(call.data.get(ATTR_RECIPIENT, []))
    contacts = [call.data[ATTR_CONTACT]] if ATTR_CONTACT in call.data else []
    entry, recipients, rejected = _resolve(call, typed, contacts)
    if len(recipients) + len(rejected) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="one_call_at_a_time"
        )
    require_recipients(recipients, rejected)
    recipient = recipients[0]
    runtime = entry.runtime_data
    try:
        call_id = await runtime.sender.async_place_call(recipient, call.context)
    except CeculaError as err:
        raise as_home_assistant_error(err) from err
    status = "unknown"
    if call.data[ATTR_WAIT_FOR_RESULT]:
        status = await runtime.delivery.async_wait_for_call(
            call_id, call.data[ATTR_TIMEOUT].total_seconds()
        )
    return {
        "call_id": call_id,
        "recipient": recipient.number,
        "contact": recipient.contact.name if recipient.contact else None,
        "status": status,
    }


def _resolve(
    call: ServiceCall, typed: Iterable[object], contacts: list[str]
) -> tuple[CeculaConfigEntry, list[Recipient], list[Rejection]]:
    """Return whose SIM is meant, who is to be reached, and what is no recipient."""
    picked = [_contact_ids(call.hass, entity_id) for entity_id in contacts]
    entry = _entry_of(call, {entry_id for entry_id, _ in picked})
    phone_book = entry.runtime_data.phone_book
    recipients, rejected = phone_book.read(typed)
    for _, contact_id in picked:
        recipient = phone_book.recipient_of(contact_id)
        if recipient not in recipients:
            recipients.append(recipient)
    return entry, recipients, rejected


def _contact_ids(hass: HomeAssistant, entity_id: str) -> tuple[str, str]:
    """Return the entry id and contact id of one of our notify entities."""
    entity = er.async_get(hass).async_get(entity_id)
    if (
        entity is None
        or entity.platform != DOMAIN
        or entity.domain != NOTIFY_DOMAIN
        or entity.config_entry_id is None
        or entity.config_subentry_id is None
    ):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_a_contact",
            translation_placeholders={"entity": entity_id},
        )
    return entity.config_entry_id, entity.config_subentry_id


def _entry_of(call: ServiceCall, of_contacts: set[str]) -> CeculaConfigEntry:
    """Return the entry that is named, that the contacts have, or the only one."""
    named = call.data.get(ATTR_CONFIG_ENTRY_ID)
    candidates = of_contacts | ({named} if named else set())
    if len(candidates) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="several_lines_mixed"
        )
    if not candidates:
        candidates = {
            entry.entry_id
            for entry in call.hass.config_entries.async_entries(
                DOMAIN, include_ignore=False, include_disabled=False
            )
        }
    if len(candidates) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="which_line"
        )
    entry: CeculaConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, next(iter(candidates), None)
    )
    return entry
