"""Actions of the integration."""

from typing import TYPE_CHECKING, Final

from homeassistant.core import ServiceCall, SupportsResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .api.exceptions import CeculaError
from .api.numbers import split_recipients
from .ask import async_setup_ask
from .auto_reply import async_setup_auto_reply
from .const import (
    ATTR_CONTACT,
    ATTR_CONTACTS,
    ATTR_IGNORE_LIMIT,
    ATTR_MESSAGE,
    ATTR_RECIPIENTS,
    ATTR_TIMEOUT,
    DOMAIN,
    Kind,
)
from .endings import Fate
from .entity import async_texted
from .errors import as_home_assistant_error
from .outcome import (
    as_response,
    raise_unless_accepted,
    raise_unless_all_accepted,
    raise_unless_all_delivered,
)
from .queries import async_setup_queries
from .targets import LINE_SCHEMA, require_at_most_one, resolve, split_contacts

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant, ServiceResponse

ATTR_RECIPIENT: Final = "recipient"
ATTR_WAIT_FOR_DELIVERY: Final = "wait_for_delivery"
ATTR_WAIT_FOR_RESULT: Final = "wait_for_result"

SERVICE_MAKE_CALL: Final = "make_call"
SERVICE_SEND_SMS: Final = "send_sms"

SEND_SMS_SCHEMA = vol.Schema(
    {
        **LINE_SCHEMA,
        vol.Optional(ATTR_RECIPIENTS, default=list): split_recipients,
        vol.Optional(ATTR_CONTACTS, default=list): split_contacts,
        vol.Required(ATTR_MESSAGE): cv.string,
        vol.Optional(ATTR_WAIT_FOR_DELIVERY, default=False): cv.boolean,
        vol.Optional(ATTR_TIMEOUT, default={"minutes": 2}): cv.positive_time_period,
        vol.Optional(ATTR_IGNORE_LIMIT, default=False): cv.boolean,
    }
)

# A network lets a phone ring for about half a minute.
MAKE_CALL_SCHEMA = vol.Schema(
    {
        **LINE_SCHEMA,
        vol.Optional(ATTR_RECIPIENT): object,
        vol.Optional(ATTR_CONTACT): object,
        vol.Optional(ATTR_WAIT_FOR_RESULT, default=False): cv.boolean,
        vol.Optional(ATTR_TIMEOUT, default={"seconds": 60}): cv.positive_time_period,
        vol.Optional(ATTR_IGNORE_LIMIT, default=False): cv.boolean,
    }
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
    async_setup_ask(hass)
    async_setup_auto_reply(hass)
    async_setup_queries(hass)


async def _async_send_sms(call: ServiceCall) -> ServiceResponse:
    """Send one text to numbers and contacts, each reached once.

    Without a response, an error is all that can tell what did not arrive.
    """
    target = resolve(call, call.data[ATTR_RECIPIENTS], call.data[ATTR_CONTACTS])
    rejected, runtime = target.rejected, target.entry.runtime_data
    result = await runtime.sender.async_send_sms(
        call.data[ATTR_MESSAGE],
        target.recipients,
        call.context,
        ignore_limit=call.data[ATTR_IGNORE_LIMIT],
    )
    raise_unless_accepted(result, rejected)
    if result.error is None:
        async_texted(call.hass, target.picked, call.context)
    statuses: dict[str, str] = {}
    if call.data[ATTR_WAIT_FOR_DELIVERY]:
        statuses = await runtime.delivery.async_wait(
            Kind.SMS, result.tracking_ids, call.data[ATTR_TIMEOUT].total_seconds()
        )
    if call.return_response:
        return as_response(result, rejected, statuses)
    raise_unless_all_accepted(result, rejected)
    if call.data[ATTR_WAIT_FOR_DELIVERY]:
        raise_unless_all_delivered(result, statuses)
    return None


async def _async_make_call(call: ServiceCall) -> ServiceResponse:
    """Ring one phone, and wait for the result if asked to."""
    require_at_most_one(call, ATTR_RECIPIENT, ATTR_CONTACT)
    typed = split_recipients(call.data.get(ATTR_RECIPIENT))
    contacts = [call.data[ATTR_CONTACT]] if ATTR_CONTACT in call.data else []
    target = resolve(call, typed, contacts)
    if len(target.recipients) + len(target.rejected) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="one_call_at_a_time"
        )
    recipient = target.recipients[0]
    runtime = target.entry.runtime_data
    try:
        call_id = await runtime.sender.async_place_call(
            recipient, call.context, ignore_limit=call.data[ATTR_IGNORE_LIMIT]
        )
    except CeculaError as err:
        raise as_home_assistant_error(err) from err
    status: str = Fate.UNKNOWN
    if call.data[ATTR_WAIT_FOR_RESULT]:
        statuses = await runtime.delivery.async_wait(
            Kind.CALL, [call_id], call.data[ATTR_TIMEOUT].total_seconds()
        )
        status = statuses[call_id]
    return {
        "call_id": call_id,
        "recipient": recipient.number,
        "contact": recipient.contact.name if recipient.contact else None,
        "status": status,
    }
