"""Notes what is told on the bus, in a file that a SIGKILL can't take back.

The trials link this component into the Home Assistant that they try. It depends on
nothing, so that it listens before anything is told.
"""

import json
import os
import time
from typing import TYPE_CHECKING, Any

from homeassistant.const import (
    EVENT_HOMEASSISTANT_STARTED,
    EVENT_HOMEASSISTANT_STOP,
    EVENT_SERVICE_REGISTERED,
)
from homeassistant.core import callback
from homeassistant.helpers import config_validation as cv

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import Event, HomeAssistant, ServiceCall
    from homeassistant.helpers.typing import ConfigType

DOMAIN = "witness"
CONFIG_SCHEMA = cv.empty_config_schema(DOMAIN)

# Written out: what users' automations wait for, not what the integration's code says.
_HEARD = (
    "cecula_sync_sms_received",
    "cecula_sync_sms_received_late",
    "cecula_sync_call_received",
    "cecula_sync_call_received_late",
    "cecula_sync_sms_status",
    EVENT_HOMEASSISTANT_STARTED,
    EVENT_HOMEASSISTANT_STOP,
)
# The webhooks of all numbers are registered in the same moment as the actions are.
_SIGN = ("cecula_sync", "send_sms")


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Listen from now on."""
    # Each write goes to the kernel at once: what dies with the process is no buffer.
    file = os.open(
        hass.config.path("witness.jsonl"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600
    )

    def write(kind: str, data: Mapping[str, Any]) -> None:
        note = {"at": time.time(), "kind": kind, "data": data}
        os.write(file, f"{json.dumps(note, default=str)}\n".encode())

    @callback
    def hear(event: Event) -> None:
        write(str(event.event_type), event.data)

    @callback
    def hear_registered(event: Event) -> None:
        if (event.data["domain"], event.data["service"]) == _SIGN:
            hear(event)

    @callback
    def note(call: ServiceCall) -> None:
        write("automation", call.data)

    for kind in _HEARD:
        hass.bus.async_listen(kind, hear)
    hass.bus.async_listen(EVENT_SERVICE_REGISTERED, hear_registered)
    hass.services.async_register(DOMAIN, "note", note)
    return True
