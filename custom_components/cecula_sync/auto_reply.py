"""The action that sets what the provider answers by itself to texts and calls."""

from typing import TYPE_CHECKING, Final

from homeassistant.core import ServiceCall, callback
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .api.fields import clean
from .const import ATTR_MESSAGE, DOMAIN, Kind
from .targets import LINE_SCHEMA, entry_of
from .texts import fitting_size

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

ATTR_KIND: Final = "kind"

SERVICE_SET_AUTO_REPLY: Final = "set_auto_reply"

SET_AUTO_REPLY_SCHEMA = vol.Schema(
    {
        **LINE_SCHEMA,
        vol.Required(ATTR_KIND): vol.Coerce(Kind),
        vol.Optional(ATTR_MESSAGE, default=""): cv.string,
    }
)


@callback
def async_setup_auto_reply(hass: HomeAssistant) -> None:
    """Register the action; it outlives every entry."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_SET_AUTO_REPLY,
        _async_set_auto_reply,
        schema=SET_AUTO_REPLY_SCHEMA,
    )


async def _async_set_auto_reply(call: ServiceCall) -> None:
    """Set the reply; blanks only, as a template may give, are none."""
    text = clean(call.data[ATTR_MESSAGE])
    fitting_size(text)
    await entry_of(call, set()).runtime_data.coordinator.async_set_auto_reply(
        text if text.strip() else "", to_calls=call.data[ATTR_KIND] is Kind.CALL
    )
