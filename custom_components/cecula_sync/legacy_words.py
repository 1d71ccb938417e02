"""What the visual editor says of a legacy notify action, in the language of the house.

Core takes the words of other actions from the translations by their names; these
actions are named by the user.
"""

from typing import TYPE_CHECKING, Any

from homeassistant.components.notify.const import (
    ATTR_MESSAGE,
    ATTR_TARGET,
    ATTR_TITLE,
    DOMAIN as NOTIFY_DOMAIN,
)
from homeassistant.core import callback
from homeassistant.helpers.service import async_set_service_schema

from .words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant


@callback
def async_describe_action(
    hass: HomeAssistant, action: str, line: str, contact: str | None
) -> None:
    """Say whom an action texts: a contact or group, or without one, whom it is told."""
    kind = "line" if contact is None else "contact"
    words = Words(hass)
    async_set_service_schema(
        hass,
        NOTIFY_DOMAIN,
        action,
        {
            part: words.of("common", f"notify_{kind}_{part}").format(
                line=line, contact=contact
            )
            for part in ("name", "description")
        }
        | {"fields": _fields(words, needs_target=contact is None)},
    )


def _fields(words: Words, *, needs_target: bool) -> Mapping[str, Any]:
    fields: dict[str, Any] = {
        ATTR_MESSAGE: {
            **words.of_field("services", "send_sms.fields.message."),
            "required": True,
            "selector": {"text": {"multiline": True}},
        },
        ATTR_TITLE: {
            **words.of_field("common", "notify_title_"),
            "selector": {"text": {}},
        },
    }
    if needs_target:
        fields[ATTR_TARGET] = {
            **words.of_field("services", "send_sms.fields.recipients."),
            "required": True,
            "selector": {"text": {"type": "tel", "multiple": True}},
        }
    return fields
