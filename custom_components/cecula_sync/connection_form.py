"""The form that asks for key and server, at set-up and when they change."""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import CONF_API_KEY, CONF_VERIFY_SSL
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio as vol

from .api.client import CLOUD_URL
from .const import CONF_BASE_URL

if TYPE_CHECKING:
    from collections.abc import Mapping

SECTION_SERVER: Final = "server"

PASSWORD = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)

_SERVER = section(
    vol.Schema(
        {
            vol.Required(CONF_BASE_URL, default=CLOUD_URL): TextSelector(
                TextSelectorConfig(type=TextSelectorType.URL)
            ),
            vol.Required(CONF_VERIFY_SSL, default=True): BooleanSelector(),
        }
    ),
    {"collapsed": True},
)

USER_SCHEMA = vol.Schema(
    {vol.Required(CONF_API_KEY): PASSWORD, vol.Required(SECTION_SERVER): _SERVER}
)
RECONFIGURE_SCHEMA = vol.Schema(
    {
        vol.Optional(CONF_API_KEY, default=""): PASSWORD,
        vol.Required(SECTION_SERVER): _SERVER,
    }
)


def read_connection(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form tells of key and server."""
    server = user_input[SECTION_SERVER]
    return {
        CONF_API_KEY: user_input[CONF_API_KEY].strip(),
        CONF_BASE_URL: server[CONF_BASE_URL].strip().rstrip("/"),
        CONF_VERIFY_SSL: server[CONF_VERIFY_SSL],
    }
